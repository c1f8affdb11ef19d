//! Named zones: the wings and the atrium on every level, the food court, the parking zones.

use super::geometry::Polygon;
use super::plan::basement::{STREET_END, ZONES};
use super::plan::outline::{Cut, Lines, Side, Wing};
use super::plan::storey::Storey;

/// A named zone of a level. It may cover many rooms.
#[derive(Clone, Debug)]
pub struct Section {
    /// Unique in the mall.
    pub key: String,
    /// IMDF section category.
    pub category: &'static str,
    /// The key of its name in words.csv.
    pub name: String,
    /// The IMDF correlation id, which the same zone has on every level.
    pub correlation: Option<String>,
    pub area: Polygon,
}

/// Where a wing's zone begins, in metres outward from the middle.
const WING_FROM: f64 = STREET_END;

/// The key of a parking zone's feature.
pub fn zone_key(code: &str) -> String {
    format!("B1/section/{code}")
}

/// Every zone of a level.
pub fn sections(storey: &Storey) -> Vec<Section> {
    let east = if storey.ordinal < 0 { "market" } else { "east" };
    let mut all =
        vec![section(storey, east, "retail", wing(Wing::East)), section(storey, "atrium", "walkway", drum())];
    if storey.ordinal < 0 {
        all.extend(
            ZONES.iter().map(|zone| Section {
                correlation: None,
                ..section(storey, zone.code, "parking", zone.area())
            }),
        );
    } else {
        all.push(section(storey, "west", "retail", wing(Wing::West)));
    }
    if let Some(court) = storey.find("food-court") {
        let area = court.area.clone();
        all.push(Section { correlation: None, ..section(storey, "food-court", "eatingdrinking", area) });
    }
    all
}

fn section(storey: &Storey, name: &str, category: &'static str, area: Polygon) -> Section {
    Section {
        key: format!("{}/section/{name}", storey.code),
        category,
        name: format!("section.{name}"),
        correlation: Some(format!("correlation/section/{name}")),
        area,
    }
}

/// A whole wing, from where it leaves the drum to its end.
fn wing(wing: Wing) -> Polygon {
    let [north, south] = [Side::North, Side::South].map(Lines::along);
    let cut = match wing {
        Wing::East => Cut::E(WING_FROM),
        Wing::West => Cut::W(WING_FROM),
    };
    let outer = |lines: &Lines| {
        let edge = lines.facade.cut(cut.ray(lines.side));
        match wing {
            // The façades run from east to west; here they must run outward.
            Wing::East => lines.facade.slice(0.0, edge).into_iter().rev().collect::<Vec<_>>(),
            Wing::West => lines.facade.slice(edge, lines.facade.length()),
        }
    };
    let mut ring = outer(&north);
    // The anchor's ring without the notches of the fire stairs.
    let anchor = wing.anchor();
    ring.extend(&anchor[2..anchor.len() - 2]);
    ring.extend(outer(&south).into_iter().rev());
    Polygon::new(ring)
}

/// The drum around the atrium, between the wings.
fn drum() -> Polygon {
    let [north, south] = [Side::North, Side::South].map(|side| {
        let lines = Lines::along(side);
        let ends = [Cut::E(WING_FROM), Cut::W(WING_FROM)].map(|cut| lines.facade.cut(cut.ray(side)));
        lines.facade.slice(ends[0], ends[1])
    });
    Polygon::new(north.into_iter().chain(south.into_iter().rev()).collect())
}
