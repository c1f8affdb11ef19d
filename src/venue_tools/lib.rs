//! For who draws a mall's map: checks against the standard, conversion from OpenStreetMap, trips over
//! several stops, and ways out in an emergency.
//!
//! A kiosk has no use for any of it. The program `galleria-venue` is this crate's command line.

pub mod check;
pub mod escape;
pub mod osm;
pub mod trip;
