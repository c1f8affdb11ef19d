//! Chance from a seeded generator, in the few shapes that stories need.

use rand::Rng;

pub trait Chance {
    /// A number from 0 to less than `end`.
    fn below(&mut self, end: u64) -> u64;

    /// A place in a list of `length`.
    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap())).unwrap()
    }

    /// True once in `n` times.
    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

impl<R: Rng> Chance for R {
    fn below(&mut self, end: u64) -> u64 {
        self.next_u64() % end.max(1)
    }
}
