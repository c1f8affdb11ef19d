//! The stage: everything that the stories have in common.

pub mod impostor;
pub mod kiosk;
pub mod line;
pub mod mall;
pub mod strace;

use std::time::Duration;

/// How long anything may take before the story has failed. Nothing waits for it to pass.
pub const PATIENCE: Duration = Duration::from_secs(30);
