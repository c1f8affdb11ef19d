//! The view of a picture: which direction is up, the scale, and the visible part of the level.
//!
//! [`Mapping`] converts points between metres and pixels. It is computed once per level and picture from
//! the options.

use geo::{BoundingRect, MinimumRotatedRect};

use super::buildings::outlines;
use super::{DrawOptions, Rotation, View};
use crate::geometry::Point;
use crate::route::Route;
use crate::venue::{LevelIndex, Venue};

/// The white margin around a level, in millimetres.
const EDGE_MM: f64 = 3.0;
/// The factor that a rotation other than north up has to gain.
const WORTH_TURNING: f64 = 1.15;
/// The value that a map loses if it is upside down for its reader.
const WRONG_WAY_UP: f64 = 0.3;
/// The smallest extent of a view of a route, in metres.
const CLOSEST_M: f64 = 90.0;

/// A part of a picture: left, top, width and height, in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// A rotation, a scale, a flattening and a shift, from metres to pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mapping {
    sin: f64,
    cos: f64,
    /// Pixels per metre.
    pub scale: f64,
    /// The height of a metre in proportion to its width: 1 from above, less from the side.
    flat: f64,
    shift: (f64, f64),
    /// The rotation from a bearing in the venue to a bearing in the picture, in degrees clockwise.
    pub turn: f64,
}

impl Mapping {
    /// The mapping of a level for these options.
    pub fn new(venue: &Venue, level: LevelIndex, options: &DrawOptions) -> Self {
        let outlines = outlines(venue, level, options);
        let room = inside_edge(options);
        let turn = turn_of(options, &outlines, room);
        let seen = seen(venue, level, options, &outlines);
        let mut mapping = Self::turned(turn);
        let bounds = mapping.bounds(&seen);
        mapping.scale = match options.view {
            View::Around { width_m, .. } => f64::from(options.width_px) / width_m.max(1.0),
            _ => room.scale_for(bounds),
        };
        mapping.centre(bounds, room);
        mapping
    }

    /// The mapping that shows these points as large as a room permits, rotated and flattened.
    pub fn of(points: &[Point], turn: f64, flat: f64, room: Room) -> Self {
        let mut mapping = Self { flat, ..Self::turned(turn) };
        let bounds = mapping.bounds(points);
        mapping.scale = room.scale_for(bounds);
        mapping.centre(bounds, room);
        mapping
    }

    fn turned(turn: f64) -> Self {
        // Bearings turn clockwise, angles counter-clockwise.
        let (sin, cos) = (-turn).to_radians().sin_cos();
        Self { sin, cos, scale: 1.0, flat: 1.0, shift: (0.0, 0.0), turn }
    }

    /// Moves the centre of bounds, taken at scale 1, to the centre of a room.
    fn centre(&mut self, (left, top, right, bottom): (f64, f64, f64, f64), room: Room) {
        let (cx, cy) = ((left + right) / 2.0 * self.scale, (top + bottom) / 2.0 * self.scale);
        self.shift = (room.left + room.width / 2.0 - cx, room.top + room.height / 2.0 - cy);
    }

    /// The same mapping, moved by a number of pixels.
    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self { shift: (self.shift.0 + dx, self.shift.1 + dy), ..self }
    }

    /// The pixel of a point on the level.
    pub fn px(&self, p: Point) -> Point {
        let (x, y) = (p.x * self.cos - p.y * self.sin, p.x * self.sin + p.y * self.cos);
        Point::new(x * self.scale + self.shift.0, -y * self.scale * self.flat + self.shift.1)
    }

    /// The point on the level of a pixel.
    pub fn metres(&self, px: Point) -> Point {
        let x = (px.x - self.shift.0) / self.scale;
        let y = -(px.y - self.shift.1) / (self.scale * self.flat);
        Point::new(x * self.cos + y * self.sin, -x * self.sin + y * self.cos)
    }

    /// Left, top, right and bottom of these points, in pixels.
    pub fn bounds(&self, points: &[Point]) -> (f64, f64, f64, f64) {
        let none = (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
        points.iter().map(|p| self.px(*p)).fold(none, |(left, top, right, bottom), p| {
            (left.min(p.x), top.min(p.y), right.max(p.x), bottom.max(p.y))
        })
    }
}

impl Room {
    /// The scale at which bounds, taken at scale 1, fit into the room.
    fn scale_for(self, (left, top, right, bottom): (f64, f64, f64, f64)) -> f64 {
        (self.width / (right - left).max(1.0)).min(self.height / (bottom - top).max(1.0))
    }
}

/// The picture without its white margin.
fn inside_edge(options: &DrawOptions) -> Room {
    let edge = EDGE_MM * options.px_per_mm;
    let inside = |pixels: u32| (f64::from(pixels) - 2.0 * edge).max(1.0);
    Room { left: edge, top: edge, width: inside(options.width_px), height: inside(options.height_px) }
}

pub(super) fn turn_of(options: &DrawOptions, outlines: &[Point], room: Room) -> f64 {
    match options.rotation {
        Rotation::NorthUp => 0.0,
        Rotation::HeadingUp(heading) => -heading,
        Rotation::BestFit => best_turn(outlines, room, options.kiosk.map_or(0.0, |k| k.heading_deg)),
    }
}

/// The flatness at which these points fill a room in both directions; 1 leaves them unchanged.
pub(super) fn flatness(points: &[Point], turn: f64, room: Room) -> f64 {
    let (left, top, right, bottom) = Mapping::turned(turn).bounds(points);
    let scale = room.width / (right - left).max(1.0);
    room.height / ((bottom - top).max(1.0) * scale)
}

/// The points that have to be inside the picture.
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

/// The points, plus some floor around them: a short route is not magnified beyond recognition.
fn with_room(venue: &Venue, level: LevelIndex, points: Vec<Point>) -> Vec<Point> {
    let north = Mapping::turned(0.0);
    let (left, top, right, bottom) = north.bounds(&points);
    let missing = |from: f64, to: f64| ((CLOSEST_M - (to - from)) / 2.0).max(8.0);
    let (dx, dy) = (missing(left, right), missing(top, bottom));
    let mut points = points;
    points.extend([Point::new(left - dx, -bottom - dy), Point::new(right + dx, -top + dy)]);
    // Space outside the building is not worth showing.
    if let Some(all) = venue.level(level).outline.bounding_rect() {
        for p in &mut points {
            *p = Point::new(p.x.clamp(all.min().x, all.max().x), p.y.clamp(all.min().y, all.max().y));
        }
    }
    points
}

/// The rotation at which the outlines fill the picture best and the area in front of the visitor is at the
/// top: along or across the building, and north up unless another rotation gains enough.
///
/// People whose map does not point in the direction in which they look set off wrongly far more often
/// (Levine, Marchon and Hanley 1984). A level that is too small is not read at all.
fn best_turn(outlines: &[Point], room: Room, heading: f64) -> f64 {
    let worth = |turn: f64| {
        let scale = room.scale_for(Mapping::turned(turn).bounds(outlines));
        let off = (heading + turn).to_radians().cos();
        scale * (1.0 - WRONG_WAY_UP * (1.0 - off) / 2.0)
    };
    let points: geo::MultiPoint<f64> = outlines.iter().map(|p| geo::Point::from(*p)).collect();
    let Some(around) = MinimumRotatedRect::minimum_rotated_rect(&points) else { return 0.0 };
    let corners = &around.exterior().0;
    let own =
        if corners.len() > 1 { Point::from(corners[0]).bearing_to(Point::from(corners[1])) } else { 0.0 };
    let mut turns: Vec<f64> = [0.0, 90.0, 180.0, 270.0]
        .into_iter()
        .flat_map(|quarter| [-own + quarter, quarter])
        .map(|turn: f64| (turn + 180.0).rem_euclid(360.0) - 180.0)
        .collect();
    turns.sort_by(|a, b| a.abs().total_cmp(&b.abs()).then(a.total_cmp(b)));
    let mut best = 0.0;
    for turn in turns {
        if worth(turn) > worth(best) * if best == 0.0 { WORTH_TURNING } else { 1.02 } {
            best = turn;
        }
    }
    best
}
