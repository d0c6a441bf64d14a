//! What a shift hands over, in words: who is there, what is open, what is written.

use uuid::Uuid;
use ward_service::HandoverNote;
use ward_wire::board::{AlertView, Board};

use crate::pages::words::{PageAlert, Words, post_word};
use crate::view;

/// Somebody on duty.
pub(crate) struct OnDutyLine {
    pub(crate) name: String,
    pub(crate) post: &'static str,
    pub(crate) since: String,
}

/// An open alert.
pub(crate) struct OpenLine {
    pub(crate) who: String,
    /// The patient's page.
    pub(crate) path: Option<String>,
    pub(crate) alert: PageAlert,
}

/// Something written for those who come next.
pub(crate) struct PageNote {
    pub(crate) id: Uuid,
    pub(crate) who: Option<(String, String)>,
    pub(crate) body: String,
    pub(crate) written: String,
    pub(crate) done: Option<String>,
}

pub(crate) fn on_duty(board: &Board, words: &Words<'_>) -> Vec<OnDutyLine> {
    let line = |duty: &ward_wire::duty::OnDutyView| OnDutyLine {
        name: words.name_of(duty.clinician),
        post: post_word(&duty.post),
        since: words.time_when(duty.since),
    };
    board.shift.on_duty.iter().map(line).collect()
}

/// All open alerts, of people in the order of the board, then of kit.
fn alerts(board: &Board) -> impl Iterator<Item = &AlertView> {
    let of_people = board.rows.iter().flat_map(|row| &row.alerts);
    of_people.chain(&board.technical)
}

pub(crate) fn held_by(board: &Board, who: Uuid) -> usize {
    let is_theirs = |alert: &&AlertView| {
        let by = alert.acknowledged.as_ref();
        by.is_some_and(|by| by.clinician == who)
    };
    alerts(board).filter(is_theirs).count()
}

pub(crate) fn lines(board: &Board, words: &Words<'_>, ward: &str) -> Vec<OpenLine> {
    alerts(board)
        .map(|alert| {
            let row = board.rows.iter().find(|row| Some(row.stay) == alert.stay);
            OpenLine {
                who: row.map_or_else(|| "Kit".to_owned(), |row| row.name.clone()),
                path: row.map(|row| format!("{ward}/stays/{}", row.stay)),
                alert: words.alert(alert),
            }
        })
        .collect()
}

/// People of the ward who are not at home.
pub(crate) fn away(board: &Board, words: &Words<'_>) -> Vec<String> {
    let rows = board.rows.iter().filter(|row| row.away.is_some());
    rows.map(|row| words.row(row).name).collect()
}

impl PageNote {
    pub(crate) fn of(note: &HandoverNote, board: &Board, words: &Words<'_>, ward: &str) -> Self {
        let when = |at| words.time_when(view::time(at));
        let about = note.stay.map(|stay| {
            let row = board.rows.iter().find(|row| row.stay == stay.0);
            let name = row.map_or("Somebody who has left the board", |row| &row.name);
            (name.to_owned(), format!("{ward}/stays/{stay}"))
        });
        Self {
            id: note.id.0,
            who: about,
            body: note.body.clone(),
            written: format!("{}, {}", words.name_of(note.author.0), when(note.at)),
            done: note
                .done
                .map(|(by, at)| format!("Done by {}, {}", words.name_of(by.0), when(at))),
        }
    }
}
