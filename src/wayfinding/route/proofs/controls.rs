//! Controls: answers that are wrong on purpose, which the proofs have to catch.
//!
//! A proof that cannot fail proves nothing. Each kind of wrong answer is made of a right one: a bend left
//! out, a detour, stairs for wheels, a door passed the wrong way.

use std::sync::Arc;

use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

use super::levels::{Level, Tally};
use super::peer::Answer;
use super::raw::Raw;
use super::turned::belt;
use super::whole::{cheapest, followed};
use super::world::World;
use crate::geometry::Point;
use crate::plan::grown::{Grown, Size, grown};
use crate::plan::{at, small};
use crate::route::network::Network;
use crate::route::stored::to_bytes;
use crate::route::walker::Walker;
use crate::route::{Leg, Mode, Profile, Route, Router, Spot};
use crate::venue::{LevelIndex, Venue};

fn mall() -> Grown {
    grown(4, Size { levels: 2, columns: 2, rows: 2 })
}

/// Some ways between shops, each with its ends.
fn ways(mall: &Grown, router: &Router, profile: Profile) -> Vec<(Spot, Spot, Route)> {
    let shops = mall.shops.iter().copied().map(Spot::Place);
    let pairs = shops.clone().zip(shops.rev());
    let found = pairs.filter_map(|(a, b)| {
        let route = router.between(a.clone(), b.clone(), profile, at(14, 0)).ok()?;
        Some((a, b, route))
    });
    found.collect()
}

/// The same route with all bends of one of its walks left out, if it has any.
fn straightened(route: &Route) -> Option<Route> {
    let mut route = route.clone();
    let leg = route.legs.iter_mut().find(|l| l.mode == Mode::Walk && l.points.len() > 2)?;
    leg.points = vec![leg.points[0], leg.points[leg.points.len() - 1]];
    leg.line = leg.points.clone();
    Some(route)
}

/// Whether a walk of a route goes through something that nobody can be in, and not just along its edge.
fn goes_through(venue: &Venue, route: &Route) -> bool {
    let is_solid = |leg: &Leg, p: Point| {
        let around = [(0.0, 0.0), (0.4, 0.0), (-0.4, 0.0), (0.0, 0.4), (0.0, -0.4)];
        let unit =
            |(dx, dy): (f64, f64)| venue.unit_at(leg.level, p.moved(dx, dy)).map(|u| venue.unit(u).kind);
        around.into_iter().all(|d| unit(d).is_some_and(|k| !k.is_walkable()))
    };
    let walks = route.legs.iter().filter(|l| l.mode == Mode::Walk);
    walks.into_iter().any(|leg| {
        let between = |w: &[Point], i: u32| w[0].toward(w[1], f64::from(i) / 200.0);
        leg.points.windows(2).any(|w| (1..200).any(|i| is_solid(leg, between(w, i))))
    })
}

#[test]
fn a_way_through_a_wall_and_a_detour_are_caught_on_a_level() {
    let router = Router::new(Arc::new(mall().plan.venue()));
    let level = Level::new("control", &router, Profile::Walking, LevelIndex(0));
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let (mut through, mut round) = (0, 0);
    for _ in 0..200 {
        let [Some(from), Some(to)] = [0, 1].map(|_| level.point(&mut random)) else { continue };
        let Some(way) = level.way(&level.spread(from), from, to).filter(|w| w.len() > 2) else { continue };
        let wrong = |way: Vec<Point>| {
            let length = way.windows(2).map(|w| w[0].distance(w[1])).sum::<f64>();
            let mut tally = Tally::default();
            // Although the peer makes the same mistake.
            let peer = Answer::Way(length, std::time::Duration::ZERO);
            level.judge(from, to, Some(way), peer, &mut tally, &String::new);
            !tally.wrong.is_empty()
        };
        assert!(wrong(vec![from, to]), "a straight line from {from:?} to {to:?} passes");
        through += 1;
        // There and back along the first stretch, on the floor all the time.
        let mut detour = way.clone();
        detour.splice(1..1, [way[1], way[0]]);
        let mut tally = Tally::default();
        level.judge(from, to, Some(detour), Answer::None, &mut tally, &String::new);
        assert!(!tally.wrong.is_empty(), "a detour from {from:?} to {to:?} passes");
        round += 1;
    }
    assert!(through > 50 && round > 50, "{through} and {round} controls");
}

#[test]
fn a_line_through_a_wall_and_stairs_for_wheels_are_caught_on_the_raw_map() {
    let mall = mall();
    let archive = mall.plan.archive();
    let router = Router::new(Arc::new(mall.plan.venue()));
    let raw = Raw::new(&archive, router.venue());
    let mut caught = [0; 2];
    for (_, _, route) in ways(&mall, &router, Profile::Walking) {
        assert!(raw.offences(&route).is_empty());
        if let Some(wrong) = straightened(&route).filter(|r| goes_through(router.venue(), r)) {
            assert!(!raw.offences(&wrong).is_empty(), "{wrong:?}");
            caught[0] += 1;
        }
        if route.legs.iter().any(|l| matches!(l.mode, Mode::Stairs | Mode::Escalator)) {
            let wrong = Route { profile: Profile::StepFree, ..route };
            assert!(!raw.offences(&wrong).is_empty(), "{wrong:?}");
            caught[1] += 1;
        }
    }
    assert!(caught[0] > 2 && caught[1] > 5, "{caught:?} controls");
}

/// The same route from its end to its start.
fn turned_round(route: &Route) -> Route {
    let mut route = route.clone();
    route.legs.reverse();
    for leg in &mut route.legs {
        (leg.level, leg.to_level) = (leg.to_level, leg.level);
        leg.points.reverse();
        leg.line.reverse();
    }
    route
}

/// The grown mall with one of its joints for one direction, to its left or to its right.
fn with_gate(joint: usize, side: usize) -> Raw {
    let mut mall = mall();
    let venue = mall.plan.venue();
    let id = &mall.joints[joint];
    let opening = venue.openings().iter().find(|o| o.id.to_string() == *id).unwrap();
    let to = venue.unit(opening.sides[side].unwrap()).id;
    mall.plan.overlay(&format!("[[door]]\nopening = \"{id}\"\none_way_to = \"{to}\""));
    let raw = Raw::new(&mall.plan.archive(), &mall.plan.venue());
    assert!(raw.one_way()[0] == 1 && raw.one_way()[1] > 0, "{:?}", raw.one_way());
    raw
}

#[test]
fn a_way_back_through_a_door_on_an_escalator_or_a_belt_for_one_direction_is_caught_on_the_raw_map() {
    let mall = mall();
    let router = Router::new(Arc::new(mall.plan.venue()));
    let ways = ways(&mall, &router, Profile::Walking);
    let mut caught = [0; 2];
    for joint in 0..6 {
        let gates = [0, 1].map(|side| with_gate(joint, side));
        for (_, _, route) in &ways {
            let back = turned_round(route);
            let wrong = |raw: &Raw, route: &Route| {
                raw.offences(route).iter().any(|o| o.contains("the wrong way through the door"))
            };
            let (there, back_again) =
                (gates.each_ref().map(|g| wrong(g, route)), gates.each_ref().map(|g| wrong(g, &back)));
            assert_eq!(there, [back_again[1], back_again[0]], "{route:?}");
            caught[0] += usize::from(there[0] != there[1]);
            let rides = route.legs.iter().any(|l| l.mode == Mode::Escalator);
            let against =
                |route: &Route| gates[0].offences(route).iter().any(|o| o.contains("against the escalator"));
            assert!(!against(route) && against(&back) == rides, "{route:?}");
            caught[1] += usize::from(rides);
        }
    }
    assert!(caught[0] > 5 && caught[1] > 5, "{caught:?} controls");
    let (plan, _, [west, east]) = belt("[[moving_walkway]]\nunit = \"BELT\"\nheading = 90.0");
    let (raw, router) = (Raw::new(&plan.archive(), &plan.venue()), Router::new(Arc::new(plan.venue())));
    let [from, to] = [west, east].map(Spot::Place);
    let route = router.between(from, to, Profile::Walking, at(14, 0)).unwrap();
    assert_eq!((raw.one_way(), raw.offences(&route)), ([0, 0, 1], Vec::new()));
    let said = raw.offences(&turned_round(&route)).join("\n");
    assert!(said.contains("against the moving walkway"), "{said}");
    let mut walked = route;
    walked.legs.iter_mut().for_each(|l| l.mode = Mode::Walk);
    assert!(raw.offences(&walked).join("\n").contains("and not carried"));
}

#[test]
fn a_bend_left_out_and_a_dearer_way_are_caught_on_whole_trips() {
    let mall = mall();
    let router = Router::new(Arc::new(mall.plan.venue()));
    let venue = router.venue().clone();
    let world = World::new(&venue, Profile::Walking, at(14, 0));
    let rolling = ways(&mall, &router, Profile::StepFree);
    let mut caught = [0; 2];
    for (a, b, route) in ways(&mall, &router, Profile::Walking) {
        let (starts, goals) = (world.stands(&a), world.stands(&b));
        if let Some(wrong) = straightened(&route) {
            assert!(followed(&world, &wrong, &starts, &goals).is_err(), "{wrong:?}");
            caught[0] += 1;
        }
        // A way for wheels is one for feet too, and where it takes a lift in vain, a dearer one.
        let same = |(c, d, _): &&(Spot, Spot, Route)| *c == a && *d == b;
        let other = rolling.iter().find(same).map(|(_, _, r)| r.clone());
        if let Some(other) = other.filter(|r| r.legs.len() > route.legs.len()) {
            let right = cheapest(&world, &starts, &goals).unwrap().cost;
            let dearer = followed(&world, &other, &starts, &goals);
            assert!(dearer.is_err() || dearer.is_ok_and(|t| t.cost > right + 1e-6), "{other:?}");
            caught[1] += 1;
        }
        if caught[0] > 20 {
            break;
        }
    }
    assert!(caught[0] > 5, "{caught:?} controls");
}

#[test]
fn the_networks_are_the_same_bytes_however_many_threads_make_them() {
    for venue in [mall().plan.venue(), small().plan.venue()] {
        let made = |network: fn(&Venue, Walker) -> Network| {
            let both = [Walker::OnFoot, Walker::Rolling].map(|w| network(&venue, w));
            to_bytes("", [&both[0], &both[1]]).unwrap()
        };
        let alone = made(Network::by_one_thread);
        assert!(alone.len() > 1_000);
        for _ in 0..3 {
            assert!(made(Network::new) == alone);
        }
    }
}
