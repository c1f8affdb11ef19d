//! Points, segments and the coordinate frame.
//!
//! All coordinates in this crate are metres in a flat frame around the venue: x east, y north. A [`Frame`]
//! converts longitude and latitude once, while a map is read, and back again for output. Decisions about
//! sides and crossings use [`side`], which is exact; lengths are ordinary `f64`.

use geo::Coord;

/// A position on one level, in metres east (`x`) and north (`y`) of the venue's origin.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    /// The point `x` metres east and `y` metres north of the origin.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The distance to another point, in metres.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point at the fraction `t` of the line to another point.
    pub fn toward(self, other: Self, t: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }

    /// This point moved by a vector.
    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self::new(self.x + dx, self.y + dy)
    }

    /// The direction from here to another point, in degrees clockwise from north, 0 to 360.
    pub fn bearing_to(self, other: Self) -> f64 {
        (other.x - self.x).atan2(other.y - self.y).to_degrees().rem_euclid(360.0)
    }
}

impl From<Coord<f64>> for Point {
    fn from(c: Coord<f64>) -> Self {
        Self::new(c.x, c.y)
    }
}

impl From<Point> for Coord<f64> {
    fn from(p: Point) -> Self {
        Self { x: p.x, y: p.y }
    }
}

impl From<Point> for geo::Point<f64> {
    fn from(p: Point) -> Self {
        Self::new(p.x, p.y)
    }
}

/// The side of the line from `a` to `b` on which `p` lies: above zero left, below right, zero on it.
///
/// The sign is exact for all finite input. Two calls can therefore never contradict each other.
pub fn side(a: Point, b: Point, p: Point) -> f64 {
    let exact = |p: Point| robust::Coord { x: p.x, y: p.y };
    robust::orient2d(exact(a), exact(b), exact(p))
}

/// Whether two segments cross at a point inside both of them.
pub fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let (ac, ad) = (side(a, b, c), side(a, b, d));
    if (ac > 0.0) == (ad > 0.0) || ac == 0.0 || ad == 0.0 {
        return false;
    }
    let (ca, cb) = (side(c, d, a), side(c, d, b));
    ca != 0.0 && cb != 0.0 && (ca > 0.0) != (cb > 0.0)
}

/// Whether two closed segments have a common point.
pub fn touch(a: Point, b: Point, c: Point, d: Point) -> bool {
    let (ac, ad) = (side(a, b, c), side(a, b, d));
    let (ca, cb) = (side(c, d, a), side(c, d, b));
    let apart = |u: f64, v: f64| (u > 0.0 && v > 0.0) || (u < 0.0 && v < 0.0);
    if apart(ac, ad) || apart(ca, cb) {
        return false;
    }
    // When all four points are on one line, the segments may still be disjoint.
    let overlap = |a0: f64, a1: f64, b0: f64, b1: f64| a0.min(a1) <= b0.max(b1) && b0.min(b1) <= a0.max(a1);
    overlap(a.x, b.x, c.x, d.x) && overlap(a.y, b.y, c.y, d.y)
}

/// The point of the segment from `a` to `b` that is nearest to `p`.
pub fn nearest_on(a: Point, b: Point, p: Point) -> Point {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let square = dx * dx + dy * dy;
    if square == 0.0 {
        return a;
    }
    let t = ((p.x - a.x) * dx + (p.y - a.y) * dy) / square;
    if t <= 0.0 {
        a
    } else if t >= 1.0 {
        b
    } else {
        a.toward(b, t)
    }
}

/// The turn from one bearing to another, in degrees: 0 is straight on, positive is right; greater than
/// -180, at most 180.
pub fn turn(from_bearing: f64, to_bearing: f64) -> f64 {
    let turned = (to_bearing - from_bearing).rem_euclid(360.0);
    if turned > 180.0 { turned - 360.0 } else { turned }
}

/// A flat frame, tangent to the ellipsoid at the venue; accurate to a few centimetres over a kilometre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    longitude: f64,
    latitude: f64,
    metres_per_degree: (f64, f64),
}

impl Frame {
    /// The frame whose origin is at this longitude and latitude (WGS 84, degrees).
    pub fn at(longitude: f64, latitude: f64) -> Self {
        const EQUATORIAL_RADIUS: f64 = 6_378_137.0;
        const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_14;
        let (sin, cos) = latitude.to_radians().sin_cos();
        let w = 1.0 - ECCENTRICITY_SQUARED * sin * sin;
        let east = EQUATORIAL_RADIUS / w.sqrt() * cos;
        let north = EQUATORIAL_RADIUS * (1.0 - ECCENTRICITY_SQUARED) / (w * w.sqrt());
        Self { longitude, latitude, metres_per_degree: (east.to_radians(), north.to_radians()) }
    }

    /// From longitude and latitude to metres.
    pub fn to_metres(&self, longitude: f64, latitude: f64) -> Point {
        Point::new(
            (longitude - self.longitude) * self.metres_per_degree.0,
            (latitude - self.latitude) * self.metres_per_degree.1,
        )
    }

    /// From metres to longitude and latitude.
    pub fn to_degrees(&self, point: Point) -> (f64, f64) {
        (
            self.longitude + point.x / self.metres_per_degree.0,
            self.latitude + point.y / self.metres_per_degree.1,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A point keeps its position when it is converted to degrees and back.
    #[test]
    fn metres_and_degrees_round_trip() {
        let frame = Frame::at(121.47, 31.23);
        let there = frame.to_metres(121.4721, 31.2309);
        let (longitude, latitude) = frame.to_degrees(there);
        assert!((longitude - 121.4721).abs() < 1e-12 && (latitude - 31.2309).abs() < 1e-12);
    }

    /// A degree of latitude at the equator is 110,574 metres.
    #[test]
    fn an_equatorial_degree_is_110_574_metres() {
        let north = Frame::at(0.0, 0.0).to_metres(0.0, 1.0).y;
        assert!((north - 110_574.3).abs() < 1.0, "{north}");
    }

    /// Segments that share only an end touch but do not cross.
    #[test]
    fn segments_sharing_an_end_touch_without_crossing() {
        let (a, b, c) = (Point::new(0.0, 0.0), Point::new(1.0, 1.0), Point::new(2.0, 0.0));
        assert!(!cross(a, b, b, c));
        assert!(touch(a, b, b, c));
        assert!(cross(a, b, Point::new(0.0, 1.0), Point::new(1.0, 0.0)));
    }

    /// Disjoint segments on one line do not touch.
    #[test]
    fn collinear_separate_segments_do_not_touch() {
        let p = |x: f64| Point::new(x, 2.0 * x);
        assert!(!touch(p(0.0), p(1.0), p(2.0), p(3.0)));
        assert!(touch(p(0.0), p(2.0), p(1.0), p(3.0)));
    }

    /// East is a bearing of ninety degrees; a right turn is positive.
    #[test]
    fn east_is_ninety_and_right_turns_are_positive() {
        assert_eq!(Point::new(0.0, 0.0).bearing_to(Point::new(5.0, 0.0)), 90.0);
        assert_eq!(turn(350.0, 20.0), 30.0);
        assert_eq!(turn(20.0, 350.0), -30.0);
    }
}
