//! Whole trips over several levels, through doors and shafts, compared with brute force.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use chrono::{DateTime, Duration};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::world::{Move, World, WorldPoint};
use crate::route::walker::Toll;
use crate::route::{self, Mode, Reason, Route, Router, TravelProfile};
use crate::testing::at;
use crate::testing::generated::{Grown, Size, grown};
use crate::venue::UnitKind;

/// Costs that differ by less count as equal: rounding errors add up in different orders.
const SAME: f64 = 1e-6;

/// The lines that brute force tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// From any corner to any other that it sees.
    All,
    /// Only taut lines, as in the router: they bend tightly round the corners at their ends.
    Taut,
}

/// The lowest cost from any start to any goal, over all lines.
pub fn cheapest(world: &World, starts: &[WorldPoint], goals: &[WorldPoint]) -> Option<Toll> {
    cheapest_by(Lines::All, world, starts, goals).map(|(toll, _)| toll)
}

/// The lowest cost over some lines, and whether its route has a wait.
///
/// A label is dropped only in favour of an earlier one that would cost no more after the same wait: it can
/// then do exactly what the dropped label does.
fn cheapest_by(
    lines: Lines,
    world: &World,
    starts: &[WorldPoint],
    goals: &[WorldPoint],
) -> Option<(Toll, bool)> {
    let ends: Vec<WorldPoint> = starts.iter().chain(goals).copied().collect();
    let spot = |i: usize| *world.spots.get(i).unwrap_or_else(|| &ends[i - world.spots.len()]);
    let count = world.spots.len() + ends.len();
    let first_goal = world.spots.len() + starts.len();
    let mut labels: Vec<Vec<Toll>> = vec![Vec::new(); count];
    let mut heap = BinaryHeap::new();
    let key = |toll: Toll, i: usize, waited| Reverse((toll.cost.to_bits(), toll.time.to_bits(), i, waited));
    for start in world.spots.len()..first_goal {
        heap.push(key(Toll::default(), start, false));
    }
    while let Some(Reverse((cost, time, here, waited))) = heap.pop() {
        let spent = Toll::new(f64::from_bits(time), f64::from_bits(cost));
        if here >= first_goal {
            return Some((spent, waited));
        }
        let needless =
            |known: &Toll| known.time <= spent.time && known.cost - known.time <= spent.cost - spent.time;
        if labels[here].iter().any(needless) {
            continue;
        }
        labels[here].push(spent);
        let mut go = |to: usize, step: &Move| {
            let (a, b) = (spot(here), spot(to));
            let taut = || a.bends(b.point) && b.bends(a.point);
            if lines == Lines::Taut && matches!(step, Move::Walk(..)) && !taut() {
                return;
            }
            let mut waited = waited;
            if let Some(after) = world.spend_noting(spent, step, &mut waited) {
                heap.push(key(after, to, waited));
            }
        };
        if here < world.spots.len() {
            world.steps[here].iter().for_each(|(to, step)| go(*to, step));
            for goal in first_goal..count {
                world.walk(&spot(here), &spot(goal)).iter().for_each(|step| go(goal, step));
            }
        } else {
            let others = (0..world.spots.len()).chain(first_goal..count);
            for to in others {
                world.walk(&spot(here), &spot(to)).iter().for_each(|step| go(to, step));
            }
        }
    }
    None
}

/// The cost of a route, followed step by step, or what is wrong with it.
pub fn followed(
    world: &World,
    route: &Route,
    starts: &[WorldPoint],
    goals: &[WorldPoint],
) -> Result<Toll, String> {
    let (level, point) = route.start();
    let known = |list: &[WorldPoint], level, point| {
        list.iter().find(|s| s.level == level && s.point == point).copied()
    };
    let mut here = known(starts, level, point).ok_or("it begins nowhere")?;
    let mut spent = Toll::default();
    for leg in &route.legs {
        if leg.mode != Mode::Walk {
            let end = *leg.points.last().unwrap();
            let shaft = leg.shaft.ok_or("a ride without a shaft")?;
            let (toll, to) = ridden(world, spent, here, (leg.to_level, end), shaft)
                .ok_or_else(|| format!("no ride from {here:?} to {end:?}"))?;
            (spent, here) = (toll, to);
            continue;
        }
        for next in &leg.points[1..] {
            let landing = world.spots.iter().find(|s| s.level == leg.level && s.point == *next);
            let to = known(goals, leg.level, *next).or(landing.copied());
            let to = to.ok_or_else(|| format!("{next:?} is no corner"))?;
            let step = world.walk(&here, &to).ok_or_else(|| format!("{here:?} does not see {next:?}"))?;
            spent = world.spend(spent, &step).ok_or_else(|| format!("closed before {next:?}: {step:?}"))?;
            here = to;
        }
    }
    known(goals, here.level, here.point).ok_or("it ends elsewhere")?;
    Ok(spent)
}

/// The cost of the route between two spots at two in the afternoon, followed step by step.
pub fn cost(router: &Router, from: &route::Spot, to: &route::Spot, profile: TravelProfile) -> Option<f64> {
    let route = router.between(from.clone(), to.clone(), profile, at(14, 0)).ok()?;
    let world = World::unjoined(router.venue(), profile, at(14, 0));
    let toll = followed(&world, &route, &world.stands(from), &world.stands(to));
    Some(toll.unwrap_or_else(|why| panic!("{why}: {route:?}")).cost)
}

/// The cheapest ride from a spot to a point by one shaft, or over as many flights of stairs as needed.
fn ridden(
    world: &World,
    spent: Toll,
    from: WorldPoint,
    to: (crate::venue::LevelIndex, crate::geometry::Point),
    shaft: crate::venue::FeatureId,
) -> Option<(Toll, WorldPoint)> {
    let start = |s: &WorldPoint| s.level == from.level && s.point == from.point;
    let mut open: Vec<(Toll, usize)> =
        (0..world.spots.len()).filter(|i| start(&world.spots[*i])).map(|i| (spent, i)).collect();
    let mut best: Option<(Toll, WorldPoint)> = None;
    for _ in 0..world.venue.levels().len() {
        let mut next = Vec::new();
        for (spent, at) in open {
            for (to_spot, step) in &world.steps[at] {
                let Move::Ride(index, ..) = step else { continue };
                let taken = &world.venue.shafts()[*index];
                if taken.id != shaft && taken.kind != UnitKind::Stairs {
                    continue;
                }
                let Some(after) = world.spend(spent, step) else { continue };
                let spot = world.spots[*to_spot];
                if (spot.level, spot.point) == to && best.is_none_or(|(b, _)| after.cost < b.cost) {
                    best = Some((after, spot));
                }
                next.push((after, *to_spot));
            }
        }
        open = next;
    }
    best
}

/// A closure of something from a random minute on, for some minutes.
#[derive(Clone, Debug)]
struct Shut {
    which: prop::sample::Index,
    from: i64,
    minutes: i64,
}

fn shut() -> impl Strategy<Value = Shut> {
    (any::<prop::sample::Index>(), -30i64..25, 1i64..60).prop_map(|(which, from, minutes)| Shut {
        which,
        from,
        minutes,
    })
}

/// Makes some joints and doors one-way.
fn turn(mall: &mut Grown, gates: &[(prop::sample::Index, bool)]) {
    let all: Vec<String> = mall.joints.iter().chain(&mall.doors).cloned().collect();
    let venue = mall.plan.venue();
    for (which, to_left) in gates {
        let id = which.get(&all);
        let opening = venue.openings().iter().find(|o| o.id.to_string() == *id).unwrap();
        let [left, right] = opening.sides.map(|u| venue.unit(u.unwrap()).id);
        let to = if *to_left { left } else { right };
        mall.plan.overlay(&format!("[[door]]\nopening = \"{id}\"\none_way_to = \"{to}\""));
    }
}

fn close(mall: &mut Grown, now: DateTime<Tz>, closures: &[Shut], hours: &[Shut], lifts: &[Shut]) {
    let rfc = |t: DateTime<Tz>| t.to_rfc3339();
    let all: Vec<String> = mall.joints.iter().chain(&mall.doors).cloned().collect();
    for Shut { which, from, minutes } in closures {
        let (from, id) = (now + Duration::minutes(*from), which.get(&all));
        let until = from + Duration::minutes(*minutes);
        let lines =
            format!("[[closure]]\nfeature = \"{id}\"\nfrom = \"{}\"\nuntil = \"{}\"", rfc(from), rfc(until));
        mall.plan.overlay(&lines);
    }
    for Shut { which, from, minutes } in hours {
        let from = now + Duration::minutes(*from);
        let (from, until) = (from.format("%H:%M"), (from + Duration::minutes(*minutes)).format("%H:%M"));
        let id = which.get(&all);
        mall.plan.overlay(&format!("[[door]]\nopening = \"{id}\"\nhours = \"Mo-Su {from}-{until}\""));
    }
    for Shut { which, from, minutes } in lifts {
        let from = now + Duration::minutes(*from);
        let (from, until) = (from.format("%H:%M"), (from + Duration::minutes(*minutes)).format("%H:%M"));
        let (id, lift) = (which.get(&mall.lifts).clone(), "[[lift]]");
        mall.plan.overlay(&format!("{lift}\nunits = [\"{id}\"]\nhours = \"Mo-Su {from}-{until}\""));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(u32::try_from(6 * crate::testing::malls::effort()).unwrap()))]

    /// Six malls, with five pairs in three profiles each; `GALLERIA_PROOFS` multiplies the malls.
    #[test]
    fn no_route_costs_more_than_brute_force(
        seed in 0u64..1_000_000,
        levels in 1i32..=3,
        columns in 1u32..=2,
        closures in proptest::collection::vec(shut(), 0..6),
        hours in proptest::collection::vec(shut(), 0..6),
        lifts in proptest::collection::vec(shut(), 0..2),
        gates in proptest::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..6),
        pairs in proptest::collection::vec(any::<[prop::sample::Index; 2]>(), 5),
    ) {
        let now = at(14, 0);
        let mut mall = grown(seed, Size { levels, columns, rows: 1 });
        turn(&mut mall, &gates);
        close(&mut mall, now, &closures, &hours, &lifts);
        let venue = Arc::new(mall.plan.venue());
        let router = Router::new(venue.clone());
        for profile in TravelProfile::ALL {
            let world = World::new(&venue, profile, now);
            for pair in &pairs {
                let [from, to] = pair.map(|i| i.get(&mall.shops).to_owned());
                let [a, b] = [from, to].map(route::Spot::Place);
                let (starts, goals) = (world.stands(&a), world.stands(&b));
                // Without a wait no line at all costs less; with a wait, no taut line does.
                let right = match cheapest_by(Lines::All, &world, &starts, &goals) {
                    Some((_, true)) => cheapest_by(Lines::Taut, &world, &starts, &goals),
                    found => found,
                };
                match router.between(a, b, profile, now) {
                    Ok(route) => {
                        let name = format!("{profile:?} {from} → {to}: {route:?}");
                        let cost = followed(&world, &route, &starts, &goals);
                        let cost = cost.map_err(|why| TestCaseError::fail(format!("{why}, {name}")))?;
                        let (right, _) =
                            right.ok_or_else(|| TestCaseError::fail(format!("no way at all, {name}")))?;
                        let same = (cost.cost - right.cost).abs() < SAME;
                        prop_assert!(same, "{cost:?} is not {right:?}, {name}");
                        prop_assert!((cost.time - route.time_s).abs() < SAME, "{cost:?} for {name}");
                    }
                    Err(refused) => {
                        let message = format!("{profile:?} {from} → {to}: {refused:?} where {right:?} is");
                        prop_assert!(right.is_none(), "{message}");
                        prop_assert!(refused.reason != Reason::UnknownPlace(from), "{message}");
                    }
                }
            }
        }
    }
}
