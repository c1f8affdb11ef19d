//! Routes through several stops. Each route starts at the door where the route before it ended.
//!
//! A stop may have several doors, and the best door to arrive at need not be the best door to leave from.
//! Every door therefore keeps its own arrivals; the choice is made after the last route.

use chrono::DateTime;
use chrono_tz::Tz;

use super::anchor::{Anchor, firsts};
use super::conditions::{Conditions, Rules};
use super::graph::count;
use super::router::Router;
use super::search::{Labels, Search};
use super::shortest_path::arrivals;
use super::trace::{Arrival, trace};
use super::types::{Reason, Route, Spot, TravelProfile};
use super::walker::Toll;
use crate::venue::FeatureId;

/// The doors of a stop, or its single point on the floor.
pub struct Doors {
    anchors: Vec<Anchor>,
    place: Option<FeatureId>,
}

impl Doors {
    /// Whether the stop has no point on the floor.
    pub fn is_empty(&self) -> bool {
        self.anchors.is_empty()
    }

    /// All of its doors, as the start of a chain.
    pub fn begin(&self) -> Vec<Reached> {
        let doors = 0..count(self.anchors.len());
        doors.map(|door| Reached { door, toll: Toll::default(), arrival: None }).collect()
    }
}

/// A door of a stop that was reached, with the cost and time of all routes up to it.
#[derive(Clone, Copy)]
pub struct Reached {
    door: u32,
    toll: Toll,
    /// The arrival in the search from the stop before; `None` at the start of a chain.
    arrival: Option<Arrival>,
}

impl Reached {
    /// The cost so far: the seconds, plus penalties for what people dislike.
    pub fn cost(&self) -> f64 {
        self.toll.cost
    }

    /// The time so far, in seconds.
    pub fn time_s(&self) -> f64 {
        self.toll.time
    }
}

/// Everything that a search from a stop reaches.
pub struct Spread(Labels);

/// The opening hours that hold in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainRules {
    /// A door has to be open at the time of arrival.
    AsTheyAre,
    /// All doors are open. The cost is then a lower bound for every route.
    AllOpen,
}

/// A search for several routes in sequence.
pub struct Chain<'a, 's>(&'a mut Search<'s>);

impl Chain<'_, '_> {
    /// Searches from those doors of a stop that were reached.
    pub fn spread(&mut self, stop: &Doors, reached: &[Reached]) -> Spread {
        Spread(self.0.spread(firsts(starts(stop, reached)), |_| 0.0, |_, _, _| false))
    }

    /// The arrivals at the doors of the next stop, including all that may still turn out best.
    pub fn arrive(
        &mut self,
        spread: &Spread,
        stop: &Doors,
        reached: &[Reached],
        next: &Doors,
    ) -> Vec<Reached> {
        let starts: Vec<_> = starts(stop, reached).collect();
        let found = arrivals(self.0, &spread.0, &starts, &next.anchors);
        found.into_iter().map(|by| Reached { door: by.end, toll: by.toll, arrival: Some(by) }).collect()
    }

    /// Whether every continuation from `other` costs at least as much as one from `known`.
    pub fn makes_needless(&self, known: &[Reached], other: &[Reached]) -> bool {
        let rule = self.0.rule();
        other.iter().all(|o| known.iter().any(|k| k.door == o.door && rule.dominates(k.toll, o.toll)))
    }
}

fn starts<'a>(stop: &'a Doors, reached: &[Reached]) -> impl Iterator<Item = (&'a Anchor, Toll)> {
    reached.iter().map(|r| (&stop.anchors[r.door as usize], r.toll))
}

/// One route of a chain, from one stop to the next.
pub struct Hop<'a> {
    /// The stop where it starts.
    pub from: &'a Doors,
    /// The doors of that stop, as they were reached.
    pub left: &'a [Reached],
    /// The search from these doors.
    pub spread: &'a Spread,
    /// The stop where it ends.
    pub to: &'a Doors,
    /// The door of that stop that was chosen.
    pub arrived: Reached,
}

impl Router {
    /// The doors of a spot, for one profile.
    ///
    /// # Errors
    /// When the venue has no such place or kiosk.
    pub fn doors(&self, spot: &Spot, profile: TravelProfile) -> Result<Doors, Reason> {
        let anchors = Anchor::of(self.venue(), self.state.network(profile), spot)?;
        let place = if let Spot::Place(id) = spot { Some(*id) } else { None };
        Ok(Doors { anchors, place })
    }

    /// Runs a search for several routes in sequence. If an answer depends on opening hours, `ask` runs
    /// twice, and only its second result counts.
    pub fn chain<T>(
        &self,
        profile: TravelProfile,
        at: DateTime<Tz>,
        rules: ChainRules,
        mut ask: impl FnMut(&mut Chain) -> T,
    ) -> T {
        let conditions = Conditions::new(self.venue(), profile, at, rules.into());
        Search::run(self.state.network(profile), &conditions, |search| ask(&mut Chain(search)))
    }

    /// The route of one hop of a chain that was searched with [`ChainRules::AsTheyAre`]. The number is the
    /// index in [`Hop::left`] of the door where the route starts.
    pub fn chain_route(&self, hop: &Hop, profile: TravelProfile, at: DateTime<Tz>) -> Option<(Route, usize)> {
        let network = self.state.network(profile);
        let conditions = Conditions::new(self.venue(), profile, at, Rules::Strict);
        let arrival = hop.arrived.arrival?;
        let origin = |start: u32| {
            let left = hop.left[start as usize];
            let door = &hop.from.anchors[left.door as usize];
            (door.level, door.point, left.toll)
        };
        let goal = &hop.to.anchors[arrival.end as usize];
        let goal = (goal.level, goal.point);
        let traced = trace(self.venue(), network, &conditions, &hop.spread.0, &origin, &arrival, goal);
        let start = traced.start as usize;
        Some((self.state.finish(traced, profile, at, hop.to.place), start))
    }
}

impl From<ChainRules> for Rules {
    fn from(rules: ChainRules) -> Self {
        match rules {
            ChainRules::AsTheyAre => Self::Strict,
            ChainRules::AllOpen => Self::AllOpen,
        }
    }
}
