//! The shared state of all handlers: store, keys, clock, settings and rate limits.
//!
//! There is one [`App`] for each server. It also runs long computations off the async threads, with separate
//! permits for people and for kiosks.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::id::KioskNumber;
use domain::language::Language;
use domain::receipt::CaseNumber;
use domain::seal::PrivateKey;
use domain::words::Words;
use tokio::sync::{Semaphore, watch};

use crate::clock::Clock;
use crate::console::speech::Speech;
use crate::console::unsaved_sessions::UnsavedSessions;
use crate::health::Health;
use crate::http::load_shedder::LoadShedder;
use crate::http::rate_limiter::RateLimiter;
use crate::intake::work_signal::WorkSignal;
use crate::publications::forms::FormStore;
use crate::random::Random;
use crate::settings::Settings;
use crate::store::Store;
use crate::store::cases::CaseId;
use crate::telephone::Telephones;

/// Permits for long computations of people's requests. They run off the threads that serve connections.
const HEAVY: usize = 2;
/// Permits for parsing batches, which runs off those threads too.
const BATCHES: usize = 2;
/// Passwords that are checked, or wait for it, at once. A check is slow on purpose.
const PASSWORD_CHECKS: usize = 32;

/// A running server, as its handlers see it.
pub struct App {
    pub store: Arc<Store>,
    pub clock: Clock,
    pub random: Random,
    pub settings: Settings,
    /// Every form that answers can belong to.
    pub forms: Arc<FormStore>,
    /// Such as `https://mall.example`, without a slash at the end.
    pub public_url: String,
    /// Reads the telephone numbers of visitors.
    pub telephones: Arc<Telephones>,
    /// Opens the items that kiosks sealed.
    pub sealing_key: PrivateKey,
    /// Limits the kiosk requests that are served at a time.
    pub load: LoadShedder,
    /// Enrolment attempts of one address.
    pub enrolments_by_address: RateLimiter<IpAddr>,
    /// How many passwords are checked, or wait for it, at once.
    pub password_checks: Semaphore,
    /// Failed sign-ins of one account from one address.
    pub sign_ins_here: RateLimiter<(String, IpAddr)>,
    /// Failed sign-ins of one account, from all addresses together.
    pub sign_ins_of_account: RateLimiter<String>,
    /// Failed sign-ins from one address, on all accounts together.
    pub sign_ins_from_address: RateLimiter<IpAddr>,
    /// Requests for tracking pages from one address.
    pub tracking_by_address: RateLimiter<IpAddr>,
    /// Case lookups of one kiosk.
    pub lookups_of_kiosk: RateLimiter<KioskNumber>,
    /// Wrong receipt codes for one case number, from all kiosks together.
    pub wrong_codes: RateLimiter<CaseNumber>,
    /// Replies of visitors to one case.
    pub replies_of_case: RateLimiter<CaseId>,
    /// Sessions that could not be saved.
    pub unsaved_sessions: UnsavedSessions,
    /// Whether the server can do its work.
    pub health: Health,
    /// The texts of console and tracking page.
    pub words: Arc<Words>,
    /// Becomes true when the server stops, so that event streams end.
    pub stopping: watch::Receiver<bool>,
    /// Wakes the opener when items have arrived.
    pub arrived: Arc<WorkSignal>,
    people_permits: Arc<Semaphore>,
    batch_permits: Arc<Semaphore>,
}

impl App {
    #[allow(clippy::too_many_arguments, reason = "each of them once")]
    pub fn new(
        store: Arc<Store>,
        clock: Clock,
        random: Random,
        settings: Settings,
        forms: Arc<FormStore>,
        public_url: String,
        sealing_key: PrivateKey,
        telephones: Arc<Telephones>,
        stopping: watch::Receiver<bool>,
        arrived: Arc<WorkSignal>,
    ) -> Self {
        Self {
            store,
            clock,
            random,
            public_url,
            sealing_key,
            telephones,
            load: LoadShedder::new(settings.max_kiosk_requests, settings.retry_rate_per_s),
            health: Health::new(settings.data.clone()),
            unsaved_sessions: UnsavedSessions::default(),
            settings,
            forms,
            enrolments_by_address: RateLimiter::new(30, Duration::from_secs(10)),
            password_checks: Semaphore::new(PASSWORD_CHECKS),
            sign_ins_here: RateLimiter::new(5, Duration::from_secs(60)),
            sign_ins_of_account: RateLimiter::new(50, Duration::from_secs(20)),
            sign_ins_from_address: RateLimiter::new(30, Duration::from_secs(20)),
            tracking_by_address: RateLimiter::new(120, Duration::from_secs(1)),
            lookups_of_kiosk: RateLimiter::new(30, Duration::from_secs(6)),
            wrong_codes: RateLimiter::new(5, Duration::from_secs(12 * 60)),
            replies_of_case: RateLimiter::new(10, Duration::from_secs(60 * 60)),
            words: crate::words::read(),
            stopping,
            arrived,
            people_permits: Arc::new(Semaphore::new(HEAVY)),
            batch_permits: Arc::new(Semaphore::new(BATCHES)),
        }
    }

    /// Texts and times for a reader of this language, as of now.
    pub fn speech(&self, language: Language) -> Speech {
        Speech::new(&self.words, &self.forms.catalog(), language, self.settings.time_zone, self.clock.now())
    }

    /// Whether people reach the server by HTTPS.
    pub fn is_encrypted(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Whether to send `Strict-Transport-Security`: only under a host name that the operator chose, because
    /// `localhost` belongs to other programs too.
    pub fn promises_tls(&self) -> bool {
        self.is_encrypted() && self.settings.public_url.is_some()
    }

    /// The name of the session cookie. Browsers accept the `__Host-` prefix only over TLS and from this host.
    pub fn session_cookie(&self) -> &'static str {
        if self.is_encrypted() { "__Host-galleria" } else { "galleria" }
    }

    /// A cookie that scripts cannot read and other sites cannot use.
    pub fn cookie(&self, name: &str, value: &str, seconds: u32) -> String {
        let secure = if self.is_encrypted() { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }

    /// Runs a long computation for a person. None if it panicked or the server is stopping.
    pub async fn run_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        spawn_limited(&self.people_permits, work).await
    }

    /// Like [`Self::run_blocking`], for batches. The permits are separate, so no person waits behind kiosks.
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
