//! The receipt code: with the case number, it opens at any kiosk what the QR code opens on a phone.
//!
//! It is derived from the tracking token, so a receipt holds one secret, and the code does not reveal the
//! token. Forty bits are enough, because every guess needs a server that rate-limits wrong codes. The server
//! stores only a digest that is valid for one case.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{CaseNumber, TokenDigest, TrackingToken, digit, letter};

/// Separates this HMAC from others that may be derived from a token later.
const LABEL: &[u8] = b"galleria/receipt-code/1";

/// The code on a receipt, written `7QX4-1MD0`: eight characters of Crockford's base 32, 40 bits.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ReceiptCode([u8; Self::CHARS]);

/// The text does not have the form of a receipt code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the code on a receipt is eight letters and digits, like 7QX4-1MD0")]
pub struct NoReceiptCode;

impl ReceiptCode {
    const CHARS: usize = 8;
    /// The number of characters before the dash.
    pub const GROUP: usize = Self::CHARS / 2;

    /// The code that belongs to a token: the first 40 bits of HMAC-SHA-256 (RFC 2104) of a label, keyed with
    /// the token.
    pub(super) fn of(token: &TrackingToken) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(&token.0).expect("HMAC takes a key of any length");
        mac.update(LABEL);
        let mac = mac.finalize().into_bytes();
        let bits = mac[..5].iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        Self(std::array::from_fn(|at| u8::try_from((bits >> (35 - 5 * at)) & 31).unwrap_or_default()))
    }

    /// The digest that the server stores: it identifies the code on this one receipt. The digest of the token
    /// is the salt and differs for every case.
    pub fn digest(&self, number: CaseNumber, token: &TokenDigest) -> CodeDigest {
        let mut hash = Sha256::new();
        hash.update(LABEL);
        hash.update(token.0);
        hash.update(self.0);
        hash.update(number.to_string());
        CodeDigest(hash.finalize().into())
    }
}

impl fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, digit) in self.0.iter().enumerate() {
            let dash = if at == Self::GROUP { "-" } else { "" };
            write!(f, "{dash}{}", letter(*digit))?;
        }
        Ok(())
    }
}

/// A secret: with the case number it opens a case.
impl fmt::Debug for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptCode(hidden)")
    }
}

impl FromStr for ReceiptCode {
    type Err = NoReceiptCode;

    /// Accepts any case, spaces, dashes and letters that look like digits.
    fn from_str(text: &str) -> Result<Self, NoReceiptCode> {
        let mut digits = [0; Self::CHARS];
        let mut written = text.chars().filter(|c| c.is_alphanumeric());
        for place in &mut digits {
            *place = written.next().and_then(digit).ok_or(NoReceiptCode)?;
        }
        if written.next().is_none() { Ok(Self(digits)) } else { Err(NoReceiptCode) }
    }
}

/// The salted SHA-256 of a receipt code.
#[derive(Clone, Copy)]
pub struct CodeDigest(pub [u8; 32]);

impl CodeDigest {
    /// Whether both digests are of the same code. The comparison takes constant time.
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// Not a secret, but of no use in a log.
impl fmt::Debug for CodeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeDigest(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;
    use rand::SeedableRng as _;

    use super::*;
    use crate::id::{Epoch, KioskNumber, Seq};
    use crate::receipt::ReceiptKey;

    fn token(seed: u64) -> TrackingToken {
        let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(seed);
        TrackingToken::new(KioskNumber::new(3).unwrap(), &ReceiptKey([9; 32]), &mut random)
    }

    /// Every receipt has its own code, which never changes.
    #[test]
    fn each_receipt_has_one_code() {
        let codes: HashSet<String> = (0..10_000).map(|seed| token(seed).code().to_string()).collect();
        assert_eq!(codes.len(), 10_000);
        assert_eq!(token(7).code(), token(7).code());
        // Receipts that were issued must still open with the code printed on them.
        assert_eq!(token(7).code().to_string(), "XKXD-Q29B");
    }

    /// A code does not reveal the token and is hidden from debug output.
    #[test]
    fn a_code_hides_the_token_and_itself() {
        let (token, code) = (token(7), token(7).code());
        let plain = code.to_string().replace('-', "");
        assert!(!token.to_string().contains(&plain));
        assert_eq!(format!("{code:?}"), "ReceiptCode(hidden)");
    }

    /// A code is valid for its own case only.
    #[test]
    fn a_code_fits_its_own_case_only() {
        let number = |seq| CaseNumber::new(KioskNumber::new(3).unwrap(), Epoch(1), Seq(seq));
        let (code, salt) = (token(7).code(), token(7).digest());
        let kept = code.digest(number(1), &salt);
        assert!(kept.is(&code.digest(number(1), &salt)));
        assert!(!kept.is(&code.digest(number(2), &salt)), "another number");
        assert!(!kept.is(&code.digest(number(1), &token(8).digest())), "another receipt");
        assert!(!kept.is(&token(8).code().digest(number(1), &salt)), "another code");
    }

    proptest! {
        #[test]
        fn a_code_typed_in_a_hurry_is_understood(seed in any::<u64>()) {
            let code = token(seed).code();
            let typed = code.to_string().replace('-', " ").replace('0', "o").replace('1', "i").to_lowercase();
            prop_assert_eq!(typed.parse(), Ok(code));
        }

        /// A text of another length is refused, and no text panics.
        #[test]
        fn malformed_codes_are_refused(text in ".{0,12}") {
            let length = text.chars().filter(|c| c.is_alphanumeric()).count();
            if length != 8 {
                prop_assert_eq!(text.parse::<ReceiptCode>(), Err(NoReceiptCode));
            }
            let _ = text.parse::<ReceiptCode>();
        }
    }
}
