//! Conditions: when doors and shafts are open, from the moment of a query on.
//!
//! A route that starts at three minutes to ten may reach a door after it is locked. Each door and shaft is
//! therefore checked for the time of arrival. Early arrivals wait: an earlier arrival is never worse than a
//! later one, and this makes the search exact.

use std::collections::HashMap;

use chrono::{DateTime, Duration};
use chrono_tz::Tz;

use super::graph::Ride;
use super::types::TravelProfile;
use super::walker::{Toll, pass, ride};
use crate::venue::{
    Closure, Hours, HoursState, Passage, Service, Speeds, TravelDirection, UnitIndex, UnitKind, Venue,
};

/// The longest walk through a mall, in seconds.
const HORIZON_S: i64 = 2 * 3600;
/// What opens later than this after the query counts as closed, whatever the time of arrival. If it were
/// open for late arrivals, a late arrival would be an advantage, and the best route would delay on purpose.
const WAIT_S: f64 = 1800.0;
/// The greatest number of changes that are read within the horizon.
const CHANGES: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    Strict,
    /// Everything closed or out of service counts as open. This finds out what blocks a route.
    AllOpen,
    /// An evacuation: emergency exits are open, lifts and escalators are not used, and only time counts.
    Fleeing,
}

/// When something can be passed, in seconds after the query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OpenTimes {
    Always,
    /// Intervals in order; `from` is included, `to` is not.
    During(Vec<(f64, f64)>),
}

impl OpenTimes {
    pub const NEVER: Self = Self::During(Vec::new());

    pub fn at(&self, seconds: f64) -> bool {
        self.pass(seconds) == Some(seconds)
    }

    /// When a walker passes who arrives at `seconds` and waits if necessary.
    pub fn pass(&self, seconds: f64) -> Option<f64> {
        match self {
            Self::Always => Some(seconds),
            Self::During(times) => times
                .iter()
                .find(|(from, to)| seconds < *to && *from <= WAIT_S)
                .map(|(from, _)| from.max(seconds)),
        }
    }

    /// The seconds after the query at which its state changes.
    fn changes(&self) -> impl Iterator<Item = f64> {
        self.closings().chain(self.openings())
    }

    fn intervals(&self) -> &[(f64, f64)] {
        match self {
            Self::Always => &[],
            Self::During(times) => times,
        }
    }

    fn openings(&self) -> impl Iterator<Item = f64> {
        self.intervals().iter().map(|(from, _)| *from).filter(|t| *t > 0.0 && t.is_finite())
    }

    fn closings(&self) -> impl Iterator<Item = f64> {
        self.intervals().iter().map(|(_, to)| *to).filter(|t| *t > 0.0 && t.is_finite())
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, rest) | (rest, Self::Always) => rest,
            (Self::During(a), Self::During(b)) => {
                let meet = |(f, t): &(f64, f64), (g, u): &(f64, f64)| (f.max(*g), t.min(*u));
                let all = a.iter().flat_map(|x| b.iter().map(move |y| meet(x, y)));
                Self::During(all.filter(|(from, to)| from < to).collect())
            }
        }
    }
}

/// A part of a route that may be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Link {
    Door(u32),
    /// A lift, an escalator or stairs.
    Shaft(u32),
}

/// The tolls and opening times of a venue, for one profile, from one moment on.
pub(crate) struct Conditions {
    rules: Rules,
    profile: TravelProfile,
    pub speed: f64,
    speeds: Speeds,
    gates: Vec<Toll>,
    directions: Vec<TravelDirection>,
    /// The belt speed of each shaft; used for moving walkways only.
    walkway_speeds: Vec<f64>,
    doors: Vec<OpenTimes>,
    shafts: Vec<OpenTimes>,
    /// The last second at which anything opens, and the last at which anything closes.
    pub last_opening: f64,
    pub last_closing: f64,
}

impl Conditions {
    pub fn new(venue: &Venue, profile: TravelProfile, now: DateTime<Tz>, rules: Rules) -> Self {
        let speeds = venue.speeds();
        let side = |unit: Option<UnitIndex>| unit.map(|u| (venue.unit(u).kind, extent(venue, u)));
        let toll = |o: &crate::venue::Opening| pass(o.door, o.sides.map(side), profile, &speeds);
        let mut calendar = Calendar { now, known: HashMap::new() };
        let mut doors: Vec<OpenTimes> = venue
            .openings()
            .iter()
            .map(|opening| {
                let closed = opening.sides.iter().flatten().filter_map(|u| venue.unit(*u).closure.as_ref());
                let closures = opening.closure.iter().chain(closed);
                match (opening.passage, rules) {
                    (Passage::Public, Rules::AllOpen) => OpenTimes::Always,
                    (Passage::Public, _) => calendar.times(opening.hours.as_ref(), closures),
                    (Passage::Emergency, Rules::Fleeing) => calendar.times(None, closures),
                    (Passage::Emergency | Passage::Service, _) => OpenTimes::NEVER,
                }
            })
            .collect();
        // A door that is drawn twice is open only while both drawings are open.
        for (twin, opening) in venue.openings().iter().enumerate() {
            if let Some(first) = opening.twin_of {
                let both = std::mem::replace(&mut doors[first], OpenTimes::Always).and(doors[twin].clone());
                (doors[first], doors[twin]) = (both.clone(), both);
            }
        }
        let shafts: Vec<OpenTimes> = venue
            .shafts()
            .iter()
            .map(|shaft| match shaft.service {
                Service::Staff => OpenTimes::NEVER,
                _ if rules == Rules::Fleeing && !matches!(shaft.kind, UnitKind::Stairs | UnitKind::Ramp) => {
                    OpenTimes::NEVER
                }
                _ if rules == Rules::AllOpen => OpenTimes::Always,
                Service::Out => OpenTimes::NEVER,
                Service::Public => calendar.times(shaft.hours.as_ref(), shaft.closure.iter()),
            })
            .collect();
        let gates = venue.openings().iter().map(toll).collect();
        let speed = super::walker::speed(profile, &speeds);
        let directions = venue.openings().iter().map(|o| o.direction).collect();
        let walkway_speeds = venue.shafts().iter().map(|s| s.speed).collect();
        Self { rules, profile, directions, walkway_speeds, ..Self::of(speed, speeds, gates, doors, shafts) }
    }

    fn of(
        speed: f64,
        speeds: Speeds,
        gates: Vec<Toll>,
        doors: Vec<OpenTimes>,
        shafts: Vec<OpenTimes>,
    ) -> Self {
        let last = |times: &mut dyn Iterator<Item = f64>| times.fold(f64::NEG_INFINITY, f64::max);
        let all = || doors.iter().chain(&shafts);
        let last_opening = last(&mut all().flat_map(OpenTimes::openings));
        let last_closing = last(&mut all().flat_map(OpenTimes::closings));
        let (rules, directions) = (Rules::Strict, vec![TravelDirection::Both; gates.len()]);
        let (profile, walkway_speeds) = (TravelProfile::Walking, Vec::new());
        Self {
            rules,
            profile,
            directions,
            walkway_speeds,
            speed,
            speeds,
            gates,
            doors,
            shafts,
            last_opening,
            last_closing,
        }
    }

    /// Conditions without a venue, at 1 m/s: tolls and times of each opening, times of each shaft.
    #[cfg(test)]
    pub fn by_hand(gates: Vec<Toll>, doors: Vec<OpenTimes>, shafts: Vec<OpenTimes>) -> Self {
        Self::of(1.0, Speeds::default(), gates, doors, shafts)
    }

    /// When a door or a shaft can be passed.
    pub fn open(&self, link: Link) -> &OpenTimes {
        match link {
            Link::Door(opening) => &self.doors[opening as usize],
            Link::Shaft(shaft) => &self.shafts[shaft as usize],
        }
    }

    /// Whether a door or a shaft is not always open.
    pub fn varies(&self, link: Link) -> bool {
        *self.open(link) != OpenTimes::Always
    }

    /// The travel direction of an opening.
    pub fn direction(&self, opening: u32) -> TravelDirection {
        self.directions[opening as usize]
    }

    pub fn toll(&self, opening: u32) -> Toll {
        self.gates[opening as usize]
    }

    /// The toll of a ride, without waiting.
    pub fn ride(&self, edge: &Ride) -> Toll {
        let walkway = self.walkway_speeds.get(edge.shaft as usize).copied().unwrap_or_default();
        let toll = ride(edge.mode, edge.length, edge.climb, self.profile, &self.speeds, walkway);
        match self.rules {
            Rules::Fleeing => Toll::new(toll.time, toll.time),
            Rules::Strict | Rules::AllOpen => toll,
        }
    }

    /// The second of the first change of any door or shaft after the query, within two hours.
    pub fn first_change(&self) -> Option<f64> {
        self.doors.iter().chain(&self.shafts).flat_map(OpenTimes::changes).min_by(f64::total_cmp)
    }
}

/// Converts hours to seconds after a query. Many doors have the same text, which is evaluated once.
struct Calendar<'a> {
    now: DateTime<Tz>,
    known: HashMap<&'a str, OpenTimes>,
}

impl<'a> Calendar<'a> {
    fn times<'c>(
        &mut self,
        hours: Option<&'a Hours>,
        closures: impl Iterator<Item = &'c Closure>,
    ) -> OpenTimes {
        let now = self.now;
        let open = hours.map_or(OpenTimes::Always, |h| {
            self.known.entry(h.as_str()).or_insert_with(|| times(Some(h), now)).clone()
        });
        closures.fold(open, |open, closure| open.and(outside(closure, now)))
    }
}

/// The length of a ramp or a flight of steps; 0 for other units.
fn extent(venue: &Venue, unit: UnitIndex) -> f64 {
    use geo::BoundingRect;
    let unit = venue.unit(unit);
    match unit.kind {
        UnitKind::Ramp | UnitKind::Steps => {
            unit.shape.bounding_rect().map_or(0.0, |r| r.width().hypot(r.height()))
        }
        _ => 0.0,
    }
}

fn seconds(now: DateTime<Tz>, then: DateTime<impl chrono::TimeZone>) -> f64 {
    // A plain cast: milliseconds of a few years.
    let milliseconds = (then.to_utc() - now.to_utc()).num_milliseconds() as f64;
    milliseconds / 1000.0
}

/// The times at which hours are open, from now on.
fn times(hours: Option<&Hours>, now: DateTime<Tz>) -> OpenTimes {
    let Some(hours) = hours else { return OpenTimes::Always };
    let end = now + Duration::seconds(HORIZON_S);
    let mut open = Vec::new();
    let mut moment = now;
    for _ in 0..CHANGES {
        let (is_open, change) = match hours.state_at(moment) {
            HoursState::Open { until } => (true, until),
            HoursState::Closed { opens } => (false, opens),
            // Unknown hours count as open: they are no reason for a detour.
            HoursState::Unknown => (true, None),
        };
        if is_open {
            open.push((seconds(now, moment), change.map_or(f64::INFINITY, |c| seconds(now, c))));
        }
        match change {
            Some(next) if next < end && next > moment => moment = next,
            _ => break,
        }
    }
    if open == [(0.0, f64::INFINITY)] { OpenTimes::Always } else { OpenTimes::During(open) }
}

/// The times outside a closure.
fn outside(closure: &Closure, now: DateTime<Tz>) -> OpenTimes {
    let from = closure.from.map_or(f64::NEG_INFINITY, |f| seconds(now, f));
    let until = closure.until.map_or(f64::INFINITY, |u| seconds(now, u));
    if until <= 0.0 {
        return OpenTimes::Always;
    }
    let times = [(f64::NEG_INFINITY, from), (until, f64::INFINITY)];
    OpenTimes::During(times.into_iter().filter(|(a, b)| a < b && *b > 0.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use chrono_tz::Asia::Shanghai;

    fn at(hour: u32, minute: u32) -> DateTime<Tz> {
        Shanghai.with_ymd_and_hms(2026, 11, 18, hour, minute, 0).unwrap()
    }

    /// A door that is locked in three minutes is closed after four minutes.
    #[test]
    fn doors_close_at_their_hour() {
        let open = times(Some(&Hours::parse("Mo-Su 09:30-22:00").unwrap()), at(21, 57));
        assert!(open.at(0.0) && open.at(179.0) && !open.at(180.0) && !open.at(240.0));
        assert_eq!(open.changes().next(), Some(180.0));
    }

    /// A door that opens in ten minutes is open after ten minutes.
    #[test]
    fn doors_open_at_their_hour() {
        let open = times(Some(&Hours::parse("Mo-Su 09:30-22:00").unwrap()), at(9, 20));
        assert!(!open.at(0.0) && !open.at(599.0) && open.at(600.0));
        assert_eq!((open.pass(590.0), open.pass(700.0)), (Some(600.0), Some(700.0)));
    }

    /// No route waits an hour for a door to open.
    #[test]
    fn nobody_waits_an_hour() {
        let open = times(Some(&Hours::parse("Mo-Su 09:30-22:00").unwrap()), at(8, 30));
        assert_eq!((open.pass(0.0), open.pass(3590.0)), (None, None));
        assert_eq!(open.changes().count(), 2, "and yet the answer changes then");
    }

    /// A closure is in force from its start to its end.
    #[test]
    fn closures_hold_between_their_ends() {
        let closure = |from: Option<DateTime<Tz>>, until: Option<DateTime<Tz>>| Closure {
            from: from.map(|t| t.fixed_offset()),
            until: until.map(|t| t.fixed_offset()),
            reason: domain::language::Labels::default(),
        };
        assert!(!outside(&closure(None, None), at(12, 0)).at(0.0));
        assert_eq!(outside(&closure(None, Some(at(11, 0))), at(12, 0)), OpenTimes::Always);
        let later = outside(&closure(Some(at(12, 10)), Some(at(12, 20))), at(12, 0));
        assert!(later.at(0.0) && !later.at(600.0) && later.at(1200.0));
    }
}
