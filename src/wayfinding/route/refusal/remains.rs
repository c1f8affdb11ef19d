//! The search backwards from a destination, through a venue in which everything is open.
//!
//! It is Dijkstra's algorithm over the core nodes, with additional points before doors that may be closed.
//! It ends at the first point that the failed query can reach. It runs only after a query has failed.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::FailedSearch;
use crate::geometry::{Point, side};
use crate::route::anchor::Anchor;
use crate::route::conditions::{Conditions, Link};
use crate::route::graph::{Crossing, Ride, count};
use crate::route::network::Network;
use crate::route::trace::Traced;
use crate::route::types::Cost;
use crate::route::walker::{Toll, Walker};
use crate::venue::{FeatureId, LevelIndex, UnitIndex, UnitKind};

/// How far before a closed door a route stops, in metres.
const BEFORE_DOOR: f64 = 0.6;

/// A stretch of the remaining route, with the doors and shafts on it.
#[derive(Clone, Debug)]
struct Stretch {
    links: Vec<Link>,
    /// The stretch after it; `None` at the destination.
    next: Option<usize>,
    time: f64,
}

/// A point from which the remaining route is known.
#[derive(Clone, Copy, Debug)]
struct Known {
    level: LevelIndex,
    point: Point,
    /// Its core node; `None` for a stop before a door.
    node: Option<u32>,
    /// The door before which it is a stop, and whether the stop lies to the left of that door.
    before: Option<(u32, bool)>,
    /// Whether a ride begins here that this profile cannot take.
    is_foot: bool,
    metres: f64,
    stretch: usize,
}

pub(super) struct Remains<'a> {
    asked: &'a FailedSearch<'a>,
    network: &'a Network,
    open: &'a Conditions,
    stretches: Vec<Stretch>,
    points: Vec<Known>,
    settled: Vec<bool>,
    heap: BinaryHeap<Reverse<(Cost, usize)>>,
    reached: &'a BTreeSet<(LevelIndex, u32)>,
}

/// The points at which a search for wheels, on the network of walkers on foot, tests what wheels can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// In front of steps, escalators and doors that are not for wheels.
    Likely,
    /// At every corner. This takes long.
    Everywhere,
}

impl<'a> Remains<'a> {
    pub fn new(
        asked: &'a FailedSearch<'a>,
        network: &'a Network,
        open: &'a Conditions,
        reached: &'a BTreeSet<(LevelIndex, u32)>,
    ) -> Self {
        let settled = vec![false; network.nodes.len()];
        let (stretches, points, heap) = (Vec::new(), Vec::new(), BinaryHeap::new());
        Self { asked, network, open, stretches, points, settled, heap, reached }
    }

    /// Whether a point may be reachable, because something on the same part of the floor is. This is a
    /// cheap test before the full search.
    fn may_reach(&self, level: LevelIndex, point: Point) -> bool {
        let sight = &self.asked.state.network(self.asked.profile).sights[level.0];
        let Some((found, _)) = sight.nearest(point) else { return false };
        sight.parts_at(found).into_iter().any(|part| self.reached.contains(&(level, part)))
    }

    /// Whether the search reached a corner that sees the start.
    pub fn meets_start(&self) -> bool {
        let seen = |start: &Anchor| {
            self.network.seen_from(start.level, start.point).any(|n| self.settled[n as usize])
        };
        self.asked.starts.iter().any(seen)
    }

    /// The missing features, the metres that remain beyond the end, and the route as far as it goes.
    pub fn search(&mut self, goals: &[Anchor], look: Look) -> Option<(Vec<FeatureId>, f64, Traced)> {
        let same = std::ptr::eq(self.network, self.asked.state.network(self.asked.profile));
        let rides = self.rides_to();
        for goal in goals {
            for seen in &goal.sees {
                let node = self.network.nodes[seen.node as usize];
                let to = (node.level, node.point, Some(seen.node));
                self.walk_back((goal.point, 0.0, 0.0, None), to, &seen.crossings);
            }
            for start in self.asked.starts.iter().filter(|s| s.level == goal.level) {
                if self.network.sights[goal.level.0].sees(goal.point, start.point) {
                    let crossings = self.network.gates_between(
                        goal.level,
                        goal.point,
                        start.point,
                        [goal.inside, start.inside],
                    );
                    self.walk_back((goal.point, 0.0, 0.0, None), (goal.level, start.point, None), &crossings);
                }
            }
        }
        // One stop on each side of a door is enough.
        let mut tried = BTreeSet::new();
        while let Some(Reverse((Cost(cost), index))) = self.heap.pop() {
            let here = self.points[index];
            let again = here.node.is_some_and(|n| std::mem::replace(&mut self.settled[n as usize], true));
            if again && !here.is_foot {
                continue;
            }
            let hopeful = match here.node {
                None => here.before.is_none_or(|door| tried.insert(door)),
                Some(node) if same => self.asked.labels.reaches(node),
                Some(_) => here.is_foot || look == Look::Everywhere,
            };
            let hopeful = hopeful && self.may_reach(here.level, here.point);
            if hopeful && let Some(traced) = self.asked.trace_to(here.level, here.point) {
                let missing = self.missing(here.stretch, traced.toll.time);
                return Some((missing, here.metres, traced));
            }
            let Some(node) = here.node.filter(|_| !again) else { continue };
            for walk in self.network.walks.of(node) {
                if !self.settled[walk.to as usize] {
                    let to = self.network.nodes[walk.to as usize];
                    let from = (here.point, cost, here.metres, Some(here.stretch));
                    let crossings = self.network.gates(walk).to_vec();
                    self.walk_back(from, (to.level, to.point, Some(walk.to)), &crossings);
                }
            }
            for (from, edge) in &rides[node as usize] {
                let toll = self.open.ride(edge);
                let doors = edge.doors.map(|d| d.map(Link::Door));
                let links = [doors[1], Some(Link::Shaft(edge.shaft)), doors[0]];
                let stretch = Stretch {
                    links: links.into_iter().flatten().collect(),
                    next: Some(here.stretch),
                    time: toll.time,
                };
                let at = self.network.nodes[*from as usize];
                let is_foot = self.is_barred(Link::Shaft(edge.shaft));
                let known = Known {
                    level: at.level,
                    point: at.point,
                    node: Some(*from),
                    before: None,
                    is_foot,
                    metres: here.metres,
                    stretch: 0,
                };
                self.push(known, cost + toll.cost, stretch);
            }
        }
        None
    }

    /// All rides that are not for staff only, grouped by the node where they end.
    fn rides_to(&self) -> Vec<Vec<(u32, Ride)>> {
        let mut rides = vec![Vec::new(); self.network.nodes.len()];
        for node in 0..count(self.network.nodes.len()) {
            for edge in self.network.rides.of(node) {
                let is_staff = !self.open.open(Link::Shaft(edge.shaft)).at(0.0);
                if !is_staff {
                    rides[edge.to as usize].push((node, *edge));
                }
            }
        }
        rides
    }

    /// One stretch backwards from a known point, with a stop before each door that may be closed.
    fn walk_back(
        &mut self,
        (from, cost, metres, next): (Point, f64, f64, Option<usize>),
        (level, to, node): (LevelIndex, Point, Option<u32>),
        crossings: &[Crossing],
    ) {
        let length = from.distance(to);
        let mut links = Vec::new();
        let mut tolls = Toll::default();
        for (index, crossing) in crossings.iter().enumerate() {
            let link = Link::Door(crossing.opening);
            // The search is backwards: the route passes the door in the other direction.
            let is_against = !self.open.direction(crossing.opening).lets_pass(!crossing.to_left);
            if is_against || !self.open.open(link).at(0.0) {
                return;
            }
            if crossing.standing {
                continue;
            }
            links.push(link);
            tolls = tolls.plus(self.open.toll(crossing.opening));
            if self.blocks(link) {
                let room = crossings.get(index + 1).map_or(length, |c| c.at) - crossing.at;
                let walked = crossing.at + BEFORE_DOOR.min(room / 2.0);
                let time = walked / self.open.speed;
                let stretch = Stretch { links: links.clone(), next, time: time + tolls.time };
                let point = from.toward(to, walked / length);
                let opening = &self.asked.state.venue.openings()[crossing.opening as usize];
                let left = side(opening.from, opening.to, point) > 0.0;
                let before = Some((crossing.opening, left));
                let metres = metres + walked;
                let stop = Known { level, point, node: None, before, is_foot: false, metres, stretch: 0 };
                self.push(stop, cost + time + tolls.cost, stretch);
            }
        }
        let time = length / self.open.speed;
        let stretch = Stretch { links, next, time: time + tolls.time };
        let metres = metres + length;
        let known = Known { level, point: to, node, before: None, is_foot: false, metres, stretch: 0 };
        self.push(known, cost + time + tolls.cost, stretch);
    }

    fn push(&mut self, known: Known, cost: f64, stretch: Stretch) {
        self.stretches.push(stretch);
        self.points.push(Known { stretch: self.stretches.len() - 1, ..known });
        self.heap.push(Reverse((Cost(cost), self.points.len() - 1)));
    }

    /// Whether a link may be the missing one.
    fn blocks(&self, link: Link) -> bool {
        self.asked.conditions.varies(link) || self.is_barred(link)
    }

    /// Whether this profile can never pass a link, whatever the hour.
    fn is_barred(&self, link: Link) -> bool {
        let venue = &self.asked.state.venue;
        let walker = Walker::of(self.asked.profile);
        match link {
            Link::Shaft(shaft) => !walker.rides(venue.shafts()[shaft as usize].kind),
            Link::Door(opening) => {
                let opening = &venue.openings()[opening as usize];
                let kinds = opening.sides.iter().flatten().map(|u| venue.unit(*u).kind);
                let for_feet = |kind| Walker::OnFoot.enters(kind) && !walker.enters(kind);
                !walker.passes(opening) || kinds.into_iter().any(for_feet)
            }
        }
    }

    /// The features that block the route from a stretch on, for a walker who starts there at `time`.
    fn missing(&self, stretch: usize, time: f64) -> Vec<FeatureId> {
        let conditions = self.asked.conditions;
        let mut missing: Vec<FeatureId> = Vec::new();
        let mut time = time;
        let mut at = Some(stretch);
        while let Some(stretch) = at.map(|i| &self.stretches[i]) {
            // The links of a stretch are in the order of the backward search.
            for link in stretch.links.iter().rev() {
                let shut = conditions.open(*link).pass(time).is_none();
                let id = if shut || self.is_barred(*link) { Some(self.named(*link)) } else { None };
                missing.extend(id.filter(|id| !missing.contains(id)));
            }
            time += stretch.time;
            at = stretch.next;
        }
        missing
    }

    /// The feature that a message names: the steps, not the edge where they begin.
    fn named(&self, link: Link) -> FeatureId {
        let venue = &self.asked.state.venue;
        if let Link::Door(opening) = link {
            let sides = venue.openings()[opening as usize].sides;
            let barred = |u: &&UnitIndex| {
                matches!(venue.unit(**u).kind, UnitKind::Steps | UnitKind::MovingWalkway { direction: None })
            };
            if let Some(unit) = sides.iter().flatten().find(barred).filter(|_| self.is_barred(link)) {
                return venue.unit(*unit).id;
            }
        }
        self.asked.state.feature(link)
    }
}
