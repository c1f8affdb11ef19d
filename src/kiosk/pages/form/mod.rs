//! A step of any form: its questions, its errors, and the navigation between steps.
//!
//! All content comes from the form's data. The button to the next step is always enabled; it shows the errors
//! beside their questions, and only then.

mod check;
mod contact;
mod items;
mod place;
pub mod pointing;
mod step;
mod steps;
mod view;
mod when;

use std::sync::Arc;

use domain::form::{FieldKind, Form};
use domain::kind::Kind;
use wayfinding::venue::FeatureId;

pub use pointing::MapTouch;
pub use step::{answers, progress};
pub use steps::{ReviewLines, ReviewRow, draft, first_wrong, lines, previous, primary, show_errors};
pub use view::{CardView, FormStep, FormView, ItemAsk, ItemView};

use crate::effect::Effect;
use crate::view::Notice;
use crate::visit::Overlay;
use crate::visit::cx::Cx;
use crate::visit::filling::Filling;
use crate::visit::page::Page;
use crate::visit::place::PlaceChoice;
use check::error;
use step::written;

/// Opens a form. A form that was begun opens where it was left; before another one opens, the visitor is
/// asked whether to discard it.
pub fn open(cx: &mut Cx, form: &Arc<Form>) -> Vec<Effect> {
    match &cx.visit.filling {
        Some(begun) if begun.form.id == form.id => resume(cx),
        Some(_) if cx.visit.has_draft() => {
            cx.visit.next_form = Some(Arc::clone(form));
            cx.visit.overlay = Some(Overlay::Discard);
            cx.blur()
        }
        _ => begin(cx, form),
    }
}

/// Opens the form that was begun, on the page where the visitor left it.
pub fn resume(cx: &mut Cx) -> Vec<Effect> {
    match &cx.visit.filling {
        Some(filling) => {
            let page = filling.left_at.clone();
            cx.go(page)
        }
        None => Vec::new(),
    }
}

/// Discards the form that was begun, and opens the form for which the visitor left it.
pub fn discard(cx: &mut Cx) -> Vec<Effect> {
    let next = cx.visit.next_form.take();
    cx.visit.clear_form();
    match next {
        Some(form) => begin(cx, &form),
        None => cx.blur(),
    }
}

fn begin(cx: &mut Cx, form: &Arc<Form>) -> Vec<Effect> {
    cx.visit.clear_form();
    cx.visit.texts.open(&Filling::limits(form));
    cx.visit.filling = Some(Filling::new(Arc::clone(form)));
    cx.go(Page::Form(0))
}

/// A touch in a form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FormTouch {
    /// A control in an item: an option, a value of a scale, a ready-made sentence, a checkbox. A second touch
    /// undoes the first.
    Pick {
        /// The index of the item, from the top.
        item: usize,
        /// The index in the item; on a scale, the value itself.
        index: usize,
    },
    /// The place is near this kiosk.
    PlaceHere,
    /// The visitor does not know the place, or there is none in particular.
    PlaceUnknown,
    /// Open the map to point at the place.
    PlaceOnMap,
    /// A touch on that map.
    Map(MapTouch),
}

pub fn touch(cx: &mut Cx, touch: FormTouch) -> Vec<Effect> {
    let step = match (cx.visit.page(), touch) {
        (Page::Form(step), _) => *step,
        (Page::Pointing(map), FormTouch::Map(touch)) => {
            let map = map.clone();
            return pointing::touch(cx, map, touch);
        }
        _ => return Vec::new(),
    };
    match touch {
        FormTouch::Pick { item, index } => items::pick(cx, step, item, index),
        FormTouch::PlaceHere => place::set(cx, step, PlaceChoice::Here),
        FormTouch::PlaceUnknown => place::set(cx, step, PlaceChoice::NotSure),
        FormTouch::PlaceOnMap => pointing::open(cx, step),
        FormTouch::Map(_) => Vec::new(),
    }
}

/// A place was chosen from the list.
pub fn place_chosen(cx: &mut Cx, step: usize, id: FeatureId) -> Vec<Effect> {
    place::set(cx, step, PlaceChoice::Place(id))
}

pub fn view(cx: &Cx, step: usize) -> FormView {
    let Some(filling) = &cx.visit.filling else { return FormView::default() };
    let answers = answers(cx, filling);
    let language = cx.visit.language;
    let asked = filling.asked(step, &answers);
    let own = &filling.form.steps[step.min(filling.form.steps.len() - 1)];
    let first = asked.first().map(|(_, question)| *question);
    let writing = written(cx, filling, step, &answers).and_then(|n| filling.form.fields().nth(n));
    let title = own.title.as_ref().or(first.map(|question| &question.label));
    let title = writing.map(|question| &question.label).or(title);
    let hint = if own.title.is_some() { own.hint.as_ref() } else { first.and_then(|q| q.hint.as_ref()) };
    let typing = cx.visit.focus.is_some();
    let is_place = first.is_some_and(|question| question.ask == FieldKind::Place);
    let step_view = match asked.first() {
        Some((n, question)) if is_place => {
            place::view(cx, filling, question, error(cx, filling, &answers, *n, question))
        }
        _ => FormStep::Items(items::views(cx, step)),
    };
    // A visitor who complains may be in danger now, so the first step shows the way to get help.
    let danger = filling.form.kind == Kind::Complaint && step == 0;
    let danger = danger.then(|| Notice { title: cx.word("danger.title"), text: cx.word("danger.text") });
    let writes = asked.iter().any(|(_, q)| matches!(q.ask, FieldKind::Text { .. } | FieldKind::Contact));
    FormView {
        progress: progress(cx, filling, &answers),
        title: title.map(|label| label.text(language)).unwrap_or_default(),
        hint: hint.map(|label| label.text(language)).unwrap_or_default(),
        step: step_view,
        danger,
        privacy: if typing || !writes { String::new() } else { cx.word("form.privacy") },
    }
}
