use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::date;
use serde_json::json;
use ward_core::alert::Problem;
use ward_core::clinician::Role;
use ward_core::event::About;
use ward_core::id::StayId;
use ward_core::report::{By, Report};
use ward_core::time::{Timestamp, minutes};
use ward_service::{AuditAsked, AuditMark, AuditWhat};
use ward_tests::calls::{no_answer, reached};
use ward_tests::pathway::{discharge_home, person, referral_of};
use ward_tests::silence::asks_at;
use ward_tests::{Bridge, Nurse, TestWard, on_both_databases, spo2};
use ward_wire::pathway::StayView;
use ward_wire::referral::ReferralView;
use ward_wire::report::ReportView;

on_both_databases!(
    every_figure_of_a_week_is_what_a_person_counts,
    files_say_the_same_without_names_and_small_groups,
    a_day_of_twenty_three_hours_is_counted_as_it_was,
    a_report_is_for_those_whose_ward_it_is,
    a_report_looks_back_and_not_too_far,
);

/// The clock is moved on to a time, said in UTC, and what is due is seen to.
async fn it_becomes(ward: &TestWard, time: &str) {
    let at: jiff::Timestamp = time.parse().unwrap();
    let ahead = Timestamp::from(at).millis_since(ward.clock.now());
    let ahead = Duration::from_millis(u64::try_from(ahead).unwrap());
    ward.after(ahead).await;
}

/// The same, and Asha comes on shift: a session lasts no longer than one.
async fn a_shift_begins(ward: &TestWard, time: &str) -> Nurse {
    it_becomes(ward, time).await;
    Nurse::signs_in(ward, "asha").await
}

/// The people of the week.
struct Week {
    ada: StayId,
    bea: StayId,
    back: StayId,
}

/// From a Saturday in November to the Friday, in a month without a change of the clocks.
async fn a_week(ward: &TestWard) -> Week {
    let bridge = Bridge::enrolled_at(ward).await;
    let asha = Nurse::comes_on_shift(ward, "asha", "Asha Rao").await;
    ward.wards
        .set_capacity(
            &ward
                .permit(ward.clinician("sana", "Sana Malik").await)
                .await,
            Some(5),
        )
        .await
        .unwrap();
    let other = ward.open_ward("RIB").await;
    // Saturday, 08:00. Dot comes from a hospital ward; the others are taken on without a referral.
    let ada = ward.patient(&bridge).await;
    ward.asks(ada.stay, &asks_at(&[12])).await;
    let (bea, cyd) = (ward.admit().await, ward.admit().await);
    let dot = from_a_hospital_ward(&asha).await;
    // Noon: the reading that is asked for.
    it_becomes(ward, "2026-11-21T12:00:00Z").await;
    bridge.measures(&ada.oximeter, spo2(96.0)).await;
    // Sunday: Bea is reached, Cyd is not. At noon Ada is red for a while: shown and taken after three minutes, resolved after ten.
    let asha = a_shift_begins(ward, "2026-11-22T09:00:00Z").await;
    asha.logs(bea, &reached()).await;
    asha.logs(cyd, &no_answer()).await;
    it_becomes(ward, "2026-11-22T12:00:00Z").await;
    bridge.measures(&ada.oximeter, spo2(88.0)).await;
    let number = ward.the(Problem::Oxygen).await.unwrap().number.0;
    ward.after(minutes(3)).await;
    asha.takes(number, asha.board().await.as_of).await;
    ward.after(minutes(1)).await;
    bridge.measures(&ada.oximeter, spo2(96.0)).await;
    ward.after(minutes(6)).await;
    let resolved = asha.resolves(number, asha.board().await.as_of).await;
    assert!(resolved.status.is_success(), "{resolved}");
    // Monday: Bea goes home. Nothing comes from Ada at noon. In the evening Cyd goes to another ward.
    let asha = a_shift_begins(ward, "2026-11-23T10:00:00Z").await;
    let went = asha.has_moved(bea, "discharge", &discharge_home()).await;
    it_becomes(ward, "2026-11-23T13:02:00Z").await;
    assert!(ward.the(Problem::Silence).await.is_some());
    it_becomes(ward, "2026-11-23T20:00:00Z").await;
    asha.has_moved(cyd, "transfer", &json!({ "to": other.0 }))
        .await;
    // Tuesday: Dot dies. Ada is heard of at noon, and then no more.
    let asha = a_shift_begins(ward, "2026-11-24T09:00:00Z").await;
    asha.has_moved(dot, "death", &json!({})).await;
    it_becomes(ward, "2026-11-24T12:00:00Z").await;
    bridge.measures(&ada.oximeter, spo2(96.0)).await;
    // Wednesday: Bea is back.
    let asha = a_shift_begins(ward, "2026-11-25T08:00:00Z").await;
    let reason = json!({ "reason": "breathless again" });
    let readmit = format!("/patients/{}/readmit", went.patient);
    let back: StayView = asha.posts(&readmit, &reason).await.json();
    Week {
        ada: ada.stay,
        bea,
        back: StayId(back.stay),
    }
}

async fn from_a_hospital_ward(asha: &Nurse) -> StayId {
    let mut referral = referral_of(&person("999 900 0010", "Example"));
    referral["source"] = json!("hospital_ward");
    // Nobody is to take her for one of the others.
    referral["person"]["birth_date"] = json!("1939-05-02");
    referral["person"]["phone"] = json!("01282 999 888");
    referral["person"]["details"] = json!({ "language": "=Urdu" });
    let made: ReferralView = asha.posts("/referrals", &referral).await.json();
    for step in [
        json!({ "step": "triage", "urgency": "today" }),
        json!({ "step": "consent", "answer": "given" }),
        json!({ "step": "accept" }),
    ] {
        assert!(asha.steps(made.referral, &step).await.status.is_success());
    }
    let admit = format!("/referrals/{}/admit", made.referral);
    // As the others: nothing is asked of her at set times.
    let terms = json!({ "terms": {} });
    let stay: StayView = asha.posts(&admit, &terms).await.json();
    StayId(stay.stay)
}

const WEEK: &str = "?from=2026-11-21&until=2026-11-27";

async fn report_of_the_week(ward: &TestWard) -> Report {
    let nobody = ward
        .staff("rhea", "Rhea", ward.ward, Role::SeniorClinician)
        .await;
    let permit = ward.permit(nobody).await;
    let days = (Some(date(2026, 11, 21)), Some(date(2026, 11, 27)));
    ward.wards.report(&permit, days).await.unwrap().report
}

/// What a line says: its value and its n.
fn said(report: &Report, name: &str, by: By, group: &str) -> (Option<f64>, u32) {
    let figure = report.figure(name).unwrap_or_else(|| panic!("{name}"));
    let line = figure.line(by, group);
    let line = line.unwrap_or_else(|| panic!("{name} by {by:?} {group}: {:?}", figure.lines));
    (line.value, line.n)
}

async fn every_figure_of_a_week_is_what_a_person_counts(ward: TestWard) {
    let week = a_week(&ward).await;
    // More than thirty days later, so that everybody who came back has.
    it_becomes(&ward, "2026-12-28T09:00:00Z").await;
    let report = report_of_the_week(&ward).await;
    // Ada 6 days 16 h, Bea 2 days 2 h, Cyd 2 days 12 h, Dot 3 days 1 h, Bea again 2 days 16 h: 407 hours.
    let patient_days: f64 = 407.0 / 24.0;
    let rounded = |value: f64| (value * 1_000.0).round() / 1_000.0;
    let whole: &[(&str, Option<f64>, u32)] = &[
        ("patient_days", Some(rounded(patient_days)), 5),
        ("alerts", Some(2.0), 2),
        (
            "alerts_per_patient_day",
            Some(rounded(2.0 / patient_days)),
            2,
        ),
        // The red alone rests on a value, which came in at once.
        ("time_to_store_median", Some(0.0), 1),
        ("time_to_store_p90", Some(0.0), 1),
        ("time_to_store_worst", Some(0.0), 1),
        ("time_to_show_median", Some(180.0), 1),
        ("time_to_show_p90", Some(180.0), 1),
        ("time_to_show_worst", Some(180.0), 1),
        ("never_shown", Some(1.0), 2),
        ("time_to_acknowledge_median", Some(180.0), 1),
        ("time_to_acknowledge_p90", Some(180.0), 1),
        ("time_to_acknowledge_worst", Some(180.0), 1),
        ("never_acknowledged", Some(1.0), 2),
        ("time_to_resolve_median", Some(600.0), 1),
        ("time_to_resolve_p90", Some(600.0), 1),
        ("time_to_resolve_worst", Some(600.0), 1),
        ("never_resolved", Some(1.0), 2),
        ("changed_care", Some(100.0), 1),
        ("resolved_alerts", Some(1.0), 1),
        // Five stays: the noisiest one of them had both.
        ("alerts_of_noisiest_tenth", Some(100.0), 2),
        // Ada at seven noons: Saturday, Sunday and Tuesday something came.
        ("readings_due", Some(7.0), 1),
        ("readings_kept", Some(3.0), 1),
        ("readings_missed", Some(4.0), 1),
        ("readings_missed_share", Some(rounded(400.0 / 7.0)), 7),
        // A call a day: Ada 7, Bea 2, Cyd 2, Dot 3, Bea again 3. Bea was reached on the Sunday.
        ("contacts_due", Some(17.0), 5),
        ("contacts_done", Some(1.0), 5),
        ("contacts_done_share", Some(rounded(100.0 / 17.0)), 17),
        ("contacts_made", Some(1.0), 1),
        ("contacts_tried", Some(1.0), 1),
        // 4, 4, 4, then Ada and Dot, then Ada and Bea three times.
        ("occupancy_at_0800", Some(rounded(20.0 / 7.0)), 7),
        ("occupied_at_0800", Some(rounded(2000.0 / 35.0)), 7),
        ("admissions", Some(5.0), 5),
        ("transfers_in", Some(0.0), 0),
        ("discharges", Some(1.0), 1),
        ("deaths", Some(1.0), 1),
        ("transfers_out", Some(1.0), 1),
        ("admitted_from", Some(5.0), 5),
        ("discharged_to", Some(2.0), 2),
        // Bea 50 hours, Dot 73.
        ("length_of_stay_median", Some(rounded(61.5 / 24.0)), 2),
        ("length_of_stay_p90", Some(rounded(73.0 / 24.0)), 2),
        ("length_of_stay_worst", Some(rounded(73.0 / 24.0)), 2),
        // Bea, who came back on the second day; the dead are not asked.
        ("readmitted_within_30_days", Some(100.0), 1),
    ];
    for (name, value, n) in whole {
        assert_eq!(
            said(&report, name, By::Whole, "all"),
            (*value, *n),
            "{name}"
        );
    }
    // Every figure but those that have no whole was counted.
    let counted: std::collections::BTreeSet<&str> = whole.iter().map(|(name, ..)| *name).collect();
    let left: Vec<&str> = report
        .figures()
        .map(|figure| figure.definition.name)
        .filter(|name| !counted.contains(name))
        .collect();
    let without_whole = [
        "share_of_alerts",
        "noisiest_alerts",
        "noisiest_alerts_per_patient_day",
        "noisiest_changed_care",
    ];
    assert_eq!(left, without_whole);

    for (name, by, group, value, n) in [
        ("alerts", By::Priority, "red", Some(1.0), 1),
        ("alerts", By::Priority, "amber", Some(0.0), 0),
        ("alerts", By::Priority, "low", Some(1.0), 1),
        ("alerts", By::Problem, "oxygen", Some(1.0), 1),
        ("alerts", By::Problem, "silence", Some(1.0), 1),
        ("alerts", By::Hour, "12", Some(1.0), 1),
        ("alerts", By::Hour, "13", Some(1.0), 1),
        ("alerts", By::Hour, "03", Some(0.0), 0),
        ("alerts", By::Device, "Nonin 3230", Some(2.0), 2),
        ("alerts", By::AgeBand, "75 to 84", Some(2.0), 2),
        ("time_to_show_median", By::Priority, "low", None, 0),
        ("never_acknowledged", By::Problem, "silence", Some(1.0), 1),
        ("changed_care", By::Priority, "red", Some(100.0), 1),
        ("changed_care", By::Priority, "low", None, 0),
        ("resolved_alerts", By::Outcome, "advice_given", Some(1.0), 1),
        ("share_of_alerts", By::Problem, "oxygen", Some(50.0), 1),
        (
            "patient_days",
            By::Device,
            "Nonin 3230",
            Some(rounded(160.0 / 24.0)),
            1,
        ),
        (
            "patient_days",
            By::Language,
            "=Urdu",
            Some(rounded(73.0 / 24.0)),
            1,
        ),
        (
            "alerts_per_patient_day",
            By::Device,
            "Nonin 3230",
            Some(0.3),
            2,
        ),
        ("readings_missed", By::Device, "Nonin 3230", Some(4.0), 1),
        ("readings_missed", By::Device, "none", Some(0.0), 0),
        ("occupancy_at_0800", By::Day, "2026-11-21", Some(4.0), 4),
        ("occupancy_at_0800", By::Day, "2026-11-24", Some(2.0), 2),
        ("occupied_at_0800", By::Day, "2026-11-24", Some(40.0), 2),
        ("admissions", By::Day, "2026-11-25", Some(1.0), 1),
        ("discharges", By::Day, "2026-11-23", Some(1.0), 1),
        ("transfers_out", By::Day, "2026-11-23", Some(1.0), 1),
        ("deaths", By::Day, "2026-11-24", Some(1.0), 1),
        ("admitted_from", By::Source, "hospital_ward", Some(1.0), 1),
        ("admitted_from", By::Source, "readmission", Some(1.0), 1),
        ("admitted_from", By::Source, "not_recorded", Some(3.0), 3),
        ("admitted_from", By::Direction, "step_down", Some(1.0), 1),
        ("discharged_to", By::Destination, "home", Some(1.0), 1),
        ("discharged_to", By::Destination, "died", Some(1.0), 1),
    ] {
        assert_eq!(
            said(&report, name, by, group),
            (value, n),
            "{name} by {by:?} {group}"
        );
    }
    let [noisy] = report.noisiest.as_slice() else {
        panic!("{:?}", report.noisiest);
    };
    assert_eq!(
        (noisy.stay, noisy.alerts, noisy.changed_care),
        (week.ada, 2, 1)
    );
    assert_ne!(week.bea, week.back);
    // What came after a period does not change it: on its first two days Cyd was here, and nobody had gone.
    let rhea = ward
        .staff("rita", "Rita", ward.ward, Role::SeniorClinician)
        .await;
    let days = (Some(date(2026, 11, 21)), Some(date(2026, 11, 22)));
    let permit = ward.permit(rhea).await;
    let two_days = ward.wards.report(&permit, days).await.unwrap().report;
    let hours = |hours: f64| (Some(rounded(hours / 24.0)), 4);
    assert_eq!(
        said(&two_days, "patient_days", By::Whole, "all"),
        hours(160.0)
    );
    assert_eq!(
        said(&two_days, "transfers_out", By::Whole, "all"),
        (Some(0.0), 0)
    );
    assert_eq!(
        said(&two_days, "discharges", By::Whole, "all"),
        (Some(0.0), 0)
    );
    // On the ward to which Cyd went she is a transfer, from the Monday evening on.
    let other = ward.wards.all_wards().await.unwrap();
    let other = other
        .iter()
        .find(|it| it.code.as_str() == "RIB")
        .unwrap()
        .id;
    let rosa = ward.staff("rosa", "Rosa", other, Role::Clinician).await;
    let verb = ward_core::permit::Verb::SeeReports;
    let permit = ward.wards.permit(rosa, other, verb).await.unwrap().unwrap();
    let days = (Some(date(2026, 11, 21)), Some(date(2026, 11, 27)));
    let there = ward.wards.report(&permit, days).await.unwrap().report;
    let before = (Some(date(2026, 11, 21)), Some(date(2026, 11, 22)));
    let before = ward.wards.report(&permit, before).await.unwrap().report;
    assert_eq!(
        said(&before, "patient_days", By::Whole, "all"),
        (Some(0.0), 0)
    );
    assert_eq!(
        said(&there, "transfers_in", By::Whole, "all"),
        (Some(1.0), 1)
    );
    assert_eq!(said(&there, "admissions", By::Whole, "all"), (Some(0.0), 0));
    assert_eq!(
        said(&there, "patient_days", By::Whole, "all"),
        (Some(rounded(100.0 / 24.0)), 1)
    );
    assert_eq!(said(&there, "alerts", By::Whole, "all"), (Some(0.0), 0));
}

/// Cells of a file, line by line: quoted, with two marks for one.
fn parsed(text: &str) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    for line in text.split_terminator("\r\n") {
        let inner = line
            .strip_prefix('"')
            .and_then(|line| line.strip_suffix('"'))
            .unwrap();
        lines.push(
            inner
                .split("\",\"")
                .map(|cell| cell.replace("\"\"", "\""))
                .collect(),
        );
    }
    lines
}

async fn files_say_the_same_without_names_and_small_groups(ward: TestWard) {
    let week = a_week(&ward).await;
    let asha = a_shift_begins(&ward, "2026-12-28T09:00:00Z").await;
    let json = asha
        .get(&format!("/wards/{}/reports.json{WEEK}", ward.ward))
        .await;
    let view: ReportView = json.json();
    let csv = asha
        .get(&format!("/wards/{}/reports.csv{WEEK}", ward.ward))
        .await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        csv.header("content-disposition")
            .contains("report-PEN-2026-11-21-to-2026-11-27.csv")
    );
    let text = String::from_utf8(csv.body.clone()).unwrap();
    let mut lines = parsed(&text).into_iter();
    let head = lines.next().unwrap();
    assert_eq!(
        head,
        ["figure", "breakdown", "group", "value", "unit", "n", "note"]
    );
    let mut of_csv = BTreeMap::new();
    for line in lines {
        let key = (
            line[0].clone(),
            line[1].clone(),
            line[2].trim_start_matches('\'').to_owned(),
        );
        let value: Option<f64> = (!line[3].is_empty()).then(|| line[3].parse().unwrap());
        let n: Option<u32> = (!line[5].is_empty()).then(|| line[5].parse().unwrap());
        let said = (value, line[4].clone(), n, line[6].starts_with("withheld"));
        assert!(of_csv.insert(key, said).is_none(), "{line:?} twice");
    }
    let mut of_json = BTreeMap::new();
    for figure in &view.figures {
        assert!(figure.definition.len() > 30, "{}", figure.name);
        for line in &figure.lines {
            let key = (
                figure.name.clone(),
                line.breakdown.clone(),
                line.group.clone(),
            );
            of_json.insert(
                key,
                (line.value, figure.unit.clone(), line.n, line.withheld),
            );
        }
    }
    assert_eq!(of_csv, of_json);
    let of = |figure: &str, breakdown: &str, group: &str| {
        let key = (figure.to_owned(), breakdown.to_owned(), group.to_owned());
        of_json
            .get(&key)
            .cloned()
            .unwrap_or_else(|| panic!("{key:?}"))
    };
    // Five stays in all are told of; the one from a hospital ward would be known by anybody.
    assert_eq!(of("admitted_from", "whole", "all").0, Some(5.0));
    assert_eq!(
        of("admitted_from", "source", "hospital_ward"),
        (None, "count".to_owned(), None, true)
    );
    assert_eq!(of("patient_days", "language", "=Urdu").0, None);
    assert!(text.contains("\"'=Urdu\"") && !text.contains("\"=Urdu\""));
    assert_eq!((view.withheld_below, view.capacity), (5, Some(5)));
    // The noisiest patient is there by the id of the stay; nobody is by name.
    assert_eq!(
        of("noisiest_alerts", "stay", &week.ada.to_string()).0,
        Some(2.0)
    );
    let both = format!("{text}{}", String::from_utf8_lossy(&json.body));
    for secret in [
        "Example",
        "EXAMPLE",
        "Ada",
        "999 900",
        "9999000010",
        "01254 111",
    ] {
        assert!(!both.contains(secret), "{secret}");
    }
    // The page has the name, the small groups, and says what each figure means.
    let page = asha.opens(&format!("/reports{WEEK}")).await;
    assert!(page.contains("EXAMPLE") && page.contains("What these figures mean"));
    assert!(page.contains("Hospital ward") && page.contains("=Urdu"));
    assert!(page.contains("Patients on the ward at 08:00 of each day"));
    // Whose name was shown is in the audit, for the page and for each file.
    let sana = ward
        .permit(
            ward.staff("rhea", "Rhea", ward.ward, Role::SeniorClinician)
                .await,
        )
        .await;
    let asked = AuditAsked {
        from: ward.clock.now().minus(minutes(60)),
        until: ward.clock.now().plus(minutes(1)),
        by: None,
        patient: None,
        also_without_person: false,
    };
    let audit = ward
        .wards
        .audit(&sana, asked, AuditMark::default(), 100)
        .await
        .unwrap();
    let looks = audit.lines.iter().filter(|line| {
        let is_look = matches!(&line.what, AuditWhat::Looked(what) if what == "report");
        is_look && line.about == Some(About::Stay(week.ada))
    });
    assert_eq!(looks.count(), 3);
}

async fn a_day_of_twenty_three_hours_is_counted_as_it_was(ward: TestWard) {
    Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    it_becomes(&ward, "2027-03-27T20:00:00Z").await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let ada = ward.patient(&bridge).await;
    ward.asks(ada.stay, &asks_at(&[12])).await;
    // Noon on the Sunday is 11:00 in Greenwich; half past is still in time, and the alert is of the twelfth hour.
    it_becomes(&ward, "2027-03-28T11:30:00Z").await;
    bridge.measures(&ada.oximeter, spo2(88.0)).await;
    let asha = a_shift_begins(&ward, "2027-03-30T08:00:00Z").await;
    let days = "?from=2027-03-27&until=2027-03-29";
    let path = format!("/wards/{}/reports.json{days}", ward.ward);
    let view: ReportView = asha.get(&path).await.json();
    let of = |name: &str, by: &str, group: &str| {
        let figure = view
            .figures
            .iter()
            .find(|figure| figure.name == name)
            .unwrap();
        let line = figure
            .lines
            .iter()
            .find(|line| line.breakdown == by && line.group == group);
        line.unwrap_or_else(|| panic!("{name} {group}")).value
    };
    // Four hours of the Saturday, 23 of the Sunday, 24 of the Monday.
    assert_eq!(of("patient_days", "whole", "all"), Some(2.125));
    assert_eq!(of("occupancy_at_0800", "day", "2027-03-27"), Some(0.0));
    assert_eq!(of("occupancy_at_0800", "day", "2027-03-28"), Some(1.0));
    assert_eq!(of("alerts", "hour", "12"), Some(1.0));
    assert_eq!(of("alerts", "hour", "11"), Some(0.0));
    // The Saturday's noon was before she came; the Monday's is missed.
    assert_eq!(
        (
            of("readings_due", "whole", "all"),
            of("readings_kept", "whole", "all")
        ),
        (Some(2.0), Some(1.0))
    );
    assert_eq!(of("contacts_due", "whole", "all"), Some(3.0));
}

async fn a_report_is_for_those_whose_ward_it_is(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let other = ward.open_ward("RIB").await;
    for kind in ["", ".csv", ".json"] {
        let reply = asha.get(&format!("/wards/{other}/reports{kind}")).await;
        assert_eq!(reply.status, 404, "{kind}");
        let reply = asha
            .get(&format!("/wards/{}/reports{kind}", ward.ward))
            .await;
        assert_eq!(reply.status, 200, "{kind}");
    }
    let carl = Nurse::handler(&ward, "carl", "Carl Ode").await;
    for kind in ["", ".csv", ".json"] {
        let reply = carl
            .get(&format!("/wards/{}/reports{kind}", ward.ward))
            .await;
        assert_eq!(reply.status, 403, "{kind}");
    }
    let described = asha.get("/api/openapi.json").await;
    let described: serde_json::Value = described.json();
    for kind in ["csv", "json"] {
        let path = format!("/wards/{{ward}}/reports.{kind}");
        assert!(described["paths"][&path]["get"].is_object(), "{path}");
    }
}

async fn a_report_looks_back_and_not_too_far(ward: TestWard) {
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let path = format!("/wards/{}/reports.json", ward.ward);
    let usual: ReportView = asha.get(&path).await.json();
    assert_eq!(
        (usual.from, usual.until),
        (date(2026, 10, 23), date(2026, 11, 21))
    );
    assert_eq!((usual.capacity, usual.unreadable_alerts), (None, 0));
    let a_year: ReportView = asha
        .get(&format!("{path}?from=2025-10-18&until=2026-11-21"))
        .await
        .json();
    assert_eq!(a_year.from, date(2025, 10, 18));
    for wrong in [
        "?from=2025-10-17",
        "?from=2026-11-20&until=2026-11-19",
        "?from=2026-11-22&until=2026-11-23",
    ] {
        let reply = asha.get(&format!("{path}{wrong}")).await;
        assert_eq!(reply.refusal(), (422, "not-valid".to_owned()), "{wrong}");
    }
    for wrong in ["?from=yesterday", "?since=2026-11-20"] {
        let reply = asha.get(&format!("{path}{wrong}")).await;
        assert_eq!(reply.refusal(), (400, "malformed".to_owned()), "{wrong}");
    }
    // A ward with nobody on it says so in figures that rest on nothing.
    let none = usual
        .figures
        .iter()
        .find(|figure| figure.name == "alerts_per_patient_day")
        .unwrap();
    assert_eq!((none.lines[0].value, none.lines[0].n), (None, Some(0)));
    let capacity = asha
        .sends("/office/settings/capacity", &[("capacity", "many")])
        .await;
    assert_eq!(capacity.status, 422);
    let capacity = asha
        .sends("/office/settings/capacity", &[("capacity", "40")])
        .await;
    assert_eq!(capacity.status, 303);
    let usual: ReportView = asha.get(&path).await.json();
    assert_eq!(usual.capacity, Some(40));
}
