//! What the window shows, as plain data: words already chosen, numbers already written out.
//!
//! Here are the parts from which pages, frame and overlays are made; a whole [`crate::app::View`] is made
//! after every event. The window copies it into properties and adds nothing. What a visitor typed is in
//! here while it is on the screen, so a view is never logged.

use domain::language::Language;
use domain::place::MapPoint;
use wayfinding::route::TravelProfile;
use wayfinding::venue::{FeatureId, LevelIndex};

/// How large text is.
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
    /// All, from small to large.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::ExtraLarge];
}

/// How colours are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Contrast {
    /// Quiet colours on paper.
    #[default]
    Normal,
    /// Light on black, at least 7:1 (WCAG 2.2, 1.4.6).
    High,
}

/// A direction: of a caret in a text, or of a zoom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// On, or closer.
    Next,
    /// Back, or farther away.
    Previous,
}

/// Keys on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    #[default]
    Latin,
    /// Latin letters that become Han characters.
    Pinyin,
    /// Digits and signs.
    Digits,
    /// Capitals and digits side by side, for what is copied from a receipt.
    Code,
}

/// A field in which a visitor types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Look for a place to go.
    Search,
    /// Look for the place that something is about.
    PlaceSearch,
    /// The words of this question of the form, from 0.
    Answer(u8),
    Name,
    Phone,
    Email,
    /// The number on a receipt.
    CaseNumber,
    /// The code on a receipt.
    CaseCode,
}

/// The top of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderView {
    /// The mall's name.
    pub mall: String,
    /// Where this kiosk stands: `L2 · West wing`.
    pub here: String,
    /// `14:32`.
    pub clock: String,
    /// `Open today until 22:00`.
    pub hours: String,
}

/// The bottom of the page. Every button keeps its place; one without use is not shown there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BarView {
    /// Whether there is a way back.
    pub back: bool,
    /// Whether there is a way home.
    pub home: bool,
    /// The name of the language that is spoken now.
    pub language: String,
    /// The one thing this page is for.
    pub primary: Option<PrimaryView>,
}

/// The main button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryView {
    /// What it does.
    pub label: String,
    /// Whether it can be pressed now.
    pub ready: bool,
}

/// What stands in a text field.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FieldView {
    /// What it asks for.
    pub label: String,
    /// In grey, while it is empty.
    pub hint: String,
    /// Before the caret.
    pub before: String,
    /// Being composed by the input method, at the caret.
    pub composing: String,
    /// After the caret.
    pub after: String,
    /// Whether this is where keys go.
    pub focused: bool,
    /// `120 / 500`, when it says how much fits.
    pub count: String,
    /// What is wrong and how to mend it; empty when nothing is.
    pub error: String,
}

/// A filter of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChipView {
    pub label: String,
    /// Its icon; may be empty.
    pub icon: &'static str,
    /// Whether it is on.
    pub chosen: bool,
}

#[derive(Clone, PartialEq)]
pub struct KeyboardView {
    pub layout: Layout,
    /// Which other keys can be had.
    pub layouts: Vec<Layout>,
    /// What is being composed.
    pub preedit: String,
    /// What it may become.
    pub candidates: Vec<String>,
    /// What the key that ends typing says.
    pub done: String,
    /// Whether that key starts a new line instead.
    pub multiline: bool,
}

/// What lies over the page.
#[derive(Clone, PartialEq)]
pub enum OverlayView {
    /// Choose a language.
    Language {
        /// `Language`.
        title: String,
    },
    /// Choose a text size and a contrast.
    Access {
        /// `Text and contrast`.
        title: String,
        /// Each size with its name and whether it is on.
        sizes: Vec<(TextSize, String, bool)>,
        /// `High contrast`, and whether it is on.
        contrast: (String, bool),
        /// What the closing button says.
        close: String,
    },
    /// Is anybody still there?
    Inactivity {
        title: String,
        /// What happens if not.
        text: String,
        seconds: u8,
        /// Of how many.
        of: u8,
        /// `I am still here`.
        stay: String,
        /// `Finish now`.
        finish: String,
    },
    /// Leave the form?
    Discard {
        title: String,
        /// What is lost.
        text: String,
        keep: String,
        discard: String,
    },
    /// It could not be saved.
    NotSaved {
        /// That it is not safe.
        title: String,
        /// The way out.
        text: String,
        /// Try once more: the same as the main button.
        retry: String,
        /// Back to what was written.
        close: String,
    },
}

/// A step of a form: `Complaint · step 1 of 4`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgressView {
    pub words: String,
    /// Which, from 1.
    pub step: u8,
    /// Of how many.
    pub of: u8,
}

/// A heading with a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub title: String,
    pub text: String,
}

/// A picture of a level that the window orders from [`crate::shell::Shell::draw`] at its own size.
#[derive(Clone, Debug, PartialEq)]
pub struct MapScene {
    pub level: LevelIndex,
    /// In which language.
    pub language: Language,
    /// For which text size.
    pub text_size: TextSize,
    /// In which colours.
    pub contrast: Contrast,
    /// Where the route leads, if there is one.
    pub destination: Option<(FeatureId, TravelProfile)>,
    /// Where the visitor pointed, if that is on this level.
    pub pointed: Option<MapPoint>,
    /// What of the level fits into the picture.
    pub extent: Extent,
    /// How many times larger the picture is than its frame.
    pub zoom: f32,
    /// What it shows, in words, for those who do not see it.
    pub description: String,
}

/// What of a level is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// The part that the way needs.
    Route,
}

/// A button for a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelButton {
    pub level: LevelIndex,
    /// Its sign, `L2`.
    pub sign: String,
    /// Its name, for speech: `Level 2`.
    pub name: String,
    /// Whether it is shown now.
    pub chosen: bool,
    /// Whether the route crosses it.
    pub on_route: bool,
}

/// A place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    pub place: FeatureId,
    pub name: String,
    /// What it is: `Café`.
    pub category: String,
    pub icon: &'static str,
    /// Where it is: `L2-07 · West wing`.
    pub place_words: String,
    /// `Open until 22:00`, `Closed, opens 10:00`; empty when unknown.
    pub state: String,
    /// Whether it is closed now.
    pub closed: bool,
    /// `3 min`; empty when no way is known.
    pub minutes: String,
}
