//! Tests that play visits as lists of events.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::form::{Answer, FormCatalog};
use domain::language::Language;
use domain::submission::Body;
use proptest::prelude::*;
use wayfinding::route::{Router, TravelProfile};
use wayfinding::venue::Facility;

use super::*;
use crate::event::Key;
use crate::outbox::Draft;
use crate::pages::PageView;
use crate::pages::attract::AttractTouch;
use crate::pages::case_status::CaseStatusTouch;
use crate::pages::farewell::FarewellTouch;
use crate::pages::find::FindTouch;
use crate::pages::form::{FormStep, FormTouch, ItemAsk, ItemView};
use crate::pages::help::HelpTouch;
use crate::pages::home::{HomeTile, HomeTouch, Unfinished};
use crate::pages::menu::MenuTouch;
use crate::pages::rated::RatedTouch;
use crate::pages::review::ReviewTouch;
use crate::pages::route::RouteTouch;
use crate::view::{Direction, Field, OverlayView, TextSize};
use crate::world::Pinyin;
use crate::world::tests::demo_mall;

mod drafts;
mod errands;
mod forms;
mod help;
mod lookup;
mod overlays;
mod ratings;

fn noon() -> Timestamp {
    "2026-11-18T04:00:00Z".parse().unwrap()
}

/// The kiosk K1 of the demo mall at noon, with its routes computed.
fn kiosk() -> App {
    kiosk_asking(FormCatalog::shipped())
}

/// The same kiosk with these forms.
fn kiosk_asking(forms: FormCatalog) -> App {
    let venue = demo_mall();
    let spot = venue.kiosks()[0].clone();
    let routes = KioskRoutes::grow(&venue, &Router::new(Arc::clone(&venue)), &spot, noon());
    let world = World { forms: Arc::new(forms), ..World::new(venue, spot, Pinyin::Available) };
    let mut app = App::new(world, noon());
    app.handle(Arrival::RoutesReady(routes));
    app
}

fn play(app: &mut App, events: impl IntoIterator<Item = Event>) -> Vec<Effect> {
    events.into_iter().flat_map(|e| app.handle(e)).collect()
}

fn write(app: &mut App, field: Field, text: &str) {
    app.handle(Touch::FieldTapped(field));
    app.handle(Key::Layout(crate::view::Layout::Latin));
    for c in text.chars() {
        app.handle(Key::Char(c));
    }
    app.handle(Key::Done);
}

fn press(bar: Bar) -> Event {
    Event::from(bar)
}

/// A touch in an item of a form step.
fn pick(item: usize, index: usize) -> Event {
    Event::from(FormTouch::Pick { item, index })
}

/// Opens the form with this title, in English, from its tile.
fn open(app: &mut App, tile: HomeTile, title: &str) {
    play(app, [Event::from(AttractTouch::Start(Some(Language::En))), Event::from(HomeTouch::Tile(tile))]);
    let PageView::Menu(menu) = app.view().page else { panic!("no forms to choose from") };
    let index = menu.cards.iter().position(|card| card.title == title).unwrap();
    app.handle(MenuTouch::Card(index));
}

/// The items of the step on the screen.
fn parts(app: &App) -> Vec<ItemView> {
    let PageView::Form(form) = app.view().page else { panic!("no step of a form") };
    let FormStep::Items(items) = form.step else { panic!("it asks for a place") };
    items
}

/// The text field of a complaint's third question.
const STORY: Field = Field::Answer(2);

/// Fills in a complaint up to the review.
fn complaint(app: &mut App) {
    open(app, HomeTile::TellUs, "Complaint");
    play(app, [pick(0, 2), press(Bar::Primary)]);
    app.handle(FormTouch::PlaceHere);
    write(app, STORY, "The escalator makes a grinding noise");
    app.handle(press(Bar::Primary));
}

fn saved(effects: &[Effect]) -> Option<&Draft> {
    effects.iter().find_map(|e| match e {
        Effect::Save(draft) => Some(&**draft),
        _ => None,
    })
}

fn receipt(draft: &Draft) -> Receipt {
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
        kind: draft.body.kind(),
        created_at: noon(),
        answer_due: Some(noon() + TimeDelta::hours(24)),
    }
}

#[test]
fn a_typed_name_leads_to_its_route() {
    let mut app = kiosk();
    app.handle(AttractTouch::Start(None));
    app.handle(HomeTouch::Search);
    let venue = demo_mall();
    let shop = venue.places().iter().find(|p| p.number.is_some()).unwrap();
    for c in shop.name.get(Language::En).chars() {
        app.handle(Key::Char(c));
    }
    let PageView::Find(find) = app.view().page else { panic!("not the list of places") };
    assert_eq!(find.rows[0].name, shop.name.get(Language::ZhHans));

    app.handle(Touch::PlaceChosen(find.rows[0].place));
    let PageView::Route(route) = app.view().page else { panic!("not the route") };
    assert_eq!(route.map.destination.map(|(p, _)| p), Some(shop.id));
    assert!(route.no_route.is_empty(), "{}", route.no_route);
    assert!(route.steps.len() >= 2, "{:?}", route.steps);
}

/// The second touch chooses the kind: for women, for men, accessible, for families.
#[test]
fn two_touches_find_the_nearest_restroom() {
    let mut app = kiosk();
    play(
        &mut app,
        [Event::from(AttractTouch::Start(None)), Event::from(HomeTouch::Facility(Facility::Restroom))],
    );
    let PageView::Menu(menu) = app.view().page else { panic!("not the kinds") };
    assert_eq!(menu.cards.len(), 4, "{:?}", menu.cards);
    app.handle(MenuTouch::Card(0));
    let PageView::Route(route) = app.view().page else { panic!("not the route") };
    assert!(route.no_route.is_empty());
}

/// A draft contains every answer and nothing else.
#[test]
fn a_complaint_reaches_the_disk_whole() {
    let mut app = kiosk();
    complaint(&mut app);
    assert!(matches!(app.view().page, PageView::Review(_)));
    let effects = app.handle(press(Bar::Primary));
    let draft = saved(&effects).expect("it is to be saved");
    let Body::Answers(answers) = &draft.body else { panic!("no answers") };
    let Some(Answer::Text(story)) = answers.get("story") else { panic!("no story") };
    assert_eq!(story.as_str(), "The escalator makes a grinding noise");
    let Some(Answer::Chosen(category)) = answers.get("category") else { panic!("no category") };
    assert_eq!((draft.language, category.options.as_slice()), (Language::En, &["facilities".to_owned()][..]));
    assert_eq!(answers.answers.keys().collect::<Vec<_>>(), ["category", "place", "story"]);
    assert_eq!(draft.contact, None, "nobody agreed to be contacted");

    assert!(saved(&app.handle(press(Bar::Primary))).is_none(), "a second touch sends nothing twice");
    let receipt = receipt(draft);
    app.handle(Arrival::Saved(Ok(receipt)));
    let PageView::Thanks(thanks) = app.view().page else { panic!("not the receipt") };
    assert!(thanks.due.contains("Thu 19 Nov, 12:00"), "{}", thanks.due);
    assert!(thanks.qr.starts_with("https://mall.example/t/"));
}

/// If the disk fails, the review stays and nothing that was typed is lost.
#[test]
fn no_thank_you_is_shown_before_the_disk() {
    let mut app = kiosk();
    complaint(&mut app);
    app.handle(press(Bar::Primary));
    app.handle(Arrival::Saved(Err(SaveFailed::Disk)));
    assert!(matches!(app.view().overlay, Some(OverlayView::NotSaved { .. })));
    assert!(matches!(app.view().page, PageView::Review(_)));
    assert!(saved(&app.handle(press(Bar::Primary))).is_none(), "the dialog is answered first");
    assert!(saved(&app.handle(OverlayTouch::Retry)).is_some(), "it can be tried again");
}

#[test]
fn a_leaving_visitor_is_warned_then_forgotten() {
    let mut app = kiosk();
    complaint(&mut app);
    let mut forgotten_after = None;
    let mut warned_at = None;
    for second in 1..=300 {
        let effects = app.handle(Arrival::Tick(noon() + TimeDelta::seconds(second)));
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
fn the_next_visitor_finds_a_fresh_kiosk() {
    let mut app = kiosk();
    let fresh = app.view();
    complaint(&mut app);
    play(
        &mut app,
        [Event::from(OverlayTouch::TextSize(TextSize::ExtraLarge)), Event::from(OverlayTouch::Finish)],
    );
    assert!(app.view() == fresh);
    open(&mut app, HomeTile::TellUs, "Complaint");
    let ItemAsk::Cards(cards) = &parts(&app)[0].ask else { panic!() };
    assert!(cards.iter().all(|c| !c.chosen));
}

#[test]
fn another_language_keeps_page_and_text() {
    let mut app = kiosk();
    complaint(&mut app);
    play(&mut app, [press(Bar::Language), Event::from(OverlayTouch::Language(Language::ZhHans))]);
    let view = app.view();
    let PageView::Review(review) = view.page else { panic!("not the review") };
    assert_eq!(
        (view.language, review.rows[2].value.as_str()),
        (Language::ZhHans, "The escalator makes a grinding noise")
    );
    assert_eq!((review.rows[0].value.as_str(), review.rows[0].label.as_str()), ("设施", "您对什么不满意？"));
}

#[test]
fn a_wrong_phone_number_is_explained_and_kept() {
    let mut app = kiosk();
    complaint(&mut app);
    play(&mut app, [Event::from(ReviewTouch::Add(2)), pick(1, 0)]);
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
fn closing_the_keyboard_keeps_uncomposed_letters() {
    let mut app = kiosk();
    complaint(&mut app);
    play(&mut app, [Event::from(ReviewTouch::Change(2)), Event::from(Touch::FieldTapped(STORY))]);
    let composing = crate::input::Composition { preedit: "dian ti".to_owned(), ..Default::default() };
    play(&mut app, [Event::from(Arrival::Composed(composing)), Event::from(Key::Done)]);
    let ItemAsk::Text { view: field, .. } = &parts(&app)[0].ask else { panic!() };
    assert!(field.before.ends_with("dianti"), "{}", field.before);
}

#[test]
fn a_kiosk_without_map_takes_complaints() {
    let world = World::without_map(Language::ZhHans, chrono_tz::Asia::Shanghai, Pinyin::Missing);
    let mut app = App::new(world, noon());
    app.handle(AttractTouch::Start(Some(Language::En)));
    let PageView::Home(home) = app.view().page else { panic!() };
    assert!(!home.notice.is_empty() && home.map.is_none() && home.errands.is_empty());
    app.handle(press(Bar::Back));
    complaint(&mut app);
    assert!(saved(&app.handle(press(Bar::Primary))).is_some());
}

#[test]
fn typing_stops_at_the_limit_and_counts() {
    let mut app = kiosk();
    complaint(&mut app);
    app.handle(ReviewTouch::Change(2));
    write(&mut app, STORY, &"x".repeat(600));
    let ItemAsk::Text { view: field, .. } = &parts(&app)[0].ask else { panic!() };
    assert_eq!(
        (field.count.as_str(), field.nearly_full),
        ("You've reached the limit of 500 characters.", true)
    );
    assert_eq!(field.before.chars().count(), 500);
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
        Just(Key::Caret(Direction::Next)),
        Just(Key::Caret(Direction::Previous)),
        (0_usize..9).prop_map(Key::Candidate),
        Just(Key::Layout(crate::view::Layout::Pinyin)),
    ];
    let tile = prop_oneof![
        Just(HomeTile::Places),
        Just(HomeTile::TellUs),
        Just(HomeTile::Services),
        Just(HomeTile::CallStaff)
    ];
    let place = (0_usize..50).prop_map(|i| {
        let venue = demo_mall();
        Event::from(Touch::PlaceChosen(venue.places()[i % venue.places().len()].id))
    });
    prop_oneof![
        Just(Event::from(AttractTouch::Start(Some(Language::En)))),
        bar.prop_map(Event::from),
        key.prop_map(Event::from),
        field.prop_map(|field| Event::from(Touch::FieldTapped(field))),
        tile.prop_map(|t| Event::from(HomeTouch::Tile(t))),
        Just(Event::from(HomeTouch::Search)),
        place,
        (0_usize..20).prop_map(|i| Event::from(FindTouch::Group(i))),
        (0_usize..20).prop_map(|i| Event::from(RouteTouch::Step(i))),
        (0_usize..9).prop_map(|i| Event::from(RouteTouch::Level(wayfinding::venue::LevelIndex(i)))),
        (0_usize..8).prop_map(|i| Event::from(MenuTouch::Card(i))),
        (0_usize..4, 0_usize..12).prop_map(|(item, index)| pick(item, index)),
        Just(Event::from(FormTouch::PlaceHere)),
        Just(Event::from(FormTouch::PlaceUnknown)),
        (0_usize..6).prop_map(|i| Event::from(ReviewTouch::Change(i))),
        (0_usize..6).prop_map(|i| Event::from(ReviewTouch::Add(i))),
        (0_u8..7).prop_map(|i| Event::from(MenuTouch::Face(i))),
        (0_u8..7).prop_map(|i| Event::from(AttractTouch::Face(i))),
        (0_u8..7).prop_map(|i| Event::from(RatedTouch::Face(i))),
        Just(Event::from(RatedTouch::More)),
        Just(Event::from(RatedTouch::TakeBack)),
        Just(Event::from(AttractTouch::LargeText(Language::En))),
        Just(Event::from(AttractTouch::CallStaff(Language::ZhHans))),
        Just(Event::from(HelpTouch::ShowDesk)),
        Just(Event::from(CaseStatusTouch::GiveUp)),
        (0_u64..3).prop_map(|n| Event::from(Arrival::CaseStatusArrived(
            crate::case_lookup::RequestId(n),
            Ok(Box::default())
        ))),
        Just(Event::from(OverlayTouch::Close)),
        Just(Event::from(OverlayTouch::Discard)),
        Just(Event::from(OverlayTouch::KeepDraft)),
        Just(Event::from(OverlayTouch::Retry)),
        Just(Event::from(OverlayTouch::StillHere)),
        Just(Event::from(FarewellTouch::Receipt)),
        Just(Event::from(HomeTouch::Return(Unfinished::Draft))),
        Just(Event::from(HomeTouch::Return(Unfinished::Receipt))),
        Just(Event::from(HomeTouch::Return(Unfinished::Call))),
        (0..Facility::ALL.len()).prop_map(|i| Event::from(HomeTouch::Facility(Facility::ALL[i]))),
        Just(Event::from(RouteTouch::Similar)),
        Just(Event::from(RouteTouch::Profile(TravelProfile::StepFree))),
        Just(Event::from(Arrival::Saved(Err(SaveFailed::Disk)))),
        Just(Event::from(Arrival::Tick(noon()))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn any_touches_lead_somewhere_and_are_forgotten(events in prop::collection::vec(any_event(), 1..40)) {
        let mut app = kiosk();
        let fresh = app.view();
        for event in events {
            for effect in app.handle(event) {
                if let Effect::Save(draft) = effect {
                    app.handle(Arrival::Saved(Ok(receipt(&draft))));
                }
            }
            let _ = app.view();
        }
        app.handle(OverlayTouch::Finish);
        app.handle(Arrival::Tick(noon()));
        let after = app.view();
        prop_assert!(after.page_kind() == fresh.page_kind() && after.language == fresh.language);
        let visit = &app.cx.visit;
        prop_assert!(!visit.has_draft() && visit.left_receipt.is_none() && visit.filling.is_none());
        prop_assert!(visit.rating.is_none() && !visit.has_rated);
        prop_assert!(visit.travel_profile == TravelProfile::Walking);
        prop_assert!(after.text_size == fresh.text_size && after.keyboard.is_none() && after.overlay.is_none());
    }
}
