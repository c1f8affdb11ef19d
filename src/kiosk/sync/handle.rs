//! The handle of the running loop: wakes it, reads its status, stops it.
//!
//! It is created when sync starts. Dropping it stops the loop.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::status::{StatusCell, SyncStatus};
use crate::lock::lock;

/// The running loop. It ends when this is dropped.
pub struct SyncHandle {
    pub(super) shared: Arc<Shared>,
    pub(super) status: Arc<StatusCell>,
    /// Cancels the running request.
    pub(super) requests: CancellationToken,
    pub(super) thread: Option<JoinHandle<()>>,
}

/// Shared between the loop and its handle.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) signal: Mutex<Signal>,
    pub(super) changed: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Signal {
    #[default]
    None,
    Wake,
    Stop,
}

impl SyncHandle {
    /// Tells the loop that an item was queued.
    pub fn wake(&self) {
        let mut signal = lock(&self.shared.signal);
        if *signal == Signal::None {
            *signal = Signal::Wake;
            self.shared.changed.notify_all();
        }
    }

    /// The current status.
    pub fn status(&self) -> SyncStatus {
        self.status.get()
    }

    /// Calls `listener`, on the loop's thread, whenever the status has changed.
    pub fn on_change(&self, listener: Box<dyn Fn() + Send>) {
        self.status.on_change(listener);
    }

    /// Waits until `condition` holds, at most for `longest`; none if it did not become true in time.
    pub fn wait(&self, longest: Duration, condition: impl Fn(&SyncStatus) -> bool) -> Option<SyncStatus> {
        self.status.wait(longest, condition)
    }

    /// Stops the loop and waits for its thread. A running request is cancelled, also the download of content;
    /// its items are sent again after the next start.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        *lock(&self.shared.signal) = Signal::Stop;
        self.shared.changed.notify_all();
        self.requests.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for SyncHandle {
    fn drop(&mut self) {
        self.end();
    }
}

impl fmt::Debug for SyncHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SyncHandle({:?})", self.status())
    }
}
