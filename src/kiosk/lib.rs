//! The kiosk without its window.
//!
//! [`app::App`] is a pure function of events: it decides what is on the screen and what should be done, and
//! does nothing itself. [`shell::Shell`] executes its effects with a real disk, input method and network. The
//! window, in the crate `screen`, shows [`app::View`] and reports touches; this crate does not depend on it.

pub mod app;
mod calendar;
pub mod case_lookup;
pub mod content;
mod directory;
pub mod effect;
mod emergency;
pub mod event;
pub mod forms;
pub mod identity;
pub mod input;
mod lock;
pub mod log;
pub mod lookup_client;
pub mod net;
pub mod outbox;
pub mod pages;
pub mod routes;
pub mod shell;
pub mod sync;
pub mod view;
mod visit;
pub mod words;
pub mod world;
