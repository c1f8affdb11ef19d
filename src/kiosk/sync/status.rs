//! The status of sync: one small value that the window and the log can read at any time.

use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Timestamp;

/// The state of the connection to the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// The server answered the last request.
    Online,
    /// The last request failed, or there was none yet.
    #[default]
    Offline,
    /// There is no server, or no code to enrol with.
    NotConfigured,
    /// The server refuses this kiosk. Staff have to act.
    Refused,
}

/// The status of sync.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncStatus {
    /// The connection to the server.
    pub link: LinkState,
    /// The number of submissions that are not on the server yet.
    pub waiting: u64,
    /// When the server last accepted a request, by the kiosk's clock.
    pub last_success: Option<Timestamp>,
}

type Listener = Box<dyn Fn() + Send>;

/// The status, with notification of changes.
#[derive(Default)]
pub(super) struct StatusCell {
    status: Mutex<SyncStatus>,
    changed: Condvar,
    listener: Mutex<Option<Listener>>,
}

impl StatusCell {
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

    /// Waits until `condition` holds, at most for `longest`.
    pub(super) fn wait(
        &self,
        longest: Duration,
        condition: impl Fn(&SyncStatus) -> bool,
    ) -> Option<SyncStatus> {
        let waited = self.changed.wait_timeout_while(self.lock(), longest, |status| !condition(status));
        let (status, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        (!timeout.timed_out()).then_some(*status)
    }

    fn lock(&self) -> MutexGuard<'_, SyncStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for StatusCell {
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
    fn a_listener_is_called_on_changes_only() {
        let (cell, calls) = (StatusCell::default(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&calls);
        cell.on_change(Box::new(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        }));
        cell.set(SyncStatus::default());
        cell.set(SyncStatus { waiting: 1, ..SyncStatus::default() });
        cell.set(SyncStatus { waiting: 1, ..SyncStatus::default() });
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn waiting_ends_with_the_condition_or_the_timeout() {
        let cell = Arc::new(StatusCell::default());
        let other = Arc::clone(&cell);
        let thread =
            std::thread::spawn(move || other.set(SyncStatus { waiting: 2, ..SyncStatus::default() }));
        assert_eq!(cell.wait(Duration::from_secs(60), |s| s.waiting == 2).unwrap().waiting, 2);
        thread.join().unwrap();
        assert!(cell.wait(Duration::from_millis(1), |s| s.waiting == 3).is_none());
    }
}
