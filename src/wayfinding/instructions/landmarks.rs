//! What a visitor can see at a bend or beside a stretch: shops by their fronts.
//!
//! People find a turn best by something on the side they turn to, before the turn, and well known. A
//! landmark has to be in sight from where it is needed, and is never the destination itself.

use crate::geometry::{Point, cross, nearest_on, turn};
use crate::venue::{FeatureId, LevelIndex, Passage, Place, PlaceKind, UnitIndex, UnitKind, Venue};

/// How far from a bend a front may be, in metres.
const NEAR_M: f64 = 12.0;
/// How far from a stretch a shop may be that one walks past.
const BESIDE_M: f64 = 9.0;
/// How far from the destination's door that of its neighbour may be.
const NEIGHBOUR_M: f64 = 22.0;
/// Two shops with no more than this between them share a wall.
const WALL_M: f64 = 1.0;
/// Frontages wider than this are not seen better.
const WIDE_M: f64 = 15.0;

/// The front of a place: where its doors are.
#[derive(Clone, Copy, Debug)]
struct Front<'a> {
    place: &'a Place,
    unit: UnitIndex,
    middle: Point,
    width: f64,
}

/// The landmarks of one level.
pub(crate) struct Landmarks<'a> {
    fronts: Vec<Front<'a>>,
    /// The edges of rooms, through which nobody sees.
    walls: Vec<(UnitIndex, Point, Point)>,
}

impl<'a> Landmarks<'a> {
    /// All landmarks of a level except one place.
    pub fn of(venue: &'a Venue, level: LevelIndex, except: Option<FeatureId>) -> Self {
        let mut fronts: Vec<Front> = Vec::new();
        let here = |p: &&Place| p.level == level && Some(p.id) != except && p.kind == PlaceKind::Occupant;
        for place in venue.places().iter().filter(here) {
            let Some(unit) = venue.unit_of(&place.unit) else { continue };
            if venue.unit(unit).kind != UnitKind::Room {
                // A stand on open floor is its own front.
                fronts.push(Front { place, unit, middle: place.position, width: 3.0 });
                continue;
            }
            let doors = venue.openings().iter().filter(|o| {
                o.level == level
                    && o.passage == Passage::Public
                    && o.sides.contains(&Some(unit))
                    && !o.is_exterior()
            });
            fronts.extend(doors.map(|o| Front { place, unit, middle: o.middle(), width: o.width() }));
        }
        let mut walls = Vec::new();
        for (index, unit) in venue.units().iter().enumerate() {
            if unit.level == level && !unit.kind.is_thoroughfare() && unit.kind != UnitKind::Void {
                let rings = unit.shape.0.iter().flat_map(|p| p.exterior().lines());
                walls.extend(rings.map(|l| (UnitIndex(index), Point::from(l.start), Point::from(l.end))));
            }
        }
        Self { fronts, walls }
    }

    /// Whether a front can be seen from a point.
    fn in_sight(&self, from: Point, front: &Front) -> bool {
        let to = front.middle.toward(from, 0.02);
        let (left, right) = (from.x.min(to.x), from.x.max(to.x));
        let (low, high) = (from.y.min(to.y), from.y.max(to.y));
        !self.walls.iter().any(|(unit, a, b)| {
            let near =
                a.x.max(b.x) >= left && a.x.min(b.x) <= right && a.y.max(b.y) >= low && a.y.min(b.y) <= high;
            near && *unit != front.unit && cross(from, to, *a, *b)
        })
    }

    /// The best of some fronts that can be seen from a point.
    fn best(&self, from: Point, ranked: Vec<(f64, Front<'a>)>) -> Option<&'a Place> {
        let mut ranked = ranked;
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.place.id.cmp(&b.1.place.id)));
        ranked.into_iter().find(|(_, front)| self.in_sight(from, front)).map(|(_, front)| front.place)
    }

    /// The landmark for a bend: where one comes from, the bend, and the turn in degrees.
    pub fn at_bend(&self, from: Point, bend: Point, degrees: f64) -> Option<&'a Place> {
        let coming = from.bearing_to(bend);
        let ranked = self.fronts.iter().filter(|f| f.middle.distance(bend) <= NEAR_M).map(|front| {
            let side = turn(coming, bend.bearing_to(front.middle));
            let on_turning_side = (side > 0.0) == (degrees > 0.0);
            let before_turn = side.abs() > 60.0;
            let rank = 2.0 * front.place.landmark
                + if on_turning_side { 1.0 } else { 0.0 }
                + if before_turn { 0.3 } else { 0.0 }
                + 0.5 * front.width.min(WIDE_M) / WIDE_M
                - front.middle.distance(bend) / NEAR_M;
            (rank, *front)
        });
        self.best(bend, ranked.collect())
    }

    /// What one sees ahead at the end of a stretch.
    pub fn ahead(&self, from: Point, to: Point) -> Option<&'a Place> {
        let going = from.bearing_to(to);
        let ranked = self.fronts.iter().filter(|f| {
            let ahead = turn(going, from.bearing_to(f.middle)).abs() < 20.0;
            ahead && f.middle.distance(to) <= NEAR_M && f.middle.distance(from) > NEAR_M
        });
        let rank = |f: &Front| 2.0 * f.place.landmark - f.middle.distance(to) / NEAR_M;
        self.best(from, ranked.map(|f| (rank(f), *f)).collect())
    }

    /// What one walks past in the middle of a stretch.
    pub fn beside(&self, from: Point, to: Point) -> Option<&'a Place> {
        let length = from.distance(to);
        let ranked = self.fronts.iter().filter_map(|front| {
            let foot = nearest_on(from, to, front.middle);
            let share = from.distance(foot) / length;
            let off = foot.distance(front.middle);
            let fits = (0.3..0.8).contains(&share) && off <= BESIDE_M && off < front.middle.distance(to);
            fits.then(|| {
                (2.0 * front.place.landmark + 0.5 * front.width.min(WIDE_M) / WIDE_M - off / BESIDE_M, *front)
            })
        });
        self.best(from.toward(to, 0.5), ranked.collect())
    }

    /// The neighbour of a destination: the best known of those that share a wall with it. What stands on
    /// open floor has the nearest front for a neighbour.
    pub fn neighbour(&self, venue: &Venue, end: Point, unit: FeatureId) -> Option<&'a Place> {
        use geo::{Distance, Euclidean};
        let own = venue.unit_of(&unit).map(|u| venue.unit(u))?;
        let near =
            self.fronts.iter().filter(|f| f.place.unit != unit && f.middle.distance(end) <= NEIGHBOUR_M);
        let rank = |f: &Front| f.place.landmark * 4.0 - f.middle.distance(end);
        if own.kind != UnitKind::Room {
            let close = near.filter(|f| f.middle.distance(end) <= NEAR_M).map(|f| (rank(f), *f));
            return self.best(end, close.collect());
        }
        let shares_wall = |f: &&Front| Euclidean.distance(&venue.unit(f.unit).shape, &own.shape) < WALL_M;
        let beside = near
            .filter(shares_wall)
            .max_by(|a, b| rank(a).total_cmp(&rank(b)).then(b.place.id.cmp(&a.place.id)));
        beside.map(|f| f.place)
    }
}
