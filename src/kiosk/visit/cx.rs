//! What a page is given: the visit, to read and to change, and the world around it, to read.
//!
//! A page never sees the application. What it may do beyond its own data is here: open another page, send
//! what was filled in, give the keys to a field. Each answers with the effects that follow.

use domain::Timestamp;
use domain::language::Language;
use wayfinding::route::TravelProfile;
use wayfinding::venue::{Facility, FeatureId};

use crate::case_lookup::RequestId;
use crate::effect::Effect;
use crate::outbox::Draft;
use crate::routes::KioskRoutes;
use crate::view::Field;
use crate::visit::page::{Page, ShownRoute};
use crate::visit::{Visit, keyboard};
use crate::words::words;
use crate::world::World;

/// Whether what is queued can leave at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Link {
    /// No server is named, or it does not answer.
    #[default]
    Offline,
    /// The server answered the last time.
    Online,
}

/// The visit and what surrounds it.
pub struct Cx {
    pub visit: Visit,
    world: World,
    routes: Option<KioskRoutes>,
    now: Timestamp,
    link: Link,
    /// How often the clock has ticked while nobody was here.
    resting_ticks: u32,
    /// The last request to the server; of all visits, so that no answer is taken for a later one's.
    requests: u64,
}

/// How large a route is shown at first: an index into the zooms of its page.
pub const FIRST_ZOOM: usize = 1;

impl Cx {
    /// A visit that nobody has begun yet.
    pub fn new(world: World, now: Timestamp) -> Self {
        let visit = Visit::new(world.first_language);
        Self { visit, world, routes: None, now, link: Link::Offline, resting_ticks: 0, requests: 0 }
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    /// The routes from this kiosk, once they are computed.
    pub fn routes(&self) -> Option<&KioskRoutes> {
        self.routes.as_ref()
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn link(&self) -> Link {
        self.link
    }

    /// Counts on while nobody is here, so that the attract screen moves and nothing burns in.
    pub fn resting_ticks(&self) -> u32 {
        self.resting_ticks
    }

    /// The visitor's language.
    pub fn language(&self) -> Language {
        self.visit.language
    }

    /// A word of the kiosk in the visitor's language.
    pub fn word(&self, key: &str) -> String {
        words().get(self.visit.language, key)
    }

    /// The same with values filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        words().fill(self.visit.language, key, values)
    }

    /// The nearest place of a kind, walking.
    pub fn nearest(&self, facility: Facility) -> Option<FeatureId> {
        let found = self.routes()?.tree(TravelProfile::Walking).nearest(facility, 1);
        found.first().map(|(place, _)| *place)
    }

    /// Opens a page on top of this one.
    pub fn go(&mut self, page: Page) -> Vec<Effect> {
        let effects = self.visit.blur();
        self.visit.open(page);
        effects
    }

    /// Replaces the page on the screen by another of the same errand.
    pub fn replace(&mut self, page: Page) -> Vec<Effect> {
        let effects = self.visit.blur();
        self.visit.replace(page);
        effects
    }

    /// Opens the route to a place, seen where it begins. Nothing happens when there is no such place.
    pub fn show_route(&mut self, place: FeatureId, profile: TravelProfile) -> Vec<Effect> {
        let Some(s) = &self.world.surroundings else { return Vec::new() };
        if s.venue.place(&place).is_none() {
            return Vec::new();
        }
        let level = s.spot.level;
        self.go(Page::Route(ShownRoute { place, profile, level, zoom: FIRST_ZOOM }))
    }

    /// Opens the route to the nearest place of a kind, if there is one.
    pub fn show_nearest(&mut self, facility: Facility) -> Vec<Effect> {
        match self.nearest(facility) {
            Some(place) => self.show_route(place, TravelProfile::Walking),
            None => Vec::new(),
        }
    }

    /// Gives the keys to a field.
    pub fn focus(&mut self, field: Field) -> Vec<Effect> {
        keyboard::focus(&mut self.visit, &self.world, field)
    }

    /// Takes the keys away from any field.
    pub fn blur(&mut self) -> Vec<Effect> {
        self.visit.blur()
    }

    /// Has a submission put on the disk. Until the answer comes there is no second one.
    pub fn send(&mut self, draft: Option<Draft>) -> Vec<Effect> {
        match draft {
            Some(draft) if !self.visit.saving => {
                self.visit.saving = true;
                self.visit.overlay = None;
                vec![Effect::Save(Box::new(draft))]
            }
            _ => Vec::new(),
        }
    }

    /// The id of the next request to the server.
    pub fn next_request(&mut self) -> RequestId {
        self.requests += 1;
        RequestId(self.requests)
    }
}

/// What only the application changes, as the world tells it.
impl Cx {
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    pub fn set_link(&mut self, link: Link) {
        self.link = link;
    }

    /// Takes new routes, unless they lead over a map that is not shown any more.
    pub fn set_routes(&mut self, routes: KioskRoutes) {
        if self.world.venue().is_some_and(|venue| routes.are_over(venue)) {
            self.routes = Some(routes);
        }
    }

    /// Shows the places that are there today. Says whether that changed anything; the routes are gone then.
    pub fn keep_to(&mut self, now: Timestamp) -> bool {
        let changed = self.world.keep_to(now);
        if changed {
            self.routes = None;
        }
        changed
    }

    pub fn count_resting_tick(&mut self) {
        self.resting_ticks = self.resting_ticks.wrapping_add(1);
    }

    /// Drops everything of this visit.
    pub fn end_visit(&mut self) {
        self.visit = Visit::new(self.world.first_language);
    }
}
