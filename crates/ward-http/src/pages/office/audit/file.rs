//! The audit as a table to keep.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ward_core::permit::Verb;
use ward_service::{AuditMark, AuditWhat};

use super::names::Names;
use super::question::{Asked, question};
use crate::csv::cell;
use crate::pages::frame::PageError;
use crate::pages::office::audit_words::Words;
use crate::pages::office::when::When;
use crate::pages::staff::Staff;
use crate::routes::App;

/// Lines of one file at most; a longer time is fetched in parts.
const IN_A_FILE: usize = 20_000;

pub(super) async fn as_csv(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SeeAudit)?;
    let when = When::of(&app, &staff);
    let question = question(&asked, &when)
        .map_err(|_| crate::problem::ApiError::malformed("Ask for days that can be"))?;
    let mut names = Names::of(&app).await?;
    let mut text = String::from("at,local_time,log_number,person,patient,what\r\n");
    let (mut mark, mut lines) = (AuditMark::default(), 0);
    loop {
        let page = app.wards.audit(permit, question.asked, mark, 500).await?;
        names.learn(&app, permit, &page.lines).await?;
        let words = Words {
            ward_code: staff.ward.code.as_str(),
            names: &names.staff,
            when: &when,
        };
        for line in &page.lines {
            let number = match line.what {
                AuditWhat::Did(seq, _) | AuditWhat::Unreadable(seq) => seq.0.to_string(),
                AuditWhat::Looked(_) => String::new(),
            };
            let cells = [
                line.at.to_string(),
                when.stamp(line.at),
                number,
                names.who(line),
                names.whom(line).unwrap_or_default().to_owned(),
                words.of(&line.what),
            ];
            text.push_str(&cells.map(|text| cell(&text)).join(","));
            text.push_str("\r\n");
        }
        lines += page.lines.len();
        match page.next {
            Some(next) if lines < IN_A_FILE => mark = next,
            Some(_) => {
                text.push_str("\"\",\"\",\"\",\"\",\"\",\"There is more: ask for fewer days\"\r\n");
                break;
            }
            None => break,
        }
    }
    let name = format!(
        "attachment; filename=\"audit-{}-{}-to-{}.csv\"",
        staff.ward.code, question.first, question.last
    );
    let kind = "text/csv; charset=utf-8".to_owned();
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}
