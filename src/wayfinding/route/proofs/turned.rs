//! One-way elements and ramps, compared with brute force: gates, exits, moving walkways.

use std::sync::Arc;

use serde_json::{Value, json};

use super::whole::{cheapest, cost, followed};
use super::world::World;
use crate::route::{Mode, NoRoute, Reason, Route, Router, Spot, TravelProfile};
use crate::testing::{VenueBuilder, at};
use crate::venue::{FeatureId, Severity, TravelDirection, UnitKind, Venue};

const SAME: f64 = 1e-6;

fn unit(id: &str) -> Value {
    json!({"id": id, "feature_type": "unit"})
}

fn opening(id: &str) -> Value {
    json!({"id": id, "feature_type": "opening"})
}

/// Checks that every route of a venue costs as much as by brute force, and that there is none where it
/// finds none.
fn assert_right(venue: &Arc<Venue>) -> usize {
    let router = Router::new(venue.clone());
    let mut found = 0;
    for profile in TravelProfile::ALL {
        let world = World::new(venue, profile, at(14, 0));
        let places = venue.places().iter().map(|p| Spot::Place(p.id));
        let spots: Vec<Spot> =
            places.chain(venue.kiosks().iter().map(|k| Spot::Kiosk(k.code.clone()))).collect();
        for a in &spots {
            for b in spots.iter().filter(|b| *b != a) {
                let (starts, goals) = (world.stands(a), world.stands(b));
                let right = cheapest(&world, &starts, &goals).map(|t| t.cost);
                let ours = router.between(a.clone(), b.clone(), profile, at(14, 0)).ok();
                let ours = ours.map(|r| followed(&world, &r, &starts, &goals).unwrap().cost);
                let same = match (ours, right) {
                    (Some(ours), Some(right)) => (ours - right).abs() < SAME,
                    (ours, right) => ours.is_none() && right.is_none(),
                };
                assert!(same, "{profile:?} {a:?} → {b:?}: {ours:?} is not {right:?}");
                found += usize::from(ours.is_some());
            }
        }
    }
    found
}

fn ask(venue: &Arc<Venue>, from: FeatureId, to: FeatureId, profile: TravelProfile) -> Result<Route, NoRoute> {
    let router = Router::new(venue.clone());
    router.between(Spot::Place(from), Spot::Place(to), profile, at(14, 0))
}

/// A door that the map draws twice is passed only once.
#[test]
fn doors_drawn_twice_are_passed_once() {
    let arrival = |doors: usize, offset: f64| {
        let mut plan = VenueBuilder::new(&[0]);
        plan.unit(0, "walkway", (0.0, 0.0, 40.0, 6.0));
        let hall = plan.unit(0, "room", (10.1, 6.0, 20.3, 14.0));
        let shop = plan.unit(0, "room", (10.1, 14.0, 20.3, 20.0));
        plan.opening(0, (15.0, 14.0), (16.5, 14.0));
        for n in 0..doors {
            let shift = offset * n as f64;
            plan.opening_with(
                0,
                (12.3 + shift, 6.0),
                (13.9 + shift, 6.0),
                json!({"category": "pedestrian", "door": {"type": "swinging"}}),
            );
        }
        let inner = plan.shop("Behind", "clothing", &shop, (15.0, 17.0));
        let outer = plan.shop("Twice", "clothing", &hall, (15.0, 10.0));
        plan.kiosk("K1", 0, (30.0, 2.0), 0.0);
        let loaded = plan.load();
        let twins = loaded.findings.iter().filter(|f| f.rule == "OpeningMustBeDrawnOnce").count();
        assert_eq!(twins, doors - 1);
        let venue = Arc::new(loaded.venue);
        assert_right(&venue);
        let router = Router::new(venue);
        let kiosk = Spot::Kiosk("K1".to_owned());
        [inner, outer].map(|to| cost(&router, &kiosk, &Spot::Place(to), TravelProfile::Walking).unwrap())
    };
    let once = arrival(1, 0.0);
    for (twice, slack) in [(arrival(2, 0.0), SAME), (arrival(2, 0.05), 0.2), (arrival(3, 0.0), SAME)] {
        assert!(
            (once[0] - twice[0]).abs() <= slack && (once[1] - twice[1]).abs() <= slack,
            "{once:?} {twice:?}"
        );
    }
}

/// A door that is drawn twice is closed by a closure of either drawing.
#[test]
fn either_closure_closes_a_door_drawn_twice() {
    for closed in [0, 1] {
        let mut plan = VenueBuilder::new(&[0]);
        plan.unit(0, "walkway", (0.0, 0.0, 40.0, 6.0));
        let beyond = plan.unit(0, "walkway", (0.0, 6.0, 40.0, 12.0));
        let twins = [0, 1].map(|_| plan.opening(0, (5.0, 6.0), (7.0, 6.0)));
        let shop = plan.amenity("atm", &beyond, (20.0, 9.0));
        plan.kiosk("K1", 0, (30.0, 2.0), 0.0);
        plan.overlay(&format!("[[closure]]\nfeature = \"{}\"", twins[closed]));
        let router = Router::new(Arc::new(plan.venue()));
        let refused = router.between(
            Spot::Kiosk("K1".to_owned()),
            Spot::Place(shop),
            TravelProfile::Walking,
            at(14, 0),
        );
        assert!(matches!(refused, Err(NoRoute { reason: Reason::Closed(_), .. })), "{refused:?}");
    }
}

/// Two halls with a gate into the second one and another gate out of it; a shop with its own exit; and a
/// shop with an entrance from the first hall and an exit to the second.
fn gates(by_overlay: bool) -> (VenueBuilder, Vec<FeatureId>) {
    let mut plan = VenueBuilder::new(&[0]);
    let first = plan.unit(0, "walkway", (0.0, 0.0, 40.0, 10.0));
    let second = plan.unit(0, "walkway", (0.0, 10.0, 40.0, 20.0));
    let shop = plan.unit(0, "room", (40.0, 4.0, 52.0, 16.0));
    let last = plan.unit(0, "room", (-12.0, 10.0, 0.0, 20.0));
    let gates = [
        (plan.opening(0, (5.0, 10.0), (7.0, 10.0)), &first, &second),
        (plan.opening(0, (33.0, 10.0), (35.0, 10.0)), &second, &first),
        (plan.opening(0, (40.0, 5.0), (40.0, 7.0)), &first, &shop),
        (plan.opening(0, (40.0, 15.0), (40.0, 13.0)), &shop, &second),
    ];
    plan.opening(0, (0.0, 12.0), (0.0, 14.0));
    for (gate, from, to) in gates {
        if by_overlay {
            plan.overlay(&format!("[[door]]\nopening = \"{gate}\"\none_way_to = \"{to}\""));
        } else {
            plan.relationship(json!({"category": "traversal", "direction": "directed", "origin": unit(from),
                "intermediary": [opening(&gate)], "destination": unit(to), "hours": null}));
        }
    }
    plan.kiosk("K1", 0, (20.0, 5.0), 0.0);
    let places = vec![
        plan.amenity("atm", &first, (2.0, 2.0)),
        plan.amenity("atm", &second, (20.0, 18.0)),
        plan.shop("Through", "clothing", &shop, (46.0, 10.0)),
        plan.shop("Last", "clothing", &last, (-6.0, 15.0)),
    ];
    (plan, places)
}

/// Gates are passed in their direction only.
#[test]
fn gates_are_passed_in_their_direction_only() {
    for by_overlay in [false, true] {
        let (plan, places) = gates(by_overlay);
        let venue = Arc::new(plan.venue());
        let flows: Vec<TravelDirection> = venue.openings().iter().map(|o| o.direction).collect();
        assert_eq!(flows.iter().filter(|f| **f == TravelDirection::Both).count(), 1, "{flows:?}");
        assert_eq!(assert_right(&venue), 3 * 20, "all of it is one round");
        let length =
            |a: usize, b: usize| ask(&venue, places[a], places[b], TravelProfile::Walking).unwrap().length_m;
        assert!(length(1, 0) > length(0, 1) + 10.0, "one gate is near, the other one far");
        // Into the shop from the first hall, out of it into the second.
        let end = ask(&venue, places[1], places[2], TravelProfile::Walking).unwrap().end().1;
        assert!(end.y < 8.0, "{end:?}");
        let start = ask(&venue, places[2], places[0], TravelProfile::Walking).unwrap().start().1;
        assert!(start.y > 12.0, "{start:?}");
    }
}

/// A one-way gate without a second gate leaves no route back.
#[test]
fn one_way_gates_leave_no_way_back() {
    let mut plan = VenueBuilder::new(&[0]);
    let first = plan.unit(0, "walkway", (0.0, 0.0, 40.0, 10.0));
    let second = plan.unit(0, "walkway", (0.0, 10.0, 40.0, 20.0));
    let gate = plan.opening(0, (5.0, 10.0), (7.0, 10.0));
    plan.overlay(&format!("[[door]]\nopening = \"{gate}\"\none_way_to = \"{second}\""));
    let [here, there] = [(&first, 2.0), (&second, 18.0)].map(|(u, y)| plan.amenity("atm", u, (2.0, y)));
    let venue = Arc::new(plan.venue());
    assert!(ask(&venue, here, there, TravelProfile::Walking).is_ok());
    let refused = ask(&venue, there, here, TravelProfile::Walking).unwrap_err();
    assert_eq!(refused.reason, Reason::NotConnected);
    // A side that does not belong to the door is an error that names the line.
    plan.overlay(&format!("[[door]]\nopening = \"{gate}\"\none_way_to = \"outside\""));
    let findings = plan.load().findings;
    let fault = findings.iter().find(|f| f.rule == "OverlayDoorMustHaveSide").unwrap();
    assert!(fault.severity == Severity::Error && fault.message.contains("line"), "{}", fault.message);
}

/// A long hall with a moving walkway that runs east.
fn belt(lines: &str) -> (VenueBuilder, String, [FeatureId; 2]) {
    let mut plan = VenueBuilder::new(&[0]);
    let hall = plan.unit(0, "walkway", (0.0, 0.0, 100.0, 12.0));
    let belt = plan.unit(0, "movingwalkway", (20.0, 5.0, 80.0, 6.5));
    let ends = [(2.0, 5.75), (98.0, 5.75)].map(|at| plan.amenity("atm", &hall, at));
    plan.kiosk("K1", 0, (50.0, 2.0), 0.0);
    plan.overlay(&lines.replace("BELT", &belt));
    (plan, belt, ends)
}

/// A moving walkway carries people in its direction; wheels go beside it.
#[test]
fn moving_walkways_carry_people_but_no_wheels() {
    let (plan, _, [west, east]) = belt("[[moving_walkway]]\nunit = \"BELT\"\nheading = 90.0\nspeed = 0.5");
    let venue = Arc::new(plan.venue());
    assert!(assert_right(&venue) > 10);
    let modes = |a, b, profile| {
        let route = ask(&venue, a, b, profile).unwrap();
        (route.legs.iter().map(|l| l.mode).collect::<Vec<_>>(), route.time_s)
    };
    let (there, time) = modes(west, east, TravelProfile::Walking);
    assert_eq!(there, [Mode::Walk, Mode::MovingWalkway, Mode::Walk]);
    let (back, longer) = modes(east, west, TravelProfile::Walking);
    assert_eq!(back, [Mode::Walk]);
    assert!(time + 10.0 < longer, "{time} {longer}");
    assert_eq!(modes(west, east, TravelProfile::StepFree).0, [Mode::Walk]);
}

/// A moving walkway without a direction is floor.
#[test]
fn undirected_moving_walkways_are_floor() {
    let (plan, _, [west, east]) = belt("");
    let venue = Arc::new(plan.venue());
    assert!(venue.shafts().is_empty());
    let route = ask(&venue, west, east, TravelProfile::Walking).unwrap();
    assert_eq!(route.legs.len(), 1);
    let (plan, ..) = belt("[[moving_walkway]]\nunit = \"BELT\"");
    assert!(plan.load().findings.iter().any(|f| f.rule == "OverlayMovingWalkwayMustBeUsable"));
}

/// A relationship gives a moving walkway its direction.
#[test]
fn relationships_direct_moving_walkways() {
    let mut plan = VenueBuilder::new(&[0]);
    let west = plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
    let belt = plan.unit(0, "movingwalkway", (20.0, 2.0, 60.0, 4.0));
    let east = plan.unit(0, "walkway", (60.0, 0.0, 80.0, 6.0));
    plan.opening(0, (20.0, 2.2), (20.0, 3.8));
    plan.opening(0, (60.0, 2.2), (60.0, 3.8));
    let [a, b] = [(&west, 3.0), (&east, 77.0)].map(|(u, x)| plan.amenity("atm", u, (x, 3.0)));
    plan.relationship(json!({"category": "movingwalkway", "direction": "directed", "origin": unit(&east),
        "intermediary": [unit(&belt)], "destination": unit(&west), "hours": null}));
    let venue = Arc::new(plan.venue());
    assert_eq!((venue.shafts().len(), venue.shafts()[0].direction), (1, TravelDirection::Forward));
    assert_right(&venue);
    assert!(ask(&venue, b, a, TravelProfile::Walking).is_ok());
    assert!(ask(&venue, a, b, TravelProfile::Walking).is_err(), "it runs the other way");
}

/// Two levels that only a ramp joins.
fn ramp(lines: &str, relationship: bool) -> (VenueBuilder, [FeatureId; 2]) {
    let mut plan = VenueBuilder::new(&[0, 1]);
    let lower = plan.unit(0, "walkway", (0.0, 0.0, 30.0, 10.0));
    let upper = plan.unit(1, "walkway", (50.0, 0.0, 80.0, 10.0));
    let ramps = [0, 1].map(|ordinal| plan.unit(ordinal, "ramp", (30.0, 4.0, 50.0, 7.0)));
    plan.opening(0, (30.0, 4.2), (30.0, 6.8));
    plan.opening(1, (50.0, 4.2), (50.0, 6.8));
    if relationship {
        plan.relationship(json!({"category": "ramp", "direction": "undirected", "origin": unit(&lower),
            "intermediary": [unit(&ramps[0]), unit(&ramps[1])], "destination": unit(&upper), "hours": null}));
    }
    let ends = [(&lower, 3.0), (&upper, 77.0)].map(|(u, x)| plan.amenity("atm", u, (x, 3.0)));
    plan.kiosk("K1", 0, (10.0, 2.0), 0.0);
    plan.overlay(&lines.replace("LOWER", &ramps[0]).replace("UPPER", &ramps[1]));
    (plan, ends)
}

/// A ramp joins levels for everybody if the map or venue.toml declares it.
#[test]
fn ramps_join_levels_where_declared() {
    let overlay = "[[ramp]]\nunits = [\"LOWER\", \"UPPER\"]";
    for (plan, [low, high]) in [ramp("", true), ramp(overlay, false)] {
        let venue = Arc::new(plan.venue());
        assert_eq!(venue.shafts().iter().map(|s| s.kind).collect::<Vec<_>>(), [UnitKind::Ramp]);
        assert!(assert_right(&venue) > 10);
        for profile in TravelProfile::ALL {
            for (from, to) in [(low, high), (high, low)] {
                let route = ask(&venue, from, to, profile).unwrap();
                let taken: Vec<&crate::route::Leg> =
                    route.legs.iter().filter(|l| l.mode == Mode::Ramp).collect();
                assert_eq!(taken.len(), 1, "{profile:?} {route:?}");
                assert!((taken[0].length_m() - 20.0).abs() < 1.5, "{}", taken[0].length_m());
            }
        }
    }
    let (plan, [low, high]) = ramp("", false);
    assert!(
        ask(&Arc::new(plan.venue()), low, high, TravelProfile::Walking).is_err(),
        "ramps over each other are not joined by guesses"
    );
}
