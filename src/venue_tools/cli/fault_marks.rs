//! The positions of findings on a map. For features that were left out, they come from the raw files.

use std::collections::HashMap;

use serde_json::Value;
use wayfinding::draw::{self, Fault};
use wayfinding::geometry::Point;
use wayfinding::load::Archive;
use wayfinding::venue::{FeatureId, Finding, LevelIndex, Venue};

/// The features of a map as they are in its files.
pub struct Raw(HashMap<FeatureId, Value>);

impl Raw {
    /// All features of those files that are valid JSON.
    pub fn of(archive: &Archive) -> Self {
        let mut features = HashMap::new();
        for (name, bytes) in archive.files().filter(|(name, _)| name.ends_with(".geojson")) {
            let Ok(Value::Object(mut file)) = serde_json::from_slice(bytes) else { continue };
            let Some(Value::Array(list)) = file.remove("features") else { continue };
            for mut feature in list {
                let id = feature["id"].as_str().and_then(|id| id.parse().ok());
                // A level is found by its ordinal, every other feature by the level that it names.
                feature["file"] = Value::from(name);
                features.extend(id.map(|id| (id, feature)));
            }
        }
        Self(features)
    }

    /// The fault of a finding, with a position from the files if the venue has none.
    pub fn fault(&self, venue: &Venue, finding: &Finding) -> Option<Fault> {
        let feature = finding.feature?;
        let elsewhere = match draw::place_of(venue, &feature) {
            Some(_) => None,
            None => self.place(venue, &feature, 0),
        };
        Some(Fault { feature, elsewhere })
    }

    /// The level and the middle of a feature: its own, or those of a feature that it refers to.
    fn place(&self, venue: &Venue, id: &FeatureId, depth: u8) -> Option<(LevelIndex, Point)> {
        let feature = self.0.get(id).filter(|_| depth < 4)?;
        let properties = &feature["properties"];
        let named = |key: &str| properties[key].as_str().and_then(|id| id.parse::<FeatureId>().ok());
        let keys = ["anchor_id", "unit_id", "level_id"];
        let first = properties["unit_ids"][0].as_str().and_then(|id| id.parse().ok());
        let referred =
            keys.into_iter().filter_map(named).chain(first).find_map(|other| {
                draw::place_of(venue, &other).or_else(|| self.place(venue, &other, depth + 1))
            });
        let own = middle(&feature["geometry"]["coordinates"])
            .map(|(longitude, latitude)| venue.frame().to_metres(longitude, latitude));
        let ordinal = properties["ordinal"].as_i64().and_then(|o| i32::try_from(o).ok());
        let level = ordinal.and_then(|o| venue.level_of_ordinal(o)).or(referred.map(|(level, _)| level))?;
        Some((level, own.or(referred.map(|(_, point)| point))?))
    }
}

/// The mean of all positions of a geometry, in degrees.
fn middle(coordinates: &Value) -> Option<(f64, f64)> {
    let mut positions = Vec::new();
    let mut open = vec![coordinates];
    while let Some(value) = open.pop() {
        let Some(list) = value.as_array() else { continue };
        match list[..] {
            [Value::Number(ref x), Value::Number(ref y), ..] => positions.extend(x.as_f64().zip(y.as_f64())),
            _ => open.extend(list),
        }
    }
    // A plain cast: no outline has 2^52 corners.
    let count = positions.len() as f64;
    let sum = positions.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0, y + p.1));
    (count > 0.0).then(|| (sum.0 / count, sum.1 / count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use wayfinding::load::load;
    use wayfinding::venue::Severity;

    /// A shop that was left out is marked at its anchor.
    #[test]
    fn left_out_shops_are_marked_at_their_anchor() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall");
        let venue = load(&folder).unwrap().venue;
        let files = Archive::read(&folder).unwrap();
        let shop = venue.places().iter().find(|p| p.number.is_some()).unwrap();
        let anchor = Raw::of(&files).0[&shop.id]["properties"]["anchor_id"].as_str().unwrap().to_owned();
        let finding = Finding {
            rule: "AnchorMustBeInsideUnit",
            severity: Severity::Error,
            feature: Some(anchor.parse().unwrap()),
            message: String::new(),
        };
        let fault = Raw::of(&files).fault(&venue, &finding).unwrap();
        let (level, point) = fault.elsewhere.unwrap();
        assert_eq!(level, shop.level);
        assert!(point.distance(shop.position) < 0.1, "{point:?}");
    }

    /// The middle of an outline is found at any depth of nesting.
    #[test]
    fn nested_outlines_have_a_middle() {
        let square = serde_json::json!([[[[0.0, 0.0], [2.0, 0.0], [2.0, 4.0], [0.0, 4.0]]]]);
        assert_eq!(middle(&square), Some((1.0, 2.0)));
        assert_eq!(middle(&Value::Null), None);
    }
}
