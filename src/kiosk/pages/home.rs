//! The home page: the map around the kiosk, the search, and the tiles.
//!
//! It keeps no state, and every control leads to another page. Without a map it has no search, and no tile
//! for the list of places.

use wayfinding::venue::Facility;

use crate::effect::Effect;
use crate::pages::places::{facility_icon, facility_name};
use crate::pages::{facility_kinds, find, form, help, thanks};
use crate::view::{Extent, MapScene, TextSize};
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
    /// The level of this kiosk; none in the larger text sizes, where the tiles need the room.
    pub map: Option<MapScene>,
    /// What the visitor can return to: a receipt, a draft or a call for help.
    pub unfinished: Option<UnfinishedView>,
    /// Shortcuts to a facility.
    pub errands: Vec<Errand>,
    pub tiles: Vec<TileView>,
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

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeTouch {
    /// The search field.
    Search,
    /// Show the kinds of a facility, or the route to the nearest one.
    Facility(Facility),
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
        HomeTouch::Return(Unfinished::Draft) => form::resume(cx),
        HomeTouch::Return(Unfinished::Receipt) => thanks::call_back(cx),
        HomeTouch::Return(Unfinished::Call) => cx.go(Page::Help),
        HomeTouch::Tile(HomeTile::Places) => find::open(cx),
        HomeTouch::Tile(HomeTile::TellUs) => cx.go(Page::Menu(Menu::TellUs)),
        HomeTouch::Tile(HomeTile::Services) => cx.go(Page::Menu(Menu::Services)),
        HomeTouch::Tile(HomeTile::CallStaff) => cx.go(Page::Help),
    }
}

/// With larger text the map is left out, because the tiles need the room.
pub fn view(cx: &Cx) -> HomeView {
    let has_map = cx.world().map.is_some();
    HomeView {
        question: cx.word(if has_map { "home.question" } else { "home.question-without-map" }),
        search_hint: if has_map { cx.word("home.search-hint") } else { String::new() },
        notice: if has_map { String::new() } else { cx.word("home.no-map") },
        map: map(cx).filter(|_| cx.visit.text_size == TextSize::Normal),
        unfinished: unfinished(cx),
        errands: errands(cx),
        tiles: tiles(has_map).iter().map(|t| tile(cx, *t)).collect(),
    }
}

/// The level that this kiosk stands on.
pub fn map(cx: &Cx) -> Option<MapScene> {
    let s = cx.world().map.as_ref()?;
    let language = cx.visit.language;
    let level = s.venue.level(s.spot.level).name.get(language);
    Some(MapScene {
        level: s.spot.level,
        language,
        text_size: cx.visit.text_size,
        contrast: cx.visit.contrast,
        destination: None,
        pointed: None,
        extent: Extent::Whole,
        zoom: 1.0,
        description: cx.fill("map.here", &[("level", level), ("spot", s.spot.name.get(language))]),
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
