//! From the files of a map to a [`Venue`]. No other module of this crate reads maps from the disk.
//!
//! [`load`] reads an IMDF folder or zip and its `venue.toml` into an [`Archive`]; [`parse`] makes the venue
//! from those bytes and is a pure function. Reading is lenient, the result is strict: a feature that cannot
//! be understood becomes a finding and is left out. Nothing in a map can make this module panic.

mod archive;
mod borders;
mod closures;
mod construction;
mod doors;
mod error;
mod feature;
mod fonts;
mod kiosks;
mod manifest;
mod moving_walkways;
mod overlay;
mod packed;
mod places;
mod shafts;
mod shape;
mod spaces;
mod touching_floors;
mod traversals;

use std::path::Path;

use domain::language::{Labels, Language};

use crate::geometry::Frame;
use crate::venue::{Finding, Hours, Loaded, Venue};

pub use archive::Archive;
pub use fonts::{Fonts, FontsError};
pub use packed::ZipError;

pub use archive::TYPES;
pub use borders::{contacts, crossing};
pub use error::LoadError;
pub use feature::{Feature, Features, position};
pub use shape::{Bounds, OutlineError, area_of, clean};

use overlay::Overlay;

/// Reads an IMDF folder or zip, with `venue.toml` in it or beside it.
///
/// # Errors
/// When there is nothing to draw (no folder, no level, no unit) or too much to read. Every lesser fault is
/// a finding.
pub fn load(map: &Path) -> Result<Loaded, LoadError> {
    parse(&Archive::read(map)?)
}

/// Makes a venue from the bytes of a map.
///
/// # Errors
/// When there is nothing to draw: no level, no unit. Every lesser fault is a finding.
pub fn parse(archive: &Archive) -> Result<Loaded, LoadError> {
    archive.weigh()?;
    let mut findings = Vec::new();
    for name in &archive.strange {
        let message = format!("{name} is no file of IMDF; it is not read");
        findings.push(Finding::warning("FileMustBeKnown", None, message));
    }
    let overlay = Overlay::parse(archive.get("venue.toml"), &mut findings);
    let manifest = manifest::language_tag(archive, &mut findings);
    let features = Features::parse(archive, &manifest, &mut findings);
    let frame = frame_of(&features)?;

    let mut spaces = spaces::read(&features, &frame, &mut findings)?;
    let mut openings = doors::read(&features, &frame, &spaces, &mut findings);
    let mut shafts = shafts::read(&features, &mut spaces, &overlay, &mut findings);
    traversals::apply(&features, &spaces, &mut openings, &mut findings);
    if overlay.touching == overlay::TouchingFloors::Open {
        openings.extend(touching_floors::read(&spaces, &openings));
    }
    doors::apply_overlay(&mut openings, &overlay, &features, &spaces, &mut findings);
    doors::pair_twins(&mut openings, &mut findings);
    closures::apply(&overlay, &features, &mut spaces, &mut openings, &mut shafts, &mut findings);
    construction::close(&features, &frame, &mut spaces, &mut shafts, &mut findings);
    let mut places = places::read(&features, &frame, &spaces, &openings, &overlay, &mut findings);
    let kiosks = kiosks::kiosks(&overlay, &frame, &spaces, &mut findings);
    let parking = kiosks::parking_zones(&overlay, &spaces, &mut findings);
    for zone in kiosks::parking_places(&parking, &spaces) {
        if places.iter().all(|known| known.id != zone.id) {
            places.push(zone);
        }
    }
    spaces::check_inside_levels(&spaces, &mut findings);
    kiosks::check_references(&overlay, &features, &mut findings);

    let (name, hours) = venue_properties(&features, &mut findings);
    let country = country(&features);
    findings.sort_by_key(|f| f.severity);
    let venue = Venue {
        name,
        time_zone: overlay.time_zone,
        hours,
        country,
        credit: overlay.credit,
        default_language: overlay
            .default_language
            .or_else(|| Language::for_reader_of(&manifest, &Language::ALL))
            .unwrap_or(Language::En),
        frame,
        place_index: places.iter().enumerate().map(|(i, p)| (p.id, i)).collect(),
        unit_index: spaces.unit_index,
        levels: spaces.levels,
        units: spaces.units,
        obstacles: spaces.obstacles,
        sections: spaces.sections,
        details: spaces.details,
        openings,
        shafts,
        places,
        kiosks,
        parking,
        speeds: overlay.speeds,
        digest: archive.digest(),
    };
    Ok(Loaded { venue, findings })
}

fn frame_of(features: &Features) -> Result<Frame, LoadError> {
    let anchor = features.of("venue").iter().find_map(|v| v.degrees("display_point")).or_else(|| {
        features.of("venue").iter().chain(features.of("level")).find_map(Feature::first_position)
    });
    match anchor {
        Some((longitude, latitude)) => Ok(Frame::at(longitude, latitude)),
        None => Err(LoadError::Nothing {
            file: "level.geojson",
            what: "position",
            reason: "neither the venue nor a level has a geometry".to_owned(),
        }),
    }
}

/// The country in the venue's address: ISO 3166-1 alpha-2.
fn country(features: &Features) -> Option<String> {
    let id = features.of("venue").first()?.reference("address_id")?;
    let address = features.of("address").iter().find(|address| address.id == id)?;
    let country = address.text("country")?.trim().to_ascii_uppercase();
    (country.len() == 2 && country.bytes().all(|c| c.is_ascii_uppercase())).then_some(country)
}

fn venue_properties(features: &Features, findings: &mut Vec<Finding>) -> (Labels, Option<Hours>) {
    let found = features.of("venue");
    if found.len() != 1 {
        findings.push(Finding::error(
            "VenueMustBeOne",
            None,
            format!("venue.geojson has {} venues; one was expected, and the first is used", found.len()),
        ));
    }
    let hours = found.first().and_then(|v| v.hours(findings));
    let name = found
        .iter()
        .chain(features.of("building"))
        .map(|f| f.labels("name"))
        .find(|n| !n.is_empty())
        .unwrap_or_else(|| crate::words::labels_of("venue.unnamed"));
    (name, hours)
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
