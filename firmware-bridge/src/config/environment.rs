//! `WARDLIGHT_BRIDGE_SERVICE__URL=…` says `url` of the table `[service]`.

use std::ffi::OsString;

use toml::{Table, Value};

const PREFIX: &str = "WARDLIGHT_BRIDGE_";

/// One variable that speaks to the bridge.
pub(super) struct Said {
    /// The variable's name.
    pub(super) name: String,
    value: String,
}

/// The variables that speak to the bridge, in the order of their names.
pub(super) fn spoken(environment: impl IntoIterator<Item = (OsString, OsString)>) -> Vec<Said> {
    let mut spoken: Vec<Said> = environment
        .into_iter()
        .filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            name.starts_with(PREFIX).then(|| Said {
                value: value.to_string_lossy().into_owned(),
                name,
            })
        })
        .collect();
    spoken.sort_by(|a, b| a.name.cmp(&b.name));
    spoken
}

impl Said {
    /// Puts the value where the name says, over what the file says.
    pub(super) fn put_into(&self, table: &mut Table) -> Result<(), String> {
        let path = self.name.trim_start_matches(PREFIX).to_ascii_lowercase();
        let mut keys: Vec<&str> = path.split("__").collect();
        let last = keys.pop().unwrap_or_default();
        let mut place = table;
        for key in keys {
            place = place
                .entry(key)
                .or_insert_with(|| Value::Table(Table::new()))
                .as_table_mut()
                .ok_or_else(|| format!("{}: `{key}` is a value, not a table", self.name))?;
        }
        place.insert(last.to_owned(), self.value());
        Ok(())
    }

    /// A whole number or a truth value where it reads as one, else text.
    fn value(&self) -> Value {
        if let Ok(number) = self.value.parse() {
            Value::Integer(number)
        } else if let Ok(truth) = self.value.parse() {
            Value::Boolean(truth)
        } else {
            Value::String(self.value.clone())
        }
    }
}
