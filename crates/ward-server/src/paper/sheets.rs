//! The board and the call list of a ward as they are printed: what a ward works from while the service is away.

use ward_core::alert::{Alert, Severity};
use ward_core::call_list::Row;
use ward_core::id::{ClinicianId, StayId};
use ward_core::stay::Phase;
use ward_service::{Caseload, WardOnPaper};

use super::layout::{Cell, Head, Layout, bold, plain};
use super::pdf::FontFault;
use super::words::{self, When};

/// Alert, person, phones, oxygen, what a person needs to act.
const IN_FULL: [f32; 5] = [1.5, 1.5, 1.3, 1.2, 2.0];
/// Why, person, phones, readings and calls, room to write.
const TO_RING: [f32; 5] = [1.5, 1.6, 1.3, 1.5, 1.7];
/// Person, numbers, phone, newest value, address.
const IN_SHORT: [f32; 5] = [1.5, 1.4, 1.0, 1.9, 1.6];

/// So many of the newest values stand on the paper.
const VALUES: usize = 3;

/// The file.
pub(super) fn print(paper: &WardOnPaper) -> Result<Vec<u8>, FontFault> {
    let print = Print {
        paper,
        when: When {
            zone: &paper.calls.zone,
            now: paper.calls.now,
        },
    };
    let mut layout = Layout::new(print.head())?;
    print.board(&mut layout);
    print.call_list(&mut layout);
    layout.finish()
}

struct Print<'a> {
    paper: &'a WardOnPaper,
    when: When<'a>,
}

impl Print<'_> {
    fn head(&self) -> Head {
        let ward = &self.paper.board.snapshot.ward;
        Head {
            title: format!(
                "{} ({}), as of {}",
                ward.name,
                ward.code,
                self.when.in_full()
            ),
            warning: format!(
                "Board and call list for when the service is away. Nothing after this time is on it: ring to learn how people are. Ward phone {}",
                ward.phone
            ),
            footer: "Patients' data: keep it safe, and destroy it when a newer one is printed."
                .to_owned(),
        }
    }

    fn board(&self, layout: &mut Layout) {
        let board = &self.paper.board;
        layout.heading(&format!("Board: {}", self.sum()));
        let (alerting, quiet): (Vec<&Caseload>, Vec<&Caseload>) = board
            .snapshot
            .caseload
            .iter()
            .partition(|row| !self.alerts(row.record.stay.id).is_empty());
        for row in &alerting {
            layout.row(&IN_FULL, self.in_full(row));
        }
        if !board.technical.is_empty() {
            layout.heading("About kit");
        }
        for alert in &board.technical {
            layout.note(plain(format!(
                "{}. {}",
                self.headline(alert),
                self.story(alert)
            )));
        }
        if !board.snapshot.unreadable.is_empty() {
            layout.note(bold(
                format!(
                    "*** {} open alerts cannot be read",
                    board.snapshot.unreadable.len()
                ),
                8.5,
            ));
        }
        layout.heading(&format!("No open alert: {}", quiet.len()));
        for row in quiet {
            layout.row(&IN_SHORT, self.in_short(row, None));
        }
    }

    fn call_list(&self, layout: &mut Layout) {
        let list = &self.paper.calls.list;
        layout.heading(&format!("Call list: {} to ring", list.to_call.len()));
        for (place, row) in list.to_call.iter().enumerate() {
            if let Some(person) = self.person(row.stay) {
                layout.row(&TO_RING, self.to_ring(place + 1, row, person));
            }
        }
        for (title, part) in [
            ("In hospital or away", &list.paused),
            ("Stopped by a senior clinician", &list.stopped),
            ("Not due today", &list.not_due),
        ] {
            layout.heading(&format!("{title}: {}", part.len()));
            for row in part {
                if let Some(person) = self.person(row.stay) {
                    let next = row
                        .next_on
                        .map(|day| format!("Next on {}", day.strftime("%d-%b")));
                    layout.row(&IN_SHORT, self.in_short(person, next));
                }
            }
        }
    }

    /// "2 red (1 nobody's), 3 amber, 0 low; 12 people"
    fn sum(&self) -> String {
        let open = || self.paper.board.by_stay.values().flatten();
        let of = |severity| open().filter(move |alert| alert.severity == severity);
        let waiting = of(Severity::Red).filter(|alert| alert.is_unacknowledged());
        format!(
            "{} red ({} nobody's), {} amber, {} low; {} people",
            of(Severity::Red).count(),
            waiting.count(),
            of(Severity::Amber).count(),
            of(Severity::Low).count(),
            self.paper.board.snapshot.caseload.len()
        )
    }

    fn alerts(&self, stay: StayId) -> &[Alert] {
        self.paper
            .board
            .by_stay
            .get(&stay)
            .map_or(&[], Vec::as_slice)
    }

    fn person(&self, stay: StayId) -> Option<&Caseload> {
        let mut caseload = self.paper.board.snapshot.caseload.iter();
        caseload.find(|row| row.record.stay.id == stay)
    }

    fn name(&self, id: &ClinicianId) -> String {
        let known = self.paper.board.staff.get(id);
        known.map_or_else(|| "A colleague".to_owned(), Clone::clone)
    }

    fn headline(&self, alert: &Alert) -> String {
        let code = &self.paper.board.snapshot.ward.code;
        format!(
            "{}   {code} {}",
            words::severity(alert.severity),
            alert.number.0
        )
    }

    fn story(&self, alert: &Alert) -> String {
        let has_it = self.when.has_it(alert, |id| self.name(id));
        format!("{}. {has_it}", words::about(alert))
    }

    fn in_full(&self, row: &Caseload) -> Vec<Cell> {
        let alerts = self.alerts(row.record.stay.id);
        let mut what = Cell::new();
        for alert in alerts {
            what.push(bold(self.headline(alert), 9.5));
            what.push(plain(self.story(alert)));
        }
        let patient = &row.patient;
        let said = |what: &str, text: &str| {
            plain(if text.trim().is_empty() {
                String::new()
            } else {
                format!("{what}: {text}")
            })
        };
        vec![
            what,
            self.identity(row),
            Self::phones(row),
            self.oxygen(row),
            vec![
                plain(patient.address.clone()),
                said("Getting in", &patient.door_access),
                said("Who else is there", &patient.others_at_home),
                said("Oxygen at home", &patient.oxygen_at_home),
                said("Plan and wishes", &patient.escalation_plan),
            ],
        ]
    }

    fn to_ring(&self, place: usize, row: &Row, person: &Caseload) -> Vec<Cell> {
        let code = self.paper.board.snapshot.ward.code.as_str();
        let mut why: Cell = row
            .reasons
            .iter()
            .map(|reason| plain(self.when.reason(code, reason)))
            .collect();
        if let Some(first) = why.first_mut() {
            *first = bold(format!("{place}.  {}", first.words), 9.0);
        }
        if let Some(claim) = row.claim {
            why.push(plain(format!(
                "{} has it, since {}",
                self.name(&claim.by),
                self.when.at(claim.at)
            )));
        }
        let mut readings = self.oxygen(person);
        let contact = self.paper.calls.snapshot.calls.get(&row.stay);
        if let Some(last) = contact.and_then(|(_, contact)| contact.last) {
            readings.push(plain(self.when.last(&last, &self.name(&last.by))));
        }
        readings.extend(
            row.ladder
                .iter()
                .map(|ladder| plain(self.when.ladder(ladder))),
        );
        vec![
            why,
            self.identity(person),
            Self::phones(person),
            readings,
            vec![
                plain("☐ Reached ☐ No answer ☐ Message ☐ Wrong"),
                plain("SpO2 ______ Pulse ______ at ____:____"),
                plain("Next ______________________________"),
                plain("Rung ____:____ by __________________"),
            ],
        ]
    }

    fn in_short(&self, row: &Caseload, next: Option<String>) -> Vec<Cell> {
        let newest = row.record.state.newest();
        let value =
            newest.map_or_else(|| "No value yet".to_owned(), |point| self.when.value(point));
        vec![
            vec![
                bold(row.patient.display_name(), 9.0),
                plain(self.away(row)),
                plain(next.unwrap_or_default()),
            ],
            vec![
                plain(words::who(&row.patient)),
                plain(words::needs(&row.patient.details)),
            ],
            vec![bold(row.patient.phone.clone(), 9.5)],
            vec![plain(format!(
                "{value}. {}",
                words::limits(&row.record.stay.plan)
            ))],
            vec![plain(row.patient.address.clone())],
        ]
    }

    fn identity(&self, row: &Caseload) -> Cell {
        vec![
            bold(row.patient.display_name(), 10.5),
            plain(words::who(&row.patient)),
            plain(words::needs(&row.patient.details)),
            plain(self.away(row)),
        ]
    }

    fn phones(row: &Caseload) -> Cell {
        let mut phones = vec![bold(row.patient.phone.clone(), 12.0)];
        phones.extend(words::kin(&row.patient.details).into_iter().map(plain));
        phones
    }

    fn oxygen(&self, row: &Caseload) -> Cell {
        let trend = row.record.state.trend.iter().rev().take(VALUES);
        let mut cell: Cell = trend.map(|point| plain(self.when.value(point))).collect();
        if cell.is_empty() {
            cell.push(plain("No value yet"));
        }
        cell.push(plain(words::limits(&row.record.stay.plan)));
        let care = self.paper.calls.snapshot.calls.get(&row.record.stay.id);
        let target = care.and_then(|(care, _)| care.oxygen_target);
        cell.extend(target.map(|target| plain(format!("Target {}–{} %", target.from, target.to))));
        cell
    }

    fn away(&self, row: &Caseload) -> String {
        match row.record.stay.phase {
            Phase::Active => String::new(),
            Phase::Paused { since, reason } => {
                format!("{} since {}", words::pause(reason), self.when.at(since))
            }
            Phase::Ended { at, .. } => format!("Stay ended at {}", self.when.at(at)),
        }
    }
}
