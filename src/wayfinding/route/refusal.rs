//! Why there is no way, and how far one gets all the same.
//!
//! From the destination the search runs backwards through a venue in which everything is open, nearest
//! first, until it meets a point that can be reached as things are. That point is the nearest one to the
//! destination by the way that remains, and what stands between the two is what is missing: a closed
//! door, a lift out of service. Wheels that find nothing like that look once more on foot, and what they
//! meet then are the steps and escalators in their way.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use chrono::DateTime;
use chrono_tz::Tz;

use super::anchor::Anchor;
use super::conditions::{Conditions, Link, Rules};
use super::network::{Crossing, Network, Ride, count};
use super::router::Ways;
use super::search::Labels;
use super::trace::Traced;
use super::walker::{Toll, Walker};
use super::way::way;
use super::{AsFarAs, NoRoute, Profile, Reason, Spot};
use crate::geometry::{Point, side};
use crate::venue::{FeatureId, LevelIndex, Place, UnitIndex, UnitKind};

/// How far before a closed door one stops, in metres.
const BEFORE_DOOR: f64 = 0.6;

/// Who asked, and what can be reached as things are.
pub(super) struct Asked<'a> {
    pub ways: &'a Ways,
    pub profile: Profile,
    pub at: DateTime<Tz>,
    pub starts: &'a [Anchor],
    pub conditions: &'a Conditions,
    pub labels: &'a Labels,
}

/// A stretch of the way that remains: what one passes on it.
#[derive(Clone, Debug)]
struct Stretch {
    links: Vec<Link>,
    /// The stretch after it; none where it ends at the destination.
    next: Option<usize>,
    time: f64,
}

/// A point from which the rest of the way is known.
#[derive(Clone, Copy, Debug)]
struct Known {
    level: LevelIndex,
    point: Point,
    /// The core node it is, unless it is a stop before a door.
    node: Option<u32>,
    /// The door before which it is a stop, and whether it lies to the left of it.
    before: Option<(u32, bool)>,
    /// Whether a ride begins there that this profile cannot take.
    is_foot: bool,
    metres: f64,
    stretch: usize,
}

/// The search backwards from the destination.
struct Remains<'a> {
    asked: &'a Asked<'a>,
    network: &'a Network,
    open: &'a Conditions,
    stretches: Vec<Stretch>,
    points: Vec<Known>,
    settled: Vec<bool>,
    heap: BinaryHeap<Reverse<(Ordered, usize)>>,
}

/// A cost that can be compared; never NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ordered(pub f64);

impl Eq for Ordered {}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Asked<'_> {
    /// Why there is no way to a spot, and what can be reached instead.
    pub fn refuse(&self, to: &Spot) -> NoRoute {
        let venue = &self.ways.venue;
        let own = self.ways.network(self.profile);
        let mut reason = match Anchor::of(venue, own, to) {
            Err(reason) => return NoRoute::because(reason),
            Ok(_) if self.starts.is_empty() => return NoRoute::because(Reason::StartOutside),
            Ok(goals) if goals.is_empty() => Reason::EndOutside,
            Ok(_) => Reason::NotConnected,
        };
        let on_foot = self.profile.is_rolling().then_some(Profile::Walking);
        for profile in [Some(self.profile), on_foot].into_iter().flatten() {
            let network = self.ways.network(profile);
            let goals = Anchor::of(venue, network, to).unwrap_or_default();
            let open = Conditions::new(venue, profile, self.at, Rules::AllOpen);
            let mut remains = Remains::new(self, network, &open);
            let mut found = remains.search(&goals, Look::Likely);
            if found.is_none() && profile != self.profile && remains.meets_start() {
                // A corridor may be too narrow for wheels where nothing on the map says so.
                found = Remains::new(self, network, &open).search(&goals, Look::Everywhere);
            }
            if let Some((missing, remaining_m, way)) = found {
                reason = match profile == self.profile {
                    true => Reason::Closed(missing),
                    false => Reason::OnlyWithSteps(missing),
                };
                let (level, point) = end_of(&way);
                let route = self.ways.finish(way, self.profile, self.at, None);
                return NoRoute {
                    reason,
                    nearest_reachable: self.place_near(level, point),
                    as_far_as: Some(AsFarAs { route: Box::new(route), remaining_m }),
                };
            }
        }
        let there = match to {
            Spot::At { level, point } => Some((*level, *point)),
            Spot::Place(id) => venue.place(id).map(|p| (p.level, p.position)),
            Spot::Kiosk(code) => venue.kiosk(code).map(|k| (k.level, k.position)),
        };
        let nearest_reachable = there.and_then(|(level, point)| self.place_near(level, point));
        NoRoute { reason, nearest_reachable, as_far_as: None }
    }

    /// The place nearest to a point, among those that can be reached: on its level, if there is any.
    fn place_near(&self, level: LevelIndex, point: Point) -> Option<FeatureId> {
        let network = self.ways.network(self.profile);
        let reached = |end: &u32| {
            let end = &network.ends[*end as usize];
            end.walks.iter().any(|w| self.labels.reaches(w.to))
        };
        // The lift that does not run is no place to go instead.
        let leads_on = |p: &Place| {
            let unit = self.ways.venue.unit_of(&p.unit);
            unit.is_some_and(|u| self.ways.venue.unit(u).kind.is_shaft())
        };
        let places = self.ways.venue.places().iter().zip(&network.place_ends);
        places
            .filter(|(p, ends)| !leads_on(p) && ends.iter().any(reached))
            .map(|(p, _)| (p.level.0.abs_diff(level.0), p.position.distance(point), p.id))
            .min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)))
            .map(|(_, _, id)| id)
    }

    /// The way to a point as things are, if there is one.
    fn way_to(&self, level: LevelIndex, point: Point) -> Option<Traced> {
        let network = self.ways.network(self.profile);
        let goal = Anchor::at(&self.ways.venue, network, level, point)?;
        let seen = || goal.sees.iter().any(|s| self.labels.reaches(s.node));
        let straight = || self.starts.iter().any(|s| s.level == level);
        if !seen() && !straight() {
            return None;
        }
        let bound = self.ways.bound(self.profile, self.conditions);
        way(&self.ways.venue, network, self.conditions, bound, self.starts, &[goal])
    }
}

fn end_of(way: &Traced) -> (LevelIndex, Point) {
    let last = &way.legs[way.legs.len() - 1];
    (last.to_level, last.points[last.points.len() - 1])
}

/// Where a search for wheels on the network of feet looks for a point that they reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// Before steps, escalators and doors that are not for them.
    Likely,
    /// At every corner, which takes long.
    Everywhere,
}

impl<'a> Remains<'a> {
    fn new(asked: &'a Asked<'a>, network: &'a Network, open: &'a Conditions) -> Self {
        let settled = vec![false; network.nodes.len()];
        let (stretches, points, heap) = (Vec::new(), Vec::new(), BinaryHeap::new());
        Self { asked, network, open, stretches, points, settled, heap }
    }

    /// Whether the search came to a corner in sight of the start.
    fn meets_start(&self) -> bool {
        let seen = |start: &Anchor| {
            self.network.seen_from(start.level, start.point).any(|n| self.settled[n as usize])
        };
        self.asked.starts.iter().any(seen)
    }

    /// What is missing, the metres that remain beyond it, and the way to the point before it.
    fn search(&mut self, goals: &[Anchor], look: Look) -> Option<(Vec<FeatureId>, f64, Traced)> {
        let same = std::ptr::eq(self.network, self.asked.ways.network(self.asked.profile));
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
        // One stop on each side of a door tells as much as all of them.
        let mut tried = BTreeSet::new();
        while let Some(Reverse((Ordered(cost), index))) = self.heap.pop() {
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
            if hopeful && let Some(way) = self.asked.way_to(here.level, here.point) {
                let missing = self.missing(here.stretch, way.toll.time);
                return Some((missing, here.metres, way));
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

    /// All rides by the node at which they end.
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

    /// One stretch back, from a point whose rest is known, with a stop before each door that is not open.
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
            // Whoever looks back passes it the other way.
            let is_against = !self.open.flow(crossing.opening).lets_pass(!crossing.to_left);
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
                let opening = &self.asked.ways.venue.openings()[crossing.opening as usize];
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
        self.heap.push(Reverse((Ordered(cost), self.points.len() - 1)));
    }

    /// Whether a link may be what is missing.
    fn blocks(&self, link: Link) -> bool {
        self.asked.conditions.varies(link) || self.is_barred(link)
    }

    /// Whether somebody of this profile can never pass a link, whatever the hour.
    fn is_barred(&self, link: Link) -> bool {
        let venue = &self.asked.ways.venue;
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

    /// What stands in the way from a stretch on, for somebody who is there at `time`.
    fn missing(&self, stretch: usize, time: f64) -> Vec<FeatureId> {
        let conditions = self.asked.conditions;
        let mut missing: Vec<FeatureId> = Vec::new();
        let mut time = time;
        let mut at = Some(stretch);
        while let Some(stretch) = at.map(|i| &self.stretches[i]) {
            // The links of a stretch are in the order of the search, which is backwards.
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

    /// The feature that people would name: the steps rather than the edge at which they begin.
    fn named(&self, link: Link) -> FeatureId {
        let venue = &self.asked.ways.venue;
        if let Link::Door(opening) = link {
            let sides = venue.openings()[opening as usize].sides;
            let barred =
                |u: &&UnitIndex| matches!(venue.unit(**u).kind, UnitKind::Steps | UnitKind::MovingWalkway);
            if let Some(unit) = sides.iter().flatten().find(barred).filter(|_| self.is_barred(link)) {
                return venue.unit(*unit).id;
            }
        }
        self.asked.ways.feature(link)
    }
}
