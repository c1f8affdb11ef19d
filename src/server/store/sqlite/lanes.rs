//! Three queues before one worker: people, kiosks, and background work.
//!
//! Each queue is bounded, so that a flood is refused at once and never fills the memory. What is in a queue
//! when it is closed is still done; new jobs are refused.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Jobs that may wait in one lane.
const WAITING: usize = 1024;

/// The priority of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// A person at a screen waits.
    People,
    /// A kiosk waits for its answer.
    Kiosks,
    Later,
}

/// Why a job was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Too many are waiting.
    Full,
    /// The lanes are closed.
    Closed,
}

type Queue<J> = VecDeque<(usize, J)>;

struct Waiting<J> {
    people: Queue<J>,
    kiosks: Queue<J>,
    later: Queue<J>,
    closed: bool,
}

impl<J> Waiting<J> {
    fn lane(&mut self, lane: Lane) -> &mut Queue<J> {
        match lane {
            Lane::People => &mut self.people,
            Lane::Kiosks => &mut self.kiosks,
            Lane::Later => &mut self.later,
        }
    }

    fn is_empty(&self) -> bool {
        self.people.is_empty() && self.kiosks.is_empty() && self.later.is_empty()
    }
}

pub(super) struct Lanes<J> {
    waiting: Mutex<Waiting<J>>,
    something: Condvar,
}

impl<J> fmt::Debug for Lanes<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.lock();
        write!(f, "Lanes({}, {}, {})", waiting.people.len(), waiting.kiosks.len(), waiting.later.len())
    }
}

impl<J> Lanes<J> {
    pub(super) fn new() -> Self {
        let (people, kiosks, later) = (Queue::new(), Queue::new(), Queue::new());
        let waiting = Waiting { people, kiosks, later, closed: false };
        Self { waiting: Mutex::new(waiting), something: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<J>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a job. `weight` is for the worker.
    pub(super) fn put(&self, lane: Lane, weight: usize, job: J) -> Result<(), Refused> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(Refused::Closed);
        }
        let queue = waiting.lane(lane);
        if queue.len() >= WAITING {
            return Err(Refused::Full);
        }
        queue.push_back((weight, job));
        self.something.notify_one();
        Ok(())
    }

    /// Waits until there is a job. False when the lanes are closed and empty.
    pub(super) fn wait(&self) -> bool {
        let waiting = self.lock();
        let waiting = self.something.wait_while(waiting, |waiting| waiting.is_empty() && !waiting.closed);
        !waiting.unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// The next job, the most urgent lane first, with its lane and weight.
    pub(super) fn take(&self) -> Option<(Lane, usize, J)> {
        let mut waiting = self.lock();
        [Lane::People, Lane::Kiosks, Lane::Later]
            .into_iter()
            .find_map(|lane| waiting.lane(lane).pop_front().map(|(weight, job)| (lane, weight, job)))
    }

    /// The next background job.
    pub(super) fn take_later(&self) -> Option<J> {
        self.lock().later.pop_front().map(|(_, job)| job)
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.something.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// People come before kiosks, and both before background work.
    #[test]
    fn lanes_are_served_by_priority() {
        let lanes = Lanes::new();
        for (lane, job) in
            [(Lane::Later, 5), (Lane::Kiosks, 3), (Lane::People, 1), (Lane::Kiosks, 4), (Lane::People, 2)]
        {
            lanes.put(lane, 1, job).unwrap();
        }
        let order: Vec<i32> = std::iter::from_fn(|| lanes.take()).map(|(_, _, job)| job).collect();
        assert_eq!(order, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_full_lane_refuses_alone() {
        let lanes = Lanes::new();
        for n in 0..WAITING {
            lanes.put(Lane::Kiosks, 200, n).unwrap();
        }
        assert_eq!(lanes.put(Lane::Kiosks, 200, 0), Err(Refused::Full));
        assert_eq!(lanes.put(Lane::People, 1, 0), Ok(()));
    }

    #[test]
    fn closed_lanes_hand_out_waiting_jobs() {
        let lanes = Lanes::new();
        lanes.put(Lane::Later, 1, "last").unwrap();
        lanes.close();
        assert_eq!(lanes.put(Lane::People, 1, "late"), Err(Refused::Closed));
        assert!(lanes.wait());
        assert_eq!(lanes.take_later(), Some("last"));
        assert!(!lanes.wait());
    }
}
