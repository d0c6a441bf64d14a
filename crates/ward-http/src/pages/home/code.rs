//! How somebody comes in: a code from the ward, typed or in a link, and the patient's date of birth.
//!
//! A link only opens a page that asks for the date of birth. Whatever follows links before a person does, a mail scanner
//! above all, uses no code up: that takes a form that is sent with a date in it, and without one no try is counted.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;
use ward_core::patient::BirthDate;
use ward_service::AccessError;
use ward_text::Language;

use super::error::HomeError;
use super::frame::Frame;
use super::language;
use super::number;
use super::tokens::Tokens;
use crate::extract::ClientAddress;
use crate::origin;
use crate::pages::form::{form_bytes, read};
use crate::pages::frame::page;
use crate::routes::App;

/// Letters and digits of a code.
const CODE_LENGTH: usize = 16;

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CodeForm {
    code: String,
    day: String,
    month: String,
    year: String,
    /// What was asked: the code, or the date of birth too.
    asked: String,
}

#[derive(Template)]
#[template(path = "home/code.html")]
struct CodePage {
    frame: Frame,
    code: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "home/birth.html")]
struct BirthPage {
    frame: Frame,
    form: CodeForm,
    error: Option<String>,
}

fn frame(language: Language) -> Frame {
    Frame::of_nobody(language, "/home/code".to_owned())
}

fn ask_code(language: Language, code: String, error: Option<&str>) -> Response {
    let frame = frame(language);
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let error = error.map(|id| frame.t(id));
    page(status, &CodePage { frame, code, error })
}

fn ask_birth(language: Language, form: CodeForm, wrong: Option<(StatusCode, &str)>) -> Response {
    let frame = frame(language);
    let status = wrong.map_or(StatusCode::OK, |(status, _)| status);
    let error = wrong.map(|(_, id)| frame.t(id));
    page(status, &BirthPage { frame, form, error })
}

/// A link of the ward brings the code along, and uses nothing up.
pub(crate) async fn form(headers: HeaderMap, Query(form): Query<CodeForm>) -> Response {
    let language = language::of(&headers, "");
    match check(&form.code) {
        Ok(()) => {
            let code = form.code;
            ask_birth(
                language,
                CodeForm {
                    code,
                    ..CodeForm::default()
                },
                None,
            )
        }
        Err(_) => ask_code(language, form.code, None),
    }
}

fn check(code: &str) -> Result<(), &'static str> {
    match code.chars().filter(char::is_ascii_alphanumeric).count() {
        0 => Err("home-code-missing"),
        CODE_LENGTH => Ok(()),
        _ => Err("home-code-short"),
    }
}

pub(crate) async fn enter(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    request: Request,
) -> Result<Response, HomeError> {
    origin::check(request.headers(), &app.options)?;
    let headers = request.headers().clone();
    let (language, tokens) = (language::of(&headers, ""), Tokens::of(&headers, &app));
    let form: CodeForm = read(&form_bytes(request, &app).await?)?;
    if let Err(id) = check(&form.code) {
        return Ok(ask_code(language, form.code, Some(id)));
    }
    if form.asked != "birth" {
        return Ok(ask_birth(language, form, None));
    }
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let birth_date = match birth_date(&form) {
        Ok(date) => date,
        Err(id) => return Ok(ask_birth(language, form, Some((unprocessable, id)))),
    };
    if tokens.are_full() {
        let wrong = Some((StatusCode::CONFLICT, "home-full"));
        return Ok(ask_birth(language, form, wrong));
    }
    if let Err(error) = app.limits.try_code(address) {
        let wrong = Some((error.status(), "home-birth-too-fast"));
        return Ok(ask_birth(language, form, wrong));
    }
    let token = match app.wards.use_access_code(&form.code, birth_date).await {
        Ok(token) => token,
        Err(AccessError::NotThisCode) => {
            let wrong = Some((StatusCode::FORBIDDEN, "home-birth-wrong"));
            return Ok(ask_birth(language, form, wrong));
        }
        Err(error) => return Err(error.into()),
    };
    let who = app.wards.at_home(token.reveal()).await?;
    let tokens = tokens.and(who.stay, token);
    let cookie = AppendHeaders([(header::SET_COOKIE, tokens.cookie(&app)?)]);
    Ok((cookie, Redirect::to(&format!("/home/{}", who.stay))).into_response())
}

/// The date of the three fields. Nobody on a ward was born before 1890, and a year of two digits may mean two centuries.
fn birth_date(form: &CodeForm) -> Result<BirthDate, &'static str> {
    let fields = [&form.year, &form.month, &form.day];
    if fields.iter().any(|field| field.trim().is_empty()) {
        return Err("home-birth-missing");
    }
    let [year, month, day] = fields.map(|field| number::typed(field));
    let whole = |number: Option<f64>| -> Option<String> {
        let number = number.filter(|it| it.fract() == 0.0 && (1.0..=9999.0).contains(it))?;
        Some(format!("{number:.0}"))
    };
    let date = whole(year)
        .filter(|year| year.as_str() >= "1890" && year.len() == 4)
        .zip(whole(month))
        .zip(whole(day))
        .and_then(|((year, month), day)| format!("{year}-{month:0>2}-{day:0>2}").parse().ok());
    date.ok_or("home-birth-not-a-date")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn born(day: &str, month: &str, year: &str) -> Result<String, &'static str> {
        let form = CodeForm {
            day: day.to_owned(),
            month: month.to_owned(),
            year: year.to_owned(),
            ..CodeForm::default()
        };
        birth_date(&form).map(|date| date.to_string())
    }

    #[test]
    fn a_date_of_birth_is_read_from_three_fields() {
        assert_eq!(born("9", "3", "1948"), Ok("1948-03-09".to_owned()));
        assert_eq!(born("۰۹", "03", " 1948 "), Ok("1948-03-09".to_owned()));
        assert_eq!(born("", "3", "1948"), Err("home-birth-missing"));
        for (day, month, year) in [
            ("31", "2", "1948"),
            ("9", "March", "1948"),
            ("9", "3", "48"),
            ("9.5", "3", "1948"),
        ] {
            let wrong = Err("home-birth-not-a-date");
            assert_eq!(born(day, month, year), wrong, "{day} {month} {year}");
        }
    }

    #[test]
    fn a_code_that_is_short_is_asked_again_before_any_try_is_counted() {
        assert_eq!(check("ABCD-EFGH-JKLM-NPQR"), Ok(()));
        assert_eq!(check("abcd efgh jklm npqr"), Ok(()));
        assert_eq!(check("ABCD"), Err("home-code-short"));
        assert_eq!(check(" - "), Err("home-code-missing"));
    }
}
