//! The exertion tests of a stay, in words.

use uuid::Uuid;
use ward_core::exertion::Effort;
use ward_core::reading::{Measured, Oxygen};
use ward_service::{ExertionLine, KeptReading};

use crate::pages::frame::PageError;
use crate::pages::patient::charts::in_units;
use crate::pages::patient::readings::said_by;
use crate::pages::patient::top::Opened;
use crate::pages::patient::words::{self, BandMark};
use crate::routes::App;
use crate::view::exertion::{fall_tenths, value};

/// A test in the table.
pub(in crate::pages::patient) struct TestRow {
    pub(in crate::pages::patient) id: Uuid,
    pub(in crate::pages::patient) when: String,
    pub(in crate::pages::patient) at: i64,
    pub(in crate::pages::patient) effort: &'static str,
    /// `rest 97, lowest 92, fall 5, back to 96 after 2 min`.
    pub(in crate::pages::patient) words: String,
    /// What the plan of now finds of it; nothing where it does not count.
    pub(in crate::pages::patient) band: Option<BandMark>,
    pub(in crate::pages::patient) from: String,
    pub(in crate::pages::patient) notes: Vec<String>,
    pub(in crate::pages::patient) struck: Option<String>,
}

impl TestRow {
    pub(in crate::pages::patient) fn of(opened: &Opened, line: &ExertionLine) -> Self {
        let (test, clock) = (&line.test, &opened.clock);
        let plan = &opened.plan.version.plan.limits;
        let mut notes = Vec::new();
        match test.told.oxygen {
            Some(Oxygen::Air) => notes.push("On air".to_owned()),
            Some(Oxygen::Supplemental { flow_tenths: None }) => notes.push("On oxygen".to_owned()),
            Some(Oxygen::Supplemental {
                flow_tenths: Some(it),
            }) => notes.push(format!("On oxygen, {}.{} l/min", it / 10, it % 10)),
            None => {}
        }
        if let Some(why) = &test.told.stopped_early {
            notes.push(format!("Stopped early: {why}"));
        }
        if line.struck.is_none() {
            match line.pair() {
                None => {
                    notes.push("One of its values was struck out: it counts no more".to_owned());
                }
                Some(pair) if !pair.is_of_a_test() => {
                    notes.push("Too low at rest to be tested: kept as readings".to_owned());
                }
                Some(_) => {}
            }
            if [&line.rest, &line.lowest].into_iter().any(is_doubtful) {
                notes.push("Doubtful: a value is odd as typed, and not answered yet".to_owned());
            }
        }
        Self {
            id: test.id.0,
            when: clock.when(test.at),
            at: test.at.as_millis(),
            effort: match test.told.effort {
                Effort::FortySteps => "Forty steps",
                Effort::OneMinuteSitToStand => "Sit to stand, 1 min",
            },
            words: pair_in_words(line),
            band: line.band(plan).map(BandMark::of),
            from: said_by(opened, test.author, test.means, test.carer.as_deref()),
            notes,
            struck: line
                .struck
                .as_deref()
                .map(|text| words::struck(text, clock, |id| opened.name_of(id))),
        }
    }
}

fn is_doubtful(kept: &Option<KeptReading>) -> bool {
    let measured = kept.as_ref().map(|kept| &kept.reading.measured);
    matches!(measured, Some(Measured::Values(values)) if values.is_doubtful())
}

fn pair_in_words(line: &ExertionLine) -> String {
    let percent = |kept: &Option<KeptReading>| {
        value(kept.as_ref()).map_or_else(|| "unknown".to_owned(), |it| in_units(it.tenths()))
    };
    let fall = fall_tenths(line).map_or_else(
        || "no fall".to_owned(),
        |tenths| match tenths {
            0 => "no fall".to_owned(),
            tenths => format!("fall {}", in_units(tenths)),
        },
    );
    let back = line.test.told.recovery.map(|recovery| {
        let percent = percent(&line.recovery);
        format!(", {percent} after {} min", recovery.after_minutes)
    });
    format!(
        "rest {}, lowest {}, {fall}{}",
        percent(&line.rest),
        percent(&line.lowest),
        back.unwrap_or_default()
    )
}

/// The tests of a stay, the newest first.
pub(in crate::pages::patient) async fn rows(
    app: &App,
    opened: &Opened,
) -> Result<Vec<TestRow>, PageError> {
    let (_, lines) = app
        .wards
        .exertions(&opened.staff.permit, opened.stay())
        .await?;
    Ok(lines.iter().map(|line| TestRow::of(opened, line)).collect())
}

/// One test as the page of corrections names it.
pub(in crate::pages::patient) async fn in_words(
    app: &App,
    opened: &Opened,
    id: Uuid,
) -> Result<Option<String>, PageError> {
    let rows = rows(app, opened).await?;
    let row = rows.into_iter().find(|row| row.id == id);
    Ok(row.map(|row| format!("{}, {}: {}. {}", row.when, row.effort, row.words, row.from)))
}
