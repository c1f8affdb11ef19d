//! The closures of `venue.toml`, applied to units, openings, shafts and places.

use chrono::{DateTime, FixedOffset};

use super::feature::Features;
use super::overlay::{At, ClosureEntry, Overlay};
use super::spaces::Spaces;
use crate::venue::{Closure, Finding, Opening, Shaft, UnitIndex};

/// Applies each closure to the unit, opening or amenity that it names, and to the shafts of its units.
/// `places` handles occupants.
pub(super) fn apply(
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
                let message = format!(
                    "venue.toml line {}: [[closure]] names no unit, opening, amenity or occupant of the map",
                    entry.line
                );
                findings.push(Finding::error("OverlayFeatureMustExist", id, message));
            }
        }
    }
}

pub(super) fn close_unit(unit: UnitIndex, closure: &Closure, spaces: &mut Spaces, shafts: &mut [Shaft]) {
    spaces.units[unit.0].closure = Some(closure.clone());
    for shaft in shafts.iter_mut().filter(|s| s.stops.iter().any(|s| s.unit == unit)) {
        shaft.closure = Some(closure.clone());
    }
}

/// A closure entry. A time that cannot be read leaves that end open: a detour costs a visitor a minute, a
/// route into building works costs more.
pub(super) fn closure(entry: &At<ClosureEntry>, findings: &mut Vec<Finding>) -> Closure {
    let mut moment = |key: &str, text: &Option<String>| -> Option<DateTime<FixedOffset>> {
        let text = text.as_deref()?;
        DateTime::parse_from_rfc3339(text)
            .map_err(|cause| {
                let message = format!(
                    "venue.toml line {}: [[closure]] {key} = {text:?} is no RFC 3339 time ({cause}); it is taken as open-ended", entry.line
                );
                findings.push(Finding::error("OverlayTimeMustBeValid", entry.feature, message));
            })
            .ok()
    };
    let (from, until) = (moment("from", &entry.from), moment("until", &entry.until));
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        let message =
            format!("venue.toml line {}: [[closure]] ends before it begins; it never holds", entry.line);
        findings.push(Finding::error("OverlayTimeMustBeValid", entry.feature, message));
    }
    Closure { from, until, reason: entry.reason.clone() }
}
