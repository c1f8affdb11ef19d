//! A rating by one touch on a face: it is sent a moment later, so that the visitor can still change it.

use domain::scale::Csat;

use crate::view::TextSize;

/// How long a rating can be changed, in seconds. Larger text doubles the time.
const OPEN_S: u8 = 15;

/// A rating that is not sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    pub face: Csat,
    /// Remaining time to change it, in seconds.
    pub seconds: u8,
    /// Whether the visitor says more in the feedback form, which is sent in its place.
    pub is_in_form: bool,
}

impl Rating {
    /// A rating that is given now.
    pub fn new(face: Csat, size: TextSize) -> Self {
        let seconds = if size == TextSize::Normal { OPEN_S } else { 2 * OPEN_S };
        Self { face, seconds, is_in_form: false }
    }
}
