//! Starts and stops a server.
//!
//! [`start`] returns when connections are accepted. It needs no async runtime around it: the server has its
//! own threads. [`Running::stop`] takes no new connections, lets the open ones finish, and closes the
//! database.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum_server::Handle;
use axum_server::accept::DefaultAcceptor;
use domain::Timestamp;
use domain::seal::PrivateKey;
use hyper_util::rt::TokioTimer;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::app::App;
use crate::clock::Clock;
use crate::data::{self, DataError, DataFolder, FolderLock};
use crate::health::LOOKED_AT_EVERY;
use crate::http::certificate::Certificate;
use crate::http::connections::{Connections, CountingAcceptor, raise_descriptor_limit};
use crate::http::handshakes::HandshakeLimiter;
use crate::http::plain_http::Hint;
use crate::http::tls::TlsError;
use crate::intake::opener::Opener;
use crate::intake::work_signal::WorkSignal;
use crate::keys::{self, KeyError};
use crate::publications::forms::{self, FormStore, FormsError};
use crate::random::Random;
use crate::router;
use crate::settings::{Settings, Tls};
use crate::store::OpenError;
use crate::store::{Store, StoreError};
use crate::telephone::{Region, Telephones};
use crate::words;

/// How long open connections may take to finish when the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// How long an HTTP/1 client may take for the head of a request, and how often HTTP/2 connections are pinged.
const HEAD: Duration = Duration::from_secs(15);

/// The backlog of the listener: connections that may wait to be accepted.
const KNOCKING: i32 = 4096;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forms(#[from] FormsError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address is taken or is not this machine's.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        address: SocketAddr,
        /// The error of the operating system.
        cause: io::Error,
    },
    #[error("the server's threads could not be started: {0}")]
    Threads(io::Error),
}

/// A server that accepts connections. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    public_url: String,
    folder: DataFolder,
    clock: Clock,
    certificate: Option<Arc<Certificate>>,
    /// Released last.
    _lock: FolderLock,
    handle: Handle<SocketAddr>,
    stopping: watch::Sender<bool>,
    store: Arc<Store>,
    opener: Option<Opener>,
    arrived: Arc<WorkSignal>,
    thread: Option<JoinHandle<()>>,
    ended: watch::Receiver<()>,
}

/// Starts a server on the data folder that `settings` name.
///
/// # Errors
/// [`StartError`], whose text tells an operator what to do.
pub fn start(settings: Settings, clock: Clock, random: Random) -> Result<Running, StartError> {
    let folder = DataFolder::open(&settings.data)?;
    let lock = folder.lock()?;
    let sealing_key = keys::read(&folder)?;
    let certificate = Certificate::open(&settings, &folder, clock.now())?.map(Arc::new);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(StartError::Threads)?;
    let form_store = runtime.block_on(form_store(&folder, &settings, clock.now()))?;
    let store = Arc::new(Store::open_for_server(&folder.database())?);
    let listen = |cause| StartError::Listen { address: settings.listen, cause };
    let listener = TcpListener::bind(settings.listen).map_err(listen)?;
    listener.set_nonblocking(true).map_err(listen)?;
    // The standard library asks for a backlog of 128. When power returns, more kiosks connect at once.
    rustix::net::listen(&listener, KNOCKING).map_err(|cause| listen(cause.into()))?;
    let address = listener.local_addr().map_err(listen)?;
    let public_url = public_url(&settings, address);
    let (stopping, stop) = watch::channel(false);
    let arrived = Arc::new(WorkSignal::default());
    let (known, signal) = (Arc::clone(&form_store), Arc::clone(&arrived));
    let (key, policy) = (sealing_key.clone(), settings.policy.clone());
    let telephones = Arc::new(telephones(&settings, &sealing_key));
    let opener = Opener::start(Arc::clone(&store), key, policy, known, Arc::clone(&telephones), signal)?;
    let signal = Arc::clone(&arrived);
    let app = App::new(
        Arc::clone(&store),
        clock.clone(),
        random,
        settings,
        form_store,
        public_url.clone(),
        sealing_key,
        telephones,
        stop,
        signal,
    );
    let handle = Handle::new();
    let (alive, ended) = watch::channel(());
    let serve = serve(Arc::new(app), listener, certificate.clone(), handle.clone());
    let thread = spawn(runtime, serve, alive).map_err(StartError::Threads)?;
    let opener = Some(opener);
    let thread = Some(thread);
    Ok(Running {
        address,
        public_url,
        folder,
        clock,
        certificate,
        _lock: lock,
        handle,
        stopping,
        store,
        opener,
        arrived,
        thread,
        ended,
    })
}

/// The form catalog, with the forms in the operator's folder.
pub(crate) async fn form_store(
    folder: &DataFolder,
    settings: &Settings,
    now: Timestamp,
) -> Result<Arc<FormStore>, StartError> {
    let store = Store::open_for_command(&folder.database())?;
    Ok(FormStore::new(forms::gather(&store, settings.forms.as_deref(), now).await?))
}

/// Reads the numbers of the region that the settings name, or in which their time zone is.
pub(crate) fn telephones(settings: &Settings, key: &PrivateKey) -> Telephones {
    Telephones::new(settings.region.or_else(|| Region::of_zone(settings.time_zone)), key)
}

fn public_url(settings: &Settings, address: SocketAddr) -> String {
    if let Some(url) = &settings.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let scheme = if settings.tls == Tls::Off { "http" } else { "https" };
    if address.ip().is_unspecified() {
        return format!("{scheme}://localhost:{}", address.port());
    }
    format!("{scheme}://{address}")
}

/// Runs the server on threads of its own. `alive` is dropped when the server ends.
fn spawn(
    runtime: Runtime,
    serve: impl Future<Output = io::Result<()>> + Send + 'static,
    alive: watch::Sender<()>,
) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("server".to_owned()).spawn(move || {
        let _alive = alive;
        if let Err(cause) = runtime.block_on(serve) {
            tracing::error!(%cause, "the server ended");
        }
        runtime.shutdown_timeout(GRACE);
    })
}

async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    certificate: Option<Arc<Certificate>>,
    handle: Handle<SocketAddr>,
) -> io::Result<()> {
    tokio::spawn(look_after(Arc::clone(&app), certificate.clone()));
    let hint = Hint::new(&app.words, words::tracking_languages());
    let service = router::routes(&app).into_make_service_with_connect_info::<SocketAddr>();
    let proxies = app.settings.trusted_proxies.clone();
    let connections = Arc::new(Connections::new(raise_descriptor_limit(), proxies));
    let counting = Arc::clone(&connections);
    // The timer of the head begins with its first bytes, this one with the connection: a caller who says nothing is
    // not kept.
    let mut server = axum_server::from_tcp(listener)?.handle(handle).first_request_timeout(HEAD);
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    server.http_builder().http2().timer(TokioTimer::new()).keep_alive_interval(Some(HEAD));
    // An error with an address comes from the handshake of that caller, who may be anybody.
    let server = server.accept_error_handler(move |address, cause| {
        if address.is_none() {
            connections.accept_failed(cause);
        }
    });
    match certificate {
        Some(certificate) => {
            let handshakes = HandshakeLimiter::new(certificate.config(), hint);
            server.acceptor(CountingAcceptor::new(counting, handshakes)).serve(service).await
        }
        None => server.acceptor(CountingAcceptor::new(counting, DefaultAcceptor)).serve(service).await,
    }
}

/// Looks at the certificate and the health of the server until it stops.
async fn look_after(app: Arc<App>, certificate: Option<Arc<Certificate>>) {
    let mut stopping = app.stopping.clone();
    loop {
        if let Some(certificate) = &certificate {
            certificate.look(app.clock.now());
            app.health.note_certificate(certificate.ends());
        }
        app.health.look(&app.store, &app.clock).await;
        tokio::select! {
            _ = stopping.changed() => return,
            () = tokio::time::sleep(LOOKED_AT_EVERY) => {}
        }
    }
}

impl Running {
    /// The address on which it listens, with the real port if the settings say port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL by which people reach it.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The CA certificate in the data folder, in PEM, which kiosks must trust; none if it cannot be read.
    pub fn ca_pem(&self) -> Option<String> {
        data::read_text(&self.folder.ca()).ok()
    }

    /// Uses the files of the certificate if they have changed, without waiting until it is looked at anyway.
    pub fn reload_certificate(&self) {
        if let Some(certificate) = &self.certificate {
            certificate.look(self.clock.now());
        }
    }

    #[cfg(test)]
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Waits until every item received so far has been opened.
    pub fn settled(&self) {
        self.arrived.drained();
    }

    /// Waits until the server ends by itself, which happens only after a serious failure.
    pub async fn ended(&mut self) {
        while self.ended.changed().await.is_ok() {}
    }

    /// Stops the server: no new connections, the open ones finish, everything accepted is on the disk.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        let _ = self.stopping.send(true);
        self.handle.graceful_shutdown(Some(GRACE));
        if thread.join().is_err() {
            tracing::error!("the thread of the server had died");
        }
        drop(self.opener.take());
        self.store.close();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
