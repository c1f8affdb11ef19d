//! Tests of the API for kiosks, over real TLS.

use std::thread;

use domain::id::{Seq, SubmissionId};
use domain::kind::Kind;
use domain::receipt::CaseNumber;
use domain::seal::PrivateKey;
use domain::submission::Body;
use domain::testing::{Sample, a_call};
use domain::wire::{
    BATCH, BATCH_SIGNATURE, Batch, BatchReply, ENROLMENTS, ItemStatus, Problem, SealedItem, Secret,
};

use crate::testing::{Mall, TestKiosk, a_complaint, a_rating, fetch, signing_key};

mod contact;
mod quarantine;
mod signed;

fn asked(mall: &Mall, sql: &str) -> i64 {
    let db = crate::store::rows(&mall.place.path().join("data/galleria.db"));
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn cases(mall: &Mall) -> i64 {
    mall.running.settled();
    asked(mall, "select count(*) from cases")
}

/// A submission becomes one case, however often it is sent.
#[test]
fn a_submission_sent_again_stays_one_case() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let (item, _) = kiosk.seal(a_complaint("the lift is stuck"), mall.now());

    let first = mall.send(&kiosk, std::slice::from_ref(&item));
    assert_eq!((first.results[0].status, &first.results[0].sha256), (ItemStatus::Stored, &item.sha256));
    assert_eq!((first.server_time, first.next_poll_s), (mall.now(), 60));
    assert!(first.policy.is_some());

    let second = mall.send(&kiosk, std::slice::from_ref(&item));
    assert_eq!((second.results[0].status, &second.results[0].sha256), (ItemStatus::Duplicate, &item.sha256));
    assert_eq!(cases(&mall), 1);
}

/// The same batch from many connections at once is stored once.
#[test]
fn a_batch_sent_in_parallel_is_stored_once() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let items: Vec<SealedItem> =
        (0..20).map(|n| kiosk.seal(a_rating(4, Some(&format!("good {n}"))), mall.now()).0).collect();
    let replies: Vec<BatchReply> = thread::scope(|scope| {
        let senders: Vec<_> = (0..8).map(|_| scope.spawn(|| mall.send(&kiosk, &items))).collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    let stored = replies.iter().flat_map(|r| &r.results).filter(|r| r.status == ItemStatus::Stored).count();
    let again = replies.iter().flat_map(|r| &r.results).filter(|r| r.status == ItemStatus::Duplicate).count();
    assert_eq!((stored, again, cases(&mall)), (20, 140, 20));
}

/// An acknowledged item is in the database after the server has stopped.
#[test]
fn acknowledged_items_survive_a_stop() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    mall.tell(&mut kiosk, a_complaint("the lift is stuck"));
    let Mall { running, place, .. } = mall;
    running.stop();
    let db = crate::store::rows(&place.path().join("data/galleria.db"));
    let title: String = db.query_row("select title from cases", [], |row| row.get(0)).unwrap();
    assert_eq!(title, "the lift is stuck");
}

/// A request with an unknown or missing token stores nothing and reveals nothing.
#[test]
fn a_wrong_token_stores_and_reveals_nothing() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let (item, _) = kiosk.seal(a_complaint("secret"), mall.now());
    let body =
        serde_json::to_vec(&Batch { sent_at: mall.now(), items: vec![item], ..Batch::default() }).unwrap();
    let unknown = "A".repeat(43);
    let large = vec![b' '; 2 * 1024 * 1024];
    for (token, body) in [("", &body), ("nonsense", &body), (unknown.as_str(), &body), ("large", &large)] {
        let (status, text) = mall.post(&kiosk.with_token(token), body);
        let problem: Problem = serde_json::from_str(&text).unwrap();
        assert_eq!((status, problem.code.as_str()), (401, "wrong-token"));
    }
    let bare = fetch(json_to(&mall, BATCH).body(body));
    assert_eq!(bare.status, 401);
    assert_eq!(bare.headers["www-authenticate"], "Bearer");
    assert!(!bare.text.contains("secret"));
    assert_eq!(asked(&mall, "select count(*) from sealed_item"), 0);
}

/// A revoked kiosk is refused from the next request on.
#[test]
fn a_revoked_kiosk_is_refused_at_once() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    mall.tell(&mut kiosk, a_rating(5, None));
    mall.admin().revoke_kiosk(kiosk.number).unwrap();
    let (item, _) = kiosk.seal(a_rating(5, None), mall.now());
    let body =
        serde_json::to_vec(&Batch { sent_at: mall.now(), items: vec![item], ..Batch::default() }).unwrap();
    let (status, text) = mall.post(&kiosk, &body);
    assert_eq!(status, 403);
    assert!(text.contains("revoked"), "{text}");
    assert_eq!(cases(&mall), 1);
}

#[test]
fn large_and_malformed_bodies_are_refused() {
    let mall = Mall::open();
    let kiosk = mall.kiosk("North door");
    let (status, text) = mall.post(&kiosk, &vec![b' '; 1024 * 1024 + 1]);
    assert_eq!((status, text.contains("too-large")), (413, true), "{text}");
    for garbage in [&b"{"[..], b"", b"[]", b"{\"items\":[{}]}", b"\xff\xfe"] {
        let (status, text) = mall.post(&kiosk, garbage);
        assert_eq!((status, text.contains("malformed")), (400, true), "{text}");
    }
}

/// Every refusal is a problem document, and nothing is stored.
#[test]
fn every_refusal_is_a_problem_document() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let (item, _) = kiosk.seal(a_complaint("secret"), mall.now());
    let body =
        serde_json::to_vec(&Batch { sent_at: mall.now(), items: vec![item], ..Batch::default() }).unwrap();
    let bearer = format!("Bearer {}", kiosk.token);
    let post = |path: &str, token: &str, kind: &str, body: &[u8]| {
        let request =
            mall.agent.post(mall.url(path)).header("authorization", token).header("content-type", kind);
        fetch(request.header(BATCH_SIGNATURE, kiosk.sign(body)).body(body.to_owned()))
    };
    let json = "application/json";
    let replies = [
        (401, "wrong-token", post(BATCH, "Bearer forged", json, &body)),
        (415, "wrong-type", post(BATCH, &bearer, "text/plain", &body)),
        (413, "too-large", post(BATCH, &bearer, json, &vec![b' '; 1024 * 1024 + 1])),
        (400, "malformed", post(BATCH, &bearer, json, b"{")),
        (415, "wrong-type", post(ENROLMENTS, "", "application/x-www-form-urlencoded", b"code=1")),
        (400, "malformed", post(ENROLMENTS, "", json, b"[]")),
        (405, "wrong-method", fetch(mall.agent.get(mall.url(BATCH)))),
        (405, "wrong-method", fetch(mall.agent.delete(mall.url("/api/openapi.json")))),
        (404, "not-found", fetch(mall.agent.get(mall.url("/api/v2/kiosk")))),
    ];
    for (status, code, reply) in replies {
        assert_eq!(reply.status, status, "{code}");
        assert_eq!(reply.headers["content-type"], "application/problem+json");
        assert_eq!(reply.headers["cache-control"], "no-store");
        assert_eq!(reply.headers.contains_key("allow"), status == 405, "{code}");
        let text = reply.text;
        assert!(!text.contains("secret"), "{text}");
        let problem: Problem = serde_json::from_str(&text).unwrap();
        assert_eq!((problem.status, problem.code.as_str()), (status, code));
        assert_eq!(problem.kind, format!("urn:galleria:problem:{code}"));
    }
    assert_eq!(
        asked(&mall, "select (select count(*) from sealed_item) + (select count(*) from unparsed_item)"),
        0
    );
}

#[test]
fn the_api_description_is_public() {
    let mall = Mall::open();
    let reply = fetch(mall.agent.get(mall.url("/api/openapi.json")));
    assert_eq!(reply.headers["content-type"], "application/json");
    let described: serde_json::Value = serde_json::from_str(&reply.text).unwrap();
    let batch = &described["paths"][BATCH]["post"]["responses"];
    assert!(batch["401"]["content"]["application/problem+json"].is_object(), "{batch}");
}

#[test]
fn a_bad_item_does_not_delay_others() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let now = mall.now();
    let (good, _) = kiosk.seal(a_rating(3, None), now);
    let (mut wrong_hash, _) = kiosk.seal(a_rating(3, None), now);
    wrong_hash.sha256 = "00".repeat(32);
    let mut values: Vec<serde_json::Value> =
        [&wrong_hash, &good].iter().map(|item| serde_json::to_value(item).unwrap()).collect();
    let id = kiosk.random.with(|r| SubmissionId::new(now, r));
    values.push(serde_json::json!({"id": id, "form": "from the future"}));
    let batch = serde_json::json!({"sent_at": now, "items": values, "new_field": true});
    let (status, text) = mall.post(&kiosk, batch.to_string().as_bytes());
    let reply: BatchReply = serde_json::from_str(&text).unwrap();
    let results: Vec<_> = reply.results.iter().map(|r| (r.status, r.reason.as_deref())).collect();
    assert_eq!(status, 200);
    assert_eq!(
        results,
        [
            (ItemStatus::Rejected, Some("wrong-hash")),
            (ItemStatus::Stored, None),
            (ItemStatus::Rejected, Some("malformed"))
        ]
    );
    assert_eq!(asked(&mall, "select count(*) from sealed_item"), 1);
}

/// An oversized item is rejected alone; a surplus item gets the result "retry".
#[test]
fn oversized_items_are_rejected_and_surplus_retried() {
    let mall = Mall::with(|settings| settings.limits.max_items = 2);
    let mut kiosk = mall.kiosk("North door");
    let id = kiosk.random.with(|r| SubmissionId::new(mall.now(), r));
    let large = kiosk.item(id, Seq(1), Kind::Feedback, mall.now(), &vec![b'x'; 70_000]);
    kiosk.next = 2;
    let mut items = vec![large];
    items.extend((0..2).map(|_| kiosk.seal(a_rating(2, None), mall.now()).0));
    let reply = mall.send(&kiosk, &items);
    let statuses: Vec<_> = reply.results.iter().map(|r| r.status).collect();
    assert_eq!(statuses, [ItemStatus::Rejected, ItemStatus::Stored, ItemStatus::Retry]);
}

/// A kiosk that enrols again under another number does not duplicate cases.
#[test]
fn re_enrolment_under_another_number_doubles_nothing() {
    let mall = Mall::open();
    let mut old = mall.kiosk("North door");
    let (item, _) = old.seal(a_complaint("the answer got lost"), mall.now());
    mall.send(&old, std::slice::from_ref(&item));
    let TestKiosk { enrolled_as, token, signing_key, .. } = mall.kiosk("North door again");
    let new = TestKiosk { enrolled_as, token, signing_key, ..old };
    let reply = mall.send(&new, std::slice::from_ref(&item));
    assert_eq!((reply.results[0].status, cases(&mall)), (ItemStatus::Duplicate, 1));
}

/// A code enrols one kiosk, and a lost reply does not lock it out.
#[test]
fn a_lost_enrolment_reply_can_be_repeated() {
    let mall = Mall::open();
    let (number, code) = mall.admin().add_kiosk("North door").unwrap();
    let request = mall.enrolment(&code.to_string().to_lowercase(), 1);
    let lost = mall.enrol(&request).unwrap();
    let heard = mall.enrol(&request).unwrap();
    assert_eq!((heard.kiosk, heard.name.as_str()), (number, "North door"));
    assert_ne!(lost.token, heard.token);
    assert_eq!(heard.public_url, mall.running.public_url());

    let stolen = mall.enrol(&mall.enrolment(&code.to_string(), 2)).unwrap_err();
    assert_eq!((stolen.0, stolen.1.code.as_str()), (409, "used-code"));
    let guessed = mall.enrol(&mall.enrolment("0000-0000-0000-0000", 2)).unwrap_err();
    assert_eq!((guessed.0, guessed.1.code.as_str()), (403, "unknown-code"));
    mall.pass(24 * 60);
    let late = mall.enrol(&request).unwrap_err();
    assert_eq!((late.0, late.1.code.as_str()), (410, "expired-code"));
}

/// Of several kiosks that use one code at once, one is enrolled.
#[test]
fn one_code_enrols_one_kiosk() {
    let mall = Mall::open();
    let (_, code) = mall.admin().add_kiosk("North door").unwrap();
    let code = code.to_string();
    let enrolled = thread::scope(|scope| {
        let (mall, code) = (&mall, code.as_str());
        let kiosks: Vec<_> =
            (1..=6).map(|key| scope.spawn(move || mall.enrol(&mall.enrolment(code, key)).is_ok())).collect();
        kiosks.into_iter().map(|k| k.join().unwrap()).filter(|in_| *in_).count()
    });
    assert_eq!(enrolled, 1);
}

/// Items sealed before enrolment are opened with the provisional key that the kiosk sends when it enrols.
#[test]
fn items_sealed_before_enrolment_are_opened() {
    let mall = Mall::open();
    let (_, code) = mall.admin().add_kiosk("North door").unwrap();
    let mut request = mall.enrolment(&code.to_string(), 1);
    let provisional = crate::Random::from_seed([8; 32]).with(PrivateKey::new);
    request.provisional_keys.push(Secret(provisional.to_base64()));
    let enrolment = mall.enrol(&request).unwrap();
    let mut kiosk = TestKiosk {
        number: domain::id::KioskNumber::NOT_ENROLLED,
        enrolled_as: enrolment.kiosk,
        signing_key: signing_key(1),
        token: enrolment.token.0,
        sealing_key: provisional.public(),
        receipt_key: domain::receipt::ReceiptKey([1; 32]),
        next: 1,
        random: crate::Random::from_seed([9; 32]),
    };
    mall.tell(&mut kiosk, a_complaint("queued before anybody knew of a server"));
    assert_eq!((cases(&mall), asked(&mall, "select kiosk from cases")), (1, 1));
}

#[test]
fn a_wrong_enrolment_body_is_refused() {
    let mall = Mall::open();
    let (_, code) = mall.admin().add_kiosk("North door").unwrap();
    let mut short_key = mall.enrolment(&code.to_string(), 1);
    short_key.receipt_key.0.pop();
    assert_eq!(mall.enrol(&short_key).unwrap_err().0, 400);
    for (body, status) in [(b"nonsense".to_vec(), 400), (vec![b' '; 70_000], 413)] {
        assert_eq!(fetch(json_to(&mall, ENROLMENTS).body(body)).status, status);
    }
}

#[test]
fn the_server_knows_how_a_kiosk_is() {
    let mall = Mall::open();
    let kiosk = mall.kiosk("North door");
    mall.pass(5);
    let sent_at = mall.now() + chrono::TimeDelta::minutes(90);
    let body = serde_json::to_vec(&Batch { sent_at, waiting: 12, ..Batch::default() }).unwrap();
    assert_eq!(mall.post(&kiosk, &body).0, 200);
    let known = mall.admin().kiosks().unwrap().remove(0);
    assert_eq!((known.waiting, known.clock_skew_ms), (12, Some(90 * 60_000)));
    assert_eq!(known.last_seen_at, Some(mall.now()));
}

#[test]
fn a_wrong_clock_is_corrected_before_promises_start() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let ahead = mall.now() + chrono::TimeDelta::hours(5);
    let (item, _) = kiosk.seal(a_complaint("now"), ahead);
    let batch = Batch { sent_at: ahead, items: vec![item], ..Batch::default() };
    assert_eq!(mall.post(&kiosk, &serde_json::to_vec(&batch).unwrap()).0, 200);
    mall.running.settled();
    assert_eq!(asked(&mall, "select started_at from cases"), mall.now().timestamp_millis());
}

/// A request with a JSON body, which the caller adds.
fn json_to(mall: &Mall, path: &str) -> reqwest::blocking::RequestBuilder {
    mall.agent.post(mall.url(path)).header("content-type", "application/json")
}

/// A request beyond the limit is refused with `Retry-After`.
#[test]
fn an_overloaded_server_says_when_to_retry() {
    let mall = Mall::with(|settings| settings.max_kiosk_requests = 1);
    let kiosk = mall.kiosk("North door");
    let (going_on, wait) = std::sync::mpsc::channel::<()>();
    let (entered, inside) = std::sync::mpsc::channel::<()>();
    thread::scope(|scope| {
        let slow = scope.spawn(|| {
            let body = reqwest::blocking::Body::new(Slow { entered, wait });
            let request = json_to(&mall, BATCH).header("authorization", format!("Bearer {}", kiosk.token));
            fetch(request.header(BATCH_SIGNATURE, kiosk.sign(b"")).body(body)).status
        });
        inside.recv().unwrap();
        let refused = loop {
            let reply = fetch(mall.agent.post(mall.url(BATCH)).body("{}"));
            // The slow request may not have its permit yet.
            if reply.status == 503 {
                break reply;
            }
        };
        let seconds: u32 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((2..16).contains(&seconds));
        drop(going_on);
        assert_eq!(slow.join().unwrap(), 400);
    });
}

/// A body that sends nothing until the test lets it end.
struct Slow {
    entered: std::sync::mpsc::Sender<()>,
    wait: std::sync::mpsc::Receiver<()>,
}

impl std::io::Read for Slow {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        let _ = self.entered.send(());
        let _ = self.wait.recv();
        Ok(0)
    }
}

/// The call is closed and no case is made of the message, however often it comes.
#[test]
fn a_call_taken_back_is_closed() {
    let mall = Mall::open();
    let (mut kiosk, mut other) = (mall.kiosk("North door"), mall.kiosk("South door"));
    let (call, _) = kiosk.seal(a_call(), mall.now());
    let number = CaseNumber::new(call.kiosk, call.epoch, call.seq);
    mall.send(&kiosk, &[call]);
    let taken_back = Sample { body: Body::CallTakenBack { calls: vec![number] }, ..a_call() };
    let stage = || asked(&mall, "select count(*) from cases where stage = 'closed' and next_due_at is null");
    mall.tell(&mut other, taken_back.clone());
    assert_eq!((cases(&mall), stage()), (1, 0), "another kiosk cannot close it");
    let (item, _) = kiosk.seal(taken_back, mall.now());
    mall.send(&kiosk, std::slice::from_ref(&item));
    mall.send(&kiosk, &[item]);
    assert_eq!((cases(&mall), stage()), (1, 1));
    assert_eq!(asked(&mall, "select count(*) from case_event where what = 'taken-back'"), 1);
    assert_eq!(asked(&mall, "select count(*) from sealed_item where quarantine_reason is not null"), 0);
}

/// A network delivers in any order, and nobody has to come.
#[test]
fn a_call_that_arrives_after_it_was_taken_back_is_closed() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let (call, _) = kiosk.seal(a_call(), mall.now());
    let number = CaseNumber::new(call.kiosk, call.epoch, call.seq);
    mall.tell(&mut kiosk, Sample { body: Body::CallTakenBack { calls: vec![number] }, ..a_call() });
    assert_eq!(cases(&mall), 0);
    mall.send(&kiosk, &[call]);
    assert_eq!((cases(&mall), asked(&mall, "select count(*) from cases where stage = 'closed'")), (1, 1));
    assert_eq!(asked(&mall, "select count(*) from call_taken_back"), 0);
}
