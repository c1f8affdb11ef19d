//! Pictures of a level: one drawing model, written as SVG or painted as a raster.
//!
//! [`level`] lays out everything that can be seen: floors, walls, shops in quiet tints, pictograms,
//! labels that never touch each other, the route, the visitor and the destination. The [`Picture`] knows
//! where it put each shop, so that a touch on it finds the shop again.

mod buildings;
mod continuation;
mod credit;
mod faults;
mod ground;
mod icons;
mod kinds;
mod labels;
mod layout;
mod marks;
mod measure;
mod model;
mod names;
mod options;
mod overview;
mod picture;
mod quad;
mod shaping;
mod svg;
mod theme;
mod trail;
mod view;

use crate::geometry::Point;
use crate::venue::{FeatureId, LevelIndex, Venue};

pub use crate::load::{Fonts, FontsError};
pub(crate) use model::Weight;
pub use options::{DrawOptions, Fault, Rotation, View};
pub use picture::{Label, Picture};
pub(crate) use shaping::Shaping;
pub use svg::Raster;
pub use theme::{Colour, MapTheme, ThemeName, UnknownTheme};

/// Draws a level.
pub fn level(venue: &Venue, level: LevelIndex, options: &DrawOptions) -> Picture {
    layout::level(venue, level, options)
}

/// Where a feature is marked as faulty: its level and the point, in metres. None when the map does not place
/// it anywhere, so that it cannot be drawn.
pub fn place_of(venue: &Venue, feature: &FeatureId) -> Option<(LevelIndex, Point)> {
    faults::place_of(venue, feature)
}

/// The size of a picture that a level fills both ways, for a frame in which it can be pushed about: no
/// smaller than the one that is asked for, and at most `most` times larger in either direction.
pub fn filling(venue: &Venue, level: LevelIndex, options: &DrawOptions, most: f64) -> (u32, u32) {
    view::filling(venue, level, options, most)
}

/// Draws all levels one above the other, the highest at the top, each seen from the side, with the route
/// through them: where it changes the level and how often. [`DrawOptions::view`] has no effect.
pub fn overview(venue: &Venue, options: &DrawOptions) -> Picture {
    overview::overview(venue, options)
}

#[cfg(test)]
mod tests;
