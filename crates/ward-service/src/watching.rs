//! How many consoles of each ward are visible with sound armed: a ward that nobody hears must say so on every board.
//!
//! Consoles are counted on their own node. That somebody watches is written down every few seconds, so that the other nodes
//! know of it, and that nobody does is found out by its age: a node that is gone watches nothing.
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ward_core::alert::{Problem, Severity, Subject};
use ward_core::bridge_watch::{assess_kit, kit_works_again};
use ward_core::id::WardId;
use ward_core::technical::{Cause, Detail, Fault};
use ward_core::time::{Timestamp, seconds};
use ward_core::ward::Ward;
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// That somebody watches is written down this often.
const NOTED_EVERY: Duration = seconds(10);

/// How often it is looked whether each ward is watched.
const LOOK_EVERY: Duration = seconds(1);

/// What is known already is looked at again this often all the same: another node may have said otherwise.
const LOOK_AGAIN_EVERY: Duration = seconds(15);

/// Consoles of this node, by ward.
#[derive(Clone, Default)]
pub struct Watching(Arc<Mutex<HashMap<WardId, u32>>>, Beside);

/// When a page beside the board, visible and with its sound on, last asked what waits, by ward.
type Beside = Arc<Mutex<HashMap<WardId, Timestamp>>>;

/// One console that counts for as long as this lives.
pub struct Watcher {
    all: Watching,
    ward: WardId,
}

impl Watching {
    /// How many consoles of a ward watch.
    #[must_use]
    pub fn of(&self, ward: WardId) -> u32 {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(&ward).copied().unwrap_or_default()
    }

    /// One more, until what comes back is dropped.
    #[must_use]
    pub fn watch(&self, ward: WardId) -> Watcher {
        self.add(ward, 1);
        Watcher {
            all: self.clone(),
            ward,
        }
    }

    /// A page beside the board hears this ward. It asks every four seconds, and counts until it has missed two.
    pub fn heard_beside(&self, ward: WardId, now: Timestamp) {
        let mut beside = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        beside.insert(ward, now);
    }

    fn is_heard_beside(&self, ward: WardId, now: Timestamp) -> bool {
        let beside = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |at: &Timestamp| *at <= now && now < at.plus(NOTED_EVERY);
        beside.get(&ward).is_some_and(fresh)
    }

    fn wards(&self, now: Timestamp) -> Vec<WardId> {
        let beside: Vec<WardId> = {
            let mut beside = self.1.lock().unwrap_or_else(PoisonError::into_inner);
            beside.retain(|_, at| now < at.plus(NOTED_EVERY));
            beside.keys().copied().collect()
        };
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wards: Vec<WardId> = counts.keys().copied().chain(beside).collect();
        wards.sort_unstable();
        wards.dedup();
        wards
    }

    fn add(&self, ward: WardId, change: i32) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(ward).or_default();
        *count = count.saturating_add_signed(change);
        if *count == 0 {
            counts.remove(&ward);
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.all.add(self.ward, -1);
    }
}

/// What this node has noted and said of late; a restart may forget it.
#[derive(Debug, Default)]
pub(crate) struct WatchNotes(Mutex<Notes>);

#[derive(Debug, Default)]
struct Notes {
    looked_at: Option<Timestamp>,
    noted: HashMap<WardId, Timestamp>,
    seen_to: HashMap<WardId, (bool, Timestamp)>,
    /// When each ward was last watched on any node, as it was last read.
    watched: BTreeMap<WardId, Timestamp>,
}

/// Whether it is time again. A clock that was set back is no reason to wait.
fn is_due(last: Option<Timestamp>, every: Duration, now: Timestamp) -> bool {
    last.is_none_or(|last| now < last || now >= last.plus(every))
}

impl WatchNotes {
    fn is_time_to_look(&self, now: Timestamp) -> bool {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = is_due(notes.looked_at, LOOK_EVERY, now);
        if due {
            notes.looked_at = Some(now);
        }
        due
    }

    /// Which of the watched wards are to be noted now. One that is watched no more is noted at once when it is again.
    fn to_note(&self, watched: &[WardId], now: Timestamp) -> Vec<WardId> {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.noted.retain(|ward, _| watched.contains(ward));
        let due = |ward: &&WardId| is_due(notes.noted.get(ward).copied(), NOTED_EVERY, now);
        watched.iter().filter(due).copied().collect()
    }

    fn noted(&self, ward: WardId, now: Timestamp) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.noted.insert(ward, now);
    }

    fn was_read(&self, watched: BTreeMap<WardId, Timestamp>) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.watched = watched;
    }

    fn is_watched_elsewhere(&self, ward: WardId, now: Timestamp) -> bool {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |at: &Timestamp| now < at.plus(NOTED_EVERY + LOOK_EVERY);
        notes.watched.get(&ward).is_some_and(fresh)
    }

    fn is_to_see_to(&self, ward: WardId, unwatched: bool, now: Timestamp) -> bool {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = notes.seen_to.get(&ward);
        last.is_none_or(|(said, at)| *said != unwatched || is_due(Some(*at), LOOK_AGAIN_EVERY, now))
    }

    fn seen_to(&self, ward: WardId, unwatched: bool, now: Timestamp) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.seen_to.insert(ward, (unwatched, now));
    }
}

impl Wards {
    /// The consoles of this node.
    #[must_use]
    pub const fn watching(&self) -> &Watching {
        &self.watching
    }

    /// How many consoles of a ward watch: those of this node; where there are none, one when another node has said so of late.
    #[must_use]
    pub fn watchers(&self, ward: WardId) -> u32 {
        let here = self.watching.of(ward);
        let elsewhere = self
            .watch_notes
            .is_watched_elsewhere(ward, self.clock.now());
        here.max(u32::from(elsewhere))
    }

    /// Notes which boards are watched here, and says of each staffed ward that nobody watches anywhere, and when somebody
    /// does again.
    ///
    /// # Errors
    /// [`Unavailable`] when that cannot be read.
    pub(crate) async fn look_at_watching(&self) -> Result<(), Unavailable> {
        let now = self.clock.now();
        for ward in self.watch_notes.to_note(&self.watching.wards(now), now) {
            self.store.put_watch(ward, now).await?;
            self.watch_notes.noted(ward, now);
        }
        let Some(after) = self.options.nobody_watching_after else {
            return Ok(());
        };
        if !self.watch_notes.is_time_to_look(now) {
            return Ok(());
        }
        let watches = self.store.watches().await?;
        self.watch_notes.was_read(watches.clone());
        let said = self.store.wards_said_unwatched().await?;
        for ward in self.store.wards().await? {
            let watched_at = watches.get(&ward.id).copied();
            let unwatched = self
                .unwatched_since(&ward, watched_at, after, now)
                .is_some();
            let is_news = unwatched || said.contains(&ward.id);
            if !is_news || !self.watch_notes.is_to_see_to(ward.id, unwatched, now) {
                continue;
            }
            let (wards, id) = (self.clone(), ward.id);
            to_the_end(async move { wards.see_to_watching(id, after).await }).await?;
            self.watch_notes.seen_to(ward.id, unwatched, now);
        }
        Ok(())
    }

    /// Since when nobody watches a ward that is staffed; `None` while somebody does, and while nobody is to.
    fn unwatched_since(
        &self,
        ward: &Ward,
        watched_at: Option<Timestamp>,
        after: Duration,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let zone = ward.zone();
        // Who has just come on shift is given the time to open the board.
        let is_staffed = |at| ward.staffed.is_staffed(&zone, at);
        let is_heard = self.watching.of(ward.id) > 0 || self.watching.is_heard_beside(ward.id, now);
        if is_heard || !is_staffed(now) || !is_staffed(now.minus(after)) {
            return None;
        }
        let watched_at = watched_at.filter(|at| *at <= now.plus(NOTED_EVERY));
        let since = watched_at.map_or(self.listening_since, |at| at.max(self.listening_since));
        (now >= since.plus(after)).then_some(since)
    }

    async fn see_to_watching(&self, ward: WardId, after: Duration) -> Result<(), StoreError> {
        let Some(mut ledger) = self.store.open_ledger(ward).await? else {
            return Ok(());
        };
        let now = self.clock.now();
        // Under the lock: somebody may watch by now, and another node may have said so.
        let watched_at = ledger.watched_at().await?;
        let since = self.unwatched_since(ledger.ward(), watched_at, after, now);
        let open = ledger.open_alerts_about(&[Subject::Ward]).await?;
        let known = open
            .iter()
            .find(|alert| alert.problem == Problem::Technical(Cause::NobodyWatching));
        let event = match (since, known) {
            (Some(since), known) => assess_kit(&nobody_watching(since), known, now),
            (None, Some(known)) => kit_works_again(known, now),
            (None, None) => None,
        };
        let Some(event) = event else {
            return ledger.close().await;
        };
        tracing::error!(%ward, what = event.kind(), unwatched = since.is_some(), "whether somebody watches the board of this ward");
        ledger.append(event, now);
        let head = ledger.commit().await?;
        self.bell.ring(ward, head);
        Ok(())
    }
}

const fn nobody_watching(since: Timestamp) -> Fault {
    Fault {
        subject: Subject::Ward,
        cause: Cause::NobodyWatching,
        severity: Severity::Red,
        spo2: None,
        detail: Detail::Kit {
            stays: Vec::new(),
            since,
            percent: None,
            ended_at: None,
            found: None,
            times: 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn that_somebody_watches_is_noted_every_ten_seconds_and_at_once_when_they_come_back() {
        let ward = WardId(Uuid::from_u128(1));
        let at = |second: i64| Timestamp::from_millis(second * 1000);
        let notes = WatchNotes::default();
        assert_eq!(notes.to_note(&[ward], at(0)), [ward]);
        notes.noted(ward, at(0));
        assert!(notes.to_note(&[ward], at(9)).is_empty());
        assert_eq!(notes.to_note(&[ward], at(10)), [ward]);
        notes.noted(ward, at(10));
        assert!(notes.to_note(&[], at(11)).is_empty());
        assert_eq!(notes.to_note(&[ward], at(12)), [ward]);
    }

    #[test]
    fn a_console_counts_on_its_ward_until_it_goes() {
        let (pendle, ribble) = (WardId(Uuid::from_u128(1)), WardId(Uuid::from_u128(2)));
        let watching = Watching::default();
        let first = watching.watch(pendle);
        let second = watching.watch(pendle);
        assert_eq!((watching.of(pendle), watching.of(ribble)), (2, 0));
        drop(first);
        assert_eq!(watching.of(pendle), 1);
        drop(second);
        assert_eq!(watching.of(pendle), 0);
    }
}
