//! The token of one rendered form, so that a form that is sent twice is stored once.
//!
//! A page draws a token for each form that it shows. The store remembers it together with what the form changed,
//! in the same transaction. When the same form comes again, it is answered as before and changes nothing.

use crate::secret::Digest;
use domain::seal::hex;

/// The token of one rendered form. It is no secret: it only tells one form from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormToken(String);

impl FormToken {
    /// The length in characters.
    const LENGTH: usize = 32;

    /// The token of random bytes, for a form that is being rendered.
    pub fn of(random: [u8; Self::LENGTH / 2]) -> Self {
        Self(hex(&random))
    }

    /// Reads a token as a form sends it; none if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_hexdigit());
        fits.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One sending of a form: its token, and what it asks for.
#[derive(Clone, Debug)]
pub struct Sending {
    pub form: FormToken,
    /// The digest of what it asks for. The same form with other words is another sending.
    pub content: Digest,
}
