//! Events: a touch of the visitor, or an arrival from outside.
//!
//! Touches come from the window. Arrivals come from the clock, the input method, the outbox and the server.
//! Neither contains a reference or a handle, so a visit can be recorded as a list and replayed.

use domain::Timestamp;
use domain::language::Language;
use domain::wire::CaseStatus;
use wayfinding::venue::FeatureId;

use crate::case_lookup::{LookupError, RequestId};
use crate::input::Composition;
use crate::outbox::Receipt;
use crate::pages::PageTouch;
use crate::routes::KioskRoutes;
use crate::view::{Contrast, Field, TextSize};
pub use crate::visit::cx::Link;
pub use crate::visit::keyboard::Key;

/// One event for the application.
#[derive(Clone, Debug)]
pub enum Event {
    /// The visitor touched the screen or pressed a key.
    Touch(Touch),
    /// The clock, a worker or the server reports something.
    Arrival(Arrival),
}

/// An action of the visitor. It resets the idle timer, unless an overlay covers it.
#[derive(Clone, Debug)]
pub enum Touch {
    /// Any touch or key, whether or not it has a meaning.
    Activity,
    /// A button on the bottom bar.
    Bar(Bar),
    /// A button in an overlay.
    Overlay(OverlayTouch),
    /// A control that only this page has.
    Page(PageTouch),
    /// A place was chosen in a list or on a map.
    PlaceChosen(FeatureId),
    /// A text field was touched.
    FieldTapped(Field),
    /// The clear button of a text field was touched.
    FieldCleared(Field),
    /// A key of the screen keyboard or a real one.
    Key(Key),
}

/// A report from outside.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// The time. It arrives once a second during a visit, and once a minute otherwise.
    Tick(Timestamp),
    /// The input method answered.
    Composed(Composition),
    /// The outbox answered: the submission is saved, or could not be.
    Saved(Result<Receipt, SaveFailed>),
    /// The server answered a case lookup, or the lookup failed.
    CaseStatusArrived(RequestId, Result<Box<CaseStatus>, LookupError>),
    /// Whether the server is reachable.
    Link(Link),
    /// The routes from this kiosk were recomputed.
    RoutesReady(KioskRoutes),
}

/// Why a submission could not be saved. The page tells the visitor what to do, not the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveFailed {
    /// The disk is full or fails.
    Disk,
}

/// A button of the bar, which is the same on every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    Back,
    /// Go to the home page. A form that was begun stays.
    Home,
    /// Open the language panel.
    Language,
    /// Open the panel for text size and contrast.
    Access,
    CallStaff,
    /// The primary action of the page.
    Primary,
}

/// A touch in an overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverlayTouch {
    Close,
    /// Switch to this language.
    Language(Language),
    /// Switch to this text size.
    TextSize(TextSize),
    /// Switch to this contrast.
    Contrast(Contrast),
    /// The visitor is still there.
    StillHere,
    /// End the visit and drop all its data now.
    Finish,
    /// Discard the form that was begun, and open the other one, or end the visit if no other was touched.
    Discard,
    /// Return to the form that was begun.
    KeepDraft,
    /// Try again to save.
    Retry,
}

impl From<Touch> for Event {
    fn from(touch: Touch) -> Self {
        Self::Touch(touch)
    }
}

impl From<Arrival> for Event {
    fn from(arrival: Arrival) -> Self {
        Self::Arrival(arrival)
    }
}

impl From<Bar> for Event {
    fn from(bar: Bar) -> Self {
        Touch::Bar(bar).into()
    }
}

impl From<OverlayTouch> for Event {
    fn from(touch: OverlayTouch) -> Self {
        Touch::Overlay(touch).into()
    }
}

impl From<Key> for Event {
    fn from(key: Key) -> Self {
        Touch::Key(key).into()
    }
}

impl<T: Into<PageTouch>> From<T> for Event {
    fn from(touch: T) -> Self {
        Touch::Page(touch.into()).into()
    }
}
