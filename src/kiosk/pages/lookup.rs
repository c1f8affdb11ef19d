//! The lookup page, "Check a case": number and code of a receipt are typed, or its QR code is
//! scanned.
//!
//! A scanner is a keyboard that types an address very quickly. As soon as a field contains a tracking token,
//! the lookup starts without a touch; this also works if no field had the focus. The check character detects
//! a mistyped number before a request is sent. A whole number leads to the code, and a whole code to the
//! lookup.

use chrono::TimeDelta;
use domain::receipt::{CaseNumber, CaseNumberError, ReceiptCode, TrackingToken};
use wayfinding::venue::Facility;
use zeroize::Zeroizing;

use crate::calendar;
use crate::case_lookup::{EntryMethod, LookupError, ReceiptProof};
use crate::effect::Effect;
use crate::pages::properties::PrimaryAction;
use crate::pages::{case_status, help};
use crate::view::{Field, FieldView, Notice};
use crate::visit::cx::Cx;
use crate::visit::keyboard::{self, Key, field_view};
use crate::visit::lookup::{CaseLookup, LookupFailure};
use crate::visit::page::Page;

/// The content of the lookup page.
#[derive(Clone, PartialEq)]
pub struct LookupView {
    /// `Check a case`.
    pub title: String,
    /// Where number and code are found on a receipt.
    pub hint: String,
    /// The case number.
    pub number: FieldView,
    /// The receipt code.
    pub code: FieldView,
    /// A hint that a scanner may be used instead.
    pub scan: String,
    /// Why the lookup failed, and what to do.
    pub failure: Option<Notice>,
    /// Where the nearest desk is, if staff there can help.
    pub desk: String,
    /// The label of the button that shows the route to the desk; empty if the map has no desk.
    pub show_desk: String,
}

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupTouch {
    /// Show the route to the nearest desk.
    ShowDesk,
}

pub fn touch(cx: &mut Cx, touch: LookupTouch) -> Vec<Effect> {
    let LookupTouch::ShowDesk = touch;
    cx.show_nearest(Facility::Information)
}

/// Opens the page with empty fields.
pub fn open(cx: &mut Cx) -> Vec<Effect> {
    cx.visit.lookup = CaseLookup::default();
    case_status::clear_fields(cx);
    let mut effects = cx.go(Page::Lookup);
    effects.extend(cx.focus(Field::CaseNumber));
    effects
}

/// Handles a key on this page.
pub fn press(cx: &mut Cx, key: Key) -> Vec<Effect> {
    let mut effects = Vec::new();
    if cx.visit.focus.is_none() && matches!(key, Key::Char(_)) {
        effects.extend(cx.focus(Field::CaseNumber));
    }
    let Some(field) = cx.visit.focus else { return effects };
    if key == Key::Enter {
        effects.extend(enter(cx, field));
        return effects;
    }
    // The dash that was just written for the visitor is not written twice.
    if key == Key::Char('-') && cx.visit.texts.get(field).halves().0.ends_with('-') {
        return effects;
    }
    effects.extend(keyboard::press(&mut cx.visit, key));
    if let Some(token) = scanned(cx, field) {
        effects.extend(look_up(cx, ReceiptProof::Token(token)));
    } else if matches!(key, Key::Char(_)) {
        effects.extend(go_on(cx, field));
    }
    effects
}

/// Whether the typed number cannot be the beginning of a longer one. `K12ZC2Q57` may be a number of K1, or the
/// beginning of one of K12. Written with its dashes it is clear, and so it is if no digit follows the kiosk.
fn is_whole(cx: &Cx, number: CaseNumber) -> bool {
    let typed = cx.visit.texts.get(Field::CaseNumber).text().trim();
    let kiosk = number.kiosk().to_string();
    let serial = typed.get(kiosk.len()..).unwrap_or_default();
    if typed.contains('-') {
        let groups: Vec<usize> = typed.split('-').map(str::len).collect();
        return groups == [kiosk.len(), 3, 3, 1];
    }
    // These letters are read as digits.
    !serial.starts_with(|c: char| c.is_ascii_digit() || "OILoil".contains(c))
}

/// Writes the dashes for the visitor. From a whole number it goes on to the code, and from a whole code to the
/// lookup.
fn go_on(cx: &mut Cx, field: Field) -> Vec<Effect> {
    if !cx.visit.texts.get(field).halves().1.is_empty() {
        return Vec::new();
    }
    let number = number(cx).and_then(Result::ok);
    let code = code(cx).flatten();
    match (field, number, code) {
        (Field::CaseNumber, Some(number), code) if is_whole(cx, number) => {
            cx.visit.texts.write(Field::CaseNumber, &number.to_string());
            if code.is_some() { submit(cx) } else { cx.focus(Field::CaseCode) }
        }
        (Field::CaseCode, number, Some(code)) => {
            cx.visit.texts.write(Field::CaseCode, &code.to_string());
            if number.is_some() { submit(cx) } else { Vec::new() }
        }
        (Field::CaseCode, _, None) if cx.visit.texts.get(Field::CaseCode).length() == ReceiptCode::GROUP => {
            cx.visit.texts.edit(Field::CaseCode).insert("-");
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// The token in a field, also with a dash that was written for a visitor who types.
fn scanned(cx: &Cx, field: Field) -> Option<TrackingToken> {
    let text = cx.visit.texts.get(field).text();
    let plain = || Zeroizing::new(text.replace('-', ""));
    TrackingToken::scanned(text).or_else(|| TrackingToken::scanned(&plain()))
}

/// The enter key: from the number to the code, from the code to the lookup.
fn enter(cx: &mut Cx, field: Field) -> Vec<Effect> {
    let is_right = number(cx).is_some_and(|number| number.is_ok());
    match field {
        Field::CaseNumber if is_right && cx.visit.typed(Field::CaseCode).is_none() => {
            cx.focus(Field::CaseCode)
        }
        _ if is_right && cx.visit.typed(Field::CaseCode).is_some() => submit(cx),
        // A whole number has already led here.
        Field::CaseCode if is_right => Vec::new(),
        _ => cx.blur(),
    }
}

fn number(cx: &Cx) -> Option<Result<CaseNumber, CaseNumberError>> {
    cx.visit.typed(Field::CaseNumber).map(CaseNumber::parse)
}

fn code(cx: &Cx) -> Option<Option<ReceiptCode>> {
    cx.visit.typed(Field::CaseCode).map(|typed| typed.parse().ok())
}

/// The primary action: start the lookup.
pub fn primary(_: &Cx) -> Option<PrimaryAction> {
    Some(PrimaryAction::page("lookup.look", submit))
}

/// Starts the lookup, or shows what is missing and focuses that field.
fn submit(cx: &mut Cx) -> Vec<Effect> {
    cx.visit.lookup.checked = true;
    match (number(cx), code(cx)) {
        (Some(Ok(number)), Some(Some(code))) => look_up(cx, ReceiptProof::Number(number, code)),
        (Some(Ok(_)), _) => cx.focus(Field::CaseCode),
        _ => cx.focus(Field::CaseNumber),
    }
}

/// Starts the lookup and opens the page for its answer. The text of a scanner is cleared from its field.
fn look_up(cx: &mut Cx, proof: ReceiptProof) -> Vec<Effect> {
    if proof.entry_method() == EntryMethod::Scanned {
        case_status::clear_fields(cx);
    }
    let mut effects = cx.go(Page::CaseStatus);
    effects.extend(case_status::ask(cx, proof));
    effects
}

/// The error in the number; empty during the first typing.
fn number_error(cx: &Cx) -> String {
    let checked = cx.visit.lookup.checked;
    if cx.visit.focus == Some(Field::CaseNumber) && !checked {
        return String::new();
    }
    match number(cx) {
        None if checked => cx.word("lookup.number.missing"),
        None | Some(Ok(_)) => String::new(),
        Some(Err(CaseNumberError::Shape)) => cx.word("lookup.number.shape"),
        Some(Err(CaseNumberError::Check)) => cx.word("lookup.number.check"),
    }
}

fn code_error(cx: &Cx) -> String {
    let checked = cx.visit.lookup.checked;
    if cx.visit.focus == Some(Field::CaseCode) && !checked {
        return String::new();
    }
    match code(cx) {
        None if checked => cx.word("lookup.code.missing"),
        None | Some(Some(_)) => String::new(),
        Some(None) => cx.word("lookup.code.shape"),
    }
}

pub fn view(cx: &Cx) -> LookupView {
    let failure = cx.visit.lookup.failure;
    // For every failure but an overloaded server, the staff at a desk can help.
    let needs_desk = failure.is_some_and(|f| !matches!(f.why, LookupError::Busy));
    let desk = if needs_desk { help::desk(cx) } else { None };
    let can_walk = desk.is_some() && cx.nearest(Facility::Information).is_some();
    LookupView {
        title: cx.word("lookup.title"),
        hint: cx.word("lookup.hint"),
        number: field_view(
            &cx.visit,
            Field::CaseNumber,
            "lookup.number",
            "lookup.number.hint",
            number_error(cx),
        ),
        code: field_view(&cx.visit, Field::CaseCode, "lookup.code", "lookup.code.hint", code_error(cx)),
        scan: cx.word("lookup.scan"),
        failure: failure.map(|failure| words(cx, failure)),
        desk: desk.unwrap_or_default(),
        show_desk: if can_walk { cx.word("help.show-desk") } else { String::new() },
    }
}

fn words(cx: &Cx, failure: LookupFailure) -> Notice {
    let key = match (failure.why, failure.with) {
        (LookupError::NoServer, _) => "no-server",
        (LookupError::NoNetwork, _) => "no-network",
        (LookupError::Busy, _) => "busy",
        (LookupError::Unknown, EntryMethod::Typed) => "unknown",
        (LookupError::Unknown, EntryMethod::Scanned) => "unknown-scan",
        (LookupError::TooMany(_), _) => "too-many",
    };
    let text = format!("lookup.{key}.text");
    let text = match failure.why {
        LookupError::TooMany(wait) => {
            // A clock shows no more than a day.
            let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::hours(1)).min(TimeDelta::days(1));
            // The clock shows whole minutes, so the time is rounded up.
            let until = failure.at + wait + TimeDelta::seconds(59);
            cx.fill(&text, &[("time", &calendar::clock(cx.world().local(until)))])
        }
        _ => cx.word(&text),
    };
    Notice { title: cx.word(&format!("lookup.{key}")), text }
}
