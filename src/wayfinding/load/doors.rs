//! Openings: which two units each of them joins, who may pass, and when.
//!
//! IMDF does not say which units an opening joins. The units are searched a few centimetres to either side
//! of its middle, and farther away in case the map draws walls with a thickness.

use super::feature::{Feature, Features};
use super::overlay::{NamedSide, Overlay, Side};
use super::shape;
use super::spaces::Spaces;
use crate::geometry::{Frame, Point};
use crate::venue::{Door, Finding, Hours, LevelIndex, Opening, Passage, TravelDirection, UnitIndex};

/// The distances from the line at which a unit is searched, in metres. The last one is a thick wall.
const PROBES: [f64; 5] = [0.05, 0.10, 0.20, 0.40, 0.80];
/// An opening that is narrower than this cannot be passed, in metres.
const NARROWEST: f64 = 0.3;

pub(super) fn read(
    features: &Features,
    frame: &Frame,
    spaces: &Spaces,
    findings: &mut Vec<Finding>,
) -> Vec<Opening> {
    let mut openings = Vec::new();
    for feature in features.of("opening") {
        let Some(level) = feature.reference("level_id").and_then(|id| spaces.level(&id)) else {
            let message = "opening.geojson: it is on no level of the map; it is left out".to_owned();
            findings.push(Finding::error("FeatureMustReferenceLevel", feature.id, message));
            continue;
        };
        let lines = shape::lines(feature, frame);
        let Some((from, to)) = straight(&lines) else {
            let message = "opening.geojson: its geometry is no line; it is left out".to_owned();
            findings.push(Finding::error("OpeningMustHaveLinealGeometry", feature.id, message));
            continue;
        };
        if from.distance(to) < NARROWEST {
            let message = format!("opening.geojson: it is {:.2} m wide; nobody passes", from.distance(to));
            findings.push(Finding::warning("OpeningMustBeWideEnough", feature.id, message));
            continue;
        }
        let sides = sides(from, to, level, spaces);
        match sides {
            [None, None] => {
                let message = "opening.geojson: no unit is beside it; it is left out".to_owned();
                findings.push(Finding::error("OpeningMustLieOnUnitEdge", feature.id, message));
                continue;
            }
            [Some(a), Some(b)] if a == b => {
                let message =
                    "opening.geojson: the same unit is on both sides of it; it is left out".to_owned();
                findings.push(Finding::warning("OpeningMustJoinTwoUnits", feature.id, message));
                continue;
            }
            _ => {}
        }
        openings.push(Opening {
            id: feature.id,
            category: feature.category(),
            name: feature.labels("name"),
            level,
            from,
            to,
            sides,
            door: door(feature),
            passage: passage(feature, sides, spaces),
            direction: TravelDirection::Both,
            twin_of: None,
            hours: None,
            closure: None,
        });
    }
    openings
}

/// The line of an opening from its first to its last point. Its bends are ignored.
fn straight(lines: &[Vec<Point>]) -> Option<(Point, Point)> {
    let longest = lines.iter().max_by(|a, b| {
        let length = |l: &[Point]| l[0].distance(l[l.len() - 1]);
        length(a).total_cmp(&length(b))
    })?;
    Some((longest[0], longest[longest.len() - 1]))
}

fn sides(from: Point, to: Point, level: LevelIndex, spaces: &Spaces) -> [Option<UnitIndex>; 2] {
    let (width, middle) = (from.distance(to), from.toward(to, 0.5));
    let left = ((from.y - to.y) / width, (to.x - from.x) / width);
    let probe = |sign: f64| {
        PROBES.iter().find_map(|d| spaces.unit_at(level, middle.moved(left.0 * d * sign, left.1 * d * sign)))
    };
    [probe(1.0), probe(-1.0)]
}

fn door(feature: &Feature) -> Door {
    let Some(door) = feature.object("door") else { return Door::Free };
    let automatic = door.get("automatic").and_then(serde_json::Value::as_bool) == Some(true);
    match door.get("type").and_then(serde_json::Value::as_str).unwrap_or("") {
        "revolving" => Door::Revolving,
        "turnstile" | "turnstile.fullheight" | "turnstile.waistheight" => Door::Turnstile,
        _ if automatic => Door::Free,
        "swinging" | "sliding" | "movablepartition" | "door" => Door::Pushed,
        _ => Door::Free,
    }
}

fn passage(feature: &Feature, sides: [Option<UnitIndex>; 2], spaces: &Spaces) -> Passage {
    let controls = feature.texts("access_control");
    if controls.iter().any(|c| c != "guard") {
        return Passage::Service;
    }
    let for_cars = || {
        let road = |u: &UnitIndex| matches!(spaces.unit(*u).category.as_str(), "road" | "parking");
        sides.iter().flatten().any(road) || sides.iter().any(Option::is_none)
    };
    match feature.category().as_str() {
        "emergencyexit" => Passage::Emergency,
        "service" => Passage::Service,
        // Some programs mark every door as a door for cars. Between two rooms it is not one.
        "automobile" if for_cars() => Passage::Service,
        _ => Passage::Public,
    }
}

/// Applies the door entries of `venue.toml`: hours and travel directions.
pub(super) fn apply_overlay(
    openings: &mut [Opening],
    overlay: &Overlay,
    features: &Features,
    spaces: &Spaces,
    findings: &mut Vec<Finding>,
) {
    for entry in &overlay.doors {
        let id = entry.opening;
        let mut fault = |rule, message: &str| {
            let message = format!("venue.toml line {}: [[door]] {message}", entry.line);
            findings.push(Finding::error(rule, id, message));
        };
        if entry.hours.is_none() && entry.one_way_to.is_none() {
            fault("OverlayEntryMustBeReadable", "gives neither hours nor one_way_to");
        }
        let hours = entry.hours.as_ref().and_then(|text| {
            let fail = |cause| {
                fault("OverlayHoursMustBeValid", &format!("{cause}; the door counts as always open"));
            };
            Hours::parse(text).map_err(fail).ok()
        });
        let Some(opening) = openings.iter_mut().find(|o| o.id == id) else {
            if features.kind_of(&id) == Some("opening") {
                fault("OverlayFeatureMustExist", "names an opening that joins nothing");
            }
            continue;
        };
        opening.hours = hours.or(opening.hours.take());
        if let Some(side) = entry.one_way_to {
            let side = match side {
                Side::Named(NamedSide::Outside) => Some(None),
                Side::Unit(id) => spaces.unit_index.get(&id).map(|u| Some(*u)),
            };
            match side.map(|s| opening.sides.map(|own| own == s)) {
                Some([true, false]) => opening.direction = TravelDirection::Forward,
                Some([false, true]) => opening.direction = TravelDirection::Backward,
                _ => fault("OverlayDoorMustHaveSide", "leads to no side of it; it is used both ways"),
            }
        }
    }
}

/// The greatest distance between the ends of two openings that count as one door, in metres. The openings
/// may be on the two faces of a wall, or drawn twice.
const TWIN_M: f64 = 0.3;
/// The greatest number of drawings of one door.
const MOST_TWINS: usize = 50;

/// Finds doors that are drawn twice. The wider drawing stands for both and gets the stricter properties of
/// the two.
pub(super) fn pair_twins(openings: &mut [Opening], findings: &mut Vec<Finding>) {
    let key = |o: &Opening| (o.level, o.sides.iter().flatten().min().copied());
    let mut order: Vec<usize> = (0..openings.len()).collect();
    order.sort_by(|a, b| {
        let (one, other) = (&openings[*a], &openings[*b]);
        let along = one.middle().x.total_cmp(&other.middle().x);
        key(one).cmp(&key(other)).then(along).then(a.cmp(b))
    });
    for (n, &second) in order.iter().enumerate() {
        let later = &openings[second];
        let is_near = |i: &&usize| {
            key(&openings[**i]) == key(later) && later.middle().x - openings[**i].middle().x <= TWIN_M
        };
        let mut before = order[..n].iter().rev().take_while(is_near).take(MOST_TWINS);
        let Some(&first) = before.find(|i| are_twins(&openings[**i], later)) else { continue };
        let rank = |i: usize| (openings[i].width(), std::cmp::Reverse(i));
        let (wide, narrow) = if rank(second) > rank(first) { (second, first) } else { (first, second) };
        join(openings, wide, narrow);
        let message = format!(
            "opening.geojson: it lies over opening {} between the same units; both count as one door",
            openings[wide].id
        );
        findings.push(Finding::warning("OpeningMustBeDrawnOnce", openings[narrow].id, message));
    }
    // The twin of an opening may itself have a wider twin; the widest one stands for all.
    for index in 0..openings.len() {
        while let Some(above) = openings[index].twin_of.and_then(|wide| openings[wide].twin_of) {
            openings[index].twin_of = Some(above);
        }
    }
}

fn are_twins(a: &Opening, b: &Opening) -> bool {
    let near = |a: Point, b: Point| a.distance(b) < TWIN_M;
    let [left, right] = b.sides;
    let along = a.sides == [left, right] && near(a.from, b.from) && near(a.to, b.to);
    let against = a.sides == [right, left] && near(a.from, b.to) && near(a.to, b.from);
    a.twin_of.is_none() && a.passage == b.passage && (along || against)
}

fn join(openings: &mut [Opening], wide: usize, narrow: usize) {
    openings[narrow].twin_of = Some(wide);
    let turned = openings[wide].sides != openings[narrow].sides;
    let direction = match openings[narrow].direction {
        TravelDirection::Forward if turned => TravelDirection::Backward,
        TravelDirection::Backward if turned => TravelDirection::Forward,
        direction => direction,
    };
    if openings[wide].direction == TravelDirection::Both {
        openings[wide].direction = direction;
    }
    let door = openings[wide].door.max(openings[narrow].door);
    (openings[wide].door, openings[narrow].door) = (door, door);
}
