//! Nearest of a kind, several stops, changes at run time, and the way out.

use super::*;
use crate::route::{Changes, Kind, NoTrip, Order, Safety};
use crate::venue::{Closure, Service};
use domain::language::Labels;

fn place(id: &crate::venue::FeatureId) -> Spot {
    Spot::Place(*id)
}

fn closed() -> Option<Closure> {
    Some(Closure { from: None, until: None, reason: Labels::default() })
}

#[test]
fn a_kind_is_a_facility_a_group_or_a_category_with_all_that_it_contains() {
    assert_eq!(Kind::of("ATM"), Kind::Facility(Facility::Atm));
    assert_eq!(Kind::of("food"), Kind::Group(crate::venue::Group::Food));
    let small = small();
    let venue = small.plan.venue();
    let of = |text: &str| venue.places().iter().filter(|p| Kind::of(text).is(p)).count();
    assert_eq!(of("clothing"), 19);
    assert_eq!(of("cloth"), 0, "a part of a word is no category");
    assert_eq!((of("restroom"), of("elevator"), of("pedestrian")), (1, 2, 1));
}

/// Shops on two levels, right above each other, joined by stairs.
#[test]
fn the_nearest_is_on_this_level_unless_another_one_is_half_a_minute_nearer() {
    let mut plan = Plan::new(&[0, 1]);
    for ordinal in [0, 1] {
        plan.unit(ordinal, "walkway", (0.0, 0.0, 200.0, 6.0));
        plan.unit(ordinal, "stairs", (-8.0, 1.0, 0.0, 5.0));
        plan.opening(ordinal, (0.0, 2.0), (0.0, 4.0));
    }
    let unit = |plan: &mut Plan, ordinal: i32, x: f64| {
        let unit = plan.unit(ordinal, "room", (x, 6.0, x + 10.0, 16.0));
        plan.opening(ordinal, (x + 4.0, 6.0), (x + 6.0, 6.0));
        unit
    };
    let here = unit(&mut plan, 0, 60.0);
    let here = plan.amenity("atm", &here, (65.0, 10.0));
    let above = unit(&mut plan, 1, 0.0);
    let above = plan.amenity("atm", &above, (5.0, 10.0));
    let router = router(plan.venue());
    let ask = |x: f64| {
        let from = Spot::At { level: LevelIndex(0), point: Point::new(x, 3.0) };
        router.tree_from(from, Profile::Walking, at(12, 0)).unwrap().nearest_of(&Kind::of("atm"), 5)
    };
    // From x = 30: 29 s on this level, some 50 s upstairs. From x = 5: 50 s here, 31 s upstairs.
    let (far, near) = (ask(30.0), ask(5.0));
    assert_eq!([far[0].place, far[1].place], [here, above]);
    assert!(near[1].time_s + 30.0 > near[0].time_s && near[1].time_s < near[0].time_s, "{near:?}");
    assert_eq!(near[0].place, here, "nineteen seconds are not worth a change of level");
    assert_eq!((far[0].level, far[1].level), (LevelIndex(0), LevelIndex(1)));
}

#[test]
fn what_is_closed_on_arrival_comes_after_what_is_open() {
    let mut plan = Plan::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 100.0, 6.0));
    let mut bank = |x: f64, hours: &str| {
        let unit = plan.unit(0, "room", (x, 6.0, x + 10.0, 16.0));
        plan.opening(0, (x + 4.0, 6.0), (x + 6.0, 6.0));
        let properties = serde_json::json!({"category": "bank.private", "hours": hours});
        plan.shop_with("Bank", &unit, (x + 5.0, 10.0), properties)
    };
    let (near, far) = (bank(0.0, "Mo-Fr 09:00-12:01"), bank(80.0, "24/7"));
    plan.kiosk("K1", 0, (5.0, 3.0), 0.0);
    let router = router(plan.venue());
    let ask = |minute| {
        let tree = router.tree_from(Spot::Kiosk("K1".to_owned()), Profile::Walking, at(12, minute)).unwrap();
        let found = tree.nearest_of(&Kind::of("bank"), 2);
        found.iter().map(|n| (n.place, n.closed)).collect::<Vec<_>>()
    };
    assert_eq!(ask(0), [(near, false), (far, false)]);
    assert_eq!(ask(2), [(far, false), (near, true)]);
}

#[test]
fn walk_times_for_a_whole_list_come_in_one_call() {
    let small = small();
    let router = router(small.plan.venue());
    let tree = router.tree_from(place(&small.shops[0]), Profile::StepFree, at(12, 0)).unwrap();
    let times = tree.times_s(&small.shops);
    assert_eq!(times[0], Some(0.0));
    for (shop, time) in small.shops.iter().zip(times) {
        let route = router.between(place(&small.shops[0]), place(shop), Profile::StepFree, at(12, 0));
        assert!((route.unwrap().time_s - time.unwrap()).abs() < 1e-6);
    }
}

#[test]
fn the_best_order_of_stops_is_no_longer_than_any_other() {
    let small = small();
    let router = router(small.plan.venue());
    let stops: Vec<Spot> = [0, 13, 4, 11, 7, 2].iter().map(|i| place(&small.shops[*i])).collect();
    let cost = |order: &[usize]| {
        let stops: Vec<Spot> = order.iter().map(|i| stops[*i].clone()).collect();
        let trip = router.trip(&stops, Order::Given, Profile::StepFree, at(12, 0)).unwrap();
        (trip.time_s(), trip.length_m())
    };
    let best = router.trip(&stops, Order::Best, Profile::StepFree, at(12, 0)).unwrap();
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

#[test]
fn of_two_doors_of_a_stop_the_one_that_suits_both_ways_is_taken() {
    let mut plan = Plan::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 100.0, 6.0));
    let shop = plan.unit(0, "room", (30.0, 6.0, 70.0, 16.0));
    // The western door is nearer to the start; beyond the shop one leaves by the eastern one.
    plan.opening(0, (31.0, 6.0), (33.0, 6.0));
    plan.opening(0, (67.0, 6.0), (69.0, 6.0));
    let shop = plan.shop("Passage", "clothing", &shop, (50.0, 11.0));
    let router = router(plan.venue());
    let spot = |x| Spot::At { level: LevelIndex(0), point: Point::new(x, 3.0) };
    let stops = [spot(10.0), place(&shop), spot(95.0)];
    let trip = router.trip(&stops, Order::Given, Profile::Walking, at(12, 0)).unwrap();
    assert_eq!(trip.routes[0].end(), trip.routes[1].start(), "one goes on where one came in");
    assert!(trip.length_m() < 90.0, "{}", trip.length_m());
    // From the east of the western door and back, the nearer door is the better one both times.
    let stops = [spot(10.0), place(&shop), spot(12.0)];
    let trip = router.trip(&stops, Order::Given, Profile::Walking, at(12, 0)).unwrap();
    assert!(trip.routes[0].end().1.x < 40.0);
}

#[test]
fn a_trip_with_a_stop_that_cannot_be_reached_says_which_one_and_why() {
    let mut small = small();
    small.plan.overlay(&format!("[[lift]]\nunits = [\"{}\"]\nstate = \"out-of-service\"", small.lift[0]));
    let router = router(small.plan.venue());
    let stops: Vec<Spot> = [0, 1, 14, 2].iter().map(|i| place(&small.shops[*i])).collect();
    for order in [Order::Given, Order::Best] {
        match router.trip(&stops, order, Profile::StepFree, at(12, 0)).unwrap_err() {
            NoTrip::Refused { stop, refused } => {
                assert_eq!(stop, 2, "{order:?}");
                assert!(matches!(refused.reason, Reason::Closed(_)), "{refused}");
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(router.trip(&stops[..1], Order::Given, Profile::Walking, at(12, 0)), Err(NoTrip::TooFew));
    let many = vec![stops[0].clone(); 11];
    assert_eq!(router.trip(&many, Order::Best, Profile::Walking, at(12, 0)), Err(NoTrip::TooMany));
}

#[test]
fn a_change_at_run_time_is_as_good_as_one_in_the_map_and_measures_nothing_anew() {
    let mut small = small();
    let open = router(small.plan.venue());
    open.prepare();
    let lift = small.lift[0].parse().unwrap();
    let door: crate::venue::FeatureId = small.lift_doors[1].parse().unwrap();
    small.plan.overlay(&format!("[[closure]]\nfeature = \"{door}\""));
    let mapped = router(small.plan.venue());
    let changed = open.with_changes(&Changes { closures: vec![(door, closed())], ..Changes::default() });
    let changed = changed.unwrap();
    assert!(std::ptr::eq(open.ways.network(Profile::StepFree), changed.ways.network(Profile::StepFree)));
    for profile in Profile::ALL {
        for shop in &small.shops {
            let ask = |r: &Router| r.between(place(&small.shops[0]), place(shop), profile, at(12, 0));
            assert_eq!(ask(&changed), ask(&mapped), "{profile:?}");
        }
    }
    let out = Changes { services: vec![(lift, Service::Out)], ..Changes::default() };
    let out = changed.with_changes(&out).unwrap();
    let refused = out.between(place(&small.shops[0]), place(&small.restroom), Profile::StepFree, at(12, 0));
    assert_eq!(refused.unwrap_err().reason, Reason::Closed(vec![lift]), "the door is open again");
    let unknown = "00000000-0000-4000-8000-0000000000ff".parse().unwrap();
    let wrong = Changes { closures: vec![(unknown, None)], ..Changes::default() };
    assert_eq!(open.with_changes(&wrong).err(), Some(Reason::UnknownPlace(unknown)));
}

#[test]
fn what_is_missing_suffices_once_it_is_open() {
    let small = small();
    let map = small.plan.venue();
    let doors: Vec<_> = map.openings().iter().map(|o| o.id).collect();
    let map = router(map);
    // Every third door closed, then every fifth: whatever is named as missing makes a way when opened.
    for step in [2, 3, 5] {
        let shut: Vec<_> = doors.iter().copied().step_by(step).collect();
        let with = |open: &[crate::venue::FeatureId]| {
            let closures = shut.iter().filter(|d| !open.contains(d)).map(|d| (*d, closed())).collect();
            map.with_changes(&Changes { closures, ..Changes::default() }).unwrap()
        };
        let router = with(&[]);
        for (profile, shop) in Profile::ALL.iter().flat_map(|p| small.shops.iter().map(move |s| (*p, s))) {
            let ask = |r: &Router| r.between(Spot::Kiosk("K1".to_owned()), place(shop), profile, at(12, 0));
            if let Err(refused) = ask(&router) {
                let Reason::Closed(missing) = &refused.reason else { panic!("{profile:?} {refused}") };
                assert!(ask(&with(missing)).is_ok(), "{profile:?}: {missing:?} opened");
                let as_far = refused.as_far_as.unwrap();
                assert_walks_through_no_wall(router.venue(), &as_far.route);
            }
        }
    }
}

#[test]
fn those_who_flee_leave_by_the_nearest_exit_on_foot_and_never_by_lift() {
    let mut small = small();
    let flight = small.plan.opening_of(0, "emergencyexit", (10.0, 0.0), (11.5, 0.0));
    let router = router(small.plan.venue());
    let spot = |level, x| Spot::At { level: LevelIndex(level), point: Point::new(x, 4.0) };
    let ask = |level, x, profile| router.escape(&spot(level, x), profile, at(12, 0)).unwrap();
    assert_eq!(ask(0, 80.0, Profile::Walking).safety, Safety::Exit(small.entrance));
    let near = ask(0, 12.0, Profile::StepFree);
    // The emergency exit leads into a shop's wall on this plan's south side: it is no way out.
    assert_ne!(near.safety.feature(), flight.parse().unwrap());
    for x in [5.0, 40.0, 88.0] {
        let down = ask(1, x, Profile::Walking);
        assert_eq!(down.safety, Safety::Exit(small.entrance));
        assert_eq!(modes(&down.route), [Mode::Walk, Mode::Stairs, Mode::Walk], "by the stairs, from {x}");
        let wheels = ask(1, x, Profile::Stroller);
        assert!(matches!(wheels.safety, Safety::Staircase(_)), "{:?}", wheels.safety);
        assert_eq!(modes(&wheels.route), [Mode::Walk]);
    }
}

#[test]
fn an_entrance_is_a_way_out_even_where_the_map_draws_the_street_behind_it() {
    let mut plan = Plan::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 60.0, 6.0));
    plan.unit(0, "walkway", (60.0, 0.0, 80.0, 6.0));
    let door = plan.opening_of(0, "pedestrian.principal", (60.0, 2.0), (60.0, 4.0));
    let router = router(plan.venue());
    let from = Spot::At { level: LevelIndex(0), point: Point::new(5.0, 3.0) };
    let escape = router.escape(&from, Profile::StepFree, at(12, 0)).unwrap();
    assert_eq!(escape.safety, Safety::Exit(door.parse().unwrap()));
    assert!((escape.route.length_m - 55.0).abs() < 0.1);
}

#[test]
fn wheels_upstairs_wait_in_the_refuge_rather_than_at_the_stairs() {
    let mut plan = Plan::new(&[0, 1]);
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
    let ask = |profile| router.escape(&from, profile, at(12, 0)).unwrap().safety;
    assert_eq!(ask(Profile::StepFree), Safety::Refuge(refuge));
    assert!(matches!(ask(Profile::Walking), Safety::Exit(_)));
}

#[test]
fn an_emergency_exit_is_open_to_those_who_flee_and_to_nobody_else() {
    let mut plan = Plan::new(&[0, 1]);
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
    assert!(router.between(spot(0, 5.0, 3.0), spot(0, 5.0, 8.0), Profile::Walking, at(12, 0)).is_err());
    let through = router.escape(&spot(0, 5.0, 3.0), Profile::StepFree, at(12, 0)).unwrap();
    assert!(matches!(through.safety, Safety::Exit(_)) && through.route.length_m > 40.0);
    let flight_id = flight.parse().unwrap();
    let upstairs = |profile| router.escape(&spot(1, 5.0, 3.0), profile, at(12, 0)).unwrap().safety;
    assert_eq!(upstairs(Profile::Walking), Safety::Exit(flight_id));
    assert_eq!(upstairs(Profile::StepFree), Safety::Staircase(flight_id), "there are steps behind it");
    let downstairs = router.escape(&spot(0, 5.0, 8.0), Profile::StepFree, at(12, 0)).unwrap();
    assert!(matches!(downstairs.safety, Safety::Exit(_)), "an exit is better than a refuge");
    let shut = Changes { closures: vec![(flight.parse().unwrap(), closed())], ..Changes::default() };
    let refused = router.with_changes(&shut).unwrap().escape(&spot(1, 5.0, 3.0), Profile::Walking, at(12, 0));
    assert_eq!(refused.unwrap_err().reason, Reason::NoExit);
}
