//! One body, two databases.

use std::time::Duration;

/// A statement is answered within this time, or its connection is given up. PostgreSQL has limits of its own, but a
/// server that is gone without a word keeps none of them.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Waits for the database, but not for ever.
pub(crate) async fn in_time<T>(
    statement: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let answer = tokio::time::timeout(ANSWER_WITHIN, statement).await;
    answer.unwrap_or_else(|_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())))
}

/// A transaction on either database.
pub(crate) enum Tx {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<(), crate::StoreError> {
        match self {
            Self::Sqlite(tx) => in_time(tx.commit()).await?,
            Self::Postgres(tx) => in_time(tx.commit()).await?,
        }
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<(), crate::StoreError> {
        match self {
            Self::Sqlite(tx) => in_time(tx.rollback()).await?,
            Self::Postgres(tx) => in_time(tx.rollback()).await?,
        }
        Ok(())
    }
}

/// Runs the same body on a transaction's connection, whichever database it is.
macro_rules! in_tx {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::tx::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $crate::tx::in_time(async { $body }).await
            }
            $crate::tx::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $crate::tx::in_time(async { $body }).await
            }
        }
    };
}

/// Runs the same body on a connection for reading.
macro_rules! reading {
    ($store:expr, $conn:ident => $body:expr) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { read, .. } => {
                let $conn = read;
                $crate::tx::in_time(async { $body }).await
            }
            $crate::store::Pools::Postgres { pool } => {
                let $conn = pool;
                $crate::tx::in_time(async { $body }).await
            }
        }
    };
}

/// Runs the same single statement on a connection that may write.
macro_rules! writing {
    ($store:expr, $conn:ident => $body:expr) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { write, .. } => {
                let $conn = write;
                $crate::tx::in_time(async { $body }).await
            }
            $crate::store::Pools::Postgres { pool } => {
                let $conn = pool;
                $crate::tx::in_time(async { $body }).await
            }
        }
    };
}
