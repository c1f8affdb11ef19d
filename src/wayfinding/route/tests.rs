//! Properties of every route: on a small mall, and on many random ones.

mod errands;
mod hours;
mod refusals;

use std::sync::Arc;

use proptest::prelude::*;

use super::{Mode, Reason, Route, RouteWarning, Router, Spot, TravelProfile};
use crate::geometry::{Point, cross, nearest_on, side};
use crate::testing::{VenueBuilder, at, small};
use crate::venue::{Facility, LevelIndex, Opening, Venue};

fn router(venue: Venue) -> Router {
    Router::new(Arc::new(venue))
}

fn modes(route: &Route) -> Vec<Mode> {
    route.legs.iter().map(|l| l.mode).collect()
}

/// The walls and doors of a venue, level by level: the edges that no walk may cross, and the gaps in them.
pub(crate) struct Walls<'a> {
    edges: Vec<Vec<(Point, Point)>>,
    doors: Vec<Vec<&'a Opening>>,
}

impl<'a> Walls<'a> {
    pub fn of(venue: &'a Venue) -> Self {
        let levels = venue.levels().len();
        let (mut edges, mut doors) = (vec![Vec::new(); levels], vec![Vec::new(); levels]);
        for unit in venue.units() {
            let rings = unit.shape.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
            edges[unit.level.0]
                .extend(rings.flat_map(|r| r.lines()).map(|l| (Point::from(l.start), Point::from(l.end))));
        }
        for opening in venue.openings() {
            doors[opening.level.0].push(opening);
        }
        Self { edges, doors }
    }

    /// No segment of a walk crosses a unit's edge except in the doorway of an opening.
    pub fn assert_not_crossed(&self, route: &Route) {
        assert_eq!(self.crossed(route), None);
    }

    /// The first point where a walk goes through a wall.
    pub fn crossed(&self, route: &Route) -> Option<String> {
        for leg in route.legs.iter().filter(|l| l.mode == Mode::Walk) {
            for pair in leg.points.windows(2).chain(leg.line.windows(2)) {
                let (p, q) = (pair[0], pair[1]);
                let (left, right) = (p.x.min(q.x), p.x.max(q.x));
                let (low, high) = (p.y.min(q.y), p.y.max(q.y));
                for (a, b) in &self.edges[leg.level.0] {
                    let far = a.x.max(b.x) < left
                        || a.x.min(b.x) > right
                        || a.y.max(b.y) < low
                        || a.y.min(b.y) > high;
                    if far || !cross(p, q, *a, *b) {
                        continue;
                    }
                    let (da, db) = (side(p, q, *a), side(p, q, *b));
                    let point = a.toward(*b, da / (da - db));
                    if !self.doors[leg.level.0].iter().any(|door| in_doorway(door, point)) {
                        return Some(format!("{p:?} → {q:?} crosses the wall {a:?} – {b:?} at {point:?}"));
                    }
                }
            }
        }
        None
    }
}

/// Whether a point lies in the doorway of an opening: between its jambs, and no deeper than a thick wall.
fn in_doorway(opening: &Opening, point: Point) -> bool {
    let on_line = nearest_on(opening.from, opening.to, point);
    let at_jamb = on_line == opening.from || on_line == opening.to;
    on_line.distance(point) < 0.9 && (!at_jamb || on_line.distance(point) < 1e-6)
}

fn assert_walks_through_no_wall(venue: &Venue, route: &Route) {
    Walls::of(venue).assert_not_crossed(route);
}

#[test]
fn routers_and_trees_are_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Router>();
    shared::<super::Tree>();
    shared::<crate::draw::Fonts>();
    shared::<crate::draw::Picture>();
}

/// The route to a shop on the same level ends at its door.
#[test]
fn shops_are_reached_at_their_door() {
    let small = small();
    let venue = small.plan.venue();
    let router = router(venue);
    let kiosk = router.venue().kiosks()[0].clone();
    let route = router.tree(&kiosk, TravelProfile::Walking, at(12, 0)).route_to(&small.shops[0]).unwrap();
    assert_eq!(modes(&route), [Mode::Walk]);
    // From (30, 4) straight to the middle of the door at (6, 0).
    assert!((route.length_m - 24f64.hypot(4.0)).abs() < 0.05, "{}", route.length_m);
    assert!((route.time_s - route.length_m / 1.2).abs() < 1e-9);
    assert_eq!(route.warnings, []);
}

/// People on foot go upstairs by escalator, and wheels by lift.
#[test]
fn feet_take_escalators_and_wheels_take_lifts() {
    let small = small();
    let router = router(small.plan.venue());
    let kiosk = router.venue().kiosks()[0].clone();
    for profile in TravelProfile::ALL {
        let route = router.tree(&kiosk, profile, at(12, 0)).route_to(&small.restroom).unwrap();
        let expected = if profile == TravelProfile::Walking { Mode::Escalator } else { Mode::Lift };
        assert_eq!(modes(&route), [Mode::Walk, expected, Mode::Walk], "{profile:?}");
        assert_eq!((route.legs[1].level, route.legs[1].to_level), (LevelIndex(0), LevelIndex(1)));
        assert_walks_through_no_wall(router.venue(), &route);
    }
}

#[test]
fn down_again_the_other_escalator_is_taken() {
    let small = small();
    let router = router(small.plan.venue());
    let kiosk = Spot::Kiosk("K1".to_owned());
    let up = router
        .between(kiosk.clone(), Spot::Place(small.restroom), TravelProfile::Walking, at(12, 0))
        .unwrap();
    let down = router.between(Spot::Place(small.restroom), kiosk, TravelProfile::Walking, at(12, 0)).unwrap();
    assert_eq!(modes(&down), [Mode::Walk, Mode::Escalator, Mode::Walk]);
    assert!(up.legs[1].points[0].y < 3.0 && down.legs[1].points[0].y > 5.0);
    assert!(up.legs[1].points[0].x < up.legs[1].points[1].x, "up runs east");
    assert!(down.legs[1].points[0].x > down.legs[1].points[1].x, "down runs west");
}

/// A tree and a search agree on every place.
#[test]
fn trees_and_searches_agree() {
    let small = small();
    let router = router(small.plan.venue());
    let kiosk = router.venue().kiosks()[0].clone();
    for profile in TravelProfile::ALL {
        let tree = router.tree(&kiosk, profile, at(12, 0));
        for place in router.venue().places() {
            let spots = (Spot::Kiosk("K1".to_owned()), Spot::Place(place.id));
            let searched = router.between(spots.0, spots.1, profile, at(12, 0));
            assert_eq!(tree.route_to(&place.id), searched, "{:?} {profile:?}", place.name);
            assert_eq!(tree.time_s(&place.id), searched.ok().map(|r| r.time_s));
        }
    }
}

/// With the lift out of service, a refusal for wheels names it.
#[test]
fn wheels_learn_of_lifts_out_of_service() {
    let mut small = small();
    small.plan.overlay(&format!("[[lift]]\nunits = [\"{}\"]\nstate = \"out-of-service\"", small.lift[0]));
    let router = router(small.plan.venue());
    let kiosk = router.venue().kiosks()[0].clone();
    let tree = router.tree(&kiosk, TravelProfile::StepFree, at(12, 0));
    let refused = tree.route_to(&small.restroom).unwrap_err();
    assert_eq!(refused.reason, Reason::Closed(vec![small.lift[0].parse().unwrap()]));
    let nearest = refused.nearest_reachable.and_then(|id| router.venue().place(&id)).unwrap();
    assert_eq!(nearest.level, LevelIndex(0));
    assert!(router.tree(&kiosk, TravelProfile::Walking, at(12, 0)).route_to(&small.restroom).is_ok());
}

#[test]
fn without_any_lift_there_are_only_steps() {
    let mut plan = VenueBuilder::new(&[0, 1]);
    for ordinal in [0, 1] {
        plan.unit(ordinal, "walkway", (0.0, 0.0, 20.0, 6.0));
        plan.unit(ordinal, "stairs", (20.0, 0.0, 28.0, 6.0));
        plan.opening(ordinal, (20.0, 1.0), (20.0, 5.0));
    }
    plan.kiosk("K1", 0, (2.0, 3.0), 90.0);
    let router = router(plan.venue());
    let (from, to) =
        (Spot::Kiosk("K1".to_owned()), Spot::At { level: LevelIndex(1), point: Point::new(2.0, 3.0) });
    let walked = router.between(from.clone(), to.clone(), TravelProfile::Walking, at(12, 0)).unwrap();
    assert_eq!(modes(&walked), [Mode::Walk, Mode::Stairs, Mode::Walk]);
    let refused = router.between(from, to, TravelProfile::Stroller, at(12, 0)).unwrap_err();
    assert!(matches!(refused.reason, Reason::OnlyWithSteps(_)), "{refused}");
}

/// With the lift door locked, people on foot get only stairs or escalators.
#[test]
fn locked_lift_doors_divert_feet_only() {
    let mut small = small();
    let door = &small.lift_doors[1];
    small.plan.overlay(&format!("[[door]]\nopening = \"{door}\"\nhours = \"Mo-Su 10:00-22:00\""));
    let router = router(small.plan.venue());
    let kiosk = router.venue().kiosks()[0].clone();
    // By day the route is unchanged; at night the lift cannot be left upstairs.
    assert!(router.tree(&kiosk, TravelProfile::StepFree, at(12, 0)).route_to(&small.restroom).is_ok());
    let night = router.tree(&kiosk, TravelProfile::StepFree, at(23, 0));
    assert!(night.route_to(&small.restroom).is_err());
    assert_eq!(night.valid_until(), None, "ten in the morning is beyond the horizon");
    assert_eq!(router.tree(&kiosk, TravelProfile::StepFree, at(9, 0)).valid_until(), Some(at(10, 0)));
}

/// A closed corridor makes the route longer, never shorter.
#[test]
fn corridor_closures_never_shorten_the_way() {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
    plan.unit(0, "walkway", (20.0, 0.0, 40.0, 6.0));
    plan.unit(0, "walkway", (0.0, 6.0, 40.0, 12.0));
    let direct = plan.opening(0, (20.0, 0.0), (20.0, 6.0));
    plan.opening(0, (2.0, 6.0), (8.0, 6.0));
    plan.opening(0, (32.0, 6.0), (38.0, 6.0));
    plan.kiosk("K1", 0, (18.0, 3.0), 0.0);
    let to = Spot::At { level: LevelIndex(0), point: Point::new(22.0, 3.0) };
    let from = Spot::Kiosk("K1".to_owned());
    let open =
        router(plan.venue()).between(from.clone(), to.clone(), TravelProfile::Walking, at(12, 0)).unwrap();
    assert!((open.length_m - 4.0).abs() < 1e-6, "{}", open.length_m);
    plan.overlay(&format!("[[closure]]\nfeature = \"{direct}\"\nuntil = \"2026-11-19T00:00:00+08:00\""));
    let router = router(plan.venue());
    let closed = router.between(from.clone(), to.clone(), TravelProfile::Walking, at(12, 0)).unwrap();
    assert!(closed.length_m > 30.0, "{}", closed.length_m);
    assert_walks_through_no_wall(router.venue(), &closed);
    let next_day = at(12, 0) + chrono::Duration::days(1);
    assert_eq!(router.between(from, to, TravelProfile::Walking, next_day).unwrap().length_m, open.length_m);
}

/// A closed shop still has a route, with a warning.
#[test]
fn routes_to_closed_shops_carry_a_warning() {
    let mut small = small();
    let unit = small.plan.unit(0, "room", (200.0, 0.0, 210.0, 8.0));
    small.plan.unit(0, "walkway", (90.0, 0.0, 200.0, 8.0));
    small.plan.opening(0, (90.0, 6.5), (90.0, 7.5));
    small.plan.opening(0, (200.0, 3.0), (200.0, 5.0));
    let hours = serde_json::json!({"category": "bank", "hours": "Mo-Fr 09:00-17:00"});
    let bank = small.plan.shop_with("Bank", &unit, (205.0, 4.0), hours);
    let router = router(small.plan.venue());
    let kiosk = router.venue().kiosks()[0].clone();
    let warnings = |hour, minute| {
        router.tree(&kiosk, TravelProfile::Walking, at(hour, minute)).route_to(&bank).unwrap().warnings
    };
    assert_eq!(warnings(12, 0), []);
    assert_eq!(warnings(16, 45), [RouteWarning::DestinationCloses { at: at(17, 0) }]);
    let tomorrow = at(9, 0) + chrono::Duration::days(1);
    assert_eq!(warnings(18, 0), [RouteWarning::DestinationClosed { opens: Some(tomorrow) }]);
    assert!(matches!(warnings(16, 59)[..], [RouteWarning::DestinationClosed { .. }]), "closed on arrival");
}

/// The nearest places of a kind are ordered by the time of their routes.
#[test]
fn nearest_places_come_in_order() {
    let small = small();
    let router = router(small.plan.venue());
    let kiosk = router.venue().kiosks()[0].clone();
    let tree = router.tree(&kiosk, TravelProfile::Walking, at(12, 0));
    assert_eq!(tree.nearest(Facility::Restroom, 3).len(), 1);
    assert_eq!(tree.nearest(Facility::Exit, 3)[0].0, small.entrance);
    let escalators = tree.nearest(Facility::Escalator, 9);
    assert_eq!(escalators.len(), 4);
    assert!(escalators.windows(2).all(|w| w[0].1 <= w[1].1 + 60.0));
    assert!(tree.nearest(Facility::Atm, 3).is_empty());
}

/// A point in a wall, or on no level, has no route.
#[test]
fn points_off_the_floor_have_no_route() {
    let small = small();
    let router = router(small.plan.venue());
    let spot = |x, y| Spot::At { level: LevelIndex(0), point: Point::new(x, y) };
    let refused =
        router.between(spot(300.0, 300.0), spot(30.0, 4.0), TravelProfile::Walking, at(12, 0)).unwrap_err();
    assert_eq!(refused.reason, Reason::StartOutside);
    let refused =
        router.between(spot(30.0, 4.0), spot(-1.5, 6.5), TravelProfile::Walking, at(12, 0)).unwrap_err();
    assert_eq!(refused.reason, Reason::EndOutside, "the inside of a lift shaft");
    let nowhere = Spot::At { level: LevelIndex(9), point: Point::new(0.0, 0.0) };
    assert!(router.between(nowhere, spot(30.0, 4.0), TravelProfile::Walking, at(12, 0)).is_err());
}

/// The same query has the same answer, to the last bit.
#[test]
fn answers_are_identical_to_the_last_bit() {
    let small = small();
    let (one, two) = (router(small.plan.venue()), router(small.plan.venue()));
    for place in one.venue().places() {
        let ask = |r: &Router| {
            r.between(Spot::Kiosk("K1".to_owned()), Spot::Place(place.id), TravelProfile::Walking, at(12, 0))
        };
        assert_eq!(format!("{:?}", ask(&one)), format!("{:?}", ask(&two)));
    }
}

/// A hall with pillars, some of which touch, and with random closed rooms.
fn hall(blocks: &[(u8, u8, u8, u8)]) -> Venue {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 40.0, 40.0));
    for (index, (x, y, w, h)) in blocks.iter().enumerate() {
        let (x, y, w, h) = (f64::from(*x), f64::from(*y), f64::from(*w), f64::from(*h));
        let bounds = (x, y, (x + w).min(40.0), (y + h).min(40.0));
        if index % 2 == 0 {
            plan.fixture(0, bounds);
        } else {
            plan.unit(0, "nonpublic", bounds);
        }
    }
    plan.load().venue
}

/// The shortest path on a fine grid of the same floor. It is never shorter than the true one. How much
/// longer it is depends on gaps that are narrower than the grid.
fn grid_distance(router: &Router, from: Point, to: Point) -> Option<f64> {
    let network = router.state.network(TravelProfile::Walking);
    let sight = &network.sights[0];
    let step = 0.5;
    let size = 81usize;
    let point = |i: usize| Point::new((i % size) as f64 * step, (i / size) as f64 * step);
    let mut cost = vec![f64::INFINITY; size * size];
    let mut heap = std::collections::BinaryHeap::new();
    let key = |c: f64| std::cmp::Reverse((c * 1e6) as u64);
    for (i, known) in cost.iter_mut().enumerate() {
        if point(i).distance(from) < 2.0 && sight.contains(point(i)) && sight.sees(from, point(i)) {
            *known = point(i).distance(from);
            heap.push((key(*known), i));
        }
    }
    let mut done = vec![false; size * size];
    let mut best = if sight.sees(from, to) { from.distance(to) } else { f64::INFINITY };
    while let Some((_, i)) = heap.pop() {
        if std::mem::replace(&mut done[i], true) {
            continue;
        }
        if point(i).distance(to) < 2.0 && sight.sees(point(i), to) {
            best = best.min(cost[i] + point(i).distance(to));
        }
        let (x, y) = ((i % size) as i64, (i / size) as i64);
        for (dx, dy) in (-3..=3).flat_map(|dx| (-3..=3).map(move |dy| (dx, dy))) {
            let (nx, ny) = (x + dx, y + dy);
            if (0..size as i64).contains(&nx) && (0..size as i64).contains(&ny) {
                let j = (ny * size as i64 + nx) as usize;
                let next = cost[i] + point(i).distance(point(j));
                if next < cost[j] && sight.contains(point(j)) && sight.sees(point(i), point(j)) {
                    cost[j] = next;
                    heap.push((key(next), j));
                }
            }
        }
    }
    best.is_finite().then_some(best)
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(24) })]

    /// A route is as short as possible, and equally long in both directions.
    #[test]
    fn routes_are_shortest_in_both_directions(
        blocks in proptest::collection::vec((0u8..38, 0u8..38, 1u8..14, 1u8..14), 1..12),
        points in proptest::collection::vec((1.0..39.0f64, 1.0..39.0f64), 3),
    ) {
        let router = router(hall(&blocks));
        let sight = &router.state.network(TravelProfile::Walking).sights[0];
        let points: Vec<_> = points.into_iter().map(|(x, y)| Point::new(x, y)).collect();
        prop_assume!(points.iter().all(|p| sight.contains(*p)));
        let spot = |p: Point| Spot::At { level: LevelIndex(0), point: p };
        let length = |a: Point, b: Point| {
            router.between(spot(a), spot(b), TravelProfile::Walking, at(12, 0)).ok().map(|r| r.length_m)
        };
        let (ab, ba) = (length(points[0], points[1]), length(points[1], points[0]));
        match (ab, ba) {
            (Some(ab), Some(ba)) => {
                prop_assert!((ab - ba).abs() < 1e-6, "{ab} there, {ba} back");
                prop_assert!(ab >= points[0].distance(points[1]) - 1e-9);
                let grid = grid_distance(&router, points[0], points[1]);
                prop_assert!(grid.is_none_or(|g| ab <= g + 1e-6), "{ab} where the grid finds {grid:?}");
                if let (Some(ac), Some(cb)) = (length(points[0], points[2]), length(points[2], points[1])) {
                    prop_assert!(ab <= ac + cb + 1e-6, "a detour of {ac} + {cb} beats {ab}");
                }
            }
            (None, None) => prop_assert_eq!(grid_distance(&router, points[0], points[1]), None),
            _ => prop_assert!(false, "one way only: {ab:?} {ba:?}"),
        }
        if let Ok(route) = router.between(spot(points[0]), spot(points[1]), TravelProfile::Walking, at(12, 0)) {
            // The line crosses no wall and is as long as reported, therefore the route is not too short
            // either.
            assert_walks_through_no_wall(router.venue(), &route);
            let drawn: f64 = route.legs.iter().flat_map(|leg| leg.points.windows(2)).map(|w| w[0].distance(w[1])).sum();
            prop_assert!((drawn - route.length_m).abs() < 1e-6, "{drawn} m drawn, {} m reported", route.length_m);
        }
    }
}
