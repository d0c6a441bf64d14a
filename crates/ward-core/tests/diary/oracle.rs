//! What ought to follow from what was said, worked out anew each time from all that was ever said. Slow, and written
//! apart from the rules.

use std::collections::BTreeSet;

/// 0 nothing, 1 amber, 2 red.
pub type Level = u8;

/// One thing that was said, as the oracle keeps it. Times in minutes.
#[derive(Clone, Debug)]
pub struct Word {
    pub about: i64,
    pub symptoms: Vec<(u8, Level)>,
    pub complete: bool,
}

impl Word {
    fn level(&self) -> Level {
        self.symptoms
            .iter()
            .map(|(_, level)| *level)
            .max()
            .unwrap_or(0)
    }
}

/// An alert as the oracle sees it: 0 low (a review), 1 amber, 2 red.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    pub level: Level,
    pub taken_at: Option<i64>,
    pub condition: Level,
    /// Codes that people were told of.
    told: BTreeSet<u8>,
    late: BTreeSet<u8>,
    /// It has been better than the alert since somebody took it.
    was_better: bool,
}

#[derive(Default)]
pub struct Oracle {
    pub words: Vec<Word>,
    pub symptom: Option<Open>,
    pub silence: Option<Open>,
    pub help: Option<Open>,
    pub symptom_ended_at: Option<i64>,
}

const DAY: i64 = 24 * 60;

impl Oracle {
    fn condition(&self) -> Level {
        let stands = |word: &&Word| {
            let better = |other: &Word| {
                other.complete && other.level() < word.level() && other.about > word.about
            };
            word.level() > 0 && !self.words.iter().any(better)
        };
        // A red that only an amber has bettered leaves the amber to count.
        self.words
            .iter()
            .filter(stands)
            .map(Word::level)
            .max()
            .unwrap_or(0)
    }

    /// What the rules should have said: `problem change level`, one line an alert.
    pub fn say(&mut self, word: Word, now: i64) -> Vec<String> {
        let (level, about) = (word.level(), word.about);
        let symptoms = word.symptoms.clone();
        self.words.push(word);
        let condition = self.condition();
        let bettered = self
            .words
            .iter()
            .any(|it| it.complete && it.level() < level && it.about > about);
        let ended_since = self.symptom_ended_at.is_some_and(|at| at > about);
        let newer = self.words.iter().any(|it| it.about > about);
        let old = now - about > DAY;
        let mut said = Vec::new();
        let codes = |of: Level| -> BTreeSet<u8> {
            let chosen = symptoms.iter().filter(|(_, level)| *level >= of);
            chosen.map(|(code, _)| *code).collect()
        };
        if level > 0 && (bettered || ended_since || (old && newer)) {
            match &mut self.symptom {
                None => {
                    said.push("Symptom Raised Low".to_owned());
                    self.symptom = Some(Open {
                        late: codes(1),
                        ..Open::default()
                    });
                }
                Some(open) => {
                    let before = open.late.len();
                    open.late.extend(codes(1));
                    let changed = open.stand(condition) || open.late.len() > before;
                    said.extend(changed.then(|| open.line("Symptom Continued")));
                }
            }
        } else if level > 0 && old {
            if let Some(open) = &mut self.symptom
                && open.stand(condition)
            {
                said.push(open.line("Symptom Continued"));
            }
            match &mut self.silence {
                None => {
                    said.push(format!("Silence Raised {}", name(level)));
                    self.silence = Some(Open {
                        level,
                        ..Open::default()
                    });
                }
                Some(open) if level > open.level => {
                    open.level = level;
                    open.taken_at = None;
                    said.push(open.line("Silence SeverityRose"));
                }
                Some(_) => {}
            }
        } else if level > 0 {
            match &mut self.symptom {
                None => {
                    said.push(format!("Symptom Raised {}", name(level)));
                    self.symptom = Some(Open {
                        level,
                        condition,
                        told: codes(1),
                        ..Open::default()
                    });
                }
                Some(open) => {
                    let worse = level > open.level;
                    let unheard = codes(open.level.max(1))
                        .iter()
                        .any(|it| !open.told.contains(it));
                    let again = open.taken_at.is_some()
                        && level == open.level
                        && (unheard || open.was_better || open.condition < open.level);
                    open.told.extend(codes(1));
                    if worse {
                        open.level = level;
                    }
                    open.stand(condition);
                    let change = if worse {
                        "Symptom SeverityRose"
                    } else if again {
                        "Symptom SaidAgain"
                    } else {
                        "Symptom Continued"
                    };
                    if worse || again {
                        open.taken_at = None;
                        open.was_better = false;
                    }
                    said.push(open.line(change));
                }
            }
        } else if let Some(open) = &mut self.symptom
            && open.stand(condition)
        {
            said.push(open.line("Symptom Continued"));
        }
        said
    }

    pub fn asks(&mut self, called_999: bool, now: i64) -> Vec<String> {
        let level = if called_999 { 2 } else { 1 };
        let Some(open) = &mut self.help else {
            self.help = Some(Open {
                level,
                ..Open::default()
            });
            return vec![format!("AskedForHelp Raised {}", name(level))];
        };
        let change = if level > open.level {
            open.level = level;
            open.taken_at = None;
            "AskedForHelp SeverityRose"
        } else if open.taken_at.is_some_and(|at| now - at >= 5) {
            open.taken_at = None;
            "AskedForHelp SaidAgain"
        } else {
            "AskedForHelp Continued"
        };
        vec![open.line(change)]
    }
}

impl Open {
    pub fn taken(&mut self, now: i64) {
        self.taken_at = Some(now);
        self.was_better = self.condition < self.level;
    }

    fn stand(&mut self, condition: Level) -> bool {
        if self.level == 0 {
            return false;
        }
        let changed = self.condition != condition;
        self.condition = condition;
        self.was_better |= self.taken_at.is_some() && condition < self.level;
        changed
    }

    fn line(&self, change: &str) -> String {
        format!("{change} {}", name(self.level))
    }
}

pub fn name(level: Level) -> &'static str {
    ["Low", "Amber", "Red"][usize::from(level)]
}
