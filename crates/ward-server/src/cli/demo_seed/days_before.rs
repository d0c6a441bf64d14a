//! What a ward has behind it when a demo begins: people without a bridge who were rung, kept a diary, fell silent, were
//! taken to hospital and went home.
//!
//! It is lived through by the verbs of the service, with a clock that is moved from some days ago to now.

use std::time::Duration;

use anyhow::Context;
use ward_core::care::{DiaryPlan, Schedule};
use ward_core::contact::{
    Call, CallOutcome, Direction, Identifier, Identity, Support, Way, Wellbeing, Whom,
};
use ward_core::entry::Means;
use ward_core::hand::Typed;
use ward_core::id::{EntryId, ReadingId, StayId};
use ward_core::pathway::departure::Step;
use ward_core::pathway::papers::{Leaving, StayOutcome};
use ward_core::permit::{Permit, Verb};
use ward_core::plan_change::Wanted;
use ward_core::questionnaire::{Answer, Answers};
use ward_core::reading::Context as Circumstances;
use ward_core::stay::{Channel, Destination, PauseReason};
use ward_core::template;
use ward_core::ward::Ward;
use ward_service::{Clock, Entering, NewContact, NewEntry, NewReading, Referral, SaidBy, Wards};

/// Nobody's, so to say: the days before are written down by this user.
pub const WRITTEN_DOWN_BY: &str = "nurse.a";

const HOUR: Duration = Duration::from_secs(3600);

/// Who has been on the ward, and what their days were like.
struct Person {
    family: &'static str,
    given: &'static str,
    born: &'static str,
    channel: Channel,
    days: Days,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Days {
    /// Rung every day and not reached since the first.
    DoesNotAnswer,
    /// A diary every morning; low spirits and alone.
    KeepsADiary,
    /// An amber reading, then nothing more.
    FallsSilent,
    /// Taken to hospital on the second day.
    InHospital,
    /// Well again, discharged on the last day.
    GoesHome,
}

const PEOPLE: [Person; 5] = [
    Person {
        family: "Duckworth",
        given: "Margaret",
        born: "1938-02-27",
        channel: Channel::Telephone,
        days: Days::DoesNotAnswer,
    },
    Person {
        family: "Ormerod",
        given: "Frank",
        born: "1945-07-08",
        channel: Channel::Paper,
        days: Days::KeepsADiary,
    },
    Person {
        family: "Haworth",
        given: "Olive",
        born: "1941-12-19",
        channel: Channel::Telephone,
        days: Days::FallsSilent,
    },
    Person {
        family: "Shackleton",
        given: "Ken",
        born: "1950-04-14",
        channel: Channel::Telephone,
        days: Days::InHospital,
    },
    Person {
        family: "Crabtree",
        given: "Nellie",
        born: "1943-09-30",
        channel: Channel::Telephone,
        days: Days::GoesHome,
    },
];

/// How many people have a past: their NHS numbers come after those of the simulated ones.
pub const COUNT: usize = PEOPLE.len();

/// Lives through the days up to the clock's last hour.
pub async fn live_through(
    wards: &Wards,
    clock: &Clock,
    ward: &Ward,
    days: u32,
    number: impl Fn(usize) -> Option<ward_core::patient::NhsNumber>,
) -> anyhow::Result<()> {
    let nurse = wards
        .store()
        .credentials(WRITTEN_DOWN_BY)
        .await?
        .context("the demo's nurse is not there")?;
    let permit = wards
        .permit(nurse.clinician.id, ward.id, Verb::SetPlan)
        .await??;
    let mut stays = Vec::new();
    for (index, person) in PEOPLE.iter().enumerate() {
        let number = number(index).context("no test number is left")?;
        stays.push((person, admit(wards, &permit, person, number, index).await?));
    }
    for hour in 0..days * 24 {
        for (person, stay) in &stays {
            live_an_hour(wards, &permit, *stay, person.days, hour, days).await?;
        }
        clock.advance(HOUR);
        wards.sweep().await?;
        // Somebody had the board before their eyes.
        if let Some(head) = wards.store().head(ward.id).await? {
            wards.applied(ward.id, head).await?;
        }
    }
    Ok(())
}

async fn admit(
    wards: &Wards,
    permit: &Permit,
    person: &Person,
    nhs_number: ward_core::patient::NhsNumber,
    index: usize,
) -> anyhow::Result<StayId> {
    let referral = Referral {
        nhs_number,
        family_name: person.family.to_owned(),
        given_name: person.given.to_owned(),
        birth_date: person.born.parse()?,
        phone: format!("01632 960 {:03}", 240 + index),
        address: format!("{} Weavers Row, Nelson", 20 + index),
        door_access: "Front door, opens it herself or himself".to_owned(),
        others_at_home: "Lives alone".to_owned(),
        oxygen_at_home: "None".to_owned(),
        escalation_plan: "For hospital if needed".to_owned(),
        plan: None,
    };
    let stay = wards.admit(permit.ward, referral).await?.stay;
    let channel = Step::Channel(person.channel);
    wards
        .move_patient(permit, stay, channel, String::new())
        .await?;
    if person.days == Days::KeepsADiary {
        give_a_diary(wards, permit, stay).await?;
    }
    Ok(stay)
}

async fn give_a_diary(wards: &Wards, permit: &Permit, stay: StayId) -> anyhow::Result<()> {
    let template = template::named("covid-virtual-ward").context("the template is not there")?;
    let mut care = template.care.clone();
    care.diary = Some(DiaryPlan {
        questionnaire: "covid-oximetry-home".to_owned(),
        version: 1,
        schedule: Schedule {
            times: vec![jiff::civil::Time::constant(9, 0, 0, 0)],
            before_minutes: 120,
            after_minutes: 120,
        },
    });
    let wanted = Wanted {
        replaces: 1,
        limits: template.limits.clone(),
        care,
        reason: "Has no smartphone; keeps a paper diary and reads it out".to_owned(),
    };
    wards.set_plan(permit, stay, wanted).await?;
    Ok(())
}

async fn live_an_hour(
    wards: &Wards,
    permit: &Permit,
    stay: StayId,
    days: Days,
    hour: u32,
    of_days: u32,
) -> anyhow::Result<()> {
    let (day, hour) = (hour / 24, hour % 24);
    let last = of_days.saturating_sub(1);
    // Hours since the ward's day of the demo began: measured every five waking hours, rung in the second.
    let measures = matches!(hour, 0 | 5 | 10);
    match days {
        Days::DoesNotAnswer => {
            if measures && day == 0 {
                tell(wards, permit, stay, 95.0).await?;
            }
            if hour == 2 {
                ring(wards, permit, stay, day == 0).await?;
            }
        }
        Days::KeepsADiary => {
            if hour == 1 {
                keep_diary(wards, permit, stay, day == last).await?;
            }
            if measures && hour > 1 {
                tell(wards, permit, stay, 96.0).await?;
            }
            if hour == 2 {
                ring(wards, permit, stay, true).await?;
            }
        }
        Days::FallsSilent => {
            if measures && day < last {
                tell(wards, permit, stay, 96.0).await?;
            }
            if hour == 0 && day == last {
                tell(wards, permit, stay, 94.0).await?;
            }
            if hour == 2 {
                ring(wards, permit, stay, day < last).await?;
            }
        }
        Days::InHospital => {
            if day == 0 && measures {
                tell(wards, permit, stay, 95.0).await?;
            }
            if day == 1 && hour == 0 {
                let step = Step::Pause(PauseReason::InHospital);
                let note = "Fell at home, hip".to_owned();
                wards.move_patient(permit, stay, step, note).await?;
            }
        }
        Days::GoesHome => {
            if measures && day < last {
                tell(wards, permit, stay, 97.0).await?;
            }
            if hour == 2 && day < last {
                ring(wards, permit, stay, true).await?;
            }
            if hour == 11 && day + 1 == last {
                go_home(wards, permit, stay).await?;
            }
        }
    }
    Ok(())
}

async fn tell(wards: &Wards, permit: &Permit, stay: StayId, spo2: f64) -> anyhow::Result<()> {
    let entering = Entering::by_staff(permit, stay, SaidBy::Patient, Means::Telephone)?;
    let new = NewReading {
        id: ReadingId(wards.clock().new_id()),
        typed: Typed {
            spo2,
            pulse: Some(78.0),
        },
        at: None,
        context: Circumstances::Rest,
    };
    wards.enter_reading(entering, new).await?;
    Ok(())
}

async fn keep_diary(
    wards: &Wards,
    permit: &Permit,
    stay: StayId,
    is_low: bool,
) -> anyhow::Result<()> {
    let entering = Entering::by_staff(permit, stay, SaidBy::Patient, Means::Telephone)?;
    let choice = |text: &str| Answer::Text(text.to_owned());
    let mut answers = Answers::from([
        ("oxygen".to_owned(), Answer::Number(96.0)),
        ("pulse".to_owned(), Answer::Number(74.0)),
        ("breathing".to_owned(), choice("same")),
        ("feeling".to_owned(), choice("same")),
        (
            "mood".to_owned(),
            choice(if is_low { "low" } else { "good" }),
        ),
        ("alone".to_owned(), Answer::YesNo(is_low)),
    ]);
    for (question, well) in [
        ("full_sentences", true),
        ("seriously_unwell", false),
        ("blue_lips", false),
        ("new_confusion", false),
        ("chest_pain", false),
    ] {
        answers.insert(question.to_owned(), Answer::YesNo(well));
    }
    let new = NewEntry {
        id: EntryId(wards.clock().new_id()),
        questionnaire: None,
        at: None,
        answers,
    };
    wards.submit_diary(entering, new).await?;
    Ok(())
}

async fn ring(wards: &Wards, permit: &Permit, stay: StayId, reached: bool) -> anyhow::Result<()> {
    let identity = Identity::by(Identifier::FullName, Identifier::BirthDate)?;
    let call = Call {
        direction: Direction::FromWard,
        way: Way::Telephone,
        whom: Whom::Patient,
        name: String::new(),
        outcome: if reached {
            CallOutcome::Reached
        } else {
            CallOutcome::NoAnswer
        },
        identity: reached.then_some(identity),
        support: Support::None,
        wellbeing: Wellbeing::default(),
        symptoms: Vec::new(),
        help: None,
        readings: Vec::new(),
        advice: Vec::new(),
        next: None,
        note: String::new(),
    };
    let new = NewContact {
        id: None,
        at: None,
        call,
        readings: Vec::new(),
    };
    wards.log_contact(permit, stay, new).await?;
    Ok(())
}

async fn go_home(wards: &Wards, permit: &Permit, stay: StayId) -> anyhow::Result<()> {
    let leaving = Leaving {
        destination: Destination::Home,
        outcome: StayOutcome::Recovered,
        summary: "Well again, 97 % on air for two days".to_owned(),
        follow_up: String::new(),
        kit_due_back: None,
    };
    wards.discharge(permit, stay, leaving).await?;
    Ok(())
}
