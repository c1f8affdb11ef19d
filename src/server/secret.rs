//! Secrets that the server issues or receives: enrolment codes, kiosk tokens, session tokens, passwords.
//!
//! Each is its own type and is hidden from `{:?}`. Of a code or token only the SHA-256 is stored
//! ([`Digest`]): it has at least 80 random bits, so no slower hash is needed. Passwords are hashed in
//! `accounts::password`.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};
use zxcvbn::feedback::{Feedback, Warning};
use zxcvbn::{Score, zxcvbn};

use crate::random::Random;

/// Base 32 without I, L, O and U, so that nothing is misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The SHA-256 of a secret. It recognises the secret, and does not reveal it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

/// The one-time code for an enrolment: 80 bits, written `7QX4-1MD0-…` in four groups.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct EnrolmentCode([u8; 10]);

/// The text is not an enrolment code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an enrolment code is four groups of four letters and digits")]
pub struct NoEnrolmentCode;

/// Proves which kiosk is calling: 256 bits.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct KioskToken([u8; 32]);

/// Proves that a browser has signed in: 256 bits.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SessionToken([u8; 32]);

/// The text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token is 43 letters, digits, dashes and underscores")]
pub struct NoToken;

/// What a person types to sign in.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Password(String);

/// Why a password was refused when it was set.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum PasswordRefused {
    /// Too easy to guess.
    #[error("a password has at least {min} characters; this one has {length}")]
    TooShort {
        /// Number of characters that it has.
        length: usize,
        /// Number of characters that it needs.
        min: usize,
    },
    /// It has the length, but whoever tries passwords tries this one early.
    #[error("a password that is guessed quickly{}. Take several words that have nothing to do with each other", hint(*.warning))]
    Guessable {
        /// What makes it so, if that can be said.
        warning: Option<Warning>,
    },
    /// Longer than any typed password; hashing it would only cost time.
    #[error("a password has at most {max} characters")]
    TooLong {
        /// Number of characters that it may have.
        max: usize,
    },
}

fn hint(warning: Option<Warning>) -> String {
    let said = warning.map(|warning| warning.to_string());
    said.map(|text| format!(": {}", text.trim_end_matches('.').to_lowercase())).unwrap_or_default()
}

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl EnrolmentCode {
    pub fn new(random: &Random) -> Self {
        Self(random.bytes())
    }

    /// What is stored of the code.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }
}

impl fmt::Display for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0.iter().fold(0_u128, |bits, b| bits << 8 | u128::from(*b));
        for group in 0..4 {
            if group > 0 {
                f.write_str("-")?;
            }
            for place in 0..4 {
                let digit = (bits >> (75 - 5 * (4 * group + place))) & 31;
                write!(f, "{}", char::from(ALPHABET[usize::try_from(digit).unwrap_or_default()]))?;
            }
        }
        Ok(())
    }
}

impl FromStr for EnrolmentCode {
    type Err = NoEnrolmentCode;

    /// Ignores case, spaces and dashes, and takes O as 0, and I and L as 1.
    fn from_str(text: &str) -> Result<Self, NoEnrolmentCode> {
        let mut bits = 0_u128;
        let mut digits = 0;
        for c in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            let digit = ALPHABET.iter().position(|a| char::from(*a) == c).ok_or(NoEnrolmentCode)?;
            bits = bits << 5 | u128::try_from(digit).unwrap_or_default();
            digits += 1;
            if digits > 16 {
                return Err(NoEnrolmentCode);
            }
        }
        if digits != 16 {
            return Err(NoEnrolmentCode);
        }
        let bytes = bits.to_be_bytes();
        Ok(Self(std::array::from_fn(|i| bytes[6 + i])))
    }
}

macro_rules! token {
    ($($type:ident),*) => {$(
        impl $type {
            pub fn new(random: &Random) -> Self {
                Self(random.bytes())
            }

            /// What is stored of the token.
            pub fn digest(&self) -> Digest {
                Digest::of(&self.0)
            }

            /// The token as text, to hand it to its owner.
            pub fn reveal(&self) -> String {
                BASE64URL.encode(self.0)
            }
        }

        impl FromStr for $type {
            type Err = NoToken;

            fn from_str(text: &str) -> Result<Self, NoToken> {
                let bytes = BASE64URL.decode(text).map_err(|_| NoToken)?;
                bytes.try_into().map(Self).map_err(|_| NoToken)
            }
        }
    )*};
}
token!(KioskToken, SessionToken);

impl Password {
    /// The fewest characters of a password.
    pub const MIN: usize = 10;
    /// The most characters of a password.
    pub const MAX: usize = 200;

    /// A password that a person chose.
    ///
    /// # Errors
    /// [`PasswordRefused`], by what is wrong with it.
    pub fn chosen(typed: &str) -> Result<Self, PasswordRefused> {
        Self::chosen_by("", typed)
    }

    /// A password that the person with this login chose: one that is made of the login is guessed too.
    ///
    /// # Errors
    /// [`PasswordRefused`], by what is wrong with it.
    pub fn chosen_by(login: &str, typed: &str) -> Result<Self, PasswordRefused> {
        match typed.chars().count() {
            length if length < Self::MIN => return Err(PasswordRefused::TooShort { length, min: Self::MIN }),
            length if length > Self::MAX => return Err(PasswordRefused::TooLong { max: Self::MAX }),
            _ => {}
        }
        let judged = zxcvbn(typed, &[login, "galleria", "kiosk"]);
        if judged.score() < Score::Three {
            let warning = judged.feedback().and_then(Feedback::warning);
            return Err(PasswordRefused::Guessable { warning });
        }
        Ok(Self(typed.to_owned()))
    }

    /// A password that was typed to sign in; none if it is longer than any password can be.
    pub fn claimed(typed: String) -> Option<Self> {
        (typed.chars().count() <= Self::MAX).then_some(Self(typed))
    }

    /// A new password of 80 random bits that is easy to type.
    pub fn generated(random: &Random) -> Self {
        Self(EnrolmentCode::new(random).to_string())
    }

    /// The characters, for hashing and for printing once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

domain::hide!(EnrolmentCode, KioskToken, SessionToken, Password, Digest);

#[cfg(test)]
mod tests {
    use super::*;

    fn random() -> Random {
        Random::from_seed([4; 32])
    }

    /// A code is read back, however it was copied from the screen.
    #[test]
    fn an_enrolment_code_reads_back_in_any_spelling() {
        let code = EnrolmentCode::new(&random());
        let shown = code.to_string();
        assert_eq!(shown.len(), 19);
        let typed = shown.replace('-', " ").replace('0', "o").replace('1', "l").to_lowercase();
        assert!(typed.parse::<EnrolmentCode>() == Ok(code));
        for wrong in ["", "7QX4", "7QX4-1MD0-7QX4-1MD", "7QX4-1MD0-7QX4-1MD00", "7QX4-1MD0-7QX4-1MDU"] {
            assert_eq!(wrong.parse::<EnrolmentCode>().unwrap_err(), NoEnrolmentCode, "{wrong}");
        }
    }

    #[test]
    fn a_token_of_another_shape_is_refused() {
        let token = KioskToken::new(&random());
        assert!(token.reveal().parse() == Ok(token.clone()));
        for wrong in ["", "abc", "?", &token.reveal()[1..]] {
            assert!(wrong.parse::<KioskToken>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn no_secret_shows_in_a_debug_print() {
        let random = random();
        let shown = format!(
            "{:?} {:?} {:?} {:?}",
            EnrolmentCode::new(&random),
            KioskToken::new(&random),
            SessionToken::new(&random),
            Password::chosen("correct horse").unwrap()
        );
        assert_eq!(shown, "EnrolmentCode(hidden) KioskToken(hidden) SessionToken(hidden) Password(hidden)");
    }

    /// Ten characters can be the first that anybody tries.
    #[test]
    fn a_password_that_is_guessed_is_refused() {
        for typed in ["password123", "1234567890", "qwertyuiop", "aaaaaaaaaaaa", "galleria2026"] {
            let refused = Password::chosen(typed).unwrap_err();
            assert!(refused.to_string().contains("several words"), "{typed}: {refused}");
        }
        assert!(Password::chosen_by("chenjing88", "chenjing88!").is_err());
        for typed in ["correct horse battery", "商场 扶梯 星期二 灯笼", &Password::generated(&random()).0]
        {
            assert!(Password::chosen(typed).is_ok(), "{typed}");
        }
    }

    #[test]
    fn a_short_password_is_refused_with_the_length() {
        assert_eq!(Password::chosen("four").unwrap_err(), PasswordRefused::TooShort { length: 4, min: 10 });
    }
}
