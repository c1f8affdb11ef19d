//! Pictures of a level: one drawing model, written as SVG or painted as a raster.
//!
//! [`level`] lays out everything that can be seen: floors, walls, shops in quiet tints, pictograms,
//! labels that never touch each other, the route, the visitor and the destination. The [`Picture`] knows
//! where it put each shop, so that a touch on it finds the shop again.

mod buildings;
mod credit;
mod faults;
mod ghost;
mod ground;
mod icons;
mod kinds;
mod labels;
mod layout;
mod marks;
mod measure;
mod model;
mod names;
mod overview;
mod quad;
mod svg;
mod theme;
mod trail;
mod view;

use domain::language::Language;

use crate::geometry::Point;
use crate::route::Route;
use crate::venue::{FeatureId, KioskSpot, LevelIndex, Venue};

use labels::Board;
use model::Item;
use quad::Rings;
use view::Mapping;

pub use crate::load::{Fonts, FontsError};
pub use theme::{Colour, MapTheme, ThemeName, UnknownTheme};

/// Which way is up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Rotation {
    /// North.
    NorthUp,
    /// The direction in which the visitor looks, in degrees clockwise from north.
    HeadingUp(f64),
    /// Along or across the building: whatever fills the picture best and has above what is ahead of the
    /// visitor at the kiosk, north where that makes little difference.
    #[default]
    BestFit,
}

/// What part of a level is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum View {
    /// All of it, at the same scale as the other levels.
    #[default]
    Whole,
    /// The route's part on this level, with some room around it.
    Route,
    /// Some metres across, around a point.
    Around {
        /// The point, in metres.
        center: Point,
        /// The width of the picture, in metres.
        width_m: f64,
    },
}

/// A feature with which something is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// The feature.
    pub feature: FeatureId,
    /// Where it is, if it was left out of the venue and its place is known all the same; in metres.
    pub elsewhere: Option<(LevelIndex, Point)>,
}

/// What a picture shows and how large.
#[derive(Clone, Debug)]
pub struct DrawOptions<'a> {
    /// The language of its labels.
    pub language: Language,
    /// Its colours.
    pub theme: MapTheme,
    /// Pixels per millimetre of the screen.
    pub px_per_mm: f64,
    /// Its width.
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
    /// The size of labels: the em, in millimetres.
    pub text_mm: f64,
    /// Which way is up.
    pub rotation: Rotation,
    /// What part of the level is seen.
    pub view: View,
    /// The kiosk where the visitor stands.
    pub kiosk: Option<&'a KioskSpot>,
    /// The route; its legs on this level are drawn.
    pub route: Option<&'a Route>,
    /// The place that is looked for.
    pub highlight: Option<FeatureId>,
    /// A point of the level that was pointed at, in metres. The pin stands there and nowhere else.
    pub pointed: Option<Point>,
    /// Features to be marked and numbered, because something is wrong with them.
    pub faults: &'a [Fault],
}

impl Default for DrawOptions<'_> {
    fn default() -> Self {
        Self {
            language: Language::default(),
            theme: MapTheme::default(),
            px_per_mm: 4.0,
            width_px: 1000,
            height_px: 600,
            text_mm: 3.6,
            rotation: Rotation::default(),
            view: View::default(),
            kiosk: None,
            route: None,
            highlight: None,
            pointed: None,
            faults: &[],
        }
    }
}

/// A drawn level.
#[derive(Clone, Debug)]
pub struct Picture {
    items: Vec<Item>,
    size: (u32, u32),
    font_family: &'static str,
    /// The levels it shows and where; the one that is asked about first.
    sheets: Vec<(LevelIndex, Mapping)>,
    /// What can be touched, the topmost first.
    targets: Vec<(Rings, FeatureId)>,
    labels: Vec<Label>,
}

/// A label of a picture, for tests and for those who have the picture read to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The place it names.
    pub place: Option<FeatureId>,
    /// Its text.
    pub text: String,
    /// The corners of the room it takes, in pixels.
    pub corners: [(f64, f64); 4],
}

/// A picture as pixels: red, green, blue, alpha, each row from the left, colours multiplied by alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Four bytes a pixel.
    pub rgba: Vec<u8>,
}

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

impl Picture {
    fn new(
        items: Vec<Item>,
        options: &DrawOptions,
        sheets: Vec<(LevelIndex, Mapping)>,
        targets: Vec<(Rings, FeatureId)>,
        board: Board,
    ) -> Self {
        let labels = board.placed.into_iter().map(|p| Label {
            place: p.place,
            text: p.text,
            corners: p.quad.corners.map(|c| (c.x, c.y)),
        });
        Self {
            items,
            size: (options.width_px, options.height_px),
            font_family: options.language.font_family(),
            sheets,
            targets,
            labels: labels.collect(),
        }
    }

    /// The picture as SVG.
    pub fn svg(&self) -> String {
        svg::write(&self.items, self.size.0, self.size.1, self.font_family)
    }

    /// The picture as pixels.
    pub fn raster(&self, fonts: &Fonts) -> Raster {
        svg::paint(&self.svg(), self.size.0, self.size.1, fonts)
    }

    /// The place that was drawn at a pixel.
    pub fn place_at(&self, x_px: f64, y_px: f64) -> Option<FeatureId> {
        let touched = Point::new(x_px, y_px);
        self.targets.iter().find(|(shape, _)| shape.contains(touched)).map(|(_, id)| *id)
    }

    /// The labels it has, in the order in which they were placed.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// Where a point of its level is in the picture, in pixels. In an overview: of the level on which the
    /// visitor stands, or else of the lowest one.
    pub fn pixel_of(&self, point: Point) -> (f64, f64) {
        let px = self.sheets[0].1.px(point);
        (px.x, px.y)
    }

    /// Where a point of a level is in the picture, in pixels. None when the level is not shown.
    pub fn pixel_on(&self, level: LevelIndex, point: Point) -> Option<(f64, f64)> {
        let px = self.sheets.iter().find(|(l, _)| *l == level)?.1.px(point);
        Some((px.x, px.y))
    }

    /// Where a pixel is on the level, in metres. In an overview: on the level of [`Self::pixel_of`].
    pub fn point_at(&self, x_px: f64, y_px: f64) -> Point {
        self.sheets[0].1.metres(Point::new(x_px, y_px))
    }

    /// The scale of the picture, in pixels per metre.
    pub fn px_per_metre(&self) -> f64 {
        self.sheets[0].1.scale
    }
}

#[cfg(test)]
mod tests;
