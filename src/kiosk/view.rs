//! The view models that the window shows, as plain data: texts are final and numbers are formatted.
//!
//! This module has the parts of pages, frame and overlays; [`crate::app::View`] combines them after every
//! event. The window copies it into properties and adds nothing. A view contains what a visitor typed, so it
//! is never logged.

use domain::language::Language;
use domain::place::MapPoint;
use wayfinding::route::TravelProfile;
use wayfinding::venue::{Facility, FeatureId, LevelIndex};

/// The size of all text on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextSize {
    #[default]
    Normal,
    /// Capitals of 0.7° at 60 cm (EN 301 549, 5.1.4).
    Large,
    /// Han characters of 12 mm (KS X 9211).
    ExtraLarge,
}

impl TextSize {
    /// Every size, from small to large.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::ExtraLarge];
}

/// The colour scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Contrast {
    /// Muted colours on a paper background.
    #[default]
    Normal,
    /// Light on black, with a contrast of at least 7:1 (WCAG 2.2, 1.4.6).
    High,
}

/// A direction of the caret or of the zoom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Forward, or zoom in.
    Next,
    /// Back, or zoom out.
    Previous,
}

/// A layout of the screen keyboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    #[default]
    Latin,
    /// Latin letters that the input method turns into Han characters.
    Pinyin,
    /// Digits and signs.
    Digits,
    /// Capitals and digits together, for text that is copied from a receipt.
    Code,
    /// The digits of a telephone.
    Phone,
    /// Letters, digits and the signs of an e-mail address.
    Email,
}

/// A text field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The search for a destination.
    Search,
    /// The search for the place that a submission is about.
    PlaceSearch,
    /// The text answer to the question with this index in the form, from 0.
    Answer(u8),
    Name,
    Phone,
    Email,
    /// The case number of a receipt.
    CaseNumber,
    /// The receipt code.
    CaseCode,
}

/// The header at the top of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderView {
    /// The mall's name.
    pub mall: String,
    /// The place of this kiosk: `L2 · West wing`.
    pub here: String,
    /// `14:32`.
    pub clock: String,
    /// `Open today until 22:00`.
    pub hours: String,
}

/// The bar at the bottom of the page. Every button keeps its position; an unavailable one is hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BarView {
    /// Whether the back button is shown.
    pub back: bool,
    /// Whether the home button is shown.
    pub home: bool,
    /// The name of the current language.
    pub language: String,
    /// The button of the primary action.
    pub primary: Option<PrimaryView>,
}

/// The button of the primary action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryView {
    pub label: String,
    /// Whether the button is enabled.
    pub ready: bool,
    pub place: PrimaryPlace,
}

/// Where the button of the primary action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrimaryPlace {
    /// In the bar.
    Bar,
    /// On the page, because the primary action of the page before stands in the bar and must not be followed
    /// by this one with a second touch.
    Page,
}

/// The content of a text field.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FieldView {
    pub label: String,
    /// The grey hint while the field is empty.
    pub hint: String,
    /// The text before the caret.
    pub before: String,
    /// The composition of the input method, at the caret.
    pub composing: String,
    /// The text after the caret.
    pub after: String,
    /// Whether the field has the focus.
    pub focused: bool,
    /// The number of characters, `120 / 500`; empty if the field shows none.
    pub count: String,
    /// Whether little room is left.
    pub nearly_full: bool,
    /// The error with its remedy; empty without one.
    pub error: String,
}

/// A filter of a list, or an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChipView {
    pub label: String,
    /// The name of its icon; may be empty.
    pub icon: &'static str,
    /// Whether the chip is selected.
    pub chosen: bool,
}

#[derive(Clone, PartialEq)]
pub struct KeyboardView {
    pub layout: Layout,
    /// The layouts to switch to.
    pub layouts: Vec<Layout>,
    /// The keys that are being composed.
    pub preedit: String,
    /// The candidates for them.
    pub candidates: Vec<String>,
    /// The label of the key that ends typing.
    pub done: String,
    /// Whether that key starts a new line instead.
    pub multiline: bool,
}

/// The overlay over the page.
#[derive(Clone, PartialEq)]
pub enum OverlayView {
    /// The language panel.
    Language {
        /// `Language`.
        title: String,
    },
    /// The panel for text size and contrast.
    Access {
        /// `Text size and contrast`.
        title: String,
        /// Each size with its name and whether it is selected.
        sizes: Vec<(TextSize, String, bool)>,
        /// `High contrast`, and whether it is on.
        contrast: (String, bool),
        /// The label of the close button.
        close: String,
    },
    /// The inactivity warning.
    Inactivity {
        title: String,
        /// What happens when the time is over.
        text: String,
        seconds: u8,
        /// The length of the countdown in seconds.
        of: u8,
        /// `I'm still here`.
        stay: String,
        /// `End and clear`.
        finish: String,
    },
    /// The question whether to discard the form that was begun.
    Discard {
        title: String,
        /// What will be lost.
        text: String,
        keep: String,
        discard: String,
    },
    /// The submission could not be saved.
    NotSaved {
        /// That the submission is not saved.
        title: String,
        /// What to do.
        text: String,
        /// The label of the button that tries again.
        retry: String,
        /// The label of the button back to the form.
        close: String,
    },
}

/// The position in a form: `Complaint · step 1 of 4`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgressView {
    pub words: String,
    /// The number of the step, from 1.
    pub step: u8,
    /// The number of steps.
    pub of: u8,
}

/// A heading with a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub title: String,
    pub text: String,
}

/// A picture of a level. The window orders it from [`crate::shell::Shell::draw`] at its own size.
#[derive(Clone, Debug, PartialEq)]
pub struct MapScene {
    pub level: LevelIndex,
    pub language: Language,
    pub text_size: TextSize,
    pub contrast: Contrast,
    /// The destination of the route, if there is one.
    pub destination: Option<(FeatureId, TravelProfile)>,
    /// The landmark of the step that the visitor has reached.
    pub landmark: Option<FeatureId>,
    /// The point that the visitor chose, if it is on this level.
    pub pointed: Option<MapPoint>,
    /// The part of the level that the picture shows.
    pub extent: Extent,
    /// How many times larger the picture is than its frame.
    pub zoom: f32,
    /// A description for visitors who cannot see the picture.
    pub description: String,
}

/// The part of a level that a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The whole level.
    Whole,
    /// The part that contains the route.
    Route,
}

/// A button for a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelButton {
    pub level: LevelIndex,
    /// The sign of the level, `L2`.
    pub sign: String,
    /// The name for screen readers, `Level 2`.
    pub name: String,
    /// Whether the map shows it.
    pub chosen: bool,
    /// Whether the route crosses it.
    pub on_route: bool,
}

/// A card of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuCard {
    pub title: String,
    /// What the form is for, or how far the place is.
    pub hint: String,
    pub icon: &'static str,
}

/// A place in a list, or a facility with several places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// The place, or the nearest place of the facility.
    pub place: FeatureId,
    /// The facility whose kinds the row opens; none for a place.
    pub facility: Option<Facility>,
    pub name: String,
    /// Location and category: `L2-07 · West wing · Café`.
    pub detail: String,
    /// All that the row says beside the name, for screen readers.
    pub description: String,
    pub icon: &'static str,
    /// The location: `L2-07 · West wing`.
    pub place_words: String,
    /// `Open until 22:00`, `Closed, opens 10:00`; empty when unknown.
    pub state: String,
    /// Whether the place is closed now.
    pub closed: bool,
    /// The walking time, `3 min`; empty without a route.
    pub minutes: String,
}
