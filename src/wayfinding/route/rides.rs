//! The vertical edges of a network: lifts, escalators, stairs and ramps between their landings, and moving
//! walkways along one level.

use std::collections::HashMap;

use super::graph::{Lists, Node, Ride, count};
use super::types::Mode;
use super::walker::Walker;
use crate::venue::{LevelIndex, Shaft, Stop, TravelDirection, UnitIndex, UnitKind, Venue};

/// The landings of a unit on a level: each with its core node and the opening in which it lies.
pub(crate) type Landings = HashMap<(UnitIndex, LevelIndex), Vec<(u32, Option<u32>)>>;

/// The shortest plan length of a flight of stairs or an escalator between two levels.
const SHORTEST_FLIGHT: f64 = 5.0;

/// All rides, grouped by the core node where they begin.
pub(crate) fn rides(venue: &Venue, walker: Walker, nodes: &[Node], landings: &Landings) -> Lists<Ride> {
    let mut lists: Vec<Vec<Ride>> = vec![Vec::new(); nodes.len()];
    for (index, shaft) in venue.shafts().iter().enumerate() {
        if !walker.rides(shaft.kind) {
            continue;
        }
        for (i, lower) in shaft.stops.iter().enumerate() {
            // A lift goes from any stop to any other, stairs and escalators from one to the next.
            let reach = if shaft.kind == UnitKind::Lift { shaft.stops.len() } else { 1 };
            for upper in shaft.stops[i + 1..].iter().take(reach) {
                if lower.level == upper.level && !shaft.kind.is_ridden_walkway() {
                    continue;
                }
                for (from, to, length) in flights(shaft, lower, upper, nodes, landings) {
                    let levels = venue.level(upper.level).ordinal - venue.level(lower.level).ordinal;
                    let ride = Ride {
                        to: to.0,
                        shaft: count(index),
                        mode: mode(shaft.kind),
                        length,
                        climb: levels,
                        doors: [from.1, to.1],
                    };
                    if shaft.direction != TravelDirection::Backward {
                        lists[from.0 as usize].push(ride);
                    }
                    if shaft.direction != TravelDirection::Forward {
                        lists[to.0 as usize].push(Ride { to: from.0, climb: -levels, ..ride });
                    }
                }
            }
        }
    }
    Lists::new(lists)
}

/// The travel mode of a shaft of this kind.
pub(super) fn mode(kind: UnitKind) -> Mode {
    match kind {
        UnitKind::Lift => Mode::Lift,
        UnitKind::Escalator => Mode::Escalator,
        UnitKind::Ramp => Mode::Ramp,
        UnitKind::MovingWalkway { direction: Some(_) } => Mode::MovingWalkway,
        _ => Mode::Stairs,
    }
}

type Landing = (u32, Option<u32>);

/// The pairs of landings between two stops, with the length of the flight between them.
///
/// If the map draws no door, an escalator or a staircase may have two possible landings on a level. The two
/// landings that are farthest from each other are then its two ends.
fn flights(
    shaft: &Shaft,
    lower: &Stop,
    upper: &Stop,
    nodes: &[Node],
    landings: &Landings,
) -> Vec<(Landing, Landing, f64)> {
    let of = |stop: &Stop| {
        let all = landings.get(&(stop.unit, stop.level)).map_or(&[][..], Vec::as_slice);
        let Some(end) = stop.end else { return all };
        // Only the landing that is nearest to the end that the map names.
        let far = |l: &Landing| nodes[l.0 as usize].point.distance(end);
        let nearest = (0..all.len()).min_by(|a, b| far(&all[*a]).total_cmp(&far(&all[*b])));
        nearest.map_or(&[][..], |i| &all[i..=i])
    };
    let apart = |a: &Landing, b: &Landing| nodes[a.0 as usize].point.distance(nodes[b.0 as usize].point);
    let pairs = || of(lower).iter().flat_map(|a| of(upper).iter().map(move |b| (*a, *b)));
    if shaft.kind == UnitKind::Lift {
        return pairs().map(|(a, b)| (a, b, apart(&a, &b))).collect();
    }
    let farthest = pairs().map(|(a, b)| apart(&a, &b)).fold(0.0, f64::max);
    pairs()
        .map(|(a, b)| (a, b, apart(&a, &b)))
        .filter(|(a, b, length)| *length >= 0.5 * farthest && a.0 != b.0)
        .map(|(a, b, length)| {
            let shortest = if shaft.kind.is_ridden_walkway() { 0.0 } else { SHORTEST_FLIGHT };
            (a, b, length.max(shortest))
        })
        .collect()
}
