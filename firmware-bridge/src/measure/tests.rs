use tempfile::TempDir;
use uuid::Uuid;
use ward_oximeter::uuids::{NORDIC_UART_NOTIFY, PLX_CONTINUOUS, PLX_SPOT_CHECK};
use ward_sim::encode;
use ward_wire::bridge::{DoubtItem, MeasuredItem, ReadingItem, SecondsAtItem, SentSummary};

use super::*;
use crate::devices::{Enrolled, Sampling};

const SPOT: [u8; 12] = [0x01, 91, 0, 68, 0, 0xEA, 0x07, 11, 21, 8, 30, 5];

/// A decoder that is fed by hand, on a clock that is moved.
struct Bench {
    events: mpsc::Sender<RadioEvent>,
    running: tokio::task::JoinHandle<Result<Vec<NewReading>, Damaged>>,
    spool: Spool,
    now: Steady,
    _list: watch::Sender<Devices>,
    _folder: TempDir,
}

fn address() -> Address {
    "00:1C:05:FF:4E:5D".parse().unwrap()
}

impl Bench {
    async fn new() -> Self {
        Self::holding(Vec::new(), &[]).await
    }

    /// With readings that an earlier spool could not hold, and a spool to which something was done.
    async fn holding(held: Vec<NewReading>, done: &[&'static str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::of_this_machine();
        let file = folder.path().join("spool.sqlite");
        let (spool, _) = Spool::open(&file, clock.clone()).await.unwrap();
        let other = sqlx::SqlitePool::connect_with(
            sqlx::sqlite::SqliteConnectOptions::new().filename(&file),
        )
        .await
        .unwrap();
        for statement in done {
            sqlx::query(*statement).execute(&other).await.unwrap();
        }
        other.close().await;
        let enrolled = Enrolled {
            address: address(),
            low_limit_percent: 92,
            slot: None,
            sampling: Sampling::default(),
        };
        let (list, devices) = watch::channel(Devices::from([enrolled]));
        let (events, heard) = mpsc::channel(16);
        let running = tokio::spawn(run(
            heard,
            devices,
            spool.clone(),
            clock.clone(),
            Health::default(),
            Vec::new(),
            held,
        ));
        Self {
            events,
            running,
            spool,
            now: clock.steady(),
            _list: list,
            _folder: folder,
        }
    }

    async fn hear(&self, heard: Heard) {
        let event = RadioEvent {
            device: address(),
            at: self.now,
            heard,
        };
        self.events.send(event).await.unwrap();
    }

    async fn packet(&self, characteristic: Uuid, bytes: &[u8]) {
        let bytes = bytes.to_vec();
        self.hear(Heard::Packet {
            characteristic,
            bytes,
        })
        .await;
    }

    /// The radio ends; how much is on disk then.
    async fn rows(self) -> u64 {
        drop(self.events);
        self.running.await.unwrap().unwrap();
        self.spool.waiting().await.unwrap()
    }

    /// The radio ends; all that is on disk then.
    async fn end(self) -> Vec<ReadingItem> {
        drop(self.events);
        self.running.await.unwrap().unwrap();
        let rows = self.spool.next(100).await.unwrap();
        rows.into_iter().filter_map(|row| row.item).collect()
    }
}

#[tokio::test]
async fn a_packet_that_comes_before_the_connection_is_told_is_read_as_last_time() {
    let mut bench = Bench::new().await;
    bench.hear(Heard::Connected(Family::Plx)).await;
    bench.hear(Heard::Disconnected).await;
    bench.now.ms += 1000;
    bench.packet(PLX_SPOT_CHECK, &SPOT).await;
    bench.hear(Heard::Connected(Family::Plx)).await;
    let readings = bench.end().await;
    assert!(
        matches!(&readings[..], [one] if one.raw_hex.is_some()),
        "{readings:?}"
    );
}

#[tokio::test]
async fn half_a_frame_of_the_last_connection_does_not_meet_the_next_ones_bytes() {
    let bench = Bench::new().await;
    let frame = encode::pc60_battery(3);
    let (first, second) = frame.split_at(3);
    bench.hear(Heard::Connected(Family::Pc60)).await;
    bench.packet(NORDIC_UART_NOTIFY, first).await;
    bench.hear(Heard::Disconnected).await;
    bench.hear(Heard::Connected(Family::Pc60)).await;
    bench.packet(NORDIC_UART_NOTIFY, second).await;
    assert!(bench.end().await.is_empty());
}

#[tokio::test]
async fn nonsense_is_counted_and_what_follows_is_read() {
    let bench = Bench::new().await;
    bench.hear(Heard::Connected(Family::Plx)).await;
    bench.packet(PLX_SPOT_CHECK, &[1]).await;
    bench.packet(NORDIC_UART_NOTIFY, &[0xAA; 20]).await;
    bench.packet(PLX_SPOT_CHECK, &SPOT).await;
    assert_eq!(bench.end().await.len(), 1);
}

#[tokio::test]
async fn what_is_still_settling_when_the_radio_ends_comes_out_unsettled() {
    let mut bench = Bench::new().await;
    bench.hear(Heard::Connected(Family::Plx)).await;
    for _ in 0..9 {
        bench.now.ms += 1000;
        bench.packet(PLX_CONTINUOUS, &[0, 97, 0, 72, 0]).await;
    }
    let readings = bench.end().await;
    let [
        ReadingItem {
            measured: MeasuredItem::Window(values),
            ..
        },
    ] = &readings[..]
    else {
        panic!("{readings:?}")
    };
    assert_eq!(values.doubts, [DoubtItem::Unsettled]);
}

#[tokio::test]
async fn a_minute_of_a_stream_goes_out_with_the_seconds_at_each_percent() {
    let mut bench = Bench::new().await;
    bench.hear(Heard::Connected(Family::Plx)).await;
    for second in 0..80 {
        let spo2 = if (20..60).contains(&second) { 95 } else { 97 };
        bench.packet(PLX_CONTINUOUS, &[0, spo2, 0, 72, 0]).await;
        bench.now.ms += 1000;
    }
    let readings = bench.end().await;
    let minute = readings.iter().find_map(|item| match &item.measured {
        MeasuredItem::Window(values) if values.spo2_percent < 96.0 => Some(values),
        _ => None,
    });
    let Some(SentSummary::Read(summary)) = &minute.unwrap().summary else {
        panic!("{readings:?}")
    };
    let at = |spo2_percent, seconds| SecondsAtItem {
        spo2_percent,
        seconds,
    };
    assert_eq!(summary.seconds_at, [at(95, 40.0), at(97, 20.0)]);
    assert_eq!(
        (
            summary.seconds,
            summary.spo2_min_percent,
            summary.spo2_median_percent,
            summary.spo2_max_percent
        ),
        (60.0, 95.0, 95.0, 97.0)
    );
}

#[tokio::test]
async fn fifteen_seconds_under_the_limit_are_a_reading_at_once() {
    let mut bench = Bench::new().await;
    bench.hear(Heard::Connected(Family::Plx)).await;
    for second in 0..30 {
        bench.now.ms += 1000;
        let spo2 = if second < 5 { 95 } else { 84 };
        bench.packet(PLX_CONTINUOUS, &[0, spo2, 0, 99, 0]).await;
    }
    let readings = bench.end().await;
    let low = |item: &ReadingItem| matches!(&item.measured, MeasuredItem::Window(values) if values.spo2_percent < 85.0);
    assert!(readings.iter().any(low), "{readings:?}");
}

fn low() -> NewReading {
    let values = ward_wire::bridge::ValuesItem {
        spo2_percent: 83.8,
        pulse_bpm: None,
        perfusion_index_percent: None,
        summary: None,
        doubts: Vec::new(),
    };
    let at = Clock::of_this_machine().steady();
    NewReading::live(address(), MeasuredItem::Window(values), at)
}

#[tokio::test]
async fn what_an_earlier_spool_could_not_hold_is_on_disk_first() {
    let bench = Bench::holding(vec![low()], &[]).await;
    assert_eq!(bench.end().await.len(), 1);
}

#[tokio::test]
async fn what_the_disk_refuses_until_the_end_is_handed_back() {
    const FULL: &str =
        "create trigger full before insert on reading begin select raise(abort, 'disk full'); end";
    let bench = Bench::holding(vec![low(), low()], &[FULL]).await;
    drop(bench.events);
    let left = bench.running.await.unwrap().unwrap();
    assert_eq!(left.len(), 2);
}

/// A spot check with a time and a measurement status, in which bit 9 says that it comes from memory.
fn spot(year: u16, from_storage: bool) -> Vec<u8> {
    let [low, high] = year.to_le_bytes();
    let status = if from_storage { 0x02 } else { 0x00 };
    vec![0x03, 91, 0, 68, 0, low, high, 11, 1, 8, 30, 5, 0, status]
}

#[tokio::test]
async fn an_unset_clock_is_a_repeat_over_one_connection_and_a_new_reading_over_the_next() {
    let bench = Bench::new().await;
    for _ in 0..2 {
        bench.hear(Heard::Connected(Family::Plx)).await;
        bench.packet(PLX_SPOT_CHECK, &spot(2017, false)).await;
        bench.packet(PLX_SPOT_CHECK, &spot(2017, false)).await;
        bench.hear(Heard::Disconnected).await;
    }
    let rows = bench.rows().await;
    assert_eq!(rows, 2);
}

#[tokio::test]
async fn a_stored_time_that_can_be_is_sent_without_an_age_and_one_that_cannot_gives_way_to_receipt()
{
    for (year, by_device) in [(2025, true), (2017, false), (2099, false)] {
        let bench = Bench::new().await;
        bench.hear(Heard::Connected(Family::Plx)).await;
        bench.packet(PLX_SPOT_CHECK, &spot(year, true)).await;
        drop(bench.events);
        bench.running.await.unwrap().unwrap();
        let row = bench.spool.next(1).await.unwrap().remove(0);
        assert_eq!(row.measured.is_none(), by_device, "{year}");
        let item = row.item.unwrap();
        let MeasuredItem::SpotCheck(values) = &item.measured else {
            panic!("{item:?}")
        };
        let is_lost = values.doubts.contains(&DoubtItem::TimeNotKnown);
        assert_eq!(is_lost, !by_device, "{year}: {:?}", values.doubts);
        let said = item.measured_at.to_string();
        assert_eq!(said.starts_with("2025-"), by_device, "{year}: {said}");
    }
}
