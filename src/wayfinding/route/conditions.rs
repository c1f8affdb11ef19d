//! What is open when: doors, lifts and closures, as they are at the moment of a question and after it.
//!
//! A way that begins at three minutes to ten reaches the door after it was locked. Every door and shaft
//! is therefore asked with the time at which one gets there.

use std::collections::HashMap;

use chrono::{DateTime, Duration};
use chrono_tz::Tz;

use super::walker::{Toll, pass};
use super::{Profile, network::count};
use crate::venue::{Closure, Hours, HoursState, Passage, Service, UnitIndex, UnitKind, Venue};

/// Nobody walks through a mall for longer than this.
const HORIZON_S: i64 = 2 * 3600;
/// Changes within the horizon beyond this many say nothing new.
const CHANGES: usize = 8;

/// Which rules are left aside, to find out which of them stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// All rules hold.
    Strict,
    /// Whatever is closed or out of service counts as open.
    AllOpen,
}

/// When something can be passed, in seconds after the question.
#[derive(Clone, Debug, PartialEq)]
enum Open {
    Always,
    /// Intervals in order, `from` included, `to` not.
    During(Vec<(f64, f64)>),
}

impl Open {
    fn at(&self, seconds: f64) -> bool {
        match self {
            Self::Always => true,
            Self::During(times) => times.iter().any(|(from, to)| *from <= seconds && seconds < *to),
        }
    }

    /// When its state changes for the first time.
    fn first_change(&self) -> Option<f64> {
        match self {
            Self::Always => None,
            Self::During(times) => {
                times.iter().flat_map(|(from, to)| [*from, *to]).find(|t| *t > 0.0 && t.is_finite())
            }
        }
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

/// Tolls and opening times of a venue for one profile from one moment on.
pub(crate) struct Conditions {
    pub speed: f64,
    gates: Vec<Toll>,
    /// Openings that are not always open.
    doors: HashMap<u32, Open>,
    /// Shafts that do not always run.
    shafts: HashMap<u32, Open>,
    rules: Rules,
}

impl Conditions {
    pub fn new(venue: &Venue, profile: Profile, now: DateTime<Tz>, rules: Rules) -> Self {
        let speeds = venue.speeds();
        let side = |unit: Option<UnitIndex>| unit.map(|u| (venue.unit(u).kind, extent(venue, u)));
        let toll = |o: &crate::venue::Opening| pass(o.door, o.sides.map(side), profile, &speeds);
        let gates = venue.openings().iter().map(toll).collect();
        let mut conditions = Self {
            speed: super::walker::speed(profile, &speeds),
            gates,
            doors: HashMap::new(),
            shafts: HashMap::new(),
            rules,
        };
        for (index, opening) in venue.openings().iter().enumerate() {
            let closed = opening.sides.iter().flatten().filter_map(|u| venue.unit(*u).closure.as_ref());
            let mut open = times(opening.hours.as_ref(), now);
            for closure in opening.closure.iter().chain(closed) {
                open = open.and(outside(closure, now));
            }
            if opening.passage == Passage::Emergency {
                open = Open::During(Vec::new());
            }
            if open != Open::Always {
                conditions.doors.insert(count(index), open);
            }
        }
        for (index, shaft) in venue.shafts().iter().enumerate() {
            let mut open = times(shaft.hours.as_ref(), now);
            if let Some(closure) = &shaft.closure {
                open = open.and(outside(closure, now));
            }
            if shaft.service == Service::Out {
                open = Open::During(Vec::new());
            }
            if open != Open::Always {
                conditions.shafts.insert(count(index), open);
            }
        }
        conditions
    }

    /// Whether a door can be passed so many seconds after the question.
    pub fn door_is_open(&self, opening: u32, seconds: f64) -> bool {
        self.rules == Rules::AllOpen || self.doors.get(&opening).is_none_or(|o| o.at(seconds))
    }

    /// Whether a shaft can be used so many seconds after the question.
    pub fn shaft_runs(&self, shaft: u32, seconds: f64) -> bool {
        self.rules == Rules::AllOpen || self.shafts.get(&shaft).is_none_or(|o| o.at(seconds))
    }

    /// What it takes to pass an opening.
    pub fn toll(&self, opening: u32) -> Toll {
        self.gates[opening as usize]
    }

    /// How many seconds after the question an answer may change, within two hours.
    pub fn first_change(&self) -> Option<f64> {
        self.doors.values().chain(self.shafts.values()).filter_map(Open::first_change).min_by(f64::total_cmp)
    }
}

/// The length of a unit: what one walks from one of its ends to the other.
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
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a few years")]
    let milliseconds = (then.to_utc() - now.to_utc()).num_milliseconds() as f64;
    milliseconds / 1000.0
}

/// When hours are open, from now on.
fn times(hours: Option<&Hours>, now: DateTime<Tz>) -> Open {
    let Some(hours) = hours else { return Open::Always };
    let end = now + Duration::seconds(HORIZON_S);
    let mut open = Vec::new();
    let mut moment = now;
    for _ in 0..CHANGES {
        let (is_open, change) = match hours.state_at(moment) {
            HoursState::Open { until } => (true, until),
            HoursState::Closed { opens } => (false, opens),
            // Who does not know is not a reason to send somebody round the building.
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
    if open == [(0.0, f64::INFINITY)] { Open::Always } else { Open::During(open) }
}

/// When a closure leaves open.
fn outside(closure: &Closure, now: DateTime<Tz>) -> Open {
    let from = closure.from.map_or(f64::NEG_INFINITY, |f| seconds(now, f));
    let until = closure.until.map_or(f64::INFINITY, |u| seconds(now, u));
    if until <= 0.0 {
        return Open::Always;
    }
    let times = [(f64::NEG_INFINITY, from), (until, f64::INFINITY)];
    Open::During(times.into_iter().filter(|(a, b)| a < b && *b > 0.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use chrono_tz::Asia::Shanghai;

    fn at(hour: u32, minute: u32) -> DateTime<Tz> {
        Shanghai.with_ymd_and_hms(2026, 11, 18, hour, minute, 0).unwrap()
    }

    #[test]
    fn a_door_that_is_locked_in_three_minutes_is_closed_after_four() {
        let open = times(Some(&Hours::parse("Mo-Su 09:30-22:00").unwrap()), at(21, 57));
        assert!(open.at(0.0) && open.at(179.0) && !open.at(180.0) && !open.at(240.0));
        assert_eq!(open.first_change(), Some(180.0));
    }

    #[test]
    fn a_door_that_opens_in_ten_minutes_is_open_after_ten() {
        let open = times(Some(&Hours::parse("Mo-Su 09:30-22:00").unwrap()), at(9, 20));
        assert!(!open.at(0.0) && !open.at(599.0) && open.at(600.0));
    }

    #[test]
    fn a_closure_holds_from_its_beginning_to_its_end() {
        let closure = |from: Option<DateTime<Tz>>, until: Option<DateTime<Tz>>| Closure {
            from: from.map(|t| t.fixed_offset()),
            until: until.map(|t| t.fixed_offset()),
            reason: domain::language::Labels::default(),
        };
        assert!(!outside(&closure(None, None), at(12, 0)).at(0.0));
        assert_eq!(outside(&closure(None, Some(at(11, 0))), at(12, 0)), Open::Always);
        let later = outside(&closure(Some(at(12, 10)), Some(at(12, 20))), at(12, 0));
        assert!(later.at(0.0) && !later.at(600.0) && later.at(1200.0));
    }
}
