//! The way out in an emergency: to the nearest exit, without lifts and without escalators.
//!
//! Emergency exits are open then; what the map closes stays closed, because nobody should be sent to a
//! door that may be locked. Here the time decides and not what people like: level changes and stairs cost
//! what they take. Whoever cannot take steps and finds no exit on their level is led to a place of refuge
//! or, where the map has none, to the nearest staircase, where help comes by.

use chrono::DateTime;
use chrono_tz::Tz;

use super::anchor::Anchor;
use super::conditions::{Conditions, Link, Rules};
use super::network::Network;
use super::router::Router;
use super::way::way;
use super::{NoRoute, Profile, Reason, Route, Spot};
use crate::venue::{FeatureId, Place, Venue};

/// What a way out leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// Out of the building, by this door.
    Exit(FeatureId),
    /// A place where people who cannot take steps wait for help.
    Refuge(FeatureId),
    /// The landing of this staircase, where help comes by.
    Staircase(FeatureId),
}

impl Safety {
    /// The name by which programs know it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Exit(_) => "exit",
            Self::Refuge(_) => "refuge",
            Self::Staircase(_) => "staircase",
        }
    }

    /// The door, place or unit.
    pub fn feature(self) -> FeatureId {
        match self {
            Self::Exit(id) | Self::Refuge(id) | Self::Staircase(id) => id,
        }
    }
}

/// A way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Escape {
    /// What it leads to.
    pub safety: Safety,
    /// The way.
    pub route: Route,
}

/// Whether people can wait for help at a place.
fn is_refuge(place: &Place) -> bool {
    ["mobilityrescue", "emergencyshelter"].iter().any(|c| place.category.starts_with(c))
}

impl Router {
    /// The way out from any spot, in an emergency at a moment.
    ///
    /// # Errors
    /// When the start is off the floor, or no exit and no refuge can be reached without lifts.
    pub fn escape(&self, from: &Spot, profile: Profile, at: DateTime<Tz>) -> Result<Escape, NoRoute> {
        let venue = self.venue();
        let network = self.ways.network(profile);
        let starts = Anchor::of(venue, network, from).map_err(NoRoute::because)?;
        if starts.is_empty() {
            return Err(NoRoute::because(Reason::StartOutside));
        }
        let conditions = Conditions::new(venue, profile, at, Rules::Fleeing);
        let goals = [exits(venue, network, &conditions), refuges(venue, network), staircases(venue, network)];
        let wanted = if profile.is_rolling() { 3 } else { 1 };
        for goals in goals.into_iter().take(wanted) {
            let (safety, anchors): (Vec<Safety>, Vec<Anchor>) = goals.into_iter().unzip();
            if let Some(traced) = way(venue, network, &conditions, &starts, &anchors) {
                let safety = safety[traced.end as usize];
                let place = Some(safety.feature()).filter(|id| venue.place(id).is_some());
                let route = self.ways.finish(traced, profile, at, place);
                return Ok(Escape { safety, route });
            }
        }
        Err(NoRoute::because(Reason::NoExit))
    }
}

/// The exits whose doors are open.
fn exits(venue: &Venue, network: &Network, conditions: &Conditions) -> Vec<(Safety, Anchor)> {
    let open = |(opening, _): &&(u32, u32)| conditions.open(Link::Door(*opening)).at(0.0);
    let exit = |(opening, end): &(u32, u32)| {
        (Safety::Exit(venue.openings()[*opening as usize].id), Anchor::of_end(network, *end))
    };
    network.exits.iter().filter(open).map(exit).collect()
}

fn refuges(venue: &Venue, network: &Network) -> Vec<(Safety, Anchor)> {
    let places = venue.places().iter().zip(&network.place_ends).filter(|(p, _)| is_refuge(p));
    places
        .flat_map(|(p, ends)| ends.iter().map(|e| (Safety::Refuge(p.id), Anchor::of_end(network, *e))))
        .collect()
}

fn staircases(venue: &Venue, network: &Network) -> Vec<(Safety, Anchor)> {
    let landing = |(unit, end): &(u32, u32)| {
        (Safety::Staircase(venue.units()[*unit as usize].id), Anchor::of_end(network, *end))
    };
    network.staircases.iter().map(landing).collect()
}
