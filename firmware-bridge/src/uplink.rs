//! From the spool to the service, again and again, until each reading is confirmed.

mod batch;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use ward_wire::bridge::{Answer, BATCH_LIMIT, BatchReply};

use crate::backoff::Backoff;
use crate::client::{Client, Failure};
use crate::clock::Clock;
use crate::spool::{Settled, Spool, SpoolError, Waiting};

/// So much of a note of the service goes into the log.
const LOGGED_CHARS: usize = 200;

/// Readings that keep coming make the bridge try no more often than this.
const HURRY: Duration = Duration::from_secs(1);
/// What the service has refused is tried again this often: the service, or what stands before it, may have learned.
const REFUSED_AGAIN: Duration = Duration::from_secs(600);

/// How long the uplink waits in which case.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The first wait after a failure is shorter than this, each further one up to twice as long …
    pub first: Duration,
    /// … up to this.
    pub longest: Duration,
    /// Between two tries of a bridge that the service does not accept.
    pub unauthorised: Duration,
    /// Looks into the spool at least this often, also when nothing rings, and asks whether the service was restored.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            unauthorised: Duration::from_secs(60),
            idle: Duration::from_secs(60),
        }
    }
}

/// Sends what waits in the spool.
#[derive(Debug)]
pub struct Uplink {
    spool: Spool,
    client: Arc<Client>,
    clock: Clock,
    patience: Patience,
    /// Readings in a request; halved when the service finds it too large, doubled when it goes well.
    batch: usize,
    /// Something was confirmed since the last pause.
    progressed: bool,
    /// Sending failed, and nothing was confirmed since.
    failed: bool,
    refused_again: Duration,
}

/// Why sending paused.
#[derive(Debug)]
enum Pause {
    /// Nothing waits.
    Empty,
    Failed(Failure),
    Spool(SpoolError),
}

impl Uplink {
    /// Sends from `spool` by `client`.
    #[must_use]
    pub fn new(spool: Spool, client: Arc<Client>, clock: Clock, patience: Patience) -> Self {
        Self {
            spool,
            client,
            clock,
            patience,
            batch: BATCH_LIMIT,
            progressed: false,
            failed: false,
            refused_again: REFUSED_AGAIN,
        }
    }

    /// Tries what was refused this often, in place of every ten minutes.
    #[must_use]
    pub fn trying_refused_every(self, refused_again: Duration) -> Self {
        Self {
            refused_again,
            ..self
        }
    }

    /// Sends until `stop`. What is unconfirmed then is still in the spool.
    ///
    /// # Errors
    /// When the spool is damaged. Whatever else happens is waited for.
    pub async fn run(mut self, stop: CancellationToken) -> Result<(), SpoolError> {
        let mut backoff = Backoff::new(
            Duration::from_millis(50),
            self.patience.first,
            self.patience.longest,
        );
        let mut refused_again_at = Instant::now() + self.refused_again;
        loop {
            if Instant::now() >= refused_again_at {
                refused_again_at = Instant::now() + self.refused_again;
                self.try_refused().await;
            }
            let pause = tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                pause = self.drain() => pause,
            };
            if std::mem::take(&mut self.progressed) {
                backoff.succeeded();
            }
            // A new reading does not wait for the end of a long pause, unless the service has asked for one.
            let mut may_hurry = false;
            let wait = match pause {
                Pause::Empty => {
                    backoff.succeeded();
                    let idle = async {
                        tokio::time::sleep(self.patience.idle).await;
                        self.ask_epoch().await
                    };
                    tokio::select! {
                        () = stop.cancelled() => return Ok(()),
                        () = self.spool.appended() => {}
                        asked = idle => asked?,
                        () = tokio::time::sleep_until(refused_again_at) => {}
                    }
                    continue;
                }
                Pause::Failed(Failure::Unauthorised(why)) => {
                    let waiting = self.waiting().await;
                    tracing::error!(
                        why,
                        waiting,
                        "THE SERVICE DOES NOT ACCEPT THIS BRIDGE: nothing is sent, readings are kept. Ask the ward for a \
                         new code and run `wardlight-bridge enrol --replace`"
                    );
                    self.patience.unauthorised
                }
                Pause::Failed(Failure::Later { why, after }) => {
                    let waiting = self.waiting().await;
                    // On top of what the service asks: many bridges were asked the same.
                    let wait = after.unwrap_or_default() + backoff.failed();
                    may_hurry = after.is_none();
                    tracing::warn!(why, waiting, ?wait, "readings wait");
                    wait
                }
                Pause::Failed(failure @ (Failure::Refused(_) | Failure::TooLarge { .. })) => {
                    tracing::error!(why = %failure, "an empty batch is refused");
                    backoff.failed()
                }
                Pause::Spool(why) if why.is_damage() => return Err(why),
                Pause::Spool(why) => {
                    tracing::error!(%why, "the spool cannot be read: readings wait");
                    backoff.failed()
                }
            };
            self.failed = true;
            let hurry = async {
                tokio::time::sleep(HURRY).await;
                self.spool.appended().await;
            };
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(wait) => {}
                () = hurry, if may_hurry => {}
            }
        }
    }

    /// Sends until nothing waits or something is in the way.
    async fn drain(&mut self) -> Pause {
        loop {
            let waiting = match self.spool.next(self.batch).await {
                Ok(waiting) if waiting.is_empty() => return Pause::Empty,
                Ok(waiting) => waiting,
                Err(why) => return Pause::Spool(why),
            };
            if let Err(pause) = self.send(&waiting).await {
                return pause;
            }
        }
    }

    /// Sends these, in as many requests as it takes. What is refused on its own is set aside; what is measured meanwhile
    /// goes between the requests.
    async fn send(&mut self, waiting: &[Waiting]) -> Result<(), Pause> {
        let mut parts = Vec::new();
        let mut seen = self.push(waiting, &mut parts).await?;
        while let Some(part) = parts.pop() {
            let body = batch::body(&part, self.clock.steady(), self.clock.wall());
            match (self.client.post(body).await, &part[..]) {
                (Ok(reply), rows) if reply.answers.len() == rows.len() => {
                    if let Some(first) = reply.notes.first() {
                        let first = first.text.chars().take(LOGGED_CHARS).collect::<String>();
                        tracing::warn!(
                            items = reply.notes.len(),
                            first,
                            "the service left something of stored readings out"
                        );
                    }
                    self.confirm(rows, reply).await?;
                    self.batch = self.batch.saturating_mul(2).min(BATCH_LIMIT);
                }
                (Ok(reply), rows) => {
                    let why = format!(
                        "the service answers for {} of {} readings",
                        reply.answers.len(),
                        rows.len()
                    );
                    return Err(Pause::Failed(Failure::Later { why, after: None }));
                }
                (
                    Err(failure @ (Failure::Refused(_) | Failure::TooLarge { by_service: true })),
                    [only],
                ) => {
                    self.refuse(only.seq, &failure.to_string()).await?;
                }
                (Err(Failure::Refused(_)), rows) => split(rows, &mut parts),
                (Err(failure @ Failure::TooLarge { .. }), [_]) => {
                    let why = format!("{failure}, says something before the service");
                    return Err(Pause::Failed(Failure::Later { why, after: None }));
                }
                (Err(Failure::TooLarge { .. }), rows) => {
                    self.batch = (rows.len() / 2).max(1);
                    split(rows, &mut parts);
                }
                (Err(failure), _) => return Err(Pause::Failed(failure)),
            }
            if !parts.is_empty() {
                let newer = self.spool.newest(self.batch, seen).await;
                seen = self
                    .push(&newer.map_err(Pause::Spool)?, &mut parts)
                    .await?
                    .max(seen);
            }
        }
        Ok(())
    }

    /// Puts these before all other parts. The newest place in the spool among them.
    async fn push(
        &self,
        waiting: &[Waiting],
        parts: &mut Vec<Vec<batch::Ready>>,
    ) -> Result<i64, Pause> {
        let (first, unreadable) = batch::cut(waiting);
        for row in unreadable {
            self.refuse(row.seq, "the row in the spool cannot be read")
                .await?;
        }
        parts.extend(first.into_iter().rev());
        Ok(waiting.iter().map(|row| row.seq).max().unwrap_or(0))
    }

    async fn confirm(&mut self, rows: &[batch::Ready], reply: BatchReply) -> Result<(), Pause> {
        let BatchReply { answers, epoch, .. } = reply;
        for answer in &answers {
            if let Answer::Quarantined { reason } = answer {
                tracing::warn!(
                    reason,
                    "the service has quarantined a reading: it is kept there, on nobody's chart"
                );
            }
        }
        let count = rows.len();
        let settled: Vec<_> = rows
            .iter()
            .zip(answers)
            .map(|(row, answer)| (row.seq, Settled::Confirmed(answer)))
            .collect();
        let again = self.spool.settle_in(&settled, epoch).await;
        told_of_loss(again.map_err(Pause::Spool)?);
        self.progressed = true;
        tracing::info!(count, "readings confirmed");
        if std::mem::take(&mut self.failed) {
            self.try_refused().await;
        }
        Ok(())
    }

    async fn refuse(&self, seq: i64, why: &str) -> Result<(), Pause> {
        tracing::error!(
            seq,
            why,
            "a reading is refused and set aside in the spool; it is tried again every ten minutes"
        );
        let settled = [(seq, Settled::Refused(why.to_owned()))];
        self.spool.settle(&settled).await.map_err(Pause::Spool)
    }

    /// A bridge that has nothing to send asks by an empty batch: a service that was restored must not miss the morning's
    /// reading until the evening's is measured. No answer is no loss, the next reading or the next minute asks again.
    async fn ask_epoch(&self) -> Result<(), SpoolError> {
        let body = batch::body(&[], self.clock.steady(), self.clock.wall());
        match self.client.post(body).await {
            Ok(BatchReply {
                epoch: Some(epoch), ..
            }) => match self.spool.seen_epoch(epoch).await {
                Ok(again) => told_of_loss(again),
                Err(why) if why.is_damage() => return Err(why),
                Err(why) => tracing::error!(%why, "the service's epoch cannot be noted"),
            },
            Ok(_) => {}
            Err(why) => tracing::debug!(%why, "the service is not asked for its epoch"),
        }
        Ok(())
    }

    /// A failure is logged only: it comes back with the next look into the spool.
    async fn try_refused(&self) {
        match self.spool.give_refused_another_try().await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "refused readings are tried again"),
            Err(why) => tracing::error!(%why, "refused readings cannot be tried again"),
        }
    }

    /// For the log: what was refused waits too.
    async fn waiting(&self) -> u64 {
        self.spool.unconfirmed().await.unwrap_or_default()
    }
}

fn told_of_loss(readings: u64) {
    if readings > 0 {
        tracing::warn!(
            readings,
            "the service has gone back to an earlier state: what it confirmed within the last 72 hours is sent again"
        );
    }
}

/// Both halves, so that the first one is sent next.
fn split(rows: &[batch::Ready], parts: &mut Vec<Vec<batch::Ready>>) {
    let (first, second) = rows.split_at(rows.len() / 2);
    parts.push(second.to_vec());
    parts.push(first.to_vec());
}
