//! The ground: the tagged floor of each level. The ends of stairs get their levels from it.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Distance, Euclidean, MultiPolygon};

use super::floors::{self, Strip};
use super::levels::OsmLevel;
use super::sketch::Sketch;
use wayfinding::geometry::Point;
use wayfinding::load::Bounds;

/// Floor this near to the end of a line belongs to the level of that end, in metres.
pub(super) const NEAR_M: f64 = 1.5;

/// The tagged floors and shops of each level.
pub(super) struct Ground {
    pub areas: Vec<(OsmLevel, MultiPolygon<f64>, Bounds)>,
    pub nodes: BTreeMap<(i64, i64), BTreeSet<OsmLevel>>,
}

impl Ground {
    pub fn new(sketch: &mut Sketch, strips: &[Strip]) -> Self {
        let mut areas = Vec::new();
        for index in 0..sketch.elements.len() {
            if floors::is_floor(&sketch.elements[index]) {
                let levels = sketch.elements[index].levels();
                let Some(shape) = (!levels.is_empty()).then(|| sketch.area(index)).flatten() else {
                    continue;
                };
                areas.extend(levels.into_iter().map(|l| (l, shape.clone(), Bounds::of(&shape))));
            }
        }
        let rooms = sketch.units.iter().filter(|u| u.is_room());
        areas.extend(rooms.map(|u| (u.level, u.shape.clone(), u.bounds)));
        Self { areas, nodes: floors::ends(strips) }
    }

    pub fn distance(&self, index: usize, point: Point) -> f64 {
        Euclidean.distance(&geo::Point::from(point), &self.areas[index].1)
    }

    /// The levels that have floor at a point.
    pub fn levels(&self, point: Point, near: f64) -> BTreeSet<OsmLevel> {
        let mut found = self.nodes.get(&floors::node(point)).cloned().unwrap_or_default();
        let close = |i: &usize| self.areas[*i].2.grown(near).holds(point) && self.distance(*i, point) <= near;
        if found.is_empty() {
            found.extend((0..self.areas.len()).filter(close).map(|i| self.areas[i].0));
        }
        found
    }

    /// Whether a level has floor, or a node of a footway, near a point.
    pub fn meets(&self, level: OsmLevel, point: Point) -> bool {
        let near = |i: usize| self.areas[i].0 == level && self.distance(i, point) <= NEAR_M;
        self.nodes.get(&floors::node(point)).is_some_and(|levels| levels.contains(&level))
            || (0..self.areas.len()).any(near)
    }

    /// Whether a level has floor at a point.
    pub fn holds(&self, level: OsmLevel, point: Point) -> bool {
        (0..self.areas.len()).any(|i| {
            self.areas[i].0 == level && self.areas[i].2.holds(point) && self.distance(i, point) == 0.0
        })
    }
}
