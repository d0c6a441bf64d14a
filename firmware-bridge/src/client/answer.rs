//! What an answer of the service means for the bridge.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use ward_wire::problem::Problem;

use super::Failure;

/// Bytes of an answer at most. A confirmed batch of 500 needs a tenth of it.
const ANSWER_LIMIT: usize = 1 << 20;
/// How the `type` of each of the service's problems begins.
const OUR_PROBLEM: &str = "urn:wardlight:problem:";
/// A service cannot ask the bridge to be silent for longer.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(600);

/// An answer, whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    after: Option<Duration>,
    problem: Option<Problem>,
}

impl Answer {
    pub(super) async fn of(response: Response) -> Result<Self, Failure> {
        let (status, after) = (response.status(), retry_after(&response));
        let is_problem = is_problem(&response);
        let body = whole_body(response).await?;
        let problem = (is_problem && !status.is_success())
            .then(|| serde_json::from_slice::<Problem>(&body).ok())
            .flatten()
            .filter(|problem| problem.kind.starts_with(OUR_PROBLEM));
        Ok(Self {
            status,
            body,
            after,
            problem,
        })
    }

    /// The problem, when it is the service's own and has this code.
    pub(super) fn problem(&self, code: &str) -> Option<&Problem> {
        let problem = self.problem.as_ref()?;
        (problem.kind.strip_prefix(OUR_PROBLEM)? == code).then_some(problem)
    }

    pub(super) fn failure(&self) -> Failure {
        failure(self.status, self.after, self.problem.as_ref())
    }
}

/// A proxy, a guest network or another server at the service's address may say "400" to anything: only the service, in its
/// own words, can refuse a reading.
fn failure(status: StatusCode, after: Option<Duration>, problem: Option<&Problem>) -> Failure {
    let detail = problem.map_or_else(
        || status.to_string(),
        |problem| format!("{}: {}", status.as_u16(), problem.detail),
    );
    match status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY if problem.is_some() => {
            Failure::Refused(detail)
        }
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge {
            by_service: problem.is_some(),
        },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::Unauthorised(detail),
        _ => Failure::Later {
            why: format!("the service answers {detail}"),
            after,
        },
    }
}

fn is_problem(response: &Response) -> bool {
    response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/problem+json"))
}

/// Seconds; the other form, a date, needs clocks that agree, and is not sent by the service.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response
        .headers()
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER))
}

async fn whole_body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| {
        super::later(format!(
            "the service's answer breaks off: {}",
            super::causes(&error)
        ))
    })? {
        if body.len() + chunk.len() > ANSWER_LIMIT {
            return Err(super::later("the service's answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
