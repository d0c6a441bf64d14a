//! What a call handler says and asks, step by step: the ward's own protocol, as a text with a few conditions.
//!
//! A line that begins with `#` opens a part. A line that begins with words in brackets is only shown when one of them is
//! so: `[first_call, back_home] Say what the ward does.` Numbers of the patient's own plan, and the ward's name and phone,
//! stand in braces.

use std::collections::BTreeSet;

use crate::call_list::{Reason, Row};
use crate::contact::Why;
use crate::patient::Details;
use crate::plan::{MonitoringPlan, Spo2Scale};

/// A script has so many characters at most.
pub const LONGEST_SCRIPT: usize = 12_000;

/// Something that is so of a call, by which a step of the script is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cue {
    /// Never reached on this stay.
    FirstCall,
    /// The last day that was planned, or later.
    PlannedEnd,
    /// A red is open.
    Red,
    /// An amber is open.
    Amber,
    /// They asked to be called.
    AskedForHelp,
    /// Something that was due did not come.
    Silence,
    /// No value has come yet.
    NoValue,
    /// Tried since they were last reached.
    NoAnswer,
    /// An interpreter is needed.
    Interpreter,
    /// A relay service carries their calls.
    Relay,
    /// Another language than English, without an interpreter.
    Language,
    /// Back at home after a pause.
    BackHome,
    /// Low in spirits or alone.
    Wellbeing,
    /// The plan has a lower target than usual.
    Target,
}

impl Cue {
    /// Every one.
    pub const ALL: [Self; 14] = [
        Self::FirstCall,
        Self::PlannedEnd,
        Self::Red,
        Self::Amber,
        Self::AskedForHelp,
        Self::Silence,
        Self::NoValue,
        Self::NoAnswer,
        Self::Interpreter,
        Self::Relay,
        Self::Language,
        Self::BackHome,
        Self::Wellbeing,
        Self::Target,
    ];

    /// As it is written in a script.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstCall => "first_call",
            Self::PlannedEnd => "planned_end",
            Self::Red => "red",
            Self::Amber => "amber",
            Self::AskedForHelp => "asked_for_help",
            Self::Silence => "silence",
            Self::NoValue => "no_value",
            Self::NoAnswer => "no_answer",
            Self::Interpreter => "interpreter",
            Self::Relay => "relay",
            Self::Language => "language",
            Self::BackHome => "back_home",
            Self::Wellbeing => "wellbeing",
            Self::Target => "target",
        }
    }

    /// What is so of a call to somebody on the list.
    #[must_use]
    pub fn of(
        row: &Row,
        details: &Details,
        plan: &MonitoringPlan,
        has_value: bool,
    ) -> BTreeSet<Self> {
        let for_reasons = row.reasons.iter().filter_map(Self::of_reason);
        let other_language = !details.language.is_empty() && details.language != "en";
        let more = [
            (Self::FirstCall, row.reached_at.is_none()),
            (Self::NoValue, !has_value),
            (Self::NoAnswer, row.ladder.is_some()),
            (Self::Interpreter, details.interpreter),
            (Self::Relay, details.relay.is_some()),
            (Self::Language, other_language && !details.interpreter),
            (Self::Target, plan.spo2_scale == Spo2Scale::Two),
        ];
        let more = more
            .into_iter()
            .filter_map(|(cue, is_so)| is_so.then_some(cue));
        for_reasons.chain(more).collect()
    }

    fn of_reason(reason: &Reason) -> Option<Self> {
        match reason.name() {
            "open_red" => Some(Self::Red),
            "open_amber" => Some(Self::Amber),
            "asked_for_help" => Some(Self::AskedForHelp),
            "silence" => Some(Self::Silence),
            "planned_end" => Some(Self::PlannedEnd),
            name if name == Why::CallBack.name() => Some(Self::AskedForHelp),
            name if name == Why::BackHome.name() => Some(Self::BackHome),
            name if name == Why::Wellbeing.name() => Some(Self::Wellbeing),
            _ => None,
        }
    }
}

/// What a script speaks of.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Who rings.
    pub you: &'a str,
    /// The ward's name.
    pub ward: &'a str,
    /// The ward's phone.
    pub phone: &'a str,
    /// The patient's own bands.
    pub plan: &'a MonitoringPlan,
}

/// A script that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallScript {
    parts: Vec<Part>,
}

/// A part of a script: a heading, and its steps in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// In a few words.
    pub heading: String,
    /// What to say, ask or do.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Only when one of these is so; always, when there are none.
    pub when: BTreeSet<Cue>,
    /// In words.
    pub text: String,
}

/// Why a text is no script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptRefused {
    /// A condition that there is not.
    #[error("line {line}: [{word}] is not known; possible are {}", Cue::ALL.map(Cue::name).join(", "))]
    UnknownCue {
        /// From 1.
        line: usize,
        /// As written.
        word: String,
    },
    /// A bracket without its other half, or a condition without a text.
    #[error(
        "line {line}: write a condition in brackets and then the step, for example [first_call] Say what the ward does"
    )]
    Unclosed {
        /// From 1.
        line: usize,
    },
    /// A step before any heading.
    #[error("line {line}: begin with a heading, for example # Who it is")]
    NoHeading {
        /// From 1.
        line: usize,
    },
    /// There is a limit.
    #[error("the script is too long: {LONGEST_SCRIPT} characters at most")]
    TooLong,
    /// Nobody is helped by an empty one.
    #[error("the script has no step")]
    Empty,
}

/// The script that a ward has until it writes its own.
pub const BUILT_IN: &str = include_str!("../scripts/daily-call.txt");

impl std::str::FromStr for CallScript {
    type Err = ScriptRefused;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().count() > LONGEST_SCRIPT {
            return Err(ScriptRefused::TooLong);
        }
        let mut parts: Vec<Part> = Vec::new();
        for (index, line) in text.lines().map(str::trim).enumerate() {
            let number = index + 1;
            if line.is_empty() {
                continue;
            }
            if let Some(heading) = line.strip_prefix('#') {
                parts.push(Part {
                    heading: heading.trim().to_owned(),
                    steps: Vec::new(),
                });
                continue;
            }
            let part = parts.last_mut();
            let part = part.ok_or(ScriptRefused::NoHeading { line: number })?;
            part.steps.push(step(line, number)?);
        }
        parts.retain(|part| !part.steps.is_empty());
        if parts.is_empty() {
            return Err(ScriptRefused::Empty);
        }
        Ok(Self { parts })
    }
}

fn step(line: &str, number: usize) -> Result<Step, ScriptRefused> {
    let Some(rest) = line.strip_prefix('[') else {
        return Ok(Step {
            when: BTreeSet::new(),
            text: line.to_owned(),
        });
    };
    let unclosed = ScriptRefused::Unclosed { line: number };
    let (words, text) = rest.split_once(']').ok_or_else(|| unclosed.clone())?;
    let text = text.trim();
    if text.is_empty() {
        return Err(unclosed);
    }
    let known = |word: &str| {
        let cue = Cue::ALL.into_iter().find(|cue| cue.name() == word);
        cue.ok_or_else(|| ScriptRefused::UnknownCue {
            line: number,
            word: word.to_owned(),
        })
    };
    let when = words.split(',').map(|word| known(word.trim()));
    Ok(Step {
        when: when.collect::<Result<_, _>>()?,
        text: text.to_owned(),
    })
}

impl CallScript {
    /// The ward's own script; the built-in one when it has none, or when what is stored cannot be read.
    #[must_use]
    pub fn of_ward(stored: &str) -> Self {
        let own = stored.parse();
        own.or_else(|_| BUILT_IN.parse())
            .unwrap_or_else(|_| Self { parts: Vec::new() })
    }

    /// The steps for a call, filled in.
    #[must_use]
    pub fn for_call(&self, cues: &BTreeSet<Cue>, facts: &Facts<'_>) -> Vec<Part> {
        let shown = |step: &&Step| step.when.is_empty() || !step.when.is_disjoint(cues);
        let parts = self.parts.iter().map(|part| Part {
            heading: part.heading.clone(),
            steps: part
                .steps
                .iter()
                .filter(shown)
                .map(|step| Step {
                    when: step.when.clone(),
                    text: facts.fill(&step.text),
                })
                .collect(),
        });
        parts.filter(|part| !part.steps.is_empty()).collect()
    }
}

impl Facts<'_> {
    fn fill(&self, text: &str) -> String {
        text.replace("{you}", self.you)
            .replace("{ward}", self.ward)
            .replace("{phone}", self.phone)
            .replace("{red}", &self.plan.red_at_or_below.to_string())
            .replace("{amber}", &self.plan.amber_at_or_below.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &CallScript, cues: &[Cue], plan: &MonitoringPlan) -> String {
        let facts = Facts {
            you: "Carol",
            ward: "Pennine",
            phone: "01632 960 100",
            plan,
        };
        let parts = script.for_call(&cues.iter().copied().collect(), &facts);
        let steps = parts.iter().flat_map(|part| &part.steps);
        steps.map(|step| format!("{}\n", step.text)).collect()
    }

    #[test]
    fn the_built_in_script_can_be_read_and_speaks_of_the_patients_own_limits() {
        let script: CallScript = BUILT_IN.parse().unwrap();
        for plan in [
            MonitoringPlan::scale_one(),
            MonitoringPlan::target_88_to_92(),
        ] {
            let said = texts(&script, &Cue::ALL, &plan);
            assert!(!said.contains('{'), "{said}");
            assert!(said.contains(&format!("{} % or lower: 999", plan.red_at_or_below)));
            // Whatever the day, whoever it is: who they are, and when to ring 999.
            let always = texts(&script, &[], &plan);
            assert!(always.contains("Ask for two of") && always.contains("999"));
            assert!(!always.contains("First call"));
        }
        for cue in Cue::ALL {
            let steps = script.parts.iter().flat_map(|part| &part.steps);
            assert!(
                steps.clone().any(|step| step.when.contains(&cue)),
                "{cue:?}"
            );
        }
    }

    #[test]
    fn a_step_is_shown_when_one_of_its_conditions_is_so() {
        let script: CallScript = "# A\n[red, silence] Both\nAlways\n# B\n[amber] No"
            .parse()
            .unwrap();
        let plan = MonitoringPlan::scale_one();
        assert_eq!(texts(&script, &[], &plan), "Always\n");
        assert_eq!(texts(&script, &[Cue::Silence], &plan), "Both\nAlways\n");
        assert_eq!(texts(&script, &[Cue::Amber], &plan), "Always\nNo\n");
    }

    #[test]
    fn what_is_no_script_is_refused_with_its_line() {
        let refused = |text: &str| text.parse::<CallScript>().unwrap_err();
        assert_eq!(refused(""), ScriptRefused::Empty);
        assert_eq!(refused("# Only a heading"), ScriptRefused::Empty);
        assert_eq!(refused("Hello"), ScriptRefused::NoHeading { line: 1 });
        assert_eq!(
            refused("# A\n\n[red Hello"),
            ScriptRefused::Unclosed { line: 3 }
        );
        assert_eq!(refused("# A\n[red]"), ScriptRefused::Unclosed { line: 2 });
        let unknown = refused("# A\n[read] Hello").to_string();
        assert!(
            unknown.starts_with("line 2: [read] is not known"),
            "{unknown}"
        );
        assert_eq!(
            refused(&"x".repeat(LONGEST_SCRIPT + 1)),
            ScriptRefused::TooLong
        );
        // What was stored by a newer program and cannot be read: the built-in one counts.
        assert_eq!(CallScript::of_ward("[new] x"), BUILT_IN.parse().unwrap());
    }
}
