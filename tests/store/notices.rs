//! Notices to staff: queued once with the event that causes them, kept to their ward, and where staff are reached.

use uuid::Uuid;
use ward_core::escalation::{About, ChannelKind, StaffNotice, Underway, Way, Whom};
use ward_core::id::ClinicianId;
use ward_core::time::minutes;
use ward_service::NewDetail;
use ward_tests::{Verbs, on_both_databases};

on_both_databases!(
    a_notice_is_queued_once_and_only_with_its_transaction,
    a_notice_that_cannot_be_read_holds_up_no_other,
    where_somebody_is_reached_is_theirs_on_that_ward_alone,
);

fn notice(verbs: &Verbs, minute: u64) -> StaffNotice {
    let now = verbs.clock.now();
    let way = Way {
        to: Whom::Clinician {
            id: ClinicianId(Uuid::from_u128(7)),
        },
        by: ChannelKind::Sms,
        detail: Some(Uuid::from_u128(8)),
    };
    let about = About::Test {
        at: now.plus(minutes(minute)),
    };
    StaffNotice::by(verbs.ward, None, about, &[way], now).unwrap()
}

async fn a_notice_is_queued_once_and_only_with_its_transaction(verbs: Verbs) {
    let store = verbs.wards.store();
    let now = verbs.clock.now();
    let underway = Underway::queued(notice(&verbs, 0));
    for new in [true, false] {
        let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
        assert_eq!(ledger.queue_notice(&underway).await.unwrap(), new);
        ledger.commit().await.unwrap();
    }
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    let other = Underway::queued(notice(&verbs, 1));
    assert!(ledger.queue_notice(&other).await.unwrap());
    ledger.close().await.unwrap();
    assert_eq!(
        store.wards_with_notices_due(now).await.unwrap(),
        [verbs.ward]
    );
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    let due = ledger.due_notices(now, 10).await.unwrap();
    assert_eq!(due, std::slice::from_ref(&underway));
    // One that has come to its end is forgotten when it is old, and not before.
    let mut over = underway;
    over.out = over.out.lease(now).unwrap();
    let over = over.taken(None, now).unwrap();
    ledger.put_notice(&over).await.unwrap();
    ledger.commit().await.unwrap();
    assert_eq!(store.wards_with_notices_due(now).await.unwrap(), []);
    assert_eq!(store.forget_notices(now).await.unwrap(), 0);
    assert_eq!(store.forget_notices(now.plus(minutes(1))).await.unwrap(), 1);
}

async fn a_notice_that_cannot_be_read_holds_up_no_other(verbs: Verbs) {
    let store = verbs.wards.store();
    let now = verbs.clock.now();
    let (broken, sound) = (notice(&verbs, 0), notice(&verbs, 1));
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    for one in [&broken, &sound] {
        let queued = ledger.queue_notice(&Underway::queued(one.clone())).await;
        assert!(queued.unwrap());
    }
    ledger.commit().await.unwrap();
    let mut behind = verbs.database.look_behind().await;
    let text = "update notice set body = '{}' where body = (select min(body) from notice)";
    assert_eq!(behind.execute(text).await.unwrap(), 1);
    let mut ledger = store.open_ledger(verbs.ward).await.unwrap().unwrap();
    assert_eq!(ledger.due_notices(now, 10).await.unwrap().len(), 1);
    ledger.commit().await.unwrap();
    assert_eq!(
        behind
            .count("select count(*) from notice where due_at is null")
            .await,
        1
    );
}

async fn where_somebody_is_reached_is_theirs_on_that_ward_alone(verbs: Verbs) {
    let desk = &*verbs;
    let (asha, ben) = (
        desk.clinician("asha", "Asha Rao").await,
        desk.clinician("ben", "Ben Hill").await,
    );
    let (hers, his) = (desk.permit(asha).await, desk.permit(ben).await);
    let wards = &desk.wards;
    let phone = NewDetail::Phone("07700 900123".to_owned());
    let id = wards.add_own_detail(&hers, phone.clone()).await.unwrap();
    assert_eq!(wards.add_own_detail(&hers, phone).await.unwrap(), id);
    assert_eq!(wards.own_details(&hers).await.unwrap().len(), 1);
    assert_eq!(wards.own_details(&his).await.unwrap(), []);
    // Nobody takes away, or tries out, what is another's.
    assert!(wards.remove_own_detail(&his, id).await.is_err());
    assert!(wards.try_own_detail(&his, id).await.is_err());
    for bad in [
        NewDetail::Phone("ring me".to_owned()),
        NewDetail::Email("a@b\r\nBcc: c@d.e".to_owned()),
        NewDetail::Push {
            endpoint: "http://push.example/1".to_owned(),
            p256dh: "x".repeat(87),
            auth: "y".repeat(22),
        },
    ] {
        assert!(wards.add_own_detail(&hers, bad).await.is_err());
    }
    let kinds = desk.kinds().await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "ward_setting_changed")
            .count(),
        1
    );
    let log = serde_json::to_string(&desk.log().await).unwrap();
    assert!(!log.contains("07700"), "a number stands on the log");
    wards.remove_own_detail(&hers, id).await.unwrap();
    assert_eq!(wards.own_details(&hers).await.unwrap(), []);
}
