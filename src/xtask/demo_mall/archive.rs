//! The IMDF archive: every feature of the plan, type by type.
//!
//! The properties follow the tables of the standard, key by key and in their order. Nothing is decided here:
//! geometry comes from the plan, texts come from the tables.

use std::collections::BTreeMap;

use super::feature::{Feature, Place, collection, id, spot};
use super::geometry::{Polygon, at};
use super::json::Json::{self, Null};
use super::labels::{LANGUAGES, Words};
use super::places::{self, Amenity};
use super::plan::outline;
use super::plan::storey::{Door, Room, Storey};
use super::relationships::relationships;
use super::sections::{Section, sections};
use super::shops::Shop;

/// The creation time in the manifest. It is fixed, because the files must be the same bytes each time.
const CREATED: &str = "2026-01-01T00:00:00Z";
/// The opening hours of the mall, as OSM writes them.
pub const MALL_HOURS: &str = "Mo-Th 10:00-22:00; Fr-Su,PH 10:00-22:30";

/// The input from which the files are written.
#[derive(Debug)]
pub struct Mall {
    pub storeys: Vec<Storey>,
    pub shops: Vec<Shop>,
    pub words: Words,
}

impl Mall {
    /// The files of the archive by their names.
    pub fn files(&self) -> BTreeMap<String, String> {
        let types: [(&'static str, Vec<Feature>); 15] = [
            ("address", self.address()),
            ("amenity", self.each_storey(|storey| self.amenities(storey))),
            ("anchor", self.anchors()),
            ("building", self.building()),
            ("detail", self.each_storey(details)),
            ("fixture", self.each_storey(|storey| self.fixtures(storey))),
            ("footprint", self.footprints()),
            ("kiosk", self.kiosks()),
            ("level", self.each_storey(|storey| vec![self.level(storey)])),
            ("occupant", self.occupants()),
            (
                "opening",
                self.each_storey(|storey| storey.doors.iter().map(|d| self.opening(storey, d)).collect()),
            ),
            ("relationship", relationships(&self.storeys)),
            (
                "section",
                self.each_storey(|storey| sections(storey).iter().map(|s| self.section(storey, s)).collect()),
            ),
            ("unit", self.each_storey(|storey| storey.rooms.iter().map(|r| self.unit(storey, r)).collect())),
            ("venue", self.venue()),
        ];
        let mut files: BTreeMap<String, String> = types
            .into_iter()
            .map(|(kind, features)| (format!("{kind}.geojson"), collection(kind, &features)))
            .collect();
        files.insert("manifest.json".to_owned(), manifest());
        files
    }

    fn each_storey(&self, features: impl Fn(&Storey) -> Vec<Feature>) -> Vec<Feature> {
        self.storeys.iter().flat_map(features).collect()
    }

    fn name(&self, key: &str) -> Json {
        self.words.get(key).json()
    }

    fn maybe_name(&self, key: Option<&str>) -> Json {
        key.map_or(Null, |key| self.name(key))
    }

    fn address(&self) -> Vec<Feature> {
        let properties = vec![
            ("address", Json::text("星汇路188号")),
            ("unit", Null),
            ("locality", Json::text("上海市静安区")),
            ("province", Json::text("CN-SH")),
            ("country", Json::text("CN")),
            ("postal_code", Json::text("200041")),
            ("postal_code_ext", Null),
            ("postal_code_vanity", Null),
        ];
        vec![Feature { key: "address".to_owned(), place: Place::Nowhere, properties }]
    }

    fn venue(&self) -> Vec<Feature> {
        let grounds = [
            (-60.0, -56.0),
            (60.0, -56.0),
            (122.0, -50.0),
            (122.0, 20.0),
            (50.0, 48.0),
            (-50.0, 48.0),
            (-118.0, 10.0),
            (-118.0, -56.0),
        ];
        let properties = vec![
            ("category", Json::text("shoppingcenter")),
            ("restriction", Null),
            ("name", self.name("venue")),
            ("alt_name", self.name("venue.nickname")),
            ("hours", Json::text(MALL_HOURS)),
            ("phone", Json::text("+862155500000")),
            ("website", Json::text("https://starhaven.example.com")),
            ("display_point", spot(at(0.0, 0.0))),
            ("address_id", id("address")),
        ];
        let place = Place::Floor(Polygon::new(grounds.map(|(x, y)| at(x, y)).to_vec()));
        vec![Feature { key: "venue".to_owned(), place, properties }]
    }

    fn building(&self) -> Vec<Feature> {
        let properties = vec![
            ("name", self.name("building")),
            ("alt_name", Null),
            ("category", Json::text("unspecified")),
            ("restriction", Null),
            ("display_point", spot(at(0.0, 0.0))),
            ("address_id", id("address")),
        ];
        vec![Feature { key: "building".to_owned(), place: Place::Nowhere, properties }]
    }

    fn footprints(&self) -> Vec<Feature> {
        let footprint = |category: &'static str| Feature {
            key: format!("footprint/{category}"),
            place: Place::Floor(outline::outline()),
            properties: vec![
                ("category", Json::text(category)),
                ("name", self.name("footprint")),
                ("building_ids", Json::List(vec![id("building")])),
            ],
        };
        ["aerial", "ground", "subterranean"].map(footprint).to_vec()
    }

    fn level(&self, storey: &Storey) -> Feature {
        let area = outline::outline();
        let short = LANGUAGES.map(|tag| (tag, Json::text(storey.code)));
        let properties = vec![
            ("category", Json::text("unspecified")),
            ("restriction", Null),
            ("outdoor", Json::Bool(false)),
            ("ordinal", Json::Int(i64::from(storey.ordinal))),
            ("name", self.name(&format!("level.{}", storey.code))),
            ("short_name", Json::object(short)),
            ("display_point", spot(at(0.0, 0.0))),
            ("address_id", id("address")),
            ("building_ids", Json::List(vec![id("building")])),
        ];
        Feature { key: level_key(storey), place: Place::Floor(area), properties }
    }

    fn unit(&self, storey: &Storey, room: &Room) -> Feature {
        let accessible = matches!(room.category, "elevator" | "restroom.wheelchair" | "restroom.family");
        let properties = vec![
            ("category", Json::text(room.category)),
            ("restriction", Json::maybe(room.restriction)),
            ("accessibility", Json::texts(accessible.then_some("wheelchair"))),
            ("name", self.maybe_name(room.name.as_deref())),
            ("alt_name", Null),
            ("level_id", id(&level_key(storey))),
            ("display_point", spot(room.area.roomiest())),
        ];
        Feature { key: unit_key(&room.key), place: Place::Floor(room.area.clone()), properties }
    }

    fn opening(&self, storey: &Storey, door: &Door) -> Feature {
        let (a, b) = door.ends;
        let leaf = door.kind.leaf.map_or(Null, |(kind, automatic, material)| {
            Json::object([
                ("type", Json::text(kind)),
                ("automatic", Json::Bool(automatic)),
                ("material", Json::text(material)),
            ])
        });
        let properties = vec![
            ("category", Json::text(door.kind.category)),
            ("accessibility", Json::texts(door.kind.accessible)),
            ("access_control", Json::texts(door.kind.access)),
            ("door", leaf),
            ("name", self.maybe_name(door.name)),
            ("alt_name", Null),
            ("display_point", spot(a.lerp(b, 0.5))),
            ("level_id", id(&level_key(storey))),
        ];
        Feature { key: opening_key(&door.key), place: Place::Line(a, b), properties }
    }

    fn fixtures(&self, storey: &Storey) -> Vec<Feature> {
        let fixture = |fixture: &super::plan::storey::Fixture| Feature {
            key: fixture.key.clone(),
            place: Place::Floor(fixture.area.clone()),
            properties: vec![
                ("category", Json::text(fixture.category)),
                ("name", self.name(fixture.name)),
                ("alt_name", Null),
                ("anchor_id", Null),
                ("level_id", id(&level_key(storey))),
                ("display_point", spot(fixture.area.roomiest())),
            ],
        };
        storey.fixtures.iter().map(fixture).collect()
    }

    fn kiosks(&self) -> Vec<Feature> {
        let kiosk = |terminal: &places::Terminal| {
            let storey = self.storeys.iter().find(|storey| storey.ordinal == terminal.ordinal);
            let storey = storey.expect("a directory stands on a level of the mall");
            let body = terminal.body();
            let properties = vec![
                ("name", self.name(&format!("kiosk.{}", terminal.code))),
                ("alt_name", Null),
                ("anchor_id", Null),
                ("level_id", id(&level_key(storey))),
                ("display_point", spot(body.roomiest())),
            ];
            Feature { key: terminal.key(), place: Place::Floor(body), properties }
        };
        places::terminals().iter().map(kiosk).collect()
    }

    fn section(&self, storey: &Storey, section: &Section) -> Feature {
        let properties = vec![
            ("category", Json::text(section.category)),
            ("restriction", Null),
            ("accessibility", Null),
            ("name", self.name(&section.name)),
            ("alt_name", Null),
            ("display_point", spot(section.area.roomiest())),
            ("level_id", id(&level_key(storey))),
            ("address_id", Null),
            ("correlation_id", section.correlation.as_deref().map_or(Null, id)),
            ("parents", Null),
        ];
        Feature { key: section.key.clone(), place: Place::Floor(section.area.clone()), properties }
    }

    /// The rooms of a shop with their numbers, in the order of the shop's numbers.
    pub fn rooms_of<'a>(&'a self, shop: &'a Shop) -> impl Iterator<Item = (&'a Room, &'static str)> + 'a {
        shop.numbers.iter().map(|number| {
            let key = number.replacen('-', "/", 1);
            let room = self.storeys.iter().flat_map(|storey| &storey.rooms).find(|room| room.key == key);
            (room.unwrap_or_else(|| panic!("the plan has no room {number}")), *number)
        })
    }

    fn anchors(&self) -> Vec<Feature> {
        let anchor = |room: &Room, number: &str| Feature {
            key: format!("anchor/{number}"),
            place: Place::Spot(room.area.roomiest()),
            properties: vec![("address_id", Null), ("unit_id", id(&unit_key(&room.key)))],
        };
        let shops = self.shops.iter();
        shops.flat_map(|shop| self.rooms_of(shop)).map(|(room, number)| anchor(room, number)).collect()
    }

    fn occupants(&self) -> Vec<Feature> {
        let occupant = |shop: &Shop, number: &str| Feature {
            key: occupant_key(number),
            place: Place::Nowhere,
            properties: vec![
                ("name", shop.name.json()),
                ("alt_name", shop.nickname.as_ref().map_or(Null, super::labels::Labels::json)),
                ("category", Json::text(shop.category)),
                ("anchor_id", id(&format!("anchor/{number}"))),
                ("hours", Json::text(shop.hours)),
                ("phone", Json::maybe(shop.phone.as_deref())),
                ("website", Json::maybe(shop.website.as_deref())),
                ("validity", Null),
                (
                    "correlation_id",
                    if shop.numbers.len() > 1 {
                        id(&format!("correlation/{}", shop.numbers[0]))
                    } else {
                        Null
                    },
                ),
            ],
        };
        self.shops
            .iter()
            .flat_map(|shop| shop.numbers.iter().map(move |number| occupant(shop, number)))
            .collect()
    }

    fn amenities(&self, storey: &Storey) -> Vec<Feature> {
        places::amenities(storey).iter().map(|amenity| self.amenity(amenity)).collect()
    }

    fn amenity(&self, amenity: &Amenity) -> Feature {
        let properties = vec![
            ("category", Json::text(&amenity.category)),
            ("accessibility", Json::texts(amenity.accessible.then_some("wheelchair"))),
            ("name", self.name(&amenity.name)),
            ("alt_name", Null),
            ("hours", Json::maybe(amenity.hours)),
            ("phone", Null),
            ("website", Null),
            ("unit_ids", Json::List(amenity.rooms.iter().map(|room| id(&unit_key(room))).collect())),
            ("address_id", Null),
            ("correlation_id", amenity.correlation.as_deref().map_or(Null, id)),
        ];
        Feature { key: amenity.key.clone(), place: Place::Spot(amenity.spot), properties }
    }
}

fn details(storey: &Storey) -> Vec<Feature> {
    let detail = |(key, lines): &(String, Vec<_>)| Feature {
        key: format!("{}/detail/{key}", storey.code),
        place: Place::Lines(lines.clone()),
        properties: vec![("level_id", id(&level_key(storey)))],
    };
    storey.details.iter().map(detail).collect()
}

fn manifest() -> String {
    let pairs = Json::object([
        ("version", Json::text("1.0.0")),
        ("created", Json::text(CREATED)),
        ("generated_by", Json::text("cargo xtask demo-mall")),
        ("language", Json::text(LANGUAGES[0])),
        ("extensions", Null),
    ]);
    format!("{pairs}\n")
}

/// The key of a level's feature.
pub fn level_key(storey: &Storey) -> String {
    format!("level/{}", storey.code)
}

/// The key of a unit's feature.
pub fn unit_key(room: &str) -> String {
    format!("unit/{room}")
}

/// The key of an opening's feature.
pub fn opening_key(door: &str) -> String {
    format!("opening/{door}")
}

/// The key of an occupant's feature.
pub fn occupant_key(number: &str) -> String {
    format!("occupant/{number}")
}
