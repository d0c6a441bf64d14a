//! A ward of invented people, for the demo and for the browser tests. The last line on standard output is JSON.

mod at_home;
mod crowd;
mod days_before;
mod waiting;

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use clap::Args;
use serde_json::json;
use ward_core::care::CarePlan;
use ward_core::clinician::Role;
use ward_core::day::StaffedHours;
use ward_core::device::DeviceAddress;
use ward_core::patient::NhsNumber;
use ward_core::plan::MonitoringPlan;
use ward_server::{Config, open};
use ward_service::{Admission, Clock, NewWard, Referral, Wards};

#[derive(Args)]
pub struct Options {
    /// Where the service will listen: loopback only
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// postgres://… instead of an embedded database beside the configuration
    #[arg(long)]
    database: Option<String>,
    /// So many days lie behind the ward, with people who have no bridge: calls, diaries, silence
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=14))]
    days_before: u32,
    /// So many more people with an oximeter: a full ward
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=crowd::AT_MOST as i64))]
    crowd: u16,
    /// Where the ward is: in another zone it is another hour, and a ward by day is not one by night
    #[arg(long, default_value = "Europe/London")]
    time_zone: String,
}

/// Known to everybody, so good for a demo on one's own machine and for nothing else.
const PASSWORD: &str = "pennine-demo-ward";

/// Family name, given name, day of birth, what their days are like, the oximeter's family, what stands in the record.
struct Person<'a> {
    family: &'a str,
    given: &'a str,
    born: &'a str,
    scenario: &'a str,
    kind: &'a str,
    address: &'a str,
    door: &'a str,
    others: &'a str,
    oxygen: &'a str,
    wishes: &'a str,
    target_88_92: bool,
}

const fn person<'a>(
    family: &'a str,
    given: &'a str,
    born: &'a str,
    scenario: &'a str,
    kind: &'a str,
) -> Person<'a> {
    Person {
        family,
        given,
        born,
        scenario,
        kind,
        address: "",
        door: "Front door, opens it herself or himself",
        others: "Lives alone",
        oxygen: "None",
        wishes: "For hospital if needed",
        target_88_92: false,
    }
}

const PEOPLE: [Person<'static>; 12] = [
    Person {
        address: "14 Weavers Row, Nelson",
        others: "Daughter Amina, most evenings",
        wishes: "For hospital; wants her daughter rung first",
        ..person("Hussain", "Zahra", "1947-02-11", "sudden_fall", "plx")
    },
    Person {
        address: "The Hawthorns, room 12, Rawtenstall",
        door: "Ring at reception",
        others: "Care home staff, day and night",
        ..person("Holt", "Marjorie", "1934-11-25", "recovering", "plx")
    },
    Person {
        address: "3 Canal Cottages, Burnley",
        door: "Key safe by the side gate, code with the ward",
        ..person("Whittaker", "George", "1939-08-30", "slow_fall", "plx")
    },
    Person {
        address: "Flat 6, Millgate Court, Colne",
        oxygen: "Concentrator 1 l/min, nasal cannula",
        wishes: "Not for ventilation; see the plan of 3 October",
        target_88_92: true,
        ..person("Ashworth", "Brian", "1951-05-19", "copd_88_92", "pc60")
    },
    Person {
        address: "88 Leeds Road, Brierfield",
        others: "Wife Jean, unsteady on her feet",
        ..person("Pickles", "Harold", "1944-12-03", "finger_out", "pc60")
    },
    Person {
        address: "21 Pendle View, Barnoldswick",
        ..person("Nowak", "Elżbieta", "1956-07-22", "poor_signal", "plx")
    },
    Person {
        address: "5 Chapel Fold, Padiham",
        others: "Sister Ruth",
        ..person("Greenhalgh", "Ada", "1942-01-17", "stops_measuring", "pc60")
    },
    Person {
        address: "40 Manchester Road, Accrington",
        ..person("Iqbal", "Tariq", "1961-09-09", "tachycardic", "plx")
    },
    Person {
        address: "9 Spring Bank, Great Harwood",
        ..person("Sutcliffe", "Peter", "1959-03-14", "stable", "plx")
    },
    Person {
        address: "62 Queen Street, Clitheroe",
        ..person("Begum", "Shazia", "1964-06-02", "stable", "pc60")
    },
    Person {
        address: "17 Bright Street, Darwen",
        ..person("Entwistle", "Jack", "1949-10-28", "stable", "plx")
    },
    Person {
        address: "30 Railway Terrace, Todmorden",
        ..person("Crossley", "Edith", "1946-04-05", "stable", "pc60")
    },
];

/// Numbers of the crowd begin here, behind those of everybody else.
const CROWD_FROM: usize = 100;

/// Who signs in: username, name, role.
const STAFF: [(&str, &str, Role); 5] = [
    ("nurse.a", "Nurse Amy Barker", Role::Clinician),
    ("nurse.b", "Nurse Ben Carr", Role::Clinician),
    ("wall", "Wall screen", Role::WallBoard),
    ("senior.s", "Sister Sana Malik", Role::SeniorClinician),
    ("caller.c", "Carol Yates", Role::CallHandler),
];

pub async fn run(file: &Path, options: &Options) -> anyhow::Result<()> {
    anyhow::ensure!(
        options.listen.ip().is_loopback(),
        "the demo listens on this machine only: use an address of 127.0.0.1"
    );
    anyhow::ensure!(
        !file.exists(),
        "{} is there already: the demo makes a new one",
        file.display()
    );
    std::fs::write(file, configuration(options))
        .with_context(|| format!("{} cannot be written", file.display()))?;
    let config = Config::load(file)?;
    let behind = std::time::Duration::from_secs(u64::from(options.days_before) * 24 * 3600);
    let past = Clock::moved(Clock::system().now().minus(behind));
    let wards = open(&config, past.clone(), true).await?;
    let ward = wards
        .open_ward(NewWard {
            code: "PEN".to_owned(),
            name: "Pennine virtual ward".to_owned(),
            phone: "01632 960 100".to_owned(),
            time_zone: options.time_zone.clone(),
            default_plan: short(MonitoringPlan::scale_one()),
            staffed: StaffedHours::default(),
            default_care: CarePlan::default(),
        })
        .await?;
    let mut users = Vec::new();
    for (username, name, role) in STAFF {
        wards.add_clinician(username, name, PASSWORD).await?;
        wards.join_ward(username, ward.id, role).await?;
        users.push(json!({ "name": username, "password": PASSWORD, "role": role.as_str() }));
    }
    if options.days_before > 0 {
        let number = |index| test_number(PEOPLE.len() + index);
        days_before::live_through(&wards, &past, &ward, options.days_before, number).await?;
    }
    wards.store().close().await;
    let wards = open(&config, Clock::system(), true).await?;
    let bridge = wards.add_bridge(ward.id, "Demo bridge").await?;
    let mut devices = Vec::new();
    let mut admitted = Vec::new();
    for (index, person) in PEOPLE.iter().enumerate() {
        let (address, admission) = admit(&wards, &ward, bridge.bridge, index, person).await?;
        admitted.push((person.family, admission));
        devices.push(device(&address, person));
    }
    for number in 0..usize::from(options.crowd) {
        let (family, given) = crowd::name(number).context("no name is left")?;
        let person = Person {
            address: "1 Full Street, Nelson",
            ..person(&family, given, "1950-01-01", "stable", "plx")
        };
        let index = CROWD_FROM + number;
        let (address, _) = admit(&wards, &ward, bridge.bridge, index, &person).await?;
        devices.push(device(&address, &person));
    }
    if options.days_before > 0 {
        let number = |index| test_number(PEOPLE.len() + days_before::COUNT + index);
        waiting::put(&wards, &ward, number).await?;
    }
    let patients = at_home::let_in(&wards, &ward, &admitted).await?;
    wards.store().close().await;
    let seed = json!({
        "address": format!("http://{}", options.listen),
        "users": users,
        "bridges": [{ "bridge": bridge.bridge, "enrolment_code": bridge.code.reveal(), "devices": devices }],
        "patients": patients,
        "ward": ward.id,
        "time_zone": ward.time_zone,
        "look_for": look_for(options),
    });
    println!("{seed}");
    Ok(())
}

/// An oximeter to simulate, and who wears it.
fn device(address: &DeviceAddress, person: &Person<'_>) -> serde_json::Value {
    json!({
        "address": address.as_str(),
        "scenario": person.scenario,
        "kind": person.kind,
        "wearer": format!("{}, {}", person.family.to_uppercase(), person.given),
    })
}

/// What to look for, where the demo's own words do not say enough.
fn look_for(options: &Options) -> Vec<String> {
    if options.days_before == 0 {
        return Vec::new();
    }
    let lines = [
        "Sign in, open the ward's board and press \"Start shift\": you hear what a red sounds like, and say that you did.".to_owned(),
        "Within about 30 s one patient's oxygen has fallen far enough for a red alert. Acknowledge it.".to_owned(),
        "Others fall slowly, lose their finger, have a poor signal, live on 88-92 %, or stop measuring.".to_owned(),
        format!("Five people without a bridge have {} days behind them: one does not answer, one keeps a diary and is low,", options.days_before),
        "one has fallen silent, one is in hospital, one went home. As caller.c, open the call list and ring whoever is first.".to_owned(),
        "At home: open /home on a phone or in another browser, with one of the codes and the date of birth.".to_owned(),
    ];
    lines.to_vec()
}

fn configuration(options: &Options) -> String {
    let database = options.database.as_deref().unwrap_or("sqlite:ward.db");
    format!(
        "# Made by the demo. Plain http, on this machine only; invented patients.\n\
         listen = \"{}\"\n\n[organisation]\nods_code = \"DEMO\"\nname = \"Wardlight demo\"\n\n\
         [database]\nurl = {database:?}\n\n[http]\nsecure = false\n",
        options.listen
    )
}

/// Nobody who watches a demo waits five minutes for a recheck that does not come.
const fn short(mut plan: MonitoringPlan) -> MonitoringPlan {
    plan.recheck_red_seconds = 60;
    plan.recheck_amber_seconds = 180;
    plan
}

async fn admit(
    wards: &Wards,
    ward: &ward_core::ward::Ward,
    bridge: ward_core::id::BridgeId,
    index: usize,
    person: &Person<'_>,
) -> anyhow::Result<(DeviceAddress, Admission)> {
    let plan = person
        .target_88_92
        .then(|| short(MonitoringPlan::target_88_to_92()));
    let admission = wards
        .admit(
            ward.id,
            Referral {
                nhs_number: test_number(index).context("no test number is left")?,
                family_name: person.family.to_owned(),
                given_name: person.given.to_owned(),
                birth_date: person.born.parse()?,
                // Numbers that Ofcom keeps free for drama.
                phone: format!("01632 960 {:03}", 200 + index),
                address: person.address.to_owned(),
                door_access: person.door.to_owned(),
                others_at_home: person.others.to_owned(),
                oxygen_at_home: person.oxygen.to_owned(),
                escalation_plan: person.wishes.to_owned(),
                plan,
            },
        )
        .await?;
    let address: DeviceAddress = format!(
        "00:1C:05:00:{:02X}:{:02X}",
        (index + 1) / 256,
        (index + 1) % 256
    )
    .parse()?;
    let model = if person.kind == "plx" {
        "Simulated oximeter, Pulse Oximeter Service"
    } else {
        "Simulated oximeter, PC-60"
    };
    wards.add_device(address.clone(), model).await?;
    wards
        .assign_device(&address, admission.stay, bridge, wards.clock().now())
        .await?;
    Ok((address, admission))
}

/// The NHS's own range of test numbers: 999 000 000x and on, those whose check digit fits.
fn test_number(index: usize) -> Option<NhsNumber> {
    (999_000_000_u64..999_001_000)
        .flat_map(|body| (0..10).map(move |check| format!("{body}{check}")))
        .filter_map(|text| text.parse().ok())
        .nth(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_in_the_demo_has_a_test_number_of_their_own() {
        let everybody = PEOPLE.len() + days_before::COUNT + waiting::COUNT;
        let numbers: std::collections::BTreeSet<NhsNumber> =
            (0..everybody).filter_map(test_number).collect();
        assert_eq!(numbers.len(), everybody);
        assert!(
            numbers
                .iter()
                .all(|number| number.digits().starts_with("999"))
        );
    }
}
