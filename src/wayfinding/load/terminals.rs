//! What `venue.toml` puts on the map: kiosks, closures, parking zones; and whether it refers to anything.

use chrono::{DateTime, FixedOffset};
use geo::InteriorPoint;

use super::feature::Features;
use super::overlay::{ClosureEntry, Overlay};
use super::spaces::Spaces;
use crate::geometry::{Frame, Point};
use crate::venue::{
    Closure, FeatureId, Finding, KioskSpot, LevelIndex, Opening, ParkingZone, Shaft, UnitIndex,
};

pub(super) fn kiosks(
    overlay: &Overlay,
    frame: &Frame,
    spaces: &Spaces,
    findings: &mut Vec<Finding>,
) -> Vec<KioskSpot> {
    let mut kiosks: Vec<KioskSpot> = Vec::new();
    for entry in &overlay.kiosks {
        let mut fault = |rule, message: String| findings.push(Finding::error(rule, None, message));
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
            let message = format!("venue.toml: parking zone {} names no section of the map", entry.code);
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

/// Puts each closure on the unit, opening or shaft that it names.
pub(super) fn apply_closures(
    overlay: &Overlay,
    features: &Features,
    spaces: &mut Spaces,
    openings: &mut [Opening],
    shafts: &mut [Shaft],
    findings: &mut Vec<Finding>,
) {
    for entry in &overlay.closures {
        let closure = closure(entry, findings);
        let id = entry.feature;
        let amenity = features.of("amenity").iter().find(|a| a.id == id);
        let named = amenity.map(|a| a.references("unit_ids")).unwrap_or_else(|| vec![id]);
        for id in named {
            let unit = spaces.unit_index.get(&id).copied();
            if let Some(unit) = unit {
                close_unit(unit, &closure, spaces, shafts);
            } else if let Some(opening) = openings.iter_mut().find(|o| o.id == id) {
                opening.closure = Some(closure.clone());
            } else if !matches!(features.kind_of(&id), Some("occupant")) {
                let message =
                    "venue.toml: [[closure]] names no unit, opening, amenity or occupant of the map";
                findings.push(Finding::error("OverlayFeatureMustExist", id, message.to_owned()));
            }
        }
    }
}

fn close_unit(unit: UnitIndex, closure: &Closure, spaces: &mut Spaces, shafts: &mut [Shaft]) {
    spaces.units[unit.0].closure = Some(closure.clone());
    for shaft in shafts.iter_mut().filter(|s| s.stops.iter().any(|s| s.unit == unit)) {
        shaft.closure = Some(closure.clone());
    }
}

/// A closure entry. A time that cannot be read leaves it open-ended: a visitor who is sent around loses
/// a minute, one who is sent into building works loses more.
pub(super) fn closure(entry: &ClosureEntry, findings: &mut Vec<Finding>) -> Closure {
    let mut moment = |key: &str, text: &Option<String>| -> Option<DateTime<FixedOffset>> {
        let text = text.as_deref()?;
        DateTime::parse_from_rfc3339(text)
            .map_err(|cause| {
                let message = format!(
                    "venue.toml: [[closure]] {key} = {text:?} is no RFC 3339 time ({cause}); it is taken as open-ended"
                );
                findings.push(Finding::error("OverlayTimeMustBeValid", entry.feature, message));
            })
            .ok()
    };
    let (from, until) = (moment("from", &entry.from), moment("until", &entry.until));
    Closure { from, until, reason: entry.reason.clone() }
}

/// Every feature that `venue.toml` names has to be in the map.
pub(super) fn check_references(overlay: &Overlay, features: &Features, findings: &mut Vec<Finding>) {
    let named = |what: &'static str, ids: Vec<FeatureId>| ids.into_iter().map(move |id| (what, id));
    let all = named("escalator", overlay.escalators.iter().map(|e| e.unit).collect())
        .chain(named("lift", overlay.lifts.iter().flat_map(|l| l.units.clone()).collect()))
        .chain(named("door", overlay.doors.iter().map(|d| d.opening).collect()));
    for (what, id) in all {
        if features.kind_of(&id).is_none() {
            let message = format!("venue.toml: [[{what}]] names a feature that is not in the map");
            findings.push(Finding::error("OverlayFeatureMustExist", id, message));
        }
    }
}
