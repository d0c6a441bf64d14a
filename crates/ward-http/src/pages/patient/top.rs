//! What stands at the top of every page of a patient: who, what is open, and the way to the other pages.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_core::id::{ClinicianId, StayId};
use ward_core::patient::{Patient, Relay};
use ward_core::permit::Verb;
use ward_core::plan_change::age_on;
use ward_core::stay::{PauseReason, Phase};
use ward_service::{PlanOf, StayPapers, StoredAlert};

use crate::pages::frame::PageError;
use crate::pages::patient::words::{PageClock, on_screen, readable, wire_name};
use crate::pages::staff::Staff;
use crate::pages::words::{PageAlert, Words};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;

/// So many alerts of a stay are looked at for those that are open: one of each problem can be.
const ALERTS: u32 = 50;

/// A stay that somebody has opened.
pub(super) struct Opened {
    pub(super) staff: Staff,
    pub(super) record: StayPapers,
    pub(super) plan: PlanOf,
    pub(super) clock: PageClock,
    pub(super) open: Vec<StoredAlert>,
    pub(super) names: BTreeMap<ClinicianId, String>,
}

/// Which page of a patient it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Overview,
    Readings,
    Diary,
    Contacts,
    Alerts,
    Plan,
    Kit,
    Person,
    Messages,
    Move,
    Summary,
    Print,
}

pub(super) struct TabLink {
    pub(super) path: String,
    pub(super) words: &'static str,
    pub(super) is_here: bool,
}

/// The top of the page, in words.
pub(super) struct Top {
    /// The stay's path.
    pub(super) base: String,
    pub(super) name: String,
    pub(super) born: String,
    pub(super) age: i16,
    pub(super) nhs_number: String,
    pub(super) phone: String,
    pub(super) dial: String,
    /// The page on which a call with them is written down.
    pub(super) call_path: Option<String>,
    pub(super) address: String,
    /// Name and words of what is needed to act.
    pub(super) facts: Vec<(&'static str, String)>,
    /// What to know before ringing.
    pub(super) needs: Vec<String>,
    pub(super) day_of_stay: String,
    pub(super) away: Option<String>,
    pub(super) alerts: Vec<PageAlert>,
    pub(super) may_act: bool,
    pub(super) you: Uuid,
    pub(super) as_of: i64,
    pub(super) tabs: Vec<TabLink>,
    pub(super) tools: Vec<TabLink>,
}

impl Opened {
    /// Opens a stay of the ward, and keeps that it was opened: `what` names the page.
    pub(super) async fn of(
        app: &App,
        staff: Staff,
        stay: Uuid,
        what: &'static str,
    ) -> Result<Self, PageError> {
        let permit = *staff.needs(Verb::SeePatient)?;
        let stay = StayId(stay);
        let record = app.wards.stay_papers(&permit, stay).await?;
        let record = record.ok_or_else(ApiError::not_found)?;
        let plan = app.wards.plan_of(&permit, stay).await?;
        let plan = plan.ok_or_else(ApiError::not_found)?;
        let mut open = app
            .wards
            .alerts_behind(&permit, stay, None, ALERTS)
            .await?
            .unwrap_or_default();
        open.retain(|stored| stored.alert.is_open());
        open.sort_by_key(|stored| std::cmp::Reverse(stored.alert.severity));
        let names = app.wards.names_of_staff().await?;
        app.wards.note_view(&permit, stay, what).await;
        Ok(Self {
            clock: PageClock {
                zone: staff.ward.zone(),
                now: app.wards.clock().now(),
            },
            staff,
            record,
            plan,
            open,
            names,
        })
    }

    pub(super) fn stay(&self) -> StayId {
        self.record.stay.id
    }

    /// The path of a page of this stay.
    pub(super) fn path(&self, rest: &str) -> String {
        path(&self.staff, self.stay(), rest)
    }

    pub(super) fn name_of(&self, id: ClinicianId) -> String {
        let name = self.names.get(&id);
        name.cloned().unwrap_or_else(|| "a colleague".to_owned())
    }

    /// An alert in the words of the board.
    pub(super) fn alert(&self, stored: &StoredAlert) -> PageAlert {
        let staff: BTreeMap<Uuid, String> = self
            .names
            .iter()
            .map(|(id, name)| (id.0, name.clone()))
            .collect();
        let code = stored.code.parse();
        let code = code.unwrap_or_else(|_| self.staff.ward.code.clone());
        let now = view::time(self.clock.now);
        let words = Words::new(&self.staff.ward.time_zone, &staff, now);
        words.alert(&view::alert(&code, &stored.alert))
    }

    pub(super) fn top(&self, here: Tab) -> Top {
        let (patient, stay) = (&self.record.patient, &self.record.stay);
        let may = |verb| self.staff.may(verb);
        let tab = |tab, rest: &str, words| TabLink {
            path: self.path(rest),
            words,
            is_here: tab == here,
        };
        let mut tabs = vec![
            tab(Tab::Overview, "", "Overview"),
            tab(Tab::Readings, "/readings", "Readings"),
            tab(Tab::Diary, "/diary", "Diary"),
            tab(Tab::Contacts, "/contacts", "Contacts"),
            tab(Tab::Alerts, "/alerts", "Alerts"),
            tab(Tab::Plan, "/plan", "Plan"),
            tab(Tab::Kit, "/kit", "Kit"),
            tab(Tab::Person, "/person", "Person"),
            tab(Tab::Messages, "/messages", "Messages and access"),
        ];
        if may(Verb::MovePatient) {
            tabs.push(tab(Tab::Move, "/move", "Pause, move, discharge"));
        }
        let tools = vec![
            tab(Tab::Summary, "/summary", "Copy a summary"),
            tab(Tab::Print, "/print", "Print"),
        ];
        let seen = self
            .open
            .iter()
            .map(|stored| stored.alert.spoke_seq.0)
            .max();
        Top {
            base: self.path(""),
            name: patient.display_name(),
            born: patient.birth_date.on_screen(),
            age: age_on(patient.birth_date, self.clock.today()),
            nhs_number: patient.nhs_number.to_string(),
            dial: dial(&patient.phone),
            call_path: (may(Verb::WorkCallList) && stay.phase.is_open())
                .then(|| self.staff.path(&format!("/call-list/{}", stay.id))),
            phone: patient.phone.clone(),
            address: patient.address.clone(),
            facts: facts(patient),
            needs: needs(patient),
            day_of_stay: self.day_of_stay(),
            away: away(stay.phase, &self.clock),
            alerts: self.open.iter().map(|stored| self.alert(stored)).collect(),
            may_act: may(Verb::AcknowledgeAlert),
            you: self.staff.permit.clinician.0,
            as_of: seen.unwrap_or_default(),
            tabs,
            tools,
        }
    }

    /// `Day 3 of 14, since 20-Nov-2026`.
    pub(super) fn day_of_stay(&self) -> String {
        let (stay, clock) = (&self.record.stay, &self.clock);
        let began = clock.zone.day_of(stay.admitted_at);
        let until = stay
            .phase
            .ended_at()
            .map_or(clock.now, |at| at.min(clock.now));
        let day = ward_core::day::Zone::days_between(began, clock.zone.day_of(until)) + 1;
        let planned = self.plan.version.plan.care.days;
        format!("Day {day} of {planned}, admitted {}", on_screen(began))
    }
}

/// The path of a page of a stay.
pub(super) fn path(staff: &Staff, stay: StayId, rest: &str) -> String {
    staff.path(&format!("/stays/{stay}{rest}"))
}

/// A number as a telephone dials it.
pub(super) fn dial(phone: &str) -> String {
    phone
        .chars()
        .filter(|letter| letter.is_ascii_digit() || *letter == '+')
        .collect()
}

fn facts(patient: &Patient) -> Vec<(&'static str, String)> {
    let known = [
        ("Getting in", &patient.door_access),
        ("At home", &patient.others_at_home),
        ("Oxygen at home", &patient.oxygen_at_home),
        ("Escalation plan and wishes", &patient.escalation_plan),
    ];
    let said = |text: &String| match text.trim() {
        "" => "Not recorded".to_owned(),
        text => text.to_owned(),
    };
    known.map(|(name, text)| (name, said(text))).into()
}

fn needs(patient: &Patient) -> Vec<String> {
    let details = &patient.details;
    let language = details.language.trim();
    let speaks = match (language.is_empty(), details.interpreter) {
        (true, false) => None,
        (true, true) => Some("Interpreter needed".to_owned()),
        (false, false) => Some(format!("Speaks {language}")),
        (false, true) => Some(format!("Speaks {language}, interpreter needed")),
    };
    let relay = details.relay.map(|relay| match relay {
        Relay::TextRelay => "Text relay: dial 18001 first".to_owned(),
        Relay::SignLanguage => "British Sign Language (BSL) video relay".to_owned(),
    });
    let other = Some(details.communication_needs.trim().to_owned()).filter(|text| !text.is_empty());
    [speaks, relay, other].into_iter().flatten().collect()
}

fn away(phase: Phase, clock: &PageClock) -> Option<String> {
    match phase {
        Phase::Active => None,
        Phase::Paused { since, reason } => {
            let why = match reason {
                PauseReason::InHospital => "In hospital",
                PauseReason::InRespite => "In respite",
                PauseReason::Away => "Away",
            };
            Some(format!(
                "{why} since {}: paused, not prompted",
                clock.when(since)
            ))
        }
        Phase::Ended { at, destination } => {
            let to = readable(&wire_name(&destination));
            Some(format!("Stay ended {}: {to}", clock.when(at)))
        }
    }
}
