//! Lift shafts and escalators, which connect the levels.
//!
//! Escalators climb each wing as a cascade: each flight is one place further out than the one below it. No
//! two flights of neighbouring levels overlap in plan, so an importer that pairs escalators by overlap finds
//! exactly the right partner.

use super::outline::Wing;
use super::storey::{DoorKind, Storey};
use crate::demo_mall::geometry::{Point, Polygon};

#[derive(Clone, Copy, Debug)]
pub struct Shaft {
    /// The part of an id that names the lift; also its key in words.csv, after `lift.`.
    pub key: &'static str,
    /// The ordinals of the levels at which it stops.
    pub stops: &'static [i32],
    /// Whether only staff may use it.
    pub staff_only: bool,
}

/// Every lift. The express lift has no doors on L2 and L3.
pub const SHAFTS: [Shaft; 5] = [
    Shaft { key: "atrium-1", stops: &[-1, 0, 1, 2, 3], staff_only: false },
    Shaft { key: "atrium-2", stops: &[-1, 0, 1, 2, 3], staff_only: false },
    Shaft { key: "east", stops: &[-1, 0, 1, 2, 3], staff_only: false },
    Shaft { key: "west", stops: &[-1, 0, 1, 2, 3], staff_only: false },
    Shaft { key: "express", stops: &[-1, 0, 3], staff_only: false },
];

/// The goods lift, which is for staff only.
pub const GOODS: Shaft = Shaft { key: "goods", stops: &[-1, 0, 1, 2, 3], staff_only: true };

/// The lift with this key.
pub fn shaft(key: &str) -> Shaft {
    let all = SHAFTS.into_iter().chain([GOODS]);
    all.into_iter().find(|shaft| shaft.key == key).expect("the plan names only lifts of the table")
}

/// A pair of escalators between two neighbouring levels.
#[derive(Clone, Copy, Debug)]
pub struct Flight {
    /// The part of an id that names the pair; also its key in words.csv, after `escalator.`.
    pub key: &'static str,
    /// The wing along whose axis it lies.
    pub wing: Wing,
    /// The positions of its lower and its upper end, in metres outward from the middle.
    pub ends: (f64, f64),
    /// The ordinal of the level of its lower end.
    pub lower: i32,
}

/// Every pair of escalators.
pub const FLIGHTS: [Flight; 8] = [
    Flight { key: "east/B1-L1", wing: Wing::East, ends: (65.0, 78.0), lower: -1 },
    Flight { key: "east/L1-L2", wing: Wing::East, ends: (28.0, 41.0), lower: 0 },
    Flight { key: "east/L2-L3", wing: Wing::East, ends: (46.5, 59.5), lower: 1 },
    Flight { key: "east/L3-L4", wing: Wing::East, ends: (65.0, 78.0), lower: 2 },
    Flight { key: "west/B1-L1", wing: Wing::West, ends: (23.5, 10.5), lower: -1 },
    Flight { key: "west/L1-L2", wing: Wing::West, ends: (28.0, 41.0), lower: 0 },
    Flight { key: "west/L2-L3", wing: Wing::West, ends: (46.5, 59.5), lower: 1 },
    Flight { key: "west/L3-L4", wing: Wing::West, ends: (65.0, 78.0), lower: 2 },
];

/// The travel direction of an escalator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the lower level to the upper one.
    Up,
    /// From the upper level to the lower one.
    Down,
}

impl Direction {
    /// Both directions of a pair.
    pub const BOTH: [Self; 2] = [Self::Up, Self::Down];

    /// The word for it in ids and in venue.toml.
    pub fn key(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// Half the width of a pair, in metres.
const HALF: f64 = 1.7;
/// The opening on to and off an escalator.
const STEP: DoorKind = DoorKind { category: "pedestrian", leaf: None, access: None, accessible: None };

impl Flight {
    /// The key of one escalator's unit, without the level's code.
    pub fn unit(&self, direction: Direction) -> String {
        format!("escalator/{}/{}", self.key, direction.key())
    }

    /// The lane of one escalator, in metres across the axis. People keep to the right, so the escalator that
    /// goes up is on the right of somebody who looks up it.
    fn lane(&self, direction: Direction) -> (f64, f64) {
        let outward = self.ends.1 > self.ends.0;
        // For somebody who looks outward along the east wing the right side is south; along the west wing it
        // is north.
        let right_is_south = outward == (self.wing == Wing::East);
        if right_is_south == (direction == Direction::Up) { (-HALF, 0.0) } else { (0.0, HALF) }
    }

    fn piece(&self, south: f64, north: f64) -> Polygon {
        let (lower, upper) = self.ends;
        let corners = [(lower, south), (upper, south), (upper, north), (lower, north)];
        Polygon::new(corners.map(|(s, t)| self.wing.at(s, t)).to_vec())
    }

    fn step(&self, direction: Direction, end: f64) -> (Point, Point) {
        let (south, north) = self.lane(direction);
        (self.wing.at(end, south + 0.25), self.wing.at(end, north - 0.25))
    }

    /// Draws the pair on its lower or its upper level.
    fn draw(&self, storey: &mut Storey) {
        storey.islands.push(self.piece(-HALF, HALF));
        let is_lower = storey.ordinal == self.lower;
        for direction in Direction::BOTH {
            let (south, north) = self.lane(direction);
            let key = self.unit(direction);
            let name = format!("escalator.{}", direction.key());
            storey.room(&key, "escalator", self.piece(south, north)).name = Some(name);
            let end = if is_lower { self.ends.0 } else { self.ends.1 };
            storey.door(&format!("{key}/step"), STEP, self.step(direction, end));
        }
    }
}

/// Draws the ends of all flights that reach this level.
pub fn escalators(storey: &mut Storey) {
    for flight in FLIGHTS {
        if storey.ordinal == flight.lower || storey.ordinal == flight.lower + 1 {
            flight.draw(storey);
        }
    }
}
