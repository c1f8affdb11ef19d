//! The home page: where am I, where do I want to go, what else can I do here.

use wayfinding::venue::Facility;

use crate::app::App;
use crate::event::{Door, Effect, HomeEvent};
use crate::keyboard;
use crate::pages::places::{facility_icon, facility_name};
use crate::pages::{Page, help, menu};
use crate::view::{DoorView, Errand, Extent, Field, HomeView, MapScene, TextSize};
use wayfinding::route::TravelProfile;

/// What people really ask for, in the order of how often.
const ERRANDS: [Facility; 7] = [
    Facility::Restroom,
    Facility::Lift,
    Facility::FamilyRoom,
    Facility::Atm,
    Facility::Exit,
    Facility::Parking,
    Facility::Information,
];

/// A touch on it.
pub fn handle(app: &mut App, event: HomeEvent) -> Vec<Effect> {
    match event {
        HomeEvent::Search => open_search(app),
        HomeEvent::Nearest(facility) => match app.nearest(facility) {
            Some(place) => app.show_route(place, TravelProfile::Walking),
            None => Vec::new(),
        },
        HomeEvent::Door(Door::Places) => {
            app.session.group = None;
            app.go(Page::Find)
        }
        HomeEvent::Door(Door::TellUs) => app.go(Page::Menu(menu::Menu::TellUs)),
        HomeEvent::Door(Door::Services) => app.go(Page::Menu(menu::Menu::Services)),
        HomeEvent::Door(Door::CallStaff) => app.go(Page::Help(help::Call::Asking)),
    }
}

/// Opens the list with an empty field that already has the keys.
fn open_search(app: &mut App) -> Vec<Effect> {
    if app.world.surroundings.is_none() {
        return Vec::new();
    }
    let mut effects = app.go(Page::Find);
    app.session.group = None;
    app.session.texts.clear(Field::Search);
    effects.extend(keyboard::focus(&mut app.session, &app.world, Field::Search));
    effects
}

/// What it shows. Larger text leaves the map to the route page: the doors need the room.
pub fn view(app: &App) -> HomeView {
    let has_map = app.world.surroundings.is_some();
    HomeView {
        question: app.word(if has_map { "home.question" } else { "home.question-without-map" }),
        search_hint: if has_map { app.word("home.search-hint") } else { String::new() },
        notice: if has_map { String::new() } else { app.word("home.no-map") },
        map: map(app).filter(|_| app.session.text_size == TextSize::Normal),
        errands: errands(app),
        doors: doors(has_map).iter().map(|d| door(app, *d)).collect(),
    }
}

fn map(app: &App) -> Option<MapScene> {
    let s = app.world.surroundings.as_ref()?;
    let language = app.session.language;
    let level = s.venue.level(s.spot.level).name.get(language);
    Some(MapScene {
        level: s.spot.level,
        language,
        text_size: app.session.text_size,
        contrast: app.session.contrast,
        destination: None,
        pointed: None,
        extent: Extent::Whole,
        zoom: 1.0,
        description: app.fill("map.here", &[("level", level), ("spot", s.spot.name.get(language))]),
    })
}

fn errands(app: &App) -> Vec<Errand> {
    let Some(venue) = app.world.venue() else { return Vec::new() };
    let exists = |f: &Facility| venue.places().iter().any(|p| p.facilities.contains(f));
    let errand = |facility: Facility| Errand {
        facility,
        label: facility_name(app.session.language, facility),
        icon: facility_icon(facility),
    };
    ERRANDS.into_iter().filter(exists).map(errand).collect()
}

fn doors(has_map: bool) -> &'static [Door] {
    if has_map {
        &[Door::Places, Door::TellUs, Door::Services, Door::CallStaff]
    } else {
        &[Door::TellUs, Door::Services, Door::CallStaff]
    }
}

fn door(app: &App, door: Door) -> DoorView {
    let (key, icon) = match door {
        Door::Places => ("places", "pin"),
        Door::TellUs => ("tell-us", "chat"),
        Door::Services => ("services", "help"),
        Door::CallStaff => ("call-staff", "bell"),
    };
    DoorView {
        door,
        title: app.word(&format!("door.{key}")),
        hint: app.word(&format!("door.{key}.hint")),
        icon,
    }
}
