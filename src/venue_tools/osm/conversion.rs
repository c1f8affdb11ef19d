//! What a conversion is asked for, and what it gives.

use chrono_tz::Tz;
use wayfinding::load::LoadError;
use wayfinding::venue::Finding;

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
