//! What the verbs have in common when they fail.

use ward_store::StoreError;

/// The store did not do it: nothing was written, and trying again may help.
#[derive(Debug, thiserror::Error)]
#[error("the service cannot reach its records: {0}")]
pub struct Unavailable(#[source] pub StoreError);

impl From<StoreError> for Unavailable {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "store");
        Self(error)
    }
}

/// Not for this person, or not there: which of the two is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such ward, or not theirs.
    #[error("there is no such ward among yours")]
    NoSuchWard,
    /// Theirs, but the role does not reach so far.
    #[error(transparent)]
    Forbidden(#[from] ward_core::permit::Forbidden),
}

/// Runs a transaction to its end even when whoever asked for it goes away.
pub(crate) async fn to_the_end<T, E>(
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(failed) => {
            Err(StoreError::Unavailable(format!("a transaction was broken off: {failed}")).into())
        }
    }
}

/// Notes that somebody was heard of. It is nice to know and nothing depends on it: nobody waits for it, and nothing fails
/// with it.
pub(crate) fn only_noted(
    who: &'static str,
    note: impl Future<Output = Result<(), StoreError>> + Send + 'static,
) {
    tokio::spawn(async move {
        if let Err(error) = note.await {
            tracing::warn!(who, %error, "when somebody was last heard of could not be noted");
        }
    });
}
