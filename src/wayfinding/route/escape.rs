//! The way out in an emergency: to the nearest exit, without lifts and without escalators.
//!
//! Emergency exits are open then; what the map closes stays closed, because nobody should be sent to a
//! door that may be locked. Behind an emergency exit that is not on the ground floor there are steps. Here the time decides and not what people like: level changes and stairs cost
//! what they take. Whoever cannot take steps and finds no exit on their level is led to a place of refuge
//! or, where the map has none, to the nearest staircase, where help comes by.

use chrono::DateTime;
use chrono_tz::Tz;

use super::anchor::Anchor;
use super::bound::Bound;
use super::conditions::{Conditions, Link, Rules};
use super::network::{Network, count};
use super::router::Router;
use super::way::way;
use super::{NoRoute, Profile, Reason, Route, Spot};
use crate::venue::{Facility, FeatureId, Opening, Passage, Place, Venue};

/// What a way out leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// Out of the building, by this door.
    Exit(FeatureId),
    /// A place where people who cannot take steps wait for help.
    Refuge(FeatureId),
    /// The landing of this staircase, or this door to one, where help comes by.
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
        let bound = Bound::new(network, &conditions);
        let goals = [
            exits(venue, network, &conditions, profile),
            refuges(venue, network),
            staircases(venue, network, &conditions),
        ];
        let wanted = if profile.is_rolling() { 3 } else { 1 };
        for goals in goals.into_iter().take(wanted) {
            let (safety, anchors): (Vec<Safety>, Vec<Anchor>) = goals.into_iter().unzip();
            if let Ok(traced) = way(venue, network, &conditions, &bound, &starts, &anchors) {
                let safety = safety[traced.end as usize];
                let place = Some(safety.feature()).filter(|id| venue.place(id).is_some());
                let route = self.ways.finish(traced, profile, at, place);
                return Ok(Escape { safety, route });
            }
        }
        Err(NoRoute::because(Reason::NoExit))
    }
}

/// An end of the network, as what it is to those who flee.
fn goal(network: &Network, safety: Safety, end: u32) -> (Safety, Anchor) {
    (safety, Anchor::of_end(network, end))
}

/// The openings that lead out and are open, each with its end.
fn doors<'a>(
    venue: &'a Venue,
    network: &'a Network,
    conditions: &'a Conditions,
) -> impl Iterator<Item = (&'a Opening, u32)> {
    let open = |(opening, _): &&(u32, u32)| conditions.open(Link::Door(*opening)).at(0.0);
    let exits = network.exits.iter().filter(open);
    exits.map(|(opening, end)| (&venue.openings()[*opening as usize], *end))
}

/// Whether there are steps behind a door that leads out: an emergency exit upstairs or downstairs.
fn has_steps_outside(venue: &Venue, door: &Opening) -> bool {
    door.passage == Passage::Emergency && venue.level(door.level).ordinal != 0
}

/// Doors out of the building, and what the map calls an entrance even if it draws the ground outside too.
fn exits(
    venue: &Venue,
    network: &Network,
    conditions: &Conditions,
    profile: Profile,
) -> Vec<(Safety, Anchor)> {
    let fit = |door: &Opening| !profile.is_rolling() || !has_steps_outside(venue, door);
    let fitting = doors(venue, network, conditions).filter(|(door, _)| fit(door));
    let out = fitting.map(|(door, end)| goal(network, Safety::Exit(door.id), end));
    let leads_out =
        |id: &FeatureId| network.exits.iter().any(|(o, _)| venue.openings()[*o as usize].id == *id);
    let entrances = venue.places().iter().enumerate().filter(|(_, place)| {
        let door = venue.openings().iter().position(|o| o.id == place.id);
        let is_open = door.is_none_or(|o| conditions.open(Link::Door(count(o))).at(0.0));
        place.facilities.contains(&Facility::Exit) && !leads_out(&place.id) && is_open
    });
    let entrances = entrances.flat_map(|(index, place)| {
        network.place_ends[index].iter().map(|end| goal(network, Safety::Exit(place.id), *end))
    });
    out.chain(entrances).collect()
}

fn refuges(venue: &Venue, network: &Network) -> Vec<(Safety, Anchor)> {
    let places = venue.places().iter().zip(&network.place_ends).filter(|(p, _)| is_refuge(p));
    places.flat_map(|(p, ends)| ends.iter().map(|e| goal(network, Safety::Refuge(p.id), *e))).collect()
}

fn staircases(venue: &Venue, network: &Network, conditions: &Conditions) -> Vec<(Safety, Anchor)> {
    let inside = network.staircases.iter().map(|(unit, end)| (venue.units()[*unit as usize].id, *end));
    let outside = doors(venue, network, conditions).filter(|(door, _)| has_steps_outside(venue, door));
    let all = inside.chain(outside.map(|(door, end)| (door.id, end)));
    all.map(|(id, end)| goal(network, Safety::Staircase(id), end)).collect()
}
