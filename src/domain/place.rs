//! References to places, as visitors choose them on a kiosk.

use serde::{Deserialize, Serialize};

use crate::language::Labels;

/// A place in the mall that a visitor chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRef {
    /// The IMDF feature id.
    pub feature: String,
    /// The name at the time of choosing.
    pub name: Labels,
    /// The level's sign, for example `L2`.
    pub level: String,
    /// The unit number on the place's sign, for example `L2-07`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The exact point, if the visitor tapped on the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<MapPoint>,
}

/// A point on the map in WGS 84. Coordinates are whole ten-millionths of a degree, about a centimetre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapPoint {
    /// Degrees east, times ten million.
    pub lon_e7: i32,
    /// Degrees north, times ten million.
    pub lat_e7: i32,
}

impl MapPoint {
    /// The point nearest to a longitude and a latitude in degrees. Values out of range are clamped.
    pub fn of_degrees(longitude: f64, latitude: f64) -> Self {
        // 180 degrees times ten million fit into an `i32`, and a cast saturates.
        let e7 = |degrees: f64, end: f64| (degrees.clamp(-end, end) * 1e7).round() as i32;
        Self { lon_e7: e7(longitude, 180.0), lat_e7: e7(latitude, 90.0) }
    }

    /// Longitude and latitude, in degrees.
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.lon_e7) / 1e7, f64::from(self.lat_e7) / 1e7)
    }
}
