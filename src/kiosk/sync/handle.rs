//! What the rest of the kiosk holds of the loop: it wakes it, looks how it goes, and ends it.

use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::lock;
use super::status::{Board, SyncStatus};

/// The running loop. It ends when this is dropped.
pub struct SyncHandle {
    pub(super) shared: Arc<Shared>,
    pub(super) board: Arc<Board>,
    /// Closes when the loop ends.
    pub(super) ended: Receiver<()>,
    pub(super) thread: Option<JoinHandle<()>>,
}

/// What the loop and its handle say to each other.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) wish: Mutex<Wish>,
    pub(super) changed: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Wish {
    #[default]
    Nothing,
    Wake,
    Stop,
}

/// How long [`SyncHandle::stop`] waits for a request that is under way.
const PATIENCE: Duration = Duration::from_millis(800);

impl SyncHandle {
    /// Something new is in the outbox.
    pub fn wake(&self) {
        let mut wish = lock(&self.shared.wish);
        if *wish == Wish::Nothing {
            *wish = Wish::Wake;
            self.shared.changed.notify_all();
        }
    }

    /// How it goes.
    pub fn status(&self) -> SyncStatus {
        self.board.get()
    }

    /// Has `listener` called, on the loop's thread, whenever the status has changed.
    pub fn on_change(&self, listener: Box<dyn Fn() + Send>) {
        self.board.on_change(listener);
    }

    /// Waits until `enough` is true of the status, at most for `longest`; none if it did not come true.
    pub fn wait(&self, longest: Duration, enough: impl Fn(&SyncStatus) -> bool) -> Option<SyncStatus> {
        self.board.wait(longest, enough)
    }

    /// Ends the loop, within a second. A request that is under way is left to itself: when its answer
    /// comes, nothing is done with it, and what it carried is sent again after the next start.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        *lock(&self.shared.wish) = Wish::Stop;
        self.shared.changed.notify_all();
        let Some(thread) = self.thread.take() else { return };
        // The loop never sends anything: the channel closes when it ends.
        if matches!(self.ended.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected)) {
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
