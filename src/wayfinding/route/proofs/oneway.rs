//! What the files of a map let people pass one way only, read again: doors, escalators, moving walkways.
//!
//! Directions come from `venue.toml` and from directed relationships, sides from the outlines of units, and
//! nothing from the importer. The line of a leg is then followed, stretch by stretch.

use std::collections::HashMap;

use serde_json::Value;

use super::raw::{Shape, features, point, text};
use crate::geometry::{Frame, Point, side, turn};
use crate::load::Archive;
use crate::route::{Leg, Mode};
use crate::venue::{LevelIndex, Venue};

/// How far to either side of a door its units may begin, in metres.
const BESIDE: [f64; 4] = [0.05, 0.2, 0.5, 0.8];

/// A unit of the map, with the level it is on.
pub struct Space<'a> {
    pub level: LevelIndex,
    pub shape: &'a Shape,
}

/// A door for one direction.
struct Gate {
    id: String,
    level: LevelIndex,
    from: Point,
    to: Point,
    to_left: bool,
}

/// A moving walkway, and its heading in degrees clockwise from north.
struct Belt {
    level: LevelIndex,
    shape: Shape,
    heading: f64,
}

/// Everything of a map that is for one direction.
#[derive(Default)]
pub struct Directions {
    gates: Vec<Gate>,
    /// Units of escalators with their levels and outlines, and whether they run up.
    escalators: Vec<(LevelIndex, Shape, bool)>,
    belts: Vec<Belt>,
}

impl Directions {
    pub fn new(
        archive: &Archive,
        venue: &Venue,
        spaces: &[Space],
        levels: &HashMap<String, LevelIndex>,
    ) -> Self {
        let frame = venue.frame();
        let overlay = archive.get("venue.toml").map(String::from_utf8_lossy).unwrap_or_default();
        let overlay: toml::Table = overlay.parse().unwrap();
        let entries = |kind: &str| overlay.get(kind).and_then(|e| e.as_array()).cloned().unwrap_or_default();
        let word = |entry: &toml::Value, key: &str| entry.get(key)?.as_str().map(str::to_lowercase);
        let directed = features(archive, "relationship")
            .into_iter()
            .filter(|r| text(&r["properties"]["direction"]) == "directed");
        let (mut doors, mut climbs) = (HashMap::new(), HashMap::new());
        for relationship in directed {
            let properties = &relationship["properties"];
            let [origin, destination] = ["origin", "destination"].map(|end| text(&properties[end]["id"]));
            let between = properties["intermediary"].as_array().into_iter().flatten();
            let between: Vec<String> = between.map(|f| text(&f["id"])).collect();
            let level = |id: &String| spaces.iter().find(|s| s.shape.id == *id).map(|s| s.level);
            match text(&properties["category"]).as_str() {
                "escalator" => {
                    let up = level(&origin) < level(&destination);
                    climbs.extend(between.into_iter().chain([origin, destination]).map(|id| (id, up)));
                }
                "traversal" => doors.extend(between.into_iter().map(|id| (id, destination.clone()))),
                _ => {}
            }
        }
        for entry in entries("door") {
            if let (Some(id), Some(to)) = (word(&entry, "opening"), word(&entry, "one_way_to")) {
                doors.insert(id, to);
            }
        }
        for entry in entries("escalator") {
            if let (Some(id), Some(way)) = (word(&entry, "unit"), word(&entry, "direction")) {
                climbs.insert(id, way == "up");
            }
        }
        let named = |id: &str| spaces.iter().find(|s| s.shape.id == id);
        let headings = entries("moving_walkway").into_iter().filter_map(|entry| {
            let heading = entry.get("heading")?;
            let heading = heading.as_float().or(heading.as_integer().map(|h| h as f64))?;
            let unit = named(&word(&entry, "unit")?)?;
            Some(Belt { level: unit.level, shape: unit.shape.clone(), heading })
        });
        let escalators = climbs.iter().filter_map(|(id, up)| {
            let unit = named(id).filter(|u| u.shape.category == "escalator")?;
            Some((unit.level, unit.shape.clone(), *up))
        });
        let openings = features(archive, "opening");
        let one_way = openings.iter().filter_map(|o| Some((o, doors.get(&text(&o["id"]))?)));
        let gates: Vec<Gate> = one_way.filter_map(|(o, to)| gate(o, to, frame, levels, spaces)).collect();
        assert!(gates.len() * 10 >= doors.len() * 9, "{} doors of {} are clear", gates.len(), doors.len());
        Self { gates, escalators: escalators.collect(), belts: headings.collect() }
    }

    /// How many doors, escalators and moving walkways are for one direction.
    pub fn counts(&self) -> [usize; 3] {
        [self.gates.len(), self.escalators.len(), self.belts.len()]
    }

    /// What a leg passes against its direction. Both of its lines are looked at.
    pub fn offences(&self, leg: &Leg, ordinal: impl Fn(LevelIndex) -> i32, found: &mut Vec<String>) {
        let middle = leg.points[0].toward(leg.points[leg.points.len() - 1], 0.5);
        let stretches = || leg.points.windows(2).chain(leg.line.windows(2));
        match leg.mode {
            Mode::Escalator => {
                let up = ordinal(leg.to_level) > ordinal(leg.level);
                let on = |level: LevelIndex| level == leg.level || level == leg.to_level;
                let taken = self.escalators.iter().filter(|(level, s, _)| on(*level) && s.holds(middle));
                for (_, shape, _) in taken.filter(|(_, _, runs_up)| *runs_up != up) {
                    found.push(format!("against the escalator {}", shape.id));
                }
            }
            Mode::MovingWalkway => {
                let bearing = leg.points[0].bearing_to(leg.points[leg.points.len() - 1]);
                let taken = self.belts.iter().filter(|b| b.level == leg.level && b.shape.holds(middle));
                for belt in taken.filter(|b| turn(b.heading, bearing).abs() > 90.0) {
                    found.push(format!("against the moving walkway {}", belt.shape.id));
                }
            }
            Mode::Walk => {
                for belt in self.belts.iter().filter(|b| b.level == leg.level) {
                    if stretches().any(|w| belt.shape.entered(w[0], w[1]).is_some()) {
                        found.push(format!("over the moving walkway {}, and not carried", belt.shape.id));
                    }
                }
                for gate in self.gates.iter().filter(|g| g.level == leg.level) {
                    if stretches().any(|w| gate.is_passed_wrongly(w[0], w[1])) {
                        found.push(format!("the wrong way through the door {}", gate.id));
                    }
                }
            }
            _ => {}
        }
    }
}

impl Gate {
    /// A point on the line of the door counts to its right, as everywhere.
    fn is_passed_wrongly(&self, p: Point, q: Point) -> bool {
        let left = |at: Point| side(self.from, self.to, at) > 0.0;
        let meets = (side(p, q, self.from) > 0.0) != (side(p, q, self.to) > 0.0);
        left(p) != left(q) && meets && left(q) != self.to_left
    }
}

/// An opening that leads to a unit, or outside, and not back. None where units that overlap do not tell its sides.
fn gate(
    opening: &Value,
    to: &str,
    frame: &Frame,
    levels: &HashMap<String, LevelIndex>,
    spaces: &[Space],
) -> Option<Gate> {
    let line = opening["geometry"]["coordinates"].as_array()?;
    let [a, b] = [line.first()?, line.last()?].map(|p| point(frame, p));
    let level = *levels.get(&text(&opening["properties"]["level_id"]))?;
    let (middle, length) = (a.toward(b, 0.5), a.distance(b));
    let across = ((a.y - b.y) / length, (b.x - a.x) / length);
    let leads = |sign: f64, by: f64| {
        let at = middle.moved(across.0 * by * sign, across.1 * by * sign);
        // Where a hall is drawn beneath its rooms, one is in the smallest.
        let here = spaces.iter().filter(|s| s.level == level && s.shape.holds(at));
        let here = here.min_by(|a, b| a.shape.extent().total_cmp(&b.shape.extent()));
        here.map_or("outside", |s| &s.shape.id) == to
    };
    let found = BESIDE.iter().find_map(|by| match [leads(1.0, *by), leads(-1.0, *by)] {
        [true, false] => Some(true),
        [false, true] => Some(false),
        _ => None,
    });
    Some(Gate { id: text(&opening["id"]), level, from: a, to: b, to_left: found? })
}
