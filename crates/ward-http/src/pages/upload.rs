//! A form that brings a file, as browsers send it (RFC 7578), held in memory whole: it is no longer than any other body.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;

use crate::origin;
use crate::pages::frame::PageError;
use crate::pages::staff::Staff;
use crate::problem::ApiError;
use crate::routes::App;

/// Fields of one form at most.
const FIELDS_AT_MOST: usize = 20;

/// A form of the staff with a file in it.
pub(crate) struct Upload {
    pub(crate) staff: Staff,
    fields: Vec<(String, Vec<u8>)>,
}

impl Upload {
    /// What stands in a field, or in the file that was chosen there.
    pub(crate) fn field(&self, name: &str) -> &[u8] {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or(&[], |(_, value)| value.as_slice())
    }
}

impl FromRequest<Arc<App>> for Upload {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        origin::check(&parts.headers, &app.options)?;
        let staff = Staff::from_request_parts(&mut parts, app).await?;
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let boundary = kind
            .and_then(|kind| kind.to_str().ok())
            .and_then(boundary)
            .ok_or_else(|| ApiError::malformed("Load the page again, and send its form"))?;
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app).await;
        let bytes = bytes.map_err(|_| ApiError::too_large(crate::routes::BODY_LIMIT))?;
        let fields = fields(&bytes, &boundary)
            .ok_or_else(|| ApiError::malformed("The form broke off: send it again"))?;
        let upload = Self { staff, fields };
        let token = String::from_utf8_lossy(upload.field("csrf_token")).into_owned();
        origin::check_csrf(Some(&token), &upload.staff.signed_in.session.csrf_token)?;
        Ok(upload)
    }
}

fn boundary(kind: &str) -> Option<String> {
    let rest = kind.strip_prefix("multipart/form-data")?;
    let (_, value) = rest.split_once("boundary=")?;
    let value = value.split(';').next()?.trim().trim_matches('"');
    (1..=70).contains(&value.len()).then(|| value.to_owned())
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// The fields by name; `None` when the body does not end as it should.
fn fields(body: &[u8], boundary: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let line = format!("--{boundary}").into_bytes();
    let between = [b"\r\n".as_slice(), &line].concat();
    let mut rest = body.get(find(body, &line)? + line.len()..)?;
    let mut fields = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(fields);
        }
        if fields.len() >= FIELDS_AT_MOST {
            return None;
        }
        let part = rest.strip_prefix(b"\r\n")?;
        let (head, value) = part.split_at_checked(find(part, b"\r\n\r\n")?)?;
        let value = value.strip_prefix(b"\r\n\r\n")?;
        // An empty value begins with the very line break that ends it.
        let end = if value.starts_with(&line) {
            0
        } else {
            find(value, &between)?
        };
        let name = String::from_utf8_lossy(head);
        let name = name.split("name=\"").nth(1)?.split('"').next()?.to_owned();
        fields.push((name, value.get(..end)?.to_vec()));
        let skip = if value.starts_with(&line) {
            line.len()
        } else {
            end + between.len()
        };
        rest = value.get(skip..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "--xyz\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\nabc\r\n--xyz\r\n\
        Content-Disposition: form-data; name=\"list\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n\
        nhs_number\r\n999\r\n\r\n--xyz\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--xyz--\r\n";

    #[test]
    fn a_form_with_a_file_is_taken_apart() {
        let kind = "multipart/form-data; boundary=xyz";
        let fields = fields(BODY.as_bytes(), &boundary(kind).unwrap()).unwrap();
        let of = |name: &str| {
            let found = fields.iter().find(|(known, _)| known == name);
            String::from_utf8_lossy(&found.unwrap().1).into_owned()
        };
        assert_eq!(fields.len(), 3);
        assert_eq!(of("csrf_token"), "abc");
        assert_eq!(of("list"), "nhs_number\r\n999\r\n");
        assert_eq!(of("empty"), "");
    }

    #[test]
    fn what_broke_off_is_no_form() {
        for end in 0..BODY.len() - 4 {
            assert_eq!(fields(&BODY.as_bytes()[..end], "xyz"), None, "{end}");
        }
        assert_eq!(boundary("application/x-www-form-urlencoded"), None);
    }
}
