//! What a visitor takes away: a case number to say aloud, and a tracking token in a QR code.
//!
//! The kiosk makes both offline. The case number is public and proves nothing. The tracking token opens the
//! tracking page: 96 random bits, and a short MAC. Before a case has arrived, the MAC lets the server tell
//! "on its way" from "no such case". The server stores only the token's SHA-256. Beside the number stands a
//! receipt code ([`ReceiptCode`]), which opens the same case at a kiosk.

mod code;

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroize;

use crate::id::{CryptoRng, Epoch, KioskNumber, Seq};

pub use code::{CodeDigest, NoReceiptCode, ReceiptCode};

/// Crockford's base 32: it has no I, L, O or U, so characters are not misread or misheard.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn digit(c: char) -> Option<u8> {
    let c = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    ALPHABET.iter().position(|a| char::from(*a) == c).and_then(|p| u8::try_from(p).ok())
}

fn letter(digit: u8) -> char {
    char::from(ALPHABET[usize::from(digit & 31)])
}

/// Doubling in GF(2⁵) with the primitive polynomial x⁵ + x² + 1.
fn double(x: u8) -> u8 {
    let shifted = x << 1;
    if shifted & 32 == 0 { shifted } else { (shifted ^ 0b10_0101) & 31 }
}

/// The check digit Σ dᵢ·2ⁿ⁻ⁱ over GF(2⁵), as in H. M. Damm's totally anti-symmetric quasigroups. It detects
/// every single wrong character and every swap of two neighbours.
fn check(digits: impl Iterator<Item = u8>) -> u8 {
    digits.fold(0, |sum, d| double(sum ^ d))
}

/// The number of a case, written `K3-7QX-41M-D`: kiosk, six characters, check character. The longest form is
/// `K99999-7QX-41M-D`: four groups of at most six characters, to be read aloud one by one.
///
/// Invariant: the check character fits. [`CaseNumber::parse`] accepts any case, spaces and letters that look
/// like digits, because people read the number over the telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct CaseNumber {
    kiosk: KioskNumber,
    serial: u32,
}

/// Why a text is not a case number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaseNumberError {
    /// It does not have the form of a case number.
    #[error("a case number looks like K3-7QX-41M-D")]
    Shape,
    /// It has the form, but at least one character is wrong.
    #[error("a character of the case number is wrong: the last one does not fit the others")]
    Check,
}

impl CaseNumber {
    const BITS: u32 = 30;
    const MASK: u32 = (1 << Self::BITS) - 1;

    /// The number of the submission `seq` in `epoch`. The order of the numbers does not reveal how many cases
    /// there are.
    ///
    /// There are 2³⁰ numbers, and multiplication by an odd number permutes them. Each epoch starts at another
    /// place and counts on from there, so a kiosk with a new disk need not know the numbers that it issued
    /// before. Two epochs of ten thousand submissions each overlap with a probability of 1 in 50 000.
    pub fn new(kiosk: KioskNumber, epoch: Epoch, seq: Seq) -> Self {
        let begin = u64::from(epoch.0).wrapping_mul(0x9E37_79B1);
        let place = begin.wrapping_add(seq.0) & u64::from(Self::MASK);
        let place = u32::try_from(place).expect("thirty bits are left");
        Self { kiosk, serial: place.wrapping_mul(0x2545_F491) & Self::MASK }
    }

    /// A random number, for a kiosk that is not enrolled yet.
    pub fn random(random: &mut impl CryptoRng) -> Self {
        Self { kiosk: KioskNumber::NOT_ENROLLED, serial: random.next_u32() & Self::MASK }
    }

    /// The kiosk that issued the number.
    pub fn kiosk(self) -> KioskNumber {
        self.kiosk
    }

    fn digits(self) -> [u8; 6] {
        std::array::from_fn(|i| {
            let shift = 5 * (5 - u32::try_from(i).unwrap_or_default());
            u8::try_from((self.serial >> shift) & 31).unwrap_or_default()
        })
    }

    fn check(self) -> u8 {
        let kiosk = self.kiosk.to_string();
        check(kiosk.chars().filter_map(digit).chain(self.digits()))
    }

    /// Parses a number as typed or spoken.
    ///
    /// # Errors
    /// [`CaseNumberError`]: whether the form or a character is wrong.
    pub fn parse(text: &str) -> Result<Self, CaseNumberError> {
        let plain: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        if plain.len() < 9 || !plain.iter().all(char::is_ascii) {
            return Err(CaseNumberError::Shape);
        }
        let (kiosk, rest) = plain.split_at(plain.len() - 7);
        let typed: String = std::iter::once(kiosk[0].to_ascii_uppercase())
            .chain(kiosk[1..].iter().map(|c| digit(*c).map_or(*c, letter)))
            .collect();
        let kiosk: KioskNumber = typed.parse().map_err(|_| CaseNumberError::Shape)?;
        // The check covers the digits as written. It cannot detect a leading zero, so one is refused here.
        if kiosk.to_string() != typed {
            return Err(CaseNumberError::Shape);
        }
        let digits: Vec<u8> =
            rest.iter().map(|c| digit(*c)).collect::<Option<_>>().ok_or(CaseNumberError::Shape)?;
        let serial = digits[..6].iter().fold(0, |n, d| n << 5 | u32::from(*d));
        let number = Self { kiosk, serial };
        if number.check() == digits[6] { Ok(number) } else { Err(CaseNumberError::Check) }
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.digits().map(letter);
        write!(f, "{}-{a}{b}{c}-{d}{e}{g}-{}", self.kiosk, letter(self.check()))
    }
}

impl From<CaseNumber> for String {
    fn from(number: CaseNumber) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for CaseNumber {
    type Error = CaseNumberError;

    fn try_from(text: String) -> Result<Self, CaseNumberError> {
        Self::parse(&text)
    }
}

/// The key with which a kiosk signs its tracking tokens (HMAC). The kiosk makes it; the server gets it at
/// enrolment.
#[derive(Clone, PartialEq, Eq, Zeroize)]
pub struct ReceiptKey(pub [u8; 32]);

crate::hide!(ReceiptKey);

/// The secret that opens the tracking page: kiosk (17 bits), 96 random bits, MAC (32 bits). These are 29
/// characters in base 32. In memory the kiosk takes three bytes, of which seven bits are zero.
#[derive(Clone, PartialEq, Eq, Zeroize)]
pub struct TrackingToken([u8; Self::BYTES]);

/// The text does not have the form of a tracking token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tracking token is 29 letters and digits")]
pub struct NoTrackingToken;

impl TrackingToken {
    const BYTES: usize = 19;
    const CHARS: usize = 29;
    /// The zero bits of the first byte, which the text form leaves out.
    const UNWRITTEN: u32 = 7;

    /// A new token with a MAC by the kiosk's key.
    pub fn new(kiosk: KioskNumber, key: &ReceiptKey, random: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; Self::BYTES];
        bytes[..3].copy_from_slice(&kiosk.get().to_be_bytes()[1..]);
        random.fill_bytes(&mut bytes[3..15]);
        let mac = Self::mac(key, &bytes[..15]);
        bytes[15..].copy_from_slice(&mac[..4]);
        Self(bytes)
    }

    fn mac(key: &ReceiptKey, bytes: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("HMAC takes a key of any length");
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }

    /// The kiosk that the token names. Only [`Self::is_marked_by`] proves that this kiosk made it.
    pub fn kiosk(&self) -> Option<KioskNumber> {
        KioskNumber::new(u32::from_be_bytes([0, self.0[0], self.0[1], self.0[2]]))
    }

    /// Whether the MAC was made with `key`, which only one kiosk and the server have.
    pub fn is_marked_by(&self, key: &ReceiptKey) -> bool {
        let (marked, mark) = self.0.split_at(15);
        Self::mac(key, marked)[..mark.len()].ct_eq(mark).into()
    }

    /// The receipt code on the same receipt.
    pub fn code(&self) -> ReceiptCode {
        ReceiptCode::of(self)
    }

    /// The token in a scanned text: a tracking address of any server, or the token alone. Some scanners
    /// return all letters in capitals.
    pub fn scanned(text: &str) -> Option<Self> {
        let text = text.trim();
        let address = text.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        match address.rsplit_once('/') {
            Some((before, token)) if before.ends_with("/t") || before.ends_with("/T") => token.parse().ok(),
            Some(_) => None,
            None => text.parse().ok(),
        }
    }

    /// The digest that the server stores: it identifies the token but does not reveal it.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.0).into())
    }
}

impl fmt::Display for TrackingToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut bits, mut held) = (u32::from(self.0[0]), 8 - Self::UNWRITTEN);
        for byte in &self.0[1..] {
            bits = bits << 8 | u32::from(*byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                write!(f, "{}", letter(u8::try_from((bits >> held) & 31).unwrap_or_default()))?;
            }
            bits &= (1 << held) - 1;
        }
        Ok(())
    }
}

// A reader of a log must not be able to open the case.
crate::hide!(TrackingToken);

impl FromStr for TrackingToken {
    type Err = NoTrackingToken;

    fn from_str(text: &str) -> Result<Self, NoTrackingToken> {
        if text.chars().count() != Self::CHARS {
            return Err(NoTrackingToken);
        }
        let mut bytes = [0; Self::BYTES];
        let (mut bits, mut held, mut filled) = (0_u32, Self::UNWRITTEN, 0);
        for c in text.chars() {
            bits = bits << 5 | u32::from(digit(c).ok_or(NoTrackingToken)?);
            held += 5;
            if held >= 8 {
                held -= 8;
                bytes[filled] = u8::try_from((bits >> held) & 255).unwrap_or_default();
                filled += 1;
                bits &= (1 << held) - 1;
            }
        }
        Ok(Self(bytes))
    }
}

/// The SHA-256 of a tracking token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenDigest(pub [u8; 32]);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng as _;
    use std::collections::HashSet;

    fn kiosk(n: u32) -> KioskNumber {
        KioskNumber::new(n).unwrap()
    }

    /// Ten thousand cases in each of two epochs have twenty thousand different numbers.
    #[test]
    fn case_numbers_of_two_epochs_differ() {
        let numbers: HashSet<String> = (1..=2)
            .flat_map(|e| (1..=10_000).map(move |s| CaseNumber::new(kiosk(3), Epoch(e), Seq(s)).to_string()))
            .collect();
        assert_eq!(numbers.len(), 20_000);
    }

    #[test]
    fn the_longest_case_number_has_four_short_groups() {
        let longest =
            CaseNumber::new(kiosk(KioskNumber::HIGHEST), Epoch(u32::MAX), Seq(u64::MAX)).to_string();
        let groups: Vec<usize> = longest.split('-').map(str::len).collect();
        assert_eq!((groups, longest.len()), (vec![6, 3, 3, 1], 16));
    }

    /// The check is linear: it detects an error at a place if it detects the difference that the error makes
    /// there. All differences are tried at each place of the longest number.
    #[test]
    fn the_check_sees_every_wrong_character_and_swap() {
        const LENGTH: usize = 13;
        let sees = |error: &[u8]| check(error[..LENGTH - 1].iter().copied()) != error[LENGTH - 1];
        for (at, by) in (0..LENGTH).flat_map(|at| (1..32).map(move |by| (at, by))) {
            let mut error = [0; LENGTH];
            error[at] = by;
            assert!(sees(&error), "one wrong character at {at}");
            if at + 1 < LENGTH {
                error[at + 1] = by;
                assert!(sees(&error), "two neighbours swapped at {at}");
            }
        }
    }

    /// Numbers of every length with every single error: an error that the check cannot detect changes the
    /// form.
    #[test]
    fn a_mistyped_case_number_is_refused() {
        let numbers =
            [1, 2, 9, 10, 99, 100, 101, 110, 999, 1000, 1001, 9_999, 10_000, 10_001, 10_010, 11_111, 99_999];
        for n in numbers.into_iter().chain((1..=KioskNumber::HIGHEST).step_by(997)) {
            let number = CaseNumber::new(kiosk(n), Epoch(n), Seq(n.into()));
            let right: Vec<char> = number.to_string().chars().filter(|c| *c != '-').collect();
            let read = |chars: &[char]| CaseNumber::parse(&chars.iter().collect::<String>());
            assert_eq!(read(&right), Ok(number));
            for at in 0..right.len() {
                let mut wrong = right.clone();
                for to in (0..32).map(letter).filter(|to| *to != right[at]) {
                    wrong[at] = to;
                    assert!(read(&wrong).is_err(), "{number}: {to} at {at}");
                }
                let mut swapped = right.clone();
                if at + 1 < right.len() && right[at] != right[at + 1] {
                    swapped.swap(at, at + 1);
                    assert!(read(&swapped).is_err(), "{number}: swapped at {at}");
                }
            }
        }
    }

    #[test]
    fn a_number_read_over_the_telephone_is_understood() {
        let number = CaseNumber::new(kiosk(3), Epoch(1), Seq(7));
        let spoken = number.to_string().replace('-', " ").replace('0', "o").replace('1', "l").to_lowercase();
        assert_eq!(CaseNumber::parse(&spoken), Ok(number));
    }

    /// A token is found in every form in which a scanner may return its address.
    #[test]
    fn a_token_is_found_in_scanned_addresses() {
        let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(7);
        let token = TrackingToken::new(kiosk(3), &ReceiptKey([9; 32]), &mut random);
        for address in
            ["https://mall.example/t/", "https://mall.example:8443/galleria/t/", "HTTPS://MALL/T/", ""]
        {
            assert_eq!(
                TrackingToken::scanned(&format!("{address}{token}\r")),
                Some(token.clone()),
                "{address}"
            );
        }
        assert_eq!(
            TrackingToken::scanned(&format!("https://mall.example/t/{token}?lang=en")),
            Some(token.clone())
        );
        for other in
            [format!("https://mall.example/{token}"), format!("x{token}"), "/t/".to_owned(), String::new()]
        {
            assert_eq!(TrackingToken::scanned(&other), None, "{other}");
        }
    }

    /// A token has at least 96 random bits and is hidden from debug output.
    #[test]
    fn a_token_is_random_and_hides_itself() {
        let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(7);
        let key = ReceiptKey([9; 32]);
        let token = TrackingToken::new(kiosk(3), &key, &mut random);
        assert_eq!(token.to_string().len(), 29);
        assert!(token.is_marked_by(&key) && !token.is_marked_by(&ReceiptKey([8; 32])));
        assert_eq!(format!("{token:?}"), "TrackingToken(hidden)");
        assert_ne!(token.digest(), TrackingToken::new(kiosk(3), &key, &mut random).digest());
    }

    proptest! {
        #[test]
        fn every_case_number_reads_back(n in 0..=KioskNumber::HIGHEST, epoch in 0_u32..64, seq in 0_u64..1 << 24) {
            let number = CaseNumber::new(kiosk(n), Epoch(epoch), Seq(seq));
            prop_assert_eq!(CaseNumber::parse(&number.to_string()), Ok(number));
        }

        #[test]
        fn every_token_reads_back(seed in any::<u64>(), n in 0..=KioskNumber::HIGHEST) {
            let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(seed);
            let token = TrackingToken::new(kiosk(n), &ReceiptKey([1; 32]), &mut random);
            prop_assert_eq!(token.to_string().parse::<TrackingToken>(), Ok(token.clone()));
            prop_assert_eq!(token.kiosk(), Some(kiosk(n)));
        }

        #[test]
        fn no_text_makes_the_readers_panic(text in ".{0,40}") {
            let _ = CaseNumber::parse(&text);
            let _ = text.parse::<TrackingToken>();
            let _ = text.parse::<KioskNumber>();
        }
    }
}
