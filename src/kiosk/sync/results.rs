//! Checks a reply: a result is used only if its item was sent and no other result contradicts it.
//!
//! A reply may come from anything between the kiosk and its server. A part of it may be valid: an id with the
//! right hash proves that its item arrived, whatever else the reply contains.

use std::collections::BTreeMap;

use domain::id::SubmissionId;
use domain::wire::{ItemResult, SealedItem};

/// Whether a reply matches its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coverage {
    /// Every item has one result.
    Complete,
    /// A result is missing, foreign or contradicted by another.
    Partial,
}

/// Selects the usable results.
pub(super) fn usable(sent: &[SealedItem], results: Vec<ItemResult>) -> (Vec<ItemResult>, Coverage) {
    let mut by_id: BTreeMap<SubmissionId, Option<ItemResult>> = BTreeMap::new();
    let mut coverage = Coverage::Complete;
    for result in results {
        if !sent.iter().any(|item| item.id == result.id) {
            coverage = Coverage::Partial;
            continue;
        }
        match by_id.get_mut(&result.id) {
            None => {
                by_id.insert(result.id, Some(result));
            }
            Some(first) if first.as_ref() == Some(&result) => {}
            Some(contradicted) => *contradicted = None,
        }
    }
    let results: Vec<_> = by_id.into_values().flatten().collect();
    if results.len() < sent.len() {
        coverage = Coverage::Partial;
    }
    (results, coverage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;
    use domain::id::{Epoch, KioskNumber, Seq};
    use domain::kind::Kind;
    use domain::seal::KeyId;
    use domain::wire::{Bytes, ItemStatus};

    fn item(n: u64) -> SealedItem {
        SealedItem {
            id: format!("01900000-0000-7000-8000-{n:012}").parse().unwrap(),
            kiosk: KioskNumber::NOT_ENROLLED,
            epoch: Epoch(1),
            seq: Seq(n),
            kind: Kind::Feedback,
            created_at: Timestamp::UNIX_EPOCH,
            key_id: KeyId("k".to_owned()),
            sha256: n.to_string(),
            sealed: Bytes(Vec::new()),
            age_ms: None,
        }
    }

    fn result(n: u64, status: ItemStatus) -> ItemResult {
        ItemResult { id: item(n).id, status, sha256: n.to_string(), reason: None }
    }

    #[test]
    fn a_complete_reply_is_used() {
        let (results, coverage) = usable(
            &[item(1), item(2)],
            vec![result(2, ItemStatus::Stored), result(1, ItemStatus::Retry), result(1, ItemStatus::Retry)],
        );
        assert_eq!((results.len(), coverage), (2, Coverage::Complete));
    }

    #[test]
    fn foreign_or_missing_results_make_a_reply_partial() {
        let foreign = usable(&[item(1)], vec![result(1, ItemStatus::Stored), result(9, ItemStatus::Stored)]);
        assert_eq!(foreign, (vec![result(1, ItemStatus::Stored)], Coverage::Partial));
        let missing = usable(&[item(1), item(2)], vec![result(1, ItemStatus::Stored)]);
        assert_eq!(missing, (vec![result(1, ItemStatus::Stored)], Coverage::Partial));
    }

    #[test]
    fn contradicting_results_cancel_each_other() {
        let (results, coverage) =
            usable(&[item(1)], vec![result(1, ItemStatus::Stored), result(1, ItemStatus::Rejected)]);
        assert_eq!((results, coverage), (Vec::new(), Coverage::Partial));
    }
}
