//! Who may need whom within the house.

use super::house::House;

/// On which floor each package stands. An arrow points to a lower floor, in tests too.
const FLOORS: &[(&str, u8)] = &[
    ("ward-core", 0),
    ("ward-oximeter", 0),
    ("ward-text", 0),
    ("ward-wire", 1),
    ("ward-store", 1),
    ("ward-sim", 1),
    ("ward-chart", 1),
    ("ward-service", 2),
    ("ward-http", 3),
    ("ward-server", 4),
    ("firmware-bridge", 4),
    // Stand outside and look at all of it.
    ("ward-tests", 5),
    ("xtask", 5),
];

/// What the bridge knows nothing of: the treaty, `ward-wire`, is all that the two towers share.
const THE_SERVICES_TOWER: &[&str] = &[
    "ward-core",
    "ward-chart",
    "ward-store",
    "ward-service",
    "ward-http",
    "ward-server",
];

fn floor(package: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == package)
        .map(|(_, floor)| *floor)
}

fn arrows_that_do_not_point_down(house: &House) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in &house.packages {
        let Some(from) = floor(&package.name) else {
            wrong.push(format!("{} stands on no floor", package.name));
            continue;
        };
        for need in package.needs.iter().filter(|need| need.path.is_some()) {
            match floor(&need.name) {
                Some(to) if to < from => {}
                _ => wrong.push(format!("{} -> {}", package.name, need.name)),
            }
        }
    }
    wrong
}

fn arrows_between_the_towers(house: &House) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in &house.packages {
        for need in &package.needs {
            let to_the_service = package.name == "firmware-bridge"
                && THE_SERVICES_TOWER.contains(&need.name.as_str());
            let to_the_bridge = package.name != "ward-tests" && need.name == "firmware-bridge";
            if to_the_service || to_the_bridge {
                wrong.push(format!("{} -> {}", package.name, need.name));
            }
        }
    }
    wrong
}

#[test]
fn arrows_point_down_only() {
    assert_eq!(
        arrows_that_do_not_point_down(&House::as_built()),
        [""; 0],
        "an arrow must point to a lower floor"
    );
}

#[test]
fn there_is_no_arrow_between_the_towers() {
    assert_eq!(arrows_between_the_towers(&House::as_built()), [""; 0]);
}

#[test]
fn planted_arrows_up_across_and_between_the_towers_are_caught() {
    let house = House::as_built();
    for (from, to, kind) in [
        ("ward-core", "ward-store", None),
        ("ward-store", "ward-wire", None),
        ("ward-service", "ward-http", Some("dev")),
        ("ward-wire", "ward-server", Some("build")),
    ] {
        let planted = house.clone().with(from, to, kind);
        assert_eq!(
            arrows_that_do_not_point_down(&planted),
            [format!("{from} -> {to}")]
        );
    }
    for (from, to) in [
        ("firmware-bridge", "ward-core"),
        ("ward-server", "firmware-bridge"),
    ] {
        let planted = house.clone().with(from, to, Some("dev"));
        assert_eq!(
            arrows_between_the_towers(&planted),
            [format!("{from} -> {to}")]
        );
    }
}

#[test]
fn a_package_that_stands_on_no_floor_is_caught() {
    let mut house = House::as_built();
    for package in &mut house.packages {
        package.name = package.name.replace("ward-sim", "ward-dream");
    }
    let wrong = arrows_that_do_not_point_down(&house);
    assert!(wrong.contains(&"ward-dream stands on no floor".to_owned()));
}
