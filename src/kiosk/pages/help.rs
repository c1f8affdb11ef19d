//! Calling somebody to this kiosk, and where to go instead when nobody can be told.

use domain::submission::Body;
use wayfinding::venue::Facility;

use crate::calendar;
use crate::effect::Effect;
use crate::outbox::Draft;
use crate::pages::about::PrimaryAction;
use crate::visit::cx::{Cx, Link};
use crate::visit::page::HelpCall;
use crate::visit::place::{PlaceChoice, place_ref};

#[derive(Clone, PartialEq)]
pub struct HelpView {
    /// The question, or what happens now.
    pub title: String,
    /// More of it.
    pub text: String,
    /// Where the nearest desk is.
    pub desk: String,
    /// What the button to it says; empty when there is no desk on the map.
    pub show_desk: String,
}

/// What can be touched on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpTouch {
    /// The route to the nearest desk.
    ShowDesk,
}

/// A touch on it.
pub fn touch(cx: &mut Cx, touch: HelpTouch) -> Vec<Effect> {
    let HelpTouch::ShowDesk = touch;
    cx.show_nearest(Facility::Information)
}

/// The main button: call.
pub fn primary(_: &Cx) -> Option<PrimaryAction> {
    Some(PrimaryAction::page("help.call", call))
}

fn call(cx: &mut Cx) -> Vec<Effect> {
    let draft = Draft {
        language: cx.visit.language,
        place: place_ref(cx.world(), &PlaceChoice::Here),
        body: Body::ServiceRequest,
        contact: None,
    };
    cx.send(Some(draft))
}

/// Where the nearest desk is, in words; none when no map shows one.
pub fn desk(cx: &Cx) -> Option<String> {
    let place = cx.world().venue()?.place(&cx.nearest(Facility::Information)?)?;
    let language = cx.visit.language;
    let values = [("desk", place.name.get(language)), ("place", &cx.world().place_words(place, language))];
    Some(cx.fill("help.desk", &values))
}

/// What it shows.
pub fn view(cx: &Cx, call: &HelpCall) -> HelpView {
    let (title, text) = match (call, cx.link()) {
        (HelpCall::Asking, Link::Online) => (cx.word("help.asking"), cx.word("help.asking.text")),
        (HelpCall::Asking, Link::Offline) => (cx.word("help.asking"), cx.word("help.offline.text")),
        (HelpCall::Called(due), Link::Online) => {
            let time = calendar::clock(cx.world().local(*due));
            (cx.word("help.called"), cx.fill("help.called.text", &[("time", &time)]))
        }
        (HelpCall::Called(_), Link::Offline) => (cx.word("help.queued"), cx.word("help.queued.text")),
    };
    let desk = desk(cx);
    HelpView {
        title,
        text,
        show_desk: if desk.is_some() { cx.word("help.show-desk") } else { String::new() },
        desk: desk.unwrap_or_default(),
    }
}
