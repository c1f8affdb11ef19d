//! One visit: all data of one visitor, as they typed, chose and looked at things.
//!
//! It begins with a touch on the attract page and ends when the visitor finishes or walks away. Its end drops
//! all data; the texts overwrite themselves. No other module keeps data of a visitor.
//!
//! Invariant: nothing in here depends on the meaning of a page; `pages` are a layer above and use it through
//! [`cx::Cx`].

pub mod call;
pub mod cx;
pub mod filling;
pub mod idle;
pub mod keyboard;
pub mod lookup;
pub mod page;
pub mod place;
pub mod rating;
pub mod receipt;
pub mod texts;
pub mod typing;

use std::sync::Arc;

use domain::form::Form;
use domain::language::Language;
use wayfinding::route::TravelProfile;
use wayfinding::venue::{Group, LevelIndex};

use crate::effect::{Effect, InputCommand};
use crate::input::Composition;
use crate::view::{Contrast, Field, Layout, TextSize};
use call::Urgency;
use filling::Filling;
use lookup::CaseLookup;
use page::Page;
use rating::Rating;
use receipt::LeftReceipt;
use texts::Texts;

/// An overlay that the visit stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The language panel.
    Language,
    /// The panel for text size and contrast.
    Access,
    /// The question whether to discard the draft, because another form was touched or the visit would end.
    Discard,
    /// The message that something could not be saved.
    NotSaved(Saving),
}

/// What is being saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// The form that the visitor filled in.
    Form,
    /// A call for help. It leaves a form alone that was begun before.
    HelpCall(Urgency),
    /// The end of a call for help that is not needed any more.
    CallTakenBack,
    /// A rating by one touch.
    Rating(Rating),
}

/// What the map on the home page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HomeMap {
    /// The level; none for that of the kiosk.
    pub level: Option<LevelIndex>,
    /// An index into the zooms of the page.
    pub zoom: usize,
}

pub struct Visit {
    pub language: Language,
    pub text_size: TextSize,
    pub contrast: Contrast,
    /// How the visitor moves: it decides every route and every walking time of the visit.
    pub travel_profile: TravelProfile,
    /// The history of pages; the last one is on the screen. Never empty; the attract page is the first.
    pages: Vec<Page>,
    pub overlay: Option<Overlay>,
    /// The field that has the focus.
    pub focus: Option<Field>,
    pub layout: Layout,
    pub composition: Composition,
    pub texts: Texts,
    /// The level and the zoom of the map on the home page.
    pub home_map: HomeMap,
    /// The group that filters the list of places.
    pub group: Option<Group>,
    /// The form that is being filled in.
    pub filling: Option<Filling>,
    /// The form that the visitor touched while another one was begun: it opens when that one is discarded.
    pub next_form: Option<Arc<Form>>,
    pub lookup: CaseLookup,
    /// What is being saved at present, and for how many seconds.
    pub saving: Option<(Saving, u32)>,
    /// The receipt that the visitor has just left.
    pub left_receipt: Option<LeftReceipt>,
    /// A rating that is not saved yet.
    pub rating: Option<Rating>,
    /// Whether a rating of this visit is saved.
    pub has_rated: bool,
    /// Whether a call in danger waits until something else is saved.
    pub danger_waits: bool,
}

impl Visit {
    /// A new visit, on the attract page.
    pub fn new(language: Language) -> Self {
        Self {
            language,
            text_size: TextSize::Normal,
            contrast: Contrast::Normal,
            travel_profile: TravelProfile::Walking,
            pages: vec![Page::Attract],
            overlay: None,
            focus: None,
            layout: Layout::Latin,
            composition: Composition::default(),
            texts: Texts::default(),
            home_map: HomeMap::default(),
            group: None,
            filling: None,
            next_form: None,
            lookup: CaseLookup::default(),
            saving: None,
            left_receipt: None,
            rating: None,
            has_rated: false,
            danger_waits: false,
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
            self.leave_form();
            self.pages.pop();
        }
    }

    /// Notes where the visitor leaves the form that was begun.
    fn leave_form(&mut self) {
        let page = self.pages.iter().rev().find_map(Page::form_page);
        if let (Some(filling), Some(page)) = (&mut self.filling, page) {
            filling.left_at = page;
        }
    }

    /// Removes a page from the history.
    pub fn close(&mut self, page: &Page) {
        self.pages.retain(|known| known != page);
    }

    /// Opens the home page with nothing to go back to, and with the map around the kiosk. A form that was begun
    /// stays, and so does, for a while, a receipt.
    pub fn return_home(&mut self) {
        self.leave_form();
        self.home_map = HomeMap::default();
        for page in self.pages.drain(1..) {
            if let Page::Thanks(receipt) = page {
                self.left_receipt = Some(LeftReceipt::new(receipt));
            }
        }
        self.pages.push(Page::Home);
    }

    /// Takes the focus from any field.
    pub fn blur(&mut self) -> Vec<Effect> {
        self.focus = None;
        self.composition = Composition::default();
        vec![Effect::Input(InputCommand::Reset)]
    }

    /// Whether a form was begun: it has a choice or a text.
    pub fn has_draft(&self) -> bool {
        let contact = [Field::Name, Field::Phone, Field::Email];
        self.filling.as_ref().is_some_and(Filling::is_touched)
            || self.texts.has_answers()
            || contact.into_iter().any(|field| self.texts.typed(field).is_some())
    }

    /// Drops the form and its texts.
    pub fn clear_form(&mut self) {
        self.filling = None;
        self.next_form = None;
        self.texts.clear_form();
    }

    /// Drops the search and the case lookup.
    pub fn clear_search_and_lookup(&mut self) {
        self.group = None;
        self.lookup = CaseLookup::default();
        [Field::Search, Field::CaseNumber, Field::CaseCode].into_iter().for_each(|f| self.texts.clear(f));
    }

    /// Counts one second.
    pub fn second(&mut self) {
        self.left_receipt = self.left_receipt.take().and_then(LeftReceipt::after_a_second);
    }

    /// The text of a field; none if only spaces were typed.
    pub fn typed(&self, field: Field) -> Option<&str> {
        self.texts.typed(field)
    }
}
