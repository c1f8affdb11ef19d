//! Whole visits, played by touches on visible controls.

use std::path::Path;
use std::sync::Arc;

use chrono_tz::Asia::Shanghai;
use domain::language::Language;
use kiosk::event::{Arrival, Bar, Event};
use kiosk::pages::form::FormTouch;
use kiosk::pages::home::{HomeTile, HomeTouch};
use kiosk::pages::menu::MenuTouch;
use kiosk::pages::review::ReviewTouch;
use kiosk::world::{Pinyin, World};
use screen::ui;
use slint::platform::Key;
use slint::{ComponentHandle, Model};

use crate::pages::{COMPLAINT, CONTACT, pick};
use crate::stage::{self, LANDSCAPE, PORTRAIT};
use crate::visit::{Disk, Kiosk, TRACKING, middle};

fn word(key: &str) -> String {
    kiosk::words::words().get(Language::ZhHans, key)
}

/// The same for the words of forms.
fn asked(key: &str) -> String {
    domain::form::words().get(Language::ZhHans, key)
}

fn page(kiosk: &Kiosk) -> ui::PageName {
    kiosk.window.app().get_page()
}

fn type_by_touch(kiosk: &Kiosk, text: &str) {
    for c in text.chars() {
        kiosk.touch(&c.to_string());
    }
}

/// The map is painted while nobody uses the kiosk.
#[test]
fn the_first_touch_shows_a_painted_map() {
    for size in [PORTRAIT, LANDSCAPE] {
        let story = move || {
            let kiosk = Kiosk::start(size);
            let map = |app: &ui::App| app.global::<ui::HomeAdapter>().get_map();
            kiosk.wait_until("the map of the home page", |app| map(app).edition > 0);
            assert_eq!(page(&kiosk), ui::PageName::Attract, "painted before the first touch");
            let guessed = map(kiosk.window.app());
            kiosk.touch(&word("attract.touch"));
            assert_eq!(page(&kiosk), ui::PageName::Home);
            let first = map(kiosk.window.app());
            assert!(first.edition > 0 && first.width > 0.0, "a card without a map");
            kiosk.wait_until("the map at its size", |app| map(app).edition > guessed.edition);
            let exact = map(kiosk.window.app());
            let near = |guess: f32, is: f32| (guess / is - 1.0).abs() < 0.25;
            assert!(
                near(guessed.width, exact.width) && near(guessed.height, exact.height),
                "{} × {} was guessed, {} × {} is right",
                guessed.width,
                guessed.height,
                exact.width,
                exact.height
            );
        };
        std::thread::spawn(story).join().unwrap();
    }
}

/// A closed shop is not on the picture that the next visitor sees.
#[test]
fn the_map_is_painted_anew_when_shops_change() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall");
    let archive = wayfinding::load::Archive::read(&folder).unwrap();
    let changed = archive.files().map(|(name, bytes)| {
        let ends = r#""validity":{"start":"2026-11-01","end":"2026-11-22","modified":null}"#;
        let text = || String::from_utf8(bytes.to_vec()).unwrap().replacen(r#""validity":null"#, ends, 1);
        let bytes = if name == "occupant.geojson" { text().into_bytes() } else { bytes.to_vec() };
        (name.to_owned(), bytes)
    });
    let archive = wayfinding::load::Archive::new(changed.collect::<Vec<_>>());
    let mall = Arc::new(wayfinding::load::parse(&archive).unwrap().venue);
    let spot = mall.kiosks()[0].clone();
    let kiosk = Kiosk::start_in(World::new(mall, spot, Pinyin::Missing), Disk::Works, PORTRAIT);
    let edition = |app: &ui::App| app.global::<ui::HomeAdapter>().get_map().edition;
    kiosk.wait_until("the map", |app| edition(app) > 0);
    let before = edition(kiosk.window.app());
    kiosk.send(Arrival::Tick("2026-11-23T06:00:00Z".parse().unwrap()));
    kiosk.wait_until("the map without the shop", |app| edition(app) > before);
}

/// A visitor gets from the attract screen to a drawn route.
#[test]
fn three_touches_and_a_name_show_a_route() {
    for size in [PORTRAIT, LANDSCAPE] {
        let story = move || {
            let kiosk = Kiosk::start(size);
            assert_eq!(page(&kiosk), ui::PageName::Attract);
            kiosk.touch(&word("attract.touch"));
            assert_eq!(page(&kiosk), ui::PageName::Home);
            kiosk.touch(&word("home.search-hint"));
            assert_eq!(page(&kiosk), ui::PageName::Find);
            type_by_touch(&kiosk, "hanfu");
            let first = kiosk.window.app().global::<ui::FindAdapter>().get_places().row_data(0).unwrap();
            kiosk.touch(&first.name);
            assert_eq!(page(&kiosk), ui::PageName::Route);
            let drawn = |app: &ui::App| {
                let route = app.global::<ui::RouteAdapter>();
                route.get_map().width > 0.0 && route.get_steps().row_count() > 0
            };
            kiosk.wait_until("a drawn route", drawn);
        };
        std::thread::spawn(story).join().unwrap();
    }
}

/// The code on the receipt is a QR code that a phone can read.
#[test]
fn a_complaint_by_touch_ends_with_a_code() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.touch(&word("attract.touch"));
    kiosk.touch(&word("tile.tell-us"));
    kiosk.touch(&asked("complaint"));
    kiosk.touch(&asked("complaint.category.environment"));
    kiosk.touch(&asked("complaint.category.environment.noise"));
    kiosk.touch(&word("place.here"));
    kiosk.touch(&asked("phrase.environment.1"));
    kiosk.touch(&asked("complaint.remedy"));
    kiosk.touch(&asked("complaint.remedy.fix"));
    kiosk.touch(&word("form.to-review"));
    kiosk.touch(&word("review.send"));
    kiosk.wait_until("the receipt", |app| app.get_page() == ui::PageName::Thanks);
    let pixels = stage::picture(kiosk.window.app(), "receipt");
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let gray = |x: usize, y: usize| pixels.as_slice()[y * width + x].g;
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, gray);
    let codes: Vec<String> = picture.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect();
    assert!(matches!(codes.as_slice(), [code] if code.starts_with(TRACKING)), "{codes:?}");
    kiosk.touch(&word("thanks.done"));
    assert_eq!(page(&kiosk), ui::PageName::Farewell);
    kiosk.touch(&word("farewell.clear"));
    assert_eq!(page(&kiosk), ui::PageName::Attract);
}

#[test]
fn another_language_changes_every_word_and_nothing_else() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.touch(&word("attract.touch"));
    kiosk.touch(&word("tile.places"));
    kiosk.touch("简体中文");
    kiosk.touch("English");
    assert_eq!(page(&kiosk), ui::PageName::Find);
    assert!(kiosk.find("Home").is_some(), "the bar speaks English");
    assert!(kiosk.find("首页").is_none());
    let theme = kiosk.window.app().global::<ui::Theme>();
    assert_eq!(theme.get_font_family(), "Noto Sans");
}

/// The setting is two touches away.
#[test]
fn larger_text_is_gone_with_the_visitor() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.touch(&word("attract.touch"));
    let size = || kiosk.window.app().global::<ui::Theme>().get_text_size();
    assert_eq!(size(), ui::TextSize::Normal);
    kiosk.touch(&word("bar.access"));
    kiosk.touch(&word("access.extra-large"));
    assert_eq!(size(), ui::TextSize::ExtraLarge);
    kiosk.pass_until("the end of the visit", |app| app.get_page() == ui::PageName::Attract);
    assert_eq!(size(), ui::TextSize::Normal);
}

/// The setting is two touches away.
#[test]
fn high_contrast_is_gone_with_the_visitor() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.touch(&word("attract.touch"));
    let high = || kiosk.window.app().global::<ui::Theme>().get_high_contrast();
    let ticked = || kiosk.find(&word("access.contrast")).and_then(|c| c.accessible_checked());
    assert!(!high());
    kiosk.touch(&word("bar.access"));
    assert_eq!(ticked(), Some(false));
    kiosk.touch(&word("access.contrast"));
    assert!(high());
    assert_eq!(ticked(), Some(true));
    kiosk.touch(&word("access.contrast"));
    assert!(!high(), "and back");
    kiosk.touch(&word("access.contrast"));
    kiosk.touch(&word("access.close"));
    kiosk.touch(&word("tile.places"));
    assert!(high(), "it stays for the visit");
    kiosk.pass_until("the end of the visit", |app| app.get_page() == ui::PageName::Attract);
    assert!(!high());
}

#[test]
fn a_search_is_taken_back_with_one_touch() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.touch(&word("attract.touch"));
    kiosk.touch(&word("home.search-hint"));
    let rows = || kiosk.window.app().global::<ui::FindAdapter>().get_places().row_count();
    let all = rows();
    assert!(kiosk.find(&word("find.clear")).is_none(), "there is no text to clear");
    type_by_touch(&kiosk, "tea");
    assert!(rows() < all);
    kiosk.touch(&word("find.clear"));
    assert_eq!(rows(), all);
    assert!(kiosk.window.app().global::<ui::KeyboardAdapter>().get_open(), "the keyboard stays open");
}

/// A visitor who asks for an answer without an address sees the error beside the checkbox.
#[test]
fn a_missing_address_is_named_beside_its_box() {
    for size in [PORTRAIT, LANDSCAPE] {
        for text in ["access.normal", "access.extra-large"] {
            let story = move || {
                let kiosk = Kiosk::start(size);
                kiosk.touch(&word("attract.touch"));
                kiosk.touch(&word("bar.access"));
                kiosk.touch(&word(text));
                kiosk.touch(&word("access.close"));
                half_a_complaint(&kiosk);
                kiosk.send(pick(1, 0));
                kiosk.touch(&word("form.to-review"));
                assert!(kiosk.window.app().global::<ui::KeyboardAdapter>().get_open());
                let error = word("contact.error.missing");
                let phone = kiosk.find(&word("contact.phone")).unwrap();
                assert_eq!(phone.accessible_description().unwrap(), error.as_str());
                kiosk.touch(&word("contact.consent"));
                assert!(kiosk.find(&word("contact.phone")).is_none());
                kiosk.touch(&word("form.to-review"));
                assert_eq!(page(&kiosk), ui::PageName::Review);
            };
            std::thread::spawn(story).join().unwrap();
        }
    }
}

/// Every key shows, also in a field that takes the focus as it appears.
#[test]
fn what_is_typed_is_seen() {
    for (size, text) in
        [(PORTRAIT, "access.normal"), (LANDSCAPE, "access.normal"), (PORTRAIT, "access.large")]
    {
        let story = move || {
            let kiosk = Kiosk::start(size);
            kiosk.touch(&word("attract.touch"));
            kiosk.touch(&word("bar.access"));
            kiosk.touch(&word(text));
            kiosk.touch(&word("access.close"));
            half_a_complaint(&kiosk);
            kiosk.send(pick(1, 0));
            let seen = || kiosk.find(&word("contact.phone")).unwrap().accessible_value().unwrap();
            for (n, digit) in ["1", "3", "8", "0", "0"].iter().enumerate() {
                kiosk.touch(digit);
                assert_eq!(seen().len(), n + 1, "{seen:?}", seen = seen());
            }
            kiosk.touch(&word("form.to-review"));
            // Two keys before the window shows the first.
            kiosk.window.send(kiosk::event::Key::Char('1'));
            kiosk.window.send(kiosk::event::Key::Char('2'));
            stage::settle();
            assert_eq!(seen(), "1380012");
        };
        std::thread::spawn(story).join().unwrap();
    }
}

/// Fills in a complaint, up to the step for what the visitor wants and how to reach them.
fn half_a_complaint(kiosk: &Kiosk) {
    for event in [
        Event::from(HomeTouch::Tile(HomeTile::TellUs)),
        Event::from(MenuTouch::Card(COMPLAINT)),
        pick(0, 3),
        Event::from(Bar::Primary),
        Event::from(FormTouch::PlaceHere),
        pick(1, 0),
        Event::from(ReviewTouch::Add(CONTACT)),
    ] {
        kiosk.send(event);
    }
}

/// Tab and Return choose a language on the attract screen.
#[test]
fn a_language_can_be_chosen_by_keys() {
    let kiosk = Kiosk::start(PORTRAIT);
    let english = middle(&kiosk.find("Touch to start").unwrap());
    let mut turns = 0;
    while !kiosk.ring().is_some_and(|ring| (ring.y - english.y).abs() < 2.0) {
        kiosk.press(Key::Tab);
        assert_eq!(page(&kiosk), ui::PageName::Attract, "Tab only moves");
        turns += 1;
        assert!(turns < 20, "the languages are reached");
    }
    kiosk.press(Key::Return);
    assert_eq!(page(&kiosk), ui::PageName::Home);
    assert!(kiosk.find("Back").is_some(), "the page is in English");
}

#[test]
fn a_finger_sliding_off_presses_nothing() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.touch(&word("attract.touch"));
    let at = middle(&kiosk.find(&word("tile.tell-us")).unwrap());
    kiosk.press_and_slide_off(at);
    assert_eq!(page(&kiosk), ui::PageName::Home);
}

#[test]
fn a_real_keyboard_writes_and_escape_goes_back() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.press('a');
    assert_eq!(page(&kiosk), ui::PageName::Home, "any key begins");
    kiosk.touch(&word("home.search-hint"));
    for key in ['t', 'e', 'a', ' ', 'x'] {
        kiosk.press(key);
    }
    kiosk.press(Key::Backspace);
    kiosk.press(Key::LeftArrow);
    let field = kiosk.window.app().global::<ui::FindAdapter>().get_search();
    assert_eq!((field.before.as_str(), field.after.as_str()), ("tea", " "));
    kiosk.press(Key::Escape);
    assert!(!kiosk.window.app().global::<ui::KeyboardAdapter>().get_open(), "first out of the field");
    kiosk.press(Key::Escape);
    assert_eq!(page(&kiosk), ui::PageName::Home);
}

#[test]
fn a_visit_can_be_made_by_keys_alone() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.press(Key::Return);
    assert_eq!(page(&kiosk), ui::PageName::Home);
    let door = middle(&kiosk.find(&word("tile.tell-us")).unwrap());
    for _ in 0..30 {
        kiosk.press(Key::Tab);
        if kiosk.ring().is_some_and(|ring| (ring.x - door.x).abs() + (ring.y - door.y).abs() < 2.0) {
            break;
        }
    }
    kiosk.press(Key::Return);
    assert_eq!(page(&kiosk), ui::PageName::Menu);
}

#[test]
fn without_a_map_the_kiosk_still_takes_complaints() {
    let world = World::without_map(Language::ZhHans, Shanghai, Pinyin::Missing);
    let kiosk = Kiosk::start_in(world, Disk::Works, PORTRAIT);
    kiosk.touch(&word("attract.touch"));
    stage::picture(kiosk.window.app(), "home-without-map");
    assert!(kiosk.find(&word("tile.places")).is_none());
    kiosk.touch(&word("tile.tell-us"));
    kiosk.touch(&asked("complaint"));
    assert_eq!(page(&kiosk), ui::PageName::Form);
}

/// The visitor sees that the submission could not be saved.
#[test]
fn what_cannot_be_saved_stays_on_the_screen() {
    let world = World::without_map(Language::ZhHans, Shanghai, Pinyin::Missing);
    let kiosk = Kiosk::start_in(world, Disk::Fails, PORTRAIT);
    kiosk.touch(&word("attract.touch"));
    kiosk.touch(&word("tile.tell-us"));
    kiosk.touch(&asked("feedback"));
    kiosk.touch(&word("face.5"));
    kiosk.touch(&word("form.to-review"));
    kiosk.touch(&word("review.send"));
    let overlay = kiosk.window.app().global::<ui::OverlayAdapter>();
    assert_eq!(overlay.get_overlay(), ui::OverlayName::NotSaved);
    stage::picture(kiosk.window.app(), "not-saved");
    kiosk.touch(&word("not-saved.close"));
    assert_eq!(page(&kiosk), ui::PageName::Review);
}
