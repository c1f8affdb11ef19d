//! Everything that belongs to one visitor: what they typed, chose and looked at.
//!
//! It begins with a touch on the attract screen and ends when the visitor finishes or walks away. Ending
//! drops it whole; the texts in it overwrite themselves. Nothing of a visitor is kept anywhere else.

use domain::language::Language;
use domain::submission::{Category, PlaceRef, Remedy, Tag};
use wayfinding::venue::{FeatureId, Group};

use crate::event::InputCommand;
use crate::input::Composition;
use crate::pages::Page;
use crate::typing::Editor;
use crate::view::{Contrast, Field, Layout, TextSize};

/// The texts a visitor may type, one for each [`Field`].
pub struct Texts {
    editors: [(Field, Editor); 7],
}

impl Default for Texts {
    fn default() -> Self {
        let editor = |field| {
            let limit = match field {
                Field::Search | Field::PlaceSearch | Field::Name => 40,
                Field::Words | Field::Story => domain::submission::Story::MAX,
                Field::Phone => 24,
                Field::Email => 80,
            };
            (field, Editor::new(limit))
        };
        use Field::{Email, Name, Phone, PlaceSearch, Search, Story, Words};
        Self { editors: [Search, Words, PlaceSearch, Story, Name, Phone, Email].map(editor) }
    }
}

impl Texts {
    /// What stands in a field.
    pub fn get(&self, field: Field) -> &Editor {
        let (_, editor) = self.editors.iter().find(|(f, _)| *f == field).expect("every field has an editor");
        editor
    }

    /// The same, to type in.
    pub fn edit(&mut self, field: Field) -> &mut Editor {
        let (_, editor) =
            self.editors.iter_mut().find(|(f, _)| *f == field).expect("every field has an editor");
        editor
    }

    /// Empties a field.
    pub fn clear(&mut self, field: Field) {
        let limit = self.get(field).limit();
        *self.edit(field) = Editor::new(limit);
    }
}

/// The feedback form.
#[derive(Default)]
pub struct FeedbackForm {
    /// The face, 1 to 5.
    pub face: Option<u8>,
    /// What it is about.
    pub tags: Vec<Tag>,
    /// 0 to 10.
    pub recommend: Option<u8>,
}

/// Where a complaint is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Whereabouts {
    /// Not said yet.
    #[default]
    Unsaid,
    /// Near this kiosk.
    Here,
    /// The visitor is not sure, or it is nowhere in particular.
    Unknown,
    /// A place on the map.
    Place(FeatureId),
}

/// The complaint form.
#[derive(Default)]
pub struct ComplaintForm {
    /// What it is about.
    pub category: Option<Category>,
    /// Where.
    pub place: Whereabouts,
    /// What is wanted.
    pub remedy: Option<Remedy>,
    /// Whether the visitor agreed to be contacted.
    pub consent: bool,
    /// Whether the visitor tried to go on, so that what is wrong may now be said.
    pub checked: bool,
}

/// What lies over the page.
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

/// One visit.
pub struct Session {
    /// The language spoken.
    pub language: Language,
    /// How large text is.
    pub text_size: TextSize,
    /// How colours are chosen.
    pub contrast: Contrast,
    /// Where the visitor is, and how they came there; never empty.
    pub pages: Vec<Page>,
    /// What lies over the page.
    pub overlay: Option<Overlay>,
    /// The field that keys go to.
    pub focus: Option<Field>,
    /// The keys shown.
    pub layout: Layout,
    /// What the input method is composing.
    pub composition: Composition,
    /// What was typed.
    pub texts: Texts,
    /// Which group the list of places shows.
    pub group: Option<Group>,
    /// The feedback form.
    pub feedback: FeedbackForm,
    /// The complaint form.
    pub complaint: ComplaintForm,
    /// Whether something is on its way to the disk right now.
    pub saving: bool,
}

impl Session {
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
            feedback: FeedbackForm::default(),
            complaint: ComplaintForm::default(),
            saving: false,
        }
    }

    /// The page on the screen.
    pub fn page(&self) -> &Page {
        self.pages.last().expect("a visit is always on some page")
    }

    /// Takes the keys away from any field.
    pub fn blur(&mut self) -> InputCommand {
        self.focus = None;
        self.composition = Composition::default();
        InputCommand::Reset
    }

    /// Whether a form has something in it that would be lost.
    pub fn has_unsent(&self) -> bool {
        let typed = [Field::Words, Field::Story, Field::Name, Field::Phone, Field::Email];
        self.feedback.face.is_some()
            || self.complaint.category.is_some()
            || typed.into_iter().any(|f| !self.texts.get(f).is_blank())
    }

    /// Drops both forms and what was typed for them.
    pub fn clear_forms(&mut self) {
        self.feedback = FeedbackForm::default();
        self.complaint = ComplaintForm::default();
        self.texts = Texts::default();
        self.saving = false;
    }

    /// A text as the submission takes it; none when nothing was typed.
    pub fn typed(&self, field: Field) -> Option<&str> {
        Some(self.texts.get(field).text()).filter(|t| !t.trim().is_empty())
    }
}

/// What a submission says of a place.
pub fn place_ref(world: &crate::world::World, place: &Whereabouts) -> Option<PlaceRef> {
    let s = world.surroundings.as_ref()?;
    let level = |index| s.venue.level(index).short_name.get(s.venue.default_language()).to_owned();
    match place {
        Whereabouts::Unsaid | Whereabouts::Unknown => None,
        Whereabouts::Here => Some(PlaceRef {
            feature: s.spot.code.clone(),
            name: s.spot.name.clone(),
            level: level(s.spot.level),
            number: None,
            at: None,
        }),
        Whereabouts::Place(id) => s.venue.place(id).map(|p| PlaceRef {
            feature: p.id.to_string(),
            name: p.name.clone(),
            level: level(p.level),
            number: p.number.clone(),
            at: None,
        }),
    }
}
