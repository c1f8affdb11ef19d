//! How staff may reach a visitor.
//!
//! Contact data is optional, given only with consent, and never printed by `{:?}`. A [`Phone`] and an
//! [`Email`] enter through their `parse` and are well formed from then on. Whether they reach anybody is not
//! checked.

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
    /// More than 15 digits, the most that ITU-T E.164 allows.
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

/// A telephone number: an optional leading `+`, then 7 to 15 digits (ITU-T E.164 allows 15).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[serde(into = "String", try_from = "String")]
pub struct Phone(String);

impl Phone {
    /// The fewest digits, without the plus.
    pub const MIN_DIGITS: usize = 7;
    /// The most digits, without the plus (ITU-T E.164).
    pub const MAX_DIGITS: usize = 15;

    /// Parses a number as people write it: spaces, dashes, dots and brackets are dropped.
    ///
    /// # Errors
    /// [`ContactError`]: what is wrong with the number.
    pub fn parse(typed: &str) -> Result<Self, ContactError> {
        let mut kept = String::with_capacity(16);
        for c in typed.trim().chars() {
            match c {
                '0'..='9' => kept.push(c),
                '+' if kept.is_empty() => kept.push(c),
                ' ' | '-' | '(' | ')' | '.' => {}
                _ => return Err(ContactError::PhoneCharacters),
            }
        }
        match kept.chars().filter(char::is_ascii_digit).count() {
            typed @ ..Self::MIN_DIGITS => Err(ContactError::PhoneTooShort { typed, min: Self::MIN_DIGITS }),
            typed if typed > Self::MAX_DIGITS => {
                Err(ContactError::PhoneTooLong { typed, max: Self::MAX_DIGITS })
            }
            _ => Ok(Self(kept)),
        }
    }

    /// The number with its plus, if it has one, and no separators.
    pub fn as_str(&self) -> &str {
        &self.0
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

    #[test]
    fn a_foreign_number_keeps_its_country_code() {
        assert_eq!(Phone::parse("+44 (0)20 7946-0958").unwrap().as_str(), "+4402079460958");
    }

    /// The error of a short number says how many digits it has and needs.
    #[test]
    fn a_short_number_is_told_what_it_lacks() {
        assert_eq!(Phone::parse("138 00"), Err(ContactError::PhoneTooShort { typed: 5, min: 7 }));
        assert_eq!(Phone::parse("1234567890123456"), Err(ContactError::PhoneTooLong { typed: 16, max: 15 }));
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
