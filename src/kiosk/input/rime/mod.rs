//! Pinyin input by librime, which learns nothing and writes nothing.
//!
//! librime is loaded at run time, so a kiosk without it starts too and only lacks the pinyin keys. It runs
//! our own schema without a user dictionary; the dictionary comes from Debian's `rime-data-pinyin-simp`.
//! librime gets two folders: one with the schema, and one for learned data, which stays empty.
//!
//! librime has one state per process, so there is one [`Rime`] at a time.

mod error;
mod ffi;
mod schema;

use std::path::Path;

use zeroize::Zeroize as _;

use super::{Composition, InputEngine};

pub use error::Error;

/// The folder in which Debian's packages install dictionaries.
pub const SHARED_DATA: &str = "/usr/share/rime-data";

/// The number of candidates listed at first, and added by each [`InputEngine::more`].
const LISTED: usize = 30;

/// The pinyin input method.
pub struct Rime {
    library: ffi::Librime,
    listed: usize,
}

impl Rime {
    /// Starts librime with the dictionaries in `shared` ([`SHARED_DATA`] on Debian) and two folders under
    /// `folder`.
    ///
    /// # Errors
    /// [`Error`]: the kiosk continues without pinyin, and the message says what to install.
    pub fn open(folder: &Path, shared: &Path) -> Result<Self, Error> {
        Self::open_with(folder, shared, schema::Learning::Off)
    }

    fn open_with(folder: &Path, shared: &Path, learning: schema::Learning) -> Result<Self, Error> {
        let folders = schema::prepare(folder, shared, learning)?;
        let library = ffi::Librime::start(&folders)?;
        Ok(Self { library, listed: LISTED })
    }

    /// The current state of librime.
    fn composition(&mut self) -> Composition {
        let commit = self.library.take_commit();
        let preedit = self.library.preedit();
        let candidates = if preedit.is_empty() { Vec::new() } else { self.library.candidates(self.listed) };
        Composition { preedit, candidates, commit }
    }

    fn keyed(&mut self, code: i32) -> Composition {
        self.listed = LISTED;
        self.library.press(code);
        self.composition()
    }
}

impl InputEngine for Rime {
    fn feed(&mut self, key: char) -> Composition {
        match key {
            'a'..='z' => self.keyed(i32::from(key as u8)),
            '\'' => self.keyed(i32::from(b'\'')),
            _ => self.composition(),
        }
    }

    fn backspace(&mut self) -> Composition {
        self.keyed(ffi::BACKSPACE)
    }

    fn select(&mut self, index: usize) -> Composition {
        self.listed = LISTED;
        self.library.select(index);
        self.composition()
    }

    fn more(&mut self) -> Composition {
        self.listed += LISTED;
        self.composition()
    }

    fn reset(&mut self) {
        self.listed = LISTED;
        self.library.clear();
        self.library.take_commit().zeroize();
    }

    /// Ends the session with all its state, and begins a new one.
    fn wipe(&mut self) {
        self.reset();
        self.library.renew();
    }
}

#[cfg(test)]
mod tests;
