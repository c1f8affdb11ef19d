//! A form that was begun survives errands, and a receipt that was left can be called back.

use super::*;
use crate::pages::farewell::FarewellTouch;
use crate::pages::home::{Unfinished, UnfinishedView};

const WORDS: &str = "The escalator makes a grinding noise";

fn tick(app: &mut App, seconds: i64) {
    for _ in 0..seconds {
        app.handle(Arrival::Tick(noon()));
    }
}

/// What the home page offers to return to.
fn unfinished(app: &App) -> Option<UnfinishedView> {
    match app.view().page {
        PageView::Home(home) => home.unfinished,
        _ => panic!("not the home page"),
    }
}

fn has_words(app: &App) -> bool {
    match app.view().page {
        PageView::Review(review) => review.rows.iter().any(|row| row.value == WORDS),
        _ => panic!("not the review"),
    }
}

/// Sends what the review shows, and answers for the disk.
fn send(app: &mut App) {
    let effects = app.handle(press(Bar::Primary));
    let receipt = receipt(saved(&effects).expect("it is to be saved"));
    app.handle(Arrival::Saved(Ok(receipt)));
}

fn call_staff(app: &mut App) {
    app.handle(press(Bar::CallStaff));
    send(app);
    assert!(matches!(app.view().page, PageView::Help(_)));
}

#[test]
fn calling_staff_keeps_a_started_form() {
    let mut app = kiosk();
    complaint(&mut app);
    call_staff(&mut app);
    app.handle(press(Bar::Back));
    assert!(has_words(&app), "back on the review");
    send(&mut app);
    assert!(matches!(app.view().page, PageView::Thanks(_)), "it can still be sent");
}

/// Home, the map, another language and text size, and a call for help, in one visit.
#[test]
fn errands_keep_a_started_form() {
    let mut app = kiosk();
    complaint(&mut app);
    app.handle(press(Bar::Home));
    assert!(unfinished(&app).is_some(), "the home page offers the draft");
    play(&mut app, [Event::from(HomeTouch::Facility(Facility::Restroom)), press(Bar::Home)]);
    app.handle(HomeTouch::Search);
    write(&mut app, Field::Search, "tea");
    play(&mut app, [press(Bar::Language), Event::from(OverlayTouch::Language(Language::ZhHans))]);
    play(
        &mut app,
        [
            press(Bar::Access),
            Event::from(OverlayTouch::TextSize(TextSize::ExtraLarge)),
            Event::from(OverlayTouch::Close),
        ],
    );
    call_staff(&mut app);
    app.handle(press(Bar::Home));
    assert_eq!(unfinished(&app).map(|u| u.what), Some(Unfinished::Draft), "not hidden by the call");
    app.handle(HomeTouch::Return(Unfinished::Draft));
    assert!(has_words(&app), "every answer is still there");
    send(&mut app);
    app.handle(press(Bar::Home));
    assert_eq!(unfinished(&app).map(|u| u.what), Some(Unfinished::Receipt), "sending clears the draft");
}

#[test]
fn the_same_form_opens_where_it_was_left() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Complaint");
    play(&mut app, [pick(0, 2), press(Bar::Primary), press(Bar::Home)]);
    open(&mut app, HomeTile::TellUs, "Complaint");
    let PageView::Form(form) = app.view().page else { panic!("not the form") };
    assert_eq!(form.progress.step, 2);
    assert!(matches!(form.step, FormStep::Place { .. }));
}

#[test]
fn another_form_asks_before_the_draft_goes() {
    let mut app = kiosk();
    complaint(&mut app);
    app.handle(press(Bar::Home));
    open(&mut app, HomeTile::TellUs, "Suggestion");
    let Some(OverlayView::Discard { text, .. }) = app.view().overlay else { panic!("it asks") };
    assert!(text.contains("Complaint"), "{text}");
    app.handle(OverlayTouch::KeepDraft);
    assert!(has_words(&app), "keeping leads back to the draft");

    app.handle(press(Bar::Home));
    open(&mut app, HomeTile::TellUs, "Suggestion");
    app.handle(OverlayTouch::Discard);
    let PageView::Form(form) = app.view().page else { panic!("not the other form") };
    assert!(form.progress.words.starts_with("Suggestion"), "{}", form.progress.words);
    app.handle(press(Bar::Home));
    assert_eq!(unfinished(&app), None);
}

#[test]
fn a_form_without_answers_is_no_draft() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Complaint");
    app.handle(press(Bar::Home));
    assert_eq!(unfinished(&app), None);
    open(&mut app, HomeTile::TellUs, "Suggestion");
    assert!(app.view().overlay.is_none());
}

#[test]
fn a_cleared_receipt_returns_for_a_minute() {
    let mut app = kiosk();
    complaint(&mut app);
    send(&mut app);
    app.handle(press(Bar::Primary));
    assert!(matches!(app.view().page, PageView::Farewell(_)), "the receipt is cleared");
    tick(&mut app, 59);
    app.handle(FarewellTouch::Receipt);
    let PageView::Thanks(thanks) = app.view().page else { panic!("not the receipt") };
    assert!(thanks.qr.starts_with("https://mall.example/t/"));

    app.handle(press(Bar::Home));
    tick(&mut app, 20);
    app.handle(HomeTouch::Return(Unfinished::Receipt));
    assert!(matches!(app.view().page, PageView::Thanks(_)), "the home page offers it too");
    app.handle(press(Bar::Primary));
    tick(&mut app, 60);
    assert!(app.is_resting(), "the visit ends with the receipt");
}

/// With a form that was begun, nothing ends the visit unasked.
#[test]
fn the_visit_does_not_end_over_a_draft() {
    let mut app = kiosk();
    complaint(&mut app);
    send(&mut app);
    app.handle(press(Bar::Home));
    open(&mut app, HomeTile::TellUs, "Complaint");
    app.handle(pick(0, 2));
    play(
        &mut app,
        [press(Bar::Home), Event::from(HomeTouch::Return(Unfinished::Receipt)), press(Bar::Primary)],
    );
    assert_eq!(unfinished(&app).map(|u| u.what), Some(Unfinished::Receipt), "home, not farewell");
    tick(&mut app, 30);
    app.handle(Touch::Activity);
    tick(&mut app, 31);
    assert_eq!(unfinished(&app).map(|u| u.what), Some(Unfinished::Draft));
}

/// The dialog repeats what failed, whatever page the visitor went to meanwhile.
#[test]
fn try_again_repeats_the_call_and_not_the_form() {
    let mut app = kiosk();
    complaint(&mut app);
    app.handle(press(Bar::CallStaff));
    assert!(saved(&app.handle(press(Bar::Primary))).is_some());
    play(&mut app, [press(Bar::Back), Event::from(Arrival::Saved(Err(SaveFailed::Disk)))]);
    let again = app.handle(OverlayTouch::Retry);
    assert!(matches!(saved(&again).unwrap().body, Body::ServiceRequest));
}

/// A disk that hangs does not keep a visitor's data on the screen, and its late answer reaches nobody else.
#[test]
fn a_hung_disk_does_not_hold_the_visit() {
    let mut app = kiosk();
    complaint(&mut app);
    let effects = app.handle(press(Bar::Primary));
    let late = receipt(saved(&effects).unwrap());
    tick(&mut app, 200);
    assert!(app.is_resting());
    complaint(&mut app);
    app.handle(press(Bar::Primary));
    app.handle(Arrival::Saved(Ok(late)));
    assert!(!matches!(app.view().page, PageView::Thanks(_)), "another visitor's receipt");
}

#[test]
fn the_next_visitor_cannot_call_a_receipt_back() {
    let mut app = kiosk();
    complaint(&mut app);
    send(&mut app);
    play(&mut app, [press(Bar::Primary), press(Bar::Primary)]);
    assert!(app.is_resting(), "the second touch ends the visit");
    app.handle(FarewellTouch::Receipt);
    assert!(app.is_resting());
    app.handle(AttractTouch::Start(None));
    app.handle(HomeTouch::Return(Unfinished::Receipt));
    assert_eq!(unfinished(&app), None);
}

/// The way of moving decides every list and route until the visit ends.
#[test]
fn the_way_of_moving_lasts_for_the_visit() {
    let mut app = kiosk();
    let rows = |app: &App| match app.view().page {
        PageView::Find(find) => find.rows,
        _ => panic!("not the list"),
    };
    let chosen = |app: &App| match app.view().page {
        PageView::Route(route) => route.profiles.iter().find(|p| p.chosen).map(|p| p.profile),
        _ => panic!("not the route"),
    };
    play(&mut app, [Event::from(AttractTouch::Start(None)), Event::from(HomeTouch::Tile(HomeTile::Places))]);
    let on_foot = rows(&app);
    app.handle(Touch::PlaceChosen(on_foot[0].place));
    assert_eq!(chosen(&app), Some(TravelProfile::Walking));
    play(&mut app, [Event::from(RouteTouch::Profile(TravelProfile::StepFree)), press(Bar::Back)]);
    assert!(rows(&app).iter().zip(&on_foot).any(|(now, then)| now.minutes != then.minutes));
    app.handle(Touch::PlaceChosen(on_foot[1].place));
    assert_eq!(chosen(&app), Some(TravelProfile::StepFree), "kept for the next place");
    tick(&mut app, 200);
    play(
        &mut app,
        [Event::from(AttractTouch::Start(None)), Event::from(Touch::PlaceChosen(on_foot[0].place))],
    );
    assert_eq!(chosen(&app), Some(TravelProfile::Walking), "not for the next visitor");
}
