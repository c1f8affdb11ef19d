//! What the application wants done. The [`crate::shell`] obeys.
//!
//! No effect carries a reference or a handle, so that a whole visit can be written down as a list.

use domain::language::Language;

use crate::case_lookup::{ReceiptProof, RequestId};
use crate::outbox::Draft;

/// Something that the application wants done.
#[derive(Debug)]
pub enum Effect {
    /// Put this on the disk; [`crate::event::Arrival::Saved`] answers.
    Save(Box<Draft>),
    /// Give this to the input method; [`crate::event::Arrival::Composed`] answers.
    Input(InputCommand),
    /// Ask the server what became of a case; [`crate::event::Arrival::CaseStatusArrived`] answers.
    LookUp {
        /// Which request, so that its answer is known.
        request: RequestId,
        /// What opens the case.
        proof: Box<ReceiptProof>,
        /// The language to answer in.
        language: Language,
    },
    /// The visit is over: drop and overwrite everything that belonged to it.
    Forget,
    /// There is something new to send.
    WakeSync,
}

/// What the input method is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum InputCommand {
    Feed(char),
    /// Take back one key.
    Backspace,
    /// Take this candidate.
    Select(usize),
    More,
    /// Forget what is being composed.
    Reset,
    /// Forget everything of this visitor.
    Wipe,
}

/// What somebody types never shows in a log.
impl std::fmt::Debug for InputCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InputCommand(hidden)")
    }
}
