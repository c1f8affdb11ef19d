//! IMDF features as text: one feature a line, every property present, null when it is absent.

use super::frame::position;
use super::geometry::{Point, Polygon};
use super::ids::Id;
use super::json::Json;

/// The geometry of a feature.
#[derive(Clone, Debug)]
pub enum Place {
    /// No geometry.
    Nowhere,
    Spot(Point),
    /// The two ends of an opening.
    Line(Point, Point),
    /// Lines without a meaning for routing, only for the picture.
    Lines(Vec<(Point, Point)>),
    /// An area of a level.
    Floor(Polygon),
}

impl Place {
    fn json(&self) -> Json {
        let geometry = |kind: &str, coordinates: String| {
            Json::object([("type", Json::text(kind)), ("coordinates", Json::Ready(coordinates))])
        };
        match self {
            Self::Nowhere => Json::Null,
            Self::Spot(point) => geometry("Point", position(*point)),
            Self::Line(a, b) => geometry("LineString", list([a, b].map(|p| position(*p)))),
            Self::Lines(lines) => {
                let lines = lines.iter().map(|(a, b)| list([a, b].map(|p| position(*p))));
                geometry("MultiLineString", list(lines))
            }
            Self::Floor(area) => {
                let rings =
                    area.rings().map(|ring| list(ring.iter().chain(ring.first()).map(|p| position(*p))));
                geometry("Polygon", list(rings))
            }
        }
    }
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

#[derive(Clone, Debug)]
pub struct Feature {
    /// Unique in the archive. The feature's id is derived from it.
    pub key: String,
    pub place: Place,
    /// In the order of the standard.
    pub properties: Vec<(&'static str, Json)>,
}

impl Feature {
    fn line(&self, kind: &'static str) -> String {
        let feature = Json::object([
            ("type", Json::text("Feature")),
            ("id", id(&self.key)),
            ("feature_type", Json::text(kind)),
            ("geometry", self.place.json()),
            ("properties", Json::Object(self.properties.clone())),
        ]);
        feature.to_string()
    }
}

/// The id of the feature with this key.
pub fn id(key: &str) -> Json {
    Json::text(Id::of(key).to_string())
}

/// A reference to the feature with this key.
pub fn reference(key: &str, kind: &'static str) -> Json {
    Json::object([("id", id(key)), ("feature_type", Json::text(kind))])
}

/// A point as a property.
pub fn spot(point: Point) -> Json {
    Place::Spot(point).json()
}

/// A whole file: the features in the order of their keys.
pub fn collection(kind: &'static str, features: &[Feature]) -> String {
    let mut sorted: Vec<&Feature> = features.iter().collect();
    sorted.sort_by(|a, b| a.key.cmp(&b.key));
    let lines: Vec<String> = sorted.iter().map(|feature| feature.line(kind)).collect();
    format!(
        "{{\"type\":\"FeatureCollection\",\"name\":\"{kind}\",\"features\":[\n{}\n]}}\n",
        lines.join(",\n")
    )
}
