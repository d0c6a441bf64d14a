//! A Bluetooth address, written one way.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Six bytes in capitals with colons: `00:1C:05:FF:4E:5D`. Not for logs: it can be tied to a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

/// A text that is no Bluetooth address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a Bluetooth address is six pairs of hexadecimal digits, for example 00:1C:05:FF:4E:5D")]
pub struct NotAnAddress;

impl Address {
    /// The address as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last two bytes: enough to tell the oximeters of one home apart in a log, too little to look one up.
    #[must_use]
    pub fn tail(&self) -> &str {
        self.0.get(12..).unwrap_or("")
    }
}

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pairs: Vec<&str> = text.split([':', '-']).collect();
        let fits = pairs.len() == 6
            && pairs
                .iter()
                .all(|pair| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if fits {
            Ok(Self(pairs.join(":").to_ascii_uppercase()))
        } else {
            Err(NotAnAddress)
        }
    }
}

impl TryFrom<String> for Address {
    type Error = NotAnAddress;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "…{}", self.tail())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_one_way_however_it_was_typed() {
        let address: Address = "00-1c-05-ff-4e-5d".parse().unwrap();
        assert_eq!(address.as_str(), "00:1C:05:FF:4E:5D");
        for wrong in ["", "00:1C:05:FF:4E", "00:1C:05:FF:4E:5G", "001C05FF4E5D"] {
            assert_eq!(wrong.parse::<Address>(), Err(NotAnAddress));
        }
    }

    #[test]
    fn a_log_shows_only_the_end_of_an_address() {
        let address: Address = "00:1C:05:FF:4E:5D".parse().unwrap();
        assert_eq!(address.tail(), "4E:5D");
        assert!(!format!("{address:?}").contains("00:1C"));
    }
}
