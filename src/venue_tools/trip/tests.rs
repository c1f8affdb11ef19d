//! Trips: the best order, the better door, and the stop that cannot be reached.

use std::sync::Arc;

use super::*;
use wayfinding::geometry::Point;
use wayfinding::testing::{VenueBuilder, at, small};
use wayfinding::venue::{LevelIndex, Venue};

fn router(venue: Venue) -> Router {
    Router::new(Arc::new(venue))
}

fn place(id: &wayfinding::venue::FeatureId) -> Spot {
    Spot::Place(*id)
}

/// The best order of stops is at least as short as any other.
#[test]
fn the_best_order_beats_every_other() {
    let small = small();
    let router = router(small.plan.venue());
    let stops: Vec<Spot> = [0, 13, 4, 11, 7, 2].iter().map(|i| place(&small.shops[*i])).collect();
    let cost = |order: &[usize]| {
        let stops: Vec<Spot> = order.iter().map(|i| stops[*i].clone()).collect();
        let found = trip(&router, &stops, Order::Given, TravelProfile::StepFree, at(12, 0)).unwrap();
        (found.time_s(), found.length_m())
    };
    let best = trip(&router, &stops, Order::Best, TravelProfile::StepFree, at(12, 0)).unwrap();
    let mut least = f64::INFINITY;
    for a in 1..5 {
        for b in (1..5).filter(|b| *b != a) {
            for c in (1..5).filter(|c| ![a, b].contains(c)) {
                let d = 10 - a - b - c;
                least = least.min(cost(&[0, a, b, c, d, 5]).0);
            }
        }
    }
    assert_eq!(best.order.last(), Some(&5));
    assert!((best.time_s() - least).abs() < 1e-6, "{} where {least} is possible", best.time_s());
    let order: Vec<usize> = std::iter::once(0).chain(best.order.iter().copied()).collect();
    assert!((cost(&order).1 - best.length_m()).abs() < 1e-6);
}

/// Of two doors of a stop, the trip uses the one that suits both routes.
#[test]
fn stops_use_the_door_that_suits_both_ways() {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 100.0, 6.0));
    let shop = plan.unit(0, "room", (30.0, 6.0, 70.0, 16.0));
    // The western door is nearer to the start; a trip to the other side of the shop leaves by the eastern
    // one.
    plan.opening(0, (31.0, 6.0), (33.0, 6.0));
    plan.opening(0, (67.0, 6.0), (69.0, 6.0));
    let shop = plan.shop("Passage", "clothing", &shop, (50.0, 11.0));
    let router = router(plan.venue());
    let spot = |x| Spot::At { level: LevelIndex(0), point: Point::new(x, 3.0) };
    let stops = [spot(10.0), place(&shop), spot(95.0)];
    let found = trip(&router, &stops, Order::Given, TravelProfile::Walking, at(12, 0)).unwrap();
    assert_eq!(found.routes[0].end(), found.routes[1].start(), "one goes on where one came in");
    assert!(found.length_m() < 90.0, "{}", found.length_m());
    // If start and end are both west of the shop, the western door is better for both routes.
    let stops = [spot(10.0), place(&shop), spot(12.0)];
    let found = trip(&router, &stops, Order::Given, TravelProfile::Walking, at(12, 0)).unwrap();
    assert!(found.routes[0].end().1.x < 40.0);
}

/// A trip with an unreachable stop names the stop and the reason.
#[test]
fn unreachable_stops_are_named_with_the_reason() {
    let mut small = small();
    small.plan.overlay(&format!("[[lift]]\nunits = [\"{}\"]\nstate = \"out-of-service\"", small.lift[0]));
    let router = router(small.plan.venue());
    let stops: Vec<Spot> = [0, 1, 14, 2].iter().map(|i| place(&small.shops[*i])).collect();
    for order in [Order::Given, Order::Best] {
        match trip(&router, &stops, order, TravelProfile::StepFree, at(12, 0)).unwrap_err() {
            NoTrip::Refused { stop, refused } => {
                assert_eq!(stop, 2, "{order:?}");
                assert!(matches!(refused.reason, Reason::Closed(_)), "{refused}");
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(
        trip(&router, &stops[..1], Order::Given, TravelProfile::Walking, at(12, 0)),
        Err(NoTrip::TooFew)
    );
    let many = vec![stops[0].clone(); 11];
    assert_eq!(trip(&router, &many, Order::Best, TravelProfile::Walking, at(12, 0)), Err(NoTrip::TooMany));
}
