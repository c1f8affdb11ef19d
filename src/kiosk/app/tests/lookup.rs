//! Visitors who come back with their receipt.

use std::time::Duration;

use domain::id::{Epoch, KioskNumber, Seq};
use domain::receipt::{CaseNumber, ReceiptKey, TrackingToken};
use domain::wire::{CaseMessage, CasePromise, CaseState, CaseStatus, CaseStep, Side, StepState};
use rand::SeedableRng as _;

use super::*;
use crate::event::FollowEvent;
use crate::following::{Held, NotTold, Ticket};
use crate::view::{FieldView, FollowView, FollowedView, Layout, Shown, StageState};

fn number() -> CaseNumber {
    CaseNumber::new(KioskNumber::new(3).unwrap(), Epoch(1), Seq(7))
}

fn token() -> TrackingToken {
    let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(1);
    TrackingToken::new(KioskNumber::new(3).unwrap(), &ReceiptKey([1; 32]), &mut random)
}

/// A visitor on the page, who has touched nothing there yet.
fn there() -> App {
    let mut app = kiosk();
    open(&mut app, Door::TellUs, "Follow what you sent");
    app
}

fn asks(app: &App) -> FollowView {
    let PageView::Follow(page) = app.view().page else { panic!("not the page with the fields") };
    page
}

fn answer(app: &App) -> FollowedView {
    let PageView::Followed(page) = app.view().page else { panic!("not the page of the answer") };
    page
}

fn text(field: &FieldView) -> String {
    format!("{}{}", field.before, field.after)
}

/// Keys as they come from a keyboard or a scanner.
fn keys(app: &mut App, text: &str) -> Vec<Effect> {
    text.chars().flat_map(|c| app.handle(Event::Keyboard(Key::Char(c)))).collect()
}

/// Types number and code, and asks.
fn typed(app: &mut App) -> (Ticket, Held, Language) {
    write(app, Field::CaseNumber, &number().to_string());
    write(app, Field::CaseCode, &token().code().to_string());
    question(&app.handle(press(Bar::Primary)))
}

fn question(effects: &[Effect]) -> (Ticket, Held, Language) {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::LookUp { ticket, held, language } => Some((*ticket, (**held).clone(), *language)),
        _ => None,
    });
    asked.expect("the server is asked")
}

fn is_asked(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::LookUp { .. }))
}

fn status() -> Box<CaseStatus> {
    let mut told = CaseStatus::default();
    told.state = CaseState::Found;
    told.headline = "We are finding out what happened".to_owned();
    told.number = number().to_string();
    told.steps = [("Received", StepState::Done), ("Looking", StepState::Now), ("Done", StepState::Ahead)]
        .map(|(label, state)| CaseStep { label: label.to_owned(), state })
        .to_vec();
    told.promise = Some(CasePromise { text: "You will know by 12:00".to_owned(), late: false });
    told.messages = vec![CaseMessage {
        who: "Our answer".to_owned(),
        when: "11:00".to_owned(),
        words: "A mechanic is there.".to_owned(),
        side: Side::Us,
    }];
    Box::new(told)
}

#[test]
fn number_and_code_are_typed_in_capitals_and_lead_to_what_the_tracking_page_says() {
    let mut app = there();
    app.handle(Event::FieldTapped(Field::CaseNumber));
    let keyboard = app.view().keyboard.unwrap();
    assert_eq!((keyboard.layout, keyboard.layouts), (Layout::Code, vec![Layout::Code]));
    keys(&mut app, &number().to_string().to_lowercase());
    assert_eq!(text(&asks(&app).number), number().to_string());
    app.handle(Event::Keyboard(Key::Enter));
    assert_eq!(asks(&app).code.focused, Chosen::Yes, "Return goes on to the code");
    keys(&mut app, &token().code().to_string().replace('-', " ").replace('0', "o"));
    let (ticket, held, language) = question(&app.handle(Event::Keyboard(Key::Enter)));
    assert!(held == Held::Number(number(), token().code()) && language == Language::En);
    let waiting = answer(&app);
    assert_eq!((waiting.title.as_str(), waiting.give_up.as_str()), ("One moment …", "Do not wait"));
    assert_eq!(app.view().bar.primary, None);

    app.handle(Event::Told(ticket, Ok(status())));
    let told = answer(&app);
    assert_eq!(told.title, "We are finding out what happened");
    let states: Vec<_> = told.stages.iter().map(|s| (s.state, s.said.as_str())).collect();
    let wanted = [(StageState::Done, "Done"), (StageState::Now, "Now"), (StageState::Ahead, "Still to come")];
    assert_eq!(states, wanted);
    assert_eq!((told.messages.len(), told.give_up.as_str()), (1, ""));
    assert_eq!(app.view().bar.primary.unwrap().ready, Shown::Yes);
    let effects = app.handle(press(Bar::Primary));
    assert!(effects.iter().any(|e| matches!(e, Effect::Forget)) && app.is_resting());
}

#[test]
fn what_a_scanner_writes_is_looked_up_at_once_wherever_it_is_written() {
    let address = format!("https://mall.example:8443/t/{}", token());
    let fields = [None, Some(Field::CaseNumber), Some(Field::CaseCode)];
    for (field, written) in fields.iter().flat_map(|f| [(f, address.clone()), (f, token().to_string())]) {
        let mut app = there();
        if let Some(field) = field {
            app.handle(Event::FieldTapped(*field));
        }
        let effects = keys(&mut app, &written);
        assert_eq!(effects.iter().filter(|e| matches!(e, Effect::LookUp { .. })).count(), 1);
        assert!(question(&effects).1 == Held::Token(token()), "{field:?}");
        assert!(
            !is_asked(&app.handle(Event::Keyboard(Key::Enter))),
            "the scanner's Return means nothing more"
        );
        assert_eq!(answer(&app).title, "One moment …");
        app.handle(press(Bar::Back));
        assert_eq!((text(&asks(&app).number), text(&asks(&app).code)), Default::default());
    }
}

#[test]
fn a_slip_in_the_number_is_told_beside_its_field_before_anybody_is_asked() {
    let mut app = there();
    let wrong = number().to_string().replace('-', "");
    let last = if wrong.ends_with('0') { "2" } else { "0" };
    let wrong = format!("{}{last}", &wrong[..wrong.len() - 1]);
    app.handle(Event::FieldTapped(Field::CaseNumber));
    keys(&mut app, &wrong);
    assert_eq!(asks(&app).number.error, "", "not while it is being typed");
    app.handle(Event::Keyboard(Key::Enter));
    assert_eq!(asks(&app).number.error, "One character is not right. Please compare them all.");
    write(&mut app, Field::CaseCode, "7QX4");
    assert_eq!(asks(&app).code.error, "The code has eight letters and digits, like 7QX4-1MD0.");
    assert!(!is_asked(&app.handle(press(Bar::Primary))));
    assert_eq!(asks(&app).number.focused, Chosen::Yes);

    let mut app = there();
    assert_eq!((asks(&app).number.error, asks(&app).code.error), Default::default());
    assert!(!is_asked(&app.handle(press(Bar::Primary))));
    app.handle(Event::Keyboard(Key::Done));
    assert_eq!(asks(&app).number.error, "Enter the case number.");
    assert_eq!(asks(&app).code.error, "Enter the code that stood below the case number.");
}

#[test]
fn why_nothing_was_found_is_said_with_the_way_out_and_what_was_typed_stays() {
    let minute = |m: u64| NotTold::TooMany(Duration::from_secs(60 * m));
    for (why, title, has_desk) in [
        (NotTold::NoServer, "It cannot be looked up at this screen", true),
        (NotTold::NoNetwork, "There is no network right now", true),
        (NotTold::Busy, "Too many are asking right now", false),
        (NotTold::Unknown, "Nothing was found", true),
        (minute(12), "Too many wrong codes", true),
    ] {
        let mut app = there();
        let (ticket, ..) = typed(&mut app);
        app.handle(Event::Told(ticket, Err(why)));
        let page = asks(&app);
        let trouble = page.trouble.unwrap();
        assert_eq!((trouble.title.as_str(), !page.desk.is_empty()), (title, has_desk));
        assert_eq!((text(&page.number), page.number.error), (number().to_string(), String::new()));
        if why == minute(12) {
            // It is noon in Shanghai.
            assert!(trouble.text.contains("after 12:12"), "{}", trouble.text);
        }
        let again = question(&app.handle(press(Bar::Primary)));
        assert_ne!(again.0, ticket);
        app.handle(Event::Told(again.0, Ok(status())));
        assert_eq!(answer(&app).number, number().to_string());
        app.handle(press(Bar::Back));
        assert_eq!((text(&asks(&app).number), asks(&app).trouble), (String::new(), None));
    }
    let mut app = there();
    let (ticket, ..) = question(&keys(&mut app, &token().to_string()));
    app.handle(Event::Told(ticket, Err(NotTold::Unknown)));
    assert!(asks(&app).trouble.unwrap().text.contains("not of this mall"));
    app.handle(Event::Follow(FollowEvent::ShowDesk));
    assert!(matches!(app.view().page, PageView::Route(_)));
}

#[test]
fn nobody_waits_for_longer_than_ten_seconds_and_anybody_may_give_up_before() {
    let mut app = there();
    let (late, ..) = typed(&mut app);
    for second in 1..10 {
        app.handle(Event::Tick(noon() + TimeDelta::seconds(second)));
        assert_eq!(answer(&app).title, "One moment …");
    }
    app.handle(Event::Tick(noon() + TimeDelta::seconds(10)));
    assert_eq!(asks(&app).trouble.unwrap().title, "There is no network right now");
    app.handle(Event::Told(late, Ok(status())));
    assert!(asks(&app).trouble.is_some(), "an answer that comes later is for nobody");

    let (given_up, ..) = question(&app.handle(press(Bar::Primary)));
    app.handle(Event::Follow(FollowEvent::GiveUp));
    assert_eq!((asks(&app).trouble, text(&asks(&app).number)), (None, number().to_string()));
    app.handle(Event::Told(given_up, Ok(status())));
    assert!(app.session.following.told.is_none());
}

#[test]
fn an_answer_that_comes_after_the_visit_is_dropped_and_nothing_of_the_question_is_left() {
    let mut app = there();
    let (ticket, ..) = typed(&mut app);
    app.handle(Event::Overlay(OverlayEvent::Finish));
    app.handle(Event::Told(ticket, Ok(status())));
    assert!(app.is_resting() && app.session.following.told.is_none() && app.session.following.held.is_none());
    // Nor is it taken for the answer to what the next visitor asks.
    open(&mut app, Door::Services, "Follow what you sent");
    assert_eq!(text(&asks(&app).number), "");
    let (next, ..) = question(&keys(&mut app, &token().to_string()));
    assert_ne!(next, ticket);
    app.handle(Event::Told(ticket, Ok(status())));
    assert_eq!(answer(&app).title, "One moment …");
}

#[test]
fn another_language_asks_again_because_the_words_come_from_the_server() {
    let mut app = there();
    let (ticket, held, _) = typed(&mut app);
    app.handle(Event::Told(ticket, Ok(status())));
    app.handle(press(Bar::Language));
    let effects = app.handle(Event::Overlay(OverlayEvent::Language(Language::ZhHans)));
    let (again, same, language) = question(&effects);
    assert!(again != ticket && same == held && language == Language::ZhHans);
    assert_eq!(answer(&app).title, "请稍候……");
    app.handle(Event::Told(again, Ok(status())));
    assert_eq!(answer(&app).number, number().to_string());
    // Elsewhere nothing is asked.
    play(&mut app, [press(Bar::Home), press(Bar::Language)]);
    assert!(!is_asked(&app.handle(Event::Overlay(OverlayEvent::Language(Language::En)))));
}

#[test]
fn whoever_reads_the_answer_and_walks_away_is_warned_and_forgotten() {
    let mut app = there();
    let (ticket, ..) = typed(&mut app);
    app.handle(Event::Told(ticket, Ok(status())));
    let mut warned = false;
    for second in 1..=110 {
        app.handle(Event::Tick(noon() + TimeDelta::seconds(second)));
        warned |= matches!(app.view().overlay, Some(OverlayView::Inactivity { .. }));
    }
    assert!(warned && app.is_resting() && app.session.following.told.is_none());
}

#[test]
fn the_receipt_shows_the_code_only_where_it_can_be_looked_up() {
    let mut app = kiosk();
    complaint(&mut app);
    let effects = app.handle(press(Bar::Primary));
    let receipt = receipt(saved(&effects).unwrap());
    let code = receipt.token.code().to_string();
    app.handle(Event::Saved(Ok(receipt.clone())));
    let PageView::Thanks(thanks) = app.view().page else { panic!("not the receipt") };
    assert_eq!((thanks.code, thanks.code_label.is_empty()), (code, false));

    complaint(&mut app);
    app.handle(press(Bar::Primary));
    app.handle(Event::Saved(Ok(Receipt { tracking_url: None, ..receipt })));
    let PageView::Thanks(thanks) = app.view().page else { panic!("not the receipt") };
    assert_eq!(thanks.code, "");
}
