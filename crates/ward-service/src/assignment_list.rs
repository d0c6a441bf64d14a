//! The oximeters that a bridge may connect to, without a word of whose they are.

use sha2::{Digest, Sha256};
use uuid::Uuid;
use ward_core::care::WINDOW_SECONDS;
use ward_core::device::Assignment;
use ward_store::{Bridge, EnrolledDevice};

use crate::error::Unavailable;
use crate::wards::Wards;

/// Slots are made from this and the assignment.
const SLOTS: Uuid = Uuid::from_u128(0x8f2d_3a54_6c1b_4e0a_9d77_5b1e_c0f4_a261);

/// The list of a bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentList {
    /// Another one whenever anything in the list is another.
    pub version: String,
    /// In the order of their addresses.
    pub devices: Vec<AssignedDevice>,
}

/// An oximeter of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignedDevice {
    /// Bluetooth address.
    pub address: String,
    /// Stands for whoever wears it, as long as they do; it tells nothing of them.
    pub slot: Uuid,
    /// At or under this whole percent for 15 s, a reading is sent at once.
    pub low_limit_percent: u16,
    /// Worn all the time, or used now and then.
    pub is_continuous: bool,
    /// A stream is summed up over so many seconds.
    pub window_seconds: u16,
}

impl Wards {
    /// The oximeters that a bridge may connect to.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn devices_of(&self, bridge: &Bridge) -> Result<AssignmentList, Unavailable> {
        let devices = self.store.devices_of_bridge(bridge.id).await?;
        let devices: Vec<AssignedDevice> = devices.into_iter().map(assigned).collect();
        Ok(AssignmentList {
            version: version_of(&devices),
            devices,
        })
    }
}

fn assigned(device: EnrolledDevice) -> AssignedDevice {
    AssignedDevice {
        slot: slot_of(&device.assignment),
        low_limit_percent: device.plan.red_at_or_below,
        is_continuous: device.care.is_continuous(),
        window_seconds: WINDOW_SECONDS,
        address: device.address,
    }
}

/// The same whenever it is asked, another for another wearer, and for the same one if they get it anew.
fn slot_of(assignment: &Assignment) -> Uuid {
    let mut text = Vec::with_capacity(40);
    text.extend(assignment.device.0.as_bytes());
    text.extend(assignment.stay.0.as_bytes());
    text.extend(assignment.from.as_millis().to_be_bytes());
    Uuid::new_v5(&SLOTS, &text)
}

/// 16 hexadecimal digits.
fn version_of(devices: &[AssignedDevice]) -> String {
    let mut hash = Sha256::new();
    for device in devices {
        // Each part ends where the next begins: an address has no line break, the others are of one length.
        hash.update(device.address.as_bytes());
        hash.update(b"\n");
        hash.update(device.slot.as_bytes());
        hash.update(device.low_limit_percent.to_be_bytes());
        hash.update([u8::from(device.is_continuous)]);
        hash.update(device.window_seconds.to_be_bytes());
    }
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_core::id::{BridgeId, DeviceId, StayId};
    use ward_core::time::Timestamp;

    fn assignment() -> Assignment {
        Assignment {
            device: DeviceId(Uuid::from_u128(1)),
            stay: StayId(Uuid::from_u128(2)),
            bridge: BridgeId(Uuid::from_u128(3)),
            from: Timestamp::from_millis(4),
            until: None,
        }
    }

    #[test]
    fn a_slot_is_the_assignments_whatever_bridge_reads_it() {
        let slot = slot_of(&assignment());
        let elsewhere = Assignment {
            bridge: BridgeId(Uuid::from_u128(9)),
            ..assignment()
        };
        assert_eq!(slot_of(&elsewhere), slot);
        for other in [
            Assignment {
                device: DeviceId(Uuid::from_u128(9)),
                ..assignment()
            },
            Assignment {
                stay: StayId(Uuid::from_u128(9)),
                ..assignment()
            },
            Assignment {
                from: Timestamp::from_millis(9),
                ..assignment()
            },
        ] {
            assert_ne!(slot_of(&other), slot, "{other:?}");
        }
        assert_ne!(slot, assignment().stay.0);
    }

    #[test]
    fn a_list_has_another_version_when_anything_in_it_is_another() {
        let device = AssignedDevice {
            address: "00:1C:05:FF:4E:5D".to_owned(),
            slot: slot_of(&assignment()),
            low_limit_percent: 92,
            is_continuous: false,
            window_seconds: 60,
        };
        let lists = [
            vec![],
            vec![device.clone()],
            vec![device.clone(), device.clone()],
            vec![AssignedDevice {
                address: "00:1C:05:FF:4E:5E".to_owned(),
                ..device.clone()
            }],
            vec![AssignedDevice {
                slot: Uuid::nil(),
                ..device.clone()
            }],
            vec![AssignedDevice {
                low_limit_percent: 85,
                ..device.clone()
            }],
            vec![AssignedDevice {
                is_continuous: true,
                ..device.clone()
            }],
            vec![AssignedDevice {
                window_seconds: 30,
                ..device
            }],
        ];
        let versions: std::collections::BTreeSet<String> =
            lists.iter().map(|list| version_of(list)).collect();
        assert_eq!(versions.len(), lists.len());
        assert!(versions.iter().all(|version| version.len() == 16));
    }
}
