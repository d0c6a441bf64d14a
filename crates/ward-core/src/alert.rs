//! One problem of one stay (or of one piece of kit), from raised to resolved.
//!
//! An alert keeps its worst severity until a person resolves it; the present condition is shown beside it. Every change
//! is a whole new value: the rules make it, the ledger stores it, the console shows it.

mod assign;
mod escalate;
mod life;
mod moved;
mod relapse;
mod snooze;
#[cfg(test)]
mod tests;
mod words;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use assign::{AssignRefused, Assigned, assign, let_go};
pub use escalate::{EscalateRefused, escalate};
pub use life::{
    AcknowledgeRefused, Acknowledged, ResolveRefused, acknowledge, as_of, closed, resolve, shown,
    time_passed,
};
pub use moved::moved;
pub use relapse::{RELAPSE_SPEAKS_AFTER, Relapse};
pub use snooze::{
    SNOOZE_AT_LEAST, SNOOZE_AT_MOST, Snooze, SnoozeAsked, SnoozeReason, SnoozeRefused, snooze,
};
pub(crate) use words::of_words;

use crate::device::DeviceAddress;
use crate::escalation::Ladder;
use crate::id::{AlertNumber, BridgeId, ClinicianId, Seq, StayId};
use crate::plan::Band;
use crate::spo2::Spo2;
use crate::technical::{Cause, Detail};
use crate::time::{Timestamp, seconds};

/// An alert that no console has shown within this time is itself a reason for alarm.
pub const SHOW_WITHIN: Duration = seconds(15);

/// Two lows of one band confirm each other when they were measured at least this far apart.
pub const CONFIRMED_BY_LOWS_APART: Duration = seconds(60);

/// A value so many points under the worst that was heeded speaks again.
pub const FALL_THAT_SPEAKS_AGAIN: u16 = 3;

/// What an alert is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A patient's stay.
    Stay(StayId),
    /// A bridge.
    Bridge(BridgeId),
    /// The service itself, as this ward sees it.
    Ward,
    /// An oximeter that a bridge heard and that nobody is known to wear.
    Device {
        /// Who heard it.
        bridge: BridgeId,
        /// What it calls itself on the air.
        address: DeviceAddress,
    },
}

impl std::fmt::Display for Subject {
    /// One text per subject, as it stands in the index that allows one open alert per subject and problem.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stay(stay) => write!(f, "stay:{stay}"),
            Self::Bridge(bridge) => write!(f, "bridge:{bridge}"),
            Self::Ward => f.write_str("ward"),
            Self::Device { bridge, address } => write!(f, "device:{bridge}:{address}"),
        }
    }
}

/// The kind of trouble. At most one alert is open per subject and problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Oxygen under the limits of the plan.
    Oxygen,
    /// A low that came in late, behind a newer good reading: for review, it does not page.
    LateLow,
    /// Oxygen well under what is usual for this person.
    OxygenDrop,
    /// Oxygen lower over the last readings than on the first day.
    OxygenTrend,
    /// A continuous source stood under the red limit for long.
    OxygenSustained,
    /// Oxygen over the prescribed target while on oxygen.
    OxygenTooHigh,
    /// Pulse outside the limits of the plan.
    Pulse,
    /// The NEWS2 score of one set of observations.
    News2,
    /// A fall on exertion.
    Exertion,
    /// Nothing newer than a low of more than a day ago.
    Silence,
    /// A symptom, whatever the numbers say.
    Symptom,
    /// The patient, or who cares for them, asked for help.
    AskedForHelp,
    /// The kit, not the person.
    Technical(Cause),
}

impl Problem {
    /// Its name in the index of open alerts and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oxygen => "oxygen",
            Self::LateLow => "late_low",
            Self::OxygenDrop => "oxygen_drop",
            Self::OxygenTrend => "oxygen_trend",
            Self::OxygenSustained => "oxygen_sustained",
            Self::OxygenTooHigh => "oxygen_too_high",
            Self::Pulse => "pulse",
            Self::News2 => "news2",
            Self::Exertion => "exertion",
            Self::Silence => "silence",
            Self::Symptom => "symptom",
            Self::AskedForHelp => "asked_for_help",
            Self::Technical(Cause::PoorSignal) => "poor_signal",
            Self::Technical(Cause::ClockWrong) => "clock_wrong",
            Self::Technical(Cause::UnknownDevice) => "unknown_device",
            Self::Technical(Cause::UnreadableData) => "unreadable_data",
            Self::Technical(Cause::BridgeSilent) => "bridge_silent",
            Self::Technical(Cause::BluetoothDown) => "bluetooth_down",
            Self::Technical(Cause::BridgeKeyExpired) => "bridge_key_expired",
            Self::Technical(Cause::DeviceBattery) => "device_battery",
            Self::Technical(Cause::OximeterNotHeard) => "oximeter_not_heard",
            Self::Technical(Cause::OximeterCannotBeRead) => "oximeter_cannot_be_read",
            Self::Technical(Cause::ReadingsStuck) => "readings_stuck",
            Self::Technical(Cause::DiskNearlyFull) => "disk_nearly_full",
            Self::Technical(Cause::AfterDischarge) => "after_discharge",
            Self::Technical(Cause::WhilePaused) => "while_paused",
            Self::Technical(Cause::DeliveryFailing) => "delivery_failing",
            Self::Technical(Cause::NobodyWatching) => "nobody_watching",
            Self::Technical(Cause::AlertPathBroken) => "alert_path_broken",
            Self::Technical(Cause::AlertsDisagree) => "alerts_disagree",
        }
    }
}

impl Problem {
    /// Of a rule beside the bands: what was measured before such an alert was resolved never raises another.
    #[must_use]
    pub const fn is_of_a_rule(self) -> bool {
        match self {
            Self::OxygenDrop
            | Self::OxygenTrend
            | Self::OxygenSustained
            | Self::OxygenTooHigh
            | Self::Pulse
            | Self::News2
            | Self::Exertion => true,
            Self::Oxygen
            | Self::LateLow
            | Self::Silence
            | Self::Symptom
            | Self::AskedForHelp
            | Self::Technical(_) => false,
        }
    }
}

/// How urgent. IEC 60601-1-8: low, medium and high priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Low priority: looked at in its turn, makes no sound.
    Low,
    /// Medium priority.
    Amber,
    /// High priority.
    Red,
}

impl Severity {
    /// Its name in the store.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }

    /// The severity that a low value has.
    #[must_use]
    pub const fn of(band: Band) -> Self {
        match band {
            Band::Green => Self::Low,
            Band::Amber => Self::Amber,
            Band::Red => Self::Red,
        }
    }
}

/// Whether a low has been borne out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// One low so far; a recheck is awaited. Red is red already for sound, order, acknowledgement and timers.
    Unconfirmed,
    /// A second reading in the same or a worse band, measured at least a minute apart.
    SecondReading,
    /// Nobody rechecked in time.
    NoRecheck,
    /// A kind of alert that is not rechecked.
    NotAsked,
}

/// Who has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody yet, or it has worsened or relapsed since somebody had it.
    Raised,
    /// A named clinician has taken it.
    Acknowledged {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
        /// The worst value at that time.
        worst: Option<Spo2>,
        /// A colleague gave it to them, and they have not said yet that they have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assigned_by: Option<ClinicianId>,
    },
    /// Over.
    Resolved {
        /// Who.
        by: ClinicianId,
        /// When.
        at: Timestamp,
        /// What changed in care.
        outcome: Outcome,
        /// In the clinician's words.
        note: String,
    },
}

/// What an alert led to. NICE (HTE13) asks how often an alert changes care; this is the answer, one alert at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Looked at, nothing needed.
    NoChange,
    /// The measurement was wrong: cold hand, slipped probe.
    MeasurementFault,
    /// Advice given by phone.
    AdviceGiven,
    /// A home visit was arranged.
    VisitArranged,
    /// Treatment was changed.
    TreatmentChanged,
    /// Passed to the GP or to 111.
    PassedOn,
    /// An ambulance was called.
    AmbulanceCalled,
    /// Admitted to hospital.
    AdmittedToHospital,
    /// The person has died.
    Died,
    /// Kit mended, moved or replaced.
    KitSeenTo,
    /// The patient went to another ward, and the alert with them.
    TransferredWard,
}

/// The lows of one band or worse that an alert rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lows {
    /// Measured first.
    pub first_at: Timestamp,
    /// Measured last.
    pub last_at: Timestamp,
    /// How many.
    pub count: u32,
    /// At least one of them is beyond doubt.
    pub sound: bool,
}

impl Lows {
    pub(crate) const fn one(at: Timestamp, sound: bool) -> Self {
        Self {
            first_at: at,
            last_at: at,
            count: 1,
            sound,
        }
    }

    pub(crate) fn and(held: Option<Self>, at: Timestamp, sound: bool) -> Self {
        held.map_or(Self::one(at, sound), |held| Self {
            first_at: held.first_at.min(at),
            last_at: held.last_at.max(at),
            count: held.count.saturating_add(1),
            sound: held.sound || sound,
        })
    }

    fn confirm_each_other(self) -> bool {
        self.last_at >= self.first_at.plus(CONFIRMED_BY_LOWS_APART)
    }
}

/// The worst values that people were told of. While an alert is nobody's this is what it last spoke of, so that nobody
/// takes a much deeper fall than the one they were told of.
///
/// Doubt counts one way: a doubtful 60, acknowledged as the artefact it was, does not make a true fall to 70 silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heeded {
    /// Of all values.
    pub worst: Option<Spo2>,
    /// Of those beyond doubt; before there is one, the first that comes.
    pub worst_sound: Option<Spo2>,
}

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The number of the event that raised it.
    pub number: AlertNumber,
    /// What it is about.
    pub subject: Subject,
    /// What the trouble is.
    pub problem: Problem,
    /// The worst it has been. Never falls.
    pub severity: Severity,
    /// Whether it has been borne out at that severity.
    pub confirmation: Confirmation,
    /// How things stand by the newest word: the condition may be green while the alert is open.
    pub condition: Band,
    /// Who has it.
    pub state: State,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When it reached its present severity, or relapsed: the recheck timer runs from here.
    pub severity_since: Timestamp,
    /// All lows.
    pub lows: Option<Lows>,
    /// The red ones among them.
    pub reds: Option<Lows>,
    /// The worst value.
    pub worst: Option<Spo2>,
    /// For technical alerts: what a person needs to find the fault.
    pub detail: Option<Detail>,
    /// The event that last made it speak, or turned its condition for the worse, or brought one more low to a review.
    /// Who acts says which they have seen, so that nobody takes or closes a worse alert than the one on their screen.
    pub spoke_seq: Seq,
    /// When it last spoke.
    pub spoke_at: Timestamp,
    /// The worst values that it last spoke of or that a clinician acknowledged: three points under speaks again.
    pub heeded: Heeded,
    /// The worst value beyond doubt.
    pub worst_sound: Option<Spo2>,
    /// When a console first showed what it last said.
    pub shown_at: Option<Timestamp>,
    /// A console must have shown it by then.
    pub show_by: Option<Timestamp>,
    /// No console showed it in time, and none has since.
    pub unseen: bool,
    /// Without a recheck by then it counts as confirmed.
    pub recheck_by: Option<Timestamp>,
    /// Since a clinician took it its condition has been green, or it was when they did.
    #[serde(default)]
    pub was_green: bool,
    /// Since a clinician took it its condition has been better than red, or it was when they did.
    #[serde(default)]
    pub was_below_red: bool,
    /// It has fallen again after a recovery: what it now rests on.
    #[serde(default)]
    pub relapse: Option<Relapse>,
    /// It has rested on readings that were struck out or moved to somebody else since.
    #[serde(default)]
    pub struck: Option<StruckLows>,
    /// How far it has been passed on.
    #[serde(default)]
    pub ladder: Ladder,
    /// Somebody keeps it quiet for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snooze: Option<Snooze>,
}

/// Lows that an alert no longer rests on. Its severity stays what they made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StruckLows {
    /// How many.
    pub count: u32,
    /// The deepest of them.
    pub worst: Option<Spo2>,
}

impl Alert {
    /// Not yet resolved.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self.state {
            State::Raised | State::Acknowledged { .. } => true,
            State::Resolved { .. } => false,
        }
    }

    /// Open and this clinician's.
    #[must_use]
    pub fn is_held_by(&self, clinician: ClinicianId) -> bool {
        matches!(self.state, State::Acknowledged { by, .. } if by == clinician)
    }

    /// Since when whoever has it has had it.
    #[must_use]
    pub const fn held_since(&self) -> Option<Timestamp> {
        match self.state {
            State::Acknowledged { at, .. } => Some(at),
            State::Raised | State::Resolved { .. } => None,
        }
    }

    /// Open and nobody's.
    #[must_use]
    pub const fn is_unacknowledged(&self) -> bool {
        matches!(self.state, State::Raised)
    }

    /// All lows at the present severity are in doubt; after a relapse that has not come so low again, all lows of the
    /// relapse.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.lows_at_severity()
            .or(self.relapse.and_then(|relapse| relapse.lows))
            .is_some_and(|lows| !lows.sound)
    }

    /// All lows of this band or worse that it rested on were struck out.
    pub(crate) fn has_nothing_left_of(&self, band: Band) -> bool {
        let left = if band == Band::Red {
            self.reds
        } else {
            self.lows
        };
        self.struck.is_some() && left.is_none()
    }

    /// When time alone next changes this alert.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let quiet_until = self.snooze.as_ref().map(|snooze| snooze.until);
        let ladder = self.ladder.next_deadline();
        let times = [self.show_by, self.recheck_by, quiet_until, ladder];
        times.into_iter().flatten().min()
    }

    pub(crate) fn lows_at_severity(&self) -> Option<Lows> {
        let (lows, reds) = self.relapse.map_or((self.lows, self.reds), |relapse| {
            (relapse.lows, relapse.reds)
        });
        match self.severity {
            Severity::Red => reds,
            Severity::Amber | Severity::Low => lows,
        }
    }

    pub(crate) fn lows_confirm_each_other(&self) -> bool {
        self.lows_at_severity()
            .is_some_and(Lows::confirm_each_other)
    }

    /// Whether a value falls so far under those that were heeded that it speaks again.
    pub(crate) fn speaks_again_at(&self, spo2: Spo2, sound: bool) -> bool {
        let heeded = if sound {
            self.heeded.worst_sound.max(self.heeded.worst)
        } else {
            self.heeded.worst
        };
        heeded.is_some_and(|heeded| spo2.is_below_by(FALL_THAT_SPEAKS_AGAIN, heeded))
    }

    /// This alert, with all its values heeded.
    pub(crate) const fn heeded(mut self) -> Self {
        self.heeded = Heeded {
            worst: self.worst,
            worst_sound: self.worst_sound,
        };
        self
    }

    /// This alert, speaking: nobody's again, and to be shown anew. What makes no sound need not be shown in time.
    ///
    /// A showing that is still owed is not put off, and an alert that no console has shown stays marked so: speaking
    /// again is not being seen.
    pub(crate) fn speak(mut self, now: Timestamp) -> Self {
        let show_by = now.plus(SHOW_WITHIN);
        self.state = State::Raised;
        self.snooze = None;
        self.spoke_at = now;
        self.shown_at = None;
        self.was_green = false;
        self.was_below_red = false;
        self.show_by = (self.severity > Severity::Low)
            .then(|| self.show_by.map_or(show_by, |owed| owed.min(show_by)));
        self.heeded()
    }

    /// This alert, with something in it that must be seen before anybody closes it, though it makes no sound.
    pub(crate) const fn with_unseen_news(mut self) -> Self {
        self.spoke_seq = NOT_YET_NUMBERED;
        self
    }

    /// As the log's event `seq` leaves it: numbers are only known when the ledger appends.
    #[must_use]
    pub fn stamped(mut self, seq: Seq, change: Change) -> Self {
        if change == Change::Raised {
            self.number = seq;
        }
        if change.speaks() || self.spoke_seq == NOT_YET_NUMBERED {
            self.spoke_seq = seq;
        }
        if change.passes_on() {
            self.ladder.seq = Some(seq);
        }
        self
    }
}

/// Until the ledger appends: the log's numbers begin at 1.
pub(crate) const NOT_YET_NUMBERED: Seq = Seq(0);

/// What happened to an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is new. Speaks.
    Raised,
    /// It is more severe than it was. Speaks again.
    SeverityRose,
    /// A second low bore it out, or nobody rechecked in time. Speaks again.
    Confirmed,
    /// Three points or more under the worst value that was acknowledged, or that it last spoke of. Speaks again.
    FellFurther,
    /// It has fallen again after a recovery, half an hour or more after a clinician took it. Speaks again.
    Relapsed,
    /// A person has said something new or said it again, after a clinician took it. Speaks again.
    SaidAgain,
    /// One more reading; the condition may have changed.
    Continued,
    /// A clinician took it.
    Acknowledged,
    /// It went to another clinician, who took it over or was given it.
    Assigned,
    /// Who had it gave it back to the ward. Speaks again.
    LetGo,
    /// A clinician ended it.
    Resolved,
    /// A console showed it.
    Shown,
    /// No console showed it in time.
    NotShown,
    /// Nobody took it in time: it has reached another level, and the boards sound anew.
    Escalated,
    /// Somebody passed it on.
    EscalatedByHand,
    /// A red that was still nobody's when the shift ended goes to whoever is on call.
    LeftAtShiftEnd,
    /// A clinician keeps it quiet for a while.
    Snoozed,
    /// That while is over. Speaks again.
    SnoozeEnded,
    /// What became of telling somebody.
    Told,
}

impl Change {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::SeverityRose => "severity_rose",
            Self::Confirmed => "confirmed",
            Self::FellFurther => "fell_further",
            Self::Relapsed => "relapsed",
            Self::SaidAgain => "said_again",
            Self::Continued => "continued",
            Self::Acknowledged => "acknowledged",
            Self::Assigned => "assigned",
            Self::LetGo => "let_go",
            Self::Resolved => "resolved",
            Self::Shown => "shown",
            Self::NotShown => "not_shown",
            Self::Escalated => "escalated",
            Self::EscalatedByHand => "escalated_by_hand",
            Self::LeftAtShiftEnd => "left_at_shift_end",
            Self::Snoozed => "snoozed",
            Self::SnoozeEnded => "snooze_ended",
            Self::Told => "told",
        }
    }

    /// Whether it sounds, asks to be acknowledged and must be shown in time.
    #[must_use]
    pub const fn speaks(self) -> bool {
        match self {
            Self::Raised
            | Self::SeverityRose
            | Self::Confirmed
            | Self::FellFurther
            | Self::Relapsed
            | Self::SaidAgain
            | Self::LetGo
            | Self::SnoozeEnded => true,
            Self::Continued
            | Self::Acknowledged
            | Self::Assigned
            | Self::Resolved
            | Self::Shown
            | Self::NotShown
            | Self::Escalated
            | Self::EscalatedByHand
            | Self::LeftAtShiftEnd
            | Self::Snoozed
            | Self::Told => false,
        }
    }

    /// Whether somebody more is told, and the boards sound anew, though nothing has become worse: who takes the alert in that
    /// second has seen all there is to see.
    #[must_use]
    pub const fn passes_on(self) -> bool {
        match self {
            Self::Escalated | Self::EscalatedByHand | Self::LeftAtShiftEnd => true,
            Self::Raised
            | Self::SeverityRose
            | Self::Confirmed
            | Self::FellFurther
            | Self::Relapsed
            | Self::SaidAgain
            | Self::LetGo
            | Self::Continued
            | Self::Acknowledged
            | Self::Assigned
            | Self::Resolved
            | Self::Shown
            | Self::NotShown
            | Self::Snoozed
            | Self::SnoozeEnded
            | Self::Told => false,
        }
    }
}
