//! Writes the IMDF files of a converted map.
//!
//! It reads the finished sketch and changes nothing in it. `venue.toml` is written by `overlay`.

use std::collections::BTreeMap;

use geo::{BooleanOps, Buffer, ConvexHull, InteriorPoint, LineString, MultiPolygon, Polygon, unary_union};
use serde_json::{Value, json};

use super::conversion::CREDIT;
use super::element::{Element, Shape};
use super::levels::OsmLevel;
use super::occupants::Use;
use super::sketch::{PlaceDraft, Sketch, UnitDraft, id};
use domain::language::Language;
use wayfinding::geometry::Point;
use wayfinding::load::clean;
use wayfinding::venue::{FeatureId, Hours, TravelDirection};
use wayfinding::words::words;

/// The margin between the outline of the venue and everything in it, in metres.
const MARGIN: f64 = 2.0;

/// The ordinal of each level: its number or, if there are half levels, its rank.
pub(super) fn ordinals(sketch: &Sketch) -> BTreeMap<OsmLevel, i32> {
    let levels = sketch.levels();
    if levels.iter().all(|l| l.0 % 10 == 0) {
        return levels.into_iter().map(|l| (l, l.0 / 10)).collect();
    }
    let ground = levels.iter().position(|l| l.0 >= 0).unwrap_or(0);
    // A plain cast: a building has few levels.
    let ordinal = |i: usize| i as i32 - ground as i32;
    levels.into_iter().enumerate().map(|(i, l)| (l, ordinal(i))).collect()
}

struct Writer<'a> {
    sketch: &'a Sketch,
    outline: MultiPolygon<f64>,
    mall: Option<&'a Element>,
    by_type: BTreeMap<&'static str, Vec<Value>>,
}

/// `manifest.json` and one file for each type of feature.
pub(super) fn files(sketch: &Sketch) -> Vec<(String, Vec<u8>)> {
    let mall = mall(sketch);
    let outline = mall.and_then(|m| outline(sketch, m)).unwrap_or_else(|| MultiPolygon::new(Vec::new()));
    let mut writer = Writer { sketch, outline, mall, by_type: BTreeMap::new() };
    writer.venue();
    writer.levels();
    sketch.units.iter().for_each(|unit| writer.unit(unit));
    writer.openings();
    writer.walls();
    sketch.places.iter().for_each(|spot| writer.spot(spot));
    writer.relationships();
    let manifest = json!({
        "version": "1.0.0",
        "created": "1970-01-01T00:00:00Z",
        "generated_by": format!("galleria-venue convert-osm; map data {CREDIT}"),
        "language": sketch.language,
        "extensions": null,
    });
    let mut files = vec![("manifest.json".to_owned(), format!("{manifest:#}\n").into_bytes())];
    for (kind, features) in writer.by_type {
        // One feature per line, for a readable diff between two versions.
        let lines: Vec<String> = features.iter().map(Value::to_string).collect();
        let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", lines.join(",\n"));
        files.push((format!("{kind}.geojson"), text.into_bytes()));
    }
    files
}

/// The element that is the building: the mall itself, or else the largest building.
fn mall(sketch: &Sketch) -> Option<&Element> {
    let areas = || sketch.elements.iter().filter(|e| matches!(e.shape, Shape::Area(_)));
    let size = |e: &&Element| outline(sketch, e).map_or(0.0, |o| geo::Area::unsigned_area(&o));
    let largest = |list: Vec<&'_ Element>| -> Option<usize> {
        let best = list.iter().max_by(|a, b| size(a).total_cmp(&size(b)))?;
        sketch.elements.iter().position(|e| std::ptr::eq(e, *best))
    };
    let malls: Vec<&Element> = areas().filter(|e| e.is("shop", &["mall"])).collect();
    let buildings = || areas().filter(|e| e.get("building").is_some()).collect();
    largest(malls).or_else(|| largest(buildings())).map(|i| &sketch.elements[i])
}

fn outline(sketch: &Sketch, element: &Element) -> Option<MultiPolygon<f64>> {
    let Shape::Area(polygons) = &element.shape else { return None };
    let ring = |r: &Vec<(f64, f64)>| -> Option<LineString<f64>> {
        Some(sketch.line(r)?.into_iter().map(geo::Coord::from).collect())
    };
    let drawn = polygons.iter().filter_map(|p| Some(Polygon::new(ring(p.first()?)?, Vec::new()))).collect();
    clean(MultiPolygon::new(drawn)).ok()
}

impl Writer<'_> {
    fn degrees(&self, p: Point) -> [f64; 2] {
        let (longitude, latitude) = self.sketch.frame.to_degrees(p);
        // A tenth of a millimetre.
        [longitude, latitude].map(|d| (d * 1e9).round() / 1e9)
    }

    fn dot(&self, p: Point) -> Value {
        json!({"type": "Point", "coordinates": self.degrees(p)})
    }

    fn area(&self, shape: &MultiPolygon<f64>) -> Value {
        let ring =
            |r: &LineString<f64>| r.0.iter().map(|c| self.degrees(Point::from(*c))).collect::<Vec<_>>();
        let polygon = |p: &Polygon<f64>| {
            std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect::<Vec<_>>()
        };
        match &shape.0[..] {
            [one] => json!({"type": "Polygon", "coordinates": polygon(one)}),
            many => {
                json!({"type": "MultiPolygon", "coordinates": many.iter().map(polygon).collect::<Vec<_>>()})
            }
        }
    }

    fn inside(&self, shape: &MultiPolygon<f64>) -> Value {
        shape.interior_point().map_or(Value::Null, |p| self.dot(Point::new(p.x(), p.y())))
    }

    fn add(&mut self, kind: &'static str, id: FeatureId, geometry: Value, properties: Value) {
        let feature = json!({"type": "Feature", "id": id, "feature_type": kind, "geometry": geometry, "properties": properties});
        self.by_type.entry(kind).or_default().push(feature);
    }

    fn labels(&self, names: &BTreeMap<String, String>) -> Value {
        if names.is_empty() { Value::Null } else { json!(names) }
    }

    fn text(&self, keys: [&str; 2], element: Option<&Element>) -> Value {
        let found = element.and_then(|e| keys.iter().find_map(|k| e.get(k)));
        found.map_or(Value::Null, |t| json!(t))
    }

    fn hours(&self, element: Option<&Element>) -> Value {
        let text = element.and_then(|e| e.get("opening_hours"));
        text.filter(|t| Hours::parse(t).is_ok()).map_or(Value::Null, |t| json!(t))
    }

    fn venue(&mut self) {
        let mall = self.mall;
        let all: Vec<Polygon<f64>> =
            self.sketch.units.iter().flat_map(|u| u.shape.0.clone()).chain(self.outline.0.clone()).collect();
        let hull = MultiPolygon::new(all).convex_hull().buffer(MARGIN);
        let mut name =
            mall.map_or_else(BTreeMap::new, |m| super::tags::names(m, "name", &self.sketch.language));
        if name.is_empty() {
            name.insert(self.sketch.language.clone(), words().get(Language::En, "venue.unnamed"));
        }
        let own = mall.map_or("venue", |m| m.id.as_str());
        let ids = ["venue", "building", "footprint", "address"].map(|kind| id(&format!("{kind}/{own}")));
        let [venue, building, footprint, address] = ids;
        let (point, labels) = (self.inside(&hull), self.labels(&name));
        let tag = |key: &str| mall.and_then(|m| m.get(key)).map(str::to_owned);
        let street =
            [tag("addr:housenumber"), tag("addr:street")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.add("address", address, Value::Null, json!({
            "address": if street.is_empty() { name.values().next().cloned().unwrap_or_default() } else { street },
            "unit": null, "locality": tag("addr:city").unwrap_or_else(|| "-".to_owned()), "province": null,
            "country": tag("addr:country").unwrap_or_else(|| "ZZ".to_owned()), "postal_code": tag("addr:postcode"),
            "postal_code_ext": null, "postal_code_vanity": null,
        }));
        self.add("venue", venue, self.area(&hull), json!({
            "category": "shoppingcenter", "restriction": null, "name": labels, "alt_name": null,
            "hours": self.hours(mall), "phone": self.text(["phone", "contact:phone"], mall),
            "website": self.text(["website", "contact:website"], mall), "display_point": point, "address_id": address,
        }));
        self.add(
            "building",
            building,
            Value::Null,
            json!({
                "name": labels, "alt_name": null, "category": "unspecified", "restriction": null,
                "display_point": point, "address_id": address,
            }),
        );
        let ground = if self.outline.0.is_empty() { &hull } else { &self.outline };
        let shape = self.area(ground);
        self.add(
            "footprint",
            footprint,
            shape,
            json!({"category": "ground", "name": null, "building_ids": [building]}),
        );
    }

    fn levels(&mut self) {
        let own = self.mall.map_or("venue", |m| m.id.as_str());
        let (building, address) = (id(&format!("building/{own}")), id(&format!("address/{own}")));
        let covered = self.mall.map(Element::levels).unwrap_or_default();
        for (level, ordinal) in ordinals(self.sketch) {
            let units = self.sketch.units.iter().filter(|u| u.level == level);
            let mut all: Vec<Polygon<f64>> = units.flat_map(|u| u.shape.0.clone()).collect();
            if covered.contains(&level) {
                all.extend(self.outline.0.clone());
            }
            // Walls between rooms belong to the level, therefore gaps of this width are closed.
            let shape = unary_union(&all).buffer(0.5).union(&MultiPolygon::new(Vec::new()));
            let shape = MultiPolygon::new(
                shape.0.into_iter().map(|p| Polygon::new(p.exterior().clone(), Vec::new())).collect(),
            );
            let number = level.to_string();
            let mut name: BTreeMap<String, String> = Language::ALL
                .iter()
                .map(|l| (l.tag().to_owned(), words().fill(*l, "level.numbered", &[("number", &number)])))
                .collect();
            name.entry(self.sketch.language.clone()).or_insert_with(|| number.clone());
            let short: BTreeMap<String, String> =
                name.keys().map(|language| (language.clone(), number.clone())).collect();
            let (area, point) = (self.area(&shape), self.inside(&shape));
            self.add("level", level_id(level), area, json!({
                "category": "unspecified", "restriction": null, "outdoor": false, "ordinal": ordinal, "name": name,
                "short_name": short, "display_point": point, "address_id": address, "building_ids": [building],
            }));
        }
    }

    fn unit(&mut self, unit: &UnitDraft) {
        let element = unit.element.map(|e| &self.sketch.elements[e]);
        let wheelchair = element.is_some_and(|e| e.is("wheelchair", &["yes", "designated"]));
        // If a unit has an occupant, the name belongs to the occupant and not to the unit.
        let occupied = self.sketch.places.iter().any(|s| self.sketch.units[s.unit].id == unit.id);
        let name = if occupied { Value::Null } else { self.labels(&unit.name) };
        let (area, point) = (self.area(&unit.shape), self.inside(&unit.shape));
        self.add(
            "unit",
            unit.id,
            area,
            json!({
                "category": unit.category, "restriction": unit.restricted.then_some("employeesonly"),
                "accessibility": wheelchair.then_some(["wheelchair"]), "name": name, "alt_name": null,
                "level_id": level_id(unit.level), "display_point": point,
            }),
        );
    }

    fn openings(&mut self) {
        for gate in &self.sketch.gates {
            let line = json!({"type": "LineString", "coordinates": [self.degrees(gate.from), self.degrees(gate.to)]});
            let door = gate
                .door
                .map(|(kind, automatic)| json!({"type": kind, "automatic": automatic, "material": null}));
            let middle = self.dot(gate.from.toward(gate.to, 0.5));
            self.add("opening", gate.id, line, json!({
                "category": gate.category, "accessibility": gate.wheelchair.then_some(["wheelchair"]),
                "access_control": null, "door": door, "name": null, "alt_name": null, "display_point": middle,
                "level_id": level_id(gate.level),
            }));
            if let Some(hours) = gate.hours.as_ref().filter(|h| Hours::parse(h).is_ok()) {
                let ends = super::doors::sides(self.sketch, gate)
                    .map(|s| s.map(|u| reference("unit", self.sketch.units[u].id)));
                let relationship = id(&format!("relationship/{}", gate.id));
                self.add("relationship", relationship, Value::Null, json!({
                    "category": "traversal", "direction": "undirected", "origin": ends[0],
                    "intermediary": [reference("opening", gate.id)], "destination": ends[1], "hours": hours,
                }));
            }
        }
    }

    fn walls(&mut self) {
        for (level, shape, source) in &self.sketch.walls {
            let shape = shape.union(&MultiPolygon::new(Vec::new()));
            if !shape.0.is_empty() {
                let (area, point) = (self.area(&shape), self.inside(&shape));
                self.add(
                    "fixture",
                    id(&format!("fixture/{source}@{level}")),
                    area,
                    json!({
                        "category": "wall", "name": null, "alt_name": null, "anchor_id": null,
                        "level_id": level_id(*level), "display_point": point,
                    }),
                );
            }
        }
    }

    fn spot(&mut self, spot: &PlaceDraft) {
        let element = &self.sketch.elements[spot.element];
        let language = &self.sketch.language;
        let unit = self.sketch.units[spot.unit].id;
        let names = ["name", "brand", "operator"].iter().map(|k| super::tags::names(element, k, language));
        let name = names.into_iter().find(|n| !n.is_empty()).unwrap_or_default();
        let some = Some(element);
        let (phone, website) =
            (self.text(["phone", "contact:phone"], some), self.text(["website", "contact:website"], some));
        let (at, hours) = (self.dot(spot.at), self.hours(some));
        match spot.purpose {
            Use::Occupant(category) => {
                self.add("anchor", spot.anchor, at, json!({"address_id": null, "unit_id": unit}));
                self.add("occupant", spot.id, Value::Null, json!({
                    "name": name, "category": category, "anchor_id": spot.anchor, "hours": hours, "phone": phone,
                    "website": website, "validity": null, "correlation_id": null,
                }));
            }
            Use::Amenity(category) => {
                let accessible = element.is("wheelchair", &["yes", "designated"])
                    || element.is("toilets:wheelchair", &["yes"]);
                // An ATM inside a bank does not get the bank's name.
                let labels = if category == "atm" && !element.is("amenity", &["atm"]) {
                    Value::Null
                } else {
                    self.labels(&name)
                };
                self.add("amenity", spot.id, at, json!({
                    "category": category, "accessibility": accessible.then_some(["wheelchair"]), "name": labels,
                    "alt_name": null, "hours": hours, "phone": phone, "website": website, "unit_ids": [unit],
                    "address_id": null, "correlation_id": null,
                }));
            }
        }
    }

    fn relationships(&mut self) {
        for riser in &self.sketch.risers {
            for pair in riser.units.windows(2) {
                let (origin, destination) = if riser.direction == Some(TravelDirection::Backward) {
                    (pair[1], pair[0])
                } else {
                    (pair[0], pair[1])
                };
                let direction = if riser.direction.is_some() { "directed" } else { "undirected" };
                let own = id(&format!("relationship/{}/{}", pair[0], pair[1]));
                self.add("relationship", own, Value::Null, json!({
                    "category": riser.category, "direction": direction, "origin": reference("unit", origin),
                    "intermediary": null, "destination": reference("unit", destination), "hours": null,
                }));
            }
        }
    }
}

fn reference(kind: &str, id: FeatureId) -> Value {
    json!({"id": id, "feature_type": kind})
}

fn level_id(level: OsmLevel) -> FeatureId {
    id(&format!("level/{level}"))
}
