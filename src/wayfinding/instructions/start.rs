//! The start of a route, and the direction in which the visitor looks there.

use crate::geometry::Point;
use crate::route::Route;
use crate::venue::{KioskSpot, Passage, Place, PlaceKind, UnitKind, Venue};

/// A route starts at a door if its start is within this distance of the door, in metres.
const AT_DOOR_M: f64 = 1.2;

/// The start of a route.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start<'a> {
    /// At a kiosk. The visitor looks at the screen.
    Kiosk(&'a KioskSpot),
    /// At the door of a place. The visitor comes out of it.
    Door {
        /// The direction in which the visitor looks, in degrees clockwise from north.
        outward: f64,
        /// The place that the door belongs to.
        place: &'a Place,
    },
    Anywhere,
}

impl<'a> Start<'a> {
    /// The start of a route: at `kiosk`, if it is given.
    pub fn of(venue: &'a Venue, route: &Route, kiosk: Option<&'a KioskSpot>) -> Self {
        kiosk.map_or_else(|| Self::door(venue, route).unwrap_or(Self::Anywhere), Self::Kiosk)
    }

    /// The shop door at the start of a route.
    fn door(venue: &'a Venue, route: &Route) -> Option<Self> {
        let (level, point) = route.start();
        let near = |d: &&crate::venue::Opening| d.level == level && d.middle().distance(point) <= AT_DOOR_M;
        let doors = venue.openings().iter().filter(near).filter(|d| d.passage == Passage::Public);
        let mut found = doors.filter_map(|door| {
            let room =
                door.sides.iter().position(|s| s.is_some_and(|u| venue.unit(u).kind == UnitKind::Room))?;
            let unit = venue.unit(door.sides[room]?).id;
            let mut tenants =
                venue.places().iter().filter(|p| p.unit == unit && p.kind == PlaceKind::Occupant);
            let (tenant, more) = (tenants.next()?, tenants.next());
            // A food hall with one door has no single name.
            if more.is_some() {
                return None;
            }
            // The first side is to the left of the line: a visitor who comes out of it goes to the right.
            let along = Point::bearing_to(door.from, door.to);
            let outward = if room == 0 { along + 90.0 } else { along - 90.0 };
            Some((door.middle().distance(point), outward.rem_euclid(360.0), tenant))
        });
        let first = found.next()?;
        let (_, outward, place) = found.fold(first, |best, next| if next.0 < best.0 { next } else { best });
        (Some(place.id) != route.to).then_some(Self::Door { outward, place })
    }
}
