//! What every handler may use: the store, the keys, the clock, the limits.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::id::KioskNumber;
use domain::language::Language;
use domain::receipt::CaseNumber;
use domain::seal::PrivateKey;
use domain::words::Words;
use tokio::sync::{Semaphore, watch};

use crate::clock::Clock;
use crate::console::speech::Speech;
use crate::http::load_shedder::LoadShedder;
use crate::http::rate_limiter::RateLimiter;
use crate::intake::work_signal::WorkSignal;
use crate::publications::forms::FormStore;
use crate::random::Random;
use crate::settings::Settings;
use crate::store::Store;
use crate::store::cases::CaseId;

/// Heavy computations for people at a time, off the threads that serve connections.
const HEAVY: usize = 2;
/// Batches that are read at a time, off those threads too.
const BATCHES: usize = 2;

/// A running server, as its handlers see it.
pub struct App {
    /// Everything that is kept.
    pub store: Arc<Store>,
    /// What time it is.
    pub clock: Clock,
    /// Where tokens come from.
    pub random: Random,
    /// What the operator decided.
    pub settings: Settings,
    /// Every form that answers may come for.
    pub forms: Arc<FormStore>,
    /// `https://mall.example`, without a slash at its end.
    pub public_url: String,
    /// Opens what kiosks sealed.
    pub sealing_key: PrivateKey,
    /// Places for requests of kiosks.
    pub load: LoadShedder,
    /// Enrolments that an address may try.
    pub enrolments_by_address: RateLimiter<IpAddr>,
    /// Failed sign-ins that one account may have from one address.
    pub sign_ins_here: RateLimiter<(String, IpAddr)>,
    /// Failed sign-ins that one account may have from anywhere.
    pub sign_ins_of_account: RateLimiter<String>,
    /// Failed sign-ins that an address may have on any account.
    pub sign_ins_from_address: RateLimiter<IpAddr>,
    /// Tracking pages that an address may ask for.
    pub tracking_by_address: RateLimiter<IpAddr>,
    /// What a kiosk may look up for visitors.
    pub lookups_of_kiosk: RateLimiter<KioskNumber>,
    /// Wrong codes that may be tried with one case number, from all kiosks together.
    pub wrong_codes: RateLimiter<CaseNumber>,
    /// What visitors may add to one case.
    pub replies_of_case: RateLimiter<CaseId>,
    /// Every word of the pages.
    pub words: Arc<Words>,
    /// Becomes true when the server is going down, so that endless answers end.
    pub stopping: watch::Receiver<bool>,
    /// Tells that something has arrived that is to be opened.
    pub arrived: Arc<WorkSignal>,
    people_permits: Arc<Semaphore>,
    batch_permits: Arc<Semaphore>,
}

impl App {
    /// Puts a server together.
    #[allow(clippy::too_many_arguments, reason = "each of them once")]
    pub fn new(
        store: Arc<Store>,
        clock: Clock,
        random: Random,
        settings: Settings,
        forms: Arc<FormStore>,
        public_url: String,
        sealing_key: PrivateKey,
        stopping: watch::Receiver<bool>,
        arrived: Arc<WorkSignal>,
    ) -> Self {
        Self {
            store,
            clock,
            random,
            public_url,
            sealing_key,
            load: LoadShedder::new(settings.max_kiosk_requests, settings.retry_rate_per_s),
            settings,
            forms,
            enrolments_by_address: RateLimiter::new(30, TimeDelta::seconds(10)),
            sign_ins_here: RateLimiter::new(5, TimeDelta::minutes(1)),
            sign_ins_of_account: RateLimiter::new(50, TimeDelta::seconds(20)),
            sign_ins_from_address: RateLimiter::new(30, TimeDelta::seconds(20)),
            tracking_by_address: RateLimiter::new(120, TimeDelta::seconds(1)),
            lookups_of_kiosk: RateLimiter::new(30, TimeDelta::seconds(6)),
            wrong_codes: RateLimiter::new(5, TimeDelta::minutes(12)),
            replies_of_case: RateLimiter::new(10, TimeDelta::hours(1)),
            words: crate::words::read(),
            stopping,
            arrived,
            people_permits: Arc::new(Semaphore::new(HEAVY)),
            batch_permits: Arc::new(Semaphore::new(BATCHES)),
        }
    }

    /// What goes before a token in a QR code.
    pub fn tracking_url(&self) -> String {
        format!("{}/t/", self.public_url)
    }

    /// Speaks to a reader of this language, as of now.
    pub fn speech(&self, language: Language) -> Speech {
        Speech::new(&self.words, &self.forms.book(), language, self.settings.time_zone, self.clock.now())
    }

    fn is_encrypted(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Whether browsers may be told never to come without TLS again: only under a name that the operator
    /// chose, because `localhost` belongs to other programs too.
    pub fn promises_tls(&self) -> bool {
        self.is_encrypted() && self.settings.public_url.is_some()
    }

    /// What the cookie of a session is called. Browsers take the prefix only with TLS, from this host.
    pub fn session_cookie(&self) -> &'static str {
        if self.is_encrypted() { "__Host-galleria" } else { "galleria" }
    }

    /// A cookie that scripts cannot read and other sites cannot use.
    pub fn cookie(&self, name: &str, value: &str, seconds: u32) -> String {
        let secure = if self.is_encrypted() { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }

    /// Runs something that computes for long; none if it panicked or the server is ending.
    pub async fn run_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        spawn_limited(&self.people_permits, work).await
    }

    /// Like [`Self::run_blocking`], for what kiosks send: nobody at a screen waits behind them.
    pub async fn parse_batch_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        spawn_limited(&self.batch_permits, work).await
    }
}

async fn spawn_limited<T: Send + 'static>(
    places: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        work()
    });
    done.await.ok()
}
