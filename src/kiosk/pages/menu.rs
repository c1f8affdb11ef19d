//! What can be said here, and what can be asked for: one card a form.
//!
//! Forms that a mall adds stand among those of the product, each under what its kind belongs to.

use std::sync::Arc;

use domain::form::Form;
use domain::kind::Kind;

use crate::app::App;
use crate::event::Effect;
use crate::pages::{follow, form};
use crate::view::{MenuCard, MenuView};

/// Which forms to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// "Tell us": ratings, praise, ideas, questions, complaints.
    TellUs,
    /// What is brought to a visitor, and what was lost or found.
    Services,
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
pub fn forms(app: &App, menu: Menu) -> Vec<Arc<Form>> {
    let of = |kind: &Kind| {
        let offered = app.world.forms.offered().into_iter();
        offered.filter(|form| form.kind == *kind).map(Arc::clone).collect::<Vec<_>>()
    };
    kinds(menu).iter().flat_map(of).collect()
}

/// A card was touched.
pub fn choose(app: &mut App, menu: Menu, index: usize) -> Vec<Effect> {
    let forms = forms(app, menu);
    match forms.get(index) {
        Some(chosen) => form::open(app, chosen),
        // Behind them stands what became of an earlier one.
        None if index == forms.len() => follow::open(app),
        None => Vec::new(),
    }
}

/// What it shows.
pub fn view(app: &App, menu: Menu) -> MenuView {
    let language = app.session.language;
    let card = |form: &Arc<Form>| MenuCard {
        title: form.title.text(language),
        hint: form.hint.as_ref().map(|hint| hint.text(language)).unwrap_or_default(),
        icon: icon(form.kind),
    };
    let key = match menu {
        Menu::TellUs => "tell-us",
        Menu::Services => "services",
    };
    let follow = MenuCard { title: app.word("follow.title"), hint: app.word("follow.card"), icon: "qr" };
    MenuView {
        title: app.word(&format!("menu.{key}")),
        hint: app.word(&format!("menu.{key}.hint")),
        cards: forms(app, menu).iter().map(card).chain([follow]).collect(),
    }
}
