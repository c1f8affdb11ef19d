//! How urgent a due time is. The style sheet has a class for each value.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Nothing is due.
    None,
    /// Due, with time to spare.
    Fine,
    /// Due within [`crate::store::SOON`].
    Soon,
    /// Due before now.
    Late,
    /// Somebody may be hurt or in danger.
    Urgent,
}

/// The class in the style sheet.
impl fmt::Display for Urgency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "",
            Self::Fine => "fine",
            Self::Soon => "soon",
            Self::Late => "late",
            Self::Urgent => "urgent",
        })
    }
}
