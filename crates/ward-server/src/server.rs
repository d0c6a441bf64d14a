//! The running service.

use std::net::SocketAddr;

use anyhow::Context;
use tokio::task::JoinHandle;
use ward_http::{App, Listener};
use ward_service::carry::Carriers;
use ward_service::{Clock, Notifier, Teller, Wards, to_the_log};
use ward_store::{Database, Store, StoreOptions};

use crate::config::{Config, Messages};
use crate::folder_lock::FolderLock;
use crate::self_test::{Line, SelfTest};
use crate::{channel, paper, tls, webhook};

/// A running service. [`Server::stop`] lets what is under way finish.
pub struct Server {
    address: SocketAddr,
    wards: Wards,
    carriers: Carriers,
    tasks: Vec<JoinHandle<()>>,
    self_test: Option<SelfTest>,
    lock: Option<FolderLock>,
}

/// The wards of a configuration, for the service and for administration.
///
/// # Errors
/// When the database cannot be opened or does not fit this program.
pub async fn open(config: &Config, clock: Clock, migrate: bool) -> anyhow::Result<Wards> {
    let options = StoreOptions {
        database: config.database.clone(),
        max_connections: config.max_connections,
    };
    let store = Store::open(&options, config.organisation_id())
        .await
        .context("the database cannot be opened")?;
    if migrate {
        store.migrate().await?;
    }
    store.check_version().await?;
    let wards = Wards::new(store, clock, config.wards);
    wards.put_organisation(&config.organisation).await?;
    Ok(wards)
}

fn notifier(messages: &Messages) -> anyhow::Result<Notifier> {
    let outlet = match &messages.webhook {
        Some(webhook) => webhook::outlet(webhook)?,
        None => to_the_log(),
    };
    Ok(Notifier {
        outlet,
        slot_reminders: messages.slot_reminders,
    })
}

/// By what staff are told.
fn teller(config: &Config, clock: &Clock) -> anyhow::Result<Teller> {
    Ok(Teller {
        carriers: channel::carriers(&config.channels, clock)?,
        base_url: config.http.origins.first().cloned(),
    })
}

impl Server {
    /// Opens the database, listens, and starts the sweep, the sending of messages and the writing of papers.
    ///
    /// # Errors
    /// In words, for whoever started it.
    pub async fn start(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let teller = teller(&config, &clock)?;
        Self::start_with(config, clock, teller).await
    }

    /// As [`Server::start`], with channels of its own for what staff are told.
    ///
    /// # Errors
    /// As there.
    pub async fn start_with(
        mut config: Config,
        clock: Clock,
        teller: Teller,
    ) -> anyhow::Result<Self> {
        let push = config.channels.web_push.as_ref();
        config.http.push_key = push.map(|push| push.key.public());
        let lock = match &config.database {
            Database::Sqlite(path) => Some(FolderLock::take(path)?),
            Database::Postgres(_) => None,
        };
        let carriers = teller.carriers.clone();
        let wards = open(&config, clock, config.migrate_on_start).await?;
        let acceptor = config.tls.as_ref().map(tls::acceptor).transpose()?;
        let listener = Listener::bind(config.listen, acceptor, config.http.max_connections)
            .await
            .with_context(|| {
                format!(
                    "cannot listen at {}: is another service there?",
                    config.listen
                )
            })?
            .trusting(&config.http.trusted_proxies);
        let address = listener.address()?;
        let self_test = match config.self_test {
            None => None,
            Some(options) => {
                let tls = config.tls.as_ref();
                let line = Line::to(address, tls, &config.http, options.stage_within)?;
                Some(SelfTest::new(wards.clone(), options, line)?)
            }
        };
        let app = App::new(wards.clone(), config.http);
        let router = ward_http::router(&app);
        let notifier = notifier(&config.messages)?;
        let (sweeping, notifying) = (wards.clone(), wards.clone());
        let (telling, looking) = (wards.clone(), wards.clone());
        let mut tasks = vec![
            tokio::spawn(ward_http::serve(listener, router, wards.stopping().clone())),
            tokio::spawn(async move { sweeping.sweep_until_stopped().await }),
            tokio::spawn(async move { notifying.notify_until_stopped(&notifier).await }),
            tokio::spawn(async move { telling.tell_until_stopped(&teller).await }),
            tokio::spawn(async move { looking.reconcile_until_stopped().await }),
            tokio::spawn(app.tidy_until_stopped()),
            tokio::spawn(paper::write_until_stopped(wards.clone(), config.paper)),
        ];
        tasks.extend(self_test.clone().map(|it| tokio::spawn(it.until_stopped())));
        Ok(Self {
            address,
            wards,
            carriers,
            tasks,
            self_test,
            lock,
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its verbs.
    #[must_use]
    pub const fn wards(&self) -> &Wards {
        &self.wards
    }

    /// The outside channels by which it tells staff.
    #[must_use]
    pub const fn carriers(&self) -> &Carriers {
        &self.carriers
    }

    /// How it tries the way of an alert; `None`: it does not.
    #[must_use]
    pub const fn self_test(&self) -> Option<&SelfTest> {
        self.self_test.as_ref()
    }

    /// Waits until one of its tasks ends, which none does before it is asked to: the service had better start anew.
    pub async fn broken(&mut self) {
        let ended = self.tasks.iter_mut().map(|task| async move {
            let _ = task.await;
        });
        let mut ended: Vec<_> = ended.map(Box::pin).collect();
        std::future::poll_fn(|cx| {
            if ended
                .iter_mut()
                .any(|task| task.as_mut().poll(cx).is_ready())
            {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }

    /// Takes no more requests, lets those under way finish, and closes the database.
    pub async fn stop(self) {
        self.wards.stopping().cancel();
        for task in self.tasks {
            if !task.is_finished() {
                let _ = task.await;
            }
        }
        self.wards.store().close().await;
        drop(self.lock);
    }
}
