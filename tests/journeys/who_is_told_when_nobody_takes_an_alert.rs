use ward_core::alert::{Alert, Problem, SnoozeAsked, SnoozeReason};
use ward_core::day::StaffedHours;
use ward_core::duty::Post;
use ward_core::escalation::{ChannelKind, OutsideContact, Policy, ToldState, Whom};
use ward_core::event::WardEvent;
use ward_core::id::{AlertNumber, ClinicianId};
use ward_core::message::What;
use ward_core::technical::Cause;
use ward_core::time::{Timestamp, minutes, seconds};
use ward_service::carry::Receipt;
use ward_service::{Clock, NewDetail};
use ward_tests::desk::EIGHT;
use ward_tests::pager::{Luck, Pager};
use ward_tests::silence::{asks_at, with_on_call};
use ward_tests::story::Setting;
use ward_tests::{Bridge, Console, Kind, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(
    a_red_reaches_the_next_person_the_lead_and_the_phone_tree_each_once,
    an_amber_waits_half_an_hour_on_the_board_and_reaches_the_lead_after_an_hour,
    whoever_takes_it_in_that_second_is_not_refused_and_nobody_is_told_any_more,
    out_of_hours_a_red_goes_to_whoever_is_on_call,
    a_red_that_is_nobodys_when_the_shift_ends_goes_to_whoever_is_on_call,
    a_night_in_october_that_has_an_hour_more_keeps_every_timer,
    no_board_shows_it_so_the_first_person_is_told_at_once,
    a_ward_that_nobody_watches_says_so_within_a_minute_and_when_somebody_does_again,
    what_does_not_get_through_goes_by_the_next_way_at_once,
    a_provider_that_takes_it_twice_or_loses_its_answer_is_known_by_the_same_id,
    a_provider_that_is_slow_to_answer_holds_up_nobody,
    a_message_that_the_network_lost_goes_by_the_next_way,
    where_nobody_can_be_told_the_board_says_so,
    a_red_is_never_snoozed_and_a_snoozed_amber_speaks_again,
    after_ten_minutes_without_a_service_everything_overdue_is_said_once,
    somebody_passes_an_alert_on_by_hand,
);

/// A ward whose staff can be told.
struct Told {
    ward: TestWard,
    pager: Pager,
}

const ASHA: &str = "07700 900001";
const ASHA_BY_EMAIL: &str = "asha@example.nhs.uk";
const LEAD: &str = "07700 900002";
const ON_CALL: &str = "07700 900003";
const TREE: &str = "07700 900004";

impl Told {
    async fn at(kind: Kind, now: Timestamp, watched: bool) -> Self {
        let pager = Pager::default();
        let ward = TestWard::telling(kind, Clock::moved(now), pager.teller(), |config| {
            config.wards.nobody_watching_after = watched.then_some(seconds(30));
        })
        .await;
        Self { ward, pager }
    }

    /// Asha looks after alerts, Lena leads, Omar is on call, and there is a phone tree.
    async fn staffed(&self) -> Nurse {
        let asha = Nurse::comes_on_shift(&self.ward, "asha", "Asha Rao").await;
        let phone = |number: &str| NewDetail::Phone(number.to_owned());
        let email = NewDetail::Email(ASHA_BY_EMAIL.to_owned());
        let id = ClinicianId(asha.view.clinician);
        self.ward
            .is_reached(id, &[phone(ASHA), email], Post::Clinician)
            .await;
        let lena = self.ward.clinician("lena", "Lena Holt").await;
        self.ward.is_reached(lena, &[phone(LEAD)], Post::Lead).await;
        let omar = self.ward.clinician("omar", "Omar Shah").await;
        self.ward
            .is_reached(omar, &[phone(ON_CALL)], Post::OnCall)
            .await;
        let contact = OutsideContact {
            name: "Hospital site manager".to_owned(),
            phone: TREE.to_owned(),
            email: String::new(),
        };
        self.policy(Policy {
            phone_tree: vec![contact],
            ..Policy::default()
        })
        .await;
        asha
    }

    async fn policy(&self, policy: Policy) {
        let store = self.ward.wards.store();
        let mut ledger = store.open_ledger(self.ward.ward).await.unwrap().unwrap();
        let now = self.ward.clock.now();
        ledger
            .set_policy(Some(policy.checked().unwrap()), now)
            .await
            .unwrap();
        ledger.commit().await.unwrap();
    }

    /// Levels of an alert as they stand on the log.
    async fn levels(&self, number: AlertNumber) -> Vec<u16> {
        let log = self.ward.log().await;
        let levels = log.iter().filter_map(|logged| match &logged.event {
            WardEvent::Alert { alert, .. } if alert.number == number => {
                (logged.event.kind() == "alert_escalated").then_some(alert.ladder.level)
            }
            _ => None,
        });
        levels.collect()
    }

    async fn red(&self) -> Alert {
        self.ward.the(Problem::Oxygen).await.unwrap()
    }
}

impl Setting for Told {
    async fn on(kind: Kind) -> Self {
        Self::at(kind, EIGHT, false).await
    }
}

/// Another hour of the day, on either database.
struct At<const MILLIS: i64>(Told);

impl<const MILLIS: i64> Setting for At<MILLIS> {
    async fn on(kind: Kind) -> Self {
        Self(Told::at(kind, Timestamp::from_millis(MILLIS), false).await)
    }
}

/// One that says so when nobody watches.
struct Watched(Told);

impl Setting for Watched {
    async fn on(kind: Kind) -> Self {
        Self(Told::at(kind, EIGHT, true).await)
    }
}

fn told(levels: &[(u8, &str)]) -> Vec<(u8, String)> {
    let levels = levels.iter();
    levels
        .map(|(level, to)| (*level, (*to).to_owned()))
        .collect()
}

async fn a_red_reaches_the_next_person_the_lead_and_the_phone_tree_each_once(it: Told) {
    let asha = it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    let console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = console.sees("red", |_| true).await;
    let number = ward_core::id::Seq(red.number);
    it.ward
        .comes_to(Problem::Oxygen, |alert| alert.shown_at.is_some())
        .await;
    it.ward.after(minutes(5)).await;
    assert_eq!(it.pager.comes_to(number, 1).await, told(&[(1, ASHA)]));
    it.ward.after(minutes(5)).await;
    it.pager.comes_to(number, 2).await;
    it.ward.after(minutes(5)).await;
    let all = it.pager.comes_to(number, 3).await;
    assert_eq!(all, told(&[(1, ASHA), (2, LEAD), (3, TREE)]));
    // Again every five minutes, and not before.
    it.ward.after(minutes(4)).await;
    assert_eq!(it.levels(number).await, [1, 2, 3]);
    it.ward.after(minutes(1)).await;
    it.pager.comes_to(number, 4).await;
    assert_eq!(it.levels(number).await, [1, 2, 3, 4]);
    // Nothing in it tells who anybody is.
    for notice in it.pager.took() {
        assert!(notice.title.starts_with("PEN") || notice.title.contains(&notice.ward_code));
        let said = format!("{} {}", notice.title, notice.text);
        assert!(!said.contains("90") || !said.contains('%'), "{said}");
        assert_eq!(
            notice.link.as_deref(),
            Some(format!("https://ward.example.nhs.uk/wards/{}", it.ward.ward).as_str())
        );
    }
}

async fn an_amber_waits_half_an_hour_on_the_board_and_reaches_the_lead_after_an_hour(it: Told) {
    let asha = it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    let console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(94.0)).await;
    let number = ward_core::id::Seq(console.sees("amber", |_| true).await.number);
    it.ward
        .comes_to(Problem::Oxygen, |alert| alert.shown_at.is_some())
        .await;
    it.ward.after(minutes(30)).await;
    assert_eq!(it.levels(number).await, [1]);
    assert!(it.pager.levels_of(number).is_empty());
    it.ward.after(minutes(30)).await;
    assert_eq!(it.pager.comes_to(number, 1).await, told(&[(2, LEAD)]));
}

async fn whoever_takes_it_in_that_second_is_not_refused_and_nobody_is_told_any_more(it: Told) {
    let asha = it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    let console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = console.sees("red", |_| true).await;
    it.ward
        .comes_to(Problem::Oxygen, |alert| alert.shown_at.is_some())
        .await;
    // What her screen had when it was passed on, before the recheck was missed.
    let seen = it.ward.head().await.0;
    let store = it.ward.wards.store();
    let mut policy = Policy::default();
    policy.red.steps[0].after_s = 60;
    it.policy(policy).await;
    it.ward.after(minutes(1)).await;
    assert_eq!(it.levels(ward_core::id::Seq(red.number)).await, [1]);
    let reply = asha.acknowledges(red.number, seen).await;
    assert_eq!(reply.status, 200, "{reply}");
    it.ward.after(minutes(60)).await;
    assert_eq!(it.levels(ward_core::id::Seq(red.number)).await, [1]);
    let notices = store
        .notices_of(it.ward.ward, ward_core::id::Seq(red.number), 10)
        .await
        .unwrap();
    assert_eq!(notices.len(), 1);
}

/// Nine in the evening.
const NIGHT: i64 = 1_795_294_800_000;

async fn out_of_hours_a_red_goes_to_whoever_is_on_call(At(it): At<NIGHT>) {
    it.ward.is_staffed(&StaffedHours::default()).await;
    it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = it.red().await;
    // Nobody is at a board: whoever is on call is told after fifteen seconds, not after five minutes.
    it.ward.after(seconds(15)).await;
    assert_eq!(
        it.pager.comes_to(red.number, 1).await,
        told(&[(1, ON_CALL)])
    );
    it.ward.after(minutes(10)).await;
    let all = it.pager.comes_to(red.number, 2).await;
    assert_eq!(all, told(&[(1, ON_CALL), (2, ON_CALL)]));
}

/// Two minutes before eight in the evening.
const EVENING: i64 = 1_795_294_800_000 - 62 * 60_000;

async fn a_red_that_is_nobodys_when_the_shift_ends_goes_to_whoever_is_on_call(At(it): At<EVENING>) {
    it.ward.is_staffed(&StaffedHours::default()).await;
    let asha = it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    let care = with_on_call(asks_at(&[]), "consultant", "07700 900123");
    it.ward.asks(patient.stay, &care).await;
    let console = Console::opened_by(&asha).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let number = ward_core::id::Seq(console.sees("red", |_| true).await.number);
    it.ward
        .comes_to(Problem::Oxygen, |alert| alert.shown_at.is_some())
        .await;
    assert_eq!(it.ward.called_out(patient.stay).await, []);
    it.ward.after(minutes(2)).await;
    assert_eq!(it.pager.comes_to(number, 1).await, told(&[(0, ON_CALL)]));
    // By the patient's own plan too.
    let called = it.ward.called_out(patient.stay).await;
    assert_eq!(
        called.iter().map(|it| &it.what).collect::<Vec<_>>(),
        [&What::OnCallRed { alert: number }]
    );
    it.ward.after(seconds(30)).await;
    let kinds = it.ward.kinds().await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "alert_left_at_shift_end")
            .count(),
        1
    );
}

/// Ten to two on the morning of 25 October 2026, before the clocks go back.
const OCTOBER: i64 = 1_792_889_400_000;

async fn a_night_in_october_that_has_an_hour_more_keeps_every_timer(At(it): At<OCTOBER>) {
    it.ward.is_staffed(&StaffedHours::default()).await;
    it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = it.red().await;
    it.ward.after(seconds(15)).await;
    let mut by_minute = Vec::new();
    for minute in 0..16 {
        by_minute.push((minute, it.levels(red.number).await.len()));
        it.ward.after(minutes(1)).await;
    }
    let first_of = |level| {
        by_minute
            .iter()
            .find(|(_, levels)| *levels >= level)
            .unwrap()
            .0
    };
    assert_eq!((first_of(1), first_of(2), first_of(3)), (0, 10, 15));
    assert_eq!(it.levels(red.number).await, [1, 2, 3]);
}

async fn no_board_shows_it_so_the_first_person_is_told_at_once(it: Told) {
    it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = it.red().await;
    it.ward.after(seconds(14)).await;
    assert!(it.levels(red.number).await.is_empty());
    it.ward.after(seconds(1)).await;
    assert_eq!(it.pager.comes_to(red.number, 1).await, told(&[(1, ASHA)]));
    // The second step comes at its own time.
    it.ward.after(minutes(9)).await;
    assert_eq!(it.levels(red.number).await, [1]);
    it.ward.after(minutes(1)).await;
    assert_eq!(it.levels(red.number).await, [1, 2]);
}

async fn a_ward_that_nobody_watches_says_so_within_a_minute_and_when_somebody_does_again(
    Watched(it): Watched,
) {
    let asha = it.staffed().await;
    let nobody = Problem::Technical(Cause::NobodyWatching);
    let mut console = Console::opened_by(&asha).await;
    // Her receipt is on its way.
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    for _ in 0..12 {
        it.ward.after(seconds(10)).await;
    }
    assert_eq!(it.ward.the(nobody).await, None);
    console.cut_line().await;
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    let mut passed = 0;
    while it.ward.the(nobody).await.is_none() {
        it.ward.after(seconds(5)).await;
        passed += 5;
        assert!(passed <= 45, "nobody watches, and nothing says so");
    }
    let alert = it.ward.the(nobody).await.unwrap();
    it.ward.after(seconds(15)).await;
    assert!(passed + 15 <= 60);
    assert_eq!(
        it.pager.comes_to(alert.number, 1).await,
        told(&[(1, ON_CALL)])
    );
    // Somebody comes back: the condition is over, the alert waits for a person.
    console.resumes(&asha).await;
    let is_over = |alert: &Alert| {
        matches!(
            alert.detail,
            Some(ward_core::technical::Detail::Kit {
                ended_at: Some(_),
                ..
            })
        )
    };
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    it.ward.after(seconds(16)).await;
    let over = it.ward.comes_to(nobody, is_over).await;
    assert!(over.is_open());
}

async fn what_does_not_get_through_goes_by_the_next_way_at_once(it: Told) {
    it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    it.pager.fares(ChannelKind::Sms, &[Luck::Refused; 60]);
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = it.red().await;
    it.ward.after(seconds(15)).await;
    // No text messages at all: her e-mail, in the same minute.
    assert_eq!(
        it.pager.comes_to(red.number, 1).await,
        told(&[(1, ASHA_BY_EMAIL)])
    );
    // The text message is tried on, and the ward is told that none get through.
    for _ in 0..6 {
        it.ward.after(seconds(20)).await;
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    }
    it.ward
        .comes_to(Problem::Technical(Cause::DeliveryFailing), |_| true)
        .await;
    assert_eq!(it.levels(red.number).await, [1]);
    let alert = it.red().await;
    let states: Vec<ToldState> = alert.ladder.told.iter().map(|line| line.state).collect();
    assert_eq!(states.first(), Some(&ToldState::Failed));
    assert!(
        states
            .iter()
            .skip(1)
            .any(|state| *state == ToldState::Delivered || *state == ToldState::Sent)
    );
}

async fn a_provider_that_takes_it_twice_or_loses_its_answer_is_known_by_the_same_id(it: Told) {
    it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    it.pager.fares(ChannelKind::Sms, &[Luck::AnswerLost]);
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = it.red().await;
    it.ward.after(seconds(15)).await;
    // Her e-mail goes out at once, because nobody knows whether the text message did.
    it.pager.comes_to(red.number, 2).await;
    it.ward.after(seconds(6)).await;
    for _ in 0..200 {
        if it.pager.took().len() >= 3 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let took = it.pager.took();
    assert_eq!(took.len(), 3, "{took:?}");
    assert_eq!(took[0].id, took[2].id);
    assert_eq!((took[0].attempt, took[2].attempt), (1, 2));
    assert_eq!(
        it.pager.levels_of(red.number),
        told(&[(1, ASHA), (1, ASHA_BY_EMAIL)])
    );
    assert_eq!(it.levels(red.number).await, [1]);
}

async fn a_provider_that_is_slow_to_answer_holds_up_nobody(it: Told) {
    it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let (one, two) = (
        it.ward.patient(&bridge).await,
        it.ward.patient(&bridge).await,
    );
    // Both text messages to Asha hang.
    it.pager.fares(ChannelKind::Sms, &[Luck::Slow; 2]);
    bridge.measures(&one.oximeter, spo2(90.0)).await;
    let first = it.red().await.number;
    bridge.measures(&two.oximeter, spo2(89.0)).await;
    let open = it.ward.open_alerts().await;
    let second = open.iter().find(|it| it.number != first).unwrap().number;
    it.ward.after(seconds(15)).await;
    for number in [first, second] {
        it.pager.reaches(number, (1, ASHA)).await;
    }
    // The lead is told of both at her time, though neither has been answered.
    it.ward.after(minutes(10)).await;
    for number in [first, second] {
        it.pager.reaches(number, (2, LEAD)).await;
        assert_eq!(it.levels(number).await, [1, 2]);
    }
    // Late as they are, the answers are written down.
    it.pager.answers_come();
    it.ward
        .comes_to(Problem::Oxygen, |alert| {
            let of_asha = alert.ladder.told.iter().find(|line| line.level == 1);
            of_asha.is_some_and(|line| {
                line.state == ToldState::Sent || line.state == ToldState::Delivered
            })
        })
        .await;
}

async fn a_message_that_the_network_lost_goes_by_the_next_way(it: Told) {
    it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    it.pager
        .answers(&[Receipt::OnItsWay, Receipt::NotDelivered]);
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = it.red().await;
    it.ward.after(seconds(15)).await;
    it.pager.comes_to(red.number, 1).await;
    for _ in 0..8 {
        it.ward.after(seconds(10)).await;
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    }
    assert_eq!(
        it.pager.levels_of(red.number),
        told(&[(1, ASHA), (1, ASHA_BY_EMAIL)])
    );
    let alert = it.ward.comes_to(Problem::Oxygen, |alert| {
        let states: Vec<ToldState> = alert.ladder.told.iter().map(|line| line.state).collect();
        states == [ToldState::Failed, ToldState::Delivered]
    });
    alert.await;
}

async fn where_nobody_can_be_told_the_board_says_so(it: Told) {
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    it.ward.after(minutes(5)).await;
    let red = it
        .ward
        .comes_to(Problem::Oxygen, |alert| alert.ladder.level == 1)
        .await;
    let line = red.ladder.told.last().unwrap();
    assert_eq!((line.to, line.state), (Whom::Nobody, ToldState::Failed));
    assert!(line.instead_of.is_some());
}

async fn a_red_is_never_snoozed_and_a_snoozed_amber_speaks_again(it: Told) {
    let asha = it.staffed().await;
    let permit = it.ward.permit(ClinicianId(asha.view.clinician)).await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let (red, amber) = (
        it.ward.patient(&bridge).await,
        it.ward.patient(&bridge).await,
    );
    bridge.measures(&red.oximeter, spo2(90.0)).await;
    let number = it.red().await.number;
    let asked = |in_minutes| SnoozeAsked {
        until: it.ward.clock.now().plus(minutes(in_minutes)),
        reason: SnoozeReason::VisitOnItsWay,
        note: "nurse is on the way".to_owned(),
    };
    let wards = &it.ward.wards;
    let head = it.ward.head().await;
    let refused = wards.snooze_alert(&permit, number, asked(30), head).await;
    assert!(refused.unwrap_err().to_string().contains("never snoozed"));
    wards
        .acknowledge_alert(&permit, number, head)
        .await
        .unwrap();
    bridge.measures(&amber.oximeter, spo2(94.0)).await;
    let of_amber = |alerts: Vec<Alert>| {
        alerts
            .into_iter()
            .find(|alert| alert.number != number)
            .unwrap()
    };
    let alert = of_amber(it.ward.open_alerts().await);
    let head = it.ward.head().await;
    wards
        .snooze_alert(&permit, alert.number, asked(90), head)
        .await
        .unwrap();
    it.ward.after(minutes(59)).await;
    let quiet = of_amber(it.ward.open_alerts().await);
    assert!(quiet.snooze.is_some() && !quiet.is_unacknowledged());
    assert!(it.levels(alert.number).await.is_empty());
    it.ward.after(minutes(31)).await;
    let again = of_amber(it.ward.open_alerts().await);
    assert!(again.is_unacknowledged() && again.snooze.is_none());
}

async fn after_ten_minutes_without_a_service_everything_overdue_is_said_once(it: Told) {
    let mut it = it;
    it.staffed().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = it.red().await;
    it.ward.stop().await;
    it.ward.clock.advance(minutes(11));
    it.ward.start().await;
    // They go out side by side: which is first at the provider is nobody's promise.
    let mut all = it.pager.comes_to(red.number, 2).await;
    all.sort();
    assert_eq!(all, told(&[(1, ASHA), (2, LEAD)]));
    it.ward.after(seconds(5)).await;
    assert_eq!(it.levels(red.number).await, [1, 2]);
    assert_eq!(it.pager.took().len(), 2);
}

async fn somebody_passes_an_alert_on_by_hand(it: Told) {
    let asha = it.staffed().await;
    let permit = it.ward.permit(ClinicianId(asha.view.clinician)).await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(94.0)).await;
    let amber = it.red().await;
    let wards = &it.ward.wards;
    let head = it.ward.head().await;
    wards
        .acknowledge_alert(&permit, amber.number, head)
        .await
        .unwrap();
    // Level one of an amber is the board alone; the next is the lead.
    let on = |to| wards.escalate_alert(&permit, amber.number, to, "she does not answer".to_owned());
    assert_eq!(on(None).await.unwrap(), 1);
    assert_eq!(on(None).await.unwrap(), 2);
    assert_eq!(it.pager.comes_to(amber.number, 1).await, told(&[(2, LEAD)]));
    let omar = it
        .ward
        .log()
        .await
        .iter()
        .find_map(|logged| match &logged.event {
            WardEvent::Duty(ward_core::event::DutyEvent::Accepted {
                by,
                post: Post::OnCall,
            }) => Some(*by),
            _ => None,
        });
    on(omar).await.unwrap();
    let all = it.pager.comes_to(amber.number, 2).await;
    assert_eq!(all, told(&[(2, LEAD), (2, ON_CALL)]));
    let alert = it.red().await;
    assert!(alert.is_held_by(ClinicianId(asha.view.clinician)));
}

/// Both services are gone for ten minutes, and both come back at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_ten_minutes_without_either_of_two_services_everything_overdue_is_said_once() {
    let mut it = Told::on(Kind::Postgres).await;
    it.staffed().await;
    let other = it.ward.second_node().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let patient = it.ward.patient(&bridge).await;
        bridge.measures(&patient.oximeter, spo2(90.0)).await;
        numbers.push(it.ward.open_alerts().await.last().unwrap().number);
    }
    it.ward.stop().await;
    other.stop().await;
    assert_eq!(it.pager.took().len(), 0);
    it.ward.clock.advance(minutes(11));
    // The second one is up while the first still catches up.
    it.ward.start().await;
    let again = it.ward.second_node().await;
    for number in &numbers {
        let mut all = it.pager.comes_to(*number, 2).await;
        all.sort();
        assert_eq!(all, told(&[(1, ASHA), (2, LEAD)]));
    }
    it.ward.after(seconds(5)).await;
    for number in &numbers {
        assert_eq!(it.levels(*number).await, [1, 2]);
    }
    assert_eq!(it.pager.took().len(), 2 * numbers.len());
    again.stop().await;
}

/// Two services over one database, which the embedded one has not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_pass_it_on_once() {
    let it = Told::on(Kind::Postgres).await;
    it.staffed().await;
    let _other = it.ward.second_node().await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let mut numbers = Vec::new();
    for _ in 0..4 {
        let patient = it.ward.patient(&bridge).await;
        bridge.measures(&patient.oximeter, spo2(90.0)).await;
        numbers.push(it.ward.open_alerts().await.last().unwrap().number);
    }
    for _ in 0..20 {
        it.ward.clock.advance(minutes(1));
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    }
    for number in numbers {
        // A node that came late to one step is late for what is counted from it.
        for _ in 0..40 {
            if it.levels(number).await.len() >= 4 {
                break;
            }
            it.ward.clock.advance(minutes(1));
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        }
        let levels = it.levels(number).await;
        let each_once: Vec<u16> = (1..).take(levels.len()).collect();
        assert_eq!(levels, each_once, "{number}");
        assert!(levels.len() >= 4, "{number}: {levels:?}");
        // Once for each of the steps that a person is told by.
        let mut told = it.pager.comes_to(number, 4).await;
        told.sort();
        let all = told.len();
        told.dedup();
        assert_eq!(
            told.len(),
            all,
            "{number}: somebody was told twice of one step"
        );
    }
}
