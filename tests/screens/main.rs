//! The window, drawn without a display: every page is rendered, touched and measured.
//!
//! Pictures of all of it are left in the target folder's `tmp/screens`, to be looked at.

mod gallery;
mod stage;
