//! Passing doors and riding shafts at the time of arrival, with a wait after an early arrival.
//!
//! Searches and traces evaluate opening hours only through [`walked`] and [`ridden`]. Both report every
//! answer that depends on opening hours. A search then knows whether the plain rule "the cheapest label is
//! the best one" was sufficient.

use super::conditions::{Conditions, Link, OpenTimes};
use super::graph::{Crossing, Ride};
use super::walker::Toll;

/// The state of a door or shaft on arrival, in an answer that depends on opening hours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Met {
    /// It is open at another time, and the arrival is too late or much too early.
    Closed,
    /// It was closed at the moment of the query, and is open on arrival.
    Opened,
    /// The walker waits until it opens, at this second.
    Waited(Link, f64),
}

/// The toll after a walk; `None` if a gate on it is closed by then, or is for the other direction.
pub(crate) fn walked(
    conditions: &Conditions,
    before: Toll,
    length: f64,
    crossings: &[Crossing],
    met: &mut dyn FnMut(Met),
) -> Option<Toll> {
    let flat = |metres: f64| Toll::new(metres / conditions.speed, metres / conditions.speed);
    let mut toll = before;
    let mut done = 0.0;
    for crossing in crossings {
        if !conditions.direction(crossing.opening).lets_pass(crossing.to_left) {
            return None;
        }
        if crossing.standing {
            continue;
        }
        let link = Link::Door(crossing.opening);
        if conditions.varies(link) {
            toll = enter(conditions, toll.plus(flat(crossing.at - done)), link, met)?;
            done = crossing.at;
        }
        toll = toll.plus(conditions.toll(crossing.opening));
    }
    Some(toll.plus(flat(length - done)))
}

/// The toll after a ride; `None` if the shaft or one of its doors is closed by then.
pub(crate) fn ridden(
    conditions: &Conditions,
    before: Toll,
    edge: &Ride,
    met: &mut dyn FnMut(Met),
) -> Option<Toll> {
    let door = |door: Option<u32>| door.map(Link::Door).filter(|d| conditions.varies(*d));
    let shaft = Some(Link::Shaft(edge.shaft)).filter(|s| conditions.varies(*s));
    let mut toll = before;
    // The door and the shaft have to be open at the same moment.
    while let Some(boarding) =
        [door(edge.doors[0]), shaft].into_iter().flatten().find(|l| !conditions.open(*l).at(toll.time))
    {
        toll = enter(conditions, toll, boarding, met)?;
    }
    for link in [door(edge.doors[0]), shaft].into_iter().flatten() {
        toll = enter(conditions, toll, link, met)?;
    }
    toll = toll.plus(conditions.ride(edge));
    match door(edge.doors[1]) {
        Some(out) => enter(conditions, toll, out, met),
        None => Some(toll),
    }
}

/// The toll after the wait for a link; `None` if it stays closed.
fn enter(conditions: &Conditions, toll: Toll, link: Link, met: &mut dyn FnMut(Met)) -> Option<Toll> {
    let open = conditions.open(link);
    let Some(passed) = open.pass(toll.time) else {
        if *open != OpenTimes::NEVER {
            met(Met::Closed);
        }
        return None;
    };
    let wait = passed - toll.time;
    if wait > 0.0 {
        met(Met::Waited(link, passed));
    } else if !open.at(0.0) {
        met(Met::Opened);
    }
    Some(toll.plus(Toll::new(wait, wait)))
}
