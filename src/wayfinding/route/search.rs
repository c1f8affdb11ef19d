//! Dijkstra's algorithm over a network under conditions.
//!
//! Labels are settled by cost, and by the number of the node where costs are equal, so that the same
//! question always has the same answer. Time runs along: it decides which doors are open on the way.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::conditions::Conditions;
use super::network::{Network, Ride};
use super::walker::{Toll, ride};
use crate::venue::Speeds;

/// From where a node is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// From one of the starts.
    Start(u32),
    /// On foot from a node.
    Walk(u32),
    /// By a shaft from a node.
    Ride {
        /// The node.
        from: u32,
        /// The shaft.
        shaft: u32,
    },
}

/// How a node is best reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label {
    pub toll: Toll,
    pub via: Via,
}

/// A walk from one of the starts to a node.
pub(crate) struct First {
    pub start: u32,
    pub to: u32,
    pub length: f64,
    pub gates: Vec<u32>,
}

#[derive(PartialEq)]
struct Open {
    cost: f64,
    node: u32,
}

impl Eq for Open {}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives its greatest first.
        other.cost.total_cmp(&self.cost).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The toll after a walk, unless a gate on it is closed by then.
pub(crate) fn walked(conditions: &Conditions, before: Toll, length: f64, gates: &[u32]) -> Option<Toll> {
    let flat = length / conditions.speed;
    let mut after = before.plus(Toll::new(flat, flat));
    for gate in gates {
        if !conditions.door_is_open(*gate, after.time) {
            return None;
        }
        after = after.plus(conditions.toll(*gate));
    }
    Some(after)
}

/// The toll after a ride, unless the shaft or one of its doors is closed by then.
fn ridden(conditions: &Conditions, before: Toll, edge: &Ride, speeds: &Speeds) -> Option<Toll> {
    let open = |door: &u32| conditions.door_is_open(*door, before.time);
    let runs = conditions.shaft_runs(edge.shaft, before.time) && edge.doors.iter().flatten().all(open);
    runs.then(|| before.plus(ride(edge.mode, edge.length, edge.climb, speeds)))
}

/// The best way to every node that can be reached, or to all that cost less than `stop` says.
pub(crate) fn spread(
    network: &Network,
    conditions: &Conditions,
    speeds: &Speeds,
    firsts: impl IntoIterator<Item = First>,
    mut stop: impl FnMut(u32, Toll) -> bool,
) -> Vec<Option<Label>> {
    let mut labels: Vec<Option<Label>> = vec![None; network.nodes.len()];
    let mut settled = vec![false; network.nodes.len()];
    let mut heap = BinaryHeap::new();
    let offer = |labels: &mut Vec<Option<Label>>, heap: &mut BinaryHeap<Open>, to: u32, label: Label| {
        let better = labels[to as usize].is_none_or(|known| label.toll.cost < known.toll.cost);
        if better {
            heap.push(Open { cost: label.toll.cost, node: to });
            labels[to as usize] = Some(label);
        }
    };
    for first in firsts {
        if let Some(toll) = walked(conditions, Toll::default(), first.length, &first.gates) {
            offer(&mut labels, &mut heap, first.to, Label { toll, via: Via::Start(first.start) });
        }
    }
    while let Some(Open { node, .. }) = heap.pop() {
        if std::mem::replace(&mut settled[node as usize], true) {
            continue;
        }
        let Some(here) = labels[node as usize] else { continue };
        if stop(node, here.toll) {
            break;
        }
        for walk in network.walks.of(node) {
            if !settled[walk.to as usize]
                && let Some(toll) = walked(conditions, here.toll, walk.length, network.gates(walk))
            {
                offer(&mut labels, &mut heap, walk.to, Label { toll, via: Via::Walk(node) });
            }
        }
        for edge in network.rides.of(node) {
            if !settled[edge.to as usize]
                && let Some(toll) = ridden(conditions, here.toll, edge, speeds)
            {
                let via = Via::Ride { from: node, shaft: edge.shaft };
                offer(&mut labels, &mut heap, edge.to, Label { toll, via });
            }
        }
    }
    // What was offered after the search was stopped is not known to be best.
    for (label, settled) in labels.iter_mut().zip(settled) {
        if !settled {
            *label = None;
        }
    }
    labels
}
