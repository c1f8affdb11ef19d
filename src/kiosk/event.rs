//! What can happen to the application: a touch of the visitor, or an arrival from outside.
//!
//! Touches come from the window; arrivals from the clock, the input method, the outbox and the server.
//! Neither carries a reference or a handle, so that a whole visit can be written down as a list and played
//! again.

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

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The visitor did something.
    Touch(Touch),
    /// Something came from outside.
    Arrival(Arrival),
}

/// What a visitor did. Each is a sign that somebody is there.
#[derive(Clone, Debug)]
pub enum Touch {
    /// The screen was touched or a key pressed, whatever it meant.
    Activity,
    /// Something on the bottom bar.
    Bar(Bar),
    /// Something in a dialog or panel over the page.
    Overlay(OverlayTouch),
    /// Something that only this page has.
    Page(PageTouch),
    /// A place was chosen, in a list or on a map.
    PlaceChosen(FeatureId),
    /// A text field was touched.
    FieldTapped(Field),
    /// What stands in a text field was taken back with one touch.
    FieldCleared(Field),
    /// The keyboard on the screen, or a real one.
    Key(Key),
}

/// What came from outside.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// Time went by. Comes once a second while somebody is there, once a minute otherwise.
    Tick(Timestamp),
    /// The input method answered.
    Composed(Composition),
    /// The outbox answered: the submission is safe on the disk, or it is not.
    Saved(Result<Receipt, SaveFailed>),
    /// The server told what became of a case, or did not.
    CaseStatusArrived(RequestId, Result<Box<CaseStatus>, LookupError>),
    /// Whether the server answers at present.
    Link(Link),
    /// The routes from this kiosk were computed anew.
    RoutesReady(KioskRoutes),
}

/// Why a submission is not safe. The visitor is told the way out, not the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveFailed {
    /// There is no room, or the disk does not answer.
    Disk,
}

/// The bar at the bottom, the same on every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// One step back.
    Back,
    /// To the home page; what was typed is dropped after asking.
    Home,
    /// Open the choice of languages.
    Language,
    /// Open text size and other aids.
    Access,
    CallStaff,
    /// The one thing this page is for.
    Primary,
}

/// Panels and dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverlayTouch {
    Close,
    /// Speak this language.
    Language(Language),
    /// Write in this size.
    TextSize(TextSize),
    /// Choose colours so.
    Contrast(Contrast),
    /// "I am still here".
    StillHere,
    /// "I am done": forget everything now.
    Finish,
    /// Leave the form and drop what was typed.
    Discard,
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
