//! IMDF relationships: which units of two levels are one lift, one stair or one escalator.
//!
//! An importer could infer most of them from units that overlap on two levels, but not the travel direction
//! of an escalator, nor that the express lift passes two levels.

use super::archive::unit_key;
use super::feature::{Feature, Place, reference};
use super::json::Json::{self, Null};
use super::plan::storey::Storey;
use super::plan::verticals::{Direction, FLIGHTS, GOODS, SHAFTS};

/// Every edge between two levels.
pub fn relationships(storeys: &[Storey]) -> Vec<Feature> {
    let code = |ordinal: i32| storeys.iter().find(|s| s.ordinal == ordinal).map_or("", |s| s.code);
    let mut edges = Vec::new();
    for flight in FLIGHTS {
        for direction in Direction::BOTH {
            let unit = flight.unit(direction);
            let lower = format!("{}/{unit}", code(flight.lower));
            let upper = format!("{}/{unit}", code(flight.lower + 1));
            let (from, to) = if direction == Direction::Up { (lower, upper) } else { (upper, lower) };
            edges.push(edge("escalator", "directed", &unit, &from, &to));
        }
    }
    for shaft in SHAFTS.iter().chain([&GOODS]) {
        let unit = format!("lift/{}", shaft.key);
        edges.extend(chain("elevator", &unit, shaft.stops, code));
    }
    let stairs = storeys[0].rooms.iter().filter(|room| room.category == "stairs");
    for (_, unit) in stairs.filter_map(|room| room.key.split_once('/')) {
        let all: Vec<i32> = storeys.iter().map(|storey| storey.ordinal).collect();
        edges.extend(chain("stairs", unit, &all, code));
    }
    edges
}

/// Undirected edges between neighbouring stops.
fn chain(
    category: &'static str,
    unit: &str,
    stops: &[i32],
    code: impl Fn(i32) -> &'static str,
) -> Vec<Feature> {
    let pairs = stops.windows(2).map(|pair| {
        let [low, high] = [code(pair[0]), code(pair[1])];
        let name = format!("{unit}/{low}-{high}");
        edge(category, "undirected", &name, &format!("{low}/{unit}"), &format!("{high}/{unit}"))
    });
    pairs.collect()
}

fn edge(category: &'static str, direction: &'static str, name: &str, from: &str, to: &str) -> Feature {
    let properties = vec![
        ("category", Json::text(category)),
        ("direction", Json::text(direction)),
        ("origin", reference(&unit_key(from), "unit")),
        ("intermediary", Null),
        ("destination", reference(&unit_key(to), "unit")),
        ("hours", Null),
    ];
    Feature { key: format!("relationship/{name}"), place: Place::Nowhere, properties }
}
