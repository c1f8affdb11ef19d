//! "Follow what you sent": the number and the code on a receipt, typed, or its QR code, scanned.
//!
//! A scanner is a keyboard that writes an address very quickly. As soon as a tracking token stands in a
//! field, or was written where no field is open, it is looked up; nobody has to touch anything. A mistyped
//! number is noticed here by its check character, before anybody is asked.

use chrono::TimeDelta;
use domain::receipt::{CaseNumber, CaseNumberError, ReceiptCode, TrackingToken};
use wayfinding::venue::Facility;

use crate::app::App;
use crate::calendar;
use crate::event::{Effect, Key};
use crate::following::{Following, Held, NotTold, Trouble, Way};
use crate::keyboard::{self, field_view};
use crate::pages::{Page, followed, help};
use crate::view::{Field, FollowView, Notice};

/// The fields of the page.
const FIELDS: [Field; 2] = [Field::CaseNumber, Field::CaseCode];

/// Opens it, empty.
pub fn open(app: &mut App) -> Vec<Effect> {
    app.session.following = Following::default();
    wipe(app);
    app.go(Page::Follow)
}

/// Takes back what stands in the fields.
pub fn wipe(app: &mut App) {
    FIELDS.into_iter().for_each(|field| app.session.texts.clear(field));
}

/// A key was pressed on this page.
pub fn press(app: &mut App, key: Key) -> Vec<Effect> {
    let mut effects = Vec::new();
    if app.session.focus.is_none() && matches!(key, Key::Char(_)) {
        effects.extend(keyboard::focus(&mut app.session, &app.world, Field::CaseNumber));
    }
    let Some(field) = app.session.focus else { return effects };
    if key == Key::Enter {
        effects.extend(enter(app, field));
        return effects;
    }
    effects.extend(keyboard::press(&mut app.session, key));
    if let Some(token) = scanned(app, field) {
        effects.extend(look_up(app, Held::Token(token)));
    }
    effects
}

fn scanned(app: &App, field: Field) -> Option<TrackingToken> {
    TrackingToken::scanned(app.session.texts.get(field).text())
}

/// From the number to the code, from the code to the answer.
fn enter(app: &mut App, field: Field) -> Vec<Effect> {
    let is_right = number(app).is_some_and(|number| number.is_ok());
    match field {
        Field::CaseNumber if is_right && app.session.typed(Field::CaseCode).is_none() => {
            keyboard::focus(&mut app.session, &app.world, Field::CaseCode)
        }
        _ if is_right && app.session.typed(Field::CaseCode).is_some() => submit(app),
        _ => vec![Effect::Input(app.session.blur())],
    }
}

fn number(app: &App) -> Option<Result<CaseNumber, CaseNumberError>> {
    app.session.typed(Field::CaseNumber).map(CaseNumber::parse)
}

fn code(app: &App) -> Option<Option<ReceiptCode>> {
    app.session.typed(Field::CaseCode).map(|typed| typed.parse().ok())
}

/// The main button: look it up, or say what is missing and open the field for it.
pub fn submit(app: &mut App) -> Vec<Effect> {
    app.session.following.checked = true;
    match (number(app), code(app)) {
        (Some(Ok(number)), Some(Some(code))) => look_up(app, Held::Number(number, code)),
        (Some(Ok(_)), _) => keyboard::focus(&mut app.session, &app.world, Field::CaseCode),
        _ => keyboard::focus(&mut app.session, &app.world, Field::CaseNumber),
    }
}

/// Asks, on the page of the answer. What a scanner wrote does not stay in the field.
fn look_up(app: &mut App, held: Held) -> Vec<Effect> {
    if held.way() == Way::Scanned {
        wipe(app);
    }
    let mut effects = app.go(Page::Followed);
    effects.extend(followed::ask(app, held));
    effects
}

/// What is wrong with the number; nothing while somebody is still typing it for the first time.
fn number_error(app: &App) -> String {
    let checked = app.session.following.checked;
    if app.session.focus == Some(Field::CaseNumber) && !checked {
        return String::new();
    }
    match number(app) {
        None if checked => app.word("follow.number.missing"),
        None | Some(Ok(_)) => String::new(),
        Some(Err(CaseNumberError::Shape)) => app.word("follow.number.shape"),
        Some(Err(CaseNumberError::Check)) => app.word("follow.number.check"),
    }
}

fn code_error(app: &App) -> String {
    let checked = app.session.following.checked;
    if app.session.focus == Some(Field::CaseCode) && !checked {
        return String::new();
    }
    match code(app) {
        None if checked => app.word("follow.code.missing"),
        None | Some(Some(_)) => String::new(),
        Some(None) => app.word("follow.code.shape"),
    }
}

/// What it shows.
pub fn view(app: &App) -> FollowView {
    let trouble = app.session.following.trouble;
    // The desk knows what the kiosk cannot find out.
    let needs_desk = trouble.is_some_and(|t| !matches!(t.why, NotTold::Busy));
    let desk = if needs_desk { help::desk(app) } else { None };
    let can_walk = desk.is_some() && app.nearest(Facility::Information).is_some();
    FollowView {
        title: app.word("follow.title"),
        hint: app.word("follow.hint"),
        number: field_view(
            &app.session,
            Field::CaseNumber,
            "follow.number",
            "follow.number.hint",
            number_error(app),
        ),
        code: field_view(&app.session, Field::CaseCode, "follow.code", "follow.code.hint", code_error(app)),
        scan: app.word("follow.scan"),
        trouble: trouble.map(|trouble| words(app, trouble)),
        desk: desk.unwrap_or_default(),
        show_desk: if can_walk { app.word("help.show-desk") } else { String::new() },
    }
}

fn words(app: &App, trouble: Trouble) -> Notice {
    let key = match (trouble.why, trouble.with) {
        (NotTold::NoServer, _) => "no-server",
        (NotTold::NoNetwork, _) => "no-network",
        (NotTold::Busy, _) => "busy",
        (NotTold::Unknown, Way::Typed) => "unknown",
        (NotTold::Unknown, Way::Scanned) => "unknown-scan",
        (NotTold::TooMany(_), _) => "too-many",
    };
    let text = format!("follow.{key}.text");
    let text = match trouble.why {
        NotTold::TooMany(wait) => {
            let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::hours(1));
            // The minute that is on the clock is not over.
            let until = trouble.at + wait + TimeDelta::seconds(59);
            app.fill(&text, &[("time", &calendar::clock(app.world.local(until)))])
        }
        _ => app.word(&text),
    };
    Notice { title: app.word(&format!("follow.{key}")), text }
}
