//! What the window shows, as plain data: words already chosen, numbers already written out.
//!
//! A [`View`] is made from the application after every event. The window copies it into properties and
//! adds nothing. Whatever a visitor typed is in here while it is on the screen, so a view is never logged.

use domain::language::Language;
use domain::submission::{Category, Remedy, Tag};
use wayfinding::route::Profile;
use wayfinding::venue::{Facility, FeatureId, LevelIndex};

use crate::event::Door;

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
}

/// A field in which a visitor types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Look for a place to go.
    Search,
    /// Words of feedback.
    Words,
    /// Look for the place a complaint is about.
    PlaceSearch,
    /// What happened.
    Story,
    /// Name.
    Name,
    /// Telephone.
    Phone,
    /// E-mail.
    Email,
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
    /// A step of the feedback form.
    Feedback(FeedbackView),
    /// A step of the complaint form.
    Complaint(ComplaintView),
    /// Everything once more before it is sent.
    Review(ReviewView),
    /// The receipt.
    Thanks(ThanksView),
    /// Calling somebody.
    Help(HelpView),
}

/// Nobody is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttractView {
    /// The mall's name in the language shown now.
    pub mall: String,
    /// `Touch to start`, in each language, with the language it is in.
    pub invitations: Vec<(Language, String)>,
    /// What can be done here, in a few words, in the language shown now.
    pub offers: String,
    /// Moves by one a minute, so that nothing burns into the panel.
    pub shift: u8,
}

/// A picture of a level that the window orders from [`crate::shell::Shell::draw`] at its own size.
#[derive(Clone, Debug, PartialEq)]
pub struct MapScene {
    /// Which level.
    pub level: LevelIndex,
    /// In which language.
    pub language: Language,
    /// For which text size.
    pub text_size: TextSize,
    /// Where the way leads, if there is one.
    pub destination: Option<(FeatureId, Profile)>,
    /// How many times larger than what fits: 1, 1.5, 2.25.
    pub zoom: f32,
    /// What it shows, in words, for those who do not see it.
    pub description: String,
}

/// A button for a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelButton {
    /// Which.
    pub level: LevelIndex,
    /// Its sign, `L2`.
    pub sign: String,
    /// Its name, for speech: `Level 2`.
    pub name: String,
    /// Whether it is shown now.
    pub chosen: Chosen,
    /// Whether the way crosses it.
    pub on_route: Shown,
}

/// The first page.
#[derive(Clone, PartialEq)]
pub struct HomeView {
    /// `Where would you like to go?`
    pub question: String,
    /// In the search field; empty when there is nothing to search.
    pub search_hint: String,
    /// Why there is no map today; empty when there is one.
    pub notice: String,
    /// The level this kiosk stands on; none in the larger text sizes, where the doors need the room.
    pub map: Option<MapScene>,
    /// Errands people really ask for: what, and its icon's name.
    pub errands: Vec<Errand>,
    /// The doors.
    pub doors: Vec<DoorView>,
}

/// One touch to the nearest of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// Of which kind.
    pub facility: Facility,
    /// Its name.
    pub label: String,
    /// Its icon.
    pub icon: &'static str,
}

/// A door of the home page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorView {
    /// Which.
    pub door: Door,
    /// Its name.
    pub title: String,
    /// What is behind it.
    pub hint: String,
    /// Its icon.
    pub icon: &'static str,
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

/// A place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// Which place.
    pub place: FeatureId,
    /// Its name.
    pub name: String,
    /// What it is: `Café`.
    pub category: String,
    /// Its icon.
    pub icon: &'static str,
    /// Where it is: `L2-07 · West wing`.
    pub place_words: String,
    /// `Open until 22:00`, `Closed, opens 10:00`; empty when unknown.
    pub state: String,
    /// Whether it is closed now.
    pub closed: Shown,
    /// `3 min`; empty when no way is known.
    pub minutes: String,
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

/// The list of places.
#[derive(Clone, PartialEq)]
pub struct FindView {
    /// `Find a place`.
    pub title: String,
    /// The search field.
    pub search: FieldView,
    /// Groups to choose from; not shown while somebody types.
    pub groups: Vec<ChipView>,
    /// `204 places`, `3 found for "tea"`.
    pub summary: String,
    /// What to do when nothing was found; empty otherwise.
    pub nothing: String,
    /// All that was found, in order. The window shows what fits and scrolls.
    pub rows: Vec<PlaceRow>,
}

/// A way of moving, with its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileChip {
    /// Which.
    pub profile: Profile,
    /// `Walk · 2 min`, `Step-free · no way`.
    pub label: String,
    /// Its icon.
    pub icon: &'static str,
    /// Whether it is shown now.
    pub chosen: Chosen,
    /// Whether there is such a way.
    pub possible: Shown,
}

/// One sentence of the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// Its icon.
    pub icon: &'static str,
    /// The sentence.
    pub text: String,
    /// `46 m`; empty when it says nothing.
    pub distance: String,
    /// On which level, `L2`; empty when that does not change.
    pub level: String,
}

/// The way to a place.
#[derive(Clone, PartialEq)]
pub struct RouteView {
    /// Where it leads.
    pub name: String,
    /// `L2-07 · East wing`.
    pub place_words: String,
    /// `Open, closes in 7 h 28 min`.
    pub state: String,
    /// Whether it is closed now.
    pub closed: Shown,
    /// Three ways of moving.
    pub profiles: Vec<ProfileChip>,
    /// The picture.
    pub map: MapScene,
    /// Levels to show.
    pub levels: Vec<LevelButton>,
    /// The words of the way.
    pub steps: Vec<StepRow>,
    /// Why there is no way, and what to do; empty when there is one.
    pub no_way: String,
}

/// A step of a form: `Complaint · step 1 of 4`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgressView {
    /// In words.
    pub words: String,
    /// Which, from 1.
    pub step: u8,
    /// Of how many.
    pub of: u8,
}

/// A step of the feedback form.
#[derive(Clone, PartialEq)]
pub struct FeedbackView {
    /// Where in the form this is.
    pub progress: ProgressView,
    /// The question.
    pub title: String,
    /// A word of help under it.
    pub hint: String,
    /// What is asked.
    pub step: FeedbackStep,
}

/// What a step of the feedback form asks.
#[derive(Clone, PartialEq)]
pub enum FeedbackStep {
    /// Five faces, and what it is about.
    Faces {
        /// From 1, the saddest, to 5: words, and whether it is chosen.
        faces: Vec<(u8, String, Chosen)>,
        /// Asked once a face is chosen.
        tags_title: String,
        /// What it is about.
        tags: Vec<(Tag, ChipView)>,
    },
    /// Words.
    Words(FieldView),
    /// 0 to 10.
    Recommend {
        /// What 0 means.
        low: String,
        /// What 10 means.
        high: String,
        /// Which is chosen.
        chosen: Option<u8>,
    },
}

/// A step of the complaint form.
#[derive(Clone, PartialEq)]
pub struct ComplaintView {
    /// Where in the form this is.
    pub progress: ProgressView,
    /// The question.
    pub title: String,
    /// A word of help under it.
    pub hint: String,
    /// What is asked.
    pub step: ComplaintStep,
    /// `Is somebody hurt or in danger?`: the way out, on every step that has room for it.
    pub danger: Option<Notice>,
    /// One sentence on what happens to what they write; may be empty.
    pub privacy: String,
}

/// A heading with a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The heading.
    pub title: String,
    /// The sentence.
    pub text: String,
}

/// What a step of the complaint form asks.
#[derive(Clone, PartialEq)]
pub enum ComplaintStep {
    /// What it is about.
    Category(Vec<CategoryCard>),
    /// Where it happened.
    Place {
        /// `Near this kiosk`, `I am not sure`: words and whether chosen, in this order.
        here: ChipView,
        /// See above.
        unknown: ChipView,
        /// The place that was chosen; empty when none is.
        chosen: String,
        /// Look for one.
        search: FieldView,
        /// What was found.
        rows: Vec<PlaceRow>,
    },
    /// What happened.
    Story {
        /// In words.
        field: FieldView,
        /// Ready sentences for those who would rather not type.
        phrases: Vec<String>,
    },
    /// What is wanted, and how to reach them.
    Wish {
        /// `What would you like us to do?`
        remedies: Vec<(Remedy, ChipView)>,
        /// `May we contact you?`
        contact_title: String,
        /// The box to tick.
        consent: ChipView,
        /// Name, telephone, e-mail; empty until the box is ticked.
        fields: Vec<(Field, FieldView)>,
        /// What happens without contact details; empty once the box is ticked.
        without: String,
    },
}

/// A category of complaints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryCard {
    /// Which.
    pub category: Category,
    /// Its name.
    pub title: String,
    /// Examples in plain words.
    pub examples: String,
    /// Whether it is chosen.
    pub chosen: Chosen,
}

/// Everything once more before it is sent.
#[derive(Clone, PartialEq)]
pub struct ReviewView {
    /// Where in the form this is.
    pub progress: ProgressView,
    /// `Is everything right?`
    pub title: String,
    /// A word of help under it.
    pub hint: String,
    /// What was said: label and value. Touching one goes back to it.
    pub rows: Vec<ReviewRow>,
    /// What the change buttons say.
    pub change: String,
    /// One sentence on what happens to it.
    pub privacy: String,
}

/// A line of the review.
#[derive(Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// What was asked.
    pub label: String,
    /// What was answered.
    pub value: String,
}

/// The receipt.
#[derive(Clone, PartialEq)]
pub struct ThanksView {
    /// `Thank you`.
    pub title: String,
    /// When to expect what, with the moment written out.
    pub due: String,
    /// What the QR code says; none when no server is known.
    pub qr: String,
    /// `Case number`.
    pub number_label: String,
    /// `K3-7QX-41M-D`.
    pub number: String,
    /// What happens next: three headings with a sentence.
    pub steps: Vec<Notice>,
    /// What being offline means for the visitor; empty when online.
    pub offline: String,
}

/// Calling somebody.
#[derive(Clone, PartialEq)]
pub struct HelpView {
    /// The question, or what happens now.
    pub title: String,
    /// More of it.
    pub text: String,
    /// Where the nearest desk is.
    pub desk: String,
    /// What the button to it says; empty when there is no desk on the map.
    pub show_desk: String,
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
    /// Choose a text size.
    Access {
        /// `Text size`.
        title: String,
        /// Each size with its name and whether it is on.
        sizes: Vec<(TextSize, String, Chosen)>,
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
