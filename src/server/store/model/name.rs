//! The display name of a kiosk or of a member of staff.

use domain::text::has_visible;

/// A name of 1 to 60 characters, one of them visible, trimmed, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

/// The text is not a name: it is empty, too long or has control characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 60 characters")]
pub struct NameShape;

impl DisplayName {
    /// Parses a typed name.
    ///
    /// # Errors
    /// [`NameShape`].
    pub fn parse(typed: &str) -> Result<Self, NameShape> {
        let name = typed.trim();
        let length = name.chars().count();
        let fits = has_visible(name) && length <= 60 && !name.chars().any(char::is_control);
        if fits { Ok(Self(name.to_owned())) } else { Err(NameShape) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
