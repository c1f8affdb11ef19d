//! Places as visitors point at them.

use serde::{Deserialize, Serialize};

use crate::language::Labels;

/// A place in the mall, as the visitor pointed at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRef {
    /// IMDF feature id.
    pub feature: String,
    /// Its name at the time.
    pub name: Labels,
    /// The level's sign, for example `L2`.
    pub level: String,
    /// The unit number on its sign, for example `L2-07`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where exactly, if the visitor tapped on the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<MapPoint>,
}

/// A point on a map in WGS 84, in whole ten-millionths of a degree: about a centimetre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapPoint {
    /// Degrees east, times ten million.
    pub lon_e7: i32,
    /// Degrees north, times ten million.
    pub lat_e7: i32,
}

impl MapPoint {
    /// The nearest such point to a longitude and a latitude in degrees. What lies beyond the ends of the
    /// Earth is taken as its end.
    pub fn of_degrees(longitude: f64, latitude: f64) -> Self {
        // A plain cast: 180 degrees fit, and a cast stops at the ends.
        let e7 = |degrees: f64, end: f64| (degrees.clamp(-end, end) * 1e7).round() as i32;
        Self { lon_e7: e7(longitude, 180.0), lat_e7: e7(latitude, 90.0) }
    }

    /// Longitude and latitude, in degrees.
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.lon_e7) / 1e7, f64::from(self.lat_e7) / 1e7)
    }
}
