//! The stage: what the journeys share.

pub mod chance;
pub mod impostor;
pub mod kiosk;
pub mod line;
pub mod mall;
pub mod staff;
pub mod strace;

use std::time::Duration;

/// The timeout of every wait. Tests end a wait as soon as its condition holds.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The scale of a test from the environment variable `name`, or `usual`.
pub fn scale(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is a whole number, not {text:?}")),
        Err(_) => usual,
    }
}
