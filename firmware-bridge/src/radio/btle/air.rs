//! Turns on the air: some controllers cannot scan and connect at once, and none connects two devices at once well.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use btleplug::api::{Central, ScanFilter};
use btleplug::platform::Adapter;
use tokio::sync::{Mutex, MutexGuard};

use super::call::within;

const SCAN_LIMIT: Duration = Duration::from_secs(5);

/// Scans whenever an enrolled oximeter is not connected and nobody is just connecting.
pub(super) struct Air {
    adapter: Adapter,
    /// Whether a scan runs, as far as is known. Held for as long as somebody connects.
    scanning: Mutex<bool>,
    enrolled: AtomicUsize,
    connected: AtomicUsize,
    /// The scan may have ended without a word.
    doubtful: AtomicBool,
    /// Failures in a row that were the adapter's, not an oximeter's.
    failures: AtomicUsize,
}

impl Air {
    pub(super) fn new(adapter: Adapter) -> Self {
        Self {
            adapter,
            scanning: Mutex::new(false),
            enrolled: AtomicUsize::new(0),
            connected: AtomicUsize::new(0),
            doubtful: AtomicBool::new(false),
            failures: AtomicUsize::new(0),
        }
    }

    /// The adapter works.
    pub(super) fn worked(&self) {
        self.failures.store(0, Ordering::Relaxed);
    }

    /// The adapter, or the service behind it, has failed.
    pub(super) fn failed(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// It was switched off and on: counted anew, without the knowledge that it works.
    pub(super) fn begin_again(&self) {
        self.failures.store(1, Ordering::Relaxed);
    }

    /// Whether there is an oximeter to look for.
    pub(super) fn is_looking(&self) -> bool {
        self.enrolled.load(Ordering::Relaxed) > self.connected.load(Ordering::Relaxed)
    }

    /// How often in a row it has failed.
    pub(super) fn failures(&self) -> usize {
        self.failures.load(Ordering::Relaxed)
    }

    /// So many oximeters are enrolled now. Never waits for somebody who connects: the listener must go on listening.
    pub(super) async fn wanted(&self, enrolled: usize) {
        self.enrolled.store(enrolled, Ordering::Relaxed);
        if let Ok(mut scanning) = self.scanning.try_lock() {
            self.tune(&mut scanning).await;
        }
    }

    /// The scan may have ended: Bluetooth was off, or it did so without a word, as happens now and then. Starts it
    /// again, as soon as nobody connects; a scan that still runs does not mind.
    pub(super) async fn look_again(&self) {
        self.doubtful.store(true, Ordering::Relaxed);
        if let Ok(mut scanning) = self.scanning.try_lock() {
            self.tune(&mut scanning).await;
        }
    }

    /// Waits until nobody else connects.
    pub(super) async fn turn(&self) -> Turn<'_> {
        Turn {
            air: self,
            scanning: self.scanning.lock().await,
        }
    }

    /// A link has ended.
    pub(super) async fn one_less(&self) {
        self.connected.fetch_sub(1, Ordering::Relaxed);
        self.tune(&mut *self.scanning.lock().await).await;
    }

    async fn tune(&self, scanning: &mut bool) {
        let wanted = self.is_looking();
        if wanted && self.doubtful.swap(false, Ordering::Relaxed) {
            *scanning = false;
        }
        match (*scanning, wanted) {
            (false, true) => {
                // No filter by service: many oximeters do not advertise theirs.
                match within(
                    SCAN_LIMIT,
                    "scan",
                    self.adapter.start_scan(ScanFilter::default()),
                )
                .await
                {
                    Ok(()) => {
                        self.worked();
                        *scanning = true;
                    }
                    Err(trouble) if trouble.to_string().contains("already in progress") => {
                        *scanning = true;
                    }
                    Err(trouble) => {
                        self.failed();
                        tracing::error!(%trouble, "the scan cannot start: is Bluetooth switched off? See `rfkill list`");
                    }
                }
            }
            (true, false) => self.quiet(scanning).await,
            (true, true) | (false, false) => {}
        }
    }

    async fn quiet(&self, scanning: &mut bool) {
        if *scanning
            && let Err(trouble) = within(SCAN_LIMIT, "stop scan", self.adapter.stop_scan()).await
        {
            tracing::debug!(%trouble, "the scan does not stop");
        }
        *scanning = false;
    }
}

/// This one may connect now.
pub(super) struct Turn<'a> {
    air: &'a Air,
    scanning: MutexGuard<'a, bool>,
}

impl Turn<'_> {
    /// Ends the scan, before a connect.
    pub(super) async fn quiet(&mut self) {
        self.air.quiet(&mut self.scanning).await;
    }

    /// The turn is over; scans again if there is still somebody to look for.
    pub(super) async fn over(mut self, connected: bool) {
        if connected {
            self.air.connected.fetch_add(1, Ordering::Relaxed);
        }
        self.air.tune(&mut self.scanning).await;
    }
}
