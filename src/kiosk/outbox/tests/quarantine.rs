//! Quarantined items are released when the reason may be gone.

use chrono::TimeDelta;

use super::*;

fn with_two_in_quarantine() -> (Kiosk, Outbox, Vec<SealedItem>) {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    kiosk.queue(&mut outbox);
    let items = everything(&outbox);
    for item in &items {
        outbox.quarantine(item.id, "refused", noon(), noon()).unwrap();
    }
    (kiosk, outbox, items)
}

/// The order does not depend on earlier refusals.
#[test]
fn suspects_are_sent_round_robin() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    kiosk.queue(&mut outbox);
    let [new, old] = [0, 1].map(|n| everything(&outbox)[n].id);
    for _ in 0..5 {
        outbox.count_refusal(old, Fault::Server).unwrap();
    }
    outbox.count_refusal(new, Fault::Item).unwrap();
    let turns = [(); 4].map(|()| {
        let next = suspect(&outbox).unwrap().id;
        outbox.count_refusal(next, Fault::Item).unwrap();
        next
    });
    assert_eq!(turns, [old, new, old, new]);
}

#[test]
fn a_retry_asked_by_staff_is_obeyed_once() {
    let (_kiosk, mut outbox, items) = with_two_in_quarantine();
    let asked = ServerReport { retries_requested: 1, ..ServerReport::at(noon()) };
    assert_eq!(outbox.settle(&[], &asked, noon()).unwrap().released, 2);
    assert_eq!(suspect(&outbox).unwrap().id, items[0].id, "each of them alone");
    outbox.quarantine(items[0].id, "refused", noon(), noon()).unwrap();
    assert_eq!(outbox.settle(&[], &asked, noon()).unwrap().released, 0, "one request is obeyed once");
}

#[test]
fn quarantined_items_are_retried_with_backoff() {
    let (_kiosk, mut outbox, items) = with_two_in_quarantine();
    let mut at = noon();
    for hours in [1, 2, 4, 8, 16, 24, 24] {
        let report = ServerReport::at(at + TimeDelta::hours(hours) - TimeDelta::seconds(1));
        assert_eq!(outbox.settle(&[], &report, noon()).unwrap().released, 0, "{hours}");
        at += TimeDelta::hours(hours);
        assert_eq!(outbox.settle(&[], &ServerReport::at(at), noon()).unwrap().released, 2, "{hours}");
        for item in &items {
            outbox.quarantine(item.id, "refused", at, noon()).unwrap();
        }
    }
}

#[test]
fn too_large_items_wait_for_a_higher_limit() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    let size = everything(&outbox)[0].sealed.0.len();
    let limit = |max_item_bytes| ServerReport {
        limits: Some(Limits { max_item_bytes, ..Limits::default() }),
        ..ServerReport::at(noon())
    };
    assert_eq!(outbox.settle(&[], &limit(size - 1), noon()).unwrap().quarantined, 1);
    assert!(everything(&outbox).is_empty());
    assert_eq!(outbox.settle(&[], &limit(size - 1), noon()).unwrap().released, 0);
    assert_eq!(outbox.settle(&[], &limit(size), noon()).unwrap().released, 1);
    assert_eq!(everything(&outbox).len(), 1);
}

/// An item that was also refused for another reason stays a suspect.
#[test]
fn released_large_items_are_not_suspects() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    kiosk.queue(&mut outbox);
    let items = everything(&outbox);
    let report = |max_item_bytes| ServerReport {
        limits: Some(Limits { max_item_bytes, ..Limits::default() }),
        ..ServerReport::at(noon())
    };
    outbox.settle(&[answer(&items[0], ItemStatus::Rejected)], &report(64 * 1024), noon()).unwrap();
    let settlement = outbox.settle(&[], &report(10), noon()).unwrap();
    assert_eq!((settlement.quarantined, outbox.waiting().unwrap()), (1, 0));
    outbox.settle(&[], &report(64 * 1024), noon()).unwrap();
    assert_eq!(outbox.waiting_by_kind().unwrap(), Waiting { fresh: 1, suspect: 0 });
    // An item that was refused for another reason may be refused again.
    outbox.settle(&[], &report(65 * 1024), noon()).unwrap();
    assert_eq!(suspect(&outbox).unwrap().id, items[0].id);
}

/// The report lists the quarantined items and the alarms.
#[test]
fn a_report_holds_no_word_of_a_visitor() {
    let (_kiosk, mut outbox, items) = with_two_in_quarantine();
    outbox.raise_alarm(&Error::Damaged("a page".to_owned()), noon());
    outbox.raise_alarm(&Error::Damaged("a page".to_owned()), noon());
    let report = outbox.report("1.0");
    assert_eq!((report.quarantined, report.first_quarantined[1].id), (2, items[1].id));
    assert_eq!((report.alarms[0].code.as_str(), report.alarms[0].times), ("outbox-damaged", 2));
    assert!(!serde_json::to_string(&report).unwrap().contains("escalator"));
}
