//! The case lookup: asks the server for the status of a visitor's case.
//!
//! Each question is a task on the network's thread, with a timeout of ten seconds and a connection of its own,
//! so that nothing of it stays. Neither the request nor the reply is stored. The log records only that a request
//! failed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::language::Language;
use domain::wire::{CaseStatus, Secret, StatusRequest};

use crate::case_lookup::{LookupError, PATIENCE_S, ReceiptProof};
use crate::identity::Identity;
use crate::lock::lock;
use crate::net::network::Pending;
use crate::net::{Client, Network, ProxyAddress, RequestError, Roots, ServerAddress, Timeouts};

/// Sends lookups to the server.
pub struct LookupClient {
    /// The network that it sends through.
    pub network: Network,
    /// The server; without one, the server of the enrolment.
    pub server: Option<ServerAddress>,
    /// A proxy between the kiosk and the server.
    pub proxy: Option<ProxyAddress>,
    /// The root certificates that are trusted.
    pub roots: Roots,
    /// Version of this program.
    pub software: String,
    /// The identity of this kiosk.
    pub identity: Arc<Mutex<Identity>>,
}

impl LookupClient {
    /// Sends the request; `answer` gets the reply, or the reason that the page shows to the visitor, on the
    /// network's thread. Dropping the [`Pending`] cancels the request.
    ///
    /// # Errors
    /// [`LookupError::NoServer`]: nobody can be asked.
    pub(crate) fn ask(
        &self,
        proof: &ReceiptProof,
        language: Language,
        answer: impl FnOnce(Result<CaseStatus, LookupError>) + Send + 'static,
    ) -> Result<Pending, LookupError> {
        let (server, token) = self.server_and_token().ok_or(LookupError::NoServer)?;
        let total = Duration::from_secs(PATIENCE_S.into());
        let (proxy, timeouts) = (self.proxy.as_ref(), Timeouts { connect: total / 2, total });
        let client = Client::new(&self.network, server, proxy, &self.roots, timeouts, &self.software);
        let status = client.case_status(&token, request(proof, language));
        Ok(self.network.spawn(total, status, move |status| answer(status.map_err(|why| lookup_error(&why)))))
    }

    fn server_and_token(&self) -> Option<(ServerAddress, Secret)> {
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

/// Without a problem code, the answer may not come from the server.
fn lookup_error(error: &RequestError) -> LookupError {
    match error {
        RequestError::Unreachable(_)
        | RequestError::InvalidReply(_)
        | RequestError::CompressedBody { .. } => LookupError::NoNetwork,
        RequestError::Status { status, code, retry_after } => match (status, code.as_deref()) {
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
    fn a_captive_portal_counts_as_no_network() {
        let read = |status, code: Option<&str>| {
            lookup_error(&RequestError::Status {
                status,
                code: code.map(str::to_owned),
                retry_after: Some(Duration::from_secs(720)),
            })
        };
        assert_eq!(read(404, Some("unknown-case")), LookupError::Unknown);
        assert_eq!(read(404, Some("not-found")), LookupError::NoServer, "a server that cannot tell yet");
        assert_eq!(read(429, Some("too-many")), LookupError::TooMany(Duration::from_secs(720)));
        assert_eq!(read(503, Some("busy")), LookupError::Busy);
        assert_eq!(read(401, Some("wrong-token")), LookupError::NoServer);
        for status in [403, 404, 429, 503] {
            assert_eq!(read(status, None), LookupError::NoNetwork);
        }
    }
}
