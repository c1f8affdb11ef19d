//! How staff may reach a visitor.
//!
//! Contact data is optional, given only with consent, and never printed by `{:?}`. A [`Phone`] and an
//! [`Email`] enter through their `parse` and are well formed from then on. Whether they reach anybody is not
//! checked, and what a telephone number means in which country is not known here: it is kept as it was typed, and the
//! server reads it.

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::text::Text;

/// Why a telephone number or an e-mail address was refused, in terms that a page can explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// Fewer than 7 digits.
    #[error("a telephone number has at least {min} digits; this one has {typed}")]
    PhoneTooShort {
        /// The number of digits typed.
        typed: usize,
        /// The fewest digits allowed.
        min: usize,
    },
    /// More digits than the 15 that ITU-T E.164 allows, with a prefix to dial abroad.
    #[error("a telephone number has at most {max} digits; this one has {typed}")]
    PhoneTooLong {
        /// The number of digits typed.
        typed: usize,
        /// The most digits allowed.
        max: usize,
    },
    /// It contains a character other than digits, spaces, dashes, dots, brackets and a leading plus.
    #[error("a telephone number has only digits, and a + in front of the country code")]
    PhoneCharacters,
    /// Not `name@domain.tld`.
    #[error("an e-mail address looks like name@example.com")]
    EmailShape,
    /// More than 254 bytes.
    #[error("an e-mail address has at most 254 characters")]
    EmailTooLong,
}

/// A telephone number as it was typed: an optional leading `+`, 7 to 18 digits, and what people write between them.
///
/// The writing carries meaning: the zero of `+44 (0)20 …` is dialled from within the country only. So no character
/// between digits is dropped; full-width characters become plain, and a row of blanks becomes one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[serde(into = "String", try_from = "String")]
pub struct Phone(String);

impl Phone {
    /// The fewest digits, without the plus.
    pub const MIN_DIGITS: usize = 7;
    /// The most digits, without the plus: 15 (ITU-T E.164), and those before them for a call abroad, as in `0086`.
    pub const MAX_DIGITS: usize = 18;
    /// The most characters: a pair of brackets or dashes around each digit is more than anybody writes.
    const MAX_LENGTH: usize = 40;

    /// Parses a number as people write it: with spaces, dashes, dots, slashes and brackets.
    ///
    /// # Errors
    /// [`ContactError`]: what is wrong with the number.
    pub fn parse(typed: &str) -> Result<Self, ContactError> {
        let mut kept = String::with_capacity(24);
        for c in typed.trim().chars().map(plain) {
            match c {
                '0'..='9' | '-' | '(' | ')' | '.' | '/' => kept.push(c),
                '+' if !kept.contains(|c: char| c == '+' || c.is_ascii_digit()) => kept.push(c),
                ' ' if kept.ends_with(' ') => {}
                ' ' => kept.push(c),
                _ => return Err(ContactError::PhoneCharacters),
            }
        }
        if kept.len() > Self::MAX_LENGTH {
            return Err(ContactError::PhoneCharacters);
        }
        match kept.chars().filter(char::is_ascii_digit).count() {
            typed @ ..Self::MIN_DIGITS => Err(ContactError::PhoneTooShort { typed, min: Self::MIN_DIGITS }),
            typed if typed > Self::MAX_DIGITS => {
                Err(ContactError::PhoneTooLong { typed, max: Self::MAX_DIGITS })
            }
            _ => Ok(Self(kept)),
        }
    }

    /// The number as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The plus, if there is one, and the digits.
    pub fn dialled(&self) -> String {
        self.0.chars().filter(|c| *c == '+' || c.is_ascii_digit()).collect()
    }
}

/// The plain character for one of those that input methods and web pages put into numbers: full-width forms,
/// typographic dashes and blanks.
fn plain(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30FC}' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// An e-mail address: one `@`, something before it, a domain with a dot after it, at most 254 characters.
///
/// Whether the address exists can only be found out by writing to it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[serde(into = "String", try_from = "String")]
pub struct Email(String);

impl Email {
    /// The most bytes of an address (RFC 5321, 4.5.3.1.3, less the two brackets).
    const MAX_LENGTH: usize = 254;

    /// Parses an address as typed; spaces around it are dropped.
    ///
    /// # Errors
    /// [`ContactError::EmailShape`], [`ContactError::EmailTooLong`].
    pub fn parse(typed: &str) -> Result<Self, ContactError> {
        let typed = typed.trim();
        let plain = !typed.chars().any(|c| c.is_whitespace() || c.is_control());
        let shaped = typed.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty()
                && !domain.contains('@')
                && domain.split('.').count() > 1
                && domain.split('.').all(|part| !part.is_empty())
        });
        match typed.len() {
            ..=Self::MAX_LENGTH if plain && shaped => Ok(Self(typed.to_owned())),
            ..=Self::MAX_LENGTH => Err(ContactError::EmailShape),
            _ => Err(ContactError::EmailTooLong),
        }
    }

    /// The address without surrounding spaces.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name by which the visitor wants to be addressed: at most 40 characters.
pub type Name = Text<40>;

/// How to reach the visitor. Its presence means that the visitor consented to being contacted about this one
/// submission: a kiosk creates a contact only after that consent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
pub struct Contact {
    /// The name to address them by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The number to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The address to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

crate::hide!(Phone, Email, Contact);

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl TryFrom<String> for Phone {
    type Error = ContactError;

    fn try_from(text: String) -> Result<Self, ContactError> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl TryFrom<String> for Email {
    type Error = ContactError;

    fn try_from(text: String) -> Result<Self, ContactError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands between the digits may mean something, so it stays.
    #[test]
    fn a_number_is_kept_as_it_was_typed() {
        let kept = |typed| Phone::parse(typed).map(String::from);
        assert_eq!(kept(" +44 (0)20 7946-0958 ").unwrap(), "+44 (0)20 7946-0958");
        assert_eq!(kept("（０２１）５５５０　 ００００").unwrap(), "(021)5550 0000");
        assert_eq!(kept("138–0000–0000").unwrap(), "138-0000-0000");
        assert_eq!(kept("(+86) 13800000000").unwrap(), "(+86) 13800000000");
        for wrong in ["138+00000000", "1380000000＋0", "++8613800000000"] {
            assert_eq!(kept(wrong), Err(ContactError::PhoneCharacters), "{wrong}");
        }
        assert_eq!(Phone::parse("+44 (0)20 7946-0958").unwrap().dialled(), "+4402079460958");
    }

    #[test]
    fn separators_do_not_grow_without_end() {
        assert!(Phone::parse(&format!("1380000{}0000", "-".repeat(40))).is_err());
        assert!(Phone::parse(&format!("1380000{}0000", " ".repeat(40))).is_ok());
    }

    /// The error of a short number says how many digits it has and needs.
    #[test]
    fn a_short_number_is_told_what_it_lacks() {
        assert_eq!(Phone::parse("138 00"), Err(ContactError::PhoneTooShort { typed: 5, min: 7 }));
        assert_eq!(
            Phone::parse("1234567890123456789"),
            Err(ContactError::PhoneTooLong { typed: 19, max: 18 })
        );
        assert_eq!(Phone::parse("call me"), Err(ContactError::PhoneCharacters));
    }

    #[test]
    fn an_address_needs_a_name_and_a_domain() {
        assert!(Email::parse("wang@example.com").is_ok());
        assert_eq!(
            Email::parse(&format!("{}@example.com", "a".repeat(243))),
            Err(ContactError::EmailTooLong)
        );
        assert!(Email::parse(&format!("{}@example.com", "a".repeat(242))).is_ok());
        for wrong in ["", "wang", "@example.com", "wang@", "wang@com", "a@b@c.d", "a b@c.d", "a@b..c"] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nobody_can_read_a_contact_in_a_log() {
        let contact = Contact { name: None, phone: Phone::parse("13800000000").ok(), email: None };
        assert_eq!(format!("{contact:?}"), "Contact(hidden)");
        assert_eq!(format!("{:?}", contact.phone), "Some(Phone(hidden))");
    }
}
