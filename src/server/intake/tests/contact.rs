//! The fields of batch and reply beside the items: watermarks, tokens, reports, retries.

use domain::id::{Epoch, Seq};
use domain::wire::{
    Alarm, Batch, BatchReply, ItemStatus, KioskReport, MissingSeqs, SealedItem, SeqWatermark,
};

use super::*;

fn say(mall: &Mall, kiosk: &TestKiosk, batch: &Batch) -> BatchReply {
    let (status, text) = mall.post(kiosk, &serde_json::to_vec(batch).unwrap());
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn counted(kiosk: &TestKiosk, last: u64) -> Vec<SeqWatermark> {
    vec![SeqWatermark { kiosk: kiosk.number, epoch: Epoch(1), last: Seq(last) }]
}

fn sealed(mall: &Mall, kiosk: &mut TestKiosk, n: usize) -> Vec<SealedItem> {
    (0..n).map(|_| kiosk.seal(a_rating(3, None), mall.now()).0).collect()
}

/// The submissions of both disks become cases, and the kiosk with the copy is told to begin another epoch.
#[test]
fn a_copied_disk_begins_another_epoch() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let original = sealed(&mall, &mut kiosk, 1);
    kiosk.next = 1;
    let copy = sealed(&mall, &mut kiosk, 1);
    assert_eq!(mall.send(&kiosk, &original).shared_epoch, None);
    for status in [ItemStatus::Stored, ItemStatus::Duplicate] {
        let reply = mall.send(&kiosk, &copy);
        assert_eq!((reply.results[0].status, reply.shared_epoch), (status, Some(Epoch(1))));
        assert_eq!(reply.results[0].sha256, copy[0].sha256);
    }
    assert_eq!(mall.send(&kiosk, &original).shared_epoch, None, "the first kiosk keeps its epoch");
    mall.running.settled();
    assert_eq!((cases(&mall), asked(&mall, "select count(*) from conflict")), (2, 0));
    assert!(mall.admin().kiosks().unwrap()[0].copied_at.is_some());
}

/// A restored disk is noticed by its watermark, before it sends an item.
#[test]
fn a_restored_disk_is_noticed_before_it_sends() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let items = sealed(&mall, &mut kiosk, 5);
    mall.send(&kiosk, &items);
    let batch = |last| Batch { watermarks: counted(&kiosk, last), ..Batch::default() };
    assert_eq!(say(&mall, &kiosk, &batch(5)).shared_epoch, None);
    assert_eq!(say(&mall, &kiosk, &batch(3)).shared_epoch, Some(Epoch(1)));
}

#[test]
fn a_server_that_lost_something_asks_for_it() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let items = sealed(&mall, &mut kiosk, 6);
    let some = [&items[0], &items[3]].map(Clone::clone);
    let batch = Batch {
        items: some.to_vec(),
        watermarks: counted(&kiosk, 6),
        newest_stored: Some(items[5].id),
        ..Batch::default()
    };
    let reply = say(&mall, &kiosk, &batch);
    let gaps = vec![(Seq(2), Seq(3)), (Seq(5), Seq(6))];
    assert_eq!(reply.missing, [MissingSeqs { kiosk: kiosk.number, epoch: Epoch(1), gaps }]);
    assert_eq!((reply.contiguous, reply.newest_unknown), (counted(&kiosk, 1), true));
    let reply = say(&mall, &kiosk, &Batch { items, ..batch });
    assert_eq!((reply.missing, reply.newest_unknown), (Vec::new(), false));
    assert_eq!(reply.contiguous, counted(&kiosk, 6));
    mall.running.settled();
    assert_eq!(cases(&mall), 6);
}

#[test]
fn a_reply_names_only_the_kiosks_own_watermarks() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    kiosk.next = 7;
    let items = sealed(&mall, &mut kiosk, 1);
    let reply = mall.send(&kiosk, &items);
    assert_eq!((reply.missing, reply.newest_unknown, reply.shared_epoch), (Vec::new(), false, None));
}

/// An old token is replaced and ends when the new one is used.
#[test]
fn the_new_token_ends_the_old_one() {
    let mall = Mall::open();
    let kiosk = mall.kiosk("North door");
    assert!(say(&mall, &kiosk, &Batch::default()).token.is_none());
    mall.pass(31 * 24 * 60);
    let lost = say(&mall, &kiosk, &Batch::default()).token.unwrap();
    let next = say(&mall, &kiosk, &Batch::default()).token.unwrap();
    assert_eq!(say(&mall, &kiosk.with_token(&next.0), &Batch::default()).token, None);
    for ended in [&kiosk.token, &lost.0] {
        assert_eq!(
            mall.post(&kiosk.with_token(ended), &serde_json::to_vec(&Batch::default()).unwrap()).0,
            401
        );
    }
}

/// The report of a kiosk is stored, and an unreadable report does not hold up the items.
#[test]
fn an_unreadable_report_does_not_delay_items() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let alarms = vec![Alarm { code: "disk-full".to_owned(), last: mall.now(), times: 2 }];
    let report = KioskReport { software: "9.9".to_owned(), alarms, ..KioskReport::default() };
    say(&mall, &kiosk, &Batch { report: Some(report.clone()), ..Batch::default() });
    let known = mall.admin().kiosks().unwrap().remove(0);
    assert_eq!((known.report, known.software.as_deref()), (Some(report), Some("9.9")));

    let item = kiosk.seal(a_rating(3, None), mall.now()).0;
    let unreadable = serde_json::json!({"sent_at": mall.now(), "items": [item], "report": {"alarms": 7}});
    assert_eq!(mall.post(&kiosk, unreadable.to_string().as_bytes()).0, 200);
    mall.running.settled();
    assert_eq!(cases(&mall), 1);
}

#[test]
fn staff_can_ask_a_kiosk_to_try_again() {
    let mall = Mall::open();
    let kiosk = mall.kiosk("North door");
    assert_eq!(say(&mall, &kiosk, &Batch::default()).retries_requested, 0);
    mall.admin().ask_retry(kiosk.number).unwrap();
    assert_eq!(say(&mall, &kiosk, &Batch::default()).retries_requested, 1);
}

/// The age of a submission takes precedence over a wrong calendar clock.
#[test]
fn the_age_overrules_a_wrong_calendar() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let mut item = kiosk.seal(a_complaint("now"), domain::Timestamp::UNIX_EPOCH).0;
    item.age_ms = Some(90_000);
    say(&mall, &kiosk, &Batch { sent_at: mall.now(), items: vec![item], ..Batch::default() });
    mall.running.settled();
    let began = (mall.now() - chrono::TimeDelta::seconds(90)).timestamp_millis();
    assert_eq!(asked(&mall, "select started_at from cases"), began);
}

/// A year of empty batches does not make the database grow.
#[test]
fn a_year_of_empty_batches_adds_no_rows() {
    let mall = Mall::open();
    let kiosk = mall.kiosk("North door");
    let report = KioskReport { software: "9.9".to_owned(), ..KioskReport::default() };
    let pages = || asked(&mall, "pragma page_count") - asked(&mall, "pragma freelist_count");
    say(&mall, &kiosk, &Batch { report: Some(report.clone()), ..Batch::default() });
    let (before, mut kiosk) = (pages(), kiosk);
    for _ in 0..52 * 4 {
        mall.pass(7 * 24 * 60 / 4);
        let reply = say(&mall, &kiosk, &Batch { report: Some(report.clone()), ..Batch::default() });
        kiosk.token = reply.token.map_or(kiosk.token, |new| new.0);
    }
    assert_eq!(pages(), before);
}
