//! The name by which staff know a kiosk or a colleague.

/// A name of 1 to 60 characters, trimmed, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

/// A name that is empty or does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 60 characters")]
pub struct NameShape;

impl DisplayName {
    /// Takes what somebody typed.
    ///
    /// # Errors
    /// [`NameShape`].
    pub fn parse(typed: &str) -> Result<Self, NameShape> {
        let name = typed.trim();
        let fits = (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if fits { Ok(Self(name.to_owned())) } else { Err(NameShape) }
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
