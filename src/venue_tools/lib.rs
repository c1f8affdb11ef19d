//! Tools for map authors: checks against the standard, conversion from OpenStreetMap, trips with several
//! stops, and evacuation routes.
//!
//! The program `galleria-venue` is the command line of this crate. A kiosk does not use it.

pub mod check;
pub mod escape;
pub mod osm;
pub mod trip;
