//! One body, two databases.

/// A transaction on either database.
pub(crate) enum Tx {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<(), crate::StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
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
                $body
            }
            $crate::tx::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
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
                $body
            }
            $crate::store::Pools::Postgres { pool } => {
                let $conn = pool;
                $body
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
                $body
            }
            $crate::store::Pools::Postgres { pool } => {
                let $conn = pool;
                $body
            }
        }
    };
}
