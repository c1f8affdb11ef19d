//! The help page: calls staff to this kiosk, says how far the call is, and shows where the nearest desk is.
//!
//! A call is a submission without answers, saved like any other. A kiosk has one call at a time. What the page
//! says of it is known: that it is stored here, that the server has it, or what staff have done since. Nothing
//! is promised before the server has the call.

use domain::submission::Body;
use domain::wire::CaseStatus;
use wayfinding::venue::Facility;

use crate::calendar;
use crate::case_lookup::{LookupError, RequestId};
use crate::effect::Effect;
use crate::outbox::{Draft, Receipt};
use crate::pages::properties::PrimaryAction;
use crate::visit::Saving;
use crate::visit::call::Call;
use crate::visit::cx::{Cx, Link};
use crate::visit::place::{PlaceChoice, place_ref};

#[derive(Clone, PartialEq)]
pub struct HelpView {
    /// The question, or what happens now.
    pub title: String,
    /// The text below the title.
    pub text: String,
    /// Where the nearest desk is.
    pub desk: String,
    /// The label of the button that shows the route to the desk; empty if the map has no desk.
    pub show_desk: String,
}

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpTouch {
    /// Show the route to the nearest desk.
    ShowDesk,
}

pub fn touch(cx: &mut Cx, touch: HelpTouch) -> Vec<Effect> {
    let HelpTouch::ShowDesk = touch;
    cx.show_nearest(Facility::Information)
}

/// The primary action: call staff. The visitor who called cannot call twice; another visitor can.
pub fn primary(cx: &Cx) -> Option<PrimaryAction> {
    match &cx.call {
        None => Some(PrimaryAction::page("help.call", call)),
        Some(call) if call.of_this_visit && !call.is_over() && !call.is_overdue() => None,
        Some(_) => Some(PrimaryAction::page("help.call-again", call)),
    }
}

/// Calls staff to this kiosk.
pub fn call(cx: &mut Cx) -> Vec<Effect> {
    let draft = Draft {
        language: cx.visit.language,
        place: place_ref(cx.world(), &PlaceChoice::Here),
        body: Body::ServiceRequest,
        contact: None,
    };
    cx.send(Saving::HelpCall, Some(draft))
}

/// A call was saved: it is now the call of this kiosk.
pub fn called(cx: &mut Cx, receipt: Receipt) {
    cx.call = Some(Call::new(Box::new(receipt)));
}

/// These seconds have passed: asks the server how far the call is, from time to time.
pub fn pass(cx: &mut Cx, seconds: u32) -> Vec<Effect> {
    let is_due = cx.call.as_mut().is_some_and(|call| call.is_due(seconds));
    if !is_due || cx.link() != Link::Online {
        return Vec::new();
    }
    let (request, language) = (cx.next_request(), cx.language());
    let ask =
        |call: &mut Call| Effect::LookUp { request, proof: Box::new(call.ask(request, language)), language };
    cx.call.as_mut().map(ask).into_iter().collect()
}

/// Takes the server's answer about the call. Gives it back if it belongs to another question.
pub fn answered(
    cx: &mut Cx,
    request: RequestId,
    answer: Result<Box<CaseStatus>, LookupError>,
) -> Option<Result<Box<CaseStatus>, LookupError>> {
    let Some(call) = &mut cx.call else { return Some(answer) };
    let Some(language) = call.take_question(request) else { return Some(answer) };
    if let Ok(status) = answer {
        call.learn(language, status);
    }
    None
}

/// What is known of the call, in a few words; none without an open call.
pub fn headline(cx: &Cx) -> Option<String> {
    cx.call.as_ref().filter(|call| !call.is_over()).map(|_| words(cx).0)
}

/// Where the nearest desk is, as text; none if there is no map or no desk on it.
pub fn desk(cx: &Cx) -> Option<String> {
    let place = cx.world().venue()?.place(&cx.nearest(Facility::Information)?)?;
    let language = cx.visit.language;
    let values = [("desk", place.name.get(language)), ("place", &cx.world().place_words(place, language))];
    Some(cx.fill("help.desk", &values))
}

/// The headline and the text.
fn words(cx: &Cx) -> (String, String) {
    let online = cx.link() == Link::Online;
    let pair = |key: &str| (cx.word(key), cx.word(&format!("{key}.text")));
    let Some(call) = &cx.call else {
        let text = if online { "help.asking.text" } else { "help.offline.text" };
        return (cx.word("help.asking"), cx.word(text));
    };
    let at = calendar::clock(cx.world().local(call.made_at()));
    match call.status(cx.language()) {
        Some(status) => {
            // Nobody has to wait any longer for a call that is over.
            if call.is_over() {
                return (status.headline.clone(), status.text.clone());
            }
            let promise = status.promise.as_ref().map(|promise| promise.text.as_str());
            let parts = [cx.fill("help.made-at", &[("time", &at)]), promise.unwrap_or_default().to_owned()];
            let text: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            (status.headline.clone(), text.join("\n"))
        }
        None if call.has_arrived() => (cx.word("help.called"), cx.fill("help.made-at", &[("time", &at)])),
        None if !call.has_server() => pair("help.no-server"),
        None if online => pair("help.sending"),
        None => pair("help.queued"),
    }
}

pub fn view(cx: &Cx) -> HelpView {
    let (title, text) = words(cx);
    let desk = desk(cx);
    HelpView {
        title,
        text,
        show_desk: if desk.is_some() { cx.word("help.show-desk") } else { String::new() },
        desk: desk.unwrap_or_default(),
    }
}
