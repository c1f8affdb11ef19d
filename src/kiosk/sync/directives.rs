//! Directives of a reply, beside its results: a new policy, the URL for receipts, a new token, the time of the
//! first contact after a start, a new epoch.
//!
//! Each is recorded if it is new. The next reply repeats a directive that could not be recorded.

use domain::id::CryptoRng;
use domain::wire::{BatchReply, ContentOffer};

use super::results::Coverage;
use crate::identity::Identity;
use crate::log::{MAINTENANCE, one_line};
use crate::net::PublicUrl;
use crate::outbox::Outbox;

/// Applies the directives; returns the offered content for the caller.
pub(super) fn apply(
    reply: BatchReply,
    coverage: Coverage,
    identity: &mut Identity,
    outbox: &mut Outbox,
    random: &mut impl CryptoRng,
) -> Option<ContentOffer> {
    if let Some(policy) = reply.policy
        && let Err(error) = identity.set_policy(policy)
    {
        tracing::warn!(target: MAINTENANCE, %error, "new promises could not be recorded");
    }
    if let (Coverage::Complete, Some(url)) = (coverage, &reply.public_url) {
        use_public_url(identity, url);
    }
    if let (Coverage::Complete, Some(token)) = (coverage, reply.token)
        && let Err(error) = identity.offer_token(token)
    {
        tracing::warn!(target: MAINTENANCE, %error, "a new token could not be recorded");
    }
    if coverage == Coverage::Complete
        && let Err(error) = identity.set_first_contact(reply.first_contact_s)
    {
        tracing::warn!(target: MAINTENANCE, %error, "the first contact after a start could not be recorded");
    }
    if reply.shared_epoch == Some(outbox.epoch()) {
        let begun = outbox.begin_distant_epoch(identity, random);
        tracing::warn!(
            target: MAINTENANCE,
            begun = begun.is_ok(),
            "another disk uses the same epoch; a new one begins"
        );
    }
    reply.content
}

/// Prints this URL on receipts from now on. The server may have moved since the kiosk enrolled.
fn use_public_url(identity: &mut Identity, url: &str) {
    let url: PublicUrl = match url.parse() {
        Ok(url) => url,
        Err(error) => {
            let url = one_line(url);
            tracing::warn!(target: MAINTENANCE, %error, url, "the address for receipts stays as it was");
            return;
        }
    };
    if identity.public_url() != Some(url.as_str()) {
        tracing::info!(target: MAINTENANCE, url = url.as_str(), "receipts lead to this address from now on");
    }
    if let Err(error) = identity.set_public_url(&url) {
        tracing::warn!(target: MAINTENANCE, %error, "the address for receipts could not be recorded");
    }
}
