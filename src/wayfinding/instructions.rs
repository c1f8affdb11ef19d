//! A route in words: whole sentences from the language files, never assembled from fragments.
//!
//! Each step gives one instruction at a visible landmark: a shop on the side of the turn, a lift, a sign.
//! The first step starts from the direction in which the visitor faces the kiosk; the last one names the
//! side of the destination. Distances and times are rounded to useful values.

mod bends;
mod landmarks;
mod phrase;
mod start;

use chrono::DateTime;
use chrono_tz::Tz;
use domain::language::Language;
use domain::words::Words;
use serde::{Deserialize, Serialize};

use crate::geometry::Point;
use crate::route::{NoRoute, Reason, Route, RouteWarning};
use crate::venue::{FeatureId, KioskSpot, LevelIndex, UnitKind, Venue};

/// The action of a step; the screen chooses an icon by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each name says what it is")]
pub enum StepKind {
    Straight,
    SlightLeft,
    SlightRight,
    Left,
    Right,
    SharpLeft,
    SharpRight,
    Back,
    LiftUp,
    LiftDown,
    EscalatorUp,
    EscalatorDown,
    StairsUp,
    StairsDown,
    RampUp,
    RampDown,
    MovingWalkway,
    Arrive,
}

impl StepKind {
    /// The step kind of a turn, given in degrees, positive to the right.
    pub fn of_turn(degrees: f64) -> Self {
        let right = degrees > 0.0;
        match degrees.abs() {
            0.0..25.0 => Self::Straight,
            25.0..60.0 => {
                if right {
                    Self::SlightRight
                } else {
                    Self::SlightLeft
                }
            }
            60.0..120.0 => {
                if right {
                    Self::Right
                } else {
                    Self::Left
                }
            }
            120.0..160.0 => {
                if right {
                    Self::SharpRight
                } else {
                    Self::SharpLeft
                }
            }
            _ => Self::Back,
        }
    }

    /// The key in the language files and in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Straight => "straight",
            Self::SlightLeft => "slight-left",
            Self::SlightRight => "slight-right",
            Self::Left => "left",
            Self::Right => "right",
            Self::SharpLeft => "sharp-left",
            Self::SharpRight => "sharp-right",
            Self::Back => "back",
            Self::LiftUp => "lift-up",
            Self::LiftDown => "lift-down",
            Self::EscalatorUp => "escalator-up",
            Self::EscalatorDown => "escalator-down",
            Self::StairsUp => "stairs-up",
            Self::StairsDown => "stairs-down",
            Self::RampUp => "ramp-up",
            Self::RampDown => "ramp-down",
            Self::MovingWalkway => "moving-walkway",
            Self::Arrive => "arrive",
        }
    }
}

/// One instruction of a route.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteStep {
    pub kind: StepKind,
    pub text: String,
    /// The level on which the step begins.
    pub level: LevelIndex,
    /// The length of the step in the plan, in metres.
    pub distance_m: f64,
    /// The start of the step, in metres.
    pub at: Point,
    /// The landmark that the text names, to be found on the map; never the destination.
    pub landmark: Option<FeatureId>,
}

/// A time in whole minutes, rounded up, at least one.
// A plain cast: clamped to a day.
pub fn minutes(time_s: f64) -> u64 {
    (time_s / 60.0).ceil().clamp(1.0, 1440.0) as u64
}

/// A distance, rounded to five metres below fifty and to ten metres above.
// A plain cast: a building is small.
pub fn rounded_metres(distance_m: f64) -> u64 {
    let step = if distance_m < 50.0 { 5.0 } else { 10.0 };
    ((distance_m / step).round() * step).clamp(5.0, 100_000.0) as u64
}

/// The steps of a route in `language`. With a kiosk, the first step starts from the direction in which its
/// visitor faces.
pub fn steps(
    venue: &Venue,
    route: &Route,
    kiosk: Option<&KioskSpot>,
    language: Language,
    words: &Words,
) -> Vec<RouteStep> {
    let start = start::Start::of(venue, route, kiosk);
    phrase::Phrases::new(venue, route, start, language, words).steps()
}

/// The steps of a trip with several stops: its routes in order, each from the end of the one before. Only
/// the first route begins at the kiosk.
pub fn trip(
    venue: &Venue,
    routes: &[Route],
    kiosk: Option<&KioskSpot>,
    language: Language,
    words: &Words,
) -> Vec<RouteStep> {
    let kiosk = |index: usize| kiosk.filter(|_| index == 0);
    routes.iter().enumerate().flat_map(|(i, route)| steps(venue, route, kiosk(i), language, words)).collect()
}

/// The warnings of a route, as sentences: what a visitor should know before setting out.
pub fn warnings(
    venue: &Venue,
    route: &Route,
    now: DateTime<Tz>,
    language: Language,
    words: &Words,
) -> Vec<String> {
    let place = route.to.and_then(|id| venue.place(&id));
    let name = place.map_or("", |p| p.name.get(language));
    let say = |key: &str, values: &[(&str, &str)]| words.fill(language, key, values);
    let clock = |moment: &DateTime<Tz>| moment.format("%H:%M").to_string();
    let sentence = |warning: &RouteWarning| match warning {
        RouteWarning::DestinationClosed { opens: None } => say("warning.closed", &[("place", name)]),
        RouteWarning::DestinationClosed { opens: Some(opens) } => {
            let time = clock(opens);
            if opens.date_naive() == now.date_naive() {
                return say("warning.closed-opens", &[("place", name), ("time", &time)]);
            }
            let day = language.weekday(opens.date_naive());
            say("warning.closed-opens-day", &[("place", name), ("day", &day), ("time", &time)])
        }
        RouteWarning::Wait { feature, until } => {
            let what = named(venue, feature, language, words);
            say("warning.wait", &[("what", &what), ("time", &clock(until))])
        }
        RouteWarning::DestinationCloses { at } => {
            say("warning.closes", &[("place", name), ("time", &clock(at))])
        }
    };
    route.warnings.iter().map(sentence).collect()
}

/// Why there is no route, and which place can be reached instead, as sentences.
pub fn no_route(venue: &Venue, refused: &NoRoute, language: Language, words: &Words) -> Vec<String> {
    let say = |key: &str| words.get(language, key);
    let why = match &refused.reason {
        Reason::UnknownPlace(_) | Reason::UnknownKiosk(_) => say("no-route.unknown"),
        Reason::StartOutside => say("no-route.start"),
        Reason::EndOutside => say("no-route.end"),
        Reason::OnlyWithSteps(_) => say("no-route.steps"),
        Reason::NoExit => say("no-route.exit"),
        Reason::NotConnected => say("no-route.not-connected"),
        Reason::Closed(features) => {
            let what = features
                .first()
                .map_or_else(|| say("no-route.closed-door"), |id| named(venue, id, language, words));
            words.fill(language, "no-route.closed", &[("what", &what)])
        }
    };
    let nearest = refused.nearest_reachable.and_then(|id| venue.place(&id)).map(|place| {
        let level = venue.level(place.level).name.get(language);
        words.fill(language, "no-route.nearest", &[("place", place.name.get(language)), ("level", level)])
    });
    std::iter::once(why).chain(nearest).collect()
}

/// The name of a shaft or an opening as its sign has it, or its kind if it has no name.
fn named(venue: &Venue, id: &FeatureId, language: Language, words: &Words) -> String {
    if let Some(shaft) = venue.shafts().iter().find(|s| s.id == *id) {
        if !shaft.name.is_empty() {
            return shaft.name.get(language).to_owned();
        }
        let kind = match shaft.kind {
            UnitKind::Lift => "mode.lift",
            UnitKind::Escalator => "mode.escalator",
            UnitKind::Ramp => "mode.ramp",
            UnitKind::MovingWalkway { direction: Some(_) } => "mode.moving-walkway",
            _ => "mode.stairs",
        };
        return words.get(language, kind);
    }
    let door = venue.openings().iter().find(|o| o.id == *id).filter(|o| !o.name.is_empty());
    door.map_or_else(|| words.get(language, "no-route.closed-door"), |d| d.name.get(language).to_owned())
}

#[cfg(test)]
mod tests;
