//! IMDF in; routes, instructions and map pictures out.
//!
//! [`load::load`] reads a folder once and gives back a [`venue::Venue`] that cannot be wrong, with the
//! list of what was repaired or ignored on the way. [`route::Router`] answers where to walk,
//! [`instructions`] says it in words, [`draw`] shows it. All of them are pure functions of the venue and
//! of what they are asked: the clock is a parameter, and only [`load`] and [`cache`] touch the disk.
//!
//! Absent on purpose: the kiosk, the server and the window, and the tools of who draws the map (`venue_tools`). They
//! call this crate, never the reverse.

pub mod cache;
pub mod draw;
pub mod geometry;
pub mod instructions;
pub mod load;
pub mod route;
pub mod venue;
pub mod words;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
