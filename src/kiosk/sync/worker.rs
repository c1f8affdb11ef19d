//! The loop: runs the steps of the [`Engine`] and waits in between as long as the engine says.
//!
//! It has its own thread, so a visitor's "send" never waits for a server.

use std::sync::{Arc, PoisonError};
use std::time::Instant;

use domain::Timestamp;
use domain::id::CryptoRng;
use tokio_util::sync::CancellationToken;

use super::core::Moment;
use super::engine::{Engine, Environment, Transport};
use super::handle::{Shared, Signal, SyncHandle};
use crate::lock::lock;

/// Starts the thread. Cancelling `requests` ends the running request.
///
/// # Errors
/// The system has no thread left.
pub(super) fn spawn<R, T>(
    mut engine: Engine<R>,
    transport: Option<T>,
    requests: CancellationToken,
    clock: fn() -> Timestamp,
) -> Result<SyncHandle, std::io::Error>
where
    R: CryptoRng + Send + 'static,
    T: Transport + Send + 'static,
{
    let status = Arc::clone(&engine.status);
    let shared = Arc::new(Shared::default());
    let env = WorkerEnvironment { shared: Arc::clone(&shared), clock, began: Instant::now() };
    let thread = std::thread::Builder::new().name("sync".to_owned()).spawn(move || {
        run(&mut engine, transport.as_ref(), &env);
    })?;
    Ok(SyncHandle { shared, status, requests, thread: Some(thread) })
}

/// The real clocks, and the signal of the handle.
struct WorkerEnvironment {
    shared: Arc<Shared>,
    clock: fn() -> Timestamp,
    began: Instant,
}

impl Environment for WorkerEnvironment {
    fn elapsed(&self) -> Moment {
        self.began.elapsed()
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn is_running(&self) -> bool {
        *lock(&self.shared.signal) != Signal::Stop
    }
}

fn run<R: CryptoRng>(engine: &mut Engine<R>, transport: Option<&impl Transport>, env: &WorkerEnvironment) {
    while let Ok(wait) = engine.step(transport, env) {
        let signal = match wait {
            Some(then) => env.wait(then),
            None => Signal::None,
        };
        if signal == Signal::Wake {
            engine.core.item_queued(env.elapsed());
            if engine.publish_status().is_err() {
                return;
            }
        }
        if !env.is_running() {
            return;
        }
    }
}

impl WorkerEnvironment {
    /// Waits until `then`, or until there is a signal.
    fn wait(&self, then: Moment) -> Signal {
        let longest = then.saturating_sub(self.elapsed());
        let waited = self
            .shared
            .changed
            .wait_timeout_while(lock(&self.shared.signal), longest, |signal| *signal == Signal::None);
        let (mut signal, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if *signal == Signal::Stop { Signal::Stop } else { std::mem::take(&mut *signal) }
    }
}
