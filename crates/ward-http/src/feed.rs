//! The console feed: what follows a number on the ward's log, over a websocket.
//!
//! The socket carries no commands, only the feed and the console's receipts. A console that reads too slowly is cut off
//! and resumes by its cursor.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::SinkExt;
use serde::Deserialize;
use tokio::time::{Instant, Interval, MissedTickBehavior, timeout};
use uuid::Uuid;
use ward_core::id::{Seq, WardId};
use ward_core::permit::Verb;
use ward_service::{Follower, Watcher};
use ward_wire::feed::{Frame, Receipt, STILL_HERE_EVERY_SECONDS};
use ward_wire::problem::Problem;

use crate::extract::{Ids, SignedIn};
use crate::problem::ApiError;
use crate::routes::App;
use crate::view;

/// A console that takes longer than this to read what it was sent is cut off.
const SLOW: Duration = Duration::from_secs(10);

/// Every heartbeat asks for an answer; a console that has said nothing at all for this long is gone.
const SILENT: Duration = Duration::from_secs(20);

/// Receipts a second from one console; more are a fault of the console.
const MESSAGES_PER_SECOND: u32 = 20;

const GOING_AWAY: u16 = 1001;
const POLICY: u16 = 1008;
const TRY_AGAIN: u16 = 1013;
const SESSION_OVER: u16 = 4401;

#[derive(Deserialize)]
pub(crate) struct After {
    after: i64,
}

/// Upgrades to a websocket: one JSON text a message, a `Frame` from the service and a `Receipt` from the console.
#[utoipa::path(get, path = "/api/wards/{ward}/feed", tag = "wards", security(("session" = [])),
    params(("ward" = Uuid, Path), ("after" = i64, Query, description = "The last event that the console has: the board's `as_of`, or its own cursor")), responses(
    (status = 101, description = "Websocket. Each message from the service is one frame", body = Frame),
    (status = 403, description = "The `Origin` is missing or another site's", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No such ward, or not yours", body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "Refused, with what to do next", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn feed(
    State(app): State<Arc<App>>,
    Ids(ward): Ids<Uuid>,
    query: Result<Query<After>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
    signed_in: SignedIn,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    crate::origin::check(&headers, &app.options)?;
    let ward = WardId(ward);
    signed_in.permit(&app, ward, Verb::SeeBoard).await?;
    let Query(After { after }) = query.map_err(|_| {
        ApiError::malformed("`after` is missing or no number: begin with the board's `as_of`")
    })?;
    let upgrade = upgrade
        .map_err(|_| ApiError::malformed("This address is a websocket: send an upgrade request"))?;
    let place = app.limits.console()?;
    let follower = app.follow(ward, Seq(after)).await?;
    let upgrade = upgrade
        .read_buffer_size(1024)
        .write_buffer_size(0)
        .max_write_buffer_size(256 * 1024)
        .max_message_size(64 * 1024)
        .max_frame_size(64 * 1024);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let _place = place;
        // The console that tries the way of an alert is nobody's.
        let is_nobodys = app.wards.self_tested().is_on(ward);
        let _count = (!is_nobodys).then(|| app.metrics.console());
        let mut console = Console {
            app,
            ward,
            signed_in,
            socket,
            follower,
            caught_up: false,
            messages: 0,
            heard_at: Instant::now(),
            receipt: None,
            watcher: None,
        };
        let end = console.run().await;
        tracing::debug!(%ward, ?end, "console gone");
        if let Some((code, reason)) = end.close() {
            let frame = CloseFrame {
                code,
                reason: Utf8Bytes::from_static(reason),
            };
            let _ = timeout(
                Duration::from_secs(1),
                console.socket.send(Message::Close(Some(frame))),
            )
            .await;
        }
    }))
}

/// Why a console's socket ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Gone,
    Stopping,
    TooSlow,
    Unreadable,
    MadeUp,
    TooManyMessages,
    SessionOver,
    NotAvailable,
}

impl End {
    const fn close(self) -> Option<(u16, &'static str)> {
        match self {
            Self::Gone => None,
            Self::Stopping => Some((GOING_AWAY, "the service restarts: connect again")),
            Self::TooSlow => Some((TRY_AGAIN, "too slow: connect again and resume")),
            Self::NotAvailable => Some((
                TRY_AGAIN,
                "the log cannot be read: connect again and resume",
            )),
            Self::Unreadable => Some((POLICY, "not a receipt")),
            Self::MadeUp => Some((POLICY, "a receipt for what was never sent")),
            Self::TooManyMessages => Some((POLICY, "too many messages")),
            Self::SessionOver => Some((SESSION_OVER, "the session is over: sign in again")),
        }
    }
}

struct Console {
    app: Arc<App>,
    ward: WardId,
    signed_in: SignedIn,
    socket: WebSocket,
    follower: Follower<Utf8Bytes>,
    caught_up: bool,
    messages: u32,
    heard_at: Instant,
    receipt: Option<Receipt>,
    /// Held while the page is visible and its sound armed.
    watcher: Option<Watcher>,
}

impl Console {
    async fn run(&mut self) -> End {
        let mut heartbeat = every(Duration::from_secs(STILL_HERE_EVERY_SECONDS));
        let mut look_again = every(self.app.options.look_again_every);
        let mut second = every(Duration::from_secs(1));
        let stopping = self.app.wards.stopping().clone();
        loop {
            if let Err(end) = self.say_caught_up().await {
                return end;
            }
            let step = tokio::select! {
                biased;
                () = stopping.cancelled() => Err(End::Stopping),
                frames = self.follower.next() => match frames {
                    Ok(frames) if frames.is_empty() => {
                        self.caught_up = false;
                        Ok(())
                    }
                    Ok(frames) => self.send_all(frames).await,
                    Err(_) => Err(End::NotAvailable),
                },
                message = self.socket.recv() => self.hear(message).await,
                _ = heartbeat.tick() => self.heartbeat().await,
                _ = second.tick(), if self.messages > 0 || self.receipt.is_some() => self.each_second().await,
                _ = look_again.tick() => self.look_again().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn send_all(&mut self, frames: Vec<Utf8Bytes>) -> Result<(), End> {
        let sending = async {
            for frame in frames {
                self.socket.feed(Message::Text(frame)).await?;
            }
            self.socket.flush().await
        };
        match timeout(SLOW, sending).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::TooSlow),
        }
    }

    async fn send(&mut self, frame: &Frame) -> Result<(), End> {
        let text = serde_json::to_string(frame).map_err(|_| End::NotAvailable)?;
        self.send_all(vec![text.into()]).await
    }

    async fn say_caught_up(&mut self) -> Result<(), End> {
        if self.caught_up || !self.follower.is_caught_up() {
            return Ok(());
        }
        self.caught_up = true;
        let pulse = self.follower.pulse();
        self.send(&Frame::CaughtUp {
            seq: pulse.head.0,
            epoch: pulse.epoch,
        })
        .await?;
        self.still_here().await
    }

    async fn heartbeat(&mut self) -> Result<(), End> {
        if self.heard_at.elapsed() > SILENT {
            return Err(End::Gone);
        }
        self.still_here().await?;
        let ping = self.socket.send(Message::Ping(axum::body::Bytes::new()));
        match timeout(SLOW, ping).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::TooSlow),
        }
    }

    async fn still_here(&mut self) -> Result<(), End> {
        let pulse = self.follower.pulse();
        // While nothing can be written, what is read is of the past as well.
        let unwritten = self.app.wards.store().writes_failing_for();
        let unread = Instant::now().duration_since(pulse.read_at);
        let age = unread.max(unwritten.unwrap_or_default());
        let database_age_ms = u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
        let server_time = view::time(self.app.wards.clock().now());
        // Who is looking at whom is nice to know: the sign of life does not wait long for it, and not fail with it.
        let asked = timeout(
            Duration::from_millis(500),
            self.app.wards.present(self.ward),
        );
        let present = asked.await.ok().and_then(Result::ok);
        self.send(&Frame::StillHere {
            server_time,
            seq: pulse.head.0,
            database_age_ms,
            epoch: pulse.epoch,
            present: present
                .iter()
                .flat_map(|all| all.iter())
                .map(view::shift::present)
                .collect(),
            watching: self.app.wards.watchers(self.ward),
        })
        .await
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        self.messages += 1;
        self.heard_at = Instant::now();
        if self.messages > MESSAGES_PER_SECOND {
            return Err(End::TooManyMessages);
        }
        match message {
            None | Some(Err(_) | Ok(Message::Close(_))) => Err(End::Gone),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Binary(_))) => Err(End::Unreadable),
            Some(Ok(Message::Text(text))) => {
                let receipt: Receipt = serde_json::from_str(&text).map_err(|_| End::Unreadable)?;
                // Apart, so that an idle console does not keep the room that this needs.
                Box::pin(self.shown(receipt)).await
            }
        }
    }

    /// Only a visible page with sound armed counts as having shown anything, and only what was sent to it. What the
    /// database could not take is tried again in a second.
    async fn shown(&mut self, receipt: Receipt) -> Result<(), End> {
        let watches = receipt.visible && receipt.armed;
        if watches != self.watcher.is_some() {
            self.watcher = watches.then(|| self.app.wards.watching().watch(self.ward));
        }
        if !watches {
            return Ok(());
        }
        let seq = Seq(receipt.applied);
        let wards = &self.app.wards;
        let done = if seq <= self.follower.cursor() {
            wards.applied(self.ward, seq).await.is_ok()
        } else {
            // A board that was taken beside the line may be ahead of it, but not of the log.
            let head = wards.store().head(self.ward).await;
            if head.is_ok_and(|head| seq > head.unwrap_or_default()) {
                return Err(End::MadeUp);
            }
            false
        };
        self.receipt = (!done).then_some(receipt);
        Ok(())
    }

    async fn each_second(&mut self) -> Result<(), End> {
        self.messages = 0;
        if let Some(receipt) = self.receipt.take() {
            Box::pin(self.shown(receipt)).await?;
        }
        Ok(())
    }

    /// A session that was ended, or a membership that was taken away, ends the socket. A database that does not answer
    /// does not: the console says itself that it is not live.
    async fn look_again(&mut self) -> Result<(), End> {
        match self.app.wards.session(&self.signed_in.token).await {
            Ok(_) => {}
            Err(ward_service::SessionError::NotSignedIn) => return Err(End::SessionOver),
            Err(ward_service::SessionError::Unavailable(_)) => return Ok(()),
        }
        match self
            .app
            .wards
            .permit(self.signed_in.session.clinician, self.ward, Verb::SeeBoard)
            .await
        {
            Ok(Ok(_)) | Err(_) => Ok(()),
            Ok(Err(_)) => Err(End::SessionOver),
        }
    }
}

fn every(span: Duration) -> Interval {
    let mut interval = tokio::time::interval_at(Instant::now() + span, span);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
