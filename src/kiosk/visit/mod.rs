//! Everything that belongs to one visitor: what they typed, chose and looked at.
//!
//! It begins with a touch on the attract screen and ends when the visitor finishes or walks away. Ending
//! drops it whole; the texts in it overwrite themselves. Nothing of a visitor is kept anywhere else.

use domain::language::Language;
use domain::place::{MapPoint, PlaceRef};
use wayfinding::venue::{FeatureId, Group, LevelIndex};

use crate::event::InputCommand;
use crate::filling::Filling;
use crate::following::Following;
use crate::input::Composition;
use crate::pages::Page;
use crate::typing::Editor;
use crate::view::{Contrast, Field, Layout, TextSize};

/// The texts a visitor may type, one for each [`Field`].
pub struct Texts {
    editors: [(Field, Editor); 7],
    /// One for each question of the form that is being filled in.
    answers: Vec<Editor>,
    /// For a question that takes no words.
    nothing: Editor,
}

impl Default for Texts {
    fn default() -> Self {
        let editor = |field| {
            let limit = match field {
                Field::Phone => 24,
                Field::Email => 80,
                // A scanner writes a whole address.
                Field::CaseNumber | Field::CaseCode => 200,
                _ => 40,
            };
            (field, Editor::new(limit))
        };
        use Field::{CaseCode, CaseNumber, Email, Name, Phone, PlaceSearch, Search};
        let editors = [Search, PlaceSearch, Name, Phone, Email, CaseNumber, CaseCode].map(editor);
        Self { editors, answers: Vec::new(), nothing: Editor::new(0) }
    }
}

impl Texts {
    /// Makes room for the words of a form's questions, at most as many characters as these.
    pub fn open(&mut self, limits: &[usize]) {
        self.answers = limits.iter().map(|limit| Editor::new(*limit)).collect();
    }

    /// What stands in a field.
    pub fn get(&self, field: Field) -> &Editor {
        match field {
            Field::Answer(n) => self.answers.get(usize::from(n)).unwrap_or(&self.nothing),
            _ => self.editors.iter().find(|(f, _)| *f == field).map_or(&self.nothing, |(_, editor)| editor),
        }
    }

    /// The same, to type in.
    pub fn edit(&mut self, field: Field) -> &mut Editor {
        let found = match field {
            Field::Answer(n) => self.answers.get_mut(usize::from(n)),
            _ => self.editors.iter_mut().find(|(f, _)| *f == field).map(|(_, editor)| editor),
        };
        found.unwrap_or(&mut self.nothing)
    }

    /// What was typed; none if that is nothing but spaces.
    pub fn typed(&self, field: Field) -> Option<&str> {
        Some(self.get(field).text()).filter(|text| !text.trim().is_empty())
    }

    /// Empties a field.
    pub fn clear(&mut self, field: Field) {
        let limit = self.get(field).limit();
        *self.edit(field) = Editor::new(limit);
    }
}

/// Where something was, as a visitor says it.
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
    /// Somewhere on the map, pointed at with a finger.
    Pointed(Pointed),
}

/// A point of the map that a visitor touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointed {
    /// On which level.
    pub level: LevelIndex,
    /// Exactly where.
    pub at: MapPoint,
    /// The place that was touched, or the nearest one.
    pub place: FeatureId,
    /// Whether the point is in that place, and not only near it.
    pub inside: bool,
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
    /// The form that is being filled in.
    pub filling: Option<Filling>,
    /// How far following what was sent has come.
    pub following: Following,
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
            filling: None,
            following: Following::default(),
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
        let contact = [Field::Name, Field::Phone, Field::Email];
        self.filling.as_ref().is_some_and(Filling::is_touched)
            || self.texts.answers.iter().any(|editor| !editor.is_blank())
            || contact.into_iter().any(|field| self.texts.typed(field).is_some())
    }

    /// Drops the form and what was typed for it.
    pub fn clear_forms(&mut self) {
        self.filling = None;
        self.following = Following::default();
        self.texts = Texts::default();
        self.saving = false;
    }

    /// A text as the submission takes it; none when nothing was typed.
    pub fn typed(&self, field: Field) -> Option<&str> {
        self.texts.typed(field)
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
        Whereabouts::Pointed(pointed) => s.venue.place(&pointed.place).map(|p| PlaceRef {
            feature: p.id.to_string(),
            name: p.name.clone(),
            level: level(pointed.level),
            number: p.number.clone().filter(|_| pointed.inside),
            at: Some(pointed.at),
        }),
    }
}
