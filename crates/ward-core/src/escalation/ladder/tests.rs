use super::*;
use crate::alert::time_passed;
use crate::story::{EIGHT, Ward};
use crate::time::minutes;

fn london() -> Zone {
    Zone::named("Europe/London").unwrap()
}

/// The log of one alert that nobody takes: each change by itself, with the minute at which it came.
fn left_alone(mut alert: Alert, hours: &StaffedHours, until_minutes: i64) -> Vec<(Change, i64)> {
    let (policy, zone) = (Policy::default(), london());
    let timers = Timers {
        policy: &policy,
        hours,
        zone: &zone,
    };
    let begin = alert.raised_at;
    alert = timers.armed(alert, Change::Raised, begin);
    // A board shows it.
    alert.show_by = None;
    let mut said = Vec::new();
    for minute in 0..=until_minutes {
        let now = Timestamp::from_millis(begin.as_millis() + minute * 60_000);
        for _ in 0..20 {
            let Some((change, after)) = time_passed(&alert, now) else {
                break;
            };
            alert = timers.armed(after, change, now);
            alert.show_by = None;
            if change != Change::Confirmed {
                said.push((change, minute));
            }
        }
    }
    said
}

fn minutes_of(said: &[(Change, i64)], change: Change) -> Vec<i64> {
    let of = said.iter().filter(|(what, _)| *what == change);
    of.map(|(_, minute)| *minute).collect()
}

fn red() -> Alert {
    Ward::new().reads(91.0).oxygen().clone()
}

#[test]
fn a_red_that_nobody_takes_is_passed_on_at_five_ten_and_fifteen_minutes_and_every_five_then() {
    let said = left_alone(red(), &StaffedHours::always(), 31);
    assert_eq!(
        minutes_of(&said, Change::Escalated),
        [5, 10, 15, 20, 25, 30]
    );
}

#[test]
fn an_amber_goes_on_after_half_an_hour_and_an_hour() {
    let amber = Ward::new().reads(94.0).oxygen().clone();
    let said = left_alone(amber, &StaffedHours::always(), 300);
    assert_eq!(minutes_of(&said, Change::Escalated), [30, 60]);
}

#[test]
fn what_was_asked_for_goes_on_after_fifteen_and_thirty() {
    let mut asked = Ward::new().reads(94.0).oxygen().clone();
    asked.problem = Problem::AskedForHelp;
    asked.recheck_by = None;
    let said = left_alone(asked, &StaffedHours::always(), 300);
    assert_eq!(minutes_of(&said, Change::Escalated), [15, 30]);
}

#[test]
fn a_low_waits_two_hours_of_the_staffed_day_and_then_for_the_next_round() {
    let low = |at: &str| {
        let mut low = red();
        low.severity = Severity::Low;
        low.recheck_by = None;
        low.raised_at = at.parse::<jiff::Timestamp>().unwrap().into();
        minutes_of(
            &left_alone(low, &StaffedHours::default(), 26 * 60),
            Change::Escalated,
        )
    };
    assert_eq!(low("2026-12-01T10:00:00Z"), [120]);
    // At seven in the evening: the round of the next morning.
    assert_eq!(low("2026-12-01T19:00:00Z"), [13 * 60]);
    // At night: two hours after eight.
    assert_eq!(low("2026-12-01T22:00:00Z"), [12 * 60]);
    // The night in October that has an hour more, and the one in March that has one less.
    assert_eq!(low("2026-10-24T21:00:00Z"), [13 * 60]);
    assert_eq!(low("2026-03-28T22:00:00Z"), [11 * 60]);
}

#[test]
fn what_concerns_the_whole_ward_goes_to_whoever_is_on_call_after_five_minutes() {
    let mut nobody = red();
    nobody.subject = Subject::Ward;
    nobody.problem = Problem::Technical(Cause::NobodyWatching);
    nobody.recheck_by = None;
    assert_eq!(Class::of(&nobody), Class::WholeWard);
    let said = left_alone(nobody, &StaffedHours::always(), 60);
    assert_eq!(minutes_of(&said, Change::Escalated), [5]);
}

#[test]
fn a_red_that_is_nobodys_when_the_shift_ends_is_said_once_then() {
    let mut late = red();
    late.raised_at = "2026-12-01T19:58:00Z"
        .parse::<jiff::Timestamp>()
        .unwrap()
        .into();
    late.spoke_at = late.raised_at;
    late.severity_since = late.raised_at;
    late.recheck_by = None;
    let said = left_alone(late, &StaffedHours::default(), 20);
    assert_eq!(minutes_of(&said, Change::LeftAtShiftEnd), [2]);
    assert_eq!(minutes_of(&said, Change::Escalated), [5, 10, 15, 20]);
}

#[test]
fn no_board_showed_it_so_the_first_step_does_not_wait_and_the_second_comes_at_its_time() {
    let (policy, zone, hours) = (Policy::default(), london(), StaffedHours::always());
    let timers = Timers {
        policy: &policy,
        hours: &hours,
        zone: &zone,
    };
    let alert = timers.armed(red(), Change::Raised, EIGHT);
    let now = EIGHT.plus(seconds(15));
    let (change, unseen) = time_passed(&alert, now).unwrap();
    assert_eq!(change, Change::NotShown);
    let unseen = timers.armed(unseen, change, now);
    let (change, first) = time_passed(&unseen, now).unwrap();
    assert_eq!((change, first.ladder.level), (Change::Escalated, 1));
    let first = timers.armed(first, change, now);
    assert_eq!(time_passed(&first, now), None);
    assert_eq!(first.ladder.next_at, Some(EIGHT.plus(minutes(10))));
}

#[test]
fn after_an_outage_each_overdue_level_comes_once_in_order_and_no_storm_follows() {
    let (policy, zone, hours) = (Policy::default(), london(), StaffedHours::always());
    let timers = Timers {
        policy: &policy,
        hours: &hours,
        zone: &zone,
    };
    let mut alert = red();
    (alert.show_by, alert.recheck_by) = (None, None);
    let mut alert = timers.armed(alert, Change::Raised, EIGHT);
    let now = EIGHT.plus(minutes(61));
    let mut levels = Vec::new();
    while let Some((change, after)) = time_passed(&alert, now) {
        alert = timers.armed(after, change, now);
        levels.push(alert.ladder.level);
    }
    // Three steps; the next repeat is four minutes away, and none that was missed is made up for.
    assert_eq!(levels, [1, 2, 3]);
    assert_eq!(alert.ladder.next_at, Some(EIGHT.plus(minutes(65))));
}

#[test]
fn what_gets_worse_while_it_waits_is_not_put_off() {
    let (policy, zone, hours) = (Policy::default(), london(), StaffedHours::always());
    let timers = Timers {
        policy: &policy,
        hours: &hours,
        zone: &zone,
    };
    let alert = timers.armed(red(), Change::Raised, EIGHT);
    let deeper = timers.armed(
        alert.clone().speak(EIGHT.plus(minutes(4))),
        Change::FellFurther,
        EIGHT.plus(minutes(4)),
    );
    assert_eq!(deeper.ladder.next_at, alert.ladder.next_at);
    // An amber that turns red keeps what is owed, or has it sooner.
    let amber = timers.armed(
        Ward::new().reads(94.0).oxygen().clone(),
        Change::Raised,
        EIGHT,
    );
    let mut risen = amber.clone();
    risen.severity = Severity::Red;
    let at = EIGHT.plus(minutes(28));
    let risen = timers.armed(risen, Change::SeverityRose, at);
    assert_eq!(risen.ladder.next_at, Some(EIGHT.plus(minutes(30))));
    assert_eq!((risen.ladder.round, risen.ladder.level), (2, 0));
}

#[test]
fn what_somebody_had_and_speaks_again_begins_from_the_foot() {
    let (policy, zone, hours) = (Policy::default(), london(), StaffedHours::always());
    let timers = Timers {
        policy: &policy,
        hours: &hours,
        zone: &zone,
    };
    let ward = Ward::new().reads(91.0);
    let mut alert = timers.armed(ward.oxygen().clone(), Change::Raised, EIGHT);
    alert.ladder.level = 2;
    let taken = crate::alert::acknowledge(&alert, crate::story::ASHA, ward.seq, EIGHT);
    let Ok(crate::alert::Acknowledged::Now(taken)) = taken else {
        panic!("{taken:?}")
    };
    assert_eq!(
        timers
            .armed((*taken).clone(), Change::Acknowledged, EIGHT)
            .ladder
            .next_deadline(),
        None
    );
    let later = EIGHT.plus(minutes(40));
    let again = timers.armed(taken.speak(later), Change::LetGo, later);
    assert_eq!((again.ladder.round, again.ladder.level), (2, 0));
    assert_eq!(again.ladder.next_at, Some(later.plus(minutes(5))));
}

#[test]
fn a_ladder_that_a_clock_ran_ahead_of_is_brought_back() {
    let (policy, zone, hours) = (Policy::default(), london(), StaffedHours::always());
    let timers = Timers {
        policy: &policy,
        hours: &hours,
        zone: &zone,
    };
    let alert = timers.armed(red(), Change::Raised, EIGHT.plus(minutes(600)));
    let back = alert.ladder.believed(EIGHT);
    assert_eq!(back.next_at, Some(EIGHT.plus(minutes(5))));
}

#[test]
fn an_alert_of_before_there_were_ladders_can_be_read() {
    let mut json = serde_json::to_value(red()).unwrap();
    json.as_object_mut().unwrap().remove("ladder");
    let alert: Alert = serde_json::from_value(json).unwrap();
    assert_eq!(alert.ladder, Ladder::default());
}
