//! The real `wardlight news2`, as somebody's script uses it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what a test cannot do ends it"
)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

fn started() -> Child {
    Command::new(env!("CARGO_BIN_EXE_wardlight"))
        .arg("news2")
        // No configuration and no database are needed.
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Everything in, the end, everything out; the program must be content.
fn answers(input: &[u8]) -> Vec<Value> {
    let mut program = started();
    let mut stdin = program.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = program.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn answer(line: &str) -> Value {
    let mut all = answers(line.as_bytes());
    assert_eq!(all.len(), 1, "{line}");
    all.remove(0)
}

fn reason(line: &str) -> String {
    let answer = answer(line);
    assert_eq!(answer["ok"], false, "{line}: {answer}");
    assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
    answer["reason"].as_str().unwrap().to_owned()
}

#[test]
fn a_whole_set_has_a_total_and_what_each_parameter_scores() {
    let line = json!({
        "respiration_rate": 22, "spo2": 93.9, "on_oxygen": true, "systolic_bp": 105, "pulse": 112,
        "consciousness": "alert", "temperature": 38.05
    });
    assert_eq!(
        answer(&line.to_string()),
        json!({
            "ok": true, "total": 10, "at_least": 10, "at_most": 10, "missing": [],
            "subscores": {
                "respiration_rate": 2, "spo2": 2, "on_oxygen": 2, "systolic_bp": 1, "pulse": 2,
                "consciousness": 0, "temperature": 1
            },
            "response": "emergency", "spo2_scale": 1
        })
    );
}

#[test]
fn what_is_unknown_is_named_and_never_counted_as_normal() {
    assert_eq!(
        answer(r#"{"spo2":97,"spo2_scale":2,"pulse":null,"consciousness":"confusion"}"#),
        json!({
            "ok": true, "total": null, "at_least": 3, "at_most": 3 + 3 + 2 + 3 + 3 + 3 + 3,
            "missing": ["respiration_rate", "on_oxygen", "systolic_bp", "pulse", "temperature"],
            "subscores": {
                "respiration_rate": null, "spo2": null, "on_oxygen": null, "systolic_bp": null,
                "pulse": null, "consciousness": 3, "temperature": null
            },
            "response": "urgent_ward_review_hourly", "spo2_scale": 2
        })
    );
    let nothing = answer("{}");
    assert_eq!(nothing["total"], Value::Null);
    assert_eq!(
        (&nothing["at_least"], &nothing["at_most"]),
        (&json!(0), &json!(20))
    );
    assert_eq!(nothing["missing"].as_array().unwrap().len(), 7);
}

#[test]
fn the_scale_decides_and_is_said() {
    for (line, spo2, scale) in [
        (r#"{"spo2":90,"on_oxygen":false}"#, 3, 1),
        (r#"{"spo2":90,"on_oxygen":false,"spo2_scale":1}"#, 3, 1),
        (r#"{"spo2":90,"on_oxygen":false,"spo2_scale":null}"#, 3, 1),
        (r#"{"spo2":90,"on_oxygen":false,"spo2_scale":2}"#, 0, 2),
        (r#"{"spo2":97,"on_oxygen":true,"spo2_scale":2.0}"#, 3, 2),
        (r#"{"spo2":97,"on_oxygen":true}"#, 0, 1),
    ] {
        let it = answer(line);
        assert_eq!(
            (&it["subscores"]["spo2"], &it["spo2_scale"]),
            (&json!(spo2), &json!(scale)),
            "{line}"
        );
    }
}

#[test]
fn what_is_out_of_range_is_refused_with_the_range_and_the_edges_are_taken() {
    for (key, from, to, below, above) in [
        ("respiration_rate", "0", "100", "-1", "100.5"),
        ("spo2", "1", "100", "0.9", "101"),
        ("systolic_bp", "20", "300", "19", "301"),
        ("pulse", "20", "350", "19.9", "351"),
        ("temperature", "25", "45", "24.99", "45.04"),
    ] {
        for value in [below, above] {
            let told = reason(&format!("{{\"{key}\":{value}}}"));
            assert_eq!(
                told,
                format!("{key} must lie between {from} and {to}"),
                "{value}"
            );
        }
        for value in [from, to] {
            let taken = answer(&format!("{{\"{key}\":{value}}}"));
            assert_eq!(taken["ok"], true, "{key} {value}");
            assert_eq!(
                taken["missing"].as_array().unwrap().len(),
                6,
                "{key} {value}"
            );
        }
    }
    assert_eq!(reason(r#"{"spo2_scale":3}"#), "spo2_scale must be 1 or 2");
}

#[test]
fn what_is_no_observation_is_refused_with_a_reason_and_the_next_line_is_answered() {
    let cases: [(&str, &str); 17] = [
        ("spo2=96", "object"),
        ("[18,96]", "object"),
        ("\"spo2\"", "object"),
        ("{\"spo2\":96", "EOF"),
        ("{\"spo2\":96} {}", "trailing"),
        ("{\"spo2\":NaN}", "expected value"),
        ("{\"spo2\":1e999}", "out of range"),
        ("{\"spo2\":\"96\"}", "spo2 must be a number"),
        ("{\"pulse\":true}", "pulse must be a number"),
        ("{\"pulse\":[70]}", "pulse must be a number"),
        ("{\"on_oxygen\":1}", "on_oxygen must be true or false"),
        ("{\"on_oxygen\":\"yes\"}", "on_oxygen must be true or false"),
        (
            "{\"consciousness\":\"Alert\"}",
            "consciousness must be alert, confusion",
        ),
        (
            "{\"consciousness\":0}",
            "consciousness must be alert, confusion",
        ),
        ("{\"spo2_scale\":\"2\"}", "spo2_scale must be a number"),
        ("{\"o2\":true}", "unknown field `o2`"),
        ("{\"spo2\":85,\"spo2\":97}", "duplicate field `spo2`"),
    ];
    let mut input: Vec<u8> = Vec::new();
    for (line, _) in cases {
        input.extend_from_slice(line.as_bytes());
        input.extend_from_slice(b"\n{\"pulse\":70}\r\n \n");
    }
    input.extend_from_slice(b"{\"spo2\":\xFF}\n");
    let all = answers(&input);
    assert_eq!(all.len(), 2 * cases.len() + 1);
    for (pair, (line, told)) in all.chunks(2).zip(cases) {
        let reason = pair[0]["reason"].as_str().unwrap_or_default();
        assert!(
            pair[0]["ok"] == false && reason.contains(told),
            "{line}: {}",
            pair[0]
        );
        assert_eq!(pair[1]["subscores"]["pulse"], 0, "after {line}");
    }
    assert_eq!(all.last().unwrap()["ok"], false);
}

#[test]
fn a_line_without_end_costs_one_answer_and_no_memory() {
    let mut input = b"{\"pulse\":70}\n{\"pulse\":".to_vec();
    input.resize(input.len() + 5_000_000, b' ');
    input.extend_from_slice(b"}\n{\"pulse\":131}");
    let all = answers(&input);
    assert_eq!(all.len(), 3);
    assert_eq!(
        all[1],
        json!({"ok": false, "reason": "the line is longer than 65536 bytes"})
    );
    assert_eq!(all[2]["subscores"]["pulse"], 3);
    // One that is just short enough is read.
    let mut longest = b"{\"pulse\":70".to_vec();
    longest.resize(65_535, b' ');
    longest.extend_from_slice(b"}\n");
    assert_eq!(answers(&longest)[0]["ok"], true);
    longest.insert(20, b' ');
    assert_eq!(answers(&longest)[0]["ok"], false);
}

#[test]
fn nothing_in_nothing_out_and_blank_lines_are_no_observations() {
    assert_eq!(answers(b""), Vec::<Value>::new());
    assert_eq!(answers(b"\n \t\r\n\n"), Vec::<Value>::new());
    assert_eq!(answers(b"\xEF\xBB\xBF{\"pulse\":70}")[0]["ok"], true);
}

#[test]
fn each_line_is_answered_as_it_comes_and_in_order() {
    let mut program = started();
    let mut stdin = program.stdin.take().unwrap();
    let mut stdout = BufReader::new(program.stdout.take().unwrap());
    for (pulse, points) in [(40, 3), (41, 1), (90, 0), (110, 1), (130, 2), (131, 3)] {
        writeln!(stdin, "{{\"pulse\":{pulse}}}").unwrap();
        stdin.flush().unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let it: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(it["subscores"]["pulse"], points, "{pulse}");
    }
    drop(stdin);
    assert!(program.wait().unwrap().success());
}

#[test]
fn a_hundred_thousand_lines_come_back_in_order() {
    let mut input = String::new();
    for number in 0..100_000_u32 {
        input += &format!("{{\"systolic_bp\":{}}}\n", 20 + number % 281);
    }
    let all = answers(input.as_bytes());
    assert_eq!(all.len(), 100_000);
    for (number, it) in (0..).zip(&all) {
        let expected = match 20 + number % 281 {
            91..=100 => 2,
            101..=110 => 1,
            111..=219 => 0,
            _ => 3,
        };
        assert_eq!(it["subscores"]["systolic_bp"], expected, "{number}");
    }
}

#[test]
fn whoever_reads_may_stop_before_the_end() {
    let mut program = started();
    let mut stdin = program.stdin.take().unwrap();
    drop(program.stdout.take());
    // The program may be gone before all of it is written.
    for _ in 0..100_000 {
        if writeln!(stdin, "{{\"pulse\":70}}").is_err() {
            break;
        }
    }
    drop(stdin);
    let output = program.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
