//! What changed since the map was made: a door that is locked today, a lift that broke down.
//!
//! Networks know geometry and nothing of hours and closures, so a router with changes shares them with the
//! one it was made from; only the conditions of the next search differ.

use super::Reason;
use crate::venue::{Closure, FeatureId, Service, Venue};

/// Closures and states of service that hold instead of those in the map.
///
/// A feature that is not named here stays as the map has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Units, openings, shafts (by any of their units) and places, each closed, or open again with none.
    pub closures: Vec<(FeatureId, Option<Closure>)>,
    /// Shafts, by any of their units, and whether they run.
    pub services: Vec<(FeatureId, Service)>,
}

impl Changes {
    /// A venue with these changes.
    pub(super) fn apply(&self, map: &Venue) -> Result<Venue, Reason> {
        let mut venue = map.clone();
        for (id, closure) in &self.closures {
            let mut known = false;
            if let Some(unit) = venue.unit_of(id) {
                venue.units[unit.0].closure.clone_from(closure);
                known = true;
            }
            for opening in venue.openings.iter_mut().filter(|o| o.id == *id) {
                opening.closure.clone_from(closure);
                known = true;
            }
            for shaft in shafts_of(&mut venue, id) {
                shaft.closure.clone_from(closure);
                known = true;
            }
            if let Some(index) = venue.place_position(id) {
                venue.places[index].closure.clone_from(closure);
                known = true;
            }
            if !known {
                return Err(Reason::UnknownPlace(*id));
            }
        }
        for (id, service) in &self.services {
            let mut known = false;
            for shaft in shafts_of(&mut venue, id) {
                shaft.service = *service;
                known = true;
            }
            if !known {
                return Err(Reason::UnknownPlace(*id));
            }
        }
        Ok(venue)
    }
}

/// The shafts that an id names: by any of their units.
fn shafts_of<'a>(
    venue: &'a mut Venue,
    id: &FeatureId,
) -> impl Iterator<Item = &'a mut crate::venue::Shaft> + use<'a> {
    let unit = venue.unit_of(id);
    let id = *id;
    venue.shafts.iter_mut().filter(move |s| s.id == id || s.stops.iter().any(|stop| Some(stop.unit) == unit))
}
