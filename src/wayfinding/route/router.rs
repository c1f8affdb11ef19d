//! The router: networks made when they are first needed, and ways between any two spots.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Duration};
use chrono_tz::Tz;

use super::conditions::{Conditions, Rules};
use super::network::{Network, Walk, count};
use super::search::{First, Label, spread, walked};
use super::trace::{Arrival, trace};
use super::tree::{Tree, best};
use super::walker::{Toll, Walker};
use super::{Leg, NoRoute, Profile, Reason, Route, RouteWarning, Spot};
use crate::geometry::Point;
use crate::venue::{FeatureId, HoursState, KioskSpot, LevelIndex, Venue};

/// How far from the floor a spot may be and still be taken to be on it.
const NEAR: f64 = 2.5;
/// A destination that closes sooner than this after one's arrival is worth a word.
const CLOSES_SOON: Duration = Duration::minutes(30);

/// Answers where to walk in one venue. Cheap to clone and to share between threads.
#[derive(Clone)]
pub struct Router {
    pub(super) ways: Arc<Ways>,
}

impl Router {
    /// A router for a venue. Its networks are made when the first way is asked for.
    pub fn new(venue: Arc<Venue>) -> Self {
        Self { ways: Arc::new(Ways { venue, on_foot: OnceLock::new(), rolling: OnceLock::new() }) }
    }

    /// The venue it knows.
    pub fn venue(&self) -> &Arc<Venue> {
        &self.ways.venue
    }

    /// Makes the networks now, so that the first question need not wait for them.
    pub fn prepare(&self) {
        for profile in [Profile::Walking, Profile::StepFree] {
            let _ = self.ways.network(profile);
        }
    }

    /// All ways from a kiosk, as they are at a moment.
    pub fn tree(&self, from: &KioskSpot, profile: Profile, at: DateTime<Tz>) -> Tree {
        Tree::grow(self.ways.clone(), from, profile, at)
    }

    /// The way from one spot to another, as it is at a moment.
    ///
    /// # Errors
    /// When there is none: why, and what can be reached instead.
    pub fn between(
        &self,
        from: Spot,
        to: Spot,
        profile: Profile,
        at: DateTime<Tz>,
    ) -> Result<Route, NoRoute> {
        match self.ways.way(&from, &to, profile, at, Rules::Strict) {
            Ok(Some(legs)) => {
                let place = if let Spot::Place(id) = to { Some(id) } else { None };
                Ok(self.ways.finish(legs, profile, at, place))
            }
            Ok(None) => {
                let reachable = self.ways.reachable(&from, profile, at);
                Err(self.ways.explain(&from, &to, profile, at, &|id| reachable.contains(id)))
            }
            Err(reason) => Err(NoRoute { reason, nearest_reachable: None }),
        }
    }
}

/// What routers and trees of one venue share.
pub(super) struct Ways {
    pub venue: Arc<Venue>,
    on_foot: OnceLock<Network>,
    rolling: OnceLock<Network>,
}

/// The last stretch of a way, from some core node.
struct Last<'a> {
    goal: u32,
    length: f64,
    gates: &'a [u32],
}

/// One point where a way may begin or stop, and what it sees.
pub(super) struct Anchor {
    pub level: LevelIndex,
    pub point: Point,
    inside: Option<u32>,
    /// Core nodes with distance and gates.
    sees: Vec<(u32, f64, Vec<u32>)>,
}

impl Ways {
    /// The network of a profile.
    pub fn network(&self, profile: Profile) -> &Network {
        let walker = Walker::of(profile);
        let cell = if walker == Walker::OnFoot { &self.on_foot } else { &self.rolling };
        cell.get_or_init(|| Network::new(&self.venue, walker))
    }

    /// The points at which a spot is left or reached.
    pub fn anchors(&self, network: &Network, spot: &Spot) -> Result<Vec<Anchor>, Reason> {
        let of_end = |end: u32| {
            let end = &network.ends[end as usize];
            let sees = |w: &Walk| (w.to, w.length, network.gates(w).to_vec());
            let sees = end.walks.iter().map(sees).collect();
            Anchor { level: end.level, point: end.point, inside: end.inside, sees }
        };
        let venue = &self.venue;
        match spot {
            Spot::Place(id) => {
                let index = venue.place_position(id).ok_or(Reason::UnknownPlace(*id))?;
                Ok(network.place_ends[index].iter().map(|e| of_end(*e)).collect())
            }
            Spot::Kiosk(code) => {
                let index = venue.kiosks().iter().position(|k| k.code == *code);
                let index = index.ok_or_else(|| Reason::UnknownKiosk(code.clone()))?;
                Ok(network.kiosks[index].iter().map(|(end, _)| of_end(*end)).collect())
            }
            Spot::At { level, point } => Ok(self.anchor_at(network, *level, *point).into_iter().collect()),
        }
    }

    /// The floor at a point, or near it and not behind a wall.
    fn anchor_at(&self, network: &Network, level: LevelIndex, point: Point) -> Option<Anchor> {
        let sight = network.sights.get(level.0)?;
        let (found, distance) = sight.nearest(point)?;
        let same = || self.venue.unit_at(level, point) == self.venue.unit_at(level, found);
        if distance > 0.0 && (distance > NEAR || !same()) {
            return None;
        }
        let sees = network.seen_from(level, found).map(|node| {
            let there = network.nodes[node as usize].point;
            (node, found.distance(there), network.gates_between(level, found, there, [None, None]))
        });
        Some(Anchor { level, point: found, inside: None, sees: sees.collect() })
    }

    /// The legs of the best way, if there is one.
    fn way(
        &self,
        from: &Spot,
        to: &Spot,
        profile: Profile,
        at: DateTime<Tz>,
        rules: Rules,
    ) -> Result<Option<Vec<Leg>>, Reason> {
        let network = self.network(profile);
        let conditions = Conditions::new(&self.venue, profile, at, rules);
        let (starts, goals) = (self.anchors(network, from)?, self.anchors(network, to)?);
        if starts.is_empty() {
            return Err(Reason::StartOutside);
        }
        if goals.is_empty() {
            return Err(Reason::EndOutside);
        }
        let straight = straight(network, &conditions, &starts, &goals);
        let mut found = straight.map(|(_, arrival)| arrival);
        // The last step of a way, by the core node from which it is taken.
        let mut last: HashMap<u32, Vec<Last>> = HashMap::new();
        for (index, goal) in goals.iter().enumerate() {
            for (node, length, gates) in &goal.sees {
                last.entry(*node).or_default().push(Last { goal: count(index), length: *length, gates });
            }
        }
        let labels = spread(network, &conditions, &self.venue.speeds(), firsts(&starts), |node, toll| {
            if found.is_some_and(|f| f.toll.cost <= toll.cost) {
                return true;
            }
            for Last { goal, length, gates } in last.get(&node).into_iter().flatten() {
                if let Some(toll) = walked(&conditions, toll, *length, gates) {
                    found = best(found, Some(Arrival { end: *goal, last: Some(node), toll }));
                }
            }
            false
        });
        let Some(arrival) = found else { return Ok(None) };
        let goal = &goals[arrival.end as usize];
        let origin = |start: u32| {
            let start = match (arrival.last, straight) {
                (None, Some((direct, _))) => direct,
                _ => start,
            };
            (starts[start as usize].level, starts[start as usize].point)
        };
        Ok(Some(trace(&self.venue, network, &labels, origin, &arrival, (goal.level, goal.point))))
    }

    /// The places that can be reached from a spot.
    fn reachable(&self, from: &Spot, profile: Profile, at: DateTime<Tz>) -> Vec<FeatureId> {
        let network = self.network(profile);
        let conditions = Conditions::new(&self.venue, profile, at, Rules::Strict);
        let Ok(starts) = self.anchors(network, from) else { return Vec::new() };
        let labels = spread(network, &conditions, &self.venue.speeds(), firsts(&starts), |_, _| false);
        let reached =
            |end: &u32| network.ends[*end as usize].walks.iter().any(|w| labels[w.to as usize].is_some());
        let places = self.venue.places().iter().zip(&network.place_ends);
        places.filter(|(_, ends)| ends.iter().any(reached)).map(|(p, _)| p.id).collect()
    }

    /// Why there is no way, and the place nearest to the destination that can be reached.
    pub fn explain(
        &self,
        from: &Spot,
        to: &Spot,
        profile: Profile,
        at: DateTime<Tz>,
        reachable: &dyn Fn(&FeatureId) -> bool,
    ) -> NoRoute {
        let reason = match self.way(from, to, profile, at, Rules::AllOpen) {
            Err(reason) => reason,
            Ok(Some(legs)) => Reason::Closed(self.closed_on(&legs, profile, at)),
            Ok(None) if profile.is_rolling() => {
                match self.way(from, to, Profile::Walking, at, Rules::AllOpen) {
                    Ok(Some(_)) => Reason::OnlyWithSteps,
                    _ => Reason::NotConnected,
                }
            }
            Ok(None) => Reason::NotConnected,
        };
        NoRoute { reason, nearest_reachable: self.nearest_to(to, reachable) }
    }

    /// What is closed on a way that would be there if everything were open.
    fn closed_on(&self, legs: &[Leg], profile: Profile, at: DateTime<Tz>) -> Vec<FeatureId> {
        let network = self.network(profile);
        let conditions = Conditions::new(&self.venue, profile, at, Rules::Strict);
        let mut closed = Vec::new();
        for leg in legs {
            if let Some(id) = leg.shaft {
                let stopped = |(i, s): (usize, &crate::venue::Shaft)| {
                    s.id == id && !conditions.shaft_runs(count(i), 0.0)
                };
                if self.venue.shafts().iter().enumerate().any(stopped) {
                    closed.push(id);
                }
            }
            for pair in leg.points.windows(2).filter(|_| leg.shaft.is_none()) {
                let gates = network.gates_between(leg.level, pair[0], pair[1], [None, None]);
                let shut = gates.into_iter().filter(|g| !conditions.door_is_open(*g, 0.0));
                closed.extend(shut.map(|g| self.venue.openings()[g as usize].id));
            }
        }
        closed
    }

    fn nearest_to(&self, to: &Spot, reachable: &dyn Fn(&FeatureId) -> bool) -> Option<FeatureId> {
        let (level, point) = match to {
            Spot::At { level, point } => (*level, *point),
            Spot::Place(id) => self.venue.place(id).map(|p| (p.level, p.position))?,
            Spot::Kiosk(code) => self.venue.kiosk(code).map(|k| (k.level, k.position))?,
        };
        // A level away is as bad as a walk through the whole mall.
        #[expect(clippy::cast_precision_loss, reason = "levels are few")]
        let far =
            |p: &crate::venue::Place| p.position.distance(point) + 300.0 * p.level.0.abs_diff(level.0) as f64;
        let places = self.venue.places().iter().filter(|p| reachable(&p.id));
        places.min_by(|a, b| far(a).total_cmp(&far(b)).then(a.id.cmp(&b.id))).map(|p| p.id)
    }

    /// A route from its legs, with what a visitor should know before setting out.
    pub fn finish(&self, legs: Vec<Leg>, profile: Profile, at: DateTime<Tz>, to: Option<FeatureId>) -> Route {
        let length_m = legs.iter().map(Leg::length_m).sum();
        let time_s: f64 = legs.iter().map(|l| l.time_s).sum();
        #[expect(clippy::cast_possible_truncation, reason = "less than a few hours")]
        let arrival = at + Duration::milliseconds((time_s * 1000.0) as i64);
        let mut warnings = Vec::new();
        if let Some(place) = to.and_then(|id| self.venue.place(&id)) {
            let closed = place.closure.as_ref().is_some_and(|c| c.holds_at(arrival));
            match place.hours.as_ref().map(|h| h.state_at(arrival)) {
                _ if closed => {
                    let opens = place.closure.as_ref().and_then(|c| c.until);
                    let opens = opens.map(|u| u.with_timezone(&self.venue.time_zone()));
                    warnings.push(RouteWarning::DestinationClosed { opens });
                }
                Some(HoursState::Closed { opens }) => {
                    warnings.push(RouteWarning::DestinationClosed { opens })
                }
                Some(HoursState::Open { until: Some(until) }) if until - arrival < CLOSES_SOON => {
                    warnings.push(RouteWarning::DestinationCloses { at: until });
                }
                _ => {}
            }
        }
        Route { profile, to, length_m, time_s, legs, warnings }
    }
}

/// The first walks of all ways from these starts.
pub(super) fn firsts(starts: &[Anchor]) -> impl Iterator<Item = First> {
    starts.iter().enumerate().flat_map(|(start, anchor)| {
        anchor.sees.iter().map(move |(to, length, gates)| First {
            start: count(start),
            to: *to,
            length: *length,
            gates: gates.clone(),
        })
    })
}

/// The best way that goes straight from a start to a goal, with the number of its start.
fn straight(
    network: &Network,
    conditions: &Conditions,
    starts: &[Anchor],
    goals: &[Anchor],
) -> Option<(u32, Arrival)> {
    let mut found: Option<(u32, Arrival)> = None;
    for (s, start) in starts.iter().enumerate() {
        for (g, goal) in goals.iter().enumerate().filter(|(_, goal)| goal.level == start.level) {
            if !network.sights[start.level.0].sees(start.point, goal.point) {
                continue;
            }
            let gates =
                network.gates_between(start.level, start.point, goal.point, [start.inside, goal.inside]);
            let length = start.point.distance(goal.point);
            if let Some(toll) = walked(conditions, Toll::default(), length, &gates)
                && found.is_none_or(|(_, f)| toll.cost < f.toll.cost)
            {
                found = Some((count(s), Arrival { end: count(g), last: None, toll }));
            }
        }
    }
    found
}

/// Labels of a search, one for each core node.
pub(super) type Labels = Vec<Option<Label>>;
