//! IMDF in; routes, instructions and map pictures out.
//!
//! [`load::load`] reads a folder once and returns a consistent [`venue::Venue`] with a list of everything
//! that was repaired or ignored. [`route::Router`] finds routes, [`instructions`] describes them in words,
//! [`draw`] draws them. All of these are pure functions of the venue and their parameters: the clock is a
//! parameter, and only [`load`] and [`cache`] touch the disk.
//!
//! Absent on purpose: the kiosk, the server, the window, and the tools for map authors (`venue_tools`).
//! They call this crate, never the reverse.

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
