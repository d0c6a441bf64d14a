//! Every route, in one table.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::ws::Utf8Bytes;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use ward_core::id::{Seq, WardId};
use ward_core::ward::WardCode;
use ward_service::{Follower, Tails, Wards};
use ward_wire::bridge::BATCH_BYTES_LIMIT;

use crate::extract::ReceivedAt;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::options::HttpOptions;
use crate::problem::ApiError;
use crate::{
    bridge_api, bridge_status_api, calls_api, correction_api, diary_api, duty_api, escalation_api,
    exertion_api, explain_api, feed, health, kit_api, metrics, pages, patient_api, people_api,
    plan_api, referrals_api, reports_api, session_api, staffed_api, static_files, stays_api, view,
    waiting_api, ward_api,
};

/// Bytes in any body at most.
pub(crate) const BODY_LIMIT: usize = BATCH_BYTES_LIMIT;

/// A request is answered within this time, or not at all.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What every handler has.
pub struct App {
    pub(crate) wards: Wards,
    pub(crate) options: HttpOptions,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    tails: Tails<Utf8Bytes>,
    codes: Arc<RwLock<HashMap<WardId, WardCode>>>,
}

impl App {
    /// The HTTP face of these wards.
    #[must_use]
    pub fn new(wards: Wards, options: HttpOptions) -> Arc<Self> {
        let codes: Arc<RwLock<HashMap<WardId, WardCode>>> = Arc::default();
        let known = Arc::clone(&codes);
        let tails = Tails::new(wards.clone(), move |ward, entry| {
            let known = known.read().unwrap_or_else(PoisonError::into_inner);
            let text = known
                .get(&ward)
                .and_then(|code| serde_json::to_string(&view::frame(code, entry)).ok());
            text.unwrap_or_default().into()
        });
        Arc::new(Self {
            limits: Limits::new(&options),
            metrics: Metrics::new(),
            wards,
            options,
            tails,
            codes,
        })
    }

    /// Follows a ward's log. Its code is looked up first: it stands in every alert's spoken name.
    pub(crate) async fn follow(
        &self,
        ward: WardId,
        after: Seq,
    ) -> Result<Follower<Utf8Bytes>, ApiError> {
        let known = self
            .codes
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(&ward);
        if !known {
            let found = self
                .wards
                .store()
                .ward(ward)
                .await
                .map_err(ward_service::Unavailable::from)?
                .ok_or_else(ApiError::not_found)?;
            self.codes
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(ward, found.code);
        }
        Ok(self.tails.follow(ward, after).await?)
    }

    /// Forgets limits' counters of whoever has not been heard of for a while; runs until the service stops.
    pub async fn tidy_until_stopped(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(Duration::from_secs(60));
        loop {
            tokio::select! {
                () = self.wards.stopping().cancelled() => return,
                _ = ticks.tick() => self.limits.forget_old(),
            }
        }
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Wardlight",
        description = "A remote-monitoring virtual ward. Not for clinical use. Errors are `application/problem+json` (RFC 9457); \
            their `type` is `urn:wardlight:problem:` and a code."
    ),
    modifiers(&Credentials),
    components(schemas(ward_wire::feed::Frame, ward_wire::feed::Receipt, ward_wire::bridge::ReadingItem)),
    tags(
        (name = "bridges", description = "What bridges ask"),
        (name = "session", description = "Signing in and out"),
        (name = "wards", description = "The board, its feed, and what is done from it"),
        (name = "stays", description = "The way through a ward: people, referrals, stays"),
        (name = "plans", description = "What is measured when and judged how, and who must agree"),
        (name = "kit", description = "Oximeters and bridges, and readings that are nobody's until a person says whose"),
        (name = "diary", description = "Diaries, readings by hand and requests for help, as staff enter and see them"),
        (name = "patients", description = "What patients, and who cares for them, enter themselves"),
        (name = "corrections", description = "What was entered in error, and messages to patients"),
        (name = "operation", description = "For the people who run the service")
    )
)]
struct Description;

struct Credentials;

/// For the interface description: the whole of what a bridge must do to sign.
const SIGNATURE: &str = "`Wardlight-Ed25519 bridge=ID,key=KEY,time=MS,nonce=NONCE,body=SHA256,signature=SIGNATURE`, exactly so, with \
    small hexadecimal digits: KEY is the first half of the SHA-256 of the public key, MS milliseconds since 1970 by the service's clock, \
    NONCE 16 random bytes, SHA256 that of the body, SIGNATURE Ed25519 (RFC 8032) over eight parts, each ended by a line feed: \
    `wardlight-bridge-request/1`, method, path with query from `/api/` on, ID, KEY, MS, NONCE, SHA256. A time that is off by more than \
    five minutes is refused with `clock-off` and the service's time in `service_time`; a request that came before with \
    `request-seen-before`; anything altered with `signature-not-good`: sign anew and send again";

impl utoipa::Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let signature = ApiKeyValue::with_description("Authorization", SIGNATURE);
        components.add_security_scheme("bridge", SecurityScheme::ApiKey(ApiKey::Header(signature)));
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The token of a bridge that was enrolled before there were keys. No longer good once it has a key",
            ))
            .build();
        components.add_security_scheme("bridge_token", SecurityScheme::Http(bearer));
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A patient's or carer's token"))
            .build();
        components.add_security_scheme("patient", SecurityScheme::Http(token));
        let cookie = ApiKeyValue::with_description(
            "__Host-wardlight",
            "The session's cookie (`wardlight` without TLS). Requests that change something also bring `X-CSRF-Token` and `Origin`",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

fn api() -> (Router<Arc<App>>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(bridge_api::enrol))
        .routes(routes!(bridge_api::renew_key))
        .routes(routes!(bridge_api::devices))
        .routes(routes!(bridge_api::readings))
        .routes(routes!(bridge_status_api::status))
        .routes(routes!(
            session_api::sign_in,
            session_api::session,
            session_api::sign_out
        ))
        .routes(routes!(ward_api::board))
        .routes(routes!(staffed_api::hours, staffed_api::set_hours))
        .routes(routes!(ward_api::acknowledge))
        .routes(routes!(ward_api::resolve))
        .routes(routes!(duty_api::assign))
        .routes(routes!(escalation_api::escalate))
        .routes(routes!(escalation_api::snooze))
        .routes(routes!(escalation_api::push_key))
        .routes(routes!(escalation_api::subscribe))
        .routes(routes!(escalation_api::unsubscribe))
        .routes(routes!(duty_api::duty))
        .routes(routes!(duty_api::accept))
        .routes(routes!(duty_api::leave))
        .routes(routes!(duty_api::write_note))
        .routes(routes!(duty_api::note_done))
        .routes(routes!(duty_api::pause_audio, duty_api::resume_audio))
        .routes(routes!(explain_api::explanation))
        .routes(routes!(duty_api::sound_tested))
        .routes(routes!(duty_api::look))
        .routes(routes!(waiting_api::waiting))
        .routes(routes!(duty_api::set_filter))
        .routes(routes!(people_api::search))
        .routes(routes!(people_api::duplicates))
        .routes(routes!(people_api::patient, people_api::edit))
        .routes(routes!(people_api::import, people_api::cases))
        .routes(routes!(people_api::review))
        .routes(routes!(referrals_api::refer, referrals_api::referrals))
        .routes(routes!(referrals_api::step))
        .routes(routes!(referrals_api::admit))
        .routes(routes!(referrals_api::readmit))
        .routes(routes!(stays_api::stay))
        .routes(routes!(stays_api::pause))
        .routes(routes!(stays_api::resume))
        .routes(routes!(stays_api::discharge))
        .routes(routes!(stays_api::death))
        .routes(routes!(stays_api::hospital))
        .routes(routes!(stays_api::transfer))
        .routes(routes!(stays_api::channel))
        .routes(routes!(plan_api::plan, plan_api::set_plan))
        .routes(routes!(plan_api::what_if))
        .routes(routes!(plan_api::approve))
        .routes(routes!(plan_api::reject))
        .routes(routes!(plan_api::history))
        .routes(routes!(plan_api::templates))
        .routes(routes!(plan_api::defaults, plan_api::set_defaults))
        .routes(routes!(reports_api::as_json))
        .routes(routes!(reports_api::as_csv))
        .routes(routes!(kit_api::list))
        .routes(routes!(kit_api::receive_oximeter))
        .routes(routes!(kit_api::receive_bridge))
        .routes(routes!(kit_api::step))
        .routes(routes!(kit_api::ask_back))
        .routes(routes!(kit_api::wearers))
        .routes(routes!(kit_api::quarantine))
        .routes(routes!(kit_api::decide))
        .routes(routes!(calls_api::call_list))
        .routes(routes!(calls_api::claim, calls_api::release))
        .routes(routes!(calls_api::contacts, calls_api::log_contact))
        .routes(routes!(calls_api::log_incoming))
        .routes(routes!(calls_api::stop_ladder))
        .routes(routes!(calls_api::book_visit))
        .routes(routes!(calls_api::refer_onward))
        .routes(routes!(calls_api::offer_video))
        .routes(routes!(calls_api::set_video_links))
        .routes(routes!(diary_api::questionnaires))
        .routes(routes!(
            diary_api::questionnaire,
            diary_api::put_questionnaire
        ))
        .routes(routes!(diary_api::diary, diary_api::submit))
        .routes(routes!(diary_api::chart))
        .routes(routes!(diary_api::enter_reading))
        .routes(routes!(diary_api::answer))
        .routes(routes!(
            exertion_api::exertions,
            exertion_api::enter_exertion
        ))
        .routes(routes!(diary_api::help))
        .routes(routes!(patient_api::give_access, patient_api::end_access))
        .routes(routes!(patient_api::sign_in))
        .routes(routes!(patient_api::questions))
        .routes(routes!(patient_api::diary))
        .routes(routes!(patient_api::reading))
        .routes(routes!(patient_api::answer))
        .routes(routes!(patient_api::help))
        .routes(routes!(correction_api::strike_reading))
        .routes(routes!(correction_api::move_reading))
        .routes(routes!(correction_api::strike_entry))
        .routes(routes!(correction_api::strike_contact))
        .routes(routes!(exertion_api::strike_exertion))
        .routes(routes!(correction_api::messages))
        .routes(routes!(correction_api::announce_call))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .split_for_parts()
}

/// The socket lives longer than any answer may take, so it stands apart.
fn socket() -> (Router<Arc<App>>, utoipa::openapi::OpenApi) {
    OpenApiRouter::new()
        .routes(routes!(feed::feed))
        .split_for_parts()
}

/// The interface description, made from the handlers themselves.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut whole = api().1;
    whole.merge(socket().1);
    whole
}

/// All routes with their limits and headers.
pub fn router(app: &Arc<App>) -> Router {
    let private = api()
        .0
        .merge(pages::routes())
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ));
    let answered = private
        .route("/static/{*path}", get(static_files::file))
        .route("/metrics", get(metrics::metrics))
        .route("/api/openapi.json", get(|| async { axum::Json(openapi()) }))
        .layer(
            CompressionLayer::new()
                .gzip(true)
                .compress_when(SizeAbove::new(1024).and(Text)),
        )
        .layer(axum::middleware::from_fn(answer_in_time));
    let mut router = answered
        .merge(socket().0)
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .fallback(pages::not_found)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(app),
            metrics::count,
        ))
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(app),
            ReceivedAt::note,
        ));
    for (name, value) in HEADERS {
        router = router.layer(SetResponseHeaderLayer::overriding(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        ));
    }
    for (name, value) in HEADERS_OF_DOCUMENTS {
        router = router.layer(SetResponseHeaderLayer::overriding(
            HeaderName::from_static(name),
            move |response: &Response| {
                (!is_part_of_a_page(response)).then_some(HeaderValue::from_static(value))
            },
        ));
    }
    if app.options.secure {
        let hsts = HeaderValue::from_static("max-age=31536000");
        router = router.layer(SetResponseHeaderLayer::overriding(
            header::STRICT_TRANSPORT_SECURITY,
            hsts,
        ));
    }
    router.with_state(Arc::clone(app))
}

async fn answer_in_time(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    match tokio::time::timeout(ANSWER_WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::unavailable().into_response(),
    }
}

/// `same-origin` rather than `no-referrer`: with the latter a browser sends `Origin: null` with a form.
const HEADERS: [(&str, &str); 3] = [
    (
        "content-security-policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
];

/// What browsers heed of a document alone. A board is made of forty scripts, and its first view is weighed.
const HEADERS_OF_DOCUMENTS: [(&str, &str); 2] = [
    ("x-frame-options", "DENY"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=()",
    ),
];

fn is_part_of_a_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/javascript") || kind.starts_with("text/css"))
}

/// A compressed page's length could tell about a secret in it (BREACH). The only one that stands in a page, the session's
/// token, is masked anew each time ([`crate::origin::masked`]), and no other site can have a page fetched with our cookies.
/// Answers that hand out a code or a token are shorter than what is compressed.
#[derive(Clone, Copy)]
struct Text;

impl Predicate for Text {
    fn should_compress<B>(&self, response: &axum::http::Response<B>) -> bool
    where
        B: axum::body::HttpBody,
    {
        let kind = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        [
            "text/html",
            "text/css",
            "text/javascript",
            "image/svg",
            "application/json",
        ]
        .iter()
        .any(|text| kind.starts_with(text))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(what: Box<dyn std::any::Any + Send>) -> Response {
    let what = what
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| what.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)");
    tracing::error!(what, "a handler panicked: this is a fault of the program");
    ApiError::unavailable().into_response()
}
