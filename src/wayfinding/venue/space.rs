//! The spaces of a level, the doors between them and the shafts between levels.
//!
//! These types are strict: geometry is in metres, every index exists, every opening knows the spaces on its
//! two sides. [`crate::load`] makes them; nothing changes them afterwards.

use domain::language::Labels;
use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

use super::{FeatureId, Hours};
use crate::geometry::Point;

/// The position of a level in [`super::Venue::levels`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LevelIndex(pub usize);

/// The position of a unit in [`super::Venue::units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitIndex(pub usize);

/// One storey: every IMDF level with the same ordinal, of all buildings and of the ground outside.
#[derive(Clone, Debug)]
pub struct Level {
    /// The IMDF level that it was read from (the first indoor one).
    pub id: FeatureId,
    /// 0 is the ground floor.
    pub ordinal: i32,
    /// As on the signs: "Level 2".
    pub name: Labels,
    /// As on a button: "L2".
    pub short_name: Labels,
    pub outline: MultiPolygon<f64>,
}

/// What a unit is for pedestrians.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// Open floor that people cross: a mall, a lobby, the seats of a food court.
    Floor,
    /// A space that people enter but do not cross.
    Room,
    /// Open floor that slopes.
    Ramp,
    /// A few steps within a level.
    Steps,
    /// A moving walkway.
    MovingWalkway {
        /// The direction in which it runs: people get on at one end and off at the other. Without a known
        /// direction, the walkway counts as floor for walkers on foot.
        direction: Option<TravelDirection>,
    },
    /// A lift shaft.
    Lift,
    Escalator,
    /// A staircase between levels.
    Stairs,
    /// Not for the public.
    Closed,
    /// A hole in the floor: open to the level below.
    Void,
    /// Wall, column, planting or road: drawn, never walked.
    Solid,
}

impl UnitKind {
    /// The kind of an IMDF unit category, for the public and whatever occupies the unit.
    pub fn of_category(category: &str) -> Self {
        match category {
            "walkway" | "walkway.island" | "lobby" | "unenclosedarea" | "footbridge" | "terrace"
            | "platform" | "parking" => Self::Floor,
            "ramp" => Self::Ramp,
            "steps" => Self::Steps,
            "movingwalkway" => Self::MovingWalkway { direction: None },
            "elevator" => Self::Lift,
            "escalator" => Self::Escalator,
            "stairs" => Self::Stairs,
            "nonpublic" | "serverroom" | "mailroom" | "storage" | "kitchen" => Self::Closed,
            "opentobelow" => Self::Void,
            "brick" | "column" | "concrete" | "drywall" | "glass" | "structure" | "wood" | "road"
            | "vegetation" => Self::Solid,
            _ => Self::Room,
        }
    }

    /// Whether a route may cross it.
    pub fn is_thoroughfare(self) -> bool {
        matches!(self, Self::Floor | Self::Ramp | Self::Steps | Self::MovingWalkway { direction: None })
    }

    /// Whether the public may walk in it, on this level.
    pub fn is_walkable(self) -> bool {
        self.is_thoroughfare() || self == Self::Room
    }

    /// Whether it is a moving walkway that is ridden from end to end, because its direction is known.
    pub fn is_ridden_walkway(self) -> bool {
        matches!(self, Self::MovingWalkway { direction: Some(_) })
    }

    /// Whether people get on and off it at stops, on several levels or on one, and do not walk across it.
    pub fn is_shaft(self) -> bool {
        matches!(self, Self::Lift | Self::Escalator | Self::Stairs) || self.is_ridden_walkway()
    }
}

/// A bounded space on one level.
#[derive(Clone, Debug)]
pub struct Unit {
    pub id: FeatureId,
    /// An IMDF category.
    pub category: String,
    pub kind: UnitKind,
    /// Often empty.
    pub name: Labels,
    pub level: LevelIndex,
    pub shape: MultiPolygon<f64>,
    /// A point inside, suitable for a label.
    pub center: Point,
    /// Set while it is closed, for example for building works.
    pub closure: Option<Closure>,
}

/// An obstacle that is drawn and walked around: furniture, a stand, a planter.
#[derive(Clone, Debug)]
pub struct Obstacle {
    pub id: FeatureId,
    /// An IMDF category, or `kiosk`.
    pub category: String,
    /// Often empty.
    pub name: Labels,
    pub level: LevelIndex,
    pub shape: MultiPolygon<f64>,
}

/// A named zone of a level: a wing, a food court, a part of the car park.
#[derive(Clone, Debug)]
pub struct Section {
    pub id: FeatureId,
    /// An IMDF category.
    pub category: String,
    /// Often empty.
    pub name: Labels,
    pub level: LevelIndex,
    pub shape: MultiPolygon<f64>,
}

/// A line that is drawn and has no other use.
#[derive(Clone, Debug)]
pub struct Detail {
    pub level: LevelIndex,
    /// In metres.
    pub points: Vec<Point>,
}

/// How a door is passed, from the least effort to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Door {
    /// No door, or one that stands open or opens by itself.
    Free,
    /// It is pushed or pulled.
    Pushed,
    /// Its arms let one person pass at a time. Not for wheels.
    Turnstile,
    /// It has turning wings. Not for wheels.
    Revolving,
}

/// Who may use an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Passage {
    Public,
    /// Everybody, but only in an emergency.
    Emergency,
    /// Staff, or vehicles.
    Service,
}

/// The direction in which an opening, an escalator or a moving walkway may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TravelDirection {
    #[default]
    Both,
    /// Up only; on a moving walkway, from its first stop to its second; through an opening, to the left
    /// side of its line.
    Forward,
    /// The opposite of `Forward`.
    Backward,
}

impl TravelDirection {
    /// Whether an opening may be passed to the left side of its line (`to_left`), or to the right side.
    pub fn lets_pass(self, to_left: bool) -> bool {
        match self {
            Self::Both => true,
            Self::Forward => to_left,
            Self::Backward => !to_left,
        }
    }
}

/// A door, gate or open edge between two units.
#[derive(Clone, Debug)]
pub struct Opening {
    pub id: FeatureId,
    /// An IMDF category.
    pub category: String,
    /// Often empty.
    pub name: Labels,
    pub level: LevelIndex,
    /// One end of the line.
    pub from: Point,
    /// The other end of the line.
    pub to: Point,
    /// The units to the left and to the right of the line `from` → `to`. `None` is outside.
    pub sides: [Option<UnitIndex>; 2],
    /// How it is passed.
    pub door: Door,
    /// Who may pass it.
    pub passage: Passage,
    pub direction: TravelDirection,
    /// The position in [`super::Venue::openings`] of another opening that is drawn on the same spot and
    /// stands for both: a door that the map draws twice is one door.
    pub twin_of: Option<usize>,
    /// When it can be passed; without hours, always.
    pub hours: Option<Hours>,
    /// Set while the opening is closed.
    pub closure: Option<Closure>,
}

impl Opening {
    /// The clear width, in metres.
    pub fn width(&self) -> f64 {
        self.from.distance(self.to)
    }

    /// The midpoint of the line.
    pub fn middle(&self) -> Point {
        self.from.toward(self.to, 0.5)
    }

    /// Whether it joins a mapped unit with the outside.
    pub fn is_exterior(&self) -> bool {
        self.sides.iter().filter(|s| s.is_some()).count() == 1
    }
}

/// A time during which a feature is closed, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Closure {
    /// Without a start, the feature is closed already.
    pub from: Option<chrono::DateTime<chrono::FixedOffset>>,
    /// Without an end, the feature stays closed.
    pub until: Option<chrono::DateTime<chrono::FixedOffset>>,
    /// The reason that the public is shown.
    pub reason: Labels,
}

impl Closure {
    /// Whether the closure is in force at a moment.
    pub fn holds_at<Zone: chrono::TimeZone>(&self, moment: chrono::DateTime<Zone>) -> bool {
        let moment = moment.to_utc();
        self.from.is_none_or(|f| f <= moment) && self.until.is_none_or(|u| moment < u)
    }
}

/// One lift, escalator, staircase or ramp over all the levels that it joins; or a moving walkway on one
/// level.
#[derive(Clone, Debug)]
pub struct Shaft {
    /// The id of its lowest unit. Closures and refusals use it.
    pub id: FeatureId,
    /// Lift, escalator, stairs, ramp or moving walkway.
    pub kind: UnitKind,
    /// The name on the signs: "Lift 3"; often empty.
    pub name: Labels,
    /// Where people get on and off, lowest first. Escalators and moving walkways have two stops.
    pub stops: Vec<Stop>,
    /// The speed of the belt, in metres a second; used for moving walkways only.
    pub speed: f64,
    pub direction: TravelDirection,
    /// Whether the public may use it, and whether it works.
    pub service: Service,
    /// When it runs; without hours, always.
    pub hours: Option<Hours>,
    /// Set while the shaft is closed.
    pub closure: Option<Closure>,
}

/// One level at which a shaft can be entered and left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    pub level: LevelIndex,
    /// The unit of the shaft on this level.
    pub unit: UnitIndex,
    /// The end of the unit where people get on and off, if it is known.
    pub end: Option<Point>,
}

/// Whether a shaft can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    Public,
    /// For staff only.
    Staff,
    /// Out of service for everybody.
    Out,
}
