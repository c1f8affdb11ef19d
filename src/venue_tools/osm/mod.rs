//! Conversion from OpenStreetMap's Simple Indoor Tagging to IMDF and a `venue.toml`.
//!
//! [`convert`] takes the output of an editor or an extract (`.geojson`, or `.osm` in XML) and makes the
//! files of a map. The output is deterministic: every id is derived from an OpenStreetMap id. Where
//! OpenStreetMap lacks data that a router needs (the side of a shop's door, the width of a footway, the
//! level of a lift's stop), the conversion guesses, and each guess is a finding.
//!
//! Absent on purpose: streets, and everything else that is not inside or on a level of the building. The
//! result is OpenStreetMap data. Its licence requires a credit line, which the files contain.

mod conversion;
mod doors;
mod element;
mod floors;
mod ground;
mod levels;
mod moving_walkways;
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

use wayfinding::load::Archive;

use sketch::Sketch;

pub use conversion::{CREDIT, Converted, Options, OsmError, Touching};

/// Makes a map from an extract of OpenStreetMap.
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
