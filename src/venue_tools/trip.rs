//! Trips with several stops: in the given order, or in the best one.
//!
//! A stop may have several doors, and the best door to arrive at need not be the best door to leave from.
//! Every door therefore keeps its own labels from stop to stop; the choice is made at the last stop. The
//! best order is found by A*. The bound of a partial order is its cost so far plus the least cost of
//! visiting the missing stops, with everything open and the best door at each stop. The first complete
//! order is the best one. The time at a stop counts as zero.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use chrono::{DateTime, Duration};
use chrono_tz::Tz;
use wayfinding::route::{
    Chain, ChainRules, Cost, Doors, Hop, NoRoute, Reached, Reason, Route, Router, Spot, Spread, TravelProfile,
};

/// The greatest number of stops between start and end for [`Order::Best`].
pub const MOST_STOPS: usize = 8;

/// The order in which the stops between start and end are visited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// In the given order.
    #[default]
    Given,
    /// In the order with the least cost.
    Best,
}

/// A route with several stops.
#[derive(Clone, Debug, PartialEq)]
pub struct Trip {
    /// The stops after the start, in the order of the visit, as indices into the given list.
    pub order: Vec<usize>,
    /// The route to each of these stops.
    pub routes: Vec<Route>,
}

impl Trip {
    /// The length of all routes, in metres of plan.
    pub fn length_m(&self) -> f64 {
        self.routes.iter().map(|r| r.length_m).sum()
    }

    /// The time of all routes, in seconds.
    pub fn time_s(&self) -> f64 {
        self.routes.iter().map(|r| r.time_s).sum()
    }
}

/// Why there is no trip.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoTrip {
    /// One stop cannot be reached from the one before.
    #[error("stop {stop} cannot be reached: {refused}")]
    Refused {
        /// The index of the stop in the given list; 0 is the start.
        stop: usize,
        refused: NoRoute,
    },
    /// There are too many stops for a search of the best order.
    #[error("the best order is looked for among at most {MOST_STOPS} stops between start and end")]
    TooMany,
    /// A trip has a start and at least one stop.
    #[error("a trip needs a start and an end")]
    TooFew,
}

/// A partial order: the first stops of a trip.
struct Partial {
    order: Vec<usize>,
    parent: Option<usize>,
    reached: Vec<Reached>,
    /// The search from its last stop, once it is done.
    spread: Option<Spread>,
}

impl Partial {
    fn cost(&self) -> f64 {
        self.reached.iter().map(Reached::cost).fold(f64::INFINITY, f64::min)
    }

    fn last(&self) -> usize {
        *self.order.last().expect("an order begins with the start")
    }
}

/// The trip over these stops; the first one is the start and the last one the end.
///
/// # Errors
/// When a stop cannot be reached, or there are too few or too many of them.
pub fn trip(
    router: &Router,
    stops: &[Spot],
    order: Order,
    profile: TravelProfile,
    at: DateTime<Tz>,
) -> Result<Trip, NoTrip> {
    if stops.len() < 2 {
        return Err(NoTrip::TooFew);
    }
    if order == Order::Best && stops.len() > MOST_STOPS + 2 {
        return Err(NoTrip::TooMany);
    }
    let mut doors = Vec::new();
    for (stop, spot) in stops.iter().enumerate() {
        let refused = |reason| NoTrip::Refused { stop, refused: because(reason) };
        let found = router.doors(spot, profile).map_err(refused)?;
        if found.is_empty() && stop == 0 {
            return Err(refused(Reason::StartOutside));
        }
        doors.push(found);
    }
    let ahead = match order {
        Order::Given => Vec::new(),
        Order::Best => router.chain(profile, at, ChainRules::AllOpen, |chain| least_costs(chain, &doors)),
    };
    let found = router.chain(profile, at, ChainRules::AsTheyAre, |chain| plan(chain, &doors, order, &ahead));
    match found {
        Ok(partials) => Ok(routes(router, &partials, &doors, profile, at)),
        Err(partials) => Err(missing(router, &partials, stops, order, profile, at)),
    }
}

fn because(reason: Reason) -> NoRoute {
    NoRoute { reason, nearest_reachable: None, as_far_as: None }
}

/// The routes of the last partial order, which is complete.
fn routes(
    router: &Router,
    partials: &[Partial],
    doors: &[Doors],
    profile: TravelProfile,
    at: DateTime<Tz>,
) -> Trip {
    let mut at_stop = partials.len() - 1;
    let order = partials[at_stop].order[1..].to_vec();
    let cheapest = |p: &Partial| {
        let costs = p.reached.iter().enumerate();
        costs.min_by(|a, b| a.1.cost().total_cmp(&b.1.cost())).map_or(0, |(index, _)| index)
    };
    let mut chosen = cheapest(&partials[at_stop]);
    let mut routes = Vec::new();
    while let Some(before) = partials[at_stop].parent {
        let stop = partials[at_stop].last();
        let from = &partials[before];
        let Some(spread) = &from.spread else { break };
        let arrived = partials[at_stop].reached[chosen];
        let hop = Hop { from: &doors[from.last()], left: &from.reached, spread, to: &doors[stop], arrived };
        let Some((route, left)) = router.chain_route(&hop, profile, at) else { break };
        chosen = left;
        routes.push(route);
        at_stop = before;
    }
    routes.reverse();
    Trip { order, routes }
}

/// The stop that cannot be reached after the longest possible partial order.
fn missing(
    router: &Router,
    partials: &[Partial],
    stops: &[Spot],
    order: Order,
    profile: TravelProfile,
    at: DateTime<Tz>,
) -> NoTrip {
    let longest = partials.iter().max_by_key(|p| (p.order.len(), Reverse(p.order.clone())));
    let (visited, time_s) = match longest {
        Some(p) => (p.order.clone(), p.reached.iter().map(Reached::time_s).fold(0.0, f64::max)),
        None => (vec![0], 0.0),
    };
    let last = visited.last().copied().unwrap_or(0);
    let rest = (1..stops.len()).filter(|s| !visited.contains(s));
    let wanted: Vec<usize> = match order {
        Order::Given => rest.take(1).collect(),
        Order::Best => rest.collect(),
    };
    // A plain cast: less than a few hours.
    let then = at + Duration::milliseconds((time_s * 1000.0).round() as i64);
    for stop in &wanted {
        if let Err(refused) = router.between(stops[last].clone(), stops[*stop].clone(), profile, then) {
            return NoTrip::Refused { stop: *stop, refused };
        }
    }
    let stop = wanted.first().copied().unwrap_or(0);
    NoTrip::Refused { stop, refused: because(Reason::NotConnected) }
}

/// The least cost from each stop to each other stop.
fn least_costs(chain: &mut Chain, doors: &[Doors]) -> Vec<Vec<f64>> {
    let from = |stop: &Doors, chain: &mut Chain| {
        let begin = stop.begin();
        let spread = chain.spread(stop, &begin);
        let to = |next: &Doors, chain: &mut Chain| {
            let found = chain.arrive(&spread, stop, &begin, next);
            found.iter().map(Reached::cost).fold(f64::INFINITY, f64::min)
        };
        doors.iter().map(|next| to(next, chain)).collect()
    };
    doors.iter().map(|stop| from(stop, chain)).collect()
}

/// The least cost of visiting all of `rest` from `last` and ending at `end`, by dynamic programming over
/// sets (Held and Karp, 1962).
fn least_ahead(
    costs: &[Vec<f64>],
    known: &mut BTreeMap<(usize, u32), f64>,
    last: usize,
    rest: u32,
    end: usize,
) -> f64 {
    if rest == 0 {
        return if last == end { 0.0 } else { costs[last][end] };
    }
    if let Some(found) = known.get(&(last, rest)) {
        return *found;
    }
    let mut least = f64::INFINITY;
    for next in (0..costs.len()).filter(|n| rest & (1 << n) != 0) {
        let on = least_ahead(costs, known, next, rest & !(1 << next), end);
        least = least.min(costs[last][next] + on);
    }
    known.insert((last, rest), least);
    least
}

/// The partial orders that were examined. The last one is complete and the best; an error if none is
/// complete.
fn plan(
    chain: &mut Chain,
    doors: &[Doors],
    order: Order,
    ahead: &[Vec<f64>],
) -> Result<Vec<Partial>, Vec<Partial>> {
    let end = doors.len() - 1;
    let mut partials =
        vec![Partial { order: vec![0], parent: None, reached: doors[0].begin(), spread: None }];
    let mut heap = BinaryHeap::from([Reverse((Cost(0.0), 0usize))]);
    let mut known = BTreeMap::new();
    let mut seen: BTreeMap<(usize, u32), Vec<usize>> = BTreeMap::new();
    while let Some(Reverse((_, index))) = heap.pop() {
        let (last, visited) = (partials[index].last(), partials[index].order.clone());
        if visited.len() == doors.len() {
            let complete = take(&mut partials[index]);
            partials.push(complete);
            return Ok(partials);
        }
        if order == Order::Best {
            let mask = visited.iter().fold(0u32, |mask, stop| mask | (1 << stop));
            let rivals = seen.entry((last, mask)).or_default();
            let reached = &partials[index].reached;
            if rivals.iter().any(|r| chain.makes_needless(&partials[*r].reached, reached)) {
                continue;
            }
            rivals.push(index);
        }
        let spread = chain.spread(&doors[last], &partials[index].reached);
        let rest = (1..doors.len()).filter(|s| !visited.contains(s));
        let next: Vec<usize> = match order {
            Order::Given => rest.take(1).collect(),
            // The end comes last.
            Order::Best => rest.filter(|s| *s != end || visited.len() + 1 == doors.len()).collect(),
        };
        for stop in next {
            let reached = chain.arrive(&spread, &doors[last], &partials[index].reached, &doors[stop]);
            if reached.is_empty() {
                continue;
            }
            let order_to = visited.iter().copied().chain([stop]).collect();
            let partial = Partial { order: order_to, parent: Some(index), reached, spread: None };
            let least = match order {
                Order::Given => 0.0,
                Order::Best => {
                    let missing = (1..end).filter(|s| *s != stop && !visited.contains(s));
                    let rest = missing.fold(0u32, |mask, s| mask | (1 << s));
                    least_ahead(ahead, &mut known, stop, rest, end)
                }
            };
            heap.push(Reverse((Cost(partial.cost() + least), partials.len())));
            partials.push(partial);
        }
        partials[index].spread = Some(spread);
    }
    Err(partials)
}

fn take(partial: &mut Partial) -> Partial {
    Partial {
        order: std::mem::take(&mut partial.order),
        parent: partial.parent,
        reached: std::mem::take(&mut partial.reached),
        spread: None,
    }
}

#[cfg(test)]
mod tests;
