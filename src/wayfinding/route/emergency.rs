//! Evacuation routes, without lifts and escalators: which doors and stairs lead out. The caller chooses the
//! destinations.
//!
//! Emergency exits are open. Whatever the map closes stays closed, because nobody should be sent to a door
//! that may be locked. Only time counts, not preference: level changes and stairs cost their time. The
//! caller decides what counts as safe.

use chrono::DateTime;
use chrono_tz::Tz;

use super::anchor::Anchor;
use super::bound::Bound;
use super::conditions::{Conditions, Link, Rules};
use super::graph::count;
use super::network::Network;
use super::router::Router;
use super::shortest_path::shortest_path;
use super::types::{NoRoute, Reason, Route, Spot, TravelProfile};
use crate::venue::{FeatureId, Opening, UnitIndex, Venue};

/// A point of the floor where an evacuation route may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SafePoint(u32);

/// The evacuation routes of one profile at one moment.
pub struct EmergencyRoutes<'a> {
    router: &'a Router,
    network: &'a Network,
    conditions: Conditions,
    bound: Bound,
    profile: TravelProfile,
    at: DateTime<Tz>,
}

impl Router {
    /// The evacuation routes of a profile from a moment on.
    pub fn emergency(&self, profile: TravelProfile, at: DateTime<Tz>) -> EmergencyRoutes<'_> {
        let network = self.state.network(profile);
        let conditions = Conditions::new(self.venue(), profile, at, Rules::Fleeing);
        let bound = Bound::new(network, &conditions);
        EmergencyRoutes { router: self, network, conditions, bound, profile, at }
    }
}

impl EmergencyRoutes<'_> {
    fn venue(&self) -> &Venue {
        self.router.venue()
    }

    /// Whether an opening (by its index in [`Venue::openings`]) is open at the moment of the query.
    pub fn is_open(&self, opening: usize) -> bool {
        self.conditions.open(Link::Door(count(opening))).at(0.0)
    }

    /// The openings that lead out of the building, including closed ones.
    pub fn doors_out(&self) -> impl Iterator<Item = (usize, &Opening, SafePoint)> {
        let all = self.network.exits.iter();
        all.map(|(o, end)| (*o as usize, &self.venue().openings()[*o as usize], SafePoint(*end)))
    }

    /// The units of staircases, each with one of its landings.
    pub fn staircases(&self) -> impl Iterator<Item = (UnitIndex, SafePoint)> {
        self.network.staircases.iter().map(|(unit, end)| (UnitIndex(*unit as usize), SafePoint(*end)))
    }

    /// The points where a place is reached: in its doors, or beside it.
    pub fn at_place(&self, place: &FeatureId) -> impl Iterator<Item = SafePoint> {
        let ends = self.venue().place_position(place).map(|index| &self.network.place_ends[index]);
        ends.into_iter().flatten().map(|end| SafePoint(*end))
    }

    /// The route to the safe point that is reached first, and that point. `None` if there is no route to
    /// any of them.
    ///
    /// # Errors
    /// When the start is unknown or off the floor.
    pub fn fastest(
        &self,
        from: &Spot,
        to: &[(SafePoint, FeatureId)],
    ) -> Result<Option<(usize, Route)>, NoRoute> {
        let starts = Anchor::of(self.venue(), self.network, from).map_err(NoRoute::because)?;
        if starts.is_empty() {
            return Err(NoRoute::because(Reason::StartOutside));
        }
        let goals: Vec<Anchor> = to.iter().map(|(end, _)| Anchor::of_end(self.network, end.0)).collect();
        let found = shortest_path(self.venue(), self.network, &self.conditions, &self.bound, &starts, &goals);
        let Ok(traced) = found else { return Ok(None) };
        let index = traced.end as usize;
        let place = Some(to[index].1).filter(|id| self.venue().place(id).is_some());
        Ok(Some((index, self.router.state.finish(traced, self.profile, self.at, place))))
    }
}
