//! `POST /api/v1/kiosk/cases:status`: the case status for a visitor who has a receipt at a kiosk.
//!
//! It shows what the tracking page shows, without the visitor's answers. A wrong number and a wrong code get
//! the same answer after the same time. Wrong codes for a number are counted whether or not the case exists:
//! five at once, then one in twelve minutes, from all kiosks together. Nothing of a request is stored or
//! logged.

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

/// Limit of the body in bytes. A receipt takes a few hundred.
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
    app.lookups_of_kiosk.admit(kiosk.kiosk, app.clock.steady()).map_err(too_many)?;
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

/// Requires an object: serde would also read an array of the fields' values.
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

/// Takes a try from the rate limit before the lookup, so parallel requests get no more tries than sequential
/// ones.
async fn by_code(app: &App, number: &str, code: &str) -> Result<Lookup, Refusal> {
    let (Ok(number), Ok(code)) = (CaseNumber::parse(number), code.parse::<ReceiptCode>()) else {
        return Ok(Lookup::Nothing);
    };
    app.wrong_codes.admit(number, app.clock.steady()).map_err(too_many)?;
    let found = app.store.cases().by_code(number, code).await;
    // Only a wrong code counts: every other outcome returns the try.
    if !matches!(found, Ok(Lookup::Nothing)) {
        app.wrong_codes.give_back(&number);
    }
    Ok(found?)
}
