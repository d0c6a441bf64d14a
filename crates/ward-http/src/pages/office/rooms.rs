//! The rooms of the ward office, and what its pages have in common.

use axum::response::Response;
use ward_core::permit::Verb;

use crate::pages::form::FormErrors;
use crate::pages::frame::{Chrome, Here, PageError, sentence};
use crate::pages::staff::Staff;
use crate::problem::ApiError;

/// Where in the office a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    Overview,
    Cases,
    Referrals,
    Kit,
    Plans,
    Rota,
    People,
    Settings,
    Reports,
    Audit,
}

/// A room's door.
pub(super) struct Door {
    pub(super) path: String,
    pub(super) words: &'static str,
    pub(super) is_here: bool,
}

/// What every page of the office expects, as `office`.
pub(super) struct Office {
    /// The path of the ward: `/wards/…`.
    pub(super) ward: String,
    /// The rooms that this person may enter.
    pub(super) doors: Vec<Door>,
}

const ROOMS: [(Room, Verb, &str, &str); 10] = [
    (Room::Overview, Verb::SeePatient, "", "To do"),
    (Room::Cases, Verb::ReviewCases, "/cases", "New results"),
    (
        Room::Referrals,
        Verb::SeePatient,
        "/referrals",
        "Referrals and admission",
    ),
    (Room::Kit, Verb::ManageKit, "/kit", "Kit"),
    (Room::Plans, Verb::SeePatient, "/plans", "Plans"),
    (Room::Rota, Verb::TakeDuty, "/rota", "Rota"),
    (Room::People, Verb::ManageStaff, "/people", "Staff"),
    (
        Room::Settings,
        Verb::SetWardDefaults,
        "/settings",
        "Settings",
    ),
    (Room::Reports, Verb::SeeReports, "/reports", "Reports"),
    (Room::Audit, Verb::SeeAudit, "/audit", "Audit"),
];

impl Office {
    pub(super) fn of(staff: &Staff, room: Room) -> Self {
        let door = |(which, verb, path, words): (Room, Verb, &str, &'static str)| {
            // A report is of the whole ward: it stands beside the office, under its own address.
            let under = if which == Room::Reports {
                ""
            } else {
                "/office"
            };
            staff.may(verb).then(|| Door {
                path: staff.path(&format!("{under}{path}")),
                words,
                is_here: which == room,
            })
        };
        Self {
            ward: staff.path(""),
            doors: ROOMS.into_iter().filter_map(door).collect(),
        }
    }
}

/// Frame and doors of a page of the office.
pub(super) fn round(staff: &Staff, room: Room) -> (Chrome, Office) {
    (staff.chrome(Here::Office), Office::of(staff, room))
}

/// What a verb refused is said at `field`; what nobody can put right on this page is an error page of its own.
pub(super) fn refused(
    error: impl Into<ApiError>,
    field: &'static str,
    again: impl FnOnce(axum::http::StatusCode, FormErrors) -> Result<Response, PageError>,
) -> Result<Response, PageError> {
    let error = error.into();
    if error.status().is_server_error() || error.status() == axum::http::StatusCode::NOT_FOUND {
        return Err(error.into());
    }
    let said = sentence(error.detail());
    again(error.status(), FormErrors::one(field, said))
}
