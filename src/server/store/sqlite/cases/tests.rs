//! Cases and their changes, in a database in memory.

use domain::Timestamp;
use domain::case::{Stage, StageError};
use domain::id::{Epoch, KioskNumber, Seq};
use domain::language::Labels;
use domain::place::PlaceRef;
use domain::policy::{SlaClock, SlaPolicy};
use domain::receipt::CaseNumber;
use domain::submission::Submission;
use domain::testing::{self, Sample};
use domain::text::Story;
use rusqlite::Connection;

use super::{NewCase, change, inbox, open_case, read};
use crate::secret::Digest;
use crate::store::model::accounts::{Role, StaffId};
use crate::store::model::cases::{CaseEventKind, CaseFilter, CaseId, Change, Changed, Reply, StaffText};
use crate::store::model::intake::{ReceiptDigests, SearchTerms};
use crate::store::sqlite::open::in_memory;
use crate::store::sqlite::staff;

pub(crate) fn at(hour: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + hour * 3600, 0).unwrap()
}

/// A complaint about a shop.
pub(crate) fn a_complaint(story: &str) -> Submission {
    let shop = PlaceRef {
        feature: "f".to_owned(),
        name: Labels::new([("zh-Hans", "云裳"), ("en", "Cloud Silk")]),
        level: "L2".to_owned(),
        number: Some("L2-07".to_owned()),
        at: None,
    };
    submission(Sample { place: Some(shop), ..testing::a_complaint(story) })
}

fn submission(sample: Sample) -> Submission {
    Submission {
        case_number: CaseNumber::new(KioskNumber::new(3).unwrap(), Epoch(1), Seq(1)),
        token_digest: String::new(),
        code_digest: String::new(),
        language: sample.language,
        created_at: at(0),
        place: sample.place,
        body: sample.body,
        contact: sample.contact,
    }
}

fn a_call() -> Submission {
    submission(testing::a_call())
}

/// Makes the `n`th case of kiosk 3, `n` hours after the first.
pub(crate) fn a_case(db: &Connection, n: u8, submission: &Submission) -> CaseId {
    db.execute("insert into kiosk (number, name, added_at) values (3, 'K', 0) on conflict do nothing", [])
        .unwrap();
    db.execute(
        "insert into sealed_item (id, kiosk, uuid, queued_as, epoch, seq, kind, created_at, started_at, received_at,
         key_id, sha256, sealed) values (?1, 3, ?1, 3, 1, ?1, '', 0, 0, 0, '', x'', x'')",
        [n],
    )
    .unwrap();
    let submission = Submission {
        case_number: CaseNumber::new(KioskNumber::new(3).unwrap(), Epoch(1), Seq(n.into())),
        ..submission.clone()
    };
    let new = NewCase {
        row: n.into(),
        kiosk: KioskNumber::new(3).unwrap(),
        submission: &submission,
        digests: ReceiptDigests { token: Digest([n; 32]), code: Digest([n; 32]) },
        terms: &SearchTerms { telephone: None, choices: "Facilities 设施".to_owned() },
        started_at: at(n.into()),
        received_at: at(n.into()),
    };
    open_case(db, &new, &SlaPolicy::default()).unwrap().unwrap()
}

fn chen(db: &Connection) -> StaffId {
    staff::add(db, "chen", "陈静", Role::Agent, "hash", at(0)).unwrap().unwrap()
}

fn words(text: &str) -> StaffText {
    StaffText::parse(text).unwrap()
}

fn due(db: &Connection, id: CaseId) -> Option<i64> {
    read::by_id(db, id).unwrap().unwrap().next_due_at.map(|due| (due - at(0)).num_hours())
}

#[test]
fn an_answer_keeps_the_first_promise() {
    let db = in_memory();
    let (id, chen) = (a_case(&db, 0, &a_complaint("noise")), chen(&db));
    assert_eq!(due(&db, id), Some(24));
    let done = change::apply(
        &db,
        id,
        1,
        chen,
        &Change::Answer(words("We look into it."), Some(Stage::Investigation)),
        at(2),
        &SlaPolicy::default(),
    );
    assert_eq!(done.unwrap(), Changed::Done(2));
    assert_eq!(due(&db, id), Some(48));
    let promises = read::promises(&db, id).unwrap();
    assert_eq!((promises[0].clock, promises[0].kept_at), (SlaClock::FirstResponse, Some(at(2))));
    let history: Vec<_> = read::events(&db, id).unwrap().into_iter().map(|e| (e.kind, e.staff)).collect();
    let chen = Some("陈静".to_owned());
    assert_eq!(
        history,
        [
            (CaseEventKind::Received, None),
            (CaseEventKind::Answer, chen.clone()),
            (CaseEventKind::Moved, chen)
        ]
    );
}

#[test]
fn a_stale_version_changes_nothing() {
    let db = in_memory();
    let (id, chen, policy) = (a_case(&db, 0, &a_complaint("noise")), chen(&db), SlaPolicy::default());
    change::apply(&db, id, 1, chen, &Change::Note(words("mine")), at(1), &policy).unwrap();
    let late = change::apply(&db, id, 1, chen, &Change::Answer(words("also mine"), None), at(1), &policy);
    assert_eq!(late.unwrap(), Changed::Stale(2));
    assert_eq!(read::events(&db, id).unwrap().len(), 2);
    assert!(read::by_id(&db, id).unwrap().unwrap().answered_at.is_none());
}

/// A case cannot be closed unanswered, but an answer may close it.
#[test]
fn an_unanswered_case_cannot_be_closed() {
    let db = in_memory();
    let (id, chen, policy) = (a_case(&db, 0, &a_complaint("noise")), chen(&db), SlaPolicy::default());
    let refused = change::apply(&db, id, 1, chen, &Change::Move(Stage::Closed), at(1), &policy).unwrap();
    assert_eq!(refused, Changed::Refused(StageError::Unanswered));
    let close = Change::Answer(words("Repaired."), Some(Stage::Closed));
    assert_eq!(change::apply(&db, id, 1, chen, &close, at(1), &policy).unwrap(), Changed::Done(2));
    assert_eq!(due(&db, id), None, "every promise is kept");
    assert!(inbox::list(&db, &CaseFilter::default(), 0, 10).unwrap().is_empty());
}

/// A visitor who is not satisfied reopens the case, and is promised a result again.
#[test]
fn a_reopened_case_gets_a_new_promise() {
    let db = in_memory();
    let (id, chen, policy) = (a_case(&db, 0, &a_complaint("noise")), chen(&db), SlaPolicy::default());
    let close = Change::Answer(words("Repaired."), Some(Stage::Closed));
    change::apply(&db, id, 1, chen, &close, at(10), &policy).unwrap();
    let reply = Reply::NotSatisfied(Some(Story::parse("It still squeaks").unwrap()));
    assert_eq!(change::reply(&db, id, &reply, at(20), &policy).unwrap(), Changed::Done(3));
    let case = read::by_id(&db, id).unwrap().unwrap();
    assert_eq!((case.stage, case.satisfied), (Stage::Investigation, Some(false)));
    assert_eq!((due(&db, id), case.visitor_wrote_at), (Some(20 + 48), Some(at(20))));
    assert_eq!(read::promises(&db, id).unwrap().last().unwrap().round, 2);
}

/// A satisfied visitor closes a case that has reached the response stage, and no earlier one.
#[test]
fn a_satisfied_visitor_closes_an_answered_case() {
    let db = in_memory();
    let (id, chen, policy) = (a_case(&db, 0, &a_complaint("noise")), chen(&db), SlaPolicy::default());
    change::reply(&db, id, &Reply::Satisfied(None), at(1), &policy).unwrap();
    assert_eq!(read::by_id(&db, id).unwrap().unwrap().stage, Stage::Acceptance);
    let answered = Change::Answer(words("Repaired."), Some(Stage::Response));
    change::apply(&db, id, 2, chen, &answered, at(2), &policy).unwrap();
    change::reply(&db, id, &Reply::Satisfied(None), at(3), &policy).unwrap();
    assert_eq!(read::by_id(&db, id).unwrap().unwrap().stage, Stage::Closed);
}

/// An addition does not move the case, and is listed until it is answered.
#[test]
fn a_visitors_addition_is_listed_until_answered() {
    let db = in_memory();
    let (id, chen, policy) = (a_case(&db, 0, &a_complaint("noise")), chen(&db), SlaPolicy::default());
    let added = Reply::Added(Story::parse("It was at noon").unwrap());
    change::reply(&db, id, &added, at(1), &policy).unwrap();
    let wrote = CaseFilter { visitor_wrote: true, ..CaseFilter::default() };
    assert_eq!(inbox::list(&db, &wrote, 0, 10).unwrap().len(), 1);
    change::apply(&db, id, 2, chen, &Change::Answer(words("Thank you."), None), at(2), &policy).unwrap();
    assert!(inbox::list(&db, &wrote, 0, 10).unwrap().is_empty());
}

#[test]
fn a_call_for_help_is_closed_by_arrival() {
    let db = in_memory();
    let (id, chen, policy) = (a_case(&db, 0, &a_call()), chen(&db), SlaPolicy::default());
    assert!(due(&db, id).is_some());
    change::apply(&db, id, 1, chen, &Change::Move(Stage::Resolution), at(0), &policy).unwrap();
    assert_eq!(due(&db, id), None);
}

/// Sixty late complaints do not bury somebody who is unwell.
#[test]
fn urgent_cases_come_first() {
    let db = in_memory();
    for n in 0..60 {
        a_case(&db, n, &a_complaint("noise"));
    }
    let urgent = a_case(&db, 200, &submission(testing::an_urgent_call()));
    let complaint = CaseFilter { stage: Some(Stage::Acceptance), ..CaseFilter::default() };
    for filter in [CaseFilter::default(), complaint, CaseFilter { urgent: true, ..CaseFilter::default() }] {
        assert_eq!(inbox::list(&db, &filter, 0, 50).unwrap()[0].id, urgent);
    }
    assert_eq!(inbox::counts(&db, at(300).timestamp_millis(), i64::MAX).unwrap().urgent, 1);
}

/// What a visitor adds to a closed case reopens it, with a promise even for those who left no contact.
#[test]
fn words_to_a_closed_case_reopen_it() {
    let (db, policy) = (in_memory(), SlaPolicy::default());
    let chen = chen(&db);
    let samples = [testing::a_complaint("noise"), testing::a_rating(2, Some("loud")), testing::a_call()];
    for (n, sample) in (0..).zip(samples) {
        let id = a_case(&db, n, &submission(sample));
        let close = Change::Answer(words("Repaired."), Some(Stage::Closed));
        change::apply(&db, id, 1, chen, &close, at(10), &policy).unwrap();
        let added = Reply::Added(Story::parse("It is loud again").unwrap());
        change::reply(&db, id, &added, at(20), &policy).unwrap();
        let case = read::by_id(&db, id).unwrap().unwrap();
        assert_eq!((case.stage, case.visitor_wrote_at), (Stage::Investigation, Some(at(20))));
        assert!(case.next_due_at.is_some_and(|due| due > at(20)), "{:?} promises nothing", case.kind);
    }
}

/// Words of a satisfied visitor keep a case closed, and are listed until somebody reads them.
#[test]
fn kind_words_to_a_closed_case_are_listed() {
    let (db, policy) = (in_memory(), SlaPolicy::default());
    let (id, chen) = (a_case(&db, 0, &a_complaint("noise")), chen(&db));
    let close = Change::Answer(words("Repaired."), Some(Stage::Closed));
    change::apply(&db, id, 1, chen, &close, at(1), &policy).unwrap();
    let thanks = Reply::Satisfied(Some(Story::parse("Thank you, but look at the lift too").unwrap()));
    change::reply(&db, id, &thanks, at(2), &policy).unwrap();
    let wrote = CaseFilter { visitor_wrote: true, ..CaseFilter::default() };
    let listed = || inbox::list(&db, &wrote, 0, 10).unwrap().len();
    let counted = || inbox::counts(&db, 0, 0).unwrap().wrote;
    assert_eq!((listed(), counted()), (1, 1));
    assert_eq!(change::apply(&db, id, 3, chen, &Change::Read, at(3), &policy).unwrap(), Changed::Done(4));
    assert_eq!((listed(), counted()), (0, 0));
    assert_eq!(read::by_id(&db, id).unwrap().unwrap().stage, Stage::Closed);
}

/// A visitor who adds something gets a promise again after the first ones are kept.
#[test]
fn words_after_the_result_are_promised_an_answer() {
    let (db, policy) = (in_memory(), SlaPolicy::default());
    let (id, chen) = (a_case(&db, 0, &a_complaint("noise")), chen(&db));
    let answer = Change::Answer(words("Repaired."), Some(Stage::Response));
    change::apply(&db, id, 1, chen, &answer, at(1), &policy).unwrap();
    assert_eq!(due(&db, id), None);
    let added = Reply::Added(Story::parse("It is loud again").unwrap());
    change::reply(&db, id, &added, at(2), &policy).unwrap();
    assert_eq!(due(&db, id), Some(2 + 24));
}

/// What promises nothing is closed by reading it. What promises something is not.
#[test]
fn reading_closes_only_what_promises_nothing() {
    let (db, policy) = (in_memory(), SlaPolicy::default());
    let chen = chen(&db);
    let rating = a_case(&db, 0, &submission(testing::a_rating(5, None)));
    let complaint = a_case(&db, 1, &a_complaint("noise"));
    let read_it = |id| change::apply(&db, id, 1, chen, &Change::Read, at(2), &policy).unwrap();
    assert_eq!(read_it(rating), Changed::Done(2));
    assert_eq!(read_it(complaint), Changed::Refused(StageError::Unanswered));
    let stage = |id| read::by_id(&db, id).unwrap().unwrap().stage;
    assert_eq!((stage(rating), stage(complaint)), (Stage::Closed, Stage::Acceptance));
}

#[test]
fn the_inbox_is_sorted_by_due_time() {
    let db = in_memory();
    let ids: Vec<CaseId> = [5, 1, 3].into_iter().map(|n| a_case(&db, n, &a_complaint("noise"))).collect();
    let call = a_case(&db, 9, &a_call());
    let listed = |skip, limit| -> Vec<CaseId> {
        inbox::list(&db, &CaseFilter::default(), skip, limit).unwrap().into_iter().map(|c| c.id).collect()
    };
    assert_eq!(listed(0, 10), [call, ids[1], ids[2], ids[0]]);
    assert_eq!(listed(2, 1), [ids[2]]);
    let complaints = CaseFilter { kind: Some(domain::kind::Kind::ServiceRequest), ..CaseFilter::default() };
    assert_eq!(inbox::list(&db, &complaints, 0, 10).unwrap().len(), 1);
    let counts = inbox::counts(&db, at(26).timestamp_millis(), at(28).timestamp_millis()).unwrap();
    assert_eq!((counts.open, counts.late, counts.soon), (4, 2, 1));
}

/// Search finds words, places and case numbers, also of closed cases.
#[test]
fn search_finds_words_places_and_numbers() {
    let db = in_memory();
    let (id, chen, policy) =
        (a_case(&db, 1, &a_complaint("自动扶梯有异响")), chen(&db), SlaPolicy::default());
    let close = Change::Answer(words("已修好"), Some(Stage::Closed));
    change::apply(&db, id, 1, chen, &close, at(2), &policy).unwrap();
    let number = read::by_id(&db, id).unwrap().unwrap().number;
    let found = |typed: &str| {
        let filter = CaseFilter { search: Some(typed.to_owned()), ..CaseFilter::default() };
        inbox::list(&db, &filter, 0, 10).unwrap().len()
    };
    for typed in ["扶梯", "异响", "云裳", "silk", "L2-07", &number, &number.to_lowercase().replace('-', " ")]
    {
        assert_eq!(found(typed), 1, "{typed}");
    }
    for typed in ["电梯", "\"", "l9", "%"] {
        assert_eq!(found(typed), 0, "{typed}");
    }
}

/// A word is found wherever it stands in a case, and the words of one search may stand apart.
#[test]
fn search_looks_into_answers_notes_and_choices() {
    let db = in_memory();
    let (id, chen, policy) = (a_case(&db, 1, &a_complaint("It rattles")), chen(&db), SlaPolicy::default());
    a_case(&db, 2, &a_complaint("Something else"));
    for (n, what) in
        [Change::Answer(words("The plumber comes at noon"), None), Change::Note(words("钥匙在前台"))]
            .iter()
            .enumerate()
    {
        change::apply(&db, id, i64::try_from(n).unwrap() + 1, chen, what, at(2), &policy).unwrap();
    }
    let added = Reply::Added(Story::parse("Second floor, by the fountain").unwrap());
    change::reply(&db, id, &added, at(3), &policy).unwrap();
    let found = |typed: &str| {
        let filter = CaseFilter { search: Some(typed.to_owned()), ..CaseFilter::default() };
        inbox::list(&db, &filter, 0, 10).unwrap().len()
    };
    for typed in ["plumber", "钥匙", "fountain", "rattles plumber 前台 fountain"] {
        assert_eq!(found(typed), 1, "{typed}");
    }
    assert_eq!([found("设施"), found("facilities"), found("plumber something")], [2, 2, 0]);
}

/// The counters that triggers maintain equal a fresh count.
#[test]
fn the_open_case_counters_equal_a_count() {
    let (db, policy) = (in_memory(), SlaPolicy::default());
    let chen = chen(&db);
    let ids: Vec<CaseId> =
        (0..6).map(|n| a_case(&db, n, &if n % 2 == 0 { a_complaint("noise") } else { a_call() })).collect();
    let agree = || {
        let asked = |sql: &str| -> Vec<(String, String, i64, i64)> {
            let mut query = db.prepare(sql).unwrap();
            let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let counted = asked(
            "select kind, stage, sum(stage <> 'closed'), count(visitor_wrote_at) from cases
             group by kind, stage order by kind, stage",
        );
        let added = asked(
            "select kind, stage, open_count, awaiting_reply_count from open_cases
             where exists (select 1 from cases c where c.kind = open_cases.kind and c.stage = open_cases.stage)
             order by kind, stage",
        );
        assert_eq!(added, counted);
        counted.len()
    };
    assert_eq!(agree(), 2);
    let answer = |stage| Change::Answer(words("已修好"), Some(stage));
    change::apply(&db, ids[0], 1, chen, &answer(Stage::Closed), at(8), &policy).unwrap();
    change::apply(&db, ids[1], 1, chen, &answer(Stage::Response), at(9), &policy).unwrap();
    agree();
    db.execute("update cases set visitor_wrote_at = 7 where id in (?1, ?2)", [ids[2].0, ids[3].0]).unwrap();
    agree();
    db.execute("update cases set visitor_wrote_at = 8 where id = ?1", [ids[0].0]).unwrap();
    agree();
    assert_eq!(inbox::counts(&db, 0, i64::MAX).unwrap().wrote, 3, "a closed case is counted too");
    db.execute(
        "update cases set visitor_wrote_at = null, stage = 'acceptance' where id in (?1, ?2)",
        [ids[2].0, ids[0].0],
    )
    .unwrap();
    assert_eq!(agree(), 3);
    let counts = inbox::counts(&db, 0, i64::MAX).unwrap();
    assert_eq!((counts.open, counts.wrote), (6, 1));
}

/// Every list of the inbox reads an index, and SQLite sorts nothing.
#[test]
fn every_inbox_list_reads_an_index() {
    let db = in_memory();
    for choice in [
        "stage <> 'closed'",
        "stage <> 'closed' and kind = 'complaint'",
        "stage <> 'closed' and stage = 'response'",
        "stage <> 'closed' and urgent = 1",
        "visitor_wrote_at is not null",
        "stage <> 'closed' and next_due_at < 7",
    ] {
        let plan: Vec<String> = db
            .prepare(&format!(
                "explain query plan select * from cases where {choice}
                 order by urgent desc, next_due_at is null, next_due_at, id limit 50"
            ))
            .unwrap()
            .query_map([], |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(plan.iter().any(|step| step.contains("INDEX cases_")), "{choice}: {plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{choice}: {plan:?}");
    }
}
