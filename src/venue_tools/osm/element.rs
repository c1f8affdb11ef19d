//! Elements of OpenStreetMap with their geometry, as in GeoJSON.

use std::collections::BTreeMap;

use serde_json::Value;

use super::conversion::OsmError;
use super::levels::{self, OsmLevel};

/// A longitude and latitude in degrees.
pub(super) type Degrees = (f64, f64);

/// The rings of a polygon: its outline, then its holes.
pub(super) type Rings = Vec<Vec<Degrees>>;

/// The geometry of an element.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Dot(Degrees),
    Line(Vec<Degrees>),
    Area(Vec<Rings>),
}

/// One node, way or relation.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// For example `way/123`.
    pub id: String,
    pub tags: BTreeMap<String, String>,
    pub shape: Shape,
}

impl Element {
    /// An element. A closed line is an area only if its tags say so.
    pub fn new(id: String, tags: BTreeMap<String, String>, shape: Shape) -> Self {
        let mut element = Self { id, tags, shape };
        let closed = |line: &[Degrees]| line.len() >= 4 && line.first() == line.last();
        let is_area = element.is_area();
        match &mut element.shape {
            Shape::Line(line) if is_area && closed(line) => {
                element.shape = Shape::Area(vec![vec![std::mem::take(line)]]);
            }
            // Programs that write GeoJSON turn closed footways into polygons.
            Shape::Area(polygons) if !is_area && polygons.len() == 1 && polygons[0].len() == 1 => {
                element.shape = Shape::Line(std::mem::take(&mut polygons[0][0]));
            }
            _ => {}
        }
        element
    }

    fn is_area(&self) -> bool {
        match self.get("area") {
            Some("yes") => true,
            Some("no") => false,
            _ if self.id.starts_with("relation/") => true,
            _ => {
                let path = self.get("highway").is_some_and(|h| h != "elevator" && h != "platform");
                let line = path || self.get("barrier").is_some() || self.get("indoor") == Some("wall");
                !line
            }
        }
    }

    /// The value of a tag; `None` if it is empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.tags.get(key).map(|v| v.trim()).filter(|v| !v.is_empty())
    }

    /// Whether a tag has one of these values.
    pub fn is(&self, key: &str, values: &[&str]) -> bool {
        self.get(key).is_some_and(|v| values.contains(&v))
    }

    /// The levels in its tags.
    pub fn levels(&self) -> Vec<OsmLevel> {
        let mut levels = self.get("level").map(levels::parse).unwrap_or_default();
        levels.extend(self.get("repeat_on").map(levels::parse).unwrap_or_default());
        levels.sort_unstable();
        levels.dedup();
        levels
    }

    /// A length in metres, from a tag such as `width=1.5` or `1.5 m`.
    pub fn metres(&self, key: &str) -> Option<f64> {
        let number: f64 = self.get(key)?.trim_end_matches('m').trim().parse().ok()?;
        (0.3..=50.0).contains(&number).then_some(number)
    }

    /// The first position of its geometry.
    pub fn position(&self) -> Option<Degrees> {
        match &self.shape {
            Shape::Dot(at) => Some(*at),
            Shape::Line(line) => line.first().copied(),
            Shape::Area(polygons) => polygons.first()?.first()?.first().copied(),
        }
    }
}

/// Reads a GeoJSON feature collection, the usual form of an extract of OpenStreetMap.
pub(super) fn read_geojson(bytes: &[u8]) -> Result<Vec<Element>, OsmError> {
    let unreadable = |reason: String| OsmError::Unreadable(reason);
    let value: Value = serde_json::from_slice(bytes).map_err(|cause| unreadable(cause.to_string()))?;
    let Some(features) = value.get("features").and_then(Value::as_array) else {
        return Err(unreadable("it has no list named \"features\"".to_owned()));
    };
    Ok(features.iter().enumerate().filter_map(|(i, f)| element(i, f)).collect())
}

fn element(index: usize, feature: &Value) -> Option<Element> {
    let properties = feature.get("properties")?.as_object()?;
    // Overpass nests the tags, osmtogeojson does not.
    let tags = properties.get("tags").and_then(Value::as_object).unwrap_or(properties);
    let text = |v: &Value| v.as_str().map(str::to_owned).or_else(|| v.as_i64().map(|n| n.to_string()));
    let tags: BTreeMap<String, String> =
        tags.iter().filter_map(|(k, v)| Some((k.trim_start_matches('@').to_owned(), text(v)?))).collect();
    let id = feature.get("id").or_else(|| properties.get("@id")).and_then(text);
    let id = id.filter(|id| !id.is_empty()).unwrap_or_else(|| format!("feature/{index}"));
    Some(Element::new(id, tags, shape(feature.get("geometry")?)?))
}

fn shape(geometry: &Value) -> Option<Shape> {
    let coordinates = geometry.get("coordinates")?;
    let line = |v: &Value| v.as_array()?.iter().map(wayfinding::load::position).collect::<Option<Vec<_>>>();
    let rings = |v: &Value| v.as_array()?.iter().map(line).collect::<Option<Rings>>();
    match geometry.get("type")?.as_str()? {
        "Point" => wayfinding::load::position(coordinates).map(Shape::Dot),
        "LineString" => line(coordinates).map(Shape::Line),
        "Polygon" => Some(Shape::Area(vec![rings(coordinates)?])),
        "MultiPolygon" => coordinates.as_array()?.iter().map(rings).collect::<Option<_>>().map(Shape::Area),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(tags: &[(&str, &str)]) -> Element {
        let tags = tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let ring = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)];
        Element::new("way/1".to_owned(), tags, Shape::Area(vec![vec![ring]]))
    }

    /// A closed footway is a line; a square is an area.
    #[test]
    fn closed_footways_are_lines_squares_are_areas() {
        assert!(matches!(closed(&[("highway", "footway"), ("indoor", "yes")]).shape, Shape::Line(_)));
        assert!(matches!(closed(&[("highway", "footway"), ("area", "yes")]).shape, Shape::Area(_)));
        assert!(matches!(closed(&[("indoor", "room")]).shape, Shape::Area(_)));
        assert!(matches!(closed(&[("indoor", "wall")]).shape, Shape::Line(_)));
    }

    #[test]
    fn repeated_elements_are_on_all_their_levels() {
        let element = closed(&[("indoor", "room"), ("level", "0"), ("repeat_on", "1-2")]);
        assert_eq!(element.levels().len(), 3);
    }

    #[test]
    fn a_width_is_a_number_of_metres() {
        assert_eq!(closed(&[("width", "1.5 m")]).metres("width"), Some(1.5));
        assert_eq!(closed(&[("width", "wide")]).metres("width"), None);
        assert_eq!(closed(&[("width", "NaN")]).metres("width"), None);
    }
}
