//! All ways from one kiosk: a table, grown once, from which every answer is read.

use std::sync::Arc;

use chrono::{DateTime, Duration};
use chrono_tz::Tz;

use super::conditions::{Conditions, Rules};
use super::network::{Network, Walk};
use super::router::{Anchor, Labels, Ways, firsts};
use super::search::{Label, spread, walked};
use super::trace::{Arrival, trace};
use super::walker::Toll;
use super::{NoRoute, Profile, Reason, Route, Spot};
use crate::venue::{Facility, FeatureId, KioskSpot};

/// All ways from one kiosk for one profile, as they are at one moment.
#[derive(Clone)]
pub struct Tree {
    inner: Arc<Grown>,
}

struct Grown {
    ways: Arc<Ways>,
    profile: Profile,
    at: DateTime<Tz>,
    from: Spot,
    starts: Vec<Anchor>,
    labels: Labels,
    /// How each place of the venue is best reached.
    arrivals: Vec<Option<Arrival>>,
    /// Seconds after `at` until a door or lift changes.
    change: Option<f64>,
}

impl Tree {
    pub(super) fn grow(ways: Arc<Ways>, from: &KioskSpot, profile: Profile, at: DateTime<Tz>) -> Self {
        let network = ways.network(profile);
        let conditions = Conditions::new(&ways.venue, profile, at, Rules::Strict);
        let known =
            ways.venue.kiosks().iter().position(|k| k.code == from.code && k.position == from.position);
        let spot = match known {
            Some(_) => Spot::Kiosk(from.code.clone()),
            None => Spot::At { level: from.level, point: from.position },
        };
        let starts = ways.anchors(network, &spot).unwrap_or_default();
        let labels = spread(network, &conditions, &ways.venue.speeds(), firsts(&starts), |_, _| false);
        let seen = known.and_then(|k| network.kiosks[k].as_ref()).map(|(_, seen)| seen.as_slice());
        let direct = direct(network, &conditions, &starts, seen);
        let arrive = |ends: &Vec<u32>| {
            let ways = ends.iter().filter_map(|end| {
                let straight = direct[*end as usize].map(|toll| Arrival { end: *end, last: None, toll });
                best(straight, arrival(network, &conditions, &labels, *end))
            });
            ways.fold(None, |a, b| best(a, Some(b)))
        };
        let arrivals = network.place_ends.iter().map(arrive).collect();
        let change = conditions.first_change();
        Self { inner: Arc::new(Grown { ways, profile, at, from: spot, starts, labels, arrivals, change }) }
    }

    /// How one moves in it.
    pub fn profile(&self) -> Profile {
        self.inner.profile
    }

    /// Until when its answers hold: the next time that a door or a lift opens or closes.
    pub fn valid_until(&self) -> Option<DateTime<Tz>> {
        #[expect(clippy::cast_possible_truncation, reason = "less than a few hours")]
        self.inner.change.map(|s| self.inner.at + Duration::milliseconds((s * 1000.0) as i64))
    }

    /// The way to a place.
    ///
    /// # Errors
    /// When there is none: why, and what can be reached instead.
    pub fn route_to(&self, place: &FeatureId) -> Result<Route, NoRoute> {
        let tree = &*self.inner;
        let venue = &tree.ways.venue;
        let Some(index) = venue.place_position(place) else {
            return Err(NoRoute { reason: Reason::UnknownPlace(*place), nearest_reachable: None });
        };
        let Some(arrival) = tree.arrivals[index] else {
            let to = Spot::Place(*place);
            let reachable = |id: &FeatureId| self.time_s(id).is_some();
            return Err(tree.ways.explain(&tree.from, &to, tree.profile, tree.at, &reachable));
        };
        let network = tree.ways.network(tree.profile);
        let origin = |start: u32| (tree.starts[start as usize].level, tree.starts[start as usize].point);
        let goal = &network.ends[arrival.end as usize];
        let legs = trace(venue, network, &tree.labels, origin, &arrival, (goal.level, goal.point));
        Ok(tree.ways.finish(legs, tree.profile, tree.at, Some(*place)))
    }

    /// How long the way to a place takes, if there is one.
    pub fn time_s(&self, place: &FeatureId) -> Option<f64> {
        let index = self.inner.ways.venue.place_position(place)?;
        self.inner.arrivals[index].map(|a| a.toll.time)
    }

    /// The nearest places that serve as a facility, nearest first, with the seconds to each.
    pub fn nearest(&self, facility: Facility, n: usize) -> Vec<(FeatureId, f64)> {
        let places = self.inner.ways.venue.places().iter().zip(&self.inner.arrivals);
        let mut found: Vec<_> = places
            .filter(|(p, _)| p.facilities.contains(&facility))
            .filter_map(|(p, arrival)| Some((p.id, arrival.as_ref()?.toll)))
            .collect();
        found.sort_by(|a, b| a.1.cost.total_cmp(&b.1.cost).then(a.0.cmp(&b.0)));
        found.into_iter().take(n).map(|(id, toll)| (id, toll.time)).collect()
    }
}

/// What it takes to walk straight from the only start to each end that it sees.
fn direct(
    network: &Network,
    conditions: &Conditions,
    starts: &[Anchor],
    seen: Option<&[Walk]>,
) -> Vec<Option<Toll>> {
    let mut direct = vec![None; network.ends.len()];
    let Some(start) = starts.first() else { return direct };
    if let Some(seen) = seen {
        for walk in seen {
            let gates = network.gates(walk);
            direct[walk.to as usize] = walked(conditions, Toll::default(), walk.length, gates);
        }
        return direct;
    }
    let sight = &network.sights[start.level.0];
    for (index, end) in network.ends.iter().enumerate().filter(|(_, e)| e.level == start.level) {
        if sight.sees(start.point, end.point) {
            let gates = network.gates_between(start.level, start.point, end.point, [None, end.inside]);
            let length = start.point.distance(end.point);
            direct[index] = walked(conditions, Toll::default(), length, &gates);
        }
    }
    direct
}

/// The better of two arrivals; the first of two equal ones.
pub(super) fn best(a: Option<Arrival>, b: Option<Arrival>) -> Option<Arrival> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.toll.cost < a.toll.cost { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// How an end is best reached through the core nodes it sees.
pub(super) fn arrival(
    network: &Network,
    conditions: &Conditions,
    labels: &[Option<Label>],
    end: u32,
) -> Option<Arrival> {
    let walks = network.ends[end as usize].walks.iter().filter_map(|walk| {
        let label = labels[walk.to as usize]?;
        let toll = walked(conditions, label.toll, walk.length, network.gates(walk))?;
        Some(Arrival { end, last: Some(walk.to), toll })
    });
    walks.fold(None, |a, b| best(a, Some(b)))
}
