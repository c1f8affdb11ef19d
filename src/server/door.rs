//! The door before TLS: so many handshakes at a time, and whoever came last goes first.
//!
//! A handshake costs the server half a millisecond. When a fleet gets its power back, thousands of them
//! arrive at once, and done all together they would keep the threads from everybody who is already inside.
//! Last come, first served sounds unfair and is not: those who have waited longest have given up by the time
//! that it is their turn, or will call again by themselves; somebody who opens a page now is looking at it.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum_server::accept::Accept;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

/// Handshakes at a time.
const AT_A_TIME: usize = 8;
/// Who may wait before the door; beyond that the one who has waited longest is sent away.
const WAITING: usize = 16_384;

#[derive(Debug)]
struct State {
    free: usize,
    waiting: VecDeque<oneshot::Sender<Place>>,
}

/// Lets connections through to `inner`, which does the handshake.
#[derive(Clone, Debug)]
pub struct Door<A> {
    inner: A,
    state: Arc<Mutex<State>>,
}

/// A place at the handshake. Dropping it lets the next one in.
#[derive(Debug)]
struct Place(Arc<Mutex<State>>);

impl<A> Door<A> {
    /// A door before `inner`.
    pub fn new(inner: A) -> Self {
        let state = State { free: AT_A_TIME, waiting: VecDeque::new() };
        Self { inner, state: Arc::new(Mutex::new(state)) }
    }
}

/// Waits for a place.
async fn enter(state: &Arc<Mutex<State>>) -> io::Result<Place> {
    let wait = {
        let mut inside = state.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.free > 0 {
            inside.free -= 1;
            return Ok(Place(Arc::clone(state)));
        }
        let (turn, wait) = oneshot::channel();
        inside.waiting.push_back(turn);
        if inside.waiting.len() > WAITING {
            inside.waiting.pop_front();
        }
        wait
    };
    wait.await.map_err(|_| io::ErrorKind::ConnectionRefused.into())
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(next) = state.waiting.pop_back() {
            // Whoever has gone meanwhile does not hear it, and gives the place back unused.
            if next.is_closed() {
                continue;
            }
            let place = Place(Arc::clone(&self.0));
            drop(state);
            drop(next.send(place));
            return;
        }
        state.free += 1;
    }
}

impl<A, I, S> Accept<I, S> for Door<A>
where
    A: Accept<I, S> + Clone + Send + 'static,
    A::Future: Send,
    A::Stream: Send,
    A::Service: Send,
    I: Send + 'static,
    S: Send + 'static,
{
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let (inner, state) = (self.inner.clone(), Arc::clone(&self.state));
        Box::pin(async move {
            let _place = enter(&state).await?;
            inner.accept(stream, service).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn whoever_came_last_goes_first_and_whoever_has_gone_takes_no_place() {
        let door = Door::new(());
        let mut inside = Vec::new();
        for _ in 0..AT_A_TIME {
            inside.push(enter(&door.state).await.unwrap());
        }
        let (mut early, mut gone, mut late) =
            (Box::pin(enter(&door.state)), Box::pin(enter(&door.state)), Box::pin(enter(&door.state)));
        for waiting in [&mut early, &mut gone, &mut late] {
            assert!(waiting.as_mut().now_or_never().is_none());
        }
        drop(gone);
        inside.pop();
        assert!(early.as_mut().now_or_never().is_none());
        let place = late.await.unwrap();
        assert!(early.as_mut().now_or_never().is_none());
        drop(place);
        drop(early.await.unwrap());
        inside.clear();
        assert_eq!(door.state.lock().unwrap().free, AT_A_TIME);
    }
}
