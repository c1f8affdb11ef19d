//! What the window shows, as plain data: words already chosen, numbers already written out.
//!
//! A [`View`] is made from the application after every event. The window copies it into properties and
//! adds nothing. Whatever a visitor typed is in here while it is on the screen, so a view is never logged.

mod follow;
mod form;
mod forms;
mod places;

use domain::language::Language;

pub use follow::{FollowView, FollowedView, MessageRow, PromiseView, StageRow, StageState};
pub use form::{CardView, FormStep, FormView, ItemAsk, ItemView, MenuCard, MenuView};
pub use forms::{HelpView, Notice, ProgressView, ReviewRow, ReviewView, ThanksView};
pub use places::{
    AttractView, DoorView, Errand, Extent, FindView, HomeView, LevelButton, MapScene, PlaceRow, ProfileChip,
    RouteView, StepRow,
};

/// How large text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextSize {
    /// For most.
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

/// Keys on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Latin letters.
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
    /// Name.
    Name,
    /// Telephone.
    Phone,
    /// E-mail.
    Email,
    /// The number on a receipt.
    CaseNumber,
    /// The code on a receipt.
    CaseCode,
}

/// Everything on the screen.
#[derive(Clone, PartialEq)]
pub struct View {
    /// The language of all words in it.
    pub language: Language,
    /// Other languages that may be chosen.
    pub languages: Vec<Language>,
    /// How large text is.
    pub text_size: TextSize,
    /// How colours are chosen.
    pub contrast: Contrast,
    /// The top of the page.
    pub header: HeaderView,
    /// The bottom of the page.
    pub bar: BarView,
    /// The page itself.
    pub page: PageView,
    /// The keyboard, while a field is being typed in.
    pub keyboard: Option<KeyboardView>,
    /// What lies over the page.
    pub overlay: Option<OverlayView>,
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
    pub back: Shown,
    /// Whether there is a way home.
    pub home: Shown,
    /// The name of the language that is spoken now.
    pub language: String,
    /// The one thing this page is for.
    pub primary: Option<Primary>,
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// It is.
    Yes,
    /// It is not.
    #[default]
    No,
}

/// Whether something is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chosen {
    /// It is.
    Yes,
    /// It is not.
    #[default]
    No,
}

/// The main button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Primary {
    /// What it does.
    pub label: String,
    /// Whether it can be pressed now.
    pub ready: Shown,
}

impl View {
    /// Which page it is, whatever is on it.
    pub fn page_kind(&self) -> std::mem::Discriminant<PageView> {
        std::mem::discriminant(&self.page)
    }
}

/// Which page, and what is on it.
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
#[derive(Clone, PartialEq)]
pub enum PageView {
    /// Nobody is here.
    Attract(AttractView),
    /// The first page.
    Home(HomeView),
    /// The list of places.
    Find(FindView),
    /// The way to a place.
    Route(RouteView),
    /// Forms to choose from.
    Menu(MenuView),
    /// A step of a form.
    Form(FormView),
    /// Everything once more before it is sent.
    Review(ReviewView),
    /// The receipt.
    Thanks(ThanksView),
    /// The number and the code on a receipt.
    Follow(FollowView),
    /// What became of it.
    Followed(FollowedView),
    /// Calling somebody.
    Help(HelpView),
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
    pub focused: Chosen,
    /// `120 / 500`, when it says how much fits.
    pub count: String,
    /// What is wrong and how to mend it; empty when nothing is.
    pub error: String,
}

/// A filter of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChipView {
    /// Its words.
    pub label: String,
    /// Its icon; may be empty.
    pub icon: &'static str,
    /// Whether it is on.
    pub chosen: Chosen,
}

/// The keyboard.
#[derive(Clone, PartialEq)]
pub struct KeyboardView {
    /// Which keys.
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
    pub multiline: Chosen,
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
        sizes: Vec<(TextSize, String, Chosen)>,
        /// `High contrast`, and whether it is on.
        contrast: (String, Chosen),
        /// What the closing button says.
        close: String,
    },
    /// Is anybody still there?
    Inactivity {
        /// The question.
        title: String,
        /// What happens if not.
        text: String,
        /// Seconds left.
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
        /// The question.
        title: String,
        /// What is lost.
        text: String,
        /// Stay.
        keep: String,
        /// Leave.
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
