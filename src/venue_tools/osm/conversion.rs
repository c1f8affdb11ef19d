//! The options and the result of a conversion.

use chrono_tz::Tz;
use wayfinding::load::LoadError;
use wayfinding::venue::Finding;

/// The credit line that OpenStreetMap's licence, ODbL 1.0, requires wherever its data is shown.
pub const CREDIT: &str = "© OpenStreetMap contributors, ODbL 1.0";

/// The data of a building that OpenStreetMap lacks.
#[derive(Clone, Debug)]
pub struct Options {
    /// The language of the plain `name` tags, as a BCP 47 tag.
    pub language: Option<String>,
    pub time_zone: Option<Tz>,
    /// Whether people may walk from one floor area to another where the two touch.
    pub touching: Touching,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touching {
    /// Touching floor areas are one floor: OpenStreetMap draws no doors between them.
    Open,
    /// Only a door joins two floor areas.
    Closed,
}

/// The files of a map, and the guesses.
#[derive(Debug)]
pub struct Converted {
    /// The name and content of each file: `manifest.json`, `<type>.geojson`, `venue.toml`.
    pub files: Vec<(String, Vec<u8>)>,
    /// Everything that was guessed or left out.
    pub findings: Vec<Finding>,
}

/// Why an extract cannot be converted.
#[derive(Debug, thiserror::Error)]
pub enum OsmError {
    /// It is neither GeoJSON nor OpenStreetMap XML.
    #[error("it is neither GeoJSON nor OpenStreetMap XML: {0}")]
    Unreadable(String),
    /// It is far too large for any building.
    #[error(transparent)]
    TooLarge(LoadError),
    /// It holds nothing that lies inside a building.
    #[error(
        "it has no room and no corridor with a level; \
         an extract with indoor=room, indoor=corridor and level=* is needed"
    )]
    NothingIndoors,
}
