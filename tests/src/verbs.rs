//! A ward's verbs on a database, without a server in front.

use std::ops::Deref;
use std::time::Duration;

use ward_service::{Answer, Clock, Wards, WardsOptions};

use crate::database::{Kind, TestDatabase};
use crate::desk::{Desk, EIGHT, Enrolled};
use crate::story::Setting;
use crate::taken::Spooled;

/// The verbs of one node.
pub struct Verbs {
    desk: Desk,
    /// Goes last.
    pub database: TestDatabase,
}

impl Deref for Verbs {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl Setting for Verbs {
    async fn on(kind: Kind) -> Self {
        let database = TestDatabase::with_tables(kind).await;
        let clock = Clock::moved(EIGHT);
        let wards = Wards::new(database.store().await, clock.clone(), quiet());
        Self {
            desk: Desk::open(wards, clock).await,
            database,
        }
    }
}

impl Verbs {
    /// A second node on the same database, with an empty memory.
    pub async fn another_node(&self) -> Desk {
        let wards = Wards::new(self.database.store().await, self.clock.clone(), quiet());
        self.as_seen_by(wards)
    }
}

impl Desk {
    /// What a bridge sent, in one batch.
    pub async fn record(&self, bridge: &Enrolled, readings: &[Spooled]) -> Vec<Answer> {
        let now = self.clock.now();
        let items = readings.iter().map(|it| it.incoming(now)).collect();
        self.wards
            .record_readings(&bridge.bridge, items)
            .await
            .unwrap()
    }

    /// One reading of now.
    pub async fn measures(
        &self,
        bridge: &Enrolled,
        oximeter: &ward_core::device::DeviceAddress,
        taken: crate::taken::Taken,
    ) -> Spooled {
        let reading = taken.from(oximeter, self.clock.now());
        assert_eq!(
            self.record(bridge, std::slice::from_ref(&reading)).await,
            [Answer::Stored]
        );
        reading
    }
}

/// A minute's worth of time, to be moved by.
pub const A_MINUTE: Duration = Duration::from_secs(60);

/// Stories that move the clock need not have every bridge speak.
fn quiet() -> WardsOptions {
    WardsOptions {
        bridge_silent_after: std::time::Duration::from_secs(30 * 24 * 3600),
        nobody_watching_after: None,
        ..WardsOptions::default()
    }
}
