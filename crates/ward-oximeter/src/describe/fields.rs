//! The members of an answer.

use serde_json::{Map, Number, Value};

use crate::date_time::Stamp;
use crate::plx::{DeviceStatus, MeasurementStatus};
use crate::sfloat::{Decimal, Sfloat};

/// The members of an answer, as they are written down.
#[derive(Debug, Default)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// A number of exact decimals, or null with the reserved word beside it.
    pub(super) fn sfloat(&mut self, name: &str, value: Sfloat) -> &mut Self {
        match value {
            Sfloat::Number(number) => self.set(name, exact(number)),
            Sfloat::Special(special) => self
                .set(name, Value::Null)
                .set(&format!("{name}_special"), special.to_string()),
        }
    }

    /// A whole number of tenths (exponent −1), hundredths or thousandths; none is null.
    pub(super) fn scaled(
        &mut self,
        name: &str,
        value: Option<impl Into<u32>>,
        exponent: i8,
    ) -> &mut Self {
        let value = value.map(|value| nearest(&format!("{}e{exponent}", value.into())));
        self.set(name, value)
    }

    pub(super) fn stamp(&mut self, stamp: Stamp) -> &mut Self {
        self.set("timestamp", stamp.valid().map(|time| time.to_string()))
            .set("timestamp_state", stamp.state())
    }

    pub(super) fn unless_zero(&mut self, name: &str, value: usize) -> &mut Self {
        if value == 0 {
            self
        } else {
            self.set(name, value)
        }
    }

    /// Names of set bits, lowest first.
    pub(super) fn names(
        &mut self,
        name: &str,
        names: impl Iterator<Item = &'static str>,
    ) -> &mut Self {
        self.set(name, names.collect::<Vec<_>>())
    }

    pub(super) fn status(
        &mut self,
        measurement: Option<MeasurementStatus>,
        device: Option<DeviceStatus>,
    ) -> &mut Self {
        if let Some(status) = measurement {
            self.set("meas_status_raw", status.0)
                .names("meas_status", status.names());
        }
        if let Some(status) = device {
            self.set("dev_status_raw", status.0)
                .names("dev_status", status.names());
        }
        self
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Self {
        Self::Object(fields.0)
    }
}

/// The number that the device sent, whole ones as whole ones.
fn exact(number: Decimal) -> Value {
    if number.exponent >= 0 {
        return number.scaled(0).into();
    }
    nearest(&number.to_string())
}

/// The binary fraction nearest to a decimal one is written as the decimal one again: 2.4.
fn nearest(decimal: &str) -> Value {
    let nearest = decimal.parse().ok().and_then(Number::from_f64);
    nearest.map_or(Value::Null, Value::Number)
}
