//! The spaces of a level, the doors between them and the shafts between levels.
//!
//! These are the strict inside of the venue: geometry is in metres, every index exists, every opening
//! knows the spaces on its two sides. They are made by [`crate::load`] and never changed afterwards.

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

/// One storey: everything that shares an ordinal, also of several buildings and of the ground outside.
#[derive(Clone, Debug)]
pub struct Level {
    /// The IMDF level it was read from (the first one indoors).
    pub id: FeatureId,
    /// 0 is the ground floor.
    pub ordinal: i32,
    /// Its name, as on the signs: "Level 2".
    pub name: Labels,
    /// Its name on a button: "L2".
    pub short_name: Labels,
    pub outline: MultiPolygon<f64>,
}

/// What a unit is to somebody on foot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// Open floor that people cross: a mall, a lobby, the seats of a food court.
    Floor,
    /// A space that people go into, and not through.
    Room,
    /// Open floor that slopes.
    Ramp,
    /// A few steps within a level.
    Steps,
    /// A moving walkway.
    MovingWalkway {
        /// The direction in which it runs: one gets on at one end, and off at the other. Where nobody says it,
        /// the walkway is floor for feet.
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
    /// What an IMDF unit category is, for the public and without regard to who is in it.
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

    /// Whether people may cross it on their way to somewhere else.
    pub fn is_thoroughfare(self) -> bool {
        matches!(self, Self::Floor | Self::Ramp | Self::Steps | Self::MovingWalkway { direction: None })
    }

    /// Whether the public may be in it at all, on foot and on this level.
    pub fn is_walkable(self) -> bool {
        self.is_thoroughfare() || self == Self::Room
    }

    /// Whether it is a moving walkway that one gets on and off, because its direction is known.
    pub fn is_ridden_walkway(self) -> bool {
        matches!(self, Self::MovingWalkway { direction: Some(_) })
    }

    /// Whether one gets on it and off it, on another level or along this one, and does not walk through it.
    pub fn is_shaft(self) -> bool {
        matches!(self, Self::Lift | Self::Escalator | Self::Stairs) || self.is_ridden_walkway()
    }
}

/// A bounded space on one level.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its id in the map.
    pub id: FeatureId,
    /// Its IMDF category.
    pub category: String,
    /// What it is to somebody on foot.
    pub kind: UnitKind,
    /// Its name; often empty.
    pub name: Labels,
    /// The level it is on.
    pub level: LevelIndex,
    pub shape: MultiPolygon<f64>,
    /// A point inside, fit for a label.
    pub center: Point,
    /// Set while it is closed, for example for building works.
    pub closure: Option<Closure>,
}

/// Something that is drawn and walked around: furniture, a stand, a planter.
#[derive(Clone, Debug)]
pub struct Obstacle {
    /// Its id in the map.
    pub id: FeatureId,
    /// Its IMDF category, or `kiosk`.
    pub category: String,
    /// Its name; often empty.
    pub name: Labels,
    /// The level it stands on.
    pub level: LevelIndex,
    pub shape: MultiPolygon<f64>,
}

/// A named zone of a level: a wing, a food court, a part of the car park.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its id in the map.
    pub id: FeatureId,
    /// Its IMDF category.
    pub category: String,
    /// Its name; often empty.
    pub name: Labels,
    /// The level it is on.
    pub level: LevelIndex,
    pub shape: MultiPolygon<f64>,
}

/// A line that is drawn and means nothing else.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The level it is on.
    pub level: LevelIndex,
    /// Its points, in metres.
    pub points: Vec<Point>,
}

/// What one has to do with a door, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Door {
    /// Nothing: there is none, or it stands open, or it opens by itself.
    Free,
    /// Push or pull it.
    Pushed,
    /// Pass its arms one at a time. Not for wheels.
    Turnstile,
    /// Step into its turning wings. Not for wheels.
    Revolving,
}

/// Who may use an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Passage {
    Public,
    /// Everybody, but only to flee.
    Emergency,
    /// Staff, or vehicles.
    Service,
}

/// The direction in which an opening, an escalator or a moving walkway may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TravelDirection {
    /// There and back.
    #[default]
    Both,
    /// Only up; on a moving walkway, only from its first stop to its second; through an opening, only to the side
    /// that lies to the left of its line.
    Forward,
    /// Only the other way.
    Backward,
}

impl TravelDirection {
    /// Whether somebody may pass to the left of the line of an opening, or to its right.
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
    /// Its id in the map.
    pub id: FeatureId,
    /// Its IMDF category.
    pub category: String,
    /// Its name; often empty.
    pub name: Labels,
    /// The level it is on.
    pub level: LevelIndex,
    /// One end of it.
    pub from: Point,
    /// The other end of it.
    pub to: Point,
    /// The units to the left and to the right of the line `from` → `to`. None is outside.
    pub sides: [Option<UnitIndex>; 2],
    /// What one has to do to pass.
    pub door: Door,
    /// Who may pass.
    pub passage: Passage,
    /// An exit only, an entrance only, or both.
    pub direction: TravelDirection,
    /// The position in [`super::Venue::openings`] of the one that is drawn over the same spot, and counts for
    /// both: a door that the map draws twice is one door.
    pub twin_of: Option<usize>,
    /// When it can be passed; always, if none.
    pub hours: Option<Hours>,
    /// Set while it is closed.
    pub closure: Option<Closure>,
}

impl Opening {
    /// Its clear width in metres.
    pub fn width(&self) -> f64 {
        self.from.distance(self.to)
    }

    /// The point half-way between its ends.
    pub fn middle(&self) -> Point {
        self.from.toward(self.to, 0.5)
    }

    /// Whether it leads out of the mapped units, and people may use it for that.
    pub fn is_exterior(&self) -> bool {
        self.sides.iter().filter(|s| s.is_some()).count() == 1
    }
}

/// A time during which a feature is closed, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Closure {
    /// From when; always, if none.
    pub from: Option<chrono::DateTime<chrono::FixedOffset>>,
    /// Until when; for ever, if none.
    pub until: Option<chrono::DateTime<chrono::FixedOffset>>,
    /// The reason, for the public.
    pub reason: Labels,
}

impl Closure {
    /// Whether it holds at a moment.
    pub fn holds_at<Zone: chrono::TimeZone>(&self, moment: chrono::DateTime<Zone>) -> bool {
        let moment = moment.to_utc();
        self.from.is_none_or(|f| f <= moment) && self.until.is_none_or(|u| moment < u)
    }
}

/// One lift, escalator, staircase or ramp, over all the levels it joins; or a moving walkway on one level.
#[derive(Clone, Debug)]
pub struct Shaft {
    /// The id of its lowest unit, by which closures and reasons name it.
    pub id: FeatureId,
    /// Lift, escalator, stairs, ramp or moving walkway.
    pub kind: UnitKind,
    /// Its name on the signs: "Lift 3"; often empty.
    pub name: Labels,
    /// Where one gets on and off, lowest first. Escalators and moving walkways have two.
    pub stops: Vec<Stop>,
    /// How fast it moves under somebody who stands, in metres a second; of use for moving walkways only.
    pub speed: f64,
    /// The way it runs.
    pub direction: TravelDirection,
    /// Whether the public may use it and it works.
    pub service: Service,
    /// When it runs; always, if none.
    pub hours: Option<Hours>,
    /// Set while it is closed.
    pub closure: Option<Closure>,
}

/// One level at which a shaft can be entered and left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    pub level: LevelIndex,
    /// The unit of the shaft there.
    pub unit: UnitIndex,
    /// The end of the unit at which one gets on and off, where it is known.
    pub end: Option<Point>,
}

/// Whether a shaft can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    Public,
    /// By staff only.
    Staff,
    /// By nobody: it is out of service.
    Out,
}
