//! Every minute a synthetic low reading goes the whole way of an alert on this node: in by its own listener, signed as a bridge
//! signs, through the store and the rules to a synthetic console, and on to the end of the alert. Each time that it comes
//! through an address outside is told; when that hears nothing any more, it calls somebody. Two rounds that fail in a row are
//! told to every ward.

mod box_key;
mod console;
mod dead_man;
mod line;
mod own_certificate;
mod way;

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use tokio::sync::Mutex;
use tokio::time::MissedTickBehavior;
use ward_core::self_test::{PathWatch, Round, Stage, Verdict};
use ward_service::{Canary, CanarySession, Wards};

use box_key::BoxKey;
use dead_man::DeadMan;
pub(crate) use line::Line;

/// How a node tries itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfTestOptions {
    /// What people call the node; no two have one name.
    pub node: String,
    /// A round begins so long after the last one did.
    pub every: Duration,
    /// A stage that takes longer has failed.
    pub stage_within: Duration,
    /// A round that takes longer has failed, from the post on.
    pub round_within: Duration,
    /// Who is told of each round that came through, by https, or by http on this machine.
    pub dead_man: Option<Url>,
}

impl SelfTestOptions {
    /// The usual times.
    #[must_use]
    pub const fn of(node: String, dead_man: Option<Url>) -> Self {
        Self {
            node,
            every: Duration::from_secs(60),
            stage_within: Duration::from_secs(10),
            round_within: Duration::from_secs(15),
            dead_man,
        }
    }
}

/// The self-test of a node. Cheap to clone.
#[derive(Clone)]
pub struct SelfTest(Arc<Inner>);

struct Inner {
    wards: Wards,
    options: SelfTestOptions,
    line: Line,
    dead_man: Option<DeadMan>,
    /// One round at a time.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    watch: PathWatch,
    cast: Option<Cast>,
}

/// Who plays: made at the first round, and anew after each that failed, since what failed may have been one of them.
struct Cast {
    canary: Canary,
    key: BoxKey,
    session: CanarySession,
}

impl SelfTest {
    /// # Errors
    /// When TLS cannot start.
    pub(crate) fn new(wards: Wards, options: SelfTestOptions, line: Line) -> anyhow::Result<Self> {
        let dead_man = options.dead_man.clone().map(DeadMan::at).transpose()?;
        Ok(Self(Arc::new(Inner {
            wards,
            options,
            line,
            dead_man,
            state: Mutex::default(),
        })))
    }

    /// Round after round, until the service is stopped.
    pub(crate) async fn until_stopped(self) {
        let stopping = self.0.wards.stopping().clone();
        let every = self.0.options.every;
        // The first one finds a service that is up.
        let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + every, every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                _ = ticks.tick() => {}
            }
            // What a stop interrupts is no failure.
            tokio::select! {
                () = stopping.cancelled() => return,
                _ = self.round() => {}
            }
        }
    }

    /// One round, and telling of it.
    pub async fn round(&self) -> Round {
        let inner = &*self.0;
        let mut state = inner.state.lock().await;
        let round = match inner.go(&mut state.cast).await {
            Ok(()) => Round::Through,
            Err(Broken { stage, why }) => {
                tracing::error!(
                    stage = stage.name(),
                    why,
                    "a synthetic low reading did not come through"
                );
                Round::Failed(stage)
            }
        };
        let now = inner.wards.clock().now();
        inner.wards.self_tested().round(round, now);
        let (watch, verdict) = state.watch.after(round, now);
        state.watch = watch;
        if let Some(verdict) = verdict {
            inner.say(verdict).await;
        }
        match round {
            Round::Through => {
                inner.tell_dead_man().await;
                inner.trim(state.cast.as_ref()).await;
            }
            Round::Failed(_) => inner.forget(&mut state.cast).await,
        }
        round
    }
}

/// Where a round ended, and why.
struct Broken {
    stage: Stage,
    why: String,
}

impl Inner {
    async fn go(&self, cast: &mut Option<Cast>) -> Result<(), Broken> {
        let cast = match cast {
            Some(cast) => cast,
            // All that it takes is the store.
            None => cast.insert(self.ready().await.map_err(|why| Broken {
                stage: Stage::Stored,
                why,
            })?),
        };
        self.renew(cast).await;
        way::go(self, cast).await
    }

    async fn ready(&self) -> Result<Cast, String> {
        let key = BoxKey::fresh().ok_or("no random bytes")?;
        let readying = async {
            let prove = |code: &str| key.enrols_with(code);
            let canary = self.wards.ready_canary(&self.options.node, prove).await?;
            let session = self.wards.open_canary_session(&canary, None).await?;
            Ok::<_, ward_service::CanaryError>((canary, session))
        };
        let within = self.options.round_within;
        let readied = tokio::time::timeout(within, readying).await;
        let readied = readied.map_err(|_| format!("not set up within {within:?}"))?;
        let (canary, session) = readied.map_err(|why| why.to_string())?;
        Ok(Cast {
            canary,
            key,
            session,
        })
    }

    /// A session that cannot be renewed is good for a while: the stages say what does not work.
    async fn renew(&self, cast: &mut Cast) {
        if self.wards.clock().now() < cast.session.renew_at {
            return;
        }
        let renewing = self
            .wards
            .open_canary_session(&cast.canary, Some(&cast.session));
        match tokio::time::timeout(self.options.stage_within, renewing).await {
            Ok(Ok(session)) => cast.session = session,
            Ok(Err(why)) => tracing::warn!(%why, "the self-test's session could not be renewed"),
            Err(_) => tracing::warn!("the self-test's session could not be renewed in time"),
        }
    }

    async fn forget(&self, cast: &mut Option<Cast>) {
        if let Some(cast) = cast.take() {
            // One that cannot be ended now ends by itself.
            let ending = self.wards.sign_out(&cast.session.token);
            let _ = tokio::time::timeout(self.options.stage_within, ending).await;
        }
    }

    async fn say(&self, verdict: Verdict) {
        if let Err(error) = self.wards.say_path(&self.options.node, verdict).await {
            tracing::error!(%error, "not every ward was told how the way of an alert is; the next round tries again");
        }
    }

    async fn tell_dead_man(&self) {
        let Some(dead_man) = &self.dead_man else {
            return;
        };
        let heard = dead_man.tell().await;
        if let Err(why) = &heard {
            tracing::warn!(%why, "the dead man's address could not be told that the way of an alert works");
        }
        let now = self.wards.clock().now();
        self.wards.self_tested().told(heard.is_ok(), now);
    }

    async fn trim(&self, cast: Option<&Cast>) {
        if let Some(cast) = cast
            && let Err(error) = self.wards.trim_canary(&cast.canary).await
        {
            tracing::warn!(%error, "what the self-test has left behind could not be trimmed");
        }
    }
}
