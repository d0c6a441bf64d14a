//! One story, told on both databases.

use std::future::Future;

use crate::database::Kind;

/// What a story plays in, on either database.
pub trait Setting: Sized {
    /// Sets it up.
    fn on(kind: Kind) -> impl Future<Output = Self>;
}

/// Tells a story on one database.
pub async fn tell<S: Setting, F: Future<Output = ()>>(kind: Kind, story: impl FnOnce(S) -> F) {
    story(S::on(kind).await).await;
}

/// Makes two tests of each story, `name::on_sqlite` and `name::on_postgres`.
#[macro_export]
macro_rules! on_both_databases {
    ($($story:ident),* $(,)?) => { $(
        mod $story {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                $crate::story::tell($crate::Kind::Sqlite, super::$story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                $crate::story::tell($crate::Kind::Postgres, super::$story).await;
            }
        }
    )* };
}
