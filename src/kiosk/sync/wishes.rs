//! What a server wishes beside its answers: promises, a new token, how long to wait after a start, a count
//! begun anew. Each is written down if it is new; what cannot be written down is said again by the server.

use domain::id::CryptoRng;
use domain::wire::{BatchReply, ContentOffer};

use super::MAINTENANCE;
use super::reply::Sense;
use crate::identity::Identity;
use crate::outbox::Outbox;

/// Obeys; what is offered to be shown is for the caller.
pub(super) fn obey(
    reply: BatchReply,
    sense: Sense,
    identity: &mut Identity,
    outbox: &mut Outbox,
    random: &mut impl CryptoRng,
) -> Option<ContentOffer> {
    if let Some(policy) = reply.policy
        && let Err(error) = identity.set_policy(policy)
    {
        tracing::warn!(target: MAINTENANCE, %error, "new promises could not be recorded");
    }
    // A token that was meant for another kiosk would make this one speak in its name for ever.
    let own = reply.kiosk == Some(identity.kiosk());
    if let (Sense::Whole, Some(token), true) = (sense, reply.token, own)
        && let Err(error) = identity.offer_token(token)
    {
        tracing::warn!(target: MAINTENANCE, %error, "a new token could not be recorded");
    }
    if sense == Sense::Whole
        && let Err(error) = identity.set_first_contact(reply.first_contact_s)
    {
        tracing::warn!(target: MAINTENANCE, %error, "when to call after a start could not be recorded");
    }
    if reply.shared_epoch == Some(outbox.epoch()) {
        let begun = outbox.begin_count_apart(identity, random);
        tracing::warn!(
            target: MAINTENANCE,
            begun = begun.is_ok(),
            "another disk counts like this one; a new count begins"
        );
    }
    reply.content
}
