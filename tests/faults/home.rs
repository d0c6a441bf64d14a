//! A home: its oximeters measure for a day, its bridge keeps and sends, and is switched off and on in the middle of it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use firmware_bridge::client::Client;
use firmware_bridge::clock::{Clock, Steady};
use firmware_bridge::config::Service;
use firmware_bridge::reading::NewReading;
use firmware_bridge::spool::{Appended, Settled, Spool};
use firmware_bridge::uplink::{Patience, Uplink};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use ward_tests::desk::Enrolled;
use ward_wire::bridge::{Answer, MeasuredItem, ReadingBatch, ValuesItem};

use super::bad_line::below;

/// What the oximeters have measured: of each, the readings with their tenths of a percent.
pub type Measured = BTreeMap<String, BTreeMap<Uuid, u16>>;

/// How a bridge sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// As it does.
    AsItDoes,
    /// Planted: what was sent counts as confirmed, whatever came back.
    ForgetsWhatWasSent,
    /// Planted: another id at each try, so that nobody knows a repeat.
    WithoutIds,
}

pub struct Home {
    pub oximeters: Vec<String>,
    pub clock: Clock,
    folder: TempDir,
    service: Service,
    sending: Sending,
    chance: u64,
    running: Option<(Spool, JoinHandle<()>)>,
    /// How often the bridge was switched off.
    pub restarts: u32,
}

impl Home {
    pub fn new(
        line: SocketAddr,
        enrolled: &Enrolled,
        oximeters: Vec<String>,
        sending: Sending,
        seed: u64,
    ) -> Self {
        let folder = ward_tests::database::temporary_folder();
        let key_file = folder.path().join("key");
        let key = enrolled.key().as_a_box_keeps_it(enrolled.bridge.id);
        std::fs::write(&key_file, key).unwrap();
        Self {
            oximeters,
            clock: clock_that_has_run_for_a_day(),
            service: Service {
                url: format!("http://{line}/").parse().unwrap(),
                ca_file: None,
                token_file: key_file.with_file_name("token"),
                key_file,
                timeout: Duration::from_secs(20),
                refresh_devices: Duration::from_secs(60),
            },
            folder,
            sending,
            chance: seed,
            running: None,
            restarts: 0,
        }
    }

    /// One reading of each oximeter at each of these minutes of the day; then all of it is sent.
    pub async fn lives(mut self, minutes: impl Iterator<Item = u64>) -> (Measured, u32) {
        let mut measured = Measured::new();
        let began = self.clock.steady();
        self.switch_on().await;
        for minute in minutes {
            for oximeter in self.oximeters.clone() {
                let tenths = 860 + u16::try_from(below(&mut self.chance, 130)).unwrap();
                let at = Steady {
                    ms: began.ms - (24 * 60 - minute) * 60_000,
                    ..began
                };
                let reading = reading(&oximeter, tenths, at);
                let (spool, _) = self.running.as_ref().unwrap();
                let Appended::New(id) = spool.append(&reading).await.unwrap() else {
                    panic!("a reading without a stamp is new")
                };
                measured.entry(oximeter).or_default().insert(id, tenths);
            }
            if below(&mut self.chance, 100) == 0 {
                self.switch_off().await;
                self.switch_on().await;
            }
        }
        let (spool, _) = self.running.as_ref().unwrap();
        while spool.unconfirmed().await.unwrap() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.switch_off().await;
        (measured, self.restarts)
    }

    async fn switch_on(&mut self) {
        let file = self.folder.path().join("spool.sqlite");
        let (spool, aside) = Spool::open(&file, self.clock.clone()).await.unwrap();
        assert_eq!(aside, None);
        let client = Arc::new(Client::new(&self.service).unwrap());
        let (sent_from, clock) = (spool.clone(), self.clock.clone());
        let sending = self.sending;
        let uplink = tokio::spawn(async move {
            if sending != Sending::AsItDoes {
                return planted(sending, &sent_from, &client, &clock).await;
            }
            let patience = Patience {
                first: Duration::from_millis(10),
                longest: Duration::from_millis(100),
                unauthorised: Duration::from_millis(100),
                idle: Duration::from_millis(200),
            };
            let uplink = Uplink::new(sent_from, client, clock, patience);
            uplink.run(CancellationToken::new()).await.unwrap();
        });
        self.running = Some((spool, uplink));
    }

    /// In the middle of whatever it does.
    async fn switch_off(&mut self) {
        let (spool, uplink) = self.running.take().unwrap();
        uplink.abort();
        if let Err(end) = uplink.await {
            assert!(end.is_cancelled(), "{end}");
        }
        spool.close().await;
        self.restarts += 1;
    }
}

fn reading(oximeter: &str, tenths: u16, at: Steady) -> NewReading {
    let measured = MeasuredItem::Window(ValuesItem {
        spo2_percent: f64::from(tenths) / 10.0,
        pulse_bpm: Some(72.0),
        perfusion_index_percent: None,
        doubts: Vec::new(),
        summary: None,
    });
    NewReading {
        routine: tenths > 950,
        ..NewReading::live(oximeter.parse().unwrap(), measured, at)
    }
}

/// An uplink as nobody should write it.
async fn planted(sending: Sending, spool: &Spool, client: &Client, clock: &Clock) {
    loop {
        let mut batch = ReadingBatch {
            sent_at: clock.wall(),
            readings: Vec::new(),
        };
        let next = spool.next(10).await.unwrap();
        for row in &next {
            let mut item = row.item.clone().unwrap();
            item.age_ms = row.measured.and_then(|at| at.age_ms(clock.steady()));
            if sending == Sending::WithoutIds {
                item.id = Uuid::new_v4();
            }
            let item = serde_json::value::to_raw_value(&item).unwrap();
            batch.readings.push(item);
        }
        let answered = client.post(serde_json::to_vec(&batch).unwrap()).await;
        if answered.is_ok() || sending == Sending::ForgetsWhatWasSent {
            let settled: Vec<_> = (next.iter())
                .map(|row| (row.seq, Settled::Confirmed(Answer::Stored)))
                .collect();
            spool.settle(&settled).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A machine that was started less than a day ago has no such clock: its clock then goes so much faster.
fn clock_that_has_run_for_a_day() -> Clock {
    let clock = Clock::of_this_machine();
    let times = 25 * 3_600_000 / clock.steady().ms + 1;
    clock.sped_up(u32::try_from(times).unwrap())
}
