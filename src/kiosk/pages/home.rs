//! The home page: the map around the kiosk, the search, and the tiles.
//!
//! The map shows any level, enlarged or whole; every other control leads to another page. Without a map the page
//! has no search, and no tile for the list of places.

use wayfinding::venue::{Facility, LevelIndex};

use crate::effect::Effect;
use crate::pages::places::{facility_icon, facility_name};
use crate::pages::{facility_kinds, find, form, help, places, thanks};
use crate::view::{Direction, Extent, LevelButton, MapScene};
use crate::visit::HomeMap;
use crate::visit::cx::Cx;
use crate::visit::page::{Menu, Page};

/// The content of the home page.
#[derive(Clone, PartialEq)]
pub struct HomeView {
    /// `Where would you like to go?`
    pub question: String,
    /// The hint in the search field; empty without a map.
    pub search_hint: String,
    /// Why there is no map; empty if there is one.
    pub notice: String,
    /// A level, at first that of this kiosk.
    pub map: Option<MapView>,
    /// What the visitor can return to: a receipt, a draft or a call for help.
    pub unfinished: Option<UnfinishedView>,
    /// Shortcuts to a facility.
    pub errands: Vec<Errand>,
    pub tiles: Vec<TileView>,
}

/// The map of the home page.
#[derive(Clone, Debug, PartialEq)]
pub struct MapView {
    pub scene: MapScene,
    /// Whether the map can be zoomed in.
    pub closer: bool,
    /// Whether the map can be zoomed out.
    pub wider: bool,
    /// A button for each level.
    pub levels: Vec<LevelButton>,
}

/// Something that the visitor left and can return to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfinishedView {
    pub what: Unfinished,
    /// What it is.
    pub text: String,
    /// The label of the button.
    pub action: String,
    pub icon: &'static str,
}

/// What a visitor can return to from the home page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// A form that was begun and not sent.
    Draft,
    /// The receipt that was left a moment ago.
    Receipt,
    /// The call for help of this kiosk.
    Call,
}

/// A shortcut to the nearest facility of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    pub facility: Facility,
    pub label: String,
    pub icon: &'static str,
}

/// A tile of the home page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileView {
    pub tile: HomeTile,
    pub title: String,
    /// What the tile leads to.
    pub hint: String,
    pub icon: &'static str,
}

/// What visitors ask for most, in order of frequency.
const ERRANDS: [Facility; 7] = [
    Facility::Restroom,
    Facility::Lift,
    Facility::FamilyRoom,
    Facility::Atm,
    Facility::Exit,
    Facility::Parking,
    Facility::Information,
];

/// The zoom factors of the map: the whole level, and enlarged.
const ZOOMS: [f32; 3] = [1.0, 1.6, 2.5];

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeTouch {
    /// The search field.
    Search,
    /// Show the kinds of a facility, or the route to the nearest one.
    Facility(Facility),
    /// Show this level on the map.
    Level(LevelIndex),
    /// Zoom the map in or out.
    Zoom(Direction),
    /// Show the level of this kiosk.
    BackToMe,
    /// Return to something unfinished.
    Return(Unfinished),
    Tile(HomeTile),
}

/// The tiles of the home page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeTile {
    /// The list of all places.
    Places,
    /// The menu of feedback: ratings, praise, suggestions, questions, complaints.
    TellUs,
    /// The menu of services: service requests, lost and found.
    Services,
    CallStaff,
}

pub fn touch(cx: &mut Cx, touch: HomeTouch) -> Vec<Effect> {
    match touch {
        HomeTouch::Search => find::open_search(cx),
        HomeTouch::Facility(facility) => facility_kinds::open(cx, facility),
        HomeTouch::Level(_) | HomeTouch::Zoom(_) | HomeTouch::BackToMe => {
            cx.visit.home_map = moved(cx, touch);
            Vec::new()
        }
        HomeTouch::Return(Unfinished::Draft) => form::resume(cx),
        HomeTouch::Return(Unfinished::Receipt) => thanks::call_back(cx),
        HomeTouch::Return(Unfinished::Call) => cx.go(Page::Help),
        HomeTouch::Tile(HomeTile::Places) => find::open(cx),
        HomeTouch::Tile(HomeTile::TellUs) => cx.go(Page::Menu(Menu::TellUs)),
        HomeTouch::Tile(HomeTile::Services) => cx.go(Page::Menu(Menu::Services)),
        HomeTouch::Tile(HomeTile::CallStaff) => cx.go(Page::Help),
    }
}

/// What the map shows after this touch.
fn moved(cx: &Cx, touch: HomeTouch) -> HomeMap {
    let shown = cx.visit.home_map;
    let is_known = |level: LevelIndex| cx.world().venue().is_some_and(|v| level.0 < v.levels().len());
    match touch {
        HomeTouch::Level(level) if is_known(level) => HomeMap { level: Some(level), ..shown },
        HomeTouch::Zoom(Direction::Next) => HomeMap { zoom: (shown.zoom + 1).min(ZOOMS.len() - 1), ..shown },
        HomeTouch::Zoom(Direction::Previous) => HomeMap { zoom: shown.zoom.saturating_sub(1), ..shown },
        HomeTouch::BackToMe => HomeMap { level: None, ..shown },
        _ => shown,
    }
}

pub fn view(cx: &Cx) -> HomeView {
    let has_map = cx.world().map.is_some();
    HomeView {
        question: cx.word(if has_map { "home.question" } else { "home.question-without-map" }),
        search_hint: if has_map { cx.word("home.search-hint") } else { String::new() },
        notice: if has_map { String::new() } else { cx.word("home.no-map") },
        map: map_view(cx),
        unfinished: unfinished(cx),
        errands: errands(cx),
        tiles: tiles(has_map).iter().map(|t| tile(cx, *t)).collect(),
    }
}

fn map_view(cx: &Cx) -> Option<MapView> {
    let (scene, zoom) = (map(cx)?, cx.visit.home_map.zoom);
    Some(MapView {
        closer: zoom + 1 < ZOOMS.len(),
        wider: zoom > 0,
        levels: places::levels(cx, scene.level, |_| false),
        scene,
    })
}

/// The picture of the level that the map shows.
pub fn map(cx: &Cx) -> Option<MapScene> {
    let s = cx.world().map.as_ref()?;
    let language = cx.visit.language;
    let shown = cx.visit.home_map.level.unwrap_or(s.spot.level);
    let level = s.venue.level(shown).name.get(language);
    Some(MapScene {
        level: shown,
        language,
        text_size: cx.visit.text_size,
        contrast: cx.visit.contrast,
        destination: None,
        landmark: None,
        pointed: None,
        extent: Extent::Whole,
        zoom: ZOOMS[cx.visit.home_map.zoom],
        description: match shown == s.spot.level {
            true => cx.fill("map.here", &[("level", level), ("spot", s.spot.name.get(language))]),
            false => cx.fill("map.level", &[("level", level)]),
        },
    })
}

/// The receipt has precedence, because it can be called back only for a minute; then the draft. A call for
/// help is also behind its tile.
fn unfinished(cx: &Cx) -> Option<UnfinishedView> {
    let draft = || {
        let filling = cx.visit.filling.as_ref().filter(|_| cx.visit.has_draft())?;
        Some(UnfinishedView {
            what: Unfinished::Draft,
            text: cx.fill("draft.waiting", &[("form", &filling.form.title.text(cx.language()))]),
            action: cx.word("draft.continue"),
            icon: "edit",
        })
    };
    let receipt = cx.visit.left_receipt.as_ref().map(|left| UnfinishedView {
        what: Unfinished::Receipt,
        text: match left.receipt.tracking_url {
            Some(_) => cx.fill("receipt.left", &[("number", &left.receipt.case_number.to_string())]),
            None => cx.word("thanks.stored"),
        },
        action: cx.word("receipt.again"),
        icon: "qr",
    });
    let call = || {
        let text = help::headline(cx)?;
        Some(UnfinishedView { what: Unfinished::Call, text, action: cx.word("help.show"), icon: "bell" })
    };
    receipt.or_else(draft).or_else(call)
}

fn errands(cx: &Cx) -> Vec<Errand> {
    let Some(venue) = cx.world().venue() else { return Vec::new() };
    let exists = |f: &Facility| venue.places().iter().any(|p| p.facilities.contains(f));
    let errand = |facility: Facility| Errand {
        facility,
        label: facility_name(cx.visit.language, facility),
        icon: facility_icon(facility),
    };
    ERRANDS.into_iter().filter(exists).map(errand).collect()
}

fn tiles(has_map: bool) -> &'static [HomeTile] {
    if has_map {
        &[HomeTile::Places, HomeTile::TellUs, HomeTile::Services, HomeTile::CallStaff]
    } else {
        &[HomeTile::TellUs, HomeTile::Services, HomeTile::CallStaff]
    }
}

fn tile(cx: &Cx, tile: HomeTile) -> TileView {
    let (key, icon) = match tile {
        HomeTile::Places => ("places", "pin"),
        HomeTile::TellUs => ("tell-us", "chat"),
        HomeTile::Services => ("services", "help"),
        HomeTile::CallStaff => ("call-staff", "bell"),
    };
    TileView {
        tile,
        title: cx.word(&format!("tile.{key}")),
        hint: cx.word(&format!("tile.{key}.hint")),
        icon,
    }
}
