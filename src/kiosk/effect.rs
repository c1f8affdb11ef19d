//! Effects: what the application asks the [`crate::shell`] to do.
//!
//! An effect contains no reference and no handle, so the effects of a visit can be recorded as a list.

use domain::language::Language;

use crate::case_lookup::{ReceiptProof, RequestId};
use crate::outbox::Draft;

/// One request of the application to the shell.
#[derive(Debug)]
pub enum Effect {
    /// Save this draft; [`crate::event::Arrival::Saved`] answers.
    Save(Box<Draft>),
    /// Pass this to the input method; [`crate::event::Arrival::Composed`] answers.
    Input(InputCommand),
    /// Ask the server for the status of a case; [`crate::event::Arrival::CaseStatusArrived`] answers.
    LookUp {
        /// The id of the request; the answer carries it too.
        request: RequestId,
        /// The proof that opens the case.
        proof: Box<ReceiptProof>,
        /// The language of the answer.
        language: Language,
    },
    /// The visit has ended: drop and overwrite all its data.
    Forget,
    /// A new item is queued: send it now.
    WakeSync,
}

/// A command for the input method.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum InputCommand {
    Feed(char),
    /// Remove the last key.
    Backspace,
    /// Select the candidate at this index.
    Select(usize),
    More,
    /// Discard the composition.
    Reset,
    /// Discard everything that this visitor typed.
    Wipe,
}

/// What a visitor types must not reach a log.
impl std::fmt::Debug for InputCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InputCommand(hidden)")
    }
}
