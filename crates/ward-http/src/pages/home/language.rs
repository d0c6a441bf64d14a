//! In which language somebody reads: as they chose on this device, or else as the ward knows it of them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;
use ward_text::Language;

use super::error::HomeError;
use super::frame::Frame;
use crate::origin;
use crate::pages::form::{form_bytes, read};
use crate::pages::frame::page;
use crate::routes::App;

const COOKIE: &str = "wardlight-language";

/// The language of this device, or that of the person, or English.
pub(crate) fn of(headers: &HeaderMap, spoken: &str) -> Language {
    let lines = headers.get_all(header::COOKIE).iter();
    let chosen = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == COOKIE)
        .and_then(|(_, tag)| Language::of(tag));
    chosen
        .or_else(|| Language::named(spoken))
        .unwrap_or_default()
}

/// The cookie that keeps a choice.
pub(crate) fn cookie(language: Language) -> HeaderValue {
    let cookie = format!(
        "{COOKIE}={}; Path=/home; SameSite=Lax; Max-Age=34560000",
        language.tag()
    );
    HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "home/language.html")]
struct LanguagePage {
    frame: Frame,
    next: String,
    languages: Vec<(&'static str, &'static str, &'static str, bool, bool)>,
}

pub(crate) async fn form(headers: HeaderMap, Query(Next { next }): Query<Next>) -> Response {
    let language = of(&headers, "");
    let next = safe(&next).to_owned();
    let languages = Language::ALL.map(|it| {
        let (tag, way) = (it.tag(), it.direction().as_str());
        (tag, way, it.own_name(), it == language, !it.is_approved())
    });
    let template = LanguagePage {
        frame: Frame::of_nobody(language, next.clone()),
        next,
        languages: languages.to_vec(),
    };
    page(StatusCode::OK, &template)
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    language: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn choose(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, HomeError> {
    origin::check(request.headers(), &app.options)?;
    let Choice { language, next } = read(&form_bytes(request, &app).await?)?;
    let chosen = Language::of(&language).unwrap_or_default();
    let cookie = AppendHeaders([(header::SET_COOKIE, cookie(chosen))]);
    Ok((cookie, Redirect::to(safe(&next))).into_response())
}

/// Only a page of these is gone back to.
pub(crate) fn safe(next: &str) -> &str {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '-' | '_');
    if next.starts_with("/home/") && next.chars().all(plain) {
        next
    } else {
        "/home"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_on_the_device_counts_before_the_record() {
        let mut headers = HeaderMap::new();
        assert_eq!(of(&headers, "Polish"), Language::Polish);
        let chosen = HeaderValue::from_static("a=b; wardlight-language=ur");
        headers.insert(header::COOKIE, chosen);
        assert_eq!(of(&headers, "Polish"), Language::Urdu);
    }

    #[test]
    fn nobody_is_sent_to_another_site_after_choosing() {
        assert_eq!(safe("/home/abc/reading"), "/home/abc/reading");
        for elsewhere in [
            "",
            "//evil.example",
            "/home/\\evil.example",
            "/home/x?y=z",
            "/wards",
            "/home/\r\nx",
        ] {
            assert_eq!(safe(elsewhere), "/home", "{elsewhere}");
        }
    }
}
