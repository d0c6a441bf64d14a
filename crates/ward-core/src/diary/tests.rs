//! Stories of what patients say, told step by step.

use std::time::Duration;

use super::{AGAIN_AFTER, Said, Word, Words, assess_diary, rejudge_diary};
use crate::alert::{Alert, Problem, Severity};
use crate::event::WardEvent;
use crate::plan::Band;
use crate::questionnaire::{Help, Symptom, Urgency};
use crate::story::Ward;
use crate::technical::Detail;
use crate::time::minutes;

const HOUR: Duration = minutes(60);
const DAY: Duration = minutes(24 * 60);

fn red(code: &str) -> Symptom {
    Symptom {
        code: code.to_owned(),
        urgency: Urgency::Red,
    }
}

fn amber(code: &str) -> Symptom {
    Symptom {
        code: code.to_owned(),
        urgency: Urgency::Amber,
    }
}

impl Ward {
    /// A complete diary, about now.
    fn says(self, symptoms: &[Symptom]) -> Self {
        self.said_ago(symptoms, Duration::ZERO)
    }

    fn said_ago(self, symptoms: &[Symptom], ago: Duration) -> Self {
        let at = self.now.minus(ago);
        self.hears_words(&Said {
            at,
            symptoms: symptoms.to_vec(),
            help: None,
        })
    }

    fn asks(self, help: Help) -> Self {
        let at = self.now;
        self.hears_words(&Said {
            at,
            symptoms: Vec::new(),
            help: Some(help),
        })
    }

    fn hears_words(mut self, said: &Said) -> Self {
        self.forget_what_was_said();
        if said.help.is_none() {
            let urgency = said.symptoms.iter().map(|it| it.urgency).max();
            self.state.words = self.state.words.with(said.at, urgency, true);
        }
        let open: Vec<Alert> = self.open().cloned().collect();
        for event in assess_diary(&self.stay, &self.state, &open, said, self.now) {
            let WardEvent::Alert { change, alert } = event else {
                panic!("words only lead to alerts: {event:?}");
            };
            self.append(change, *alert);
        }
        self
    }
}

#[test]
fn a_red_symptom_with_a_normal_number_is_red() {
    Ward::new()
        .reads(97.0)
        .says(&[red("chest_pain"), amber("feeling_worse")])
        .hears("symptom raised: red not_asked")
        .whose_other(Problem::Symptom, |alert| {
            assert_eq!(alert.condition, Band::Red);
            assert!(alert.show_by.is_some() && alert.recheck_by.is_none());
        });
}

#[test]
fn feeling_worse_is_amber_and_a_red_symptom_makes_it_speak_again() {
    Ward::new()
        .says(&[amber("feeling_worse")])
        .hears("symptom raised: amber not_asked")
        .acknowledged_the(Problem::Symptom)
        .after(HOUR)
        .says(&[red("blue_lips")])
        .hears("symptom severity_rose: red not_asked")
        .whose_other(Problem::Symptom, |alert| assert!(alert.is_unacknowledged()));
}

#[test]
fn the_same_symptom_again_is_no_news_and_another_is() {
    Ward::new()
        .says(&[red("chest_pain")])
        .acknowledged_the(Problem::Symptom)
        .after(HOUR)
        .says(&[red("chest_pain")])
        .hears("symptom continued: red not_asked")
        .says(&[red("chest_pain"), red("blue_lips")])
        .hears("symptom said_again: red not_asked");
}

#[test]
fn who_was_better_and_is_worse_again_is_heard_again() {
    Ward::new()
        .says(&[red("chest_pain")])
        .acknowledged_the(Problem::Symptom)
        .after(HOUR)
        .says(&[])
        .hears("symptom continued: red not_asked")
        .whose_other(Problem::Symptom, |alert| {
            assert_eq!(
                (alert.severity, alert.condition),
                (Severity::Red, Band::Green)
            );
        })
        .after(HOUR)
        .says(&[red("chest_pain")])
        .hears("symptom said_again: red not_asked");
}

#[test]
fn a_paper_diary_of_three_days_ago_behind_a_newer_one_goes_to_review() {
    Ward::new()
        .after(DAY * 4)
        .says(&[])
        .after(HOUR)
        .said_ago(&[red("chest_pain")], DAY * 3)
        .hears("symptom raised: low not_asked")
        .whose_other(Problem::Symptom, |alert| {
            assert_eq!(alert.show_by, None);
            let late = vec!["chest_pain".to_owned()];
            let (red, amber) = (Vec::new(), Vec::new());
            let struck = Vec::new();
            let detail = Detail::Symptoms {
                red,
                amber,
                late,
                struck,
            };
            assert_eq!(alert.detail, Some(detail));
        })
        .says(&[red("chest_pain")])
        .hears("symptom severity_rose: red not_asked");
}

#[test]
fn a_red_symptom_of_long_ago_that_is_the_last_that_was_heard_makes_the_silence_red() {
    Ward::new()
        .after(DAY * 4)
        .said_ago(&[red("new_confusion")], DAY * 2)
        .hears("silence raised: red not_asked");
}

#[test]
fn a_symptom_of_long_ago_behind_a_newer_reading_is_for_review() {
    Ward::new()
        .after(DAY * 4)
        .reads(96.0)
        .said_ago(&[red("new_confusion")], DAY * 2)
        .hears("symptom raised: low not_asked");
}

#[test]
fn what_was_so_before_a_person_ended_the_alert_does_not_page_again() {
    let mut ward = Ward::new()
        .says(&[red("chest_pain")])
        .acknowledged_the(Problem::Symptom);
    ward.try_resolve(Problem::Symptom, crate::story::ASHA, ward.seq)
        .unwrap();
    ward.state.words.resolved_at = Some(ward.now);
    ward.after(HOUR)
        .said_ago(&[red("chest_pain")], HOUR * 2)
        .hears("symptom raised: low not_asked");
}

#[test]
fn who_asks_again_while_somebody_is_on_the_way_is_counted_and_later_heard_again() {
    Ward::new()
        .asks(Help::CallMe)
        .hears("asked_for_help raised: amber not_asked")
        .asks(Help::CallMe)
        .hears("asked_for_help continued: amber not_asked")
        .acknowledged_the(Problem::AskedForHelp)
        .after(minutes(4))
        .asks(Help::CallMe)
        .hears("asked_for_help continued: amber not_asked")
        .after(AGAIN_AFTER)
        .asks(Help::CallMe)
        .hears("asked_for_help said_again: amber not_asked")
        .asks(Help::Called999)
        .hears("asked_for_help severity_rose: red not_asked")
        .whose_other(Problem::AskedForHelp, |alert| {
            let detail = Detail::Help {
                called_999: true,
                times: 5,
            };
            assert_eq!(alert.detail, Some(detail));
        });
}

#[test]
fn silence_about_a_symptom_is_good_news_only_where_it_was_asked_for() {
    let at = crate::story::EIGHT;
    let later = at.plus(HOUR);
    let red = Words::default().with(at, Some(Urgency::Red), true);
    assert_eq!(red.with(later, None, false).condition(), Some(Band::Red));
    assert_eq!(red.with(later, None, true).condition(), Some(Band::Green));
    let amber = red.with(later, Some(Urgency::Amber), true);
    assert_eq!(amber.condition(), Some(Band::Amber));
    // The order in which they come in makes no difference.
    let other_way = Words::default()
        .with(later, Some(Urgency::Amber), true)
        .with(at, Some(Urgency::Red), true);
    assert_eq!(other_way, amber);
}

#[test]
fn words_of_a_clock_that_ran_ahead_clear_nothing() {
    let now = crate::story::EIGHT;
    let ahead = now.plus(DAY);
    let words = Words::default()
        .with(now, Some(Urgency::Red), true)
        .with(ahead, None, true);
    assert_eq!(words.condition(), Some(Band::Green));
    assert_eq!(words.as_of(now).condition(), Some(Band::Red));
    let bad = Words::default().with(ahead, Some(Urgency::Red), true);
    assert_eq!(bad.as_of(now).red_at, Some(now));
}

#[test]
fn what_was_said_before_a_hospital_admission_and_comes_after_it_asks_for_nothing() {
    let mut ward = Ward::new().after(DAY);
    ward.stay.phase = crate::stay::Phase::Paused {
        since: ward.now,
        reason: crate::stay::PauseReason::InHospital,
    };
    ward.after(HOUR)
        .said_ago(&[red("chest_pain")], HOUR * 2)
        .hears_nothing()
        .says(&[red("chest_pain")])
        .hears("symptom raised: red not_asked");
}

fn told(ward: &Ward, symptoms: &[Symptom]) -> Word {
    Word {
        at: ward.now,
        heard_at: ward.now,
        symptoms: symptoms.to_vec(),
        complete: true,
    }
}

impl Ward {
    /// These words turn out to have been somebody else's, and those not.
    fn struck(mut self, struck: &[Word], remaining: &[Word]) -> Self {
        self.forget_what_was_said();
        let open: Vec<Alert> = self.open().cloned().collect();
        let (stay, now) = (self.stay.clone(), self.now);
        let again = rejudge_diary(&stay, &self.state, remaining, struck, &open, now);
        self.state = again.state;
        self.takes(again.events);
        for said in &again.to_judge {
            let open: Vec<Alert> = self.open().cloned().collect();
            let follows = assess_diary(&stay, &self.state, &open, said, now);
            self.takes(follows);
        }
        self
    }

    fn takes(&mut self, events: Vec<WardEvent>) {
        for event in events {
            let WardEvent::Alert { change, alert } = event else {
                panic!("words only lead to alerts: {event:?}");
            };
            self.append(change, *alert);
        }
    }
}

#[test]
fn a_calm_entry_that_is_struck_uncovers_the_red_that_it_hid() {
    let symptoms = [red("chest_pain")];
    let ward = Ward::new();
    let worse = told(&ward, &symptoms);
    let ward = ward.after(HOUR).says(&[]);
    let calm = told(&ward, &[]);
    // The red one comes late, for review; with the calm one struck it is the newest word.
    ward.said_ago(&symptoms, HOUR)
        .hears("symptom raised: low not_asked")
        .struck(&[calm], &[worse])
        .hears("symptom severity_rose: red not_asked")
        .whose_other(Problem::Symptom, |alert| {
            assert_eq!(alert.condition, Band::Red);
            assert!(alert.is_unacknowledged());
        });
}

#[test]
fn what_was_left_at_rest_for_a_calm_entry_that_is_struck_speaks_again() {
    let symptoms = [red("chest_pain")];
    let ward = Ward::new().says(&symptoms);
    let worse = told(&ward, &symptoms);
    let ward = ward
        .acknowledged_the(Problem::Symptom)
        .after(HOUR)
        .says(&[]);
    let calm = told(&ward, &[]);
    ward.struck(&[calm], &[worse])
        .hears("symptom said_again: red not_asked");
}

#[test]
fn an_alert_that_rested_on_a_struck_entry_says_so_and_stays_red_and_open() {
    let symptoms = [red("chest_pain"), amber("feeling_worse")];
    let ward = Ward::new().says(&symptoms);
    let wrong = told(&ward, &symptoms);
    let ward = ward.after(HOUR).says(&[amber("feeling_worse")]);
    let right = told(&ward, &[amber("feeling_worse")]);
    ward.struck(&[wrong], &[right])
        .hears("symptom continued: red not_asked")
        .whose_other(Problem::Symptom, |alert| {
            let amber = vec!["feeling_worse".to_owned()];
            let struck = vec!["chest_pain".to_owned()];
            let (red, late) = (Vec::new(), Vec::new());
            let detail = Detail::Symptoms {
                red,
                amber,
                late,
                struck,
            };
            assert_eq!(alert.detail, Some(detail));
            let stands = (alert.severity, alert.condition);
            assert_eq!(stands, (Severity::Red, Band::Amber));
        })
        .acknowledged_the(Problem::Symptom)
        // A true one of theirs is news.
        .says(&[red("chest_pain")])
        .hears("symptom said_again: red not_asked");
}

#[test]
fn what_another_calm_entry_hides_as_well_stays_hidden() {
    let symptoms = [red("chest_pain")];
    let ward = Ward::new().says(&symptoms);
    let worse = told(&ward, &symptoms);
    let ward = ward
        .acknowledged_the(Problem::Symptom)
        .after(HOUR)
        .says(&[]);
    let calm = told(&ward, &[]);
    ward.struck(std::slice::from_ref(&calm), &[worse, calm.clone()])
        .hears_nothing();
}
