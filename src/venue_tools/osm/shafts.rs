//! Lifts, and stairs that are drawn as an area: one unit on each level with a stop.

use super::element::Shape;
use super::floors::{self, Strip};
use super::ground::Ground;
use super::levels::OsmLevel;
use super::sketch::{Riser, Sketch};
use super::verticals::make_room;
use wayfinding::geometry::{Point, nearest_on};

/// Half the side of a lift that is drawn as a point, in metres.
const HALF_LIFT: f64 = 1.0;
/// The greatest distance over which a lift without floor around it is joined to floor, in metres.
const FARTHEST_FLOOR: f64 = 8.0;
/// A lift without tagged levels stops at the levels with floor within this distance, in metres.
const AROUND_M: f64 = 3.0;

/// Draws a lift, or stairs that are an area, on each of its levels.
pub(super) fn draw(sketch: &mut Sketch, ground: &Ground, index: usize, strips: &mut Vec<Strip>) {
    let element = &sketch.elements[index];
    let lift = element.is("highway", &["elevator"])
        || element.is("room", &["elevator"])
        || element.is("elevator", &["yes"]);
    let area = matches!(element.shape, Shape::Area(_));
    let stairs = area
        && (element.is("highway", &["steps"])
            || element.is("stairs", &["yes"])
            || element.is("room", &["stairs"]));
    if !lift && !stairs {
        return;
    }
    let (source, mut levels) = (element.id.clone(), element.levels());
    let shape = match element.shape {
        Shape::Dot(at) => sketch.metres(at).map(|at| {
            let (a, b) = (at.moved(-HALF_LIFT, -HALF_LIFT), at.moved(HALF_LIFT, HALF_LIFT));
            geo::Rect::new(geo::Coord::from(a), geo::Coord::from(b)).to_polygon().into()
        }),
        Shape::Area(_) => sketch.area(index),
        Shape::Line(_) => None,
    };
    let Some(shape) = shape else { return };
    let Some(middle) = geo::Centroid::centroid(&shape).map(|c| Point::new(c.x(), c.y())) else { return };
    if levels.len() < 2 {
        let around = ground.levels(middle, AROUND_M);
        levels.extend(around);
        levels
            .extend(sketch.units.iter().filter(|u| u.bounds.grown(AROUND_M).holds(middle)).map(|u| u.level));
        levels.sort_unstable();
        levels.dedup();
        let list: Vec<String> = levels.iter().map(ToString::to_string).collect();
        if levels.len() < 2 {
            let message = format!("{source}: which levels it joins is not known; it is left out");
            return sketch.guess("OsmLevelMustBeKnown", None, message);
        }
        let message = format!("{source}: it does not say where it stops; it stops at {}", list.join(", "));
        sketch.guess("OsmLevelMustBeKnown", None, message);
    }
    let lost = |l: &OsmLevel| !ground.meets(*l, middle);
    let met = ground.nodes.get(&floors::node(middle)).cloned().unwrap_or_default();
    for floor in met.into_iter().filter(|f| !levels.contains(f)).collect::<Vec<_>>() {
        // A footway on another level ends here. It replaces the nearest stop that meets no floor.
        let wrong = levels.iter().copied().filter(lost).min_by_key(|l| (l.0 - floor.0).abs());
        if let Some(wrong) = wrong {
            let message = format!(
                "{source}: no footway meets it on level {wrong}, but one does on {floor}; it stops there"
            );
            sketch.guess("OsmLevelsMustAgree", None, message);
            levels.retain(|l| *l != wrong);
            levels.push(floor);
        }
    }
    levels.sort_unstable();
    let category = if lift { "elevator" } else { "stairs" };
    let mut units = Vec::new();
    for level in levels {
        let left = sketch.cut(level, &shape, |u| matches!(u.category, "stairs" | "escalator" | "elevator"));
        let Some(unit) = sketch.add(&source, level, category, Some(index), left) else { continue };
        units.push(sketch.units[unit].id);
        make_room(sketch, unit);
        join(sketch, ground, level, middle, &source, strips);
    }
    sketch.risers.push(Riser { source, category, units, direction: None });
}

/// Adds a footway from a lift to the nearest floor of a level, if no floor touches the lift.
fn join(
    sketch: &mut Sketch,
    ground: &Ground,
    level: OsmLevel,
    at: Point,
    source: &str,
    strips: &mut Vec<Strip>,
) {
    let touches = |points: &[Point]| {
        points.windows(2).any(|w| nearest_on(w[0], w[1], at).distance(at) < HALF_LIFT + 0.5)
    };
    let by_strip = strips.iter().any(|s| s.level == level && touches(&s.points));
    let areas = || (0..ground.areas.len()).filter(|i| ground.areas[*i].0 == level);
    if by_strip || areas().any(|i| ground.distance(i, at) < HALF_LIFT) {
        return;
    }
    let mut best: Option<Point> = None;
    let mut consider = |p: Point| {
        if best.is_none_or(|b| p.distance(at) < b.distance(at)) {
            best = Some(p);
        }
    };
    for strip in strips.iter().filter(|s| s.level == level) {
        strip.points.windows(2).for_each(|w| consider(nearest_on(w[0], w[1], at)));
    }
    for ring in areas().flat_map(|i| ground.areas[i].1.iter().map(geo::Polygon::exterior)) {
        ring.0.windows(2).for_each(|w| consider(nearest_on(w[0].into(), w[1].into(), at)));
    }
    if let Some(floor) = best.filter(|p| p.distance(at) < FARTHEST_FLOOR) {
        let message = format!(
            "{source}: it stands {:.1} m from the floor of level {level}; a footway is drawn to it",
            floor.distance(at)
        );
        sketch.guess("OsmShaftMustBeOnFloor", None, message);
        strips.push(Strip { source: source.to_owned(), level, points: vec![at, floor], half_width: 0.8 });
    }
}
