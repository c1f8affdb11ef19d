//! The TLS handshake queue: few handshakes at a time, browsers before kiosks, the newest connection first.
//!
//! A handshake costs the server half a millisecond of CPU. When the power of a fleet returns, thousands
//! arrive at once, and done together they would starve the requests of established connections. Last in,
//! first out: the connections that have waited longest are closest to the client's time-out, and those
//! clients retry.
//!
//! `cargo bench --bench ingest`, 10,000 kiosks that wake at once on two cores: without the limit 2,863 connections
//! broke and everything took 37 s instead of 21 s. With a plain first-in, first-out queue a browser waited up to
//! 5.2 s for its page on a new connection, with this one 0.07 s.
//!
//! The ClientHello costs nothing yet, and its ALPN tells browsers from kiosks: every browser offers HTTP/2,
//! and no kiosk does. ALPN only sets priority; it grants no rights. A client that sends no ClientHello takes
//! no permit, and one that stops in the middle of its handshake gives its permit up.

use std::collections::VecDeque;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum_server::accept::Accept;
use axum_server::tls_rustls::RustlsConfig;
use futures_util::future::BoxFuture;
use rustls::server::ClientHello;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{LazyConfigAcceptor, StartHandshake};

use crate::http::plain_http::Hint;

/// Permits: handshakes at a time.
const PERMITS: usize = 8;
/// A handshake that takes longer waits for the client and gives its permit up.
const HOLD: Duration = Duration::from_millis(200);
/// Time limit for the ClientHello, and for the handshake after it.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// Connections in a queue. Beyond that the oldest is refused.
const QUEUE_LENGTH: usize = 16_384;

/// Which queue a connection waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Priority {
    Browser,
    Kiosk,
}

type Queue = VecDeque<oneshot::Sender<Permit>>;

#[derive(Debug)]
struct State {
    free: usize,
    browsers: Queue,
    kiosks: Queue,
}

/// Limits how many TLS handshakes are done at a time.
#[derive(Clone, Debug)]
pub struct HandshakeLimiter {
    config: RustlsConfig,
    hint: Hint,
    state: Arc<Mutex<State>>,
}

/// The right to do a handshake. When it is dropped, the next connection gets it.
#[derive(Debug)]
struct Permit(Arc<Mutex<State>>);

impl HandshakeLimiter {
    /// A limiter for handshakes with this certificate. A caller who speaks no TLS gets the hint.
    pub fn new(config: RustlsConfig, hint: Hint) -> Self {
        Self { config, hint, state: all_free() }
    }
}

fn all_free() -> Arc<Mutex<State>> {
    Arc::new(Mutex::new(State { free: PERMITS, browsers: Queue::new(), kiosks: Queue::new() }))
}

fn priority(hello: &ClientHello<'_>) -> Priority {
    let is_browser = hello.alpn().is_some_and(|mut offers| offers.any(|offer| offer == b"h2"));
    if is_browser { Priority::Browser } else { Priority::Kiosk }
}

/// Waits for a permit.
async fn enter(state: &Arc<Mutex<State>>, priority: Priority) -> io::Result<Permit> {
    let wait = {
        let mut inside = state.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.free > 0 {
            inside.free -= 1;
            return Ok(Permit(Arc::clone(state)));
        }
        let queue = match priority {
            Priority::Browser => &mut inside.browsers,
            Priority::Kiosk => &mut inside.kiosks,
        };
        let (grant, wait) = oneshot::channel();
        queue.push_back(grant);
        if queue.len() > QUEUE_LENGTH {
            queue.pop_front();
        }
        wait
    };
    wait.await.map_err(|_| io::ErrorKind::ConnectionRefused.into())
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(next) = state.browsers.pop_back().or_else(|| state.kiosks.pop_back()) {
            // The client has closed its connection.
            if next.is_closed() {
                continue;
            }
            let permit = Permit(Arc::clone(&self.0));
            drop(state);
            drop(next.send(permit));
            return;
        }
        state.free += 1;
    }
}

/// Waits for the ClientHello, which costs nothing yet.
async fn client_hello<I>(stream: I, hint: &Hint) -> io::Result<StartHandshake<I>>
where
    I: AsyncRead + AsyncWrite + Unpin,
{
    let (acceptor, stream) = hint.unless_plain(stream).await?;
    LazyConfigAcceptor::new(acceptor, stream).await
}

/// Does the handshake with this permit, and gives the permit up when the client is slow.
async fn handshake_with<I>(handshake: tokio_rustls::Accept<I>, permit: Permit) -> io::Result<TlsStream<I>>
where
    I: AsyncRead + AsyncWrite + Unpin,
{
    let mut handshake = pin!(handshake);
    if let Ok(done) = timeout(HOLD, &mut handshake).await {
        return done;
    }
    drop(permit);
    handshake.await
}

impl<I, S> Accept<I, S> for HandshakeLimiter
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Send + 'static,
{
    type Stream = TlsStream<I>;
    type Service = S;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let (config, hint, state) = (self.config.get_inner(), self.hint.clone(), Arc::clone(&self.state));
        Box::pin(async move {
            let hello = timeout(TIME_LIMIT, client_hello(stream, &hint)).await??;
            let permit = enter(&state, priority(&hello.client_hello())).await?;
            let stream = timeout(TIME_LIMIT, handshake_with(hello.into_stream(config), permit)).await??;
            Ok((stream, service))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use futures_util::future::select_all;
    use rustls::pki_types::ServerName;
    use rustls::pki_types::pem::PemObject as _;
    use tokio_rustls::TlsConnector;

    #[tokio::test]
    async fn the_newest_connection_goes_first() {
        let state = all_free();
        let kiosk = || Box::pin(enter(&state, Priority::Kiosk));
        let mut inside = Vec::new();
        for _ in 0..PERMITS {
            inside.push(kiosk().await.unwrap());
        }
        let (mut early, mut gone, mut late) = (kiosk(), kiosk(), kiosk());
        for waiting in [&mut early, &mut gone, &mut late] {
            assert!(waiting.as_mut().now_or_never().is_none());
        }
        drop(gone);
        inside.pop();
        assert!(early.as_mut().now_or_never().is_none());
        let permit = late.await.unwrap();
        assert!(early.as_mut().now_or_never().is_none());
        drop(permit);
        drop(early.await.unwrap());
        inside.clear();
        assert_eq!(state.lock().unwrap().free, PERMITS);
    }

    #[tokio::test]
    async fn a_browser_goes_before_a_thousand_kiosks() {
        let state = all_free();
        let mut inside = Vec::new();
        for _ in 0..PERMITS {
            inside.push(enter(&state, Priority::Kiosk).await.unwrap());
        }
        let mut browser = Box::pin(enter(&state, Priority::Browser));
        assert!(browser.as_mut().now_or_never().is_none());
        let mut kiosks: Vec<_> = (0..1000).map(|_| Box::pin(enter(&state, Priority::Kiosk))).collect();
        assert!(kiosks.iter_mut().all(|kiosk| kiosk.as_mut().now_or_never().is_none()));
        inside.pop();
        assert!(kiosks.iter_mut().all(|kiosk| kiosk.as_mut().now_or_never().is_none()));
        browser.await.unwrap();
    }

    fn hint() -> Hint {
        Hint::new(&crate::words::read(), crate::words::tracking_languages())
    }

    /// A limiter with a certificate, and a client that trusts it and offers `protocols`.
    fn limiter_and_client(protocols: &[&[u8]]) -> (HandshakeLimiter, TlsConnector) {
        let place = tempfile::tempdir().unwrap();
        let (folder, _) = crate::data::DataFolder::create(&place.path().join("data")).unwrap();
        crate::http::tls::create(&folder, &[], chrono::Utc::now()).unwrap();
        let loaded = crate::http::tls::load(&folder.certificate(), &folder.certificate_key()).unwrap();
        let config = RustlsConfig::from_config(loaded.config);
        let mut roots = rustls::RootCertStore::empty();
        roots.add(rustls::pki_types::CertificateDer::from_pem_file(folder.ca()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = rustls::ClientConfig::builder_with_provider(provider);
        let client = client.with_safe_default_protocol_versions().unwrap();
        let mut client = client.with_root_certificates(roots).with_no_client_auth();
        client.alpn_protocols = protocols.iter().map(|p| p.to_vec()).collect();
        (HandshakeLimiter::new(config, hint()), TlsConnector::from(Arc::new(client)))
    }

    #[tokio::test]
    async fn silent_clients_take_no_permit() {
        let (limiter, browser) = limiter_and_client(&[b"h2", b"http/1.1"]);
        let mut silent = Vec::new();
        let mut silently = Vec::new();
        for _ in 0..4 * PERMITS {
            let (theirs, ours) = tokio::io::duplex(4096);
            silent.push(theirs);
            silently.push(limiter.accept(ours, ()));
        }
        let mut silently = select_all(silently);
        assert!((&mut silently).now_or_never().is_none());
        let (theirs, ours) = tokio::io::duplex(4096);
        let name = ServerName::try_from("localhost").unwrap();
        let shaken = futures_util::future::join(browser.connect(name, theirs), limiter.accept(ours, ()));
        tokio::select! {
            _ = silently => panic!("a silent client got a permit"),
            (theirs, ours) = shaken => {
                assert!(theirs.is_ok());
                assert_eq!(ours.unwrap().0.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
            }
        }
    }

    /// What curl, or a browser at `http://…:8443`, is told.
    #[tokio::test]
    async fn a_plain_request_is_told_to_use_https() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let (limiter, _) = limiter_and_client(&[]);
        let (mut theirs, ours) = tokio::io::duplex(4096);
        let caller = async {
            theirs.write_all(b"GET /inbox HTTP/1.1\r\nhost: mall.example:8443\r\n\r\n").await.unwrap();
            let mut told = String::new();
            theirs.read_to_string(&mut told).await.unwrap();
            drop(theirs);
            told
        };
        let (told, refused) = futures_util::future::join(caller, limiter.accept(ours, ())).await;
        assert!(told.starts_with("HTTP/1.1 400 ") && told.contains("https://"), "{told}");
        assert!(told.contains("lang=\"zh-Hans\"") && told.contains("请把网址"), "{told}");
        assert!(refused.is_err());
    }

    #[tokio::test]
    async fn alpn_tells_a_browser_from_a_kiosk() {
        for (protocols, expected) in [
            (&[&b"h2"[..], b"http/1.1"][..], Priority::Browser),
            (&[b"http/1.1"], Priority::Kiosk),
            (&[], Priority::Kiosk),
        ] {
            let (_, caller) = limiter_and_client(protocols);
            let (theirs, ours) = tokio::io::duplex(4096);
            let calling = caller.connect(ServerName::try_from("localhost").unwrap(), theirs);
            let _calling = tokio::spawn(calling);
            let hello = client_hello(ours, &hint()).await.unwrap();
            assert_eq!(priority(&hello.client_hello()), expected);
        }
    }
}
