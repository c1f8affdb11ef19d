//! Text that a visitor typed: of bounded length, and hidden from `{:?}`.
//!
//! The bound counts characters, as the screen does while the visitor types. A kiosk stops typing at the
//! limit; the server checks the limit again through this type.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A text of 1 to `MAX` characters, trimmed, without control characters other than the line feed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[serde(into = "String", try_from = "String")]
pub struct Text<const MAX: usize>(String);

/// A text in the visitor's own words: at most 500 characters.
pub type Story = Text<500>;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("the text is empty")]
    Empty,
    /// The text has more characters than allowed.
    #[error("the text has {length} characters; at most {max} are allowed")]
    TooLong {
        /// The number of characters after trimming.
        length: usize,
        /// The most characters allowed.
        max: usize,
    },
}

impl<const MAX: usize> Text<MAX> {
    /// The most characters allowed.
    pub const MAX: usize = MAX;

    /// Parses a typed text: trims it and drops control characters.
    ///
    /// # Errors
    /// [`TextError`] when nothing is left after trimming, or more than `MAX` characters.
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        let kept: String = typed.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
        match kept.chars().count() {
            0 => Err(TextError::Empty),
            length if length > MAX => Err(TextError::TooLong { length, max: MAX }),
            _ => Ok(Self(kept)),
        }
    }

    /// The text in the clear.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(hidden)")
    }
}

impl<const MAX: usize> From<Text<MAX>> for String {
    fn from(text: Text<MAX>) -> Self {
        text.0
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_counts_characters_and_not_bytes() {
        assert!(Text::<4>::parse("扶梯异响").is_ok());
        assert_eq!(Text::<3>::parse("扶梯异响"), Err(TextError::TooLong { length: 4, max: 3 }));
        assert_eq!(Text::<3>::parse(" \n\t"), Err(TextError::Empty));
    }

    /// A text is checked when it is deserialised, and hidden from logs.
    #[test]
    fn texts_are_checked_on_the_wire() {
        assert!(serde_json::from_str::<Text<3>>("\"abcd\"").is_err());
        assert_eq!(format!("{:?}", Text::<9>::parse("secret").unwrap()), "Text(hidden)");
    }
}
