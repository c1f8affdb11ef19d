//! Which kiosk is calling, by its token.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use domain::id::KioskNumber;
use domain::signature::{Saying, VerifyingKey};

use super::problem::Refusal;
use crate::app::App;
use crate::secret::{Digest, KioskToken};
use crate::store::kiosks::{self, Caller, TokenUse};

/// A kiosk that has shown its token.
#[derive(Clone, Copy, Debug)]
pub struct KioskAuth {
    /// Which.
    pub kiosk: KioskNumber,
    /// Of its token.
    pub token: Digest,
    /// Whether it showed this token before.
    pub used: TokenUse,
    /// The key under which it signs what it sends, if it named one.
    signing_key: Option<VerifyingKey>,
}

impl KioskAuth {
    /// Whether `body` came from the kiosk as it is: signed by it, unless it does not sign.
    pub fn vouches_for(&self, body: &[u8], signature: Option<&str>) -> bool {
        let what = Saying::Batch(self.kiosk);
        self.signing_key.is_none_or(|key| key.signed(what, body, signature.unwrap_or_default()))
    }
}

impl FromRequestParts<Arc<App>> for KioskAuth {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token: KioskToken = shown
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(|text| text.trim().parse().ok())
            .ok_or(Refusal::WrongToken)?;
        let token = token.digest();
        match app.store.read_for_kiosk(move |db| kiosks::caller(db, token)).await? {
            Some(Caller::Kiosk(kiosk, used, signing_key)) => Ok(Self { kiosk, token, used, signing_key }),
            Some(Caller::Revoked) => Err(Refusal::Revoked),
            None => Err(Refusal::WrongToken),
        }
    }
}
