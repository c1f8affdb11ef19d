//! Topology: units do not overlap, openings lie on edges, and everything lies inside the venue.
//!
//! Read-only: the import has already repaired or left out these faults, or they do no harm.

use geo::{Area, BooleanOps, CoordsIter, Distance, Euclidean, MultiPolygon};

use wayfinding::geometry::{Point, nearest_on};
use wayfinding::load::{Bounds, Features, area_of};
use wayfinding::venue::{Finding, UnitIndex, Venue};

/// A smaller area outside the level is tolerated, because lines are not drawn to the millimetre.
const SLACK_M2: f64 = 1.0;
/// Units that share a larger area overlap.
const OVERLAP_M2: f64 = 0.5;
/// An opening farther than this from the edges of its units is not in a wall, in metres.
const OFF_EDGE_M: f64 = 0.15;
/// The search for overlaps stops after this many compared corners. A hostile map therefore does not take
/// hours; the demo mall needs a hundredth of it.
const MOST_CORNERS: usize = 2_000_000;

pub(super) fn check(features: &Features, venue: &Venue, findings: &mut Vec<Finding>) {
    overlaps(venue, findings);
    edges(venue, findings);
    outline(features, venue, findings);
}

/// The area of `inner` outside `outer`, in square metres.
fn outside(inner: &MultiPolygon<f64>, outer: &MultiPolygon<f64>) -> f64 {
    inner.difference(outer).unsigned_area()
}

fn overlaps(venue: &Venue, findings: &mut Vec<Finding>) {
    let bounds: Vec<Bounds> = venue.units().iter().map(|u| Bounds::of(&u.shape)).collect();
    let mut corners = 0;
    for level in 0..venue.levels().len() {
        let walked = |u: &UnitIndex| venue.unit(*u).level.0 == level && venue.unit(*u).kind.is_walkable();
        let units: Vec<UnitIndex> = (0..venue.units().len()).map(UnitIndex).filter(walked).collect();
        for (i, &a) in units.iter().enumerate() {
            for &b in &units[i + 1..] {
                if !bounds[a.0].meets(&bounds[b.0]) {
                    continue;
                }
                let (one, other) = (venue.unit(a), venue.unit(b));
                corners += one.shape.coords_count() + other.shape.coords_count();
                if corners > MOST_CORNERS {
                    let message = "unit.geojson: more units lie over each other than can be compared; \
                                   the rest of them is not checked";
                    return findings.push(Finding::error("UnitsMustNotOverlap", one.id, message.to_owned()));
                }
                let shared = one.shape.intersection(&other.shape).unsigned_area();
                if shared > OVERLAP_M2 {
                    let message = format!(
                        "unit.geojson: it shares {shared:.1} m² with unit {}; the smaller one has them",
                        other.id
                    );
                    findings.push(Finding::warning("UnitsMustNotOverlap", one.id, message));
                }
            }
        }
    }
}

fn edges(venue: &Venue, findings: &mut Vec<Finding>) {
    for opening in venue.openings() {
        let middle = opening.middle();
        let gap = |u: &UnitIndex| distance_to_edge(&venue.unit(*u).shape, middle);
        let nearest = opening.sides.iter().flatten().map(gap).fold(f64::INFINITY, f64::min);
        if nearest.is_finite() && nearest > OFF_EDGE_M {
            let message = format!(
                "opening.geojson: its middle is {nearest:.2} m from the edge of the nearest unit; \
                 it is used where it is"
            );
            findings.push(Finding::warning("OpeningMustLieOnUnitEdge", opening.id, message));
        }
    }
}

fn distance_to_edge(shape: &MultiPolygon<f64>, at: Point) -> f64 {
    let rings = shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let edges = rings.flat_map(|r| r.0.windows(2).map(|w| nearest_on(w[0].into(), w[1].into(), at)));
    edges.map(|p| p.distance(at)).fold(f64::INFINITY, f64::min)
}

fn outline(features: &Features, venue: &Venue, findings: &mut Vec<Finding>) {
    let Some(feature) = features.of("venue").iter().find(|v| v.is_polygonal()) else { return };
    // A venue whose outline is no area is reported already. Further faults here would only repeat that.
    let Some(shape) = area_of(feature, venue.frame()) else { return };
    let display_point = feature.degrees("display_point").map(|(x, y)| venue.frame().to_metres(x, y));
    if let Some(point) = display_point
        && Euclidean.distance(&geo::Point::from(point), &shape) > 0.0
    {
        let message = "venue.geojson: its display_point is outside of it; it is still the origin of the map";
        findings.push(Finding::warning(
            "VenueGeometryMustContainDisplayPoint",
            feature.id,
            message.to_owned(),
        ));
    }
    for level in venue.levels() {
        let out = outside(&level.outline, &shape);
        if out > SLACK_M2 {
            let message =
                format!("level.geojson: {out:.1} m² of it lie outside of the venue; all of it is used");
            findings.push(Finding::warning("VenueMustCoverAllChildFeatures", level.id, message));
        }
    }
    let far = |p: Point| Euclidean.distance(&geo::Point::from(p), &shape) > OFF_EDGE_M;
    for unit in venue.units().iter().filter(|u| far(u.center)) {
        let message = "unit.geojson: it lies outside of the venue; it is used".to_owned();
        findings.push(Finding::warning("VenueMustCoverAllChildFeatures", unit.id, message));
    }
}

#[cfg(test)]
mod tests {
    use wayfinding::testing::VenueBuilder;
    use wayfinding::venue::Severity;

    #[test]
    fn overlapping_units_and_misplaced_openings_are_found() {
        let mut plan = VenueBuilder::new(&[0]);
        let hall = plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
        plan.unit(0, "room", (18.0, 0.0, 24.0, 6.0));
        let off_edge = plan.opening(0, (3.0, 0.6), (5.0, 0.6));
        // The venue ends at x = 500.
        let abroad = plan.unit(0, "room", (600.0, 0.0, 610.0, 6.0));
        let findings = crate::check::check(&plan.archive()).unwrap().findings;
        let has = |rule, id: &str, severity| {
            findings.iter().any(|f| {
                f.rule == rule && f.severity == severity && f.feature.is_some_and(|i| i.to_string() == id)
            })
        };
        assert!(has("UnitsMustNotOverlap", &hall, Severity::Warning), "{findings:#?}");
        assert!(has("VenueMustCoverAllChildFeatures", &abroad, Severity::Warning));
        // It lies across the hall and joins nothing, or joins the hall beside its wall.
        assert!(findings.iter().any(|f| f.feature.is_some_and(|i| i.to_string() == off_edge)));
    }
}
