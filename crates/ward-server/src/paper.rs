//! The paper fallback: every hour the board and the call list of each ward, with phones, as a PDF in a folder. Whoever has
//! it copied to the ward's own computer or printed can go on when the service is away.

mod folder;
mod layout;
mod pdf;
mod sheets;
mod words;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use ward_core::id::WardId;
use ward_core::ward::Ward;
use ward_service::Wards;

pub use folder::Paper;

/// So often it is looked whether an hour has begun. The clock is the service's, which tests move.
const LOOK_EVERY: Duration = Duration::from_secs(1);

const HOUR_IN_MILLIS: i64 = 3_600_000;

/// After a failure it is tried again so many looks later.
const AGAIN_AFTER: u32 = 30;

/// Writes papers until the service is stopped: at its start, and with each hour.
pub(crate) async fn write_until_stopped(wards: Wards, paper: Option<Paper>) {
    let Some(paper) = paper else {
        return wards.stopping().cancelled().await;
    };
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut writer = Writer::new(wards.clone(), paper);
    loop {
        tokio::select! {
            () = wards.stopping().cancelled() => return,
            _ = ticks.tick() => writer.look().await,
        }
    }
}

struct Writer {
    wards: Wards,
    paper: Paper,
    /// The hour whose papers are all written.
    done: Option<i64>,
    /// The hour that was last written of each ward.
    written: BTreeMap<WardId, i64>,
    wait: u32,
}

impl Writer {
    const fn new(wards: Wards, paper: Paper) -> Self {
        Self {
            wards,
            paper,
            done: None,
            written: BTreeMap::new(),
            wait: 0,
        }
    }

    async fn look(&mut self) {
        let hour = self
            .wards
            .clock()
            .now()
            .as_millis()
            .div_euclid(HOUR_IN_MILLIS);
        if self.done == Some(hour) {
            return;
        }
        if self.wait > 0 {
            self.wait -= 1;
            return;
        }
        match self.write(hour).await {
            Ok(()) => self.done = Some(hour),
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "the paper fallback was not written; trying again"
                );
                self.wait = AGAIN_AFTER;
            }
        }
    }

    /// Every ward is tried, whatever became of the one before.
    async fn write(&mut self, hour: i64) -> anyhow::Result<()> {
        let mut first_failure = None;
        for ward in self.wards.all_wards().await? {
            if self.written.get(&ward.id) == Some(&hour) {
                continue;
            }
            match self.write_one(&ward, hour).await {
                Ok(()) => {
                    self.written.insert(ward.id, hour);
                }
                Err(failure) => {
                    let failure = failure.context(format!("ward {}", ward.code));
                    first_failure.get_or_insert(failure);
                }
            }
        }
        let (paper, now) = (self.paper.clone(), of_hour(hour)?);
        let tidied = tokio::task::spawn_blocking(move || paper.tidy(now)).await?;
        if let (Err(error), None) = (tidied, &first_failure) {
            return Err(error).context("old papers cannot be removed");
        }
        first_failure.map_or(Ok(()), Err)
    }

    async fn write_one(&self, ward: &Ward, hour: i64) -> anyhow::Result<()> {
        let Some(content) = self.wards.on_paper(ward.id).await? else {
            return Ok(());
        };
        let (paper, code, at) = (self.paper.clone(), ward.code.clone(), of_hour(hour)?);
        tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
            let bytes = sheets::print(&content)?;
            paper
                .put(code.as_str(), at, &bytes)
                .with_context(|| paper.folder.display().to_string())
        })
        .await??;
        tracing::info!(ward = %ward.code, "the paper fallback is written");
        Ok(())
    }
}

fn of_hour(hour: i64) -> anyhow::Result<jiff::Timestamp> {
    Ok(jiff::Timestamp::from_millisecond(
        hour.saturating_mul(HOUR_IN_MILLIS),
    )?)
}
