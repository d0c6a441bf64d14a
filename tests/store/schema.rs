//! Both databases have the same tables: columns, what may be empty, keys, references and indexes.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row;
use ward_tests::database::Behind;
use ward_tests::{Kind, TestDatabase};

/// The tables of a database, by name.
type Schema = BTreeMap<String, Table>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Table {
    /// By name: what it holds, and whether it may be empty.
    columns: BTreeMap<String, (&'static str, bool)>,
    primary_key: Vec<String>,
    indexes: BTreeSet<Index>,
    /// To which table, by which columns.
    references: BTreeSet<(String, Vec<String>)>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Index {
    columns: Vec<String>,
    unique: bool,
    only_where: String,
}

/// What a column holds, whatever each database calls it.
fn family(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "text" => "text",
        "uuid" | "bytea" | "blob" => "bytes",
        "bigint" | "integer" | "boolean" => "number",
        other => panic!("{other} is no type that both databases have"),
    }
}

fn condition(text: &str) -> String {
    text.to_ascii_lowercase()
        .replace(['(', ')'], "")
        .replace("::text", "")
        .trim()
        .to_owned()
}

fn words(list: &str) -> Vec<String> {
    list.split(',').map(str::to_owned).collect()
}

async fn read(behind: &mut Behind) -> Schema {
    match behind {
        Behind::Sqlite(conn) => of_sqlite(conn).await,
        Behind::Postgres(conn) => of_postgres(conn).await,
    }
}

async fn of_sqlite(conn: &mut sqlx::SqliteConnection) -> Schema {
    let mut schema = Schema::new();
    let columns = "select t.name, c.name, c.type, c.\"notnull\", c.pk from sqlite_master t, pragma_table_info(t.name) c
        where t.type = 'table' and t.name not like 'sqlite_%' and t.name <> '_sqlx_migrations' order by t.name, c.pk";
    for row in sqlx::query(columns).fetch_all(&mut *conn).await.unwrap() {
        let (name, key): (String, i64) = (row.get(1), row.get(4));
        let table = schema.entry(row.get(0)).or_default();
        let nullable = row.get::<i64, _>(3) == 0;
        table
            .columns
            .insert(name.clone(), (family(row.get(2)), nullable));
        if key > 0 {
            table.primary_key.push(name);
        }
    }
    let indexes = "select t.name, i.\"unique\", coalesce(m.sql, ''),
            (select group_concat(name, ',') from (select name from pragma_index_info(i.name) order by seqno))
        from sqlite_master t, pragma_index_list(t.name) i left join sqlite_master m on m.name = i.name
        where t.type = 'table' and i.origin <> 'pk' and t.name <> '_sqlx_migrations'";
    for row in sqlx::query(indexes).fetch_all(&mut *conn).await.unwrap() {
        let text: String = row.get(2);
        let only_where = text.split_once(" where ").map_or("", |(_, it)| it);
        let index = Index {
            columns: words(row.get(3)),
            unique: row.get::<i64, _>(1) == 1,
            only_where: condition(only_where),
        };
        schema.entry(row.get(0)).or_default().indexes.insert(index);
    }
    let references = "select t.name, f.\"table\", group_concat(f.\"from\", ',')
        from sqlite_master t, pragma_foreign_key_list(t.name) f where t.type = 'table' group by t.name, f.id, f.\"table\"";
    for row in sqlx::query(references).fetch_all(&mut *conn).await.unwrap() {
        let table = schema.entry(row.get(0)).or_default();
        table.references.insert((row.get(1), words(row.get(2))));
    }
    schema
}

async fn of_postgres(conn: &mut sqlx::PgConnection) -> Schema {
    let mut schema = Schema::new();
    let columns = "select table_name::text, column_name::text, data_type::text, is_nullable::text from information_schema.columns
        where table_schema = 'public' and table_name <> '_sqlx_migrations'";
    for row in sqlx::query(columns).fetch_all(&mut *conn).await.unwrap() {
        let table = schema.entry(row.get(0)).or_default();
        let nullable = row.get::<String, _>(3) == "YES";
        table
            .columns
            .insert(row.get(1), (family(row.get(2)), nullable));
    }
    let indexes = "select t.relname::text, i.indisprimary, i.indisunique, coalesce(pg_get_expr(i.indpred, i.indrelid), ''),
            (select string_agg(a.attname, ',' order by k.place) from unnest(i.indkey::int[]) with ordinality k(number, place)
                join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number)
        from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
        where n.nspname = 'public' and t.relname <> '_sqlx_migrations'";
    for row in sqlx::query(indexes).fetch_all(&mut *conn).await.unwrap() {
        let table = schema.entry(row.get(0)).or_default();
        let columns = words(row.get(4));
        if row.get(1) {
            table.primary_key = columns;
            continue;
        }
        table.indexes.insert(Index {
            columns,
            unique: row.get(2),
            only_where: condition(row.get(3)),
        });
    }
    let references = "select t.relname::text, r.relname::text,
            (select string_agg(a.attname, ',' order by k.place) from unnest(c.conkey) with ordinality k(number, place)
                join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number)
        from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class r on r.oid = c.confrelid where c.contype = 'f'";
    for row in sqlx::query(references).fetch_all(&mut *conn).await.unwrap() {
        let table = schema.entry(row.get(0)).or_default();
        table.references.insert((row.get(1), words(row.get(2))));
    }
    schema
}

/// Tables that differ, in words.
fn differences(sqlite: &Schema, postgres: &Schema) -> Vec<String> {
    let names: BTreeSet<&String> = sqlite.keys().chain(postgres.keys()).collect();
    names
        .into_iter()
        .filter(|name| sqlite.get(*name) != postgres.get(*name))
        .map(|name| {
            format!(
                "{name}: SQLite has {:?}, PostgreSQL {:?}",
                sqlite.get(name),
                postgres.get(name)
            )
        })
        .collect()
}

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let sqlite = TestDatabase::with_tables(Kind::Sqlite).await;
    let postgres = TestDatabase::with_tables(Kind::Postgres).await;
    let one = read(&mut sqlite.look_behind().await).await;
    let other = read(&mut postgres.look_behind().await).await;
    assert!(one.len() > 10, "the tables were not found: {one:?}");
    assert_eq!(differences(&one, &other), [""; 0]);
    for (name, table) in one {
        let first = table.primary_key.first().map(String::as_str);
        assert_eq!(first, Some("organisation_id"), "{name}");
    }
}

#[tokio::test]
async fn each_planted_difference_between_the_tables_is_caught() {
    let postgres = TestDatabase::with_tables(Kind::Postgres).await;
    let other = read(&mut postgres.look_behind().await).await;
    for planted in [
        "alter table ward add column motto text",
        "drop index reading_by_stay",
        "drop index alert_one_open_per_problem",
        "create index by_name on patient (family_name)",
        "create table extra (organisation_id blob primary key)",
    ] {
        let sqlite = TestDatabase::with_tables(Kind::Sqlite).await;
        let mut behind = sqlite.look_behind().await;
        behind.execute(planted).await.unwrap();
        let one = read(&mut behind).await;
        assert_eq!(differences(&one, &other).len(), 1, "{planted}");
    }
    for planted in [
        "alter table bridge alter column name drop not null",
        "alter table stay drop constraint stay_organisation_id_patient_id_fkey",
        "drop index alert_one_open_per_problem; create index alert_one_open_per_problem
            on alert (organisation_id, ward_id, subject, problem) where is_open",
        "drop index stay_one_open_per_patient; create unique index stay_one_open_per_patient on stay (organisation_id, patient_id)",
    ] {
        let changed = TestDatabase::with_tables(Kind::Postgres).await;
        let mut behind = changed.look_behind().await;
        for statement in planted.split(';') {
            behind.execute(statement).await.unwrap();
        }
        let changed = read(&mut behind).await;
        assert_eq!(differences(&other, &changed).len(), 1, "{planted}");
    }
}
