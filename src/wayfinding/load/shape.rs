//! Converts GeoJSON geometry in degrees to valid polygons and lines in metres.
//!
//! Invalid outlines are repaired with a finding or left out with an error. The number of corners and
//! crossings is limited, because the repair of a hostile outline would take unbounded time.

use geo::{Area, BooleanOps, Coord, CoordsIter, LineString, MultiPolygon, Polygon};
use serde_json::Value;

use super::feature::{Feature, position};
use crate::geometry::{Frame, Point, cross};
use crate::venue::Finding;

/// Geometry farther than this from the venue's origin does not belong to the venue.
const FARTHEST_M: f64 = 20_000.0;
/// The area below which a polygon is dropped.
const SMALLEST_M2: f64 = 1e-4;
/// The greatest number of corners of an outline. The most complicated one so far has 400.
const MOST_CORNERS: usize = 10_000;
/// Outlines with at most this many corners cannot have too many self-intersections.
const FEW_CORNERS: usize = 30;
const MOST_CROSSINGS: usize = 500;

fn metres(value: &Value, frame: &Frame) -> Option<Point> {
    let (longitude, latitude) = position(value)?;
    let point = frame.to_metres(longitude, latitude);
    (point.x.abs() < FARTHEST_M && point.y.abs() < FARTHEST_M).then_some(point)
}

fn line(value: &Value, frame: &Frame) -> Option<Vec<Point>> {
    let mut points = Vec::new();
    for position in value.as_array()? {
        let point = metres(position, frame)?;
        if points.last() != Some(&point) {
            points.push(point);
        }
    }
    Some(points)
}

fn ring(value: &Value, frame: &Frame) -> Option<LineString<f64>> {
    let points = line(value, frame)?;
    let mut ring: LineString<f64> = points.into_iter().map(Coord::from).collect();
    ring.close();
    (ring.0.len() >= 4).then_some(ring)
}

fn polygon(value: &Value, frame: &Frame) -> Option<Polygon<f64>> {
    let rings = value.as_array()?;
    let outer = ring(rings.first()?, frame)?;
    let holes = rings[1..].iter().filter_map(|r| ring(r, frame)).collect();
    Some(Polygon::new(outer, holes))
}

/// The position of a point feature.
pub(super) fn point(feature: &Feature, frame: &Frame) -> Option<Point> {
    let geometry = feature.geometry();
    (geometry.get("type")?.as_str()? == "Point")
        .then(|| metres(geometry.get("coordinates")?, frame))
        .flatten()
}

/// The position of a point property, such as `display_point`.
pub(super) fn property_point(feature: &Feature, key: &str, frame: &Frame) -> Option<Point> {
    metres(feature.object(key)?.get("coordinates")?, frame)
}

/// The lines of a LineString or MultiLineString feature.
pub(super) fn lines(feature: &Feature, frame: &Frame) -> Vec<Vec<Point>> {
    let geometry = feature.geometry();
    let Some(coordinates) = geometry.get("coordinates") else { return Vec::new() };
    let lines = match geometry.get("type").and_then(Value::as_str) {
        Some("LineString") => vec![line(coordinates, frame)],
        Some("MultiLineString") => {
            coordinates.as_array().into_iter().flatten().map(|l| line(l, frame)).collect()
        }
        _ => Vec::new(),
    };
    lines.into_iter().flatten().filter(|l| l.len() >= 2).collect()
}

/// The area of a feature. Self-intersecting rings are split, and a finding reports it.
pub(super) fn area(
    feature: &Feature,
    frame: &Frame,
    findings: &mut Vec<Finding>,
) -> Option<MultiPolygon<f64>> {
    let geometry = feature.geometry();
    let polygons: Vec<_> = match (geometry.get("type").and_then(Value::as_str), geometry.get("coordinates")) {
        (Some("Polygon"), Some(c)) => polygon(c, frame).into_iter().collect(),
        (Some("MultiPolygon"), Some(c)) => {
            c.as_array().into_iter().flatten().filter_map(|p| polygon(p, frame)).collect()
        }
        _ => Vec::new(),
    };
    let drawn: f64 = polygons.iter().map(Polygon::unsigned_area).sum();
    let clean = match clean(MultiPolygon::new(polygons)) {
        Ok(clean) => clean,
        Err(cause) => {
            let message = format!("{}.geojson: {cause}; it is left out", feature.kind);
            findings.push(Finding::error("FeatureMustHavePolygonalGeometry", feature.id, message));
            return None;
        }
    };
    let kept = clean.unsigned_area();
    if (kept - drawn).abs() > 0.01 * drawn + SMALLEST_M2 {
        let message = format!(
            "{}.geojson: its outline crosses itself; everything inside of it is used, {kept:.2} m²",
            feature.kind
        );
        findings.push(Finding::warning("GeometryMustBeSimple", feature.id, message));
    }
    Some(clean)
}

/// The area of a feature after the import's repairs, if it has one.
pub fn area_of(feature: &Feature, frame: &Frame) -> Option<MultiPolygon<f64>> {
    area(feature, frame, &mut Vec::new())
}

/// Why an outline is unusable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutlineError {
    /// It has no area.
    #[error("its geometry is no area near the venue")]
    Nothing,
    /// More than any room has.
    #[error("its outline has {0} corners, more than that of any room ({MOST_CORNERS})")]
    TooManyCorners(usize),
    /// Resolving its self-intersections would take too long.
    #[error("its outline crosses itself more than {MOST_CROSSINGS} times")]
    TooManyCrossings,
}

/// A valid area with the usual winding and without self-intersections. Input that would take unbounded time
/// or memory is refused.
pub fn clean(drawn: MultiPolygon<f64>) -> Result<MultiPolygon<f64>, OutlineError> {
    let corners = drawn.coords_count();
    if corners > MOST_CORNERS {
        return Err(OutlineError::TooManyCorners(corners));
    }
    if corners > FEW_CORNERS && crossings(&drawn) > MOST_CROSSINGS {
        return Err(OutlineError::TooManyCrossings);
    }
    // A union with an empty area orients the rings and resolves self-intersections.
    let clean = drawn.union(&MultiPolygon::new(Vec::new()));
    let clean = MultiPolygon::new(clean.0.into_iter().filter(|p| p.unsigned_area() > SMALLEST_M2).collect());
    if clean.0.is_empty() { Err(OutlineError::Nothing) } else { Ok(clean) }
}

/// The number of crossings between the edges of an area's rings; the count stops when there are too many.
fn crossings(area: &MultiPolygon<f64>) -> usize {
    let rings = area.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let mut edges: Vec<(Point, Point)> =
        rings.flat_map(|r| r.0.windows(2).map(|w| (w[0].into(), w[1].into()))).collect();
    edges.sort_by(|a, b| a.0.x.min(a.1.x).total_cmp(&b.0.x.min(b.1.x)));
    let mut count = 0;
    for (i, (a, b)) in edges.iter().enumerate() {
        let right = a.x.max(b.x);
        for (c, d) in edges[i + 1..].iter().take_while(|(c, d)| c.x.min(d.x) <= right) {
            count += usize::from(cross(*a, *b, *c, *d));
            if count > MOST_CROSSINGS {
                return count;
            }
        }
    }
    count
}

/// A bounding rectangle: left, bottom, right, top.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    left: f64,
    bottom: f64,
    right: f64,
    top: f64,
}

impl Bounds {
    /// The bounding rectangle of a shape.
    pub fn of(shape: &MultiPolygon<f64>) -> Self {
        let mut bounds = Self {
            left: f64::INFINITY,
            bottom: f64::INFINITY,
            right: f64::NEG_INFINITY,
            top: f64::NEG_INFINITY,
        };
        for c in shape.0.iter().flat_map(|p| &p.exterior().0) {
            bounds.left = bounds.left.min(c.x);
            bounds.right = bounds.right.max(c.x);
            bounds.bottom = bounds.bottom.min(c.y);
            bounds.top = bounds.top.max(c.y);
        }
        bounds
    }

    /// The same rectangle, larger by a margin on each side.
    pub fn grown(&self, margin: f64) -> Self {
        let Self { left, bottom, right, top } = *self;
        Self { left: left - margin, bottom: bottom - margin, right: right + margin, top: top + margin }
    }

    /// Whether it contains a point, its edges included.
    pub fn holds(&self, p: Point) -> bool {
        self.left <= p.x && p.x <= self.right && self.bottom <= p.y && p.y <= self.top
    }

    /// Whether it shares a point with another rectangle.
    pub fn meets(&self, other: &Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.bottom <= other.top
            && other.bottom <= self.top
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::archive::Archive;
    use crate::load::feature::Features;

    fn area_of(coordinates: &str) -> (Option<MultiPolygon<f64>>, Vec<Finding>) {
        let json = format!(
            r#"{{"features":[{{"id":"f918cd54-fa50-498d-a212-dca835ae422f",
                "geometry":{{"type":"Polygon","coordinates":{coordinates}}}}}]}}"#
        );
        let mut findings = Vec::new();
        let features = Features::parse(&Archive::new([("unit.geojson", json)]), "en", &mut findings);
        let shape = area(&features.of("unit")[0], &Frame::at(0.0, 0.0), &mut findings);
        (shape, findings)
    }

    /// A square is read, with the usual winding.
    #[test]
    fn squares_are_wound_the_usual_way() {
        let (shape, findings) = area_of("[[[0,0],[0,0.0001],[0.0001,0.0001],[0.0001,0],[0,0]]]");
        assert!((shape.unwrap().signed_area() - 123.09).abs() < 0.01);
        assert!(findings.is_empty());
    }

    /// A bow tie is split, with a finding.
    #[test]
    fn bow_ties_are_cut_apart() {
        let (shape, findings) = area_of("[[[0,0],[0.0001,0.0001],[0.0001,0],[0,0.0001],[0,0]]]");
        assert!(shape.is_some());
        assert_eq!(findings[0].rule, "GeometryMustBeSimple");
    }

    /// An outline with very many self-intersections is refused quickly.
    #[test]
    fn endlessly_crossing_outlines_are_refused() {
        let tangle: Vec<(f64, f64)> = (0..4000)
            .map(|i| (f64::from(i % 2) * 50.0 + f64::from(i) * 1e-3, f64::from(i * 7919 % 4000) / 40.0))
            .collect();
        let tangle = MultiPolygon::new(vec![Polygon::new(tangle.into(), Vec::new())]);
        assert_eq!(clean(tangle), Err(OutlineError::TooManyCrossings));
        let circle: Vec<(f64, f64)> = (0..=MOST_CORNERS).map(|i| (i as f64).sin_cos()).collect();
        let circle = MultiPolygon::new(vec![Polygon::new(circle.into(), Vec::new())]);
        assert!(matches!(clean(circle), Err(OutlineError::TooManyCorners(_))));
    }

    /// A shape without area is left out, with an error.
    #[test]
    fn shapes_without_area_are_errors() {
        for broken in
            ["[]", "[[]]", "[[[0,0],[0,1]]]", "[[[0,0],[\"a\",1],[2,2]]]", "7", "[[[0,0],[9,9],[0,9]]]"]
        {
            let (shape, findings) = area_of(broken);
            assert!(shape.is_none(), "{broken}");
            assert_eq!(findings[0].rule, "FeatureMustHavePolygonalGeometry", "{broken}");
        }
    }
}
