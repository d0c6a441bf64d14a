//! What follows a number on a ward's log, for every console.
//!
//! One reader a ward looks at the log when the bell rings, and every half second in any case, and keeps the newest
//! frames, each serialised once. A console that has fallen behind these reads the log itself. Live, reconnecting and slow
//! are all "what follows N".
//!
//! The newest event is read again at every look. When it is no longer there the log has gone back (a failover that lost
//! commits, a restore), and its numbers may be given anew: a new epoch begins, and every console takes its board again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;
use ward_core::id::{Seq, WardId};
use ward_store::{Entry, Store, StoreError};

use crate::error::Unavailable;
use crate::wards::Wards;

/// Frames that are kept for consoles that are nearly up to date.
const KEPT: usize = 1_024;

/// Events read at once.
const PAGE: u32 = 256;

/// How an entry of the log becomes a frame.
type Encode<F> = Arc<dyn Fn(WardId, &Entry) -> F + Send + Sync>;

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
    marks: Arc<Marks>,
}

struct Tail<F> {
    ring: Mutex<VecDeque<(Seq, F)>>,
    pulse: watch::Sender<Pulse>,
}

/// The newest entry that was read of each ward, also while nobody follows it.
#[derive(Default)]
struct Marks(Mutex<HashMap<WardId, Mark>>);

#[derive(Clone)]
struct Mark {
    entry: Entry,
    epoch: Uuid,
}

/// One console's place on a ward's log.
pub struct Follower<F> {
    wards: Wards,
    encode: Encode<F>,
    ward: WardId,
    tail: Arc<Tail<F>>,
    pulse: watch::Receiver<Pulse>,
    cursor: Seq,
    /// What the cursor is a place in; `None` when that is over.
    epoch: Option<Uuid>,
}

impl<F: Clone + Send + Sync + 'static> Tails<F> {
    /// Readers that make frames with `encode`.
    pub fn new(wards: Wards, encode: impl Fn(WardId, &Entry) -> F + Send + Sync + 'static) -> Self {
        Self {
            wards,
            encode: Arc::new(encode),
            tails: Mutex::default(),
            marks: Arc::default(),
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
        let mut pulse = tail.pulse.subscribe();
        let epoch = Some(pulse.borrow().epoch);
        // A board may be ahead of the reader, who then is told in a moment; only what is ahead of the log is not.
        if cursor > pulse.borrow().head && Some(cursor) <= self.wards.store().head(ward).await? {
            let caught_up = pulse.wait_for(|pulse| pulse.head >= cursor);
            let _ = tokio::time::timeout(4 * self.wards.options.look_every, caught_up).await;
        }
        Ok(Follower {
            wards: self.wards.clone(),
            encode: Arc::clone(&self.encode),
            ward,
            tail,
            pulse,
            cursor,
            epoch,
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
        let tail = Arc::new(Tail {
            ring: Mutex::default(),
            pulse: watch::Sender::new(self.first_look(ward).await?),
        });
        let mut tails = self.tails.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have started one meanwhile.
        if let Some(running) = tails.get(&ward).and_then(Weak::upgrade) {
            return Ok(running);
        }
        tails.retain(|_, tail| tail.strong_count() > 0);
        tails.insert(ward, Arc::downgrade(&tail));
        let reader = Reader {
            wards: self.wards.clone(),
            encode: Arc::clone(&self.encode),
            marks: Arc::clone(&self.marks),
            ward,
            tail: Arc::downgrade(&tail),
        };
        tokio::spawn(keep_reading(reader));
        Ok(tail)
    }

    async fn first_look(&self, ward: WardId) -> Result<Pulse, Unavailable> {
        let store = self.wards.store();
        if let Some(mark) = self.marks.of(ward)
            && entry(store, ward, mark.entry.seq()).await?.as_ref() != Some(&mark.entry)
        {
            begin_epoch(&self.wards, &self.marks, ward, mark.epoch).await?;
        }
        let pulse = Pulse {
            read_at: Instant::now(),
            head: store.head(ward).await?.unwrap_or_default(),
            epoch: store.epoch().await?,
        };
        self.marks
            .set(ward, entry(store, ward, pulse.head).await?, pulse.epoch);
        Ok(pulse)
    }
}

impl Marks {
    fn of(&self, ward: WardId) -> Option<Mark> {
        let marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marks.get(&ward).cloned()
    }

    fn is_of(&self, ward: WardId, epoch: Uuid) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mark) = marks.get_mut(&ward) {
            mark.epoch = epoch;
        }
    }

    fn set(&self, ward: WardId, entry: Option<Entry>, epoch: Uuid) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match entry {
            Some(entry) => marks.insert(ward, Mark { entry, epoch }),
            None => marks.remove(&ward),
        };
    }
}

/// What stands on the log under one number.
async fn entry(store: &Store, ward: WardId, seq: Seq) -> Result<Option<Entry>, StoreError> {
    let found = store.entries_after(ward, before(seq), 1).await?;
    Ok(found.into_iter().find(|entry| entry.seq() == seq))
}

const fn before(seq: Seq) -> Seq {
    Seq(seq.0.saturating_sub(1))
}

/// The log is not the one that was read. Whoever notices first begins the epoch; its numbers mean something else now.
async fn begin_epoch(
    wards: &Wards,
    marks: &Marks,
    ward: WardId,
    known: Uuid,
) -> Result<Pulse, StoreError> {
    let read_at = Instant::now();
    let epoch = wards.store.end_epoch(known, Uuid::new_v4()).await?;
    let head = wards.store.head(ward).await?.unwrap_or_default();
    let newest = entry(&wards.store, ward, head).await?;
    tracing::error!(%ward, %head, %epoch, "the log has gone back: events that were shown are no longer there. A new epoch begins, consoles take their boards again; find out what the database has lost");
    wards.applied.forget(ward);
    wards.bell.go_back(ward, head);
    marks.set(ward, newest, epoch);
    Ok(Pulse {
        head,
        read_at,
        epoch,
    })
}

/// Reads a ward's log into its tail.
struct Reader<F> {
    wards: Wards,
    encode: Encode<F>,
    marks: Arc<Marks>,
    ward: WardId,
    tail: Weak<Tail<F>>,
}

/// A reader that breaks off is started anew: consoles hold its tail, and nobody else would.
async fn keep_reading<F: Clone + Send + Sync + 'static>(reader: Reader<F>) {
    let reader = Arc::new(reader);
    loop {
        let running = Arc::clone(&reader);
        let ended = tokio::spawn(async move { running.read().await }).await;
        if ended.is_ok() || reader.wards.stopping.is_cancelled() {
            return;
        }
        tracing::error!(ward = %reader.ward, "the reader of this ward's log has broken off, a fault of the program; it starts anew");
        tokio::time::sleep(reader.wards.options.look_every).await;
    }
}

impl<F: Clone + Send + Sync + 'static> Reader<F> {
    /// Reads for as long as somebody follows.
    async fn read(&self) {
        let mut bell = self.wards.bell.listen(self.ward);
        let look_every = self.wards.options.look_every;
        let mut epoch_read_at = Instant::now();
        loop {
            tokio::select! {
                () = self.wards.stopping.cancelled() => return,
                _ = tokio::time::timeout(look_every, bell.changed()) => {}
            }
            let Some(tail) = self.tail.upgrade() else {
                return;
            };
            let read_epoch = epoch_read_at.elapsed() >= Duration::from_secs(5);
            match self.look(&tail, read_epoch).await {
                Ok(()) if read_epoch => epoch_read_at = Instant::now(),
                Ok(()) => {}
                // The pulse stands still, and every console says within twelve seconds that it is not live.
                Err(error) => {
                    tracing::error!(ward = %self.ward, %error, "the log cannot be read: consoles of this ward are not live");
                    tokio::time::sleep(look_every).await;
                }
            }
        }
    }

    async fn look(&self, tail: &Tail<F>, read_epoch: bool) -> Result<(), StoreError> {
        let Self { wards, ward, .. } = self;
        let mut pulse = *tail.pulse.borrow();
        loop {
            let read_at = Instant::now();
            let mark = self
                .marks
                .of(*ward)
                .filter(|it| it.entry.seq() == pulse.head);
            let after = mark.as_ref().map_or(pulse.head, |_| before(pulse.head));
            let mut entries = wards.store.entries_after(*ward, after, PAGE).await?;
            let full_page = entries.len() == PAGE as usize;
            if let Some(mark) = mark {
                if entries.first() != Some(&mark.entry) {
                    pulse = begin_epoch(wards, &self.marks, *ward, pulse.epoch).await?;
                    let mut ring = tail.ring.lock().unwrap_or_else(PoisonError::into_inner);
                    ring.clear();
                    tail.pulse.send_replace(pulse);
                    return Ok(());
                }
                entries.remove(0);
            }
            // Before anything is kept: a fault in it must leave no half a page behind.
            let frames = entries.iter().map(|entry| (entry.seq(), self.frame(entry)));
            let frames: Vec<_> = frames.collect();
            if let Some(last) = entries.pop() {
                pulse.head = last.seq();
                self.marks.set(*ward, Some(last), pulse.epoch);
                let mut ring = tail.ring.lock().unwrap_or_else(PoisonError::into_inner);
                ring.extend(frames);
                let surplus = ring.len().saturating_sub(KEPT);
                ring.drain(..surplus);
            }
            pulse.read_at = read_at;
            if read_epoch && !full_page {
                pulse.epoch = wards.store.epoch().await?;
                self.marks.is_of(*ward, pulse.epoch);
            }
            tail.pulse.send_replace(pulse);
            if !full_page {
                return Ok(());
            }
        }
    }

    fn frame(&self, entry: &Entry) -> F {
        if let Entry::Unreadable { seq, .. } = entry {
            tracing::error!(ward = %self.ward, %seq, "this event of the log cannot be read: it is damaged, or a newer program wrote it. Consoles take their boards again");
        }
        (self.encode)(self.ward, entry)
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

    /// Whether everything that the reader has seen has been handed out, or nothing more will be.
    #[must_use]
    pub fn is_caught_up(&self) -> bool {
        self.epoch.is_none() || self.cursor >= self.pulse().head
    }

    /// The frames that follow the last one; waits when there are none. Safe to drop while it waits: nothing is lost.
    ///
    /// None at all say, once, that a new epoch has begun: nothing follows a number of another.
    ///
    /// # Errors
    /// [`Unavailable`]; the cursor has not moved.
    pub async fn next(&mut self) -> Result<Vec<F>, Unavailable> {
        loop {
            match self.epoch {
                Some(epoch) if epoch == self.pulse().epoch => {}
                Some(_) => {
                    self.epoch = None;
                    return Ok(Vec::new());
                }
                None => std::future::pending().await,
            }
            if !self.is_caught_up() {
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
            // Ends only with the service.
            if self.pulse.changed().await.is_err() {
                std::future::pending::<()>().await;
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

    /// From the log itself, and no further than the reader, who says how far everybody has come.
    async fn far(&self) -> Result<Vec<(Seq, F)>, Unavailable> {
        let entries = self
            .wards
            .store
            .entries_after(self.ward, self.cursor, PAGE)
            .await?;
        let head = self.pulse().head;
        Ok(entries
            .iter()
            .take_while(|entry| entry.seq() <= head)
            .map(|entry| (entry.seq(), (self.encode)(self.ward, entry)))
            .collect())
    }
}
