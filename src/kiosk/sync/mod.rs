//! Sync: what is in the outbox reaches the server, whatever happens on the way.
//!
//! [`core`] decides, as a pure function of what happened; [`engine`] does what it decides over any
//! [`engine::Line`]; [`worker`] lets it run on a thread of its own. All of it may fail at any moment: nothing
//! leaves the outbox before the server has said that it has the same bytes, and sending something twice does
//! no harm. There is always a next attempt.
//!
//! Nothing here ever makes a visitor wait, and no line of the log says anything about one.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub mod address;
pub mod client;
pub mod core;
pub mod engine;
mod handle;
pub mod inquiry;
mod reply;
pub mod response;
mod status;
mod wishes;
pub mod worker;

pub use address::{NoProxyAddress, NoServerAddress, ProxyAddress, ServerAddress};
pub use client::{Client, Roots};
pub use handle::SyncHandle;
pub use inquiry::Inquiry;
pub use status::{LinkState, SyncStatus};
pub use worker::Settings;

/// Where lines for whoever looks after the kiosk go.
pub(crate) const MAINTENANCE: &str = "maintenance";

/// A word from outside, fit for a log: short, and on one line.
fn for_the_log(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// What a thread that panicked left behind is whole: every change to it is one transaction or one value.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
