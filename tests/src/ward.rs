//! A real service on a real socket, with a clock that is moved.

use std::net::SocketAddr;
use std::ops::Deref;
use std::path::Path;
use std::time::Duration;

use ward_core::self_test::Round;
use ward_server::{Config, Server};
use ward_service::carry::Carriers;
use ward_service::{Clock, Teller};
use ward_store::Database;

use crate::database::{Kind, TestDatabase};
use crate::desk::{Desk, EIGHT};
use crate::story::Setting;

/// A running service and its administration's desk.
pub struct TestWard {
    desk: Desk,
    server: Option<Server>,
    config: Config,
    /// `None`: by the channels of the configuration.
    teller: Option<Teller>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Goes last.
    pub database: TestDatabase,
}

impl Deref for TestWard {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl Setting for TestWard {
    async fn on(kind: Kind) -> Self {
        Self::with(kind, Clock::moved(EIGHT), |_| {}).await
    }
}

impl TestWard {
    /// One that is set up in its own way.
    pub async fn with(kind: Kind, clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        Self::set_up(kind, clock, None, change).await
    }

    /// As [`TestWard::with`], with channels by which staff are told.
    pub async fn telling(
        kind: Kind,
        clock: Clock,
        teller: Teller,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        Self::set_up(kind, clock, Some(teller), change).await
    }

    async fn set_up(
        kind: Kind,
        clock: Clock,
        teller: Option<Teller>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let database = TestDatabase::empty(kind).await;
        let mut config = configuration(&database.database);
        change(&mut config);
        let server = started(config.clone(), clock.clone(), teller.clone()).await;
        let address = server.address();
        Self {
            teller,
            desk: Desk::open(server.wards().clone(), clock).await,
            server: Some(server),
            config,
            address,
            database,
        }
    }

    /// A second service on the same database: a node of its own, with an empty memory.
    ///
    /// # Panics
    /// On the embedded database, which has one service.
    pub async fn second_node(&self) -> Node {
        let (config, clock) = (self.config.clone(), self.clock.clone());
        let server = started(config, clock, self.teller.clone()).await;
        Node {
            address: server.address(),
            server,
        }
    }

    /// Stops it; what is under way finishes.
    pub async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }

    /// Tries the way of an alert once.
    ///
    /// # Panics
    /// While it is stopped, and when it does not try itself.
    pub async fn tries_itself(&self) -> Round {
        let server = self.server.as_ref().unwrap();
        server.self_test().unwrap().round().await
    }

    /// The outside channels by which it tells staff.
    ///
    /// # Panics
    /// While it is stopped.
    #[must_use]
    pub fn carriers(&self) -> Carriers {
        self.server.as_ref().unwrap().carriers().clone()
    }

    /// Starts it again where it was.
    pub async fn start(&mut self) {
        let config = Config {
            listen: self.address,
            ..self.config.clone()
        };
        let server = started(config, self.clock.clone(), self.teller.clone()).await;
        self.desk = self.desk.as_seen_by(server.wards().clone());
        self.server = Some(server);
    }

    /// The address of something that it serves.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The address of something of the ward: `/board`.
    #[must_use]
    pub fn ward_url(&self, path: &str) -> String {
        self.url(&format!("/api/wards/{}{path}", self.ward))
    }
}

async fn started(config: Config, clock: Clock, teller: Option<Teller>) -> Server {
    match teller {
        Some(teller) => Server::start_with(config, clock, teller).await.unwrap(),
        None => Server::start(config, clock).await.unwrap(),
    }
}

/// Another service on the same database.
pub struct Node {
    /// Where it listens.
    pub address: SocketAddr,
    server: Server,
}

impl Node {
    /// Stops it; what is under way finishes.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

/// As `wardlight.toml` would say it, but for how soon an open socket's session is looked at again.
#[must_use]
pub fn configuration(database: &Database) -> Config {
    let url = match database {
        Database::Sqlite(path) => format!("sqlite:{}", path.display()),
        Database::Postgres(url) => url.clone(),
    };
    let text = format!(
        "listen = \"127.0.0.1:0\"\n[organisation]\nods_code = \"RXR\"\nname = \"East Lancashire Hospitals\"\n\
         [database]\nurl = \"{url}\"\n[http]\nsecure = false\n"
    );
    let mut config =
        Config::parse(Path::new("/wardlight.toml"), &text, std::iter::empty()).unwrap();
    config.http.look_again_every = Duration::from_millis(100);
    // Stories that move the clock need not have every bridge speak; those about silence set the usual quarter of an hour.
    config.wards.bridge_silent_after = Duration::from_secs(30 * 24 * 3600);
    config.wards.nobody_watching_after = None;
    // Stories about the self-test ask for it.
    config.self_test = None;
    config
}
