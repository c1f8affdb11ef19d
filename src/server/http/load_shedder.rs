//! How many kiosks are let in at a time, and when the others are to come again.
//!
//! Whoever finds no place is told a moment of its own: the places are given out one after the other, as fast
//! as the server works, so that nobody comes twice in vain. It costs no more than a word, and is said before
//! anything of the request is read.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use domain::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The longest that anybody is sent away for, in seconds.
const LONGEST: i64 = 120;

/// The place before the API.
#[derive(Debug)]
pub struct LoadShedder {
    places: Semaphore,
    /// Between two kiosks that come again.
    apart: TimeDelta,
    /// When the one who was sent away last is to come again.
    last: Mutex<Timestamp>,
}

impl LoadShedder {
    /// So many at a time, and so many a second when there are more.
    pub fn new(places: usize, a_second: u32) -> Self {
        let apart = TimeDelta::microseconds(1_000_000 / i64::from(a_second.max(1)));
        Self { places: Semaphore::new(places), apart, last: Mutex::new(Timestamp::default()) }
    }

    /// A place, if one is free; it is given back by dropping it.
    pub fn enter(&self) -> Option<SemaphorePermit<'_>> {
        self.places.try_acquire().ok()
    }

    /// In how many seconds one who found no place is to come again.
    pub fn retry_after(&self, now: Timestamp) -> u32 {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let next = (*last).max(now) + self.apart;
        let next = if next - now > TimeDelta::seconds(LONGEST) { now + self.apart } else { next };
        *last = next;
        // Two at least: the first ones would come back while the crowd is still there.
        u32::try_from((next - now).num_milliseconds().div_euclid(1000) + 2).unwrap_or(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_are_told_to_come_one_after_the_other_and_nobody_is_sent_away_for_long() {
        let (crowd, now) = (LoadShedder::new(1, 300), Timestamp::from_timestamp(1_800_000_000, 0).unwrap());
        let told: Vec<u32> = (0..10_000).map(|_| crowd.retry_after(now)).collect();
        assert!(told.is_sorted());
        assert_eq!((told[0], told[9_999]), (2, 35));
        for second in 0..40 {
            assert!(told.iter().filter(|t| **t == second).count() <= 300);
        }
        let many: Vec<u32> = (0..100_000).map(|_| crowd.retry_after(now)).collect();
        assert!(many.iter().all(|t| *t <= 122));
        assert_eq!(crowd.retry_after(now + TimeDelta::hours(1)), 2);
    }

    #[test]
    fn a_place_is_free_again_when_it_is_left() {
        let crowd = LoadShedder::new(1, 300);
        let inside = crowd.enter().unwrap();
        assert!(crowd.enter().is_none());
        drop(inside);
        assert!(crowd.enter().is_some());
    }
}
