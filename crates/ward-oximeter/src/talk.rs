//! What is written to a device during one connection, and when: a state machine that is told the time.
//!
//! Many oximeters say nothing until they are asked, stop unless they are told to go on, or keep records until they are
//! told to let go of them. Each family says how in its own file; what would harm a device (a factory reset, a firmware
//! update, a file that is never closed) has no command there, so that nothing can write it.
//!
//! The order is the same for all: everything is subscribed to, what can be read is read and heard, and only then is
//! [`Talk::next`] asked. Stored records come first, then the clock is set (their times are told by the clock as it was),
//! then live values.

use std::fmt;

use crate::date_time::{CurrentTime, DateTime};
use crate::family::{Endpoint, Family, Plan};
use crate::frame::Frame;
use crate::polled::Polled;
use crate::{accare, contec, masimo, nonin, oxyii, plx, po60, taidoc, viatom_oxy};

/// Something to write. Made by the families only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    name: &'static str,
    to: Endpoint,
    bytes: Vec<u8>,
    is_answered: bool,
    longest_piece: usize,
}

/// The moment at which a [`Talk`] is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Steady milliseconds.
    pub at_ms: u64,
    /// The wall clock where the device is; `None` when it is not known to be right, so that no clock is set by it.
    pub local: Option<DateTime>,
}

/// How it stands with the records in a device's memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stored {
    /// It has none, or they are not asked for.
    #[default]
    None,
    /// They are being handed over.
    Asking,
    /// So many were handed over, and the device still holds them: [`Talk::confirmed`] lets it delete them.
    HandedOver {
        /// How many.
        records: usize,
    },
    /// Nothing more is to be done about them on this connection.
    Done,
}

/// One family's side of the conversation.
pub(crate) trait Conversation: fmt::Debug + Send {
    /// A decoded frame came.
    fn hear(&mut self, frame: &Frame, at_ms: u64);
    /// What is to be written now, if anything. Asked again until there is nothing.
    fn next(&mut self, now: Now) -> Option<Command>;
    /// When to ask again at the latest, even if nothing comes.
    fn wake_ms(&self) -> Option<u64>;
    /// A command could not be written, or the device has refused it.
    fn refused(&mut self, _command: &Command, _at_ms: u64) {}
    /// The records in the device's memory.
    fn stored(&self) -> Stored {
        Stored::None
    }
    /// The service holds every record that was handed over.
    fn confirmed(&mut self, _at_ms: u64) {}
    /// There is nothing more to come, and the device may be let go, so that it can switch off.
    fn is_finished(&self) -> bool {
        false
    }
}

/// A device that is only listened to.
#[derive(Debug)]
pub(crate) struct Silence;

/// The name of the command that sets a device's clock: what it shows is read again after that.
pub const SET_CLOCK: &str = "set clock";
/// A clock that is right to this many seconds is left alone.
const CLOSE_ENOUGH_S: u64 = 2;

/// The conversation with one device over one connection.
#[derive(Debug)]
pub struct Talk {
    family: Box<dyn Conversation>,
    clock: Clock,
}

/// The device's clock, by the Bluetooth SIG's service. Clocks that are set in a family's own way are its own affair.
#[derive(Debug)]
enum Clock {
    /// It has none, or has been set, or need not be.
    Left,
    /// It can be set; as far as is known, it shows this time, read at this moment.
    ToSet {
        to: Endpoint,
        shows: Option<(DateTime, u64)>,
    },
}

impl Command {
    pub(crate) fn new(name: &'static str, to: Endpoint, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name,
            to,
            bytes: bytes.into(),
            is_answered: false,
            longest_piece: usize::MAX,
        }
    }

    /// For devices that take no longer writes than the shortest ATT MTU allows, whatever was agreed upon.
    pub(crate) fn in_pieces_of(self, longest_piece: usize) -> Self {
        Self {
            longest_piece,
            ..self
        }
    }

    /// To be written with a response (ATT Write Request); the others go without, where the device takes that.
    pub(crate) fn answered(self) -> Self {
        Self {
            is_answered: true,
            ..self
        }
    }

    /// What it asks, for the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Where it is written.
    #[must_use]
    pub const fn to(&self) -> Endpoint {
        self.to
    }

    /// Whether the device must answer the write itself.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        self.is_answered
    }

    /// The bytes, in pieces that fit into one write each: `most` is the connection's ATT MTU less 3.
    pub fn pieces(&self, most: usize) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks(most.min(self.longest_piece).max(1))
    }
}

impl Talk {
    /// A new connection. Ask [`Talk::next`] once everything in the plan is subscribed to and read.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self {
            family: plan.converse(),
            clock: plan
                .clock
                .map_or(Clock::Left, |to| Clock::ToSet { to, shows: None }),
        }
    }

    /// A decoded frame came.
    pub fn hear(&mut self, frame: &Frame, at_ms: u64) {
        if let (Frame::CurrentTime(current), Clock::ToSet { shows, .. }) = (frame, &mut self.clock)
        {
            *shows = current.time.valid().map(|time| (time, at_ms));
        }
        self.family.hear(frame, at_ms);
    }

    /// What is to be written now, if anything. Ask again until there is nothing, then at [`Talk::wake_ms`] or after the
    /// next frame, whichever is first.
    pub fn next(&mut self, now: Now) -> Option<Command> {
        let command = self.family.next(now);
        if command.is_some() || self.family.stored() == Stored::Asking {
            return command;
        }
        let local = now.local?;
        let Clock::ToSet { to, shows } = std::mem::replace(&mut self.clock, Clock::Left) else {
            return None;
        };
        let is_right = shows.is_some_and(|(shown, at_ms)| {
            let since_s = i64::try_from(now.at_ms.saturating_sub(at_ms) / 1000).unwrap_or(0);
            shown
                .seconds()
                .saturating_add(since_s)
                .abs_diff(local.seconds())
                < CLOSE_ENOUGH_S
        });
        (!is_right).then(|| Command::new(SET_CLOCK, to, CurrentTime::encode(local)).answered())
    }

    /// When to ask again at the latest.
    #[must_use]
    pub fn wake_ms(&self) -> Option<u64> {
        self.family.wake_ms()
    }

    /// The command could not be written, or the device has refused it.
    pub fn refused(&mut self, command: &Command, at_ms: u64) {
        self.family.refused(command, at_ms);
    }

    /// The records in the device's memory.
    #[must_use]
    pub fn stored(&self) -> Stored {
        self.family.stored()
    }

    /// The service holds every record that was handed over: the device may delete them.
    pub fn confirmed(&mut self, at_ms: u64) {
        self.family.confirmed(at_ms);
    }

    /// There is nothing more to come: disconnect, so that the device can switch off.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.family.is_finished()
    }
}

impl Conversation for Silence {
    fn hear(&mut self, _frame: &Frame, _at_ms: u64) {}

    fn next(&mut self, _now: Now) -> Option<Command> {
        None
    }

    fn wake_ms(&self) -> Option<u64> {
        None
    }
}

impl Plan {
    /// The family's side of the conversation.
    fn converse(&self) -> Box<dyn Conversation> {
        match self.family {
            Family::Plx => Box::new(plx::Records::new(self.write)),
            Family::ViatomOxy => Box::new(Polled::new(viatom_oxy::Requests, self.write)),
            Family::OxyII => Box::new(Polled::new(oxyii::Requests::default(), self.write)),
            Family::Masimo => Box::new(masimo::Start::new(self.write)),
            Family::Nonin => Box::new(nonin::Control::new(self.write)),
            Family::Contec => Box::new(contec::Start::new(self.write)),
            Family::TaiDoc => Box::new(taidoc::Ask::new(self.write)),
            Family::Accare => Box::new(accare::Start::new(self.write)),
            Family::Po60 => Box::new(po60::Records::new(self.write)),
            // These stream by themselves and are asked nothing.
            Family::Pc60
            | Family::Berry
            | Family::Jumper
            | Family::ChoiceMmed
            | Family::Yuwell
            | Family::Vtm20f
            | Family::Jks50f => Box::new(Silence),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{family, uuids};

    #[test]
    fn a_long_command_is_cut_into_pieces_and_a_silly_limit_does_no_harm() {
        let to = Endpoint {
            service: Uuid::nil(),
            characteristic: Uuid::nil(),
        };
        let command = Command::new("test", to, [1, 2, 3, 4, 5]);
        let cut = |most| command.pieces(most).map(<[u8]>::to_vec).collect::<Vec<_>>();
        assert_eq!(cut(2), [vec![1, 2], vec![3, 4], vec![5]]);
        assert_eq!(cut(0).len(), 5);
        assert_eq!(cut(20).len(), 1);
        let short = Command::new("test", to, [1, 2, 3]).in_pieces_of(2);
        assert_eq!(short.pieces(244).collect::<Vec<_>>(), [&[1, 2][..], &[3]]);
    }

    #[test]
    fn a_clock_is_set_once_and_only_when_it_is_wrong() {
        let at = |minute| DateTime {
            year: 2026,
            month: 11,
            day: 22,
            hour: 9,
            minute,
            second: 0,
        };
        let to = Endpoint {
            service: uuids::CURRENT_TIME_SERVICE,
            characteristic: uuids::CURRENT_TIME,
        };
        let found = [
            to,
            Endpoint {
                service: uuids::PLX_SERVICE,
                characteristic: uuids::PLX_CONTINUOUS,
            },
        ];
        let plan = family::choose(&found, None).unwrap();
        let written = |shown: Option<DateTime>, local| {
            let mut talk = Talk::new(&plan);
            if let Some(shown) = shown {
                let frame = CurrentTime::decode(&CurrentTime::encode(shown)).unwrap();
                talk.hear(&Frame::CurrentTime(frame), 1_000);
            }
            let first = talk.next(Now {
                at_ms: 61_000,
                local,
            });
            assert_eq!(
                talk.next(Now {
                    at_ms: 62_000,
                    local
                }),
                None
            );
            first.map(|command| {
                (
                    command.name(),
                    command.pieces(20).flatten().copied().collect::<Vec<_>>(),
                )
            })
        };
        // What it shows was read a minute ago.
        assert_eq!(written(Some(at(1)), Some(at(2))), None);
        let set = Some((SET_CLOCK, CurrentTime::encode(at(2)).to_vec()));
        assert_eq!(written(Some(at(2)), Some(at(2))), set);
        assert_eq!(written(None, Some(at(2))), set);
        assert_eq!(
            written(Some(at(9)), None),
            None,
            "the bridge does not know the time itself"
        );
    }
}
