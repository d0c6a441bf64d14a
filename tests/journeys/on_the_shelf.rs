//! A bridge on somebody's shelf: its real spool and its real uplink, and a test that measures for it.

use std::net::SocketAddr;
use std::time::Duration;

use firmware_bridge::client::Client;
use firmware_bridge::clock::{Clock as BridgeClock, Steady};
use firmware_bridge::config::Service;
use firmware_bridge::reading::NewReading;
use firmware_bridge::spool::{Spool, SpoolError};
use firmware_bridge::uplink::{Patience, Uplink};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use ward_tests::desk::Enrolled;
use ward_wire::bridge::{MeasuredItem, ValuesItem};

/// A box on its feet, with the parts that matter here.
pub struct OnTheShelf {
    pub spool: Spool,
    clock: BridgeClock,
    stop: CancellationToken,
    uplink: JoinHandle<Result<(), SpoolError>>,
    _folder: tempfile::TempDir,
}

impl OnTheShelf {
    pub async fn behind(service: SocketAddr, enrolled: &Enrolled) -> Self {
        let folder = ward_tests::database::temporary_folder();
        let key_file = folder.path().join("key");
        let key = enrolled.key();
        std::fs::write(&key_file, key.as_a_box_keeps_it(enrolled.bridge.id)).unwrap();
        let clock = clock_that_has_run_for_an_hour();
        let (spool, _) = Spool::open(&folder.path().join("spool.db"), clock.clone())
            .await
            .unwrap();
        let service = Service {
            url: format!("http://{}/", service).parse().unwrap(),
            ca_file: None,
            key_file,
            token_file: folder.path().join("token"),
            timeout: Duration::from_secs(10),
            refresh_devices: Duration::from_secs(60),
        };
        let patience = Patience {
            first: Duration::from_millis(20),
            longest: Duration::from_millis(100),
            unauthorised: Duration::from_millis(100),
            idle: Duration::from_millis(100),
        };
        let client = std::sync::Arc::new(Client::new(&service).unwrap());
        let stop = CancellationToken::new();
        let uplink = Uplink::new(spool.clone(), client, clock.clone(), patience);
        Self {
            uplink: tokio::spawn(uplink.run(stop.clone())),
            spool,
            clock,
            stop,
            _folder: folder,
        }
    }

    pub async fn has_measured(&self, oximeter: &str, percent: f64, minutes_ago: u64) {
        let reading = self.reading(oximeter, percent);
        let now = self.clock.steady();
        let at = Steady {
            ms: now.ms - minutes_ago * 60_000,
            ..now
        };
        let reading = NewReading {
            steady: Some(at),
            ..reading
        };
        self.spool.append(&reading).await.unwrap();
    }

    /// Before its last start: only the wall clock says when.
    pub async fn had_measured(&self, oximeter: &str, percent: f64, minutes_ago: i64) {
        let at = self.clock.wall() - jiff::SignedDuration::from_mins(minutes_ago);
        let reading = NewReading {
            steady: None,
            device_time: Some(at),
            ..self.reading(oximeter, percent)
        };
        self.spool.append(&reading).await.unwrap();
    }

    /// Somebody has set it, or the network's time has come.
    pub fn wall_clock_jumps(&self, by: jiff::SignedDuration) {
        self.clock.wall_jumps(by);
    }

    /// The uplink stops, and has had nothing to complain of.
    pub async fn ends(self) {
        self.stop.cancel();
        self.uplink.await.unwrap().unwrap();
    }

    fn reading(&self, oximeter: &str, percent: f64) -> NewReading {
        let values = ValuesItem {
            spo2_percent: percent,
            pulse_bpm: Some(80.0),
            perfusion_index_percent: None,
            doubts: Vec::new(),
            summary: None,
        };
        let measured = MeasuredItem::Window(values);
        NewReading::live(oximeter.parse().unwrap(), measured, self.clock.steady())
    }

    pub async fn until_empty(&self) {
        let emptying = async {
            while self.spool.waiting().await.unwrap() > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), emptying)
            .await
            .unwrap();
    }
}

/// A machine that was started less than an hour ago has no such clock: its clock then goes so much faster.
fn clock_that_has_run_for_an_hour() -> BridgeClock {
    let clock = BridgeClock::of_this_machine();
    let times = 61 * 60_000 / clock.steady().ms + 1;
    clock.sped_up(u32::try_from(times).unwrap())
}
