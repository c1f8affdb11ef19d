//! The application: one event in, effects out, and a view of where that leaves it.
//!
//! Everything the kiosk decides is decided here and in `pages`: what a touch means, what is
//! asked next, when a visit ends. Nothing here waits, reads a clock, or touches a disk, a network or a
//! window, so that any visit can be played from a list of events.

use domain::Timestamp;
use domain::language::Language;
use wayfinding::route::TravelProfile;
use wayfinding::venue::FeatureId;

use crate::event::{Bar, Effect, Event, FollowEvent, InputCommand, Link, OverlayEvent, SaveFailed};
use crate::following::Ticket;
use crate::idle::{Doing, Idle, Standing};
use crate::outbox::Receipt;
use crate::pages::{self, Page};
use crate::session::{Overlay, Session};
use crate::view::{BarView, HeaderView, Primary, Shown, View};
use crate::ways::Ways;
use crate::words::{SPOKEN, words};
use crate::world::World;
use crate::{calendar, keyboard};

/// The kiosk's mind.
pub struct App {
    pub(crate) world: World,
    pub(crate) now: Timestamp,
    pub(crate) link: Link,
    pub(crate) ways: Option<Ways>,
    pub(crate) session: Session,
    idle: Idle,
    minutes: u32,
    /// Of the last question to the server; of all visits, so that no answer is taken for a later one's.
    tickets: u64,
}

impl App {
    /// An application that nobody has touched yet.
    pub fn new(world: World, now: Timestamp) -> Self {
        let session = Session::new(world.first_language);
        Self {
            world,
            now,
            link: Link::Offline,
            ways: None,
            session,
            idle: Idle::default(),
            minutes: 0,
            tickets: 0,
        }
    }

    /// Whether nobody is here, so that a clock may tick slowly.
    pub fn is_resting(&self) -> bool {
        matches!(self.session.page(), Page::Attract)
    }

    /// The ways from here, once they are grown.
    pub fn ways(&self) -> Option<&Ways> {
        self.ways.as_ref()
    }

    /// Takes in what happened and says what is to be done about it, in order.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Tick(now) => return self.tick(now),
            Event::Trees(ways) => {
                // Some may still have been growing over the map that was shown before.
                if self.world.venue().is_some_and(|venue| ways.are_over(venue)) {
                    self.ways = Some(ways);
                }
                return Vec::new();
            }
            Event::Link(link) => {
                self.link = link;
                return Vec::new();
            }
            Event::Saved(result) => return self.saved(result),
            Event::Told(ticket, answer) => return pages::followed::answered(self, ticket, answer),
            Event::Composed(composition) => {
                keyboard::composed(&mut self.session, composition);
                return Vec::new();
            }
            _ => self.idle.touched(),
        }
        match event {
            Event::Start(language) => self.start(language),
            Event::Bar(bar) => self.bar(bar),
            Event::Overlay(event) => self.overlay(event),
            Event::FieldTapped(field) => keyboard::focus(&mut self.session, &self.world, field),
            Event::FieldCleared(field) => keyboard::clear(&mut self.session, field),
            Event::Keyboard(key) if *self.session.page() == Page::Follow => pages::follow::press(self, key),
            Event::Keyboard(key) => keyboard::press(&mut self.session, key),
            Event::PlaceChosen(place) => self.place_chosen(place),
            Event::Home(event) => pages::home::handle(self, event),
            Event::Find(event) => pages::find::handle(self, event),
            Event::Route(event) => pages::route::handle(self, event),
            Event::Menu(index) => self.menu(index),
            Event::Form(event) => pages::form::handle(self, event),
            Event::ReviewChange(row) => pages::review::change(self, row),
            Event::HelpShowDesk | Event::Follow(FollowEvent::ShowDesk) => pages::help::show_desk(self),
            Event::Follow(FollowEvent::GiveUp) => self.back(),
            Event::Activity
            | Event::Tick(_)
            | Event::Trees(_)
            | Event::Link(_)
            | Event::Saved(_)
            | Event::Told(..)
            | Event::Composed(_) => Vec::new(),
        }
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        if self.is_resting() {
            self.minutes = self.minutes.wrapping_add(1);
            return Vec::new();
        }
        // A disk that is slow must not look like a visitor who left.
        if self.session.saving {
            return Vec::new();
        }
        self.idle.second();
        match self.standing() {
            Standing::Over => self.end_visit(),
            Standing::Fine | Standing::Warn { .. } => pages::followed::second(self),
        }
    }

    fn doing(&self) -> Doing {
        match self.session.page() {
            Page::Attract => Doing::Nothing,
            Page::Home | Page::Find | Page::Menu(_) => Doing::Browsing,
            Page::Route(_) | Page::Form(_) | Page::Pointing(_) | Page::Review | Page::Help(_) => Doing::Form,
            Page::Follow | Page::Followed => Doing::Form,
            Page::Thanks(_) => Doing::Receipt,
        }
    }

    fn standing(&self) -> Standing {
        self.idle.standing(self.doing(), self.session.text_size)
    }

    fn start(&mut self, language: Option<Language>) -> Vec<Effect> {
        if self.is_resting() {
            if let Some(language) = language.filter(|l| SPOKEN.contains(l)) {
                self.session.language = language;
            }
            self.session.pages.push(Page::Home);
        }
        Vec::new()
    }

    /// Ends the visit: everything of it is dropped, here and wherever an effect reaches.
    pub(crate) fn end_visit(&mut self) -> Vec<Effect> {
        self.session = Session::new(self.world.first_language);
        self.idle.touched();
        vec![Effect::Input(InputCommand::Wipe), Effect::Forget]
    }

    fn bar(&mut self, bar: Bar) -> Vec<Effect> {
        match bar {
            Bar::Back => self.back(),
            Bar::Home => self.home(),
            Bar::Language => self.show(Overlay::Language),
            Bar::Access => self.show(Overlay::Access),
            Bar::CallStaff => self.go(Page::Help(pages::help::Call::Asking)),
            Bar::Primary => self.primary(),
        }
    }

    fn show(&mut self, overlay: Overlay) -> Vec<Effect> {
        self.session.overlay = Some(overlay);
        vec![Effect::Input(self.session.blur())]
    }

    /// Opens a page on top of this one.
    pub(crate) fn go(&mut self, page: Page) -> Vec<Effect> {
        let reset = self.session.blur();
        if self.session.page() != &page {
            self.session.pages.push(page);
        }
        vec![Effect::Input(reset)]
    }

    /// Replaces the page on the screen by another of the same errand.
    pub(crate) fn turn(&mut self, page: Page) -> Vec<Effect> {
        let reset = self.session.blur();
        self.session.pages.pop();
        self.session.pages.push(page);
        vec![Effect::Input(reset)]
    }

    fn back(&mut self) -> Vec<Effect> {
        if self.session.focus.is_some() {
            return vec![Effect::Input(self.session.blur())];
        }
        if *self.session.page() == Page::Followed {
            return pages::followed::leave(self);
        }
        if let Some(previous) = pages::previous_step(self) {
            return self.turn(previous);
        }
        if self.session.pages.len() > 2 {
            if pages::is_form(self.session.page()) && self.session.has_unsent() {
                return self.show(Overlay::Discard);
            }
            self.session.pages.pop();
        }
        vec![Effect::Input(self.session.blur())]
    }

    fn home(&mut self) -> Vec<Effect> {
        match self.session.page() {
            Page::Attract => Vec::new(),
            Page::Thanks(_) => self.show_home(),
            _ if self.session.has_unsent() => self.show(Overlay::Discard),
            _ => self.show_home(),
        }
    }

    fn show_home(&mut self) -> Vec<Effect> {
        self.session.clear_forms();
        self.session.group = None;
        self.session.pages.truncate(1);
        self.session.pages.push(Page::Home);
        self.session.overlay = None;
        vec![Effect::Input(self.session.blur())]
    }

    fn overlay(&mut self, event: OverlayEvent) -> Vec<Effect> {
        match event {
            OverlayEvent::Close => self.session.overlay = None,
            OverlayEvent::Language(language) => {
                if SPOKEN.contains(&language) {
                    self.session.language = language;
                }
                self.session.overlay = None;
                return pages::followed::ask_again(self);
            }
            OverlayEvent::TextSize(size) => self.session.text_size = size,
            OverlayEvent::Contrast(contrast) => self.session.contrast = contrast,
            OverlayEvent::StillHere => {}
            OverlayEvent::Finish => return self.end_visit(),
            OverlayEvent::Discard => return self.show_home(),
        }
        Vec::new()
    }

    fn primary(&mut self) -> Vec<Effect> {
        match self.session.page().clone() {
            Page::Attract | Page::Home | Page::Find | Page::Menu(_) => Vec::new(),
            Page::Route(_) => pages::home::handle(self, crate::event::HomeEvent::Search),
            Page::Form(step) => pages::form::next(self, step),
            Page::Pointing(looking) => pages::form::pointing::done(self, &looking),
            Page::Review => self.send(pages::form::said(self)),
            Page::Follow => pages::follow::submit(self),
            Page::Help(_) => pages::help::call(self),
            Page::Followed if self.session.following.told.is_none() => Vec::new(),
            Page::Thanks(_) | Page::Followed => self.end_visit(),
        }
    }

    /// The ticket of the next question.
    pub(crate) fn next_ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    /// Has a submission put on the disk. Until the answer comes there is no second one.
    pub(crate) fn send(&mut self, said: Option<crate::outbox::Said>) -> Vec<Effect> {
        match said {
            Some(said) if !self.session.saving => {
                self.session.saving = true;
                self.session.overlay = None;
                vec![Effect::Save(Box::new(said))]
            }
            _ => Vec::new(),
        }
    }

    fn saved(&mut self, result: Result<Receipt, SaveFailed>) -> Vec<Effect> {
        if !self.session.saving {
            // The visit ended while the disk was busy; the submission is safe all the same.
            return vec![Effect::WakeSync];
        }
        self.session.saving = false;
        match result {
            Ok(receipt) => {
                self.session.clear_forms();
                self.session.pages.truncate(1);
                self.session.pages.push(Page::Home);
                self.session.pages.push(pages::after(receipt));
                vec![Effect::Input(InputCommand::Wipe), Effect::WakeSync]
            }
            Err(SaveFailed::Disk) => {
                self.session.overlay = Some(Overlay::NotSaved);
                Vec::new()
            }
        }
    }

    fn menu(&mut self, index: usize) -> Vec<Effect> {
        match *self.session.page() {
            Page::Menu(menu) => pages::menu::choose(self, menu, index),
            _ => Vec::new(),
        }
    }

    fn place_chosen(&mut self, place: FeatureId) -> Vec<Effect> {
        if let Page::Form(step) = *self.session.page() {
            return pages::form::place_chosen(self, step, place);
        }
        self.show_route(place, TravelProfile::Walking)
    }

    /// Shows the way to a place.
    pub(crate) fn show_route(&mut self, place: FeatureId, profile: TravelProfile) -> Vec<Effect> {
        match pages::route::Shown::new(self, place, profile) {
            Some(shown) => self.go(Page::Route(shown)),
            None => Vec::new(),
        }
    }

    /// The nearest place of a kind, by the way of moving that takes the least time.
    pub(crate) fn nearest(&self, facility: wayfinding::venue::Facility) -> Option<FeatureId> {
        let found = self.ways.as_ref()?.tree(TravelProfile::Walking).nearest(facility, 1);
        found.first().map(|(place, _)| *place)
    }

    /// A word of the kiosk in the visitor's language.
    pub(crate) fn word(&self, key: &str) -> String {
        words().get(self.session.language, key)
    }

    /// The same with values filled in.
    pub(crate) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        words().fill(self.session.language, key, values)
    }

    /// What is on the screen.
    pub fn view(&self) -> View {
        let s = &self.session;
        View {
            language: s.language,
            languages: SPOKEN.to_vec(),
            text_size: s.text_size,
            contrast: s.contrast,
            header: self.header(),
            bar: self.bar_view(),
            page: pages::view(self),
            keyboard: keyboard::view(s, &self.world),
            overlay: self.overlay_view(),
        }
    }

    fn header(&self) -> HeaderView {
        let language = self.session.language;
        let local = self.world.local(self.now);
        let clock = calendar::clock(local);
        let Some(s) = &self.world.surroundings else {
            return HeaderView { clock, ..HeaderView::default() };
        };
        let sign = s.venue.level(s.spot.level).short_name.get(language);
        HeaderView {
            mall: s.venue.name().get(language).to_owned(),
            here: format!("{sign} · {}", s.spot.name.get(language)),
            clock,
            hours: calendar::open_state(language, s.venue.hours(), local).words,
        }
    }

    fn bar_view(&self) -> BarView {
        let page = self.session.page();
        let primary = pages::primary(self).map(|(key, ready)| Primary {
            label: self.word(key),
            ready: if ready && !self.session.saving { Shown::Yes } else { Shown::No },
        });
        let unless = |hidden: bool| if hidden { Shown::No } else { Shown::Yes };
        BarView {
            back: unless(matches!(page, Page::Attract | Page::Home | Page::Thanks(_))),
            home: unless(matches!(page, Page::Attract | Page::Home)),
            language: self.session.language.own_name().to_owned(),
            primary,
        }
    }

    /// How often the attract screen has ticked, for moving it about.
    pub(crate) fn minutes(&self) -> u32 {
        self.minutes
    }
}

mod overlay;
#[cfg(test)]
mod tests;
