//! Open edges between floors that touch, for maps that draw no openings between them.
//!
//! By IMDF, nobody can walk from one unit to the next without an opening, and real IMDF maps follow that.
//! Maps converted from other data do not: `touching_walkways = "open"` in `venue.toml` is for them.

use sha2::{Digest, Sha256};

use super::borders::contacts;
use super::spaces::Spaces;
use crate::geometry::Point;
use crate::venue::{Door, FeatureId, LevelIndex, Opening, Passage, TravelDirection, Unit, UnitIndex};
use domain::language::Labels;

/// The greatest gap between two floors that touch, in metres.
const GAP_M: f64 = 0.05;
/// The narrowest open edge that people can pass, in metres.
const NARROWEST: f64 = 0.8;

/// One opening for each straight stretch along which two floors touch, in the order of the units.
pub(super) fn read(spaces: &Spaces, known: &[Opening]) -> Vec<Opening> {
    let mut found = Vec::new();
    for level in (0..spaces.levels.len()).map(LevelIndex) {
        let floors: Vec<UnitIndex> =
            spaces.on(level).iter().copied().filter(|u| is_floor(spaces.unit(*u))).collect();
        for (i, &a) in floors.iter().enumerate() {
            for &b in &floors[i + 1..] {
                let near = spaces.bounds(a).grown(GAP_M).meets(spaces.bounds(b));
                let pair = |o: &Opening| o.sides == [Some(a), Some(b)] || o.sides == [Some(b), Some(a)];
                if !near || known.iter().any(pair) {
                    continue;
                }
                let stretches = contacts(&spaces.unit(a).shape, &spaces.unit(b).shape, GAP_M, NARROWEST);
                found.extend(stretches.into_iter().enumerate().map(|(n, (from, to))| {
                    opening(id(spaces.unit(a), spaces.unit(b), n), level, from, to, [Some(a), Some(b)])
                }));
            }
        }
    }
    found
}

/// A car park is left out: it touches many units that cannot be entered from it.
fn is_floor(unit: &Unit) -> bool {
    unit.kind.is_thoroughfare() && unit.category != "parking"
}

/// The outline of the first unit is counter-clockwise: the unit itself is to the left.
fn opening(
    id: FeatureId,
    level: LevelIndex,
    from: Point,
    to: Point,
    sides: [Option<UnitIndex>; 2],
) -> Opening {
    Opening {
        id,
        category: "pedestrian".to_owned(),
        name: Labels::default(),
        level,
        from,
        to,
        sides,
        door: Door::Free,
        passage: Passage::Public,
        direction: TravelDirection::Both,
        twin_of: None,
        hours: None,
        closure: None,
    }
}

/// A deterministic id for a stretch between two units.
fn id(a: &Unit, b: &Unit, number: usize) -> FeatureId {
    let hash = Sha256::digest(format!("touching/{}/{}/{number}", a.id, b.id).as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().into()
}

#[cfg(test)]
mod tests {
    use crate::route::{Router, Spot, TravelProfile};
    use crate::testing::{VenueBuilder, at};
    use crate::venue::LevelIndex;

    fn plan() -> VenueBuilder {
        let mut plan = VenueBuilder::new(&[0]);
        plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
        plan.unit(0, "walkway", (20.0, 2.0, 40.0, 6.0));
        plan.unit(0, "walkway", (41.0, 0.0, 60.0, 6.0));
        plan
    }

    fn reached(plan: &VenueBuilder, x: f64) -> bool {
        let router = Router::new(std::sync::Arc::new(plan.venue()));
        let spot = |x| Spot::At {
            level: LevelIndex(0),
            point: router.venue().frame().to_metres(121.47, 31.23).moved(x, 4.0),
        };
        router.between(spot(2.0), spot(x), TravelProfile::Walking, at(12, 0)).is_ok()
    }

    /// Floors that touch are one floor only if venue.toml says so.
    #[test]
    fn touching_floors_join_only_where_declared() {
        let mut plan = plan();
        assert!(!reached(&plan, 30.0));
        plan.overlay("touching_walkways = \"open\"");
        assert!(reached(&plan, 30.0));
        assert!(!reached(&plan, 50.0), "a metre of wall is no way");
        let edges = plan.venue().openings().to_vec();
        assert_eq!(edges.len(), 1);
        assert!((edges[0].width() - 4.0).abs() < 0.01);
        assert_eq!(edges[0].id, plan.venue().openings()[0].id, "the same ids each time");
    }
}
