use ward_core::alert::{Alert, Problem};
use ward_core::day::StaffedHours;
use ward_core::id::StayId;
use ward_core::message::{Message, Recipient, What};
use ward_core::time::{Timestamp, minutes};
use ward_service::Clock;
use ward_tests::diary::{Answers, AtHome};
use ward_tests::silence::{asks_at, with_on_call};
use ward_tests::story::Setting;
use ward_tests::{Bridge, Kind, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::diary::Help;

on_both_databases!(
    a_red_at_night_goes_to_whoever_is_on_call_and_each_time_that_it_speaks,
    where_nobody_is_on_call_the_patient_is_told_whom_to_ring,
    a_red_by_day_and_an_amber_by_night_call_nobody,
    a_silence_that_is_red_at_night_goes_out_too,
    a_symptom_at_night_is_answered_with_999_first_and_goes_to_whoever_is_on_call,
    a_call_for_help_at_night_is_answered_and_goes_out,
);

/// Nine in the evening of a ward that is staffed from eight to eight.
struct Night(TestWard);

const NINE_IN_THE_EVENING: Timestamp = Timestamp::from_millis(1_795_294_800_000);

impl Setting for Night {
    async fn on(kind: Kind) -> Self {
        let ward = TestWard::with(kind, Clock::moved(NINE_IN_THE_EVENING), |_| {}).await;
        ward.is_staffed(&StaffedHours::default()).await;
        Self(ward)
    }
}

fn to(messages: &[Message]) -> Vec<(&Recipient, &What)> {
    messages.iter().map(|it| (&it.to, &it.what)).collect()
}

async fn a_red_at_night_goes_to_whoever_is_on_call_and_each_time_that_it_speaks(
    Night(ward): Night,
) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let care = with_on_call(
        asks_at(&[]),
        "virtual ward consultant on call",
        "07700 900123",
    );
    ward.asks(patient.stay, &care).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let red = ward.the(Problem::Oxygen).await.unwrap();
    let messages = ward.called_out(patient.stay).await;
    let on_call = Recipient::OnCall {
        name: "virtual ward consultant on call".to_owned(),
        phone: "07700 900123".to_owned(),
    };
    let about = What::OnCallRed { alert: red.number };
    assert_eq!(to(&messages), [(&on_call, &about)]);
    // The recheck is not done: it is confirmed, speaks again, and goes out again.
    ward.after(minutes(5)).await;
    ward.comes_to(Problem::Oxygen, |alert| alert.recheck_by.is_none())
        .await;
    let messages = ward.called_out(patient.stay).await;
    assert_eq!(to(&messages), [(&on_call, &about), (&on_call, &about)]);
    // The same reading once more says nothing new.
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    assert_eq!(ward.called_out(patient.stay).await.len(), 2);
}

async fn where_nobody_is_on_call_the_patient_is_told_whom_to_ring(Night(ward): Night) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let messages = ward.called_out(patient.stay).await;
    assert_eq!(
        to(&messages),
        [(&Recipient::Patient, &What::OutOfHoursAdvice)]
    );
}

async fn a_red_by_day_and_an_amber_by_night_call_nobody(Night(ward): Night) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let (night, day) = (ward.patient(&bridge).await, ward.patient(&bridge).await);
    bridge.measures(&night.oximeter, spo2(93.0)).await;
    assert_eq!(ward.called_out(night.stay).await, []);
    // Eight in the morning, to the minute.
    ward.after(minutes(11 * 60)).await;
    bridge.measures(&day.oximeter, spo2(90.0)).await;
    assert_eq!(ward.called_out(day.stay).await, []);
}

async fn a_silence_that_is_red_at_night_goes_out_too(Night(ward): Night) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let care = with_on_call(asks_at(&[23]), "consultant", "07700 900123");
    ward.asks(patient.stay, &care).await;
    ward.after(minutes(3 * 60 + 2)).await;
    let silence = ward.comes_to(Problem::Silence, |_| true).await;
    let about = What::OnCallRed {
        alert: silence.number,
    };
    let messages = ward.called_out(patient.stay).await;
    assert!(messages.iter().any(|message| message.what == about));
}

/// How many messages told the patient whom to ring, and how many the person on call of this alert.
async fn told_of(ward: &TestWard, stay: StayId, alert: &Alert) -> (usize, usize) {
    let messages = ward.called_out(stay).await;
    let advice = |it: &&Message| it.to == Recipient::Patient && it.what == What::OutOfHoursAdvice;
    let about = What::OnCallRed {
        alert: alert.number,
    };
    let on_call = |it: &&Message| it.to != Recipient::Patient && it.what == about;
    (
        messages.iter().filter(advice).count(),
        messages.iter().filter(on_call).count(),
    )
}

async fn a_symptom_at_night_is_answered_with_999_first_and_goes_to_whoever_is_on_call(
    Night(ward): Night,
) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let (called, alone) = (ward.patient(&bridge).await, ward.patient(&bridge).await);
    let care = with_on_call(asks_at(&[]), "consultant", "07700 900123");
    ward.asks(called.stay, &care).await;
    asha.hears(called.stay, Answers::well().with("chest_pain", true))
        .await;
    let red = ward.the(Problem::Symptom).await.unwrap();
    assert_eq!(told_of(&ward, called.stay, &red).await, (1, 1));
    // The same once more says nothing new.
    asha.hears(called.stay, Answers::well().with("chest_pain", true))
        .await;
    assert_eq!(told_of(&ward, called.stay, &red).await, (1, 1));
    // Where nobody is on call the patient is told, once.
    asha.hears(alone.stay, Answers::well().with("chest_pain", true))
        .await;
    assert_eq!(told_of(&ward, alone.stay, &red).await, (1, 0));
}

async fn a_call_for_help_at_night_is_answered_and_goes_out(Night(ward): Night) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let care = with_on_call(asks_at(&[]), "consultant", "07700 900123");
    ward.asks(patient.stay, &care).await;
    let edna = AtHome::with(&ward, &asha.gives_code(patient.stay, None).await).await;
    let reply = edna.asks(Help::CallMe).await;
    assert_eq!(reply.status, 200, "{reply}");
    let asked = ward.the(Problem::AskedForHelp).await.unwrap();
    assert_eq!(told_of(&ward, patient.stay, &asked).await, (1, 0));
    let reply = edna.asks(Help::Called999).await;
    assert_eq!(reply.status, 200, "{reply}");
    assert_eq!(told_of(&ward, patient.stay, &asked).await, (2, 1));
}
