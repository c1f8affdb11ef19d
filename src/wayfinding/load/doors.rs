//! Openings: which two units each of them joins, who may pass, and when.
//!
//! IMDF does not say which units an opening joins. The units are found a few centimetres to either side
//! of its middle; farther out when the map draws walls with a thickness.

use super::feature::{Feature, Features};
use super::overlay::Overlay;
use super::shape;
use super::spaces::Spaces;
use crate::geometry::{Frame, Point};
use crate::venue::{Door, Finding, Hours, LevelIndex, Opening, Passage, UnitIndex};

/// How far from the line a unit is looked for, in metres. The last one is a thick wall.
const PROBES: [f64; 5] = [0.05, 0.10, 0.20, 0.40, 0.80];
/// Narrower than this, nobody passes.
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
            hours: None,
            closure: None,
        });
    }
    openings
}

/// The line of an opening from its first to its last point. Bends in a door mean nothing.
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
        // Some writers mark every door as one for cars. Between two rooms it is not.
        "automobile" if for_cars() => Passage::Service,
        _ => Passage::Public,
    }
}

/// The hours that `venue.toml` gives to doors.
pub(super) fn apply_overlay(
    openings: &mut [Opening],
    overlay: &Overlay,
    features: &Features,
    findings: &mut Vec<Finding>,
) {
    for entry in &overlay.doors {
        let hours = Hours::parse(&entry.hours).map_err(|cause| {
            let message =
                format!("venue.toml line {}: [[door]] {cause}; the door counts as always open", entry.line);
            findings.push(Finding::error("OverlayHoursMustBeValid", entry.opening, message));
        });
        match (openings.iter_mut().find(|o| o.id == entry.opening), hours) {
            (Some(opening), Ok(hours)) => opening.hours = Some(hours),
            (None, Ok(_)) if features.kind_of(&entry.opening) == Some("opening") => {
                let message =
                    format!("venue.toml line {}: [[door]] names an opening that joins nothing", entry.line);
                findings.push(Finding::error("OverlayFeatureMustExist", entry.opening, message));
            }
            _ => {}
        }
    }
}
