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
    for at in 0.. {
        // An answer that completes the step goes on by itself.
        let PageView::Form(FormView { title, step: FormStep::Items(items), .. }) = app.view().page else {
            return;
        };
        if title != form.title || at >= items.len() {
            return;
        }
        match items.get(at).map(|item| item.ask.clone()) {
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
        let mut steps = 0;
        while let PageView::Form(FormView { progress, title, .. }) = app.view().page {
            steps += 1;
            assert_eq!(
                (progress.step, steps <= progress.of),
                (steps, true),
                "{}: {}",
                form.id,
                progress.words
            );
            answer_step(&mut app);
            if matches!(app.view().page, PageView::Form(form) if form.title == title) {
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
    app.handle(press(Bar::Primary));
    let PageView::Review(review) = app.view().page else { panic!("more is asked") };
    assert!(!review.additions.contains(&"May we contact you?".to_owned()), "who is content is not asked");
    let (answers, draft) = sent(&mut app);
    assert_eq!(answers.answers.keys().collect::<Vec<_>>(), ["face"]);
    assert_eq!(draft.contact, None);
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
    play(&mut app, [pick(0, 2), pick(1, 0), press(Bar::Back)]);
    let ItemAsk::Chips(parts_of_facilities) = &parts(&app)[1].ask else { panic!("nothing to divide") };
    assert!(parts_of_facilities[0].chosen);
    play(&mut app, [pick(0, 2)]);
    assert_eq!(parts(&app).len(), 1, "taken back, with its parts");
    play(&mut app, [pick(0, 2), pick(1, 1), press(Bar::Back), pick(1, 0), press(Bar::Back)]);
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
    play(&mut app, [pick(0, 0), pick(0, 0), Event::from(FormTouch::PlaceUnknown), press(Bar::Primary)]);
    app.handle(ReviewTouch::Add(1));
    let chips = |app: &App, at: usize| match &parts(app)[at].ask {
        ItemAsk::Chips(chips) => chips.iter().map(|chip| chip.label.clone()).collect::<Vec<_>>(),
        _ => panic!("no chips"),
    };
    let first = chips(&app, 1);
    assert_eq!(first[..4], ["Just now", "Earlier today", "Yesterday", "Mon 16 Nov"]);
    play(&mut app, [pick(1, first.iter().position(|l| l == "Longer ago").unwrap())]);
    assert_eq!(chips(&app, 1).len(), 33, "now, earlier, thirty days, not sure");
    play(&mut app, [pick(1, 3)]);
    assert_eq!(chips(&app, 2), ["Morning", "Around noon", "Afternoon", "Evening"]);
    play(&mut app, [pick(2, 3), press(Bar::Primary)]);
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
    app.handle(pick(0, 3));
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
    app.handle(pick(0, 3));
    write(&mut app, Field::Answer(1), "Is there a cinema?");
    play(&mut app, [press(Bar::Primary), pick(0, 1), pick(1, 0)]);
    write(&mut app, Field::Phone, "13800001234");
    app.handle(pick(0, 0));
    assert_eq!(sent(&mut app).1.contact, None);
}

/// With this very kiosk as its place.
#[test]
fn somebody_unwell_is_reported_as_urgent() {
    let mut app = kiosk();
    open(&mut app, HomeTile::Services, "Request a service");
    play(&mut app, [pick(0, 6), pick(1, 1)]);
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
    play(&mut app, [pick(0, 0), press(Bar::Primary)]);
    write(&mut app, Field::Answer(1), "Well done");
    app.handle(press(Bar::Primary));
    let PageView::Form(form) = app.view().page else { panic!("nothing was added") };
    assert_eq!(form.title, "How did you like the lanterns?");
    app.handle(pick(0, 5));
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

    app.handle(press(Bar::Primary));
    write(&mut app, STORY, "The lamp is out");
    let effects = play(&mut app, [press(Bar::Primary), press(Bar::Primary)]);
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

/// From the menu: category, part, place and sentence. From the attract screen it takes eight touches.
#[test]
fn a_complaint_takes_eight_touches_without_typing() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Complaint");
    let mut touches = 3;
    for event in [pick(0, 2), pick(1, 0), Event::from(FormTouch::PlaceHere), pick(1, 0)] {
        assert!(matches!(app.view().page, PageView::Form(_)));
        app.handle(event);
        touches += 1;
    }
    let (answers, draft) = sent(&mut app);
    assert_eq!(touches + 1, 8);
    assert_eq!(answers.answers.keys().collect::<Vec<_>>(), ["category", "place", "story"]);
    assert!(draft.place.is_some());
}

/// Back leads to the answer, and touching it again goes on.
#[test]
fn a_single_choice_goes_on_and_comes_back() {
    let mut app = kiosk();
    open(&mut app, HomeTile::Services, "Lost something");
    let step = |app: &App| match app.view().page {
        PageView::Form(form) => (form.progress.step, form.progress.of),
        _ => panic!("not the form"),
    };
    app.handle(pick(0, 5));
    assert_eq!(step(&app), (2, 4));
    app.handle(press(Bar::Back));
    let ItemAsk::Cards(cards) = &parts(&app)[0].ask else { panic!("no cards") };
    assert!(cards[5].chosen);
    app.handle(pick(0, 5));
    assert_eq!(step(&app), (2, 4), "confirmed, not taken back");
    app.handle(pick(0, 0));
    assert_eq!(step(&app), (3, 4), "four steps stay four");
}

/// Text that stands already is not finished by one more sentence.
#[test]
fn a_second_sentence_stays_on_the_page() {
    let mut app = kiosk();
    complaint(&mut app);
    play(&mut app, [Event::from(ReviewTouch::Change(2)), pick(1, 0)]);
    let ItemAsk::Text { view, .. } = &parts(&app)[0].ask else { panic!("left the page") };
    assert!(view.before.contains("grinding noise") && view.before.contains("lift"), "{}", view.before);
}

/// Who complains of a dark corridor is not asked for persons, and wants no refund.
#[test]
fn only_questions_that_apply_are_offered() {
    let mut app = kiosk();
    complaint(&mut app);
    let PageView::Review(review) = app.view().page else { panic!("not the review") };
    assert!(!review.additions.contains(&"Who was involved?".to_owned()), "{:?}", review.additions);
    let wish = review.additions.iter().position(|label| label == "What would you like us to do?").unwrap();
    app.handle(ReviewTouch::Add(wish));
    let ItemAsk::Cards(cards) = &parts(&app)[0].ask else { panic!("no choice") };
    assert!(cards.iter().all(|card| card.title != "Refund or exchange"));
}

/// A refund that was wanted does not follow into another category.
#[test]
fn an_option_that_no_longer_applies_is_dropped() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Complaint");
    play(&mut app, [pick(0, 1), pick(1, 0), Event::from(FormTouch::PlaceHere), pick(1, 0)]);
    let add = |app: &App, label: &str| match app.view().page {
        PageView::Review(review) => review.additions.iter().position(|l| l == label).unwrap(),
        _ => panic!("not the review"),
    };
    let wish = add(&app, "What would you like us to do?");
    play(&mut app, [Event::from(ReviewTouch::Add(wish)), pick(0, 1), press(Bar::Primary)]);
    play(&mut app, [Event::from(ReviewTouch::Change(0)), pick(0, 2), press(Bar::Primary)]);
    while !matches!(app.view().page, PageView::Review(_)) {
        app.handle(press(Bar::Primary));
    }
    let (answers, _) = sent(&mut app);
    assert!(answers.get("remedy").is_none(), "{:?}", answers.get("remedy"));
}

/// What the review offers to add leads back to it.
#[test]
fn an_addition_returns_to_the_review() {
    let mut app = kiosk();
    complaint(&mut app);
    app.handle(ReviewTouch::Add(0));
    let PageView::Form(form) = app.view().page else { panic!("not the question") };
    assert_eq!(form.progress.words, "Complaint", "it has no place in the count");
    app.handle(press(Bar::Back));
    assert!(matches!(app.view().page, PageView::Review(_)));
    play(&mut app, [Event::from(ReviewTouch::Add(0)), pick(0, 0)]);
    let PageView::Review(review) = app.view().page else { panic!("a whole answer goes back by itself") };
    assert!(review.rows.iter().any(|row| row.label == "When was it?"), "as an answer");
}

/// Its pictogram is small, and the escalator is not.
#[test]
fn a_point_on_an_escalator_is_that_escalator() {
    use wayfinding::venue::UnitKind;
    let mut app = kiosk();
    at_the_place(&mut app);
    let venue = demo_mall();
    let here = venue.kiosks()[0].level;
    let escalator = venue.units().iter().find(|u| u.level == here && u.kind == UnitKind::Escalator).unwrap();
    app.handle(touched(None, escalator.center.x, escalator.center.y));
    let PageView::Form(FormView { step: FormStep::Map { chosen, .. }, .. }) = app.view().page else {
        panic!("not the map")
    };
    assert!(chosen.starts_with("Escalator") && chosen.contains("L1 · "), "{chosen}");
}

/// Back leaves a step without a check; "Send" leads to what is wrong.
#[test]
fn send_leads_to_an_answer_that_is_wrong() {
    let mut app = kiosk();
    complaint(&mut app);
    play(&mut app, [Event::from(ReviewTouch::Add(2)), pick(1, 0)]);
    write(&mut app, Field::Phone, "123");
    app.handle(press(Bar::Back));
    assert!(matches!(app.view().page, PageView::Review(_)));
    assert!(saved(&app.handle(press(Bar::Primary))).is_none());
    let items = parts(&app);
    let wrong = items.iter().any(|item| match &item.ask {
        ItemAsk::Contact { fields, .. } => fields.iter().any(|(_, field)| !field.error.is_empty()),
        _ => false,
    });
    assert!(wrong, "the number is named");
}

/// Who has the keyboard open wants to write more.
#[test]
fn a_sentence_keeps_an_open_keyboard() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Complaint");
    play(&mut app, [pick(0, 2), pick(1, 0), Event::from(FormTouch::PlaceHere)]);
    play(&mut app, [Event::from(Touch::FieldTapped(STORY)), pick(1, 0)]);
    assert!(app.view().keyboard.is_some());
    let ItemAsk::Text { view, .. } = &parts(&app)[0].ask else { panic!("left the page") };
    assert!(view.before.contains("lift"), "{}", view.before);
}

/// The window is deaf for a moment where a choice brings controls that move the others.
#[test]
fn a_choice_that_moves_others_is_another_scene() {
    for size in TextSize::ALL {
        let mut app = kiosk();
        open(&mut app, HomeTile::TellUs, "Complaint");
        app.handle(OverlayTouch::TextSize(size));
        let before = app.view().scene;
        app.handle(pick(0, 2));
        let after = app.view().scene;
        assert!(before != after, "{size:?}");
        app.handle(Arrival::Tick(noon()));
        assert!(app.view().scene == after, "time moves nothing");
    }
}
