//! What the bridge tells systemd, where there is one: ready, alive, stopping.

use std::time::Duration;

use sd_notify::NotifyState;

/// The bridge works.
pub(super) fn ready(status: &str) {
    notify(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// The bridge is about to end.
pub(super) fn stopping() {
    notify(&[NotifyState::Stopping]);
}

/// The bridge's loop still turns.
pub(super) fn alive() {
    notify(&[NotifyState::Watchdog]);
}

/// How often to say that it is alive; an hour where nobody asks.
pub(super) fn alive_every() -> Duration {
    sd_notify::watchdog_enabled().map_or(Duration::from_secs(3600), |limit| limit / 3)
}

fn notify(state: &[NotifyState<'_>]) {
    if let Err(why) = sd_notify::notify(state) {
        tracing::warn!(%why, "the supervisor cannot be told");
    }
}
