//! From metres to pixels: which way is up, how large, and what part of the level is seen.

use geo::{BoundingRect, MinimumRotatedRect, MultiPolygon};

use super::{DrawOptions, Rotation, View};
use crate::geometry::Point;
use crate::route::Route;
use crate::venue::{LevelIndex, Venue};

/// The white edge around a level, in millimetres.
const EDGE_MM: f64 = 3.0;
/// What another direction than north has to gain to be worth it.
const WORTH_TURNING: f64 = 1.15;
/// A level smaller than this share of the largest one is drawn at its own scale.
const OWN_SCALE: f64 = 0.35;
/// No view of a route shows less than this many metres.
const CLOSEST_M: f64 = 90.0;

/// A turn, a scale and a shift.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mapping {
    sin: f64,
    cos: f64,
    /// Pixels per metre.
    pub scale: f64,
    shift: (f64, f64),
    /// Degrees clockwise by which a bearing in the world turns into one in the picture.
    pub turn: f64,
}

impl Mapping {
    /// The mapping of a level for these options.
    pub fn new(venue: &Venue, level: LevelIndex, options: &DrawOptions) -> Self {
        let outlines = outlines(venue, level);
        let size = (f64::from(options.width_px), f64::from(options.height_px));
        let edge = EDGE_MM * options.px_per_mm;
        let size = ((size.0 - 2.0 * edge).max(1.0), (size.1 - 2.0 * edge).max(1.0));
        let turn = match options.rotation {
            Rotation::NorthUp => 0.0,
            Rotation::HeadingUp(heading) => -heading,
            Rotation::BestFit => best_turn(&outlines, size),
        };
        let seen = seen(venue, level, options, &outlines);
        let mut mapping = Self::turned(turn);
        let (left, top, right, bottom) = mapping.bounds(&seen);
        let scale = (size.0 / (right - left).max(1.0)).min(size.1 / (bottom - top).max(1.0));
        mapping.scale = match options.view {
            View::Around { width_m, .. } => f64::from(options.width_px) / width_m.max(1.0),
            _ => scale,
        };
        let middle = mapping.px(Point::new(0.0, 0.0));
        let (cx, cy) = ((left + right) / 2.0 * mapping.scale, (top + bottom) / 2.0 * mapping.scale);
        mapping.shift = (
            f64::from(options.width_px) / 2.0 - cx - middle.x,
            f64::from(options.height_px) / 2.0 - cy - middle.y,
        );
        mapping
    }

    fn turned(turn: f64) -> Self {
        // A bearing turns clockwise where an angle turns counter-clockwise.
        let (sin, cos) = (-turn).to_radians().sin_cos();
        Self { sin, cos, scale: 1.0, shift: (0.0, 0.0), turn }
    }

    /// Where a point of the level is in the picture.
    pub fn px(&self, p: Point) -> Point {
        let (x, y) = (p.x * self.cos - p.y * self.sin, p.x * self.sin + p.y * self.cos);
        Point::new(x * self.scale + self.shift.0, -y * self.scale + self.shift.1)
    }

    /// Where a pixel is on the level.
    pub fn metres(&self, px: Point) -> Point {
        let (x, y) = ((px.x - self.shift.0) / self.scale, -(px.y - self.shift.1) / self.scale);
        Point::new(x * self.cos + y * self.sin, -x * self.sin + y * self.cos)
    }

    /// Left, top, right and bottom of some points in the picture.
    fn bounds(&self, points: &[Point]) -> (f64, f64, f64, f64) {
        let none = (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
        points.iter().map(|p| self.px(*p)).fold(none, |(left, top, right, bottom), p| {
            (left.min(p.x), top.min(p.y), right.max(p.x), bottom.max(p.y))
        })
    }
}

/// The outlines that decide the scale: all levels together, so that a lift stays where it is when the
/// visitor looks at another level; a much smaller level alone.
fn outlines(venue: &Venue, level: LevelIndex) -> Vec<Point> {
    let points = |shape: &MultiPolygon<f64>| -> Vec<Point> {
        shape.0.iter().flat_map(|p| p.exterior().0.iter().map(|c| Point::from(*c))).collect()
    };
    let extent = |shape: &MultiPolygon<f64>| shape.bounding_rect().map_or(0.0, |r| r.width() * r.height());
    let own = venue.level(level);
    let largest = venue.levels().iter().map(|l| extent(&l.outline)).fold(0.0, f64::max);
    if extent(&own.outline) < OWN_SCALE * largest {
        return points(&own.outline);
    }
    venue.levels().iter().flat_map(|l| points(&l.outline)).collect()
}

/// The points that have to be in the picture.
fn seen(venue: &Venue, level: LevelIndex, options: &DrawOptions, outlines: &[Point]) -> Vec<Point> {
    match (options.view, options.route) {
        (View::Around { center, .. }, _) => vec![center],
        (View::Route, Some(route)) => {
            let points = route_points(route, level);
            if points.is_empty() { outlines.to_vec() } else { with_room(venue, level, points) }
        }
        _ => outlines.to_vec(),
    }
}

fn route_points(route: &Route, level: LevelIndex) -> Vec<Point> {
    let here = route.legs.iter().filter(|l| l.level == level && l.to_level == level);
    let mut points: Vec<Point> = here.flat_map(|l| l.points.iter().copied()).collect();
    points.extend(route.legs.iter().filter(|l| l.level == level).filter_map(|l| l.points.first()));
    points.extend(route.legs.iter().filter(|l| l.to_level == level).filter_map(|l| l.points.last()));
    points
}

/// Points with some floor around them, so that a short route is not blown up beyond recognition.
fn with_room(venue: &Venue, level: LevelIndex, points: Vec<Point>) -> Vec<Point> {
    let north = Mapping::turned(0.0);
    let (left, top, right, bottom) = north.bounds(&points);
    let missing = |from: f64, to: f64| ((CLOSEST_M - (to - from)) / 2.0).max(8.0);
    let (dx, dy) = (missing(left, right), missing(top, bottom));
    let mut points = points;
    points.extend([Point::new(left - dx, -bottom - dy), Point::new(right + dx, -top + dy)]);
    // Nothing outside the building is worth its room.
    if let Some(all) = venue.level(level).outline.bounding_rect() {
        for p in &mut points {
            *p = Point::new(p.x.clamp(all.min().x, all.max().x), p.y.clamp(all.min().y, all.max().y));
        }
    }
    points
}

/// The turn that makes the outlines fill the picture best; north up unless another one gains enough.
fn best_turn(outlines: &[Point], size: (f64, f64)) -> f64 {
    let scale = |turn: f64| {
        let (left, top, right, bottom) = Mapping::turned(turn).bounds(outlines);
        (size.0 / (right - left).max(1.0)).min(size.1 / (bottom - top).max(1.0))
    };
    let points: geo::MultiPoint<f64> = outlines.iter().map(|p| geo::Point::from(*p)).collect();
    let Some(around) = MinimumRotatedRect::minimum_rotated_rect(&points) else { return 0.0 };
    let corners = &around.exterior().0;
    let own =
        if corners.len() > 1 { Point::from(corners[0]).bearing_to(Point::from(corners[1])) } else { 0.0 };
    let mut turns: Vec<f64> = [0.0, 90.0]
        .into_iter()
        .flat_map(|quarter| [-own + quarter, quarter])
        .map(|turn: f64| (turn + 90.0).rem_euclid(180.0) - 90.0)
        .collect();
    turns.sort_by(|a, b| a.abs().total_cmp(&b.abs()).then(a.total_cmp(b)));
    let mut best = 0.0;
    for turn in turns {
        if scale(turn) > scale(best) * if best == 0.0 { WORTH_TURNING } else { 1.02 } {
            best = turn;
        }
    }
    best
}
