//! The help page: calls staff to this kiosk, and shows where the nearest desk is.
//!
//! A call is a submission without answers, saved like any other. Offline, the text says that the call may
//! arrive late.

use domain::submission::Body;
use wayfinding::venue::Facility;

use crate::calendar;
use crate::effect::Effect;
use crate::outbox::Draft;
use crate::pages::properties::PrimaryAction;
use crate::visit::cx::{Cx, Link};
use crate::visit::page::HelpCall;
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

/// The primary action: call staff.
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

/// Where the nearest desk is, as text; none if there is no map or no desk on it.
pub fn desk(cx: &Cx) -> Option<String> {
    let place = cx.world().venue()?.place(&cx.nearest(Facility::Information)?)?;
    let language = cx.visit.language;
    let values = [("desk", place.name.get(language)), ("place", &cx.world().place_words(place, language))];
    Some(cx.fill("help.desk", &values))
}

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
