//! Static labels of the window: it asks for each by key and is answered in the visitor's language.
//!
//! A change of language is one bump of `revision`: every label asks again, nothing is rebuilt.

use std::cell::Cell;
use std::rc::Rc;

use domain::language::Language;
use domain::words::Words;

use crate::ui;

/// The language that labels are answered in.
#[derive(Clone, Default)]
pub(crate) struct Spoken(Rc<Cell<Language>>);

impl Spoken {
    /// Answers the labels of a window from `words`, in whatever language is spoken at that moment.
    pub fn connect(&self, labels: &ui::Words<'_>, words: &'static Words) {
        let spoken = self.0.clone();
        labels.on_get(move |key, _| words.get(spoken.get(), &key).into());
    }

    /// Speaks this language from now on.
    pub fn change(&self, labels: &ui::Words<'_>, language: Language) {
        self.0.set(language);
        labels.set_revision(labels.get_revision().wrapping_add(1));
    }
}
