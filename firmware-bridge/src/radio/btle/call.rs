//! A call to the Bluetooth library with a time limit of its own, and what its failure tells.

use std::time::Duration;

/// Why a call did not do what was wanted.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("{0} took longer than {1:?}")]
    TimedOut(&'static str, Duration),
    #[error("{0}: {1}")]
    Failed(&'static str, btleplug::Error),
    /// Said by the Bluetooth service to a question of our own, as `name: text`.
    #[error("{0}: {1}")]
    Refused(&'static str, String),
    #[error("the link was lost during {0}")]
    Lost(&'static str),
    #[error("stopped during {0}")]
    Stopped(&'static str),
}

/// What a failure is a sign of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The link cannot be encrypted, or must be and is not.
    Security,
    /// The Bluetooth service or its adapter, not this oximeter.
    Adapter,
    /// The Linux kernel gave the attempt up by itself, as it does now and then: worth trying again at once.
    Abort,
    /// The link came up and went at once.
    Lost,
    /// The oximeter did not answer, or something else.
    Device,
}

impl Trouble {
    /// Reads the sign. The library hands on the names and texts of the Bluetooth service and of the attribute protocol;
    /// there is nothing else to tell them by.
    pub(super) fn sign(&self) -> Sign {
        /// BlueZ 5.66, `create_gatt_dbus_error` in `src/gatt-client.c` and `src/device.c`: "Not paired" stands for the
        /// attribute protocol's insufficient authentication, encryption and key size.
        const SECURITY: [&str; 8] = [
            "AuthenticationFailed",
            "AuthenticationCanceled",
            "AuthenticationRejected",
            "AuthenticationTimeout",
            "NotAuthorized",
            "Not paired",
            "Insufficient Authentication",
            "Insufficient Encryption",
        ];
        const ADAPTER: [&str; 5] = [
            "org.bluez.Error.NotReady",
            "org.bluez.Error.NotAvailable",
            "DBus.Error.NoReply",
            "DBus.Error.Disconnected",
            "DBus.Error.ServiceUnknown",
        ];
        const ATT_SECURITY: [&str; 4] = ["0x05", "0x08", "0x0c", "0x0f"];
        let text = match self {
            Self::Lost(_) => return Sign::Lost,
            Self::TimedOut(..) | Self::Stopped(_) => return Sign::Device,
            // Only the long form tells the error's name.
            Self::Failed(_, error) => format!("{error} {error:?}"),
            Self::Refused(_, text) => text.clone(),
        };
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if has(&["abort-by-local"]) {
            Sign::Abort
        } else if has(&SECURITY) || (text.contains("ATT error") && has(&ATT_SECURITY)) {
            Sign::Security
        } else if has(&ADAPTER) {
            Sign::Adapter
        } else {
            Sign::Device
        }
    }
}

/// Waits for a call, but not for ever.
pub(super) async fn within<T>(
    limit: Duration,
    what: &'static str,
    call: impl Future<Output = btleplug::Result<T>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(limit, call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(Trouble::Failed(what, error)),
        Err(_) => Err(Trouble::TimedOut(what, limit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(name: &str, text: &str) -> Sign {
        let error = dbus::Error::new_custom(name, text);
        let error = btleplug::Error::Other(Box::new(error));
        Trouble::Failed("connect", error).sign()
    }

    #[test]
    fn failures_are_told_apart_by_the_words_of_the_bluetooth_service() {
        let failed = "org.bluez.Error.Failed";
        assert_eq!(sign(failed, "le-connection-abort-by-local"), Sign::Abort);
        assert_eq!(
            sign("org.bluez.Error.NotReady", "Resource Not Ready"),
            Sign::Adapter
        );
        assert_eq!(
            sign(
                "org.bluez.Error.AuthenticationFailed",
                "Authentication Failed"
            ),
            Sign::Security
        );
        assert_eq!(
            sign(failed, "Operation failed with ATT error: 0x0f"),
            Sign::Security
        );
        assert_eq!(
            sign(failed, "Operation failed with ATT error: 0x80"),
            Sign::Device
        );
        assert_eq!(
            sign("org.bluez.Error.NotPermitted", "Not paired"),
            Sign::Security
        );
        assert_eq!(
            sign("org.bluez.Error.NotPermitted", "Write not permitted"),
            Sign::Device
        );
        assert_eq!(
            sign(failed, "Software caused connection abort"),
            Sign::Device
        );
        assert_eq!(Trouble::Lost("connect").sign(), Sign::Lost);
    }
}
