//! The synthetic console: it follows the feed as the board does, event by event, and says what it has shown.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;
use ward_core::id::{AlertNumber, Seq};
use ward_wire::feed::{Event, Frame, Receipt};

use super::Cast;
use super::line::{Line, Socket};

pub(super) struct Console {
    socket: Socket,
    /// The last event that it has.
    cursor: Seq,
}

impl Console {
    pub(super) async fn open(line: &Line, cast: &Cast, after: Seq) -> Result<Self, String> {
        let path = format!("/api/wards/{}/feed?after={}", cast.canary.ward, after.0);
        let socket = line.feed(&path, &cast.session).await?;
        Ok(Self {
            socket,
            cursor: after,
        })
    }

    /// Waits for what the feed says of an alert under this number of the log. What is on the screen then.
    pub(super) async fn until(&mut self, number: AlertNumber, at: Seq) -> Result<Seq, String> {
        while let Some(message) = self.socket.next().await {
            let message = message.map_err(|why| why.to_string())?;
            let text = match message {
                Message::Text(text) => text,
                Message::Close(why) => return Err(format!("the socket was closed: {why:?}")),
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
                    continue;
                }
            };
            let frame: Frame = serde_json::from_str(&text).map_err(|why| why.to_string())?;
            let Frame::Event { seq, event, .. } = frame else {
                continue;
            };
            if Seq(seq) != self.cursor.next() {
                return Err(format!("event {seq} came after {}", self.cursor.0));
            }
            self.cursor = Seq(seq);
            if self.cursor >= at {
                return match event {
                    Event::Alert { alert, .. } if alert.number == number.0 => Ok(self.cursor),
                    _ => Err(format!("event {seq} is another than on the log")),
                };
            }
        }
        Err("the socket ended".to_owned())
    }

    /// All that it has is on its screen, which somebody looks at and hears.
    pub(super) async fn says_shown(&mut self) -> Result<(), String> {
        let receipt = Receipt {
            applied: self.cursor.0,
            visible: true,
            armed: true,
        };
        let text = serde_json::to_string(&receipt).map_err(|why| why.to_string())?;
        let sending = self.socket.send(Message::text(text));
        sending.await.map_err(|why| why.to_string())
    }
}
