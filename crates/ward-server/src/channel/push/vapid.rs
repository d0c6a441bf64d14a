//! Who pushes: a token signed with the service's own key (RFC 8292).

use std::sync::Arc;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Url;
use reqwest::header::HeaderValue;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::json;

/// A token holds so long. A push service refuses one of more than a day.
const HOLDS_SECONDS: i64 = 12 * 3600;

/// The service's key on P-256. A browser agrees to pushes by this key: another one ends every agreement.
#[derive(Clone)]
pub struct VapidKey(Arc<EcdsaKeyPair>);

impl VapidKey {
    /// A new one, as PEM.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub fn new_pem() -> anyhow::Result<String> {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
        let pkcs8 = pkcs8.ok().context("no key can be made")?;
        let text = STANDARD.encode(pkcs8);
        let mut pem = "-----BEGIN PRIVATE KEY-----\n".to_owned();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (line, later) = rest.split_at(rest.len().min(64));
            pem.push_str(line);
            pem.push('\n');
            rest = later;
        }
        pem.push_str("-----END PRIVATE KEY-----\n");
        Ok(pem)
    }

    /// From PEM (PKCS #8, with its public half), as [`VapidKey::new_pem`] or `openssl genpkey` writes it.
    #[must_use]
    pub fn read(pem: &str) -> Option<Self> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).ok()?;
        EcdsaKeyPair::from_pkcs8(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            der.secret_pkcs8_der(),
            &SystemRandom::new(),
        )
        .ok()
        .map(|pair| Self(Arc::new(pair)))
    }

    /// What a page gives to its browser (`applicationServerKey`): base64url without padding.
    #[must_use]
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key())
    }

    /// The header for a push to this endpoint.
    pub(super) fn authorization(
        &self,
        endpoint: &Url,
        contact: &str,
        unix_seconds: i64,
    ) -> Option<HeaderValue> {
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let claims = json!({
            "aud": endpoint.origin().ascii_serialization(),
            "exp": unix_seconds.saturating_add(HOLDS_SECONDS),
            "sub": contact,
        });
        let text = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.0.sign(&SystemRandom::new(), text.as_bytes()).ok()?;
        let token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature));
        let value = format!("vapid t={token}, k={}", self.public());
        let mut value = HeaderValue::from_str(&value).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl std::fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VapidKey({}, …)", self.public())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_read_again_and_shows_its_public_half_alone() {
        let pem = VapidKey::new_pem().unwrap();
        let key = VapidKey::read(&pem).unwrap();
        let public = URL_SAFE_NO_PAD.decode(key.public()).unwrap();
        assert_eq!((public.len(), public.first()), (65, Some(&4)));
        let again = VapidKey::read(&pem.replace('\n', "\r\n")).unwrap();
        assert_eq!(again.public(), key.public());
        assert_ne!(
            VapidKey::read(&VapidKey::new_pem().unwrap())
                .unwrap()
                .public(),
            key.public()
        );
        assert_eq!(format!("{key:?}"), format!("VapidKey({}, …)", key.public()));
    }

    #[test]
    fn what_is_no_such_key_is_refused() {
        let other_curve = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        for text in ["", "hunter2", &other_curve.serialize_pem()] {
            assert!(VapidKey::read(text).is_none(), "{text}");
        }
    }
}
