//! Which driver a connected device needs, by the characteristics that were found: never by its name.
//!
//! Names are reused and rebranded, and Nordic UART is spoken by two incompatible oximeter families and by hundreds of
//! other gadgets; only what is found after connecting tells them apart.

use uuid::Uuid;

use crate::uuids;

/// A characteristic and the service that it was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// The service.
    pub service: Uuid,
    /// The characteristic.
    pub characteristic: Uuid,
}

/// A protocol family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Bluetooth SIG Pulse Oximeter Service.
    Plx,
    /// Nonin's own stream, data format 19.
    Nonin,
    /// Viatom "oxy": O2Ring, Checkme O2, SleepU and others, which are asked for each value.
    ViatomOxy,
    /// Viatom OxyII: O2Ring-S and others.
    OxyII,
    /// Viatom, Lepu and Creative PC-60 frames.
    Pc60,
    /// Berry BM1000.
    Berry,
    /// Jumper JPD-500F and its clones.
    Jumper,
    /// Contec CMS50D-BT, EMAY SleepO2.
    Contec,
    /// Beurer PO60: stored records only.
    Po60,
    /// The newer ChoiceMMed devices.
    ChoiceMmed,
    /// Masimo MightySat.
    Masimo,
    /// TaiDoc, FORA.
    TaiDoc,
    /// Yuwell YX110.
    Yuwell,
    /// JKS50F.
    Jks50f,
    /// VTM 20F, FS20F.
    Vtm20f,
    /// ACCARE WS20A.
    Accare,
}

/// How well a family's protocol is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// One source, or a guess where the source is silent: decoded, and no reading unless the configuration says so.
    Thin,
    /// Two or more sources agree, or the maker's document says so.
    Documented,
    /// The specification, or bytes of real devices with good checksums.
    Captured,
}

/// What to do with a device after its services are known. Lists are in the order to go through them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The driver to use.
    pub family: Family,
    /// Subscribe to these, all of them before the first write; stored data can flow before live data.
    pub subscribe: Vec<Endpoint>,
    /// Read these once; a failure is no reason to stop.
    pub read: Vec<Endpoint>,
    /// Where commands are written.
    pub write: Option<Endpoint>,
    /// Where the device's clock can be set by the Bluetooth SIG's service, when it has one.
    pub clock: Option<Endpoint>,
    /// Values of now come by themselves or when asked: silence means a dead link.
    pub streams: bool,
}

/// Worth knowing about any device, whatever its family.
const READ_ANYWHERE: [(Uuid, Uuid); 9] = [
    (uuids::BATTERY_SERVICE, uuids::BATTERY_LEVEL),
    (uuids::CURRENT_TIME_SERVICE, uuids::CURRENT_TIME),
    (uuids::DEVICE_INFORMATION_SERVICE, uuids::SYSTEM_ID),
    (uuids::DEVICE_INFORMATION_SERVICE, uuids::MANUFACTURER_NAME),
    (uuids::DEVICE_INFORMATION_SERVICE, uuids::MODEL_NUMBER),
    (uuids::DEVICE_INFORMATION_SERVICE, uuids::SERIAL_NUMBER),
    (uuids::DEVICE_INFORMATION_SERVICE, uuids::FIRMWARE_REVISION),
    (uuids::DEVICE_INFORMATION_SERVICE, uuids::HARDWARE_REVISION),
    (uuids::DEVICE_INFORMATION_SERVICE, uuids::SOFTWARE_REVISION),
];

/// The services that carry PC-60 frames: service, notifications, commands.
const PC60_DRESSES: [(Uuid, Uuid, Uuid); 3] = [
    (
        uuids::NORDIC_UART_SERVICE,
        uuids::NORDIC_UART_NOTIFY,
        uuids::NORDIC_UART_WRITE,
    ),
    (
        uuids::PC60_FFF0_SERVICE,
        uuids::PC60_FFF0_NOTIFY,
        uuids::PC60_FFF0_WRITE,
    ),
    (
        uuids::PC60_FFB0_SERVICE,
        uuids::PC60_FFB0_BOTH,
        uuids::PC60_FFB0_BOTH,
    ),
];

impl Family {
    /// Every family.
    pub const ALL: [Self; 16] = [
        Self::Plx,
        Self::Nonin,
        Self::ViatomOxy,
        Self::OxyII,
        Self::Pc60,
        Self::Berry,
        Self::Jumper,
        Self::Contec,
        Self::Po60,
        Self::ChoiceMmed,
        Self::Masimo,
        Self::TaiDoc,
        Self::Yuwell,
        Self::Jks50f,
        Self::Vtm20f,
        Self::Accare,
    ];

    /// The name for logs and configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plx => "plx",
            Self::Nonin => "nonin",
            Self::ViatomOxy => "viatom_oxy",
            Self::OxyII => "oxyii",
            Self::Pc60 => "pc60",
            Self::Berry => "berry",
            Self::Jumper => "jumper",
            Self::Contec => "contec",
            Self::Po60 => "po60",
            Self::ChoiceMmed => "choicemmed",
            Self::Masimo => "masimo",
            Self::TaiDoc => "taidoc",
            Self::Yuwell => "yuwell",
            Self::Jks50f => "jks50f",
            Self::Vtm20f => "vtm20f",
            Self::Accare => "accare",
        }
    }

    /// The family of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// How well its protocol is known.
    #[must_use]
    pub const fn evidence(self) -> Evidence {
        match self {
            Self::Plx
            | Self::Pc60
            | Self::ViatomOxy
            | Self::OxyII
            | Self::Jumper
            | Self::Contec => Evidence::Captured,
            Self::Nonin | Self::Berry | Self::Po60 | Self::ChoiceMmed | Self::Masimo => {
                Evidence::Documented
            }
            Self::TaiDoc | Self::Yuwell | Self::Jks50f | Self::Vtm20f | Self::Accare => {
                Evidence::Thin
            }
        }
    }
}

/// Chooses the driver for what was found on a device; `None` when no driver knows it.
///
/// The name that the device gives itself only decides between families that share all their characteristics; it never
/// chooses alone. A device that speaks the SIG service as well as its maker's own (Nonin 3230) is taken by the SIG one.
#[must_use]
pub fn choose(found: &[Endpoint], _name: Option<&str>) -> Option<Plan> {
    let find = |service, characteristic| {
        let wanted = Endpoint {
            service,
            characteristic,
        };
        found.contains(&wanted).then_some(wanted)
    };
    let read_anywhere = READ_ANYWHERE
        .into_iter()
        .filter_map(|(service, characteristic)| find(service, characteristic));
    let plx = |characteristic| find(uuids::PLX_SERVICE, characteristic);
    let clock = find(uuids::CURRENT_TIME_SERVICE, uuids::CURRENT_TIME);

    let spot_check = plx(uuids::PLX_SPOT_CHECK);
    let continuous = plx(uuids::PLX_CONTINUOUS);
    if spot_check.is_some() || continuous.is_some() {
        let racp = plx(uuids::RACP);
        return Some(Plan {
            family: Family::Plx,
            subscribe: [racp, spot_check, continuous]
                .into_iter()
                .flatten()
                .collect(),
            read: plx(uuids::PLX_FEATURES)
                .into_iter()
                .chain(read_anywhere)
                .collect(),
            write: racp,
            clock,
            streams: continuous.is_some(),
        });
    }
    PC60_DRESSES
        .into_iter()
        .find_map(|(service, notify, write)| {
            Some(Plan {
                family: Family::Pc60,
                subscribe: vec![find(service, notify)?],
                read: read_anywhere.clone().collect(),
                write: find(service, write),
                clock,
                streams: true,
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uuids::short;

    fn at(service: Uuid, characteristic: Uuid) -> Endpoint {
        Endpoint {
            service,
            characteristic,
        }
    }

    #[test]
    fn a_sig_oximeter_is_subscribed_with_stored_data_first_and_live_data_last() {
        let found = [
            at(uuids::BATTERY_SERVICE, uuids::BATTERY_LEVEL),
            at(uuids::PLX_SERVICE, uuids::PLX_CONTINUOUS),
            at(uuids::PLX_SERVICE, uuids::PLX_SPOT_CHECK),
            at(uuids::PLX_SERVICE, uuids::PLX_FEATURES),
            at(uuids::PLX_SERVICE, uuids::RACP),
        ];
        let plan = choose(&found, None).unwrap();
        let order: Vec<_> = plan
            .subscribe
            .iter()
            .map(|endpoint| endpoint.characteristic)
            .collect();
        assert_eq!(
            order,
            [uuids::RACP, uuids::PLX_SPOT_CHECK, uuids::PLX_CONTINUOUS]
        );
        let read: Vec<_> = plan
            .read
            .iter()
            .map(|endpoint| endpoint.characteristic)
            .collect();
        assert_eq!(read, [uuids::PLX_FEATURES, uuids::BATTERY_LEVEL]);
    }

    #[test]
    fn nordic_uart_with_other_characteristics_is_not_a_pc60() {
        // The newer ChoiceMMed devices: the same service, FFF0 and FFF1 inside it.
        let choicemmed = [
            at(uuids::NORDIC_UART_SERVICE, short(0xFFF0)),
            at(uuids::NORDIC_UART_SERVICE, short(0xFFF1)),
        ];
        assert_eq!(choose(&choicemmed, None), None);
        let pc60 = [at(uuids::NORDIC_UART_SERVICE, uuids::NORDIC_UART_NOTIFY)];
        assert_eq!(
            choose(&pc60, None).map(|plan| plan.family),
            Some(Family::Pc60)
        );
    }

    #[test]
    fn a_device_that_speaks_both_is_taken_by_the_sig_service() {
        let both = [
            at(uuids::NORDIC_UART_SERVICE, uuids::NORDIC_UART_NOTIFY),
            at(uuids::PLX_SERVICE, uuids::PLX_SPOT_CHECK),
        ];
        assert_eq!(
            choose(&both, None).map(|plan| plan.family),
            Some(Family::Plx)
        );
    }
}
