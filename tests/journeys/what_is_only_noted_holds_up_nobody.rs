//! When somebody was last heard of is nice to know. While nothing can be written, boards are still read.

use ward_core::time::minutes;
use ward_tests::database::Behind;
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases};

on_both_databases!(a_database_that_cannot_be_written_is_still_read);

async fn a_database_that_cannot_be_written_is_still_read(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    // Longer than the minute to which it is noted.
    ward.clock.advance(minutes(2));
    let mut behind = ward.database.look_behind().await;
    let hold = match behind {
        Behind::Sqlite(_) => ["begin immediate", "select 1"],
        Behind::Postgres(_) => [
            "begin",
            "lock table staff_session, bridge in exclusive mode",
        ],
    };
    for text in hold {
        behind.execute(text).await.unwrap();
    }
    assert_eq!(asha.get("/api/session").await.status, 200);
    assert_eq!(bridge.asks_for_devices().await.status, 200);
    behind.execute("rollback").await.unwrap();
}
