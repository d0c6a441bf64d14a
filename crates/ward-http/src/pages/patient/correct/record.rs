//! The record that is to be corrected, and to whom a reading may belong.

use uuid::Uuid;
use ward_core::time::Timestamp;

use super::Record;
use crate::pages::form::Choice;
use crate::pages::frame::PageError;
use crate::pages::patient::readings::row;
use crate::pages::patient::top::Opened;
use crate::pages::patient::{contacts, diary, exertion};
use crate::problem::ApiError;
use crate::routes::App;

/// The record that is to be corrected, as its list shows it.
pub(super) async fn in_words(
    app: &App,
    opened: &Opened,
    (id, record): (Uuid, Record),
    at: Timestamp,
) -> Result<String, PageError> {
    let (permit, stay) = (opened.staff.permit, opened.stay());
    let just_after = Some(Timestamp::from_millis(at.as_millis().saturating_add(1)));
    let found = match record {
        Record::Reading => {
            let trend = app.wards.trend(&permit, stay, (at, at)).await?;
            let line = trend.lines.iter().find(|line| line.kept.reading.id.0 == id);
            line.map(|line| {
                let row = row(opened, &trend, line);
                let value = row
                    .spo2
                    .map_or_else(|| "no value".to_owned(), |value| format!("{value} %"));
                let pulse = row
                    .pulse
                    .map(|pulse| format!(", pulse {pulse}"))
                    .unwrap_or_default();
                format!("{}: {value}{pulse}. {}", row.when, row.from)
            })
        }
        Record::Entry => {
            let kept = app.wards.diary(&permit, stay, just_after, 20).await?;
            let kept = kept.iter().find(|kept| kept.entry.id.0 == id);
            kept.map(|kept| {
                let entry = diary::entry(opened, &[], kept);
                format!("Entry of {}. {}", entry.when, entry.from)
            })
        }
        Record::Exertion => exertion::in_words(app, opened, id).await?,
        Record::Contact => {
            let stored = app
                .wards
                .contacts_before(&permit, stay, just_after, 20)
                .await?;
            let stored = stored.unwrap_or_default();
            let stored = stored.iter().find(|stored| stored.entry.id.0 == id);
            stored.map(|stored| {
                let line = contacts::line(opened, stored);
                format!("{}: {}. {}", line.when, line.what, line.by)
            })
        }
    };
    Ok(found.ok_or_else(ApiError::not_found)?)
}

/// Everybody else on the ward.
pub(super) async fn people(
    app: &App,
    opened: &Opened,
    now: &str,
) -> Result<Vec<Choice>, PageError> {
    let board = app.wards.board(&opened.staff.permit).await?;
    let rows = board
        .map(|board| board.snapshot.caseload)
        .unwrap_or_default();
    let mut people: Vec<Choice> = rows
        .iter()
        .filter(|row| row.record.stay.id != opened.stay())
        .map(|row| {
            let patient = &row.patient;
            let words = format!(
                "{}, born {}",
                patient.display_name(),
                patient.birth_date.on_screen()
            );
            Choice::new(row.record.stay.id.to_string(), words, now)
        })
        .collect();
    people.sort_by(|one, other| one.words.cmp(&other.words));
    people.insert(0, Choice::new("", "Choose a person", now));
    Ok(people)
}
