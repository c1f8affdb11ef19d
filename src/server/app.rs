//! What every handler may use: the store, the keys, the clock, the limits.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use chrono::TimeDelta;
use domain::seal::PrivateKey;
use tokio::sync::{Semaphore, watch};

use crate::clock::Clock;
use crate::limiter::Limiter;
use crate::random::Random;
use crate::settings::Settings;
use crate::store::Store;

/// Requests of kiosks that are worked on at a time.
const CROWD: usize = 128;
/// Heavy computations at a time, off the threads that serve connections.
const HEAVY: usize = 2;

/// A running server, as its handlers see it.
#[derive(Debug)]
pub struct App {
    /// Everything that is kept.
    pub store: Arc<Store>,
    /// What time it is.
    pub clock: Clock,
    /// Where tokens come from.
    pub random: Random,
    /// What the operator decided.
    pub settings: Settings,
    /// `https://mall.example`, without a slash at its end.
    pub public_url: String,
    /// Opens what kiosks sealed.
    pub sealing_key: PrivateKey,
    /// Places for requests of kiosks.
    pub crowd: Semaphore,
    /// Enrolments that an address may try.
    pub enrolments_by_address: Limiter<IpAddr>,
    /// Becomes true when the server is going down, so that endless answers end.
    pub stopping: watch::Receiver<bool>,
    heavy: Arc<Semaphore>,
}

impl App {
    /// Puts a server together.
    pub fn new(
        store: Arc<Store>,
        clock: Clock,
        random: Random,
        settings: Settings,
        public_url: String,
        sealing_key: PrivateKey,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            store,
            clock,
            random,
            settings,
            public_url,
            sealing_key,
            crowd: Semaphore::new(CROWD),
            enrolments_by_address: Limiter::new(30, TimeDelta::seconds(10)),
            stopping,
            heavy: Arc::new(Semaphore::new(HEAVY)),
        }
    }

    /// What goes before a token in a QR code.
    pub fn tracking_url(&self) -> String {
        format!("{}/t/", self.public_url)
    }

    /// Some seconds from now, different for each caller, so that they do not all come back together.
    pub fn later(&self) -> u32 {
        let [random] = self.random.bytes();
        2 + u32::from(random) % 14
    }

    /// Runs something that computes for long; none if it panicked or the server is ending.
    pub async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let place = Arc::clone(&self.heavy).acquire_owned().await.ok()?;
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        done.await.ok()
    }
}

/// Everything that the server answers.
pub fn routes(app: &Arc<App>) -> Router {
    Router::new().merge(crate::api::routes(app)).with_state(Arc::clone(app))
}
