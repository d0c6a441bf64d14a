//! Every vector, checked field by field, on the very way that `wardlight-bridge decode` goes.
//!
//! `vectors/ble.json` holds bytes that were captured, taken from public projects, documented, or derived by hand, and what
//! they must decode to.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use ward_oximeter::describe;

/// Numbers by value: 98 and 98.0 are the same. Null and absent are the same.
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

fn check(id: &str, capture: &Value) {
    let found = plain(&describe::capture(capture));
    let wanted = ["expected", "alternative"].map(|name| capture.get(name).map(plain));
    assert!(
        wanted.iter().flatten().any(|wanted| found == *wanted),
        "{id}: {found} is none of {wanted:?}"
    );
}

#[test]
fn every_vector_decodes_to_exactly_what_it_says() {
    let file: Value = serde_json::from_str(include_str!("../vectors/ble.json")).unwrap();
    let mut counts = BTreeMap::<&str, usize>::new();
    for vector in file.get("vectors").and_then(Value::as_array).unwrap() {
        let text = |name: &str| vector.get(name).and_then(Value::as_str).unwrap();
        let (id, kind) = (text("id"), text("kind"));
        *counts.entry(kind).or_default() += 1;
        if kind != "sequence" {
            check(id, vector);
            continue;
        }
        let found = plain(&describe::capture(vector));
        for (name, wanted) in vector.get("outcome").and_then(Value::as_object).unwrap() {
            assert_eq!(found.get(name), Some(&plain(wanted)), "{id}: {name}");
        }
        for step in vector.get("steps").and_then(Value::as_array).unwrap() {
            if step.get("expected").is_some() {
                check(id, step);
            }
        }
    }
    println!("{counts:?}");
    assert_eq!(counts.len(), 24, "kinds: {counts:?}");
}
