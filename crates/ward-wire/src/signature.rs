//! How a bridge signs its requests: the texts that are signed, and the header that carries a signature.
//!
//! ```text
//! Authorization: Wardlight-Ed25519 bridge=ID,key=KEY,time=MS,nonce=NONCE,body=SHA256,signature=SIGNATURE
//! ```
//! What is signed (Ed25519, RFC 8032) is the text of [`Head::text`]: a line for each of form, method, path with query,
//! bridge, key, time, nonce and the SHA-256 of the body, each ended by a line feed. The path is the service's own, from
//! `/api/` on: a proxy may put the service under another name or folder and change nothing of this. A bridge's key is made
//! for one enrolment at one service, so the text names no service.
//!
//! Texts alone, no cryptography but SHA-256: each end signs and verifies by itself. `vectors/signed_request.json` fixes
//! the form for both.

use std::fmt::{self, Write};
use std::str::FromStr;

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The scheme in `Authorization`.
pub const SCHEME: &str = "Wardlight-Ed25519";

/// A request's time may be off by this much, in milliseconds, either way.
pub const TIME_WINDOW_MS: i64 = 5 * 60 * 1000;

/// The code at the end of the `type` of the problem that says that a request's time is too far off. It carries
/// `service_time`.
pub const CLOCK_OFF: &str = "clock-off";

/// The code of the problem that says that this very request has come before.
pub const SEEN_BEFORE: &str = "request-seen-before";

/// Which key: the first half of the SHA-256 of the public key. It is also the fingerprint that people compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 16]);

impl KeyId {
    /// The id of a public key.
    #[must_use]
    pub fn of(public_key: &[u8; 32]) -> Self {
        let [a @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = sha256(public_key);
        Self(a)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// What a bridge says of a request before its body, and signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Who asks.
    pub bridge: Uuid,
    /// By which of its keys.
    pub key: KeyId,
    /// When, in milliseconds since 1970, by what the bridge takes for the service's clock.
    pub time_ms: i64,
    /// Random, and never used again.
    pub nonce: [u8; 16],
    /// The SHA-256 of the body, which may be empty.
    pub body: [u8; 32],
}

impl Head {
    /// The text that is signed. `path` is with its query, as the service sees it.
    #[must_use]
    pub fn text(&self, method: &str, path: &str) -> String {
        format!(
            "wardlight-bridge-request/1\n{method}\n{path}\n{}\n{}\n{}\n{}\n{}\n",
            self.bridge,
            self.key,
            self.time_ms,
            hex(&self.nonce),
            hex(&self.body)
        )
    }
}

/// A head and its signature: the value of `Authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What is said.
    pub head: Head,
    /// The signature over its text.
    pub signature: [u8; 64],
}

/// The header is not in the one form that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotSigned;

impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Head {
            bridge,
            key,
            time_ms,
            nonce,
            body,
        } = &self.head;
        write!(
            f,
            "{SCHEME} bridge={bridge},key={key},time={time_ms},nonce={},body={},signature={}",
            hex(nonce),
            hex(body),
            hex(&self.signature)
        )
    }
}

impl FromStr for Signed {
    type Err = NotSigned;

    /// Strict: every member once, in this order, nothing else.
    fn from_str(text: &str) -> Result<Self, NotSigned> {
        let rest = text
            .strip_prefix(SCHEME)
            .and_then(|it| it.strip_prefix(' '));
        let mut parts = rest.ok_or(NotSigned)?.split(',');
        let mut next = |name: &str| {
            let value = parts.next().and_then(|part| part.strip_prefix(name));
            value.and_then(|it| it.strip_prefix('=')).ok_or(NotSigned)
        };
        let signed = Self {
            head: Head {
                bridge: next("bridge")?.parse().map_err(|_| NotSigned)?,
                key: KeyId(unhex(next("key")?).ok_or(NotSigned)?),
                time_ms: next("time")?.parse().map_err(|_| NotSigned)?,
                nonce: unhex(next("nonce")?).ok_or(NotSigned)?,
                body: unhex(next("body")?).ok_or(NotSigned)?,
            },
            signature: unhex(next("signature")?).ok_or(NotSigned)?,
        };
        if parts.next().is_some() {
            return Err(NotSigned);
        }
        Ok(signed)
    }
}

/// The text by which a new key proves itself at enrolment. `code` is as it stands in the request.
#[must_use]
pub fn enrolment_proof(code: &str, public_key: &[u8; 32]) -> String {
    format!("wardlight-bridge-enrol/1\n{code}\n{}\n", hex(public_key))
}

/// The text by which a new key proves itself when it comes after `old`, a key of the same bridge that signs the request.
#[must_use]
pub fn rotation_proof(bridge: Uuid, old: KeyId, public_key: &[u8; 32]) -> String {
    format!(
        "wardlight-bridge-rotate/1\n{bridge}\n{old}\n{}\n",
        hex(public_key)
    )
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes in small hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Into a string: cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Exactly so many bytes out of small hexadecimal digits.
#[must_use]
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let bytes: Option<Vec<u8>> = pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? * 16 + digit(*low)?))
        .collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
    use serde_json::Value;

    use super::*;

    fn vector() -> Value {
        serde_json::from_str(include_str!("../vectors/signed_request.json")).unwrap()
    }

    fn of<const N: usize>(vector: &Value, name: &str) -> [u8; N] {
        unhex(vector[name].as_str().unwrap()).unwrap()
    }

    fn head(vector: &Value) -> Head {
        Head {
            bridge: vector["bridge"].as_str().unwrap().parse().unwrap(),
            key: KeyId(of(vector, "key")),
            time_ms: vector["time_ms"].as_i64().unwrap(),
            nonce: of(vector, "nonce"),
            body: sha256(vector["body"].as_str().unwrap().as_bytes()),
        }
    }

    #[test]
    fn the_form_is_that_of_the_vector_and_its_signature_is_ed25519() {
        let vector = vector();
        let seed: [u8; 32] = of(&vector, "seed");
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        let public: [u8; 32] = of(&vector, "public_key");
        assert_eq!(pair.public_key().as_ref(), public);
        assert_eq!(KeyId::of(&public).0, of::<16>(&vector, "key"));
        let head = head(&vector);
        let (method, path) = (&vector["method"], &vector["path"]);
        let text = head.text(method.as_str().unwrap(), path.as_str().unwrap());
        assert_eq!(text, vector["text"].as_str().unwrap());
        let signature = of(&vector, "signature");
        assert_eq!(pair.sign(text.as_bytes()).as_ref(), signature);
        let signed = Signed { head, signature };
        assert_eq!(
            signed.to_string(),
            vector["authorization"].as_str().unwrap()
        );
        assert_eq!(signed.to_string().parse(), Ok(signed));
    }

    #[test]
    fn no_part_can_be_changed_without_the_signature() {
        let vector = vector();
        let key = UnparsedPublicKey::new(&ED25519, of::<32>(&vector, "public_key"));
        let signature: [u8; 64] = of(&vector, "signature");
        let is_good = |head: Head, method: &str, path: &str| {
            let text = head.text(method, path);
            key.verify(text.as_bytes(), &signature).is_ok()
        };
        let head = head(&vector);
        let path = vector["path"].as_str().unwrap();
        assert!(is_good(head, "POST", path));
        assert!(!is_good(head, "PUT", path));
        assert!(!is_good(head, "POST", &format!("{path}&more=1")));
        assert!(!is_good(head, "POST", "/api/bridge/status"));
        let one_off = |at: usize| {
            let mut changed = head;
            match at {
                0 => changed.bridge = Uuid::nil(),
                1 => changed.key.0[15] ^= 1,
                2 => changed.time_ms += 1,
                3 => changed.nonce[0] ^= 1,
                _ => changed.body = sha256(b"another body"),
            }
            changed
        };
        for at in 0..5 {
            assert!(!is_good(one_off(at), "POST", path), "part {at}");
        }
    }

    #[test]
    fn a_header_in_any_other_form_is_none() {
        let vector = vector();
        let good = vector["authorization"].as_str().unwrap();
        assert!(good.parse::<Signed>().is_ok());
        let capitals = good.to_uppercase();
        for wrong in [
            "",
            "Bearer abc",
            good.trim_end_matches(|c| c != ','),
            &good.replace(",nonce", ",once"),
            &good.replace(',', ", "),
            &good.replace("time=", "time=x"),
            &format!("{good},more=1"),
            &good[..good.len() - 1],
            &capitals,
        ] {
            assert_eq!(wrong.parse::<Signed>(), Err(NotSigned), "{wrong}");
        }
    }

    #[test]
    fn a_proof_for_one_purpose_is_none_for_another() {
        let key = [7; 32];
        let (bridge, old) = (Uuid::nil(), KeyId([1; 16]));
        let enrols = enrolment_proof("ABCD-EFGH", &key);
        assert_ne!(enrols, enrolment_proof("ABCD-EFGJ", &key));
        assert_ne!(enrols, enrolment_proof("ABCD-EFGH", &[8; 32]));
        let rotates = rotation_proof(bridge, old, &key);
        assert_ne!(rotates, rotation_proof(bridge, KeyId([2; 16]), &key));
        assert_ne!(rotates, rotation_proof(Uuid::max(), old, &key));
        assert!(!rotates.starts_with("wardlight-bridge-enrol") && rotates.ends_with('\n'));
    }
}
