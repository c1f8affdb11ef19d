//! Input methods: from keys to characters.
//!
//! An [`InputEngine`] composes what one visitor types. It may remember nothing: after [`InputEngine::wipe`]
//! the next visitor is offered exactly what the first one was offered, and nothing of it is ever on the
//! disk. Latin letters need no engine.

pub mod rime;

use std::fmt;

use zeroize::Zeroize;

/// What is being typed, and what it may become.
#[derive(Clone, Default, PartialEq, Eq, Zeroize)]
pub struct Composition {
    /// The keys so far, as they are shown while composing.
    pub preedit: String,
    /// What they may mean, most likely first. [`InputEngine::more`] makes the list longer.
    pub candidates: Vec<String>,
    /// Characters that are decided and belong into the text now.
    pub commit: Option<String>,
}

/// What somebody types never shows in a log.
impl fmt::Debug for Composition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Composition(hidden)")
    }
}

/// Makes characters out of keys.
pub trait InputEngine {
    /// A key.
    fn feed(&mut self, key: char) -> Composition;
    /// Takes back one key.
    fn backspace(&mut self) -> Composition;
    /// Takes the candidate at `index` of the list last shown.
    fn select(&mut self, index: usize) -> Composition;
    /// Lists further candidates after those shown.
    fn more(&mut self) -> Composition;
    /// Forgets what is being composed.
    fn reset(&mut self);
    /// Forgets everything of this visitor.
    fn wipe(&mut self);
}
