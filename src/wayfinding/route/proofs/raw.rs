//! The drawn line against the bytes of the map: walls, closed spaces, steps, and what is for one direction.
//!
//! Nothing of the importer but its frame, nothing of the areas that ways are searched on: outlines and
//! doors are read again, and the line that a visitor sees is laid over them.

use std::collections::HashMap;

use serde_json::Value;

use super::oneway::{Directions, Space};
use crate::geometry::{Frame, Point, nearest_on};
use crate::load::Archive;
use crate::route::{Leg, Mode, Route};
use crate::venue::{LevelIndex, Venue};

/// A wall may be as thick as this: a doorway reaches so far to either side of the line of its door.
const THICKEST_WALL: f64 = 0.9;
/// Whoever is less than this inside of something is at its edge; neighbours overlap by as much.
const EDGE: f64 = 0.05;

/// Categories in which nobody walks.
const CLOSED: [&str; 16] = [
    "nonpublic",
    "column",
    "structure",
    "opentobelow",
    "brick",
    "concrete",
    "drywall",
    "glass",
    "wood",
    "elevator",
    "escalator",
    "stairs",
    "road",
    "fieldofplay",
    "serverroom",
    "mailroom",
];
/// Categories in which nobody rolls.
const STEPS: [&str; 2] = ["steps", "movingwalkway"];

/// Categories of open floor, for maps on which floors that touch are one.
const FLOORS: [&str; 9] = [
    "walkway",
    "lobby",
    "foodservice",
    "unenclosedarea",
    "ramp",
    "footbridge",
    "terrace",
    "platform",
    "steps",
];
/// Floors that are nearer to each other than this touch.
const TOUCH: f64 = 0.06;

/// One outline of the map.
#[derive(Clone)]
pub(super) struct Shape {
    pub id: String,
    pub category: String,
    rings: Vec<Vec<Point>>,
    low: Point,
    high: Point,
    is_closed: bool,
}

/// A door of the map.
struct Door {
    from: Point,
    to: Point,
    category: String,
    kind: String,
    controlled: bool,
}

/// A level of the map.
#[derive(Default)]
struct Level {
    units: Vec<Shape>,
    fixtures: Vec<Shape>,
    doors: Vec<Door>,
}

/// The map as its files have it.
pub struct Raw {
    levels: Vec<Level>,
    /// Whether its `venue.toml` says that one walks from floor to floor where they touch.
    touching_are_open: bool,
    /// What is for one direction.
    directions: Directions,
    /// The ordinal of each level.
    ordinals: Vec<i32>,
}

pub(super) fn features(archive: &Archive, kind: &str) -> Vec<Value> {
    let Some(bytes) = archive.get(&format!("{kind}.geojson")) else { return Vec::new() };
    let mut file: Value = serde_json::from_slice(bytes).unwrap();
    serde_json::from_value(file["features"].take()).unwrap()
}

/// The levels of the files by id: those of several buildings may share an ordinal, and are one.
fn levels_by_id(archive: &Archive, venue: &Venue) -> HashMap<String, LevelIndex> {
    let of =
        |level: &Value| venue.level_of_ordinal(level["properties"]["ordinal"].as_i64()?.try_into().ok()?);
    let levels = features(archive, "level");
    levels.iter().filter_map(|level| Some((text(&level["id"]), of(level)?))).collect()
}

pub(super) fn point(frame: &Frame, position: &Value) -> Point {
    frame.to_metres(position[0].as_f64().unwrap(), position[1].as_f64().unwrap())
}

fn rings(frame: &Frame, geometry: &Value) -> Vec<Vec<Point>> {
    let coordinates = geometry["coordinates"].as_array();
    let polygons: Vec<&Value> = match (geometry["type"].as_str(), coordinates) {
        (Some("Polygon"), Some(_)) => vec![&geometry["coordinates"]],
        (Some("MultiPolygon"), Some(all)) => all.iter().collect(),
        _ => Vec::new(),
    };
    let all = polygons.into_iter().flat_map(|p| p.as_array().unwrap());
    all.map(|ring| ring.as_array().unwrap().iter().map(|p| point(frame, p)).collect()).collect()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_lowercase()
}

impl Shape {
    fn new(frame: &Frame, feature: &Value) -> Option<Self> {
        let rings = rings(frame, &feature["geometry"]);
        let all = || rings.iter().flatten();
        let fold = |f: fn(&Point) -> f64, with: fn(f64, f64) -> f64, from: f64| all().map(f).fold(from, with);
        let low = Point::new(fold(|p| p.x, f64::min, f64::INFINITY), fold(|p| p.y, f64::min, f64::INFINITY));
        let high = Point::new(
            fold(|p| p.x, f64::max, f64::NEG_INFINITY),
            fold(|p| p.y, f64::max, f64::NEG_INFINITY),
        );
        let properties = &feature["properties"];
        let category = text(&properties["category"]);
        let is_closed = CLOSED.contains(&category.as_str()) || !properties["restriction"].is_null();
        let id = text(&feature["id"]);
        (!rings.is_empty()).then_some(Self { id, category, rings, low, high, is_closed })
    }

    fn is_near(&self, p: Point, q: Point) -> bool {
        p.x.min(q.x) <= self.high.x
            && p.x.max(q.x) >= self.low.x
            && p.y.min(q.y) <= self.high.y
            && p.y.max(q.y) >= self.low.y
    }

    /// The area of what is around it, in square metres.
    pub fn extent(&self) -> f64 {
        (self.high.x - self.low.x) * (self.high.y - self.low.y)
    }

    fn edges(&self) -> impl Iterator<Item = (Point, Point)> {
        self.rings.iter().flat_map(|r| r.windows(2).map(|w| (w[0], w[1])))
    }

    /// Whether a point is inside, by how often a ray to the east meets the outline.
    pub fn holds(&self, p: Point) -> bool {
        let meets = |(a, b): &(Point, Point)| {
            (a.y > p.y) != (b.y > p.y) && p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y)
        };
        self.edges().filter(meets).count() % 2 == 1
    }

    /// Where a segment meets the outline, as shares of its length.
    fn meetings(&self, p: Point, q: Point) -> Vec<f64> {
        let (dx, dy) = (q.x - p.x, q.y - p.y);
        let mut found = Vec::new();
        for (a, b) in self.edges() {
            let (ex, ey) = (b.x - a.x, b.y - a.y);
            let across = dx * ey - dy * ex;
            if across == 0.0 {
                continue;
            }
            let along = ((a.x - p.x) * ey - (a.y - p.y) * ex) / across;
            let on_edge = ((a.x - p.x) * dy - (a.y - p.y) * dx) / across;
            if (0.0..=1.0).contains(&along) && (0.0..=1.0).contains(&on_edge) {
                found.push(along);
            }
        }
        found.sort_by(f64::total_cmp);
        found
    }

    /// A point at which a segment is inside, and not just at the edge.
    pub fn entered(&self, p: Point, q: Point) -> Option<Point> {
        let mut cuts = self.meetings(p, q);
        cuts.insert(0, 0.0);
        cuts.push(1.0);
        let middles = cuts.windows(2).map(|w| p.toward(q, f64::midpoint(w[0], w[1])));
        let deep = |m: &Point| self.edges().all(|(a, b)| nearest_on(a, b, *m).distance(*m) > EDGE);
        middles.into_iter().find(|m| self.holds(*m) && deep(m))
    }
}

impl Door {
    fn has(&self, p: Point) -> bool {
        let on_line = nearest_on(self.from, self.to, p);
        let at_jamb = on_line == self.from || on_line == self.to;
        on_line.distance(p) <= THICKEST_WALL && (!at_jamb || on_line.distance(p) < 1e-6)
    }

    /// Whether somebody with or without wheels may pass it at all.
    fn lets_pass(&self, rolling: bool) -> bool {
        let revolves = matches!(self.kind.as_str(), "revolving" | "turnstile");
        let width = self.from.distance(self.to);
        !self.controlled
            && self.category != "service"
            && self.category != "emergencyexit"
            && !(rolling && (revolves || width < 0.8 - 1e-6))
            && width >= 0.7 - 1e-6
    }
}

impl Level {
    /// Whether there is open floor just before and just behind a point of a segment.
    fn is_floor_around(&self, at: Point, (p, q): (Point, Point)) -> bool {
        let step = TOUCH / p.distance(q);
        let (dx, dy) = ((q.x - p.x) * step, (q.y - p.y) * step);
        let floors = || self.units.iter().filter(|u| FLOORS.contains(&u.category.as_str()) && !u.is_closed);
        [at.moved(dx, dy), at.moved(-dx, -dy)].into_iter().all(|s| floors().any(|f| f.holds(s)))
    }
}

impl Raw {
    pub fn new(archive: &Archive, venue: &Venue) -> Self {
        let frame = venue.frame();
        let mut levels: Vec<Level> = Vec::new();
        levels.resize_with(venue.levels().len(), Level::default);
        let by_id = levels_by_id(archive, venue);
        let level = |feature: &Value| by_id.get(&text(&feature["properties"]["level_id"])).copied();
        for feature in features(archive, "unit") {
            if let (Some(at), Some(shape)) = (level(&feature), Shape::new(frame, &feature)) {
                levels[at.0].units.push(shape);
            }
        }
        for feature in features(archive, "fixture") {
            if let (Some(at), Some(shape)) = (level(&feature), Shape::new(frame, &feature)) {
                levels[at.0].fixtures.push(shape);
            }
        }
        for feature in features(archive, "opening") {
            let line = &feature["geometry"]["coordinates"];
            let (Some(at), Some(points)) = (level(&feature), line.as_array()) else { continue };
            let properties = &feature["properties"];
            levels[at.0].doors.push(Door {
                from: point(frame, &points[0]),
                to: point(frame, points.last().unwrap()),
                category: text(&properties["category"]),
                kind: text(&properties["door"]["type"]),
                controlled: properties["access_control"].as_array().is_some_and(|a| !a.is_empty()),
            });
        }
        let overlay = archive.get("venue.toml").map(String::from_utf8_lossy).unwrap_or_default();
        let switch = |line: &str| line.replace(' ', "") == "touching_walkways=\"open\"";
        let spaces: Vec<Space> = levels
            .iter()
            .enumerate()
            .flat_map(|(l, level)| level.units.iter().map(move |shape| Space { level: LevelIndex(l), shape }))
            .collect();
        let directions = Directions::new(archive, venue, &spaces, &by_id);
        let ordinals = venue.levels().iter().map(|l| l.ordinal).collect();
        Self { levels, touching_are_open: overlay.lines().any(switch), directions, ordinals }
    }

    /// How many doors, escalators and moving walkways of the map are for one direction.
    pub fn one_way(&self) -> [usize; 3] {
        self.directions.counts()
    }

    /// What is wrong with the lines of a route, if anything.
    pub fn offences(&self, route: &Route) -> Vec<String> {
        let mut found = Vec::new();
        for leg in &route.legs {
            let rolling = route.profile.is_rolling();
            self.directions.offences(leg, |level| self.ordinals[level.0], &mut found);
            if rolling && matches!(leg.mode, Mode::Stairs | Mode::Escalator) {
                found.push(format!("{:?} for {:?}", leg.mode, route.profile));
            }
            if leg.mode == Mode::Walk {
                let pairs = leg.points.windows(2).chain(leg.line.windows(2));
                pairs.for_each(|w| self.look(leg, w[0], w[1], rolling, &mut found));
            }
        }
        found
    }

    fn look(&self, leg: &Leg, p: Point, q: Point, rolling: bool, found: &mut Vec<String>) {
        let level = &self.levels[leg.level.0];
        let floor = |s: &&Shape| s.is_near(p, q);
        for unit in level.units.iter().filter(floor) {
            let stops = unit.is_closed || (rolling && STEPS.contains(&unit.category.as_str()));
            if let Some(at) = unit.entered(p, q).filter(|_| stops) {
                found.push(format!("in {} {} at {at:?}", unit.category, unit.id));
            }
            for share in unit.meetings(p, q) {
                let at = p.toward(q, share);
                if self.touching_are_open && level.is_floor_around(at, (p, q)) {
                    continue;
                }
                let mut doors = level.doors.iter().filter(|d| d.has(at)).peekable();
                if doors.peek().is_none() {
                    found.push(format!("through the wall of {} {} at {at:?}", unit.category, unit.id));
                } else if !doors.any(|d| d.lets_pass(rolling)) {
                    found.push(format!("through a door of {} at {at:?} that is not for all", unit.id));
                }
            }
        }
        for fixture in level.fixtures.iter().filter(floor) {
            if let Some(at) = fixture.entered(p, q) {
                found.push(format!("through the {} {} at {at:?}", fixture.category, fixture.id));
            }
        }
    }
}
