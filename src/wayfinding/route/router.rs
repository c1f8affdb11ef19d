//! The router: networks made when they are first needed, and ways between any two spots.

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

/// Answers where to walk in one venue. Cheap to clone and to share between threads.
#[derive(Clone)]
pub struct Router {
    pub(super) state: Arc<RouterState>,
}

impl Router {
    /// A router for a venue. Its networks are made when the first way is asked for.
    pub fn new(venue: Arc<Venue>) -> Self {
        Self { state: Arc::new(RouterState::new(venue)) }
    }

    /// The venue it knows.
    pub fn venue(&self) -> &Arc<Venue> {
        &self.state.venue
    }

    /// Makes the networks now, so that the first question need not wait for them.
    pub fn prepare(&self) {
        for profile in [TravelProfile::Walking, TravelProfile::StepFree] {
            let _ = self.state.network(profile);
        }
    }

    /// Names everything that the networks are made from.
    pub(crate) fn fingerprint(&self) -> String {
        stored::fingerprint(&self.state.venue)
    }

    /// The networks as bytes, made if they are not there yet.
    pub(crate) fn networks(&self, fingerprint: &str) -> Result<Vec<u8>, postcard::Error> {
        let networks = [TravelProfile::Walking, TravelProfile::StepFree].map(|p| self.state.network(p));
        stored::to_bytes(fingerprint, networks)
    }

    /// Takes networks from bytes, if they are those of this venue. Says whether it did.
    pub(crate) fn take_networks(&self, bytes: &[u8], fingerprint: &str) -> bool {
        let Some([on_foot, rolling]) = stored::from_bytes(bytes, &self.state.venue, fingerprint) else {
            return false;
        };
        // Where a question came first and made one, that one is as good.
        let _ = self.state.networks.on_foot.set(on_foot);
        let _ = self.state.networks.rolling.set(rolling);
        true
    }

    /// All ways from a kiosk, as they are at a moment.
    pub fn tree(&self, from: &KioskSpot, profile: TravelProfile, at: DateTime<Tz>) -> Tree {
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
    pub fn tree_from(&self, from: Spot, profile: TravelProfile, at: DateTime<Tz>) -> Result<Tree, Reason> {
        Tree::grow(self.state.clone(), &from, profile, at)
    }

    /// The area of a level on which the centre of somebody may be who moves like this, in metres: public
    /// units shrunk by half a person's width, joined by the doors that are wide enough.
    pub fn floor(&self, level: LevelIndex, profile: TravelProfile) -> MultiPolygon<f64> {
        area::floor(self.venue(), level, Walker::of(profile)).area
    }

    /// The way from one spot to another, as it is at a moment.
    ///
    /// # Errors
    /// When there is none: why, and what can be reached instead.
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
