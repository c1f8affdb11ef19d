//! A signal to one worker that there is work. Others can wait until all of it is done.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug, Default)]
struct State {
    /// How many notices were given.
    notified: u64,
    /// The notice up to which all work is done.
    done: u64,
    shut_down: bool,
}

/// A signal to one worker.
#[derive(Debug, Default)]
pub struct WorkSignal {
    state: Mutex<State>,
    changed: Condvar,
}

impl WorkSignal {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the worker that there is work.
    pub fn notify(&self) {
        self.lock().notified += 1;
        self.changed.notify_all();
    }

    /// Waits for a notice that is not done. Returns its number, or none after [`Self::shutdown`].
    pub fn wait(&self) -> Option<u64> {
        let state = self.changed.wait_while(self.lock(), |s| !s.shut_down && s.notified == s.done);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        (!state.shut_down).then_some(state.notified)
    }

    /// Marks all work up to this notice as done.
    pub fn done(&self, notice: u64) {
        self.lock().done = notice;
        self.changed.notify_all();
    }

    /// Ends every wait.
    pub fn shutdown(&self) {
        self.lock().shut_down = true;
        self.changed.notify_all();
    }

    pub fn is_shut_down(&self) -> bool {
        self.lock().shut_down
    }

    /// Sleeps for `time`, or until the shutdown.
    pub fn pause(&self, time: Duration) {
        drop(self.changed.wait_timeout_while(self.lock(), time, |s| !s.shut_down));
    }

    /// Waits until all work notified so far is done, or until the shutdown.
    pub fn drained(&self) {
        let state = self.lock();
        let until = state.notified;
        drop(self.changed.wait_while(state, |s| !s.shut_down && s.done < until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiters_go_on_when_all_work_is_done() {
        let signal = WorkSignal::default();
        signal.notify();
        signal.notify();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while let Some(notice) = signal.wait() {
                    signal.done(notice);
                }
            });
            signal.drained();
            assert_eq!(signal.lock().done, 2);
            signal.shutdown();
        });
        assert_eq!(signal.wait(), None);
    }
}
