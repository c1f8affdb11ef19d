//! Sealing: encrypts a submission so that only the server's private key opens it.
//!
//! HPKE in base mode (RFC 9180) with X25519, HKDF-SHA256 and ChaCha20-Poly1305. A kiosk holds only the public
//! key, so a stolen kiosk reveals no sealed submission. The caller's context is associated data (for a sealed
//! item its kiosk, epoch, seq and id): with another context the envelope does not open. The first byte names
//! the suite, so that a later one (a post-quantum hybrid) can coexist with this one.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hpke::aead::{AeadCtxS, ChaCha20Poly1305};
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeR, OpModeS, Serializable as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::id::CryptoRng;

const SUITE: u8 = 1;
const INFO: &[u8] = b"galleria submission 1";
const ENCAPPED: usize = 32;

/// Why an envelope could not be opened, or a key could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The text is not the base64 of a valid 32-byte X25519 key.
    #[error("this is not an X25519 key in base64")]
    Key,
    /// A newer version sealed it with another suite.
    #[error("the envelope is of suite {0}, which this version does not know")]
    Suite(u8),
    /// It is too short, sealed to another key, or was changed in transit.
    #[error("the envelope does not open: it was sealed to another key or changed on the way")]
    Opening,
}

/// The public key, which seals. Not a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PublicKey([u8; 32]);

/// The private key, which opens. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct PrivateKey([u8; 32]);

/// The id of a public key: the first 8 bytes of its SHA-256, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(pub String);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PrivateKey {
    /// A new random key.
    pub fn new(random: &mut impl CryptoRng) -> Self {
        let mut seed = [0; 32];
        random.fill_bytes(&mut seed);
        let (private, _) = X25519HkdfSha256::derive_keypair(&seed);
        seed.zeroize();
        Self(private.to_bytes().into())
    }

    /// The public key that belongs to it.
    pub fn public(&self) -> PublicKey {
        let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&self.0)
            .expect("any 32 bytes are an X25519 key");
        PublicKey(X25519HkdfSha256::sk_to_pk(&private).to_bytes().into())
    }

    /// The key in base64, as the server stores it in its key file.
    pub fn to_base64(&self) -> String {
        BASE64.encode(self.0)
    }

    /// Reads the base64 of [`Self::to_base64`].
    ///
    /// # Errors
    /// [`SealError::Key`]: the text is not a key.
    pub fn from_base64(text: &str) -> Result<Self, SealError> {
        key_bytes(text).map(Self)
    }

    /// Opens an envelope that was sealed with the same `context`.
    ///
    /// # Errors
    /// [`SealError`]. It does not say whether the context, the key or the bytes were wrong.
    pub fn open(&self, envelope: &[u8], context: &[u8]) -> Result<Vec<u8>, SealError> {
        let (suite, rest) = envelope.split_first().ok_or(SealError::Opening)?;
        if *suite != SUITE {
            return Err(SealError::Suite(*suite));
        }
        let (encapped, sealed) = rest.split_at_checked(ENCAPPED).ok_or(SealError::Opening)?;
        let private =
            <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&self.0).map_err(|_| SealError::Key)?;
        let encapped =
            <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapped).map_err(|_| SealError::Opening)?;
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &private,
            &encapped,
            INFO,
            sealed,
            context,
        )
        .map_err(|_| SealError::Opening)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({}, hidden)", self.public().id())
    }
}

impl PublicKey {
    /// The id by which sealed items name this key.
    pub fn id(&self) -> KeyId {
        KeyId(hex(&Sha256::digest(self.0)[..8]))
    }

    /// Seals `plain`. Only the private key opens the envelope, and only with the same `context`.
    pub fn seal(&self, plain: &[u8], context: &[u8], random: &mut impl CryptoRng) -> Vec<u8> {
        self.sealer(random).seal(plain, context)
    }

    /// Does in advance the slow part of sealing, which does not depend on the text.
    pub fn sealer(&self, random: &mut impl CryptoRng) -> Sealer {
        let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.0)
            .expect("any 32 bytes are an X25519 key");
        let (encapped, sender): (<X25519HkdfSha256 as Kem>::EncappedKey, _) =
            hpke::setup_sender_with_rng(&OpModeS::Base, &public, INFO, random)
                .expect("a checked key agrees with any other");
        Sealer { key: self.clone(), encapped: encapped.to_bytes().into(), sender }
    }
}

/// Seals one text. Until then it holds the secret of that one envelope; dropping it wipes the secret from
/// memory.
pub struct Sealer {
    key: PublicKey,
    encapped: [u8; ENCAPPED],
    sender: AeadCtxS<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>,
}

impl Sealer {
    /// The public key to which it seals.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Seals `plain` as [`PublicKey::seal`] does.
    pub fn seal(mut self, plain: &[u8], context: &[u8]) -> Vec<u8> {
        let sealed = self.sender.seal(plain, context).expect("the first text of this size");
        let mut envelope = Vec::with_capacity(1 + ENCAPPED + sealed.len());
        envelope.push(SUITE);
        envelope.extend_from_slice(&self.encapped);
        envelope.extend_from_slice(&sealed);
        envelope
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({}, hidden)", self.key.id())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        BASE64.encode(key.0)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = SealError;

    fn try_from(text: String) -> Result<Self, SealError> {
        let bytes = key_bytes(&text)?;
        // A point of small order would give a shared secret that anybody can compute.
        let probe = Self(bytes);
        if bytes.iter().all(|b| *b == 0) || probe.try_encapsulate().is_none() {
            return Err(SealError::Key);
        }
        Ok(probe)
    }
}

impl PublicKey {
    /// Whether key agreement with this key succeeds (RFC 9180, section 7.1.4).
    fn try_encapsulate(&self) -> Option<()> {
        let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.0).ok()?;
        let (private, _) = X25519HkdfSha256::derive_keypair(&[7; 32]);
        let encapped = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&public.to_bytes()).ok()?;
        hpke::setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &private,
            &encapped,
            INFO,
        )
        .ok()
        .map(|_| ())
    }
}

fn key_bytes(text: &str) -> Result<[u8; 32], SealError> {
    BASE64.decode(text.trim()).ok().and_then(|b| b.try_into().ok()).ok_or(SealError::Key)
}

/// The SHA-256 of the bytes, in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        out.push(char::from_digit(u32::from(b >> 4), 16).unwrap_or_default());
        out.push(char::from_digit(u32::from(b & 15), 16).unwrap_or_default());
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    fn random() -> rand::rngs::ChaCha20Rng {
        rand::rngs::ChaCha20Rng::seed_from_u64(3)
    }

    /// An envelope opens only with the private key and the same context.
    #[test]
    fn envelopes_open_only_in_their_context() {
        let mut random = random();
        let (private, other) = (PrivateKey::new(&mut random), PrivateKey::new(&mut random));
        let envelope = private.public().seal("王女士".as_bytes(), b"K3", &mut random);

        assert_eq!(private.open(&envelope, b"K3").unwrap(), "王女士".as_bytes());
        assert_eq!(private.open(&envelope, b"K4"), Err(SealError::Opening));
        assert_eq!(other.open(&envelope, b"K3"), Err(SealError::Opening));
    }

    /// A prepared sealer seals correctly, and no two envelopes are alike.
    #[test]
    fn a_prepared_sealer_never_repeats_itself() {
        let mut random = random();
        let private = PrivateKey::new(&mut random);
        let (first, second) = (private.public().sealer(&mut random), private.public().sealer(&mut random));
        assert!(first.key() == &private.public());
        let (first, second) = (first.seal(b"words", b"K3"), second.seal(b"words", b"K3"));
        assert_ne!(first[1..33], second[1..33]);
        for envelope in [first, second] {
            assert_eq!(private.open(&envelope, b"K3").unwrap(), b"words");
        }
    }

    #[test]
    fn one_changed_or_missing_byte_is_noticed() {
        let mut random = random();
        let private = PrivateKey::new(&mut random);
        let envelope = private.public().seal(b"words", b"", &mut random);
        for at in 0..envelope.len() {
            let mut changed = envelope.clone();
            changed[at] ^= 1;
            assert!(private.open(&changed, b"").is_err(), "byte {at}");
            assert!(private.open(&envelope[..at], b"").is_err(), "cut at {at}");
        }
    }

    /// Keys read back, and a key without a usable shared secret is refused.
    #[test]
    fn weak_sealing_keys_are_refused() {
        let private = PrivateKey::new(&mut random());
        assert!(PrivateKey::from_base64(&private.to_base64()).unwrap() == private);
        assert_eq!(PublicKey::try_from(String::from(private.public())), Ok(private.public()));
        assert_eq!(PublicKey::try_from(BASE64.encode([0; 32])), Err(SealError::Key));
        assert_eq!(PublicKey::try_from("AAAA".to_owned()), Err(SealError::Key));
        assert!(!format!("{private:?}").contains(&private.to_base64()));
    }
}
