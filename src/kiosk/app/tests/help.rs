//! A call for help: the page says only what is known.

use domain::wire::{CasePromise, CaseState, CaseStatus, CaseStep, StepState};

use super::*;
use crate::case_lookup::{ReceiptProof, RequestId};
use crate::event::Link;
use crate::pages::help::HelpView;
use crate::pages::home::Unfinished;

/// A kiosk whose visitor has just called staff.
fn called(link: Link) -> App {
    let mut app = kiosk();
    app.handle(Arrival::Link(link));
    play(&mut app, [Event::from(AttractTouch::Start(Some(Language::En))), press(Bar::CallStaff)]);
    let effects = app.handle(press(Bar::Primary));
    let receipt = receipt(saved(&effects).expect("the call is saved"));
    app.handle(Arrival::Saved(Ok(receipt)));
    app
}

fn page(app: &App) -> HelpView {
    match app.view().page {
        PageView::Help(help) => help,
        _ => panic!("not the help page"),
    }
}

/// Lets seconds pass until the kiosk asks the server about the call.
fn question(app: &mut App) -> RequestId {
    for _ in 0..15 {
        for effect in app.handle(Arrival::Tick(noon())) {
            if let Effect::LookUp { request, proof, .. } = effect {
                assert!(matches!(*proof, ReceiptProof::Token(_)));
                return request;
            }
        }
    }
    panic!("it never asks")
}

/// The server's answer with so many of three steps done.
fn status(headline: &str, done: usize) -> Box<CaseStatus> {
    let state = |n: usize| match n {
        n if n < done => StepState::Done,
        n if n == done => StepState::Now,
        _ => StepState::Ahead,
    };
    let mut status = Box::<CaseStatus>::default();
    status.state = CaseState::Found;
    status.headline = headline.to_owned();
    status.steps = (0..3).map(|n| CaseStep { label: n.to_string(), state: state(n) }).collect();
    status.promise =
        Some(CasePromise { text: "Someone should be with you by 12:15".to_owned(), late: false });
    status
}

fn answer(app: &mut App, headline: &str, done: usize) {
    let request = question(app);
    app.handle(Arrival::CaseStatusArrived(request, Ok(status(headline, done))));
}

#[test]
fn a_call_counts_once_the_server_has_it() {
    let mut app = called(Link::Online);
    assert_eq!(page(&app).title, "Your call is being sent");
    let request = question(&mut app);
    let mut on_its_way = Box::<CaseStatus>::default();
    on_its_way.state = CaseState::OnItsWay;
    app.handle(Arrival::CaseStatusArrived(request, Ok(on_its_way)));
    assert_eq!(page(&app).title, "Your call is being sent");
    let request = question(&mut app);
    app.handle(Arrival::CaseStatusArrived(request, Err(crate::case_lookup::LookupError::NoNetwork)));
    assert_eq!(page(&app).title, "Your call is being sent");

    answer(&mut app, "We've received your call", 0);
    assert_eq!(page(&app).title, "We've received your call");
    assert!(page(&app).text.contains("by 12:15"), "{}", page(&app).text);
    answer(&mut app, "Someone is on the way", 1);
    assert_eq!(page(&app).title, "Someone is on the way");
}

#[test]
fn an_offline_kiosk_says_that_nobody_knows() {
    let mut app = called(Link::Offline);
    assert_eq!(page(&app).title, "Your call is waiting to be sent");
    assert!(page(&app).text.contains("information desk"));
    app.handle(Arrival::Link(Link::Online));
    answer(&mut app, "We've received your call", 0);
    assert_eq!(page(&app).title, "We've received your call");
}

#[test]
fn a_kiosk_without_server_sends_to_the_desk() {
    let mut app = kiosk();
    play(&mut app, [Event::from(AttractTouch::Start(Some(Language::En))), press(Bar::CallStaff)]);
    let effects = app.handle(press(Bar::Primary));
    let receipt = Receipt { tracking_url: None, ..receipt(saved(&effects).unwrap()) };
    app.handle(Arrival::Saved(Ok(receipt)));
    assert_eq!(page(&app).title, "This screen cannot reach our staff");
    assert!(!page(&app).show_desk.is_empty());
}

/// The visitor who called cannot call twice. The next one sees the call, and may call for another reason.
#[test]
fn a_kiosk_has_one_call_at_a_time() {
    let mut app = called(Link::Online);
    assert!(app.view().bar.primary.is_none(), "it cannot be called twice");
    play(&mut app, [press(Bar::Home), press(Bar::CallStaff), press(Bar::CallStaff)]);
    assert!(saved(&app.handle(press(Bar::Primary))).is_none());
    answer(&mut app, "Someone is on the way", 1);
    for _ in 0..200 {
        app.handle(Arrival::Tick(noon()));
    }
    assert!(app.is_resting());
    app.handle(AttractTouch::Start(Some(Language::En)));
    answer(&mut app, "Someone is on the way", 1);
    let PageView::Home(home) = app.view().page else { panic!("not home") };
    let shown = home.unfinished.expect("home shows the call");
    assert_eq!((shown.what, shown.text.as_str()), (Unfinished::Call, "Someone is on the way"));
    app.handle(HomeTouch::Return(Unfinished::Call));
    assert_eq!(page(&app).title, "Someone is on the way");
    assert!(saved(&app.handle(press(Bar::Primary))).is_some(), "an emergency is not turned away");
}

/// The answer to a visitor's own question never becomes the state of the call.
#[test]
fn another_map_keeps_call_and_questions_apart() {
    let mut app = called(Link::Online);
    let of_call = question(&mut app);
    for _ in 0..200 {
        app.handle(Arrival::Tick(noon()));
    }
    let venue = demo_mall();
    app.replace_world(World::new(Arc::clone(&venue), venue.kiosks()[0].clone(), Pinyin::Available));
    app.handle(AttractTouch::Start(Some(Language::En)));
    let next = question(&mut app);
    assert!(next.0 > of_call.0, "ids count on");
    app.handle(Arrival::CaseStatusArrived(of_call, Ok(status("Done", 3))));
    app.handle(press(Bar::CallStaff));
    assert_eq!(page(&app).title, "Your call is being sent", "an old answer is dropped");
}

#[test]
fn staff_can_be_called_again_afterwards() {
    let mut app = called(Link::Online);
    answer(&mut app, "Done", 3);
    assert_eq!(app.view().bar.primary.map(|p| p.label).as_deref(), Some("Call again"));
    assert!(saved(&app.handle(press(Bar::Primary))).is_some());
}

#[test]
fn a_call_can_be_repeated_when_overdue() {
    let mut app = kiosk();
    app.handle(Arrival::Link(Link::Online));
    play(&mut app, [Event::from(AttractTouch::Start(Some(Language::En))), press(Bar::CallStaff)]);
    let effects = app.handle(press(Bar::Primary));
    let soon = Some(noon() + TimeDelta::seconds(30));
    app.handle(Arrival::Saved(Ok(Receipt { answer_due: soon, ..receipt(saved(&effects).unwrap()) })));
    for _ in 0..31 {
        assert!(app.view().bar.primary.is_none());
        // The clock may be set meanwhile: seconds are counted.
        app.handle(Arrival::Tick(noon()));
    }
    assert_eq!(app.view().bar.primary.map(|p| p.label).as_deref(), Some("Call again"));
}

/// What is asked for by a form has a receipt, and is no call for help.
#[test]
fn a_service_form_leaves_the_call_alone() {
    let mut app = called(Link::Online);
    answer(&mut app, "Someone is on the way", 1);
    app.handle(press(Bar::Home));
    open(&mut app, HomeTile::Services, "Request a service");
    app.handle(pick(0, 0));
    let receipt = (0..8).find_map(|_| saved(&app.handle(press(Bar::Primary))).map(receipt));
    app.handle(Arrival::Saved(Ok(receipt.expect("it is sent"))));
    assert!(matches!(app.view().page, PageView::Thanks(_)));
    app.handle(press(Bar::CallStaff));
    assert_eq!(page(&app).title, "Someone is on the way");
}

/// From every page: the first touch shows whom to telephone and the nearest defibrillator.
#[test]
fn danger_is_one_touch_away() {
    let mut app = kiosk();
    app.handle(Arrival::Link(Link::Online));
    complaint(&mut app);
    app.handle(press(Bar::CallStaff));
    let danger = page(&app).danger;
    let numbers: Vec<&str> = danger.numbers.iter().map(|(_, number)| *number).collect();
    assert_eq!(numbers, ["120", "119", "110"]);
    assert!(danger.defibrillator.contains("min"), "{}", danger.defibrillator);
    let effects = app.handle(HelpTouch::Danger);
    let draft = saved(&effects).expect("it is called at once");
    let Body::Answers(answers) = &draft.body else { panic!("not urgent") };
    assert!(answers.urgent && draft.place.is_some());
    let form = FormCatalog::shipped().get("service", 1).cloned().unwrap();
    assert_eq!(form.check(answers, None, crate::visit::filling::today(app.world(), noon())), []);
    app.handle(Arrival::Saved(Ok(receipt(draft))));
    assert_eq!(page(&app).danger.call, "", "called once");
    assert!(app.view().bar.primary.is_none());
}

/// A call that is open already is no reason to wait.
#[test]
fn danger_is_called_beside_an_open_call() {
    let mut app = called(Link::Online);
    let effects = app.handle(HelpTouch::Danger);
    let draft = saved(&effects).unwrap();
    assert!(matches!(&draft.body, Body::Answers(answers) if answers.urgent));
    app.handle(Arrival::Saved(Ok(receipt(draft))));
    let effects = app.handle(HelpTouch::TakeBack);
    let Body::CallTakenBack { calls } = &saved(&effects).unwrap().body else { panic!("not taken back") };
    assert_eq!(calls.len(), 2, "nobody comes for the first call either");
}

/// A disk that is busy with something else does not swallow it.
#[test]
fn danger_waits_for_the_disk_and_is_called() {
    let mut app = kiosk();
    app.handle(Arrival::Link(Link::Online));
    play(&mut app, [Event::from(AttractTouch::Face(3)), press(Bar::CallStaff)]);
    assert!(saved(&app.handle(HelpTouch::Danger)).is_none(), "the rating is being saved");
    assert_eq!(page(&app).danger.call, "");
    let effects = app.handle(Arrival::Saved(Err(SaveFailed::Disk)));
    assert!(matches!(&saved(&effects).unwrap().body, Body::Answers(answers) if answers.urgent));

    let mut app = kiosk();
    app.handle(Arrival::Link(Link::Online));
    play(&mut app, [Event::from(AttractTouch::Face(3)), press(Bar::CallStaff)]);
    app.handle(HelpTouch::Danger);
    let effects = app.handle(OverlayTouch::Finish);
    assert!(matches!(&saved(&effects).unwrap().body, Body::Answers(answers) if answers.urgent));
}

/// Nobody could be told.
#[test]
fn a_kiosk_without_a_server_offers_no_call() {
    let mut app = kiosk();
    app.handle(Arrival::Link(Link::NoServer));
    play(&mut app, [Event::from(AttractTouch::Start(Some(Language::En))), press(Bar::CallStaff)]);
    assert_eq!(page(&app).title, "This screen cannot reach our staff");
    assert!(app.view().bar.primary.is_none() && page(&app).danger.call.is_empty());
    assert!(!page(&app).danger.numbers.is_empty(), "the numbers are known");
    assert!(app.handle(HelpTouch::Danger).is_empty());
}

/// The server names the time after which it may be asked again.
#[test]
fn a_call_waits_as_long_as_the_server_says() {
    let mut app = called(Link::Online);
    let request = question(&mut app);
    let wait = crate::case_lookup::LookupError::TooMany(std::time::Duration::from_secs(100));
    app.handle(Arrival::CaseStatusArrived(request, Err(wait)));
    let asks = (0..100).flat_map(|_| {
        app.handle(Touch::Activity);
        app.handle(Arrival::Tick(noon()))
    });
    assert_eq!(asks.filter(|effect| matches!(effect, Effect::LookUp { .. })).count(), 0);
    question(&mut app);
}

/// Staff are told, and the visitor may call again.
#[test]
fn a_call_is_taken_back_by_one_touch() {
    let mut app = called(Link::Online);
    answer(&mut app, "Someone is on the way", 1);
    assert_eq!(page(&app).take_back, "I no longer need help");
    assert!(page(&app).qr.starts_with("https://mall.example/t/") && page(&app).follow.contains("K3-"));
    let effects = app.handle(HelpTouch::TakeBack);
    let draft = saved(&effects).expect("staff are told");
    let Body::CallTakenBack { calls } = &draft.body else { panic!("not a call taken back") };
    assert_eq!(calls.iter().map(|call| call.kiosk().get()).collect::<Vec<_>>(), [3]);
    app.handle(Arrival::Saved(Ok(receipt(draft))));
    assert_eq!(page(&app).title, "Send a staff member to this screen?");
    assert!(page(&app).take_back.is_empty() && app.handle(HelpTouch::TakeBack).is_empty());
}

#[test]
fn only_the_caller_takes_a_call_back() {
    let mut app = called(Link::Online);
    answer(&mut app, "Someone is on the way", 1);
    app.handle(press(Bar::Home));
    for _ in 0..80 {
        app.handle(Arrival::Tick(noon()));
    }
    play(&mut app, [Event::from(AttractTouch::Start(Some(Language::En))), press(Bar::CallStaff)]);
    assert_eq!(page(&app).title, "Someone is on the way");
    assert_eq!((page(&app).qr, page(&app).follow), Default::default(), "nor follows it");
    assert!(app.handle(HelpTouch::TakeBack).is_empty());
}
