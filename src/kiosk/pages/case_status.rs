//! What became of it: the tracking page, on the kiosk, for as long as the visitor stands there.
//!
//! While the server is asked there is one moment of patience and a way to give up. Whatever comes later than
//! that, or after the visit, is for nobody.

use domain::wire::{CaseStatus, Side, StepState};

use crate::app::App;
use crate::event::Effect;
use crate::following::{Following, Held, NotTold, PATIENCE_S, Ticket, Trouble};
use crate::pages::{Page, follow};
use crate::view::{Chosen, FollowedView, MessageRow, PromiseView, StageRow, StageState};

/// Asks the server, in the visitor's language.
pub fn ask(app: &mut App, held: Held) -> Vec<Effect> {
    let ticket = app.next_ticket();
    let language = app.session.language;
    let effect = Effect::LookUp { ticket, held: Box::new(held.clone()), language };
    app.session.following =
        Following { waiting: Some((ticket, 0)), held: Some(held), ..Following::default() };
    vec![effect]
}

/// Another language was chosen: the words come from the server.
pub fn ask_again(app: &mut App) -> Vec<Effect> {
    let held = app.session.following.held.clone();
    match held.filter(|_| app.session.pages.contains(&Page::Followed)) {
        Some(held) => ask(app, held),
        None => Vec::new(),
    }
}

/// The server answered, or did not.
pub fn answered(app: &mut App, ticket: Ticket, answer: Result<Box<CaseStatus>, NotTold>) -> Vec<Effect> {
    let following = &mut app.session.following;
    if following.waiting.is_none_or(|(asked, _)| asked != ticket) {
        return Vec::new();
    }
    following.waiting = None;
    match answer {
        Ok(told) => {
            following.told = Some(told);
            follow::wipe(app);
        }
        Err(why) => {
            if let Some(held) = following.held.take() {
                following.trouble = Some(Trouble { why, with: held.way(), at: app.now });
            }
            app.session.pages.retain(|page| *page != Page::Followed);
        }
    }
    Vec::new()
}

/// A second went by.
pub fn second(app: &mut App) -> Vec<Effect> {
    let Some((ticket, seconds)) = &mut app.session.following.waiting else { return Vec::new() };
    *seconds += 1;
    let (ticket, seconds) = (*ticket, *seconds);
    if seconds < PATIENCE_S {
        return Vec::new();
    }
    answered(app, ticket, Err(NotTold::NoNetwork))
}

/// Back to the fields; what was told is dropped, and what is still to come is not waited for.
pub fn leave(app: &mut App) -> Vec<Effect> {
    app.session.following = Following::default();
    app.session.pages.retain(|page| *page != Page::Followed);
    vec![Effect::Input(app.session.blur())]
}

/// What it shows.
pub fn view(app: &App) -> FollowedView {
    let Some(told) = &app.session.following.told else {
        return FollowedView {
            title: app.word("followed.moment"),
            text: app.word("followed.moment.text"),
            give_up: app.word("followed.give-up"),
            ..FollowedView::default()
        };
    };
    let stage = |step: &domain::wire::CaseStep| StageRow {
        label: step.label.clone(),
        state: match step.state {
            StepState::Done => StageState::Done,
            StepState::Now => StageState::Now,
            StepState::Ahead => StageState::Ahead,
        },
        said: app.word(match step.state {
            StepState::Done => "followed.done",
            StepState::Now => "followed.now",
            StepState::Ahead => "followed.ahead",
        }),
    };
    let chosen = |is| if is { Chosen::Yes } else { Chosen::No };
    let message = |message: &domain::wire::CaseMessage| MessageRow {
        who: message.who.clone(),
        when: message.when.clone(),
        words: message.words.clone(),
        ours: chosen(message.side == Side::Us),
    };
    FollowedView {
        title: told.headline.clone(),
        text: told.text.clone(),
        number: told.number.clone(),
        promise: told
            .promise
            .as_ref()
            .map(|promise| PromiseView { text: promise.text.clone(), late: chosen(promise.late) }),
        messages: told.messages.iter().map(message).collect(),
        stages: told.steps.iter().map(stage).collect(),
        about: told.about.clone(),
        give_up: String::new(),
    }
}
