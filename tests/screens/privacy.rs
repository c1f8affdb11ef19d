//! After a visit the window holds none of its data.

use i_slint_backend_testing::{ElementHandle, ElementQuery};
use kiosk::event::{Bar, Key, OverlayTouch, Touch};
use kiosk::pages::attract::AttractTouch;
use kiosk::pages::form::FormTouch;
use kiosk::pages::home::{HomeTile, HomeTouch};
use kiosk::pages::menu::MenuTouch;
use kiosk::pages::review::ReviewTouch;
use kiosk::view::Field;
use screen::ui;
use slint::{ComponentHandle, Model};

use crate::pages::{COMPLAINT, CONTACT, FEEDBACK, STORY, pick, type_in};
use crate::stage::PORTRAIT;
use crate::visit::Kiosk;

const CANARY: &str = "Zebulon";

/// Every text on the screen, and every text that a hidden page could still hold.
fn all_words(kiosk: &Kiosk) -> Vec<String> {
    let app = kiosk.window.app();
    let texts = |e: &ElementHandle| {
        [
            e.accessible_label(),
            e.accessible_value(),
            e.accessible_description(),
            e.accessible_placeholder_text(),
        ]
    };
    let all = ElementQuery::from_root(app).match_descendants().find_all();
    let mut words: Vec<String> = all.iter().flat_map(texts).flatten().map(String::from).collect();
    let mut field = |f: ui::FieldText| words.extend([f.before, f.composing, f.after].map(String::from));
    let form = app.global::<ui::FormAdapter>();
    for part in form.get_items().iter() {
        part.fields.iter().chain([part.field]).for_each(&mut field);
    }
    field(form.get_search());
    field(app.global::<ui::FindAdapter>().get_search());
    words.extend(app.global::<ui::ReviewAdapter>().get_lines().iter().map(|l| l.text.to_string()));
    words.push(app.global::<ui::FindAdapter>().get_summary().into());
    words.push(app.global::<ui::ThanksAdapter>().get_number().into());
    words.push(app.global::<ui::KeyboardAdapter>().get_preedit().into());
    words
}

fn has_canary(kiosk: &Kiosk) -> bool {
    all_words(kiosk).iter().any(|w| w.contains(CANARY))
}

fn is_attract(app: &ui::App) -> bool {
    app.get_page() == ui::PageName::Attract
}

/// A kiosk whose visitor has typed their name into the story and the contact fields, and has then seen the
/// review.
fn half_a_complaint() -> Kiosk {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.send(AttractTouch::Start(None));
    kiosk.send(HomeTouch::Tile(HomeTile::TellUs));
    kiosk.send(MenuTouch::Card(COMPLAINT));
    kiosk.send(pick(0, 3));
    kiosk.send(Bar::Primary);
    kiosk.send(FormTouch::PlaceHere);
    kiosk.send(Touch::FieldTapped(STORY));
    kiosk.send(Key::Layout(kiosk::view::Layout::Latin));
    type_in(&kiosk, CANARY);
    kiosk.send(Key::Done);
    kiosk.send(Bar::Primary);
    kiosk.send(ReviewTouch::Add(CONTACT));
    kiosk.send(pick(1, 0));
    kiosk.send(Touch::FieldTapped(Field::Email));
    type_in(&kiosk, "Zebulon@example.com");
    kiosk.send(Key::Done);
    kiosk.send(Bar::Primary);
    assert!(has_canary(&kiosk), "the review shows what was typed");
    kiosk
}

#[test]
fn a_visitor_who_leaves_leaves_nothing_shown() {
    let kiosk = half_a_complaint();
    kiosk.pass_until("the end of the visit", is_attract);
    assert!(!has_canary(&kiosk), "{:#?}", all_words(&kiosk));
    kiosk.send(AttractTouch::Start(None));
    kiosk.send(HomeTouch::Tile(HomeTile::TellUs));
    kiosk.send(MenuTouch::Card(COMPLAINT));
    assert!(!has_canary(&kiosk), "the next visitor finds an empty form");
}

#[test]
fn home_shows_nothing_of_a_draft() {
    let kiosk = half_a_complaint();
    kiosk.send(Bar::Home);
    assert!(!has_canary(&kiosk), "{:#?}", all_words(&kiosk));
}

#[test]
fn discarding_the_form_drops_what_was_typed() {
    let kiosk = half_a_complaint();
    kiosk.send(Bar::Home);
    kiosk.send(HomeTouch::Tile(HomeTile::TellUs));
    kiosk.send(MenuTouch::Card(FEEDBACK));
    kiosk.send(OverlayTouch::Discard);
    kiosk.send(Bar::Home);
    kiosk.send(HomeTouch::Tile(HomeTile::TellUs));
    kiosk.send(MenuTouch::Card(COMPLAINT));
    assert!(!has_canary(&kiosk), "{:#?}", all_words(&kiosk));
}

#[test]
fn what_was_sent_lies_sealed_on_the_disk() {
    let kiosk = half_a_complaint();
    kiosk.send(Bar::Primary);
    kiosk.wait_until("the receipt", |app| app.get_page() == ui::PageName::Thanks);
    let mut bytes_read = 0;
    let mut folders = vec![kiosk.data()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            bytes_read += bytes.len();
            let found = bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes());
            assert!(!found, "{} holds what a visitor typed", path.display());
        }
    }
    assert!(bytes_read > 1000, "the outbox is there");
}

#[test]
fn a_search_is_forgotten_with_the_visit() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.send(AttractTouch::Start(None));
    kiosk.send(HomeTouch::Search);
    type_in(&kiosk, CANARY);
    assert!(has_canary(&kiosk));
    kiosk.pass_until("the end of the visit", is_attract);
    assert!(!has_canary(&kiosk), "{:#?}", all_words(&kiosk));
}

/// The count-down lasts at least twenty seconds.
#[test]
fn a_touch_ends_the_count_down() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.send(AttractTouch::Start(None));
    let asks =
        |app: &ui::App| app.global::<ui::OverlayAdapter>().get_overlay() == ui::OverlayName::Inactivity;
    kiosk.pass_until("the question", asks);
    kiosk.pass(19);
    assert!(asks(kiosk.window.app()), "there are at least twenty seconds to answer");
    kiosk.touch(&kiosk::words::words().get(domain::language::Language::ZhHans, "idle.stay"));
    assert!(!asks(kiosk.window.app()));
    assert!(!is_attract(kiosk.window.app()));
}
