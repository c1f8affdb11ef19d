//! One visit: everything that belongs to one visitor, what they typed, chose and looked at.
//!
//! It begins with a touch on the attract screen and ends when the visitor finishes or walks away. Ending
//! drops it whole; the texts in it overwrite themselves. Nothing of a visitor is kept anywhere else.
//!
//! Invariant: nothing in here knows what a page means; `pages` lie above it and reach it through
//! [`cx::Cx`].

pub mod cx;
pub mod filling;
pub mod idle;
pub mod keyboard;
pub mod lookup;
pub mod page;
pub mod place;
pub mod texts;
pub mod typing;

use domain::language::Language;
use wayfinding::venue::Group;

use crate::effect::{Effect, InputCommand};
use crate::input::Composition;
use crate::view::{Contrast, Field, Layout, TextSize};
use filling::Filling;
use lookup::CaseLookup;
use page::Page;
use texts::Texts;

/// A dialog or a panel over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Choosing a language.
    Language,
    /// Choosing a text size and a contrast.
    Access,
    /// Asking whether to drop what was typed.
    Discard,
    /// Saying that it could not be saved.
    NotSaved,
}

pub struct Visit {
    pub language: Language,
    pub text_size: TextSize,
    pub contrast: Contrast,
    /// Where the visitor is, and how they came there; never empty, the attract screen first.
    pages: Vec<Page>,
    pub overlay: Option<Overlay>,
    /// The field that keys go to.
    pub focus: Option<Field>,
    pub layout: Layout,
    pub composition: Composition,
    pub texts: Texts,
    /// Which group the list of places shows.
    pub group: Option<Group>,
    /// The form that is being filled in.
    pub filling: Option<Filling>,
    pub lookup: CaseLookup,
    /// Whether something is on its way to the disk right now.
    pub saving: bool,
}

impl Visit {
    /// A fresh visit, on the attract screen.
    pub fn new(language: Language) -> Self {
        Self {
            language,
            text_size: TextSize::Normal,
            contrast: Contrast::Normal,
            pages: vec![Page::Attract],
            overlay: None,
            focus: None,
            layout: Layout::Latin,
            composition: Composition::default(),
            texts: Texts::default(),
            group: None,
            filling: None,
            lookup: CaseLookup::default(),
            saving: false,
        }
    }

    /// The page on the screen.
    pub fn page(&self) -> &Page {
        self.pages.last().expect("a visit is always on some page")
    }

    /// Whether the visitor is on this page or came through it.
    pub fn passed(&self, page: &Page) -> bool {
        self.pages.contains(page)
    }

    /// Whether there is a page to go back to: the attract screen and the first page are not left so.
    pub fn can_go_back(&self) -> bool {
        self.pages.len() > 2
    }

    /// Opens a page on top of this one.
    pub fn open(&mut self, page: Page) {
        if self.page() != &page {
            self.pages.push(page);
        }
    }

    /// Replaces the page on the screen by another of the same errand.
    pub fn replace(&mut self, page: Page) {
        self.pages.pop();
        self.pages.push(page);
    }

    /// Back to the page before.
    pub fn step_back(&mut self) {
        if self.can_go_back() {
            self.pages.pop();
        }
    }

    /// Takes a page away, wherever in the way back it stands.
    pub fn close(&mut self, page: &Page) {
        self.pages.retain(|known| known != page);
    }

    /// To the first page, with nothing to go back to.
    pub fn return_home(&mut self) {
        self.pages.truncate(1);
        self.pages.push(Page::Home);
    }

    /// Takes the keys away from any field.
    pub fn blur(&mut self) -> Vec<Effect> {
        self.focus = None;
        self.composition = Composition::default();
        vec![Effect::Input(InputCommand::Reset)]
    }

    /// Whether a form has something in it that would be lost.
    pub fn has_unsent(&self) -> bool {
        let contact = [Field::Name, Field::Phone, Field::Email];
        self.filling.as_ref().is_some_and(Filling::is_touched)
            || self.texts.has_answers()
            || contact.into_iter().any(|field| self.texts.typed(field).is_some())
    }

    /// Drops the form and what was typed for it.
    pub fn clear_forms(&mut self) {
        self.filling = None;
        self.lookup = CaseLookup::default();
        self.texts = Texts::default();
        self.saving = false;
    }

    /// A text as the submission takes it; none when nothing was typed.
    pub fn typed(&self, field: Field) -> Option<&str> {
        self.texts.typed(field)
    }
}
