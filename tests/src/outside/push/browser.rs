//! A browser's side of a push's encryption.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hmac;
#[expect(
    deprecated,
    reason = "a browser keeps its key; ring's are otherwise for one use"
)]
use ring::test::rand::FixedSliceRandom;
use ward_service::carry::Address;

/// A browser with its key for one subscription.
pub struct Browser {
    private: [u8; 32],
    auth: [u8; 16],
}

impl Browser {
    /// One whose keys are made from a number.
    #[must_use]
    pub const fn number(number: u8) -> Self {
        Self {
            private: [number; 32],
            auth: [number ^ 0x5a; 16],
        }
    }

    #[expect(deprecated, reason = "see above")]
    fn key(&self) -> EphemeralPrivateKey {
        let random = FixedSliceRandom {
            bytes: &self.private,
        };
        EphemeralPrivateKey::generate(&ECDH_P256, &random).unwrap()
    }

    fn public(&self) -> Vec<u8> {
        self.key().compute_public_key().unwrap().as_ref().to_vec()
    }

    /// How it is reached by this endpoint.
    #[must_use]
    pub fn at(&self, endpoint: String) -> Address {
        Address::Push {
            endpoint,
            p256dh: URL_SAFE_NO_PAD.encode(self.public()),
            auth: URL_SAFE_NO_PAD.encode(self.auth),
        }
    }

    /// What a push says; `None` when it is not for this browser, or was changed on the way.
    #[must_use]
    pub fn opens(&self, body: &[u8]) -> Option<Vec<u8>> {
        // RFC 8188, section 2.1: salt, size of a record, length of the key id, the key id.
        let (salt, rest) = body.split_at_checked(16)?;
        let (size, rest) = rest.split_at_checked(4)?;
        let size = u32::from_be_bytes(size.try_into().ok()?);
        let (length, rest) = rest.split_first()?;
        let (theirs, record) = rest.split_at_checked(usize::from(*length))?;
        if record.len() > usize::try_from(size).ok()? || record.len() < 18 {
            return None;
        }
        // RFC 8291, section 3.4, step by step.
        let peer = UnparsedPublicKey::new(&ECDH_P256, theirs);
        let own = self.public();
        agree_ephemeral(self.key(), &peer, |shared| {
            let prk_key = hmac_sha256(&self.auth, &[shared]);
            let ikm = hmac_sha256(&prk_key, &[b"WebPush: info\0", &own, theirs, &[1]]);
            let prk = hmac_sha256(salt, &[&ikm]);
            let key = hmac_sha256(&prk, &[b"Content-Encoding: aes128gcm\0\x01"]);
            let nonce = hmac_sha256(&prk, &[b"Content-Encoding: nonce\0\x01"]);
            let key = UnboundKey::new(&AES_128_GCM, key.get(..16)?).ok()?;
            let nonce = Nonce::try_assume_unique_for_key(nonce.get(..12)?).ok()?;
            let mut record = record.to_vec();
            let plain = LessSafeKey::new(key)
                .open_in_place(nonce, Aad::empty(), &mut record)
                .ok()?;
            // The last record ends with a 2 and any number of zeros.
            let end = plain.iter().rposition(|byte| *byte != 0)?;
            (plain.get(end) == Some(&2)).then(|| plain.get(..end).map(<[u8]>::to_vec))?
        })
        .ok()?
    }
}

fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, &parts.concat()).as_ref().to_vec()
}
