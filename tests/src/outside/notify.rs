//! GOV.UK Notify, as its REST documentation describes it: the part about text messages.

#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value without such a member is null, and no panic"
)]

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use ring::hmac;
use serde_json::{Value, json};
use uuid::Uuid;
use ward_service::Clock;

use super::served::{Reply, Request, Served, Turn};

/// The service's id and the secret of its key.
const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
const KEY_SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";

/// The one template that it has.
pub const TEMPLATE: &str = "f33517ff-2a88-4f6e-b855-c550268ce08a";

/// Seconds that a token may be off.
const TOLERANCE_SECONDS: i64 = 30;

/// A text that it has taken.
#[derive(Clone, Debug)]
pub struct Text {
    /// Its own id for it.
    pub id: Uuid,
    /// The caller's.
    pub reference: String,
    /// Whom it goes to.
    pub phone_number: String,
    /// What it says: the template's one place is `((text))`.
    pub body: String,
    /// How far it is.
    pub status: String,
}

/// Notify.
pub struct Notify {
    /// The server under it.
    pub served: Served,
    texts: Arc<Mutex<Vec<Text>>>,
}

impl Notify {
    /// With a clock of its own.
    pub async fn start(clock: Clock) -> Self {
        let texts: Arc<Mutex<Vec<Text>>> = Arc::default();
        let held = Arc::clone(&texts);
        let deal = move |request: &Request| {
            let now = clock.now().as_millis() / 1000;
            match may_ask(request, now) {
                Ok(()) => deal(request, &mut held.lock().unwrap()),
                Err(why) => error(403, "AuthError", why),
            }
        };
        Self {
            served: Served::start(deal).await,
            texts,
        }
    }

    /// A key for it, as it shows it once.
    #[must_use]
    pub fn api_key() -> String {
        format!("night_shift-{SERVICE}-{KEY_SECRET}")
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.served.address)
    }

    /// The next requests go so.
    pub fn next(&self, turns: &[Turn]) {
        self.served.next(turns);
    }

    /// Every text that it has taken: as many as telephones that rang.
    #[must_use]
    pub fn texts(&self) -> Vec<Text> {
        self.texts.lock().unwrap().clone()
    }

    /// All texts have come so far.
    pub fn all_are(&self, status: &str) {
        for text in self.texts.lock().unwrap().iter_mut() {
            status.clone_into(&mut text.status);
        }
    }
}

fn error(status: u16, kind: &str, message: &str) -> Reply {
    let body = json!({"status_code": status, "errors": [{"error": kind, "message": message}]});
    Reply {
        status,
        body: body.to_string(),
    }
}

fn may_ask(request: &Request, now_seconds: i64) -> Result<(), &'static str> {
    let token = request.header("authorization").strip_prefix("Bearer ");
    let token = token.ok_or("Unauthorized: authentication token must be provided")?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| "Invalid token");
    let [head, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        return Err("Invalid token");
    };
    let read = |part: &str| -> Result<Value, &'static str> {
        serde_json::from_slice(&decode(part)?).map_err(|_| "Invalid token")
    };
    let (known, said) = (read(head)?, read(claims)?);
    if known["alg"] != "HS256" || known["typ"] != "JWT" {
        return Err("Invalid token: algorithm used is not HS256");
    }
    if said["iss"] != SERVICE {
        return Err("Invalid token: service not found");
    }
    let made = said["iat"]
        .as_i64()
        .ok_or("Invalid token: iat field not provided")?;
    if (now_seconds - made).abs() > TOLERANCE_SECONDS {
        return Err("Error: Your system clock must be accurate to within 30 seconds");
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY_SECRET.as_bytes());
    let text = format!("{head}.{claims}");
    hmac::verify(&key, text.as_bytes(), &decode(signature)?)
        .map_err(|_| "Invalid token: signature, api token not found")
}

fn deal(request: &Request, texts: &mut Vec<Text>) -> Reply {
    let url = Url::parse(&format!("http://notify{}", request.target)).unwrap();
    let path: Vec<&str> = url.path().split('/').skip(1).collect();
    match (request.method.as_str(), &path[..]) {
        ("POST", ["v2", "notifications", "sms"]) => take(&request.body, texts),
        ("GET", ["v2", "notifications"]) => {
            let asked = |name: &str| {
                let found = url.query_pairs().find(|(known, _)| known == name);
                found.map(|(_, value)| value.into_owned())
            };
            if asked("template_type").is_some_and(|kind| kind != "sms") {
                return error(400, "ValidationError", "template_type is not one of [sms]");
            }
            let reference = asked("reference");
            let found: Vec<Value> = texts
                .iter()
                .filter(|text| reference.as_ref().is_none_or(|it| *it == text.reference))
                .map(as_shown)
                .collect();
            let body = json!({"notifications": found, "links": {"current": "/v2/notifications"}});
            Reply {
                status: 200,
                body: body.to_string(),
            }
        }
        ("GET", ["v2", "notifications", id]) => {
            match texts.iter().find(|text| text.id.to_string() == *id) {
                Some(text) => Reply {
                    status: 200,
                    body: as_shown(text).to_string(),
                },
                None => error(404, "NoResultFound", "No result found"),
            }
        }
        _ => error(404, "NotFound", "The requested URL was not found"),
    }
}

fn as_shown(text: &Text) -> Value {
    json!({
        "id": text.id,
        "reference": text.reference,
        "phone_number": text.phone_number,
        "type": "sms",
        "status": text.status,
        "template": {"id": TEMPLATE, "version": 1, "uri": "/v2/template"},
        "body": text.body,
        "email_address": null,
        "created_at": "2026-11-21T08:00:00.000000Z",
    })
}

fn take(body: &[u8], texts: &mut Vec<Text>) -> Reply {
    let Ok(asked) = serde_json::from_slice::<Value>(body) else {
        return error(400, "BadRequestError", "Invalid JSON supplied in POST data");
    };
    let known = [
        "phone_number",
        "template_id",
        "personalisation",
        "reference",
        "sms_sender_id",
    ];
    if let Some(other) = asked
        .as_object()
        .unwrap()
        .keys()
        .find(|key| !known.contains(&key.as_str()))
    {
        let why = format!("Additional properties are not allowed ({other} was unexpected)");
        return error(400, "ValidationError", &why);
    }
    if asked["template_id"] != TEMPLATE {
        return error(400, "BadRequestError", "Template not found");
    }
    let Some(number) = asked["phone_number"].as_str() else {
        return error(
            400,
            "ValidationError",
            "phone_number is a required property",
        );
    };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if !digits.starts_with("07") && !digits.starts_with("447") {
        return error(
            400,
            "ValidationError",
            "phone_number Not a UK mobile number",
        );
    }
    let Some(text) = asked["personalisation"]["text"].as_str() else {
        return error(400, "BadRequestError", "Missing personalisation: text");
    };
    let text = Text {
        id: Uuid::from_u128(0x5000 + texts.len() as u128),
        reference: asked["reference"].as_str().unwrap_or_default().to_owned(),
        phone_number: number.to_owned(),
        body: text.to_owned(),
        status: "created".to_owned(),
    };
    let shown = json!({
        "id": text.id,
        "reference": text.reference,
        "content": {"body": text.body, "from_number": "Ward"},
        "uri": "/v2/notifications",
        "template": {"id": TEMPLATE, "version": 1, "uri": "/v2/template"},
    });
    texts.push(text);
    Reply {
        status: 201,
        body: shown.to_string(),
    }
}
