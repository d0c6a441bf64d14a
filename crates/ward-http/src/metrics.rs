//! Counters for the people who run the service. No identities: no patient, no user, no id of a stay.

use std::sync::atomic::AtomicI64;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use ward_service::Answer;

use crate::routes::App;

mod self_test;

use self_test::SelfTest;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabel {
    answer: &'static str,
}

type Seconds = Family<RouteLabel, Histogram, fn() -> Histogram>;

/// All of them.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Seconds,
    items: Family<AnswerLabel, Counter>,
    consoles: Gauge<i64, AtomicI64>,
    reconciling: Reconciling,
    self_test: SelfTest,
}

/// What holding readings against alerts has come to, as of when somebody asks.
#[derive(Default)]
struct Reconciling {
    rounds: Gauge<i64, AtomicI64>,
    stays: Gauge<i64, AtomicI64>,
    disagreements: Gauge<i64, AtomicI64>,
    failed: Gauge<i64, AtomicI64>,
    last_round: Gauge<i64, AtomicI64>,
}

impl Reconciling {
    fn registered_in(registry: &mut Registry) -> Self {
        let all = Self::default();
        let named = [
            (
                "reconcile_rounds",
                "Rounds in which readings were held against alerts, since the start",
                &all.rounds,
            ),
            (
                "reconcile_stays",
                "Stays whose readings were held against their alerts, since the start",
                &all.stays,
            ),
            (
                "reconcile_disagreements",
                "Stays whose readings and alerts did not agree: people were told, since the start",
                &all.disagreements,
            ),
            (
                "reconcile_failures",
                "Stays that could not be looked at, since the start",
                &all.failed,
            ),
            (
                "reconcile_last_round_seconds",
                "When the last whole round ended, Unix time",
                &all.last_round,
            ),
        ];
        for (name, help, gauge) in named {
            registry.register(name, help, gauge.clone());
        }
        all
    }

    fn set(&self, reconciled: &ward_service::Reconciled) {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.rounds.set(whole(reconciled.rounds()));
        self.stays.set(whole(reconciled.stays()));
        self.disagreements.set(whole(reconciled.said()));
        self.failed.set(whole(reconciled.failed()));
        self.last_round.set(reconciled.last_round_at_ms() / 1000);
    }
}

fn buckets() -> Histogram {
    Histogram::new([
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
    ])
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("wardlight");
        let requests = Family::default();
        let seconds: Seconds = Family::new_with_constructor(buckets);
        let items = Family::default();
        let consoles = Gauge::default();
        registry.register(
            "http_requests",
            "Requests by route and status",
            requests.clone(),
        );
        registry.register(
            "http_request_seconds",
            "Time to answer, by route",
            seconds.clone(),
        );
        registry.register(
            "reading_items",
            "Items from bridges, by what became of them",
            items.clone(),
        );
        registry.register("consoles", "Consoles that are connected", consoles.clone());
        let reconciling = Reconciling::registered_in(&mut registry);
        let self_test = SelfTest::registered_in(&mut registry);
        Self {
            registry,
            requests,
            seconds,
            items,
            consoles,
            reconciling,
            self_test,
        }
    }

    pub(crate) fn answered(&self, answer: &Answer) {
        let answer = match answer {
            Answer::Stored | Answer::Unwatched { .. } => "stored",
            Answer::Duplicate => "duplicate",
            Answer::Quarantined { .. } => "quarantined",
        };
        self.items.get_or_create(&AnswerLabel { answer }).inc();
    }

    /// A console that is connected for as long as this is held.
    pub(crate) fn console(&self) -> ConsoleCount {
        self.consoles.inc();
        ConsoleCount(self.consoles.clone())
    }
}

pub(crate) struct ConsoleCount(Gauge<i64, AtomicI64>);

impl Drop for ConsoleCount {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Counts and times every request by its route's pattern, never by its path: paths have ids in them.
pub(crate) async fn count(
    State(app): State<std::sync::Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)", MatchedPath::as_str)
        .to_owned();
    let began = Instant::now();
    let response = next.run(request).await;
    let labels = RequestLabels {
        route: route.clone(),
        status: response.status().as_u16(),
    };
    app.metrics.requests.get_or_create(&labels).inc();
    app.metrics
        .seconds
        .get_or_create(&RouteLabel { route })
        .observe(began.elapsed().as_secs_f64());
    response
}

/// `GET /metrics`.
pub(crate) async fn metrics(State(app): State<std::sync::Arc<App>>) -> Response {
    let mut text = String::new();
    app.metrics.reconciling.set(app.wards.reconciled());
    app.metrics.self_test.set(app.wards.self_tested());
    match encode(&mut text, &app.metrics.registry) {
        Ok(()) => (
            [(
                header::CONTENT_TYPE,
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            )],
            text,
        )
            .into_response(),
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
