//! From OpenStreetMap's Simple Indoor Tagging to IMDF and a `venue.toml`.
//!
//! [`convert`] takes what an editor or an extract gives (`.geojson`, or `.osm` in XML) and makes the files
//! of a map, the same bytes each time: every id is made of an OpenStreetMap id. Where OpenStreetMap leaves
//! something open that a router has to know (which side a shop's door is on, how wide a footway is, on which
//! level a lift stops), it is guessed, and each guess is a finding.
//!
//! Absent on purpose: streets, and everything else that is not inside or on a level of the building.
//! The result is data of OpenStreetMap, and its licence asks for a credit line, which the files carry.

mod belts;
mod doors;
mod element;
mod floors;
mod ground;
mod levels;
mod occupants;
mod overlay;
mod places;
mod rooms;
mod shafts;
mod sketch;
mod tags;
mod verticals;
mod write;
mod xml;

use chrono_tz::Tz;

use wayfinding::load::{Archive, LoadError};
use wayfinding::venue::Finding;

use sketch::Sketch;

/// The line that OpenStreetMap's licence, ODbL 1.0, asks for wherever its data are shown.
pub const CREDIT: &str = "© OpenStreetMap contributors, ODbL 1.0";

/// What OpenStreetMap does not say about a building.
#[derive(Clone, Debug)]
pub struct Options {
    /// The language of its `name` tags, as a BCP 47 tag.
    pub language: Option<String>,
    /// The time zone of its clocks.
    pub time_zone: Option<Tz>,
    /// Whether people may walk from one floor area to the next where the two touch.
    pub touching: Touching,
}

/// Whether floor areas that touch are one floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touching {
    /// They are: OpenStreetMap draws no doors between them.
    Open,
    /// Only a door joins them.
    Closed,
}

/// The files of a map, and what was guessed.
#[derive(Debug)]
pub struct Converted {
    /// Name and content of each file: `manifest.json`, `<type>.geojson`, `venue.toml`.
    pub files: Vec<(String, Vec<u8>)>,
    /// What was guessed or left out.
    pub findings: Vec<Finding>,
}

/// Why nothing could be made of a file.
#[derive(Debug, thiserror::Error)]
pub enum OsmError {
    /// It is neither GeoJSON nor OpenStreetMap XML.
    #[error("it is neither GeoJSON nor OpenStreetMap XML: {0}")]
    Unreadable(String),
    /// It is far larger than any building.
    #[error(transparent)]
    TooLarge(LoadError),
    /// It holds nothing that lies inside a building.
    #[error(
        "it has no room and no corridor with a level; \
         an extract with indoor=room, indoor=corridor and level=* is needed"
    )]
    NothingIndoors,
}

/// Makes a map of an extract of OpenStreetMap.
///
/// # Errors
/// When the bytes are no such extract, or hold nothing that lies inside a building.
pub fn convert(bytes: &[u8], options: &Options) -> Result<Converted, OsmError> {
    Archive::new([("extract.geojson", bytes)]).weigh().map_err(OsmError::TooLarge)?;
    let is_xml =
        bytes.iter().find(|b| !b.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(*b)) == Some(&b'<');
    let elements = if is_xml { xml::read(bytes)? } else { element::read_geojson(bytes)? };
    let mut sketch = Sketch::new(elements, options)?;
    rooms::draw(&mut sketch);
    let lines = floors::draft(&mut sketch);
    let lines = verticals::draw(&mut sketch, lines);
    floors::draw(&mut sketch, &lines);
    doors::draw(&mut sketch, &lines);
    places::draw(&mut sketch);
    if !sketch.units.iter().any(|u| u.is_floor()) {
        return Err(OsmError::NothingIndoors);
    }
    let kiosks = overlay::kiosks(&mut sketch);
    let mut files = write::files(&sketch);
    files.push(("venue.toml".to_owned(), overlay::text(&sketch, &kiosks).into_bytes()));
    sketch.findings.sort_by_key(|f| f.rule);
    Ok(Converted { files, findings: sketch.findings })
}

#[cfg(test)]
mod tests;
