//! The transport over HTTPS. It also passes content offers to the courier.

use std::sync::Arc;

use domain::wire::{BatchReply, ContentOffer, ContentReport, Enrolment, Secret, Signed};

use super::engine::Transport;
use crate::content::{ContentSource, Courier};
use crate::identity::Identity;
use crate::log::MAINTENANCE;
use crate::net::{Client, RequestError};

pub(super) struct HttpTransport {
    client: Client,
    courier: Option<Arc<Courier>>,
}

impl HttpTransport {
    pub(super) fn new(client: Client, courier: Option<Arc<Courier>>) -> Self {
        Self { client, courier }
    }
}

impl Transport for HttpTransport {
    fn server(&self) -> &str {
        self.client.server().as_str()
    }

    fn send_batch(&self, token: &Secret, batch: &Signed) -> Result<BatchReply, RequestError> {
        self.client.send_batch(token, batch)
    }

    fn enrol(&self, request: &Signed) -> Result<Enrolment, RequestError> {
        self.client.enrol(request)
    }

    fn content_report(&self) -> Option<ContentReport> {
        self.courier.as_ref().map(|courier| courier.report())
    }

    fn content_offered(&self, offer: ContentOffer, identity: &Identity) {
        let Some(courier) = &self.courier else { return };
        let version = offer.version;
        match (identity.token().cloned(), identity.content_key().map(str::parse)) {
            (Some(token), Some(Ok(key))) => {
                courier.offered(offer, ContentSource { client: self.client.clone(), token, key });
            }
            (_, Some(Err(error))) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(target: MAINTENANCE, %version, error, "the content key is invalid");
            }
            _ => {
                tracing::warn!(target: MAINTENANCE, %version, "no content key is known; enrol again to learn it");
            }
        }
    }
}
