//! The office's first page: what waits, and where.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use ward_core::kit::Kind;
use ward_core::permit::{Permit, Verb};
use ward_core::time::minutes;

use super::rooms::{Office, Room, round};
use super::rota::post_words;
use super::when::When;
use crate::pages::form::Choice;
use crate::pages::frame::{Chrome, PageError};
use crate::pages::staff::Staff;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/wards/{ward}/office", get(overview))
}

/// Kit and readings that are counted at most.
const COUNTED_AT_MOST: u32 = 200;

/// So many of something wait behind a door.
struct Waiting {
    path: &'static str,
    count: usize,
    words: &'static str,
}

#[derive(Template)]
#[template(path = "office/overview.html")]
struct OverviewPage {
    chrome: Chrome,
    office: Office,
    waiting: Vec<Waiting>,
    on_duty: Vec<String>,
    may_refer: bool,
}

async fn overview(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SeePatient)?;
    let when = When::of(&app, &staff);
    let mut waiting = Vec::new();
    if staff.may(Verb::ReviewCases) {
        waiting.push(Waiting {
            path: "/cases",
            count: app.wards.cases(permit, None).await?.len(),
            words: "new results to review",
        });
    }
    waiting.push(Waiting {
        path: "/referrals",
        count: app.wards.referrals(permit, true, None).await?.len(),
        words: "referrals to answer or admit",
    });
    let apart = app
        .wards
        .quarantined(permit, false, None, COUNTED_AT_MOST)
        .await?;
    waiting.push(Waiting {
        path: "/kit/apart",
        count: apart.len(),
        words: "readings that are nobody's",
    });
    if staff.may(Verb::ManageKit) {
        let (mut overdue, mut cleaning) = (0, 0);
        for kind in [Kind::Oximeter, Kind::Bridge] {
            let page = app.wards.kit_page(permit, kind, None, COUNTED_AT_MOST);
            for record in page.await? {
                let due_back = record.kit.state.due_back();
                overdue += usize::from(due_back.is_some_and(|day| day < when.today));
                cleaning += usize::from(record.kit.state.name() == "cleaning");
            }
        }
        waiting.push(Waiting {
            path: "/kit?state=overdue",
            count: overdue,
            words: "pieces of kit overdue",
        });
        waiting.push(Waiting {
            path: "/kit?state=cleaning",
            count: cleaning,
            words: "pieces of kit to clean",
        });
    }
    let turns = app
        .wards
        .rota(permit, when.now, when.now.plus(minutes(1)))
        .await?;
    let mut on_duty = Vec::with_capacity(turns.len());
    for turn in turns {
        let name = app.wards.clinician_name(turn.clinician).await?;
        on_duty.push(format!(
            "{}, {}, until {}",
            name.unwrap_or_default(),
            post_words(turn.post).to_lowercase(),
            when.at(turn.until)
        ));
    }
    let (chrome, office) = round(&staff, Room::Overview);
    let drawn = OverviewPage {
        chrome,
        office,
        waiting,
        on_duty,
        may_refer: staff.may(Verb::Refer),
    };
    Ok(staff.answer(StatusCode::OK, &drawn))
}

/// Everybody who is on the ward now, by name, to be chosen from.
pub(super) async fn caseload_choices(
    app: &App,
    permit: &Permit,
    now: &str,
) -> Result<Vec<Choice>, PageError> {
    let board = app.wards.board(permit).await?;
    let mut people: Vec<(String, String)> = board
        .iter()
        .flat_map(|board| &board.snapshot.caseload)
        .map(|one| {
            let words = format!(
                "{}, {}",
                one.patient.display_name(),
                one.patient.birth_date.on_screen()
            );
            (words, one.record.stay.id.to_string())
        })
        .collect();
    people.sort();
    let choices = people
        .into_iter()
        .map(|(words, id)| Choice::new(id, words, now));
    Ok(choices.collect())
}
