//! `POST /api/v1/kiosk/enrolments`: exchanges an enrolment code for a kiosk number and a kiosk token.
//!
//! The first use binds the code to the keys of the kiosk. The same kiosk may repeat the request, because the
//! reply may have been lost.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts as _, Request, State};
use domain::receipt::ReceiptKey;
use domain::seal::PrivateKey;
use domain::signature::{SignedPurpose, VerifyingKey};
use domain::wire::{Enrolment, EnrolmentRequest, Secret};

use crate::app::App;
use crate::http::body::{self, Small};
use crate::http::caller::CallerAddress;
use crate::http::problem::{Refusal, refusals};
use crate::secret::{EnrolmentCode, KioskToken};
use crate::store::fleet::{Redeemed, Redemption};

/// The most provisional keys in one request: more than a kiosk can have made before its first enrolment.
const PROVISIONAL_KEYS: usize = 16;

refusals![
    Refusal::Malformed,
    Refusal::WrongSignature,
    Refusal::UnknownCode,
    Refusal::TooSlow,
    Refusal::UsedCode,
    Refusal::ExpiredCode,
    Refusal::TooLarge,
    Refusal::WrongType,
    Refusal::WrongEncoding { taken: "" },
    Refusal::TooMany { retry_after_s: 1 },
    Refusal::Failed,
    Refusal::Busy { retry_after_s: 1 },
];

/// Exchanges a one-time code for a number and a token. Safe to repeat by the same kiosk.
///
/// The kiosk signs under the key that it names, in Ed25519, `galleria enrolment 1;` and the 32 bytes of the
/// SHA-256 of the JSON, and from then on every batch.
#[utoipa::path(
    post,
    path = "/api/v1/kiosk/enrolments",
    operation_id = "enrol",
    tag = "kiosk",
    params(("X-Enrolment-Signature" = String, Header, description = "64 bytes in base64.")),
    request_body = EnrolmentRequest,
    responses((status = OK, description = "Who the kiosk is from now on.", body = Enrolment), Refused),
)]
pub async fn create(State(app): State<Arc<App>>, Try(small): Try) -> Result<Json<Enrolment>, Refusal> {
    let token = KioskToken::new(&app.random);
    let with = redemption(&small.value, &token)?;
    verify(&small, with.signing_key)?;
    let redeemed = app.store.fleet().enrol(with, app.clock.now()).await?;
    // The opener may now open items in quarantine that were sealed to a provisional key.
    app.arrived.notify();
    match redeemed {
        Redeemed::Enrolled { kiosk, name, content_key } => Ok(Json(Enrolment {
            kiosk,
            name,
            token: Secret(token.reveal()),
            sealing_key: app.sealing_key.public(),
            public_url: app.public_url.clone(),
            policy: app.settings.policy.clone(),
            content_key: content_key.map(|key| key.to_string()),
        })),
        Redeemed::Unknown => Err(Refusal::UnknownCode),
        Redeemed::Expired => Err(Refusal::ExpiredCode),
        Redeemed::Taken => Err(Refusal::UsedCode),
    }
}

/// An enrolment request within the rate limit, which counts before the body is read: a caller without a token who
/// sends it slowly keeps a place among the kiosk requests meanwhile.
pub struct Try(Small<EnrolmentRequest>);

impl FromRequest<Arc<App>> for Try {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let Ok(CallerAddress(address)) = CallerAddress::from_request_parts(&mut parts, app).await;
        if let Err(wait) = app.enrolments_by_address.admit(address, app.clock.steady()) {
            body::drain(body);
            return Err(Refusal::TooMany { retry_after_s: wait.seconds() });
        }
        Small::from_request(Request::from_parts(parts, body), app).await.map(Self)
    }
}

/// Checks the signature of the kiosk. Without it, a key that was changed in transit would lock the kiosk out.
fn verify(small: &Small<EnrolmentRequest>, key: VerifyingKey) -> Result<(), Refusal> {
    let signature = small.signature.as_deref();
    if !signature.is_some_and(|signature| key.signed(SignedPurpose::Enrolment, &small.bytes, signature)) {
        tracing::warn!("an enrolment has no valid signature of its kiosk: something on the way changes it");
        return Err(Refusal::WrongSignature);
    }
    Ok(())
}

fn redemption(request: &EnrolmentRequest, token: &KioskToken) -> Result<Redemption, Refusal> {
    let code: EnrolmentCode = request.code.0.parse().map_err(|_| Refusal::UnknownCode)?;
    let receipt_key = request.receipt_key.0.clone().try_into().map_err(|_| Refusal::Malformed)?;
    // A malformed key cannot have signed the request.
    let signing_key =
        VerifyingKey::from_bytes(&request.signing_key.0).map_err(|_| Refusal::WrongSignature)?;
    let keys = request.provisional_keys.iter().map(|key| PrivateKey::from_base64(&key.0));
    let provisional_keys: Vec<_> = keys.collect::<Result<_, _>>().map_err(|_| Refusal::Malformed)?;
    if provisional_keys.len() > PROVISIONAL_KEYS {
        return Err(Refusal::Malformed);
    }
    Ok(Redemption {
        code: code.digest(),
        token: token.digest(),
        receipt_key: ReceiptKey(receipt_key),
        signing_key,
        provisional_keys,
        software: request.software.chars().filter(|c| !c.is_control()).take(40).collect(),
    })
}
