//! The queue before TLS: so many handshakes at a time, people before kiosks, and whoever came last goes first.
//!
//! A handshake costs the server half a millisecond. When a fleet gets its power back, thousands of them
//! arrive at once, and done all together they would keep the threads from everybody who is already inside.
//! Last come, first served sounds unfair and is not: those who have waited longest have given up by the time
//! that it is their turn, or will call again by themselves; somebody who opens a page now is looking at it.
//!
//! The first words of a handshake cost nothing yet and tell who is calling: every browser offers HTTP/2, and
//! no kiosk does. ALPN only sets priority; it grants no rights. Whoever does not say even
//! these words, or says nothing more for a while, keeps nobody from the door.

use std::collections::VecDeque;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum_server::accept::Accept;
use axum_server::tls_rustls::RustlsConfig;
use futures_util::future::BoxFuture;
use rustls::server::{Acceptor, ClientHello};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

/// Handshakes at a time.
const AT_A_TIME: usize = 8;
/// A handshake that takes longer waits for the other side, and others may begin theirs.
const HOLD: Duration = Duration::from_millis(200);
/// The first words, and the handshake after them, may each take so long.
const PATIENCE: Duration = Duration::from_secs(10);
/// Who may wait before the door in either queue; beyond that the one who has waited longest is sent away.
const WAITING: usize = 16_384;

/// Who is calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Priority {
    /// Somebody with a browser.
    Person,
    /// Anything else.
    Kiosk,
}

type Queue = VecDeque<oneshot::Sender<Permit>>;

#[derive(Debug)]
struct State {
    free: usize,
    people: Queue,
    kiosks: Queue,
}

/// Does the handshake with those whom it lets through.
#[derive(Clone, Debug)]
pub struct HandshakeLimiter {
    config: RustlsConfig,
    state: Arc<Mutex<State>>,
}

/// Leave to shake hands. Dropping it lets the next one in.
#[derive(Debug)]
struct Permit(Arc<Mutex<State>>);

impl HandshakeLimiter {
    /// A door with this certificate on it.
    pub fn new(config: RustlsConfig) -> Self {
        Self { config, state: open_to_all() }
    }
}

fn open_to_all() -> Arc<Mutex<State>> {
    Arc::new(Mutex::new(State { free: AT_A_TIME, people: Queue::new(), kiosks: Queue::new() }))
}

fn priority(hello: &ClientHello<'_>) -> Priority {
    let is_browser = hello.alpn().is_some_and(|mut offers| offers.any(|offer| offer == b"h2"));
    if is_browser { Priority::Person } else { Priority::Kiosk }
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
            Priority::Person => &mut inside.people,
            Priority::Kiosk => &mut inside.kiosks,
        };
        let (turn, wait) = oneshot::channel();
        queue.push_back(turn);
        if queue.len() > WAITING {
            queue.pop_front();
        }
        wait
    };
    wait.await.map_err(|_| io::ErrorKind::ConnectionRefused.into())
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(next) = state.people.pop_back().or_else(|| state.kiosks.pop_back()) {
            // Whoever has gone meanwhile does not hear it, and gives the permit back unused.
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

/// Shakes hands with this permit, and gives it up when the other side is slow.
async fn shake_hands<I>(handshake: tokio_rustls::Accept<I>, permit: Permit) -> io::Result<TlsStream<I>>
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
        let (config, state) = (self.config.get_inner(), Arc::clone(&self.state));
        Box::pin(async move {
            let hello = timeout(PATIENCE, LazyConfigAcceptor::new(Acceptor::default(), stream)).await??;
            let permit = enter(&state, priority(&hello.client_hello())).await?;
            let stream = timeout(PATIENCE, shake_hands(hello.into_stream(config), permit)).await??;
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
    async fn whoever_came_last_goes_first_and_whoever_has_gone_takes_no_place() {
        let state = open_to_all();
        let kiosk = || Box::pin(enter(&state, Priority::Kiosk));
        let mut inside = Vec::new();
        for _ in 0..AT_A_TIME {
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
        assert_eq!(state.lock().unwrap().free, AT_A_TIME);
    }

    #[tokio::test]
    async fn a_person_who_came_before_a_thousand_kiosks_goes_before_all_of_them() {
        let state = open_to_all();
        let mut inside = Vec::new();
        for _ in 0..AT_A_TIME {
            inside.push(enter(&state, Priority::Kiosk).await.unwrap());
        }
        let mut person = Box::pin(enter(&state, Priority::Person));
        assert!(person.as_mut().now_or_never().is_none());
        let mut kiosks: Vec<_> = (0..1000).map(|_| Box::pin(enter(&state, Priority::Kiosk))).collect();
        assert!(kiosks.iter_mut().all(|kiosk| kiosk.as_mut().now_or_never().is_none()));
        inside.pop();
        assert!(kiosks.iter_mut().all(|kiosk| kiosk.as_mut().now_or_never().is_none()));
        person.await.unwrap();
    }

    /// A door with a certificate, and who trusts it and offers `protocols`.
    fn a_door(protocols: &[&[u8]]) -> (HandshakeLimiter, TlsConnector) {
        let place = tempfile::tempdir().unwrap();
        let (folder, _) = crate::data::DataFolder::create(&place.path().join("data")).unwrap();
        crate::http::tls::create(&folder, &[], chrono::Utc::now()).unwrap();
        let config = crate::http::tls::config(&folder.certificate(), &folder.certificate_key()).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(rustls::pki_types::CertificateDer::from_pem_file(folder.ca()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = rustls::ClientConfig::builder_with_provider(provider);
        let client = client.with_safe_default_protocol_versions().unwrap();
        let mut client = client.with_root_certificates(roots).with_no_client_auth();
        client.alpn_protocols = protocols.iter().map(|p| p.to_vec()).collect();
        (HandshakeLimiter::new(config), TlsConnector::from(Arc::new(client)))
    }

    #[tokio::test]
    async fn those_who_say_nothing_keep_nobody_from_the_door() {
        let (door, browser) = a_door(&[b"h2", b"http/1.1"]);
        let mut silent = Vec::new();
        let mut silently = Vec::new();
        for _ in 0..4 * AT_A_TIME {
            let (theirs, ours) = tokio::io::duplex(4096);
            silent.push(theirs);
            silently.push(door.accept(ours, ()));
        }
        let mut silently = select_all(silently);
        assert!((&mut silently).now_or_never().is_none());
        let (theirs, ours) = tokio::io::duplex(4096);
        let name = ServerName::try_from("localhost").unwrap();
        let shaken = futures_util::future::join(browser.connect(name, theirs), door.accept(ours, ()));
        tokio::select! {
            _ = silently => panic!("they were waited for"),
            (theirs, ours) = shaken => {
                assert!(theirs.is_ok());
                assert_eq!(ours.unwrap().0.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
            }
        }
    }

    #[tokio::test]
    async fn a_browser_is_a_person_and_a_kiosk_is_a_kiosk() {
        for (protocols, expected) in [
            (&[&b"h2"[..], b"http/1.1"][..], Priority::Person),
            (&[b"http/1.1"], Priority::Kiosk),
            (&[], Priority::Kiosk),
        ] {
            let (_, caller) = a_door(protocols);
            let (theirs, ours) = tokio::io::duplex(4096);
            let calling = caller.connect(ServerName::try_from("localhost").unwrap(), theirs);
            let _calling = tokio::spawn(calling);
            let hello = LazyConfigAcceptor::new(Acceptor::default(), ours).await.unwrap();
            assert_eq!(priority(&hello.client_hello()), expected);
        }
    }
}
