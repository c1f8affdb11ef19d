//! `venue.toml`: the data of the mall for which IMDF has no field.
//!
//! These are the kiosks and the direction in which their visitors look, travel directions of escalators,
//! stops of lifts, hours of doors, landmarks, parking zones, shop numbers, and search terms.

use std::fmt::Write;

use super::archive::{Mall, occupant_key, opening_key, unit_key};
use super::frame::position;
use super::ids::Id;
use super::labels::{LANGUAGES, quoted};
use super::places;
use super::plan::basement::ZONES;
use super::plan::verticals::{Direction, FLIGHTS, GOODS, SHAFTS};
use super::sections::zone_key;

/// The height of a kiosk's screen above the floor, measured to its lower edge, in millimetres.
const SCREEN_BOTTOM_MM: u32 = 700;

/// When the named doors are unlocked. Doors that are not listed follow the mall's hours.
const DOOR_HOURS: [(&str, &str); 7] = [
    ("entrance.main", "Mo-Su 06:00-02:30"),
    ("entrance.north", "Mo-Su 08:00-24:00"),
    ("entrance.south-east", "Mo-Su 09:30-22:30"),
    ("entrance.south-west", "Mo-Su 09:30-22:30"),
    ("entrance.metro", "Mo-Su 06:00-23:30"),
    ("entrance.anchor-east", "Mo-Th 10:00-22:00; Fr-Su,PH 10:00-22:30"),
    ("entrance.anchor-west", "Mo-Su 10:00-22:00"),
];

/// Landmarks for instructions: an occupant's number and its prominence.
const LANDMARK_SHOPS: [(&str, &str); 12] = [
    ("L1-41", "1.0"),
    ("L2-42", "0.9"),
    ("L3-42", "0.9"),
    ("L1-42", "0.9"),
    ("L2-43", "0.8"),
    ("L3-43", "0.8"),
    ("L4-38", "1.0"),
    ("B1-22", "1.0"),
    ("L1-08", "0.6"),
    ("L3-31", "0.7"),
    ("L4-39", "0.6"),
    ("L4-40", "0.6"),
];

/// More landmarks: an amenity's category and its prominence.
const LANDMARK_AMENITIES: [(&str, &str); 3] =
    [("landmark", "0.9"), ("information", "0.8"), ("meetingpoint", "0.4")];

impl Mall {
    /// The text of venue.toml.
    pub fn overlay(&self) -> String {
        let mut text = String::from(HEAD);
        self.directories(&mut text);
        self.escalators(&mut text);
        self.lifts(&mut text);
        self.doors(&mut text);
        text.push_str(CLOSURES);
        self.landmarks(&mut text);
        self.zones(&mut text);
        self.numbers(&mut text);
        text
    }

    fn code(&self, ordinal: i32) -> &'static str {
        self.storeys.iter().find(|storey| storey.ordinal == ordinal).map_or("", |storey| storey.code)
    }

    fn directories(&self, text: &mut String) {
        for terminal in places::terminals() {
            table(
                text,
                "kiosk",
                &[
                    ("code", quoted(terminal.code)),
                    ("feature", quote_id(&terminal.key())),
                    ("ordinal", terminal.ordinal.to_string()),
                    ("position", position(terminal.stand)),
                    ("heading", format!("{:.1}", terminal.heading)),
                    ("screen_bottom_mm", SCREEN_BOTTOM_MM.to_string()),
                    ("name", self.words.get(&format!("kiosk.{}", terminal.code)).toml()),
                ],
            );
        }
    }

    fn escalators(&self, text: &mut String) {
        for flight in FLIGHTS {
            for direction in Direction::BOTH {
                let unit = format!("{}/{}", self.code(flight.lower), flight.unit(direction));
                table(
                    text,
                    "escalator",
                    &[("unit", quote_id(&unit_key(&unit))), ("direction", quoted(direction.key()))],
                );
            }
        }
    }

    fn lifts(&self, text: &mut String) {
        for shaft in SHAFTS.iter().chain([&GOODS]) {
            let served = self.storeys.iter().filter(|storey| shaft.stops.contains(&storey.ordinal));
            let units: Vec<String> = served
                .map(|storey| quote_id(&unit_key(&format!("{}/lift/{}", storey.code, shaft.key))))
                .collect();
            let stops: Vec<String> = shaft.stops.iter().map(i32::to_string).collect();
            table(
                text,
                "lift",
                &[
                    ("units", format!("[{}]", units.join(", "))),
                    ("stops", format!("[{}]", stops.join(", "))),
                    ("state", quoted("in-service")),
                    ("access", quoted(if shaft.staff_only { "staff" } else { "public" })),
                    ("name", self.words.get(&format!("lift.{}", shaft.key)).toml()),
                ],
            );
        }
    }

    fn doors(&self, text: &mut String) {
        for door in self.storeys.iter().flat_map(|storey| &storey.doors) {
            let hours = DOOR_HOURS.iter().find(|(name, _)| Some(*name) == door.name);
            if let Some((_, hours)) = hours {
                table(
                    text,
                    "door",
                    &[("opening", quote_id(&opening_key(&door.key))), ("hours", quoted(hours))],
                );
            }
        }
    }

    fn landmarks(&self, text: &mut String) {
        let mut landmark = |key: &str, weight: &str| {
            table(text, "landmark", &[("feature", quote_id(key)), ("weight", weight.to_owned())]);
        };
        for (number, weight) in LANDMARK_SHOPS {
            landmark(&occupant_key(number), weight);
        }
        for amenity in self.storeys.iter().flat_map(places::amenities) {
            let weight = LANDMARK_AMENITIES.iter().find(|(category, _)| *category == amenity.category);
            if let Some((_, weight)) = weight {
                landmark(&amenity.key, weight);
            }
        }
    }

    fn zones(&self, text: &mut String) {
        let bays = |code: &str| {
            let prefix = format!("bays/{code}/");
            let mut all = self.storeys.iter().flat_map(|storey| &storey.details);
            let count = all.find_map(|(key, _)| key.strip_prefix(&prefix));
            count.expect("every zone has painted bays").to_owned()
        };
        for zone in ZONES {
            table(
                text,
                "parking_zone",
                &[
                    ("section", quote_id(&zone_key(zone.code))),
                    ("code", quoted(zone.code)),
                    ("name", self.words.get(&format!("section.{}", zone.code)).toml()),
                    ("colour", quoted(zone.colour)),
                    ("colour_name", self.words.get(&format!("colour.{}", zone.code)).toml()),
                    ("bays", bays(zone.code)),
                ],
            );
        }
    }

    fn numbers(&self, text: &mut String) {
        for shop in &self.shops {
            let keywords: Vec<String> = LANGUAGES
                .into_iter()
                .zip(&shop.words)
                .map(|(tag, words)| {
                    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
                    format!("{tag} = [{}]", words.join(", "))
                })
                .collect();
            for number in &shop.numbers {
                table(
                    text,
                    "shop",
                    &[
                        ("occupant", quote_id(&occupant_key(number))),
                        ("number", quoted(number)),
                        ("keywords", format!("{{ {} }}", keywords.join(", "))),
                    ],
                );
            }
        }
    }
}

fn quote_id(key: &str) -> String {
    quoted(&Id::of(key).to_string())
}

fn table(text: &mut String, name: &str, pairs: &[(&str, String)]) {
    let mut lines = format!("\n[[{name}]]\n");
    for (key, value) in pairs {
        writeln!(lines, "{key} = {value}").expect("a string takes any text");
    }
    text.push_str(&lines);
}

const HEAD: &str = "\
# What the demo mall knows and IMDF has no place for. Written by `cargo xtask demo-mall`.
format = 1
time_zone = \"Asia/Shanghai\"
default_language = \"zh-Hans\"

# Metres per second on the flat.
[speeds]
walking = 1.2
step_free = 1.0
stroller = 1.0

# kiosk: `position` is where the visitor stands, one step before the screen, and `heading` where that
# visitor looks, in degrees clockwise from north; `feature` is the terminal itself. escalator: `unit` is
# on the lower level. lift: one table per shaft; `units` from the lowest level up, `stops` the ordinals
# at which its door opens.
";

const CLOSURES: &str = "
# Features that are closed for a while, for example:
# [[closure]]
# feature = \"the id of a unit, an opening or a section\"
# from = \"2026-03-01T00:00:00+08:00\"
# until = \"2026-03-15T00:00:00+08:00\"
# reason = { zh-Hans = \"\u{8bbe}\u{5907}\u{68c0}\u{4fee}\", en = \"Maintenance\" }
";
