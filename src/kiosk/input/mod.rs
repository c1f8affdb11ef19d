//! Input methods: from keys to characters.
//!
//! An [`InputEngine`] composes what one visitor types. It remembers nothing: after [`InputEngine::wipe`] the next
//! visitor gets exactly the candidates that the first one got, and nothing typed is ever on the disk. Latin letters
//! need no engine.

pub mod rime;

use std::fmt;

use zeroize::Zeroize;

/// What is being typed, and what it may become.
#[derive(Clone, Default, PartialEq, Eq, Zeroize)]
pub struct Composition {
    /// The keys so far, as they are shown.
    pub preedit: String,
    /// What they may mean, most likely first. [`InputEngine::more`] makes the list longer.
    pub candidates: Vec<String>,
    /// Characters to be inserted into the text now.
    pub commit: Option<String>,
}

/// What a visitor types must not reach a log.
impl fmt::Debug for Composition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Composition(hidden)")
    }
}

/// Makes characters out of keys.
pub trait InputEngine {
    /// Enters a key.
    fn feed(&mut self, key: char) -> Composition;
    /// Removes the last key.
    fn backspace(&mut self) -> Composition;
    /// Selects the candidate at `index` of the list last shown.
    fn select(&mut self, index: usize) -> Composition;
    /// Lists further candidates after those shown.
    fn more(&mut self) -> Composition;
    /// Forgets what is being composed.
    fn reset(&mut self);
    /// Forgets everything of this visitor.
    fn wipe(&mut self);
}
