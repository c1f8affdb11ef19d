//! The kiosk without its window.
//!
//! [`app::App`] is a pure function of events: it decides what is on the screen and what should be done,
//! and does nothing itself. [`shell::Shell`] obeys it with a real disk, a real input method and a real
//! network. The window, in the crate `screen`, shows [`view::View`] and reports touches; nothing in here
//! knows of it.

pub mod app;
mod calendar;
pub mod content;
mod directory;
pub mod event;
mod filling;
pub mod following;
pub mod forms;
pub mod identity;
mod idle;
pub mod input;
mod keyboard;
pub mod outbox;
mod pages;
mod session;
pub mod shell;
pub mod sync;
mod typing;
pub mod view;
pub mod ways;
pub mod words;
pub mod world;
