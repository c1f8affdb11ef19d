//! The application: takes one event, returns effects, and has a view of the resulting state.
//!
//! It dispatches events and handles what is the same on every page: the bar, the overlays, the clock. `pages`
//! decides what a touch means to a page; `visit` holds the data of one visitor. Nothing here blocks, reads a
//! clock, or touches a disk, a network or a window, so a visit can be replayed from a list of events.

mod overlay;
#[cfg(test)]
mod tests;
mod view;

use domain::Timestamp;
use domain::kind::Kind;

pub use view::View;

use crate::effect::{Effect, InputCommand};
use crate::event::{Arrival, Bar, Event, OverlayTouch, SaveFailed, Touch};
use crate::outbox::Receipt;
use crate::pages::{self, Act, Leaving, PageProperties};
use crate::routes::KioskRoutes;
use crate::visit::Overlay;
use crate::visit::cx::Cx;
use crate::visit::idle::{Idle, IdleState};
use crate::visit::keyboard;
use crate::visit::page::{HelpCall, Page};
use crate::words::spoken;
use crate::world::World;

/// The state of the kiosk: the visit, the world around it, and the idle timer.
pub struct App {
    cx: Cx,
    idle: Idle,
}

impl App {
    /// An application before the first touch.
    pub fn new(world: World, now: Timestamp) -> Self {
        Self { cx: Cx::new(world, now), idle: Idle::default() }
    }

    /// Whether no visitor is there, so that the clock may tick slowly.
    pub fn is_resting(&self) -> bool {
        *self.cx.visit.page() == Page::Attract
    }

    /// The routes from this kiosk, once they are computed.
    pub fn routes(&self) -> Option<&KioskRoutes> {
        self.cx.routes()
    }

    /// The map, the forms and the languages of this kiosk.
    pub fn world(&self) -> &World {
        self.cx.world()
    }

    /// Updates the world to the places that exist on this day, if no visitor is there. Returns whether
    /// anything changed.
    pub fn apply_validity(&mut self, now: Timestamp) -> bool {
        self.is_resting() && self.cx.apply_validity(now)
    }

    /// What is on the screen.
    pub fn view(&self) -> View {
        view::of(&self.cx, self.idle_state())
    }

    /// Handles an event and returns the effects to execute, in order.
    pub fn handle(&mut self, event: impl Into<Event>) -> Vec<Effect> {
        match event.into() {
            Event::Touch(touch) => self.touch(touch),
            Event::Arrival(arrival) => self.arrive(arrival),
        }
    }

    fn touch(&mut self, touch: Touch) -> Vec<Effect> {
        self.idle.touched();
        let cx = &mut self.cx;
        match touch {
            Touch::Activity => Vec::new(),
            Touch::Bar(bar) => self.bar(bar),
            Touch::Overlay(touch) => self.overlay(touch),
            Touch::Page(touch) => pages::touch(cx, touch),
            Touch::PlaceChosen(place) => pages::place_chosen(cx, place),
            Touch::FieldTapped(field) => cx.focus(field),
            Touch::FieldCleared(field) => keyboard::clear(&mut cx.visit, field),
            Touch::Key(key) => pages::press(cx, key),
        }
    }

    fn arrive(&mut self, arrival: Arrival) -> Vec<Effect> {
        let cx = &mut self.cx;
        match arrival {
            Arrival::Tick(now) => return self.tick(now),
            Arrival::Saved(result) => return self.saved(result),
            Arrival::CaseStatusArrived(request, answer) => {
                return pages::case_status::arrived(cx, request, answer);
            }
            Arrival::Composed(composition) => keyboard::composed(&mut cx.visit, composition),
            Arrival::Link(link) => cx.set_link(link),
            Arrival::RoutesReady(routes) => cx.set_routes(routes),
        }
        Vec::new()
    }

    fn properties(&self) -> PageProperties {
        pages::properties(self.cx.visit.page())
    }

    fn idle_state(&self) -> IdleState {
        self.idle.state(self.properties().activity, self.cx.visit.text_size)
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        self.cx.set_now(now);
        if self.is_resting() {
            self.cx.count_resting_tick();
            return Vec::new();
        }
        // A slow disk must not look like a visitor who has left.
        if self.cx.visit.saving {
            return Vec::new();
        }
        self.idle.second();
        match self.idle_state() {
            IdleState::Over => self.end_visit(),
            IdleState::Fine | IdleState::Warn { .. } => pages::case_status::second(&mut self.cx),
        }
    }

    /// Ends the visit and drops all its data, here and in what the effects reach.
    fn end_visit(&mut self) -> Vec<Effect> {
        self.cx.end_visit();
        self.idle.touched();
        vec![Effect::Input(InputCommand::Wipe), Effect::Forget]
    }

    fn bar(&mut self, bar: Bar) -> Vec<Effect> {
        match bar {
            Bar::Back => self.back(),
            Bar::Home => self.home(),
            Bar::Language => self.show(Overlay::Language),
            Bar::Access => self.show(Overlay::Access),
            Bar::CallStaff => self.cx.go(Page::Help(HelpCall::Asking)),
            Bar::Primary => self.primary(),
        }
    }

    fn show(&mut self, overlay: Overlay) -> Vec<Effect> {
        self.cx.visit.overlay = Some(overlay);
        self.cx.blur()
    }

    fn primary(&mut self) -> Vec<Effect> {
        match (self.properties().primary)(&self.cx).filter(|action| action.ready).map(|action| action.act) {
            Some(Act::Page(act)) => act(&mut self.cx),
            Some(Act::EndVisit) => self.end_visit(),
            None => Vec::new(),
        }
    }

    fn back(&mut self) -> Vec<Effect> {
        let loses_draft = self.properties().leaving == Leaving::LosesDraft;
        let cx = &mut self.cx;
        if cx.visit.focus.is_some() {
            return cx.blur();
        }
        if let Some(effects) = pages::back(cx) {
            return effects;
        }
        if cx.visit.can_go_back() && loses_draft && cx.visit.has_unsent() {
            return self.show(Overlay::Discard);
        }
        cx.visit.step_back();
        cx.blur()
    }

    fn home(&mut self) -> Vec<Effect> {
        if self.is_resting() {
            Vec::new()
        } else if self.cx.visit.has_unsent() {
            self.show(Overlay::Discard)
        } else {
            self.show_home()
        }
    }

    fn show_home(&mut self) -> Vec<Effect> {
        let visit = &mut self.cx.visit;
        visit.clear_forms();
        visit.group = None;
        visit.overlay = None;
        visit.return_home();
        visit.blur()
    }

    fn overlay(&mut self, touch: OverlayTouch) -> Vec<Effect> {
        let visit = &mut self.cx.visit;
        match touch {
            OverlayTouch::Close => visit.overlay = None,
            OverlayTouch::Language(language) => {
                if spoken().contains(&language) {
                    visit.language = language;
                }
                visit.overlay = None;
                return pages::case_status::ask_again(&mut self.cx);
            }
            OverlayTouch::TextSize(size) => visit.text_size = size,
            OverlayTouch::Contrast(contrast) => visit.contrast = contrast,
            OverlayTouch::StillHere => {}
            OverlayTouch::Finish => return self.end_visit(),
            OverlayTouch::Discard => return self.show_home(),
        }
        Vec::new()
    }

    fn saved(&mut self, result: Result<Receipt, SaveFailed>) -> Vec<Effect> {
        let visit = &mut self.cx.visit;
        if !visit.saving {
            // The visit ended before the disk answered. If the submission is saved, it still has to be sent.
            return vec![Effect::WakeSync];
        }
        visit.saving = false;
        match result {
            Ok(receipt) => {
                visit.clear_forms();
                visit.return_home();
                visit.open(after(receipt));
                vec![Effect::Input(InputCommand::Wipe), Effect::WakeSync]
            }
            Err(SaveFailed::Disk) => {
                visit.overlay = Some(Overlay::NotSaved);
                Vec::new()
            }
        }
    }
}

/// The page that shows a receipt.
fn after(receipt: Receipt) -> Page {
    match receipt.kind {
        Kind::ServiceRequest => {
            Page::Help(HelpCall::Called(receipt.answer_due.unwrap_or(receipt.created_at)))
        }
        _ => Page::Thanks(Box::new(receipt)),
    }
}
