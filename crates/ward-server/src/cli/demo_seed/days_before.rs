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
use ward_core::day::Zone;
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
    let zone = ward.zone();
    let first = zone.day_of(clock.now());
    for _ in 0..days * 24 {
        let local = zone.local(clock.now());
        let hour = Hour {
            day: u32::try_from(Zone::days_between(first, local.date()))?,
            of_days: days,
            hour: local.hour(),
        };
        for (person, stay) in &stays {
            live_an_hour(wards, &permit, *stay, person.days, hour).await?;
        }
        clock.advance(HOUR);
        // Somebody had the board before their eyes and heard it.
        wards.watching().heard_beside(ward.id, clock.now());
        wards.sweep().await?;
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

/// An hour of the days that are lived through, by the ward's clock.
#[derive(Clone, Copy)]
struct Hour {
    day: u32,
    of_days: u32,
    hour: i8,
}

impl Hour {
    /// The ward's default plan asks for readings at these hours.
    const fn is_a_slot(self) -> bool {
        matches!(self.hour, 8 | 13 | 18)
    }

    const fn is_when_the_ward_rings(self) -> bool {
        self.hour == 10
    }

    /// The day before the demo.
    const fn is_yesterday(self) -> bool {
        self.day + 1 == self.of_days
    }
}

async fn live_an_hour(
    wards: &Wards,
    permit: &Permit,
    stay: StayId,
    days: Days,
    at: Hour,
) -> anyhow::Result<()> {
    let is_before_yesterday = at.day + 1 < at.of_days;
    match days {
        Days::DoesNotAnswer => {
            if at.is_a_slot() {
                tell(wards, permit, stay, 95.0).await?;
            }
            if at.is_when_the_ward_rings() {
                ring(wards, permit, stay, is_before_yesterday).await?;
            }
        }
        Days::KeepsADiary => {
            if at.hour == 9 {
                keep_diary(wards, permit, stay, !is_before_yesterday).await?;
            }
            if at.is_a_slot() {
                tell(wards, permit, stay, 96.0).await?;
            }
            if at.is_when_the_ward_rings() {
                ring(wards, permit, stay, is_before_yesterday).await?;
            }
        }
        Days::FallsSilent => {
            if at.is_a_slot() && is_before_yesterday {
                tell(wards, permit, stay, 96.0).await?;
            }
            if at.hour == 8 && at.is_yesterday() {
                tell(wards, permit, stay, 94.0).await?;
            }
            if at.is_when_the_ward_rings() {
                ring(wards, permit, stay, is_before_yesterday).await?;
            }
        }
        Days::InHospital => {
            if at.is_a_slot() && at.day == 0 {
                tell(wards, permit, stay, 95.0).await?;
            }
            if at.day == 1 && at.hour == 7 {
                let step = Step::Pause(PauseReason::InHospital);
                let note = "Fell at home, hip".to_owned();
                wards.move_patient(permit, stay, step, note).await?;
            }
        }
        Days::GoesHome => {
            let goes = at.is_yesterday() && at.hour == 11;
            let is_here = is_before_yesterday || (at.is_yesterday() && at.hour < 11);
            if at.is_a_slot() && is_here {
                tell(wards, permit, stay, 97.0).await?;
            }
            if at.is_when_the_ward_rings() && is_here {
                ring(wards, permit, stay, true).await?;
            }
            if goes {
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
        observations: ward_core::reading::ObservationSet::default(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use ward_core::call_list::Reason;
    use ward_core::day::StaffedHours;
    use ward_server::Config;

    /// Whatever hour a demo is begun at.
    #[tokio::test]
    async fn the_days_before_can_be_lived_through_from_any_hour_and_leave_their_traces() {
        for minutes_into_the_day in [5, 8 * 60 + 59, 13 * 60 + 30, 18 * 60 + 59, 23 * 60 + 40] {
            let folder = tempfile::tempdir().unwrap();
            let text = "listen = \"127.0.0.1:0\"\n[organisation]\nods_code = \"DEMO\"\nname = \"Demo\"\n\
                [database]\nurl = \"sqlite:ward.db\"\n[http]\nsecure = false\n";
            let file = folder.path().join("wardlight.toml");
            let config = Config::parse(&file, text, std::iter::empty()).unwrap();
            // Midnight of a day in March, days before the clocks change.
            let begins = ward_core::time::Timestamp::from_millis(1_805_846_400_000)
                .plus(ward_core::time::minutes(minutes_into_the_day));
            let clock = Clock::moved(begins);
            let wards = ward_server::open(&config, clock.clone(), true)
                .await
                .unwrap();
            let new = ward_service::NewWard {
                code: "PEN".to_owned(),
                name: "Pennine virtual ward".to_owned(),
                phone: "01632 960 100".to_owned(),
                time_zone: "Europe/London".to_owned(),
                default_plan: ward_core::plan::MonitoringPlan::scale_one(),
                staffed: StaffedHours::default(),
                default_care: ward_core::care::CarePlan::default(),
            };
            let ward = wards.open_ward(new).await.unwrap();
            let password = "a few words in a row";
            let nurse = wards.add_clinician(WRITTEN_DOWN_BY, "Amy", password).await;
            let role = ward_core::clinician::Role::Clinician;
            wards
                .join_ward(WRITTEN_DOWN_BY, ward.id, role)
                .await
                .unwrap();
            live_through(&wards, &clock, &ward, 3, super::super::test_number)
                .await
                .unwrap();
            let permit = wards
                .permit(nurse.unwrap().id, ward.id, Verb::SeeBoard)
                .await
                .unwrap()
                .unwrap();
            let calls = wards.call_list(&permit).await.unwrap().unwrap();
            let list = &calls.list;
            assert_eq!((list.to_call.len(), list.paused.len()), (3, 1));
            let has = |wanted: fn(&Reason) -> bool| {
                let mut reasons = list.to_call.iter().flat_map(|row| &row.reasons);
                reasons.any(wanted)
            };
            assert!(has(|reason| matches!(reason, Reason::CarriedOver { .. })));
            let problems: Vec<&str> = calls
                .snapshot
                .board
                .alerts
                .iter()
                .map(|alert| alert.problem.name())
                .collect();
            assert!(problems.contains(&"silence"), "{problems:?}");
            assert!(!problems.contains(&"nobody_watching"), "{problems:?}");
            wards.store().close().await;
        }
    }
}
