//! Asking the server for a visitor what became of what they sent.
//!
//! It has nothing to do with the loop: one question, one answer, on whoever's thread asks, within ten
//! seconds. Nothing of either is kept, and the log learns no more than that there was no answer.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::language::Language;
use domain::wire::{CaseStatus, Secret, StatusRequest};
use zeroize::Zeroize as _;

use super::address::{ProxyAddress, ServerAddress};
use super::client::{Client, Roots, Timeouts};
use super::lock;
use super::response::Failure;
use crate::case_lookup::{LookupError, PATIENCE_S, ReceiptProof};
use crate::identity::Identity;

/// Where and as whom to ask.
pub struct Inquiry {
    /// The server; without one, that of the enrolment.
    pub server: Option<ServerAddress>,
    /// A proxy through which it is reached.
    pub proxy: Option<ProxyAddress>,
    /// Whose certificates are believed.
    pub roots: Roots,
    /// Version of this program.
    pub software: String,
    /// Who this kiosk is.
    pub identity: Arc<Mutex<Identity>>,
}

impl Inquiry {
    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// [`LookupError`]: what to tell the visitor instead.
    pub fn ask(&self, proof: &ReceiptProof, language: Language) -> Result<CaseStatus, LookupError> {
        let (server, token) = self.whom().ok_or(LookupError::NoServer)?;
        let whole = Duration::from_secs(PATIENCE_S.into());
        let (proxy, timeouts) = (self.proxy.as_ref(), Timeouts { connect: whole / 2, whole });
        let client = Client::new(server, proxy, &self.roots, timeouts, &self.software);
        let mut request = request(proof, language);
        let answer = client.case_status(&token, &request);
        request.zeroize();
        answer.map_err(not_told)
    }

    fn whom(&self) -> Option<(ServerAddress, Secret)> {
        let identity = lock(&self.identity);
        let known = || identity.server().and_then(|server| server.parse().ok());
        Some((self.server.clone().or_else(known)?, identity.token()?.clone()))
    }
}

fn request(proof: &ReceiptProof, language: Language) -> StatusRequest {
    let language = language.tag().to_owned();
    match proof {
        ReceiptProof::Token(token) => StatusRequest::Token { token: Secret(token.to_string()), language },
        ReceiptProof::Number(number, code) => StatusRequest::Number {
            number: Secret(number.to_string()),
            code: Secret(code.to_string()),
            language,
        },
    }
}

/// Without a word of its own for it, something other than the server may have answered.
fn not_told(failure: Failure) -> LookupError {
    failure.note("a visitor's question");
    match failure {
        Failure::Unreachable(_) | Failure::Nonsense(_) => LookupError::NoNetwork,
        Failure::Status { status, code, retry_after } => match (status, code.as_deref()) {
            (404, Some("unknown-case")) => LookupError::Unknown,
            (429, Some(_)) => LookupError::TooMany(retry_after.unwrap_or(Duration::from_secs(60))),
            (408 | 500.., Some(_)) => LookupError::Busy,
            (_, Some(_)) => LookupError::NoServer,
            (_, None) => LookupError::NoNetwork,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_is_told_apart_and_a_gate_in_between_is_no_server() {
        let told = |status, code: Option<&str>| {
            not_told(Failure::Status {
                status,
                code: code.map(str::to_owned),
                retry_after: Some(Duration::from_secs(720)),
            })
        };
        assert_eq!(told(404, Some("unknown-case")), LookupError::Unknown);
        assert_eq!(told(404, Some("not-found")), LookupError::NoServer, "a server that cannot tell yet");
        assert_eq!(told(429, Some("too-many")), LookupError::TooMany(Duration::from_secs(720)));
        assert_eq!(told(503, Some("busy")), LookupError::Busy);
        assert_eq!(told(401, Some("wrong-token")), LookupError::NoServer);
        for status in [403, 404, 429, 503] {
            assert_eq!(told(status, None), LookupError::NoNetwork);
        }
    }
}
