//! Input methods: from keys to characters.
//!
//! An [`InputEngine`] composes what one visitor types. It learns nothing: after [`InputEngine::wipe`] the
//! next visitor gets exactly the candidates that the first one got. Nothing that is typed reaches the disk.
//! Latin letters need no engine.

pub mod rime;

use std::fmt;

use zeroize::Zeroize;

/// The keys that are being composed, and their candidates.
#[derive(Clone, Default, PartialEq, Eq, Zeroize)]
pub struct Composition {
    /// The keys so far, as they are displayed.
    pub preedit: String,
    /// The possible texts, most likely first. [`InputEngine::more`] makes the list longer.
    pub candidates: Vec<String>,
    /// Text to insert into the field now.
    pub commit: Option<String>,
}

/// What a visitor types must not reach a log.
impl fmt::Debug for Composition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Composition(hidden)")
    }
}

/// Composes characters from keys.
pub trait InputEngine {
    /// Enters a key.
    fn feed(&mut self, key: char) -> Composition;
    /// Removes the last key.
    fn backspace(&mut self) -> Composition;
    /// Selects the candidate at `index` of the list last shown.
    fn select(&mut self, index: usize) -> Composition;
    /// Lists further candidates after those shown.
    fn more(&mut self) -> Composition;
    /// Discards the composition.
    fn reset(&mut self);
    /// Discards everything that this visitor typed.
    fn wipe(&mut self);
}
