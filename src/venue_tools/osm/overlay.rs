//! The `venue.toml` of a converted map: initial kiosks, escalators, moving walkways, and the credit line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use geo::InteriorPoint;

use super::conversion::{CREDIT, Touching};
use super::doors;
use super::element::Shape;
use super::levels::OsmLevel;
use super::occupants::Use;
use super::sketch::{Gate, PlaceDraft, Riser, Sketch};
use wayfinding::geometry::Point;
use wayfinding::venue::TravelDirection;

/// The distances inside an entrance at which a kiosk is tried, in metres.
const INSIDE_M: [f64; 3] = [4.0, 2.0, 1.0];

/// A kiosk to add to the map.
pub(super) struct Kiosk {
    code: String,
    unit: usize,
    at: Point,
    heading: f64,
    name: BTreeMap<String, String>,
}

/// Kiosks at the information boards; without any board, one kiosk inside an entrance.
pub(super) fn kiosks(sketch: &mut Sketch) -> Vec<Kiosk> {
    let mut kiosks = Vec::new();
    for element in &sketch.elements {
        let board = element.is("information", &["terminal", "map", "board", "tactile_map"]);
        let inside = element.get("indoor").is_some() || element.is("covered", &["yes"]);
        let Shape::Dot(at) = element.shape else { continue };
        let Some(at) = sketch.metres(at).filter(|_| board && inside) else { continue };
        let levels = element.levels();
        let floor =
            sketch.units.iter().position(|u| u.is_floor() && levels.contains(&u.level) && u.holds(at));
        if let Some(unit) = floor {
            let heading = element.get("direction").and_then(|d| d.parse::<f64>().ok()).unwrap_or(0.0);
            let name = super::tags::names(element, "name", &sketch.language);
            let code = format!("K{}", kiosks.len() + 1);
            kiosks.push(Kiosk { code, unit, at, heading: heading.rem_euclid(360.0), name });
        }
    }
    if kiosks.is_empty() {
        kiosks.extend(at_entrance(sketch).or_else(|| in_the_middle(sketch)));
        if let Some(kiosk) = kiosks.first() {
            let id = sketch.units[kiosk.unit].id;
            let message = "no information board is tagged indoors; kiosk K1 is put on this floor. \
                           Move it to where it stands in venue.toml"
                .to_owned();
            sketch.guess("KioskMustBeKnown", id, message);
        }
    }
    kiosks
}

/// The level with the most shops.
fn busiest(sketch: &Sketch) -> Option<OsmLevel> {
    let shops = |level: &OsmLevel| {
        let here =
            |s: &&PlaceDraft| matches!(s.purpose, Use::Occupant(_)) && sketch.units[s.unit].level == *level;
        sketch.places.iter().filter(here).count()
    };
    sketch.levels().into_iter().rev().max_by_key(shops)
}

/// A kiosk just inside the widest entrance of the busiest level. Visitors who enter face the screen.
fn at_entrance(sketch: &Sketch) -> Option<Kiosk> {
    let level = busiest(sketch)?;
    let main = |g: &&Gate| g.level == level && g.category == "pedestrian.principal";
    let mut main: Vec<&Gate> = sketch.gates.iter().filter(main).collect();
    main.sort_by(|a, b| b.from.distance(b.to).total_cmp(&a.from.distance(a.to)));
    main.into_iter().find_map(|gate| {
        let unit = doors::sides(sketch, gate).into_iter().flatten().find(|u| sketch.units[*u].is_floor())?;
        let (middle, width) = (gate.from.toward(gate.to, 0.5), gate.from.distance(gate.to));
        let left = ((gate.from.y - gate.to.y) / width, (gate.to.x - gate.from.x) / width);
        let mut spots = INSIDE_M.iter().flat_map(|d| [*d, -d]).map(|d| middle.moved(left.0 * d, left.1 * d));
        let at = spots.find(|p| sketch.units[unit].holds(*p))?;
        let heading = middle.bearing_to(at);
        Some(Kiosk { code: "K1".to_owned(), unit, at, heading, name: BTreeMap::new() })
    })
}

/// A kiosk on the floor of the busiest level with the most doors.
fn in_the_middle(sketch: &Sketch) -> Option<Kiosk> {
    let level = busiest(sketch)?;
    let mut doors: BTreeMap<usize, usize> = BTreeMap::new();
    for gate in sketch.gates.iter().filter(|g| g.level == level) {
        for side in doors::sides(sketch, gate).into_iter().flatten().filter(|u| sketch.units[*u].is_floor()) {
            *doors.entry(side).or_default() += 1;
        }
    }
    let most = doors.into_iter().max_by_key(|(unit, count)| (*count, std::cmp::Reverse(*unit)));
    let unit = most.map(|(unit, _)| unit).or_else(|| sketch.units.iter().position(|u| u.is_floor()))?;
    let point = sketch.units[unit].shape.interior_point()?;
    let at = Point::new(point.x(), point.y());
    Some(Kiosk { code: "K1".to_owned(), unit, at, heading: 0.0, name: BTreeMap::new() })
}

/// A quoted TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The content of the file.
pub(super) fn text(sketch: &Sketch, kiosks: &[Kiosk]) -> String {
    let mut text = format!(
        "# Written by `galleria-venue convert-osm`. Map data {CREDIT}\n\
         # (https://www.openstreetmap.org/copyright). What was guessed, the command has listed.\n\
         format = 1\ncredit = {}\n",
        quoted(CREDIT)
    );
    let zone = sketch.time_zone.map_or("UTC", |z| z.name());
    let _ = writeln!(text, "time_zone = {}", quoted(zone));
    let language: domain::language::Language =
        sketch.language.parse().unwrap_or(domain::language::Language::En);
    let _ = writeln!(text, "default_language = {}", quoted(language.tag()));
    if sketch.touching == Touching::Open {
        text += "# OpenStreetMap draws no doors between floors: where two touch, people walk on.\n\
                 touching_walkways = \"open\"\n";
    }
    let ordinals = super::write::ordinals(sketch);
    for kiosk in kiosks {
        let (longitude, latitude) = sketch.frame.to_degrees(kiosk.at);
        let _ = write!(
            text,
            "\n[[kiosk]]\ncode = {}\nordinal = {}\nposition = [{longitude:.8}, {latitude:.8}]\nheading = {:.0}.0\n",
            quoted(&kiosk.code),
            ordinals[&sketch.units[kiosk.unit].level],
            kiosk.heading.rem_euclid(360.0).round() % 360.0
        );
        if !kiosk.name.is_empty() {
            let names: Vec<_> = kiosk.name.iter().map(|(l, n)| format!("{l} = {}", quoted(n))).collect();
            let _ = writeln!(text, "name = {{ {} }}", names.join(", "));
        }
    }
    for riser in sketch.risers.iter().filter(|r| r.category == "escalator" && r.units.len() > 1) {
        text += &escalator(riser);
    }
    for belt in &sketch.moving_walkways {
        let unit = quoted(&belt.unit.to_string());
        let heading = belt.heading.rem_euclid(360.0).round() % 360.0;
        let _ =
            write!(text, "\n# {}\n[[moving_walkway]]\nunit = {unit}\nheading = {heading:.1}\n", belt.source);
    }
    text
}

fn escalator(riser: &Riser) -> String {
    let unit = quoted(&riser.units[0].to_string());
    match riser.direction {
        Some(direction) => {
            let direction = if direction == TravelDirection::Forward { "up" } else { "down" };
            format!("\n# {}\n[[escalator]]\nunit = {unit}\ndirection = \"{direction}\"\n", riser.source)
        }
        None => format!(
            "\n# {}: conveying does not say which way it runs. Give it: direction = \"up\", or \"down\".\n\
             [[escalator]]\nunit = {unit}\nstate = \"out-of-service\"\n",
            riser.source
        ),
    }
}
