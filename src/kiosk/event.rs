//! What can happen to the application, and what it wants done.
//!
//! Events come from the window, the clock, the input method, the outbox and the sync loop. Effects go to
//! the [`crate::shell`], which obeys. Neither carries a reference or a handle, so that a whole visit can
//! be written down as a list and played again.

use domain::Timestamp;
use domain::language::Language;
use domain::wire::CaseStatus;
use wayfinding::geometry::Point;
use wayfinding::route::TravelProfile;
use wayfinding::venue::{Facility, FeatureId, LevelIndex};

use crate::following::{Held, NotTold, Ticket};
use crate::input::Composition;
use crate::outbox::{Receipt, Said};
use crate::view::{Contrast, Field, Layout, TextSize};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// Time went by. Comes once a second while somebody is there, once a minute otherwise.
    Tick(Timestamp),
    /// The screen was touched or a key pressed, whatever it meant: somebody is there.
    Activity,
    /// The attract screen was touched, or a language on it was.
    Start(Option<Language>),
    /// Something on the bottom bar.
    Bar(Bar),
    /// Something in a dialog or panel over the page.
    Overlay(OverlayEvent),
    /// A door, a chip or the search field of the home page.
    Home(HomeEvent),
    /// A place was chosen, in a list or on a map.
    PlaceChosen(FeatureId),
    /// The list of places.
    Find(FindEvent),
    /// The route page.
    Route(RouteEvent),
    /// A card of a page with forms to choose from. The index is that of the card.
    Menu(usize),
    /// A step of a form.
    Form(FormEvent),
    /// A row of the review page: change what stands there. The index is that of the row.
    ReviewChange(usize),
    /// The page for calling somebody.
    HelpShowDesk,
    /// A text field was touched.
    FieldTapped(Field),
    /// What stands in a text field was taken back with one touch.
    FieldCleared(Field),
    /// The keyboard on the screen, or a real one.
    Keyboard(Key),
    /// The input method answered.
    Composed(Composition),
    /// The outbox answered: the submission is safe on the disk, or it is not.
    Saved(Result<Receipt, SaveFailed>),
    /// The page for following what was sent, and that of the answer.
    Follow(FollowEvent),
    /// The server told what became of a case, or did not.
    Told(Ticket, Result<Box<CaseStatus>, NotTold>),
    /// Whether the server answers at present.
    Link(Link),
    /// The ways from this kiosk were computed anew.
    Trees(crate::ways::Ways),
}

/// Why a submission is not safe. The visitor is told the way out, not the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveFailed {
    /// There is no room, or the disk does not answer.
    Disk,
}

/// Whether what is queued can leave at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Link {
    /// No server is named, or it does not answer.
    #[default]
    Offline,
    /// The server answered the last time.
    Online,
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
    /// Call somebody.
    CallStaff,
    /// The one thing this page is for.
    Primary,
}

/// Panels and dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverlayEvent {
    /// Close it.
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

/// The home page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeEvent {
    /// The search field.
    Search,
    /// The nearest of a kind.
    Nearest(Facility),
    /// A door.
    Door(Door),
}

/// The doors of the home page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The list of all places.
    Places,
    /// What can be said: ratings, praise, ideas, questions, complaints.
    TellUs,
    /// What is brought to a visitor, and what was lost or found.
    Services,
    /// Call somebody.
    CallStaff,
}

/// The list of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindEvent {
    /// Show only this group; the index is that of the chip, and a second touch shows all again.
    Group(usize),
}

/// A direction in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// On.
    Next,
    /// Back.
    Previous,
}

/// The route page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteEvent {
    /// Walk, without steps, with a stroller.
    Profile(TravelProfile),
    /// Show this level.
    Level(LevelIndex),
    /// Show the level of this step of the words.
    Step(usize),
    /// Bigger or smaller.
    Zoom(Turn),
}

/// A step of a form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FormEvent {
    /// Something in a part of the step: an option, a step of a scale, a ready sentence, a box to tick. A
    /// second touch takes it back.
    Pick {
        /// Which part, from the top.
        item: usize,
        /// Where in it; the number itself on a scale.
        index: usize,
    },
    /// It was near this kiosk.
    PlaceHere,
    /// It was nowhere in particular.
    PlaceUnknown,
    /// Show the map, to point at it.
    PlaceOnMap,
    /// The map to point at.
    Map(MapEvent),
}

/// The map on which a visitor points at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MapEvent {
    /// Show this level.
    Level(LevelIndex),
    /// Bigger or smaller.
    Zoom(Turn),
    /// A touch on the picture.
    Touched {
        /// The place that is drawn there, if one is.
        place: Option<FeatureId>,
        /// The point of the level, in metres.
        at: Point,
    },
}

/// Following what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowEvent {
    /// The way to the nearest desk.
    ShowDesk,
    /// Do not wait for the server any longer.
    GiveUp,
}

/// A key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    /// Takes back the character before the caret.
    Backspace,
    /// Moves the caret.
    Caret(Turn),
    /// A new line, or the end of a field of one line.
    Enter,
    /// Takes this candidate of the input method.
    Candidate(usize),
    /// Shows more candidates.
    More,
    /// Other keys.
    Layout(Layout),
    /// Puts the keyboard away.
    Done,
}

/// What somebody types never shows in a log.
impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(hidden)")
    }
}

/// Something that the application wants done.
#[derive(Debug)]
pub enum Effect {
    /// Put this on the disk, then answer with [`Event::Saved`].
    Save(Box<Said>),
    /// Give this to the input method, then answer with [`Event::Composed`].
    Input(InputCommand),
    /// Ask the server what became of a case, then answer with [`Event::Told`].
    LookUp {
        /// Which question.
        ticket: Ticket,
        /// What the visitor holds.
        held: Box<Held>,
        /// The language to answer in.
        language: Language,
    },
    /// The visit is over: drop and overwrite everything that belonged to it.
    Forget,
    /// There is something new to send.
    WakeSync,
}

/// What the input method is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum InputCommand {
    /// A key.
    Feed(char),
    /// Take back one key.
    Backspace,
    /// Take this candidate.
    Select(usize),
    /// More candidates.
    More,
    /// Forget what is being composed.
    Reset,
    /// Forget everything of this visitor.
    Wipe,
}

/// See [`Key`].
impl std::fmt::Debug for InputCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InputCommand(hidden)")
    }
}
