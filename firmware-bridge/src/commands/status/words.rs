//! What the person in the room reads: a patient, a carer, an installer.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::clock::{Clock, Moment};
use crate::line::TroubleKind;
use crate::state_file::{SILENT_AFTER, State, UNCONNECTED_AFTER};

/// The same for a page and for a screen that is read from across the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Connected, and able to read oximeters.
    pub(super) well: bool,
    /// At most four lines of at most 13 characters, which is what 80 columns hold: capitals, digits, `: % . -`.
    pub(super) large: Vec<String>,
    /// Whole sentences.
    pub(super) sentences: Vec<String>,
    /// What to do, when something is wrong.
    pub(super) advice: Vec<String>,
}

/// An oximeter with this much or less wants new batteries: as the ward is told.
const BATTERY_LOW_PERCENT: u8 = 10;

/// Now, and where.
pub(super) struct Here {
    pub(super) now: Moment,
    pub(super) zone: TimeZone,
    /// Shortens the limits, in tests.
    pub(super) clock: Clock,
}

enum Condition<'a> {
    /// There is no sign of life at all since the box was switched on.
    NeverStarted,
    /// It wrote, and writes no more.
    Silent(Moment),
    Stopped(Moment),
    /// It ends again and again.
    Failing(&'a str),
    NotAccepted(Moment),
    NotConnected(Moment),
    /// It has started a moment ago and has asked nobody yet.
    Starting,
    NoBluetooth,
    Well,
}

impl Here {
    pub(super) fn words(&self, state: Option<&State>) -> Words {
        let condition = self.condition(state);
        let (headline, mut sentences, advice) = self.told(&condition);
        let well = matches!(condition, Condition::Well);
        let mut large = headline;
        if let Some(state) = state {
            if !well {
                large.extend(waiting_large(state));
            }
            sentences.extend(waiting(
                state,
                matches!(condition, Condition::Well | Condition::NoBluetooth),
            ));
            sentences.push(self.last_reading(state));
            if matches!(condition, Condition::Well) {
                large.extend(self.last_reading_large(state));
                large.extend(battery_large(state));
                sentences.extend(battery(state));
            }
        }
        let mut advice: Vec<String> = advice.into_iter().map(str::to_owned).collect();
        if well && state.is_some_and(|state| lowest_battery(state).is_some_and(is_low)) {
            advice.push("Put new batteries into the oximeter, or charge it.".to_owned());
        }
        if well && state.is_some_and(|state| state.assigned == 0) {
            sentences.push("No oximeter belongs to this box yet.".to_owned());
            advice.push("The ward assigns oximeters to it.".to_owned());
        }
        large.truncate(4);
        Words {
            well,
            large,
            sentences,
            advice,
        }
    }

    fn condition<'a>(&self, state: Option<&'a State>) -> Condition<'a> {
        let Some(state) = state else {
            return Condition::NeverStarted;
        };
        let limit = |span| self.clock.shortened(span);
        let Some(age) = state.written.age(self.now) else {
            return Condition::NeverStarted; // from before the box was switched on
        };
        match &state.ended {
            Some(ended) if ended.why.is_none() => return Condition::Stopped(state.written),
            _ if age > limit(SILENT_AFTER) => return Condition::Silent(state.written),
            Some(ended) => return Condition::Failing(ended.why.as_deref().unwrap_or_default()),
            None => {}
        }
        let answered = state.line.answered;
        let fresh = answered
            .and_then(|at| at.age(self.now))
            .is_some_and(|age| age <= limit(UNCONNECTED_AFTER));
        match state.line.trouble {
            Some(trouble) if trouble.kind == TroubleKind::NotAccepted => {
                return Condition::NotAccepted(answered.unwrap_or(trouble.since));
            }
            Some(trouble) if !fresh => {
                return Condition::NotConnected(answered.unwrap_or(trouble.since));
            }
            None if !fresh => {
                let started = state.started.age(self.now).unwrap_or_default();
                return if started <= limit(UNCONNECTED_AFTER) {
                    Condition::Starting
                } else {
                    Condition::NotConnected(answered.unwrap_or(state.started))
                };
            }
            _ => {}
        }
        match state.bluetooth_works {
            Some(false) => Condition::NoBluetooth,
            _ => Condition::Well,
        }
    }

    fn told(&self, condition: &Condition<'_>) -> (Vec<String>, Vec<String>, Vec<&'static str>) {
        let large = |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect();
        let since = |moment: &Moment| format!("SINCE {}", self.short(moment.shown(self.now)));
        match condition {
            Condition::Well => (
                large(&["CONNECTED"]),
                vec!["Connected to the ward.".to_owned()],
                vec![],
            ),
            Condition::Starting => (
                large(&["STARTING"]),
                vec!["Starting: the ward has not answered yet.".to_owned()],
                vec!["Wait two minutes."],
            ),
            Condition::NotConnected(at) => (
                large(&["NOT CONNECTED", &since(at)]),
                vec![format!(
                    "NOT CONNECTED to the ward since {}.",
                    self.when(*at)
                )],
                vec![
                    "Check that the internet works here: is the router on, is the cable in, does another device get through?",
                    "If it does, ring the ward. For an installer: wardlight-bridge doctor",
                ],
            ),
            Condition::NotAccepted(at) => (
                large(&["NOT CONNECTED", &since(at)]),
                vec![format!(
                    "NOT CONNECTED to the ward since {}: it does not accept this box.",
                    self.when(*at)
                )],
                vec!["Ring the ward: this box needs a new code. The internet is not the trouble."],
            ),
            Condition::NoBluetooth => (
                large(&["BLUETOOTH", "DOES NOT WORK"]),
                vec![
                    "Connected to the ward.".to_owned(),
                    "BLUETOOTH DOES NOT WORK: no oximeter can be read.".to_owned(),
                ],
                vec![
                    "Switch this box off, wait ten seconds, switch it on. If it stays so, ring the ward.",
                    "For an installer: wardlight-bridge doctor",
                ],
            ),
            Condition::Failing(why) => (
                large(&["DOES NOT WORK"]),
                vec![format!(
                    "THIS BOX DOES NOT WORK. It tries again by itself. It says: {why}"
                )],
                vec!["Ring the ward. For an installer: wardlight-bridge doctor"],
            ),
            Condition::Stopped(at) => (
                large(&["SWITCHED OFF", &since(at)]),
                vec![format!(
                    "SWITCHED OFF since {}: nothing is read.",
                    self.when(*at)
                )],
                vec!["For an installer: systemctl start wardlight-bridge"],
            ),
            Condition::Silent(at) => (
                large(&["DOES NOT WORK", &since(at)]),
                vec![format!(
                    "THIS BOX DOES NOT WORK since {}: nothing is read and nothing is sent.",
                    self.when(*at)
                )],
                vec![
                    "Switch it off, wait ten seconds, switch it on. If it stays so, ring the ward.",
                    "For an installer: journalctl -u wardlight-bridge -n 50",
                ],
            ),
            Condition::NeverStarted => (
                large(&["DOES NOT WORK"]),
                vec![
                    "THIS BOX DOES NOT WORK: it has not started since it was switched on."
                        .to_owned(),
                ],
                vec![
                    "If it was switched on more than two minutes ago, ring the ward.",
                    "For an installer: systemctl status wardlight-bridge; wardlight-bridge doctor",
                ],
            ),
        }
    }

    fn last_reading(&self, state: &State) -> String {
        state.last_reading.map_or_else(
            || "No reading yet.".to_owned(),
            |at| format!("Last reading {}.", self.when(at)),
        )
    }

    fn last_reading_large(&self, state: &State) -> Vec<String> {
        state.last_reading.map_or_else(
            || vec!["NO READING".to_owned(), "YET".to_owned()],
            |at| {
                let at = self.short(at.shown(self.now));
                vec!["LAST READING".to_owned(), at]
            },
        )
    }

    /// In the room's own time, with the day when it is not today.
    fn when(&self, moment: Moment) -> String {
        let at = moment.shown(self.now).to_zoned(self.zone.clone());
        let today = self.now.at.to_zoned(self.zone.clone()).date();
        if at.date() == today {
            at.strftime("%H:%M").to_string()
        } else if at.date().saturating_add(1.day()) == today {
            at.strftime("yesterday %H:%M").to_string()
        } else {
            at.strftime("%A %-d %B %H:%M").to_string()
        }
    }

    /// The same in seven characters.
    fn short(&self, at: Timestamp) -> String {
        let at = at.to_zoned(self.zone.clone());
        if at.date() == self.now.at.to_zoned(self.zone.clone()).date() {
            at.strftime("%H:%M").to_string()
        } else {
            at.strftime("%-d %b").to_string().to_uppercase()
        }
    }
}

fn waiting(state: &State, connected: bool) -> Option<String> {
    match (state.waiting, connected) {
        (None, _) => Some("What waits here cannot be counted.".to_owned()),
        (Some(0), true) => None,
        (Some(0), false) => Some("No reading waits here.".to_owned()),
        (Some(1), false) => Some("1 reading waits here and is safe.".to_owned()),
        (Some(count), false) => Some(format!("{count} readings wait here and are safe.")),
        (Some(1), true) => Some("1 reading is on its way.".to_owned()),
        (Some(count), true) => Some(format!("{count} readings are on their way.")),
    }
}

fn waiting_large(state: &State) -> Vec<String> {
    match state.waiting {
        None | Some(0) => Vec::new(),
        Some(count @ 1..1000) => vec![format!("{count} KEPT HERE")],
        Some(_) => vec!["MANY KEPT".to_owned()],
    }
}

fn lowest_battery(state: &State) -> Option<u8> {
    let told = state.oximeters.iter();
    told.filter_map(|oximeter| oximeter.battery_percent).min()
}

fn is_low(percent: u8) -> bool {
    percent <= BATTERY_LOW_PERCENT
}

/// Of several oximeters the one with the least, by the end of its address: it stands on no label that the patient needs.
fn battery(state: &State) -> Option<String> {
    let told = state.oximeters.iter();
    let told = told.filter_map(|oximeter| Some((oximeter.battery_percent?, &oximeter.tail)));
    let (percent, tail) = told.min()?;
    Some(if state.oximeters.len() == 1 {
        format!("Oximeter battery {percent} %.")
    } else {
        format!("Lowest oximeter battery {percent} % (address ends in {tail}).")
    })
}

fn battery_large(state: &State) -> Option<String> {
    lowest_battery(state).map(|percent| format!("BATTERY {percent} %"))
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
