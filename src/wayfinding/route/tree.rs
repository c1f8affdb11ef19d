//! All routes from one spot: a table that is grown once, and from which every answer is read.
//!
//! A tree is valid until the next door or shaft opens or closes ([`Tree::valid_until`]). It never changes;
//! a later moment needs a new tree.

use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;

use super::anchor::Anchor;
use super::conditions::{Conditions, Rules};
use super::graph::{Walk, count};
use super::refusal::FailedSearch;
use super::search::{Labels, Search};
use super::shortest_path::{better, everywhere};
use super::state::{RouterState, later};
use super::trace::{Arrival, Last, trace};
use super::types::{NoRoute, Reason, Route, Spot, TravelProfile};
use super::walker::Toll;
use crate::venue::{FeatureId, LevelIndex, Place};

/// All routes from one spot, for one profile, at one moment.
#[derive(Clone)]
pub struct Tree {
    inner: Arc<Grown>,
}

struct Grown {
    state: Arc<RouterState>,
    profile: TravelProfile,
    at: DateTime<Tz>,
    starts: Vec<Anchor>,
    labels: Labels,
    /// The best arrival at each place of the venue.
    arrivals: Vec<Option<Arrival>>,
    conditions: Conditions,
}

impl Tree {
    pub(super) fn grow(
        state: Arc<RouterState>,
        from: &Spot,
        profile: TravelProfile,
        at: DateTime<Tz>,
    ) -> Result<Self, Reason> {
        let network = state.network(profile);
        let conditions = Conditions::new(&state.venue, profile, at, Rules::Strict);
        let starts = Anchor::of(&state.venue, network, from)?;
        let kiosk = match from {
            Spot::Kiosk(code) => state.venue.kiosks().iter().position(|k| k.code == *code),
            _ => None,
        };
        let seen = kiosk.and_then(|k| network.kiosks[k].as_ref()).map(|(_, seen)| seen.as_slice());
        let (labels, arrivals) = Search::run(network, &conditions, |search| {
            let labels = everywhere(search, &starts);
            let direct = direct(search, &starts, seen);
            let mut arrive = |ends: &Vec<u32>| {
                ends.iter().fold(None, |found, end| {
                    let there = better(direct[*end as usize], arrival(search, &labels, *end));
                    better(found, there)
                })
            };
            let arrivals = network.place_ends.iter().map(&mut arrive).collect();
            (labels, arrivals)
        });
        let grown = Grown { profile, at, starts, labels, arrivals, conditions, state };
        Ok(Self { inner: Arc::new(grown) })
    }

    pub fn profile(&self) -> TravelProfile {
        self.inner.profile
    }

    /// The moment until which its answers hold: the next time that a door or a lift opens or closes.
    pub fn valid_until(&self) -> Option<DateTime<Tz>> {
        self.inner.conditions.first_change().map(|s| later(self.inner.at, s))
    }

    /// The route to a place.
    ///
    /// # Errors
    /// When there is no route: the reason, and what can be reached instead.
    pub fn route_to(&self, place: &FeatureId) -> Result<Route, NoRoute> {
        let tree = &*self.inner;
        let venue = &tree.state.venue;
        let Some(index) = venue.place_position(place) else {
            return Err(NoRoute::because(Reason::UnknownPlace(*place)));
        };
        let Some(arrival) = tree.arrivals[index] else {
            return Err(self.asked().refuse(&Spot::Place(*place)));
        };
        let network = tree.state.network(tree.profile);
        let origin = |start: u32| {
            let start = &tree.starts[start as usize];
            (start.level, start.point, Toll::default())
        };
        let goal = &network.ends[arrival.end as usize];
        let goal = (goal.level, goal.point);
        let traced = trace(venue, network, &tree.conditions, &tree.labels, &origin, &arrival, goal);
        Ok(tree.state.finish(traced, tree.profile, tree.at, Some(*place)))
    }

    fn asked(&self) -> FailedSearch<'_> {
        let Grown { profile, at, ref starts, ref conditions, ref labels, ref state, .. } = *self.inner;
        FailedSearch { state, profile, at, starts, conditions, labels }
    }

    /// The time of the route to a place in seconds, if there is a route.
    pub fn time_s(&self, place: &FeatureId) -> Option<f64> {
        let index = self.inner.state.venue.place_position(place)?;
        self.inner.arrivals[index].map(|a| a.toll.time)
    }

    /// The moment for which it was grown.
    pub(super) fn at(&self) -> DateTime<Tz> {
        self.inner.at
    }

    /// Whether its start is on a floor that the public may use. If not, nothing can be reached.
    pub fn starts_on_the_floor(&self) -> bool {
        !self.inner.starts.is_empty()
    }

    /// The level of its start; `None` if the start is off the floor.
    pub(super) fn start_level(&self) -> Option<LevelIndex> {
        self.inner.starts.first().map(|s| s.level)
    }

    /// All reachable places, with the seconds to each.
    pub(super) fn reached(&self) -> impl Iterator<Item = (&Place, f64)> {
        let places = self.inner.state.venue.places().iter().zip(&self.inner.arrivals);
        places.filter_map(|(place, arrival)| Some((place, arrival.as_ref()?.toll.time)))
    }
}

/// The best straight walks from the starts to the ends that they see, one for each end.
fn direct(search: &mut Search, starts: &[Anchor], seen: Option<&[Walk]>) -> Vec<Option<Arrival>> {
    let network = search.network;
    let mut direct: Vec<Option<Arrival>> = vec![None; network.ends.len()];
    let arrival = |end: u32, start: usize, toll: Option<Toll>| {
        toll.map(|toll| Arrival { end, last: Last::Start(count(start)), toll })
    };
    if let Some(seen) = seen {
        for walk in seen {
            let toll = search.walked(Toll::default(), walk.length, network.gates(walk));
            direct[walk.to as usize] = arrival(walk.to, 0, toll);
        }
        return direct;
    }
    for (number, start) in starts.iter().enumerate() {
        let sight = &network.sights[start.level.0];
        for (index, end) in network.ends.iter().enumerate().filter(|(_, e)| e.level == start.level) {
            if sight.sees(start.point, end.point) {
                let inside = [start.inside, end.inside];
                let crossings = network.gates_between(start.level, start.point, end.point, inside);
                let toll = search.walked(Toll::default(), start.point.distance(end.point), &crossings);
                direct[index] = better(direct[index], arrival(count(index), number, toll));
            }
        }
    }
    direct
}

/// The best arrival at an end through the core nodes that it sees.
fn arrival(search: &mut Search, labels: &Labels, end: u32) -> Option<Arrival> {
    let network = search.network;
    let mut found = None;
    for walk in &network.ends[end as usize].walks {
        for (number, label) in labels.of(walk.to) {
            let toll = search.walked(label.toll, walk.length, network.gates(walk));
            found = better(found, toll.map(|toll| Arrival { end, last: Last::Label(number), toll }));
        }
    }
    found
}
