//! The two slots through downloads, damage and restarts.

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

fn reopened(data: &Path) -> (Slots, Vec<SlotWarning>) {
    Slots::open(data).unwrap()
}

fn shown(slots: &Slots) -> Option<(u64, String)> {
    let (version, folder) = slots.shown()?;
    Some((version.0, fs::read_to_string(folder.join("venue/unit.geojson")).unwrap()))
}

#[test]
fn downloaded_content_replaces_the_installed_content() {
    let data = tempfile::tempdir().unwrap();
    let (mut slots, warnings) = reopened(data.path());
    assert!(warnings.is_empty() && shown(&slots).is_none());
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
fn content_that_is_never_confirmed_is_given_up() {
    let data = tempfile::tempdir().unwrap();
    let (mut slots, _) = reopened(data.path());
    take(&mut slots, data.path(), 1, "good");
    slots.confirm().unwrap();
    take(&mut slots, data.path(), 2, "bad");
    drop(slots);
    for start in 2..=3 {
        let (slots, warnings) = reopened(data.path());
        assert!(warnings.is_empty(), "start {start}");
        assert_eq!(shown(&slots).unwrap().0, 2, "a power cut or two prove nothing");
    }
    let (slots, warnings) = reopened(data.path());
    assert_eq!(warnings, [SlotWarning::GivenUp(ContentVersion(2))]);
    assert_eq!(shown(&slots), Some((1, "good".to_owned())));
    assert!(!slots.wants(ContentVersion(2)) && slots.wants(ContentVersion(3)));
    assert_eq!(slots.report().refused.unwrap().version, ContentVersion(2));
    drop(slots);
    assert_eq!(reopened(data.path()).1, []);
}

#[test]
fn a_changed_file_shows_the_other_slot() {
    let data = tempfile::tempdir().unwrap();
    let (mut slots, _) = reopened(data.path());
    take(&mut slots, data.path(), 1, "one");
    take(&mut slots, data.path(), 2, "two");
    slots.confirm().unwrap();
    let file = slots.shown().unwrap().1.join("venue/unit.geojson");
    fs::write(&file, "twO").unwrap();
    let (slots, warnings) = reopened(data.path());
    assert!(matches!(&warnings[..], [SlotWarning::SlotDamaged(ContentVersion(2), _)]), "{warnings:?}");
    assert_eq!(shown(&slots), Some((1, "one".to_owned())));
    assert!(slots.wants(ContentVersion(2)), "fetched anew it may be whole");
    fs::remove_file(slots.shown().unwrap().1.join("venue/unit.geojson")).unwrap();
    let (slots, warnings) = reopened(data.path());
    assert_eq!((warnings.len(), shown(&slots)), (1, None), "then there is what it was installed with");
}

#[test]
fn staging_does_not_touch_the_shown_slot() {
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
fn a_damaged_record_does_not_stop_the_start() {
    let data = tempfile::tempdir().unwrap();
    let (mut slots, _) = reopened(data.path());
    take(&mut slots, data.path(), 1, "one");
    fs::write(data.path().join("content/state.json"), "{\"shown\":").unwrap();
    let (slots, warnings) = reopened(data.path());
    assert!(matches!(&warnings[..], [SlotWarning::RecordDamaged(_)]));
    assert!(shown(&slots).is_none() && slots.wants(ContentVersion(1)));
}

#[test]
fn unusable_content_is_given_up_with_its_reason() {
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
