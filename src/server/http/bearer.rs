//! Authenticates a kiosk by its bearer token.
//!
//! The token tells which kiosk calls. [`KioskAuth::vouches_for`] then checks that the kiosk signed the body.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use domain::id::KioskNumber;
use domain::signature::{SignedPurpose, VerifyingKey};

use crate::app::App;
use crate::http::problem::Refusal;
use crate::secret::{Digest, KioskToken};
use crate::store::fleet::{Caller, TokenUse};

/// An authenticated kiosk.
#[derive(Clone, Copy, Debug)]
pub struct KioskAuth {
    pub kiosk: KioskNumber,
    /// The digest of its token.
    pub token: Digest,
    /// Whether it used this token before.
    pub used: TokenUse,
    /// The key that verifies its batches, and the purpose that it signs them for.
    signs: (VerifyingKey, SignedPurpose),
}

impl KioskAuth {
    /// Whether the kiosk itself signed this batch.
    pub fn vouches_for(&self, body: &[u8], signature: Option<&str>) -> bool {
        let (key, what) = self.signs;
        signature.is_some_and(|signature| key.signed(what, body, signature))
    }
}

impl FromRequestParts<Arc<App>> for KioskAuth {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let text = shown.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Refusal::WrongToken)?.trim();
        let token: KioskToken = text.parse().map_err(|_| Refusal::WrongToken)?;
        let token = token.digest();
        match app.store.fleet().caller(token).await? {
            Some(Caller::Kiosk(kiosk, used, key)) => {
                Ok(Self { kiosk, token, used, signs: (key, SignedPurpose::batch(kiosk, text)) })
            }
            Some(Caller::Revoked) => Err(Refusal::Revoked),
            None => Err(Refusal::WrongToken),
        }
    }
}
