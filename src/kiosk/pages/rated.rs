//! The page after a rating: the face that was touched, to change or take back, and the way to say more.
//!
//! It opens with a touch on a face, on the attract page or in the menu of feedback. The rating is sent when the
//! page is left, or after a moment without a touch. It is a submission of the feedback form, which has to ask
//! for a face first and for nothing else. Who says more in that form sends the form instead; a form that is not
//! sent leaves the rating. A visitor rates once.

use std::sync::Arc;

use domain::form::{Answer, Answers, FieldKind, Form};
use domain::kind::Kind;
use domain::language::Language;
use domain::scale::Csat;
use domain::submission::Body;

use crate::effect::Effect;
use crate::outbox::Draft;
use crate::pages::form;
use crate::pages::properties::PrimaryAction;
use crate::visit::Saving;
use crate::visit::cx::Cx;
use crate::visit::filling::today;
use crate::visit::page::Page;
use crate::visit::place::{PlaceChoice, place_ref};
use crate::visit::rating::Rating;
use crate::words::words;

/// Five faces to rate a visit with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacesView {
    /// `How was your visit today?`; empty if no rating can be given.
    pub question: String,
    /// The labels, from very bad to very good.
    pub names: Vec<String>,
}

/// The content of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatedView {
    /// `Thank you for your rating`.
    pub title: String,
    /// Until when the rating can be changed.
    pub text: String,
    pub faces: FacesView,
    /// The chosen face, 1 to 5.
    pub value: u8,
    /// The label of the button that opens the feedback form; empty while another form is begun.
    pub more: String,
    /// The label of the button that takes the rating back.
    pub take_back: String,
}

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatedTouch {
    /// Another face, 1 to 5.
    Face(u8),
    /// Open the feedback form with this rating.
    More,
    TakeBack,
}

/// The id of the product's form for feedback.
const FEEDBACK: &str = "feedback";

/// The feedback form, and the id of its first question, if a face is a whole answer to it.
fn feedback(cx: &Cx) -> Option<(Arc<Form>, String)> {
    // The product's own form first; a mall may have others.
    let mut forms = cx.world().forms.offered();
    forms.retain(|form| form.kind == Kind::Feedback);
    forms.sort_by_key(|form| form.id != FEEDBACK);
    let form = forms.into_iter().next()?;
    let first = form.fields().next().filter(|question| question.ask == FieldKind::Faces)?;
    let needs_more = form.fields().any(|question| question.required && question.id != first.id);
    (!needs_more).then(|| (Arc::clone(form), first.id.clone()))
}

/// The faces to rate with, in this language. There are none once a visitor has rated, or rates in the form.
pub fn faces(cx: &Cx, language: Language) -> FacesView {
    if may_rate(cx) { named(cx, language) } else { FacesView::default() }
}

fn may_rate(cx: &Cx) -> bool {
    let is_saving = matches!(cx.visit.saving, Some((Saving::Rating(_), _)));
    !cx.visit.has_rated && !is_saving && !is_in_form(cx)
}

/// Whether the feedback form is begun.
fn is_in_form(cx: &Cx) -> bool {
    let begun = cx.visit.filling.as_ref().filter(|_| cx.visit.has_draft());
    begun.is_some_and(|filling| filling.form.kind == Kind::Feedback)
}

fn named(cx: &Cx, language: Language) -> FacesView {
    let Some((form, id)) = feedback(cx) else { return FacesView::default() };
    let name = |face| words().get(language, &format!("face.{face}"));
    FacesView {
        question: form.field(&id).map(|question| question.label.text(language)).unwrap_or_default(),
        names: (Csat::LOWEST..=Csat::HIGHEST).map(name).collect(),
    }
}

/// Takes a rating and opens the page.
pub fn rate(cx: &mut Cx, face: u8) -> Vec<Effect> {
    let Ok(face) = Csat::try_from(face) else { return Vec::new() };
    if !may_rate(cx) || feedback(cx).is_none() {
        return Vec::new();
    }
    cx.visit.rating = Some(Rating::new(face, cx.visit.text_size));
    cx.go(Page::Rated)
}

pub fn touch(cx: &mut Cx, touch: RatedTouch) -> Vec<Effect> {
    if *cx.visit.page() != Page::Rated {
        return Vec::new();
    }
    match touch {
        RatedTouch::Face(face) => rate(cx, face),
        RatedTouch::TakeBack => {
            cx.visit.rating = None;
            cx.visit.return_home();
            cx.blur()
        }
        RatedTouch::More => match (cx.visit.rating, feedback(cx)) {
            (Some(rating), Some((form, id))) if !cx.visit.has_draft() => {
                cx.visit.rating = Some(Rating { is_in_form: true, ..rating });
                cx.visit.return_home();
                let effects = form::open(cx, &form);
                if let Some(filling) = &mut cx.visit.filling {
                    filling.given.insert(id, Answer::Faces(rating.face));
                }
                effects
            }
            _ => Vec::new(),
        },
    }
}

/// The primary action: the visitor is done. Who came from the home page returns there; otherwise the visit
/// ends.
pub fn primary(cx: &Cx) -> Option<PrimaryAction> {
    Some(match cx.visit.passed(&Page::Home) {
        true => PrimaryAction::page("rated.done", |cx| {
            cx.visit.return_home();
            cx.blur()
        }),
        false => PrimaryAction::end_visit("rated.done"),
    })
}

/// Sends the rating once its page is left, unless the form sends it.
pub fn settle(cx: &mut Cx) -> Vec<Effect> {
    if *cx.visit.page() == Page::Rated {
        return Vec::new();
    }
    // Nothing leads back to it: its rating is on the way.
    cx.visit.close(&Page::Rated);
    let Some(rating) = cx.visit.rating else { return Vec::new() };
    if cx.visit.overlay.is_some() || cx.visit.saving.is_some() || (rating.is_in_form && is_in_form(cx)) {
        return Vec::new();
    }
    let draft = draft(cx);
    cx.visit.rating = None;
    cx.send(Saving::Rating(rating), draft)
}

/// A feedback form was sent: it is the rating of this visit.
pub fn sent_in_form(cx: &mut Cx) {
    cx.visit.rating = None;
    cx.visit.has_rated = true;
}

/// The rating as a submission; none without one.
pub fn draft(cx: &Cx) -> Option<Draft> {
    let rating = cx.visit.rating?;
    let (form, id) = feedback(cx)?;
    // The form may have another face by now.
    let begun = cx.visit.filling.as_ref().filter(|filling| rating.is_in_form && filling.form.id == form.id);
    let face = match begun.and_then(|filling| filling.given.get(&id)) {
        Some(Answer::Faces(face)) => *face,
        _ => rating.face,
    };
    let answers = Answers {
        form: form.id.clone(),
        version: form.version,
        about: form.kind,
        urgent: false,
        answers: [(id, Answer::Faces(face))].into(),
    };
    debug_assert_eq!(form.check(&answers, None, today(cx.world(), cx.now())), []);
    Some(Draft {
        language: cx.visit.language,
        place: place_ref(cx.world(), &PlaceChoice::Here),
        body: Body::Answers(answers),
        contact: None,
    })
}

/// One second has passed on the page. Returns whether its time is over.
pub fn second(cx: &mut Cx) -> bool {
    let Some(rating) = &mut cx.visit.rating else { return true };
    rating.seconds = rating.seconds.saturating_sub(1);
    rating.seconds == 0
}

pub fn view(cx: &Cx) -> RatedView {
    let rating = cx.visit.rating;
    let seconds = rating.map_or(0, |rating| rating.seconds);
    RatedView {
        title: cx.word("rated.title"),
        text: words().count(cx.language(), "rated.text", u64::from(seconds), &[]),
        faces: named(cx, cx.language()),
        value: rating.map_or(0, |rating| rating.face.get()),
        more: if cx.visit.has_draft() { String::new() } else { cx.word("rated.more") },
        take_back: cx.word("rated.take-back"),
    }
}
