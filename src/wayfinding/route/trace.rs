//! From the labels of a search back to the legs of a route and the waits on it.
//!
//! A search keeps only costs and predecessors. Points, lines to draw and times are computed here, once, for
//! the route that was chosen.

use super::conditions::{Conditions, Link, OpenTimes};
use super::graph::Ride;
use super::network::Network;
use super::pass::{Met, ridden, walked};
use super::rides::mode;
use super::search::{Labels, Via};
use super::shape::shaped;
use super::types::{Leg, Mode};
use super::walker::Toll;
use crate::geometry::Point;
use crate::venue::{LevelIndex, Venue};

/// The origin of the last stretch of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Last {
    /// Straight from one of the starts.
    Start(u32),
    /// From the node of a label.
    Label(u32),
}

/// An arrival at an end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub end: u32,
    pub last: Last,
    pub toll: Toll,
}

/// A route as a search found it.
pub(crate) struct Traced {
    pub legs: Vec<Leg>,
    /// The indices of the start and the end in the search.
    pub start: u32,
    pub end: u32,
    /// The toll that had been spent at the start.
    pub spent: Toll,
    /// The toll spent at the end.
    pub toll: Toll,
    /// The doors and shafts at which the route waits, each with the second at which it opens.
    pub waits: Vec<(Link, f64)>,
}

/// A point of a route, the toll up to it, and the shaft by which it was reached.
struct Passed {
    level: LevelIndex,
    point: Point,
    toll: Toll,
    node: Option<u32>,
    shaft: Option<u32>,
}

/// The route from the start, whose point and toll `origin` returns, to the goal.
pub(crate) fn trace(
    venue: &Venue,
    network: &Network,
    conditions: &Conditions,
    labels: &Labels,
    origin: &dyn Fn(u32) -> (LevelIndex, Point, Toll),
    arrival: &Arrival,
    goal: (LevelIndex, Point),
) -> Traced {
    let goal = Passed { level: goal.0, point: goal.1, toll: arrival.toll, node: None, shaft: None };
    let mut passed = vec![goal];
    let mut last = arrival.last;
    let start = loop {
        let label = match last {
            Last::Start(start) => break start,
            Last::Label(number) => labels.get(number),
        };
        let here = network.nodes[label.node as usize];
        let shaft = if let Via::Ride { shaft, .. } = label.via { Some(shaft) } else { None };
        let node = Some(label.node);
        passed.push(Passed { level: here.level, point: here.point, toll: label.toll, node, shaft });
        last = match label.via {
            Via::Start(start) => Last::Start(start),
            Via::Walk(from) | Via::Ride { from, .. } => Last::Label(from),
        };
    };
    let (level, point, spent) = origin(start);
    passed.push(Passed { level, point, toll: spent, node: None, shaft: None });
    passed.reverse();
    let waits = waits(network, conditions, &passed);
    let legs = legs(venue, network, conditions, &passed);
    Traced { legs, start, end: arrival.end, spent, toll: arrival.toll, waits }
}

/// The waits on a route. They are found by walking each stretch once more.
fn waits(network: &Network, conditions: &Conditions, passed: &[Passed]) -> Vec<(Link, f64)> {
    let mut waits = Vec::new();
    let mut note = |met: Met| {
        if let Met::Waited(link, until) = met {
            waits.push((link, until));
        }
    };
    for pair in passed.windows(2) {
        let (from, to) = (&pair[0], &pair[1]);
        if let (Some(shaft), Some(node)) = (to.shaft, from.node) {
            let taken = |e: &&Ride| Some(e.to) == to.node && e.shaft == shaft;
            if let Some(edge) = network.rides.of(node).iter().find(taken) {
                let _ = ridden(conditions, from.toll, edge, &mut note);
            }
        } else {
            let inside = [from, to].map(|p| network.door_around(p.level, p.point));
            let crossings = network.gates_between(from.level, from.point, to.point, inside);
            let _ = walked(conditions, from.toll, from.point.distance(to.point), &crossings, &mut note);
        }
    }
    waits
}

/// Whether the walker may pass every door on a straight line in this direction, at some time.
fn passes(network: &Network, conditions: &Conditions, level: LevelIndex, p: Point, q: Point) -> bool {
    let inside = [p, q].map(|at| network.door_around(level, at));
    network.gates_between(level, p, q, inside).iter().all(|crossing| {
        let never = *conditions.open(Link::Door(crossing.opening)) == OpenTimes::NEVER;
        conditions.direction(crossing.opening).lets_pass(crossing.to_left) && (crossing.standing || !never)
    })
}

fn legs(venue: &Venue, network: &Network, conditions: &Conditions, passed: &[Passed]) -> Vec<Leg> {
    let mut legs: Vec<Leg> = Vec::new();
    for pair in passed.windows(2) {
        let (from, to) = (&pair[0], &pair[1]);
        let time_s = to.toll.time - from.toll.time;
        let (taken, shaft) = match to.shaft {
            Some(index) => {
                let shaft = &venue.shafts()[index as usize];
                (mode(shaft.kind), Some(shaft.id))
            }
            None => (Mode::Walk, None),
        };
        match legs.last_mut() {
            // Consecutive stairs are one leg, and so are consecutive walks; a second lift or escalator is a
            // new leg.
            Some(last) if last.mode == taken && matches!(taken, Mode::Walk | Mode::Stairs) => {
                if last.points.last() != Some(&to.point) {
                    last.points.push(to.point);
                }
                last.to_level = to.level;
                last.time_s += time_s;
            }
            _ => legs.push(Leg {
                level: from.level,
                to_level: to.level,
                mode: taken,
                shaft,
                points: vec![from.point, to.point],
                line: Vec::new(),
                time_s,
            }),
        }
    }
    // When a lift opens into the door of the destination, the last walk has no length and is left out.
    let several = legs.len() > 1;
    legs.retain(|leg| !several || leg.mode != Mode::Walk || leg.length_m() > 0.0);
    for leg in &mut legs {
        if leg.points.len() > 2 && leg.points[0] == leg.points[1] {
            leg.points.remove(0);
        }
        leg.line = match leg.mode {
            Mode::Walk => {
                let passes = |p, q| passes(network, conditions, leg.level, p, q);
                shaped(&leg.points, &network.sights[leg.level.0], &passes)
            }
            _ => leg.points.clone(),
        };
    }
    legs
}
