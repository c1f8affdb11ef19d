//! Vertical connections: lifts, stairs and escalators, with a unit on each level and their directions.
//! Elements with `conveying` on one level are also found here; `moving_walkways` draws them.
//!
//! Stairs and escalators are lines in OpenStreetMap, lifts are points. Lines get a width that keeps them
//! apart from their neighbours, points become squares. The direction of an escalator is never guessed: one
//! that only has `conveying=yes` is drawn, and marked as out of service until somebody checks it.

use std::collections::BTreeSet;

use geo::algorithm::buffer::{BufferStyle, LineCap};
use geo::{Area, BooleanOps, Buffer, Distance, Euclidean};

use super::element::{Element, Shape};
use super::floors::{self, Strip};
use super::ground::{Ground, NEAR_M};
use super::levels::OsmLevel;
use super::moving_walkways;
use super::shafts;
use super::sketch::{Gate, Riser, Sketch, UnitDraft, id};
use wayfinding::geometry::{Point, turn};
use wayfinding::venue::TravelDirection;

const STAIRS_WIDTH: f64 = 2.0;
const ESCALATOR_WIDTH: f64 = 1.2;
/// The narrowest flight that carries people, in metres.
const NARROWEST: f64 = 0.8;
/// The length of the floor that is added before the foot of stairs, if none is drawn, in metres.
const LANDING_M: f64 = 1.2;
/// At a sharper bend the escalator ends and the footway to it begins, in degrees.
const BEND: f64 = 15.0;

/// A flight between two levels: a line from its lower to its upper end. Or steps or a moving walkway on one
/// level, in the direction of their line.
pub(super) struct Flight {
    pub element: usize,
    pub category: &'static str,
    pub levels: (OsmLevel, OsmLevel),
    pub points: Vec<Point>,
    pub direction: Option<TravelDirection>,
    stopped: bool,
    pub width: f64,
}

/// Draws all vertical connections. Returns the footways, including those to the flights.
pub(super) fn draw(sketch: &mut Sketch, mut strips: Vec<Strip>) -> Vec<Strip> {
    let ground = Ground::new(sketch, &strips);
    let mut flights: Vec<Flight> =
        (0..sketch.elements.len()).filter_map(|index| flight(sketch, &ground, index)).collect();
    let (level, between): (Vec<_>, Vec<_>) = flights.into_iter().partition(|f| f.levels.0 == f.levels.1);
    flights = between;
    let (mut moving, level): (Vec<_>, Vec<_>) =
        level.into_iter().partition(|f| f.category == moving_walkways::CATEGORY);
    level.iter().for_each(|flight| draw_steps(sketch, flight));
    trim(sketch, &mut moving, &mut strips);
    narrow(&mut moving);
    moving.iter().for_each(|flight| moving_walkways::draw(sketch, &ground, flight, &mut strips));
    trim(sketch, &mut flights, &mut strips);
    narrow(&mut flights);
    for flight in &flights {
        draw_flight(sketch, &ground, flight, &mut strips);
    }
    for index in 0..sketch.elements.len() {
        shafts::draw(sketch, &ground, index, &mut strips);
    }
    strips
}

fn conveys(element: &Element) -> bool {
    element.get("conveying").is_some_and(|c| c != "no")
}

/// The flight of an element that is stairs, an escalator, a moving walkway or a sloping footway.
fn flight(sketch: &mut Sketch, ground: &Ground, index: usize) -> Option<Flight> {
    let element = &sketch.elements[index];
    let Shape::Line(line) = &element.shape else { return None };
    let tagged = element.levels();
    let path = element.is("highway", &["footway", "path", "corridor", "pedestrian"]);
    let steps = element.is("highway", &["steps"]) || conveys(element);
    if !(steps || (path && tagged.len() > 1)) {
        return None;
    }
    let mut points = sketch.line(line)?;
    let source = element.id.clone();
    let (first, last) = (points[0], points[points.len() - 1]);
    let (a, b) = (ground.levels(first, NEAR_M), ground.levels(last, NEAR_M));
    let indoors = element.get("indoor").is_some() || element.is("covered", &["yes"]);
    if let Some(level) = flat(&tagged, &a, &b).filter(|_| path) {
        return Some(moving(sketch, index, level, points));
    }
    let (lower, upper) = match tagged[..] {
        [lower, .., upper] => (lower, upper),
        _ => match ends(&a, &b) {
            Some((one, other)) => (one.min(other), one.max(other)),
            None => {
                if indoors {
                    let message = format!("{source}: which levels it joins is not known; it is left out");
                    sketch.guess("OsmLevelMustBeKnown", None, message);
                }
                return None;
            }
        },
    };
    let upward = match element.get("incline") {
        Some("up") => Some(true),
        Some("down") => Some(false),
        Some(slope) => slope.trim_end_matches(['%', '°']).parse::<f64>().ok().map(|s| s > 0.0),
        None => ends(&a, &b).filter(|(x, y)| x.min(y) == &lower && x.max(y) == &upper).map(|(x, y)| x < y),
    };
    let (low_end, high_end) = if upward == Some(false) { (last, first) } else { (first, last) };
    let (lower, upper) =
        (settle(sketch, ground, &source, lower, low_end), settle(sketch, ground, &source, upper, high_end));
    let element = &sketch.elements[index];
    if path && lower == upper && conveys(element) {
        return Some(moving(sketch, index, lower, points));
    }
    let category = if conveys(element) { "escalator" } else { "stairs" };
    let with_line = match element.get("conveying") {
        Some("forward") => Some(true),
        Some("backward") => Some(false),
        _ => None,
    };
    let usual = if category == "escalator" { ESCALATOR_WIDTH } else { STAIRS_WIDTH };
    let width = element.metres("width").unwrap_or(usual);
    if upward.is_none() {
        let message = format!("{source}: which end is up is not known; it is taken to be drawn upwards");
        sketch.guess("OsmInclineMustBeKnown", None, message);
    }
    if !steps {
        let message = format!("{source}: a footway between levels {lower} and {upper}; it counts as stairs");
        sketch.guess("OsmFootwayMustBeOnOneLevel", None, message);
    }
    let upward = upward.unwrap_or(true);
    if !upward {
        points.reverse();
    }
    let direction = with_line
        .map(|forward| if forward == upward { TravelDirection::Forward } else { TravelDirection::Backward });
    let stopped = category == "escalator" && direction.is_none();
    Some(Flight { element: index, category, levels: (lower, upper), points, direction, stopped, width })
}

/// The level of a footway that stays on one level: the tagged one, or the only one that both ends meet.
fn flat(tagged: &[OsmLevel], a: &BTreeSet<OsmLevel>, b: &BTreeSet<OsmLevel>) -> Option<OsmLevel> {
    match tagged {
        [level] => Some(*level).filter(|_| ends(a, b).is_none()),
        [] => a.intersection(b).next().copied().filter(|_| a.union(b).count() == 1),
        _ => None,
    }
}

/// A moving walkway, in the direction of its line.
fn moving(sketch: &Sketch, element: usize, level: OsmLevel, points: Vec<Point>) -> Flight {
    let tags = &sketch.elements[element];
    let direction = match tags.get("conveying") {
        Some("forward") => Some(TravelDirection::Forward),
        Some("backward") => Some(TravelDirection::Backward),
        _ => None,
    };
    let width = tags.metres("width").unwrap_or(ESCALATOR_WIDTH);
    Flight {
        element,
        category: moving_walkways::CATEGORY,
        levels: (level, level),
        points,
        direction,
        stopped: false,
        width,
    }
}

/// The level of the end of a flight or of a lift: the tagged level, unless there is floor only on another
/// one.
fn settle(sketch: &mut Sketch, ground: &Ground, source: &str, tagged: OsmLevel, at: Point) -> OsmLevel {
    let met = ground.levels(at, NEAR_M);
    match met.first() {
        Some(floor) if met.len() == 1 && *floor != tagged => {
            let message = format!(
                "{source}: it says level {tagged}, where no floor is; the footway it meets is on level {floor}, \
                 which is used"
            );
            sketch.guess("OsmLevelsMustAgree", None, message);
            *floor
        }
        _ => tagged,
    }
}

/// Draws steps within one level.
fn draw_steps(sketch: &mut Sketch, flight: &Flight) {
    let source = sketch.elements[flight.element].id.clone();
    if flight.category == "escalator" {
        let message = format!("{source}: an escalator that stays on one level; it is left out");
        return sketch.guess("OsmLevelsMustAgree", None, message);
    }
    let line: geo::LineString<f64> = flight.points.iter().map(|p| geo::Coord::from(*p)).collect();
    let shape = line.buffer_with_style(BufferStyle::new(flight.width / 2.0).line_cap(LineCap::Butt));
    let left = sketch.cut(flight.levels.0, &shape, |_| true);
    sketch.add(&source, flight.levels.0, "steps", Some(flight.element), left);
}

/// The levels of two ends, if the floor around them leaves only one possibility.
fn ends(a: &BTreeSet<OsmLevel>, b: &BTreeSet<OsmLevel>) -> Option<(OsmLevel, OsmLevel)> {
    let only = |set: &BTreeSet<OsmLevel>, without: Option<OsmLevel>| {
        let mut left = set.iter().filter(|l| Some(**l) != without);
        left.next().filter(|_| left.next().is_none()).copied()
    };
    let one = only(a, None).and_then(|x| Some((x, only(b, Some(x))?)));
    one.or_else(|| only(b, None).and_then(|y| Some((only(a, Some(y))?, y)))).filter(|(x, y)| x != y)
}

/// Reduces each bent escalator or moving walkway to its longest straight part; the rest becomes footways.
fn trim(sketch: &Sketch, flights: &mut [Flight], strips: &mut Vec<Strip>) {
    let corners: Vec<_> =
        flights.iter().map(|f| [f.points[0], f.points[f.points.len() - 1]].map(floors::node)).collect();
    for (i, flight) in flights.iter_mut().enumerate() {
        let shared = (0..corners.len()).any(|j| i != j && corners[i].iter().any(|c| corners[j].contains(c)));
        if flight.points.len() < 3
            || !(shared || ["escalator", moving_walkways::CATEGORY].contains(&flight.category))
        {
            continue;
        }
        let points = &flight.points;
        let bearing = |k: usize| points[k].bearing_to(points[k + 1]);
        let mut runs: Vec<(usize, usize)> = vec![(0, 1)];
        for k in 1..points.len() - 1 {
            match runs.last_mut() {
                Some(run) if turn(bearing(k - 1), bearing(k)).abs() < BEND => run.1 = k + 1,
                _ => runs.push((k, k + 1)),
            }
        }
        let length = |run: &(usize, usize)| points[run.0].distance(points[run.1]);
        let Some(&(from, to)) = runs.iter().max_by(|a, b| length(a).total_cmp(&length(b))) else { continue };
        let source = &sketch.elements[flight.element].id;
        let mut lead = |level, part: &[Point]| {
            if part.len() > 1 {
                let (points, half_width) = (part.to_vec(), flight.width / 2.0);
                strips.push(Strip { source: source.clone(), level, points, half_width });
            }
        };
        lead(flight.levels.0, &points[..=from]);
        lead(flight.levels.1, &points[to..]);
        flight.points = points[from..=to].to_vec();
    }
}

/// Narrows flights that run side by side until they do not overlap.
fn narrow(flights: &mut [Flight]) {
    let lines: Vec<geo::LineString<f64>> =
        flights.iter().map(|f| f.points.iter().map(|p| geo::Coord::from(*p)).collect()).collect();
    for i in 0..flights.len() {
        for j in 0..flights.len() {
            let apart = Euclidean.distance(&lines[i], &lines[j]);
            if i != j && apart > 0.1 && apart < flights[i].width {
                flights[i].width = (apart * 0.9).max(NARROWEST);
            }
        }
    }
}

/// Whether a unit is the drawing of a shaft.
pub(super) fn is_shaft(unit: &UnitDraft) -> bool {
    matches!(unit.category, "stairs" | "escalator" | "elevator" | moving_walkways::CATEGORY)
}

fn draw_flight(sketch: &mut Sketch, ground: &Ground, flight: &Flight, strips: &mut Vec<Strip>) {
    let source = sketch.elements[flight.element].id.clone();
    let line: geo::LineString<f64> = flight.points.iter().map(|p| geo::Coord::from(*p)).collect();
    let shape = line.buffer_with_style(BufferStyle::new(flight.width / 2.0).line_cap(LineCap::Butt));
    let points = &flight.points;
    let (lower, upper) = flight.levels;
    let feet = [(lower, points[0], points[1]), (upper, points[points.len() - 1], points[points.len() - 2])];
    let mut units = Vec::new();
    for (level, foot, next) in feet {
        let left = sketch.cut(level, &shape, is_shaft);
        let Some(unit) = sketch.add(&source, level, flight.category, Some(flight.element), left) else {
            return;
        };
        let unit_id = sketch.units[unit].id;
        units.push(unit_id);
        make_room(sketch, unit);
        let door = format!("opening/{source}@{level}");
        draw_foot(sketch, ground, flight, (level, foot, next), &door, strips);
    }
    if flight.stopped {
        let message = format!(
            "{source}: conveying does not say which way this escalator runs; it is out of service \
             until venue.toml gives its direction"
        );
        sketch.guess("EscalatorMustHaveDirection", units[0], message);
    }
    let direction = flight.direction;
    sketch.risers.push(Riser { source, category: flight.category, units, direction });
}

/// Draws the open edge at one end of a flight, and floor in front of it if there is none.
pub(super) fn draw_foot(
    sketch: &mut Sketch,
    ground: &Ground,
    flight: &Flight,
    (level, foot, next): (OsmLevel, Point, Point),
    door: &str,
    strips: &mut Vec<Strip>,
) {
    let source = sketch.elements[flight.element].id.clone();
    let length = foot.distance(next);
    let out = ((foot.x - next.x) / length, (foot.y - next.y) / length);
    let half = flight.width / 2.0;
    let (dx, dy) = (-out.1 * half, out.0 * half);
    sketch.gates.push(Gate {
        id: id(door),
        level,
        category: "pedestrian",
        door: None,
        wheelchair: false,
        from: foot.moved(dx, dy),
        to: foot.moved(-dx, -dy),
        hours: None,
    });
    let before = foot.moved(out.0 * 0.3, out.1 * 0.3);
    if !ground.holds(level, before) {
        let points = vec![foot, foot.moved(out.0 * LANDING_M, out.1 * LANDING_M)];
        strips.push(Strip { source, level, points, half_width: half.max(0.6) });
    }
}

/// Cuts a shaft out of the rooms where it stands.
pub(super) fn make_room(sketch: &mut Sketch, shaft: usize) {
    let (level, shape, bounds) = {
        let unit = &sketch.units[shaft];
        (unit.level, unit.shape.clone(), unit.bounds)
    };
    for room in sketch.units.iter_mut().filter(|u| u.level == level && u.is_room() && u.bounds.meets(&bounds))
    {
        let left = room.shape.difference(&shape);
        if left.unsigned_area() > 0.5 * room.shape.unsigned_area() {
            room.shape = left;
        }
    }
}
