//! The help page: calls staff to this kiosk, says how far the call is, and shows where the nearest desk is. In
//! danger it shows whom to telephone and the nearest defibrillator, and calls staff with one more touch.
//!
//! A call is a submission without answers, saved like any other; in danger it is an urgent request of the form
//! for services. A kiosk has one call at a time; an urgent call may follow a usual one, and both are
//! taken back together. What the page says of a call is known: that it is stored here, that the server has it,
//! or what staff have done since. Nothing is promised before the server has the call.

use domain::form::{Answer, Answers, Chosen, FieldKind, Form};
use domain::kind::Kind;
use domain::submission::Body;
use domain::wire::CaseStatus;
use wayfinding::venue::Facility;

use crate::calendar;
use crate::case_lookup::{LookupError, RequestId};
use crate::effect::Effect;
use crate::emergency;
use crate::outbox::{Draft, Receipt};
use crate::pages::places::{facility_name, minutes};
use crate::pages::properties::PrimaryAction;
use crate::visit::Saving;
use crate::visit::call::{Call, Urgency};
use crate::visit::cx::{Cx, Link};
use crate::visit::filling::today;
use crate::visit::place::{PlaceChoice, place_ref};

/// The id of the product's form for services.
const SERVICE: &str = "service";

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
    /// The content of the QR code with which this visitor follows the call; empty before the server has it.
    pub qr: String,
    /// What the code is for, and the case number.
    pub follow: String,
    /// The label of the button that takes the call back; empty if this visitor has no open call.
    pub take_back: String,
    pub danger: DangerView,
}

/// What to do in danger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DangerView {
    /// `Someone hurt or in danger?`
    pub title: String,
    /// Names of services with their telephone numbers: `Ambulance 120`.
    pub numbers: Vec<(String, &'static str)>,
    /// Where the nearest defibrillator is, and how far; empty if the map has none.
    pub defibrillator: String,
    /// The label of the button that shows the way there.
    pub show_defibrillator: String,
    /// The label of the button that calls staff at once; empty if it is done or no server can be told.
    pub call: String,
}

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpTouch {
    /// Show the route to the nearest desk.
    ShowDesk,
    /// Show the route to the nearest defibrillator.
    ShowDefibrillator,
    /// Call staff: somebody is hurt or in danger.
    Danger,
    /// Take the call back: nobody needs to come.
    TakeBack,
}

pub fn touch(cx: &mut Cx, touch: HelpTouch) -> Vec<Effect> {
    match touch {
        HelpTouch::ShowDesk => cx.show_nearest(Facility::Information),
        HelpTouch::ShowDefibrillator => cx.show_nearest(Facility::Defibrillator),
        HelpTouch::Danger => {
            cx.visit.danger_waits = may_call_in_danger(cx);
            settle(cx)
        }
        HelpTouch::TakeBack => take_back(cx),
    }
}

/// The primary action: call staff. The visitor who called cannot call twice; another visitor can.
pub fn primary(cx: &Cx) -> Option<PrimaryAction> {
    match &cx.call {
        None if cx.link() == Link::NoServer => None,
        None => Some(PrimaryAction::page("help.call", call)),
        Some(call) if call.of_this_visit && !call.is_over() && !call.is_overdue() => None,
        Some(_) => Some(PrimaryAction::page("help.call-again", call)),
    }
}

/// Calls staff to this kiosk.
fn call(cx: &mut Cx) -> Vec<Effect> {
    let draft = draft(cx, Body::ServiceRequest);
    cx.send(Saving::HelpCall(Urgency::Usual), Some(draft))
}

/// Calls once more what could not be saved.
pub fn retry(cx: &mut Cx, urgency: Urgency) -> Vec<Effect> {
    match urgency {
        Urgency::Usual => call(cx),
        Urgency::Danger => touch(cx, HelpTouch::Danger),
    }
}

fn draft(cx: &Cx, body: Body) -> Draft {
    let place = place_ref(cx.world(), &PlaceChoice::Here);
    Draft { language: cx.visit.language, place, body, contact: None }
}

/// Makes the call in danger that waits until something else is saved. Nothing keeps it from being made.
pub fn settle(cx: &mut Cx) -> Vec<Effect> {
    if !cx.visit.danger_waits || cx.visit.saving.is_some() {
        return Vec::new();
    }
    cx.visit.danger_waits = false;
    let draft = call_in_danger(cx);
    cx.send(Saving::HelpCall(Urgency::Danger), Some(draft))
}

/// The call in danger that still waits when the visit ends.
pub fn waiting(cx: &Cx) -> Option<Draft> {
    cx.visit.danger_waits.then(|| call_in_danger(cx))
}

/// Whether a call in danger can be made: no such call of this visitor is open.
fn may_call_in_danger(cx: &Cx) -> bool {
    let is_called = cx.call.as_ref().is_some_and(|call| {
        call.urgency == Urgency::Danger && call.of_this_visit && !call.is_over() && !call.is_overdue()
    });
    let is_being_made = matches!(cx.visit.saving, Some((Saving::HelpCall(Urgency::Danger), _)));
    !is_called && !is_being_made && !cx.visit.danger_waits && cx.link() != Link::NoServer
}

/// The request of the form for services that says that somebody is in danger. Without such a form it is a call
/// like any other.
fn call_in_danger(cx: &Cx) -> Draft {
    let today = today(cx.world(), cx.now());
    let answers = |form: &Form| {
        let question = form.fields().next()?;
        let FieldKind::Choice(choice) = &question.ask else { return None };
        let chosen = Chosen { options: vec![choice.urgent_paths().last()?], remark: None };
        let answers = Answers {
            form: form.id.clone(),
            version: form.version,
            about: form.kind,
            urgent: true,
            answers: [(question.id.clone(), Answer::Chosen(chosen))].into(),
        };
        form.check(&answers, None, today).is_empty().then_some(answers)
    };
    // The product's own form first; a mall may have others.
    let mut forms = cx.world().forms.offered();
    forms.retain(|form| form.kind == Kind::ServiceRequest);
    forms.sort_by_key(|form| form.id != SERVICE);
    match forms.into_iter().find_map(|form| answers(form)) {
        Some(answers) => draft(cx, Body::Answers(answers)),
        None => draft(cx, Body::ServiceRequest),
    }
}

/// Whether this visitor has a call that staff have not ended.
fn may_take_back(cx: &Cx) -> bool {
    cx.call.as_ref().is_some_and(|call| call.of_this_visit && call.has_server() && !call.is_over())
}

/// Tells the server that nobody needs to come. The call is over when that is saved.
pub fn take_back(cx: &mut Cx) -> Vec<Effect> {
    let calls = cx.call.as_ref().filter(|_| may_take_back(cx)).map(|call| call.numbers().collect());
    let draft = calls.map(|calls| draft(cx, Body::CallTakenBack { calls }));
    cx.send(Saving::CallTakenBack, draft)
}

/// A call was saved: it is now the call of this kiosk.
pub fn called(cx: &mut Cx, receipt: Receipt, urgency: Urgency) {
    let before = cx.call.take();
    cx.call = Some(Call::new(Box::new(receipt), urgency, before));
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
    match answer {
        Ok(status) => call.learn(language, status),
        Err(LookupError::TooMany(wait)) => call.wait(wait),
        Err(_) => {}
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
    if cx.visit.danger_waits || matches!(cx.visit.saving, Some((Saving::HelpCall(_), _))) {
        return pair("help.sending");
    }
    if cx.call.is_none() && cx.link() == Link::NoServer {
        return pair("help.no-server");
    }
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
    let own = cx.call.as_ref().filter(|call| call.of_this_visit && call.has_arrived() && !call.is_over());
    HelpView {
        title,
        text,
        show_desk: if desk.is_some() { cx.word("help.show-way") } else { String::new() },
        desk: desk.unwrap_or_default(),
        qr: own.and_then(Call::tracking_url).unwrap_or_default().to_owned(),
        follow: own.map_or_else(String::new, |call| {
            cx.fill("help.follow", &[("number", &call.number().to_string())])
        }),
        take_back: if may_take_back(cx) { cx.word("help.take-back") } else { String::new() },
        danger: danger(cx),
    }
}

fn danger(cx: &Cx) -> DangerView {
    let country = cx.world().venue().and_then(|venue| venue.country()).unwrap_or_default();
    let numbers = emergency::numbers(country).iter();
    let nearest = cx.nearest(Facility::Defibrillator);
    let place = nearest.and_then(|id| cx.world().venue()?.place(&id));
    let found = place.map(|place| {
        let name = facility_name(cx.language(), Facility::Defibrillator);
        let at = cx.world().place_words(place, cx.language());
        let minutes = minutes(cx, &place.id, cx.visit.travel_profile);
        cx.language().side_by_side([name.as_str(), &at, &minutes])
    });
    DangerView {
        title: cx.word("danger.title"),
        numbers: numbers.map(|(of, number)| (cx.word(&format!("emergency.{}", of.key())), *number)).collect(),
        show_defibrillator: cx.word("help.show-way"),
        defibrillator: found.unwrap_or_default(),
        call: if may_call_in_danger(cx) { cx.word("help.danger") } else { String::new() },
    }
}
