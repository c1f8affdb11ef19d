use std::collections::BTreeSet;
use std::fs;

use domain::id::{KioskNumber, Seq};
use domain::kind::Kind;
use domain::policy::SlaPolicy;
use domain::seal::PrivateKey;
use domain::submission::{Body, Submission};
use domain::testing;
use domain::wire::{Batch, Enrolment, ItemResult, ItemStatus, Limits, SealedItem, Secret};
use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

use super::*;

mod damaged;
mod delivered;
mod quarantine;

const CANARY: &str = "the escalator ate my umbrella 彰莉枋";

struct Kiosk {
    folder: tempfile::TempDir,
    identity: Identity,
    random: ChaCha20Rng,
}

fn noon() -> Timestamp {
    Timestamp::from_timestamp(1_795_262_400, 123_456_789).unwrap()
}

fn server_key() -> PrivateKey {
    PrivateKey::new(&mut ChaCha20Rng::seed_from_u64(77))
}

impl Kiosk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut random = ChaCha20Rng::seed_from_u64(5);
        let (identity, _) = Identity::open(folder.path(), noon(), &mut random).unwrap();
        Self { folder, identity, random }
    }

    fn enrolled() -> Self {
        let mut kiosk = Self::new();
        kiosk.become_enrolled();
        kiosk
    }

    fn become_enrolled(&mut self) {
        let enrolment = Enrolment {
            kiosk: KioskNumber::new(3).unwrap(),
            name: "West".to_owned(),
            token: Secret("token".to_owned()),
            sealing_key: server_key().public(),
            public_url: "https://mall.example".to_owned(),
            policy: SlaPolicy::default(),
            content_key: None,
        };
        let public_url = enrolment.public_url.parse().unwrap();
        self.identity.enrol("https://mall.example", enrolment, &public_url).unwrap();
    }

    fn open(&mut self) -> (Outbox, Option<Replaced>) {
        Outbox::open(self.folder.path(), &mut self.identity, noon()).unwrap()
    }

    fn queue(&mut self, outbox: &mut Outbox) -> Receipt {
        outbox.queue(&a_complaint(CANARY), &self.identity, noon(), &mut self.random).unwrap()
    }
}

fn a_complaint(words: &str) -> Draft {
    let testing::Sample { language, place, body, contact } = testing::a_complaint(words);
    Draft { language, place, body, contact }
}

fn everything(outbox: &Outbox) -> Vec<SealedItem> {
    outbox
        .next_batch(
            BatchKind::Fresh,
            &Limits { max_items: 10_000, max_bytes: usize::MAX, ..Limits::default() },
        )
        .unwrap()
}

fn suspect(outbox: &Outbox) -> Option<SealedItem> {
    outbox.next_batch(BatchKind::Suspect, &Limits::default()).unwrap().pop()
}

fn answer(item: &SealedItem, status: ItemStatus) -> ItemResult {
    ItemResult { id: item.id, status, sha256: item.sha256.clone(), reason: None }
}

/// All bytes under `folder`.
fn all_of(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(if path.is_dir() { all_of(&path) } else { fs::read(path).unwrap() });
    }
    bytes
}

fn contains(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

#[test]
fn queued_items_survive_unreadable_to_the_kiosk() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    let receipt = kiosk.queue(&mut outbox);
    assert!(!contains(&all_of(kiosk.folder.path()), CANARY), "while the write-ahead log is full");
    drop(outbox);
    assert!(!contains(&all_of(kiosk.folder.path()), CANARY), "after the checkpoint");

    let (outbox, replaced) = kiosk.open();
    assert!(replaced.is_none());
    let items = everything(&outbox);
    let item = &items[0];
    let context = SealedItem::context(item.kiosk, item.epoch, item.seq, item.id);
    let plain = server_key().open(&item.sealed.0, &context).unwrap();
    assert!(contains(&plain, CANARY), "the search above can find it");
    let submission: Submission = serde_json::from_slice(&plain).unwrap();
    assert_eq!(submission.case_number, receipt.case_number);
    assert_eq!(submission.token_digest, domain::seal::hex(&receipt.token.digest().0));
    assert_eq!(submission.created_at, item.created_at);
    assert_eq!(submission.body, a_complaint(CANARY).body);
    assert_eq!(submission.contact, a_complaint(CANARY).contact);
    assert_eq!(submission.place, a_complaint(CANARY).place);
}

/// A prepared key exchange is used only for the sealing key that is current when the visitor sends.
#[test]
fn a_prepared_key_exchange_is_used_once() {
    let mut kiosk = Kiosk::new();
    let (mut outbox, _) = kiosk.open();
    let provisional = kiosk.identity.sealing_key().clone();
    for enrols in [false, false, true] {
        outbox.make_ready(&kiosk.identity, &mut kiosk.random);
        if enrols {
            kiosk.become_enrolled();
        }
        kiosk.queue(&mut outbox);
        kiosk.queue(&mut outbox);
    }
    let items = outbox.next_batch(BatchKind::Fresh, &Limits::default()).unwrap();
    let keys: Vec<_> = items.iter().map(|item| item.key_id.clone()).collect();
    let (before, after) = (provisional.id(), server_key().public().id());
    assert_eq!(keys, [&before, &before, &before, &before, &after, &after].map(Clone::clone));
    let encapped: BTreeSet<&[u8]> = items.iter().map(|item| &item.sealed.0[1..33]).collect();
    assert_eq!(encapped.len(), 6, "no secret is used twice");
    for item in &items[4..] {
        let context = SealedItem::context(item.kiosk, item.epoch, item.seq, item.id);
        assert!(contains(&server_key().open(&item.sealed.0, &context).unwrap(), CANARY));
    }
}

#[test]
fn a_receipt_hides_its_token_in_logs() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    let receipt = kiosk.queue(&mut outbox);
    let url = receipt.tracking_url.clone().unwrap();
    assert_eq!(url, format!("https://mall.example/t/{}", receipt.token));
    assert!(receipt.token.is_marked_by(kiosk.identity.receipt_key()));
    assert_eq!(receipt.answer_due.map(|due| (due - receipt.created_at).num_hours()), Some(24));
    assert!(!format!("{receipt:?}").contains(&receipt.token.to_string()));
}

#[test]
fn a_kiosk_without_a_server_queues_too() {
    let mut kiosk = Kiosk::new();
    let (mut outbox, _) = kiosk.open();
    let (first, second) = (kiosk.queue(&mut outbox), kiosk.queue(&mut outbox));
    assert_eq!(first.tracking_url, None);
    assert_ne!(first.case_number, second.case_number);
    assert_eq!(everything(&outbox)[0].kiosk, KioskNumber::NOT_ENROLLED);
}

#[test]
fn the_sequence_has_no_gap_over_restarts() {
    let mut kiosk = Kiosk::enrolled();
    let mut seen = Vec::new();
    for _ in 0..4 {
        let (mut outbox, _) = kiosk.open();
        kiosk.queue(&mut outbox);
        let items = everything(&outbox);
        seen.extend(items.iter().map(|item| (item.epoch, item.seq)));
        outbox.settle(&[answer(&items[0], ItemStatus::Stored)], &ServerReport::at(noon()), noon()).unwrap();
    }
    let epoch = kiosk.identity.epoch();
    assert_eq!(seen, [1, 2, 3, 4].map(|n| (epoch, Seq(n))));
}

#[test]
fn only_a_matching_hash_delivers_an_item() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    let item = everything(&outbox).remove(0);
    let other_hash = ItemResult { sha256: "0".repeat(64), ..answer(&item, ItemStatus::Stored) };
    let no_hash = ItemResult { sha256: String::new(), ..answer(&item, ItemStatus::Duplicate) };
    for wrong in [other_hash, no_hash, answer(&item, ItemStatus::Retry), answer(&item, ItemStatus::Unknown)] {
        let settlement = outbox.settle(&[wrong], &ServerReport::at(noon()), noon()).unwrap();
        assert_eq!(settlement, Settlement { kept: 1, ..Settlement::default() });
        assert_eq!(outbox.waiting().unwrap(), 1);
    }
    let settlement =
        outbox.settle(&[answer(&item, ItemStatus::Duplicate)], &ServerReport::at(noon()), noon()).unwrap();
    assert_eq!((settlement.delivered, outbox.waiting().unwrap()), (1, 0));
    assert_eq!(
        outbox.settle(&[answer(&item, ItemStatus::Stored)], &ServerReport::at(noon()), noon()).unwrap(),
        Settlement::default()
    );
}

#[test]
fn rejected_items_are_quarantined_and_can_be_released() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    kiosk.queue(&mut outbox);
    let items = everything(&outbox);
    let refused =
        ItemResult { reason: Some("too\nold".to_owned()), ..answer(&items[0], ItemStatus::Rejected) };
    let settlement = outbox
        .settle(&[refused, answer(&items[1], ItemStatus::Conflict)], &ServerReport::at(noon()), noon())
        .unwrap();
    assert_eq!((settlement.quarantined, outbox.waiting().unwrap()), (2, 0));
    let listed = outbox.quarantined().unwrap();
    assert_eq!(listed[0].reason, "rejected: tooold");
    assert_eq!((listed[1].id, listed[1].reason.as_str()), (items[1].id, "conflict"));

    outbox.release(items[0].id).unwrap();
    assert_eq!(suspect(&outbox).unwrap().id, items[0].id);
    assert_eq!(outbox.quarantined().unwrap().len(), 1);
}

#[test]
fn postponed_items_go_last_and_refused_ones_alone() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    for _ in 0..3 {
        kiosk.queue(&mut outbox);
    }
    let one = Limits { max_items: 1, ..Limits::default() };
    let first = outbox.next_batch(BatchKind::Fresh, &one).unwrap().remove(0);
    assert_eq!(first.seq, Seq(1));
    outbox.settle(&[answer(&first, ItemStatus::Retry)], &ServerReport::at(noon()), noon()).unwrap();
    let second = outbox.next_batch(BatchKind::Fresh, &one).unwrap().remove(0);
    assert_eq!(second.seq, Seq(2));
    assert_eq!(outbox.count_refusal(second.id, Fault::Server).unwrap(), 0);
    assert_eq!(outbox.count_refusal(second.id, Fault::Item).unwrap(), 1);
    let seqs: Vec<_> = everything(&outbox).iter().map(|item| item.seq.0).collect();
    assert_eq!(seqs, [1, 3]);
    assert_eq!(suspect(&outbox).unwrap().id, second.id);
    assert_eq!(outbox.waiting_by_kind().unwrap(), Waiting { fresh: 2, suspect: 1 });
}

#[test]
fn a_batch_is_within_limits_but_never_empty() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    for _ in 0..20 {
        kiosk.queue(&mut outbox);
    }
    for max_bytes in [0, 1_000, 5_000, 12_345] {
        let items = outbox.next_batch(BatchKind::Fresh, &Limits { max_bytes, ..Limits::default() }).unwrap();
        assert!(!items.is_empty());
        let count = items.len();
        let body =
            serde_json::to_vec(&Batch { sent_at: noon(), items, waiting: u64::MAX, ..Batch::default() })
                .unwrap()
                .len();
        assert!(body <= max_bytes || count == 1, "{body} of {max_bytes}");
        assert!(body > max_bytes / 2, "the estimate is not wasteful: {body} of {max_bytes}");
    }
}

#[test]
fn a_wiped_draft_holds_no_word() {
    let mut draft = a_complaint(CANARY);
    zeroize::Zeroize::zeroize(&mut draft);
    let Body::Answers(answers) = &draft.body else { panic!("still answers") };
    assert_eq!((answers.answers.len(), draft.contact, draft.place), (0, None, None));
    assert_eq!(draft.body.kind(), Kind::Complaint);
}

/// An event in the life of an outbox.
#[derive(Clone, Debug)]
enum Happening {
    Queue,
    Restart,
    Answer(usize, ItemStatus),
    Refuse,
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let status = prop::sample::select(vec![
        ItemStatus::Stored,
        ItemStatus::Duplicate,
        ItemStatus::Conflict,
        ItemStatus::Rejected,
        ItemStatus::Retry,
        ItemStatus::Unknown,
    ]);
    prop::collection::vec(
        prop_oneof![
            3 => Just(Happening::Queue),
            1 => Just(Happening::Restart),
            3 => (1_usize..5, status).prop_map(|(n, status)| Happening::Answer(n, status)),
            1 => Just(Happening::Refuse),
        ],
        1..25,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_receipt_is_waiting_delivered_or_quarantined(story in happenings()) {
        let mut kiosk = Kiosk::enrolled();
        let (mut outbox, _) = kiosk.open();
        let (mut given, mut delivered) = (0_u64, 0_u64);
        for happening in story {
            match happening {
                Happening::Queue => {
                    kiosk.queue(&mut outbox);
                    given += 1;
                }
                Happening::Restart => {
                    drop(outbox);
                    outbox = kiosk.open().0;
                }
                Happening::Answer(n, status) => {
                    let items = outbox.next_batch(BatchKind::Fresh, &Limits { max_items: n, ..Limits::default() }).unwrap();
                    let results: Vec<_> = items.iter().map(|item| answer(item, status)).collect();
                    delivered += outbox.settle(&results, &ServerReport::at(noon()), noon()).unwrap().delivered;
                }
                Happening::Refuse => {
                    if let Some(item) = outbox.next_batch(BatchKind::Fresh, &Limits::default()).unwrap().first() {
                        outbox.count_refusal(item.id, Fault::Item).unwrap();
                    }
                }
            }
            let aside = u64::try_from(outbox.quarantined().unwrap().len()).unwrap();
            prop_assert_eq!(outbox.waiting().unwrap() + aside + delivered, given);
        }
    }
}
