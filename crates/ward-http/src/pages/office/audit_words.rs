//! What stands on the log, in words for whoever reads the audit.

use std::collections::BTreeMap;

use ward_core::alert::{Alert, Change, Problem, State};
use ward_core::contact::{CallOutcome, Direction};
use ward_core::event::{
    ContactEvent, CorrectionEvent, DiaryEvent, DutyEvent, KitEvent, MessageEvent, PathwayEvent,
    PlanEvent, StaffEvent, WardEvent,
};
use ward_core::id::{ClinicianId, Seq};
use ward_core::stay::Phase;
use ward_service::AuditWhat;

use super::people::role_words;
use super::rota::post_words;
use super::when::{When, day};

/// What is needed to say it.
pub(super) struct Words<'a> {
    pub(super) ward_code: &'a str,
    pub(super) names: &'a BTreeMap<ClinicianId, String>,
    pub(super) when: &'a When,
}

/// `in_hospital` as it is said.
fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// The name by which a word is stored, as it is said: `AdviceGiven` becomes `advice given`.
fn said(word: impl std::fmt::Debug) -> String {
    let mut text = String::new();
    for letter in format!("{word:?}").chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

impl Words<'_> {
    fn name(&self, who: ClinicianId) -> &str {
        self.names.get(&who).map_or("somebody", String::as_str)
    }

    pub(super) fn of(&self, what: &AuditWhat) -> String {
        match what {
            AuditWhat::Looked(what) => format!("Opened the record: {}", plain(what)),
            AuditWhat::Unreadable(Seq(seq)) => {
                format!("Entry {seq} of the log cannot be read by this program")
            }
            AuditWhat::Did(_, event) => self.event(event),
        }
    }

    fn event(&self, event: &WardEvent) -> String {
        match event {
            WardEvent::StayAdmitted { .. } => "A stay began".to_owned(),
            WardEvent::DeviceAssigned { assignment } => if assignment.until.is_some() {
                "An oximeter was taken from its wearer"
            } else {
                "An oximeter was given to a wearer"
            }
            .to_owned(),
            WardEvent::ReadingsRecorded { points, .. } => match points.len() {
                1 => "1 reading came in".to_owned(),
                count => format!("{count} readings came in"),
            },
            WardEvent::DataQuarantined { items, reason, .. } => {
                format!("{items} kept apart: {}", plain(reason))
            }
            WardEvent::Alert { change, alert } => self.alert(*change, alert),
            WardEvent::Pathway(event) => self.pathway(event),
            WardEvent::Plan(event) => self.plan(event),
            WardEvent::Diary(event) => diary(event),
            WardEvent::Contact(event) => self.contact(event),
            WardEvent::Kit(event) => kit(event),
            WardEvent::Correction(event) => correction(event),
            WardEvent::Message(MessageEvent::NotDelivered { kind_of, .. }) => {
                format!("A message could not be delivered: {}", plain(kind_of))
            }
            WardEvent::Message(MessageEvent::CallAnnounced { .. }) => {
                "A call was announced to the patient".to_owned()
            }
            WardEvent::Duty(event) => self.duty(event),
            WardEvent::Staff(event) => self.staff(event),
        }
    }

    fn alert(&self, change: Change, alert: &Alert) -> String {
        let problem = match alert.problem {
            Problem::Technical(cause) => said(cause),
            other => said(other),
        };
        let subject = format!(
            "alert {} {} ({} {problem})",
            self.ward_code,
            alert.number.0,
            alert.severity.name()
        );
        match (change, &alert.state) {
            (Change::Acknowledged, _) => format!("Took {subject}"),
            (Change::Assigned, State::Acknowledged { by, .. }) => {
                format!("Gave {subject} to {}", self.name(*by))
            }
            (Change::Resolved, State::Resolved { outcome, .. }) => {
                format!("Resolved {subject}: {}", said(outcome))
            }
            _ => format!("{} {subject}", sentence_start(&plain(change.name()))),
        }
    }

    fn pathway(&self, event: &PathwayEvent) -> String {
        match event {
            PathwayEvent::CasesImported { new, .. } => {
                format!("Took in a list of new results: {new} new")
            }
            PathwayEvent::CaseReviewed { state, .. } => {
                format!("Reviewed somebody with a new result: {}", plain(state))
            }
            PathwayEvent::ReferralMoved { state, .. } => format!("Referral: {}", plain(state)),
            PathwayEvent::PhaseChanged { phase, .. } => match phase {
                Phase::Active => "Resumed the stay".to_owned(),
                Phase::Paused { reason, .. } => format!("Paused the stay: {}", said(reason)),
                Phase::Ended { destination, .. } => {
                    format!("Ended the stay: {}", said(destination))
                }
            },
            PathwayEvent::TransferredOut { .. } => "Transferred to another ward".to_owned(),
            PathwayEvent::TransferredIn { .. } => "Transferred from another ward".to_owned(),
            PathwayEvent::ChannelChanged { channel, .. } => {
                format!("Changed how readings come: {}", said(channel))
            }
            PathwayEvent::PatientEdited { .. } => "Changed the person's record".to_owned(),
        }
    }

    fn plan(&self, event: &PlanEvent) -> String {
        match event {
            PlanEvent::Changed {
                version,
                approved_by,
                ..
            } => match approved_by {
                Some(by) => format!("Plan version {version}, approved by {}", self.name(*by)),
                None => format!("Set plan version {version}"),
            },
            PlanEvent::Proposed { proposal, .. } => format!("Proposed a plan (number {proposal})"),
            PlanEvent::Rejected { proposal, .. } => format!("Rejected plan proposal {proposal}"),
            PlanEvent::FellBack {
                version, review_by, ..
            } => format!(
                "The plan was not reviewed by {}: version {version} is the ward's default",
                day(*review_by)
            ),
            PlanEvent::ReviewOverdue { review_by, .. } => {
                format!("The plan was to be reviewed by {}", day(*review_by))
            }
            PlanEvent::DefaultsChanged { .. } => "Changed the ward's default plan".to_owned(),
        }
    }

    fn contact(&self, event: &ContactEvent) -> String {
        match event {
            ContactEvent::Logged {
                direction,
                way,
                outcome,
                ..
            } => {
                let outcome = match outcome {
                    CallOutcome::Reached => "reached",
                    CallOutcome::NoAnswer => "no answer",
                    CallOutcome::LeftMessage => "left a message",
                    CallOutcome::WrongNumber => "wrong number",
                };
                let way = said(way);
                match direction {
                    Direction::FromWard => format!("Recorded a contact by {way}: {outcome}"),
                    Direction::ToWard => format!("Recorded a contact from the patient by {way}"),
                }
            }
            ContactEvent::Claimed { from: None, .. } => "Took the call".to_owned(),
            ContactEvent::Claimed {
                from: Some(from), ..
            } => format!("Took the call over from {}", self.name(*from)),
            ContactEvent::Released { .. } => "Gave the call back".to_owned(),
            ContactEvent::LadderStopped { .. } => "Stopped the contact ladder".to_owned(),
            ContactEvent::VisitBooked { at, .. } => {
                format!("Booked a visit for {}", self.when.at(*at))
            }
            ContactEvent::ReferredOnward { to, .. } => format!("Referred on: {}", said(to)),
            ContactEvent::VideoOffered { .. } => "Opened a room for a video call".to_owned(),
            ContactEvent::Asked { why, due, .. } => {
                format!("A call is due by {}: {}", self.when.at(*due), said(why))
            }
        }
    }

    fn duty(&self, event: &DutyEvent) -> String {
        match event {
            DutyEvent::Accepted { post, .. } => {
                format!("Came on duty: {}", post_words(*post).to_lowercase())
            }
            DutyEvent::Left { .. } => "Left duty".to_owned(),
            DutyEvent::NoteWritten { .. } => "Wrote a handover note".to_owned(),
            DutyEvent::NoteDone { .. } => "Ticked off a handover note".to_owned(),
            DutyEvent::AudioPaused { until, .. } => {
                format!("Paused the boards' sound until {}", self.when.at(*until))
            }
            DutyEvent::AudioResumed { .. } => "Ended a pause of the boards' sound".to_owned(),
            DutyEvent::SoundTested {
                console, heard, at, ..
            } => {
                let heard = if *heard { "heard" } else { "did not hear" };
                let at = self.when.at(*at);
                format!(
                    "Tested the sound of screen {}: {heard} it at {at}",
                    console.as_str()
                )
            }
        }
    }

    fn staff(&self, event: &StaffEvent) -> String {
        match event {
            StaffEvent::RoleSet {
                clinician, role, ..
            } => match role {
                Some(role) => format!(
                    "Made {} {}",
                    self.name(*clinician),
                    role_words(*role).to_lowercase()
                ),
                None => format!("Took {} off the ward", self.name(*clinician)),
            },
            StaffEvent::PasswordReset { clinician, .. } => {
                format!("Gave {} a one-time password", self.name(*clinician))
            }
            StaffEvent::RotaChanged {
                clinician,
                cancelled,
                ..
            } => {
                let did = if *cancelled { "Cancelled" } else { "Entered" };
                format!("{did} a turn of {} on the rota", self.name(*clinician))
            }
            StaffEvent::SettingChanged { setting, .. } => {
                format!("Changed a setting of the ward: {}", plain(setting))
            }
        }
    }
}

fn sentence_start(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first
        .into_iter()
        .flatten()
        .chain(letters)
        .collect::<String>()
}

fn diary(event: &DiaryEvent) -> String {
    match event {
        DiaryEvent::Submitted { means, .. } => format!("Diary entry ({})", said(means)),
        DiaryEvent::ReadingAnswered { .. } => "An odd reading was answered".to_owned(),
        DiaryEvent::QuestionnaireAdded {
            questionnaire,
            version,
            ..
        } => format!("Added questionnaire {questionnaire}, version {version}"),
        DiaryEvent::AccessGiven { .. } => "Gave a code for the patient's page".to_owned(),
        DiaryEvent::AccessEnded { .. } => "Access to the patient's page was ended".to_owned(),
    }
}

fn kit(event: &KitEvent) -> String {
    match event {
        KitEvent::Moved { step, state, .. } => {
            format!("Kit: {} (now {})", plain(step), plain(state))
        }
        KitEvent::Decided { stay, .. } => if stay.is_some() {
            "Said whose a reading is that was kept apart"
        } else {
            "Left a reading that was kept apart as nobody's"
        }
        .to_owned(),
    }
}

fn correction(event: &CorrectionEvent) -> String {
    match event {
        CorrectionEvent::ReadingStruck {
            code,
            moved_to: None,
            ..
        } => format!("Struck out a reading: {}", said(code)),
        CorrectionEvent::ReadingStruck {
            moved_to: Some(_), ..
        } => "Moved a reading to another patient".to_owned(),
        CorrectionEvent::ReadingMovedIn { .. } => {
            "Moved a reading here from another patient".to_owned()
        }
        CorrectionEvent::EntryStruck { code, .. } => {
            format!("Struck out a diary entry: {}", said(code))
        }
        CorrectionEvent::ExertionStruck { code, .. } => {
            format!("Struck out an exertion test: {}", said(code))
        }
        CorrectionEvent::ContactStruck { code, .. } => {
            format!("Struck out a contact: {}", said(code))
        }
    }
}

#[cfg(test)]
mod tests {
    use ward_core::alert::Outcome;
    use ward_core::contact::Onward;

    use super::*;

    #[test]
    fn a_word_of_the_rules_is_said_in_small_letters_and_apart() {
        assert_eq!(said(Outcome::AdviceGiven), "advice given");
        assert_eq!(said(Onward::Gp), "gp");
        assert_eq!(sentence_start(&plain("severity_rose")), "Severity rose");
    }
}
