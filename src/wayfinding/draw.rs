//! Pictures of a level: one drawing model, written as SVG or rendered as a raster.
//!
//! [`level`] lays out everything that is visible: floors, walls, shops in quiet tints, pictograms, labels
//! that never overlap, the route, the visitor and the destination. The [`Picture`] knows the position of
//! each shop, which allows hit tests.

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

pub fn level(venue: &Venue, level: LevelIndex, options: &DrawOptions) -> Picture {
    layout::level(venue, level, options)
}

/// Where a feature is marked as faulty: its level and the point, in metres. `None` if the map gives the
/// feature no position, and it cannot be drawn.
pub fn place_of(venue: &Venue, feature: &FeatureId) -> Option<(LevelIndex, Point)> {
    faults::place_of(venue, feature)
}

/// Draws all levels in slanted view, one above the other, the highest at the top, with the route through
/// them. It shows where the route changes levels. [`DrawOptions::view`] has no effect.
pub fn overview(venue: &Venue, options: &DrawOptions) -> Picture {
    overview::overview(venue, options)
}

#[cfg(test)]
mod tests;
