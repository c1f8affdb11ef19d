//! Static labels of the window. The window asks for each by key and gets it in the visitor's language.
//!
//! A change of language increments `revision`: every label asks again, nothing is rebuilt.

use std::cell::Cell;
use std::rc::Rc;

use domain::language::Language;
use domain::words::Words;

use crate::ui;

/// The current language of the labels.
#[derive(Clone, Default)]
pub(crate) struct Spoken(Rc<Cell<Language>>);

impl Spoken {
    /// Connects a window's labels to `words`, in the language that is current at each call.
    pub fn connect(&self, labels: &ui::Words<'_>, words: &'static Words) {
        let spoken = self.0.clone();
        labels.on_get(move |key, _| words.get(spoken.get(), &key).into());
    }

    /// Switches the labels to this language.
    pub fn change(&self, labels: &ui::Words<'_>, language: Language) {
        self.0.set(language);
        labels.set_revision(labels.get_revision().wrapping_add(1));
    }
}
