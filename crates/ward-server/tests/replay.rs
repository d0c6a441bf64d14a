//! `wardlight replay` as it is run: the program, a plan, a file or a pipe, and what it answers with.

#![expect(clippy::unwrap_used, reason = "what a test cannot do ends it")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

struct Answer {
    code: Option<i32>,
    lines: Vec<String>,
    said: String,
}

impl Answer {
    fn alerts(&self) -> Vec<Value> {
        assert_eq!(self.code, Some(0), "{}", self.said);
        let lines = self.lines.iter();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Nothing half said.
    fn refusal(&self) -> &str {
        assert_eq!((self.code, self.lines.len()), (Some(2), 0), "{}", self.said);
        &self.said
    }
}

fn replay(plan: &str, table: &[u8]) -> Answer {
    let folder = tempfile::tempdir().unwrap();
    let plan_file = folder.path().join("plan.toml");
    std::fs::write(&plan_file, plan).unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_wardlight"))
        .current_dir(folder.path())
        .args(["replay", "--plan", "plan.toml", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = run.stdin.take().unwrap();
    // Who finds a bad row reads no further.
    let _ = pipe.write_all(table);
    drop(pipe);
    let done = run.wait_with_output().unwrap();
    Answer {
        code: done.status.code(),
        lines: String::from_utf8(done.stdout)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect(),
        said: String::from_utf8(done.stderr).unwrap(),
    }
}

/// The bands alone.
const BANDS: &str = "[rules]\ndrop_amber_points = false\ntrend = false\nsustained = false\ntoo_high_at_or_above = false\n\
    pulse = false\nnews2 = false\nexertion_fall_points = false\n";

fn bands(keys: &str) -> String {
    format!("{keys}\n{BANDS}")
}

fn table(rows: &[(&str, &str)]) -> Vec<u8> {
    let mut text = "measured_at,spo2,pulse\n".to_owned();
    for (time, spo2) in rows {
        writeln!(text, "2026-11-21T{time}Z,{spo2},70").unwrap();
    }
    text.into_bytes()
}

/// One row a second from eight o'clock: `(seconds, percent)` one after the other.
fn stream(parts: &[(u32, &str)]) -> Vec<u8> {
    let mut text = "measured_at,spo2,pulse\n".to_owned();
    let mut second = 0;
    for (seconds, percent) in parts {
        for _ in 0..*seconds {
            let (hour, minute) = (8 + second / 3600, second / 60 % 60);
            writeln!(
                text,
                "2026-11-21T{hour:02}:{minute:02}:{:02}Z,{percent},70",
                second % 60
            )
            .unwrap();
            second += 1;
        }
    }
    text.into_bytes()
}

#[test]
fn a_single_low_with_no_recheck_is_one_line_with_exactly_these_keys() {
    let answer = replay("", &table(&[("08:00:00", "92.9")]));
    assert_eq!(
        answer.lines,
        [
            r#"{"problem":"oxygen","severity":"red","raised_at":"2026-11-21T08:00:00Z","confirmed_at":"2026-11-21T08:05:00Z","cleared_at":null,"worst_spo2":92.9,"readings":1}"#
        ]
    );
    assert_eq!((answer.code, answer.said.as_str()), (Some(0), ""));
}

#[test]
fn a_good_recheck_clears_and_two_lows_confirm_from_sixty_seconds_on() {
    let good = replay(
        &bands(""),
        &table(&[("08:00:00", "91"), ("08:04:59", "97")]),
    )
    .alerts();
    assert_eq!(
        good,
        [
            json!({"problem": "oxygen", "severity": "red", "raised_at": "2026-11-21T08:00:00Z", "confirmed_at": null,
            "cleared_at": "2026-11-21T08:04:59Z", "worst_spo2": 91, "readings": 1})
        ]
    );
    for (second, confirmed) in [("08:00:59", "08:05:00"), ("08:01:00", "08:01:00")] {
        let alerts = replay(&bands(""), &table(&[("08:00:00", "91"), (second, "90")])).alerts();
        assert_eq!(
            alerts[0]["confirmed_at"],
            format!("2026-11-21T{confirmed}Z")
        );
        assert_eq!(alerts[0]["readings"], 2);
    }
}

#[test]
fn amber_then_red_is_one_alert_of_the_worse() {
    let rows = [("08:00:00", "94"), ("08:10:00", "91.5"), ("08:11:00", "91")];
    let alerts = replay(&bands(""), &table(&rows)).alerts();
    assert_eq!(
        alerts,
        [
            json!({"problem": "oxygen", "severity": "red", "raised_at": "2026-11-21T08:00:00Z",
            "confirmed_at": "2026-11-21T08:11:00Z", "cleared_at": null, "worst_spo2": 91, "readings": 3})
        ]
    );
}

#[test]
fn scale_two_has_its_own_limits_and_minutes_may_have_fractions() {
    let rows = table(&[("08:00:00", "88"), ("09:00:00", "85"), ("09:02:00", "88")]);
    let alerts = replay(&bands("spo2_scale = 2\nrecheck_red_minutes = 1.5"), &rows).alerts();
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["raised_at"], "2026-11-21T09:00:00Z");
    assert_eq!(alerts[0]["confirmed_at"], "2026-11-21T09:01:30Z");
    assert_eq!(alerts[0]["cleared_at"], "2026-11-21T09:02:00Z");
    let usual = replay(&bands(""), &rows).alerts();
    assert_eq!(usual[0]["raised_at"], "2026-11-21T08:00:00Z");
}

#[test]
fn a_fall_within_a_stream_is_noticed_after_fifteen_seconds_and_not_from_one_sample() {
    let fall = stream(&[(120, "97"), (120, "86"), (200, "97")]);
    let alerts = replay(&bands(""), &fall).alerts();
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(alerts[0]["severity"], "red");
    assert_eq!(alerts[0]["worst_spo2"], 86);
    let at = alerts[0]["raised_at"].as_str().unwrap();
    assert!(
        ("2026-11-21T08:02:10Z"..="2026-11-21T08:02:16Z").contains(&at),
        "{at}"
    );
    assert!(alerts[0]["cleared_at"].is_string());
    // One low sample within a good stream is no reading; alone it is one.
    let flick = stream(&[(60, "97"), (1, "80"), (60, "97")]);
    assert_eq!(replay(&bands(""), &flick).alerts(), [] as [Value; 0]);
}

#[test]
fn rows_ten_seconds_apart_are_a_stream_and_a_millisecond_more_makes_them_spot_checks() {
    let apart = |second: &str| table(&[("08:00:00", "85"), (second, "85")]);
    let stream = replay(&bands(""), &apart("08:00:10"));
    assert_eq!(stream.alerts(), [] as [Value; 0]);
    // Two samples settle into nothing, and that is said.
    assert!(stream.said.contains("1 stretch of rows"), "{}", stream.said);
    let spots = replay(&bands(""), &apart("08:00:10.001"));
    assert_eq!(spots.alerts()[0]["readings"], 2);
    assert_eq!(spots.said, "");
}

#[test]
fn a_stream_of_rows_ten_seconds_apart_is_judged_and_keeps_its_times() {
    let mut rows = String::from("measured_at,spo2,pulse\n");
    for tens in 0..360 {
        let (minute, second) = (tens / 6, tens % 6 * 10);
        let spo2 = if tens < 180 { 97 } else { 85 };
        rows.push_str(&format!(
            "2026-11-21T08:{minute:02}:{second:02}Z,{spo2},70\n"
        ));
    }
    let replayed = replay(&bands(""), rows.as_bytes());
    let alerts = replayed.alerts();
    let oxygen = alerts.iter().find(|it| it["problem"] == "oxygen").unwrap();
    assert_eq!(oxygen["severity"], "red");
    assert_eq!(oxygen["worst_spo2"], 85);
    // The fall begins at half past; nothing has drifted by then.
    let at = oxygen["raised_at"].as_str().unwrap();
    assert!(
        ("2026-11-21T08:30:00Z"..="2026-11-21T08:31:30Z").contains(&at),
        "{at}"
    );
}

#[test]
fn a_pulse_that_is_missing_makes_a_good_value_doubtful_so_that_it_clears_nothing() {
    let rows = b"measured_at,spo2,pulse\n2026-11-21T08:00:00Z,91,70\n2026-11-21T08:02:00Z,97,\n";
    let alerts = replay(&bands(""), rows).alerts();
    assert_eq!(alerts[0]["cleared_at"], Value::Null);
    assert_eq!(alerts[0]["confirmed_at"], "2026-11-21T08:05:00Z");
}

#[test]
fn marks_line_ends_quotes_offsets_and_other_columns_change_nothing() {
    let plain = replay(&bands(""), &table(&[("08:00:00", "91")])).lines;
    for text in [
        "\u{feff}measured_at,spo2,pulse\r\n2026-11-21T08:00:00Z,91,70\r\n",
        "note,\"pulse\",spo2,measured_at\n\"a, \"\"b\"\"\nc\",70,91.0,2026-11-21T09:00:00+01:00\n",
    ] {
        assert_eq!(replay(&bands(""), text.as_bytes()).lines, plain, "{text}");
    }
}

#[test]
fn rows_out_of_order_are_sorted_and_said_to_be() {
    let answer = replay(
        &bands(""),
        &table(&[("08:04:00", "97"), ("08:00:00", "91")]),
    );
    assert!(
        answer.said.contains("sorted by measured_at"),
        "{}",
        answer.said
    );
    assert_eq!(answer.alerts()[0]["cleared_at"], "2026-11-21T08:04:00Z");
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_nothing_is_printed() {
    let low = "2026-11-21T08:00:00Z,85,70";
    for (text, said) in [
        (String::new(), "empty"),
        ("measured_at,pulse\n".to_owned(), "no column spo2"),
        (
            format!("measured_at,spo2,pulse\n{low}\n2026-11-21 08:00,97,70\n"),
            "line 3, column measured_at",
        ),
        (
            format!("measured_at,spo2,pulse\n{low}\n2026-11-21T08:00:00Z,x,70\n"),
            "line 3, column spo2",
        ),
        (
            format!("measured_at,spo2,pulse\n{low}\n2026-11-21T08:00:00Z,97,x\n"),
            "line 3, column pulse",
        ),
    ] {
        let answer = replay("", text.as_bytes());
        assert!(answer.refusal().contains(said), "{text}: {}", answer.said);
    }
    for (plan, said) in [
        ("red_at_or_bellow = 90", "red_at_or_bellow"),
        ("[rules]\ntrends = false", "trends"),
        ("red_at_or_below = 99", "red_at_or_below (99)"),
    ] {
        let answer = replay(plan, &table(&[("08:00:00", "85")]));
        assert!(answer.refusal().contains(said), "{plan}: {}", answer.said);
    }
    let header_alone = replay("", b"measured_at,spo2,pulse\n");
    assert_eq!(header_alone.alerts(), [] as [Value; 0]);
    assert!(header_alone.said.contains("no rows"));
}

#[test]
fn a_million_rows_are_read_and_judged() {
    let mut text = "measured_at,spo2,pulse\n".to_owned();
    let began: jiff::Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    for second in 0..1_000_000_i64 {
        let at = jiff::Timestamp::from_second(began.as_second() + second).unwrap();
        let spo2 = if (500_000..500_600).contains(&second) {
            88
        } else {
            97
        };
        writeln!(text, "{at},{spo2},70").unwrap();
    }
    let alerts = replay(&bands(""), text.as_bytes()).alerts();
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["worst_spo2"], 88);
    assert!(alerts[0]["cleared_at"].is_string());
}
