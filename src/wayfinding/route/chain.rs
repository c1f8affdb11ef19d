//! Ways one after the other, each leaving by the door at which the one before arrived.
//!
//! A stop may have several doors, and the best door for the way there need not be the best for the way on. So
//! every door keeps its own arrivals, and only who asks for the last way decides.

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

/// The doors of a stop, or the point of floor that it is.
pub struct Doors {
    anchors: Vec<Anchor>,
    place: Option<FeatureId>,
}

impl Doors {
    /// Whether it lies off the floor.
    pub fn is_empty(&self) -> bool {
        self.anchors.is_empty()
    }

    /// Each of its doors, as those where a chain begins.
    pub fn begin(&self) -> Vec<Reached> {
        let doors = 0..count(self.anchors.len());
        doors.map(|door| Reached { door, toll: Toll::default(), arrival: None }).collect()
    }
}

/// A door of a stop, reached, and what all ways to it have taken.
#[derive(Clone, Copy)]
pub struct Reached {
    door: u32,
    toll: Toll,
    /// How, in the search from the stop before. None where a chain begins.
    arrival: Option<Arrival>,
}

impl Reached {
    /// What it has cost: seconds, and what people mind beside them.
    pub fn cost(&self) -> f64 {
        self.toll.cost
    }

    /// The seconds it has taken.
    pub fn time_s(&self) -> f64 {
        self.toll.time
    }
}

/// Everything that can be reached from a stop.
pub struct Spread(Labels);

/// Which doors are open for a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainRules {
    /// Those that are open when one gets there.
    AsTheyAre,
    /// All: what no way can cost less than.
    AllOpen,
}

/// A search for ways one after the other.
pub struct Chain<'a, 's>(&'a mut Search<'s>);

impl Chain<'_, '_> {
    /// Searches from a stop of which these doors were reached.
    pub fn spread(&mut self, stop: &Doors, reached: &[Reached]) -> Spread {
        Spread(self.0.spread(firsts(starts(stop, reached)), |_| 0.0, |_, _, _| false))
    }

    /// How the doors of the next stop are reached, with all arrivals that may yet turn out best.
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

    /// Whether each way to a stop that goes on from `other` would be no dearer going on from one of `known`.
    pub fn makes_needless(&self, known: &[Reached], other: &[Reached]) -> bool {
        let rule = self.0.rule();
        other.iter().all(|o| known.iter().any(|k| k.door == o.door && rule.dominates(k.toll, o.toll)))
    }
}

fn starts<'a>(stop: &'a Doors, reached: &[Reached]) -> impl Iterator<Item = (&'a Anchor, Toll)> {
    reached.iter().map(|r| (&stop.anchors[r.door as usize], r.toll))
}

/// One way of a chain: where it began, and where it ended.
pub struct Hop<'a> {
    /// The stop it leaves.
    pub from: &'a Doors,
    /// The doors of that stop, as they were reached.
    pub left: &'a [Reached],
    /// The search from there.
    pub spread: &'a Spread,
    /// The stop it leads to.
    pub to: &'a Doors,
    /// The door of it that is taken.
    pub arrived: Reached,
}

impl Router {
    /// The doors of a spot.
    ///
    /// # Errors
    /// When the venue has no such place or kiosk.
    pub fn doors(&self, spot: &Spot, profile: TravelProfile) -> Result<Doors, Reason> {
        let anchors = Anchor::of(self.venue(), self.state.network(profile), spot)?;
        let place = if let Spot::Place(id) = spot { Some(*id) } else { None };
        Ok(Doors { anchors, place })
    }

    /// Searches for ways one after the other. Where an answer depends on the hour, `ask` is asked twice, and
    /// only what it says then counts.
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

    /// One way of a chain that was searched for as things are, and which of the doors it left by, as a number
    /// in the list that was handed in.
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
