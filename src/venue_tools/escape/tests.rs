//! Evacuation routes: the door that they use, for each profile, and their notices.

use std::sync::Arc;

use super::*;
use wayfinding::geometry::Point;
use wayfinding::instructions::{StepKind, steps};
use wayfinding::route::{Mode, Route};
use wayfinding::testing::{VenueBuilder, at, small};
use wayfinding::venue::LevelIndex;

fn router(venue: Venue) -> Router {
    Router::new(Arc::new(venue))
}

fn modes(route: &Route) -> Vec<Mode> {
    route.legs.iter().map(|l| l.mode).collect()
}

/// Evacuation routes on foot lead to the nearest exit and never use a lift.
#[test]
fn escapes_take_the_nearest_exit_never_a_lift() {
    let mut small = small();
    let flight = small.plan.opening_of(0, "emergencyexit", (10.0, 0.0), (11.5, 0.0));
    let router = router(small.plan.venue());
    let spot = |level, x| Spot::At { level: LevelIndex(level), point: Point::new(x, 4.0) };
    let ask = |level, x, profile| escape(&router, &spot(level, x), profile, at(12, 0)).unwrap();
    assert_eq!(ask(0, 80.0, TravelProfile::Walking).safety, Safety::Exit(small.entrance));
    let near = ask(0, 12.0, TravelProfile::StepFree);
    // The emergency exit leads into a shop's wall on the south side of this plan: it is no exit.
    assert_ne!(near.safety.feature(), flight.parse().unwrap());
    for x in [5.0, 40.0, 88.0] {
        let down = ask(1, x, TravelProfile::Walking);
        assert_eq!(down.safety, Safety::Exit(small.entrance));
        assert_eq!(modes(&down.route), [Mode::Walk, Mode::Stairs, Mode::Walk], "by the stairs, from {x}");
        let wheels = ask(1, x, TravelProfile::Stroller);
        assert!(matches!(wheels.safety, Safety::Staircase(_)), "{:?}", wheels.safety);
        assert_eq!(modes(&wheels.route), [Mode::Walk]);
    }
}

/// An entrance is an exit even if the map draws the street behind it.
#[test]
fn entrances_with_a_street_behind_are_exits() {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 60.0, 6.0));
    plan.unit(0, "walkway", (60.0, 0.0, 80.0, 6.0));
    let door = plan.opening_of(0, "pedestrian.principal", (60.0, 2.0), (60.0, 4.0));
    let router = router(plan.venue());
    let from = Spot::At { level: LevelIndex(0), point: Point::new(5.0, 3.0) };
    let found = escape(&router, &from, TravelProfile::StepFree, at(12, 0)).unwrap();
    assert_eq!(found.safety, Safety::Exit(door.parse().unwrap()));
    assert!((found.route.length_m - 55.0).abs() < 0.1);
}

/// Wheels upstairs wait in the refuge rather than at the stairs.
#[test]
fn wheels_upstairs_prefer_a_refuge_to_stairs() {
    let mut plan = VenueBuilder::new(&[0, 1]);
    let upstairs = plan.unit(1, "walkway", (0.0, 0.0, 60.0, 6.0));
    plan.unit(0, "walkway", (0.0, 0.0, 60.0, 6.0));
    for ordinal in [0, 1] {
        plan.unit(ordinal, "stairs", (60.0, 0.0, 68.0, 6.0));
        plan.opening(ordinal, (60.0, 2.0), (60.0, 4.0));
    }
    plan.opening_of(0, "pedestrian.principal", (0.0, 2.0), (0.0, 4.0));
    let refuge = plan.amenity("mobilityrescue", &upstairs, (10.0, 3.0));
    let router = router(plan.venue());
    let from = Spot::At { level: LevelIndex(1), point: Point::new(50.0, 3.0) };
    let ask = |profile| escape(&router, &from, profile, at(12, 0)).unwrap().safety;
    assert_eq!(ask(TravelProfile::StepFree), Safety::Refuge(refuge));
    assert!(matches!(ask(TravelProfile::Walking), Safety::Exit(_)));
}

/// An emergency exit is open in an emergency only.
#[test]
fn emergency_exits_open_only_in_an_emergency() {
    let mut plan = VenueBuilder::new(&[0, 1]);
    for ordinal in [0, 1] {
        plan.unit(ordinal, "walkway", (0.0, 0.0, 60.0, 6.0));
    }
    let flight = plan.opening_of(1, "emergencyexit", (60.0, 2.0), (60.0, 4.0));
    let corridor = plan.unit(0, "walkway", (0.0, 6.0, 60.0, 10.0));
    plan.opening_of(0, "emergencyexit", (30.0, 6.0), (31.5, 6.0));
    plan.opening_of(0, "pedestrian.principal", (0.0, 7.0), (0.0, 9.0));
    plan.amenity("mobilityrescue", &corridor, (50.0, 8.0));
    let router = router(plan.venue());
    let spot = |level, x, y| Spot::At { level: LevelIndex(level), point: Point::new(x, y) };
    assert!(router.between(spot(0, 5.0, 3.0), spot(0, 5.0, 8.0), TravelProfile::Walking, at(12, 0)).is_err());
    let through = escape(&router, &spot(0, 5.0, 3.0), TravelProfile::StepFree, at(12, 0)).unwrap();
    assert!(matches!(through.safety, Safety::Exit(_)) && through.route.length_m > 40.0);
    let flight_id = flight.parse().unwrap();
    let upstairs = |profile| escape(&router, &spot(1, 5.0, 3.0), profile, at(12, 0)).unwrap().safety;
    assert_eq!(upstairs(TravelProfile::Walking), Safety::Exit(flight_id));
    assert_eq!(upstairs(TravelProfile::StepFree), Safety::Staircase(flight_id), "there are steps behind it");
    let downstairs = escape(&router, &spot(0, 5.0, 8.0), TravelProfile::StepFree, at(12, 0)).unwrap();
    assert!(matches!(downstairs.safety, Safety::Exit(_)), "an exit is better than a refuge");
    plan.overlay(&format!("[[closure]]\nfeature = \"{flight}\""));
    let refused =
        escape(&Router::new(Arc::new(plan.venue())), &spot(1, 5.0, 3.0), TravelProfile::Walking, at(12, 0));
    assert_eq!(refused.unwrap_err().reason, Reason::NoExit);
}

/// No evacuation route uses a door that only leads in.
#[test]
fn nobody_escapes_through_an_entrance_only_door() {
    let mut plan = VenueBuilder::new(&[0]);
    let hall = plan.unit(0, "walkway", (0.0, 0.0, 60.0, 8.0));
    let near = plan.opening(0, (0.0, 2.0), (0.0, 5.0));
    let far = plan.opening(0, (60.0, 2.0), (60.0, 5.0));
    plan.kiosk("K1", 0, (10.0, 4.0), 0.0);
    let exit = |plan: &VenueBuilder| {
        let router = Router::new(Arc::new(plan.venue()));
        let kiosk = Spot::Kiosk("K1".to_owned());
        escape(&router, &kiosk, TravelProfile::Walking, at(14, 0)).unwrap().safety.feature().to_string()
    };
    assert_eq!(exit(&plan), near);
    plan.overlay(&format!("[[door]]\nopening = \"{near}\"\none_way_to = \"{hall}\""));
    plan.overlay(&format!("[[door]]\nopening = \"{far}\"\none_way_to = \"outside\""));
    assert_eq!(exit(&plan), far);
}

/// The instructions of an evacuation route name no lift, and its notices say what to do at its end.
#[test]
fn escape_instructions_name_no_lift() {
    let small = small();
    let router = Router::new(Arc::new(small.plan.venue()));
    let start = Spot::Place(small.restroom);
    for (profile, end) in
        [(TravelProfile::Walking, "escape.exit"), (TravelProfile::StepFree, "escape.staircase")]
    {
        let found = escape(&router, &start, profile, at(12, 0)).unwrap();
        for language in Language::ALL {
            let [now, there] = notices(found.safety, language);
            assert_eq!(now, words().get(language, "escape.now"));
            assert_eq!(there, words().get(language, end), "{profile:?}");
            let shown = steps(router.venue(), &found.route, None, language, words());
            assert!(
                !shown.iter().any(|s| matches!(s.kind, StepKind::LiftUp | StepKind::LiftDown)),
                "{shown:?}"
            );
        }
    }
}

#[test]
fn a_ramp_between_levels_is_no_refuge() {
    let mut plan = VenueBuilder::new(&[0, 1]);
    plan.unit(0, "walkway", (0.0, 0.0, 30.0, 10.0));
    let upper = plan.unit(1, "walkway", (50.0, 0.0, 80.0, 10.0));
    let ramps = [0, 1].map(|ordinal| plan.unit(ordinal, "ramp", (30.0, 4.0, 50.0, 7.0)));
    plan.opening(0, (30.0, 4.2), (30.0, 6.8));
    plan.opening(1, (50.0, 4.2), (50.0, 6.8));
    let high = plan.amenity("atm", &upper, (77.0, 3.0));
    plan.overlay(&format!("[[ramp]]\nunits = [\"{}\", \"{}\"]", ramps[0], ramps[1]));
    let router = router(plan.venue());
    let out = escape(&router, &Spot::Place(high), TravelProfile::StepFree, at(14, 0));
    assert!(out.is_err(), "nothing leads out, and a ramp is no refuge");
}
