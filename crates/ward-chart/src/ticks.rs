//! Days and hours by the ward's own clock, on which a day has 23 or 25 hours twice a year.

use jiff::civil::Time;
use ward_core::day::Zone;
use ward_core::time::Timestamp;

use crate::drawing::Tick;

/// So many units a label takes for each of its letters, for letters of one unit.
const LETTER: i64 = 6;

/// Marks between two edges. `x` says where a time lies, `text` how large letters are.
pub(crate) fn ticks(
    zone: &Zone,
    from: Timestamp,
    until: Timestamp,
    x: impl Fn(Timestamp) -> i64,
    text: i64,
) -> Vec<Tick> {
    let mut ticks = Vec::new();
    let (mut day, last) = (zone.day_of(from), zone.day_of(until));
    let per_day = x(from.plus(DAY)) - x(from);
    let letters = |count: i64| count * LETTER * text / 10;
    let hours: &[i8] = match per_day {
        _ if per_day > 8 * letters(7) => &[3, 6, 9, 12, 15, 18, 21],
        _ if per_day > 4 * letters(7) => &[6, 12, 18],
        _ if per_day > 2 * letters(7) => &[12],
        _ => &[],
    };
    // Where days stand close, every second or seventh has its name.
    let form = if per_day > letters(11) {
        "%a %d %b"
    } else {
        "%d %b"
    };
    let (named_every, mut count) = (letters(7) / per_day.max(1) + 1, 0);
    while day <= last {
        let begins = zone.start_of(day);
        if from <= begins && begins <= until {
            let is_named = count % named_every == 0;
            count += 1;
            let label = if is_named {
                day.strftime(form).to_string()
            } else {
                String::new()
            };
            ticks.push(Tick {
                x: x(begins),
                day: true,
                label,
            });
        }
        for hour in hours {
            let at = zone.at(day, Time::constant(*hour, 0, 0, 0));
            if from < at && at < until {
                ticks.push(Tick {
                    x: x(at),
                    day: false,
                    label: format!("{hour:02}:00"),
                });
            }
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    ticks
}

const DAY: std::time::Duration = ward_core::time::minutes(24 * 60);

#[cfg(test)]
mod tests {
    use super::*;
    use ward_core::time::minutes;

    fn utc(text: &str) -> Timestamp {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    #[test]
    fn days_begin_at_the_wards_midnight_when_the_clocks_change() {
        let zone = Zone::named("Europe/London").unwrap();
        let from = utc("2026-10-24T12:00:00Z");
        let minute = |at: Timestamp| at.millis_since(from) / 60_000;
        let days: Vec<(i64, String)> =
            ticks(&zone, from, from.plus(minutes(3 * 24 * 60)), minute, 14)
                .into_iter()
                .filter(|tick| tick.day)
                .map(|tick| (tick.x, tick.label))
                .collect();
        let named = |x, label: &str| (x, label.to_owned());
        // Summer time ends on the 25th: that day has 25 hours.
        assert_eq!(
            days,
            [
                named(660, "Sun 25 Oct"),
                named(660 + 25 * 60, "Mon 26 Oct"),
                named(660 + 49 * 60, "Tue 27 Oct")
            ]
        );
    }

    #[test]
    fn names_of_days_do_not_stand_on_each_other() {
        let zone = Zone::utc();
        let from = utc("2026-11-01T00:00:00Z");
        for days in 1..=60_u64 {
            let until = from.plus(minutes(days * 24 * 60));
            let span = until.millis_since(from);
            let place = |at: Timestamp| at.millis_since(from) * 280 / span;
            let named: Vec<i64> = ticks(&zone, from, until, place, 13)
                .into_iter()
                .filter(|tick| tick.day && !tick.label.is_empty())
                .map(|tick| tick.x)
                .collect();
            assert!(
                named.windows(2).all(|pair| pair[1] - pair[0] >= 40),
                "{days}: {named:?}"
            );
        }
    }
}
