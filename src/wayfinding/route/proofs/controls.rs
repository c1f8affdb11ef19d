//! Controls: deliberately wrong answers that the proofs have to detect.
//!
//! A proof that cannot fail proves nothing. Each kind of wrong answer is made from a right one: a bend left
//! out, a detour, stairs for wheels, a door passed in the wrong direction.

use std::sync::Arc;

use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

use super::levels::{LevelProof, Tally};
use super::peer::Answer;
use super::whole::{cheapest, followed};
use super::world::World;
use crate::geometry::Point;
use crate::route::network::Network;
use crate::route::stored::to_bytes;
use crate::route::tests::Walls;
use crate::route::walker::Walker;
use crate::route::{Leg, Mode, Route, Router, Spot, TravelProfile};
use crate::testing::generated::{Grown, Size, grown};
use crate::testing::{at, small};
use crate::venue::{LevelIndex, Venue};

fn mall() -> Grown {
    grown(4, Size { levels: 2, columns: 2, rows: 2 })
}

/// Some routes between shops, each with its two ends.
fn routes(mall: &Grown, router: &Router, profile: TravelProfile) -> Vec<(Spot, Spot, Route)> {
    let shops = mall.shops.iter().copied().map(Spot::Place);
    let pairs = shops.clone().zip(shops.rev());
    let found = pairs.filter_map(|(a, b)| {
        let route = router.between(a.clone(), b.clone(), profile, at(14, 0)).ok()?;
        Some((a, b, route))
    });
    found.collect()
}

/// The same route with one of its walks straightened; `None` if no walk has a bend.
fn straightened(route: &Route) -> Option<Route> {
    let mut route = route.clone();
    let leg = route.legs.iter_mut().find(|l| l.mode == Mode::Walk && l.points.len() > 2)?;
    leg.points = vec![leg.points[0], leg.points[leg.points.len() - 1]];
    leg.line = leg.points.clone();
    Some(route)
}

/// Whether a walk of a route goes through something solid, and not just along its edge.
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

/// On one level, a path through a wall and a detour are detected.
#[test]
fn wrong_ways_on_a_level_are_caught() {
    let router = Router::new(Arc::new(mall().plan.venue()));
    let level = LevelProof::new("control", &router, TravelProfile::Walking, LevelIndex(0));
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let (mut through, mut round) = (0, 0);
    for _ in 0..200 {
        let [Some(from), Some(to)] = [0, 1].map(|_| level.point(&mut random)) else { continue };
        let Some(path) = level.way(&level.spread(from), from, to).filter(|w| w.len() > 2) else { continue };
        let wrong = |path: Vec<Point>| {
            let length = path.windows(2).map(|w| w[0].distance(w[1])).sum::<f64>();
            let mut tally = Tally::default();
            // The peer makes the same mistake here.
            let peer = Answer::Way(length, std::time::Duration::ZERO);
            level.judge(from, to, Some(path), peer, &mut tally, &String::new);
            !tally.wrong.is_empty()
        };
        assert!(wrong(vec![from, to]), "a straight line from {from:?} to {to:?} passes");
        through += 1;
        // Back and forth along the first stretch, on the floor all the time.
        let mut detour = path.clone();
        detour.splice(1..1, [path[1], path[0]]);
        let mut tally = Tally::default();
        level.judge(from, to, Some(detour), Answer::None, &mut tally, &String::new);
        assert!(!tally.wrong.is_empty(), "a detour from {from:?} to {to:?} passes");
        round += 1;
    }
    assert!(through > 50 && round > 50, "{through} and {round} controls");
}

#[test]
fn a_line_through_a_wall_is_caught() {
    let mall = mall();
    let router = Router::new(Arc::new(mall.plan.venue()));
    let walls = Walls::of(router.venue());
    let mut caught = 0;
    for (_, _, route) in routes(&mall, &router, TravelProfile::Walking) {
        assert_eq!(walls.crossed(&route), None);
        if let Some(wrong) = straightened(&route).filter(|r| goes_through(router.venue(), r)) {
            assert!(walls.crossed(&wrong).is_some(), "{wrong:?}");
            caught += 1;
        }
    }
    assert!(caught > 2, "{caught} controls");
}

/// On whole trips, a bend left out and a route that costs more are detected.
#[test]
fn wrong_ways_over_levels_are_caught() {
    let mall = mall();
    let router = Router::new(Arc::new(mall.plan.venue()));
    let venue = router.venue().clone();
    let world = World::new(&venue, TravelProfile::Walking, at(14, 0));
    let rolling = routes(&mall, &router, TravelProfile::StepFree);
    let mut caught = [0; 2];
    for (a, b, route) in routes(&mall, &router, TravelProfile::Walking) {
        let (starts, goals) = (world.stands(&a), world.stands(&b));
        if let Some(wrong) = straightened(&route) {
            assert!(followed(&world, &wrong, &starts, &goals).is_err(), "{wrong:?}");
            caught[0] += 1;
        }
        // A route for wheels can also be walked on foot. If it takes an unnecessary lift, it costs more.
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

/// The networks have the same bytes for any number of threads.
#[test]
fn threads_do_not_change_the_networks() {
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
