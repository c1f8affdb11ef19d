//! Areas under construction: geofences of this category close what they cover.
//!
//! IMDF gives a geofence no times: it is in force as long as it is in the map. `venue.toml` has closures
//! with times.

use geo::{Area, BooleanOps, MultiPolygon};

use super::closures::close_unit;
use super::feature::{Feature, Features};
use super::shape::{self, Bounds};
use super::spaces::Spaces;
use crate::geometry::Frame;
use crate::venue::{Closure, Finding, LevelIndex, Obstacle, Shaft, UnitIndex};

/// A unit with a larger covered share is closed. With a smaller share, only the covered part becomes an
/// obstacle.
const CLOSED: f64 = 0.5;
/// A smaller covered area is a drawing error.
const SMALLEST_M2: f64 = 0.1;

pub(super) fn close(
    features: &Features,
    frame: &Frame,
    spaces: &mut Spaces,
    shafts: &mut [Shaft],
    findings: &mut Vec<Finding>,
) {
    for geofence in features.of("geofence").iter().filter(|g| g.category() == "underconstruction") {
        let Some(shape) = shape::area(geofence, frame, findings) else { continue };
        let closure = Closure { from: None, until: None, reason: geofence.labels("name") };
        for level in levels(geofence, features, spaces) {
            let units: Vec<UnitIndex> = spaces.on(level).to_vec();
            let mut partly = MultiPolygon::new(Vec::new());
            for unit in units {
                let home = spaces.unit(unit);
                if !Bounds::of(&shape).meets(spaces.bounds(unit)) {
                    continue;
                }
                let covered = home.shape.intersection(&shape);
                let share = covered.unsigned_area() / home.shape.unsigned_area();
                if share >= CLOSED {
                    close_unit(unit, &closure, spaces, shafts);
                } else if home.kind.is_walkable() && covered.unsigned_area() > SMALLEST_M2 {
                    partly = partly.union(&covered);
                }
            }
            if !partly.0.is_empty() {
                let category = "underconstruction".to_owned();
                let (id, name) = (geofence.id, geofence.labels("name"));
                spaces.obstacles.push(Obstacle { id, category, name, level, shape: partly });
            }
        }
    }
}

/// The levels of a geofence: those that it names, or else those of its buildings, or else none.
fn levels(geofence: &Feature, features: &Features, spaces: &Spaces) -> Vec<LevelIndex> {
    let mut ids = geofence.references("level_ids");
    if ids.is_empty() {
        let buildings = geofence.references("building_ids");
        let of = |l: &&Feature| l.references("building_ids").iter().any(|b| buildings.contains(b));
        ids.extend(features.of("level").iter().filter(of).map(|l| l.id));
    }
    let mut levels: Vec<LevelIndex> = ids.iter().filter_map(|id| spaces.level(id)).collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::route::{Router, TravelProfile};
    use crate::testing::{VenueBuilder, at, small};

    fn fence(plan: &mut VenueBuilder, bounds: crate::testing::Bounds4, named: serde_json::Value) {
        let mut properties = json!({"category": "underconstruction", "name": {"en": "New floor"}});
        properties.as_object_mut().unwrap().extend(named.as_object().unwrap().clone());
        plan.zone("geofence", bounds, properties);
    }

    /// A shop behind a fence is closed, and a fenced part of the floor is walked around.
    #[test]
    fn fenced_shops_close_and_fenced_floor_is_avoided() {
        let mut small = small();
        let level = crate::testing::level_id(0);
        // Covers the whole shop S0, and a part of the corridor that leaves space to pass.
        fence(&mut small.plan, (0.0, -10.0, 12.0, 0.0), json!({"level_ids": [level]}));
        fence(&mut small.plan, (40.0, 0.0, 44.0, 5.0), json!({"level_ids": [level]}));
        let venue = small.plan.venue();
        let shop = venue.place(&small.shops[0]).unwrap();
        assert!(shop.closure.as_ref().is_some_and(|c| c.holds_at(at(12, 0))));
        assert_eq!(venue.obstacles().len(), 1);
        let router = Router::new(std::sync::Arc::new(venue));
        let tree = router.tree(&router.venue().kiosks()[0], TravelProfile::Walking, at(12, 0));
        let around = tree.route_to(&small.entrance).unwrap();
        assert!(around.length_m > 60.04, "{} m", around.length_m);
    }

    /// `galleria-venue check` reports such a fence.
    #[test]
    fn fences_on_no_level_close_nothing() {
        let mut small = small();
        fence(&mut small.plan, (0.0, -10.0, 90.0, 10.0), json!({}));
        let loaded = small.plan.load();
        assert!(loaded.venue.units().iter().all(|u| u.closure.is_none()));
    }
}
