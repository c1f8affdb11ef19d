//! `POST /api/v1/kiosk/cases:status`: what became of it, for a visitor with their receipt at a kiosk.
//!
//! It says what the tracking page says. A wrong number and a wrong code are answered alike, in words and in
//! time, and the wrong codes of a number are counted whether there is such a case or not: five at once, then
//! one in twelve minutes, from all kiosks together. Nothing of what was asked is written down or logged.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::language::Language;
use domain::receipt::{CaseNumber, ReceiptCode, TrackingToken};
use domain::wire::{CaseStatus, StatusRequest};
use serde_json::Value;

use crate::app::App;
use crate::cases::visitor_status;
use crate::http::body::FromKiosk;
use crate::http::problem::{Refusal, refusals};
use crate::http::rate_limiter::Wait;
use crate::store::cases::{CaseRecord, Lookup};

/// A receipt in a few hundred bytes.
const SMALL: usize = 4096;

refusals![
    Refusal::Malformed,
    Refusal::WrongToken,
    Refusal::Revoked,
    Refusal::UnknownCase,
    Refusal::TooSlow,
    Refusal::TooLarge,
    Refusal::WrongType,
    Refusal::WrongEncoding { taken: "" },
    Refusal::TooMany { retry_after_s: 1 },
    Refusal::Failed,
    Refusal::Busy { retry_after_s: 1 },
];

/// Tells a visitor with a receipt what became of it, in words that are ready to show.
///
/// Wrong codes are counted: after five for one number there is a wait. A wrong number and a wrong code are
/// the same `unknown-case`.
#[utoipa::path(
    post,
    path = "/api/v1/kiosk/cases:status",
    operation_id = "case_status",
    tag = "kiosk",
    request_body(content = StatusRequest, description = "The token, or number and code; at most 4 KiB."),
    responses((status = OK, description = "How far it is.", body = CaseStatus), Refused),
    security(("kiosk" = []))
)]
pub async fn show(
    State(app): State<Arc<App>>,
    FromKiosk(kiosk, sent): FromKiosk,
) -> Result<Json<CaseStatus>, Refusal> {
    if sent.size() > SMALL {
        return Err(Refusal::TooLarge);
    }
    let request = read(&sent.plain()?)?;
    app.lookups_of_kiosk.admit(kiosk.kiosk, app.clock.now()).map_err(too_many)?;
    let (found, language) = match request {
        StatusRequest::Token { token, language } => (by_token(&app, &token.0).await?, language),
        StatusRequest::Number { number, code, language } => {
            (by_code(&app, &number.0, &code.0).await?, language)
        }
    };
    let language: Option<Language> = language.parse().ok();
    match found {
        Lookup::Case(found) => {
            let CaseRecord { case, promises, events } = &*found;
            let speech = app.speech(language.unwrap_or(case.language));
            Ok(Json(visitor_status::case(&speech, case, promises, events)))
        }
        Lookup::OnItsWay => Ok(Json(visitor_status::on_its_way(&app.speech(language.unwrap_or_default())))),
        Lookup::Nothing => Err(Refusal::UnknownCase),
    }
}

/// Rust would also read a list of the fields' values.
fn read(bytes: &[u8]) -> Result<StatusRequest, Refusal> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)?;
    if !value.is_object() {
        return Err(Refusal::Malformed);
    }
    serde_json::from_value(value).map_err(|_| Refusal::Malformed)
}

fn too_many(wait: Wait) -> Refusal {
    Refusal::TooMany { retry_after_s: wait.seconds() }
}

async fn by_token(app: &App, text: &str) -> Result<Lookup, Refusal> {
    let token: Option<TrackingToken> = text.parse().ok();
    Ok(app.store.cases().by_token(token).await?)
}

/// A try is taken before anybody looks, so that many at once are no more than one after the other.
async fn by_code(app: &App, number: &str, code: &str) -> Result<Lookup, Refusal> {
    let (Ok(number), Ok(code)) = (CaseNumber::parse(number), code.parse::<ReceiptCode>()) else {
        return Ok(Lookup::Nothing);
    };
    app.wrong_codes.admit(number, app.clock.now()).map_err(too_many)?;
    let found = app.store.cases().by_code(number, code).await;
    // Only a code that was looked at and is wrong counts.
    if !matches!(found, Ok(Lookup::Nothing)) {
        app.wrong_codes.give_back(&number);
    }
    Ok(found?)
}
