//! Random choices from a seeded generator, in the few forms that the tests need.

use rand::Rng;

pub trait Chance {
    /// A number from 0 up to, but not including, `end`.
    fn below(&mut self, end: u64) -> u64;

    /// An index into a list of this length.
    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap())).unwrap()
    }

    /// True with a probability of 1 / `n`.
    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

impl<R: Rng> Chance for R {
    fn below(&mut self, end: u64) -> u64 {
        self.next_u64() % end.max(1)
    }
}
