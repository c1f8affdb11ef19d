//! How many connections are open: of one address, and in all.
//!
//! A connection is counted when it is accepted, before anything is read from it, and until it is closed. One too
//! many is closed at once. Loopback and trusted proxies carry the connections of many people: for them only the
//! limit of all counts. An IPv6 caller is counted by its /64, as for the rate limits.
//!
//! The log says so at most once a minute, however many are turned away, and never from where they came.

use std::collections::HashMap;
use std::io::{self, IoSlice};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use futures_util::future::BoxFuture;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::http::caller::network;

/// Connections of one address at most. A mall whose kiosks and staff share one address has fewer.
const OF_ONE_ADDRESS: usize = 1024;
/// File descriptors that the database, its log and what else is open need.
const RESERVED: usize = 64;
/// Descriptors that are asked for where the system allows even more.
const MOST_DESCRIPTORS: u64 = 1 << 20;
/// How often the log speaks of connections that were turned away.
const SAID_EVERY: Duration = Duration::from_secs(60);

/// Raises the limit of file descriptors of this process as far as the system allows, and returns it. Many systems
/// give a program 1024, which is fewer than a few hundred silent callers and a fleet of kiosks need.
pub fn raise_descriptor_limit() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let highest = limit.maximum.unwrap_or(MOST_DESCRIPTORS).min(MOST_DESCRIPTORS);
    let raised = Rlimit { current: Some(highest), maximum: limit.maximum };
    let usable = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => highest,
        Err(_) => limit.current.unwrap_or(highest),
    };
    usize::try_from(usable).unwrap_or(usize::MAX)
}

/// Counts the connections that are open.
#[derive(Debug)]
pub struct Connections {
    all: usize,
    of_one_address: usize,
    /// Proxies, whose connections are those of many people.
    proxies: Vec<IpAddr>,
    open: Mutex<Open>,
    turned_away: RareWarning,
    not_accepted: RareWarning,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A place among the open connections. Dropping it frees it.
#[derive(Debug)]
struct Place {
    connections: Arc<Connections>,
    counted_as: Option<IpAddr>,
}

impl Connections {
    /// For a process that may open `descriptors` files.
    pub fn new(descriptors: usize, proxies: Vec<IpAddr>) -> Self {
        let all = descriptors.saturating_sub(RESERVED).max(1);
        let of_one_address = OF_ONE_ADDRESS.min(all.div_ceil(4));
        let (turned_away, not_accepted) = (RareWarning::default(), RareWarning::default());
        Self { all, of_one_address, proxies, open: Mutex::default(), turned_away, not_accepted }
    }

    fn enter(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let peer = peer.to_canonical();
        let carries_many = peer.is_loopback() || self.proxies.contains(&peer);
        let counted_as = (!carries_many).then(|| network(peer));
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = counted_as.map(|address| open.by_address.get(&address).copied().unwrap_or_default());
        if open.all >= self.all || of_address.is_some_and(|count| count >= self.of_one_address) {
            return None;
        }
        open.all += 1;
        if let Some(address) = counted_as {
            *open.by_address.entry(address).or_default() += 1;
        }
        Some(Place { connections: Arc::clone(self), counted_as })
    }

    /// Notes an error of accepting a connection, such as having no file descriptor left.
    pub fn accept_failed(&self, cause: &io::Error) {
        self.not_accepted.say(|times| {
            tracing::warn!(%cause, times, "connections could not be accepted");
        });
    }

    fn note_turned_away(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).all;
        let (all, of_one_address) = (self.all, self.of_one_address);
        self.turned_away.say(|times| {
            tracing::warn!(
                times,
                open,
                "connections were turned away: at most {of_one_address} of one address, {all} of all"
            );
        });
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        let Some(address) = self.counted_as else { return };
        if let Some(count) = open.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                open.by_address.remove(&address);
            }
        }
    }
}

/// A warning that is logged at most every [`SAID_EVERY`], with how often it was due since.
#[derive(Debug, Default)]
struct RareWarning(Mutex<(Option<Instant>, u64)>);

impl RareWarning {
    fn say(&self, log: impl FnOnce(u64)) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.1 += 1;
        if said.0.is_some_and(|last| last.elapsed() < SAID_EVERY) {
            return;
        }
        log(said.1);
        *said = (Some(Instant::now()), 0);
    }
}

/// Counts each connection before `inner` accepts it.
#[derive(Clone, Debug)]
pub struct CountingAcceptor<A> {
    connections: Arc<Connections>,
    inner: A,
}

impl<A> CountingAcceptor<A> {
    pub fn new(connections: Arc<Connections>, inner: A) -> Self {
        Self { connections, inner }
    }
}

impl<A, S> Accept<TcpStream, S> for CountingAcceptor<A>
where
    A: Accept<Counted, S>,
    A::Future: Send + 'static,
    A::Stream: Send + 'static,
    A::Service: Send + 'static,
{
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let peer: SocketAddr = match stream.peer_addr() {
            Ok(peer) => peer,
            // The caller has gone already.
            Err(cause) => return Box::pin(async { Err(cause) }),
        };
        let Some(place) = self.connections.enter(peer.ip()) else {
            self.connections.note_turned_away();
            return Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) });
        };
        Box::pin(self.inner.accept(Counted { stream, _place: place }, service))
    }
}

/// A connection that is counted until it is closed.
#[derive(Debug)]
pub struct Counted {
    stream: TcpStream,
    _place: Place,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_cannot_take_every_connection() {
        let connections = Arc::new(Connections::new(RESERVED + 40, Vec::new()));
        let mut places: Vec<_> =
            std::iter::from_fn(|| connections.enter(address("203.0.113.9"))).take(100).collect();
        assert_eq!(places.len(), 10);
        assert!(connections.enter(address("::ffff:203.0.113.9")).is_none(), "the same address");
        assert!(connections.enter(address("198.51.100.7")).is_some());
        places.pop();
        assert!(connections.enter(address("203.0.113.9")).is_some());
        drop(places);
        assert!(connections.open.lock().unwrap().by_address.is_empty());
    }

    /// Behind a proxy every caller has the address of the proxy.
    #[test]
    fn a_proxy_is_not_taken_for_one_caller() {
        let proxy = address("10.0.0.1");
        for many in [proxy, address("127.0.0.1"), address("::1")] {
            let connections = Arc::new(Connections::new(RESERVED + 40, vec![proxy]));
            let places: Vec<_> = std::iter::from_fn(|| connections.enter(many)).take(100).collect();
            assert_eq!(places.len(), 40, "all that there are");
        }
    }

    #[test]
    fn a_flood_is_one_line_in_the_log() {
        let (warning, mut lines) = (RareWarning::default(), 0);
        for _ in 0..1000 {
            warning.say(|_| lines += 1);
        }
        assert_eq!(lines, 1);
    }
}
