//! A finished picture: its items, its labels, and the shapes for hit tests.
//!
//! A picture is immutable. It converts between pixels and metres, and is written as SVG or rendered as a
//! raster on request.

use std::collections::HashSet;

use super::labels::Board;
use super::model::Item;
use super::options::DrawOptions;
use super::quad::Rings;
use super::svg::{self, Raster};
use super::view::Mapping;
use crate::geometry::Point;
use crate::load::Fonts;
use crate::venue::{FeatureId, LevelIndex};

/// A finished picture of a level, or of several in an overview.
#[derive(Clone, Debug)]
pub struct Picture {
    pub(super) items: Vec<Item>,
    size: (u32, u32),
    font_family: &'static str,
    /// The levels that it shows and their mappings, the main level first.
    pub(super) sheets: Vec<(LevelIndex, Mapping)>,
    /// The shapes for hit tests, the topmost first.
    pub(super) targets: Vec<(Rings, FeatureId)>,
    labels: Vec<Label>,
}

/// A label of a picture, for tests and for a spoken description of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The place it names.
    pub place: Option<FeatureId>,
    pub text: String,
    /// The corners of its rectangle, in pixels.
    pub corners: [(f64, f64); 4],
}

impl Picture {
    pub(super) fn new(
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

    pub fn svg(&self) -> String {
        svg::write(&self.items, self.size.0, self.size.1, self.font_family)
    }

    /// The picture as pixels.
    pub fn raster(&self, fonts: &Fonts) -> Raster {
        svg::paint(&self.svg(), self.size.0, self.size.1, fonts)
    }

    /// The place at a pixel (hit test).
    pub fn place_at(&self, x_px: f64, y_px: f64) -> Option<FeatureId> {
        let touched = Point::new(x_px, y_px);
        self.targets.iter().find(|(shape, _)| shape.contains(touched)).map(|(_, id)| *id)
    }

    /// Every place that can be touched, once, with the box around its shape: left, top, right and bottom in pixels.
    /// Parts outside the picture are left out.
    pub fn places(&self) -> Vec<(FeatureId, [f64; 4])> {
        let mut known = HashSet::new();
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        let boxed = |(shape, id): &(Rings, FeatureId)| {
            let (left, top, right, bottom) = shape.bounds();
            let inside = [left.max(0.0), top.max(0.0), right.min(width), bottom.min(height)];
            (inside[0] < inside[2] && inside[1] < inside[3]).then_some((*id, inside))
        };
        self.targets.iter().filter_map(boxed).filter(|(id, _)| known.insert(*id)).collect()
    }

    /// The labels, in the order in which they were placed.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The pixel of a point on the main level. In an overview, that is the level of the visitor or, without
    /// a visitor, the lowest level.
    pub fn pixel_of(&self, point: Point) -> (f64, f64) {
        let px = self.sheets[0].1.px(point);
        (px.x, px.y)
    }

    /// The pixel of a point on a level. `None` if the picture does not show the level.
    pub fn pixel_on(&self, level: LevelIndex, point: Point) -> Option<(f64, f64)> {
        let px = self.sheets.iter().find(|(l, _)| *l == level)?.1.px(point);
        Some((px.x, px.y))
    }

    /// The point in metres of a pixel, on the main level (see [`Self::pixel_of`]).
    pub fn point_at(&self, x_px: f64, y_px: f64) -> Point {
        self.sheets[0].1.metres(Point::new(x_px, y_px))
    }

    /// The scale of the picture, in pixels per metre.
    pub fn px_per_metre(&self) -> f64 {
        self.sheets[0].1.scale
    }
}
