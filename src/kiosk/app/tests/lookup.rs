//! Case lookups by visitors with a receipt.

use std::time::Duration;

use domain::id::{Epoch, KioskNumber, Seq};
use domain::receipt::{CaseNumber, ReceiptKey, TrackingToken};
use domain::wire::{CaseMessage, CasePromise, CaseState, CaseStatus, CaseStep, Side, StepState};
use rand::SeedableRng as _;

use super::*;
use crate::case_lookup::{LookupError, ReceiptProof, RequestId};
use crate::effect::Effect;
use crate::event::{Arrival, Bar, Key, OverlayTouch, Touch};
use crate::pages::PageView;
use crate::pages::case_status::{CaseStatusTouch, CaseStatusView};
use crate::pages::home::HomeTile;
use crate::pages::lookup::{LookupTouch, LookupView};
use crate::view::{Field, FieldView, Layout, OverlayView};

fn number() -> CaseNumber {
    CaseNumber::new(KioskNumber::new(3).unwrap(), Epoch(1), Seq(7))
}

fn token() -> TrackingToken {
    let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(1);
    TrackingToken::new(KioskNumber::new(3).unwrap(), &ReceiptKey([1; 32]), &mut random)
}

/// A visitor on the lookup page, before the first touch there.
fn there() -> App {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Check a case");
    app
}

fn asks(app: &App) -> LookupView {
    let PageView::Lookup(page) = app.view().page else { panic!("not the page with the fields") };
    page
}

fn answer(app: &App) -> CaseStatusView {
    let PageView::CaseStatus(page) = app.view().page else { panic!("not the page of the answer") };
    page
}

fn text(field: &FieldView) -> String {
    format!("{}{}", field.before, field.after)
}

/// Key events as a keyboard or a scanner sends them.
fn keys(app: &mut App, text: &str) -> Vec<Effect> {
    text.chars().flat_map(|c| app.handle(Key::Char(c))).collect()
}

/// Types number and code, without a dash and without another touch.
fn typed(app: &mut App) -> (RequestId, ReceiptProof, Language) {
    app.handle(Touch::FieldTapped(Field::CaseNumber));
    let both = format!("{}{}", number(), token().code()).replace('-', "");
    question(&keys(app, &both))
}

fn question(effects: &[Effect]) -> (RequestId, ReceiptProof, Language) {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::LookUp { request, proof, language } => Some((*request, (**proof).clone(), *language)),
        _ => None,
    });
    asked.expect("the server is asked")
}

fn is_asked(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::LookUp { .. }))
}

fn status() -> Box<CaseStatus> {
    let mut status = CaseStatus::default();
    status.state = CaseState::Found;
    status.headline = "We are finding out what happened".to_owned();
    status.number = number().to_string();
    status.steps = [("Received", StepState::Done), ("Looking", StepState::Now), ("Done", StepState::Ahead)]
        .map(|(label, state)| CaseStep { label: label.to_owned(), state })
        .to_vec();
    status.promise = Some(CasePromise { text: "You will know by 12:00".to_owned(), late: false });
    status.messages = vec![CaseMessage {
        who: "Our answer".to_owned(),
        when: "11:00".to_owned(),
        words: "A mechanic is there.".to_owned(),
        side: Side::Us,
    }];
    Box::new(status)
}

/// Typed letters become capitals, and the page shows the same status as the tracking page.
#[test]
fn typed_number_and_code_lead_to_the_status() {
    let mut app = there();
    assert!(asks(&app).number.focused, "the first field waits for the first key");
    let keyboard = app.view().keyboard.unwrap();
    assert_eq!((keyboard.layout, keyboard.layouts), (Layout::Code, vec![Layout::Code]));
    keys(&mut app, &number().to_string().to_lowercase());
    assert_eq!(text(&asks(&app).number), number().to_string());
    assert!(asks(&app).code.focused, "a whole number goes on to the code");
    let code = token().code().to_string().replace('-', "").replace('0', "o");
    keys(&mut app, &code[..4]);
    assert!(text(&asks(&app).code).ends_with('-'), "the dash is written for the visitor");
    let (request, proof, language) = question(&keys(&mut app, &code[4..]));
    assert!(proof == ReceiptProof::Number(number(), token().code()) && language == Language::En);
    let waiting = answer(&app);
    assert_eq!((waiting.title.as_str(), waiting.give_up.as_str()), ("One moment …", "Cancel"));
    assert_eq!(app.view().bar.primary, None);

    app.handle(Arrival::CaseStatusArrived(request, Ok(status())));
    let shown = answer(&app);
    assert_eq!(shown.title, "We are finding out what happened");
    let states: Vec<_> = shown.steps.iter().map(|s| (s.state, s.state_label.as_str())).collect();
    let wanted = [(StepState::Done, "Done"), (StepState::Now, "Now"), (StepState::Ahead, "Still to come")];
    assert_eq!(states, wanted);
    assert_eq!((shown.messages.len(), shown.give_up.as_str()), (1, ""));
    assert!(app.view().bar.primary.unwrap().ready);
    let effects = app.handle(press(Bar::Primary));
    assert!(effects.iter().any(|e| matches!(e, Effect::Forget)) && app.is_resting());
}

/// The field in which the scanner writes makes no difference.
#[test]
fn a_scanned_token_is_looked_up_at_once() {
    let address = format!("https://mall.example:8443/t/{}", token());
    let fields = [None, Some(Field::CaseNumber), Some(Field::CaseCode)];
    for (field, written) in fields.iter().flat_map(|f| [(f, address.clone()), (f, token().to_string())]) {
        let mut app = there();
        if let Some(field) = field {
            app.handle(Touch::FieldTapped(*field));
        }
        let effects = keys(&mut app, &written);
        assert_eq!(effects.iter().filter(|e| matches!(e, Effect::LookUp { .. })).count(), 1);
        assert!(question(&effects).1 == ReceiptProof::Token(token()), "{field:?}");
        assert!(!is_asked(&app.handle(Key::Enter)), "the scanner's Return means nothing more");
        assert_eq!(answer(&app).title, "One moment …");
        app.handle(press(Bar::Back));
        assert_eq!((text(&asks(&app).number), text(&asks(&app).code)), Default::default());
    }
}

#[test]
fn a_mistyped_number_is_noticed_before_asking() {
    let mut app = there();
    let wrong = number().to_string().replace('-', "");
    let last = if wrong.ends_with('0') { "2" } else { "0" };
    let wrong = format!("{}{last}", &wrong[..wrong.len() - 1]);
    app.handle(Touch::FieldTapped(Field::CaseNumber));
    keys(&mut app, &wrong);
    assert_eq!(asks(&app).number.error, "", "not while it is being typed");
    app.handle(Key::Enter);
    assert_eq!(asks(&app).number.error, "This case number has a mistake. Please compare every character.");
    write(&mut app, Field::CaseCode, "7QX4");
    assert_eq!(asks(&app).code.error, "The access code has eight letters and digits, like 7QX4-1MD0.");
    assert!(!is_asked(&app.handle(press(Bar::Primary))));
    assert!(asks(&app).number.focused);

    let mut app = there();
    assert_eq!((asks(&app).number.error, asks(&app).code.error), Default::default());
    assert!(!is_asked(&app.handle(press(Bar::Primary))));
    app.handle(Key::Done);
    assert_eq!(asks(&app).number.error, "Enter the case number.");
    assert_eq!(asks(&app).code.error, "Enter the access code from your receipt.");
}

#[test]
fn a_failed_lookup_says_why_and_keeps_fields() {
    let minute = |m: u64| LookupError::TooMany(Duration::from_secs(60 * m));
    for (why, title, has_desk) in [
        (LookupError::NoServer, "This kiosk can't look up cases", true),
        (LookupError::NoNetwork, "We're offline right now", true),
        (LookupError::Busy, "We're busy right now", false),
        (LookupError::Unknown, "Nothing was found", true),
        (minute(12), "Too many wrong access codes", true),
    ] {
        let mut app = there();
        let (request, ..) = typed(&mut app);
        app.handle(Arrival::CaseStatusArrived(request, Err(why)));
        let page = asks(&app);
        let trouble = page.failure.unwrap();
        assert_eq!((trouble.title.as_str(), !page.desk.is_empty()), (title, has_desk));
        assert_eq!((text(&page.number), page.number.error), (number().to_string(), String::new()));
        if why == minute(12) {
            // The test starts at noon in Shanghai.
            assert!(trouble.text.contains("after 12:12"), "{}", trouble.text);
        }
        let again = question(&app.handle(press(Bar::Primary)));
        assert_ne!(again.0, request);
        app.handle(Arrival::CaseStatusArrived(again.0, Ok(status())));
        assert_eq!(answer(&app).number, number().to_string());
        app.handle(press(Bar::Back));
        assert_eq!((text(&asks(&app).number), asks(&app).failure), (String::new(), None));
    }
    let mut app = there();
    let (request, ..) = question(&keys(&mut app, &token().to_string()));
    app.handle(Arrival::CaseStatusArrived(request, Err(LookupError::Unknown)));
    assert!(asks(&app).failure.unwrap().text.contains("isn't known here"));
    app.handle(LookupTouch::ShowDesk);
    assert!(matches!(app.view().page, PageView::Route(_)));
}

/// The visitor may also cancel earlier.
#[test]
fn a_lookup_ends_within_ten_seconds() {
    let mut app = there();
    let (late, ..) = typed(&mut app);
    for second in 1..10 {
        app.handle(Arrival::Tick(noon() + TimeDelta::seconds(second)));
        assert_eq!(answer(&app).title, "One moment …");
    }
    app.handle(Arrival::Tick(noon() + TimeDelta::seconds(10)));
    assert_eq!(asks(&app).failure.unwrap().title, "We're offline right now");
    app.handle(Arrival::CaseStatusArrived(late, Ok(status())));
    assert!(asks(&app).failure.is_some(), "an answer that comes later is for nobody");

    let (given_up, ..) = question(&app.handle(press(Bar::Primary)));
    app.handle(CaseStatusTouch::GiveUp);
    assert_eq!((asks(&app).failure, text(&asks(&app).number)), (None, number().to_string()));
    app.handle(Arrival::CaseStatusArrived(given_up, Ok(status())));
    assert!(app.cx.visit.lookup.status.is_none());
}

/// A late answer leaves no trace of the lookup.
#[test]
fn an_answer_after_the_visit_is_dropped() {
    let mut app = there();
    let (request, ..) = typed(&mut app);
    app.handle(OverlayTouch::Finish);
    app.handle(Arrival::CaseStatusArrived(request, Ok(status())));
    assert!(app.is_resting() && app.cx.visit.lookup.status.is_none() && app.cx.visit.lookup.proof.is_none());
    // A late answer is not taken for the next visitor's answer either.
    open(&mut app, HomeTile::Services, "Check a case");
    assert_eq!(text(&asks(&app).number), "");
    let (next, ..) = question(&keys(&mut app, &token().to_string()));
    assert_ne!(next, request);
    app.handle(Arrival::CaseStatusArrived(request, Ok(status())));
    assert_eq!(answer(&app).title, "One moment …");
}

/// The server writes the texts, so a new language needs a new request.
#[test]
fn another_language_asks_the_server_again() {
    let mut app = there();
    let (request, proof, _) = typed(&mut app);
    app.handle(Arrival::CaseStatusArrived(request, Ok(status())));
    app.handle(press(Bar::Language));
    let effects = app.handle(OverlayTouch::Language(Language::ZhHans));
    let (again, same, language) = question(&effects);
    assert!(again != request && same == proof && language == Language::ZhHans);
    assert_eq!(answer(&app).title, "请稍候……");
    app.handle(Arrival::CaseStatusArrived(again, Ok(status())));
    assert_eq!(answer(&app).number, number().to_string());
    // On other pages a new language sends no request.
    play(&mut app, [press(Bar::Home), press(Bar::Language)]);
    assert!(!is_asked(&app.handle(OverlayTouch::Language(Language::En))));
}

#[test]
fn a_leaving_reader_is_warned_then_forgotten() {
    let mut app = there();
    let (request, ..) = typed(&mut app);
    app.handle(Arrival::CaseStatusArrived(request, Ok(status())));
    let mut warned = false;
    for second in 1..=110 {
        app.handle(Arrival::Tick(noon() + TimeDelta::seconds(second)));
        warned |= matches!(app.view().overlay, Some(OverlayView::Inactivity { .. }));
    }
    assert!(warned && app.is_resting() && app.cx.visit.lookup.status.is_none());
}

/// The code is shown only if a server is known, because it is of use only there.
#[test]
fn the_receipt_code_needs_a_tracking_page() {
    let mut app = kiosk();
    complaint(&mut app);
    let effects = app.handle(press(Bar::Primary));
    let receipt = receipt(saved(&effects).unwrap());
    let code = receipt.token.code().to_string();
    app.handle(Arrival::Saved(Ok(receipt.clone())));
    let PageView::Thanks(thanks) = app.view().page else { panic!("not the receipt") };
    assert_eq!((thanks.code, thanks.code_label.is_empty()), (code, false));

    complaint(&mut app);
    app.handle(press(Bar::Primary));
    app.handle(Arrival::Saved(Ok(Receipt { tracking_url: None, ..receipt })));
    let PageView::Thanks(thanks) = app.view().page else { panic!("not the receipt") };
    assert_eq!(thanks.code, "");
}

/// Typed as printed, and without dashes, for kiosks of every length.
#[test]
fn a_number_goes_on_only_when_it_is_whole() {
    let mut app = there();
    for kiosk in [1, 3, 9, 10, 12, 21, 99, 120, 999, 1234, 99_999] {
        for seq in 0..100 {
            let number = CaseNumber::new(KioskNumber::new(kiosk).unwrap(), Epoch(1), Seq(seq)).to_string();
            for typed in [number.clone(), number.replace('-', "")] {
                play(
                    &mut app,
                    [Field::CaseNumber, Field::CaseCode].map(|f| Event::from(Touch::FieldCleared(f))),
                );
                app.handle(Touch::FieldTapped(Field::CaseNumber));
                let (last, before) = (&typed[typed.len() - 1..], &typed[..typed.len() - 1]);
                keys(&mut app, before);
                assert!(asks(&app).number.focused, "{before} of {number} is not whole");
                keys(&mut app, last);
                assert!(typed != number || asks(&app).code.focused, "{number} is whole");
            }
        }
    }
}
