//! Refusals: the missing link is named, and the route goes as far as it can.

use super::*;
use crate::route::NoRoute;

fn refused(router: &Router, to: Spot, profile: TravelProfile) -> NoRoute {
    router.between(Spot::Kiosk("K1".to_owned()), to, profile, at(12, 0)).unwrap_err()
}

fn spot(level: usize, x: f64, y: f64) -> Spot {
    Spot::At { level: LevelIndex(level), point: Point::new(x, y) }
}

/// Three corridors in a row, with a door between each two.
fn in_a_row() -> (VenueBuilder, [String; 2]) {
    let mut plan = VenueBuilder::new(&[0]);
    for i in 0..3 {
        let x = f64::from(i) * 20.0;
        plan.unit(0, "walkway", (x, 0.0, x + 20.0, 6.0));
    }
    let doors = [20.0, 40.0].map(|x| plan.opening(0, (x, 2.0), (x, 4.0)));
    plan.kiosk("K1", 0, (5.0, 3.0), 90.0);
    (plan, doors)
}

fn close(plan: &mut VenueBuilder, feature: &str) {
    plan.overlay(&format!("[[closure]]\nfeature = \"{feature}\""));
}

/// The route ends before a closed door, and the remaining distance is measured from there.
#[test]
fn partial_routes_stop_before_closed_doors() {
    let (mut plan, doors) = in_a_row();
    close(&mut plan, &doors[1]);
    let router = router(plan.venue());
    let refused = refused(&router, spot(0, 55.0, 3.0), TravelProfile::Walking);
    assert_eq!(refused.reason, Reason::Closed(vec![doors[1].parse().unwrap()]));
    let as_far = refused.as_far_as.unwrap();
    let (_, point) = as_far.route.end();
    assert!((39.0..40.0).contains(&point.x) && (2.0..4.0).contains(&point.y), "{point:?}");
    let straight = point.distance(Point::new(55.0, 3.0));
    assert!((as_far.remaining_m - straight).abs() < 0.1, "{}", as_far.remaining_m);
    assert_walks_through_no_wall(router.venue(), &as_far.route);
}

/// Two closed doors on one route are both named, in the order of the route.
#[test]
fn consecutive_closed_doors_are_named_in_order() {
    let (mut plan, doors) = in_a_row();
    close(&mut plan, &doors[1]);
    close(&mut plan, &doors[0]);
    let refused = refused(&router(plan.venue()), spot(0, 55.0, 3.0), TravelProfile::Walking);
    let named = doors.map(|d| d.parse().unwrap()).to_vec();
    assert_eq!(refused.reason, Reason::Closed(named));
    let point = refused.as_far_as.unwrap().route.end().1;
    assert!(point.x < 20.0 && point.x > 19.0, "{point:?}");
}

/// With the lift out of service, the route ends at its door.
#[test]
fn partial_routes_end_at_the_broken_lift() {
    let mut small = small();
    small.plan.overlay(&format!("[[lift]]\nunits = [\"{}\"]\nstate = \"out-of-service\"", small.lift[0]));
    let router = router(small.plan.venue());
    let refused = refused(&router, Spot::Place(small.restroom), TravelProfile::StepFree);
    let as_far = refused.as_far_as.unwrap();
    let (level, point) = as_far.route.end();
    assert_eq!(level, LevelIndex(0));
    assert!(point.distance(Point::new(0.0, 6.5)) < 0.2, "{point:?}");
    assert!((50.0..60.0).contains(&as_far.remaining_m), "{}", as_far.remaining_m);
    assert!(refused.nearest_reachable.is_some());
}

/// A refusal for wheels names the stairs or steps that block them.
#[test]
fn wheels_learn_which_steps_block_them() {
    let mut plan = VenueBuilder::new(&[0, 1]);
    let mut stairs = Vec::new();
    for ordinal in [0, 1] {
        plan.unit(ordinal, "walkway", (0.0, 0.0, 20.0, 6.0));
        stairs.push(plan.unit(ordinal, "stairs", (20.0, 0.0, 28.0, 6.0)));
        plan.opening(ordinal, (20.0, 1.0), (20.0, 5.0));
    }
    let steps = plan.unit(1, "steps", (0.0, 6.0, 20.0, 8.0));
    plan.opening(1, (8.0, 6.0), (12.0, 6.0));
    plan.unit(1, "walkway", (0.0, 8.0, 20.0, 14.0));
    plan.opening(1, (8.0, 8.0), (12.0, 8.0));
    plan.kiosk("K1", 0, (2.0, 3.0), 90.0);
    let router = router(plan.venue());
    let refused = refused(&router, spot(1, 10.0, 11.0), TravelProfile::Stroller);
    let named = vec![stairs[0].parse().unwrap(), steps.parse().unwrap()];
    assert_eq!(refused.reason, Reason::OnlyWithSteps(named));
    let (level, point) = refused.as_far_as.unwrap().route.end();
    assert_eq!(level, LevelIndex(0));
    assert!(point.x > 17.0, "at the foot of the stairs: {point:?}");
}

/// A refusal for wheels names a door that is too narrow for them.
#[test]
fn narrow_doors_are_named_to_wheels() {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
    plan.unit(0, "walkway", (20.0, 0.0, 40.0, 6.0));
    let narrow = plan.opening(0, (20.0, 3.0), (20.0, 3.75));
    plan.kiosk("K1", 0, (5.0, 3.0), 90.0);
    let refused = refused(&router(plan.venue()), spot(0, 30.0, 3.0), TravelProfile::StepFree);
    assert_eq!(refused.reason, Reason::OnlyWithSteps(vec![narrow.parse().unwrap()]));
}

/// A place without any connection is reported as such, and a reachable place near it is named.
#[test]
fn unconnected_places_have_a_reachable_neighbour() {
    let mut small = small();
    small.plan.unit(0, "walkway", (100.0, 0.0, 120.0, 8.0));
    let router = router(small.plan.venue());
    let refused = refused(&router, spot(0, 110.0, 4.0), TravelProfile::Walking);
    assert_eq!(refused.reason, Reason::NotConnected);
    assert_eq!((refused.as_far_as, refused.nearest_reachable), (None, Some(small.entrance)));
}
