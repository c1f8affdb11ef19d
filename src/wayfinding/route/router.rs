//! The router: it makes its networks on first use, and finds routes between any two spots.
//!
//! All clones share one state. A router never changes its venue: a new map or closure needs a new router.

use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;
use geo::MultiPolygon;

use super::anchor::Anchor;
use super::area;
use super::conditions::{Conditions, Rules};
use super::refusal::FailedSearch;
use super::shortest_path::shortest_path;
use super::state::RouterState;
use super::stored;
use super::tree::Tree;
use super::types::{NoRoute, Reason, Route, Spot, TravelProfile};
use super::walker::Walker;
use crate::venue::{KioskSpot, LevelIndex, Venue};

/// Finds routes in one venue. Cheap to clone and to share between threads.
#[derive(Clone)]
pub struct Router {
    pub(super) state: Arc<RouterState>,
}

impl Router {
    /// A router for a venue. Its networks are made for the first query.
    pub fn new(venue: Arc<Venue>) -> Self {
        Self { state: Arc::new(RouterState::new(venue)) }
    }

    pub fn venue(&self) -> &Arc<Venue> {
        &self.state.venue
    }

    /// Makes the networks now. The first query then does not have to wait for them.
    pub fn prepare(&self) {
        for profile in [TravelProfile::Walking, TravelProfile::StepFree] {
            let _ = self.state.network(profile);
        }
    }

    /// A hash of everything that the networks are computed from.
    pub(crate) fn fingerprint(&self) -> String {
        stored::fingerprint(&self.state.venue)
    }

    /// The networks as bytes; makes them if necessary.
    pub(crate) fn networks(&self, fingerprint: &str) -> Result<Vec<u8>, postcard::Error> {
        let networks = [TravelProfile::Walking, TravelProfile::StepFree].map(|p| self.state.network(p));
        stored::to_bytes(fingerprint, networks)
    }

    /// Loads the networks from bytes if they belong to this venue. Returns whether it did.
    pub(crate) fn take_networks(&self, bytes: &[u8], fingerprint: &str) -> bool {
        let Some([on_foot, rolling]) = stored::from_bytes(bytes, &self.state.venue, fingerprint) else {
            return false;
        };
        // If a query has made a network in the meantime, the router keeps that one; both are equal.
        let _ = self.state.networks.on_foot.set(on_foot);
        let _ = self.state.networks.rolling.set(rolling);
        true
    }

    /// All routes from a kiosk at a moment.
    pub fn tree(&self, from: &KioskSpot, profile: TravelProfile, at: DateTime<Tz>) -> Tree {
        let known = self.venue().kiosks().iter().any(|k| k.code == from.code && k.position == from.position);
        let spot = match known {
            true => Spot::Kiosk(from.code.clone()),
            false => Spot::At { level: from.level, point: from.position },
        };
        self.tree_from(spot, profile, at).expect("a kiosk of this venue, or a point")
    }

    /// All routes from any spot at a moment.
    ///
    /// # Errors
    /// When the venue has no such place or kiosk.
    pub fn tree_from(&self, from: Spot, profile: TravelProfile, at: DateTime<Tz>) -> Result<Tree, Reason> {
        Tree::grow(self.state.clone(), &from, profile, at)
    }

    /// The area of a level that the centre of a walker may occupy, in metres: public units shrunk by the
    /// walker's radius, joined by doors that are wide enough.
    pub fn floor(&self, level: LevelIndex, profile: TravelProfile) -> MultiPolygon<f64> {
        area::floor(self.venue(), level, Walker::of(profile)).area
    }

    /// The best route from one spot to another at a moment.
    ///
    /// # Errors
    /// When there is no route: the reason, and what can be reached instead.
    pub fn between(
        &self,
        from: Spot,
        to: Spot,
        profile: TravelProfile,
        at: DateTime<Tz>,
    ) -> Result<Route, NoRoute> {
        let state = &*self.state;
        let network = state.network(profile);
        let conditions = Conditions::new(&state.venue, profile, at, Rules::Strict);
        let starts = Anchor::of(&state.venue, network, &from).map_err(NoRoute::because)?;
        let goals = Anchor::of(&state.venue, network, &to).map_err(NoRoute::because)?;
        let bound = state.bound(profile, &conditions);
        let labels = match shortest_path(&state.venue, network, &conditions, bound, &starts, &goals) {
            Ok(traced) => {
                let place = if let Spot::Place(id) = to { Some(id) } else { None };
                return Ok(state.finish(traced, profile, at, place));
            }
            Err(labels) => labels,
        };
        let (starts, conditions, labels) = (&*starts, &conditions, &labels);
        Err(FailedSearch { state, profile, at, starts, conditions, labels }.refuse(&to))
    }
}
