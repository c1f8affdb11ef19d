//! The stage: everything that the stories have in common.

pub mod chance;
pub mod impostor;
pub mod kiosk;
pub mod line;
pub mod mall;
pub mod staff;
pub mod strace;

use std::time::Duration;

/// How long anything may take before the story has failed. Nothing waits for it to pass.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What the environment raises a scaled test to, or `usual`.
pub fn scale(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is a whole number, not {text:?}")),
        Err(_) => usual,
    }
}
