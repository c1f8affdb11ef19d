//! GeoJSON features, each read on its own: a broken feature does not affect the others.
//!
//! A feature is read without knowledge of its type. Other modules read its properties with the accessors
//! below; each returns `None`, a default or a finding for a value that it cannot read.

use domain::language::Labels;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::archive::{Archive, TYPES};
use crate::venue::{FeatureId, Finding, Hours, Moment, Validity};

/// One feature of a map, with its properties not interpreted yet.
#[derive(Debug)]
pub struct Feature {
    /// Its id, or a substitute if the map's id is no UUID.
    pub id: FeatureId,
    /// The feature type, which is also the name of its file.
    pub kind: &'static str,
    /// The type that the feature itself declares.
    declared: Option<String>,
    geometry: Value,
    properties: Map<String, Value>,
    language: std::sync::Arc<str>,
}

/// All features of a map, by type.
#[derive(Debug)]
pub struct Features {
    language: std::sync::Arc<str>,
    by_type: Vec<(&'static str, Vec<Feature>)>,
    kinds: std::collections::HashMap<FeatureId, &'static str>,
}

impl Features {
    /// The features of a map as they are in its files, without findings.
    pub fn read(archive: &Archive) -> Self {
        let language = super::manifest::language_tag(archive, &mut Vec::new());
        Self::parse(archive, &language, &mut Vec::new())
    }

    /// The language of the map's own texts, as a BCP 47 tag.
    pub fn language(&self) -> &str {
        &self.language
    }

    pub(super) fn parse(archive: &Archive, language: &str, findings: &mut Vec<Finding>) -> Self {
        let language: std::sync::Arc<str> = language.into();
        let mut kinds = std::collections::HashMap::new();
        let mut by_type = Vec::new();
        for kind in TYPES {
            let mut features = Vec::new();
            let (mut strange, mut nameless) = (0, 0);
            if let Some(bytes) = archive.get(&format!("{kind}.geojson")) {
                for value in collection(kind, bytes, findings) {
                    let Value::Object(object) = value else {
                        strange += 1;
                        continue;
                    };
                    let Some(feature) = Feature::parse(kind, object, &language, findings) else {
                        nameless += 1;
                        continue;
                    };
                    if kinds.insert(feature.id, kind).is_some() {
                        let message =
                            format!("{kind}.geojson repeats this id; only its first feature is used");
                        findings.push(Finding::error("FeatureIdMustBeUnique", feature.id, message));
                    } else {
                        features.push(feature);
                    }
                }
            }
            // One finding for a whole file, because the number of faults is not limited.
            for (count, rule, what) in [
                (strange, "FeatureMustBeObject", "values that are no features"),
                (nameless, "FeatureMustHaveId", "features without an id"),
            ] {
                if count > 0 {
                    let message = format!("{kind}.geojson has {count} {what}; they are left out");
                    findings.push(Finding::error(rule, None, message));
                }
            }
            by_type.push((kind, features));
        }
        Self { language, by_type, kinds }
    }

    /// The features of one type, in the order of its file.
    pub fn of(&self, kind: &str) -> &[Feature] {
        self.by_type.iter().find(|(k, _)| *k == kind).map_or(&[], |(_, features)| features.as_slice())
    }

    /// The type of the feature with this id.
    pub fn kind_of(&self, id: &FeatureId) -> Option<&'static str> {
        self.kinds.get(id).copied()
    }
}

fn collection(kind: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Vec<Value> {
    let mut fault = |reason: String| {
        let message = format!("{kind}.geojson cannot be used: {reason}");
        findings.push(Finding::error("FileMustBeFeatureCollection", None, message));
        Vec::new()
    };
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(cause) => return fault(format!("it is not JSON: {cause}")),
    };
    match value {
        Value::Object(mut object) => match object.remove("features") {
            Some(Value::Array(features)) => features,
            _ => fault("it has no list named \"features\"".to_owned()),
        },
        _ => fault("it is not a GeoJSON object".to_owned()),
    }
}

impl Feature {
    fn parse(
        kind: &'static str,
        mut object: Map<String, Value>,
        language: &std::sync::Arc<str>,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let (id, well_formed) = id_of(object.get("id").and_then(Value::as_str).filter(|t| !t.is_empty())?);
        if !well_formed {
            let message = format!("{kind}.geojson: {:?} is no UUID; this id stands for it", object["id"]);
            findings.push(Finding::warning("FeatureIdMustBeUuid", id, message));
        }
        let geometry = object.remove("geometry").unwrap_or(Value::Null);
        let declared = object.get("feature_type").and_then(Value::as_str).map(str::to_owned);
        let properties = match object.remove("properties") {
            Some(Value::Object(properties)) => properties,
            _ => Map::new(),
        };
        Some(Self { id, kind, declared, geometry, properties, language: language.clone() })
    }

    /// Its geometry as GeoJSON; null if there is none.
    pub fn geometry(&self) -> &Value {
        &self.geometry
    }

    /// The type that the feature itself declares.
    pub fn declared(&self) -> Option<&str> {
        self.declared.as_deref()
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.properties.keys().map(String::as_str)
    }

    fn geometry_type(&self) -> Option<&str> {
        self.geometry.get("type").and_then(Value::as_str)
    }

    /// Whether its geometry type is an area.
    pub fn is_polygonal(&self) -> bool {
        matches!(self.geometry_type(), Some("Polygon" | "MultiPolygon"))
    }

    /// Whether its geometry type is a line.
    pub fn is_lineal(&self) -> bool {
        matches!(self.geometry_type(), Some("LineString" | "MultiLineString"))
    }

    /// A text property; `None` if it is empty.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.properties.get(key).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty())
    }

    /// The category in lower case, as in the standard.
    pub fn category(&self) -> String {
        self.text("category").unwrap_or("unspecified").to_lowercase()
    }

    /// A list of texts; a single text gives a list of one.
    pub fn texts(&self, key: &str) -> Vec<String> {
        match self.properties.get(key) {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// A number, also if it is written as a text.
    pub fn number(&self, key: &str) -> Option<f64> {
        match self.properties.get(key) {
            Some(Value::Number(n)) => n.as_f64(),
            Some(Value::String(s)) => s.trim().parse().ok(),
            _ => None,
        }
    }

    /// A boolean property.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.properties.get(key).and_then(Value::as_bool)
    }

    /// An object property.
    pub fn object(&self, key: &str) -> Option<&Map<String, Value>> {
        self.properties.get(key).and_then(Value::as_object)
    }

    /// The feature that a property refers to, by an id or a FEATURE-REFERENCE.
    pub fn reference(&self, key: &str) -> Option<FeatureId> {
        self.properties.get(key).and_then(reference)
    }

    /// The features that a property refers to.
    pub fn references(&self, key: &str) -> Vec<FeatureId> {
        match self.properties.get(key) {
            Some(Value::Array(many)) => many.iter().filter_map(reference).collect(),
            Some(one) => reference(one).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// LABELS. Some programs write a plain text instead; it counts as being in the language of the
    /// manifest.
    pub fn labels(&self, key: &str) -> Labels {
        match self.properties.get(key) {
            Some(Value::String(text)) => Labels::new([(&*self.language, text.trim())]),
            Some(Value::Object(texts)) => Labels::new(
                texts.iter().filter_map(|(tag, text)| Some((tag.as_str(), text.as_str()?.trim()))),
            ),
            _ => Labels::default(),
        }
    }

    /// Opening hours. A text outside the grammar gives a warning.
    pub fn hours(&self, findings: &mut Vec<Finding>) -> Option<Hours> {
        let text = self.text("hours")?;
        Hours::parse(text)
            .map_err(|cause| {
                let message = format!("{}.geojson: {cause}; the hours are left out", self.kind);
                findings.push(Finding::warning("HoursMustBeValid", self.id, message));
            })
            .ok()
    }

    /// The validity of the feature. A time that cannot be read gives a warning and leaves that end open.
    pub fn validity(&self, key: &str, findings: &mut Vec<Finding>) -> Validity {
        let Some(object) = self.object(key) else { return Validity::default() };
        let mut moment = |end: &str| {
            let text = object.get(end)?.as_str().filter(|t| !t.trim().is_empty())?;
            let read = Moment::parse(text.trim());
            if read.is_none() {
                let message =
                    format!("{}.geojson: {key}.{end} = {text:?} is no time; it is left open", self.kind);
                findings.push(Finding::warning("TemporalityMustBeValid", self.id, message));
            }
            read
        };
        let (start, end) = (moment("start"), moment("end"));
        Validity { start, end }
    }

    /// The longitude and latitude of a property that is a GeoJSON point.
    pub fn degrees(&self, key: &str) -> Option<(f64, f64)> {
        position(self.object(key)?.get("coordinates")?)
    }

    /// The longitude and latitude of the first position in its geometry.
    pub fn first_position(&self) -> Option<(f64, f64)> {
        let mut value = self.geometry.get("coordinates")?;
        loop {
            match position(value) {
                Some(found) => return Some(found),
                None => value = value.get(0)?,
            }
        }
    }
}

/// The longitude and latitude of a GeoJSON position, if they are in range.
pub fn position(value: &Value) -> Option<(f64, f64)> {
    let (longitude, latitude) = (value.get(0)?.as_f64()?, value.get(1)?.as_f64()?);
    (longitude.abs() <= 180.0 && latitude.abs() <= 85.0).then_some((longitude, latitude))
}

fn reference(value: &Value) -> Option<FeatureId> {
    let text = value.as_str().or_else(|| value.get("id")?.as_str())?;
    (!text.is_empty()).then(|| id_of(text).0)
}

/// The id for a text, and whether the text is a valid one. Another text gets an id from its hash, which
/// keeps references between such features intact.
fn id_of(text: &str) -> (FeatureId, bool) {
    match text.parse() {
        Ok(id) => (id, true),
        Err(_) => {
            let hash = Sha256::digest(text.as_bytes());
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&hash[..16]);
            (uuid::Builder::from_custom_bytes(bytes).into_uuid().into(), false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> (Features, Vec<Finding>) {
        let mut findings = Vec::new();
        let features = Features::parse(&Archive::new([("unit.geojson", json)]), "ru", &mut findings);
        (features, findings)
    }

    #[test]
    fn one_broken_feature_costs_only_itself() {
        let (features, findings) = read(
            r#"{"features":[7,{"id":""},{"id":"f918cd54-fa50-498d-a212-dca835ae422f","properties":{"name":"Зал"}}]}"#,
        );
        assert_eq!(features.of("unit").len(), 1);
        assert_eq!(features.of("unit")[0].labels("name").iter().next(), Some(("ru", "Зал")));
        assert_eq!(findings.len(), 2);
    }

    /// A file that is not JSON is named with the reason.
    #[test]
    fn files_without_json_are_named() {
        let (_, findings) = read("{\"features\": [");
        assert!(findings[0].message.contains("unit.geojson") && findings[0].message.contains("JSON"));
    }

    /// Ids that are not UUIDs still identify their feature.
    #[test]
    fn other_ids_still_name_the_same_feature() {
        assert_eq!(id_of("shop-7").0, id_of("shop-7").0);
        assert_ne!(id_of("shop-7").0, id_of("shop-8").0);
    }

    #[test]
    fn an_id_that_comes_twice_is_used_once() {
        let one = r#"{"id":"f918cd54-fa50-498d-a212-dca835ae422f"}"#;
        let (features, findings) = read(&format!("{{\"features\":[{one},{one}]}}"));
        assert_eq!(features.of("unit").len(), 1);
        assert_eq!(findings[0].rule, "FeatureIdMustBeUnique");
    }

    #[test]
    fn a_position_off_the_earth_is_none() {
        assert_eq!(position(&serde_json::json!([1e300, 0.0])), None);
        assert_eq!(position(&serde_json::json!([30.5, 60.0, 12.0])), Some((30.5, 60.0)));
    }
}
