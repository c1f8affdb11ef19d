//! What can be said here, and what can be asked for: one card a form.
//!
//! Forms that a mall adds stand among those of the product, each under what its kind belongs to.

use std::sync::Arc;

use domain::form::Form;
use domain::kind::Kind;

use crate::effect::Effect;
use crate::pages::{form, lookup};
use crate::visit::cx::Cx;
use crate::visit::page::{Menu, Page};

/// Forms to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MenuView {
    pub title: String,
    /// A word of help under it.
    pub hint: String,
    /// One card a form.
    pub cards: Vec<MenuCard>,
}

/// A form to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuCard {
    pub title: String,
    /// What it is for.
    pub hint: String,
    pub icon: &'static str,
}

/// What can be touched on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuTouch {
    /// A card; the index is that of the card.
    Card(usize),
}

/// The kinds under a menu, in the order in which they are offered.
fn kinds(menu: Menu) -> &'static [Kind] {
    match menu {
        Menu::TellUs => &[Kind::Feedback, Kind::Complaint, Kind::Praise, Kind::Suggestion, Kind::Enquiry],
        Menu::Services => &[Kind::ServiceRequest, Kind::LostItem, Kind::FoundItem],
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

/// The forms under a menu.
fn forms(cx: &Cx, menu: Menu) -> Vec<Arc<Form>> {
    let of = |kind: &Kind| {
        let offered = cx.world().forms.offered().into_iter();
        offered.filter(|form| form.kind == *kind).map(Arc::clone).collect::<Vec<_>>()
    };
    kinds(menu).iter().flat_map(of).collect()
}

/// A card was touched.
pub fn touch(cx: &mut Cx, touch: MenuTouch) -> Vec<Effect> {
    let Page::Menu(menu) = *cx.visit.page() else { return Vec::new() };
    let MenuTouch::Card(index) = touch;
    let forms = forms(cx, menu);
    match forms.get(index) {
        Some(chosen) => form::open(cx, chosen),
        // Behind them stands what became of an earlier one.
        None if index == forms.len() => lookup::open(cx),
        None => Vec::new(),
    }
}

/// What it shows.
pub fn view(cx: &Cx, menu: Menu) -> MenuView {
    let language = cx.visit.language;
    let card = |form: &Arc<Form>| MenuCard {
        title: form.title.text(language),
        hint: form.hint.as_ref().map(|hint| hint.text(language)).unwrap_or_default(),
        icon: icon(form.kind),
    };
    let key = match menu {
        Menu::TellUs => "tell-us",
        Menu::Services => "services",
    };
    let lookup = MenuCard { title: cx.word("lookup.title"), hint: cx.word("lookup.card"), icon: "qr" };
    MenuView {
        title: cx.word(&format!("menu.{key}")),
        hint: cx.word(&format!("menu.{key}.hint")),
        cards: forms(cx, menu).iter().map(card).chain([lookup]).collect(),
    }
}
