//! A console: the board, the feed behind it, and receipts for what is on the screen.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::Request;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use ward_wire::board::{AlertView, Board};
use ward_wire::feed::Receipt;

use crate::nurse::Nurse;
use crate::screen::Screen;

/// How long a test waits for what another task does. Never reached by a test that passes.
pub const LIMIT: Duration = Duration::from_secs(20);

/// At most so many receipts a second: the service takes twenty.
const RECEIPT_EVERY: Duration = Duration::from_millis(70);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What a console says of its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Showing {
    /// Visible, with sound armed.
    All,
    /// Visible, but nobody has pressed "Start shift".
    Unarmed,
    /// Behind another window.
    Hidden,
    /// It says nothing at all.
    Nothing,
}

/// A console that is open.
pub struct Console {
    shared: Arc<Shared>,
    showing: Showing,
    line: Option<JoinHandle<()>>,
}

struct Shared {
    screen: Mutex<Screen>,
    changed: watch::Sender<()>,
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut Screen)) {
        change(&mut self.screen.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_replace(());
    }
}

/// The upgrade that a browser would send.
#[must_use]
pub fn upgrade(nurse: &Nurse, after: i64) -> Request<()> {
    let url = format!("ws://{}{}", nurse.address, nurse.path("/feed"));
    let mut request = format!("{url}?after={after}")
        .into_client_request()
        .unwrap();
    let headers = request.headers_mut();
    headers.insert("cookie", nurse.cookie.parse().unwrap());
    let origin = format!("http://{}", nurse.address);
    headers.insert("origin", origin.parse().unwrap());
    request
}

/// Whether an upgrade was let through; else the status of the refusal.
///
/// # Errors
/// The status.
pub async fn try_upgrade(request: Request<()>) -> Result<Socket, u16> {
    match tokio_tungstenite::connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(refusal)) => Err(refusal.status().as_u16()),
        Err(other) => panic!("neither let through nor refused: {other}"),
    }
}

impl Console {
    /// Takes the board and follows it, with a visible page and sound armed.
    pub async fn opened_by(nurse: &Nurse) -> Self {
        Self::opened(nurse, Showing::All).await
    }

    /// Takes the board and follows it.
    pub async fn opened(nurse: &Nurse, showing: Showing) -> Self {
        let screen = Screen::of(nurse.board().await);
        let mut console = Self {
            shared: Arc::new(Shared {
                screen: Mutex::new(screen),
                changed: watch::Sender::new(()),
            }),
            showing,
            line: None,
        };
        console.resumes(nurse).await;
        console
    }

    /// Follows from where it stands, and waits until it has caught up.
    pub async fn resumes(&mut self, nurse: &Nurse) {
        self.cut_line().await;
        let after = self.screen().cursor;
        let socket = try_upgrade(upgrade(nurse, after)).await.unwrap();
        self.shared.change(|screen| {
            screen.caught_up = false;
            screen.closed = None;
        });
        self.line = Some(tokio::spawn(follow(
            Arc::clone(&self.shared),
            self.showing,
            socket,
        )));
        self.until("caught up", |screen| screen.caught_up.then_some(()))
            .await;
    }

    /// Somebody pulls the cable out: no closing handshake.
    pub async fn cut_line(&mut self) {
        if let Some(line) = self.line.take() {
            line.abort();
            let _ = line.await;
        }
    }

    /// What is on the screen now.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.shared
            .screen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits until the screen shows something.
    ///
    /// # Panics
    /// When it does not within [`LIMIT`], or the feed was at fault.
    #[track_caller]
    pub fn until<T>(
        &self,
        what: &str,
        look: impl Fn(&Screen) -> Option<T>,
    ) -> impl Future<Output = T> {
        let place = std::panic::Location::caller();
        async move {
            let mut changed = self.shared.changed.subscribe();
            let looking = async {
                loop {
                    let screen = self.screen();
                    assert_eq!(screen.faults, [""; 0], "the feed, at {place}");
                    if let Some(found) = look(&screen) {
                        return found;
                    }
                    changed.changed().await.unwrap();
                }
            };
            match tokio::time::timeout(LIMIT, looking).await {
                Ok(found) => found,
                Err(_) => panic!("never {what}, at {place}: {:#?}", self.screen()),
            }
        }
    }

    /// Waits for an alert in some state.
    #[track_caller]
    pub fn sees(
        &self,
        what: &str,
        is: impl Fn(&AlertView) -> bool,
    ) -> impl Future<Output = AlertView> {
        self.until(what, move |screen| {
            screen.alerts.values().find(|alert| is(alert)).cloned()
        })
    }

    /// Waits until everything up to an event is on the screen.
    #[track_caller]
    pub fn reaches(&self, seq: i64) -> impl Future<Output = Screen> {
        self.until("at that event", move |screen| {
            (screen.cursor >= seq).then(|| screen.clone())
        })
    }

    /// Comes up to a board that was taken just now, and shows the same as it.
    pub async fn agrees_with(&self, board: Board) {
        let fresh = Screen::of(board);
        let screen = self.reaches(fresh.cursor).await;
        if screen.cursor == fresh.cursor {
            assert_eq!(screen.alerts, fresh.alerts);
        }
    }

    /// Waits until the service closes the line; the code.
    pub async fn is_closed(&self) -> u16 {
        self.until("closed", |screen| screen.closed).await
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            line.abort();
        }
    }
}

async fn follow(shared: Arc<Shared>, showing: Showing, socket: Socket) {
    let (mut sink, mut stream) = socket.split();
    let mut receipts = tokio::time::interval(RECEIPT_EVERY);
    let mut said = None;
    let closed = loop {
        tokio::select! {
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                    Ok(frame) => shared.change(|screen| screen.apply(frame)),
                    Err(why) => shared.change(|screen| screen.faults.push(format!("{why}: {text}"))),
                },
                Some(Ok(Message::Close(frame))) => break frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break None,
            },
            _ = receipts.tick(), if showing != Showing::Nothing => {
                let cursor = shared.screen.lock().unwrap_or_else(PoisonError::into_inner).cursor;
                if said == Some(cursor) {
                    continue;
                }
                said = Some(cursor);
                let receipt = Receipt {
                    applied: cursor,
                    visible: showing != Showing::Hidden,
                    armed: showing != Showing::Unarmed,
                };
                let text = serde_json::to_string(&receipt).unwrap();
                if sink.send(Message::text(text)).await.is_err() {
                    continue;
                }
            }
        }
    };
    // 1006 is what a browser says of a line that ended without a word.
    shared.change(|screen| screen.closed = Some(closed.unwrap_or(1006)));
}
