//! Venues for tests: drawn by hand in a few lines, generated from a seed, or read from disk.
//!
//! Other crates get them with the feature `testing`.

#![allow(clippy::unwrap_used, reason = "a venue for tests that cannot be made is a failed test")]

mod builder;
pub mod generated;
pub mod malls;
pub mod on_disk;
#[cfg(test)]
mod tests;

pub use builder::{Bounds4, Small, VenueBuilder, at, level_id, small};
