//! Damaged maps: they never cause a panic, and the finding names the file and the reason.

use super::*;
use crate::testing::{VenueBuilder, small};
use crate::venue::{Passage, Service, Severity, TravelDirection, UnitKind};

fn names(archive: &Archive) -> Vec<String> {
    let types = archive::TYPES.iter().map(|t| format!("{t}.geojson"));
    types
        .chain(["manifest.json".to_owned(), "venue.toml".to_owned()])
        .filter(|n| archive.get(n).is_some())
        .collect()
}

/// The same files with one of them replaced or removed.
fn with(archive: &Archive, name: &str, bytes: Option<Vec<u8>>) -> Archive {
    let kept = names(archive).into_iter().filter(|n| n != name);
    let kept = kept.map(|n| (n.clone(), archive.get(&n).unwrap().to_vec()));
    Archive::new(kept.chain(bytes.map(|b| (name.to_owned(), b))))
}

/// Each missing or broken file is named, and the rest still loads.
#[test]
fn broken_files_are_named_and_others_load() {
    let whole = small().plan.archive();
    for name in names(&whole) {
        for bytes in
            [None, Some(Vec::new()), Some(b"{\"features\": 7}".to_vec()), Some(vec![0xff, 0xfe, 0x00])]
        {
            let missing = bytes.is_none();
            match parse(&with(&whole, &name, bytes)) {
                Ok(loaded) => {
                    let named = loaded.findings.iter().any(|f| f.message.contains(&name));
                    // Only a file that a mall does not need may be missing without a finding.
                    let optional =
                        ["amenity", "anchor", "occupant", "opening", "venue"].map(|t| format!("{t}.geojson"));
                    assert!(named || (missing && optional.contains(&name)), "{name}: {:?}", loaded.findings);
                }
                Err(error) => assert!(error.to_string().contains(&name), "{name}: {error}"),
            }
        }
    }
}

/// A lone escalator without a direction is an error and is not used.
#[test]
fn lone_escalators_need_a_direction() {
    let mut plan = VenueBuilder::new(&[0, 1]);
    for ordinal in [0, 1] {
        plan.unit(ordinal, "walkway", (0.0, 0.0, 20.0, 6.0));
        plan.unit(ordinal, "escalator", (20.0, 1.0, 32.0, 2.5));
    }
    let loaded = plan.load();
    let finding = loaded.findings.iter().find(|f| f.rule == "EscalatorMustHaveDirection").unwrap();
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(loaded.venue.shafts()[0].service, Service::Out);
    for ordinal in [0, 1] {
        plan.unit(ordinal, "escalator", (20.0, 3.5, 32.0, 5.0));
    }
    let loaded = plan.load();
    assert!(
        loaded
            .venue
            .shafts()
            .iter()
            .all(|s| s.direction == TravelDirection::Both && s.service == Service::Public)
    );
}

#[test]
fn what_the_overlay_names_has_to_exist() {
    let mut small = small();
    let nobody = "00000000-0000-4000-8000-00000000dead";
    small.plan.overlay(&format!("[[door]]\nopening = \"{nobody}\"\nhours = \"24/7\""));
    small.plan.overlay(&format!("[[lift]]\nunits = [\"{nobody}\"]"));
    small.plan.overlay(&format!("[[closure]]\nfeature = \"{nobody}\""));
    small.plan.overlay(&format!("[[shop]]\noccupant = \"{nobody}\""));
    let findings = small.plan.load().findings;
    let errors = findings
        .iter()
        .filter(|f| f.severity == Severity::Error && f.feature.is_some_and(|id| id.to_string() == nobody));
    assert!(errors.count() >= 4, "{findings:#?}");
}

#[test]
fn a_kiosk_inside_a_wall_is_an_error() {
    let mut small = small();
    small.plan.unit(0, "nonpublic", (100.0, 0.0, 110.0, 8.0));
    small.plan.kiosk("K2", 0, (105.0, 4.0), 0.0);
    small.plan.kiosk("K3", 7, (30.0, 4.0), 0.0);
    let loaded = small.plan.load();
    let rules: Vec<_> = loaded.findings.iter().map(|f| f.rule).collect();
    assert!(rules.contains(&"KioskMustStandOnFloor") && rules.contains(&"KioskMustBeOnLevel"), "{rules:?}");
}

#[test]
fn relationships_join_levels_and_say_the_direction() {
    let mut plan = VenueBuilder::new(&[0, 1]);
    let mut units = Vec::new();
    for ordinal in [0, 1] {
        plan.unit(ordinal, "walkway", (0.0, 0.0, 20.0, 6.0));
        // Far from each other: no direction can be inferred.
        let x = if ordinal == 0 { 20.0 } else { -12.0 };
        units.push(plan.unit(ordinal, "escalator", (x, 1.0, x + 12.0, 2.5)));
    }
    let end = |id: &str| serde_json::json!({"id": id, "feature_type": "unit"});
    plan.relationship(serde_json::json!({
        "category": "escalator", "direction": "directed",
        "origin": end(&units[1]), "intermediary": null, "destination": end(&units[0])
    }));
    let venue = plan.venue();
    assert_eq!(venue.shafts().len(), 1);
    assert_eq!(venue.shafts()[0].direction, TravelDirection::Backward);
}

/// A restricted unit is closed and a restricted lift is for staff.
#[test]
fn restricted_units_are_closed() {
    let archive = small().plan.archive();
    let text = String::from_utf8(archive.get("unit.geojson").unwrap().to_vec()).unwrap();
    let text =
        text.replace(r#""category":"elevator""#, r#""category":"elevator","restriction":"employeesonly""#);
    let text = text.replace(r#""category":"room""#, r#""category":"room","restriction":"restricted""#);
    let venue = parse(&with(&archive, "unit.geojson", Some(text.into_bytes()))).unwrap().venue;
    let lift = venue.shafts().iter().find(|s| s.kind == UnitKind::Lift).unwrap();
    assert_eq!(lift.service, Service::Staff);
    assert!(venue.units().iter().all(|u| u.kind != UnitKind::Room));
}

#[test]
fn doors_for_cars_between_rooms_are_doors() {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
    plan.unit(0, "room", (0.0, 6.0, 20.0, 12.0));
    plan.opening_of(0, "automobile", (4.0, 6.0), (6.0, 6.0));
    plan.opening_of(0, "automobile", (20.0, 1.0), (20.0, 5.0));
    plan.opening_of(0, "emergencyexit", (0.0, 1.0), (0.0, 3.0));
    let passages: Vec<_> = plan.venue().openings().iter().map(|o| o.passage).collect();
    assert_eq!(passages, [Passage::Public, Passage::Service, Passage::Emergency]);
}

/// A shop outside its unit is moved into it, with a finding.
#[test]
fn shops_outside_their_unit_are_moved_in() {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
    let unit = plan.unit(0, "room", (0.0, 6.0, 20.0, 12.0));
    let shop = plan.shop("Tea", "tea", &unit, (50.0, 50.0));
    let loaded = plan.load();
    assert!(loaded.findings.iter().any(|f| f.rule == "AnchorMustBeInsideUnit"));
    let place = loaded.venue.place(&shop).unwrap();
    assert!((0.0..=20.0).contains(&place.position.x) && (6.0..=12.0).contains(&place.position.y));
}

/// A map with an error may not be published, neither as a folder nor as a zip.
#[test]
fn maps_with_errors_may_not_be_published() {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
    for (kiosk, fit) in [((5.0, 3.0), true), ((5.0, 30.0), false)] {
        plan.kiosk(if fit { "K1" } else { "K2" }, 0, kiosk, 0.0);
        let folder = tempfile::tempdir().unwrap();
        let archive = plan.archive();
        for (name, bytes) in archive.files() {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let zip = tempfile::NamedTempFile::new().unwrap();
        let files = archive.files().map(|(name, bytes)| (name.to_owned(), bytes));
        std::fs::write(zip.path(), crate::testing::on_disk::zip_of(files)).unwrap();
        for map in [folder.path(), zip.path()] {
            let found = load(map).unwrap();
            assert_eq!(found.is_publishable(), fit, "{:?}", found.findings);
            let errors = found.findings.iter().filter(|f| f.severity == Severity::Error);
            assert!(errors.eq(found.findings.iter().take_while(|f| f.severity == Severity::Error)));
        }
    }
    assert!(load(std::path::Path::new("/no/such/map")).is_err());
}

/// A shop outside its level is an error with the shop's id.
#[test]
fn shops_outside_their_level_are_errors() {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
    let unit = plan.unit(0, "room", (0.0, 6.0, 20.0, 12.0));
    // The level ends at x = 220.
    let shop = plan.shop("Tea", "tea", &unit, (400.0, 8.0));
    let loaded = plan.load();
    let finding = loaded.findings.iter().find(|f| f.rule == "AnchorMustBeInsideLevel").unwrap();
    assert_eq!((finding.severity, finding.feature), (Severity::Error, Some(shop)));
    assert!(!loaded.is_publishable());
}

/// An occupant exists only during its validity.
#[test]
fn occupants_exist_only_while_valid() {
    let mut small = small();
    let unit = small.plan.unit(0, "room", (100.0, 0.0, 110.0, 8.0));
    let validity = serde_json::json!({"category": "tea", "validity": {"start": "2026-11-18T13:00:00+08:00", "end": null}});
    let shop = small.plan.shop_with("Soon", &unit, (105.0, 4.0), validity);
    let venue = small.plan.venue();
    let there = |hour| venue.places_at(crate::testing::at(hour, 0)).any(|p| p.id == shop);
    assert!(venue.without_absent(crate::testing::at(14, 0)).is_none(), "all of them are there");
    let before = venue.without_absent(crate::testing::at(12, 0)).unwrap();
    assert_eq!((before.places().len() + 1, before.place(&shop).is_some()), (venue.places().len(), false));
    assert!(before.places().iter().all(|p| before.place(&p.id).is_some_and(|found| found.id == p.id)));
    assert!(!there(12) && there(13));
}

#[test]
fn units_outside_of_their_level_are_found() {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
    // The level ends at x = 220.
    let half_out = plan.unit(0, "room", (215.0, 0.0, 225.0, 6.0));
    let out = plan.unit(0, "room", (300.0, 0.0, 310.0, 6.0));
    let findings = plan.load().findings;
    let severity = |id: &str| {
        let is = |f: &&Finding| f.feature.is_some_and(|i| i.to_string() == id);
        findings.iter().filter(|f| f.rule == "UnitMustBeInsideLevel").find(is).map(|f| f.severity)
    };
    assert_eq!(severity(&half_out), Some(Severity::Warning), "{findings:#?}");
    assert_eq!(severity(&out), Some(Severity::Error));
}
