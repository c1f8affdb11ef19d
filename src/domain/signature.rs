//! The signature of a kiosk over its requests: the server verifies every byte of a body.
//!
//! TLS may end at a proxy, which can read the token and change a body. At its first start a kiosk makes an
//! Ed25519 key (RFC 8032). Its enrolment names the public key; enrolment and batches are signed. A token is
//! valid only together with that key. The server refuses a changed body as a whole, and the kiosk sends it
//! again; otherwise a changed item would be rejected for good. No time is signed, because storing is
//! idempotent. The token is signed, so that a replayed batch of an old token does not make a newer one look
//! used.
//!
//! Not covered: replies are not signed, and a proxy in the path of the enrolment itself can replace the
//! server's keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroize as _;

use crate::id::{CryptoRng, KioskNumber};

/// The bytes are not a usable 32-byte Ed25519 key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an Ed25519 key")]
pub struct KeyError;

/// What a signature is for. A signature for one purpose is invalid for any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedPurpose {
    /// An enrolment request, which names the public key.
    Enrolment,
    /// A batch of this kiosk, sent with the token whose SHA-256 this is.
    Batch(KioskNumber, [u8; 32]),
}

/// The private key, which signs. Wiped from memory when dropped.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

/// The public key, which verifies. Not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyingKey([u8; 32]);

impl SigningKey {
    /// A new random key.
    pub fn new(random: &mut impl CryptoRng) -> Self {
        let mut seed = [0; 32];
        random.fill_bytes(&mut seed);
        let key = Self(ed25519_dalek::SigningKey::from_bytes(&seed));
        seed.zeroize();
        key
    }

    /// The 32 bytes, as the kiosk stores them in its key file.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Reads the bytes of [`Self::to_bytes`].
    ///
    /// # Errors
    /// [`KeyError`]: there are not 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| KeyError)?;
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(bytes)))
    }

    /// The public key that belongs to it.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a body: 64 bytes in base64, for the signature header.
    pub fn sign(&self, what: SignedPurpose, body: &[u8]) -> String {
        BASE64.encode(self.0.sign(&what.message(body)).to_bytes())
    }
}

crate::hide!(SigningKey);

impl VerifyingKey {
    /// The 32 bytes of the key.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// Parses a key that a kiosk sends.
    ///
    /// # Errors
    /// [`KeyError`]: the bytes are not a key, or a weak one for which signatures can be forged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| KeyError)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError)?;
        if key.is_weak() { Err(KeyError) } else { Ok(Self(*bytes)) }
    }

    /// A key that was parsed before and comes from the store.
    pub fn kept(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Whether `signature` is valid for this purpose and body.
    pub fn signed(&self, what: SignedPurpose, body: &[u8], signature: &str) -> bool {
        let signature = BASE64.decode(signature).ok();
        let signature = signature.and_then(|bytes| ed25519_dalek::Signature::from_slice(&bytes).ok());
        let key = ed25519_dalek::VerifyingKey::from_bytes(&self.0).ok();
        key.zip(signature)
            .is_some_and(|(key, signature)| key.verify_strict(&what.message(body), &signature).is_ok())
    }
}

impl SignedPurpose {
    /// The purpose of a batch of `kiosk` that is sent with `token`, as it stands in the header.
    pub fn batch(kiosk: KioskNumber, token: &str) -> Self {
        Self::Batch(kiosk, Sha256::digest(token).into())
    }

    /// The signed bytes: the purpose, then the SHA-256 of the JSON body before compression.
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

    /// A signature is valid for one key, one body and one purpose.
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

    /// Keys read back, and a weak key is refused.
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
