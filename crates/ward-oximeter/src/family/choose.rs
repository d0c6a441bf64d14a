//! From what was found on a device to the family and the plan.

use uuid::Uuid;

use super::{Endpoint, Family, Plan};
use crate::{
    accare, berry, choicemmed, contec, jks50f, jumper, masimo, nonin, oxyii, pc60, po60, taidoc,
    uuids, viatom_oxy, vtm20f, yuwell,
};

/// How one family's characteristics are laid out on a device.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wiring {
    pub(crate) family: Family,
    pub(crate) service: Uuid,
    /// All of them must be there; they are subscribed to in this order.
    pub(crate) notify: &'static [Uuid],
    /// Where commands go, in the same service.
    pub(crate) write: Write,
    /// Read once if it is there, in the same service.
    pub(crate) read: &'static [Uuid],
    /// See [`Plan::streams`].
    pub(crate) streams: bool,
    /// For families that share all their characteristics: one of these, in small letters, must be in the device's name.
    /// None: whatever its name is.
    pub(crate) names: &'static [&'static str],
}

/// Where commands are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Write {
    /// Nowhere.
    Never,
    /// The device works without.
    IfThere(Uuid),
    /// A device without this characteristic is not of the family: it says nothing until it is asked.
    Must(Uuid),
    /// The same, in another service.
    MustIn(Uuid, Uuid),
}

/// In the order to try them. One that asks for a name stands before one that shares its characteristics and does not.
const WIRINGS: &[&[Wiring]] = &[
    nonin::WIRINGS,
    viatom_oxy::WIRINGS,
    oxyii::WIRINGS,
    masimo::WIRINGS,
    pc60::WIRINGS,
    berry::WIRINGS,
    jumper::WIRINGS,
    po60::WIRINGS,
    contec::WIRINGS,
    choicemmed::WIRINGS,
    taidoc::WIRINGS,
    accare::WIRINGS,
    vtm20f::WIRINGS,
    yuwell::WIRINGS,
    jks50f::WIRINGS,
    //
];

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

/// What was found on a device.
#[derive(Clone, Copy, Debug)]
struct Found<'a> {
    endpoints: &'a [Endpoint],
    name: Option<&'a str>,
}

/// Chooses the driver for what was found on a device; `None` when no driver knows it.
///
/// The name that the device gives itself only decides between families that share all their characteristics; it never
/// chooses alone. A device that speaks the SIG service as well as its maker's own (Nonin 3230) is taken by the SIG one.
#[must_use]
pub fn choose(found: &[Endpoint], name: Option<&str>) -> Option<Plan> {
    let found = Found {
        endpoints: found,
        name,
    };
    found.as_plx().or_else(|| {
        WIRINGS
            .iter()
            .copied()
            .flatten()
            .find_map(|wiring| found.as_wired(wiring))
    })
}

impl Plan {
    /// The plan for a device that has every characteristic that its family can have: for virtual oximeters and for
    /// fuzzing. `None` for a family without a driver.
    #[must_use]
    pub fn of(family: Family) -> Option<Self> {
        const PLX: [Uuid; 4] = [
            uuids::PLX_SPOT_CHECK,
            uuids::PLX_CONTINUOUS,
            uuids::PLX_FEATURES,
            uuids::RACP,
        ];
        let at = |service| {
            move |characteristic| Endpoint {
                service,
                characteristic,
            }
        };
        if family == Family::Plx {
            return choose(&PLX.map(at(uuids::PLX_SERVICE)), None);
        }
        let mut wirings = WIRINGS.iter().copied().flatten();
        let wiring = wirings.find(|wiring| wiring.family == family)?;
        let write = match wiring.write {
            Write::Never => None,
            Write::IfThere(characteristic) | Write::Must(characteristic) => {
                Some(at(wiring.service)(characteristic))
            }
            Write::MustIn(service, characteristic) => Some(at(service)(characteristic)),
        };
        let all = wiring.notify.iter().chain(wiring.read).copied();
        let all: Vec<_> = all.map(at(wiring.service)).chain(write).collect();
        choose(&all, wiring.names.first().copied())
    }
}

impl Found<'_> {
    fn find(self, service: Uuid, characteristic: Uuid) -> Option<Endpoint> {
        let wanted = Endpoint {
            service,
            characteristic,
        };
        self.endpoints.contains(&wanted).then_some(wanted)
    }

    fn clock(self) -> Option<Endpoint> {
        self.find(uuids::CURRENT_TIME_SERVICE, uuids::CURRENT_TIME)
    }

    fn readable_anywhere(self) -> impl Iterator<Item = Endpoint> {
        READ_ANYWHERE
            .into_iter()
            .filter_map(move |(service, characteristic)| self.find(service, characteristic))
    }

    fn as_plx(self) -> Option<Plan> {
        let plx = |characteristic| self.find(uuids::PLX_SERVICE, characteristic);
        let spot_check = plx(uuids::PLX_SPOT_CHECK);
        let continuous = plx(uuids::PLX_CONTINUOUS);
        let racp = plx(uuids::RACP);
        spot_check.or(continuous)?;
        Some(Plan {
            family: Family::Plx,
            subscribe: [racp, spot_check, continuous]
                .into_iter()
                .flatten()
                .collect(),
            read: plx(uuids::PLX_FEATURES)
                .into_iter()
                .chain(self.readable_anywhere())
                .collect(),
            write: racp,
            clock: self.clock(),
            streams: continuous.is_some(),
        })
    }

    fn as_wired(self, wiring: &Wiring) -> Option<Plan> {
        let own = |characteristic: &Uuid| self.find(wiring.service, *characteristic);
        let subscribe = wiring.notify.iter().map(own).collect::<Option<Vec<_>>>()?;
        let write = match wiring.write {
            Write::Never => None,
            Write::IfThere(characteristic) => own(&characteristic),
            Write::Must(characteristic) => Some(own(&characteristic)?),
            Write::MustIn(service, characteristic) => Some(self.find(service, characteristic)?),
        };
        if !(wiring.names.is_empty() || self.is_named(wiring.names)) {
            return None;
        }
        Some(Plan {
            family: wiring.family,
            subscribe,
            read: wiring
                .read
                .iter()
                .filter_map(own)
                .chain(self.readable_anywhere())
                .collect(),
            write,
            clock: self.clock(),
            streams: wiring.streams,
        })
    }

    fn is_named(self, names: &[&str]) -> bool {
        let name = self.name.unwrap_or_default().to_lowercase();
        names.iter().any(|part| name.contains(part))
    }
}

impl Wiring {
    /// The usual: values come by themselves or when asked, nothing else is read, the name says nothing.
    pub(crate) const fn of(family: Family) -> Self {
        Self {
            family,
            service: Uuid::nil(),
            notify: &[],
            write: Write::Never,
            read: &[],
            streams: true,
            names: &[],
        }
    }
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
    fn a_device_with_all_that_its_family_has_is_taken_by_its_own_driver() {
        let mut count = 0;
        for family in Family::ALL {
            if let Some(plan) = Plan::of(family) {
                assert_eq!(plan.family, family);
                assert!(!plan.subscribe.is_empty());
                count += 1;
            }
        }
        assert!(count >= 6, "{count} families with a driver");
    }

    #[test]
    fn a_device_that_must_be_asked_is_none_without_a_place_to_ask() {
        let mut found = vec![at(uuids::VIATOM_OXY_SERVICE, uuids::VIATOM_OXY_NOTIFY)];
        assert_eq!(choose(&found, Some("O2Ring 1234")), None);
        found.push(at(uuids::VIATOM_OXY_SERVICE, uuids::VIATOM_OXY_WRITE));
        let plan = choose(&found, None).unwrap();
        assert_eq!(
            (plan.family, plan.write.is_some()),
            (Family::ViatomOxy, true)
        );
    }

    #[test]
    fn nordic_uart_with_other_characteristics_is_not_a_pc60() {
        // The newer ChoiceMMed devices: the same service, FFF0 and FFF1 inside it.
        let choicemmed = [
            at(uuids::NORDIC_UART_SERVICE, short(0xFFF0)),
            at(uuids::NORDIC_UART_SERVICE, short(0xFFF1)),
        ];
        let family = |found| choose(found, None).map(|plan| plan.family);
        assert_eq!(family(&choicemmed), Some(Family::ChoiceMmed));
        assert_eq!(family(&choicemmed[..1]), None);
        let pc60 = [at(uuids::NORDIC_UART_SERVICE, uuids::NORDIC_UART_NOTIFY)];
        assert_eq!(
            choose(&pc60, None).map(|plan| plan.family),
            Some(Family::Pc60)
        );
    }

    #[test]
    fn a_name_decides_only_between_families_that_share_their_characteristics() {
        let shared = [
            at(uuids::CONTEC_SERVICE, uuids::CONTEC_WRITE),
            at(uuids::CONTEC_SERVICE, uuids::CONTEC_NOTIFY),
        ];
        let family = |found, name| choose(found, name).map(|plan| plan.family);
        assert_eq!(family(&shared, Some("PO60")), Some(Family::Po60));
        assert_eq!(family(&shared, Some("SleepO2 1234")), Some(Family::Contec));
        assert_eq!(family(&shared, None), Some(Family::Contec));
        assert_eq!(family(&shared[1..], Some("PO60")), None);
        let jumper = [at(uuids::JUMPER_SERVICE, uuids::JUMPER_NOTIFY)];
        assert_eq!(family(&jumper, Some("PO60")), Some(Family::Jumper));
    }

    #[test]
    fn what_is_beside_a_shared_characteristic_tells_whose_it_is_then_the_name() {
        let values = at(uuids::FFE0_SERVICE, uuids::FFE4_NOTIFY);
        let family = |beside: Option<Endpoint>, name| {
            let found: Vec<_> = beside.into_iter().chain([values]).collect();
            choose(&found, name).map(|plan| plan.family)
        };
        let accare = at(uuids::FFE5_SERVICE, uuids::FFE9_WRITE);
        assert_eq!(family(Some(accare), Some("VTM 20F")), Some(Family::Accare));
        let vtm20f = at(uuids::FFE0_SERVICE, uuids::FFF2_WRITE);
        assert_eq!(family(Some(vtm20f), None), Some(Family::Vtm20f));
        assert_eq!(family(None, Some("VTM 20F")), Some(Family::Vtm20f));
        assert_eq!(family(None, None), Some(Family::Yuwell));
        let jks50f = [at(uuids::FFE0_SERVICE, uuids::FFE1_NOTIFY)];
        let plan = choose(&jks50f, Some("VTM 20F")).unwrap();
        assert_eq!(plan.family, Family::Jks50f);
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
