//! Every page in each language, text size and orientation.

use kiosk::event::{Bar, Event, Key, OverlayTouch, Touch};
use kiosk::pages::farewell::FarewellTouch;
use kiosk::pages::form::{FormTouch, MapTouch};
use kiosk::pages::home::{HomeTile, HomeTouch};
use kiosk::pages::menu::MenuTouch;
use kiosk::pages::rated::RatedTouch;
use kiosk::pages::review::ReviewTouch;
use kiosk::pages::route::RouteTouch;
use kiosk::view::{Direction, Field};
use screen::ui;
use slint::{ComponentHandle, Model};
use wayfinding::venue::Facility;

use crate::stage;
use crate::tours::{Look, Setting, lying, tours, upright};
use crate::visit::{Kiosk, place};

/// Types into the focused field.
pub fn type_in(kiosk: &Kiosk, text: &str) {
    for c in text.chars() {
        kiosk.window.send(Key::Char(c));
    }
    stage::settle();
}

/// Leads a visitor through every page, and calls `look` on each.
pub fn visit(setting: Setting, look: &mut Look) {
    let kiosk = setting.begin(look);
    let has_map = |app: &ui::App| {
        let home = app.global::<ui::HomeAdapter>();
        !home.get_has_map() || home.get_map().edition > 0
    };
    kiosk.wait_until("the map of the home page", has_map);
    look(&kiosk, "home");
    kiosk.send(Bar::Language);
    look(&kiosk, "language");
    kiosk.send(OverlayTouch::Close);
    kiosk.send(Bar::Access);
    look(&kiosk, "access");
    kiosk.send(OverlayTouch::Close);
    kiosk.send(HomeTouch::Tile(HomeTile::Places));
    let walked =
        |app: &ui::App| app.global::<ui::FindAdapter>().get_places().iter().any(|row| !row.walk.is_empty());
    kiosk.wait_until("the walking times", walked);
    look(&kiosk, "find");
    kiosk.send(Touch::FieldTapped(Field::Search));
    type_in(&kiosk, "tea");
    look(&kiosk, "find-typing");
    kiosk.send(Key::Done);
    look(&kiosk, "find-found");
    kiosk.send(Touch::PlaceChosen(place("Brocade Letter Hanfu")));
    let drawn = |app: &ui::App| {
        let route = app.global::<ui::RouteAdapter>();
        route.get_map().edition > 0 && route.get_no_route().is_empty()
    };
    kiosk.wait_until("the map of the route", drawn);
    look(&kiosk, "route");
    let narrow = kiosk.window.app().global::<ui::RouteAdapter>().get_map().width;
    kiosk.send(RouteTouch::Zoom(Direction::Next));
    let wider = |app: &ui::App| app.global::<ui::RouteAdapter>().get_map().width > narrow * 1.4;
    kiosk.wait_until("the map, larger", wider);
    look(&kiosk, "route-zoomed");
    kiosk.send(Bar::Home);
    kiosk.send(HomeTouch::Facility(Facility::Restroom));
    look(&kiosk, "facility-kinds");
    kiosk.send(Bar::Home);
    kiosk.send(Bar::CallStaff);
    look(&kiosk, "help");
    kiosk.send(Bar::Primary);
    let called = |app: &ui::App| app.global::<ui::FrameAdapter>().get_primary().is_empty();
    kiosk.wait_until("the call is saved", called);
    look(&kiosk, "help-called");
    kiosk.send(Bar::Home);
    feedback(&kiosk, look);
    complaint(&kiosk, look);
}

/// A touch on a part of a step of a form.
pub fn pick(item: usize, index: usize) -> Event {
    Event::from(FormTouch::Pick { item, index })
}

fn feedback(kiosk: &Kiosk, look: &mut Look) {
    kiosk.send(HomeTouch::Tile(HomeTile::Services));
    look(kiosk, "services");
    kiosk.send(Bar::Home);
    kiosk.send(HomeTouch::Tile(HomeTile::TellUs));
    look(kiosk, "tell-us");
    kiosk.send(MenuTouch::Face(4));
    look(kiosk, "rated");
    kiosk.send(RatedTouch::TakeBack);
    kiosk.send(HomeTouch::Tile(HomeTile::TellUs));
    kiosk.send(MenuTouch::Card(FEEDBACK));
    for event in [pick(0, 4), pick(1, 3)] {
        kiosk.send(event);
    }
    look(kiosk, "feedback-faces");
    kiosk.send(Bar::Primary);
    look(kiosk, "feedback-review");
    kiosk.send(ReviewTouch::Add(0));
    kiosk.send(Touch::FieldTapped(Field::Answer(2)));
    type_in(kiosk, "很干净，谢谢 so clean");
    look(kiosk, "feedback-words");
    kiosk.send(Key::Done);
    kiosk.send(Bar::Primary);
    kiosk.send(ReviewTouch::Add(1));
    for event in [pick(0, 6), pick(1, 9)] {
        kiosk.send(event);
    }
    look(kiosk, "feedback-recommend");
    kiosk.send(Bar::Home);
    look(kiosk, "home-draft");
}

/// The positions of the forms in the menu "Tell us".
pub const FEEDBACK: usize = 0;
pub const COMPLAINT: usize = 1;
/// The text of a complaint: its third question.
pub const STORY: Field = Field::Answer(2);
/// What the review of a complaint about cleanliness offers to add: when, what the visitor wants, contact.
pub const CONTACT: usize = 2;

/// Opens the map, touches a point of it, zooms in, and returns to the question.
fn pointing(kiosk: &Kiosk, look: &mut Look) {
    let edition = |app: &ui::App| app.global::<ui::PointingAdapter>().get_map().edition;
    kiosk.send(FormTouch::PlaceOnMap);
    kiosk.wait_until("the map to point at", |app| edition(app) > 0);
    look(kiosk, "pointing");
    let before = edition(kiosk.window.app());
    kiosk.window.app().global::<ui::PointingAdapter>().invoke_map_touched(0.47, 0.5);
    kiosk.wait_until("the pin", |app| edition(app) > before);
    assert_ne!(kiosk.window.app().global::<ui::PointingAdapter>().get_chosen(), "", "a place was touched");
    look(kiosk, "pointing-touched");
    let before = edition(kiosk.window.app());
    kiosk.send(FormTouch::Map(MapTouch::Zoom(Direction::Next)));
    kiosk.wait_until("the map, larger", |app| edition(app) > before);
    look(kiosk, "pointing-zoomed");
    kiosk.send(Bar::Back);
}

fn complaint(kiosk: &Kiosk, look: &mut Look) {
    kiosk.send(HomeTouch::Tile(HomeTile::TellUs));
    look(kiosk, "tell-us-draft");
    kiosk.send(MenuTouch::Card(COMPLAINT));
    look(kiosk, "discard");
    kiosk.send(OverlayTouch::Discard);
    kiosk.send(Bar::Primary);
    look(kiosk, "complaint-category-missing");
    kiosk.send(pick(0, 2));
    look(kiosk, "complaint-category");
    kiosk.send(pick(1, 0));
    look(kiosk, "complaint-place");
    kiosk.send(Bar::Primary);
    look(kiosk, "complaint-place-missing");
    pointing(kiosk, look);
    kiosk.send(Touch::FieldTapped(Field::PlaceSearch));
    type_in(kiosk, "te");
    look(kiosk, "complaint-place-typing");
    kiosk.send(Key::Done);
    look(kiosk, "complaint-place-found");
    kiosk.send(FormTouch::PlaceHere);
    kiosk.send(Touch::FieldTapped(STORY));
    type_in(
        kiosk,
        "三楼的扶梯停了两天，老人上不去。The escalator on level 3 has been standing still for two days now.",
    );
    look(kiosk, "complaint-story-typing");
    kiosk.send(Key::Done);
    look(kiosk, "complaint-story");
    kiosk.send(Bar::Primary);
    look(kiosk, "review-short");
    kiosk.send(ReviewTouch::Add(0));
    for event in [pick(0, 2), pick(1, 1)] {
        kiosk.send(event);
    }
    kiosk.send(ReviewTouch::Add(0));
    kiosk.send(pick(0, 0));
    look(kiosk, "complaint-wish-asked");
    kiosk.send(pick(1, 0));
    look(kiosk, "complaint-wish");
    kiosk.send(Bar::Primary);
    look(kiosk, "complaint-wish-missing");
    kiosk.send(Touch::FieldTapped(Field::Phone));
    type_in(kiosk, "1380013");
    look(kiosk, "complaint-wish-typing");
    kiosk.send(Key::Char('8'));
    kiosk.send(Key::Done);
    kiosk.send(Bar::Primary);
    look(kiosk, "review");
    kiosk.send(Bar::Primary);
    kiosk.wait_until("the receipt", |app| app.get_page() == ui::PageName::Thanks);
    look(kiosk, "thanks");
    kiosk.send(Bar::Primary);
    look(kiosk, "farewell");
    kiosk.send(FarewellTouch::Receipt);
    kiosk.pass_until("the question whether anybody is here", |app| {
        app.global::<ui::OverlayAdapter>().get_overlay() == ui::OverlayName::Inactivity
    });
    kiosk.pass(7);
    look(kiosk, "inactivity");
}

/// Every target is large enough for a finger, and no text is cut, in every setting.
#[test]
fn every_page_fits_an_upright_panel() {
    tours(upright(), visit);
}

/// Every target is large enough for a finger, and no text is cut, in every setting.
#[test]
fn every_page_fits_a_lying_panel() {
    tours(lying(), visit);
}
