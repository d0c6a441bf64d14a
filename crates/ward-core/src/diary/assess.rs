//! What follows from what a patient says. Severity only rises, worse speaks again, and one alert is open per stay and
//! problem.

use std::time::Duration;

use super::{Words, band_of};
use crate::alert::{Alert, Change, Problem, Severity, State, Subject, of_words};
use crate::assess::PAGES_UP_TO_AGE;
use crate::event::WardEvent;
use crate::plan::Band;
use crate::questionnaire::{Help, Symptom, Urgency};
use crate::silence::diary_heard;
use crate::stay::{Destination, PauseReason, Phase, Stay, StayState};
use crate::technical::Detail;
use crate::time::{Timestamp, minutes};

/// Who asks again so long after somebody has taken their request is heard again. Before that it is the same request.
/// `[check]`
pub const AGAIN_AFTER: Duration = minutes(5);

/// What was said, for one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The time that it is about.
    pub at: Timestamp,
    /// In order of their codes.
    pub symptoms: Vec<Symptom>,
    /// What was asked of the ward.
    pub help: Option<Help>,
}

/// What follows from what was said.
///
/// `state` is the stay's state *after* [`Words::with`] this entry and with the readings that came with it, `open` its
/// open alerts. No two of the events concern the same alert.
#[must_use]
pub fn assess_diary(
    stay: &Stay,
    state: &StayState,
    open: &[Alert],
    said: &Said,
    now: Timestamp,
) -> Vec<WardEvent> {
    if is_answered_by_what_happened(stay, said.at) {
        return Vec::new();
    }
    let subject = Subject::Stay(stay.id);
    let state = state.clone().as_of(now);
    let find = |problem: Problem| {
        open.iter()
            .find(|it| it.is_open() && it.problem == problem && it.subject == subject)
    };
    let symptoms = symptom_events(&subject, &state, said, find, now);
    let help = said
        .help
        .and_then(|help| help_event(&subject, said.at, help, find(Problem::AskedForHelp), now));
    let changes = symptoms.into_iter().chain(help);
    changes
        .map(|(change, alert)| WardEvent::Alert {
            change,
            alert: Box::new(alert),
        })
        .collect()
}

/// Of before a death or a hospital admission, and told after it: kept, and it asks for nothing any more.
fn is_answered_by_what_happened(stay: &Stay, at: Timestamp) -> bool {
    match stay.phase {
        Phase::Active => false,
        Phase::Paused { since, reason } => reason == PauseReason::InHospital && at < since,
        Phase::Ended {
            at: ended_at,
            destination,
        } => matches!(destination, Destination::Died | Destination::Hospital) && at < ended_at,
    }
}

/// Where what was said stands among what is already known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing is wrong: it may clear a condition.
    Clears,
    /// To be acted on.
    Current,
    /// Something newer is known, or a person has ended an alert since: for review.
    Late,
    /// More than a day old, and nothing has been heard since.
    LongAgo,
}

fn place_of(state: &StayState, at: Timestamp, urgency: Option<Urgency>, now: Timestamp) -> Place {
    let words: &Words = &state.words;
    let better = match urgency {
        None => return Place::Clears,
        Some(Urgency::Red) => words.below_red_at,
        Some(Urgency::Amber) => words.calm_at,
    };
    let after = |other: Option<Timestamp>| other.is_some_and(|other| other > at);
    if after(better) || after(words.resolved_at) {
        Place::Late
    } else if at >= now.minus(PAGES_UP_TO_AGE) {
        Place::Current
    } else if after(words.newest_at) || after(state.last_tried_at) {
        Place::Late
    } else {
        Place::LongAgo
    }
}

fn symptom_events<'a>(
    subject: &Subject,
    state: &StayState,
    said: &Said,
    find: impl Fn(Problem) -> Option<&'a Alert>,
    now: Timestamp,
) -> Vec<(Change, Alert)> {
    let urgency = said.symptoms.iter().map(|symptom| symptom.urgency).max();
    let place = place_of(state, said.at, urgency, now);
    let condition = state.words.condition().unwrap_or(Band::Green);
    let of_symptoms = match (find(Problem::Symptom), place) {
        (None, Place::Current) => Some(raise(subject, Problem::Symptom, said, condition, now)),
        (None, Place::Late) => Some(review(subject, said, now)),
        (None, Place::Clears | Place::LongAgo) => None,
        (Some(known), Place::Current) => Some(go_on(known, said, condition, now)),
        (Some(known), Place::Late) => remember(known, said, condition),
        (Some(known), Place::Clears | Place::LongAgo) => stand(known, condition),
    };
    let of_silence = (place == Place::LongAgo).then(|| match find(Problem::Silence) {
        None => Some(raise(subject, Problem::Silence, said, condition, now)),
        Some(known) => silence_worse(known, said, now),
    });
    of_symptoms
        .into_iter()
        .chain(of_silence.flatten())
        .collect()
}

fn raise(
    subject: &Subject,
    problem: Problem,
    said: &Said,
    condition: Band,
    now: Timestamp,
) -> (Change, Alert) {
    let severity = severity_of(&said.symptoms);
    let detail = with_symptoms(None, &said.symptoms);
    let mut alert = of_words(subject.clone(), problem, severity, detail, now);
    alert.condition = condition;
    (Change::Raised, alert)
}

/// What was so, and is over: for a person to look at, without a sound.
fn review(subject: &Subject, said: &Said, now: Timestamp) -> (Change, Alert) {
    let detail = with_late(None, &said.symptoms);
    let alert = of_words(
        subject.clone(),
        Problem::Symptom,
        Severity::Low,
        detail,
        now,
    );
    (Change::Raised, alert)
}

fn go_on(known: &Alert, said: &Said, condition: Band, now: Timestamp) -> (Change, Alert) {
    let severity = severity_of(&said.symptoms);
    let heard = codes(known.detail.as_ref());
    let mut alert = known.clone();
    alert.detail = Some(with_symptoms(known.detail.as_ref(), &said.symptoms));
    if severity > known.severity {
        alert.severity = severity;
        alert.severity_since = now;
        alert = alert.standing(condition).speak(now);
        return (Change::SeverityRose, alert);
    }
    let as_bad = severity == known.severity;
    let new = |wanted: Severity| {
        said.symptoms
            .iter()
            .filter(|it| Severity::of(band_of(Some(it.urgency))) == wanted)
            .any(|it| !heard.contains(&it.code))
    };
    // Who had become better, or says something that nobody knew of, is heard again.
    let had_been_better = match known.severity {
        Severity::Red => known.was_below_red || known.condition < Band::Red,
        Severity::Amber | Severity::Low => known.was_green || known.condition == Band::Green,
    };
    let speaks = as_bad && !known.is_unacknowledged() && (new(known.severity) || had_been_better);
    let alert = alert.standing(condition);
    if speaks {
        return (Change::SaidAgain, alert.speak(now));
    }
    let any_new = new(Severity::Red) || new(Severity::Amber);
    let worse = any_new || alert.condition > known.condition;
    let alert = if worse {
        alert.with_unseen_news()
    } else {
        alert
    };
    (Change::Continued, alert)
}

/// Of the past: it changes nothing but what there is to look at.
fn remember(known: &Alert, said: &Said, condition: Band) -> Option<(Change, Alert)> {
    let mut alert = known.clone();
    alert.detail = Some(with_late(known.detail.as_ref(), &said.symptoms));
    if alert.detail != known.detail {
        let alert = standing(alert, condition);
        return Some((Change::Continued, alert.with_unseen_news()));
    }
    stand(known, condition)
}

/// The condition may have changed. Good words clear the condition, never the alert.
fn stand(known: &Alert, condition: Band) -> Option<(Change, Alert)> {
    let mut alert = standing(known.clone(), condition);
    if alert.condition > known.condition {
        alert = alert.with_unseen_news();
    }
    (alert.condition != known.condition).then_some((Change::Continued, alert))
}

/// A review is of the past: it has no condition.
fn standing(alert: Alert, condition: Band) -> Alert {
    if alert.severity == Severity::Low {
        alert
    } else {
        alert.standing(condition)
    }
}

fn silence_worse(known: &Alert, said: &Said, now: Timestamp) -> Option<(Change, Alert)> {
    let severity = severity_of(&said.symptoms);
    let mut alert = known.clone();
    if severity <= known.severity {
        return None;
    }
    alert.severity = severity;
    alert.severity_since = now;
    alert.detail = Some(with_symptoms(known.detail.as_ref(), &said.symptoms));
    Some((Change::SeverityRose, alert.speak(now)))
}

fn help_event(
    subject: &Subject,
    at: Timestamp,
    help: Help,
    known: Option<&Alert>,
    now: Timestamp,
) -> Option<(Change, Alert)> {
    let long_ago = at < now.minus(PAGES_UP_TO_AGE);
    let severity = match help {
        // Of days ago: somebody looks whether it was ever answered.
        _ if long_ago => Severity::Low,
        Help::CallMe => Severity::Amber,
        Help::Called999 => Severity::Red,
    };
    let Some(known) = known else {
        let detail = Detail::Help {
            called_999: help == Help::Called999,
            times: 1,
        };
        let alert = of_words(
            subject.clone(),
            Problem::AskedForHelp,
            severity,
            detail,
            now,
        );
        return Some((Change::Raised, alert));
    };
    let mut alert = known.clone();
    alert.detail = Some(match &known.detail {
        Some(Detail::Help { called_999, times }) => Detail::Help {
            called_999: *called_999 || help == Help::Called999,
            times: times.saturating_add(1),
        },
        Some(_) | None => Detail::Help {
            called_999: help == Help::Called999,
            times: 1,
        },
    });
    if severity > known.severity {
        alert.severity = severity;
        alert.severity_since = now;
        return Some((Change::SeverityRose, alert.speak(now)));
    }
    let again = match &known.state {
        State::Acknowledged { at, .. } => {
            !long_ago && (now >= at.plus(AGAIN_AFTER) || *at > now.plus(AGAIN_AFTER))
        }
        State::Raised | State::Resolved { .. } => false,
    };
    if again {
        return Some((Change::SaidAgain, alert.speak(now)));
    }
    Some((Change::Continued, alert.with_unseen_news()))
}

fn severity_of(symptoms: &[Symptom]) -> Severity {
    Severity::of(band_of(symptoms.iter().map(|it| it.urgency).max()))
}

/// The symptoms that the alert has spoken of, or shown beside what it spoke of.
fn codes(detail: Option<&Detail>) -> Vec<String> {
    match detail {
        Some(Detail::Symptoms { red, amber, .. }) => red.iter().chain(amber).cloned().collect(),
        Some(_) | None => Vec::new(),
    }
}

/// The red ones, the amber ones, the late ones, and those that were struck.
type Parts = (Vec<String>, Vec<String>, Vec<String>, Vec<String>);

fn parts(detail: Option<&Detail>) -> Parts {
    match detail {
        Some(Detail::Symptoms {
            red,
            amber,
            late,
            struck,
        }) => (red.clone(), amber.clone(), late.clone(), struck.clone()),
        Some(_) | None => Parts::default(),
    }
}

fn add(list: &mut Vec<String>, code: &str) {
    if !list.iter().any(|held| held == code) {
        list.push(code.to_owned());
        list.sort();
    }
}

fn with_symptoms(detail: Option<&Detail>, symptoms: &[Symptom]) -> Detail {
    let (mut red, mut amber, late, struck) = parts(detail);
    for symptom in symptoms {
        match symptom.urgency {
            Urgency::Red => add(&mut red, &symptom.code),
            Urgency::Amber => add(&mut amber, &symptom.code),
        }
    }
    Detail::Symptoms {
        red,
        amber,
        late,
        struck,
    }
}

fn with_late(detail: Option<&Detail>, symptoms: &[Symptom]) -> Detail {
    let (red, amber, mut late, struck) = parts(detail);
    for symptom in symptoms {
        add(&mut late, &symptom.code);
    }
    Detail::Symptoms {
        red,
        amber,
        late,
        struck,
    }
}

/// A diary has come: the open silence of this stay, if there is one, is told. Call it with the alerts that are open after
/// [`assess_diary`].
#[must_use]
pub fn silence_told(stay: &Stay, open: &[Alert], at: Timestamp) -> Option<WardEvent> {
    let subject = Subject::Stay(stay.id);
    let known = open
        .iter()
        .find(|it| it.is_open() && it.problem == Problem::Silence && it.subject == subject)?;
    let told = diary_heard(known.clone(), at);
    (told != *known).then(|| WardEvent::Alert {
        change: Change::Continued,
        alert: Box::new(told),
    })
}

/// Whether what was said is of the past: behind something newer, or too old to act on at once.
#[must_use]
pub fn is_over(state: &StayState, at: Timestamp, urgency: Option<Urgency>, now: Timestamp) -> bool {
    place_of(state, at, urgency, now) == Place::Late || at < now.minus(PAGES_UP_TO_AGE)
}
