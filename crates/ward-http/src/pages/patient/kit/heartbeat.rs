//! What a bridge last said of itself and of an oximeter, as facts beside the piece of kit.

use ward_core::bridge_watch::{AdapterStatus, BridgeStatus, OximeterStatus, SpoolStatus};
use ward_core::device::DeviceAddress;

use crate::pages::patient::words::PageClock;
use crate::view::detail::trouble_words;

pub(super) type Facts = Vec<(&'static str, String)>;

/// What is known of an oximeter by the bridge that reads it.
pub(super) fn of_oximeter(
    status: &BridgeStatus,
    address: &DeviceAddress,
    clock: &PageClock,
) -> Facts {
    let Some(one) = status.oximeter(address) else {
        return vec![(
            "Heard by the bridge",
            "The bridge has not said yet".to_owned(),
        )];
    };
    let mut facts = vec![("Heard by the bridge", heard(one, clock))];
    if let Some(percent) = one.battery_percent {
        let at = one.heard_at.map_or_else(String::new, |at| {
            format!(", when last heard {}", clock.when(at))
        });
        facts.push(("Battery", format!("{percent} %{at}")));
    }
    if let Some(dbm) = one.rssi_dbm {
        facts.push(("Signal", signal(dbm)));
    }
    if let Some(at) = one.reading_at {
        let at = format!("{} ({})", clock.when(at), clock.ago(at));
        facts.push(("Last reading on the bridge", at));
    }
    if let Some(held) = one.trouble {
        let since = clock.when(held.since);
        let words = trouble_words(held.what);
        facts.push((
            "In the way of reading it",
            format!("{words} (since {since})"),
        ));
    }
    let says: Vec<&str> = [&one.model, &one.firmware]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    if !says.is_empty() {
        facts.push(("Calls itself", says.join(", ")));
    }
    facts
}

/// What a bridge says of itself.
pub(super) fn of_bridge(status: &BridgeStatus, clock: &PageClock) -> Facts {
    let said = format!(
        "{} ({})",
        clock.when(status.said_at),
        clock.ago(status.said_at)
    );
    let mut facts = vec![
        ("Last said how it is", said),
        ("Bluetooth", bluetooth(status).to_owned()),
    ];
    if let Some(spool) = &status.spool {
        facts.push(("Readings on the bridge", waiting(spool, clock)));
        if let Some(room) = room(spool) {
            facts.push(("Room", room));
        }
    }
    if let Some(held) = status.clock {
        let seconds = held.off_by_ms.unsigned_abs() / 1000;
        let way = if held.off_by_ms < 0 { "slow" } else { "fast" };
        let off = match seconds {
            0..5 => "right".to_owned(),
            5..600 => format!("{seconds} s {way}"),
            _ => format!("{} min {way}", seconds / 60),
        };
        let kept = match held.synchronised {
            Some(true) => ", kept right over the network",
            Some(false) => ", not kept right over the network",
            None => "",
        };
        facts.push(("Clock", format!("{off}{kept}")));
    }
    if let Some(versions) = &status.versions {
        let mut all = vec![format!("wardlight-bridge {}", versions.bridge)];
        all.extend(versions.bluez.iter().map(|bluez| format!("BlueZ {bluez}")));
        all.extend(
            versions
                .kernel
                .iter()
                .map(|kernel| format!("Linux {kernel}")),
        );
        facts.push(("Programs", all.join(", ")));
    }
    if let Some(at) = status.started_at {
        facts.push(("Running since", clock.when(at)));
    }
    facts
}

fn heard(one: &OximeterStatus, clock: &PageClock) -> String {
    match (one.connected, one.in_reach, one.heard_at) {
        (Some(true), _, _) => "Connected".to_owned(),
        (_, Some(true), _) => "In reach, not connected".to_owned(),
        (_, _, Some(at)) => format!("Not now; last {} ({})", clock.when(at), clock.ago(at)),
        (_, _, None) => "Never yet".to_owned(),
    }
}

/// A phone beside the box is heard at some -40 dBm; connections are lost below -90.
fn signal(dbm: i16) -> String {
    let word = match dbm {
        -70.. => "good",
        -85..-70 => "weak",
        _ => "very weak: bring it nearer to the bridge",
    };
    format!("{word} ({dbm} dBm)")
}

fn bluetooth(status: &BridgeStatus) -> &'static str {
    match &status.adapter {
        _ if status.radio_up => "Works",
        Some(AdapterStatus {
            service_answers: false,
            ..
        }) => "Does not work: the box's Bluetooth service does not answer",
        Some(AdapterStatus { present: false, .. }) => "Does not work: there is no adapter",
        Some(AdapterStatus { powered: false, .. }) => "Does not work: it is switched off",
        Some(_) | None => "Does not work",
    }
}

fn waiting(spool: &SpoolStatus, clock: &PageClock) -> String {
    let mut text = match (spool.waiting, spool.oldest_at) {
        (0, _) => "All sent".to_owned(),
        (waiting, Some(at)) => format!("{waiting} wait, the oldest since {}", clock.when(at)),
        (waiting, None) => format!("{waiting} wait"),
    };
    if spool.refused > 0 {
        text.push_str(&format!("; {} were refused by the service", spool.refused));
    }
    text
}

fn room(spool: &SpoolStatus) -> Option<String> {
    let used = spool
        .used_percent()
        .map(|percent| format!("{percent} % of its share used"));
    let free = spool
        .disk_free_bytes
        .map(|bytes| format!("{} MB free on the disk", bytes / 1_000_000));
    let known: Vec<String> = used.into_iter().chain(free).collect();
    (!known.is_empty()).then(|| known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_core::bridge_watch::{Trouble, Troubled};
    use ward_core::day::Zone;
    use ward_core::time::{Timestamp, minutes};

    const NOON: Timestamp = Timestamp::from_millis(1_795_348_800_000);

    fn clock() -> PageClock {
        PageClock {
            zone: Zone::named("Europe/London").unwrap(),
            now: NOON,
        }
    }

    fn address() -> DeviceAddress {
        "00:1C:05:FF:4E:5D".parse().unwrap()
    }

    fn said(facts: &Facts, name: &str) -> Option<String> {
        let found = facts.iter().find(|(fact, _)| *fact == name);
        found.map(|(_, text)| text.clone())
    }

    fn status(rest: &str) -> BridgeStatus {
        let at = NOON.minus(minutes(1)).as_millis();
        let text = format!(r#"{{"said_at":{at},"oximeters":[],{rest}}}"#);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn an_oximeter_that_is_gone_says_since_when_and_with_what_battery() {
        let mut status = status(r#""radio_up":true"#);
        status.oximeters.push(OximeterStatus {
            address: address(),
            battery_percent: Some(8),
            heard_at: Some(NOON.minus(minutes(178))),
            in_reach: Some(false),
            connected: Some(false),
            rssi_dbm: Some(-91),
            model: Some("3230".to_owned()),
            firmware: None,
            reading_at: None,
            trouble: Some(Troubled {
                what: Trouble::StaleBond,
                since: NOON.minus(minutes(180)),
            }),
        });
        let facts = of_oximeter(&status, &address(), &clock());
        let heard = said(&facts, "Heard by the bridge").unwrap();
        assert!(heard.starts_with("Not now; last 09:02"), "{heard}");
        let battery = said(&facts, "Battery").unwrap();
        assert_eq!(battery, "8 %, when last heard 09:02");
        assert!(said(&facts, "Signal").unwrap().starts_with("very weak"));
        let trouble = said(&facts, "In the way of reading it").unwrap();
        assert!(trouble.ends_with("(since 09:00)"), "{trouble}");
        assert_eq!(said(&facts, "Calls itself").as_deref(), Some("3230"));
    }

    #[test]
    fn an_earlier_bridge_says_less_and_nothing_is_made_up() {
        let status = status(r#""radio_up":false"#);
        let facts = of_bridge(&status, &clock());
        let names: Vec<&str> = facts.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["Last said how it is", "Bluetooth"]);
        assert_eq!(said(&facts, "Bluetooth").as_deref(), Some("Does not work"));
        let facts = of_oximeter(&status, &address(), &clock());
        assert_eq!(facts.len(), 1);
    }

    #[test]
    fn a_bridge_says_what_waits_its_room_and_its_clock() {
        let since = NOON.minus(minutes(60)).as_millis();
        let status = status(&format!(
            r#""radio_up":false,"adapter":{{"name":"hci0","present":true,"powered":false,"service_answers":true}},
            "spool":{{"waiting":12,"oldest_at":{since},"refused":1,"used_bytes":50,"limit_bytes":100,"disk_free_bytes":5000000}},
            "clock":{{"off_by_ms":-900000,"synchronised":false}}"#
        ));
        let facts = of_bridge(&status, &clock());
        for (name, text) in [
            ("Bluetooth", "Does not work: it is switched off"),
            (
                "Readings on the bridge",
                "12 wait, the oldest since 11:00; 1 were refused by the service",
            ),
            ("Room", "50 % of its share used, 5 MB free on the disk"),
            ("Clock", "15 min slow, not kept right over the network"),
        ] {
            assert_eq!(said(&facts, name).as_deref(), Some(text));
        }
    }
}
