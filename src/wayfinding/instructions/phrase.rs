//! The sentences of a route, leg by leg.
//!
//! Every sentence is a text of the language files with its placeholders filled. This module chooses the
//! text, and the landmark, distance or level that it names; it contains no words of any language.

use domain::language::Language;
use domain::words::Words;

use super::bends::{along, bend_points, turn_at};
use super::landmarks::{Hand, Landmarks};
use super::start::Start;
use super::{RouteStep, StepKind, rounded_metres};
use crate::geometry::{Point, turn};
use crate::route::{Leg, Mode, Route};
use crate::venue::{FeatureId, LevelIndex, Place, Venue};

/// A shorter walk needs no step of its own, in metres.
const SHORT_M: f64 = 4.0;
/// On a longer stretch, the instruction names a place on the way for reassurance, in metres.
const LONG_M: f64 = 30.0;
/// On a longer stretch, it does so even if it already names a place ahead, in metres.
const FAR_M: f64 = 60.0;
/// The part of a last stretch that gives the direction in which the visitor looks, in metres before its
/// end.
const BEFORE_DOOR_M: (f64, f64) = (2.5, 9.0);
/// A destination within this angle is straight ahead.
const AHEAD_DEG: f64 = 40.0;

/// The instructions of one route for one reader.
pub(crate) struct Phrases<'a> {
    pub venue: &'a Venue,
    pub route: &'a Route,
    pub start: Start<'a>,
    pub language: Language,
    pub words: &'a Words,
    /// The landmarks of the levels with a walk.
    pub landmarks: Vec<(LevelIndex, Landmarks<'a>)>,
}

impl<'a> Phrases<'a> {
    /// Prepares the instructions of a route.
    pub fn new(
        venue: &'a Venue,
        route: &'a Route,
        start: Start<'a>,
        language: Language,
        words: &'a Words,
    ) -> Self {
        let mut landmarks: Vec<(LevelIndex, Landmarks)> = Vec::new();
        for level in
            route.legs.iter().filter(|l| l.mode == Mode::Walk).map(|l| l.level).chain([route.end().0])
        {
            if landmarks.iter().all(|(l, _)| *l != level) {
                landmarks.push((level, Landmarks::of(venue, level, route.to)));
            }
        }
        Self { venue, route, start, language, words, landmarks }
    }

    /// All steps, the arrival last.
    pub fn steps(&self) -> Vec<RouteStep> {
        let mut steps = Vec::new();
        let mut before: Option<&Leg> = None;
        for leg in &self.route.legs {
            if leg.mode != Mode::Walk {
                steps.push(self.ride(leg));
            } else if leg.length_m() >= SHORT_M {
                self.walk(leg, before, &mut steps);
            } else if before.is_none() {
                // The destination is only a step from the kiosk, but the visitor has to know the direction.
                steps.extend(self.near(leg));
            }
            before = Some(leg);
        }
        steps.extend(before.map(|last| self.arrival(last)));
        steps
    }

    fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.fill(self.language, key, values)
    }

    fn distance(&self, metres: f64) -> String {
        self.words.count(self.language, "distance.metres", rounded_metres(metres), &[])
    }

    fn name(&self, place: &'a Place) -> &'a str {
        place.name.get(self.language)
    }

    fn destination(&self) -> Option<&'a Place> {
        self.route.to.and_then(|id| self.venue.place(&id))
    }

    fn landmarks(&self, level: LevelIndex) -> Option<&Landmarks<'a>> {
        self.landmarks.iter().find(|(l, _)| *l == level).map(|(_, landmarks)| landmarks)
    }

    /// The steps of a walk: one for each stretch, or two for a long one that passes a landmark.
    fn walk(&self, leg: &Leg, before: Option<&Leg>, steps: &mut Vec<RouteStep>) {
        let points = bend_points(&leg.points);
        let mut named: Vec<FeatureId> = Vec::new();
        for index in 0..points.len() - 1 {
            let (from, to) = (points[index], points[index + 1]);
            let length = from.distance(to);
            let degrees = if index == 0 { 0.0 } else { turn_at(&points, index) };
            let landmarks = self.landmarks(leg.level);
            let landmark = match landmarks {
                Some(l) if index == 0 => l.ahead(from, to).filter(|_| before.is_none()),
                Some(l) => l.at_bend(points[index - 1], from, degrees),
                None => None,
            };
            named.extend(landmark.map(|p| p.id));
            let passed = landmarks.filter(|_| length >= LONG_M).and_then(|l| l.beside(from, to, &named));
            // A stretch towards a named shop needs no other landmark, unless it is long.
            let passed = passed.filter(|_| index > 0 || landmark.is_none() || length >= FAR_M);
            let metres = passed.map_or(length, |p| p.after_m);
            let (kind, text) = if index == 0 {
                self.setting_out(before, from.bearing_to(to), landmark, metres)
            } else {
                self.turning(StepKind::of_turn(degrees), landmark, metres)
            };
            let landmark = landmark.map(|place| place.id);
            steps.push(RouteStep { kind, text, level: leg.level, distance_m: metres, at: from, landmark });
            if let Some(passed) = passed {
                named.push(passed.place.id);
                let metres = length - passed.after_m;
                let values = [("place", self.name(passed.place)), ("distance", &self.distance(metres))];
                steps.push(RouteStep {
                    kind: StepKind::Straight,
                    text: self.fill(&format!("past.{}", passed.hand.key()), &values),
                    level: leg.level,
                    distance_m: metres,
                    at: from.toward(to, passed.after_m / length),
                    landmark: Some(passed.place.id),
                });
            }
        }
    }

    /// The first step of a walk: from the kiosk, after a ride, out of a shop, or from elsewhere.
    fn setting_out(
        &self,
        before: Option<&Leg>,
        going: f64,
        ahead: Option<&'a Place>,
        metres: f64,
    ) -> (StepKind, String) {
        let distance = self.distance(metres);
        if let Some(ride) = before {
            let kind = StepKind::of_turn(turn(self.leaving(ride), going));
            let key = format!("from-{}.{}", ride.mode.key(), kind.key());
            return (kind, self.fill(&key, &[("distance", &distance)]));
        }
        let (kind, key, mut values) = match self.start {
            Start::Kiosk(kiosk) => (StepKind::of_turn(turn(kiosk.heading_deg, going)), "first", Vec::new()),
            Start::Door { outward, place } => {
                let kind = StepKind::of_turn(turn(outward, going));
                let values = vec![("place", self.name(place)), ("distance", distance.as_str())];
                return (kind, self.fill(&format!("leave.{}", kind.key()), &values));
            }
            Start::Anywhere => (StepKind::Straight, "start", Vec::new()),
        };
        let key = format!("{key}{}.{}", if ahead.is_some() { "-towards" } else { "" }, kind.key());
        values.push(("distance", distance.as_str()));
        values.extend(ahead.map(|p| ("place", self.name(p))));
        (kind, self.fill(&key, &values))
    }

    fn turning(&self, kind: StepKind, landmark: Option<&'a Place>, metres: f64) -> (StepKind, String) {
        let distance = self.distance(metres);
        let text = match landmark {
            Some(place) => {
                let values = [("place", self.name(place)), ("distance", distance.as_str())];
                self.fill(&format!("turn-at.{}", kind.key()), &values)
            }
            None => self.fill(&format!("turn.{}", kind.key()), &[("distance", &distance)]),
        };
        (kind, text)
    }

    /// The direction of a destination that is only a step from the kiosk.
    fn near(&self, leg: &Leg) -> Option<RouteStep> {
        let Start::Kiosk(kiosk) = self.start else { return None };
        let (from, to) = (leg.points[0], leg.points[leg.points.len() - 1]);
        if from.distance(to) < 0.5 {
            return None;
        }
        let kind = StepKind::of_turn(turn(kiosk.heading_deg, from.bearing_to(to)));
        let text = self.fill(&format!("first-near.{}", kind.key()), &[]);
        let (level, distance_m) = (leg.level, leg.length_m());
        Some(RouteStep { kind, text, level, distance_m, at: from, landmark: None })
    }

    /// The direction in which a visitor looks after a ride.
    fn leaving(&self, ride: &Leg) -> f64 {
        let (on, off) = (ride.points[0], ride.points[ride.points.len() - 1]);
        if ride.mode != Mode::Lift && on.distance(off) > 2.0 {
            return on.bearing_to(off);
        }
        // A visitor leaves a lift from its middle to its door.
        let shaft = self.venue.shafts().iter().find(|s| Some(s.id) == ride.shaft);
        let stop = shaft.and_then(|s| s.stops.iter().find(|stop| stop.level == ride.to_level));
        stop.map_or(0.0, |stop| self.venue.unit(stop.unit).center.bearing_to(off))
    }

    fn ride(&self, leg: &Leg) -> RouteStep {
        let up = leg.to_level > leg.level;
        let kind = match (leg.mode, up) {
            (Mode::Escalator, true) => StepKind::EscalatorUp,
            (Mode::Escalator, false) => StepKind::EscalatorDown,
            (Mode::Stairs, true) => StepKind::StairsUp,
            (Mode::Stairs, false) => StepKind::StairsDown,
            (Mode::Ramp, true) => StepKind::RampUp,
            (Mode::Ramp, false) => StepKind::RampDown,
            (Mode::MovingWalkway, _) => StepKind::MovingWalkway,
            (_, true) => StepKind::LiftUp,
            (_, false) => StepKind::LiftDown,
        };
        let shaft = self.venue.shafts().iter().find(|s| Some(s.id) == leg.shaft);
        let lift = match shaft.map_or("", |s| s.name.get(self.language)) {
            "" => self.words.get(self.language, "ride.the-lift"),
            own if is_numbered(own) => own.to_owned(),
            own => self.fill("ride.named-lift", &[("lift", own)]),
        };
        let level = self.level_name(leg.to_level);
        let distance = self.distance(leg.length_m());
        let values = [("lift", lift.as_str()), ("level", &level), ("distance", &distance)];
        let text = self.fill(&format!("ride.{}", kind.key()), &values);
        RouteStep {
            kind,
            text,
            level: leg.level,
            distance_m: leg.length_m(),
            at: leg.points[0],
            landmark: None,
        }
    }

    /// The sign of a level, as the buttons of a lift and the walls show it; without one, its name.
    fn level_name(&self, level: LevelIndex) -> String {
        let level = self.venue.level(level);
        let (name, sign) = (level.name.get(self.language), level.short_name.get(self.language));
        if sign.is_empty() { name } else { sign }.to_owned()
    }

    fn arrival(&self, last: &Leg) -> RouteStep {
        let (level, at) = self.route.end();
        let step =
            |text| RouteStep { kind: StepKind::Arrive, text, level, distance_m: 0.0, at, landmark: None };
        let Some(place) = self.destination() else {
            return step(self.words.get(self.language, "arrive.here"));
        };
        let name = self.name(place);
        if self.route.length_m < SHORT_M && self.route.legs.len() == 1 {
            return step(self.fill("arrive.already", &[("place", name)]));
        }
        let side = self.side_of(place, last).map_or("ahead", Hand::key);
        let neighbour = self.landmarks(level).and_then(|l| l.neighbour(self.venue, at, place.unit));
        match neighbour.filter(|neighbour| self.name(neighbour) != name) {
            Some(neighbour) => {
                let values = [("place", name), ("neighbour", self.name(neighbour))];
                let text = self.fill(&format!("arrive-beside.{side}"), &values);
                RouteStep { landmark: Some(neighbour.id), ..step(text) }
            }
            None => step(self.fill(&format!("arrive.{side}"), &[("place", name)])),
        }
    }

    /// The side of a destination for a visitor on the last stretch; `None` if it is straight ahead.
    fn side_of(&self, place: &Place, last: &Leg) -> Option<Hand> {
        let end = self.route.end().1;
        let coming = if last.mode == Mode::Walk && last.length_m() >= SHORT_M {
            arriving(last)
        } else {
            let before = self.route.legs.iter().rev().find(|l| l.mode != Mode::Walk);
            self.leaving(before.unwrap_or(last))
        };
        // At a door, the side is that of the room. On open floor, it is that of the place itself.
        let room = self.venue.unit_of(&place.unit).map(|u| self.venue.unit(u));
        let inside = room.filter(|u| !u.kind.is_thoroughfare()).map_or(place.position, |u| u.center);
        let target = if place.position.distance(end) > 1.0 { place.position } else { inside };
        let degrees: f64 = turn(coming, Point::bearing_to(end, target));
        match degrees {
            d if d.abs() < AHEAD_DEG || target.distance(end) < 0.5 => None,
            d if d > 0.0 => Some(Hand::Right),
            _ => Some(Hand::Left),
        }
    }
}

/// Whether a lift's name needs no article, as in "Lift 3" and "Tower B"; "West Wing Lift" takes one in
/// languages with articles. A name with its own article, or in another script, needs none either.
fn is_numbered(name: &str) -> bool {
    let word = name.split_whitespace().last().unwrap_or_default();
    let is_number = word.chars().count() == 1 || word.ends_with(|c: char| c.is_ascii_digit());
    let has_article = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("the "));
    is_number || has_article || !name.contains(|c: char| c.is_ascii_alphabetic())
}

/// The direction in which a visitor looks at the end of a walk: that of its last stretch. If that is long,
/// only its end counts, without the last steps that turn to the door.
fn arriving(last: &Leg) -> f64 {
    let points = bend_points(&last.points);
    let (from, to) = (points[points.len() - 2], points[points.len() - 1]);
    let line: Vec<Point> = last.line.iter().rev().copied().collect();
    if from.distance(to) < 1.3 * BEFORE_DOOR_M.1 {
        return from.bearing_to(to);
    }
    along(&line, BEFORE_DOOR_M.1).bearing_to(along(&line, BEFORE_DOOR_M.0))
}
