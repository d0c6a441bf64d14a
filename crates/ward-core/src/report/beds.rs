//! How full the ward was, and who came and went on each day.

use jiff::civil::{Date, Time};

use super::{By, Definition, Facts, Figure, Line, Section, StayFact, Unit, number};
use crate::stay::Destination;
use crate::time::Timestamp;

/// National reporting counts at this time.
const COUNTED_AT: Time = Time::constant(8, 0, 0, 0);

const OCCUPANCY: Definition = Definition {
    name: "occupancy_at_0800",
    title: "Patients at 08:00",
    unit: Unit::Count,
    text: "Patients on the ward at 08:00 of each day by the ward's clock, paused ones too, since their place is kept. Whole: the \
           mean of the days whose 08:00 has come. n: the day's patients; of the whole, days.",
};

const OCCUPIED: Definition = Definition {
    name: "occupied_at_0800",
    title: "Of capacity",
    unit: Unit::Percent,
    text: "Patients at 08:00 of the patients that the ward can look after at once, as its settings say now. Nothing while that is \
           not set. n: the day's patients; of the whole, days.",
};

const ADMISSIONS: Definition = Definition {
    name: "admissions",
    title: "Admissions",
    unit: Unit::Count,
    text: "Stays that began on this ward. n: the same.",
};

const TRANSFERS_IN: Definition = Definition {
    name: "transfers_in",
    title: "Transfers in",
    unit: Unit::Count,
    text: "Patients who came from another ward of the organisation in the middle of a stay. n: the same.",
};

const DISCHARGES: Definition = Definition {
    name: "discharges",
    title: "Discharges",
    unit: Unit::Count,
    text: "Stays that ended on this ward, but for deaths. n: the same.",
};

const DEATHS: Definition = Definition {
    name: "deaths",
    title: "Deaths",
    unit: Unit::Count,
    text: "Stays that ended on this ward with the patient's death. n: the same.",
};

const TRANSFERS_OUT: Definition = Definition {
    name: "transfers_out",
    title: "Transfers out",
    unit: Unit::Count,
    text: "Patients who went to another ward of the organisation in the middle of a stay. n: the same.",
};

/// Times at which something happened to a stay.
type Times = fn(&StayFact) -> Vec<Timestamp>;

pub(super) fn section(facts: &Facts) -> Section {
    let mut figures = occupancy(facts);
    let each: [(Definition, Times); 5] = [
        (ADMISSIONS, |stay| {
            let began = stay.spans.iter().map(|(from, _)| *from);
            began.filter(|from| *from == stay.admitted_at).collect()
        }),
        (TRANSFERS_IN, |stay| {
            let began = stay.spans.iter().map(|(from, _)| *from);
            began.filter(|from| *from != stay.admitted_at).collect()
        }),
        (DISCHARGES, |stay| ends(stay, |died| !died)),
        (DEATHS, |stay| ends(stay, |died| died)),
        (TRANSFERS_OUT, |stay| {
            let end = stay.end.map(|(at, _)| at);
            let never = Timestamp::from_millis(i64::MAX);
            let gone = stay.spans.iter().map(|(_, until)| *until);
            gone.filter(|until| *until != never && Some(*until) != end)
                .collect()
        }),
    ];
    for (definition, times) in each {
        figures.push(by_day(facts, definition, times));
    }
    Section {
        name: "occupancy",
        title: "How full the ward was",
        figures,
    }
}

fn ends(stay: &StayFact, counts: fn(bool) -> bool) -> Vec<Timestamp> {
    let end = stay
        .end
        .filter(|(_, destination)| counts(*destination == Destination::Died));
    let here = stay.spans.last().map(|(_, until)| *until);
    end.map(|(at, _)| at)
        .filter(|at| here == Some(*at))
        .into_iter()
        .collect()
}

fn line(by: By, group: String, value: Option<f64>, n: u32, people: u32) -> Line {
    Line {
        by,
        group,
        value: value.map(number::rounded),
        n,
        people,
        withheld: false,
    }
}

fn occupancy(facts: &Facts) -> Vec<Figure> {
    let counted: Vec<(Date, Option<u32>)> = facts
        .period
        .days()
        .map(|day| {
            let at = facts.zone.at(day, COUNTED_AT);
            let here = || facts.stays.iter().filter(|stay| stay.is_here(at)).count();
            (day, (at <= facts.now).then(|| number::count(here())))
        })
        .collect();
    let of_capacity = |patients: f64| {
        let capacity = facts.capacity.filter(|capacity| *capacity > 0)?;
        Some(patients * 100.0 / f64::from(capacity))
    };
    let come: Vec<u32> = counted
        .iter()
        .filter_map(|(_, patients)| *patients)
        .collect();
    let days = number::count(come.len());
    let mean = (days > 0).then(|| f64::from(come.iter().sum::<u32>()) / f64::from(days));
    let people = number::count(facts.stays.len());
    let mut occupancy = vec![line(By::Whole, "all".to_owned(), mean, days, people)];
    let mut occupied = vec![line(
        By::Whole,
        "all".to_owned(),
        mean.and_then(of_capacity),
        days,
        people,
    )];
    for (day, patients) in counted {
        let value = patients.map(f64::from);
        let n = patients.unwrap_or_default();
        occupancy.push(line(By::Day, day.to_string(), value, n, n));
        occupied.push(line(
            By::Day,
            day.to_string(),
            value.and_then(of_capacity),
            n,
            n,
        ));
    }
    vec![
        Figure {
            definition: OCCUPANCY,
            lines: occupancy,
        },
        Figure {
            definition: OCCUPIED,
            lines: occupied,
        },
    ]
}

fn by_day(facts: &Facts, definition: Definition, times: Times) -> Figure {
    let mut days: std::collections::BTreeMap<Date, u32> =
        facts.period.days().map(|day| (day, 0)).collect();
    for at in facts
        .stays
        .iter()
        .flat_map(times)
        .filter(|at| facts.period.holds(*at))
    {
        if let Some(count) = days.get_mut(&facts.zone.day_of(at)) {
            *count += 1;
        }
    }
    let all: u32 = days.values().sum();
    let mut lines = vec![line(
        By::Whole,
        "all".to_owned(),
        Some(f64::from(all)),
        all,
        all,
    )];
    let day = |(day, count): (Date, u32)| {
        line(
            By::Day,
            day.to_string(),
            Some(f64::from(count)),
            count,
            count,
        )
    };
    lines.extend(days.into_iter().map(day));
    Figure { definition, lines }
}
