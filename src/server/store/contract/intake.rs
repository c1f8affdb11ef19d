//! The contract of intake.

use std::sync::Arc;

use domain::case::Stage;
use domain::policy::SlaPolicy;
use domain::receipt::CaseNumber;
use domain::submission::Submission;
use domain::testing::{self, Sample};
use domain::wire::{ItemStatus, SeqWatermark};

use super::*;
use crate::secret::Digest;
use crate::store::fleet::{Caller, TokenUse};
use crate::store::intake::*;

on_every_store![
    an_item_is_kept_once_however_often_it_comes,
    other_bytes_under_an_id_are_a_conflict,
    two_items_in_one_place_share_an_epoch,
    missing_places_of_a_count_are_named,
    an_unparsed_item_goes_into_quarantine,
    an_opened_item_becomes_a_case_once,
    a_closed_item_is_tried_again_later,
    the_first_use_of_a_token_ends_the_older_ones,
];

pub(super) async fn a_kiosk(store: &Store) -> (KioskNumber, Digest) {
    let random = Random::from_seed([8; 32]);
    let (kiosk, code) = add(store, &random, "North door").await;
    let with = enrolment(&code, 1, &random);
    let token = with.token;
    store.fleet().enrol(with, at(0)).await.unwrap();
    (kiosk, token)
}

pub(super) fn received(kiosk: KioskNumber, seq: u64, id: u64, bytes: &[u8]) -> BatchItem {
    let envelope = Envelope {
        id: format!("01900000-0000-7000-8000-{id:012}").parse().unwrap(),
        kiosk,
        epoch: Epoch(1),
        seq: Seq(seq),
        key_id: KeyId("k".to_owned()),
        sealed: bytes.to_vec(),
    };
    let sha256 = domain::wire::SealedItem::hash(bytes);
    let (kind, created_at) = ("feedback".to_owned(), at(0));
    BatchItem::Received(Box::new(ReceivedItem { envelope, kind, created_at, sha256, age_ms: None }), at(0))
}

pub(super) fn a_batch(kiosk: KioskNumber, token: Digest, items: Vec<BatchItem>) -> ReceivedBatch {
    ReceivedBatch {
        kiosk,
        token,
        token_use: TokenUse::Again,
        next_token: Digest([77; 32]),
        oldest_token: at(-1000),
        call: KioskCall { waiting: 0, sent_at: at(0), report: None, public_url: None },
        content: None,
        watermarks: Vec::new(),
        newest_stored: None,
        items,
    }
}

async fn keep(store: &Store, of: (KioskNumber, Digest), items: Vec<BatchItem>) -> KeptBatch {
    store.intake().keep_batch(a_batch(of.0, of.1, items), at(1)).await.unwrap()
}

fn statuses(kept: &KeptBatch) -> Vec<ItemStatus> {
    kept.results.iter().map(|result| result.status).collect()
}

fn waiting(store: &Store) -> Vec<PendingItem> {
    store.intake().queue().unwrap().after(0, 100).unwrap()
}

async fn reasons(store: &Store) -> Vec<QuarantineReason> {
    let (_, items) = store.intake().quarantine(100, at(1)).await.unwrap();
    items.into_iter().map(|item| item.reason).collect()
}

/// Waits for a background write.
pub(super) fn done<T>(pending: Result<Pending<T>, StoreError>) -> T {
    tokio::task::block_in_place(|| pending.unwrap().wait().unwrap())
}

/// The outcome of opening the `n`th item.
pub(super) fn a_submission(kiosk: KioskNumber, n: u8, sample: Sample) -> OpenOutcome {
    let submission = Submission {
        case_number: CaseNumber::new(kiosk, Epoch(1), Seq(n.into())),
        token_digest: String::new(),
        code_digest: String::new(),
        language: sample.language,
        created_at: at(0),
        place: sample.place,
        body: sample.body,
        contact: sample.contact,
    };
    let digests = ReceiptDigests { token: Digest([n; 32]), code: Digest([n; 32]) };
    let terms = SearchTerms { telephone: Some(Digest([n; 32])), choices: String::new() };
    OpenOutcome::Case(Box::new(submission), digests, terms)
}

async fn an_item_is_kept_once_however_often_it_comes(store: &Store) {
    let of = a_kiosk(store).await;
    let item = || received(of.0, 1, 1, b"sealed");
    let first = keep(store, of, vec![item(), item()]).await;
    assert_eq!(statuses(&first), [ItemStatus::Stored, ItemStatus::Duplicate]);
    assert_eq!(statuses(&keep(store, of, vec![item()]).await), [ItemStatus::Duplicate]);
    assert_eq!(waiting(store).len(), 1);
    assert_eq!(waiting(store)[0].envelope.sealed, b"sealed");
}

async fn other_bytes_under_an_id_are_a_conflict(store: &Store) {
    let of = a_kiosk(store).await;
    let items = vec![received(of.0, 1, 1, b"first"), received(of.0, 1, 1, b"other")];
    let kept = keep(store, of, items).await;
    assert_eq!(statuses(&kept), [ItemStatus::Stored, ItemStatus::Conflict]);
    assert_eq!(
        kept.results[1].sha256,
        domain::wire::SealedItem::hash(b"first"),
        "the kiosk gets the hash of what is stored"
    );
    assert_eq!(reasons(store).await, [QuarantineReason::Conflict]);
    assert_eq!(waiting(store).len(), 1);
}

/// Two disks count under one epoch, and the items of both are stored.
async fn two_items_in_one_place_share_an_epoch(store: &Store) {
    let of = a_kiosk(store).await;
    assert_eq!(keep(store, of, vec![received(of.0, 1, 1, b"one")]).await.shared_epoch, None);
    let copy = keep(store, of, vec![received(of.0, 1, 2, b"two")]).await;
    assert_eq!((statuses(&copy), copy.shared_epoch), (vec![ItemStatus::Stored], Some(Epoch(1))));
    assert_eq!(waiting(store).len(), 2);
    assert_eq!(store.fleet().kiosks(at(1)).await.unwrap()[0].copied_at, Some(at(1)));
}

async fn missing_places_of_a_count_are_named(store: &Store) {
    let of = a_kiosk(store).await;
    let items = [1, 2, 5].map(|seq| received(of.0, seq, seq, &seq.to_be_bytes()));
    keep(store, of, Vec::from(items)).await;
    let counted = SeqWatermark { kiosk: of.0, epoch: Epoch(1), last: Seq(7) };
    let known: domain::id::SubmissionId = "01900000-0000-7000-8000-000000000005".parse().unwrap();
    let batch = ReceivedBatch {
        watermarks: vec![counted],
        newest_stored: Some(known),
        ..a_batch(of.0, of.1, Vec::new())
    };
    let kept = store.intake().keep_batch(batch, at(2)).await.unwrap();
    assert_eq!(kept.missing[0].gaps, [(Seq(3), Seq(4)), (Seq(6), Seq(7))]);
    assert_eq!((kept.contiguous[0].last, kept.newest_unknown), (Seq(2), false));
    let unknown = "01900000-0000-7000-8000-000000000099".parse().unwrap();
    let batch = ReceivedBatch { newest_stored: Some(unknown), ..a_batch(of.0, of.1, Vec::new()) };
    assert!(store.intake().keep_batch(batch, at(2)).await.unwrap().newest_unknown);
}

async fn an_unparsed_item_goes_into_quarantine(store: &Store) {
    let of = a_kiosk(store).await;
    let item = || {
        BatchItem::Unparsed(UnparsedItem {
            id: "01900000-0000-7000-8000-000000000001".parse().unwrap(),
            sha256: "00".repeat(32),
            raw: "{}".to_owned(),
        })
    };
    let kept = keep(store, of, vec![item(), item()]).await;
    assert_eq!(statuses(&kept), [ItemStatus::Stored, ItemStatus::Duplicate]);
    assert_eq!(reasons(store).await, [QuarantineReason::Unparsed]);
    assert!(waiting(store).is_empty());
}

async fn an_opened_item_becomes_a_case_once(store: &Store) {
    let of = a_kiosk(store).await;
    keep(store, of, vec![received(of.0, 1, 1, b"one"), received(of.0, 2, 2, b"two")]).await;
    let opened = waiting(store).into_iter().zip([1, 1]).map(|(item, token)| OpenedItem {
        of: item,
        outcome: a_submission(of.0, token, testing::a_complaint("noise")),
    });
    let opened = Arc::new(opened.collect::<Vec<_>>());
    for _ in 0..2 {
        done(store.intake().settle(Arc::clone(&opened), SlaPolicy::default()));
    }
    assert!(waiting(store).is_empty());
    let (desk, items) = store.intake().quarantine(100, at(1)).await.unwrap();
    assert_eq!((desk.cases.open, desk.at(Stage::Acceptance)), (1, 1));
    assert_eq!(items[0].reason, QuarantineReason::TokenTaken, "the other item has the same token");
}

async fn a_closed_item_is_tried_again_later(store: &Store) {
    let of = a_kiosk(store).await;
    keep(store, of, vec![received(of.0, 1, 1, b"one"), received(of.0, 2, 2, b"two")]).await;
    let reasons_found = [QuarantineReason::UnknownKey, QuarantineReason::Unopenable];
    let opened = waiting(store).into_iter().zip(reasons_found);
    let opened =
        opened.map(|(item, reason)| OpenedItem { of: item, outcome: OpenOutcome::Quarantined(reason) });
    done(store.intake().settle(Arc::new(opened.collect()), SlaPolicy::default()));
    assert!(waiting(store).is_empty());
    assert_eq!(done(store.intake().retry_quarantined()), 1, "an unopenable item is not tried again");
    let row = waiting(store)[0].row;
    done(store.intake().give_up(row));
    assert!(waiting(store).is_empty());
    let mut reasons = reasons(store).await;
    reasons.sort_by_key(|reason| reason.key());
    assert_eq!(reasons, [QuarantineReason::Failed, QuarantineReason::Unopenable]);
}

async fn the_first_use_of_a_token_ends_the_older_ones(store: &Store) {
    let (kiosk, token) = a_kiosk(store).await;
    let next = Digest([42; 32]);
    let batch = ReceivedBatch { next_token: next, oldest_token: at(1), ..a_batch(kiosk, token, Vec::new()) };
    assert!(store.intake().keep_batch(batch, at(2)).await.unwrap().token_replaced);
    let known = async |token| store.fleet().caller(token).await.unwrap();
    assert!(known(token).await.is_some(), "the reply may have been lost");
    let expected = Caller::Kiosk(kiosk, TokenUse::First, a_signing_key());
    assert_eq!(known(next).await, Some(expected));
    let batch = ReceivedBatch { token_use: TokenUse::First, ..a_batch(kiosk, next, Vec::new()) };
    store.intake().keep_batch(batch, at(3)).await.unwrap();
    assert!(known(token).await.is_none());
    let expected = Caller::Kiosk(kiosk, TokenUse::Again, a_signing_key());
    assert_eq!(known(next).await, Some(expected));
}
