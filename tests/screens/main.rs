//! Tests the window without a display: every page is rendered, touched and measured, with the real
//! application and the demo mall.
//!
//! Pictures of every page are kept in the target folder's `tmp/screens`, to be looked at.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod fits;
mod forms;
mod hands;
mod lookup;
mod pages;
mod privacy;
mod stage;
mod stories;
mod theme;
mod tours;
mod visit;
mod walls;
