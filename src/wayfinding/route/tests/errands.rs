//! The nearest places of a kind, and the missing links of refusals.

use super::*;
use crate::route::PlaceFilter;

fn place(id: &crate::venue::FeatureId) -> Spot {
    Spot::Place(*id)
}

/// A filter is a facility, a group, or a category with its subcategories.
#[test]
fn filters_admit_facilities_groups_and_categories() {
    assert_eq!(PlaceFilter::of("ATM"), PlaceFilter::Facility(Facility::Atm));
    assert_eq!(PlaceFilter::of("food"), PlaceFilter::Group(crate::venue::Group::Food));
    let small = small();
    let venue = small.plan.venue();
    let of = |text: &str| venue.places().iter().filter(|p| PlaceFilter::of(text).admits(p)).count();
    assert_eq!(of("clothing"), 19);
    assert_eq!(of("cloth"), 0, "a part of a word is no category");
    assert_eq!((of("restroom"), of("elevator"), of("pedestrian")), (1, 2, 1));
}

/// Shops on two levels, right above each other, joined by stairs.
#[test]
fn other_levels_count_half_a_minute() {
    let mut plan = VenueBuilder::new(&[0, 1]);
    for ordinal in [0, 1] {
        plan.unit(ordinal, "walkway", (0.0, 0.0, 200.0, 6.0));
        plan.unit(ordinal, "stairs", (-8.0, 1.0, 0.0, 5.0));
        plan.opening(ordinal, (0.0, 2.0), (0.0, 4.0));
    }
    let unit = |plan: &mut VenueBuilder, ordinal: i32, x: f64| {
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
        router
            .tree_from(from, TravelProfile::Walking, at(12, 0))
            .unwrap()
            .nearest_of(&PlaceFilter::of("atm"), 5)
    };
    // From x = 30: 29 s on this level, some 50 s upstairs. From x = 5: 50 s here, 31 s upstairs.
    let (far, near) = (ask(30.0), ask(5.0));
    assert_eq!([far[0].place, far[1].place], [here, above]);
    assert!(near[1].time_s + 30.0 > near[0].time_s && near[1].time_s < near[0].time_s, "{near:?}");
    assert_eq!(near[0].place, here, "nineteen seconds are not worth a change of level");
    assert_eq!((far[0].level, far[1].level), (LevelIndex(0), LevelIndex(1)));
}

/// Places that are closed on arrival come after open ones.
#[test]
fn open_places_come_before_closed_ones() {
    let mut plan = VenueBuilder::new(&[0]);
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
        let tree =
            router.tree_from(Spot::Kiosk("K1".to_owned()), TravelProfile::Walking, at(12, minute)).unwrap();
        let found = tree.nearest_of(&PlaceFilter::of("bank"), 2);
        found.iter().map(|n| (n.place, n.closed)).collect::<Vec<_>>()
    };
    assert_eq!(ask(0), [(near, false), (far, false)]);
    assert_eq!(ask(2), [(far, false), (near, true)]);
}

/// One call returns the walk times for a whole list.
#[test]
fn walk_times_come_for_whole_lists() {
    let small = small();
    let router = router(small.plan.venue());
    let tree = router.tree_from(place(&small.shops[0]), TravelProfile::StepFree, at(12, 0)).unwrap();
    let times = tree.times_s(&small.shops);
    assert_eq!(times[0], Some(0.0));
    for (shop, time) in small.shops.iter().zip(times) {
        let route = router.between(place(&small.shops[0]), place(shop), TravelProfile::StepFree, at(12, 0));
        assert!((route.unwrap().time_s - time.unwrap()).abs() < 1e-6);
    }
}

#[test]
fn what_is_missing_suffices_once_it_is_open() {
    let shops = small().shops;
    let doors: Vec<_> = small().plan.venue().openings().iter().map(|o| o.id).collect();
    // Every second, third or fifth door is closed: opening the doors that are named as missing gives a
    // route.
    for step in [2, 3, 5] {
        let shut: Vec<_> = doors.iter().copied().step_by(step).collect();
        let with = |open: &[crate::venue::FeatureId]| {
            let mut small = small();
            for door in shut.iter().filter(|d| !open.contains(d)) {
                small.plan.overlay(&format!("[[closure]]\nfeature = \"{door}\""));
            }
            router(small.plan.venue())
        };
        let shut_in = with(&[]);
        for (profile, shop) in TravelProfile::ALL.iter().flat_map(|p| shops.iter().map(move |s| (*p, s))) {
            let ask = |r: &Router| r.between(Spot::Kiosk("K1".to_owned()), place(shop), profile, at(12, 0));
            if let Err(refused) = ask(&shut_in) {
                let Reason::Closed(missing) = &refused.reason else { panic!("{profile:?} {refused}") };
                assert!(ask(&with(missing)).is_ok(), "{profile:?}: {missing:?} opened");
                let as_far = refused.as_far_as.unwrap();
                assert_walks_through_no_wall(shut_in.venue(), &as_far.route);
            }
        }
    }
}
