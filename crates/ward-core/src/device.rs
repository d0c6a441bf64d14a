//! Oximeters, and who wore which from when to when.

use serde::{Deserialize, Serialize};

use crate::id::{BridgeId, DeviceId, StayId};
use crate::time::Timestamp;

/// An oximeter from the kit ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Ours.
    pub id: DeviceId,
    /// Bluetooth address, `00:1C:05:FF:4E:5D`.
    pub address: DeviceAddress,
    /// Maker and model, as a person would say it.
    pub model: String,
}

/// A device worn by a stay's patient, read by a bridge, from a time until a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The oximeter.
    pub device: DeviceId,
    /// Whose readings they are.
    pub stay: StayId,
    /// The bridge that connects to it.
    pub bridge: BridgeId,
    /// Readings measured from here on are this stay's …
    pub from: Timestamp,
    /// … up to, not including, here.
    pub until: Option<Timestamp>,
}

/// A Bluetooth device address: six bytes, in capitals, with colons.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceAddress(String);

/// A text that is no Bluetooth address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a Bluetooth address is six pairs of hexadecimal digits, for example 00:1C:05:FF:4E:5D")]
pub struct NotAnAddress;

impl std::str::FromStr for DeviceAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pairs: Vec<&str> = text.split([':', '-']).collect();
        let fits = pairs.len() == 6
            && pairs
                .iter()
                .all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()));
        if fits {
            Ok(Self(pairs.join(":").to_ascii_uppercase()))
        } else {
            Err(NotAnAddress)
        }
    }
}

impl DeviceAddress {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DeviceAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_one_way_however_it_was_typed() {
        assert_eq!(
            "00-1c-05-ff-4e-5d"
                .parse::<DeviceAddress>()
                .unwrap()
                .as_str(),
            "00:1C:05:FF:4E:5D"
        );
        for wrong in ["", "00:1C:05:FF:4E", "00:1C:05:FF:4E:5G", "001C05FF4E5D"] {
            assert_eq!(wrong.parse::<DeviceAddress>(), Err(NotAnAddress));
        }
    }
}
