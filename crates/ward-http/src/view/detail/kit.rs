//! What is wrong with the kit, in words, and what to do about it.

use ward_core::bridge_watch::{Found, Trouble};
use ward_core::silence::{Missed, Why};
use ward_core::technical::Detail;
use ward_core::time::Timestamp;

use super::span;

/// What a kit alert says beside its name: what was found, whom it concerns, and what to do.
pub(super) fn words(detail: &Detail) -> String {
    let Detail::Kit {
        stays,
        percent,
        found,
        times,
        ..
    } = detail
    else {
        return String::new();
    };
    let mut parts: Vec<String> = Vec::new();
    match (found, percent) {
        (Some(found), _) => parts.push(found_words(found)),
        (None, Some(percent)) => parts.push(format!(
            "{percent} % are left in the battery of the oximeter: new batteries."
        )),
        (None, None) => {}
    }
    let whole_bridge = match found {
        None => percent.is_none(),
        Some(
            Found::NoAdapter
            | Found::AdapterOff
            | Found::NoBluetoothService
            | Found::Waiting { .. },
        ) => true,
        Some(Found::CannotBeRead { .. } | Found::NotHeard { .. } | Found::LittleRoom { .. }) => {
            false
        }
    };
    if whole_bridge {
        parts.push(match stays.len() {
            1 => "It reads one person: ring them, or go there.".to_owned(),
            many => format!("It reads {many} people: ring them, or go there."),
        });
    }
    if *times > 1 {
        parts.push(format!("It has come back: {times} times so far."));
    }
    parts.join(" ")
}

fn found_words(found: &Found) -> String {
    match found {
        Found::NoAdapter => {
            "The box has no Bluetooth adapter: has it been pulled out? Put it back and restart the box.".to_owned()
        }
        Found::AdapterOff => "The box's Bluetooth is switched off: switch it on, or restart the box.".to_owned(),
        Found::NoBluetoothService => "The box's Bluetooth service does not answer: restart the box.".to_owned(),
        Found::CannotBeRead { trouble } => format!("{}.", trouble_words(*trouble)),
        Found::NotHeard { percent } => format!(
            "Switched off, flat, or too far from the bridge{}. Ask whether it is used, and try new batteries beside the bridge.",
            percent.map_or_else(String::new, |percent| format!(
                "; its battery was {percent} % when it was last heard"
            ))
        ),
        Found::Waiting { readings } => format!(
            "The bridge is there and {} on it: what this page shows may be old. See that the service takes readings from it.",
            match readings {
                1 => "1 reading stays".to_owned(),
                many => format!("{many} readings stay"),
            }
        ),
        Found::LittleRoom {
            used_percent,
            free_bytes,
        } => {
            let used = used_percent.map(|percent| format!("{percent} % of its share is used"));
            let free = free_bytes.map(|bytes| format!("{} MB are free", bytes / 1_000_000));
            let known: Vec<String> = used.into_iter().chain(free).collect();
            format!(
                "{}. When it is full, routine readings are thinned; low ones are kept. See that its readings get through, and make room.",
                if known.is_empty() { "There is little room".to_owned() } else { known.join(", ") }
            )
        }
    }
}

/// Why an oximeter cannot be read, with what to do.
pub(crate) const fn trouble_words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::WantsPairing => {
            "It wants to be paired first: take its batteries out and put them in again beside the bridge, within two minutes"
        }
        Trouble::StaleBond => {
            "It has forgotten that it was paired with the bridge: take its batteries out and put them in again beside the bridge"
        }
        Trouble::CannotConnect => {
            "It is heard and no connection comes about: is a phone connected to it? Bring it nearer to the bridge"
        }
        Trouble::KeepsDropping => {
            "Its connection ends before anything is measured: bring it nearer to the bridge, try new batteries"
        }
        Trouble::UnknownDevice => {
            "It is no oximeter that the bridge knows: compare its address with the label, or hand out another model"
        }
        Trouble::UnsupportedFamily => "Values of this model are not taken: hand out another model",
        Trouble::NoValues => "It is connected and gives no value: is a finger in it?",
        Trouble::Other => "The bridge says that it cannot read it: look at the bridge's log",
    }
}

/// Why something was missed: `: the oximeter …`.
pub(super) fn why(missed: &Missed) -> String {
    match missed.why {
        Why::BridgeSilent { .. } => ": nothing is heard of the bridge either".to_owned(),
        Why::BluetoothDown => ": the bridge is there, its Bluetooth does not work".to_owned(),
        Why::ReadingsStuck { waiting: 1 } => {
            ": 1 reading waits on the bridge and does not get through".to_owned()
        }
        Why::ReadingsStuck { waiting } => {
            format!(": {waiting} readings wait on the bridge and do not get through")
        }
        Why::CannotBeRead { trouble } => {
            let words = trouble_words(trouble);
            format!(": the oximeter cannot be read. {words}")
        }
        Why::OximeterFlat { percent, heard_at } => format!(
            ": the oximeter's battery was nearly flat ({percent} %){}",
            heard_at.map_or_else(String::new, |at| format!(
                " when it was last heard, {} before the time was over",
                before(missed, at)
            ))
        ),
        Why::OximeterNotHeard {
            heard_at: None,
            percent: _,
        } => ": the oximeter has not been heard yet: not used, flat, or too far from the bridge"
            .to_owned(),
        Why::OximeterNotHeard {
            heard_at: Some(at),
            percent,
        } => format!(
            ": the oximeter had not been heard for {} when the time was over{}: not used, flat, or too far from the bridge",
            before(missed, at),
            percent.map_or_else(String::new, |percent| format!(
                "; its battery was {percent} %"
            ))
        ),
        Why::TriedInVain { attempts: 1 } => ": one measurement gave no value".to_owned(),
        Why::TriedInVain { attempts } => format!(": {attempts} measurements gave no value"),
        Why::PatientSilent => ": the patient is silent".to_owned(),
    }
}

fn before(missed: &Missed, at: Timestamp) -> String {
    let ms = missed.slot.closes.millis_since(at);
    span(u64::try_from(ms).unwrap_or(0) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use ward_core::id::StayId;
    use ward_core::silence::{Awaited, Slot};
    use ward_core::time::minutes;

    const EIGHT: Timestamp = Timestamp::from_millis(1_795_334_400_000);

    fn missed(why: Why) -> Missed {
        let slot = Slot {
            awaited: Awaited::Reading,
            at: EIGHT,
            opens: EIGHT.minus(minutes(60)),
            closes: EIGHT.plus(minutes(60)),
        };
        Missed {
            slot,
            why,
            came_at: None,
        }
    }

    #[test]
    fn a_missed_reading_says_how_long_the_oximeter_was_not_heard_and_its_battery() {
        let text = why(&missed(Why::OximeterNotHeard {
            heard_at: Some(EIGHT.minus(minutes(120))),
            percent: Some(18),
        }));
        assert!(
            text.contains("not been heard for 3 h") && text.contains("18 %"),
            "{text}"
        );
        let flat = why(&missed(Why::OximeterFlat {
            percent: 8,
            heard_at: Some(EIGHT),
        }));
        assert!(flat.contains("(8 %)") && flat.contains("60 min"), "{flat}");
    }

    #[test]
    fn each_fault_says_what_to_do_and_how_often_it_came_back() {
        let kit = |found, times| Detail::Kit {
            stays: vec![StayId(Uuid::from_u128(1))],
            since: EIGHT,
            percent: None,
            ended_at: None,
            found,
            times,
        };
        for (found, says) in [
            (None, "ring them"),
            (Some(Found::AdapterOff), "switch it on"),
            (Some(Found::NoAdapter), "Put it back"),
            (Some(Found::NoBluetoothService), "restart the box"),
            (Some(Found::Waiting { readings: 3 }), "may be old"),
            (
                Some(Found::NotHeard { percent: Some(8) }),
                "its battery was 8 %",
            ),
            (
                Some(Found::LittleRoom {
                    used_percent: Some(93),
                    free_bytes: None,
                }),
                "93 %",
            ),
            (
                Some(Found::CannotBeRead {
                    trouble: Trouble::WantsPairing,
                }),
                "batteries",
            ),
        ] {
            let once = words(&kit(found, 1));
            assert!(
                once.contains(says) && !once.contains("come back"),
                "{found:?}: {once}"
            );
            let often = words(&kit(found, 4));
            assert!(often.contains("4 times"), "{often}");
        }
    }
}
