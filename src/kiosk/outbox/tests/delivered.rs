//! The server loses data and gets it again.

use chrono::TimeDelta;
use domain::wire::{MissingSeqs, SeqWatermark};

use super::*;

fn deliver_all(outbox: &mut Outbox, at: Timestamp) -> Vec<SealedItem> {
    let items = everything(outbox);
    let results: Vec<_> = items.iter().map(|item| answer(item, ItemStatus::Stored)).collect();
    outbox.settle(&results, &ServerReport::at(at), noon()).unwrap();
    items
}

/// A server that lost one delivered item may have lost more than it can name.
#[test]
fn a_gap_requeues_every_delivered_item() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    for _ in 0..6 {
        kiosk.queue(&mut outbox);
    }
    let items = deliver_all(&mut outbox, noon());
    assert_eq!((outbox.waiting().unwrap(), outbox.delivered().unwrap()), (0, 6));
    let (number, epoch) = (items[0].kiosk, items[0].epoch);
    let gaps = vec![(Seq(2), Seq(3)), (Seq(6), Seq(9))];
    let missing = vec![MissingSeqs { kiosk: number, epoch, gaps }];
    let settlement =
        outbox.settle(&[], &ServerReport { missing, ..ServerReport::at(noon()) }, noon()).unwrap();
    assert_eq!(settlement.revived, 6);
    let again: Vec<_> = everything(&outbox).iter().map(|item| item.seq.0).collect();
    assert_eq!(again, [1, 2, 3, 4, 5, 6]);
    assert_eq!(everything(&outbox)[1].sealed, items[1].sealed, "the same bytes");
    assert_eq!(outbox.watermarks().unwrap(), [SeqWatermark { kiosk: number, epoch, last: Seq(6) }]);
}

/// A gap that is no item of this kiosk, or one in quarantine, shows no loss.
#[test]
fn a_gap_without_a_delivered_item_requeues_nothing() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    let items = deliver_all(&mut outbox, noon());
    let missing =
        vec![MissingSeqs { kiosk: items[0].kiosk, epoch: items[0].epoch, gaps: vec![(Seq(2), Seq(9))] }];
    let settlement =
        outbox.settle(&[], &ServerReport { missing, ..ServerReport::at(noon()) }, noon()).unwrap();
    assert_eq!((settlement.revived, outbox.delivered().unwrap()), (0, 1));
}

/// The server shows its loss by not knowing the last delivered item.
#[test]
fn a_server_that_lost_data_gets_everything_again() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    kiosk.queue(&mut outbox);
    let items = deliver_all(&mut outbox, noon());
    assert_eq!(outbox.newest_delivered().unwrap(), Some(items[1].id));
    kiosk.queue(&mut outbox);
    let third = everything(&outbox).remove(0);
    let report = ServerReport { newest_unknown: true, ..ServerReport::at(noon()) };
    let settlement = outbox.settle(&[answer(&third, ItemStatus::Stored)], &report, noon()).unwrap();
    assert_eq!((settlement.revived, settlement.delivered), (2, 1));
    assert_eq!(everything(&outbox).len(), 2);
    assert_eq!(outbox.newest_delivered().unwrap(), Some(third.id));
}

#[test]
fn delivered_items_expire_by_the_servers_clock() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    deliver_all(&mut outbox, noon());
    outbox.settle(&[], &ServerReport::at(noon() + TimeDelta::days(6)), Timestamp::MAX_UTC).unwrap();
    assert_eq!(outbox.delivered().unwrap(), 1, "the kiosk's own calendar may be wrong");
    outbox.settle(&[], &ServerReport::at(noon() + TimeDelta::days(8)), noon()).unwrap();
    assert_eq!(outbox.delivered().unwrap(), 0);
    assert!(outbox.watermarks().unwrap()[0].last == Seq(1), "the count goes on");
}

#[test]
fn item_ages_are_unknown_after_restart() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    let seconds = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(100));
    let clock = std::sync::Arc::clone(&seconds);
    let read = move || std::time::Duration::from_secs(clock.load(std::sync::atomic::Ordering::SeqCst));
    outbox.set_uptime_clock(Box::new(read));
    kiosk.queue(&mut outbox);
    seconds.store(160, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(everything(&outbox)[0].age_ms, Some(60_000));
    drop(outbox);
    assert_eq!(everything(&kiosk.open().0)[0].age_ms, None);
}

#[test]
fn a_shared_epoch_moves_to_a_distant_one() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    let first = outbox.epoch();
    outbox.begin_distant_epoch(&mut kiosk.identity, &mut kiosk.random).unwrap();
    kiosk.queue(&mut outbox);
    drop(outbox);
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    let places: Vec<_> = everything(&outbox).iter().map(|item| (item.epoch, item.seq)).collect();
    let second = outbox.epoch();
    assert!(second > first);
    assert_eq!(places, [(first, Seq(1)), (second, Seq(1)), (second, Seq(2))]);
}

#[test]
fn another_kiosk_number_begins_a_new_epoch() {
    let mut kiosk = Kiosk::new();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    let first = outbox.epoch();
    drop(outbox);
    kiosk.become_enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    let places: Vec<_> = everything(&outbox).iter().map(|i| (i.kiosk.get(), i.epoch, i.seq)).collect();
    assert_eq!(places, [(0, first, Seq(1)), (3, Epoch(first.0 + 1), Seq(1))]);
}

/// Tidying writes nothing if nothing has changed.
#[test]
fn tidying_keeps_the_log_small() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    let log = kiosk.folder.path().join("outbox/queue.db-wal");
    let size = || fs::metadata(&log).unwrap().len();
    for _ in 0..200 {
        kiosk.queue(&mut outbox);
        outbox.tidy().unwrap();
        assert!(size() < 100 * 4120, "{} bytes", size());
    }
    deliver_all(&mut outbox, noon());
    outbox.tidy().unwrap();
    let before = all_of(kiosk.folder.path());
    for _ in 0..1000 {
        outbox.settle(&[], &ServerReport::at(noon()), noon()).unwrap();
        outbox.tidy().unwrap();
    }
    assert!(before == all_of(kiosk.folder.path()), "a quiet day wears no disk out");
    drop(outbox);
    let (outbox, replaced) = kiosk.open();
    assert_eq!((replaced, outbox.delivered().unwrap()), (None, 200));
}
