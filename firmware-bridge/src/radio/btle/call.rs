//! A call to the Bluetooth library with a time limit of its own.

use std::time::Duration;

/// Why a call did not do what was wanted.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("{0} took longer than {1:?}")]
    TimedOut(&'static str, Duration),
    #[error("{0}: {1}")]
    Failed(&'static str, btleplug::Error),
    #[error("the link was lost during {0}")]
    Lost(&'static str),
    #[error("stopped during {0}")]
    Stopped(&'static str),
}

/// Waits for a call, but not for ever.
pub(super) async fn within<T>(
    limit: Duration,
    what: &'static str,
    call: impl Future<Output = btleplug::Result<T>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(limit, call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(Trouble::Failed(what, error)),
        Err(_) => Err(Trouble::TimedOut(what, limit)),
    }
}
