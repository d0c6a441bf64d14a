//! Style sheets, scripts and icons, inside the program.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use rust_embed::RustEmbed;

use crate::problem::ApiError;
use crate::squeeze::{FORM, squeezed};

#[derive(RustEmbed)]
#[folder = "static/"]
#[include = "*.js"]
#[include = "*.css"]
#[include = "*.svg"]
#[include = "*.png"]
#[exclude = "tests/*"]
struct Static;

/// Always asked for again, answered with 304 while nothing has changed: a page never runs an old script.
pub(crate) async fn file(
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    of(&path, &headers)
}

/// One of the files, by its place among them.
pub(crate) fn of(path: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let file = Static::get(path).ok_or_else(ApiError::not_found)?;
    let kind = match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("png") => "image/png",
        _ => "image/svg+xml",
    };
    let tag = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash());
    let tag = format!("\"{tag}-{FORM}\"");
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        == Some(tag.as_str());
    let caching = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let data = match str::from_utf8(&file.data) {
        Ok(text) if kind.starts_with("text/") && !path.starts_with("vendor/") => {
            squeezed(text).into_bytes()
        }
        _ => file.data.into_owned(),
    };
    Ok((caching, [(header::CONTENT_TYPE, kind)], data).into_response())
}
