//! The queries and answers of the router.

use chrono::DateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::geometry::Point;
use crate::venue::{FeatureId, LevelIndex};

/// How somebody moves: the travel profile of a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TravelProfile {
    /// On foot, stairs and escalators included.
    #[default]
    Walking,
    /// Without steps: by lift and ramp, through doors of at least 0.80 m.
    StepFree,
    /// With a stroller: by lift, like step-free.
    Stroller,
}

impl TravelProfile {
    pub const ALL: [Self; 3] = [Self::Walking, Self::StepFree, Self::Stroller];

    /// The key in the language files and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Walking => "walking",
            Self::StepFree => "step-free",
            Self::Stroller => "stroller",
        }
    }

    /// Whether it is on wheels: no steps, no escalators, wider doors.
    pub fn is_rolling(self) -> bool {
        self != Self::Walking
    }
}

/// One end of a route.
#[derive(Clone, Debug, PartialEq)]
pub enum Spot {
    /// A place of the venue. A route ends at its doors, or at its position on open floor.
    Place(FeatureId),
    /// A kiosk, by its code.
    Kiosk(String),
    /// A point on a level.
    At {
        level: LevelIndex,
        /// In metres.
        point: Point,
    },
}

/// The means of travel of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// On foot (or on wheels), on one level.
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
    /// The key in the language files.
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
    pub level: LevelIndex,
    /// The level where it ends: another level only after a lift, an escalator, stairs or a ramp.
    pub to_level: LevelIndex,
    pub mode: Mode,
    /// The shaft, if the leg uses one.
    pub shaft: Option<FeatureId>,
    /// The exact line, in metres. At least two points.
    pub points: Vec<Point>,
    /// The line to draw: the exact line, moved slightly off the corners and rounded.
    pub line: Vec<Point>,
    /// The time in seconds, including any wait on this leg.
    pub time_s: f64,
}

impl Leg {
    /// The length of its line in the plan, in metres.
    pub fn length_m(&self) -> f64 {
        self.points.windows(2).map(|w| w[0].distance(w[1])).sum()
    }
}

/// Something that a visitor should know before setting out.
#[derive(Clone, Debug, PartialEq)]
pub enum RouteWarning {
    /// The destination is closed on arrival.
    DestinationClosed {
        /// When it opens, if that is known.
        opens: Option<DateTime<Tz>>,
    },
    /// A door or shaft on the route opens only after the visitor arrives at it. The time of the route
    /// includes the wait.
    Wait {
        /// The door or shaft.
        feature: FeatureId,
        /// When it opens.
        until: DateTime<Tz>,
    },
    /// The destination closes within half an hour of the arrival.
    DestinationCloses {
        /// When it closes.
        at: DateTime<Tz>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    pub profile: TravelProfile,
    /// The place where it leads, if the destination is a place.
    pub to: Option<FeatureId>,
    /// The length of all legs in the plan.
    pub length_m: f64,
    /// The total time in seconds, including waits.
    pub time_s: f64,
    /// The legs in order: walks, and the changes of level between them.
    pub legs: Vec<Leg>,
    pub warnings: Vec<RouteWarning>,
}

impl Route {
    /// Where the route starts: level and point.
    pub fn start(&self) -> (LevelIndex, Point) {
        let first = &self.legs[0];
        (first.level, first.points[0])
    }

    /// Where the route ends: level and point.
    pub fn end(&self) -> (LevelIndex, Point) {
        let last = &self.legs[self.legs.len() - 1];
        (last.to_level, last.points[last.points.len() - 1])
    }
}

/// Why there is no route.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No place of the venue has this id.
    #[error("no place of this venue has the id {0}")]
    UnknownPlace(FeatureId),
    /// No kiosk of the venue has this code.
    #[error("no kiosk of this venue has the code {0:?}")]
    UnknownKiosk(String),
    /// The start is not within a few steps of a floor that the public may use.
    #[error("the start is not on a floor that the public may walk on")]
    StartOutside,
    /// The destination is not within a few steps of a floor that the public may use, or has no door.
    #[error("the destination has no door to a floor that the public may walk on")]
    EndOutside,
    /// There is a route, but these parts of it are out of service or closed at the time.
    #[error("closed or out of service on the way: {}", list(.0))]
    Closed(Vec<FeatureId>),
    /// There is a route on foot, but these steps, escalators or narrow doors on it are not for wheels.
    #[error("there is no way without steps or escalators: {}", list(.0))]
    OnlyWithSteps(Vec<FeatureId>),
    /// No exit (and, for wheels, no refuge) can be reached without lifts.
    #[error("no exit can be reached without lifts and escalators")]
    NoExit,
    /// Nothing connects the start and the destination.
    #[error("nothing on the map joins the two")]
    NotConnected,
}

fn list(ids: &[FeatureId]) -> String {
    ids.iter().map(FeatureId::to_string).collect::<Vec<_>>().join(", ")
}

/// How far a route can go towards a destination that cannot be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct AsFarAs {
    /// The route to the point from which the least remains.
    pub route: Box<Route>,
    /// The rest of the route from there, in metres of plan.
    pub remaining_m: f64,
}

/// The answer when there is no route: the reason, and what can be reached instead.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{reason}")]
pub struct NoRoute {
    pub reason: Reason,
    /// The place nearest to the end of `as_far_as` or, without one, to the destination.
    pub nearest_reachable: Option<FeatureId>,
    /// How far a route can go, if any leads towards the destination.
    pub as_far_as: Option<AsFarAs>,
}

impl NoRoute {
    pub(crate) fn because(reason: Reason) -> Self {
        Self { reason, nearest_reachable: None, as_far_as: None }
    }
}

/// The cost of a route, as a sortable number; never NaN.
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
