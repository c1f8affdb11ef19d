//! A bell: it says that there is work, and whoever wants to can wait until the work is done.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug, Default)]
struct State {
    /// How often it rang.
    rung: u64,
    /// Up to which ring everything has been done.
    done: u64,
    silent: bool,
}

/// See the module. It rings for one worker.
#[derive(Debug, Default)]
pub struct Bell {
    state: Mutex<State>,
    changed: Condvar,
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is work.
    pub fn ring(&self) {
        self.lock().rung += 1;
        self.changed.notify_all();
    }

    /// Waits for a ring that has not been worked off; answers which, or nothing when the bell fell silent.
    pub fn listen(&self) -> Option<u64> {
        let state = self.changed.wait_while(self.lock(), |s| !s.silent && s.rung == s.done);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        (!state.silent).then_some(state.rung)
    }

    /// Everything up to this ring is done.
    pub fn done(&self, ring: u64) {
        self.lock().done = ring;
        self.changed.notify_all();
    }

    /// Ends whoever listens or waits.
    pub fn silence(&self) {
        self.lock().silent = true;
        self.changed.notify_all();
    }

    /// Whether it will ring no more.
    pub fn is_silent(&self) -> bool {
        self.lock().silent
    }

    /// Does nothing for a while; answers earlier if it falls silent.
    pub fn pause(&self, time: Duration) {
        drop(self.changed.wait_timeout_while(self.lock(), time, |s| !s.silent));
    }

    /// Waits until everything that was rung for so far is done, or the bell has fallen silent.
    pub fn settled(&self) {
        let state = self.lock();
        let until = state.rung;
        drop(self.changed.wait_while(state, |s| !s.silent && s.done < until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_goes_on_when_the_work_of_all_rings_is_done() {
        let bell = Bell::default();
        bell.ring();
        bell.ring();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while let Some(ring) = bell.listen() {
                    bell.done(ring);
                }
            });
            bell.settled();
            assert_eq!(bell.lock().done, 2);
            bell.silence();
        });
        assert_eq!(bell.listen(), None);
    }
}
