//! What trying the way of an alert has come to on this node, as of when somebody asks.

use std::sync::atomic::{AtomicU64, Ordering};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use ward_core::self_test::Stage;
use ward_core::time::Timestamp;
use ward_service::SelfTested;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageLabel {
    stage: &'static str,
}

#[derive(Default)]
pub(super) struct SelfTest {
    seconds: Family<StageLabel, Gauge<f64, AtomicU64>>,
    failures: Family<StageLabel, Counter>,
    last_success: Gauge,
    told: Gauge,
    not_told: Counter,
}

impl SelfTest {
    pub(super) fn registered_in(registry: &mut Registry) -> Self {
        let all = Self::default();
        registry.register(
            "self_test_stage_seconds",
            "How long each stage of the way of an alert took when it was last passed",
            all.seconds.clone(),
        );
        registry.register(
            "self_test_failures",
            "Rounds of the self-test that failed, by the stage that they did not pass",
            all.failures.clone(),
        );
        registry.register(
            "self_test_last_success_timestamp_seconds",
            "When the self-test last came through, Unix time; 0 before",
            all.last_success.clone(),
        );
        registry.register(
            "self_test_dead_man_last_success_timestamp_seconds",
            "When the dead man's address was last told, Unix time; 0 before",
            all.told.clone(),
        );
        registry.register(
            "self_test_dead_man_failures",
            "How often the dead man's address could not be told",
            all.not_told.clone(),
        );
        all
    }

    pub(super) fn set(&self, tested: &SelfTested) {
        let seconds = |at: Option<Timestamp>| at.map_or(0, |at| at.as_millis() / 1000);
        for stage in Stage::ALL {
            let label = StageLabel {
                stage: stage.name(),
            };
            if let Some(took) = tested.stage(stage) {
                let gauge = self.seconds.get_or_create(&label);
                gauge.set(took.as_secs_f64());
            }
            let failures = self.failures.get_or_create(&label);
            failures
                .inner()
                .store(tested.failures(stage), Ordering::Relaxed);
        }
        self.last_success.set(seconds(tested.last_success_at()));
        self.told.set(seconds(tested.told_at()));
        self.not_told
            .inner()
            .store(tested.not_told(), Ordering::Relaxed);
    }
}
