use super::*;
use crate::alert::{Alert, Change, Problem, Severity};
use crate::bridge_watch::Trouble;
use crate::care::{CarePlan, DiaryPlan, Schedule};
use crate::day::Zone;
use crate::event::WardEvent;
use crate::plan::Band;
use crate::story::{EIGHT, Ward};
use crate::technical::Detail;
use crate::time::{Timestamp, minutes, seconds};
use jiff::civil::time;

fn london() -> Zone {
    Zone::named("Europe/London").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

fn asks_at(hours: &[i8]) -> CarePlan {
    CarePlan {
        schedule: schedule(hours),
        ..CarePlan::default()
    }
}

fn schedule(hours: &[i8]) -> Schedule {
    Schedule {
        times: hours.iter().map(|hour| time(*hour, 0, 0, 0)).collect(),
        before_minutes: 60,
        after_minutes: 60,
    }
}

/// Looks at `now`, by a service that has always been listening, at a stay that began on the twentieth of November.
fn look_at(watch: &Watch, care: &CarePlan, now: Timestamp) -> Closed {
    let zone = london();
    look(
        watch,
        &Look {
            care,
            zone: &zone,
            begun_at: at("2026-11-20T07:30:00Z"),
            listening_since: at("2026-11-01T00:00:00Z"),
            now,
        },
    )
}

fn times(closed: &Closed) -> Vec<String> {
    let times = closed.slots.iter().map(|slot| slot.at.to_string());
    times.map(|text| text[..16].to_owned()).collect()
}

#[test]
fn a_slot_is_judged_once_two_minutes_after_it_has_closed() {
    let care = asks_at(&[8, 13, 18]);
    let before = look_at(&Watch::default(), &care, at("2026-11-20T09:01:59Z"));
    assert_eq!(times(&before), Vec::<String>::new());
    assert_eq!(before.next, Some(at("2026-11-20T09:02:00Z")));
    let after = look_at(&before.watch, &care, at("2026-11-20T09:02:00Z"));
    assert_eq!(times(&after), ["2026-11-20T08:00"]);
    assert_eq!(after.next, Some(at("2026-11-20T14:02:00Z")));
    let again = look_at(&after.watch, &care, at("2026-11-20T09:02:01Z"));
    assert_eq!(times(&again), Vec::<String>::new());
}

#[test]
fn a_plan_that_asks_for_nothing_has_no_next_look() {
    let closed = look_at(&Watch::default(), &asks_at(&[]), EIGHT);
    assert_eq!((closed.slots, closed.next), (Vec::new(), None));
}

#[test]
fn slots_of_before_the_admission_are_nobodys() {
    let care = asks_at(&[7, 8]);
    let closed = look_at(&Watch::default(), &care, at("2026-11-20T12:00:00Z"));
    assert_eq!(times(&closed), ["2026-11-20T08:00"]);
}

#[test]
fn a_service_that_was_down_over_slots_says_so_late_and_once_and_listens_first() {
    let care = asks_at(&[8, 13]);
    let zone = london();
    let before = look_at(&Watch::default(), &care, at("2026-11-20T08:30:00Z"));
    let at_start = Look {
        care: &care,
        zone: &zone,
        begun_at: at("2026-11-20T07:30:00Z"),
        listening_since: at("2026-11-21T10:00:00Z"),
        now: at("2026-11-21T10:00:01Z"),
    };
    let closed = look(&before.watch, &at_start);
    assert_eq!(times(&closed), Vec::<String>::new());
    assert_eq!(closed.next, Some(at("2026-11-21T10:02:00Z")));
    let now = at("2026-11-21T10:02:00Z");
    let closed = look(&closed.watch, &Look { now, ..at_start });
    assert_eq!(
        times(&closed),
        ["2026-11-20T08:00", "2026-11-20T13:00", "2026-11-21T08:00"]
    );
    let again = look(
        &closed.watch,
        &Look {
            now: now.plus(minutes(5)),
            ..at_start
        },
    );
    assert_eq!(times(&again), Vec::<String>::new());
}

#[test]
fn on_the_days_when_clocks_change_a_slot_keeps_its_time_on_the_wall() {
    let mut seen = Vec::new();
    for day in ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"] {
        let zone = london();
        let begun_at = at(&format!("{day}T00:00:00Z"));
        let care = asks_at(&[8]);
        let now = begun_at.plus(minutes(12 * 60));
        let listening_since = begun_at;
        let closed = look(
            &Watch::default(),
            &Look {
                care: &care,
                zone: &zone,
                begun_at,
                listening_since,
                now,
            },
        );
        seen.extend(times(&closed));
    }
    assert_eq!(
        seen,
        [
            "2026-03-28T08:00",
            "2026-03-29T07:00",
            "2026-10-24T07:00",
            "2026-10-25T08:00"
        ]
    );
}

#[test]
fn a_time_that_march_leaves_out_and_the_one_it_falls_upon_are_one_slot() {
    let zone = london();
    let care = CarePlan {
        schedule: Schedule {
            times: vec![time(1, 30, 0, 0), time(2, 30, 0, 0)],
            ..schedule(&[])
        },
        ..CarePlan::default()
    };
    let begun_at = at("2026-03-29T00:00:00Z");
    let closed = look(
        &Watch::default(),
        &Look {
            care: &care,
            zone: &zone,
            begun_at,
            listening_since: begun_at,
            now: begun_at.plus(minutes(600)),
        },
    );
    assert_eq!(times(&closed), ["2026-03-29T01:30"]);
}

#[test]
fn a_change_of_the_plan_skips_no_slot_and_invents_none() {
    // Looked at in the small hours; at 08:45 the grace is cut to half an hour, and two times are added.
    let before = look_at(
        &Watch::default(),
        &asks_at(&[8, 13]),
        at("2026-11-20T08:40:00Z"),
    );
    let care = CarePlan {
        schedule: Schedule {
            after_minutes: 30,
            ..schedule(&[7, 8, 9, 13])
        },
        set_at: Some(at("2026-11-20T08:45:00Z")),
        ..CarePlan::default()
    };
    let closed = look_at(&before.watch, &care, at("2026-11-20T08:45:00Z"));
    assert_eq!(times(&closed), ["2026-11-20T08:00"]);
    let closed = look_at(&closed.watch, &care, at("2026-11-20T14:00:00Z"));
    assert_eq!(times(&closed), ["2026-11-20T09:00", "2026-11-20T13:00"]);
}

#[test]
fn a_diary_that_is_asked_for_from_ten_on_was_not_missed_at_nine() {
    let before = look_at(&Watch::default(), &asks_at(&[]), at("2026-11-20T08:00:00Z"));
    let care = CarePlan {
        diary: Some(DiaryPlan {
            questionnaire: "covid".to_owned(),
            version: 1,
            schedule: schedule(&[9, 18]),
        }),
        set_at: Some(at("2026-11-20T09:30:00Z")),
        ..asks_at(&[])
    };
    let closed = look_at(&before.watch, &care, at("2026-11-20T20:00:00Z"));
    assert_eq!(times(&closed), ["2026-11-20T18:00"]);
    assert!(
        closed
            .slots
            .iter()
            .all(|slot| slot.awaited == Awaited::Diary)
    );
}

#[test]
fn who_was_paused_is_asked_again_from_the_first_look_on() {
    let care = asks_at(&[8, 13]);
    let woken = look_at(&Watch::asleep(), &care, at("2026-11-23T12:30:00Z"));
    assert_eq!(times(&woken), Vec::<String>::new());
    let closed = look_at(&woken.watch, &care, at("2026-11-23T15:00:00Z"));
    assert_eq!(times(&closed), ["2026-11-23T13:00"]);
}

#[test]
fn nothing_is_asked_of_the_time_of_a_pause() {
    let watch = Watch::from(at("2026-11-23T12:00:00Z"));
    let closed = look_at(&watch, &asks_at(&[8, 13]), at("2026-11-23T15:00:00Z"));
    assert_eq!(times(&closed), ["2026-11-23T13:00"]);
}

#[test]
fn what_a_clock_that_ran_ahead_has_looked_at_is_looked_at_again() {
    let care = asks_at(&[8, 13]);
    let ahead = look_at(&Watch::default(), &care, at("2026-11-25T00:00:00Z"));
    let closed = look_at(&ahead.watch, &care, at("2026-11-20T12:00:00Z"));
    assert_eq!(closed.next, Some(at("2026-11-20T14:02:00Z")));
    let closed = look_at(&closed.watch, &care, at("2026-11-20T14:02:00Z"));
    assert_eq!(times(&closed), ["2026-11-20T13:00"]);
}

fn slot_at_eight() -> Slot {
    Slot {
        at: EIGHT,
        awaited: Awaited::Reading,
        opens: EIGHT.minus(minutes(60)),
        closes: EIGHT.plus(minutes(60)),
    }
}

fn came(what: What, minutes_after_eight: i64) -> Came {
    Came {
        at: Timestamp::from_millis(EIGHT.as_millis() + minutes_after_eight * 60_000),
        what,
    }
}

#[test]
fn a_value_within_an_hour_of_the_time_is_what_was_asked_for() {
    for (after, is_missed) in [
        (-61, true),
        (-60, false),
        (0, false),
        (60, false),
        (61, true),
    ] {
        let missed = missed(&[slot_at_eight()], &[came(What::Value, after)], None);
        assert_eq!(!missed.is_empty(), is_missed, "{after}");
    }
    let entry = missed(&[slot_at_eight()], &[came(What::Entry, 0)], None);
    assert_eq!(
        entry.len(),
        1,
        "a diary entry without a value is no reading"
    );
}

#[test]
fn bridge_radio_oximeter_finger_and_patient_are_told_apart() {
    let well = Kit {
        bridge_heard_at: Some(EIGHT.plus(minutes(60))),
        radio_up: Some(true),
        battery_percent: Some(80),
        tells_of_it: true,
        heard_at: Some(EIGHT.minus(minutes(59))),
        trouble: None,
        readings_stuck: None,
    };
    let unheard_at = EIGHT.minus(minutes(61));
    let gone_at = EIGHT.plus(minutes(57));
    let cases = [
        (Some(well), &[][..], Why::PatientSilent),
        (None, &[], Why::PatientSilent),
        (
            Some(well),
            &[
                came(What::Attempt, 1),
                came(What::Attempt, 2),
                came(What::Attempt, 90),
            ],
            Why::TriedInVain { attempts: 2 },
        ),
        (
            Some(Kit {
                battery_percent: Some(10),
                ..well
            }),
            &[],
            Why::OximeterFlat {
                percent: 10,
                heard_at: well.heard_at,
            },
        ),
        (
            Some(Kit {
                heard_at: Some(unheard_at),
                ..well
            }),
            &[],
            Why::OximeterNotHeard {
                heard_at: Some(unheard_at),
                percent: Some(80),
            },
        ),
        (
            Some(Kit {
                heard_at: None,
                battery_percent: None,
                ..well
            }),
            &[],
            Why::OximeterNotHeard {
                heard_at: None,
                percent: None,
            },
        ),
        (
            Some(Kit {
                heard_at: None,
                tells_of_it: false,
                ..well
            }),
            &[],
            Why::PatientSilent,
        ),
        (
            Some(Kit {
                trouble: Some(Trouble::WantsPairing),
                battery_percent: Some(3),
                ..well
            }),
            &[],
            Why::CannotBeRead {
                trouble: Trouble::WantsPairing,
            },
        ),
        (
            Some(Kit {
                trouble: Some(Trouble::NoValues),
                ..well
            }),
            &[],
            Why::PatientSilent,
        ),
        (
            Some(Kit {
                trouble: Some(Trouble::CannotConnect),
                readings_stuck: Some(7),
                ..well
            }),
            &[],
            Why::ReadingsStuck { waiting: 7 },
        ),
        (
            Some(Kit {
                battery_percent: Some(11),
                ..well
            }),
            &[],
            Why::PatientSilent,
        ),
        (
            Some(Kit {
                radio_up: Some(false),
                battery_percent: Some(3),
                readings_stuck: Some(7),
                ..well
            }),
            &[],
            Why::BluetoothDown,
        ),
        (
            Some(Kit {
                bridge_heard_at: Some(gone_at),
                radio_up: Some(false),
                ..well
            }),
            &[],
            Why::BridgeSilent {
                since: Some(gone_at),
            },
        ),
        (Some(Kit::default()), &[], Why::BridgeSilent { since: None }),
    ];
    for (kit, came, why) in cases {
        let missed = missed(&[slot_at_eight()], came, kit.as_ref());
        assert_eq!(
            missed.iter().map(|m| m.why).collect::<Vec<_>>(),
            [why],
            "{kit:?}"
        );
    }
}

impl Ward {
    /// The slot at this many hours after eight has closed, and nothing came in it.
    fn misses(mut self, hours: u64) -> Self {
        let at = EIGHT.plus(minutes(60 * hours));
        let slot = Slot {
            at,
            opens: at.minus(minutes(60)),
            closes: at.plus(minutes(60)),
            ..slot_at_eight()
        };
        self.now = self.now.max(slot.judged_at(EIGHT));
        // What else time brings is said first, and is not what is looked at.
        self = self.after(seconds(0)).after(seconds(0));
        let open: Vec<Alert> = self.open().cloned().collect();
        let missed = missed(&[slot], &[], None);
        let event = assess_missed(self.stay.id, &self.state, &open, &missed, self.now);
        if let Some(WardEvent::Alert { change, alert }) = event {
            self.append(change, *alert);
        }
        self
    }

    fn silence(&self) -> (Severity, u32, Option<Timestamp>) {
        match &self.the(Problem::Silence).detail {
            Some(Detail::Missed {
                count,
                heard_again_at,
                ..
            }) => (self.the(Problem::Silence).severity, *count, *heard_again_at),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn silence_takes_the_priority_of_what_came_before_it() {
    Ward::new().misses(5).hears("silence raised: low not_asked");
    Ward::new()
        .reads(97.0)
        .misses(5)
        .hears("silence raised: low not_asked");
    Ward::new()
        .reads(93.0)
        .after(minutes(120))
        .misses(5)
        .hears("silence raised: amber not_asked");
    Ward::new()
        .reads(91.0)
        .after(minutes(120))
        .misses(5)
        .hears("silence raised: red not_asked");
    Ward::new()
        .reads(91.0)
        .after(minutes(1))
        .reads(97.0)
        .misses(5)
        .hears("silence raised: low not_asked");
}

#[test]
fn a_red_symptom_before_the_silence_makes_it_red() {
    let mut ward = Ward::new().reads(97.0);
    ward.state.words.red_at = Some(EIGHT);
    ward.misses(5).hears("silence raised: red not_asked");
}

#[test]
fn one_silence_is_open_and_gathers_what_is_missed() {
    let ward = Ward::new().reads(97.0).misses(5).misses(10);
    let ward = ward.hears("silence continued: low not_asked");
    assert_eq!(ward.silence(), (Severity::Low, 2, None));
    let ward = ward.misses(10).hears_nothing();
    assert_eq!(ward.silence().1, 2);
}

#[test]
fn a_reading_after_the_silence_ends_the_silence_and_not_the_alert() {
    let ward = Ward::new()
        .reads(91.0)
        .after(minutes(120))
        .misses(5)
        .after(minutes(10));
    let heard_at = ward.now;
    let ward = ward.reads(97.0);
    assert_eq!(ward.silence(), (Severity::Red, 1, Some(heard_at)));
    assert_eq!(ward.the(Problem::Silence).condition, Band::Green);
    assert!(ward.the(Problem::Silence).is_open());
}

#[test]
fn a_reading_that_was_taken_in_time_and_came_late_is_marked_so() {
    let ward = Ward::new().misses(1).after(minutes(30));
    let ward = ward.gets(crate::story::value(97.0).measured_ago(minutes(60)));
    let Some(Detail::Missed { missed, .. }) = &ward.the(Problem::Silence).detail else {
        panic!("no detail");
    };
    assert!(missed[0].came_at.is_some());
}

#[test]
fn a_reading_of_before_the_silence_that_comes_late_does_not_end_it() {
    let ward = Ward::new().misses(5).after(minutes(10));
    let ward = ward.gets(crate::story::value(97.0).measured_ago(minutes(6 * 60)));
    assert_eq!(ward.silence(), (Severity::Low, 1, None));
}

#[test]
fn silent_again_after_being_heard_speaks_again_to_whoever_took_it() {
    let ward = Ward::new().reads(91.0).after(minutes(120)).misses(5);
    let ward = ward
        .acknowledged_the(Problem::Silence)
        .reads(91.0)
        .misses(10);
    assert!(ward.the(Problem::Silence).is_unacknowledged());
    ward.hears("silence relapsed: red not_asked");
}

#[test]
fn a_low_of_long_ago_and_a_missed_slot_are_one_silence() {
    let old_low = crate::story::value(88.0).measured_ago(minutes(25 * 60));
    let ward = Ward::new()
        .gets(old_low.clone())
        .hears("silence raised: red not_asked");
    let ward = ward.misses(5).hears("silence continued: red not_asked");
    assert_eq!(ward.silence(), (Severity::Red, 1, None));
    let ward = Ward::new().misses(5).gets(old_low);
    assert_eq!(ward.silence(), (Severity::Red, 1, None));
    ward.hears("silence severity_rose: red not_asked");
}

#[test]
fn a_diary_missing_between_readings_is_of_low_priority_even_after_a_red() {
    let ward = Ward::new().reads(91.0);
    let slot = Slot {
        awaited: Awaited::Diary,
        ..slot_at_eight()
    };
    let missed = missed(&[slot], &[], None);
    let open: Vec<Alert> = ward.open().cloned().collect();
    let event = assess_missed(ward.stay.id, &ward.state, &open, &missed, slot.closes);
    let Some(WardEvent::Alert {
        change: Change::Raised,
        alert,
    }) = event
    else {
        panic!("{event:?}");
    };
    assert_eq!(alert.severity, Severity::Low);
    let filled_in = diary_heard(*alert, EIGHT);
    let Some(Detail::Missed { missed, .. }) = filled_in.detail else {
        panic!("no detail");
    };
    assert_eq!(missed[0].came_at, Some(EIGHT));
}
