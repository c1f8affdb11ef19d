//! The shared state of one venue's routers and trees: the venue, its networks, and the lower bounds for the
//! search.
//!
//! Networks and bounds are computed on first use and kept as long as the state. Nothing in it depends on
//! the moment of a query.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Duration};
use chrono_tz::Tz;

use super::bound::Bound;
use super::conditions::{Conditions, Link};
use super::network::Network;
use super::trace::Traced;
use super::types::{Leg, Route, RouteWarning, TravelProfile};
use super::walker::Walker;
use crate::venue::{FeatureId, HoursState, Venue};

/// A route warns when its destination closes sooner than this after the arrival.
const CLOSES_SOON: Duration = Duration::minutes(30);

pub(super) struct RouterState {
    pub venue: Arc<Venue>,
    pub networks: Networks,
    /// For each profile, the lower bound of the remaining cost, by the rules that hold outside an
    /// emergency.
    bounds: [OnceLock<Bound>; TravelProfile::ALL.len()],
}

/// The networks of a map. They contain only geometry; a change of hours or service does not affect them.
#[derive(Default)]
pub(super) struct Networks {
    pub on_foot: OnceLock<Network>,
    pub rolling: OnceLock<Network>,
}

impl RouterState {
    pub fn new(venue: Arc<Venue>) -> Self {
        Self { venue, networks: Networks::default(), bounds: Default::default() }
    }

    /// The lower bound of the remaining cost. It does not depend on opening hours: any conditions of this
    /// profile will do, except those of an evacuation.
    pub fn bound(&self, profile: TravelProfile, conditions: &Conditions) -> &Bound {
        self.bounds[profile as usize].get_or_init(|| Bound::new(self.network(profile), conditions))
    }

    pub fn network(&self, profile: TravelProfile) -> &Network {
        let walker = Walker::of(profile);
        let Networks { on_foot, rolling } = &self.networks;
        let cell = if walker == Walker::OnFoot { on_foot } else { rolling };
        cell.get_or_init(|| Network::new(&self.venue, walker))
    }

    /// Makes a [`Route`] from a traced route: adds lengths, times and the warnings for the visitor.
    pub fn finish(
        &self,
        traced: Traced,
        profile: TravelProfile,
        at: DateTime<Tz>,
        to: Option<FeatureId>,
    ) -> Route {
        let Traced { legs, spent, toll, waits, .. } = traced;
        let length_m = legs.iter().map(Leg::length_m).sum();
        let arrival = later(at, toll.time);
        let mut warnings: Vec<RouteWarning> = Vec::new();
        for (link, until) in waits {
            let feature = self.feature(link);
            warnings.push(RouteWarning::Wait { feature, until: later(at, until) });
        }
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
        Route { profile, to, length_m, time_s: toll.time - spent.time, legs, warnings }
    }

    /// The map feature of a link.
    pub fn feature(&self, link: Link) -> FeatureId {
        match link {
            Link::Door(opening) => self.venue.openings()[opening as usize].id,
            Link::Shaft(shaft) => self.venue.shafts()[shaft as usize].id,
        }
    }
}

/// The moment that is `seconds` after `at`.
pub(super) fn later(at: DateTime<Tz>, seconds: f64) -> DateTime<Tz> {
    // A plain cast: a few hours at most.
    let milliseconds = (seconds * 1000.0).round() as i64;
    at + Duration::milliseconds(milliseconds)
}
