//! Items that cannot become cases as they are: none of them is lost.

use domain::id::{Epoch, Seq, SubmissionId};
use domain::kind::Kind;
use domain::seal::PrivateKey;
use domain::wire::{BatchReply, ItemStatus, Secret};

use super::{asked, cases};
use crate::store::fleet::KioskFilter;
use crate::testing::{Mall, TestKiosk, a_complaint, a_rating};

#[test]
fn unreadable_items_are_quarantined_and_acknowledged() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let now = mall.now();
    let (mut moved, _) = kiosk.seal(a_rating(1, None), now);
    moved.seq = Seq(7);
    let id = kiosk.random.with(|r| SubmissionId::new(now, r));
    let unreadable = kiosk.item(id, Seq(8), Kind::Complaint, now, b"{\"not\":\"a submission\"}");
    let (mut unknown, _) = kiosk.seal(a_rating(1, None), now);
    unknown.key_id.0 = "0123456789abcdef".to_owned();
    let reply = mall.send(&kiosk, &[moved, unreadable, unknown]);
    assert!(reply.results.iter().all(|r| r.status == ItemStatus::Stored));
    assert_eq!((cases(&mall), asked(&mall, "select count(*) from sealed_item")), (0, 3));
    for reason in ["unopenable", "unreadable", "unknown-key"] {
        let sql = format!("select count(*) from sealed_item where quarantine_reason = '{reason}'");
        assert_eq!(asked(&mall, &sql), 1, "{reason}");
    }
}

/// Items whose clear fields this version cannot read are acknowledged and kept, whole.
#[test]
fn items_of_newer_kiosks_are_kept() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let now = mall.now();
    let (known, _) = kiosk.seal(a_rating(3, None), now);
    let mut of_a_new_kind = serde_json::to_value(&known).unwrap();
    of_a_new_kind["kind"] = "from-the-future".into();
    let (item, _) = kiosk.seal(a_rating(3, None), now);
    let mut of_a_new_form = serde_json::to_value(&item).unwrap();
    of_a_new_form["seq"] = serde_json::json!({"of": 7});
    let batch = serde_json::json!({"sent_at": now, "items": [of_a_new_kind, of_a_new_form]});
    for expected in [ItemStatus::Stored, ItemStatus::Duplicate] {
        let (_, text) = mall.post(&kiosk, batch.to_string().as_bytes());
        let reply: BatchReply = serde_json::from_str(&text).unwrap();
        assert!(reply.results.iter().all(|r| r.status == expected), "{text}");
        assert_eq!(reply.results[1].sha256, item.sha256);
    }
    assert_eq!(cases(&mall), 1, "the kind in the clear decides nothing");
    assert_eq!(asked(&mall, "select count(*) from unparsed_item where raw like '%sealed%'"), 1);
}

/// A cloned disk is noticed, and the submissions of both disks become cases.
#[test]
fn items_of_a_cloned_disk_become_cases() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let (original, _) = kiosk.seal(a_complaint("from the first"), mall.now());
    kiosk.next = 1;
    let (clone, _) = kiosk.seal(a_complaint("from the second"), mall.now());
    mall.send(&kiosk, std::slice::from_ref(&original));
    for status in [ItemStatus::Stored, ItemStatus::Duplicate] {
        let reply = mall.send(&kiosk, std::slice::from_ref(&clone));
        assert_eq!((reply.results[0].status, &reply.results[0].sha256), (status, &clone.sha256));
    }
    assert_eq!(cases(&mall), 2);
    let admin = mall.admin();
    let page = admin.store().fleet().page(KioskFilter::All, 0, 1, mall.now());
    let counts = admin.run(page).unwrap().1.received;
    assert_eq!((counts[0].highest, counts[0].missing, counts[0].collisions), (1, 0, 1));
    assert_eq!(counts[0].collision_at, Some(mall.now()));
}

/// Different bytes under a taken id are kept, once.
#[test]
fn conflicting_bytes_are_quarantined() {
    let mall = Mall::open();
    let kiosk = mall.kiosk("North door");
    let id = kiosk.random.with(|r| SubmissionId::new(mall.now(), r));
    let first = kiosk.item(id, Seq(1), Kind::Feedback, mall.now(), b"one");
    let other = kiosk.item(id, Seq(1), Kind::Feedback, mall.now(), b"two");
    mall.send(&kiosk, std::slice::from_ref(&first));
    for _ in 0..2 {
        let reply = mall.send(&kiosk, std::slice::from_ref(&other));
        assert_eq!(reply.results[0].status, ItemStatus::Conflict);
        assert_eq!(reply.results[0].sha256, first.sha256, "the kiosk gets the hash of what is stored");
    }
    assert_eq!(asked(&mall, "select count(*) from conflict"), 1);
}

#[test]
fn items_become_cases_when_their_key_arrives() {
    let mall = Mall::open();
    let provisional = crate::Random::from_seed([8; 32]).with(PrivateKey::new);
    let first = mall.kiosk("North door");
    let mut kiosk = TestKiosk { sealing_key: provisional.public(), ..first };
    mall.tell(&mut kiosk, a_complaint("sealed to a key that nobody has"));
    assert_eq!((cases(&mall), asked(&mall, "select count(*) from ingest_queue")), (0, 0));
    let (_, code) = mall.admin().add_kiosk("the same, after a new disk").unwrap();
    let mut request = mall.enrolment(&code.to_string(), 9);
    request.provisional_keys.push(Secret(provisional.to_base64()));
    mall.enrol(&request).unwrap();
    assert_eq!(
        (cases(&mall), asked(&mall, "select count(*) from sealed_item where quarantine_reason is not null")),
        (1, 0)
    );
}

#[test]
fn a_second_case_with_one_token_is_quarantined() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let digest = "ab".repeat(32);
    let sealed = |kiosk: &TestKiosk, seq| {
        let submission = domain::submission::Submission {
            case_number: domain::receipt::CaseNumber::new(kiosk.number, Epoch(1), Seq(seq)),
            token_digest: digest.clone(),
            code_digest: digest.clone(),
            language: domain::language::Language::En,
            created_at: mall.now(),
            place: None,
            body: domain::submission::Body::ServiceRequest,
            contact: None,
        };
        let id = kiosk.random.with(|r| SubmissionId::new(mall.now(), r));
        let plain = serde_json::to_vec(&submission).unwrap();
        kiosk.item(id, Seq(seq), Kind::ServiceRequest, mall.now(), &plain)
    };
    let items = [sealed(&kiosk, 1), sealed(&kiosk, 2)];
    kiosk.next = 3;
    assert!(mall.send(&kiosk, &items).results.iter().all(|r| r.status == ItemStatus::Stored));
    assert_eq!(asked(&mall, "select count(*) from sealed_item where quarantine_reason = 'token-taken'"), 1);
}
