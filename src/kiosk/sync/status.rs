//! How it goes: one small value that the window and the log may look at at any time.

use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Timestamp;

/// How the kiosk stands with its server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// The server answered the last time.
    Online,
    /// It did not, or has not been asked yet.
    #[default]
    Offline,
    /// There is no server to ask, or no code to enrol with.
    NotConfigured,
    /// The server does not know this kiosk, or not any more. Somebody has to do something.
    Refused,
}

/// How it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncStatus {
    /// How the kiosk stands with its server.
    pub link: LinkState,
    /// Submissions that are not on the server yet.
    pub waiting: u64,
    /// When the server last took in what was sent, by the kiosk's clock.
    pub last_success: Option<Timestamp>,
}

type Listener = Box<dyn Fn() + Send>;

/// The value, and who wants to know when it changes.
#[derive(Default)]
pub(super) struct Board {
    status: Mutex<SyncStatus>,
    changed: Condvar,
    listener: Mutex<Option<Listener>>,
}

impl Board {
    pub(super) fn new(status: SyncStatus) -> Self {
        Self { status: Mutex::new(status), ..Self::default() }
    }

    pub(super) fn get(&self) -> SyncStatus {
        *self.lock()
    }

    pub(super) fn set(&self, new: SyncStatus) {
        let old = std::mem::replace(&mut *self.lock(), new);
        if old != new {
            self.changed.notify_all();
            if let Some(listener) = &*self.listener.lock().unwrap_or_else(PoisonError::into_inner) {
                listener();
            }
        }
    }

    pub(super) fn on_change(&self, listener: Listener) {
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
    }

    /// Waits until `enough` is true of the status, at most for `longest`.
    pub(super) fn wait(&self, longest: Duration, enough: impl Fn(&SyncStatus) -> bool) -> Option<SyncStatus> {
        let waited = self.changed.wait_timeout_while(self.lock(), longest, |status| !enough(status));
        let (status, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        (!timeout.timed_out()).then_some(*status)
    }

    fn lock(&self) -> MutexGuard<'_, SyncStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_listener_is_called_when_something_changed_and_only_then() {
        let (board, calls) = (Board::default(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&calls);
        board.on_change(Box::new(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        }));
        board.set(SyncStatus::default());
        board.set(SyncStatus { waiting: 1, ..SyncStatus::default() });
        board.set(SyncStatus { waiting: 1, ..SyncStatus::default() });
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn waiting_ends_when_it_has_come_true_or_time_is_up() {
        let board = Arc::new(Board::default());
        let other = Arc::clone(&board);
        let thread =
            std::thread::spawn(move || other.set(SyncStatus { waiting: 2, ..SyncStatus::default() }));
        assert_eq!(board.wait(Duration::from_secs(60), |s| s.waiting == 2).unwrap().waiting, 2);
        thread.join().unwrap();
        assert!(board.wait(Duration::from_millis(1), |s| s.waiting == 3).is_none());
    }
}
