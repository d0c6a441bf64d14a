//! What stands on the paper, in the patient's language; in any but English, the English stands beside it, since staff
//! read the sheet too when it comes back.

use jiff::civil::Date;
use ward_core::plan::Band;
use ward_core::questionnaire::{Kind, Meaning, Questionnaire, Urgency};
use ward_service::words;
use ward_text::{FluentArgs, Language, args};

use super::OnPaper;
use super::answers::is_on_the_sheet;

/// A text, and the same in English under it.
pub(super) struct Said {
    pub(super) own: String,
    pub(super) english: Option<String>,
}

impl Said {
    /// Made once for the language and once for the English.
    pub(super) fn made(language: Language, make: impl Fn(Language) -> String) -> Self {
        let needs_english = language != Language::English && !Language::PSEUDO.contains(&language);
        Self {
            own: make(language),
            english: needs_english.then(|| make(Language::English)),
        }
    }

    pub(super) fn with(
        language: Language,
        id: &str,
        args: impl Fn() -> FluentArgs<'static>,
    ) -> Self {
        Self::made(language, |language| language.say(id, &args()))
    }

    fn plain(language: Language, id: &str) -> Self {
        Self::with(language, id, || args![])
    }
}

/// `Monday 23 November`.
pub(super) fn date(language: Language, day: Date) -> Said {
    Said::made(language, |language| words::date_in(language, day))
}

/// One band of the plan.
pub(super) struct BandRow {
    /// `red`, `amber` or `green`: the class, beside the word.
    pub(super) class: &'static str,
    pub(super) word: Said,
    pub(super) numbers: Said,
    pub(super) advice: Said,
}

/// One question of the diary.
pub(super) struct PrintedQuestion {
    pub(super) text: Said,
    pub(super) help: Option<Said>,
    pub(super) lines: Vec<Line>,
    /// A large field for words, instead of a row for each day.
    pub(super) in_words: bool,
}

/// A row with a place for each day.
pub(super) struct Line {
    /// Beside the box, or behind the number.
    pub(super) text: Said,
    /// To be ticked; else to be written in.
    pub(super) tick: bool,
    /// Whoever ticks this calls 999.
    pub(super) is_red: bool,
}

/// All that does not depend on the days.
pub(super) struct Printed {
    pub(super) language: Language,
    pub(super) draft: Option<Said>,
    pub(super) patient_name: String,
    pub(super) birth_date: String,
    pub(super) ward_name: String,
    pub(super) phone: String,
    pub(super) hours: Said,
    pub(super) out_of_hours: Option<Said>,
    pub(super) symptoms: Vec<Said>,
    pub(super) bands: Vec<BandRow>,
    pub(super) target: Option<Said>,
    pub(super) guide: Said,
    pub(super) how: Vec<Said>,
    pub(super) picture: String,
    pub(super) slots: Vec<Said>,
    pub(super) questions: Vec<PrintedQuestion>,
}

impl Printed {
    pub(super) fn of(person: &OnPaper, language: Language) -> Self {
        let ward = &person.plan.ward;
        let plan = &person.plan.version.plan;
        let limits = &plan.limits;
        let say = |id: &str| Said::plain(language, id);
        let staffed = &ward.staffed;
        let target = plan.care.oxygen_target;
        let phone = || args!["phone" => ward.phone.clone()];
        Self {
            language,
            draft: (!language.is_approved()).then(|| Said::with(language, "common-draft", phone)),
            patient_name: person.patient.display_name(),
            birth_date: person.patient.birth_date.on_screen(),
            ward_name: ward.name.clone(),
            phone: ward.phone.clone(),
            hours: Said::made(language, |language| words::hours_in(language, staffed)),
            out_of_hours: (!words::somebody_always_watches(staffed)
                && staffed.0.iter().any(Option::is_some))
            .then(|| say("paper-out-of-hours")),
            symptoms: ["sentences", "unwell", "lips", "confusion", "chest"]
                .map(|it| say(&format!("paper-emergency-{it}")))
                .into(),
            bands: [Band::Red, Band::Amber, Band::Green]
                .into_iter()
                .map(|band| band_row(language, limits, &ward.phone, band))
                .collect(),
            target: target.map(|_| {
                Said::made(language, |language| {
                    words::target(limits, target, language).unwrap_or_default()
                })
            }),
            guide: Said::made(language, words::guide),
            how: ["rest", "hand", "finger", "wait", "none"]
                .map(|it| say(&format!("paper-how-{it}")))
                .into(),
            picture: language.say("paper-picture", &args![]),
            slots: plan
                .care
                .schedule
                .times
                .iter()
                .map(|time| {
                    let time = time.strftime("%H:%M").to_string();
                    Said::with(
                        language,
                        "paper-reading-at",
                        || args!["time" => time.clone()],
                    )
                })
                .collect(),
            questions: person
                .questionnaire
                .as_ref()
                .map(|asked| questions(language, asked))
                .unwrap_or_default(),
        }
    }

    /// A text of the sheet by the end of its id.
    pub(super) fn say(&self, id: &str) -> Said {
        Said::plain(self.language, &format!("paper-{id}"))
    }
}

fn band_row(
    language: Language,
    limits: &ward_core::plan::MonitoringPlan,
    phone: &str,
    band: Band,
) -> BandRow {
    let words_of = |language: Language| {
        let all = words::bands(limits, phone, language);
        all.into_iter().find(|it| it.band == band)
    };
    let numbers = |language| words_of(language).map(|it| it.numbers).unwrap_or_default();
    let advice = |language| words_of(language).map(|it| it.advice).unwrap_or_default();
    let class = match band {
        Band::Green => "green",
        Band::Amber => "amber",
        Band::Red => "red",
    };
    BandRow {
        class,
        word: Said::plain(language, &format!("paper-band-{class}")),
        numbers: Said::made(language, numbers),
        advice: Said::made(language, advice),
    }
}

fn questions(language: Language, asked: &Questionnaire) -> Vec<PrintedQuestion> {
    let own = words::questionnaire_in(language, asked);
    let english = words::questionnaire_in(Language::English, asked);
    let beside = |own: &str, english: &str| Said {
        own: own.to_owned(),
        english: (own != english && !Language::PSEUDO.contains(&language))
            .then(|| english.to_owned()),
    };
    own.questions
        .iter()
        .zip(&english.questions)
        .filter(|(_, question)| is_on_the_sheet(question))
        .map(|(own, english)| PrintedQuestion {
            text: beside(&own.text, &english.text),
            help: own
                .help
                .as_ref()
                .zip(english.help.as_ref())
                .map(|(own, english)| beside(own, english)),
            lines: lines(language, &own.answer, &english.answer, &beside),
            in_words: matches!(own.answer, Kind::Text { .. }),
        })
        .collect()
}

fn lines(
    language: Language,
    own: &Kind,
    english: &Kind,
    beside: &impl Fn(&str, &str) -> Said,
) -> Vec<Line> {
    let tick = |text: Said, means: &[Meaning]| Line {
        text,
        tick: true,
        is_red: means.iter().any(is_red),
    };
    match (own, english) {
        (Kind::Choice { options }, Kind::Choice { options: originals }) => options
            .iter()
            .zip(originals)
            .map(|(own, english)| tick(beside(&own.text, &english.text), &own.means))
            .collect(),
        (Kind::YesNo { yes, no }, _) => vec![
            tick(Said::plain(language, "question-yes"), yes),
            tick(Said::plain(language, "question-no"), no),
        ],
        (Kind::Number { unit, .. }, Kind::Number { unit: original, .. }) => vec![Line {
            text: beside(unit, original),
            tick: false,
            is_red: false,
        }],
        (Kind::Choice { .. } | Kind::Number { .. } | Kind::Text { .. }, _) => Vec::new(),
    }
}

fn is_red(meaning: &Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Symptom {
            urgency: Urgency::Red,
            ..
        }
    )
}
