//! The routes from this kiosk to every place, as one shortest-path tree for each travel profile.
//!
//! Doors and lifts have opening hours, so a worker recomputes the trees every few minutes, off the window's
//! thread. In between, every query is a look-up. The route networks are computed once for each map and cached
//! on disk for the next start.

use std::path::Path;
use std::sync::Arc;

use domain::Timestamp;
use wayfinding::cache::{Cache, Cached};
use wayfinding::route::{Router, TravelProfile, Tree};
use wayfinding::venue::{KioskSpot, Venue};

use crate::log::MAINTENANCE;

/// The name of the folder in which route networks are cached.
pub const FOLDER: &str = "routes";

/// The trees for one moment.
#[derive(Clone)]
pub struct KioskRoutes {
    venue: Arc<Venue>,
    walking: Arc<Tree>,
    step_free: Arc<Tree>,
    stroller: Arc<Tree>,
}

/// Computes the route networks of a map, or reads them from the cache in the folder.
pub fn prepare(router: &Router, folder: &Path) {
    match Cache::in_folder(folder).prepare(router) {
        Cached::Read => {}
        Cached::Written => tracing::info!(target: MAINTENANCE, "the map was measured"),
        Cached::NotKept(error) => {
            tracing::warn!(target: MAINTENANCE, %error, "the map is measured anew at each start");
        }
    }
}

impl KioskRoutes {
    /// Computes the trees for the moment `at`.
    pub fn grow(venue: &Arc<Venue>, router: &Router, spot: &KioskSpot, at: Timestamp) -> Self {
        let local = at.with_timezone(&venue.time_zone());
        let tree = |profile| Arc::new(router.tree(spot, profile, local));
        Self {
            venue: Arc::clone(venue),
            walking: tree(TravelProfile::Walking),
            step_free: tree(TravelProfile::StepFree),
            stroller: tree(TravelProfile::Stroller),
        }
    }

    /// Whether the trees belong to this map.
    pub fn are_over(&self, venue: &Venue) -> bool {
        std::ptr::eq(&raw const *self.venue, venue)
    }

    /// The tree for one travel profile.
    pub fn tree(&self, profile: TravelProfile) -> &Tree {
        match profile {
            TravelProfile::Walking => &self.walking,
            TravelProfile::StepFree => &self.step_free,
            TravelProfile::Stroller => &self.stroller,
        }
    }
}

impl std::fmt::Debug for KioskRoutes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KioskRoutes")
    }
}
