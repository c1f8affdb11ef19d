//! A drawn level: what is on it, and what lies where.

use super::labels::Board;
use super::model::Item;
use super::options::DrawOptions;
use super::quad::Rings;
use super::svg::{self, Raster};
use super::view::Mapping;
use crate::geometry::Point;
use crate::load::Fonts;
use crate::venue::{FeatureId, LevelIndex};

/// A drawn level.
#[derive(Clone, Debug)]
pub struct Picture {
    pub(super) items: Vec<Item>,
    size: (u32, u32),
    font_family: &'static str,
    /// The levels it shows and where; the one that is asked about first.
    pub(super) sheets: Vec<(LevelIndex, Mapping)>,
    /// What can be touched, the topmost first.
    pub(super) targets: Vec<(Rings, FeatureId)>,
    labels: Vec<Label>,
}

/// A label of a picture, for tests and for those who have the picture read to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The place it names.
    pub place: Option<FeatureId>,
    pub text: String,
    /// The corners of the room it takes, in pixels.
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
