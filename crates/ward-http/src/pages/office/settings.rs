//! What the ward works by besides its plans: staffed hours, video links, teams, capacity.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Time;
use serde::Deserialize;
use ward_core::day::StaffedHours;
use ward_core::permit::Verb;

use super::rooms::{Office, Room, refused, round};
use super::when::{When, typed_time};
use crate::extract::without_nul;
use crate::pages::form::{FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError};
use crate::pages::staff::{Staff, on_to};
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/settings", get(settings))
        .route("/wards/{ward}/office/settings/hours", post(set_hours))
        .route("/wards/{ward}/office/settings/video", post(set_video))
        .route("/wards/{ward}/office/settings/teams", post(set_teams))
        .route("/wards/{ward}/office/settings/capacity", post(set_capacity))
}

/// The days as the form has them: the fields' ids, and what people call them.
const DAYS: [(&str, &str, &str); 7] = [
    ("monday_from", "monday_until", "Monday"),
    ("tuesday_from", "tuesday_until", "Tuesday"),
    ("wednesday_from", "wednesday_until", "Wednesday"),
    ("thursday_from", "thursday_until", "Thursday"),
    ("friday_from", "friday_until", "Friday"),
    ("saturday_from", "saturday_until", "Saturday"),
    ("sunday_from", "sunday_until", "Sunday"),
];

/// One day of the form.
struct HoursRow {
    title: &'static str,
    from_id: &'static str,
    until_id: &'static str,
    from: String,
    until: String,
    error: Option<String>,
}

/// What the page shows: what was typed where something was refused, what is set elsewhere.
#[derive(Default)]
struct Typed {
    hours: Option<HoursForm>,
    video: Option<String>,
    teams: Option<String>,
    capacity: Option<String>,
}

#[derive(Template)]
#[template(path = "office/settings.html")]
struct SettingsPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    staffed_now: String,
    days: Vec<HoursRow>,
    video: String,
    teams: String,
    capacity: String,
}

async fn settings(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, PageError> {
    let nothing = FormErrors::default();
    draw(&app, &staff, Typed::default(), StatusCode::OK, nothing).await
}

fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

async fn draw(
    app: &App,
    staff: &Staff,
    typed: Typed,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetWardDefaults)?;
    let when = When::of(app, staff);
    let hours = &staff.ward.staffed;
    let staffed_now = if hours.is_staffed(&when.zone, when.now) {
        "Somebody watches the board now.".to_owned()
    } else {
        match hours.next_staffed(&when.zone, when.now) {
            Some(at) => format!("Nobody watches the board now. Next: {}.", when.at(at)),
            None => "Nobody ever watches the board.".to_owned(),
        }
    };
    let typed_hours = typed.hours.map(HoursForm::pairs);
    let days = DAYS.iter().enumerate().map(|(index, day)| {
        let (from_id, until_id, title) = *day;
        let set = hours.0.get(index).copied().flatten();
        let (from, until) = typed_hours
            .as_ref()
            .and_then(|pairs| pairs.get(index).cloned())
            .unwrap_or_else(|| {
                set.map_or_else(Default::default, |(from, until)| {
                    (clock(from), clock(until))
                })
            });
        let error = errors.of(from_id).map(str::to_owned);
        HoursRow {
            title,
            from_id,
            until_id,
            from,
            until,
            error,
        }
    });
    let days = days.collect();
    let video = match typed.video {
        Some(video) => video,
        None => app
            .wards
            .store()
            .video_link(permit.ward)
            .await
            .map_err(ward_service::Unavailable::from)?
            .unwrap_or_default(),
    };
    let teams = match typed.teams {
        Some(teams) => teams,
        None => app.wards.teams(permit).await?.join("\n"),
    };
    let capacity = match typed.capacity {
        Some(capacity) => capacity,
        None => app
            .wards
            .capacity(permit)
            .await?
            .map_or_else(String::new, |capacity| capacity.to_string()),
    };
    let (chrome, office) = round(staff, Room::Settings);
    let drawn = SettingsPage {
        chrome,
        office,
        errors,
        staffed_now,
        days,
        video,
        teams,
        capacity,
    };
    Ok(staff.answer(status, &drawn))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct HoursForm {
    monday_from: String,
    monday_until: String,
    tuesday_from: String,
    tuesday_until: String,
    wednesday_from: String,
    wednesday_until: String,
    thursday_from: String,
    thursday_until: String,
    friday_from: String,
    friday_until: String,
    saturday_from: String,
    saturday_until: String,
    sunday_from: String,
    sunday_until: String,
}

impl HoursForm {
    fn pairs(self) -> [(String, String); 7] {
        [
            (self.monday_from, self.monday_until),
            (self.tuesday_from, self.tuesday_until),
            (self.wednesday_from, self.wednesday_until),
            (self.thursday_from, self.thursday_until),
            (self.friday_from, self.friday_until),
            (self.saturday_from, self.saturday_until),
            (self.sunday_from, self.sunday_until),
        ]
    }
}

/// Both empty: nobody watches. Until midnight may be typed as 24:00.
fn hours_of(form: HoursForm) -> Result<StaffedHours, FormErrors> {
    let mut errors = FormErrors::default();
    let mut days = [None; 7];
    for ((slot, (from, until)), (id, _, title)) in days.iter_mut().zip(form.pairs()).zip(DAYS) {
        if from.trim().is_empty() && until.trim().is_empty() {
            continue;
        }
        let until = if until.trim() == "24:00" {
            Some(Time::midnight())
        } else {
            typed_time(&until)
        };
        *slot = typed_time(&from).zip(until);
        if slot.is_none() {
            errors.add(
                id,
                format!(
                    "{title}: enter two times, for example 08:00 and 20:00, or leave both empty"
                ),
            );
        }
    }
    if errors.is_empty() {
        Ok(StaffedHours(days))
    } else {
        Err(errors)
    }
}

async fn set_hours(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<HoursForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetWardDefaults)?;
    let typed = Typed {
        hours: Some(form.clone()),
        ..Typed::default()
    };
    let hours = match hours_of(form) {
        Ok(hours) => hours,
        Err(errors) => {
            return draw(
                &app,
                &staff,
                typed,
                StatusCode::UNPROCESSABLE_ENTITY,
                errors,
            )
            .await;
        }
    };
    match app.wards.set_staffed_hours(permit, hours).await {
        Ok(()) => Ok(on_to(
            &staff.path("/office/settings"),
            "The staffed hours are set. Patients see them from now on.",
        )),
        Err(error) => again(&app, &staff, typed, error, "monday_from").await,
    }
}

/// The page once more, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    staff: &Staff,
    typed: Typed,
    error: impl Into<crate::problem::ApiError>,
    field: &'static str,
) -> Result<Response, PageError> {
    let mut wrong = None;
    let said = refused(error, field, |status, errors| {
        wrong = Some((status, errors));
        Ok(Response::default())
    });
    match wrong {
        Some((status, errors)) => draw(app, staff, typed, status, errors).await,
        None => said,
    }
}

#[derive(Deserialize)]
struct VideoForm {
    #[serde(default)]
    video: String,
}

async fn set_video(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<VideoForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetWardDefaults)?;
    let pattern = form.video.trim();
    match app.wards.set_video_links(permit, pattern).await {
        Ok(()) => {
            let said = if pattern.is_empty() {
                "Video calls are off."
            } else {
                "The video link is set."
            };
            Ok(on_to(&staff.path("/office/settings"), said))
        }
        Err(error) => {
            let typed = Typed {
                video: Some(form.video.clone()),
                ..Typed::default()
            };
            again(&app, &staff, typed, error, "video").await
        }
    }
}

#[derive(Deserialize)]
struct TeamsForm {
    #[serde(default)]
    teams: String,
}

async fn set_teams(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<TeamsForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetWardDefaults)?;
    let teams = without_nul(form.teams.clone());
    let names = teams.lines().map(str::to_owned).collect();
    match app.wards.set_teams(permit, names).await {
        Ok(()) => Ok(on_to(&staff.path("/office/settings"), "The teams are set.")),
        Err(error) => {
            let typed = Typed {
                teams: Some(form.teams),
                ..Typed::default()
            };
            again(&app, &staff, typed, error, "teams").await
        }
    }
}

#[derive(Deserialize)]
struct CapacityForm {
    #[serde(default)]
    capacity: String,
}

async fn set_capacity(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<CapacityForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetWardDefaults)?;
    let text = form.capacity.trim();
    // What is no number is refused as one that no ward has.
    let capacity = (!text.is_empty()).then(|| text.parse().unwrap_or_default());
    match app.wards.set_capacity(permit, capacity).await {
        Ok(()) => Ok(on_to(
            &staff.path("/office/settings"),
            "The capacity is set. Reports set the number of patients against it.",
        )),
        Err(error) => {
            let typed = Typed {
                capacity: Some(form.capacity),
                ..Typed::default()
            };
            again(&app, &staff, typed, error, "capacity").await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_with_one_time_alone_is_asked_about_and_an_empty_one_is_unstaffed() {
        let form = HoursForm {
            monday_from: "8:00".to_owned(),
            monday_until: "24:00".to_owned(),
            ..HoursForm::default()
        };
        let hours = hours_of(form.clone()).unwrap();
        assert_eq!(
            hours.0[0],
            Some((Time::constant(8, 0, 0, 0), Time::midnight()))
        );
        assert_eq!(hours.0[1], None);
        let half = HoursForm {
            sunday_until: "20:00".to_owned(),
            ..form
        };
        let errors = hours_of(half).err().unwrap();
        assert!(errors.of("sunday_from").is_some());
    }
}
