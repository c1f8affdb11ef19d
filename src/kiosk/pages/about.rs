//! What holds for a page, whatever is on it: the columns of the table in [`super::about()`].

use crate::effect::Effect;
use crate::visit::cx::Cx;
use crate::visit::idle::Activity;

/// A row of the table.
pub struct About {
    /// What the visitor is doing there, which decides how long they may think.
    pub activity: Activity,
    /// The main button; none where there is nothing to do but what is on the page.
    pub primary: fn(&Cx) -> Option<PrimaryAction>,
    pub leaving: Leaving,
}

/// What leaving a page costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    Nothing,
    /// What was filled in would be lost: that is asked first.
    LosesDraft,
    /// The errand is done: there is no way back into it.
    NoWayBack,
}

/// The main button of a page.
pub struct PrimaryAction {
    /// The key of its words.
    pub word: &'static str,
    /// Whether it can be pressed now.
    pub ready: bool,
    pub act: Act,
}

/// What a main button does.
pub enum Act {
    Page(fn(&mut Cx) -> Vec<Effect>),
    EndVisit,
}

impl PrimaryAction {
    /// A button that can always be pressed.
    pub fn page(word: &'static str, act: fn(&mut Cx) -> Vec<Effect>) -> Self {
        Self { word, ready: true, act: Act::Page(act) }
    }

    /// The button that ends the visit.
    pub fn end_visit(word: &'static str) -> Self {
        Self { word, ready: true, act: Act::EndVisit }
    }

    /// The same button, when it can be pressed only now and then.
    pub fn when(self, ready: impl FnOnce() -> bool) -> Self {
        Self { ready: ready(), ..self }
    }
}
