//! Stories of two slots.

use super::*;
use domain::content::{ContentFile, FORMAT};

fn publication(version: u64, unit: &str) -> (Manifest, Vec<u8>) {
    let file = ContentFile {
        path: "venue/unit.geojson".parse().unwrap(),
        size: u64::try_from(unit.len()).unwrap(),
        sha256: FileHash::of(unit.as_bytes()),
    };
    let created = domain::Timestamp::from_timestamp(1_795_262_400, 0).unwrap();
    let version = ContentVersion(version);
    let manifest = Manifest { format: FORMAT, version, created, rollback: false, files: vec![file] };
    let signed = serde_json::to_vec(&manifest).unwrap();
    (manifest, signed)
}

/// Fetches, stages and shows a publication.
fn take(slots: &mut Slots, data: &Path, version: u64, unit: &str) {
    let (manifest, signed) = publication(version, unit);
    let fetched = data.join("fetched");
    fs::write(&fetched, unit).unwrap();
    slots.stage(&manifest, &signed, |_| fetched.clone()).unwrap();
    slots.show(manifest.version).unwrap();
}

fn reopened(data: &Path) -> (Slots, Vec<Notice>) {
    Slots::open(data).unwrap()
}

fn shown(slots: &Slots) -> Option<(u64, String)> {
    let (version, folder) = slots.shown()?;
    Some((version.0, fs::read_to_string(folder.join("venue/unit.geojson")).unwrap()))
}

#[test]
fn a_new_kiosk_shows_what_it_was_installed_with_and_then_what_it_is_sent() {
    let data = tempfile::tempdir().unwrap();
    let (mut slots, notices) = reopened(data.path());
    assert!(notices.is_empty() && shown(&slots).is_none());
    assert!(slots.wants(ContentVersion(1)));
    take(&mut slots, data.path(), 1, "one");
    slots.confirm().unwrap();
    assert!(!slots.wants(ContentVersion(1)));
    take(&mut slots, data.path(), 2, "two");
    slots.confirm().unwrap();
    drop(slots);
    assert_eq!(shown(&reopened(data.path()).0), Some((2, "two".to_owned())));
}

#[test]
fn content_with_which_the_program_does_not_stay_up_is_given_up_by_itself() {
    let data = tempfile::tempdir().unwrap();
    let (mut slots, _) = reopened(data.path());
    take(&mut slots, data.path(), 1, "good");
    slots.confirm().unwrap();
    take(&mut slots, data.path(), 2, "bad");
    drop(slots);
    for start in 2..=3 {
        let (slots, notices) = reopened(data.path());
        assert!(notices.is_empty(), "start {start}");
        assert_eq!(shown(&slots).unwrap().0, 2, "a power cut or two prove nothing");
    }
    let (slots, notices) = reopened(data.path());
    assert_eq!(notices, [Notice::GivenUp(ContentVersion(2))]);
    assert_eq!(shown(&slots), Some((1, "good".to_owned())));
    assert!(!slots.wants(ContentVersion(2)) && slots.wants(ContentVersion(3)));
    assert_eq!(slots.report().refused.unwrap().version, ContentVersion(2));
    drop(slots);
    assert_eq!(reopened(data.path()).1, []);
}

#[test]
fn a_changed_file_is_noticed_and_the_other_slot_is_shown() {
    let data = tempfile::tempdir().unwrap();
    let (mut slots, _) = reopened(data.path());
    take(&mut slots, data.path(), 1, "one");
    take(&mut slots, data.path(), 2, "two");
    slots.confirm().unwrap();
    let file = slots.shown().unwrap().1.join("venue/unit.geojson");
    fs::write(&file, "twO").unwrap();
    let (slots, notices) = reopened(data.path());
    assert!(matches!(&notices[..], [Notice::SlotDamaged(ContentVersion(2), _)]), "{notices:?}");
    assert_eq!(shown(&slots), Some((1, "one".to_owned())));
    assert!(slots.wants(ContentVersion(2)), "fetched anew it may be whole");
    fs::remove_file(slots.shown().unwrap().1.join("venue/unit.geojson")).unwrap();
    let (slots, notices) = reopened(data.path());
    assert_eq!((notices.len(), shown(&slots)), (1, None), "then there is what it was installed with");
}

#[test]
fn staging_leaves_what_is_shown_alone_until_it_is_shown() {
    let data = tempfile::tempdir().unwrap();
    let (mut slots, _) = reopened(data.path());
    take(&mut slots, data.path(), 1, "one");
    slots.confirm().unwrap();
    let (manifest, signed) = publication(2, "two");
    let missing = data.path().join("missing");
    assert!(slots.stage(&manifest, &signed, |_| missing.clone()).is_err());
    assert_eq!(shown(&reopened(data.path()).0), Some((1, "one".to_owned())));
    let same = slots.file_with(&FileHash::of(b"one")).unwrap();
    assert_eq!(fs::read_to_string(same).unwrap(), "one");
    assert_eq!(slots.file_with(&FileHash::of(b"two")), None);
}

#[test]
fn a_damaged_record_is_said_and_the_kiosk_starts_all_the_same() {
    let data = tempfile::tempdir().unwrap();
    let (mut slots, _) = reopened(data.path());
    take(&mut slots, data.path(), 1, "one");
    fs::write(data.path().join("content/state.json"), "{\"shown\":").unwrap();
    let (slots, notices) = reopened(data.path());
    assert!(matches!(&notices[..], [Notice::StateDamaged(_)]));
    assert!(shown(&slots).is_none() && slots.wants(ContentVersion(1)));
}

#[test]
fn what_cannot_be_used_after_all_is_given_up_with_its_reason() {
    let data = tempfile::tempdir().unwrap();
    let (mut slots, _) = reopened(data.path());
    take(&mut slots, data.path(), 1, "one");
    slots.confirm().unwrap();
    take(&mut slots, data.path(), 2, "two");
    slots.give_up("no kiosk K1 on the map").unwrap();
    assert_eq!(shown(&slots).unwrap().0, 1);
    let report = reopened(data.path()).0.report();
    assert_eq!(report.shown, Some(ContentVersion(1)));
    assert_eq!(report.refused.unwrap().reason, "no kiosk K1 on the map");
}
