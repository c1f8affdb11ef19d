//! The router: networks made when they are first needed, and ways between any two spots.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Duration};
use chrono_tz::Tz;

use super::anchor::Anchor;
use super::bound::Bound;
use super::changes::Changes;
use super::conditions::{Conditions, Link, Rules};
use super::network::Network;
use super::refusal::Asked;
use super::stored;
use super::trace::Traced;
use super::tree::Tree;
use super::walker::Walker;
use super::way::way;
use super::{Leg, NoRoute, Profile, Reason, Route, RouteWarning, Spot};
use crate::venue::{FeatureId, HoursState, KioskSpot, Venue};

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
        Self { ways: Arc::new(Ways::new(venue.clone(), venue, Arc::default())) }
    }

    /// A router for the same map with these changes instead of former ones. It shares the networks of this
    /// one: nothing is measured anew.
    ///
    /// # Errors
    /// When a change names a feature that the map does not have.
    pub fn with_changes(&self, changes: &Changes) -> Result<Self, Reason> {
        let map = self.ways.map.clone();
        let venue = Arc::new(changes.apply(&map)?);
        Ok(Self { ways: Arc::new(Ways::new(map, venue, self.ways.networks.clone())) })
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

    /// Names everything that the networks are made from.
    pub(crate) fn fingerprint(&self) -> String {
        stored::fingerprint(&self.ways.map)
    }

    /// The networks as bytes, made if they are not there yet.
    pub(crate) fn networks(&self, fingerprint: &str) -> Result<Vec<u8>, postcard::Error> {
        let networks = [Profile::Walking, Profile::StepFree].map(|p| self.ways.network(p));
        stored::to_bytes(fingerprint, networks)
    }

    /// Takes networks from bytes, if they are those of this venue. Says whether it did.
    pub(crate) fn take_networks(&self, bytes: &[u8], fingerprint: &str) -> bool {
        let Some([on_foot, rolling]) = stored::from_bytes(bytes, &self.ways.map, fingerprint) else {
            return false;
        };
        // Where a question came first and made one, that one is as good.
        let _ = self.ways.networks.on_foot.set(on_foot);
        let _ = self.ways.networks.rolling.set(rolling);
        true
    }

    /// All ways from a kiosk, as they are at a moment.
    pub fn tree(&self, from: &KioskSpot, profile: Profile, at: DateTime<Tz>) -> Tree {
        let known = self.venue().kiosks().iter().any(|k| k.code == from.code && k.position == from.position);
        let spot = match known {
            true => Spot::Kiosk(from.code.clone()),
            false => Spot::At { level: from.level, point: from.position },
        };
        self.tree_from(spot, profile, at).expect("a kiosk of this venue, or a point")
    }

    /// All ways from any spot, as they are at a moment.
    ///
    /// # Errors
    /// When the venue has no such place or kiosk.
    pub fn tree_from(&self, from: Spot, profile: Profile, at: DateTime<Tz>) -> Result<Tree, Reason> {
        Tree::grow(self.ways.clone(), &from, profile, at)
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
        let ways = &*self.ways;
        let network = ways.network(profile);
        let conditions = Conditions::new(&ways.venue, profile, at, Rules::Strict);
        let starts = Anchor::of(&ways.venue, network, &from).map_err(NoRoute::because)?;
        let goals = Anchor::of(&ways.venue, network, &to).map_err(NoRoute::because)?;
        let bound = ways.bound(profile, &conditions);
        let labels = match way(&ways.venue, network, &conditions, bound, &starts, &goals) {
            Ok(traced) => {
                let place = if let Spot::Place(id) = to { Some(id) } else { None };
                return Ok(ways.finish(traced, profile, at, place));
            }
            Err(labels) => labels,
        };
        let (starts, conditions, labels) = (&*starts, &conditions, &labels);
        Err(Asked { ways, profile, at, starts, conditions, labels }.refuse(&to))
    }
}

/// What routers and trees of one venue share.
pub(super) struct Ways {
    /// The venue as the map has it.
    map: Arc<Venue>,
    /// The venue as it is, with changes.
    pub venue: Arc<Venue>,
    networks: Arc<Networks>,
    /// What the rest of a way costs at least, for each profile, by the rules of every day.
    bounds: [OnceLock<Bound>; Profile::ALL.len()],
}

/// The networks of a map: geometry, which no change of hours or service touches.
#[derive(Default)]
struct Networks {
    on_foot: OnceLock<Network>,
    rolling: OnceLock<Network>,
}

impl Ways {
    fn new(map: Arc<Venue>, venue: Arc<Venue>, networks: Arc<Networks>) -> Self {
        Self { map, venue, networks, bounds: Default::default() }
    }

    /// The least that the rest of a way costs. It depends on no hour, so any conditions of the profile will do
    /// that are not those of people who flee.
    pub fn bound(&self, profile: Profile, conditions: &Conditions) -> &Bound {
        self.bounds[profile as usize].get_or_init(|| Bound::new(self.network(profile), conditions))
    }

    /// The network of a profile.
    pub fn network(&self, profile: Profile) -> &Network {
        let walker = Walker::of(profile);
        let Networks { on_foot, rolling } = &*self.networks;
        let cell = if walker == Walker::OnFoot { on_foot } else { rolling };
        cell.get_or_init(|| Network::new(&self.map, walker))
    }

    /// A route from a way, with what a visitor should know before setting out.
    pub fn finish(&self, way: Traced, profile: Profile, at: DateTime<Tz>, to: Option<FeatureId>) -> Route {
        let Traced { legs, spent, toll, waits, .. } = way;
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

    /// The feature of the map that a link is.
    pub fn feature(&self, link: Link) -> FeatureId {
        match link {
            Link::Door(opening) => self.venue.openings()[opening as usize].id,
            Link::Shaft(shaft) => self.venue.shafts()[shaft as usize].id,
        }
    }
}

/// A moment so many seconds after another one.
pub(super) fn later(at: DateTime<Tz>, seconds: f64) -> DateTime<Tz> {
    #[expect(clippy::cast_possible_truncation, reason = "less than a few hours")]
    let milliseconds = (seconds * 1000.0).round() as i64;
    at + Duration::milliseconds(milliseconds)
}
