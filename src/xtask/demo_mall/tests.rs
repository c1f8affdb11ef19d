//! Checks the demo mall as it is written: the tests parse the text of the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use serde_json::Value;

use super::labels::LANGUAGES;
use super::{files, folder};

/// The written files. They are the same each time, so all tests but one share them.
static FILES: LazyLock<BTreeMap<String, String>> = LazyLock::new(files);

/// The features of one type.
fn features(kind: &str) -> Vec<Value> {
    let text = &FILES[&format!("{kind}.geojson")];
    let collection: Value = serde_json::from_str(text).unwrap();
    collection["features"].as_array().unwrap().clone()
}

/// Every feature of the archive with its type.
fn all_features() -> Vec<(String, Value)> {
    let kinds = FILES.keys().filter_map(|name| name.strip_suffix(".geojson"));
    kinds.flat_map(|kind| features(kind).into_iter().map(move |f| (kind.to_owned(), f))).collect()
}

fn overlay() -> toml::Table {
    FILES["venue.toml"].parse().unwrap()
}

fn text<'a>(feature: &'a Value, property: &str) -> &'a str {
    feature["properties"][property].as_str().unwrap_or_default()
}

/// The number of features of a type in each category.
fn categories(kind: &str) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for feature in features(kind) {
        *count.entry(text(&feature, "category").to_owned()).or_default() += 1;
    }
    count
}

#[test]
fn it_is_the_same_bytes_each_time() {
    assert!(files() == *FILES);
}

#[test]
fn the_committed_demo_mall_is_current() {
    let written = &*FILES;
    for (name, text) in written {
        let committed = fs::read_to_string(folder().join(name)).unwrap_or_default();
        assert!(committed == *text, "{name} is not what `cargo xtask demo-mall` writes: run it");
    }
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(written.contains_key(&name), "assets/demo-mall/{name} is written by nobody");
    }
}

#[test]
fn the_demo_mall_is_small() {
    assert!(FILES.values().map(String::len).sum::<usize>() < 3_000_000);
}

#[test]
fn the_demo_mall_has_five_levels() {
    let mut ordinals: Vec<i64> =
        features("level").iter().map(|level| level["properties"]["ordinal"].as_i64().unwrap()).collect();
    ordinals.sort_unstable();
    assert_eq!(ordinals, [-1, 0, 1, 2, 3]);

    let shops = features("occupant");
    let businesses: BTreeSet<String> = shops
        .iter()
        .map(|shop| {
            let own = shop["id"].as_str().unwrap();
            shop["properties"]["correlation_id"].as_str().unwrap_or(own).to_owned()
        })
        .collect();
    assert!(businesses.len() >= 190, "{} shops", businesses.len());
    assert!(categories("occupant").len() >= 40);
    for anchor in ["supermarket", "departmentstore", "cinema"] {
        assert!(categories("occupant").contains_key(anchor), "{anchor}");
    }
}

#[test]
fn it_has_every_service_that_a_mall_has() {
    let amenities = categories("amenity");
    let wanted = [
        ("elevator", 15),
        ("escalator", 16),
        ("stairs", 5),
        ("restroom.male", 5),
        ("restroom.female", 5),
        ("restroom.wheelchair", 5),
        ("restroom.family", 5),
        ("mothersroom", 5),
        ("firstaid", 1),
        ("information", 2),
        ("atm", 2),
        ("coinlocker", 2),
        ("entry", 5),
        ("defibrillator", 5),
        ("drinkingfountain", 2),
        ("strollerrental", 1),
        ("lostandfound", 1),
    ];
    for (category, least) in wanted {
        let count = amenities.get(category).copied().unwrap_or(0);
        assert!(count >= least, "{count} of {category}");
    }
    let openings = categories("opening");
    assert!(openings["pedestrian.principal"] >= 6);
    assert!(openings["emergencyexit"] >= 8);
    assert!(categories("unit").contains_key("nonpublic"));
    assert!(categories("section")["parking"] == 4);
}

/// Every pair of neighbouring levels has escalators both ways and a lift.
#[test]
fn neighbouring_levels_have_escalators_and_a_lift() {
    let levels: BTreeMap<String, i64> = features("level")
        .iter()
        .map(|level| {
            (level["id"].as_str().unwrap().to_owned(), level["properties"]["ordinal"].as_i64().unwrap())
        })
        .collect();
    let ordinal: BTreeMap<String, i64> = features("unit")
        .iter()
        .map(|unit| (unit["id"].as_str().unwrap().to_owned(), levels[text(unit, "level_id")]))
        .collect();
    let rides: BTreeSet<(String, i64, i64)> = features("relationship")
        .iter()
        .map(|edge| {
            let end = |key: &str| ordinal[edge["properties"][key]["id"].as_str().unwrap()];
            (text(edge, "category").to_owned(), end("origin"), end("destination"))
        })
        .collect();
    for lower in -1..3 {
        assert!(rides.contains(&("escalator".to_owned(), lower, lower + 1)), "up from {lower}");
        assert!(rides.contains(&("escalator".to_owned(), lower + 1, lower)), "down to {lower}");
        assert!(rides.contains(&("elevator".to_owned(), lower, lower + 1)), "lift from {lower}");
        assert!(rides.contains(&("stairs".to_owned(), lower, lower + 1)), "stairs from {lower}");
    }
}

#[test]
fn the_overlay_tells_what_the_archive_cannot() {
    let overlay = overlay();
    let list = |key: &str| overlay[key].as_array().unwrap().clone();
    assert_eq!(overlay["format"].as_integer(), Some(1));
    assert_eq!(list("kiosk").len(), 3);
    assert!(list("kiosk").iter().all(|kiosk| kiosk["heading"].is_float() && kiosk["position"].is_array()));
    assert_eq!(list("escalator").len(), categories("unit")["escalator"] / 2);
    assert!(list("lift").len() >= 4);
    assert_eq!(list("lift").iter().filter(|lift| lift["access"].as_str() == Some("staff")).count(), 1);
    assert_eq!(list("shop").len(), features("occupant").len());
    assert_eq!(list("parking_zone").len(), 4);
    assert!(list("parking_zone").iter().all(|zone| zone["bays"].as_integer() > Some(20)));
}

#[test]
fn everything_is_named_in_all_five_languages() {
    for (kind, feature) in all_features() {
        for key in ["name", "alt_name", "short_name"] {
            let Some(labels) = feature["properties"].get(key).and_then(Value::as_object) else { continue };
            for language in LANGUAGES {
                let label = labels.get(language).and_then(Value::as_str).unwrap_or_default();
                assert!(!label.trim().is_empty(), "{kind} {} has no {key} in {language}", feature["id"]);
            }
        }
        let may_be_nameless = ["address", "anchor", "detail", "opening", "relationship", "unit"];
        assert!(
            may_be_nameless.contains(&kind.as_str()) || feature["properties"]["name"].is_object(),
            "{feature}"
        );
    }
    for shop in overlay()["shop"].as_array().unwrap() {
        for language in LANGUAGES {
            assert!(!shop["keywords"][language].as_array().unwrap().is_empty(), "{shop}");
        }
    }
}

/// A unit without its own name is let to exactly one shop.
#[test]
fn unnamed_units_have_one_occupant() {
    let mut tenants: BTreeMap<String, usize> = BTreeMap::new();
    for anchor in features("anchor") {
        *tenants.entry(text(&anchor, "unit_id").to_owned()).or_default() += 1;
    }
    for unit in features("unit") {
        let count = tenants.get(unit["id"].as_str().unwrap()).copied().unwrap_or(0);
        let nameless = unit["properties"]["name"].is_null();
        assert_eq!(count, usize::from(nameless), "{unit}");
    }
}

#[test]
fn ids_are_unique_and_references_exist() {
    let features = all_features();
    let mut ids = BTreeSet::new();
    for (kind, feature) in &features {
        assert!(
            ids.insert(feature["id"].as_str().unwrap().to_owned()),
            "{kind} {} comes twice",
            feature["id"]
        );
    }
    let check = |id: &Value, from: &Value| {
        assert!(ids.contains(id.as_str().unwrap()), "{from} refers to nothing");
    };
    for (_, feature) in &features {
        for (key, value) in feature["properties"].as_object().unwrap() {
            match value {
                Value::String(_) if key.ends_with("_id") && key != "correlation_id" => check(value, feature),
                Value::Array(list) if key.ends_with("_ids") => list.iter().for_each(|id| check(id, feature)),
                Value::Object(reference) if reference.contains_key("feature_type") => {
                    check(&reference["id"], feature)
                }
                _ => {}
            }
        }
    }
    for line in FILES["venue.toml"].lines().filter(|line| !line.starts_with('#')) {
        for id in line.split('"').filter(|text| text.len() == 36 && text.matches('-').count() == 4) {
            assert!(ids.contains(id), "venue.toml refers to nothing: {line}");
        }
    }
}

/// IMDF 1.0.0: the properties that every feature of a type has, present even when null.
const PROPERTIES: [(&str, &str); 15] = [
    ("address", "address unit locality province country postal_code postal_code_ext postal_code_vanity"),
    (
        "amenity",
        "category accessibility name alt_name hours phone website unit_ids address_id correlation_id",
    ),
    ("anchor", "address_id unit_id"),
    ("building", "name alt_name category restriction display_point address_id"),
    ("detail", "level_id"),
    ("fixture", "category name alt_name anchor_id level_id display_point"),
    ("footprint", "category name building_ids"),
    ("kiosk", "name alt_name anchor_id level_id display_point"),
    ("level", "category restriction outdoor ordinal name short_name display_point address_id building_ids"),
    ("occupant", "name alt_name category anchor_id hours phone website validity correlation_id"),
    ("opening", "category accessibility access_control door name alt_name display_point level_id"),
    ("relationship", "category direction origin intermediary destination hours"),
    (
        "section",
        "category restriction accessibility name alt_name display_point level_id address_id correlation_id parents",
    ),
    ("unit", "category restriction accessibility name alt_name level_id display_point"),
    ("venue", "category restriction name alt_name hours phone website display_point address_id"),
];

/// Every property of the standard is present, and no other.
#[test]
fn features_have_exactly_the_standard_properties() {
    for (kind, wanted) in PROPERTIES {
        let wanted: BTreeSet<&str> = wanted.split(' ').collect();
        for feature in features(kind) {
            let found: BTreeSet<&str> =
                feature["properties"].as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(found, wanted, "{kind}");
            assert_eq!(feature["feature_type"], kind);
        }
    }
}

#[test]
fn telephone_numbers_and_websites_belong_to_nobody() {
    for shop in features("occupant") {
        let (phone, website) = (text(&shop, "phone"), text(&shop, "website"));
        assert!(phone.is_empty() || phone.starts_with("+86215550") && phone.len() == 13, "{phone}");
        assert!(website.is_empty() || website.ends_with(".example.com"), "{website}");
    }
}
