//! Who asks: GOV.UK Notify wants a token with each request, signed with the key (JWT, RFC 7519, HS256).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::json;
use uuid::Uuid;

/// Characters of a UUID as Notify writes it.
const UUID: usize = 36;

/// A key as Notify makes it: its name, the service's id and the secret, with a stroke between them.
#[derive(Clone)]
pub struct ApiKey {
    service: Uuid,
    secret: hmac::Key,
}

impl ApiKey {
    /// Reads `name-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (rest, secret) = text.split_at_checked(text.len().checked_sub(UUID)?)?;
        let rest = rest.strip_suffix('-')?;
        let (name, service) = rest.split_at_checked(rest.len().checked_sub(UUID)?)?;
        // What is signed with is the text of the secret; that it is a UUID only tells a key from something else.
        Uuid::try_parse(secret).ok()?;
        (name.is_empty() || name.ends_with('-')).then_some(())?;
        Some(Self {
            service: Uuid::try_parse(service).ok()?,
            secret: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()),
        })
    }

    /// A token that Notify takes for the next 30 seconds.
    pub fn token(&self, unix_seconds: i64) -> String {
        let claims = json!({"iss": self.service, "iat": unix_seconds});
        signed(&self.secret, &claims)
    }
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ApiKey({}, …)", self.service)
    }
}

fn signed(secret: &hmac::Key, claims: &serde_json::Value) -> String {
    let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"HS256"}"#);
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    let text = format!("{head}.{claims}");
    let tag = hmac::sign(secret, text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "ward_night-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";

    #[test]
    fn a_key_is_taken_apart_from_its_end() {
        let key = ApiKey::read(KEY).unwrap();
        assert_eq!(
            key.service.to_string(),
            "26785a09-ab16-4eb0-8407-a37497a57506"
        );
        assert!(!format!("{key:?}").contains("3d844edf"));
        for wrong in [
            "",
            "hunter2",
            "26785a09-ab16-4eb0-8407-a37497a57506",
            "ward-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122bé",
            "ward26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0",
            "ward-26785a09-ab16-4eb0-8407-a37497a57506+3d844edf-8d35-48ac-975b-e847b4f122b0",
        ] {
            assert!(ApiKey::read(wrong).is_none(), "{wrong}");
        }
    }

    /// RFC 7515, appendix A.1: the signature over the text that is given there.
    #[test]
    fn the_example_of_the_standard_has_its_signature() {
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let secret = hmac::Key::new(hmac::HMAC_SHA256, &URL_SAFE_NO_PAD.decode(secret).unwrap());
        let text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let tag = hmac::sign(&secret, text.as_bytes());
        assert_eq!(
            URL_SAFE_NO_PAD.encode(tag),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
    }

    /// Made once with Python's `hmac` and `base64`.
    #[test]
    fn a_token_is_what_another_program_makes_of_the_same_key_and_time() {
        let key = ApiKey::read(KEY).unwrap();
        assert_eq!(
            key.token(1_795_248_000),
            concat!(
                "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3OTUyNDgwMDAsImlzcyI6IjI2Nzg",
                "1YTA5LWFiMTYtNGViMC04NDA3LWEzNzQ5N2E1NzUwNiJ9.08sFeqWfvqVjAGKnjD_v-94-7zObz3",
                "qy_eI0g2mA8mU",
            )
        );
    }
}
