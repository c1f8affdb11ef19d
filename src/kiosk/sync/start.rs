//! Starts sync: combines settings, credentials and the HTTP transport.

use std::sync::{Arc, Mutex};

use domain::Timestamp;
use domain::id::CryptoRng;
use domain::wire::Secret;

use super::core::{Core, Credentials, Timing};
use super::engine::Engine;
use super::handle::SyncHandle;
use super::http::HttpTransport;
use super::status::{StatusCell, SyncStatus};
use super::worker;
use crate::content::Courier;
use crate::identity::Identity;
use crate::lock::lock;
use crate::net::{Client, Network, ProxyAddress, Roots, ServerAddress, Timeouts};
use crate::outbox::Outbox;

/// The settings of sync.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server; without one, the server of the enrolment.
    pub server: Option<ServerAddress>,
    /// A proxy between the kiosk and the server.
    pub proxy: Option<ProxyAddress>,
    /// A one-time code, for a kiosk that is not enrolled or whose token is refused.
    pub code: Option<Secret>,
    /// The root certificates that are trusted.
    pub roots: Roots,
    /// The waits between requests.
    pub timing: Timing,
    /// The timeouts of a request.
    pub timeouts: Timeouts,
    /// Version of this program.
    pub software: String,
    /// Downloads the content that the server offers.
    pub courier: Option<Arc<Courier>>,
}

impl Settings {
    /// The defaults of an enrolled kiosk.
    pub fn new(software: &str) -> Self {
        Self {
            server: None,
            proxy: None,
            code: None,
            roots: Roots::web_pki(),
            timing: Timing::default(),
            timeouts: Timeouts::default(),
            software: software.to_owned(),
            courier: None,
        }
    }
}

/// Starts the loop on its own thread.
///
/// # Errors
/// The system has no thread left.
pub fn start<R: CryptoRng + Send + 'static>(
    settings: Settings,
    network: &Network,
    outbox: &Arc<Mutex<Outbox>>,
    identity: &Arc<Mutex<Identity>>,
    clock: fn() -> Timestamp,
    mut random: R,
) -> Result<SyncHandle, std::io::Error> {
    let (server, has_token, timing) = {
        let identity = lock(identity);
        let known = identity.server().and_then(|server| server.parse().ok());
        let timing = settings.timing.with_first_contact(identity.first_contact());
        (settings.server.or(known), identity.token().is_some(), timing)
    };
    let credentials = match (&server, &settings.code) {
        (Some(_), code) if has_token => Credentials::Token { spare_code: code.is_some() },
        (Some(_), Some(_)) => Credentials::Code,
        _ => Credentials::None,
    };
    let client = server.map(|server| {
        let proxy = settings.proxy.as_ref();
        Client::new(network, server, proxy, &settings.roots, settings.timeouts, &settings.software)
    });
    let transport = client.clone().map(|client| HttpTransport::new(client, settings.courier));
    let core = Core::new(timing, credentials, &mut random);
    let waiting = lock(outbox).waiting().unwrap_or_default();
    let mut engine = Engine::new(core, settings.code, settings.software, outbox, identity, random);
    let link = engine.core.link();
    engine.status = Arc::new(StatusCell::new(SyncStatus { link, waiting, last_success: None }));
    let requests = client.map(|client| client.stop()).unwrap_or_default();
    worker::spawn(engine, transport, requests, clock)
}
