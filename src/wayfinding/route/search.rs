//! The search: the cheapest route to every node. Each label has the cost and the time of one route to a
//! node.
//!
//! Cost decides which route is better; time decides which doors are open on it. While no answer depends on
//! opening hours, one label per node is enough, and this is Dijkstra's algorithm (with a lower bound of the
//! remaining cost, A*). As soon as an answer depends on them, the search starts again and keeps every label
//! per node that may still turn out best: a route that costs more but is earlier may pass a door that the
//! cheaper one finds closed. [`Rule`] decides which labels are dominated.
//!
//! Labels are settled by cost and, at equal costs, by the number of the node. The same query therefore
//! always has the same answer.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::conditions::Conditions;
use super::graph::{Crossing, count};
use super::network::Network;
use super::pass::{ridden, walked};
use super::walker::Toll;

/// The predecessor of a node on a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// From one of the starts.
    Start(u32),
    /// On foot from the node of a label.
    Walk(u32),
    /// By a shaft from the node of a label.
    Ride { from: u32, shaft: u32 },
}

/// One route to a node that no other route dominates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label {
    pub node: u32,
    pub toll: Toll,
    pub via: Via,
    /// The next label of the same node, in order of cost.
    next: u32,
}

const NONE: u32 = u32::MAX;

/// The settled labels of a search.
pub(crate) struct Labels {
    settled: Vec<Label>,
    first: Vec<u32>,
    last: Vec<u32>,
}

impl Labels {
    fn new(nodes: usize) -> Self {
        Self { settled: Vec::new(), first: vec![NONE; nodes], last: vec![NONE; nodes] }
    }

    pub fn get(&self, label: u32) -> &Label {
        &self.settled[label as usize]
    }

    /// The labels of a node with their numbers, cheapest first.
    pub fn of(&self, node: u32) -> impl Iterator<Item = (u32, &Label)> {
        let mut at = self.first[node as usize];
        std::iter::from_fn(move || {
            let label = self.settled.get(at as usize)?;
            let number = std::mem::replace(&mut at, label.next);
            Some((number, label))
        })
    }

    /// Whether a node can be reached.
    pub fn reaches(&self, node: u32) -> bool {
        self.first[node as usize] != NONE
    }

    fn dominate(&self, rule: Rule, node: u32, toll: Toll) -> bool {
        self.of(node).any(|(_, label)| rule.dominates(label.toll, toll))
    }

    fn settle(&mut self, node: u32, toll: Toll, via: Via) -> u32 {
        let number = count(self.settled.len());
        self.settled.push(Label { node, toll, via, next: NONE });
        match std::mem::replace(&mut self.last[node as usize], number) {
            NONE => self.first[node as usize] = number,
            before => self.settled[before as usize].next = number,
        }
        number
    }
}

/// A walk from one of the starts to a node.
pub(crate) struct First<'a> {
    pub start: u32,
    /// The toll spent at the departure from that start.
    pub spent: Toll,
    pub to: u32,
    pub length: f64,
    pub crossings: &'a [Crossing],
}

/// The dominance rule: which of two labels of a node makes the other one unnecessary.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// After this second, no opening can make an earlier label wait for a later one.
    last_opening: f64,
    /// After this second, nothing closes that an earlier label would pass and a later one would not.
    last_closing: f64,
}

impl Rule {
    /// The cheaper label dominates. Correct while no answer depends on opening hours.
    const CHEAPEST: Self = Self { last_opening: f64::NEG_INFINITY, last_closing: f64::NEG_INFINITY };

    fn is_plain(self) -> bool {
        self.last_opening == f64::NEG_INFINITY && self.last_closing == f64::NEG_INFINITY
    }

    /// Whether every route through `b` costs at least as much as the same route through `a`.
    ///
    /// A label that is cheaper and earlier can do everything that the other can, with one exception: both
    /// may wait for the same door. The time is then equal, and the cost beside the time decides. A label
    /// that is cheaper and later dominates only if nothing closes in between.
    pub fn dominates(self, a: Toll, b: Toll) -> bool {
        let more_beside = (a.cost - a.time) - (b.cost - b.time);
        a.cost <= b.cost
            && if a.time <= b.time {
                a.time >= self.last_opening || more_beside <= 1e-9
            } else {
                b.time >= self.last_closing
            }
    }
}

#[derive(Clone, Copy)]
struct Offer {
    /// The cost so far, plus the lower bound of the remaining cost.
    bound: f64,
    node: u32,
    toll: Toll,
    via: Via,
}

impl PartialEq for Offer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Offer {}

impl Ord for Offer {
    fn cmp(&self, other: &Self) -> Ordering {
        // `BinaryHeap` pops the greatest offer first, therefore the comparison is reversed. Of two offers
        // with equal cost, the later one costs less beside its time.
        let key = |o: &Self| match o.via {
            Via::Start(start) => (0, start, 0),
            Via::Walk(from) => (1, from, 0),
            Via::Ride { from, shaft } => (2, from, shaft),
        };
        other
            .bound
            .total_cmp(&self.bound)
            .then_with(|| other.node.cmp(&self.node))
            .then_with(|| other.toll.cost.total_cmp(&self.toll.cost))
            .then_with(|| other.toll.time.total_cmp(&self.toll.time))
            .then_with(|| key(other).cmp(&key(self)))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The offers that are not settled yet.
struct Frontier<B> {
    heap: BinaryHeap<Offer>,
    /// The cheapest offer to each node so far.
    offered: Vec<Toll>,
    rule: Rule,
    bound: B,
}

impl<B: Fn(u32) -> f64> Frontier<B> {
    /// Whether no offer to a node at this cost can be useful.
    fn is_beaten(&self, node: u32, cost: f64) -> bool {
        self.rule.is_plain() && self.offered[node as usize].cost <= cost
    }

    fn offer(&mut self, labels: &Labels, node: u32, toll: Toll, via: Via) {
        let best = &mut self.offered[node as usize];
        if self.rule.dominates(*best, toll) || labels.dominate(self.rule, node, toll) {
            return;
        }
        if toll.cost < best.cost {
            *best = toll;
        }
        self.heap.push(Offer { bound: toll.cost + (self.bound)(node), node, toll, via });
    }
}

/// One query to a network.
pub(crate) struct Search<'a> {
    pub network: &'a Network,
    pub conditions: &'a Conditions,
    rule: Rule,
    /// Whether an answer depends on opening hours.
    hourly: bool,
}

impl<'a> Search<'a> {
    /// Runs `ask` with the plain rule and, if an answer depends on opening hours, again with the exact
    /// rule.
    pub fn run<T>(
        network: &'a Network,
        conditions: &'a Conditions,
        mut ask: impl FnMut(&mut Self) -> T,
    ) -> T {
        let mut search = Self { network, conditions, rule: Rule::CHEAPEST, hourly: false };
        let plain = ask(&mut search);
        if !search.hourly {
            return plain;
        }
        let (last_opening, last_closing) = (conditions.last_opening, conditions.last_closing);
        search.rule = Rule { last_opening, last_closing };
        ask(&mut search)
    }

    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// The toll after a walk; `None` if a gate on it is closed by then.
    pub fn walked(&mut self, before: Toll, length: f64, crossings: &[Crossing]) -> Option<Toll> {
        walked(self.conditions, before, length, crossings, &mut |_| self.hourly = true)
    }

    /// The best routes to all nodes, or to those that are settled before `stop` returns true.
    ///
    /// `bound` is the lower bound of the remaining cost from a node. It must be admissible (never too high)
    /// and consistent (it shrinks by at most the cost of a step). `stop` receives each label when it is
    /// settled, with the lower bound of all routes that are still to come.
    pub fn spread<'f>(
        &mut self,
        firsts: impl IntoIterator<Item = First<'f>>,
        bound: impl Fn(u32) -> f64,
        mut stop: impl FnMut(&mut Self, (u32, &Label), f64) -> bool,
    ) -> Labels {
        let network = self.network;
        let nodes = network.nodes.len();
        let mut labels = Labels::new(nodes);
        let never = Toll::new(f64::INFINITY, f64::INFINITY);
        let (heap, offered) = (BinaryHeap::new(), vec![never; nodes]);
        let mut frontier = Frontier { heap, offered, rule: self.rule, bound };
        for first in firsts {
            if let Some(toll) = self.walked(first.spent, first.length, first.crossings) {
                frontier.offer(&labels, first.to, toll, Via::Start(first.start));
            }
        }
        while let Some(Offer { bound: least, node, toll, via }) = frontier.heap.pop() {
            if labels.dominate(self.rule, node, toll) {
                continue;
            }
            let number = labels.settle(node, toll, via);
            let label = *labels.get(number);
            if stop(self, (number, &label), least) {
                break;
            }
            for walk in network.walks.of(node) {
                if frontier.is_beaten(walk.to, toll.cost + walk.length / self.conditions.speed) {
                    continue;
                }
                if let Some(toll) = self.walked(toll, walk.length, network.gates(walk)) {
                    frontier.offer(&labels, walk.to, toll, Via::Walk(number));
                }
            }
            for edge in network.rides.of(node) {
                let ridden = ridden(self.conditions, toll, edge, &mut |_| self.hourly = true);
                if let Some(toll) = ridden {
                    frontier.offer(&labels, edge.to, toll, Via::Ride { from: number, shaft: edge.shaft });
                }
            }
        }
        labels
    }
}
