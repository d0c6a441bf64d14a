//! Every SQL text is prepared on both databases, and both understand the same by it.

use sqlx::{Column, Either, Executor, SqlSafeStr, Statement};
use ward_store::STATEMENTS;
use ward_tests::database::Behind;
use ward_tests::{Kind, TestDatabase};

/// How a database understands a text.
#[derive(Debug, PartialEq, Eq)]
struct Understood {
    parameters: usize,
    columns: Vec<String>,
}

async fn prepare(behind: &mut Behind, text: &'static str) -> Result<Understood, sqlx::Error> {
    macro_rules! understood {
        ($conn:expr) => {{
            let statement = $conn.prepare(text.into_sql_str()).await?;
            Understood {
                parameters: match statement.parameters() {
                    Some(Either::Left(types)) => types.len(),
                    Some(Either::Right(count)) => count,
                    None => 0,
                },
                columns: statement
                    .columns()
                    .iter()
                    .map(|column| column.name().to_owned())
                    .collect(),
            }
        }};
    }
    Ok(match behind {
        Behind::Sqlite(conn) => understood!(conn),
        Behind::Postgres(conn) => understood!(conn),
    })
}

#[tokio::test]
async fn every_statement_means_the_same_on_both_databases() {
    let sqlite = TestDatabase::with_tables(Kind::Sqlite).await;
    let postgres = TestDatabase::with_tables(Kind::Postgres).await;
    let (mut one, mut other) = (sqlite.look_behind().await, postgres.look_behind().await);
    assert!(STATEMENTS.len() > 40, "the statements were not found");
    for (name, text) in STATEMENTS {
        let on_sqlite = prepare(&mut one, text).await;
        let on_postgres = prepare(&mut other, text).await;
        match (on_sqlite, on_postgres) {
            (Ok(one), Ok(other)) => assert!(
                one.parameters == other.parameters
                    && (one.columns == other.columns || has_unnamed_columns(&other)),
                "{name}: SQLite reads {one:?}, PostgreSQL {other:?}"
            ),
            (one, other) => panic!("{name}: SQLite says {one:?}, PostgreSQL {other:?}"),
        }
    }
}

/// `select 1` and `select count(*)`: each database has a name of its own for such a column, and the code reads it by its
/// place.
fn has_unnamed_columns(understood: &Understood) -> bool {
    matches!(understood.columns.as_slice(), [only] if only == "?column?" || only == "count")
}

#[tokio::test]
async fn a_planted_statement_that_only_one_database_reads_is_caught() {
    let sqlite = TestDatabase::with_tables(Kind::Sqlite).await;
    let postgres = TestDatabase::with_tables(Kind::Postgres).await;
    let planted = "select seq from ward_event where ward_id = $1 for update";
    assert!(
        prepare(&mut sqlite.look_behind().await, planted)
            .await
            .is_err()
    );
    assert!(
        prepare(&mut postgres.look_behind().await, planted)
            .await
            .is_ok()
    );
}
