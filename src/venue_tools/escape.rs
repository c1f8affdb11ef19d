//! Evacuation: the route to the nearest exit, without lifts and escalators.
//!
//! Behind an emergency exit that is not on the ground floor there are steps. People who cannot take steps,
//! and have no exit on their level, are led to a refuge. If the map has none, they are led to the nearest
//! staircase, where helpers pass.

use chrono::DateTime;
use chrono_tz::Tz;
use domain::language::Language;
use wayfinding::route::{EmergencyRoutes, NoRoute, Reason, Route, Router, SafePoint, Spot, TravelProfile};
use wayfinding::venue::{Facility, FeatureId, Opening, Passage, Place, Venue};
use wayfinding::words::words;

/// The destination of an evacuation route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// This door leads out of the building.
    Exit(FeatureId),
    /// A place where people who cannot take steps wait for help.
    Refuge(FeatureId),
    /// A landing of this staircase, or a door to one. Helpers pass here.
    Staircase(FeatureId),
}

impl Safety {
    /// The key for programs.
    pub fn key(self) -> &'static str {
        match self {
            Self::Exit(_) => "exit",
            Self::Refuge(_) => "refuge",
            Self::Staircase(_) => "staircase",
        }
    }

    /// The feature: a door, a place or a unit.
    pub fn feature(self) -> FeatureId {
        match self {
            Self::Exit(id) | Self::Refuge(id) | Self::Staircase(id) => id,
        }
    }
}

/// An evacuation route.
#[derive(Clone, Debug, PartialEq)]
pub struct Escape {
    pub safety: Safety,
    pub route: Route,
}

/// Whether a place is a refuge, where people can wait for help.
fn is_refuge(place: &Place) -> bool {
    ["mobilityrescue", "emergencyshelter"].iter().any(|c| place.category.starts_with(c))
}

/// The evacuation route from any spot, at a moment.
///
/// # Errors
/// When the start is off the floor, or no exit and no refuge can be reached without lifts.
pub fn escape(
    router: &Router,
    from: &Spot,
    profile: TravelProfile,
    at: DateTime<Tz>,
) -> Result<Escape, NoRoute> {
    let venue = router.venue();
    let routes = router.emergency(profile, at);
    let goals = [exits(venue, &routes, profile), refuges(venue, &routes), staircases(venue, &routes)];
    let wanted = if profile.is_rolling() { 3 } else { 1 };
    for goals in goals.into_iter().take(wanted) {
        let points: Vec<_> = goals.iter().map(|(safety, point)| (*point, safety.feature())).collect();
        if let Some((index, route)) = routes.fastest(from, &points)? {
            return Ok(Escape { safety: goals[index].0, route });
        }
    }
    Err(NoRoute { reason: Reason::NoExit, nearest_reachable: None, as_far_as: None })
}

/// The notices before and after the steps of an evacuation route: leave at once and without lifts; and what
/// to do at the end of the route.
pub fn notices(safety: Safety, language: Language) -> [String; 2] {
    let end = format!("escape.{}", safety.key());
    [words().get(language, "escape.now"), words().get(language, &end)]
}

/// The openings that lead out and are open.
fn doors<'a>(routes: &'a EmergencyRoutes) -> impl Iterator<Item = (&'a Opening, SafePoint)> {
    let open = |(opening, _, _): &(usize, &Opening, SafePoint)| routes.is_open(*opening);
    routes.doors_out().filter(open).map(|(_, door, point)| (door, point))
}

/// Whether there are steps outside a door that leads out: an emergency exit that is not on the ground
/// floor.
fn has_steps_outside(venue: &Venue, door: &Opening) -> bool {
    door.passage == Passage::Emergency && venue.level(door.level).ordinal != 0
}

/// Doors out of the building, and openings that the map calls an entrance, even if it draws the ground
/// outside.
fn exits(venue: &Venue, routes: &EmergencyRoutes, profile: TravelProfile) -> Vec<(Safety, SafePoint)> {
    let fit = |door: &Opening| !profile.is_rolling() || !has_steps_outside(venue, door);
    let out = doors(routes).filter(|(door, _)| fit(door)).map(|(door, end)| (Safety::Exit(door.id), end));
    let leads_out = |id: &FeatureId| routes.doors_out().any(|(_, door, _)| door.id == *id);
    let entrances = venue.places().iter().filter(|place| {
        let door = venue.openings().iter().position(|o| o.id == place.id);
        let is_open = door.is_none_or(|o| routes.is_open(o));
        place.facilities.contains(&Facility::Exit) && !leads_out(&place.id) && is_open
    });
    let entrances =
        entrances.flat_map(|place| routes.at_place(&place.id).map(|p| (Safety::Exit(place.id), p)));
    out.chain(entrances).collect()
}

fn refuges(venue: &Venue, routes: &EmergencyRoutes) -> Vec<(Safety, SafePoint)> {
    let places = venue.places().iter().filter(|p| is_refuge(p));
    places.flat_map(|p| routes.at_place(&p.id).map(|end| (Safety::Refuge(p.id), end))).collect()
}

fn staircases(venue: &Venue, routes: &EmergencyRoutes) -> Vec<(Safety, SafePoint)> {
    let inside = routes.staircases().map(|(unit, end)| (venue.unit(unit).id, end));
    let outside = doors(routes).filter(|(door, _)| has_steps_outside(venue, door));
    let all = inside.chain(outside.map(|(door, end)| (door.id, end)));
    all.map(|(id, end)| (Safety::Staircase(id), end)).collect()
}

#[cfg(test)]
mod tests;
