//! What a visitor typed, field by field. Every text overwrites itself when it is dropped.

use crate::view::Field;
use crate::visit::typing::Editor;

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

    /// Whether something was typed for a question of the form.
    pub fn has_answers(&self) -> bool {
        self.answers.iter().any(|editor| !editor.is_blank())
    }

    /// Empties a field.
    pub fn clear(&mut self, field: Field) {
        let limit = self.get(field).limit();
        *self.edit(field) = Editor::new(limit);
    }
}
