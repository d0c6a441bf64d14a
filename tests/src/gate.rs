//! A piece of network between a client and the service that can be shut, or lose answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What becomes of what goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// All of it arrives.
    Fair,
    /// Nothing gets through.
    Shut,
    /// What is asked arrives, what is answered does not.
    LosesAnswers,
}

/// A piece of network.
pub struct Gate {
    /// Where a client goes in.
    pub address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    weather: AtomicU8,
    lost: AtomicU32,
}

impl Gate {
    /// Before a service.
    pub async fn before(service: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let held = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, service, Arc::clone(&held)));
            }
        });
        Self { address, state }
    }

    /// Changes the weather.
    pub fn set(&self, weather: Weather) {
        self.state.weather.store(weather as u8, Ordering::SeqCst);
    }

    /// How many answers were lost.
    #[must_use]
    pub fn lost(&self) -> u32 {
        self.state.lost.load(Ordering::SeqCst)
    }
}

impl State {
    fn is(&self, weather: Weather) -> bool {
        self.weather.load(Ordering::SeqCst) == weather as u8
    }
}

async fn pass(mut client: TcpStream, service: SocketAddr, state: Arc<State>) {
    if state.is(Weather::Shut) {
        return;
    }
    let Ok(mut service) = TcpStream::connect(service).await else {
        return;
    };
    let (mut asked, mut answered) = ([0; 16 * 1024], [0; 16 * 1024]);
    loop {
        let through = tokio::select! {
            read = client.read(&mut asked) => match read {
                Ok(1..) if state.is(Weather::Shut) => break,
                Ok(count @ 1..) => service.write_all(asked.get(..count).unwrap_or_default()).await,
                Ok(0) | Err(_) => break,
            },
            read = service.read(&mut answered) => match read {
                Ok(1..) if state.is(Weather::LosesAnswers) => {
                    state.lost.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                Ok(count @ 1..) => client.write_all(answered.get(..count).unwrap_or_default()).await,
                Ok(0) | Err(_) => break,
            },
        };
        if through.is_err() {
            break;
        }
    }
}
