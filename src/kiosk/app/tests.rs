//! Visits, played as lists of events.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::form::Answer;
use domain::submission::Body;
use proptest::prelude::*;
use wayfinding::route::Router;

use super::*;
use crate::event::{Door, FindEvent, FormEvent, HomeEvent, Key, RouteEvent, Turn};
use crate::outbox::Said;
use crate::view::{Chosen, Field, FormStep, ItemAsk, ItemView, OverlayView, PageView, TextSize};
use crate::world::Pinyin;
use crate::world::tests::demo_mall;

mod follow;
mod forms;

fn noon() -> Timestamp {
    "2026-11-18T04:00:00Z".parse().unwrap()
}

/// The kiosk K1 of the demo mall at noon, with its ways grown.
fn kiosk() -> App {
    let venue = demo_mall();
    let spot = venue.kiosks()[0].clone();
    let ways = Ways::grow(&venue, &Router::new(Arc::clone(&venue)), &spot, noon());
    let mut app = App::new(World::new(venue, spot, Pinyin::Available), noon());
    app.handle(Event::Trees(ways));
    app
}

fn play(app: &mut App, events: impl IntoIterator<Item = Event>) -> Vec<Effect> {
    events.into_iter().flat_map(|e| app.handle(e)).collect()
}

fn write(app: &mut App, field: Field, text: &str) {
    app.handle(Event::FieldTapped(field));
    app.handle(Event::Keyboard(Key::Layout(crate::view::Layout::Latin)));
    for c in text.chars() {
        app.handle(Event::Keyboard(Key::Char(c)));
    }
    app.handle(Event::Keyboard(Key::Done));
}

fn press(bar: Bar) -> Event {
    Event::Bar(bar)
}

/// A touch on a part of a step of a form.
fn pick(item: usize, index: usize) -> Event {
    Event::Form(FormEvent::Pick { item, index })
}

/// Opens the form with this title, in English, from its door.
fn open(app: &mut App, door: Door, title: &str) {
    play(app, [Event::Start(Some(Language::En)), Event::Home(HomeEvent::Door(door))]);
    let PageView::Menu(menu) = app.view().page else { panic!("no forms to choose from") };
    let index = menu.cards.iter().position(|card| card.title == title).unwrap();
    app.handle(Event::Menu(index));
}

/// The parts of the step on the screen.
fn parts(app: &App) -> Vec<ItemView> {
    let PageView::Form(form) = app.view().page else { panic!("no step of a form") };
    let FormStep::Items(items) = form.step else { panic!("it asks for a place") };
    items
}

/// The words of a complaint, its fifth question.
const STORY: Field = Field::Answer(4);

/// A complaint filled in up to the review.
fn complaint(app: &mut App) {
    open(app, Door::TellUs, "Complaint");
    play(app, [pick(0, 2), press(Bar::Primary)]);
    play(app, [Event::Form(FormEvent::PlaceHere), press(Bar::Primary)]);
    play(app, [pick(0, 0), press(Bar::Primary)]);
    write(app, STORY, "The escalator makes a grinding noise");
    play(app, [press(Bar::Primary), press(Bar::Primary)]);
}

fn saved(effects: &[Effect]) -> Option<&Said> {
    effects.iter().find_map(|e| match e {
        Effect::Save(said) => Some(&**said),
        _ => None,
    })
}

fn receipt(said: &Said) -> Receipt {
    use domain::id::{Epoch, KioskNumber, Seq};
    use domain::receipt::{CaseNumber, ReceiptKey, TrackingToken};
    use rand::SeedableRng as _;
    let kiosk = KioskNumber::new(3).unwrap();
    let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(1);
    let token = TrackingToken::new(kiosk, &ReceiptKey([1; 32]), &mut random);
    Receipt {
        case_number: CaseNumber::new(kiosk, Epoch(1), Seq(1)),
        tracking_url: Some(format!("https://mall.example/t/{token}")),
        token,
        kind: said.body.kind(),
        created_at: noon(),
        answer_due: Some(noon() + TimeDelta::hours(24)),
    }
}

#[test]
fn three_touches_and_one_name_lead_to_a_drawn_route() {
    let mut app = kiosk();
    app.handle(Event::Start(None));
    app.handle(Event::Home(HomeEvent::Search));
    let venue = demo_mall();
    let shop = venue.places().iter().find(|p| p.number.is_some()).unwrap();
    for c in shop.name.get(Language::En).chars() {
        app.handle(Event::Keyboard(Key::Char(c)));
    }
    let PageView::Find(find) = app.view().page else { panic!("not the list of places") };
    assert_eq!(find.rows[0].name, shop.name.get(Language::ZhHans));

    app.handle(Event::PlaceChosen(find.rows[0].place));
    let PageView::Route(route) = app.view().page else { panic!("not the route") };
    assert_eq!(route.map.destination.map(|(p, _)| p), Some(shop.id));
    assert!(route.no_way.is_empty(), "{}", route.no_way);
    assert!(route.steps.len() >= 2, "{:?}", route.steps);
}

#[test]
fn one_touch_finds_the_nearest_restroom() {
    let mut app = kiosk();
    play(
        &mut app,
        [Event::Start(None), Event::Home(HomeEvent::Nearest(wayfinding::venue::Facility::Restroom))],
    );
    let PageView::Route(route) = app.view().page else { panic!("not the route") };
    assert!(route.no_way.is_empty());
}

#[test]
fn a_complaint_reaches_the_disk_with_everything_that_was_said_and_nothing_more() {
    let mut app = kiosk();
    complaint(&mut app);
    assert!(matches!(app.view().page, PageView::Review(_)));
    let effects = app.handle(press(Bar::Primary));
    let said = saved(&effects).expect("it is to be saved");
    let Body::Answers(answers) = &said.body else { panic!("no answers") };
    let Some(Answer::Text(story)) = answers.get("story") else { panic!("no story") };
    assert_eq!(story.as_str(), "The escalator makes a grinding noise");
    let Some(Answer::Chosen(category)) = answers.get("category") else { panic!("no category") };
    assert_eq!((said.language, category.options.as_slice()), (Language::En, &["facilities".to_owned()][..]));
    assert_eq!(answers.answers.keys().collect::<Vec<_>>(), ["category", "place", "story", "when"]);
    assert_eq!(said.contact, None, "nobody agreed to be contacted");

    assert!(saved(&app.handle(press(Bar::Primary))).is_none(), "a second touch sends nothing twice");
    let receipt = receipt(said);
    app.handle(Event::Saved(Ok(receipt)));
    let PageView::Thanks(thanks) = app.view().page else { panic!("not the receipt") };
    assert!(thanks.due.contains("Thu 19 Nov, 12:00"), "{}", thanks.due);
    assert!(thanks.qr.starts_with("https://mall.example/t/"));
}

#[test]
fn no_thank_you_is_shown_for_what_is_not_on_the_disk_and_nothing_typed_is_lost() {
    let mut app = kiosk();
    complaint(&mut app);
    app.handle(press(Bar::Primary));
    app.handle(Event::Saved(Err(SaveFailed::Disk)));
    assert!(matches!(app.view().overlay, Some(OverlayView::NotSaved { .. })));
    assert!(matches!(app.view().page, PageView::Review(_)));
    assert!(saved(&app.handle(press(Bar::Primary))).is_some(), "it can be tried again");
}

#[test]
fn a_visitor_who_walks_away_is_warned_and_then_forgotten() {
    let mut app = kiosk();
    complaint(&mut app);
    let mut forgotten_after = None;
    let mut warned_at = None;
    for second in 1..=300 {
        let effects = app.handle(Event::Tick(noon() + TimeDelta::seconds(second)));
        if matches!(app.view().overlay, Some(OverlayView::Inactivity { .. })) && warned_at.is_none() {
            warned_at = Some(second);
        }
        if effects.iter().any(|e| matches!(e, Effect::Forget)) {
            forgotten_after = Some(second);
            break;
        }
    }
    assert_eq!((warned_at, forgotten_after), (Some(90), Some(110)));
    assert!(app.is_resting());
    complaint(&mut app);
    let PageView::Review(review) = app.view().page else { panic!() };
    assert!(review.rows.iter().filter(|r| r.value.contains("grinding")).count() == 1);
}

#[test]
fn the_next_visitor_finds_the_kiosk_as_the_first_one_did() {
    let mut app = kiosk();
    let fresh = app.view();
    complaint(&mut app);
    play(
        &mut app,
        [Event::Overlay(OverlayEvent::TextSize(TextSize::ExtraLarge)), Event::Overlay(OverlayEvent::Finish)],
    );
    assert!(app.view() == fresh);
    open(&mut app, Door::TellUs, "Complaint");
    let ItemAsk::Cards(cards) = &parts(&app)[0].ask else { panic!() };
    assert!(cards.iter().all(|c| c.chosen == Chosen::No));
}

#[test]
fn changing_the_language_keeps_the_page_and_what_was_typed() {
    let mut app = kiosk();
    complaint(&mut app);
    play(&mut app, [press(Bar::Language), Event::Overlay(OverlayEvent::Language(Language::ZhHans))]);
    let view = app.view();
    let PageView::Review(review) = view.page else { panic!("not the review") };
    assert_eq!(
        (view.language, review.rows[4].value.as_str()),
        (Language::ZhHans, "The escalator makes a grinding noise")
    );
    assert_eq!((review.rows[0].value.as_str(), review.rows[0].label.as_str()), ("设施", "您对什么不满意？"));
}

#[test]
fn a_wrong_telephone_number_is_explained_beside_its_field_and_kept() {
    let mut app = kiosk();
    complaint(&mut app);
    play(&mut app, [Event::ReviewChange(6), pick(1, 0)]);
    write(&mut app, Field::Phone, "12345");
    app.handle(press(Bar::Primary));
    let items = parts(&app);
    let fields = items
        .iter()
        .find_map(|i| if let ItemAsk::Contact { fields, .. } = &i.ask { Some(fields) } else { None });
    let fields = fields.expect("it did not go on with a wrong number");
    let (_, phone) = &fields[1];
    assert_eq!(phone.error, "Enter at least 7 digits. You entered 5.");
    assert_eq!(phone.before, "12345");

    write(&mut app, Field::Phone, "678");
    app.handle(press(Bar::Primary));
    assert!(matches!(app.view().page, PageView::Review(_)));
}

#[test]
fn putting_the_keyboard_away_keeps_letters_that_became_no_characters_yet() {
    let mut app = kiosk();
    complaint(&mut app);
    play(&mut app, [Event::ReviewChange(4), Event::FieldTapped(STORY)]);
    let composing = crate::input::Composition { preedit: "dian ti".to_owned(), ..Default::default() };
    play(&mut app, [Event::Composed(composing), Event::Keyboard(Key::Done)]);
    let ItemAsk::Text { view: field, .. } = &parts(&app)[0].ask else { panic!() };
    assert!(field.before.ends_with("dianti"), "{}", field.before);
}

#[test]
fn leaving_a_form_with_something_in_it_asks_first() {
    let mut app = kiosk();
    complaint(&mut app);
    app.handle(press(Bar::Home));
    assert!(matches!(app.view().overlay, Some(OverlayView::Discard { .. })));
    app.handle(Event::Overlay(OverlayEvent::Close));
    assert!(matches!(app.view().page, PageView::Review(_)));
    play(&mut app, [press(Bar::Home), Event::Overlay(OverlayEvent::Discard)]);
    assert!(matches!(app.view().page, PageView::Home(_)));
}

#[test]
fn a_kiosk_without_its_map_still_takes_a_complaint() {
    let world = World::without_map(Language::ZhHans, chrono_tz::Asia::Shanghai, Pinyin::Missing);
    let mut app = App::new(world, noon());
    app.handle(Event::Start(Some(Language::En)));
    let PageView::Home(home) = app.view().page else { panic!() };
    assert!(!home.notice.is_empty() && home.map.is_none() && home.errands.is_empty());
    app.handle(press(Bar::Back));
    complaint(&mut app);
    assert!(saved(&app.handle(press(Bar::Primary))).is_some());
}

#[test]
fn typing_stops_at_five_hundred_characters_and_says_how_many_there_are() {
    let mut app = kiosk();
    complaint(&mut app);
    app.handle(Event::ReviewChange(4));
    write(&mut app, STORY, &"x".repeat(600));
    let ItemAsk::Text { view: field, .. } = &parts(&app)[0].ask else { panic!() };
    assert_eq!(field.count, "500 / 500");
}

fn any_event() -> impl Strategy<Value = Event> {
    let bar = prop_oneof![
        Just(Bar::Back),
        Just(Bar::Home),
        Just(Bar::Language),
        Just(Bar::Access),
        Just(Bar::CallStaff),
        Just(Bar::Primary),
        Just(Bar::Primary),
        Just(Bar::Primary),
    ];
    let field = prop_oneof![
        Just(Field::Search),
        Just(Field::PlaceSearch),
        Just(Field::Phone),
        Just(Field::Email),
        Just(Field::CaseNumber),
        (0_u8..9).prop_map(Field::Answer),
    ];
    let key = prop_oneof![
        any::<char>().prop_map(Key::Char),
        proptest::char::range('a', 'z').prop_map(Key::Char),
        Just(Key::Backspace),
        Just(Key::Enter),
        Just(Key::Done),
        Just(Key::Caret(Turn::Next)),
        Just(Key::Caret(Turn::Previous)),
        (0_usize..9).prop_map(Key::Candidate),
        Just(Key::Layout(crate::view::Layout::Pinyin)),
    ];
    let door =
        prop_oneof![Just(Door::Places), Just(Door::TellUs), Just(Door::Services), Just(Door::CallStaff)];
    let place = (0_usize..50).prop_map(|i| {
        let venue = demo_mall();
        Event::PlaceChosen(venue.places()[i % venue.places().len()].id)
    });
    prop_oneof![
        Just(Event::Start(Some(Language::En))),
        bar.prop_map(Event::Bar),
        key.prop_map(Event::Keyboard),
        field.prop_map(Event::FieldTapped),
        door.prop_map(|d| Event::Home(HomeEvent::Door(d))),
        Just(Event::Home(HomeEvent::Search)),
        place,
        (0_usize..20).prop_map(|i| Event::Find(FindEvent::Group(i))),
        (0_usize..20).prop_map(|i| Event::Route(RouteEvent::Step(i))),
        (0_usize..9).prop_map(|i| Event::Route(RouteEvent::Level(wayfinding::venue::LevelIndex(i)))),
        (0_usize..8).prop_map(Event::Menu),
        (0_usize..4, 0_usize..12).prop_map(|(item, index)| pick(item, index)),
        Just(Event::Form(FormEvent::PlaceHere)),
        Just(Event::Form(FormEvent::PlaceUnknown)),
        (0_usize..6).prop_map(Event::ReviewChange),
        Just(Event::HelpShowDesk),
        Just(Event::Follow(crate::event::FollowEvent::GiveUp)),
        (0_u64..3).prop_map(|n| Event::Told(crate::following::Ticket(n), Ok(Box::default()))),
        Just(Event::Overlay(OverlayEvent::Close)),
        Just(Event::Overlay(OverlayEvent::Discard)),
        Just(Event::Saved(Err(SaveFailed::Disk))),
        Just(Event::Tick(noon())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn whatever_a_visitor_touches_the_kiosk_has_a_page_for_it_and_forgets_it(events in prop::collection::vec(any_event(), 1..40)) {
        let mut app = kiosk();
        let fresh = app.view();
        for event in events {
            for effect in app.handle(event) {
                if let Effect::Save(said) = effect {
                    app.handle(Event::Saved(Ok(receipt(&said))));
                }
            }
            let _ = app.view();
        }
        app.handle(Event::Overlay(OverlayEvent::Finish));
        app.handle(Event::Tick(noon()));
        let after = app.view();
        prop_assert!(after.page_kind() == fresh.page_kind() && after.language == fresh.language);
        prop_assert!(after.text_size == fresh.text_size && after.keyboard.is_none() && after.overlay.is_none());
    }
}
