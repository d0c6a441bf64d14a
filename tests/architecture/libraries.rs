//! Each outside library that decides something has its one place.

use super::house::{House, root};

struct Place {
    /// The library, or all whose names begin so when it ends in `*`.
    library: &'static str,
    who_may: &'static [&'static str],
    who_may_in_tests: &'static [&'static str],
}

/// Who may name a library in its own dependencies.
const PLACES: &[Place] = &[
    Place {
        library: "btleplug",
        who_may: &["firmware-bridge"],
        who_may_in_tests: &[],
    },
    Place {
        library: "sqlx*",
        // One place of SQL in each tower. The tests look behind both.
        who_may: &["ward-store", "firmware-bridge", "ward-tests"],
        who_may_in_tests: &[],
    },
    Place {
        library: "axum*",
        who_may: &["ward-http", "ward-server"],
        // A service that answers as badly as the test wants.
        who_may_in_tests: &["firmware-bridge"],
    },
    Place {
        library: "lettre",
        who_may: &["ward-server"],
        who_may_in_tests: &[],
    },
    Place {
        library: "pdf-writer",
        who_may: &["ward-server"],
        who_may_in_tests: &[],
    },
];

/// What the rules and the decoders are never linked with.
const NOT_ON_THE_GROUND_FLOOR: &[&str] = &["tokio", "sqlx-core", "hyper", "reqwest", "btleplug"];
const GROUND_FLOOR: &[&str] = &["ward-core", "ward-oximeter"];

const PACKAGES_AT_MOST: usize = 450;

impl Place {
    fn is_of(&self, library: &str) -> bool {
        match self.library.strip_suffix('*') {
            Some(start) => library.starts_with(start),
            None => library == self.library,
        }
    }
}

fn libraries_out_of_place(house: &House) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in &house.packages {
        for need in &package.needs {
            let name = package.name.as_str();
            let misplaced = PLACES.iter().any(|place| {
                let allowed = place.who_may.contains(&name)
                    || need.is_only_for_tests() && place.who_may_in_tests.contains(&name);
                place.is_of(&need.name) && !allowed
            });
            if misplaced {
                wrong.push(format!("{name} -> {}", need.name));
            }
        }
    }
    wrong
}

fn what_the_ground_floor_must_not_have(house: &House) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in GROUND_FLOOR {
        let linked = house.linked.get(*package).unwrap();
        for library in NOT_ON_THE_GROUND_FLOOR {
            if linked.contains(*library) {
                wrong.push(format!("{package} -> {library}"));
            }
        }
    }
    wrong
}

fn packages_in(lock_file: &str) -> usize {
    lock_file
        .lines()
        .filter(|line| *line == "[[package]]")
        .count()
}

#[test]
fn bluetooth_sql_and_the_router_each_have_their_one_place() {
    assert_eq!(libraries_out_of_place(&House::as_built()), [""; 0]);
}

#[test]
fn a_planted_library_out_of_its_place_is_caught() {
    for (package, library, kind) in [
        ("ward-server", "btleplug", None),
        ("ward-service", "sqlx", Some("dev")),
        ("ward-http", "sqlx-postgres", None),
        ("ward-service", "axum", None),
        ("firmware-bridge", "axum", None),
    ] {
        let planted = House::as_built().with(package, library, kind);
        assert_eq!(
            libraries_out_of_place(&planted),
            [format!("{package} -> {library}")]
        );
    }
}

#[test]
fn the_rules_and_the_decoders_are_linked_with_no_runtime_no_network_and_no_database() {
    assert_eq!(
        what_the_ground_floor_must_not_have(&House::as_built()),
        [""; 0]
    );
}

#[test]
fn a_planted_runtime_under_the_rules_is_caught() {
    let planted = House::as_built().with("ward-core", "tokio", None);
    assert_eq!(
        what_the_ground_floor_must_not_have(&planted),
        ["ward-core -> tokio"]
    );
    // The walk through what libraries need in their turn does reach the bottom.
    assert!(
        House::as_built()
            .linked
            .get("ward-server")
            .unwrap()
            .contains("sqlx-core")
    );
}

#[test]
fn there_are_fewer_than_450_packages_in_the_lock_file() {
    let lock_file = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let count = packages_in(&lock_file);
    assert!(
        (1..PACKAGES_AT_MOST).contains(&count),
        "{count} packages: each is worth an argument"
    );
    assert_eq!(packages_in("[[package]]\nname = \"a\"\n\n[[package]]\n"), 2);
}
