//! What is asked of the router, and what it answers.

use chrono::DateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::geometry::Point;
use crate::venue::{FeatureId, LevelIndex};

/// How somebody moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TravelProfile {
    /// On foot, stairs and escalators included.
    #[default]
    Walking,
    /// Without a single step: by lift and ramp, through doors of at least 0.80 m.
    StepFree,
    /// With a stroller: by lift, like step-free.
    Stroller,
}

impl TravelProfile {
    pub const ALL: [Self; 3] = [Self::Walking, Self::StepFree, Self::Stroller];

    /// The name by which the language files and the command line know it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Walking => "walking",
            Self::StepFree => "step-free",
            Self::Stroller => "stroller",
        }
    }

    /// Whether it goes on wheels: no steps, no escalators, wider doors.
    pub fn is_rolling(self) -> bool {
        self != Self::Walking
    }
}

/// One end of a route.
#[derive(Clone, Debug, PartialEq)]
pub enum Spot {
    /// A place of the venue: its doors, or where it stands.
    Place(FeatureId),
    /// A kiosk, by its code.
    Kiosk(String),
    /// A point on a level.
    At {
        level: LevelIndex,
        /// The point, in metres.
        point: Point,
    },
}

/// How one leg of a route is travelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// On foot (or wheels) on one level.
    Walk,
    /// In a lift.
    Lift,
    /// On an escalator.
    Escalator,
    Stairs,
    /// On a ramp to another level.
    Ramp,
    /// On a moving walkway, along one level.
    MovingWalkway,
}

impl Mode {
    /// The name by which the language files know it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Walk => "walk",
            Self::Lift => "lift",
            Self::Escalator => "escalator",
            Self::Stairs => "stairs",
            Self::Ramp => "ramp",
            Self::MovingWalkway => "moving-walkway",
        }
    }
}

/// A part of a route on one level, or the change from one level to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// The level it begins on.
    pub level: LevelIndex,
    /// The level it ends on: another one only in a lift, on an escalator, on stairs or a ramp.
    pub to_level: LevelIndex,
    /// How it is travelled.
    pub mode: Mode,
    /// The shaft that is taken.
    pub shaft: Option<FeatureId>,
    /// The exact line, in metres. At least two points.
    pub points: Vec<Point>,
    /// The line to draw: like the exact one, a little off the corners and rounded.
    pub line: Vec<Point>,
    /// How long it takes.
    pub time_s: f64,
}

impl Leg {
    /// The length of its line in the plan.
    pub fn length_m(&self) -> f64 {
        self.points.windows(2).map(|w| w[0].distance(w[1])).sum()
    }
}

/// Something a visitor should know before setting out.
#[derive(Clone, Debug, PartialEq)]
pub enum RouteWarning {
    /// The destination is closed when one arrives.
    DestinationClosed {
        /// When it opens, if that is known.
        opens: Option<DateTime<Tz>>,
    },
    /// Something on the way opens only after one gets there; the time of the route includes the wait.
    Wait {
        /// The door or shaft.
        feature: FeatureId,
        /// When it opens.
        until: DateTime<Tz>,
    },
    /// The destination closes within half an hour of one's arrival.
    DestinationCloses {
        /// When it closes.
        at: DateTime<Tz>,
    },
}

/// A way from one spot to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// How one moves.
    pub profile: TravelProfile,
    /// The place it leads to, if it is a place.
    pub to: Option<FeatureId>,
    /// The length of all its legs in the plan.
    pub length_m: f64,
    /// How long it takes, waiting for lifts included.
    pub time_s: f64,
    /// Its legs in order: walks, with a change of level between two of them.
    pub legs: Vec<Leg>,
    /// What a visitor should know before setting out.
    pub warnings: Vec<RouteWarning>,
}

impl Route {
    /// Where it begins.
    pub fn start(&self) -> (LevelIndex, Point) {
        let first = &self.legs[0];
        (first.level, first.points[0])
    }

    /// Where it ends.
    pub fn end(&self) -> (LevelIndex, Point) {
        let last = &self.legs[self.legs.len() - 1];
        (last.to_level, last.points[last.points.len() - 1])
    }
}

/// Why there is no way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No place of the venue has this id.
    #[error("no place of this venue has the id {0}")]
    UnknownPlace(FeatureId),
    /// No kiosk of the venue has this code.
    #[error("no kiosk of this venue has the code {0:?}")]
    UnknownKiosk(String),
    /// The start is not within a few steps of any floor that the public may walk on.
    #[error("the start is not on a floor that the public may walk on")]
    StartOutside,
    /// The destination is not within a few steps of any floor that the public may walk on, or has no door.
    #[error("the destination has no door to a floor that the public may walk on")]
    EndOutside,
    /// There is a way, and these parts of it are out of service or closed now.
    #[error("closed or out of service on the way: {}", list(.0))]
    Closed(Vec<FeatureId>),
    /// There is a way on foot, and these steps, escalators or narrow doors of it are not for wheels.
    #[error("there is no way without steps or escalators: {}", list(.0))]
    OnlyWithSteps(Vec<FeatureId>),
    /// No exit, and for wheels no refuge, can be reached without lifts.
    #[error("no exit can be reached without lifts and escalators")]
    NoExit,
    /// Nothing joins the two.
    #[error("nothing on the map joins the two")]
    NotConnected,
}

fn list(ids: &[FeatureId]) -> String {
    ids.iter().map(FeatureId::to_string).collect::<Vec<_>>().join(", ")
}

/// How far one gets towards a destination that cannot be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct AsFarAs {
    /// The way to the point from which the least remains.
    pub route: Box<Route>,
    /// What remains of the way from there, in metres of plan.
    pub remaining_m: f64,
}

/// There is no way: why, and what can be reached instead.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{reason}")]
pub struct NoRoute {
    /// Why there is none.
    pub reason: Reason,
    /// The place nearest to where one gets, or to the destination where nothing leads towards it.
    pub nearest_reachable: Option<FeatureId>,
    /// How far one gets, where something leads towards the destination.
    pub as_far_as: Option<AsFarAs>,
}

impl NoRoute {
    pub(crate) fn because(reason: Reason) -> Self {
        Self { reason, nearest_reachable: None, as_far_as: None }
    }
}

/// What a way costs, as something that can be sorted; never NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost(pub f64);

impl Eq for Cost {}

impl Ord for Cost {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
