//! What the pages about places show: attract, home, the list, the way.

use domain::language::Language;
use domain::place::MapPoint;
use wayfinding::route::TravelProfile;
use wayfinding::venue::{Facility, FeatureId, LevelIndex};

use super::{ChipView, Chosen, Contrast, FieldView, Shown, TextSize};
use crate::event::Door;

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
    /// In which colours.
    pub contrast: Contrast,
    /// Where the way leads, if there is one.
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
    Way,
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
    pub profile: TravelProfile,
    /// `Walk · 2 min`, `Step-free · no way`.
    pub label: String,
    /// `Walk`, `Step-free`.
    pub name: String,
    /// `2 min`, `no way`.
    pub minutes: String,
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
    /// Whether it can be enlarged.
    pub closer: Shown,
    /// Whether more of the level can be shown.
    pub wider: Shown,
    /// Levels to show.
    pub levels: Vec<LevelButton>,
    /// The words of the way.
    pub steps: Vec<StepRow>,
    /// Why there is no way, and what to do; empty when there is one.
    pub no_way: String,
}
