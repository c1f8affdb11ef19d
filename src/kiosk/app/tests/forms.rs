//! Forms as visitors fill them in: questions, conditions and error messages.

use domain::form::{Answers, Form, FormCatalog};
use domain::kind::Kind;

use super::*;
use crate::event::{Arrival, Bar, Event, Key, OverlayTouch, Touch};
use crate::pages::PageView;
use crate::pages::form::{FormStep, FormTouch, FormView, ItemAsk, MapTouch};
use crate::pages::home::HomeTile;
use crate::pages::menu::MenuTouch;
use crate::pages::review::ReviewView;
use crate::view::{Field, TextSize};
use wayfinding::geometry::Point;
use wayfinding::venue::{FeatureId, LevelIndex};

/// Sends the opened form from the review; returns its answers and the draft.
fn sent(app: &mut App) -> (Answers, Draft) {
    assert!(matches!(app.view().page, PageView::Review(_)), "not at the review yet");
    let effects = app.handle(press(Bar::Primary));
    let draft = saved(&effects).expect("it is to be saved").clone();
    let Body::Answers(answers) = draft.body.clone() else { panic!("no answers") };
    (answers, draft)
}

/// Answers the required questions of a step with as little as possible.
fn answer_step(app: &mut App) {
    let PageView::Form(form) = app.view().page else { return };
    let FormStep::Items(_) = form.step else {
        app.handle(FormTouch::PlaceUnknown);
        return;
    };
    for at in 0..parts(app).len() {
        match parts(app).get(at).map(|item| item.ask.clone()) {
            Some(ItemAsk::Text { field, .. }) => write(app, field, "so it was"),
            Some(ItemAsk::Faces { value: 0, .. }) => drop(app.handle(pick(at, 4))),
            Some(ItemAsk::Scale { value: None, lowest, .. }) => drop(app.handle(pick(at, lowest.into()))),
            Some(ItemAsk::Cards(cards)) if cards.iter().all(|c| !c.chosen) => {
                app.handle(pick(at, 0));
            }
            Some(ItemAsk::Chips(chips)) if chips.iter().all(|c| !c.chosen) => {
                app.handle(pick(at, 0));
            }
            _ => {}
        }
    }
}

/// Every draft fits its form.
#[test]
fn every_form_can_be_filled_in_and_sent() {
    for form in FormCatalog::shipped().offered() {
        let mut app = kiosk();
        let services = [Kind::ServiceRequest, Kind::LostItem, Kind::FoundItem].contains(&form.kind);
        let tile = if services { HomeTile::Services } else { HomeTile::TellUs };
        open(&mut app, tile, &form.title.text(Language::En));
        for _ in 0..form.steps.len() {
            if let PageView::Form(FormView { progress, .. }) = app.view().page {
                assert!(progress.step <= progress.of && progress.of <= 5, "{}: {}", form.id, progress.words);
                answer_step(&mut app);
                app.handle(press(Bar::Primary));
            }
        }
        let PageView::Review(ReviewView { progress, .. }) = app.view().page else { panic!("not reviewed") };
        assert_eq!(progress.words, form.title.text(Language::En), "the review is no step");
        let (answers, draft) = sent(&mut app);
        let today = crate::visit::filling::today(app.world(), noon());
        assert_eq!(form.check(&answers, draft.contact.as_ref(), today), [], "{}", form.id);
        assert_eq!((answers.form.as_str(), draft.body.kind()), (form.id.as_str(), form.kind));
        app.handle(Arrival::Saved(Ok(receipt(&draft))));
        match app.view().page {
            PageView::Thanks(thanks) => {
                let answer_is_judged = [Kind::Complaint, Kind::Enquiry].contains(&form.kind);
                let last = if answer_is_judged { "3 Is it solved?" } else { "3 Add details" };
                assert_eq!(thanks.steps.last().unwrap().title, last, "{}", form.id);
            }
            _ => panic!("{} ends on another page", form.id),
        }
    }
}

#[test]
fn a_form_with_only_required_answers_is_short() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Feedback");
    play(&mut app, [pick(0, 5)]);
    let mut touches = 0;
    while matches!(app.view().page, PageView::Form(_)) {
        app.handle(press(Bar::Primary));
        touches += 1;
    }
    let (answers, draft) = sent(&mut app);
    assert_eq!(answers.answers.keys().collect::<Vec<_>>(), ["face"]);
    assert_eq!((touches, draft.contact), (4, None), "who is content is not asked for a number");
}

/// An error is shown beside its question, and only after the primary button was pressed.
#[test]
fn missing_answers_are_named_after_trying_to_continue() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Complaint");
    assert_eq!(parts(&app)[0].error, "");
    app.handle(press(Bar::Primary));
    assert_eq!(parts(&app)[0].error, "Choose one of these.");
    play(&mut app, [pick(0, 0)]);
    assert_eq!(parts(&app)[0].error, "", "what was mended is not blamed any more");
    play(&mut app, [press(Bar::Primary), press(Bar::Primary)]);
    let PageView::Form(form) = app.view().page else { panic!("went on without a place") };
    let FormStep::Place { error, .. } = form.step else { panic!("not the place") };
    assert_eq!(error, "Choose where, or touch “I'm not sure”.");
}

#[test]
fn a_category_divides_and_can_be_taken_back() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Complaint");
    play(&mut app, [pick(0, 2), pick(1, 0)]);
    let ItemAsk::Chips(parts_of_facilities) = &parts(&app)[1].ask else { panic!("nothing to divide") };
    assert!(parts_of_facilities[0].chosen);
    play(&mut app, [pick(0, 2)]);
    assert_eq!(parts(&app).len(), 1, "taken back, with its parts");
    play(&mut app, [pick(0, 2), pick(1, 1), pick(1, 0)]);
    let ItemAsk::Chips(chips) = &parts(&app)[1].ask else { panic!() };
    assert_eq!(chips.iter().filter(|chip| chip.chosen).count(), 1);
}

/// The parts of a chosen category are then visible without scrolling.
#[test]
fn in_large_text_a_category_stands_alone() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Complaint");
    play(&mut app, [Event::from(OverlayTouch::TextSize(TextSize::ExtraLarge)), pick(0, 3)]);
    let ItemAsk::Cards(cards) = &parts(&app)[0].ask else { panic!() };
    assert_eq!((cards.len(), cards[0].title.as_str()), (1, "Cleanliness and noise"));
    play(&mut app, [pick(0, 0)]);
    let ItemAsk::Cards(cards) = &parts(&app)[0].ask else { panic!() };
    assert_eq!(cards.len(), 6, "touching it again brings the others back");
}

/// Older days are offered after one more touch.
#[test]
fn a_past_day_asks_for_its_part() {
    let mut app = kiosk();
    open(&mut app, HomeTile::Services, "Lost something");
    play(&mut app, [pick(0, 0), press(Bar::Primary), pick(0, 0), press(Bar::Primary)]);
    play(&mut app, [Event::from(FormTouch::PlaceUnknown), press(Bar::Primary)]);
    let chips = |app: &App, at: usize| match &parts(app)[at].ask {
        ItemAsk::Chips(chips) => chips.iter().map(|chip| chip.label.clone()).collect::<Vec<_>>(),
        _ => panic!("no chips"),
    };
    let first = chips(&app, 0);
    assert_eq!(first[..4], ["Just now", "Earlier today", "Yesterday", "Mon 16 Nov"]);
    play(&mut app, [pick(0, first.iter().position(|l| l == "Longer ago").unwrap())]);
    assert_eq!(chips(&app, 0).len(), 33, "now, earlier, thirty days, not sure");
    play(&mut app, [pick(0, 3)]);
    assert_eq!(chips(&app, 1), ["Morning", "Around noon", "Afternoon", "Evening"]);
    play(&mut app, [pick(1, 3), press(Bar::Primary), press(Bar::Primary)]);
    let PageView::Review(ReviewView { rows, .. }) = app.view().page else { panic!("not the review") };
    assert!(
        rows.iter().any(|row| row.value == "16 Nov, evening"),
        "{:?}",
        rows.iter().map(|r| &r.value).collect::<Vec<_>>()
    );
}

/// The error says why a number is needed.
#[test]
fn a_callback_asks_for_a_phone_number() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Question");
    play(&mut app, [pick(0, 3), press(Bar::Primary)]);
    write(&mut app, Field::Answer(1), "Is there a cinema?");
    play(&mut app, [press(Bar::Primary), pick(0, 1), press(Bar::Primary)]);
    assert_eq!(parts(&app)[1].error, "Tick this and enter a number, or choose another way above.");
    play(&mut app, [pick(1, 0), press(Bar::Primary)]);
    assert_eq!(app.cx.visit.focus, Some(Field::Phone), "the field that is missing has the keys");
    write(&mut app, Field::Phone, "13800001234");
    app.handle(press(Bar::Primary));
    let (answers, draft) = sent(&mut app);
    assert_eq!(draft.contact.unwrap().phone.unwrap().as_str(), "13800001234");
    assert!(answers.get("contact").is_none(), "how to reach somebody stays apart");
}

#[test]
fn a_withdrawn_callback_leaves_no_number() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Question");
    play(&mut app, [pick(0, 3), press(Bar::Primary)]);
    write(&mut app, Field::Answer(1), "Is there a cinema?");
    play(&mut app, [press(Bar::Primary), pick(0, 1), pick(1, 0)]);
    write(&mut app, Field::Phone, "13800001234");
    play(&mut app, [pick(0, 0), press(Bar::Primary)]);
    assert_eq!(sent(&mut app).1.contact, None);
}

/// With this very kiosk as its place.
#[test]
fn somebody_unwell_is_reported_as_urgent() {
    let mut app = kiosk();
    open(&mut app, HomeTile::Services, "Request a service");
    play(&mut app, [pick(0, 6), pick(1, 1), press(Bar::Primary), press(Bar::Primary)]);
    let (answers, draft) = sent(&mut app);
    assert!(answers.urgent && draft.place.is_some());
}

/// Without a release of the program.
#[test]
fn a_question_added_by_a_mall_is_asked() {
    let shipped = include_str!("../../../../assets/forms/praise.1.toml");
    let added = "\n[[step]]\n[[step.field]]\nid = \"lantern\"\nask = \"faces\"\n\
                 label = { en = \"How did you like the lanterns?\", zh-Hans = \"灯会怎么样？\" }\n";
    let mut catalog = FormCatalog::shipped();
    catalog.add("praise.toml", &(shipped.replace("version = 1", "version = 1000") + added)).unwrap();
    let mut app = kiosk_asking(catalog);
    open(&mut app, HomeTile::TellUs, "Compliment");
    play(&mut app, [pick(0, 0), press(Bar::Primary), press(Bar::Primary)]);
    write(&mut app, Field::Answer(3), "Well done");
    app.handle(press(Bar::Primary));
    let PageView::Form(form) = app.view().page else { panic!("nothing was added") };
    assert_eq!(form.title, "How did you like the lanterns?");
    play(&mut app, [pick(0, 5), press(Bar::Primary)]);
    let (answers, _) = sent(&mut app);
    assert_eq!(answers.version, 1000);
    assert!(matches!(answers.get("lantern"), Some(Answer::Faces(face)) if face.get() == 5));
}

#[test]
fn a_form_of_the_mall_is_offered() {
    let text = "id = 'cinema'\nversion = 1000\nkind = 'praise'\ntitle = { en = 'Cinema', zh-Hans = '影院' }\n\
                [[step]]\n[[step.field]]\nid = 'seats'\nask = 'number'\nlowest = 1\nhighest = 900\n\
                label = { en = 'How many seats?', zh-Hans = '多少座位？' }\n";
    let mut catalog = FormCatalog::shipped();
    catalog.add("cinema.toml", text).unwrap();
    let mut app = kiosk_asking(catalog);
    open(&mut app, HomeTile::TellUs, "Cinema");
    write(&mut app, Field::Answer(0), "901");
    app.handle(press(Bar::Primary));
    assert_eq!(parts(&app)[0].error, "Enter a number from 1 to 900.");
    play(
        &mut app,
        [
            Event::from(Touch::FieldTapped(Field::Answer(0))),
            Event::from(Key::Backspace),
            Event::from(Key::Done),
        ],
    );
    app.handle(press(Bar::Primary));
    assert_eq!(sent(&mut app).0.get("seats"), Some(&Answer::Number(90)));
}

/// Touches without a meaning must not stop the kiosk.
#[test]
fn touches_that_mean_nothing_do_nothing() {
    let mut app = kiosk();
    play(&mut app, [pick(0, 0), Event::from(MenuTouch::Card(3)), Event::from(FormTouch::PlaceHere)]);
    open(&mut app, HomeTile::TellUs, "Feedback");
    let before = app.view();
    play(
        &mut app,
        [
            pick(9, 9),
            pick(0, 99),
            Event::from(MenuTouch::Card(0)),
            Event::from(Touch::FieldTapped(Field::Answer(200))),
        ],
    );
    app.handle(Key::Done);
    assert!(app.view() == before);
    let _: &Form = &app.cx.visit.filling.as_ref().unwrap().form;
}

/// A complaint whose category is chosen, at the question for the place.
fn at_the_place(app: &mut App) {
    open(app, HomeTile::TellUs, "Complaint");
    play(app, [pick(0, 2), press(Bar::Primary), Event::from(FormTouch::PlaceOnMap)]);
}

fn touched(place: Option<FeatureId>, x: f64, y: f64) -> Event {
    Event::from(FormTouch::Map(MapTouch::Point { place, at: Point::new(x, y) }))
}

/// It is sent to the centimetre.
#[test]
fn a_corridor_spot_can_be_pointed_at() {
    let mut app = kiosk();
    at_the_place(&mut app);
    assert!(!app.view().bar.primary.is_some_and(|button| button.ready), "nothing to take yet");
    let venue = demo_mall();
    let level = LevelIndex(venue.levels().len() - 1);
    let bench = venue.places().iter().find(|place| place.level == level).unwrap();
    let at = Point::new(bench.position.x + 0.25, bench.position.y);
    play(&mut app, [Event::from(FormTouch::Map(MapTouch::Level(level))), touched(None, at.x, at.y)]);
    let PageView::Form(form) = app.view().page else { panic!("no step of a form") };
    let FormStep::Map { map, chosen, .. } = form.step else { panic!("not the map") };
    assert_eq!(chosen, format!("Near {}, {}", bench.name.get(Language::En), "L4"));
    let (longitude, latitude) = map.pointed.unwrap().degrees();
    assert!(venue.frame().to_metres(longitude, latitude).distance(at) < 0.02);

    play(&mut app, [press(Bar::Primary), pick(0, 0), press(Bar::Primary)]);
    write(&mut app, STORY, "The lamp is out");
    let effects = play(&mut app, [press(Bar::Primary), press(Bar::Primary), press(Bar::Primary)]);
    let draft = saved(&effects).expect("it is sent");
    let place = draft.place.as_ref().unwrap();
    assert_eq!((place.feature.as_str(), place.at), (bench.id.to_string().as_str(), map.pointed));
    assert_eq!((place.level.as_str(), &place.number), ("L4", &None), "near a shop is not in it");
}

/// A touch beside the building means nothing.
#[test]
fn a_shop_touched_on_the_map_is_chosen() {
    let mut app = kiosk();
    at_the_place(&mut app);
    app.handle(touched(None, 5000.0, 5000.0));
    let PageView::Form(FormView { step: FormStep::Map { chosen, .. }, .. }) = app.view().page else {
        panic!("not the map")
    };
    assert_eq!(chosen, "");
    app.handle(press(Bar::Primary));
    let PageView::Form(FormView { step: FormStep::Map { .. }, .. }) = app.view().page else {
        panic!("there was nothing to go on with")
    };
    let venue = demo_mall();
    let here = venue.kiosks()[0].level;
    let shop = venue.places().iter().find(|place| place.level == here && place.number.is_some()).unwrap();
    play(&mut app, [touched(Some(shop.id), shop.position.x, shop.position.y), press(Bar::Back)]);
    let PageView::Form(FormView { step: FormStep::Place { chosen, map, .. }, .. }) = app.view().page else {
        panic!("back at the question")
    };
    assert!(chosen.contains(shop.name.get(Language::En)), "{chosen}");
    assert!(map.unwrap().chosen);
}
