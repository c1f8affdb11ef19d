//! Sync: what is in the outbox reaches the server, whatever happens on the way.
//!
//! [`core`] decides, as a pure function of what happened; [`engine`] executes its decisions over any
//! [`engine::Transport`]; a worker runs it on a thread of its own. Any step may fail at any moment: nothing
//! leaves the outbox before the server has confirmed that it stored the same bytes, and sending something twice
//! does no harm. There is always a next attempt.
//!
//! Nothing here ever makes a visitor wait, and no log line says anything about one.

pub mod core;
mod directives;
pub mod engine;
mod failure;
mod handle;
mod http;
mod results;
mod start;
mod status;
mod worker;

pub use handle::SyncHandle;
pub use start::{Settings, start};
pub use status::{LinkState, SyncStatus};
