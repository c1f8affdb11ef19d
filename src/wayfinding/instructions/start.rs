//! Where somebody sets out, and which way they look then.

use crate::geometry::Point;
use crate::route::Route;
use crate::venue::{KioskSpot, Passage, Place, PlaceKind, UnitKind, Venue};

/// A door within this distance of the beginning of a route is the one it begins at, in metres.
const AT_DOOR_M: f64 = 1.2;

/// The beginning of a route.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start<'a> {
    /// A kiosk: its visitor looks at the screen.
    Kiosk(&'a KioskSpot),
    /// The door of a place: one comes out of it.
    Door {
        /// The way one looks then, in degrees clockwise from north.
        outward: f64,
        /// Whose door it is.
        place: &'a Place,
    },
    /// Somewhere on a floor.
    Anywhere,
}

impl<'a> Start<'a> {
    /// The beginning of a route, at a kiosk if there is one.
    pub fn of(venue: &'a Venue, route: &Route, kiosk: Option<&'a KioskSpot>) -> Self {
        kiosk.map_or_else(|| Self::door(venue, route).unwrap_or(Self::Anywhere), Self::Kiosk)
    }

    /// The door of a shop at the beginning of a route.
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
            // A food hall with one door has no name of its own.
            if more.is_some() {
                return None;
            }
            // The first side is to the left of the line, so that out of it is to the right.
            let along = Point::bearing_to(door.from, door.to);
            let outward = if room == 0 { along + 90.0 } else { along - 90.0 };
            Some((door.middle().distance(point), outward.rem_euclid(360.0), tenant))
        });
        let first = found.next()?;
        let (_, outward, place) = found.fold(first, |best, next| if next.0 < best.0 { next } else { best });
        (Some(place.id) != route.to).then_some(Self::Door { outward, place })
    }
}
