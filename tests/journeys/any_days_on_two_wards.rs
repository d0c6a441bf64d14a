//! Whatever happens on two wards, in whatever order, over the days on which the clocks change: nobody is lost.
//!
//! A walk of chance over what people and time can do. After each step the boards and the call lists are compared with a
//! separate, plain record of who is where.

mod truth;

use std::time::Duration;

use ward_core::contact::{
    Call, CallOutcome, Direction, Identifier, Identity, Support, Way, Wellbeing, Whom,
};
use ward_core::device::DeviceAddress;
use ward_core::id::StayId;
use ward_core::pathway::departure::Step;
use ward_core::pathway::papers::{Leaving, StayOutcome};
use ward_core::permit::{Permit, Verb};
use ward_core::stay::{Destination, PauseReason};
use ward_core::time::{minutes, seconds};
use ward_service::{Answer, DischargeError, NewContact};
use ward_tests::desk::Enrolled;
use ward_tests::{Verbs, on_both_databases, spo2};

use truth::{Seen, Standing, Truth};

on_both_databases!(a_walk_over_the_end_of_october, a_walk_over_the_end_of_march);

async fn a_walk_over_the_end_of_october(verbs: Verbs) {
    // Friday, 29 October 2027.
    Walk::begins(verbs, 1_824_796_800_000, 7)
        .await
        .goes_on(220)
        .await;
}

async fn a_walk_over_the_end_of_march(verbs: Verbs) {
    // Friday, 26 March 2027.
    Walk::begins(verbs, 1_806_048_000_000, 11)
        .await
        .goes_on(220)
        .await;
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

struct Walk {
    verbs: Verbs,
    wards: [Permit; 2],
    bridge: Enrolled,
    oximeters: Vec<DeviceAddress>,
    truth: Truth,
    seen: Seen,
    chance: Chance,
    done: Vec<String>,
}

impl Walk {
    async fn begins(verbs: Verbs, at_ms: i64, seed: u64) -> Self {
        let until = at_ms - verbs.clock.now().as_millis();
        verbs
            .clock
            .advance(Duration::from_millis(u64::try_from(until).unwrap()));
        let other = verbs.open_ward("RIB").await;
        let asha = verbs.clinician("asha", "Asha Rao").await;
        verbs
            .wards
            .join_ward("asha", other, ward_core::clinician::Role::Clinician)
            .await
            .unwrap();
        let permit = |ward| verbs.wards.permit(asha, ward, Verb::MovePatient);
        let wards = [
            permit(verbs.ward).await.unwrap().unwrap(),
            permit(other).await.unwrap().unwrap(),
        ];
        let bridge = verbs.bridge().await;
        let mut walk = Self {
            wards,
            bridge,
            oximeters: Vec::new(),
            truth: Truth::default(),
            seen: Seen::default(),
            chance: Chance(0x9E37_79B9_7F4A_7C15 ^ seed),
            done: Vec::new(),
            verbs,
        };
        for _ in 0..5 {
            walk.admits().await;
        }
        walk
    }

    async fn goes_on(mut self, steps: usize) {
        for step in 0..steps {
            self.step().await;
            self.compare().await;
            if step % 4 == 0 {
                self.verbs.readings_and_alerts_agree().await;
            }
        }
        // It went somewhere: a walk on which nothing happens proves nothing.
        let happened = |what: &str| self.done.iter().any(|done| done.starts_with(what));
        for what in [
            "reading",
            "reached",
            "no answer",
            "transfer",
            "pause",
            "resume",
            "death",
            "discharged",
            "refused",
            "settles",
        ] {
            assert!(happened(what), "{what} never happened: {:?}", self.done);
        }
    }

    async fn step(&mut self) {
        let number = self.chance.below(self.truth.people.len() as u64);
        let place = usize::try_from(number).unwrap();
        match self.chance.below(20) {
            0..7 => self.measures(place).await,
            7..10 => self.rings(place).await,
            10 | 11 => self.settles(place).await,
            12 => self.transfers(place).await,
            13 | 14 => {
                let paused = self
                    .truth
                    .first_paused()
                    .filter(|_| self.done.len().is_multiple_of(2));
                self.pauses_or_resumes(paused.unwrap_or(place)).await;
            }
            15 => self.discharges(place).await,
            16 if self.chance.below(2) == 0 => self.dies(place).await,
            17 if self.truth.open() < 5 => self.admits().await,
            _ => {
                let span = minutes(5 + self.chance.below(7 * 60));
                self.done.push(format!("after {span:?}"));
                self.verbs.after(span).await;
            }
        }
        self.verbs.after(seconds(1 + self.chance.below(90))).await;
    }

    async fn admits(&mut self) {
        let patient = self.verbs.patient(&self.bridge).await;
        self.oximeters.push(patient.oximeter);
        let now = self.verbs.clock.now();
        self.truth.admitted(patient.stay, now);
        self.done.push(format!("admits {}", patient.stay));
    }

    async fn measures(&mut self, place: usize) {
        let percent =
            [97.0, 96.0, 94.0, 91.0, 85.0][usize::try_from(self.chance.below(5)).unwrap()];
        let (stay, oximeter) = (self.stay(place), self.oximeters[place].clone());
        let reading = spo2(percent).from(&oximeter, self.verbs.clock.now());
        let answers = self.verbs.record(&self.bridge, &[reading]).await;
        let watched = self.truth.people[place].standing == Standing::Active;
        assert!(
            match answers.as_slice() {
                [Answer::Stored] => watched,
                [Answer::Unwatched { .. }] => !watched,
                _ => false,
            },
            "{stay}: {answers:?}"
        );
        self.truth.measured(place, percent);
        self.done.push(format!("reading of {percent} for {stay}"));
    }

    async fn rings(&mut self, place: usize) {
        let reached = self.chance.below(3) > 0;
        let (permit, stay) = (self.permit(place), self.stay(place));
        let new = NewContact {
            id: None,
            at: None,
            call: call(reached),
            readings: Vec::new(),
        };
        self.verbs
            .wards
            .log_contact(&permit, stay, new)
            .await
            .unwrap();
        let word = if reached { "reached" } else { "no answer from" };
        self.done.push(format!("{word} {stay}"));
        if reached {
            self.truth.reached(place, self.verbs.clock.now());
        }
    }

    /// Takes and ends everything that is open about somebody.
    async fn settles(&mut self, place: usize) {
        let (permit, stay) = (self.permit(place), self.stay(place));
        let wards = &self.verbs.wards;
        let open = wards.store().open_alerts(permit.ward).await.unwrap();
        let subject = ward_core::alert::Subject::Stay(stay);
        for alert in open.iter().filter(|alert| alert.subject == subject) {
            let seen = wards.store().head(permit.ward).await.unwrap().unwrap();
            wards
                .acknowledge_alert(&permit, alert.number, seen)
                .await
                .unwrap();
            let outcome = ward_core::alert::Outcome::AdviceGiven;
            wards
                .resolve_alert(&permit, alert.number, outcome, String::new(), seen)
                .await
                .unwrap();
            self.seen.resolved(permit.ward, alert.number);
            self.done
                .push(format!("settles {} of {stay}", alert.number));
        }
        self.truth.settled(place);
    }

    async fn transfers(&mut self, place: usize) {
        let (permit, stay) = (self.permit(place), self.stay(place));
        let to = 1 - self.truth.people[place].ward;
        let moved = self
            .verbs
            .wards
            .transfer(&permit, stay, self.wards[to].ward, String::new())
            .await;
        assert_eq!(
            moved.is_ok(),
            self.truth.people[place].standing != Standing::Ended
        );
        if moved.is_ok() {
            self.truth.people[place].ward = to;
            self.done.push(format!("transfer of {stay} to {to}"));
        }
    }

    async fn pauses_or_resumes(&mut self, place: usize) {
        let (permit, stay) = (self.permit(place), self.stay(place));
        let wards = &self.verbs.wards;
        match self.truth.people[place].standing {
            Standing::Active => {
                let step = Step::Pause(PauseReason::InHospital);
                let paused = wards.move_patient(&permit, stay, step, String::new()).await;
                paused.unwrap();
                self.truth.paused(place);
                self.done.push(format!("pause of {stay}"));
            }
            Standing::Paused => {
                let resumed = wards.resume(&permit, stay, None, String::new()).await;
                resumed.unwrap();
                self.truth.people[place].standing = Standing::Active;
                self.done.push(format!("resume of {stay}"));
            }
            Standing::Ended => {
                let step = Step::Pause(PauseReason::Away);
                let refused = wards.move_patient(&permit, stay, step, String::new()).await;
                assert!(refused.is_err());
            }
        }
    }

    async fn discharges(&mut self, place: usize) {
        let (permit, stay) = (self.permit(place), self.stay(place));
        let leaving = Leaving {
            destination: Destination::Home,
            outcome: StayOutcome::Recovered,
            summary: "well again".to_owned(),
            follow_up: String::new(),
            kit_due_back: None,
        };
        let open = self.open_alerts_of(place).await;
        let left = self.verbs.wards.discharge(&permit, stay, leaving).await;
        let may = open == 0 && self.truth.people[place].standing != Standing::Ended;
        match left {
            Ok(_) => {
                assert!(may, "{stay} was discharged with {open} alerts open");
                self.truth.people[place].standing = Standing::Ended;
                self.done.push(format!("discharged {stay}"));
            }
            Err(DischargeError::Step(_)) if !may => {
                self.done.push(format!("refused to discharge {stay}"));
            }
            Err(other) => panic!("{stay}: {other}"),
        }
    }

    async fn dies(&mut self, place: usize) {
        let (permit, stay) = (self.permit(place), self.stay(place));
        let step = Step::End(Destination::Died);
        let wards = &self.verbs.wards;
        let died = wards.move_patient(&permit, stay, step, String::new()).await;
        let before = self.truth.people[place].standing;
        // A death after the discharge is written down too.
        assert!(died.is_ok() || before == Standing::Ended, "{died:?}");
        if died.is_ok() {
            assert_eq!(self.open_alerts_of(place).await, 0);
            self.truth.died(place);
            self.done.push(format!("death of {stay}"));
        }
    }

    async fn open_alerts_of(&self, place: usize) -> usize {
        let (permit, stay) = (self.permit(place), self.stay(place));
        let open = self.verbs.wards.store().open_alerts(permit.ward).await;
        let subject = ward_core::alert::Subject::Stay(stay);
        let open = open.unwrap();
        open.iter().filter(|alert| alert.subject == subject).count()
    }

    fn stay(&self, place: usize) -> StayId {
        self.truth.people[place].stay
    }

    fn permit(&self, place: usize) -> Permit {
        self.wards[self.truth.people[place].ward]
    }

    async fn compare(&mut self) {
        let mut shown = Vec::new();
        for permit in &self.wards {
            let board = self.verbs.wards.board(permit).await.unwrap().unwrap();
            let calls = self.verbs.wards.call_list(permit).await.unwrap().unwrap();
            shown.push(truth::Shown::of(permit.ward, &board, &calls));
        }
        let zone = ward_core::day::Zone::named("Europe/London").unwrap();
        let today = zone.day_of(self.verbs.clock.now());
        let mut faults = self.truth.faults(&shown, today, &zone);
        faults.extend(self.seen.faults(&shown));
        let newest = self.done.iter().rev().take(12);
        assert!(
            faults.is_empty(),
            "at {}: {faults:#?}\nafter, the newest first: {:#?}",
            self.verbs.clock.now(),
            newest.collect::<Vec<_>>()
        );
    }
}

fn call(reached: bool) -> Call {
    Call {
        direction: Direction::FromWard,
        way: Way::Telephone,
        whom: Whom::Patient,
        name: String::new(),
        outcome: if reached {
            CallOutcome::Reached
        } else {
            CallOutcome::NoAnswer
        },
        identity: reached
            .then(|| Identity::by(Identifier::FullName, Identifier::BirthDate).unwrap()),
        support: Support::None,
        wellbeing: Wellbeing::default(),
        symptoms: Vec::new(),
        help: None,
        readings: Vec::new(),
        advice: Vec::new(),
        next: None,
        note: String::new(),
    }
}
