//! Conformance: the requirements of the standard that the import does not check, for single features and
//! for the map as a whole.
//!
//! Most violations change nothing for a visitor and are warnings. The rules have the names of the standard
//! author's validator, if it has such a rule. A fault that a whole file shares is one finding.

mod lists;

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDateTime};
use serde_json::Value;
use strsim::osa_distance;
use wayfinding::load::{Archive, Feature, Features, TYPES};
use wayfinding::venue::{FeatureId, Finding, Group};

/// The first category that an editor offers. Occupants that share it were probably never categorised.
const FIRST_IN_THE_LIST: &str = "acai";

/// Checks the date of a manifest, in all its practical forms: with or without a zone, with any fraction.
fn created(text: Option<&str>, findings: &mut Vec<Finding>) {
    let readable = |text: &str| {
        DateTime::parse_from_rfc3339(text).is_ok()
            || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").is_ok()
    };
    if !text.is_some_and(readable) {
        let date = text.map_or_else(|| "no date".to_owned(), |t| format!("{t:?}"));
        let message = format!("manifest.json says {date} in \"created\"; nothing depends on it");
        findings.push(Finding::warning("ManifestCreatedMustBeValid", None, message));
    }
}

/// Checks everything except geometry.
pub(super) fn check(archive: &Archive, features: &Features, findings: &mut Vec<Finding>) {
    let manifest = archive.get("manifest.json").and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
    if let Some(manifest) = manifest {
        created(manifest.get("created").and_then(Value::as_str), findings);
    }
    for kind in TYPES {
        properties(kind, features.of(kind), findings);
        labels(kind, features.of(kind), features.language(), findings);
        categories(kind, features.of(kind), findings);
    }
    venue_and_buildings(features, findings);
    levels(features, findings);
    occupants(features, findings);
    relationships(features, findings);
}

/// Findings for a whole file: for each text, the count and the first feature.
#[derive(Default)]
struct Tally(BTreeMap<String, (usize, Option<FeatureId>)>);

impl Tally {
    fn add(&mut self, what: &str, feature: FeatureId) {
        let entry = self.0.entry(what.to_owned()).or_insert((0, Some(feature)));
        entry.0 += 1;
    }

    fn report(self, rule: &'static str, findings: &mut Vec<Finding>, say: impl Fn(&str, usize) -> String) {
        for (what, (count, first)) in self.0 {
            findings.push(Finding::warning(rule, first, say(&what, count)));
        }
    }
}

/// The count of features, as text for a finding.
fn times(count: usize) -> String {
    if count == 1 { String::new() } else { format!(" ({count} features, this is the first)") }
}

fn properties(kind: &'static str, all: &[Feature], findings: &mut Vec<Finding>) {
    let (mut missing, mut misspelt, mut types) = (Tally::default(), Tally::default(), Tally::default());
    let known: Vec<&str> = lists::properties(kind).split_whitespace().collect();
    for feature in all {
        let keys: HashSet<&str> = feature.keys().collect();
        let mut lacking: Vec<&str> = known.iter().copied().filter(|k| !keys.contains(k)).collect();
        let mut strange: Vec<&str> = keys.iter().copied().filter(|k| !known.contains(k)).collect();
        strange.sort_unstable();
        for key in strange {
            if let Some(meant) = lacking.iter().position(|k| osa_distance(k, key) <= 2 && k.len() > 4) {
                misspelt.add(&format!("{key:?} looks like {:?}", lacking.remove(meant)), feature.id);
            }
        }
        lacking.iter().for_each(|key| missing.add(key, feature.id));
        if feature.declared() != Some(kind) {
            types.add(feature.declared().unwrap_or("nothing"), feature.id);
        }
    }
    missing.report("FeatureMustHaveAllProperties", findings, |key, count| {
        format!("{kind}.geojson: it has no property {key:?}, not even null; null is taken{}", times(count))
    });
    misspelt.report("PropertyMustBeKnown", findings, |what, count| {
        format!("{kind}.geojson: its property {what}; it is not read{}", times(count))
    });
    types.report("FeatureTypeMustMatchFile", findings, |declared, count| {
        format!("{kind}.geojson: its feature_type says {declared}; it is read as {kind}{}", times(count))
    });
}

fn labels(kind: &'static str, all: &[Feature], language: &str, findings: &mut Vec<Finding>) {
    let (mut without, mut bare) = (Tally::default(), Tally::default());
    for feature in all {
        for key in ["name", "alt_name", "short_name"] {
            if feature.text(key).is_some() {
                bare.add(key, feature.id);
            }
            let names = feature.labels(key);
            if !names.is_empty() && !names.iter().any(|(tag, _)| tag == language) {
                without.add(key, feature.id);
            }
        }
    }
    without.report("LabelsMustHaveManifestLanguage", findings, |key, count| {
        let rest = times(count);
        format!("{kind}.geojson: its {key} has no text in {language}; another one is shown{rest}")
    });
    bare.report("LabelsMustNameLanguage", findings, |key, count| {
        let rest = times(count);
        format!("{kind}.geojson: its {key} is a text without a language; it is taken to be {language}{rest}")
    });
}

fn categories(kind: &'static str, all: &[Feature], findings: &mut Vec<Finding>) {
    if !lists::properties(kind).split_whitespace().any(|p| p == "category") {
        return;
    }
    let (mut unknown, mut restrictions) = (Tally::default(), Tally::default());
    let mut missing = Vec::new();
    for feature in all {
        match feature.text("category") {
            None => missing.push(feature.id),
            Some(_) if !lists::knows_category(kind, &feature.category()) => {
                unknown.add(&feature.category(), feature.id);
            }
            Some(_) => {}
        }
        if let Some(restriction) = feature.text("restriction").filter(|r| !lists::knows_restriction(r)) {
            restrictions.add(restriction, feature.id);
        }
    }
    let rule = match kind {
        "level" => "LevelMustHaveCategory",
        "occupant" => "OccupantMustHaveCategory",
        "unit" => "UnitMustHaveCategory",
        "opening" => "OpeningMustHaveCategory",
        _ => "FeatureMustHaveCategory",
    };
    for id in missing {
        let message = format!("{kind}.geojson: it has no category; it is taken as \"unspecified\"");
        findings.push(Finding::warning(rule, id, message));
    }
    unknown.report("CategoryMustBeKnown", findings, |category, count| {
        format!("{kind}.geojson: IMDF has no category {category:?}; it is kept as it is{}", times(count))
    });
    restrictions.report("RestrictionMustBeKnown", findings, |restriction, count| {
        let rest = times(count);
        format!("{kind}.geojson: IMDF has no restriction {restriction:?}; it is closed to the public{rest}")
    });
}

fn venue_and_buildings(features: &Features, findings: &mut Vec<Finding>) {
    let mut warn =
        |rule, id: Option<FeatureId>, message: String| findings.push(Finding::warning(rule, id, message));
    let exists = |feature: &Feature, key: &str, kind: &str| {
        feature.reference(key).is_some_and(|id| features.kind_of(&id) == Some(kind))
    };
    for venue in features.of("venue") {
        if !exists(venue, "address_id", "address") {
            let message = "venue.geojson: it has no address that is in the map; none is shown".to_owned();
            warn("VenueMustHaveAddress", Some(venue.id), message);
        }
        if !venue.is_polygonal() {
            let message = "venue.geojson: its geometry is no area; the levels take its place".to_owned();
            warn("VenueMustHavePolygonalGeometry", Some(venue.id), message);
        }
        if venue.labels("name").is_empty() {
            let message = "venue.geojson: it has no name; that of a building is used, or \"Mall\"".to_owned();
            warn("VenueMustHaveName", Some(venue.id), message);
        }
    }
    if features.of("building").is_empty() {
        let message = "building.geojson: the map has no building; nothing depends on it".to_owned();
        warn("VenueMustHaveAtLeastOneBuilding", None, message);
    }
    let footed: HashSet<FeatureId> =
        features.of("footprint").iter().flat_map(|f| f.references("building_ids")).collect();
    for building in features.of("building") {
        if !footed.contains(&building.id) {
            let message = "building.geojson: no footprint belongs to it; nothing depends on it".to_owned();
            warn("BuildingMustHaveAtLeastOneFootprint", Some(building.id), message);
        }
        if !building.geometry().is_null() {
            let message = "building.geojson: it has a geometry, which only its footprints should have; \
                           it is not used";
            warn("BuildingMustHaveNoGeometry", Some(building.id), message.to_owned());
        }
    }
    for footprint in features.of("footprint") {
        let building = |id: &FeatureId| features.kind_of(id) == Some("building");
        if !footprint.references("building_ids").iter().any(building) {
            let message =
                "footprint.geojson: it names no building of the map; nothing depends on it".to_owned();
            warn("FootprintMustReferenceBuilding", Some(footprint.id), message);
        }
    }
    for geofence in features.of("geofence") {
        let mut named = geofence.references("level_ids");
        named.extend(geofence.references("building_ids"));
        if !named.iter().any(|id| matches!(features.kind_of(id), Some("level" | "building"))) {
            let message = "geofence.geojson: it names no level and no building of the map; it is left out";
            warn("GeofenceMustHaveLevelOrBuildingReference", Some(geofence.id), message.to_owned());
        }
    }
}

fn levels(features: &Features, findings: &mut Vec<Finding>) {
    for level in features.of("level") {
        let mut warn = |rule, message: &str| {
            findings.push(Finding::warning(rule, level.id, format!("level.geojson: {message}")));
        };
        if level.labels("name").is_empty() {
            warn("LevelMustHaveName", "it has no name; its short name or its ordinal is shown");
        }
        if level.labels("short_name").is_empty() {
            warn("LevelMustHaveShortName", "it has no short name; its name is shown on buttons");
        }
        if level.flag("outdoor").is_none() {
            warn("LevelMustHaveOutdoor", "it does not say whether it is outdoors; it is taken as indoors");
        }
    }
    for detail in features.of("detail") {
        if !detail.is_lineal() {
            let message = "detail.geojson: its geometry is no line; it is not drawn".to_owned();
            findings.push(Finding::warning("DetailMustHaveLinealGeometry", detail.id, message));
        }
    }
}

fn occupants(features: &Features, findings: &mut Vec<Finding>) {
    let all = features.of("occupant");
    let mut lost = Tally::default();
    for occupant in all {
        let category = occupant.category();
        if category != "unspecified" && Group::of_occupant(&category) == Group::Other {
            lost.add(&category, occupant.id);
        }
    }
    lost.report("OccupantCategoryMustBeKnown", findings, |category, count| {
        let rest = times(count);
        format!("occupant.geojson: no group of the directory has the category {category:?}; it is under \"other\"{rest}")
    });
    let first: Vec<_> = all.iter().filter(|o| o.category() == FIRST_IN_THE_LIST).collect();
    if first.len() >= 5 && first.len() * 5 > all.len() {
        let message = format!(
            "occupant.geojson: {} of {} have the category {FIRST_IN_THE_LIST:?}, the first that editors offer; \
             they are listed under it all the same",
            first.len(),
            all.len()
        );
        findings.push(Finding::warning("OccupantCategoryMustBeChosen", first[0].id, message));
    }
}

fn relationships(features: &Features, findings: &mut Vec<Finding>) {
    for relationship in features.of("relationship") {
        let mut warn = |rule, message: String| {
            findings.push(Finding::warning(
                rule,
                relationship.id,
                format!("relationship.geojson: {message}"),
            ));
        };
        match relationship.text("direction") {
            Some("directed" | "undirected") => {}
            Some(other) => {
                warn(
                    "RelationshipDirectionMustBeValid",
                    format!("its direction is {other:?}; undirected is taken"),
                );
            }
            None => {
                let message = "it has no direction; undirected is taken".to_owned();
                warn("RelationshipDirectionMustBeValid", message);
            }
        }
        let mut named: Vec<FeatureId> =
            ["origin", "destination"].iter().filter_map(|key| relationship.reference(key)).collect();
        named.extend(relationship.references("intermediary"));
        for id in named.iter().filter(|id| features.kind_of(id).is_none()) {
            warn("RelationshipMustReferenceFeatures", format!("it names {id}, which is not in the map"));
        }
        if let Some(end) = relationship.reference("origin")
            && Some(end) == relationship.reference("destination")
        {
            warn(
                "RelationshipMustJoinTwoFeatures",
                "both its ends are the same feature; it is left out".to_owned(),
            );
        }
    }
}

#[cfg(test)]
mod tests;
