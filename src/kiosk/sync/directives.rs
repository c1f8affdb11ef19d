//! What a reply asks of the kiosk beside its results: new promises, a new token, when to make the first contact
//! after a start, to begin another epoch. Each is recorded if it is new. One that could not be recorded comes
//! again with the next reply.

use domain::id::CryptoRng;
use domain::wire::{BatchReply, ContentOffer};

use super::results::Coverage;
use crate::identity::Identity;
use crate::log::MAINTENANCE;
use crate::outbox::Outbox;

/// Applies them; offered content is returned for the caller.
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
    // A token meant for another kiosk would make this one authenticate as that one for good.
    let own = reply.kiosk == identity.kiosk();
    if let (Coverage::Complete, Some(token), true) = (coverage, reply.token, own)
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
