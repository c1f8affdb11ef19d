//! A full disk, a failing disk, and unreadable files.

use super::*;

/// The epoch of the unreadable database is never used again.
#[test]
fn an_unreadable_database_is_moved_aside() {
    for damage in ["", "garbage", "SQLite format 3\0 and then nothing of the kind"] {
        let mut kiosk = Kiosk::enrolled();
        drop(kiosk.open());
        let first = kiosk.identity.epoch();
        let own = kiosk.folder.path().join("outbox");
        for file in fs::read_dir(&own).unwrap() {
            fs::write(file.unwrap().path(), damage).unwrap();
        }
        let (mut outbox, replaced) = kiosk.open();
        kiosk.queue(&mut outbox);
        assert_eq!(everything(&outbox)[0].epoch, Epoch(first.0 + 1));
        if damage.is_empty() {
            assert!(replaced.is_none(), "an empty file holds nothing to keep");
        } else {
            let Replaced { to, .. } = replaced.unwrap();
            assert_eq!(fs::read_to_string(to.join("queue.db")).unwrap(), damage);
        }
    }
}

#[test]
fn readable_rows_of_damaged_databases_are_salvaged() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    for _ in 0..200 {
        kiosk.queue(&mut outbox);
    }
    let before: BTreeSet<_> = everything(&outbox).into_iter().map(|item| item.id).collect();
    drop(outbox);
    let path = kiosk.folder.path().join("outbox/queue.db");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xA5);
    fs::write(&path, &bytes).unwrap();

    let (mut outbox, replaced) = kiosk.open();
    let Replaced { to, carried_over, .. } = replaced.unwrap();
    let after: BTreeSet<_> = everything(&outbox).into_iter().map(|item| item.id).collect();
    assert!(carried_over > 150, "{carried_over}");
    assert!(after.is_subset(&before));
    assert_eq!(fs::read(to.join("queue.db")).unwrap(), bytes, "the evidence is as it was");
    kiosk.queue(&mut outbox);
    assert!(everything(&outbox).last().unwrap().epoch > everything(&outbox)[0].epoch);
}

/// There are no migrations: a database of another version is moved aside, and its rows are salvaged.
#[test]
fn an_outbox_of_another_version_is_salvaged() {
    for version in [2, 99] {
        let mut kiosk = Kiosk::enrolled();
        let (mut outbox, _) = kiosk.open();
        kiosk.queue(&mut outbox);
        outbox.db.pragma_update(None, "user_version", version).unwrap();
        drop(outbox);
        let (outbox, replaced) = kiosk.open();
        let Replaced { carried_over, reason, .. } = replaced.unwrap();
        assert_eq!(reason, format!("it is of version {version}, this program reads 1"));
        assert_eq!((carried_over, outbox.waiting().unwrap()), (1, 1));
    }
}

#[test]
fn a_new_disk_begins_at_a_random_epoch() {
    let mut epochs = BTreeSet::new();
    for seed in 0..50 {
        let folder = tempfile::tempdir().unwrap();
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        let (mut identity, _) = Identity::open(folder.path(), noon(), &mut random).unwrap();
        epochs.insert(Outbox::open(folder.path(), &mut identity, noon()).unwrap().0.epoch());
    }
    assert_eq!(epochs.len(), 50);
}

#[test]
fn a_new_identity_continues_above_an_existing_epoch() {
    let mut kiosk = Kiosk::enrolled();
    let (outbox, _) = kiosk.open();
    outbox.db.execute("update counter set epoch = 4000000000", ()).unwrap();
    drop(outbox);
    let Kiosk { folder, identity, mut random } = kiosk;
    drop(identity);
    fs::write(folder.path().join("identity.json"), "garbage").unwrap();
    let (mut identity, _) = Identity::open(folder.path(), noon(), &mut random).unwrap();
    assert!(identity.epoch() < Epoch(4_000_000_000));
    Outbox::open(folder.path(), &mut identity, noon()).unwrap();
    assert_eq!(identity.epoch(), Epoch(4_000_000_001), "it has no number any more, and another count");
}

#[test]
fn a_full_disk_loses_nothing_already_queued() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    let pages: u32 = outbox.db.query_row("pragma page_count", (), |row| row.get(0)).unwrap();
    outbox.db.pragma_update(None, "max_page_count", pages).unwrap();
    let mut safe = 1;
    let refusal = loop {
        match outbox.queue(&a_complaint(CANARY), &kiosk.identity, noon(), &mut kiosk.random) {
            Ok(_) => safe += 1,
            Err(refusal) => break refusal,
        }
        assert!(safe < 1000);
    };
    assert!(matches!(refusal, Error::Full(_)), "{refusal:?}");
    // The next attempt reopens the file, and that drops the size limit of this connection.
    kiosk.queue(&mut outbox);
    let seqs: Vec<_> = everything(&outbox).iter().map(|item| item.seq.0).collect();
    assert_eq!(seqs, (1..=safe + 1).collect::<Vec<_>>());
}

#[test]
fn a_replaced_database_file_is_never_written() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    outbox.trust = Trust::Doubtful;
    fs::remove_dir_all(kiosk.folder.path().join("outbox")).unwrap();
    let refused = outbox.queue(&a_complaint(CANARY), &kiosk.identity, noon(), &mut kiosk.random);
    assert!(matches!(refused, Err(Error::Damaged(_))), "{refused:?}");
}

/// An alarm is raised, and the reserve is created again when there is room.
#[test]
fn a_full_disk_frees_its_reserve_to_settle() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    for _ in 0..50 {
        kiosk.queue(&mut outbox);
    }
    let reserve = kiosk.folder.path().join("reserve");
    assert!(fs::metadata(&reserve).unwrap().len() >= 1024 * 1024);
    let pages: u32 = outbox.db.query_row("pragma page_count", (), |row| row.get(0)).unwrap();
    outbox.db.pragma_update(None, "max_page_count", pages).unwrap();
    let results: Vec<_> = everything(&outbox).iter().map(|item| answer(item, ItemStatus::Stored)).collect();
    let settlement = outbox.settle(&results, &ServerReport::at(noon()), noon()).unwrap();
    assert_eq!((settlement.delivered, outbox.waiting().unwrap()), (50, 0));
    assert!(!reserve.exists());
    assert_eq!(outbox.alarms()[0].code, "disk-full");
    drop(outbox);
    drop(kiosk.open());
    assert!(reserve.exists(), "it is set aside again when there is room");
}

/// The alarm stays until somebody removes the folder.
#[test]
fn a_database_moved_aside_stays_an_alarm() {
    let mut kiosk = Kiosk::enrolled();
    drop(kiosk.open());
    fs::write(kiosk.folder.path().join("outbox/queue.db"), "garbage").unwrap();
    drop(kiosk.open());
    let (outbox, _) = kiosk.open();
    assert_eq!(outbox.report("1.0").alarms[0].code, "outbox-moved-aside");
}
