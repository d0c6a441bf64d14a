//! What an alert of a rule becomes with one more finding.

use super::Finding;
use crate::alert::{
    Alert, Change, Confirmation, Heeded, Lows, NOT_YET_NUMBERED, Severity, State, Subject,
};
use crate::id::StayId;
use crate::moment::Moment;
use crate::plan::Band;
use crate::technical::Detail;
use crate::time::Timestamp;

/// A new alert. Nothing of it is rechecked: what made it is on record.
pub(super) fn raised(
    stay: StayId,
    finding: &Finding,
    at: Timestamp,
    now: Timestamp,
) -> (Change, Alert) {
    let lows = Lows::one(at, finding.sound);
    let alert = Alert {
        number: NOT_YET_NUMBERED,
        subject: Subject::Stay(stay),
        problem: finding.problem,
        severity: Severity::of(finding.band),
        confirmation: Confirmation::NotAsked,
        condition: finding.band,
        state: State::Raised,
        raised_at: now,
        severity_since: now,
        lows: Some(lows),
        reds: (finding.band == Band::Red).then_some(lows),
        worst: finding.spo2,
        worst_sound: finding.spo2.filter(|_| finding.sound),
        detail: finding.found.clone().map(|found| Detail::Rule { found }),
        spoke_seq: NOT_YET_NUMBERED,
        spoke_at: now,
        heeded: Heeded::default(),
        shown_at: None,
        show_by: None,
        unseen: false,
        recheck_by: None,
        was_green: false,
        was_below_red: false,
        relapse: None,
        struck: None,
        ladder: crate::escalation::Ladder::default(),
        snooze: None,
    };
    (Change::Raised, alert.speak(now))
}

/// An open alert and what the rule says now. `None`: nothing is new.
pub(super) fn gone_on(
    known: &Alert,
    finding: &Finding,
    moment: &Moment,
    now: Timestamp,
) -> Option<(Change, Alert)> {
    if finding.band == Band::Green {
        let over = finding.sound && known.condition != Band::Green;
        return over.then(|| (Change::Continued, known.clone().standing(Band::Green)));
    }
    let severity = Severity::of(finding.band);
    let rises = severity > known.severity;
    let relapses = !rises
        && known
            .relapse_speaks_from(finding.band, now)
            .is_some_and(|from| moment.latest() >= from);
    // All that it rested on was struck out: the first true one is told as a new one is.
    let begins_anew = known.has_nothing_left_of(finding.band);
    let fell_further = begins_anew
        || finding
            .spo2
            .is_some_and(|spo2| known.speaks_again_at(spo2, finding.sound));
    let mut alert = known.clone();
    alert.lows = Some(Lows::and(known.lows, moment.at, finding.sound));
    if finding.band == Band::Red {
        alert.reds = Some(Lows::and(known.reds, moment.at, finding.sound));
    }
    alert.worst = known.worst.into_iter().chain(finding.spo2).min();
    if finding.sound {
        alert.worst_sound = known.worst_sound.into_iter().chain(finding.spo2).min();
        alert.heeded.worst_sound = known.heeded.worst_sound.or(finding.spo2);
    }
    alert.severity = known.severity.max(severity);
    if rises || relapses {
        alert.severity_since = now;
    }
    if severity >= known.severity {
        // The newest that is as bad as the alert: what somebody finds when they look.
        alert.detail = finding.found.clone().map(|found| Detail::Rule { found });
    }
    alert = alert.standing(finding.band);
    let change = if rises {
        Change::SeverityRose
    } else if relapses {
        Change::Relapsed
    } else if fell_further {
        Change::FellFurther
    } else {
        Change::Continued
    };
    let alert = if change.speaks() {
        alert.speak(now)
    } else if alert.condition > known.condition {
        alert.with_unseen_news()
    } else {
        alert
    };
    Some((change, alert))
}
