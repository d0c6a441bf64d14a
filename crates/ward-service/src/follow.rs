//! What follows a number on a ward's log, for every console.
//!
//! One reader a ward looks at the log when the bell rings, and every half second in any case, and keeps the newest
//! frames, each serialised once. A console that has fallen behind these reads the log itself. Live, reconnecting and slow
//! are all "what follows N".

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;
use ward_core::event::Logged;
use ward_core::id::{Seq, WardId};
use ward_store::StoreError;

use crate::error::Unavailable;
use crate::wards::Wards;

/// Frames that are kept for consoles that are nearly up to date.
const KEPT: usize = 1_024;

/// Events read at once.
const PAGE: u32 = 256;

/// How a logged event becomes a frame.
type Encode<F> = Arc<dyn Fn(WardId, &Logged) -> F + Send + Sync>;

/// How the reader of a ward's log stands.
#[derive(Clone, Copy, Debug)]
pub struct Pulse {
    /// The newest event that it has read.
    pub head: Seq,
    /// When it last read the database, whether or not there was anything new.
    pub read_at: Instant,
    /// The feed's epoch.
    pub epoch: Uuid,
}

/// The readers of all wards that somebody follows.
pub struct Tails<F> {
    wards: Wards,
    encode: Encode<F>,
    tails: Mutex<HashMap<WardId, Weak<Tail<F>>>>,
}

struct Tail<F> {
    ring: Mutex<VecDeque<(Seq, F)>>,
    pulse: watch::Sender<Pulse>,
}

/// One console's place on a ward's log.
pub struct Follower<F> {
    wards: Wards,
    encode: Encode<F>,
    ward: WardId,
    tail: Arc<Tail<F>>,
    pulse: watch::Receiver<Pulse>,
    cursor: Seq,
}

impl<F: Clone + Send + Sync + 'static> Tails<F> {
    /// Readers that make frames with `encode`.
    pub fn new(
        wards: Wards,
        encode: impl Fn(WardId, &Logged) -> F + Send + Sync + 'static,
    ) -> Self {
        Self {
            wards,
            encode: Arc::new(encode),
            tails: Mutex::default(),
        }
    }

    /// Follows a ward's log from after `cursor`.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn follow(&self, ward: WardId, cursor: Seq) -> Result<Follower<F>, Unavailable> {
        let tail = match self.running(ward) {
            Some(tail) => tail,
            None => self.start(ward).await?,
        };
        let pulse = tail.pulse.subscribe();
        Ok(Follower {
            wards: self.wards.clone(),
            encode: Arc::clone(&self.encode),
            ward,
            tail,
            pulse,
            cursor,
        })
    }

    fn running(&self, ward: WardId) -> Option<Arc<Tail<F>>> {
        self.tails
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&ward)
            .and_then(Weak::upgrade)
    }

    async fn start(&self, ward: WardId) -> Result<Arc<Tail<F>>, Unavailable> {
        let store = self.wards.store();
        let head = store.head(ward).await?.unwrap_or_default();
        let epoch = store.epoch().await?;
        let pulse = watch::Sender::new(Pulse {
            head,
            read_at: Instant::now(),
            epoch,
        });
        let tail = Arc::new(Tail {
            ring: Mutex::default(),
            pulse,
        });
        let mut tails = self.tails.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have started one meanwhile.
        if let Some(running) = tails.get(&ward).and_then(Weak::upgrade) {
            return Ok(running);
        }
        tails.retain(|_, tail| tail.strong_count() > 0);
        tails.insert(ward, Arc::downgrade(&tail));
        tokio::spawn(read(
            self.wards.clone(),
            Arc::clone(&self.encode),
            ward,
            Arc::downgrade(&tail),
        ));
        Ok(tail)
    }
}

/// Reads a ward's log for as long as somebody follows it.
async fn read<F: Clone + Send + Sync + 'static>(
    wards: Wards,
    encode: Encode<F>,
    ward: WardId,
    tail: Weak<Tail<F>>,
) {
    let mut bell = wards.bell.listen(ward);
    let look_every = wards.options.look_every;
    let mut epoch_read_at = Instant::now();
    loop {
        tokio::select! {
            () = wards.stopping.cancelled() => return,
            _ = tokio::time::timeout(look_every, bell.changed()) => {}
        }
        let Some(tail) = tail.upgrade() else { return };
        let read_epoch = epoch_read_at.elapsed() >= Duration::from_secs(5);
        match look(&wards, &encode, ward, &tail, read_epoch).await {
            Ok(()) if read_epoch => epoch_read_at = Instant::now(),
            Ok(()) => {}
            // The pulse stands still, and every console says within twelve seconds that it is not live.
            Err(error) => {
                tracing::error!(%ward, %error, "the log cannot be read: consoles of this ward are not live");
                tokio::time::sleep(look_every).await;
            }
        }
    }
}

async fn look<F: Clone>(
    wards: &Wards,
    encode: &Encode<F>,
    ward: WardId,
    tail: &Tail<F>,
    read_epoch: bool,
) -> Result<(), StoreError> {
    let mut pulse = *tail.pulse.borrow();
    loop {
        let read_at = Instant::now();
        let events = wards.store.events_after(ward, pulse.head, PAGE).await?;
        let full_page = events.len() == PAGE as usize;
        if let Some(last) = events.last() {
            pulse.head = last.seq;
            let mut ring = tail.ring.lock().unwrap_or_else(PoisonError::into_inner);
            for logged in &events {
                ring.push_back((logged.seq, encode(ward, logged)));
            }
            let surplus = ring.len().saturating_sub(KEPT);
            ring.drain(..surplus);
        }
        pulse.read_at = read_at;
        if read_epoch && !full_page {
            pulse.epoch = wards.store.epoch().await?;
        }
        tail.pulse.send_replace(pulse);
        if !full_page {
            return Ok(());
        }
    }
}

impl<F: Clone + Send + Sync + 'static> Follower<F> {
    /// How the reader stands.
    #[must_use]
    pub fn pulse(&self) -> Pulse {
        *self.pulse.borrow()
    }

    /// The last event that was handed out.
    #[must_use]
    pub const fn cursor(&self) -> Seq {
        self.cursor
    }

    /// Whether everything that the reader has seen has been handed out.
    #[must_use]
    pub fn is_caught_up(&self) -> bool {
        self.cursor >= self.pulse().head
    }

    /// The frames that follow the last one; waits when there are none. Safe to drop while it waits: nothing is lost.
    ///
    /// # Errors
    /// [`Unavailable`]; the cursor has not moved.
    pub async fn next(&mut self) -> Result<Vec<F>, Unavailable> {
        loop {
            if self.is_caught_up() {
                // Ends only with the service.
                if self.pulse.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
                continue;
            }
            let near = self.near();
            let frames = if near.is_empty() {
                self.far().await?
            } else {
                near
            };
            if let Some((seq, _)) = frames.last() {
                self.cursor = *seq;
                return Ok(frames.into_iter().map(|(_, frame)| frame).collect());
            }
        }
    }

    /// From the kept frames, if they reach back far enough.
    fn near(&self) -> Vec<(Seq, F)> {
        let ring = self
            .tail
            .ring
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match ring.front() {
            Some((oldest, _)) if *oldest <= self.cursor.next() => {
                let start = ring.partition_point(|(seq, _)| *seq <= self.cursor);
                ring.range(start..).take(PAGE as usize).cloned().collect()
            }
            _ => Vec::new(),
        }
    }

    /// From the log itself.
    async fn far(&self) -> Result<Vec<(Seq, F)>, Unavailable> {
        let events = self
            .wards
            .store
            .events_after(self.ward, self.cursor, PAGE)
            .await?;
        Ok(events
            .iter()
            .map(|logged| (logged.seq, (self.encode)(self.ward, logged)))
            .collect())
    }
}
