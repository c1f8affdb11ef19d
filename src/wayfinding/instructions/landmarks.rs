//! Landmarks: the shop fronts that a visitor sees at a bend or beside a stretch.
//!
//! People find a turn best by a well-known shop with a wide front, on the side of the turn and before it. A
//! landmark has to be visible from where it is needed, and is never the destination itself.

use std::collections::HashMap;

use crate::geometry::{Point, cross, nearest_on, side, turn};
use crate::venue::{FeatureId, LevelIndex, Passage, Place, PlaceKind, UnitIndex, UnitKind, Venue};

/// The greatest distance between a bend and a front, in metres.
const NEAR_M: f64 = 12.0;
/// The greatest distance between a stretch and a shop beside it, in metres.
const BESIDE_M: f64 = 9.0;
/// The greatest distance between the destination's door and its neighbour's door, in metres.
const NEIGHBOUR_M: f64 = 22.0;
/// Two shops with at most this gap share a wall, in metres.
const WALL_M: f64 = 1.0;
/// A front that is wider than this is not easier to see, in metres.
const WIDE_M: f64 = 15.0;
/// The front width of a stand on open floor, in metres.
const STAND_M: f64 = 3.0;

/// The weights of a landmark's properties. People choose the corner on the side of the turn (Hamburger et
/// al. 2022), unless something much better known is opposite. Categories tell how well a shop is known
/// (Fellner, Huang and Gartner 2017).
const KNOWN: f64 = 2.0;
const TURNING_SIDE: f64 = 1.0;
const BEFORE_TURN: f64 = 0.3;
const WIDTH: f64 = 0.5;

/// The front of a place: the position and width of its doors.
#[derive(Clone, Copy, Debug)]
struct Front<'a> {
    place: &'a Place,
    unit: UnitIndex,
    middle: Point,
    width: f64,
}

impl Front<'_> {
    /// The visibility that its width gives it, 0 to 1.
    fn breadth(&self) -> f64 {
        self.width.min(WIDE_M) / WIDE_M
    }
}

/// A place that the walk passes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passed<'a> {
    pub place: &'a Place,
    pub hand: Hand,
    /// The distance from the start of the stretch, in metres.
    pub after_m: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hand {
    Left,
    Right,
}

impl Hand {
    /// The key in the language files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

/// The landmarks of one level.
pub(crate) struct Landmarks<'a> {
    fronts: Vec<Front<'a>>,
    /// The edges of rooms, which block the view.
    walls: Vec<(UnitIndex, Point, Point)>,
}

impl<'a> Landmarks<'a> {
    /// All landmarks of a level except one place.
    pub fn of(venue: &'a Venue, level: LevelIndex, except: Option<FeatureId>) -> Self {
        let mut fronts: Vec<Front> = Vec::new();
        let mut rooms: HashMap<UnitIndex, Vec<&Place>> = HashMap::new();
        let here = |p: &&Place| p.level == level && Some(p.id) != except && p.kind == PlaceKind::Occupant;
        for place in venue.places().iter().filter(here) {
            let Some(unit) = venue.unit_of(&place.unit) else { continue };
            if venue.unit(unit).kind == UnitKind::Room {
                rooms.entry(unit).or_default().push(place);
            } else {
                fronts.push(Front { place, unit, middle: place.position, width: STAND_M });
            }
        }
        let doors = venue.openings().iter();
        for door in doors.filter(|o| o.level == level && o.passage == Passage::Public && !o.is_exterior()) {
            for unit in door.sides.into_iter().flatten() {
                let tenants = rooms.get(&unit).into_iter().flatten();
                let front =
                    |place: &&'a Place| Front { place, unit, middle: door.middle(), width: door.width() };
                fronts.extend(tenants.map(front));
            }
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

    /// Whether a front is visible from a point.
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

    /// The best of the ranked fronts that are visible from a point.
    fn best(&self, from: Point, ranked: Vec<(f64, Front<'a>)>) -> Option<Front<'a>> {
        let mut ranked = ranked;
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.place.id.cmp(&b.1.place.id)));
        ranked.into_iter().find(|(_, front)| self.in_sight(from, front)).map(|(_, front)| front)
    }

    /// The landmark at a bend, for a walk that comes from `from` and turns by `degrees`.
    pub fn at_bend(&self, from: Point, bend: Point, degrees: f64) -> Option<&'a Place> {
        let coming = from.bearing_to(bend);
        let ranked = self.fronts.iter().filter(|f| f.middle.distance(bend) <= NEAR_M).map(|front| {
            let to_front = turn(coming, bend.bearing_to(front.middle));
            let on_turning_side = (to_front > 0.0) == (degrees > 0.0);
            let before_turn = to_front.abs() > 90.0;
            let rank = KNOWN * front.place.landmark
                + if on_turning_side { TURNING_SIDE } else { 0.0 }
                + if before_turn { BEFORE_TURN } else { 0.0 }
                + WIDTH * front.breadth()
                - front.middle.distance(bend) / NEAR_M;
            (rank, *front)
        });
        self.best(bend, ranked.collect()).map(|f| f.place)
    }

    /// The landmark ahead at the end of a stretch.
    pub fn ahead(&self, from: Point, to: Point) -> Option<&'a Place> {
        let going = from.bearing_to(to);
        let ranked = self.fronts.iter().filter(|f| {
            let ahead = turn(going, from.bearing_to(f.middle)).abs() < 20.0;
            ahead && f.middle.distance(to) <= NEAR_M && f.middle.distance(from) > NEAR_M
        });
        let rank = |f: &Front| KNOWN * f.place.landmark - f.middle.distance(to) / NEAR_M;
        self.best(from, ranked.map(|f| (rank(f), *f)).collect()).map(|f| f.place)
    }

    /// The place to mention in the middle of a stretch, other than those in `named`.
    pub fn beside(&self, from: Point, to: Point, named: &[FeatureId]) -> Option<Passed<'a>> {
        let length = from.distance(to);
        let ranked = self.fronts.iter().filter(|f| !named.contains(&f.place.id)).filter_map(|front| {
            let foot = nearest_on(from, to, front.middle);
            let share = from.distance(foot) / length;
            let off = foot.distance(front.middle);
            let fits = (0.3..0.75).contains(&share) && (1.0..=BESIDE_M).contains(&off);
            fits.then(|| (KNOWN * front.place.landmark + WIDTH * front.breadth() - off / BESIDE_M, *front))
        });
        let front = self.best(from.toward(to, 0.5), ranked.collect())?;
        let hand = if side(from, to, front.middle) > 0.0 { Hand::Left } else { Hand::Right };
        let after_m = from.distance(nearest_on(from, to, front.middle));
        Some(Passed { place: front.place, hand, after_m })
    }

    /// The neighbour of a destination: the best known of the places that share a wall with it. On open
    /// floor, the nearest front counts as the neighbour.
    pub fn neighbour(&self, venue: &Venue, end: Point, unit: FeatureId) -> Option<&'a Place> {
        use geo::{Distance, Euclidean};
        let own = venue.unit_of(&unit).map(|u| venue.unit(u))?;
        let near =
            self.fronts.iter().filter(|f| f.place.unit != unit && f.middle.distance(end) <= NEIGHBOUR_M);
        let rank = |f: &Front| f.place.landmark * 4.0 - f.middle.distance(end);
        if own.kind != UnitKind::Room {
            let close = near.filter(|f| f.middle.distance(end) <= NEAR_M).map(|f| (rank(f), *f));
            return self.best(end, close.collect()).map(|f| f.place);
        }
        let shares_wall = |f: &&Front| Euclidean.distance(&venue.unit(f.unit).shape, &own.shape) < WALL_M;
        let beside = near
            .filter(shares_wall)
            .max_by(|a, b| rank(a).total_cmp(&rank(b)).then(b.place.id.cmp(&a.place.id)));
        beside.map(|f| f.place)
    }
}
