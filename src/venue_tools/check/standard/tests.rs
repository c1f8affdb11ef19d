//! Deviations of real maps from the standard: each has its finding, and the map still loads.

use serde_json::{Value, json};

use super::*;
use crate::check::check as review;
use wayfinding::testing::small;

/// The rules that are broken after a change of one file of a good map.
fn broken(name: &str, change: impl Fn(&mut Value)) -> Vec<&'static str> {
    let archive = small().plan.archive();
    let before: Vec<_> = review(&archive).unwrap().findings;
    let files = archive.files().map(|(n, bytes)| {
        let mut value: Option<Value> = serde_json::from_slice(bytes).ok();
        if let Some(value) = value.as_mut().filter(|_| n == name) {
            change(value);
        }
        let bytes = value.map_or_else(|| bytes.to_vec(), |v| v.to_string().into_bytes());
        (n.to_owned(), bytes)
    });
    let mut rules: Vec<_> = review(&Archive::new(files))
        .unwrap()
        .findings
        .into_iter()
        .filter(|f| !before.contains(f))
        .map(|f| f.rule)
        // The small test maps leave out properties that may be null. This finding exists before and after
        // the change.
        .filter(|rule| *rule != "FeatureMustHaveAllProperties")
        .collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

fn first(value: &mut Value) -> &mut Value {
    &mut value["features"][0]
}

/// The usual deviations of units and levels in real maps are reported.
#[test]
fn deviations_of_units_and_levels_are_named() {
    let set = |key: &'static str, to: Value| move |v: &mut Value| first(v)["properties"][key] = to.clone();
    assert_eq!(broken("unit.geojson", set("category", json!("wardrobe"))), ["CategoryMustBeKnown"]);
    assert_eq!(broken("unit.geojson", set("category", json!(null))), ["UnitMustHaveCategory"]);
    assert_eq!(broken("unit.geojson", set("name", json!("Hall"))), ["LabelsMustNameLanguage"]);
    assert_eq!(broken("unit.geojson", set("name", json!({"ru": "Зал"}))), ["LabelsMustHaveManifestLanguage"]);
    assert_eq!(broken("level.geojson", set("short_name", json!(null))), ["LevelMustHaveShortName"]);
    assert!(broken("level.geojson", set("restriction", json!("nobody"))).contains(&"RestrictionMustBeKnown"));
    assert!(broken("unit.geojson", set("restricton", json!(null))).contains(&"PropertyMustBeKnown"));
    let typed = |v: &mut Value| first(v)["feature_type"] = json!("room");
    assert!(broken("unit.geojson", typed).contains(&"FeatureTypeMustMatchFile"));
}

/// Occupants without a chosen category are reported.
#[test]
fn unchosen_occupant_categories_are_named() {
    let classroom = |v: &mut Value| first(v)["properties"]["category"] = json!("classroom");
    assert_eq!(broken("occupant.geojson", classroom), ["OccupantCategoryMustBeKnown"]);
    let none = |v: &mut Value| first(v)["properties"]["category"] = json!(null);
    assert_eq!(broken("occupant.geojson", none), ["OccupantMustHaveCategory"]);
    let unchanged = |v: &mut Value| {
        for occupant in v["features"].as_array_mut().unwrap() {
            occupant["properties"]["category"] = json!("acai");
        }
    };
    assert_eq!(broken("occupant.geojson", unchanged), ["OccupantCategoryMustBeChosen"]);
    let website = |v: &mut Value| first(v)["properties"]["website"] = json!("shop.example/a");
    assert_eq!(broken("occupant.geojson", website), ["WebsiteMustBeValid"]);
    let phone = |v: &mut Value| first(v)["properties"]["phone"] = json!("call us");
    assert_eq!(broken("occupant.geojson", phone), ["PhoneMustBeValid"]);
    let times = |v: &mut Value| first(v)["properties"]["validity"] = json!({"start": "soon", "end": null});
    assert_eq!(broken("occupant.geojson", times), ["TemporalityMustBeValid"]);
}

/// A beta manifest and dates of every form are accepted.
#[test]
fn beta_manifests_and_odd_dates_are_read() {
    let version = |v: &mut Value| v["version"] = json!("1.0.0.beta.2");
    assert_eq!(broken("manifest.json", version), ["ManifestVersionMustBeValid"]);
    let mut findings = Vec::new();
    for date in ["2020-09-09T12:34:56", "2022-06-30T20:01:17.636022+03:00", "2026-01-01T00:00:00Z"] {
        created(Some(date), &mut findings);
    }
    assert!(findings.is_empty());
    created(Some("yesterday"), &mut findings);
    assert_eq!(findings[0].rule, "ManifestCreatedMustBeValid");
}

#[test]
fn a_fence_on_no_level_is_reported() {
    let mut small = small();
    let properties = json!({"category": "underconstruction", "name": {"en": "New floor"}});
    small.plan.zone("geofence", (0.0, -10.0, 90.0, 10.0), properties);
    let found = review(&small.plan.archive()).unwrap().findings;
    assert!(found.iter().any(|f| f.rule == "GeofenceMustHaveLevelOrBuildingReference"));
}
