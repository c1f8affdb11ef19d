//! Signed requests of a kiosk.

use serde::Serialize;
use zeroize::Zeroizing;

use super::{Batch, EnrolmentRequest, Secret};
use crate::id::KioskNumber;
use crate::signature::{SignedPurpose, SigningKey};

/// An enrolment or a batch, serialised and signed.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// The body in JSON. It is wiped from memory, because an enrolment carries secrets.
    pub body: Zeroizing<Vec<u8>>,
    /// The value of the signature header: [`super::ENROLMENT_SIGNATURE`] or [`super::BATCH_SIGNATURE`].
    pub signature: String,
}

impl Signed {
    /// Signs an enrolment with the key that it names.
    pub fn enrolment(request: &EnrolmentRequest, key: &SigningKey) -> Self {
        Self::new(request, SignedPurpose::Enrolment, key)
    }

    /// Signs a batch of `kiosk` that is sent with `token`.
    pub fn batch(batch: &Batch, kiosk: KioskNumber, token: &Secret, key: &SigningKey) -> Self {
        Self::new(batch, SignedPurpose::batch(kiosk, &token.0), key)
    }

    fn new(what: &impl Serialize, purpose: SignedPurpose, key: &SigningKey) -> Self {
        let body = Zeroizing::new(serde_json::to_vec(what).expect("wire forms are plain data"));
        let signature = key.sign(purpose, &body);
        Self { body, signature }
    }
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signed({} bytes, hidden)", self.body.len())
    }
}
