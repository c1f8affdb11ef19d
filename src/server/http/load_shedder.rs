//! Load shedding: how many kiosk requests are served at a time, and when the others retry.
//!
//! A request beyond the limit is refused before its body is read. Each refused kiosk gets its own time to
//! retry, as many per second as the server can serve, so that none is refused again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::clock::Steady;

/// Retries are spread over this time at most. Then the spreading begins again at the current time.
const LONGEST: Duration = Duration::from_secs(120);

/// Limits the requests of kiosks that are served at a time.
#[derive(Debug)]
pub struct LoadShedder {
    permits: Semaphore,
    /// The time between the retries of two kiosks.
    interval: Duration,
    /// The retry time of the kiosk that was refused last.
    last: Mutex<Steady>,
}

impl LoadShedder {
    /// Serves `max_requests` at a time, and spreads the retries of the others to `retries_per_s`.
    pub fn new(max_requests: usize, retries_per_s: u32) -> Self {
        let interval = Duration::from_secs(1) / retries_per_s.max(1);
        Self { permits: Semaphore::new(max_requests), interval, last: Mutex::new(Steady::default()) }
    }

    /// A permit to be served, if one is free. Dropping it frees it.
    pub fn enter(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.try_acquire().ok()
    }

    /// In how many seconds a kiosk that got no permit should retry.
    pub fn retry_after(&self, now: Steady) -> u32 {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let ahead = last.0.saturating_sub(now.0) + self.interval;
        let ahead = if ahead > LONGEST { self.interval } else { ahead };
        last.0 = now.0 + ahead;
        // At least two seconds: earlier, the load would still be there.
        u32::try_from(ahead.as_secs() + 2).unwrap_or(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_spread_at_the_given_rate() {
        let (shedder, now) = (LoadShedder::new(1, 300), Steady(Duration::from_secs(1000)));
        let seconds: Vec<u32> = (0..10_000).map(|_| shedder.retry_after(now)).collect();
        assert!(seconds.is_sorted());
        assert_eq!((seconds[0], seconds[9_999]), (2, 35));
        for second in 0..40 {
            assert!(seconds.iter().filter(|t| **t == second).count() <= 300);
        }
        let many: Vec<u32> = (0..100_000).map(|_| shedder.retry_after(now)).collect();
        assert!(many.iter().all(|t| *t <= 122));
        assert_eq!(shedder.retry_after(Steady(now.0 + Duration::from_secs(3600))), 2);
    }

    #[test]
    fn a_dropped_permit_is_free_again() {
        let shedder = LoadShedder::new(1, 300);
        let inside = shedder.enter().unwrap();
        assert!(shedder.enter().is_none());
        drop(inside);
        assert!(shedder.enter().is_some());
    }
}
