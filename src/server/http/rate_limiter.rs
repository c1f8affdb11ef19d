//! Rate limits: a token bucket for each key.
//!
//! The buckets are kept in memory, and their number is bounded. After a restart all of them are full, which
//! does no harm, because the limits only slow down guessing.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use domain::Timestamp;

/// Buckets kept at once. Beyond that, the full ones are dropped; if there are none, all are.
const REMEMBERED: usize = 20_000;

/// A limit on tries, for each key of type `K`.
#[derive(Debug)]
pub struct RateLimiter<K> {
    tries: u32,
    refill: TimeDelta,
    /// When the bucket of a key will be full again.
    full_at: Mutex<HashMap<K, Timestamp>>,
}

/// How long to wait for the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(TimeDelta);

impl Wait {
    pub fn seconds(self) -> u32 {
        let millis = u64::try_from(self.0.num_milliseconds()).unwrap_or_default();
        u32::try_from(millis.div_ceil(1000)).unwrap_or(u32::MAX).max(1)
    }

    pub fn minutes(self) -> u32 {
        self.seconds().div_ceil(60)
    }
}

impl<K: Eq + Hash + Clone> RateLimiter<K> {
    /// Allows `tries` at once, and one more every `refill`.
    pub fn new(tries: u32, refill: TimeDelta) -> Self {
        Self { tries, refill, full_at: Mutex::new(HashMap::new()) }
    }

    /// Takes one try, if there is one.
    ///
    /// # Errors
    /// [`Wait`], until there is one again.
    pub fn admit(&self, key: K, now: Timestamp) -> Result<(), Wait> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= REMEMBERED {
            full_at.retain(|_, at| *at > now);
        }
        if full_at.len() >= REMEMBERED {
            full_at.clear();
        }
        let next = full_at.get(&key).map_or(now, |at| (*at).max(now)) + self.refill;
        let capacity = self.refill * i32::try_from(self.tries).unwrap_or(i32::MAX);
        if next > now + capacity {
            return Err(Wait(next - now - capacity));
        }
        full_at.insert(key, next);
        Ok(())
    }

    /// Returns a try that turned out not to count.
    pub fn give_back(&self, key: &K) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = full_at.get_mut(key) {
            *at -= self.refill;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    #[test]
    fn tokens_refill_once_a_minute() {
        let limiter = RateLimiter::new(3, TimeDelta::seconds(60));
        for _ in 0..3 {
            limiter.admit("a", at(0)).unwrap();
        }
        assert_eq!(limiter.admit("a", at(0)).unwrap_err().seconds(), 60);
        assert_eq!(limiter.admit("a", at(30)).unwrap_err().seconds(), 30);
        limiter.admit("b", at(0)).unwrap();
        limiter.admit("a", at(60)).unwrap();
        assert!(limiter.admit("a", at(60)).is_err());
    }

    #[test]
    fn a_try_that_is_given_back_was_none() {
        let limiter = RateLimiter::new(2, TimeDelta::seconds(60));
        limiter.admit("a", at(0)).unwrap();
        for _ in 0..5 {
            limiter.admit("a", at(0)).unwrap();
            limiter.give_back(&"a");
        }
        limiter.admit("a", at(0)).unwrap();
        assert!(limiter.admit("a", at(0)).is_err());
    }

    #[test]
    fn a_flood_of_keys_is_bounded() {
        let limiter = RateLimiter::new(1, TimeDelta::seconds(1));
        for key in 0..50_000 {
            let _ = limiter.admit(key, at(0));
        }
        assert!(limiter.full_at.lock().unwrap().len() <= REMEMBERED);
    }
}
