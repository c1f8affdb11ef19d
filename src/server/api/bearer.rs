//! Which kiosk is calling, by its token.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use domain::id::KioskNumber;

use super::problem::Refusal;
use crate::app::App;
use crate::secret::{Digest, KioskToken};
use crate::store::kiosks::{self, Caller, TokenUse};

/// A kiosk that has shown its token.
#[derive(Debug)]
pub struct KioskAuth {
    /// Which.
    pub kiosk: KioskNumber,
    /// Of its token.
    pub token: Digest,
    /// Whether it showed this token before.
    pub used: TokenUse,
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
            Some(Caller::Kiosk(kiosk, used)) => Ok(Self { kiosk, token, used }),
            Some(Caller::Revoked) => Err(Refusal::Revoked),
            None => Err(Refusal::WrongToken),
        }
    }
}
