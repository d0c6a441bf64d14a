//! One person of the call list as it is drawn.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::call_list::Row;
use ward_core::id::ClinicianId;
use ward_service::Calls;
use ward_wire::board::AlertView;
use ward_wire::calls::{CallListView, CallRow, LadderView, LastCallView};

use super::contacts::{outcome_words, whom_words};
use super::words::{Times, ValueWords, Why};
use crate::{calls_view, view};

/// The whole list, ready to be drawn from.
pub(super) struct Drawn {
    pub(super) calls: Calls,
    pub(super) list: CallListView,
    pub(super) times: Times,
    alerts: BTreeMap<i64, AlertView>,
    me: ClinicianId,
}

impl Drawn {
    pub(super) fn new(calls: Calls, me: ClinicianId) -> Self {
        let board = &calls.snapshot.board;
        let code = &board.ward.code;
        let alerts = board.alerts.iter();
        Self {
            alerts: alerts
                .map(|alert| (alert.number.0, view::alert(code, alert)))
                .collect(),
            list: calls_view::call_list(&calls),
            times: Times::new(calls.zone.clone(), calls.now),
            calls,
            me,
        }
    }

    /// The rows of one part, those of which `keep` holds.
    pub(super) fn rows(
        &self,
        part: &[CallRow],
        keep: impl Fn(&Row, &CallRow) -> bool,
    ) -> Vec<ListRow> {
        let known = part
            .iter()
            .filter_map(|row| Some((self.ranked(row.stay)?, row)));
        known
            .filter(|(ranked, row)| keep(ranked, row))
            .map(|(ranked, row)| self.row(ranked, row))
            .collect()
    }

    /// Somebody's row, in whichever part it stands.
    pub(super) fn find(&self, stay: Uuid) -> Option<(&Row, &CallRow)> {
        let list = &self.list;
        let all = [&list.to_call, &list.paused, &list.stopped, &list.not_due];
        let row = all.into_iter().flatten().find(|row| row.stay == stay)?;
        Some((self.ranked(stay)?, row))
    }

    fn ranked(&self, stay: Uuid) -> Option<&Row> {
        self.calls.list.rows().find(|row| row.stay.0 == stay)
    }

    pub(super) fn name(&self, clinician: Uuid) -> &str {
        let name = self.list.staff.get(&clinician);
        name.map_or("a colleague", String::as_str)
    }

    pub(super) fn why(&self, row: &CallRow) -> Vec<Why> {
        let reasons = row.reasons.iter();
        let alert = |number: Option<i64>| self.alerts.get(&number?);
        reasons
            .map(|reason| Why::of(reason, alert(reason.alert), &self.times))
            .collect()
    }

    pub(super) fn claim(&self, row: &CallRow) -> Option<ClaimWords> {
        let claim = row.claim.as_ref()?;
        Some(ClaimWords {
            by: claim.clinician,
            at: claim.at.to_string(),
            name: claim.name.clone(),
            since: self.times.at(claim.at),
            mine: claim.clinician == self.me.0,
            old: claim.old,
        })
    }

    /// `Reached yesterday 10:12 by Carol Yates`.
    pub(super) fn last(&self, last: Option<&LastCallView>) -> String {
        let Some(last) = last else {
            return "Never rung".to_owned();
        };
        let whom = match last.whom {
            ward_wire::calls::Whom::Patient => String::new(),
            other => format!(" ({})", whom_words(other).to_lowercase()),
        };
        let (outcome, at) = (outcome_words(last.outcome), self.times.at(last.at));
        format!("{outcome}{whom} {at}, {}", self.name(last.by))
    }

    pub(super) fn ladder(&self, ladder: &LadderView) -> LadderWords {
        let tries = [
            (ladder.tries_of_patient, "of the patient"),
            (ladder.tries_of_next_of_kin, "of next of kin"),
            (ladder.visits, "at the door"),
            (ladder.welfare_checks, "by a welfare check"),
        ];
        let tries = tries.iter().filter(|(count, _)| *count > 0);
        let tries: Vec<String> = tries.map(|(count, of)| format!("{count} {of}")).collect();
        let wrong = if ladder.wrong_number {
            ". The number on record is somebody else's"
        } else {
            ""
        };
        let since = ladder
            .first_at
            .map_or_else(String::new, |at| format!(" since {}", self.times.at(at)));
        // A time that is over is not waited for.
        let again = ladder.again_from.filter(|at| self.times.is_to_come(*at));
        let next = match (ladder.next.as_str(), again) {
            ("patient", Some(at)) => format!("ring again, from {}", self.times.at(at)),
            ("patient", None) => "ring again now".to_owned(),
            ("next_of_kin", _) => "ring next of kin".to_owned(),
            ("visit", _) => "book a visit".to_owned(),
            ("welfare_check", _) => "ask for a welfare check".to_owned(),
            (_, _) => "find out what the welfare check found".to_owned(),
        };
        LadderWords {
            tries: format!("Tried{since}: {}{wrong}", tries.join(", ")),
            next,
            asks_next_of_kin: ladder.next == "next_of_kin",
        }
    }

    fn row(&self, ranked: &Row, row: &CallRow) -> ListRow {
        let rests = ranked.rests_until(self.calls.now).map(view::time);
        ListRow {
            stay: row.stay,
            name: row.name.clone(),
            birth_date: row.birth_date.clone(),
            nhs_number: row.nhs_number.clone(),
            phone: row.phone.clone(),
            address: row.address.clone(),
            needs: needs(row),
            next_of_kin: row
                .next_of_kin
                .first()
                .map(|kin| format!("{} ({}) {}", kin.name, kin.relation, kin.phone))
                .unwrap_or_default(),
            day: day(row),
            why: self.why(row),
            value: row
                .readings
                .last()
                .map(|point| ValueWords::of(point, &self.times)),
            last: self.last(row.last.as_ref()),
            ladder: row.ladder.as_ref().map(|ladder| self.ladder(ladder)),
            claim: self.claim(row),
            rests: rests.map(|at| self.times.at(at)),
            next_on: row.next_on.map(|day| self.times.day(day)),
            paused: row.paused_since.map(|at| self.times.at(at)),
            stopped: row
                .stopped
                .as_ref()
                .map(|by| format!("{}, {}", self.times.at(by.at), self.name(by.clinician))),
        }
    }
}

/// A row of the list.
pub(super) struct ListRow {
    pub(super) stay: Uuid,
    pub(super) name: String,
    pub(super) birth_date: String,
    pub(super) nhs_number: String,
    pub(super) phone: String,
    pub(super) address: String,
    pub(super) needs: Vec<String>,
    pub(super) next_of_kin: String,
    pub(super) day: String,
    pub(super) why: Vec<Why>,
    pub(super) value: Option<ValueWords>,
    pub(super) last: String,
    pub(super) ladder: Option<LadderWords>,
    pub(super) claim: Option<ClaimWords>,
    pub(super) rests: Option<String>,
    pub(super) next_on: Option<String>,
    pub(super) paused: Option<String>,
    pub(super) stopped: Option<String>,
}

/// Who is seeing to a call; `by` and `at` go back with a form that takes it over.
pub(super) struct ClaimWords {
    pub(super) by: Uuid,
    pub(super) at: String,
    pub(super) name: String,
    pub(super) since: String,
    pub(super) mine: bool,
    pub(super) old: bool,
}

/// Where somebody who does not answer stands.
pub(super) struct LadderWords {
    pub(super) tries: String,
    pub(super) next: String,
    pub(super) asks_next_of_kin: bool,
}

/// `Day 3 of 14`.
pub(super) fn day(row: &CallRow) -> String {
    format!("Day {} of {}", row.day, row.planned_days)
}

/// What to know before the number is dialled.
pub(super) fn needs(row: &CallRow) -> Vec<String> {
    let language = match (row.language.as_str(), row.interpreter) {
        ("" | "en", false) => String::new(),
        ("" | "en", true) => "Interpreter needed".to_owned(),
        (language, true) => format!("Interpreter needed: {}", language_words(language)),
        (language, false) => format!("Speaks {}", language_words(language)),
    };
    let relay = match row.relay.as_deref() {
        Some("text_relay") => format!("Relay UK: dial 18001 {}", row.phone),
        Some(_) => "British Sign Language (BSL): ring by video relay".to_owned(),
        None => String::new(),
    };
    let through = row.reached_through.as_ref();
    let through = through.map_or_else(String::new, |through| format!("Reached through {through}"));
    let all = [language, relay, row.communication_needs.clone(), through];
    all.into_iter().filter(|text| !text.is_empty()).collect()
}

/// A language by its tag, where it is one that wards often need; as it is written, otherwise.
fn language_words(tag: &str) -> &str {
    match tag {
        "ur" => "Urdu",
        "pl" => "Polish",
        "pa" => "Panjabi",
        "ro" => "Romanian",
        "gu" => "Gujarati",
        "bn" => "Bengali",
        "ar" => "Arabic",
        other => other,
    }
}
