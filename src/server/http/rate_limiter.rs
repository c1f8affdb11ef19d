//! Rate limits: a token bucket for each key.
//!
//! The buckets are kept in memory, and their number is bounded. After a restart all of them are full, which
//! does no harm, because the limits only slow down guessing. They refill by the steady clock, so that nobody
//! waits for hours because the wall clock was put right.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Steady;

/// Buckets kept at once. Beyond that, the full ones are dropped; if there are none, all are.
const REMEMBERED: usize = 20_000;

/// A limit on tries, for each key of type `K`.
#[derive(Debug)]
pub struct RateLimiter<K> {
    tries: u32,
    refill: Duration,
    /// When the bucket of a key will be full again.
    full_at: Mutex<HashMap<K, Steady>>,
}

/// How long to wait for the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(Duration);

impl Wait {
    pub fn seconds(self) -> u32 {
        u32::try_from(self.0.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
    }

    pub fn minutes(self) -> u32 {
        self.seconds().div_ceil(60)
    }
}

impl<K: Eq + Hash + Clone> RateLimiter<K> {
    /// Allows `tries` at once, and one more every `refill`.
    pub fn new(tries: u32, refill: Duration) -> Self {
        Self { tries, refill, full_at: Mutex::new(HashMap::new()) }
    }

    /// Takes one try, if there is one.
    ///
    /// # Errors
    /// [`Wait`], until there is one again.
    pub fn admit(&self, key: K, now: Steady) -> Result<(), Wait> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= REMEMBERED {
            full_at.retain(|_, at| *at > now);
        }
        if full_at.len() >= REMEMBERED {
            full_at.clear();
        }
        let next = full_at.get(&key).map_or(now, |at| (*at).max(now)).0 + self.refill;
        let limit = now.0 + self.refill * self.tries;
        if next > limit {
            return Err(Wait(next - limit));
        }
        full_at.insert(key, Steady(next));
        Ok(())
    }

    /// Returns a try that turned out not to count.
    pub fn give_back(&self, key: &K) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = full_at.get_mut(key) {
            at.0 = at.0.saturating_sub(self.refill);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> Steady {
        Steady(Duration::from_secs(second))
    }

    #[test]
    fn tokens_refill_once_a_minute() {
        let limiter = RateLimiter::new(3, Duration::from_secs(60));
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
        let limiter = RateLimiter::new(2, Duration::from_secs(60));
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
        let limiter = RateLimiter::new(1, Duration::from_secs(1));
        for key in 0..50_000 {
            let _ = limiter.admit(key, at(0));
        }
        assert!(limiter.full_at.lock().unwrap().len() <= REMEMBERED);
    }
}
