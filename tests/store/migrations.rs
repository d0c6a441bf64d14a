//! Migrations come in pairs: the same number and the same name for both databases.

use std::fs;
use std::path::Path;

fn files(database: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../migrations")
        .join(database);
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What is wrong with two lists of migrations, in words.
fn faults(sqlite: &[String], postgres: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    for (here, there, database) in [
        (sqlite, postgres, "PostgreSQL"),
        (postgres, sqlite, "SQLite"),
    ] {
        for name in here.iter().filter(|name| !there.contains(name)) {
            faults.push(format!("{name} is missing for {database}"));
        }
    }
    for (place, name) in sqlite.iter().enumerate() {
        let expected = format!("{:04}_", place + 1);
        if !name.starts_with(&expected) || !name.ends_with(".sql") {
            faults.push(format!("{name} should be {expected}….sql"));
        }
    }
    faults
}

#[test]
fn migrations_come_in_pairs_and_are_numbered_without_a_gap() {
    let (sqlite, postgres) = (files("sqlite"), files("postgres"));
    assert!(!sqlite.is_empty());
    assert_eq!(faults(&sqlite, &postgres), [""; 0]);
}

#[test]
fn planted_lone_misnamed_and_missing_migrations_are_caught() {
    let names = |list: &[&str]| -> Vec<String> { list.iter().map(ToString::to_string).collect() };
    let good = names(&["0001_a.sql", "0002_b.sql"]);
    assert_eq!(faults(&good, &good), [""; 0]);
    assert_eq!(
        faults(&good, &names(&["0001_a.sql"])),
        ["0002_b.sql is missing for PostgreSQL"]
    );
    assert_eq!(
        faults(&good, &names(&["0001_a.sql", "0002_c.sql"])).len(),
        2
    );
    let gap = names(&["0001_a.sql", "0003_b.sql"]);
    assert_eq!(faults(&gap, &gap), ["0003_b.sql should be 0002_….sql"]);
}
