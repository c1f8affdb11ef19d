//! Properties of a page that do not depend on its content: the columns of the table in [`super::properties()`].

use crate::effect::Effect;
use crate::view::PrimaryPlace;
use crate::visit::cx::Cx;
use crate::visit::idle::Activity;

/// A row of the table.
pub struct PageProperties {
    /// The visitor's activity on the page, which decides the idle timeout.
    pub activity: Activity,
    /// The primary action; none if the controls on the page are all there is to do.
    pub primary: fn(&Cx) -> Option<PrimaryAction>,
    pub leaving: Leaving,
}

/// What happens if the visitor leaves a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    Nothing,
    /// The task is finished: the visitor cannot return to it.
    NoWayBack,
}

/// The primary action of a page: its button and what it does.
pub struct PrimaryAction {
    /// The key of its label.
    pub word: &'static str,
    /// Whether the button is enabled.
    pub ready: bool,
    /// Where the button stands.
    pub place: PrimaryPlace,
    pub act: Act,
}

/// What a primary action does.
pub enum Act {
    Page(fn(&mut Cx) -> Vec<Effect>),
    EndVisit,
}

impl PrimaryAction {
    /// A primary action that is always enabled.
    pub fn page(word: &'static str, act: fn(&mut Cx) -> Vec<Effect>) -> Self {
        Self { word, ready: true, place: PrimaryPlace::Bar, act: Act::Page(act) }
    }

    /// A primary action that ends the visit.
    pub fn end_visit(word: &'static str) -> Self {
        Self { word, ready: true, place: PrimaryPlace::Bar, act: Act::EndVisit }
    }

    /// The same action, with its button on the page and not in the bar.
    pub fn on_page(self) -> Self {
        Self { place: PrimaryPlace::Page, ..self }
    }

    /// The same action, enabled only if `ready` returns true.
    pub fn when(self, ready: impl FnOnce() -> bool) -> Self {
        Self { ready: ready(), ..self }
    }
}
