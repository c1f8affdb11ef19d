//! Sync: delivers the items of the outbox to the server in spite of failures.
//!
//! [`core`] decides, as a pure function of outcomes; [`engine`] executes its decisions over any
//! [`engine::Transport`]; a worker runs the engine on its own thread. Any step may fail at any moment: no
//! item leaves the outbox before the server has confirmed that it stored the same bytes, and sending is
//! idempotent. There is always a next attempt.
//!
//! Nothing here makes a visitor wait, and no log line says anything about a visitor.

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
