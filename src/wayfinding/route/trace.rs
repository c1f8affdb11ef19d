//! From the labels of a search back to the legs of a route.

use super::network::Network;
use super::search::{Label, Via};
use super::shape::shaped;
use super::walker::Toll;
use super::{Leg, Mode};
use crate::geometry::Point;
use crate::venue::{LevelIndex, Venue};

/// How an end is reached: from which core node, or straight from the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub end: u32,
    pub last: Option<u32>,
    pub toll: Toll,
}

/// A point of a way, what the way to it has taken, and the shaft it was reached by.
struct Passed {
    level: LevelIndex,
    point: Point,
    time: f64,
    shaft: Option<u32>,
}

/// The legs of a way, from the start that `origin` names to the goal.
pub(crate) fn trace(
    venue: &Venue,
    network: &Network,
    labels: &[Option<Label>],
    origin: impl Fn(u32) -> (LevelIndex, Point),
    arrival: &Arrival,
    goal: (LevelIndex, Point),
) -> Vec<Leg> {
    let mut way = vec![Passed { level: goal.0, point: goal.1, time: arrival.toll.time, shaft: None }];
    let mut node = arrival.last;
    let mut start = 0;
    while let Some(at) = node {
        let Some(label) = labels[at as usize] else { break };
        let here = network.nodes[at as usize];
        let (from, shaft) = match label.via {
            Via::Start(end) => {
                start = end;
                (None, None)
            }
            Via::Walk(from) => (Some(from), None),
            Via::Ride { from, shaft } => (Some(from), Some(shaft)),
        };
        way.push(Passed { level: here.level, point: here.point, time: label.toll.time, shaft });
        node = from;
    }
    let (level, point) = origin(start);
    way.push(Passed { level, point, time: 0.0, shaft: None });
    way.reverse();
    legs(venue, network, &way)
}

fn legs(venue: &Venue, network: &Network, way: &[Passed]) -> Vec<Leg> {
    let mut legs: Vec<Leg> = Vec::new();
    for pair in way.windows(2) {
        let (from, to) = (&pair[0], &pair[1]);
        let time_s = to.time - from.time;
        let (mode, shaft) = match to.shaft {
            Some(index) => {
                let shaft = &venue.shafts()[index as usize];
                (mode_of(shaft.kind), Some(shaft.id))
            }
            None => (Mode::Walk, None),
        };
        match legs.last_mut() {
            // Stairs go on as one leg, walks too; a second lift or escalator is a new one.
            Some(last) if last.mode == mode && matches!(mode, Mode::Walk | Mode::Stairs) => {
                if last.points.last() != Some(&to.point) {
                    last.points.push(to.point);
                }
                last.to_level = to.level;
                last.time_s += time_s;
            }
            _ => legs.push(Leg {
                level: from.level,
                to_level: to.level,
                mode,
                shaft,
                points: vec![from.point, to.point],
                line: Vec::new(),
                time_s,
            }),
        }
    }
    // Getting off a lift in the destination's door is no walk.
    let several = legs.len() > 1;
    legs.retain(|leg| !several || leg.mode != Mode::Walk || leg.length_m() > 0.0);
    for leg in &mut legs {
        if leg.points.len() > 2 && leg.points[0] == leg.points[1] {
            leg.points.remove(0);
        }
        leg.line = match leg.mode {
            Mode::Walk => shaped(&leg.points, &network.sights[leg.level.0]),
            _ => leg.points.clone(),
        };
    }
    legs
}

fn mode_of(kind: crate::venue::UnitKind) -> Mode {
    match kind {
        crate::venue::UnitKind::Lift => Mode::Lift,
        crate::venue::UnitKind::Escalator => Mode::Escalator,
        _ => Mode::Stairs,
    }
}
