//! The stages, one after the other.

use std::time::Duration;

use reqwest::StatusCode;
use serde::Serialize;
use tokio::time::Instant;
use uuid::Uuid;
use ward_core::alert::{Alert, Problem, Subject};
use ward_core::event::WardEvent;
use ward_core::id::Seq;
use ward_core::self_test::Stage;
use ward_wire::board::{AcknowledgeRequest, Outcome, ResolveRequest};
use ward_wire::bridge::{Answer, BatchReply, MeasuredItem, ReadingBatch, ReadingItem, ValuesItem};

use super::console::Console;
use super::{Broken, Cast, Inner};

/// Red by any plan that a ward may have.
const LOW_PERCENT: f64 = 80.0;

const PULSE_BPM: f64 = 80.0;

/// Between two looks whether something is on record.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Events of one round, and those of one that stopped half way.
const EVENTS_AT_MOST: u32 = 200;

const READINGS: &str = "/api/bridge/readings";

/// How far a round has come.
struct Round<'a> {
    node: &'a Inner,
    ends_by: Instant,
}

impl Round<'_> {
    /// One stage, within its time and the round's.
    async fn pass<T>(
        &self,
        stage: Stage,
        doing: impl Future<Output = Result<T, String>>,
    ) -> Result<T, Broken> {
        let began = Instant::now();
        let by = self.ends_by.min(began + self.node.options.stage_within);
        let done = match tokio::time::timeout_at(by, doing).await {
            Ok(done) => done,
            Err(_) => Err(format!("not within {:?}", began.elapsed())),
        };
        let done = done.map_err(|why| Broken { stage, why })?;
        let tested = self.node.wards.self_tested();
        tested.passed(stage, began.elapsed());
        Ok(done)
    }
}

pub(super) async fn go(node: &Inner, cast: &Cast) -> Result<(), Broken> {
    let ward = cast.canary.ward;
    let store = node.wards.store();
    let unread = |why: String| Broken {
        stage: Stage::Stored,
        why,
    };
    let before = store
        .head(ward)
        .await
        .map_err(|why| unread(why.to_string()))?;
    let before = before.ok_or_else(|| unread("its ward is gone".to_owned()))?;
    // A console that cannot be opened is said where it is missed.
    let opening = Console::open(&node.line, cast, before);
    let console = match tokio::time::timeout(node.options.stage_within, opening).await {
        Ok(opened) => opened,
        Err(_) => Err("no console could be opened in time".to_owned()),
    };
    let round = Round {
        node,
        ends_by: Instant::now() + node.options.round_within,
    };
    let answer = round.pass(Stage::Posted, post(node, cast)).await?;
    round
        .pass(Stage::Stored, stored(node, cast, answer, before))
        .await?;
    let (alert, at) = round
        .pass(Stage::AlertRaised, raised(node, cast, before))
        .await?;
    let delivering = async {
        let mut console = console?;
        let seen = console.until(alert.number, at).await?;
        Ok((console, seen))
    };
    let (mut console, seen) = round.pass(Stage::Delivered, delivering).await?;
    let showing = async {
        console.says_shown().await?;
        shown(node, cast, &alert).await
    };
    round.pass(Stage::Shown, showing).await?;
    let path = format!("/api/wards/{ward}/alerts/{}", alert.number);
    let taking = acts(
        node,
        cast,
        format!("{path}/acknowledge"),
        AcknowledgeRequest { seen: seen.0 },
    );
    round.pass(Stage::Acknowledged, taking).await?;
    let ending = acts(
        node,
        cast,
        format!("{path}/resolve"),
        ResolveRequest {
            seen: seen.0,
            outcome: Outcome::NoChange,
            note: String::new(),
        },
    );
    round.pass(Stage::Resolved, ending).await
}

/// Posts a low reading. What the service says of it; `Err` within when it took it and could not store it.
async fn post(node: &Inner, cast: &Cast) -> Result<Result<Answer, String>, String> {
    let now = node.wards.clock().now();
    let time = jiff::Timestamp::from_millisecond(now.as_millis()).map_err(|why| why.to_string())?;
    let item = ReadingItem {
        id: Uuid::new_v4(),
        device_address: cast.canary.oximeter.as_str().to_owned(),
        measured_at: time,
        age_ms: Some(0),
        measured: MeasuredItem::SpotCheck(ValuesItem {
            spo2_percent: LOW_PERCENT,
            pulse_bpm: Some(PULSE_BPM),
            perfusion_index_percent: None,
            doubts: Vec::new(),
            summary: None,
        }),
        raw_hex: None,
    };
    let raw = serde_json::value::to_raw_value(&item).map_err(|why| why.to_string())?;
    let batch = ReadingBatch {
        sent_at: time,
        readings: vec![raw],
    };
    let body = serde_json::to_vec(&batch).map_err(|why| why.to_string())?;
    let bridge = cast.canary.bridge;
    let signed = cast.key.authorization(bridge, "POST", READINGS, &body, now);
    let signed = signed.ok_or("no random bytes")?;
    let answered = node.line.as_bridge(READINGS, signed, body).send().await;
    let answered = answered.map_err(|why| why.without_url().to_string())?;
    let status = answered.status();
    if status.is_server_error() {
        return Ok(Err(format!("the service answers {status}")));
    }
    if status == StatusCode::UNAUTHORIZED {
        // One node, one bridge: whoever enrols it last is the one that is heard.
        return Err(
            "the service answers 401 to its bridge: has another service the same `self_test.node`?"
                .to_owned(),
        );
    }
    if !status.is_success() {
        return Err(format!("the service answers {status}"));
    }
    let reply: BatchReply = answered.json().await.map_err(|why| why.to_string())?;
    let [answer] = reply.answers.as_slice() else {
        return Err(format!("{} answers to one reading", reply.answers.len()));
    };
    Ok(Ok(answer.clone()))
}

/// The answer says so, and it is there.
async fn stored(
    node: &Inner,
    cast: &Cast,
    answer: Result<Answer, String>,
    before: Seq,
) -> Result<(), String> {
    match answer? {
        Answer::Stored => {}
        other => return Err(format!("the service says of it: {other:?}")),
    }
    let is_it = |event: &WardEvent| matches!(event, WardEvent::ReadingsRecorded { stay, points, .. } if *stay == cast.canary.stay && !points.is_empty());
    let log = events(node, cast, before).await?;
    let found = log.iter().any(|logged| is_it(&logged.event));
    found
        .then_some(())
        .ok_or_else(|| "it is not on the log".to_owned())
}

async fn events(
    node: &Inner,
    cast: &Cast,
    after: Seq,
) -> Result<Vec<ward_core::event::Logged>, String> {
    let store = node.wards.store();
    let reading = store.events_after(cast.canary.ward, after, EVENTS_AT_MOST);
    reading.await.map_err(|why| why.to_string())
}

/// What the log says last of the patient's oxygen. They were written with the reading or not at all. An alert that an earlier
/// round could not end goes on: it is a way like any other.
async fn raised(node: &Inner, cast: &Cast, before: Seq) -> Result<(Alert, Seq), String> {
    let about = Subject::Stay(cast.canary.stay);
    let log = events(node, cast, before).await?;
    let mut alerts = log.into_iter().filter_map(|logged| match logged.event {
        WardEvent::Alert { alert, .. } => Some((*alert, logged.seq)),
        _ => None,
    });
    alerts
        .rfind(|(alert, _)| alert.subject == about && alert.problem == Problem::Oxygen)
        .ok_or_else(|| "the log has no alert of it".to_owned())
}

async fn shown(node: &Inner, cast: &Cast, alert: &Alert) -> Result<(), String> {
    let store = node.wards.store();
    loop {
        let open = store.open_alerts(cast.canary.ward).await;
        let open = open.map_err(|why| why.to_string())?;
        let now = open.iter().find(|open| open.number == alert.number);
        match now {
            Some(now) if now.shown_at.is_some() => return Ok(()),
            Some(_) => tokio::time::sleep(LOOK_EVERY).await,
            None => return Err("the alert is gone".to_owned()),
        }
    }
}

async fn acts(node: &Inner, cast: &Cast, path: String, what: impl Serialize) -> Result<(), String> {
    let asking = node.line.as_console(&path, &cast.session).json(&what);
    let answered = asking.send().await;
    let answered = answered.map_err(|why| why.without_url().to_string())?;
    let status = answered.status();
    if status.is_success() {
        Ok(())
    } else {
        Err(format!("the service answers {status}"))
    }
}
