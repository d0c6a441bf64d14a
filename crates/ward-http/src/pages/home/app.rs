//! What makes an app of the pages: a manifest, a worker that keeps them for when there is no internet, and a sign that
//! the line is there.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::frame::Frame;
use super::language;
use crate::pages::frame::page;
use crate::problem::ApiError;
use crate::routes::App;
use crate::static_files;

/// Installed, it opens on the choice of a person, or on the only one's page.
pub(crate) async fn manifest(headers: HeaderMap) -> Response {
    let language = language::of(&headers, "");
    let name = Frame::of_nobody(language, String::new()).t("home-app-name");
    let manifest = json!({
        "id": "/home",
        "name": name,
        "short_name": name,
        "lang": language.tag(),
        "dir": language.direction().as_str(),
        "start_url": "/home",
        "scope": "/home",
        "display": "standalone",
        "background_color": "#f0f4f5",
        "theme_color": "#005eb8",
        "icons": [
            { "src": "/static/home/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any" },
            { "src": "/static/home/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any maskable" },
            { "src": "/static/home/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any maskable" },
        ],
    });
    let kind = [(header::CONTENT_TYPE, "application/manifest+json")];
    (kind, manifest.to_string()).into_response()
}

/// The worker has all of these pages in its care, though it lies under them.
pub(crate) async fn worker(headers: HeaderMap) -> Result<Response, ApiError> {
    let mut response = static_files::of("home/worker.js", &headers)?;
    response.headers_mut().insert(
        "service-worker-allowed",
        header::HeaderValue::from_static("/home"),
    );
    Ok(response)
}

/// The line is there.
pub(crate) async fn line(State(_): State<Arc<App>>) -> StatusCode {
    StatusCode::NO_CONTENT
}

#[derive(Template)]
#[template(path = "home/offline.html")]
struct OfflinePage {
    frame: Frame,
}

/// Kept by the worker, for a page that it does not have.
pub(crate) async fn offline(headers: HeaderMap) -> Response {
    let frame = Frame::of_nobody(language::of(&headers, ""), "/home".to_owned());
    page(StatusCode::OK, &OfflinePage { frame })
}
