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
    /// The key under which it signs batches, if it named one, and what it then signs.
    signs: Option<(VerifyingKey, Saying)>,
}

impl KioskAuth {
    /// Whether this batch came from the kiosk as it is: signed by it, unless it does not sign.
    pub fn vouches_for(&self, body: &[u8], signature: Option<&str>) -> bool {
        self.signs.is_none_or(|(key, what)| key.signed(what, body, signature.unwrap_or_default()))
    }

    /// Whether it signs its batches.
    pub fn signs(&self) -> bool {
        self.signs.is_some()
    }
}

impl FromRequestParts<Arc<App>> for KioskAuth {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let text = shown.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Refusal::WrongToken)?.trim();
        let token: KioskToken = text.parse().map_err(|_| Refusal::WrongToken)?;
        let token = token.digest();
        match app.store.read_for_kiosk(move |db| kiosks::caller(db, token)).await? {
            Some(Caller::Kiosk(kiosk, used, key)) => {
                let signs = key.map(|key| (key, Saying::batch(kiosk, text)));
                Ok(Self { kiosk, token, used, signs })
            }
            Some(Caller::Revoked) => Err(Refusal::Revoked),
            None => Err(Refusal::WrongToken),
        }
    }
}
