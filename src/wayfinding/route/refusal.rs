//! Refusals: why there is no route, and how far a route can go.
//!
//! A search runs backwards from the destination, through a venue in which everything is open, nearest
//! points first. It ends at the first point that can be reached under the present conditions: the reachable
//! point with the shortest remaining route. Whatever blocks that remaining route is missing: a closed door,
//! a lift out of service. If wheels find no such point, a second search runs on the network of walkers on
//! foot; the steps and escalators on its route are in the way of the wheels.

mod remains;

use std::collections::BTreeSet;

use chrono::DateTime;
use chrono_tz::Tz;

use super::anchor::Anchor;
use super::conditions::{Conditions, Rules};
use super::search::Labels;
use super::shortest_path::shortest_path;
use super::state::RouterState;
use super::trace::Traced;
use super::types::{AsFarAs, NoRoute, Reason, Spot, TravelProfile};
use crate::geometry::Point;
use crate::venue::{FeatureId, LevelIndex, Place};

use remains::{Look, Remains};

/// A failed query, and what can be reached under the present conditions.
pub(super) struct FailedSearch<'a> {
    pub state: &'a RouterState,
    pub profile: TravelProfile,
    pub at: DateTime<Tz>,
    pub starts: &'a [Anchor],
    pub conditions: &'a Conditions,
    pub labels: &'a Labels,
}

impl FailedSearch<'_> {
    /// Why there is no route to a spot, and what can be reached instead.
    pub fn refuse(&self, to: &Spot) -> NoRoute {
        let venue = &self.state.venue;
        let own = self.state.network(self.profile);
        let mut reason = match Anchor::of(venue, own, to) {
            Err(reason) => return NoRoute::because(reason),
            Ok(_) if self.starts.is_empty() => return NoRoute::because(Reason::StartOutside),
            Ok(goals) if goals.is_empty() => Reason::EndOutside,
            Ok(_) => Reason::NotConnected,
        };
        let reached = self.parts_reached();
        let on_foot = self.profile.is_rolling().then_some(TravelProfile::Walking);
        for profile in [Some(self.profile), on_foot].into_iter().flatten() {
            let network = self.state.network(profile);
            let goals = Anchor::of(venue, network, to).unwrap_or_default();
            let open = Conditions::new(venue, profile, self.at, Rules::AllOpen);
            let mut remains = Remains::new(self, network, &open, &reached);
            let mut found = remains.search(&goals, Look::Likely);
            if found.is_none() && profile != self.profile && remains.meets_start() {
                // A corridor may be too narrow for wheels although the map marks no obstacle.
                found = Remains::new(self, network, &open, &reached).search(&goals, Look::Everywhere);
            }
            if let Some((missing, remaining_m, traced)) = found {
                reason = match profile == self.profile {
                    true => Reason::Closed(missing),
                    false => Reason::OnlyWithSteps(missing),
                };
                let (level, point) = end_of(&traced);
                let route = self.state.finish(traced, self.profile, self.at, None);
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

    /// The reachable place that is nearest to a point: the fewest levels away, then the shortest distance.
    fn place_near(&self, level: LevelIndex, point: Point) -> Option<FeatureId> {
        let network = self.state.network(self.profile);
        let reached = |end: &u32| {
            let end = &network.ends[*end as usize];
            end.walks.iter().any(|w| self.labels.reaches(w.to))
        };
        // A lift that does not run is not offered as an alternative destination.
        let leads_on = |p: &Place| {
            let unit = self.state.venue.unit_of(&p.unit);
            unit.is_some_and(|u| self.state.venue.unit(u).kind.is_shaft())
        };
        let places = self.state.venue.places().iter().zip(&network.place_ends);
        places
            .filter(|(p, ends)| !leads_on(p) && ends.iter().any(reached))
            .map(|(p, _)| (p.level.0.abs_diff(level.0), p.position.distance(point), p.id))
            .min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)))
            .map(|(_, _, id)| id)
    }

    /// The route to a point under the present conditions, if there is one.
    fn trace_to(&self, level: LevelIndex, point: Point) -> Option<Traced> {
        let network = self.state.network(self.profile);
        let goal = Anchor::at(&self.state.venue, network, level, point)?;
        let seen = || goal.sees.iter().any(|s| self.labels.reaches(s.node));
        let straight = || self.starts.iter().any(|s| s.level == level);
        if !seen() && !straight() {
            return None;
        }
        let bound = self.state.bound(self.profile, self.conditions);
        shortest_path(&self.state.venue, network, self.conditions, bound, self.starts, &[goal]).ok()
    }

    /// The parts of the floor, with their levels, on which something can be reached.
    fn parts_reached(&self) -> BTreeSet<(LevelIndex, u32)> {
        let network = self.state.network(self.profile);
        let of = |level: LevelIndex, point: Point| {
            network.sights[level.0].parts_at(point).into_iter().map(move |part| (level, part))
        };
        let nodes = network.parts().filter(|(node, ..)| self.labels.reaches(*node));
        let starts = self.starts.iter().flat_map(|s| of(s.level, s.point));
        nodes.map(|(_, level, part)| (level, part)).chain(starts).collect()
    }
}

fn end_of(traced: &Traced) -> (LevelIndex, Point) {
    let last = &traced.legs[traced.legs.len() - 1];
    (last.to_level, last.points[last.points.len() - 1])
}
