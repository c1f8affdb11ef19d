//! The context of a page: the visit, to read and change, and the world, to read only.
//!
//! A page has no access to the application. The actions beyond its own data are here: open another page, send
//! a draft, focus a field. Each returns its effects.

use domain::Timestamp;
use domain::language::Language;
use wayfinding::route::Tree;
use wayfinding::venue::{Facility, FeatureId};

use crate::case_lookup::RequestId;
use crate::effect::Effect;
use crate::outbox::Draft;
use crate::routes::KioskRoutes;
use crate::view::Field;
use crate::visit::call::Call;
use crate::visit::page::{Page, ShownRoute};
use crate::visit::{Saving, Visit, keyboard};
use crate::words::words;
use crate::world::World;

/// Whether queued items can be sent at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Link {
    /// No server is configured, or it refuses this kiosk: staff cannot be told of anything.
    NoServer,
    /// The server does not answer.
    #[default]
    Offline,
    /// The server answered the last request.
    Online,
}

/// The visit, and the state around it.
pub struct Cx {
    pub visit: Visit,
    world: World,
    routes: Option<KioskRoutes>,
    now: Timestamp,
    link: Link,
    /// The call for help of this kiosk.
    pub call: Option<Call>,
    /// How many answers of the disk are still to come for visits that are over. It answers in order.
    late_answers: u32,
    /// The number of ticks while no visitor was there.
    resting_ticks: u32,
    /// The id of the last request to the server. It counts on across visits, so an answer never matches a
    /// later visit.
    requests: u64,
}

/// The zoom at which a route is first shown: an index into the zooms of its page.
pub const FIRST_ZOOM: usize = 1;

impl Cx {
    /// A context before the first visit.
    pub fn new(world: World, now: Timestamp) -> Self {
        let visit = Visit::new(world.first_language);
        Self {
            visit,
            world,
            routes: None,
            now,
            link: Link::Offline,
            call: None,
            late_answers: 0,
            resting_ticks: 0,
            requests: 0,
        }
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

    /// A counter for the attract page, which moves its content so that nothing burns into the panel.
    pub fn resting_ticks(&self) -> u32 {
        self.resting_ticks
    }

    pub fn language(&self) -> Language {
        self.visit.language
    }

    /// A text of the kiosk in the visitor's language.
    pub fn word(&self, key: &str) -> String {
        words().get(self.visit.language, key)
    }

    /// A text of the kiosk with values filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        words().fill(self.visit.language, key, values)
    }

    /// The routes for the visitor's travel profile, once they are computed.
    pub fn tree(&self) -> Option<&Tree> {
        Some(self.routes()?.tree(self.visit.travel_profile))
    }

    /// The nearest place of a facility, by the time that this visitor needs.
    pub fn nearest(&self, facility: Facility) -> Option<FeatureId> {
        let found = self.tree()?.nearest(facility, 1);
        found.first().map(|(place, _)| *place)
    }

    /// Opens a page on top of this one.
    pub fn go(&mut self, page: Page) -> Vec<Effect> {
        let effects = self.visit.blur();
        self.visit.open(page);
        effects
    }

    /// Replaces the page on the screen by another page of the same task.
    pub fn replace(&mut self, page: Page) -> Vec<Effect> {
        let effects = self.visit.blur();
        self.visit.replace(page);
        effects
    }

    /// Opens the route to a place, at the level where it starts. Does nothing if there is no such place.
    pub fn show_route(&mut self, place: FeatureId) -> Vec<Effect> {
        let Some(s) = &self.world.map else { return Vec::new() };
        if s.venue.place(&place).is_none() {
            return Vec::new();
        }
        let level = s.spot.level;
        self.go(Page::Route(ShownRoute { place, level, zoom: FIRST_ZOOM, step: 0 }))
    }

    /// Opens the route to the nearest place of a facility, if there is one.
    pub fn show_nearest(&mut self, facility: Facility) -> Vec<Effect> {
        match self.nearest(facility) {
            Some(place) => self.show_route(place),
            None => Vec::new(),
        }
    }

    /// Gives the focus to a field.
    pub fn focus(&mut self, field: Field) -> Vec<Effect> {
        keyboard::focus(&mut self.visit, &self.world, field)
    }

    /// Takes the focus from any field.
    pub fn blur(&mut self) -> Vec<Effect> {
        self.visit.blur()
    }

    /// Saves a draft. Until the disk answers, further drafts are ignored.
    pub fn send(&mut self, what: Saving, draft: Option<Draft>) -> Vec<Effect> {
        match draft {
            Some(draft) if self.visit.saving.is_none() => {
                self.visit.saving = Some((what, 0));
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

/// Setters that only the application uses, for arrivals from outside.
impl Cx {
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    pub fn set_link(&mut self, link: Link) {
        self.link = link;
    }

    /// Sets new routes, unless they belong to a map that is not shown any more.
    pub fn set_routes(&mut self, routes: KioskRoutes) {
        if self.world.venue().is_some_and(|venue| routes.are_over(venue)) {
            self.routes = Some(routes);
        }
    }

    /// Updates the world to the places that exist at `now`. Returns whether anything changed; the routes are
    /// then dropped.
    pub fn apply_validity(&mut self, now: Timestamp) -> bool {
        let changed = self.world.apply_validity(now);
        if changed {
            self.routes = None;
        }
        changed
    }

    pub fn count_resting_tick(&mut self) {
        self.resting_ticks = self.resting_ticks.wrapping_add(1);
    }

    /// Drops all data of this visit. Its end saves so many drafts.
    pub fn end_visit(&mut self, saves: usize) {
        // The answers of the disk that are still to come belong to this visit and not to the next.
        let saves = u32::try_from(saves).unwrap_or(u32::MAX);
        self.late_answers += u32::from(self.visit.saving.is_some()) + saves;
        self.visit = Visit::new(self.world.first_language);
        self.call.take_if(|call| call.is_over() || call.is_overdue() || !call.has_server());
        if let Some(call) = &mut self.call {
            call.of_this_visit = false;
        }
    }

    /// Shows another world, while no visitor is there. The call for help, the link and the ids of requests
    /// stay.
    pub fn replace_world(&mut self, world: World) {
        self.visit = Visit::new(world.first_language);
        self.world = world;
        self.routes = None;
    }

    /// Whether an answer of the disk belongs to a visit that is over.
    pub fn is_late_answer(&mut self) -> bool {
        let late = self.late_answers > 0;
        self.late_answers = self.late_answers.saturating_sub(1);
        late
    }
}
