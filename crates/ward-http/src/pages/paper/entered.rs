//! What is kept of a day already, so that no sheet is typed twice, and what is still asked about it.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use uuid::Uuid;
use ward_core::day::Zone;
use ward_core::entry::{Author, Means};
use ward_core::hand::Odd;
use ward_core::id::{ClinicianId, StayId};
use ward_core::permit::Permit;
use ward_core::plan::Band;
use ward_core::questionnaire::{Answers, Questionnaire};
use ward_core::reading::{Measured, Source};
use ward_core::spo2::Pulse;
use ward_core::time::Timestamp;
use ward_service::{ChartLine, KeptEntry, PAGE_LIMIT};

use super::day::Fields;
use super::{OnPaper, answers};
use crate::pages::form::Choice;
use crate::pages::frame::PageError;
use crate::routes::App;

/// Pages of a chart that are looked through for one day: an oximeter that is worn all day fills many.
const PAGES_AT_MOST: usize = 10;

/// A reading of the day, as it is shown.
pub(super) struct Entered {
    pub(super) id: Uuid,
    pub(super) at: Time,
    pub(super) time: String,
    pub(super) oxygen: String,
    pub(super) pulse: String,
    pub(super) band: &'static str,
    pub(super) came: String,
    pub(super) asked: Option<Asking>,
}

/// What is asked about a reading.
pub(super) struct Asking {
    pub(super) reading: Uuid,
    pub(super) why: &'static str,
    pub(super) choices: Vec<Choice>,
    pub(super) oxygen: String,
    pub(super) pulse: String,
    /// As they were typed.
    pub(super) typed: String,
}

/// What is kept of a day.
pub(super) struct KeptDay {
    /// By hand, in the order of time. What oximeters sent by themselves is not on the sheet.
    pub(super) readings: Vec<Entered>,
    pub(super) diary: Option<KeptAnswers>,
}

/// The answers of a day.
pub(super) struct KeptAnswers {
    id: Uuid,
    answers: Answers,
    /// When they were entered, and how they came.
    pub(super) came: String,
}

impl KeptDay {
    /// What was typed before, for whoever has typed something else: a reading, or those answers that differ.
    pub(super) fn words_of(
        &self,
        id: Uuid,
        typed: Option<&Fields>,
        asked: Option<&Questionnaire>,
    ) -> Option<String> {
        if let Some(reading) = self.readings.iter().find(|it| it.id == id) {
            let Entered {
                time,
                oxygen,
                pulse,
                came,
                ..
            } = reading;
            return Some(format!("{time}: oxygen {oxygen}, pulse {pulse} ({came})"));
        }
        let diary = self.diary.as_ref().filter(|it| it.id == id)?;
        let differ = answers::that_differ(asked?, &diary.answers, typed?);
        Some(format!("{} ({})", differ.join(". "), diary.came))
    }
}

pub(super) async fn of_day(
    app: &App,
    permit: &Permit,
    person: &OnPaper,
    day: Date,
) -> Result<KeptDay, PageError> {
    let stay = person.stay().id;
    let start = person.zone.start_of(day);
    let end = person.zone.start_of(super::days_after(day, 1));
    let lines = readings(app, permit, stay, start, end).await?;
    let entries = app.wards.diary(permit, stay, Some(end), PAGE_LIMIT).await?;
    let of_day = || {
        entries
            .iter()
            .filter(|kept| kept.entry.at >= start && kept.struck.is_none())
    };
    // What was typed off the sheet, where there is also what they entered themselves.
    let on_paper = of_day().find(|kept| kept.entry.means == Means::Paper);
    let entry = on_paper.or_else(|| of_day().next());
    let names = names(app, &lines, entry).await?;
    Ok(KeptDay {
        readings: lines
            .iter()
            .filter_map(|line| shown(line, person, &names))
            .collect(),
        diary: entry.map(|kept| {
            let local = person.zone.local(kept.entry.recorded_at);
            let when = local.strftime("%H:%M on %d-%b-%Y");
            let by = came(
                kept.entry.author,
                kept.entry.means,
                kept.entry.entered_by,
                &names,
            );
            KeptAnswers {
                id: kept.entry.id.0,
                answers: kept.entry.answers.clone(),
                came: format!("{when}, {by}"),
            }
        }),
    })
}

/// Those by hand, the oldest first, without what was struck out.
async fn readings(
    app: &App,
    permit: &Permit,
    stay: StayId,
    start: Timestamp,
    end: Timestamp,
) -> Result<Vec<ChartLine>, PageError> {
    let mut found: Vec<ChartLine> = Vec::new();
    let mut before = end;
    for _ in 0..PAGES_AT_MOST {
        let (_, lines) = app
            .wards
            .chart(permit, stay, Some(before), PAGE_LIMIT)
            .await?;
        let is_last = u32::try_from(lines.len()).is_ok_and(|count| count < PAGE_LIMIT);
        let oldest = lines.last().map(|line| line.kept.reading.effective_at);
        found.extend(lines.into_iter().filter(|line| {
            let by_hand = matches!(line.kept.reading.source, Source::ByHand { .. });
            by_hand && line.kept.struck.is_none() && line.kept.reading.effective_at >= start
        }));
        match oldest {
            Some(oldest) if !is_last && oldest >= start => before = oldest,
            _ => break,
        }
    }
    found.reverse();
    Ok(found)
}

async fn names(
    app: &App,
    lines: &[ChartLine],
    entry: Option<&KeptEntry>,
) -> Result<BTreeMap<ClinicianId, String>, PageError> {
    let mut names = BTreeMap::new();
    let typists = lines.iter().filter_map(|line| line.typed_by);
    for id in typists.chain(entry.and_then(|kept| kept.entry.entered_by)) {
        if !names.contains_key(&id)
            && let Some(name) = app.wards.clinician_name(id).await?
        {
            names.insert(id, name);
        }
    }
    Ok(names)
}

fn shown(
    line: &ChartLine,
    person: &OnPaper,
    names: &BTreeMap<ClinicianId, String>,
) -> Option<Entered> {
    let reading = &line.kept.reading;
    let Measured::Values(values) = &reading.measured else {
        return None;
    };
    let Source::ByHand { author, means } = reading.source else {
        return None;
    };
    let local = person.zone.local(reading.effective_at);
    let pulse = values.pulse.map(Pulse::bpm);
    let number = |number: f64| number.to_string();
    Some(Entered {
        id: reading.id.0,
        at: local.time(),
        time: local.strftime("%H:%M").to_string(),
        oxygen: format!("{} %", values.spo2),
        pulse: pulse.map(number).unwrap_or_else(|| "–".to_owned()),
        band: match person.stay().plan.band(values.spo2) {
            Band::Red => "*** Red",
            Band::Amber => "** Amber",
            Band::Green => "Green",
        },
        came: came(author, means, line.typed_by, names),
        asked: line.asked.zip(line.typed).map(|(odd, typed)| Asking {
            reading: reading.id.0,
            why: match odd {
                Odd::Swapped => "Oxygen and pulse look swapped.",
                Odd::VeryLow => "This oxygen is very low.",
                Odd::UnlikelyPulse => "This pulse is unlikely.",
            },
            choices: choices(typed.pulse.is_some(), ""),
            oxygen: number(typed.spo2),
            pulse: typed.pulse.map(number).unwrap_or_default(),
            typed: match typed.pulse {
                Some(pulse) => format!("oxygen {} and pulse {pulse}", typed.spo2),
                None => format!("oxygen {}", typed.spo2),
            },
        }),
    })
}

/// What can be answered about odd values.
pub(super) fn choices(has_pulse: bool, chosen: &str) -> Vec<Choice> {
    let swapped =
        has_pulse.then(|| Choice::new("swapped", "They are swapped on the sheet", chosen));
    std::iter::once(Choice::new("as_typed", "The sheet says so", chosen))
        .chain(swapped)
        .chain([Choice::new(
            "other",
            "The sheet says something else:",
            chosen,
        )])
        .collect()
}

fn came(
    author: Author,
    means: Means,
    typed_by: Option<ClinicianId>,
    names: &BTreeMap<ClinicianId, String>,
) -> String {
    let how = match means {
        Means::Paper => "from paper",
        Means::Telephone => "by telephone",
        Means::Video => "by video",
        Means::Visit => "at a visit",
        Means::Page => "on their own page",
        Means::Bridge => "from a bridge",
    };
    let typist = match author {
        Author::Staff(by) => Some(by),
        Author::Patient | Author::Carer | Author::Bridge(_) => typed_by,
    };
    match typist.and_then(|by| names.get(&by)) {
        Some(name) => format!("{how}, entered by {name}"),
        None => how.to_owned(),
    }
}

/// Whether something by hand is kept within the window of this time of the plan.
pub(super) fn is_kept(
    kept: &KeptDay,
    zone: &Zone,
    day: Date,
    slot: Time,
    window: (u16, u16),
) -> bool {
    let at = zone.at(day, slot);
    let minutes = |minutes: u16| std::time::Duration::from_secs(u64::from(minutes) * 60);
    let (from, until) = (at.minus(minutes(window.0)), at.plus(minutes(window.1)));
    kept.readings
        .iter()
        .map(|reading| zone.at(day, reading.at))
        .any(|at| from <= at && at <= until)
}
