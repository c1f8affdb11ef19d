//! The contract of cases.

use std::sync::Arc;

use domain::case::{Stage, StageError};
use domain::kind::Kind;
use domain::policy::SlaPolicy;
use domain::receipt::{CaseNumber, TrackingToken};
use domain::text::Story;

use domain::testing::{self, Sample};

use super::intake::{a_batch, a_kiosk, a_submission, done, received};
use super::*;
use crate::store::accounts::{Login, Role, Staff};
use crate::store::cases::*;
use crate::store::intake::OpenedItem;

on_every_store![
    the_inbox_is_sorted_by_what_is_due,
    a_case_is_found_by_words_and_by_number,
    a_stale_change_changes_nothing,
    a_forbidden_step_is_refused,
    a_visitor_who_is_not_satisfied_reopens,
    every_change_is_news,
    seeing_a_contact_is_noted,
    an_unknown_receipt_leads_nowhere,
    an_export_gives_every_case_with_its_history,
    a_form_sent_twice_changes_a_case_once,
    cases_are_marked_read_together,
];

async fn open_all(store: &Store, samples: Vec<Sample>) {
    let (kiosk, token) = a_kiosk(store).await;
    let items = (1..).zip(&samples).map(|(n, _)| received(kiosk, n, n, &n.to_be_bytes())).collect();
    store.intake().keep_batch(a_batch(kiosk, token, items), at(0)).await.unwrap();
    let waiting = store.intake().queue().unwrap().after(0, 100).unwrap();
    let opened = waiting.into_iter().zip(1..).zip(samples);
    let opened =
        opened.map(|((of, n), sample)| OpenedItem { of, outcome: a_submission(kiosk, n, sample) }).collect();
    done(store.intake().settle(Arc::new(opened), SlaPolicy::default()));
}

async fn a_case(store: &Store) -> CaseId {
    open_all(store, vec![testing::a_complaint("noise")]).await;
    inbox(store, CaseFilter::default()).await[0].id
}

async fn inbox(store: &Store, filter: CaseFilter) -> Vec<Case> {
    store.cases().inbox(filter, 0, 10, None, at(0)).await.unwrap().cases
}

async fn record(store: &Store, id: CaseId) -> CaseRecord {
    store.cases().inbox(CaseFilter::default(), 0, 1, Some(id), at(0)).await.unwrap().open.unwrap()
}

async fn chen(store: &Store) -> Staff {
    let (accounts, login) = (store.accounts(), Login::parse("chen").unwrap());
    let hash = "hash".to_owned();
    accounts.add_staff(login, name("陈静"), Role::Agent, hash, operator(), at(0)).await.unwrap();
    accounts.credentials("chen".to_owned()).await.unwrap().unwrap().0
}

async fn change(store: &Store, id: CaseId, version: i64, by: &Staff, change: Change) -> Changed {
    let seen = Seen { version, form: None };
    store.cases().change(id, seen, by.id, change, at(5), SlaPolicy::default()).await.unwrap()
}

fn words(text: &str) -> StaffText {
    StaffText::parse(text).unwrap()
}

async fn the_inbox_is_sorted_by_what_is_due(store: &Store) {
    let samples = vec![testing::a_rating(4, None), testing::a_complaint("noise"), testing::a_call()];
    open_all(store, samples).await;
    let kinds: Vec<Kind> = inbox(store, CaseFilter::default()).await.iter().map(|case| case.kind).collect();
    assert_eq!(kinds[..2], [Kind::ServiceRequest, Kind::Complaint], "a rating has no promise");
    let only = CaseFilter { kind: Some(Kind::Complaint), ..CaseFilter::default() };
    assert_eq!(inbox(store, only).await.len(), 1);
    let first = store.cases().inbox(CaseFilter::default(), 0, 2, None, at(0)).await.unwrap();
    assert_eq!((first.cases.len(), first.more, first.desk.cases.open), (2, true, 3));
    let last = store.cases().inbox(CaseFilter::default(), 2, 2, None, at(0)).await.unwrap();
    assert_eq!((last.cases.len(), last.more), (1, false));
}

async fn a_case_is_found_by_words_and_by_number(store: &Store) {
    open_all(store, vec![testing::a_complaint("扶梯有异响"), testing::a_complaint("noise")]).await;
    let find = async |text: &str| {
        let filter = CaseFilter { search: Some(text.to_owned()), ..CaseFilter::default() };
        inbox(store, filter).await.iter().map(|case| case.story.clone()).collect::<Vec<_>>()
    };
    assert_eq!(find("异响").await, ["扶梯有异响"]);
    assert_eq!(find(&CaseNumber::new(number(1), Epoch(1), Seq(2)).to_string()).await, ["noise"]);
    assert!(find("响异").await.is_empty());
}

async fn a_stale_change_changes_nothing(store: &Store) {
    let (id, chen) = (a_case(store).await, chen(store).await);
    assert_eq!(change(store, id, 1, &chen, Change::Note(words("mine"))).await, Changed::Done(2));
    let late = change(store, id, 1, &chen, Change::Answer(words("also mine"), None)).await;
    assert_eq!(late, Changed::Stale(2));
    let record = record(store, id).await;
    let kinds: Vec<CaseEventKind> = record.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [CaseEventKind::Received, CaseEventKind::Note]);
    assert_eq!(record.events[1].staff.as_deref(), Some("陈静"));
    assert_eq!(change(store, CaseId(99), 1, &chen, Change::Note(words("x"))).await, Changed::Unknown);
}

async fn a_forbidden_step_is_refused(store: &Store) {
    let (id, chen) = (a_case(store).await, chen(store).await);
    let closed = change(store, id, 1, &chen, Change::Move(Stage::Closed)).await;
    assert!(matches!(closed, Changed::Refused(StageError::NoSuchMove { .. } | StageError::Unanswered)));
    assert_eq!(record(store, id).await.case.stage, Stage::Acceptance);
}

async fn a_visitor_who_is_not_satisfied_reopens(store: &Store) {
    let (id, chen) = (a_case(store).await, chen(store).await);
    let answer = Change::Answer(words("It is quiet now."), Some(Stage::Investigation));
    change(store, id, 1, &chen, answer).await;
    for (version, stage) in (2..).zip([Stage::Analysis, Stage::Resolution, Stage::Response]) {
        let moved = change(store, id, version, &chen, Change::Move(stage)).await;
        assert_eq!(moved, Changed::Done(version + 1));
    }
    let reply = Reply::NotSatisfied(Story::parse("It is not.").ok());
    store.cases().reply(id, reply, None, at(9), SlaPolicy::default()).await.unwrap();
    let record = record(store, id).await;
    assert_eq!((record.case.stage, record.case.satisfied), (Stage::Investigation, Some(false)));
    assert_eq!(record.case.visitor_wrote_at, Some(at(9)));
    assert_eq!(record.events.last().unwrap().kind, CaseEventKind::Reopened);
    assert!(record.promises.iter().any(|promise| promise.round == 2), "a new promise is made");
    let wrote = CaseFilter { visitor_wrote: true, ..CaseFilter::default() };
    assert_eq!(inbox(store, wrote).await.len(), 1);
}

async fn every_change_is_news(store: &Store) {
    let (id, chen) = (a_case(store).await, chen(store).await);
    change(store, id, 1, &chen, Change::Note(words("mine"))).await;
    let news = store.cases().news(0, 10).await.unwrap();
    let kinds: Vec<_> = news.iter().map(|news| (news.case, news.kind)).collect();
    assert_eq!(kinds, [(id, CaseEventKind::Received), (id, CaseEventKind::Note)]);
    assert_eq!(store.cases().news(news[0].event, 10).await.unwrap(), news[1..]);
    let desk = store.intake().quarantine(1, at(0)).await.unwrap().0;
    assert_eq!(desk.newest_event, news[1].event);
}

async fn seeing_a_contact_is_noted(store: &Store) {
    let (id, chen) = (a_case(store).await, chen(store).await);
    let envelope = store.cases().contact(id, chen.clone(), at(1)).await.unwrap().unwrap();
    assert_eq!(envelope.seq, Seq(1));
    assert!(store.cases().contact(CaseId(99), chen, at(1)).await.unwrap().is_none());
    let seen: Vec<AuditEntry> =
        entries(store).await.into_iter().filter(|e| e.action == AuditAction::ContactSeen).collect();
    let [seen] = seen.as_slice() else { panic!("{} lines", seen.len()) };
    let number = record(store, id).await.case.number;
    assert_eq!((seen.who.as_str(), seen.about.as_str()), ("陈静", number.as_str()));
}

async fn an_unknown_receipt_leads_nowhere(store: &Store) {
    a_case(store).await;
    let random = Random::from_seed([3; 32]);
    let token = |key| random.with(|random| TrackingToken::new(number(1), &ReceiptKey([key; 32]), random));
    let found = async |token| store.cases().by_token(token).await.unwrap();
    assert!(matches!(found(None).await, Lookup::Nothing));
    assert!(matches!(found(Some(token(9))).await, Lookup::Nothing));
    // The kiosk enrolled with this key, so it gave out the receipt.
    let own = token(1);
    assert!(matches!(found(Some(own.clone())).await, Lookup::OnItsWay));
    let unknown = CaseNumber::new(number(1), Epoch(1), Seq(9));
    assert!(matches!(store.cases().by_code(unknown, own.code()).await.unwrap(), Lookup::Nothing));
}

/// Counts what it is given.
#[derive(Default)]
struct Counting {
    cases: Vec<CaseId>,
    events: usize,
}

impl CaseSink for Counting {
    type Error = StoreError;

    fn take(&mut self, record: &CaseRecord) -> Result<(), StoreError> {
        self.cases.push(record.case.id);
        self.events += record.events.len();
        Ok(())
    }
}

async fn an_export_gives_every_case_with_its_history(store: &Store) {
    open_all(store, (0..7).map(|n| testing::a_complaint(&format!("noise {n}"))).collect()).await;
    let all = store.cases().export(ExportDepth::Record, Counting::default()).await.unwrap();
    assert_eq!((all.cases.len(), all.events), (7, 7));
    assert!(all.cases.is_sorted());
    let bare = store.cases().export(ExportDepth::Case, Counting::default()).await.unwrap();
    assert_eq!((bare.cases.len(), bare.events), (7, 0));
}

/// The second sending is answered as the first was. Other words in the same form are another change.
async fn a_form_sent_twice_changes_a_case_once(store: &Store) {
    let (id, chen) = (a_case(store).await, chen(store).await);
    let form = Some(FormToken::of([4; 16]));
    let send = async |version, text: &str| {
        let (seen, note) = (Seen { version, form: form.clone() }, Change::Note(words(text)));
        store.cases().change(id, seen, chen.id, note, at(5), SlaPolicy::default()).await.unwrap()
    };
    assert_eq!(send(1, "mine").await, Changed::Done(2));
    assert_eq!(send(1, "mine").await, Changed::Done(2));
    assert_eq!(send(1, "mine, and more").await, Changed::Stale(2));
    let reply = async |text: &str| {
        let reply = Reply::Added(Story::parse(text).unwrap());
        store.cases().reply(id, reply, form.clone(), at(6), SlaPolicy::default()).await.unwrap()
    };
    assert_eq!(reply("It was at noon").await, reply("It was at noon").await);
    reply("And in the evening").await;
    let record = record(store, id).await;
    let written: Vec<&str> = record.events.iter().filter_map(|event| event.words.as_deref()).collect();
    assert_eq!(written, ["mine", "It was at noon", "And in the evening"]);
    let page = store.cases().inbox(CaseFilter::default(), 0, 1, Some(id), at(6)).await.unwrap();
    assert_eq!(page.done, form.into_iter().collect::<Vec<_>>());
}

/// A case that has changed since, or wants an answer, stays.
async fn cases_are_marked_read_together(store: &Store) {
    let mut samples: Vec<Sample> = (0..5).map(|_| testing::a_rating(5, None)).collect();
    samples.push(testing::a_complaint("noise"));
    open_all(store, samples).await;
    let chen = chen(store).await;
    let listed: Vec<(CaseId, i64)> =
        inbox(store, CaseFilter::default()).await.iter().map(|case| (case.id, case.version)).collect();
    let (touched, _) = *listed.last().unwrap();
    change(store, touched, 1, &chen, Change::Note(words("Who was it?"))).await;
    store.cases().mark_read(listed, chen.id, at(6), SlaPolicy::default()).await.unwrap();
    let left = inbox(store, CaseFilter::default()).await;
    let left: Vec<Kind> = left.iter().map(|case| case.kind).collect();
    assert_eq!(left, [Kind::Complaint, Kind::Feedback]);
}
