//! One visit: all data of one visitor, as they typed, chose and looked at things.
//!
//! It begins with a touch on the attract page and ends when the visitor finishes or walks away. Its end drops
//! all data; the texts overwrite themselves. No other module keeps data of a visitor.
//!
//! Invariant: nothing in here depends on the meaning of a page; `pages` are a layer above and use it through
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

/// An overlay that the visit stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The language panel.
    Language,
    /// The panel for text size and contrast.
    Access,
    /// The question whether to drop what was typed.
    Discard,
    /// The message that a submission could not be saved.
    NotSaved,
}

pub struct Visit {
    pub language: Language,
    pub text_size: TextSize,
    pub contrast: Contrast,
    /// The history of pages; the last one is on the screen. Never empty; the attract page is the first.
    pages: Vec<Page>,
    pub overlay: Option<Overlay>,
    /// The field that has the focus.
    pub focus: Option<Field>,
    pub layout: Layout,
    pub composition: Composition,
    pub texts: Texts,
    /// The group that filters the list of places.
    pub group: Option<Group>,
    /// The form that is being filled in.
    pub filling: Option<Filling>,
    pub lookup: CaseLookup,
    /// Whether a draft is being saved.
    pub saving: bool,
}

impl Visit {
    /// A new visit, on the attract page.
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

    /// Whether the history contains this page.
    pub fn passed(&self, page: &Page) -> bool {
        self.pages.contains(page)
    }

    /// Whether there is a page to go back to: the attract page and the home page have none.
    pub fn can_go_back(&self) -> bool {
        self.pages.len() > 2
    }

    /// Opens a page on top of this one.
    pub fn open(&mut self, page: Page) {
        if self.page() != &page {
            self.pages.push(page);
        }
    }

    /// Replaces the page on the screen by another page of the same task.
    pub fn replace(&mut self, page: Page) {
        self.pages.pop();
        self.pages.push(page);
    }

    /// Goes back to the page before.
    pub fn step_back(&mut self) {
        if self.can_go_back() {
            self.pages.pop();
        }
    }

    /// Removes a page from the history.
    pub fn close(&mut self, page: &Page) {
        self.pages.retain(|known| known != page);
    }

    /// Opens the home page with nothing to go back to.
    pub fn return_home(&mut self) {
        self.pages.truncate(1);
        self.pages.push(Page::Home);
    }

    /// Takes the focus from any field.
    pub fn blur(&mut self) -> Vec<Effect> {
        self.focus = None;
        self.composition = Composition::default();
        vec![Effect::Input(InputCommand::Reset)]
    }

    /// Whether a form contains anything that would be lost.
    pub fn has_unsent(&self) -> bool {
        let contact = [Field::Name, Field::Phone, Field::Email];
        self.filling.as_ref().is_some_and(Filling::is_touched)
            || self.texts.has_answers()
            || contact.into_iter().any(|field| self.texts.typed(field).is_some())
    }

    /// Drops the form, its texts and the case lookup.
    pub fn clear_forms(&mut self) {
        self.filling = None;
        self.lookup = CaseLookup::default();
        self.texts = Texts::default();
        self.saving = false;
    }

    /// The text of a field; none if only spaces were typed.
    pub fn typed(&self, field: Field) -> Option<&str> {
        self.texts.typed(field)
    }
}
