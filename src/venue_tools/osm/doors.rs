//! Doors: tagged ones, those where footways enter rooms, and one for each room without a door.
//!
//! They are added in this order, after rooms and floors are drawn. A guessed door has a finding.

use std::collections::BTreeSet;

use geo::{BooleanOps, MultiPolygon};

use super::element::{Element, Shape};
use super::floors::Strip;
use super::levels::OsmLevel;
use super::sketch::{Gate, Sketch, UnitDraft, id};
use wayfinding::geometry::{Point, nearest_on};
use wayfinding::load::{contacts, crossing};

/// The width of a door without a tagged width, in metres.
const USUAL: f64 = 1.2;
/// The width of the widest guessed opening of a shop, in metres.
const WIDEST: f64 = 2.0;
/// The narrowest door for a wheelchair, in metres.
const NARROWEST: f64 = 0.8;
/// The distances outside a room at which the floor may begin, in metres: the thickness of a wall.
const WALLS: [f64; 3] = [0.05, 0.3, 0.7];
/// A door node closer to a wall than this lies in the wall, in metres.
const IN_WALL: f64 = 0.6;

/// The width of a door.
pub(super) fn width(element: &Element) -> f64 {
    let usual = match element.get("entrance") {
        Some("main") => 2.4,
        _ if element.get("automatic_door").is_some_and(|a| a != "no") => WIDEST,
        _ => USUAL,
    };
    element.metres("width").or_else(|| element.metres("door:width")).unwrap_or(usual)
}

pub(super) fn draw(sketch: &mut Sketch, strips: &[Strip]) {
    let mut served: BTreeSet<usize> = BTreeSet::new();
    for index in 0..sketch.elements.len() {
        tagged(sketch, index, &mut served);
    }
    for strip in strips {
        walked_through(sketch, strip, &mut served);
    }
    shafts(sketch);
    guessed(sketch, &mut served);
    let main = sketch.gates.iter().any(|g| g.category == "pedestrian.principal");
    if !main {
        let names: Vec<usize> = (0..sketch.gates.len()).filter(|g| is_outside(sketch, *g)).collect();
        names.into_iter().for_each(|g| sketch.gates[g].category = "pedestrian.principal");
    }
}

/// Whether exactly one side of an opening has no unit.
fn is_outside(sketch: &Sketch, gate: usize) -> bool {
    let gate = &sketch.gates[gate];
    sides(sketch, gate).iter().filter(|s| s.is_none()).count() == 1
}

/// The units on both sides of an opening.
pub(super) fn sides(sketch: &Sketch, gate: &Gate) -> [Option<usize>; 2] {
    let (middle, width) = (gate.from.toward(gate.to, 0.5), gate.from.distance(gate.to));
    let left = ((gate.from.y - gate.to.y) / width, (gate.to.x - gate.from.x) / width);
    [1.0, -1.0].map(|sign| {
        WALLS.iter().find_map(|d| {
            let point = middle.moved(left.0 * d * sign, left.1 * d * sign);
            sketch.units.iter().position(|u| u.level == gate.level && u.holds(point))
        })
    })
}

/// The edge of a unit that is nearest to a point, and its distance.
fn nearest_edge(unit: &UnitDraft, at: Point) -> Option<(Point, Point, f64)> {
    let rings = unit.shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let edges = rings.flat_map(|r| r.0.windows(2).map(|w| (Point::from(w[0]), Point::from(w[1]))));
    let distance = |(p, q): (Point, Point)| (p, q, nearest_on(p, q, at).distance(at));
    edges.map(distance).filter(|(p, q, _)| p.distance(*q) > 0.3).min_by(|a, b| a.2.total_cmp(&b.2))
}

/// An opening of this width in an edge, as near to a point as possible.
fn in_edge(p: Point, q: Point, at: Point, width: f64) -> (Point, Point) {
    let length = p.distance(q);
    let half = (width / 2.0).min(length / 2.0) / length;
    let middle = (nearest_on(p, q, at).distance(p) / length).clamp(half, 1.0 - half);
    (p.toward(q, middle - half), p.toward(q, middle + half))
}

/// Adds the door or entrance of a tagged node.
fn tagged(sketch: &mut Sketch, index: usize, served: &mut BTreeSet<usize>) {
    let element = &sketch.elements[index];
    let Shape::Dot(at) = element.shape else { return };
    if element.get("door").is_none() && element.get("entrance").is_none() {
        return;
    }
    let Some(at) = sketch.metres(at) else { return };
    let levels = element.levels();
    let near: Vec<(usize, (Point, Point, f64))> = (0..sketch.units.len())
        .filter(|u| {
            let unit = &sketch.units[*u];
            (levels.is_empty() || levels.contains(&unit.level))
                && (unit.is_room() || unit.is_floor())
                && unit.bounds.grown(IN_WALL).holds(at)
        })
        .filter_map(|u| Some((u, nearest_edge(&sketch.units[u], at)?)))
        .filter(|(_, (_, _, distance))| *distance < IN_WALL)
        .collect();
    let on: BTreeSet<OsmLevel> = near.iter().map(|(u, _)| sketch.units[*u].level).collect();
    for level in on {
        let here = || near.iter().filter(|(u, _)| sketch.units[*u].level == level);
        // The door is in the wall of a room; in the edge of a floor only if there is no room.
        let best = here().filter(|(u, _)| sketch.units[*u].is_room()).chain(here()).next();
        let Some((_, (p, q, _))) = best.copied() else { continue };
        let element = &sketch.elements[index];
        let (from, to) = in_edge(p, q, at, width(element));
        let gate = Gate {
            id: id(&format!("opening/{}@{level}", element.id)),
            level,
            category: category(element),
            door: door(element),
            wheelchair: element.is("wheelchair", &["yes", "designated"]),
            from,
            to,
            hours: element.get("opening_hours").map(str::to_owned),
        };
        served.extend(here().map(|(u, _)| *u).filter(|u| sketch.units[*u].is_room()));
        sketch.gates.push(gate);
    }
}

fn category(element: &Element) -> &'static str {
    match element.get("entrance") {
        Some("main") => "pedestrian.principal",
        Some("emergency" | "exit_emergency") => "emergencyexit",
        Some("service" | "garage") => "service",
        _ if element.is("access", &["private", "no"]) => "service",
        _ => "pedestrian",
    }
}

fn door(element: &Element) -> Option<(&'static str, bool)> {
    let automatic = element.get("automatic_door").is_some_and(|a| a != "no");
    let kind = match element.get("door")? {
        "no" => "open",
        "revolving" => "revolving",
        "sliding" => "sliding",
        "overhead" | "roller_shutter" => "shutter",
        "folding" => "movablepartition",
        _ => "swinging",
    };
    Some((kind, automatic))
}

/// Adds a door where a footway enters a room.
fn walked_through(sketch: &mut Sketch, strip: &Strip, served: &mut BTreeSet<usize>) {
    for index in 0..sketch.units.len() {
        let unit = &sketch.units[index];
        if unit.level != strip.level || !unit.is_room() || served.contains(&index) {
            continue;
        }
        let rings = unit.shape.iter().map(geo::Polygon::exterior);
        let edges = rings.flat_map(|r| r.0.windows(2).map(|w| (Point::from(w[0]), Point::from(w[1]))));
        let mut crossed = None;
        for (p, q) in edges.filter(|(p, q)| p.distance(*q) >= NARROWEST) {
            let hit = strip.points.windows(2).find_map(|w| crossing(p, q, w[0], w[1]));
            crossed = crossed.or(hit.map(|t| (p, q, p.toward(q, t))));
        }
        let Some((p, q, at)) = crossed else { continue };
        let inside = strip.points.iter().any(|s| unit.holds(*s) && s.distance(at) > 0.5);
        if inside {
            let (from, to) = in_edge(p, q, at, USUAL);
            if !opens_to_floor(sketch, strip.level, from, to) {
                continue;
            }
            let name = format!("opening/{}/{}@{}", unit.source, strip.source, strip.level);
            plain(sketch, &name, strip.level, from, to);
            served.insert(index);
        }
    }
}

/// Whether there is floor half a metre in front of an opening, on at least one side.
fn opens_to_floor(sketch: &Sketch, level: OsmLevel, from: Point, to: Point) -> bool {
    let (middle, width) = (from.toward(to, 0.5), from.distance(to));
    let left = ((from.y - to.y) / width, (to.x - from.x) / width);
    [0.5, -0.5].into_iter().any(|d| {
        let before = middle.moved(left.0 * d, left.1 * d);
        sketch.units.iter().any(|u| u.level == level && u.is_floor() && u.holds(before))
    })
}

fn plain(sketch: &mut Sketch, name: &str, level: OsmLevel, from: Point, to: Point) {
    let (id, category) = (id(name), "pedestrian");
    sketch.gates.push(Gate { id, level, category, door: None, wheelchair: false, from, to, hours: None });
}

/// The longest stretch where a unit lies beside a unit that `beside` accepts.
fn frontage(sketch: &Sketch, unit: usize, beside: impl Fn(usize) -> bool) -> Option<(Point, Point)> {
    let here = &sketch.units[unit];
    let around = here.bounds.grown(1.0);
    let neighbours: Vec<&MultiPolygon<f64>> = (0..sketch.units.len())
        .filter(|u| *u != unit && sketch.units[*u].level == here.level && beside(*u))
        .filter(|u| around.meets(&sketch.units[*u].bounds))
        .map(|u| &sketch.units[u].shape)
        .collect();
    WALLS.iter().find_map(|reach| {
        let all = neighbours.iter().flat_map(|n| contacts(&here.shape, n, *reach, NARROWEST));
        all.max_by(|a, b| a.0.distance(a.1).total_cmp(&b.0.distance(b.1)))
    })
}

/// Adds the openings of lifts, and of stairs that are areas, on the side with the most floor.
fn shafts(sketch: &mut Sketch) {
    let gates: Vec<(OsmLevel, Point)> =
        sketch.gates.iter().map(|g| (g.level, g.from.toward(g.to, 0.5))).collect();
    for index in 0..sketch.units.len() {
        let unit = &sketch.units[index];
        if !matches!(unit.category, "elevator" | "stairs" | "escalator") {
            continue;
        }
        let at_edge = |(level, p): &(OsmLevel, Point)| {
            *level == unit.level && nearest_edge(unit, *p).is_some_and(|(_, _, d)| d < 0.1)
        };
        if gates.iter().any(at_edge) {
            continue;
        }
        let floor = |u: usize| sketch.units[u].is_floor();
        let found =
            frontage(sketch, index, floor).or_else(|| frontage(sketch, index, |u| sketch.units[u].is_room()));
        let (source, level, id) = (unit.source.clone(), unit.level, unit.id);
        match found {
            Some((p, q)) => {
                let (from, to) = in_edge(p, q, p.toward(q, 0.5), USUAL);
                plain(sketch, &format!("opening/{source}@{level}"), level, from, to);
            }
            None => {
                let message =
                    format!("{source}: no floor is beside it on level {level}; it cannot be entered there");
                sketch.guess("OsmDoorMustBeKnown", id, message);
            }
        }
    }
}

/// Adds one opening for every room without a door: towards floor, or else towards a room with a door.
fn guessed(sketch: &mut Sketch, served: &mut BTreeSet<usize>) {
    let is_room = |u: &UnitDraft| u.is_room() || u.category == "nonpublic";
    let mut waiting: Vec<usize> =
        (0..sketch.units.len()).filter(|u| is_room(&sketch.units[*u]) && !served.contains(u)).collect();
    loop {
        let before = waiting.len();
        let mut rest = Vec::new();
        let mut opened = Vec::new();
        for index in waiting {
            let floor = frontage(sketch, index, |u| sketch.units[u].is_floor());
            let through = || frontage(sketch, index, |u| sketch.units[u].is_room() && served.contains(&u));
            let Some((p, q)) = floor.or_else(through) else {
                rest.push(index);
                continue;
            };
            let width = (p.distance(q) * 0.8).clamp(NARROWEST, WIDEST);
            let (from, to) = in_edge(p, q, p.toward(q, 0.5), width);
            let unit = &sketch.units[index];
            let (source, level, id) = (unit.source.clone(), unit.level, unit.id);
            plain(sketch, &format!("opening/{source}@{level}"), level, from, to);
            let where_to = if floor.is_some() { "its longest side on the floor" } else { "the next room" };
            let message =
                format!("{source}: no door on level {level}; one of {width:.1} m is drawn at {where_to}");
            sketch.guess("OsmDoorMustBeKnown", id, message);
            opened.push(index);
        }
        served.extend(opened);
        waiting = rest;
        if waiting.len() == before || waiting.is_empty() {
            break;
        }
    }
    for index in waiting {
        let unit = &sketch.units[index];
        let (id, message) = (
            unit.id,
            format!("{}: no floor is beside it on level {}; it has no door", unit.source, unit.level),
        );
        sketch.guess("OsmDoorMustBeKnown", id, message);
    }
    // A wall must not block a door: each door is cut out of the walls around it.
    for gate in 0..sketch.gates.len() {
        let (from, to) = (sketch.gates[gate].from, sketch.gates[gate].to);
        let (a, b) = (from.moved(0.0, 0.0), to);
        let (dx, dy) = ((a.y - b.y) / a.distance(b) * 0.4, (b.x - a.x) / a.distance(b) * 0.4);
        let ring = vec![a.moved(dx, dy), b.moved(dx, dy), b.moved(-dx, -dy), a.moved(-dx, -dy)];
        let ring: geo::LineString<f64> = ring.into_iter().map(geo::Coord::from).collect();
        let gap = geo::Polygon::new(ring, Vec::new());
        let level = sketch.gates[gate].level;
        for (_, wall, _) in sketch.walls.iter_mut().filter(|(l, _, _)| *l == level) {
            if geo::Intersects::intersects(wall, &gap) {
                *wall = wall.difference(&gap);
            }
        }
    }
}
