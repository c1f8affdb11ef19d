//! Text that a visitor typed: of bounded length, and hidden from `{:?}`.
//!
//! The bound counts characters, as the screen does while the visitor types. A kiosk stops typing at the
//! limit; the server checks the limit again through this type. A text of nothing but blanks and invisible characters
//! is empty: nobody could read it.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A text of 1 to `MAX` characters, at least one of them visible, trimmed, without control characters other than the
/// line feed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[serde(into = "String", try_from = "String")]
pub struct Text<const MAX: usize>(String);

/// A text in the visitor's own words: at most 500 characters.
pub type Story = Text<500>;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It has no visible character.
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
    /// [`TextError`] when no character is visible, or more than `MAX` are left after trimming.
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        let kept: String = typed.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
        match kept.chars().count() {
            _ if !has_visible(&kept) => Err(TextError::Empty),
            length if length > MAX => Err(TextError::TooLong { length, max: MAX }),
            _ => Ok(Self(kept)),
        }
    }

    /// The text in the clear.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text has a character that can be seen.
pub fn has_visible(text: &str) -> bool {
    text.chars().any(|c| !(c.is_whitespace() || c.is_control() || is_invisible(c)))
}

/// Whether a character that is neither space nor control leaves no mark: those that Unicode calls "default ignorable",
/// the empty Braille cell, the interlinear marks, and private tags.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0x00AD | 0x034F | 0x061C                      // soft hyphen, grapheme joiner, Arabic letter mark
        | 0x115F..=0x1160 | 0x3164 | 0xFFA0           // Hangul fillers
        | 0x17B4..=0x17B5 | 0x180B..=0x180F           // Khmer and Mongolian
        | 0x200B..=0x200F | 0x202A..=0x202E           // zero widths, directions
        | 0x2060..=0x206F | 0xFEFF                    // joiners, invisible operators, byte order mark
        | 0x2800                                      // Braille without dots
        | 0xFE00..=0xFE0F                             // variation selectors
        | 0xFFF0..=0xFFFB                             // interlinear annotation
        | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A       // shorthand, music
        | 0xE0000..=0xE0FFF                           // tags, more variation selectors
    )
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

    #[test]
    fn what_cannot_be_seen_is_no_text() {
        for nothing in ["\u{200b}\u{200d}", "\u{2800}", "\u{3164} \u{feff}", "\u{202e}\n\u{ad}", "\u{e0041}"]
        {
            assert_eq!(Text::<9>::parse(nothing), Err(TextError::Empty), "{nothing:?}");
        }
        for seen in ["\u{200b}好", ".", "❤\u{fe0f}", "नमस्ते\u{200d}"] {
            assert!(Text::<9>::parse(seen).is_ok(), "{seen}");
        }
    }

    /// A text is checked when it is deserialised, and hidden from logs.
    #[test]
    fn texts_are_checked_on_the_wire() {
        assert!(serde_json::from_str::<Text<3>>("\"abcd\"").is_err());
        assert_eq!(format!("{:?}", Text::<9>::parse("secret").unwrap()), "Text(hidden)");
    }
}
