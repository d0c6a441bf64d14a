//! Judging again what was said, without entries that were struck out or moved to somebody else.

use super::{DiaryEntry, Said, Words};
use crate::alert::{Alert, Change, Problem, Severity, Subject};
use crate::event::WardEvent;
use crate::plan::Band;
use crate::questionnaire::{Symptom, Urgency};
use crate::stay::{Stay, StayState};
use crate::technical::Detail;
use crate::time::Timestamp;

/// What was said once, in a diary or on the telephone, and counts or counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The time that it is about.
    pub at: Timestamp,
    /// When the ward heard it.
    pub heard_at: Timestamp,
    /// Symptoms that were told.
    pub symptoms: Vec<Symptom>,
    /// Whether all that asks for symptoms was answered. On the telephone it never is.
    pub complete: bool,
}

impl From<&DiaryEntry> for Word {
    fn from(entry: &DiaryEntry) -> Self {
        Self {
            at: entry.at,
            heard_at: entry.recorded_at,
            symptoms: entry.symptoms.clone(),
            complete: entry.complete,
        }
    }
}

impl Word {
    fn urgency(&self) -> Option<Urgency> {
        self.symptoms.iter().map(|symptom| symptom.urgency).max()
    }

    /// Whether this better word makes that worse one a word of the past.
    fn hides(&self, worse: &Self) -> bool {
        let is_better = match worse.urgency() {
            Some(Urgency::Red) => self.urgency() != Some(Urgency::Red),
            Some(Urgency::Amber) => self.urgency().is_none(),
            None => false,
        };
        is_better && self.complete && self.at > worse.at
    }

    fn tells(&self, code: &str) -> bool {
        self.symptoms.iter().any(|symptom| symptom.code == code)
    }
}

/// What follows when words no longer count.
#[derive(Clone, Debug, PartialEq)]
pub struct Retold {
    /// Where the stay stands without them.
    pub state: StayState,
    /// Open alerts that rested on them, and say so. To be appended first.
    pub events: Vec<WardEvent>,
    /// What they hid: to be judged by [`super::assess_diary`] with that state, oldest first.
    pub to_judge: Vec<Said>,
}

/// What follows when `struck` no longer counts and `remaining` does: everything else that was said of the stay. `before`
/// is the stay's state, `open` its open alerts. An alert keeps its severity, and stays open until a person ends it.
#[must_use]
pub fn rejudge_diary(
    stay: &Stay,
    before: &StayState,
    remaining: &[Word],
    struck: &[Word],
    open: &[Alert],
    now: Timestamp,
) -> Retold {
    let mut state = before.clone();
    let none = Words {
        resolved_at: before.words.resolved_at,
        ..Words::default()
    };
    state.words = remaining.iter().fold(none, |words, word| {
        words.with(word.at, word.urgency(), word.complete)
    });
    let is_hidden_by = |words: &[Word], worse: &Word| words.iter().any(|word| word.hides(worse));
    let mut uncovered: Vec<&Word> = remaining
        .iter()
        .filter(|worse| is_hidden_by(struck, worse) && !is_hidden_by(remaining, worse))
        .collect();
    uncovered.sort_by_key(|word| (word.at, word.heard_at));
    // Whoever ended the alert may have done so on words that were never this person's.
    if let Some(resolved_at) = state.words.resolved_at {
        let ended_on_it = uncovered.iter().any(|worse| {
            let was_known = |word: &Word| word.hides(worse) && word.heard_at <= resolved_at;
            worse.at < resolved_at && struck.iter().any(was_known)
        });
        if ended_on_it {
            state.words.resolved_at = None;
        }
    }
    let condition = state.clone().as_of(now).words.condition();
    let subject = Subject::Stay(stay.id);
    let events = open
        .iter()
        .filter(|alert| alert.is_open() && alert.subject == subject)
        .filter_map(|alert| without(alert, remaining, struck, condition.unwrap_or(Band::Green)))
        .map(|alert| WardEvent::Alert {
            change: Change::Continued,
            alert: Box::new(alert),
        });
    Retold {
        events: events.collect(),
        to_judge: uncovered
            .into_iter()
            .map(|word| Said {
                at: word.at,
                symptoms: word.symptoms.clone(),
                // Who asked for help was heard at the time.
                help: None,
            })
            .collect(),
        state,
    }
}

/// This alert, saying which of its symptoms nobody has told any more. `None`: it rests on none that was taken away.
fn without(known: &Alert, remaining: &[Word], gone: &[Word], condition: Band) -> Option<Alert> {
    if !matches!(known.problem, Problem::Symptom | Problem::Silence) {
        return None;
    }
    let Some(Detail::Symptoms {
        red,
        amber,
        late,
        struck,
    }) = &known.detail
    else {
        return None;
    };
    let is_taken = |code: &str| {
        let told = |word: &Word| word.heard_at >= known.raised_at && word.tells(code);
        gone.iter().any(|word| word.tells(code)) && !remaining.iter().any(told)
    };
    let kept = |codes: &[String]| -> Vec<String> {
        let left = codes.iter().filter(|code| !is_taken(code));
        left.cloned().collect()
    };
    let all = red.iter().chain(amber).chain(late);
    let taken: Vec<&String> = all.filter(|code| is_taken(code)).collect();
    if taken.is_empty() {
        return None;
    }
    let mut struck: Vec<String> = struck.iter().chain(taken).cloned().collect();
    struck.sort();
    struck.dedup();
    let mut alert = known.clone();
    alert.detail = Some(Detail::Symptoms {
        red: kept(red),
        amber: kept(amber),
        late: kept(late),
        struck,
    });
    if known.problem == Problem::Symptom && known.severity > Severity::Low {
        // What turns worse is judged as a word, and speaks.
        alert = alert.standing(condition.min(known.condition));
    }
    Some(alert.with_unseen_news())
}
