//! Sentences for a route, leg by leg.

use domain::language::Language;
use domain::words::Words;

use super::bends::{told, turn_at};
use super::landmarks::Landmarks;
use super::{Step, StepKind, rounded_metres};
use crate::geometry::{Point, turn};
use crate::route::{Leg, Mode, Route};
use crate::venue::{KioskSpot, LevelIndex, Place, Venue};

/// A walk shorter than this needs no step of its own.
const SHORT_M: f64 = 4.0;
/// On a stretch longer than this, something that one passes is comforting.
const LONG_M: f64 = 30.0;
/// Straight ahead, when one has arrived.
const AHEAD_DEG: f64 = 40.0;

pub(crate) struct Phrases<'a> {
    pub venue: &'a Venue,
    pub route: &'a Route,
    pub kiosk: Option<&'a KioskSpot>,
    pub language: Language,
    pub words: &'a Words,
}

impl<'a> Phrases<'a> {
    /// All steps, the arrival last.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut before: Option<&Leg> = None;
        let count = self.route.legs.len();
        for (index, leg) in self.route.legs.iter().enumerate() {
            if leg.mode == Mode::Walk {
                // A few metres between two lifts, or from the lift to the door beside it, go without saying.
                if leg.length_m() >= SHORT_M {
                    self.walk(leg, before, &mut steps);
                }
            } else {
                steps.push(self.ride(leg));
            }
            before = Some(leg);
            if index + 1 == count {
                steps.push(self.arrival(leg));
            }
        }
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

    fn walk(&self, leg: &Leg, before: Option<&Leg>, steps: &mut Vec<Step>) {
        let points = told(&leg.points);
        let landmarks = Landmarks::of(self.venue, leg.level, self.route.to);
        let mut past: Vec<&str> = Vec::new();
        for index in 0..points.len() - 1 {
            let (from, to) = (points[index], points[index + 1]);
            let length = from.distance(to);
            let step = if index == 0 {
                self.setting_out(leg, before, from, to, &landmarks)
            } else {
                let degrees = turn_at(&points, index);
                let landmark = landmarks.at_bend(points[index - 1], from, degrees);
                self.turning(StepKind::of_turn(degrees), leg.level, landmark, length)
            };
            let told_already = step.text.clone();
            steps.push(step);
            if length >= LONG_M
                && let Some(place) = landmarks.beside(from, to)
                && !told_already.contains(self.name(place))
                && !past.contains(&self.name(place))
            {
                past.push(self.name(place));
                let text = self.fill("past", &[("place", self.name(place))]);
                steps.push(Step { kind: StepKind::Straight, text, level: leg.level, distance_m: 0.0 });
            }
        }
    }

    /// The first step of a walk: from the kiosk, out of a lift, or from somewhere else.
    fn setting_out(
        &self,
        leg: &Leg,
        before: Option<&Leg>,
        from: Point,
        to: Point,
        landmarks: &Landmarks<'a>,
    ) -> Step {
        let metres = from.distance(to);
        let distance = self.distance(metres);
        let going = from.bearing_to(to);
        let step = |kind, text| Step { kind, text, level: leg.level, distance_m: metres };
        if let Some(ride) = before {
            let kind = StepKind::of_turn(turn(self.leaving(ride), going));
            let mode = self.words.get(self.language, &format!("mode.{}", ride.mode.key()));
            let text =
                self.fill(&format!("from-ride.{}", kind.key()), &[("mode", &mode), ("distance", &distance)]);
            return step(kind, text);
        }
        if let Some(kiosk) = self.kiosk {
            let kind = StepKind::of_turn(turn(kiosk.heading_deg, going));
            let text = match landmarks.ahead(from, to) {
                Some(place) => {
                    let values = [("place", self.name(place)), ("distance", distance.as_str())];
                    self.fill(&format!("first-towards.{}", kind.key()), &values)
                }
                None => self.fill(&format!("first.{}", kind.key()), &[("distance", &distance)]),
            };
            return step(kind, text);
        }
        let text = match landmarks.ahead(from, to) {
            Some(place) => {
                self.fill("start-towards", &[("place", self.name(place)), ("distance", &distance)])
            }
            None => self.fill("start", &[("distance", &distance)]),
        };
        step(StepKind::Straight, text)
    }

    fn turning(&self, kind: StepKind, level: LevelIndex, landmark: Option<&'a Place>, metres: f64) -> Step {
        let distance = self.distance(metres);
        let text = match landmark {
            Some(place) => {
                let values = [("place", self.name(place)), ("distance", distance.as_str())];
                self.fill(&format!("turn-at.{}", kind.key()), &values)
            }
            None => self.fill(&format!("turn.{}", kind.key()), &[("distance", &distance)]),
        };
        Step { kind, text, level, distance_m: metres }
    }

    /// The way one looks when one steps off a ride.
    fn leaving(&self, ride: &Leg) -> f64 {
        let (on, off) = (ride.points[0], ride.points[ride.points.len() - 1]);
        if ride.mode != Mode::Lift && on.distance(off) > 2.0 {
            return on.bearing_to(off);
        }
        // Out of a lift one looks from its middle to its door.
        let shaft = self.venue.shafts().iter().find(|s| Some(s.id) == ride.shaft);
        let stop = shaft.and_then(|s| s.stops.iter().find(|stop| stop.level == ride.to_level));
        stop.map_or(0.0, |stop| self.venue.unit(stop.unit).center.bearing_to(off))
    }

    fn ride(&self, leg: &Leg) -> Step {
        let up = leg.to_level > leg.level;
        let kind = match (leg.mode, up) {
            (Mode::Escalator, true) => StepKind::EscalatorUp,
            (Mode::Escalator, false) => StepKind::EscalatorDown,
            (Mode::Stairs, true) => StepKind::StairsUp,
            (Mode::Stairs, false) => StepKind::StairsDown,
            (_, true) => StepKind::LiftUp,
            (_, false) => StepKind::LiftDown,
        };
        let shaft = self.venue.shafts().iter().find(|s| Some(s.id) == leg.shaft);
        let own = shaft.map(|s| s.name.get(self.language)).filter(|n| !n.is_empty()).map(str::to_owned);
        let lift = own.unwrap_or_else(|| self.words.get(self.language, "ride.the-lift"));
        let level = self.venue.level(leg.to_level).name.get(self.language);
        let text = self.fill(&format!("ride.{}", kind.key()), &[("lift", &lift), ("level", level)]);
        Step { kind, text, level: leg.level, distance_m: leg.length_m() }
    }

    fn arrival(&self, last: &Leg) -> Step {
        let step = |text| Step { kind: StepKind::Arrive, text, level: last.to_level, distance_m: 0.0 };
        let Some(place) = self.destination() else {
            return step(self.words.get(self.language, "arrive.here"));
        };
        let name = self.name(place);
        if self.route.length_m < SHORT_M && self.route.legs.len() == 1 {
            return step(self.fill("arrive.already", &[("place", name)]));
        }
        let side = self.side_of(place, last);
        let end = self.route.end().1;
        let landmarks = Landmarks::of(self.venue, last.to_level, self.route.to);
        step(match landmarks.neighbour(self.venue, end, place.unit) {
            Some(neighbour) => {
                let values = [("place", name), ("neighbour", self.name(neighbour))];
                self.fill(&format!("arrive-beside.{side}"), &values)
            }
            None => self.fill(&format!("arrive.{side}"), &[("place", name)]),
        })
    }

    /// On which side a destination is for somebody who comes the last stretch.
    fn side_of(&self, place: &Place, last: &Leg) -> &'static str {
        let end = self.route.end().1;
        let coming = if last.mode == Mode::Walk && last.length_m() >= SHORT_M {
            let points = told(&last.points);
            points[points.len() - 2].bearing_to(points[points.len() - 1])
        } else {
            self.leaving(last)
        };
        let inside = self.venue.unit_of(&place.unit).map_or(place.position, |u| self.venue.unit(u).center);
        let target = if place.position.distance(end) > 1.0 { place.position } else { inside };
        let degrees = turn(coming, end.bearing_to(target));
        match degrees {
            d if d.abs() < AHEAD_DEG || target.distance(end) < 0.5 => "ahead",
            d if d > 0.0 => "right",
            _ => "left",
        }
    }
}
