//! The signature under what a kiosk sends: it vouches itself for every byte that arrives.
//!
//! TLS may end at a proxy, and whatever stands there can read a token and change a body. A kiosk makes an
//! Ed25519 key (RFC 8032) when it first starts, names the public half when it enrols, and signs its enrolment
//! and each batch with the private half, which never leaves it. A token sends only together with that key; a
//! body that was changed on the way is refused as a whole and sent again, where a changed item alone would look
//! like one that is broken for ever. No time is signed: what is repeated is stored once all the same. But the
//! token is, so that what was once said under an old one does not make a newer one look used.
//!
//! Answers are not signed, and whoever stands in the way of the enrolment itself can put keys of its own in
//! place of the server's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroize as _;

use crate::id::{CryptoRng, KioskNumber};

/// Not 32 bytes that are an Ed25519 key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no Ed25519 key")]
pub struct KeyError;

/// What is signed: one is never taken for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedPurpose {
    /// An enrolment, which names the key.
    Enrolment,
    /// A batch of this kiosk, under a token of which this is the SHA-256.
    Batch(KioskNumber, [u8; 32]),
}

/// The half that signs. Wiped from memory when dropped.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

/// The half that tells whose signature it is. Not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyingKey([u8; 32]);

impl SigningKey {
    /// A new key.
    pub fn new(random: &mut impl CryptoRng) -> Self {
        let mut seed = [0; 32];
        random.fill_bytes(&mut seed);
        let key = Self(ed25519_dalek::SigningKey::from_bytes(&seed));
        seed.zeroize();
        key
    }

    /// Its 32 bytes, for the one file in which the kiosk keeps it.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Reads what [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`KeyError`]: it has another length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| KeyError)?;
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(bytes)))
    }

    /// The half that may be given away.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a body: 64 bytes in base64, as they stand in the header.
    pub fn sign(&self, what: SignedPurpose, body: &[u8]) -> String {
        BASE64.encode(self.0.sign(&what.message(body)).to_bytes())
    }
}

crate::hide!(SigningKey);

impl VerifyingKey {
    /// Its 32 bytes.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// Reads a key that a kiosk names.
    ///
    /// # Errors
    /// [`KeyError`]: it is none, or one under which anything can be signed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| KeyError)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError)?;
        if key.is_weak() { Err(KeyError) } else { Ok(Self(*bytes)) }
    }

    /// A key that was read before and kept.
    pub fn kept(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Whether `signature` is what the other half made under this body.
    pub fn signed(&self, what: SignedPurpose, body: &[u8], signature: &str) -> bool {
        let signature = BASE64.decode(signature).ok();
        let signature = signature.and_then(|bytes| ed25519_dalek::Signature::from_slice(&bytes).ok());
        let key = ed25519_dalek::VerifyingKey::from_bytes(&self.0).ok();
        key.zip(signature)
            .is_some_and(|(key, signature)| key.verify_strict(&what.message(body), &signature).is_ok())
    }
}

impl SignedPurpose {
    /// A batch of `kiosk`, sent under `token` as it stands in the header.
    pub fn batch(kiosk: KioskNumber, token: &str) -> Self {
        Self::Batch(kiosk, Sha256::digest(token).into())
    }

    /// What it is, and the SHA-256 of the body as JSON, before it was compressed.
    fn message(self, body: &[u8]) -> Vec<u8> {
        let mut message = match self {
            Self::Enrolment => b"galleria enrolment 1;".to_vec(),
            Self::Batch(kiosk, token) => {
                let mut message = format!("galleria batch 1;{kiosk};").into_bytes();
                message.extend_from_slice(&token);
                message
            }
        };
        message.extend_from_slice(&Sha256::digest(body));
        message
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    fn a_key(seed: u64) -> SigningKey {
        SigningKey::new(&mut rand::rngs::ChaCha20Rng::seed_from_u64(seed))
    }

    /// A signature is good for one key one body and what it was made for.
    #[test]
    fn a_signature_fits_one_key_body_and_purpose() {
        let key = a_key(1);
        let batch = |number| SignedPurpose::batch(KioskNumber::new(number).unwrap(), "token");
        let signature = key.sign(batch(3), b"{}");
        let holds = |key: &SigningKey, what, body: &[u8], signature: &str| {
            key.verifying_key().signed(what, body, signature)
        };
        assert!(holds(&key, batch(3), b"{}", &signature));
        assert!(!holds(&key, batch(4), b"{}", &signature));
        assert!(!holds(
            &key,
            SignedPurpose::batch(KioskNumber::new(3).unwrap(), "another"),
            b"{}",
            &signature
        ));
        assert!(!holds(&key, SignedPurpose::Enrolment, b"{}", &signature));
        assert!(!holds(&key, batch(3), b"{ }", &signature));
        assert!(!holds(&a_key(2), batch(3), b"{}", &signature));
        for wrong in ["", "nonsense", &signature[4..]] {
            assert!(!holds(&key, batch(3), b"{}", wrong), "{wrong:?}");
        }
    }

    /// Keys read back and one under which anything is signed is refused.
    #[test]
    fn weak_signing_keys_are_refused() {
        let key = a_key(1);
        let read = SigningKey::from_bytes(&key.to_bytes()).unwrap();
        assert_eq!(read.verifying_key(), key.verifying_key());
        assert_eq!(VerifyingKey::from_bytes(&key.verifying_key().to_bytes()), Ok(key.verifying_key()));
        // The neutral element: y = 1.
        let mut weak = [0; 32];
        weak[0] = 1;
        assert_eq!(VerifyingKey::from_bytes(&weak), Err(KeyError));
        assert_eq!(VerifyingKey::from_bytes(&[0; 31]), Err(KeyError));
        assert!(SigningKey::from_bytes(&[0; 33]).is_err());
        assert!(!format!("{key:?}").contains(&BASE64.encode(key.to_bytes())));
    }
}
