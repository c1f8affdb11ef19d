//! A menu: of forms, with one card for each that is offered and one for the case lookup; or of the kinds of a
//! facility. The menu of feedback begins with five faces.
//!
//! Forms that a mall adds are listed among those of the product, by their kind. A card opens the first step
//! of its form.

use std::sync::Arc;

use domain::form::Form;
use domain::kind::Kind;

use crate::effect::Effect;
use crate::pages::places::facility_name;
use crate::pages::rated::FacesView;
use crate::pages::{facility_kinds, form, lookup, rated};
use crate::view::MenuCard;
use crate::visit::cx::Cx;
use crate::visit::page::{Menu, Page};

/// The content of a menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MenuView {
    pub title: String,
    /// A help text under the title.
    pub hint: String,
    /// The choices.
    pub cards: Vec<MenuCard>,
    /// Whether the cards' hints matter as much as their titles: they tell how far a place is.
    pub keeps_hints: bool,
    /// Five faces to rate the visit with by one touch; without a question there are none.
    pub faces: FacesView,
}

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuTouch {
    /// The card at this index.
    Card(usize),
    /// A face, 1 to 5.
    Face(u8),
}

/// The kinds of forms in a menu, in the order in which they are offered.
fn kinds(menu: Menu) -> &'static [Kind] {
    match menu {
        Menu::TellUs => &[Kind::Feedback, Kind::Complaint, Kind::Praise, Kind::Suggestion, Kind::Enquiry],
        Menu::Services => &[Kind::ServiceRequest, Kind::LostItem, Kind::FoundItem],
        Menu::FacilityKinds(_) => &[],
    }
}

fn icon(kind: Kind) -> &'static str {
    match kind {
        Kind::Feedback => "face",
        Kind::Praise => "gifts",
        Kind::Suggestion => "star",
        Kind::Enquiry => "info",
        Kind::Complaint => "flag",
        Kind::ServiceRequest => "help",
        Kind::LostItem => "search",
        Kind::FoundItem => "check",
        Kind::Other => "chat",
    }
}

/// The forms in a menu.
fn forms(cx: &Cx, menu: Menu) -> Vec<Arc<Form>> {
    // Who has rated by one touch does not rate again.
    let is_done = |kind: &Kind| *kind == Kind::Feedback && cx.visit.has_rated;
    let of = |kind: &Kind| {
        let offered = cx.world().forms.offered().into_iter();
        offered.filter(|form| form.kind == *kind).map(Arc::clone).collect::<Vec<_>>()
    };
    kinds(menu).iter().filter(|kind| !is_done(kind)).flat_map(of).collect()
}

/// A card opens its form, or the route to the nearest place of its kind.
pub fn touch(cx: &mut Cx, touch: MenuTouch) -> Vec<Effect> {
    let Page::Menu(menu) = *cx.visit.page() else { return Vec::new() };
    let index = match touch {
        MenuTouch::Card(index) => index,
        MenuTouch::Face(face) if menu == Menu::TellUs => return rated::rate(cx, face),
        MenuTouch::Face(_) => return Vec::new(),
    };
    if let Menu::FacilityKinds(facility) = menu {
        return match facility_kinds::nearest_of_each(cx, facility).get(index) {
            Some(place) => cx.show_route(*place),
            None => Vec::new(),
        };
    }
    let forms = forms(cx, menu);
    match forms.get(index) {
        Some(chosen) => form::open(cx, chosen),
        // The card after the forms opens the case lookup.
        None if index == forms.len() => lookup::open(cx),
        None => Vec::new(),
    }
}

pub fn view(cx: &Cx, menu: Menu) -> MenuView {
    let language = cx.visit.language;
    let draft = cx.visit.filling.as_ref().filter(|_| cx.visit.has_draft());
    let card = |form: &Arc<Form>| MenuCard {
        title: form.title.text(language),
        hint: match draft.filter(|begun| begun.form.id == form.id) {
            Some(_) => cx.word("draft.card"),
            None => form.hint.as_ref().map(|hint| hint.text(language)).unwrap_or_default(),
        },
        icon: icon(form.kind),
    };
    let key = match menu {
        Menu::TellUs => "tell-us",
        Menu::Services => "services",
        Menu::FacilityKinds(facility) => {
            return MenuView {
                title: facility_name(language, facility),
                hint: cx.word("menu.kinds.hint"),
                cards: facility_kinds::cards(cx, facility),
                keeps_hints: true,
                faces: FacesView::default(),
            };
        }
    };
    let lookup = MenuCard { title: cx.word("lookup.title"), hint: cx.word("lookup.card"), icon: "qr" };
    MenuView {
        title: cx.word(&format!("menu.{key}")),
        hint: cx.word(&format!("menu.{key}.hint")),
        cards: forms(cx, menu).iter().map(card).chain([lookup]).collect(),
        keeps_hints: false,
        faces: match menu {
            Menu::TellUs => rated::faces(cx, language),
            _ => FacesView::default(),
        },
    }
}
