//! Stands: where a walker stands on arrival: in a shop's door, in front of a lift, beside a cash machine.
//!
//! A room is reached in any of its doors. A place on open floor is reached at the nearest point of the
//! floor. A lift, an escalator or a staircase without a door on the map is reached where its outline is
//! near the floor; an escalator only at its two ends.

use geo::{MinimumRotatedRect, MultiPolygon};

use super::area::{DOORSTEP, left_of};
use super::visibility::Sight;
use super::walker::Walker;
use crate::geometry::Point;
use crate::venue::{LevelIndex, Opening, Passage, Place, TravelDirection, UnitIndex, UnitKind, Venue};

/// The greatest distance in metres from its floor at which a spot still counts as on it.
const NEAR: f64 = 2.5;
/// The greatest distance, beyond the walker's radius, between a lift or shop and the floor in front of it.
const FRONT: f64 = 1.0;

/// A point on the floor, and the opening in which it lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stand {
    pub point: Point,
    pub inside: Option<u32>,
}

impl Stand {
    fn free(point: Point) -> Self {
        Self { point, inside: None }
    }
}

/// One level, prepared to find the stands on it.
pub(crate) struct LevelStands<'a> {
    venue: &'a Venue,
    level: LevelIndex,
    walker: Walker,
    sight: &'a Sight,
    /// The openings that the walker can reach.
    openings: &'a [usize],
}

impl<'a> LevelStands<'a> {
    pub fn new(
        venue: &'a Venue,
        level: LevelIndex,
        walker: Walker,
        sight: &'a Sight,
        openings: &'a [usize],
    ) -> Self {
        Self { venue, level, walker, sight, openings }
    }

    /// The floor nearest to a spot, if it is near and not behind a wall.
    pub fn spot(&self, point: Point) -> Option<Stand> {
        let (found, distance) = self.sight.nearest(point)?;
        let same = self.venue.unit_at(self.level, point) == self.venue.unit_at(self.level, found);
        (distance == 0.0 || (distance <= NEAR && same)).then_some(Stand::free(found))
    }

    /// The stands at which a place is reached.
    pub fn place(&self, place: &Place) -> Vec<Stand> {
        let own = self.openings.iter().find(|o| self.venue.openings()[**o].id == place.id);
        if let Some(&exit) = own {
            return self.in_door(exit, None).into_iter().collect();
        }
        let Some(index) = self.venue.unit_of(&place.unit) else { return Vec::new() };
        match self.venue.unit(index).kind {
            UnitKind::Room => self.doors(index),
            kind if kind.is_shaft() => self.landings(index),
            kind if self.walker.enters(kind) => {
                let beside = self.sight.nearest(place.position).filter(|(_, d)| *d <= NEAR);
                beside.map(|(point, _)| Stand::free(point)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// The doors of a room, or the floor in front of it if the map draws none.
    fn doors(&self, room: UnitIndex) -> Vec<Stand> {
        let has = |o: &Opening| o.sides.contains(&Some(room));
        let doors: Vec<_> = self
            .openings
            .iter()
            .filter(|o| has(&self.venue.openings()[**o]) && !self.venue.openings()[**o].is_exterior())
            .filter_map(|o| self.in_door(*o, Some(room)))
            .collect();
        if doors.is_empty() && !self.venue.openings().iter().any(has) {
            return self.in_front(&self.venue.unit(room).shape).into_iter().collect();
        }
        doors
    }

    /// The stands of a shaft at one of its units, or above or below a unit of another level: at its doors,
    /// or in front of it, or at its two ends.
    pub fn landings(&self, unit: UnitIndex) -> Vec<Stand> {
        let shaft = self.venue.unit(unit);
        let has = |o: &usize| self.venue.openings()[*o].sides.contains(&Some(unit));
        let doors: Vec<_> =
            self.openings.iter().filter(|o| has(o)).filter_map(|o| self.in_door(*o, None)).collect();
        if !doors.is_empty() {
            return doors;
        }
        match shaft.kind {
            UnitKind::Lift => self.in_front(&shaft.shape).into_iter().collect(),
            _ => self.at_ends(&shaft.shape),
        }
    }

    /// The doors that lead out of the building, including emergency exits.
    pub fn exits(&self) -> Vec<(usize, Stand)> {
        let leads_out = |o: &&usize| {
            let opening = &self.venue.openings()[**o];
            let walkable = |u: &&UnitIndex| self.walker.enters(self.venue.unit(**u).kind);
            let inside = opening.sides.iter().flatten().filter(walkable).count();
            // The side without floor is the outside. A door that only leads in is no exit.
            let left = opening.sides[0].as_ref().is_some_and(|u| walkable(&u));
            let leads_out = opening.direction.lets_pass(!left);
            inside == 1 && leads_out && (opening.is_exterior() || opening.passage == Passage::Emergency)
        };
        let doors = self.openings.iter().filter(leads_out);
        doors.filter_map(|o| Some((*o, self.in_door(*o, None)?))).collect()
    }

    /// The stand in an opening: its middle, or a point just inside if there is no floor beyond. In an
    /// opening for one direction, it lies just inside the room: a route then clearly passes the opening or
    /// does not.
    fn in_door(&self, index: usize, room: Option<UnitIndex>) -> Option<Stand> {
        let opening = &self.venue.openings()[index];
        let walkable =
            |side: Option<UnitIndex>| side.is_some_and(|u| self.walker.enters(self.venue.unit(u).kind));
        let (nx, ny) = left_of(opening);
        let step = |by: f64| opening.middle().moved(nx * by, ny * by);
        let home = |side: usize| {
            opening.direction != TravelDirection::Both && room.is_some() && opening.sides[side] == room
        };
        let point = match opening.sides.map(walkable) {
            [true, true] if home(0) => step(DOORSTEP),
            [true, true] if home(1) => step(-DOORSTEP),
            [true, true] => opening.middle(),
            [true, false] => step(DOORSTEP),
            [false, true] => step(-DOORSTEP),
            [false, false] => return None,
        };
        // A column or another obstacle may fill the doorway.
        let inside = u32::try_from(opening.twin_of.unwrap_or(index)).ok();
        self.sight.contains(point).then_some(Stand { point, inside })
    }

    /// The floor nearest to the outline of a shape, if it is near.
    fn in_front(&self, shape: &MultiPolygon<f64>) -> Option<Stand> {
        let mut best: Option<(f64, Point)> = None;
        for line in shape.0.iter().flat_map(|p| p.exterior().lines()) {
            let (a, b) = (Point::from(line.start), Point::from(line.end));
            // The middle comes first: of equally near points, it is the most likely position of a door.
            for t in [0.5, 0.35, 0.65, 0.2, 0.8] {
                if let Some((found, distance)) = self.sight.nearest(a.toward(b, t))
                    && best.is_none_or(|(d, _)| distance < d - 1e-6)
                {
                    best = Some((distance, found));
                }
            }
        }
        let (distance, point) = best?;
        (distance <= self.walker.radius() + FRONT).then_some(Stand::free(point))
    }

    /// The floor at the two short ends of a long shape.
    fn at_ends(&self, shape: &MultiPolygon<f64>) -> Vec<Stand> {
        let Some(around) = MinimumRotatedRect::minimum_rotated_rect(shape) else { return Vec::new() };
        let corners: Vec<Point> = around.exterior().0.iter().map(|c| Point::from(*c)).collect();
        if corners.len() < 5 {
            return Vec::new();
        }
        let along = usize::from(corners[0].distance(corners[1]) >= corners[1].distance(corners[2]));
        let ends = [(along, along + 1), ((along + 2) % 4, (along + 2) % 4 + 1)];
        let middles = ends.map(|(i, j)| corners[i].toward(corners[j], 0.5));
        let near = |p: Point| self.sight.nearest(p).filter(|(_, d)| *d <= self.walker.radius() + FRONT);
        middles.into_iter().filter_map(near).map(|(point, _)| Stand::free(point)).collect()
    }
}
