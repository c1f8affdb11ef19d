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

use crate::case_lookup::RequestId;
use crate::effect::{Effect, InputCommand};
use crate::event::{Arrival, Bar, Event, OverlayTouch, SaveFailed, Touch};
use crate::outbox::Receipt;
use crate::pages::{self, Act, PageProperties, form, help, rated};
use crate::routes::KioskRoutes;
use crate::visit::cx::Cx;
use crate::visit::idle::{Activity, Idle, IdleState};
use crate::visit::keyboard;
use crate::visit::page::Page;
use crate::visit::rating::Rating;
use crate::visit::{Overlay, Saving};
use crate::words::spoken;
use crate::world::World;

/// The time between two ticks while no visitor is there, in seconds.
const RESTING_TICK_S: u32 = 60;
/// After this time without an answer of the disk the idle timer goes on, in seconds.
const SAVING_PATIENCE_S: u32 = 30;

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

    /// Shows another world, while no visitor is there.
    pub fn replace_world(&mut self, world: World) {
        self.cx.replace_world(world);
    }

    /// Whether no visitor is there, so that the clock may tick slowly.
    pub fn is_resting(&self) -> bool {
        *self.cx.visit.page() == Page::Attract
    }

    /// Whether somebody still waits for the answer to this lookup.
    pub fn awaits(&self, request: RequestId) -> bool {
        let asked = self.cx.visit.lookup.waiting.map(|(request, _)| request);
        let about_call = self.cx.call.as_ref().and_then(|call| call.question());
        [asked, about_call].contains(&Some(request))
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
        let mut effects = match event.into() {
            Event::Touch(touch) => self.touch(touch),
            Event::Arrival(arrival) => self.arrive(arrival),
        };
        effects.extend(help::settle(&mut self.cx));
        effects.extend(rated::settle(&mut self.cx));
        effects
    }

    fn touch(&mut self, touch: Touch) -> Vec<Effect> {
        if self.is_covered(&touch) {
            return Vec::new();
        }
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

    /// Whether an overlay covers the control of this touch, or a form is being saved. Such a touch has no
    /// effect. It does not even show that a visitor is there, because only the two answers of the inactivity
    /// warning do.
    fn is_covered(&self, touch: &Touch) -> bool {
        if let IdleState::Warn { .. } = self.idle_state() {
            return !matches!(touch, Touch::Overlay(OverlayTouch::StillHere | OverlayTouch::Finish));
        }
        let visit = &self.cx.visit;
        let is_open = visit.overlay.is_some() && !matches!(touch, Touch::Overlay(_) | Touch::Activity);
        // While a form is being saved, nothing may change it or take its place.
        let is_saving = matches!(visit.saving, Some((Saving::Form, _))) && !matches!(touch, Touch::Activity);
        is_open || is_saving
    }

    fn arrive(&mut self, arrival: Arrival) -> Vec<Effect> {
        let cx = &mut self.cx;
        match arrival {
            Arrival::Tick(now) => return self.tick(now),
            Arrival::Saved(result) => return self.saved(result),
            Arrival::CaseStatusArrived(request, answer) => {
                return match help::answered(cx, request, answer) {
                    Some(answer) => pages::case_status::arrived(cx, request, answer),
                    None => self.call_changed(),
                };
            }
            Arrival::Composed(composition) => keyboard::composed(&mut cx.visit, composition),
            Arrival::Link(link) => cx.set_link(link),
            Arrival::RoutesReady(routes) => cx.set_routes(routes),
        }
        Vec::new()
    }

    /// A call that ends while nobody is there needs no mention.
    fn call_changed(&mut self) -> Vec<Effect> {
        if self.is_resting() {
            self.cx.call.take_if(|call| call.is_over());
        }
        Vec::new()
    }

    fn properties(&self) -> PageProperties {
        pages::properties(self.cx.visit.page())
    }

    fn idle_state(&self) -> IdleState {
        let activity = match (self.properties().activity, self.cx.visit.overlay) {
            // A page that counts down does not do so under an overlay.
            (Activity::Leaving, Some(_)) => Activity::Reading,
            (activity, _) => activity,
        };
        self.idle.state(activity, self.cx.visit.text_size)
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        self.cx.set_now(now);
        if self.is_resting() {
            self.cx.count_resting_tick();
            return help::pass(&mut self.cx, RESTING_TICK_S);
        }
        // A slow disk must not look like a visitor who has left.
        if let Some((_, seconds)) = &mut self.cx.visit.saving
            && *seconds < SAVING_PATIENCE_S
        {
            *seconds += 1;
            return Vec::new();
        }
        self.idle.second();
        if self.cx.visit.overlay.is_none() {
            self.cx.visit.second();
        }
        if self.cx.visit.left_receipt.is_none() {
            if *self.cx.visit.page() == Page::Farewell {
                return self.end_visit();
            }
            self.cx.visit.close(&Page::Farewell);
        }
        if *self.cx.visit.page() == Page::Rated
            && self.cx.visit.overlay.is_none()
            && rated::second(&mut self.cx)
        {
            return self.primary();
        }
        match self.idle_state() {
            IdleState::Over => self.end_visit(),
            IdleState::Fine | IdleState::Warn { .. } => {
                let mut effects = pages::case_status::second(&mut self.cx);
                effects.extend(help::pass(&mut self.cx, 1));
                effects
            }
        }
    }

    /// Ends the visit and drops all its data, here and in what the effects reach.
    fn end_visit(&mut self) -> Vec<Effect> {
        let unsaved: Vec<_> =
            [help::waiting(&self.cx), rated::draft(&self.cx)].into_iter().flatten().collect();
        self.cx.end_visit(unsaved.len());
        self.idle.touched();
        let mut effects = vec![Effect::Input(InputCommand::Wipe), Effect::Forget];
        effects.extend(unsaved.into_iter().map(|draft| Effect::Save(Box::new(draft))));
        effects
    }

    fn bar(&mut self, bar: Bar) -> Vec<Effect> {
        match bar {
            Bar::Back => self.back(),
            Bar::Home => self.home(),
            Bar::Language => self.show(Overlay::Language),
            Bar::Access => self.show(Overlay::Access),
            Bar::CallStaff => self.cx.go(Page::Help),
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
            // The visit must not end with a form that was begun, unless the visitor says so.
            Some(Act::EndVisit) if self.cx.visit.has_draft() => self.show(Overlay::Discard),
            Some(Act::EndVisit) => self.end_visit(),
            None => Vec::new(),
        }
    }

    fn back(&mut self) -> Vec<Effect> {
        let cx = &mut self.cx;
        if cx.visit.focus.is_some() {
            return cx.blur();
        }
        if let Some(effects) = pages::back(cx) {
            return effects;
        }
        cx.visit.step_back();
        cx.blur()
    }

    fn home(&mut self) -> Vec<Effect> {
        if self.is_resting() {
            return Vec::new();
        }
        let visit = &mut self.cx.visit;
        visit.clear_search_and_lookup();
        visit.return_home();
        visit.blur()
    }

    fn overlay(&mut self, touch: OverlayTouch) -> Vec<Effect> {
        let visit = &mut self.cx.visit;
        match touch {
            OverlayTouch::Close => {
                visit.overlay = None;
                visit.next_form = None;
            }
            OverlayTouch::Language(language) => {
                if spoken().contains(&language) {
                    visit.language = language;
                }
                visit.overlay = None;
                if let Some(call) = &mut self.cx.call {
                    call.hurry();
                }
                return pages::case_status::ask_again(&mut self.cx);
            }
            OverlayTouch::TextSize(size) => {
                visit.text_size = size;
                // Larger text gives more time.
                if let Some(rating) = &mut visit.rating {
                    rating.seconds = Rating::new(rating.face, size).seconds;
                }
            }
            OverlayTouch::Contrast(contrast) => visit.contrast = contrast,
            OverlayTouch::StillHere => {}
            OverlayTouch::Finish => return self.end_visit(),
            OverlayTouch::Discard | OverlayTouch::KeepDraft => {
                if visit.overlay != Some(Overlay::Discard) {
                    return Vec::new();
                }
                visit.overlay = None;
                return match touch {
                    OverlayTouch::KeepDraft => form::resume(&mut self.cx),
                    _ if visit.next_form.is_some() => form::discard(&mut self.cx),
                    _ => self.end_visit(),
                };
            }
            OverlayTouch::Retry => {
                return match visit.overlay.take_if(|overlay| matches!(overlay, Overlay::NotSaved(_))) {
                    Some(Overlay::NotSaved(Saving::Form)) => pages::review::send(&mut self.cx),
                    Some(Overlay::NotSaved(Saving::HelpCall(urgency))) => help::retry(&mut self.cx, urgency),
                    Some(Overlay::NotSaved(Saving::CallTakenBack)) => help::take_back(&mut self.cx),
                    // It is sent like any rating whose page was left.
                    Some(Overlay::NotSaved(Saving::Rating(rating))) => {
                        visit.rating = Some(rating);
                        Vec::new()
                    }
                    _ => Vec::new(),
                };
            }
        }
        Vec::new()
    }

    fn saved(&mut self, result: Result<Receipt, SaveFailed>) -> Vec<Effect> {
        // The visit ended before the disk answered. If the submission is saved, it still has to be sent.
        if self.cx.is_late_answer() {
            return vec![Effect::WakeSync];
        }
        let visit = &mut self.cx.visit;
        let Some((saving, _)) = visit.saving.take() else { return vec![Effect::WakeSync] };
        match (result, saving) {
            (Ok(receipt), Saving::Form) => {
                if receipt.kind == Kind::Feedback {
                    rated::sent_in_form(&mut self.cx);
                }
                let visit = &mut self.cx.visit;
                visit.clear_form();
                visit.return_home();
                visit.open(Page::Thanks(Box::new(receipt)));
                vec![Effect::Input(InputCommand::Wipe), Effect::WakeSync]
            }
            (Ok(receipt), Saving::HelpCall(urgency)) => {
                help::called(&mut self.cx, receipt, urgency);
                vec![Effect::WakeSync]
            }
            (Ok(_), Saving::CallTakenBack) => {
                self.cx.call = None;
                vec![Effect::WakeSync]
            }
            (Ok(_), Saving::Rating(_)) => {
                visit.has_rated = true;
                vec![Effect::WakeSync]
            }
            (Err(SaveFailed::Disk), _) => {
                visit.overlay = Some(Overlay::NotSaved(saving));
                Vec::new()
            }
        }
    }
}
