//! Small venues for tests, drawn in metres and written as the bytes of an IMDF folder.

use serde_json::{Value, json};

use crate::geometry::{Frame, Point};
use crate::load::{Archive, parse};
use crate::venue::{FeatureId, Loaded, Venue};

/// A builder for a venue.
pub struct VenueBuilder {
    frame: Frame,
    features: Vec<(&'static str, Value)>,
    overlay: String,
    next: u64,
}

/// Left, bottom, right and top, in metres.
pub type Bounds4 = (f64, f64, f64, f64);

impl VenueBuilder {
    /// An empty venue in the time zone of Shanghai, with these ordinals.
    pub fn new(ordinals: &[i32]) -> Self {
        Self::sized(ordinals, (-20.0, -50.0, 220.0, 50.0))
    }

    /// An empty venue whose levels have these bounds.
    pub fn sized(ordinals: &[i32], bounds: Bounds4) -> Self {
        let mut plan = Self {
            frame: Frame::at(121.47, 31.23),
            features: Vec::new(),
            overlay: "format = 1\ntime_zone = \"Asia/Shanghai\"\ndefault_language = \"en\"\n".to_owned(),
            next: 0,
        };
        let (left, bottom, right, top) = bounds;
        let venue = plan.area((left - 300.0, bottom - 300.0, right + 300.0, top + 300.0));
        let at = plan.dot(0.0, 0.0);
        plan.add(
            "venue",
            venue,
            json!({"name": {"en": "Test Mall"}, "category": "shoppingcenter", "display_point": at}),
        );
        for ordinal in ordinals {
            let shape = plan.area(bounds);
            let name = format!("L{ordinal}");
            let properties = json!({"ordinal": ordinal, "name": {"en": format!("Level {ordinal}")}, "short_name": {"en": name}});
            let id = level_id(*ordinal);
            plan.features.push(("level", json!({"id": id, "geometry": shape, "properties": properties})));
        }
        plan
    }

    fn degrees(&self, x: f64, y: f64) -> [f64; 2] {
        let (longitude, latitude) = self.frame.to_degrees(Point::new(x, y));
        [longitude, latitude]
    }

    fn dot(&self, x: f64, y: f64) -> Value {
        json!({"type": "Point", "coordinates": self.degrees(x, y)})
    }

    fn area(&self, (left, bottom, right, top): Bounds4) -> Value {
        self.polygon(&[(left, bottom), (right, bottom), (right, top), (left, top)])
    }

    fn polygon(&self, points: &[(f64, f64)]) -> Value {
        let mut ring: Vec<_> = points.iter().map(|(x, y)| self.degrees(*x, *y)).collect();
        ring.push(ring[0]);
        json!({"type": "Polygon", "coordinates": [ring]})
    }

    fn add(&mut self, kind: &'static str, geometry: Value, properties: Value) -> String {
        self.next += 1;
        let id = format!("00000000-0000-4000-8000-{:012x}", self.next);
        self.features.push((kind, json!({"id": id, "geometry": geometry, "properties": properties})));
        id
    }

    /// Adds a rectangular unit.
    pub fn unit(&mut self, ordinal: i32, category: &str, bounds: Bounds4) -> String {
        let (left, bottom, right, top) = bounds;
        self.unit_of(ordinal, category, &[(left, bottom), (right, bottom), (right, top), (left, top)])
    }

    /// Adds a unit of any outline.
    pub fn unit_of(&mut self, ordinal: i32, category: &str, points: &[(f64, f64)]) -> String {
        let shape = self.polygon(points);
        self.add("unit", shape, json!({"category": category, "level_id": level_id(ordinal)}))
    }

    /// Adds a rectangular piece of furniture.
    pub fn fixture(&mut self, ordinal: i32, bounds: Bounds4) -> String {
        let (left, bottom, right, top) = bounds;
        self.fixture_of(ordinal, &[(left, bottom), (right, bottom), (right, top), (left, top)])
    }

    /// Adds a piece of furniture of any outline.
    pub fn fixture_of(&mut self, ordinal: i32, points: &[(f64, f64)]) -> String {
        let shape = self.polygon(points);
        self.add("fixture", shape, json!({"category": "furniture", "level_id": level_id(ordinal)}))
    }

    /// Adds an open edge between two points.
    pub fn opening(&mut self, ordinal: i32, from: (f64, f64), to: (f64, f64)) -> String {
        self.opening_of(ordinal, "pedestrian", from, to)
    }

    /// Adds an opening of any category.
    pub fn opening_of(&mut self, ordinal: i32, category: &str, from: (f64, f64), to: (f64, f64)) -> String {
        self.opening_with(ordinal, from, to, json!({"category": category}))
    }

    /// Adds an opening with further properties.
    pub fn opening_with(
        &mut self,
        ordinal: i32,
        from: (f64, f64),
        to: (f64, f64),
        mut properties: Value,
    ) -> String {
        let line = json!({"type": "LineString",
            "coordinates": [self.degrees(from.0, from.1), self.degrees(to.0, to.1)]});
        properties["level_id"] = json!(level_id(ordinal));
        self.add("opening", line, properties)
    }

    /// Adds a shop in a unit, with its anchor.
    pub fn shop(&mut self, name: &str, category: &str, unit: &str, at: (f64, f64)) -> FeatureId {
        self.shop_with(name, unit, at, json!({"category": category}))
    }

    /// Adds a shop with further properties.
    pub fn shop_with(&mut self, name: &str, unit: &str, at: (f64, f64), mut properties: Value) -> FeatureId {
        let dot = self.dot(at.0, at.1);
        let anchor = self.add("anchor", dot, json!({"unit_id": unit}));
        properties["name"] = json!({"en": name, "zh-Hans": format!("{name}店")});
        properties["anchor_id"] = json!(anchor);
        self.add("occupant", Value::Null, properties).parse().unwrap()
    }

    /// Adds a facility in a unit.
    pub fn amenity(&mut self, category: &str, unit: &str, at: (f64, f64)) -> FeatureId {
        let dot = self.dot(at.0, at.1);
        self.add("amenity", dot, json!({"category": category, "unit_ids": [unit]})).parse().unwrap()
    }

    /// Adds a rectangular zone of another feature type, with these properties.
    pub fn zone(&mut self, kind: &'static str, bounds: Bounds4, properties: Value) -> String {
        let shape = self.area(bounds);
        self.add(kind, shape, properties)
    }

    /// Adds a relationship with these properties.
    pub fn relationship(&mut self, properties: Value) {
        self.add("relationship", Value::Null, properties);
    }

    /// Adds a kiosk whose visitor looks towards `heading`.
    pub fn kiosk(&mut self, code: &str, ordinal: i32, at: (f64, f64), heading: f64) {
        let [longitude, latitude] = self.degrees(at.0, at.1);
        self.overlay(&format!(
            "[[kiosk]]\ncode = \"{code}\"\nordinal = {ordinal}\nposition = [{longitude}, {latitude}]\n\
             heading = {heading:.1}\n"
        ));
    }

    /// Adds lines to `venue.toml`.
    pub fn overlay(&mut self, lines: &str) {
        self.overlay.push_str(lines);
        self.overlay.push('\n');
    }

    pub fn archive(&self) -> Archive {
        let mut files = vec![
            ("manifest.json".to_owned(), br#"{"version":"1.0.0","language":"en"}"#.to_vec()),
            ("venue.toml".to_owned(), self.overlay.clone().into_bytes()),
        ];
        let mut kinds: Vec<_> = self.features.iter().map(|(k, _)| *k).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let features: Vec<_> = self.features.iter().filter(|(k, _)| *k == kind).map(|(_, f)| f).collect();
            let text = json!({"type": "FeatureCollection", "features": features}).to_string();
            files.push((format!("{kind}.geojson"), text.into_bytes()));
        }
        Archive::new(files)
    }

    /// The venue and its findings.
    pub fn load(&self) -> Loaded {
        parse(&self.archive()).unwrap()
    }

    /// The venue. Panics if it has errors.
    pub fn venue(&self) -> Venue {
        let loaded = self.load();
        let errors: Vec<_> =
            loaded.findings.iter().filter(|f| f.severity == crate::venue::Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        loaded.venue
    }
}

/// The id of the level with this ordinal.
pub fn level_id(ordinal: i32) -> String {
    format!("00000000-0000-4000-9000-{:012x}", i64::from(ordinal) + 1000)
}

/// A time on a Wednesday in Shanghai.
pub fn at(hour: u32, minute: u32) -> chrono::DateTime<chrono_tz::Tz> {
    use chrono::TimeZone;
    chrono_tz::Asia::Shanghai.with_ymd_and_hms(2026, 11, 18, hour, minute, 0).unwrap()
}

/// Two levels, each with a corridor and shops on both sides; a lift, stairs, an escalator in each
/// direction.
///
/// The corridors run from x = 0 to x = 90 between y = 0 and y = 8. Shops lie south and north of them, up to
/// x = 60; the lift and the stairs at the west end, the escalators in the corridor from x = 62 to x = 74,
/// the entrance of level 0 at the east end. A kiosk stands at (30, 4) on level 0 and looks north.
pub struct Small {
    /// The builder, for further features.
    pub plan: VenueBuilder,
    /// S0, N0, S1 … N4 of level 0, then S0 … S4 of level 1; N4 of level 1 is a restroom.
    pub shops: Vec<FeatureId>,
    /// The restroom of level 1.
    pub restroom: FeatureId,
    /// The lift's units.
    pub lift: [String; 2],
    /// The lift's doors.
    pub lift_doors: [String; 2],
    /// The main entrance.
    pub entrance: FeatureId,
}

/// A new small mall.
pub fn small() -> Small {
    let mut plan = VenueBuilder::new(&[0, 1]);
    let (mut shops, mut restroom) = (Vec::new(), None);
    let (mut lift, mut lift_doors) = (Vec::new(), Vec::new());
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for ordinal in [0, 1] {
        plan.unit(ordinal, "walkway", (0.0, 0.0, 90.0, 8.0));
        for i in 0..5 {
            let x = 12.0 * f64::from(i);
            for (side, bottom, door) in [("S", -10.0, 0.0), ("N", 8.0, 8.0)] {
                let unit = plan.unit(ordinal, "room", (x, bottom, x + 12.0, bottom + 10.0));
                plan.opening(ordinal, (x + 5.0, door), (x + 7.0, door));
                if (side, i, ordinal) == ("N", 4, 1) {
                    restroom = Some(plan.amenity("restroom", &unit, (x + 6.0, bottom + 5.0)));
                } else {
                    let name = format!("{side}{i} on {ordinal}");
                    shops.push(plan.shop(&name, "clothing", &unit, (x + 6.0, bottom + 5.0)));
                }
            }
        }
        lift.push(plan.unit(ordinal, "elevator", (-3.0, 5.0, 0.0, 8.0)));
        lift_doors.push(plan.opening(ordinal, (0.0, 6.0), (0.0, 7.0)));
        plan.unit(ordinal, "stairs", (-8.0, 0.0, 0.0, 3.0));
        plan.opening(ordinal, (0.0, 0.8), (0.0, 2.2));
        up.push(plan.unit(ordinal, "escalator", (62.0, 1.0, 74.0, 2.5)));
        down.push(plan.unit(ordinal, "escalator", (62.0, 5.5, 74.0, 7.0)));
        let end = if ordinal == 0 { 62.0 } else { 74.0 };
        plan.opening(ordinal, (end, 1.1), (end, 2.4));
        plan.opening(ordinal, (end, 5.6), (end, 6.9));
    }
    let entrance = plan.opening_of(0, "pedestrian.principal", (90.0, 2.0), (90.0, 6.0)).parse().unwrap();
    plan.overlay(&format!("[[escalator]]\nunit = \"{}\"\ndirection = \"up\"", up[0]));
    plan.overlay(&format!("[[escalator]]\nunit = \"{}\"\ndirection = \"down\"", down[0]));
    plan.kiosk("K1", 0, (30.0, 4.0), 0.0);
    let two = |list: Vec<String>| [list[0].clone(), list[1].clone()];
    let (lift, lift_doors) = (two(lift), two(lift_doors));
    Small { plan, shops, restroom: restroom.unwrap(), lift, lift_doors, entrance }
}
