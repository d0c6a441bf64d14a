//! Where a browser's request comes from. What changes something, and every socket, must come from the service's own pages.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::options::HttpOptions;
use crate::problem::ApiError;

/// Refuses a request whose `Origin` is missing or another site's.
pub(crate) fn check(headers: &HeaderMap, options: &HttpOptions) -> Result<(), ApiError> {
    let origin = headers
        .get(header::ORIGIN)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(ApiError::wrong_origin)?;
    let ours = if options.origins.is_empty() {
        let host = headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let scheme = if options.secure { "https" } else { "http" };
        !host.is_empty() && origin == format!("{scheme}://{host}")
    } else {
        options.origins.iter().any(|known| known == origin)
    };
    if ours {
        Ok(())
    } else {
        Err(ApiError::wrong_origin())
    }
}

/// A session's token as it stands in a page: another text each time, so that the length of a compressed page tells nothing
/// about it.
pub(crate) fn masked(token: &str) -> String {
    let mut mask = vec![0; token.len()];
    if getrandom::fill(&mut mask).is_err() {
        // Without a mask the page could not be sent safely; without a token its forms are refused, and say so.
        return String::new();
    }
    let hidden: Vec<u8> = mask.iter().zip(token.bytes()).map(|(a, b)| a ^ b).collect();
    URL_SAFE_NO_PAD.encode([mask, hidden].concat())
}

fn unmasked(text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (mask, hidden) = bytes.split_at_checked(bytes.len() / 2)?;
    Some(mask.iter().zip(hidden).map(|(a, b)| a ^ b).collect())
}

/// Refuses a request that does not bring its session's token, masked or as it is.
pub(crate) fn check_csrf(brought: Option<&str>, expected: &str) -> Result<(), ApiError> {
    let brought = brought.unwrap_or_default();
    let shown = unmasked(brought).unwrap_or_default();
    let is_ours =
        brought.as_bytes().ct_eq(expected.as_bytes()) | shown.as_slice().ct_eq(expected.as_bytes());
    if !expected.is_empty() && bool::from(is_ours) {
        Ok(())
    } else {
        Err(ApiError::wrong_csrf_token())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(origin: Option<&str>, options: &HttpOptions) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "ward.example".parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        check(&headers, options).is_ok()
    }

    #[test]
    fn only_the_services_own_origin_is_let_in() {
        let options = HttpOptions::default();
        assert!(from(Some("https://ward.example"), &options));
        for wrong in [
            None,
            Some("null"),
            Some("http://ward.example"),
            Some("https://ward.example.evil"),
            Some("https://ward.example:444"),
        ] {
            assert!(!from(wrong, &options), "{wrong:?}");
        }
    }

    #[test]
    fn named_origins_are_exact_and_the_host_header_counts_no_more() {
        let options = HttpOptions {
            origins: vec!["https://board.example".to_owned()],
            ..HttpOptions::default()
        };
        assert!(from(Some("https://board.example"), &options));
        assert!(!from(Some("https://ward.example"), &options));
    }

    #[test]
    fn a_missing_or_wrong_token_is_refused() {
        assert!(check_csrf(Some("abc"), "abc").is_ok());
        assert!(check_csrf(Some("abd"), "abc").is_err());
        assert!(check_csrf(None, "abc").is_err());
        assert!(check_csrf(None, "").is_err());
    }

    #[test]
    fn a_token_stands_in_a_page_as_another_text_each_time() {
        let (one, other) = (masked("a-token"), masked("a-token"));
        assert_ne!(one, other);
        assert!(check_csrf(Some(&one), "a-token").is_ok());
        assert!(check_csrf(Some(&other), "a-token").is_ok());
        assert!(check_csrf(Some(&masked("another")), "a-token").is_err());
    }
}
