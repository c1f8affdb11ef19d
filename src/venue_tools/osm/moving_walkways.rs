//! Moving walkways: footways with `conveying` on one level.
//!
//! In OpenStreetMap, the order of a line's points gives the direction; in `venue.toml`, a heading does. A
//! moving walkway with only `conveying=yes`, or with changing direction, is drawn and counts as floor.

use geo::Buffer;
use geo::algorithm::buffer::{BufferStyle, LineCap};

use wayfinding::venue::TravelDirection;

use super::floors::Strip;
use super::ground::Ground;
use super::sketch::{MovingWalkway, Sketch};
use super::verticals::{Flight, draw_foot, is_shaft, make_room};

/// The category of their units.
pub(super) const CATEGORY: &str = "movingwalkway";

/// Draws a moving walkway, with an open edge at each of its ends.
pub(super) fn draw(sketch: &mut Sketch, ground: &Ground, flight: &Flight, strips: &mut Vec<Strip>) {
    let source = sketch.elements[flight.element].id.clone();
    let line: geo::LineString<f64> = flight.points.iter().map(|p| geo::Coord::from(*p)).collect();
    let shape = line.buffer_with_style(BufferStyle::new(flight.width / 2.0).line_cap(LineCap::Butt));
    let level = flight.levels.0;
    let left = sketch.cut(level, &shape, is_shaft);
    let Some(index) = sketch.add(&source, level, CATEGORY, Some(flight.element), left) else { return };
    make_room(sketch, index);
    let unit = sketch.units[index].id;
    let points = &flight.points;
    let (first, last) = (points[0], points[points.len() - 1]);
    for (n, (foot, next)) in [(first, points[1]), (last, points[points.len() - 2])].into_iter().enumerate() {
        let door = format!("opening/{source}@{level}/{n}");
        draw_foot(sketch, ground, flight, (level, foot, next), &door, strips);
    }
    let heading = match flight.direction {
        Some(TravelDirection::Forward) => first.bearing_to(last),
        Some(TravelDirection::Backward) => last.bearing_to(first),
        Some(TravelDirection::Both) | None => {
            let message = format!(
                "{source}: conveying does not say which way this moving walkway runs; it is taken as floor \
                 until venue.toml gives its heading"
            );
            return sketch.guess("MovingWalkwayMustHaveDirection", unit, message);
        }
    };
    sketch.moving_walkways.push(MovingWalkway { source, unit, heading });
}
