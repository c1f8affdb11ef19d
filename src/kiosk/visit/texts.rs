//! The texts that a visitor typed, one for each field. Every text overwrites itself when it is dropped.

use crate::view::Field;
use crate::visit::typing::Editor;

/// The texts of a visit, one for each [`Field`].
pub struct Texts {
    editors: [(Field, Editor); 7],
    /// The texts of the open form, one for each question.
    answers: Vec<Editor>,
    /// The editor for a question that takes no text.
    nothing: Editor,
}

impl Default for Texts {
    fn default() -> Self {
        let editor = |field| {
            let limit = match field {
                Field::Phone => 24,
                // Longer than any address may be, so that a long one is refused and not cut.
                Field::Email => 300,
                // A scanner types a whole address.
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
    /// Creates a text for each question of a form, with these character limits.
    pub fn open(&mut self, limits: &[usize]) {
        self.answers = limits.iter().map(|limit| Editor::new(*limit)).collect();
    }

    /// The text of a field.
    pub fn get(&self, field: Field) -> &Editor {
        match field {
            Field::Answer(n) => self.answers.get(usize::from(n)).unwrap_or(&self.nothing),
            _ => self.editors.iter().find(|(f, _)| *f == field).map_or(&self.nothing, |(_, editor)| editor),
        }
    }

    /// The text of a field, to change.
    pub fn edit(&mut self, field: Field) -> &mut Editor {
        let found = match field {
            Field::Answer(n) => self.answers.get_mut(usize::from(n)),
            _ => self.editors.iter_mut().find(|(f, _)| *f == field).map(|(_, editor)| editor),
        };
        found.unwrap_or(&mut self.nothing)
    }

    /// The text of a field; none if it has only spaces.
    pub fn typed(&self, field: Field) -> Option<&str> {
        Some(self.get(field).text()).filter(|text| !text.trim().is_empty())
    }

    /// Whether any text of the form is not blank.
    pub fn has_answers(&self) -> bool {
        self.answers.iter().any(|editor| !editor.is_blank())
    }

    /// Empties every field of the form, and its contact fields.
    pub fn clear_form(&mut self) {
        self.answers.clear();
        let fields = [Field::PlaceSearch, Field::Name, Field::Phone, Field::Email];
        fields.into_iter().for_each(|field| self.clear(field));
    }

    /// Replaces the text of a field.
    pub fn write(&mut self, field: Field, text: &str) {
        self.clear(field);
        self.edit(field).insert(text);
    }

    /// Empties a field.
    pub fn clear(&mut self, field: Field) {
        let limit = self.get(field).limit();
        *self.edit(field) = Editor::new(limit);
    }
}
