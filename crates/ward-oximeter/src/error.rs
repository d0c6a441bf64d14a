//! Why bytes could not be decoded.

use thiserror::Error;
use uuid::Uuid;

/// Why a value of a characteristic, or a frame in a byte stream, gave no [`Frame`](crate::Frame).
///
/// Never fatal: it is counted and the bytes are kept. `Display` is the short name that `vectors/ble.json` and
/// `wardlight-bridge decode` use, such as `truncated:spo2`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The value ends before or inside the named field. The whole value is refused: nothing is guessed.
    #[error("truncated:{0}")]
    Truncated(&'static str),
    /// A vendor frame ends before its own length says, or its body is too short for its type.
    #[error("truncated")]
    FrameTruncated,
    /// A vendor frame whose checksum does not fit.
    #[error("crc")]
    Crc,
    /// A vendor frame whose sum does not fit.
    #[error("checksum")]
    Checksum,
    /// A value that holds no measurement: waves, idle marks, and what is too short to be one.
    #[error("not_measurement")]
    NotMeasurement,
    /// A frame of another protocol on the same characteristic, which nobody has proved.
    #[error("unsupported")]
    Unsupported,
    /// A vendor frame that does not start with its marker.
    #[error("sync")]
    Sync,
    /// A vendor frame whose length byte cannot be.
    #[error("length")]
    Length,
    /// No decoder of this family for this characteristic.
    #[error("unknown_characteristic")]
    UnknownCharacteristic(Uuid),
}
