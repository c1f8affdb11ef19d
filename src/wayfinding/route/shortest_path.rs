//! The best route between two spots: an A* search over the core nodes of a network.
//!
//! The straight line from start to goal is tried first. The last stretches to the goal are part of the
//! search, because the goal is not a core node.

use super::anchor::{Anchor, at_once, firsts};
use super::bound::Bound;
use super::conditions::Conditions;
use super::graph::{Crossing, count, mirrored};
use super::network::Network;
use super::search::{Labels, Search};
use super::trace::{Arrival, Last, Traced, trace};
use super::walker::Toll;
use crate::venue::Venue;

/// One possible last stretch of a route, from a core node to a goal.
struct Lasts {
    goal: u32,
    node: u32,
    length: f64,
    crossings: Vec<Crossing>,
}

/// The best route from one of the starts to one of the goals.
///
/// If there is none, the error holds the labels of everything that can be reached; their order is not the
/// order of cost.
pub(crate) fn shortest_path(
    venue: &Venue,
    network: &Network,
    conditions: &Conditions,
    bound: &Bound,
    starts: &[Anchor],
    goals: &[Anchor],
) -> Result<Traced, Labels> {
    let mut lasts: Vec<Lasts> = Vec::new();
    for (index, goal) in goals.iter().enumerate() {
        lasts.extend(goal.sees.iter().map(|seen| Lasts {
            goal: count(index),
            node: seen.node,
            length: seen.length,
            crossings: mirrored(seen.length, &seen.crossings),
        }));
    }
    lasts.sort_by_key(|l| (l.node, l.goal));
    let least = |node: u32| {
        let here = &network.nodes[node as usize];
        let to = goals.iter().map(|g| bound.between((here.level, here.point), (g.level, g.point)));
        to.fold(f64::INFINITY, f64::min)
    };
    let (labels, found) = Search::run(network, conditions, |search| {
        let mut found = straight(search, starts, goals);
        let labels = search.spread(firsts(at_once(starts)), least, |search, (number, label), least| {
            if found.is_some_and(|f: Arrival| f.toll.cost <= least) {
                return true;
            }
            let from = lasts.partition_point(|l| l.node < label.node);
            for last in lasts[from..].iter().take_while(|l| l.node == label.node) {
                if let Some(toll) = search.walked(label.toll, last.length, &last.crossings) {
                    let arrival = Arrival { end: last.goal, last: Last::Label(number), toll };
                    found = better(found, Some(arrival));
                }
            }
            false
        });
        (labels, found)
    });
    let Some(arrival) = found else { return Err(labels) };
    let goal = &goals[arrival.end as usize];
    let origin = |start: u32| {
        let start = &starts[start as usize];
        (start.level, start.point, Toll::default())
    };
    Ok(trace(venue, network, conditions, &labels, &origin, &arrival, (goal.level, goal.point)))
}

/// The best straight route from a start to a goal, without a core node between them.
fn straight(search: &mut Search, starts: &[Anchor], goals: &[Anchor]) -> Option<Arrival> {
    let network = search.network;
    let mut found: Option<Arrival> = None;
    for (s, start) in starts.iter().enumerate() {
        for (g, goal) in goals.iter().enumerate().filter(|(_, goal)| goal.level == start.level) {
            if !network.sights[start.level.0].sees(start.point, goal.point) {
                continue;
            }
            let inside = [start.inside, goal.inside];
            let crossings = network.gates_between(start.level, start.point, goal.point, inside);
            let length = start.point.distance(goal.point);
            let toll = search.walked(Toll::default(), length, &crossings);
            let arrival = toll.map(|toll| Arrival { end: count(g), last: Last::Start(count(s)), toll });
            found = better(found, arrival);
        }
    }
    found
}

/// The cheaper of two arrivals; the first one if both cost the same.
pub(crate) fn better(a: Option<Arrival>, b: Option<Arrival>) -> Option<Arrival> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.toll.cost < a.toll.cost { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// All routes from these starts.
pub(crate) fn everywhere(search: &mut Search, starts: &[Anchor]) -> Labels {
    search.spread(firsts(at_once(starts)), |_| 0.0, |_, _, _| false)
}

/// The arrivals at each of the goals, including all that may still turn out best.
pub(crate) fn arrivals(
    search: &mut Search,
    labels: &Labels,
    starts: &[(&Anchor, Toll)],
    goals: &[Anchor],
) -> Vec<Arrival> {
    let network = search.network;
    let mut all: Vec<Arrival> = Vec::new();
    for (g, goal) in goals.iter().enumerate() {
        let mut found: Vec<Arrival> = Vec::new();
        let mut keep =
            |search: &mut Search, last: Last, before: Toll, length: f64, crossings: &[Crossing]| {
                let Some(toll) = search.walked(before, length, crossings) else { return };
                if !found.iter().any(|f| search.rule().dominates(f.toll, toll)) {
                    found.retain(|f| !search.rule().dominates(toll, f.toll));
                    found.push(Arrival { end: count(g), last, toll });
                }
            };
        for (s, (start, spent)) in starts.iter().enumerate().filter(|(_, (s, _))| s.level == goal.level) {
            if network.sights[start.level.0].sees(start.point, goal.point) {
                let inside = [start.inside, goal.inside];
                let crossings = network.gates_between(start.level, start.point, goal.point, inside);
                let length = start.point.distance(goal.point);
                keep(search, Last::Start(count(s)), *spent, length, &crossings);
            }
        }
        for seen in &goal.sees {
            let crossings = mirrored(seen.length, &seen.crossings);
            for (number, label) in labels.of(seen.node) {
                keep(search, Last::Label(number), label.toll, seen.length, &crossings);
            }
        }
        all.extend(found);
    }
    all
}
