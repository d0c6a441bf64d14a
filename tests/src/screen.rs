//! What a console has on its screen, and how the feed changes it.

use std::collections::BTreeMap;

use uuid::Uuid;
use ward_wire::board::{AlertView, Board};
use ward_wire::feed::{Event, Frame};

/// What a console shows, and everything that was wrong with the feed.
#[derive(Clone, Debug)]
pub struct Screen {
    /// As it was taken.
    pub board: Board,
    /// The last event that is on the screen.
    pub cursor: i64,
    /// Of the board, until the feed says another.
    pub epoch: Uuid,
    /// Open alerts by number.
    pub alerts: BTreeMap<i64, AlertView>,
    /// All that came since the board.
    pub events: Vec<(i64, Event)>,
    /// The service has said that there is no more, on this line.
    pub caught_up: bool,
    /// How old the service's last look into its database was, as it last said.
    pub database_age_ms: Option<u64>,
    /// Signs of life.
    pub signs_of_life: u32,
    /// The board must be taken again: the log's numbers may have been given anew.
    pub epoch_changed: bool,
    /// Gaps, repeats and frames that cannot be.
    pub faults: Vec<String>,
    /// How the service closed the line.
    pub closed: Option<u16>,
}

impl Screen {
    /// Freshly drawn.
    #[must_use]
    pub fn of(board: Board) -> Self {
        let rows = board.rows.iter().flat_map(|row| &row.alerts);
        let alerts = rows.chain(&board.technical);
        Self {
            cursor: board.as_of,
            epoch: board.epoch,
            alerts: alerts.map(|alert| (alert.number, alert.clone())).collect(),
            events: Vec::new(),
            caught_up: false,
            database_age_ms: None,
            signs_of_life: 0,
            epoch_changed: false,
            faults: Vec::new(),
            closed: None,
            board,
        }
    }

    /// Applies a frame. A number that is not the next one is a fault of the feed.
    pub fn apply(&mut self, frame: Frame) {
        match frame {
            Frame::Event { seq, event, .. } => {
                if seq != self.cursor + 1 {
                    self.faults
                        .push(format!("event {seq} came after {}", self.cursor));
                }
                self.cursor = seq;
                if let Event::Alert { alert, .. } = &event {
                    if alert.resolved.is_some() {
                        self.alerts.remove(&alert.number);
                    } else {
                        self.alerts.insert(alert.number, (**alert).clone());
                    }
                }
                self.events.push((seq, event));
            }
            Frame::CaughtUp { seq, epoch } => {
                self.caught_up = true;
                self.hear(seq, epoch);
            }
            Frame::StillHere {
                seq,
                epoch,
                database_age_ms,
                ..
            } => {
                self.signs_of_life += 1;
                self.database_age_ms = Some(database_age_ms);
                self.hear(seq, epoch);
            }
        }
    }

    fn hear(&mut self, head: i64, epoch: Uuid) {
        self.epoch_changed |= epoch != self.epoch;
        if head < self.cursor && !self.epoch_changed {
            self.faults
                .push(format!("the head went back from {} to {head}", self.cursor));
        }
    }

    /// The changes of one alert, by name, in their order.
    #[must_use]
    pub fn changes_of(&self, number: i64) -> Vec<&str> {
        let changes = self.events.iter().filter_map(|(_, event)| match event {
            Event::Alert { change, alert, .. } if alert.number == number => Some(change.as_str()),
            _ => None,
        });
        changes.collect()
    }

    /// What speaks, by number and change, in its order.
    #[must_use]
    pub fn spoken(&self) -> Vec<(i64, &str)> {
        let spoken = self.events.iter().filter_map(|(_, event)| match event {
            Event::Alert {
                change,
                alert,
                speaks: true,
            } => Some((alert.number, change.as_str())),
            _ => None,
        });
        spoken.collect()
    }

    /// The one open alert.
    ///
    /// # Panics
    /// When there is none, or there are several.
    #[track_caller]
    #[must_use]
    pub fn only(&self) -> &AlertView {
        let mut open = self.alerts.values();
        match (open.next(), open.next()) {
            (Some(only), None) => only,
            _ => panic!("one open alert was expected: {:#?}", self.alerts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen() -> Screen {
        let board = serde_json::json!({
            "ward": { "id": Uuid::nil(), "code": "PEN", "name": "", "phone": "", "time_zone": "" },
            "epoch": Uuid::nil(), "as_of": 7, "server_time": "2026-11-21T08:00:00Z",
            "you": { "clinician": Uuid::nil(), "name": "", "may_act": true },
            "rows": [], "technical": [], "staff": {},
        });
        Screen::of(serde_json::from_value(board).unwrap())
    }

    fn event(seq: i64) -> Frame {
        Frame::Event {
            seq,
            at: jiff::Timestamp::UNIX_EPOCH,
            event: Event::StayAdmitted { stay: Uuid::nil() },
        }
    }

    #[test]
    fn planted_gaps_and_repeats_are_caught() {
        let mut good = screen();
        good.apply(event(8));
        good.apply(event(9));
        assert_eq!(good.faults, [""; 0]);
        let mut gap = screen();
        gap.apply(event(9));
        assert_eq!(gap.faults, ["event 9 came after 7"]);
        let mut repeat = screen();
        repeat.apply(event(8));
        repeat.apply(event(8));
        assert_eq!(repeat.faults, ["event 8 came after 8"]);
    }

    #[test]
    fn a_head_that_goes_back_is_a_fault_unless_the_epoch_is_new() {
        let caught_up = |epoch| Frame::CaughtUp { seq: 3, epoch };
        let mut back = screen();
        back.apply(caught_up(Uuid::nil()));
        assert_eq!(back.faults, ["the head went back from 7 to 3"]);
        let mut anew = screen();
        anew.apply(caught_up(Uuid::max()));
        assert!(anew.faults.is_empty() && anew.epoch_changed);
    }
}
