//! Judging a reply: only what is about an item that was sent, and is said once, is obeyed.
//!
//! A reply may come from anything that sits between the kiosk and its server. Part of it may make sense:
//! an id with the right hash proves that its item arrived, whatever else the reply says.

use std::collections::BTreeMap;

use domain::id::SubmissionId;
use domain::wire::{ItemResult, SealedItem};

/// Whether a reply was one to this request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// Every item has its answer.
    Whole,
    /// Some answer is missing, foreign or said twice.
    Partial,
}

/// Picks the answers that can be obeyed.
pub(super) fn obeyable(sent: &[SealedItem], results: Vec<ItemResult>) -> (Vec<ItemResult>, Sense) {
    let mut answers: BTreeMap<SubmissionId, Option<ItemResult>> = BTreeMap::new();
    let mut sense = Sense::Whole;
    for result in results {
        if !sent.iter().any(|item| item.id == result.id) {
            sense = Sense::Partial;
            continue;
        }
        match answers.get_mut(&result.id) {
            None => {
                answers.insert(result.id, Some(result));
            }
            Some(first) if first.as_ref() == Some(&result) => {}
            Some(contradicted) => *contradicted = None,
        }
    }
    let obeyable: Vec<_> = answers.into_values().flatten().collect();
    if obeyable.len() < sent.len() {
        sense = Sense::Partial;
    }
    (obeyable, sense)
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

    fn says(n: u64, status: ItemStatus) -> ItemResult {
        ItemResult { id: item(n).id, status, sha256: n.to_string(), reason: None }
    }

    #[test]
    fn a_whole_reply_is_obeyed_whole() {
        let (obeyed, sense) = obeyable(
            &[item(1), item(2)],
            vec![says(2, ItemStatus::Stored), says(1, ItemStatus::Retry), says(1, ItemStatus::Retry)],
        );
        assert_eq!((obeyed.len(), sense), (2, Sense::Whole));
    }

    #[test]
    fn a_foreign_or_missing_answer_spoils_the_sense_but_not_the_others() {
        let foreign = obeyable(&[item(1)], vec![says(1, ItemStatus::Stored), says(9, ItemStatus::Stored)]);
        assert_eq!(foreign, (vec![says(1, ItemStatus::Stored)], Sense::Partial));
        let missing = obeyable(&[item(1), item(2)], vec![says(1, ItemStatus::Stored)]);
        assert_eq!(missing, (vec![says(1, ItemStatus::Stored)], Sense::Partial));
    }

    #[test]
    fn an_item_of_which_two_things_are_said_has_no_answer() {
        let (obeyed, sense) =
            obeyable(&[item(1)], vec![says(1, ItemStatus::Stored), says(1, ItemStatus::Rejected)]);
        assert_eq!((obeyed, sense), (Vec::new(), Sense::Partial));
    }
}
