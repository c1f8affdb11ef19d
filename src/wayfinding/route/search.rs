//! The search: the cheapest way to every node, by labels that know what a way costs and how long it takes.
//!
//! Cost decides which way is better, time decides which doors are open on it. As long as no answer on the
//! way depends on the hour, one label a node is enough and this is Dijkstra's algorithm (with a lower
//! bound of the rest it is A*). As soon as one does, the search begins anew and keeps, for each node,
//! every label that may yet turn out best: a dearer way that is earlier may pass a door that the cheaper
//! one finds shut. [`Rule`] says which labels cannot.
//!
//! Labels are settled by cost and, where costs are equal, by the number of the node, so that the same
//! question always has the same answer.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::conditions::Conditions;
use super::graph::{Crossing, count};
use super::network::Network;
use super::pass::{ridden, walked};
use super::walker::Toll;

/// From where a node is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// From one of the starts.
    Start(u32),
    /// On foot from the node of a label.
    Walk(u32),
    /// By a shaft from the node of a label.
    Ride { from: u32, shaft: u32 },
}

/// One way to a node that no other way is better than.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label {
    pub node: u32,
    pub toll: Toll,
    pub via: Via,
    /// The next label of the same node, a dearer one.
    next: u32,
}

const NONE: u32 = u32::MAX;

/// What a search has settled.
pub(crate) struct Labels {
    settled: Vec<Label>,
    first: Vec<u32>,
    last: Vec<u32>,
}

impl Labels {
    fn new(nodes: usize) -> Self {
        Self { settled: Vec::new(), first: vec![NONE; nodes], last: vec![NONE; nodes] }
    }

    /// One label by its number.
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
    /// What has been spent when one sets out from that start.
    pub spent: Toll,
    pub to: u32,
    pub length: f64,
    pub crossings: &'a [Crossing],
}

/// Which of two labels of a node makes the other one needless.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// After this second, nothing opens that would make an early one wait for a late one.
    last_opening: f64,
    /// After this second, nothing closes that an early one would pass and a late one not.
    last_closing: f64,
}

impl Rule {
    /// The cheaper one is better. Right where no answer depends on the hour.
    const CHEAPEST: Self = Self { last_opening: f64::NEG_INFINITY, last_closing: f64::NEG_INFINITY };

    fn is_plain(self) -> bool {
        self.last_opening == f64::NEG_INFINITY && self.last_closing == f64::NEG_INFINITY
    }

    /// Whether every way that goes on from `b` would be no dearer going on from `a`.
    ///
    /// A label that is cheaper and earlier can do everything the other can, except that both may wait for the same
    /// door: the time is then spent either way, and the cost beside it decides. A label that is cheaper and later
    /// dominates only if nothing closes in between.
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
    /// Cost so far, and the least that the rest can cost.
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
        // The heap gives its greatest first. Of two labels that cost the same, the later one has less
        // beside its time.
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

/// What has been offered and not yet settled.
struct Frontier<B> {
    heap: BinaryHeap<Offer>,
    /// The cheapest offer to each node so far.
    offered: Vec<Toll>,
    rule: Rule,
    bound: B,
}

impl<B: Fn(u32) -> f64> Frontier<B> {
    /// Whether nothing that reaches a node for `cost` could be of use.
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

/// One question to a network.
pub(crate) struct Search<'a> {
    pub network: &'a Network,
    pub conditions: &'a Conditions,
    rule: Rule,
    /// Whether an answer depended on the hour.
    hourly: bool,
}

impl<'a> Search<'a> {
    /// Does the work of `ask` by the plain rule and, if an answer depended on the hour, by the exact one.
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

    /// Which labels are needless in it.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// The toll after a walk, unless a gate on it is closed by then.
    pub fn walked(&mut self, before: Toll, length: f64, crossings: &[Crossing]) -> Option<Toll> {
        walked(self.conditions, before, length, crossings, &mut |_| self.hourly = true)
    }

    /// The best ways to all nodes, or to all that are settled before `stop` says so.
    ///
    /// `bound` is the least that the rest of a way can cost from a node on. It must never be too much, and
    /// never shrink by more than what a step costs. `stop` is told each label when it is settled, and the
    /// least that any way still to come can cost.
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
