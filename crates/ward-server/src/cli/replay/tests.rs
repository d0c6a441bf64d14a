use ward_core::plan::{Rules, Spo2Scale, TrendRule};

use super::*;

const HEADER: &str = "measured_at,spo2,pulse\n";

fn table(text: &str) -> Result<Vec<table::Row>, String> {
    table::rows(text.as_bytes()).map_err(|bad| bad.to_string())
}

fn rows_of(lines: &[&str]) -> String {
    let mut text = HEADER.to_owned();
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn plan(text: &str) -> Result<PlanFile, String> {
    PlanFile::read(text)
}

#[test]
fn what_is_left_out_of_a_plan_is_as_usual_for_its_scale() {
    let one = plan("").unwrap().limits;
    assert_eq!(one, ward_core::plan::MonitoringPlan::scale_one());
    for text in [
        "spo2_scale = 2",
        "spo2_scale = \"two\"",
        "spo2_scale = \"2\"",
    ] {
        let two = plan(text).unwrap().limits;
        assert_eq!(two, ward_core::plan::MonitoringPlan::target_88_to_92());
    }
    let some =
        plan("spo2_scale = 2\n[rules]\ndrop_red_points = 5\ntrend = { points = 4 }").unwrap();
    assert_eq!(some.limits.spo2_scale, Spo2Scale::Two);
    assert_eq!(
        some.limits.rules,
        Rules {
            drop_red_points: Some(5),
            trend: Some(TrendRule {
                points: 4,
                readings: 3
            }),
            ..Rules::target_88_to_92()
        }
    );
}

#[test]
fn rechecks_are_minutes_with_fractions_or_seconds_and_never_both() {
    let limits = plan("recheck_red_minutes = 2.5\nrecheck_amber_seconds = 90")
        .unwrap()
        .limits;
    assert_eq!(
        (limits.recheck_red_seconds, limits.recheck_amber_seconds),
        (150, 90)
    );
    let why = plan("recheck_red_minutes = 2\nrecheck_red_seconds = 120").unwrap_err();
    assert!(
        why.contains("recheck_red_minutes and recheck_red_seconds"),
        "{why}"
    );
    for wrong in ["-1", "nan", "inf", "1441"] {
        let why = plan(&format!("recheck_amber_minutes = {wrong}")).unwrap_err();
        assert!(why.contains("recheck_amber_minutes"), "{why}");
    }
    assert!(
        plan("recheck_red_minutes = 0.1")
            .unwrap_err()
            .contains("10 seconds")
    );
}

#[test]
fn a_rule_can_be_switched_off() {
    let rules = plan(
        "[rules]\ntrend = false\nsustained = \"off\"\nnews2 = { single_three_is_amber = false }",
    )
    .unwrap()
    .limits
    .rules;
    assert_eq!((rules.trend, rules.sustained), (None, None));
    let news2 = rules.news2.unwrap();
    assert!(!news2.single_three_is_amber);
    assert_eq!(news2.red_at_or_above, 7);
    assert_eq!(rules.pulse, Rules::usual().pulse);
    // A switch stays one.
    for on in [true, false] {
        let rules = plan(&format!("[rules]\non_oxygen = {on}"))
            .unwrap()
            .limits
            .rules;
        assert_eq!(rules.on_oxygen, on);
    }
}

#[test]
fn what_a_plan_does_not_know_is_refused_by_name() {
    for (text, said) in [
        ("red_at_or_bellow = 90", "red_at_or_bellow"),
        ("[rules]\ndropp = 3", "dropp"),
        ("[rules]\ntrend = { point = 3 }", "point"),
        ("spo2_scale = 3", "spo2_scale is 1 or 2"),
        ("red_at_or_below = 95", "red_at_or_below (95)"),
        ("red_at_or_below = 92.5", "red_at_or_below"),
        ("baseline_spo2 = 0", "baseline_spo2"),
        ("[rules]\ndrop_amber_points = 0", "drop_amber_points"),
    ] {
        let why = plan(text).unwrap_err();
        assert!(why.contains(said), "{text}: {why}");
    }
    let with = plan("baseline_spo2 = 97.5").unwrap();
    assert_eq!(with.baseline_spo2.map(Spo2::tenths), Some(975));
}

#[test]
fn columns_stand_in_any_order_beside_others_with_quotes_marks_and_both_line_ends() {
    let plain = table("measured_at,spo2,pulse\n2026-11-21T08:00:00Z,92.9,70\n").unwrap();
    assert_eq!(plain.len(), 1);
    for text in [
        "\u{feff}measured_at,spo2,pulse\r\n2026-11-21T08:00:00Z,92.9,70\r\n",
        "note,Pulse,SpO2,Measured_At\n\"cold, \"\"very\"\"\nhand\",70,92.9,2026-11-21T09:00:00+01:00",
        "\"measured_at\",\"spo2\",\"pulse\"\n\"2026-11-21T08:00:00.000Z\",\"92.9\",\"70.0\"\n\n",
        "measured_at , spo2 , pulse\n 2026-11-21T03:00:00-05:00 , 92.95 , 70 \n",
    ] {
        assert_eq!(table(text).unwrap(), plain, "{text}");
    }
    let none = table(&rows_of(&[
        "2026-11-21T08:00:00Z,92,",
        "2026-11-21T08:00:00Z,92,0",
    ]))
    .unwrap();
    assert_eq!(
        none.iter().map(|row| row.pulse).collect::<Vec<_>>(),
        [None, None]
    );
}

#[test]
fn what_is_wrong_with_a_table_is_said_with_its_line_and_its_column() {
    let good = "2026-11-21T08:00:00Z,97,70";
    for (line, said) in [
        (
            "2026-11-21T08:00:00,97,70",
            "line 3, column measured_at: \"2026-11-21T08:00:00\" is no time",
        ),
        ("soon,97,70", "line 3, column measured_at"),
        (",97,70", "line 3, column measured_at: nothing is no time"),
        (
            "2026-11-21T08:00:00Z,,70",
            "line 3, column spo2: nothing is no percentage",
        ),
        (
            "2026-11-21T08:00:00Z,0,70",
            "line 3, column spo2: \"0\" is no percentage",
        ),
        ("2026-11-21T08:00:00Z,101,70", "line 3, column spo2"),
        ("2026-11-21T08:00:00Z,NaN,70", "line 3, column spo2"),
        (
            "2026-11-21T08:00:00Z,97,fast",
            "line 3, column pulse: \"fast\" is no number",
        ),
        ("2026-11-21T08:00:00Z,97,NaN", "line 3, column pulse"),
        (
            "2026-11-21T08:00:00Z,97,5,70",
            "line 3: 4 fields, but the header has 3",
        ),
        ("2026-11-21T08:00:00Z,97", "line 3: 2 fields"),
        (
            "\"2026-11-21T08:00:00Z,97,70",
            "line 3: a quoted field that begins here has no end",
        ),
        (
            "\"2026-11-21T08:00:00Z\"x,97,70",
            "line 3: after the end of a quoted field",
        ),
    ] {
        let why = table(&rows_of(&[good, line])).unwrap_err();
        assert!(why.starts_with(said), "{line}: {why}");
    }
    let long = "9".repeat(70_000);
    let why = table(&rows_of(&[good, &long])).unwrap_err();
    assert!(why.starts_with("line 3: longer than 65536 bytes"), "{why}");
    for (text, said) in [
        ("", "it is empty"),
        ("\n\n", "it is empty"),
        ("measured_at,pulse\n", "no column spo2"),
        ("measured_at;spo2;pulse\n", "no column measured_at"),
        (
            "measured_at,spo2,pulse,SpO2\n",
            "two columns are called spo2",
        ),
        ("2026-11-21T08:00:00Z,97,70\n", "no column measured_at"),
    ] {
        let why = table(text).unwrap_err();
        assert!(why.contains(said), "{text}: {why}");
    }
    let utf16: Vec<u8> = "measured_at"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let why = table::rows(utf16.as_slice()).unwrap_err().to_string();
    assert!(why.contains("UTF-8"), "{why}");
}

#[test]
fn a_quote_that_is_not_closed_swallows_no_row_in_silence() {
    let text = "measured_at,spo2,pulse,note\n2026-11-21T08:00:00Z,97,70,\"a\n2026-11-21T08:05:00Z,84,70,\"b\"\n";
    let why = table(text).unwrap_err();
    assert!(
        why.starts_with("line 3: after the end of a quoted field"),
        "{why}"
    );
}

#[test]
fn rows_out_of_order_are_sorted_and_that_is_said() {
    let text = rows_of(&["2026-11-21T09:00:00Z,97,70", "2026-11-21T08:00:00Z,91,70"]);
    let said = said(&plan("").unwrap(), text.as_bytes()).unwrap();
    assert_eq!(said.notes.len(), 1);
    assert!(
        said.lines
            .contains("\"raised_at\":\"2026-11-21T08:00:00Z\""),
        "{}",
        said.lines
    );
}
