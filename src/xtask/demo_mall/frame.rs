//! Converts metres in the plan to longitude and latitude, and to text.
//!
//! The projection is equirectangular about the middle of the mall: exact to a millimetre over 200 m, and easy
//! for every reader to invert. Degrees are rounded to eight decimals, about 1 mm, so that the same plan gives
//! the same text on every machine.

use super::geometry::Point;

/// Longitude and latitude of the middle of the mall.
pub const MIDDLE: (f64, f64) = (121.4632, 31.2318);

const EARTH_RADIUS: f64 = 6_378_137.0;
const PARTS_PER_DEGREE: f64 = 1e8;

/// The point as GeoJSON writes it: `[longitude,latitude]` with eight decimals.
pub fn position(point: Point) -> String {
    let (longitude, latitude) = MIDDLE;
    let east = (point.x / (EARTH_RADIUS * latitude.to_radians().cos())).to_degrees();
    let north = (point.y / EARTH_RADIUS).to_degrees();
    format!("[{},{}]", degrees(longitude + east), degrees(latitude + north))
}

fn degrees(value: f64) -> String {
    let parts = (value * PARTS_PER_DEGREE).round() as i64;
    format!("{}.{:08}", parts / 100_000_000, parts % 100_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo_mall::geometry::at;

    #[test]
    fn the_middle_is_where_it_says() {
        assert_eq!(position(at(0.0, 0.0)), "[121.46320000,31.23180000]");
    }

    /// A hundred metres north is nine ten thousandths of a degree.
    #[test]
    fn metres_become_degrees() {
        assert_eq!(position(at(0.0, 100.0)), "[121.46320000,31.23269832]");
    }
}
