//! The Slint window of the kiosk: it copies a view into properties and reports touches as events.
//!
//! Nothing here decides anything, and nothing outside this crate knows Slint.

mod adapters;
mod events;
mod fonts;
mod maps;
pub mod theme;
pub mod window;
mod words;

/// Generated from `ui/kiosk/*.slint`: windows, globals, rows.
#[allow(missing_docs, clippy::all, clippy::todo, clippy::unwrap_used, reason = "generated code")]
pub mod ui {
    slint::include_modules!();
}
