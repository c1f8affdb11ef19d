//! From the files of a map to a [`Venue`]: the only module of this crate that reads maps from the disk.
//!
//! [`load`] reads an IMDF folder or zip and its `venue.toml` into an [`Archive`]; [`parse`] makes the venue out
//! of those bytes and is a pure function. Reading is lenient, the result is strict: a feature that cannot
//! be understood becomes a finding and is left out, and nothing in a map can make this module panic.

mod archive;
mod belts;
mod borders;
mod doors;
mod feature;
mod fonts;
mod overlay;
mod packed;
mod places;
mod shafts;
mod shape;
mod spaces;
mod standard;
mod terminals;
mod topology;
mod touching;
mod traversals;
mod works;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use domain::language::{Labels, Language};

use crate::geometry::Frame;
use crate::venue::{Finding, Hours, Loaded, Venue};

pub use archive::Archive;
pub use fonts::{Fonts, FontsError};
pub use packed::ZipError;

pub(crate) use borders::{contacts, crossing};
pub(crate) use feature::position;
pub(crate) use shape::{Bounds, clean};

use feature::{Feature, Features};
use overlay::Overlay;

/// Why a map could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is nothing of that name.
    #[error("{} cannot be read; name the folder that holds manifest.json, or a zip of it", .folder.display())]
    Folder {
        /// The folder that was named.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file could not be read.
    #[error("{} cannot be read", .file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A zip cannot be unpacked.
    #[error("{} cannot be unpacked", .file.display())]
    Zip {
        /// The zip.
        file: PathBuf,
        /// Why not.
        #[source]
        cause: ZipError,
    },
    /// The files together hold far more than those of any mall.
    #[error("the map has {found} {what}; no mall needs more than {limit}")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        found: u64,
        /// The most that is accepted.
        limit: u64,
    },
    /// A file is far larger than that of any mall.
    #[error("{} has {size} bytes; no map of a mall needs more than {limit} in one file", .file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Its size.
        size: u64,
        /// The most that is accepted.
        limit: u64,
    },
    /// A file without which there is nothing to draw is missing or holds nothing usable.
    #[error("{file} holds no usable {what}: {reason}")]
    Nothing {
        /// The file.
        file: &'static str,
        /// What was looked for in it.
        what: &'static str,
        /// Why nothing was found.
        reason: String,
    },
}

/// Reads an IMDF folder or zip, with `venue.toml` in it or beside it.
///
/// # Errors
/// When there is nothing to draw (no folder, no level, no unit) or too much to read. Everything less is a finding.
pub fn load(map: &Path) -> Result<Loaded, LoadError> {
    parse(&Archive::read(map)?)
}

/// Makes a venue out of the bytes of a map.
///
/// # Errors
/// When there is nothing to draw: no level, no unit. Everything less is a finding.
pub fn parse(archive: &Archive) -> Result<Loaded, LoadError> {
    archive.weigh()?;
    let mut findings = Vec::new();
    for name in &archive.strange {
        let message = format!("{name} is no file of IMDF; it is not read");
        findings.push(Finding::warning("FileMustBeKnown", None, message));
    }
    let overlay = Overlay::parse(archive.get("venue.toml"), &mut findings);
    let manifest = manifest_language(archive, &mut findings);
    let features = Features::parse(archive, &manifest, &mut findings);
    let frame = frame_of(&features)?;

    let mut spaces = spaces::read(&features, &frame, &mut findings)?;
    let mut openings = doors::read(&features, &frame, &spaces, &mut findings);
    let mut shafts = shafts::read(&features, &mut spaces, &overlay, &mut findings);
    traversals::apply(&features, &spaces, &mut openings, &mut findings);
    if overlay.touching == overlay::Touching::Open {
        openings.extend(touching::read(&spaces, &openings));
    }
    doors::apply_overlay(&mut openings, &overlay, &features, &spaces, &mut findings);
    doors::pair_twins(&mut openings, &mut findings);
    terminals::apply_closures(&overlay, &features, &mut spaces, &mut openings, &mut shafts, &mut findings);
    works::close(&features, &frame, &mut spaces, &mut shafts, &mut findings);
    let places = places::read(&features, &frame, &spaces, &openings, &overlay, &mut findings);
    let kiosks = terminals::kiosks(&overlay, &frame, &spaces, &mut findings);
    let parking = terminals::parking_zones(&overlay, &spaces, &mut findings);
    standard::check(&features, &manifest, &mut findings);
    topology::check(&features, &frame, &spaces, &openings, &mut findings);
    terminals::check_references(&overlay, &features, &mut findings);

    let (name, hours) = venue_properties(&features, &mut findings);
    findings.sort_by_key(|f| f.severity);
    let venue = Venue {
        name,
        time_zone: overlay.time_zone,
        hours,
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

/// The language of the map's own texts. A manifest that cannot be read costs a finding, not the map.
fn manifest_language(archive: &Archive, findings: &mut Vec<Finding>) -> String {
    let mut fault = |rule, message: String| findings.push(Finding::error(rule, None, message));
    let Some(bytes) = archive.get("manifest.json") else {
        fault(
            "ManifestFileMustBePresent",
            "manifest.json is missing; English is taken as the language of the map".to_owned(),
        );
        return "en".to_owned();
    };
    let manifest: serde_json::Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(cause) => {
            fault(
                "ManifestFileMustBeReadable",
                format!("manifest.json is not JSON ({cause}); English is taken as the language of the map"),
            );
            return "en".to_owned();
        }
    };
    let version = manifest.get("version").and_then(|v| v.as_str()).unwrap_or("");
    if version != "1.0.0" {
        findings.push(Finding::warning(
            "ManifestVersionMustBeValid",
            None,
            format!("manifest.json says version {version:?}; it is read as if it were 1.0.0"),
        ));
    }
    standard::check_created(manifest.get("created").and_then(|v| v.as_str()), findings);
    match manifest.get("language").and_then(|v| v.as_str()).filter(|l| !l.is_empty()) {
        Some(language) => language.to_owned(),
        None => {
            let message = "manifest.json names no language; English is taken as the language of the map";
            findings.push(Finding::warning("ManifestLanguageMustBeValid", None, message.to_owned()));
            "en".to_owned()
        }
    }
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
        .unwrap_or_else(|| crate::instructions::labels_of("venue.unnamed"));
    (name, hours)
}

/// Positions of features by their id, for look-ups while a map is read.
type ById = HashMap<crate::venue::FeatureId, usize>;

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
