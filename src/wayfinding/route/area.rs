//! The floor that the centre of a walker may occupy: units shrunk by the walker's radius, joined by doors.
//!
//! Each public unit is shrunk on its own: a wall between two units therefore stays a wall. Each opening
//! that the walker can pass adds a strip across the edge, as wide as the opening minus the radius at both
//! ends. A narrow door keeps a strip of a few centimetres, otherwise it would vanish. Obstacles are grown
//! by the radius and cut out.

use geo::algorithm::buffer::{BufferStyle, LineJoin};
use geo::{Area, BooleanOps, BoundingRect, Buffer, Intersects, MultiPolygon, Orient, Polygon, unary_union};

use super::walker::Walker;
use crate::geometry::{Point, nearest_on};
use crate::venue::{LevelIndex, Opening, Passage, UnitIndex, UnitKind, Venue};

/// Half the width of the strip through a door that is as wide as the walker or narrower.
const NARROW_STRIP: f64 = 0.02;
/// Strips reach this far into the shrunk units, so that the union joins them.
const REACH: f64 = 0.02;
/// Walls that are farther apart than this are not the two sides of one wall.
const THICKEST_WALL: f64 = 0.9;
/// How far inside a door to the outside, or to a lift, its end point lies.
pub(crate) const DOORSTEP: f64 = 0.05;
/// A vertex that deviates less than this from a straight line is dropped.
const STRAIGHT: f64 = 1e-4;
/// Smaller overlaps are rounding errors.
const OVERLAP_M2: f64 = 0.05;

/// The floor of one level for one walker.
pub(crate) struct Floor {
    /// The area that its centre may occupy.
    pub area: MultiPolygon<f64>,
    /// The openings that join the area, or at which it ends.
    pub openings: Vec<usize>,
}

pub(crate) fn floor(venue: &Venue, level: LevelIndex, walker: Walker) -> Floor {
    let units: Vec<UnitIndex> =
        (0..venue.units().len()).map(UnitIndex).filter(|u| venue.unit(*u).level == level).collect();
    let boxes: Vec<_> = units.iter().map(|u| venue.unit(*u).shape.bounding_rect()).collect();
    let radius = walker.radius();
    let mut pieces: Vec<Polygon<f64>> = Vec::new();
    let mut solid: Vec<Polygon<f64>> = Vec::new();
    for (i, &u) in units.iter().enumerate() {
        let unit = venue.unit(u);
        if !walker.enters(unit.kind) {
            continue;
        }
        let mut shape = unit.shape.clone();
        for (j, &v) in units.iter().enumerate() {
            let other = venue.unit(v);
            let meets = matches!((&boxes[i], &boxes[j]), (Some(a), Some(b)) if a.intersects(b));
            if i != j && meets && displaces(walker, other.kind, unit.kind) {
                let shared = shape.intersection(&other.shape);
                if shared.unsigned_area() > OVERLAP_M2 {
                    shape = shape.difference(&other.shape);
                    if other.kind == UnitKind::Solid {
                        solid.extend(shared.0);
                    }
                }
            }
        }
        pieces.extend(offset(&shape, -radius).0);
    }
    let mut openings = Vec::new();
    for (index, opening) in venue.openings().iter().enumerate().filter(|(_, o)| o.level == level) {
        let strip = strip(venue, opening, walker);
        if !strip.is_empty() {
            openings.push(index);
            pieces.extend(strip);
        }
    }
    let standing = venue.obstacles().iter().filter(|o| o.level == level).flat_map(|o| o.shape.0.clone());
    let blocked = offset(&MultiPolygon::new(standing.chain(solid).collect()), radius);
    let area = unary_union(&pieces).difference(&blocked);
    Floor { area: straighten(&area), openings }
}

/// Whether a unit of kind `other` takes floor away from an overlapping unit of kind `unit`.
fn displaces(walker: Walker, other: UnitKind, unit: UnitKind) -> bool {
    !walker.enters(other) || (other == UnitKind::Room && unit != UnitKind::Room)
}

/// An area grown by a distance, or shrunk by a negative one. Corners stay sharp.
pub(crate) fn offset(area: &MultiPolygon<f64>, distance: f64) -> MultiPolygon<f64> {
    if area.0.is_empty() {
        return area.clone();
    }
    let style = BufferStyle::new(distance).line_join(LineJoin::Miter(std::f64::consts::FRAC_PI_3));
    area.buffer_with_style(style)
}

/// The unit vector to the left of an opening.
pub(crate) fn left_of(opening: &Opening) -> (f64, f64) {
    let width = opening.width();
    ((opening.from.y - opening.to.y) / width, (opening.to.x - opening.from.x) / width)
}

/// The sides of an opening on which the walker can be: +1 for left, -1 for right.
fn walkable_sides(venue: &Venue, opening: &Opening, walker: Walker) -> Vec<(f64, UnitIndex)> {
    let sides = [(1.0, opening.sides[0]), (-1.0, opening.sides[1])];
    let units = sides.into_iter().filter_map(|(sign, unit)| Some((sign, unit?)));
    units.filter(|(_, u)| walker.enters(venue.unit(*u).kind)).collect()
}

/// The floor that an opening adds: a strip across it, on each side where the walker can be.
fn strip(venue: &Venue, opening: &Opening, walker: Walker) -> Vec<Polygon<f64>> {
    if !walker.passes(opening) {
        return Vec::new();
    }
    let sides = walkable_sides(venue, opening, walker);
    let joins = sides.len() == 2 || (sides.len() == 1 && ends_there(venue, opening));
    if !joins {
        return Vec::new();
    }
    let half = (opening.width() / 2.0 - walker.radius()).max(NARROW_STRIP);
    let beyond = if sides.len() == 2 { Beyond::Floor } else { Beyond::Nothing };
    let walk = |(sign, unit)| half_strip(venue, opening, walker.radius(), half, (sign, unit), beyond);
    sides.into_iter().flat_map(walk).collect()
}

/// Whether a route can end at an opening that has floor on one side only: an exit, a lift, a staircase.
fn ends_there(venue: &Venue, opening: &Opening) -> bool {
    let beyond = opening.sides.iter().flatten().any(|u| venue.unit(*u).kind.is_shaft());
    opening.is_exterior() || opening.passage == Passage::Emergency || beyond
}

/// What lies on the far side of an opening.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beyond {
    Floor,
    Nothing,
}

fn half_strip(
    venue: &Venue,
    opening: &Opening,
    radius: f64,
    half: f64,
    (sign, unit): (f64, UnitIndex),
    beyond: Beyond,
) -> Vec<Polygon<f64>> {
    let (nx, ny) = left_of(opening);
    let (nx, ny) = (nx * sign, ny * sign);
    let shape = &venue.unit(unit).shape;
    let gap = gap(opening, shape, (nx, ny));
    // Deeper than the radius, in case the edge of the unit is not parallel to the opening.
    let depth = gap + radius + REACH + half.min(radius);
    let start = if beyond == Beyond::Floor { -REACH } else { 0.0 };
    let rectangle = across(opening, half, (nx, ny), start, depth);
    let mut inside = MultiPolygon::from(rectangle).intersection(shape).0;
    if beyond == Beyond::Floor || gap > 0.0 {
        inside.push(across(opening, half, (nx, ny), start, gap + REACH));
    }
    inside
}

/// The distance from the middle of an opening to a unit, along its normal: half of a thick wall.
fn gap(opening: &Opening, shape: &MultiPolygon<f64>, normal: (f64, f64)) -> f64 {
    let middle = opening.middle();
    let inside = |d: f64| shape.intersects(&geo::Point::from(middle.moved(normal.0 * d, normal.1 * d)));
    let mut near = 0.0;
    while near < THICKEST_WALL && !inside(near + 0.01) {
        near += 0.05;
    }
    near
}

/// A rectangle across an opening, from `start` to `depth` along the normal.
fn across(opening: &Opening, half: f64, (nx, ny): (f64, f64), start: f64, depth: f64) -> Polygon<f64> {
    let middle = opening.middle();
    let width = opening.width();
    let (tx, ty) = ((opening.to.x - opening.from.x) / width, (opening.to.y - opening.from.y) / width);
    let at =
        |along: f64, out: f64| geo::Coord::from(middle.moved(tx * along + nx * out, ty * along + ny * out));
    let ring = vec![at(-half, start), at(half, start), at(half, depth), at(-half, depth)];
    Polygon::new(ring.into(), Vec::new()).orient(geo::orient::Direction::Default)
}

/// The same area without vertices on straight lines, wound with the floor to the left.
fn straighten(area: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let ring = |ring: &geo::LineString<f64>| {
        let mut points: Vec<Point> =
            ring.0[..ring.0.len().saturating_sub(1)].iter().map(|c| Point::from(*c)).collect();
        loop {
            let before = points.len();
            let mut index = 0;
            while points.len() > 3 && index < points.len() {
                let previous = points[(index + points.len() - 1) % points.len()];
                let next = points[(index + 1) % points.len()];
                if nearest_on(previous, next, points[index]).distance(points[index]) < STRAIGHT {
                    points.remove(index);
                } else {
                    index += 1;
                }
            }
            if points.len() == before {
                break;
            }
        }
        let mut closed: geo::LineString<f64> = points.into_iter().map(geo::Coord::from).collect();
        closed.close();
        closed
    };
    let polygons =
        area.0.iter().map(|p| Polygon::new(ring(p.exterior()), p.interiors().iter().map(ring).collect()));
    let polygons = polygons.filter(|p| p.unsigned_area() > 1e-4).map(|p| {
        let holes = p.interiors().iter().filter(|h| h.0.len() > 3 && hole_area(h) > 1e-6).cloned().collect();
        Polygon::new(p.exterior().clone(), holes).orient(geo::orient::Direction::Default)
    });
    MultiPolygon::new(polygons.collect())
}

fn hole_area(ring: &geo::LineString<f64>) -> f64 {
    Polygon::new(ring.clone(), Vec::new()).unsigned_area()
}
