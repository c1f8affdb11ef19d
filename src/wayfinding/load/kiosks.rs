//! Kiosks and parking zones of `venue.toml`, and the check of its references.
//!
//! An entry that cannot be placed on the map is an error and is left out.

use geo::{InteriorPoint, Intersects};

use super::feature::Features;
use super::overlay::Overlay;
use super::places::implied;
use super::spaces::Spaces;
use crate::geometry::{Frame, Point};
use crate::venue::{Finding, KioskSpot, LevelIndex, Obstacle, ParkingZone, Place};

/// A kiosk farther than this from the middle of the venue belongs to another venue, in metres.
const FARTHEST_M: f64 = 20_000.0;

pub(super) fn kiosks(
    overlay: &Overlay,
    frame: &Frame,
    spaces: &Spaces,
    findings: &mut Vec<Finding>,
) -> Vec<KioskSpot> {
    let mut kiosks: Vec<KioskSpot> = Vec::new();
    for entry in &overlay.kiosks {
        let line = entry.line;
        let mut fault = |rule, message: String| {
            findings.push(Finding::error(rule, entry.feature, format!("venue.toml line {line}: {message}")));
        };
        let code = &entry.code;
        let Some(level) = spaces.levels.iter().position(|l| l.ordinal == entry.ordinal).map(LevelIndex)
        else {
            let message =
                format!("kiosk {code} is on ordinal {}, which the map does not have", entry.ordinal);
            fault("KioskMustBeOnLevel", message);
            continue;
        };
        if kiosks.iter().any(|k| k.code == *code) {
            fault("KioskCodeMustBeUnique", format!("kiosk {code} comes twice; the first one is used"));
            continue;
        }
        if !entry.heading.is_finite() {
            fault("KioskMustHaveHeading", format!("kiosk {code} has no heading; it is left out"));
            continue;
        }
        let position = frame.to_metres(entry.position[0], entry.position[1]);
        let [longitude, latitude] = entry.position;
        if !(longitude.abs() <= 180.0 && latitude.abs() <= 85.0 && position.x.hypot(position.y) < FARTHEST_M)
        {
            fault("KioskMustBeOnLevel", format!("kiosk {code} is not near the venue; it is left out"));
            continue;
        }
        let stands_in = |o: &&Obstacle| {
            o.level == level && Some(o.id) != entry.feature && o.shape.intersects(&geo::Point::from(position))
        };
        if let Some(obstacle) = spaces.obstacles.iter().find(stands_in) {
            let message =
                format!("kiosk {code}: its visitor stands inside of {} {}", obstacle.category, obstacle.id);
            fault("KioskMustStandOnFloor", message);
        }
        let floor = spaces.unit_at(level, position).map(|u| spaces.unit(u));
        match floor {
            Some(unit) if unit.kind.is_walkable() => {}
            Some(unit) => fault(
                "KioskMustStandOnFloor",
                format!("kiosk {code} stands in a unit of category {}; visitors cannot", unit.category),
            ),
            None => fault("KioskMustStandOnFloor", format!("kiosk {code} stands in no unit of its level")),
        }
        kiosks.push(KioskSpot {
            code: code.clone(),
            feature: entry.feature,
            name: entry.name.clone(),
            level,
            position,
            heading_deg: entry.heading.rem_euclid(360.0),
            screen_bottom_mm: entry.screen_bottom_mm,
        });
    }
    kiosks
}

pub(super) fn parking_zones(
    overlay: &Overlay,
    spaces: &Spaces,
    findings: &mut Vec<Finding>,
) -> Vec<ParkingZone> {
    let mut zones = Vec::new();
    for entry in &overlay.parking_zones {
        let Some(section) = spaces.sections.iter().find(|s| s.id == entry.section) else {
            let message = format!(
                "venue.toml line {}: parking zone {} names no section of the map",
                entry.line, entry.code
            );
            findings.push(Finding::error("OverlayFeatureMustExist", entry.section, message));
            continue;
        };
        let center =
            section.shape.interior_point().map_or(Point::new(0.0, 0.0), |p| Point::new(p.x(), p.y()));
        let name = if entry.name.is_empty() { section.name.clone() } else { entry.name.clone() };
        let (section, level) = (section.id, section.level);
        zones.push(ParkingZone {
            section,
            code: entry.code.clone(),
            name,
            colour: entry.colour.clone(),
            colour_name: entry.colour_name.clone(),
            bays: entry.bays,
            level,
            center,
        });
    }
    zones
}

/// A place for each parking zone, so that a visitor finds the way back to it.
pub(super) fn parking_places(zones: &[ParkingZone], spaces: &Spaces) -> Vec<Place> {
    let place = |zone: &ParkingZone| {
        let unit = spaces.unit_at(zone.level, zone.center)?;
        let mut place = implied(zone.section, "parking", zone.name.clone(), spaces, unit, zone.center);
        place.closure = spaces.unit(unit).closure.clone();
        Some(place)
    };
    zones.iter().filter_map(place).collect()
}

/// Reports every feature that `venue.toml` names and the map does not have.
pub(super) fn check_references(overlay: &Overlay, features: &Features, findings: &mut Vec<Finding>) {
    let escalators = overlay.escalators.iter().map(|e| ("escalator", e.line, e.unit));
    let lifts = overlay.lifts.iter().flat_map(|l| l.units.iter().map(|u| ("lift", l.line, *u)));
    let doors = overlay.doors.iter().map(|d| ("door", d.line, d.opening));
    let kiosks = overlay.kiosks.iter().filter_map(|k| Some(("kiosk", k.line, k.feature?)));
    let belts = overlay.moving_walkways.iter().map(|b| ("moving_walkway", b.line, b.unit));
    let ramps = overlay.ramps.iter().flat_map(|r| r.units.iter().map(|u| ("ramp", r.line, *u)));
    let shafts = escalators.chain(lifts).chain(belts).chain(ramps);
    for (what, line, id) in shafts.chain(doors).chain(kiosks) {
        if features.kind_of(&id).is_none() {
            let message =
                format!("venue.toml line {line}: [[{what}]] names a feature that is not in the map");
            findings.push(Finding::error("OverlayFeatureMustExist", id, message));
        }
    }
}
