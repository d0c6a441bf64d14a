//! `wardlight-bridge decode`, from pipe to pipe.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::{Value, json};

fn start() -> Child {
    Command::new(env!("CARGO_BIN_EXE_wardlight-bridge"))
        .arg("decode")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The program's answers to these lines.
fn answers(lines: &[String]) -> Vec<Value> {
    let mut child = start();
    let mut stdin = child.stdin.take().unwrap();
    let input = lines.join("\n");
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Numbers by value; null and absent are the same.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn every_vector_is_answered_through_the_real_program() {
    let file = include_str!("../../../crates/ward-oximeter/vectors/ble.json");
    let file: Value = serde_json::from_str(file).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    // Nothing but the bytes and the kind: the answers are not in the questions.
    let asked: Vec<_> = vectors
        .iter()
        .map(|vector| {
            let mut asked = vector.clone();
            let fields = asked.as_object_mut().unwrap();
            for name in ["expected", "alternative", "outcome", "notes"] {
                fields.remove(name);
            }
            asked.to_string()
        })
        .collect();
    let answers = answers(&asked);
    assert_eq!(answers.len(), vectors.len());
    for (vector, answer) in vectors.iter().zip(&answers) {
        let (id, answer) = (&vector["id"], plain(answer));
        if let Some(outcome) = vector["outcome"].as_object() {
            for (name, wanted) in outcome {
                assert_eq!(answer[name], plain(wanted), "{id}: {name}");
            }
            continue;
        }
        if !ward_oximeter::describe::knows(vector["kind"].as_str().unwrap()) {
            // tests/vectors.rs of ward-oximeter lists these by name.
            assert_eq!(answer["ok"], false, "{id}: {answer}");
            continue;
        }
        let wanted = [&vector["expected"], &vector["alternative"]].map(plain);
        assert!(wanted.contains(&answer), "{id}: {answer}");
    }
}

#[test]
fn an_answer_comes_before_the_next_question_is_asked() {
    let mut child = start();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for spo2 in [97_u8, 98, 99] {
        writeln!(
            stdin,
            r#"{{"kind": "plx_cont", "hex": "00{spo2:02x}004800"}}"#
        )
        .unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["spo2"], spo2);
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
