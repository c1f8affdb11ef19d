//! The middle of the walkways: voids in the floor, pavilions, and every obstacle that visitors walk around.

use super::outline::{ARC_STEP, VOID, Wing};
use super::row::opening_in;
use super::storey::{STOREFRONT, Storey};
use crate::demo_mall::geometry::{Point, Polygon, at, disc};

/// Cuts the void under the glass roof.
pub fn atrium(storey: &mut Storey) {
    let hole = disc(at(0.0, 0.0), VOID, 48);
    storey.islands.push(hole.clone());
    storey.room("void/atrium", "opentobelow", hole).name = Some("void.atrium".to_owned());
}

/// Cuts the void, leaving a bridge from the east wing to the west wing.
pub fn bridged_atrium(storey: &mut Storey) {
    const HALF_BRIDGE: f64 = 3.0;
    let first = (HALF_BRIDGE / VOID).asin().to_degrees();
    for (side, turn) in [("north", 0.0), ("south", 180.0)] {
        let arc =
            (1..24).map(|i| f64::from(i) * ARC_STEP).filter(|a| (first + 2.0..178.0 - first).contains(a));
        let angles = std::iter::once(first).chain(arc).chain([180.0 - first]);
        let hole = Polygon::new(angles.map(|a| Point::polar(VOID, a + turn)).collect());
        storey.islands.push(hole.clone());
        let room = storey.room(&format!("void/atrium-{side}"), "opentobelow", hole);
        room.name = Some("void.atrium".to_owned());
    }
}

/// Cuts a long void into the walkway of a wing, with chamfered corners.
pub fn slot(storey: &mut Storey, wing: Wing, (from, to): (f64, f64)) {
    let (half, cut) = (2.4, 0.9);
    let corners = [
        (from + cut, -half),
        (to - cut, -half),
        (to, cut - half),
        (to, half - cut),
        (to - cut, half),
        (from + cut, half),
        (from, half - cut),
        (from, cut - half),
    ];
    let hole = Polygon::new(corners.map(|(s, t)| wing.at(s, t)).to_vec());
    storey.islands.push(hole.clone());
    let key = format!("void/{}-{:.0}", wing.key(), from);
    storey.room(&key, "opentobelow", hole).name = Some("void.wing".to_owned());
}

/// Draws a small free-standing shop in a wing's walkway, open to the north or to the south.
pub fn pavilion(storey: &mut Storey, wing: Wing, s: f64, towards: f64) {
    let (half_s, half_t, cut) = (2.6, 1.8, 0.6);
    let corners = [
        (half_s - cut, -half_t),
        (half_s, cut - half_t),
        (half_s, half_t - cut),
        (half_s - cut, half_t),
        (cut - half_s, half_t),
        (-half_s, half_t - cut),
        (-half_s, cut - half_t),
        (cut - half_s, -half_t),
    ];
    let place = Polygon::new(corners.map(|(ds, t)| wing.at(s + ds, t)).to_vec());
    storey.islands.push(place.clone());
    let key = storey.shop(place);
    let counter = [wing.at(s + half_s - cut, half_t * towards), wing.at(s - half_s + cut, half_t * towards)];
    storey.door(&format!("{key}/front/1"), STOREFRONT, opening_in(&counter, 0.5, 2.0));
}

/// Draws a small, round, free-standing shop whose opening faces the middle.
pub fn rotunda(storey: &mut Storey, centre: Point) {
    let place = disc(centre, 2.7, 8);
    storey.islands.push(place.clone());
    let key = storey.shop(place.clone());
    let inner = place.edges().min_by(|a, b| {
        let [a, b] = [a, b].map(|(p, q)| p.lerp(*q, 0.5).distance(at(0.0, 0.0)));
        a.total_cmp(&b)
    });
    let (a, b) = inner.expect("a disc has edges");
    storey.door(&format!("{key}/front/1"), STOREFRONT, opening_in(&[a, b], 0.5, 1.6));
}

/// A rectangle in a wing's coordinates.
fn wing_box(wing: Wing, s: f64, t: f64, (length, width): (f64, f64)) -> Polygon {
    let (l, w) = (length / 2.0, width / 2.0);
    Polygon::new([(-l, -w), (l, -w), (l, w), (-l, w)].map(|(ds, dt)| wing.at(s + ds, t + dt)).to_vec())
}

/// Draws two benches with a planter between them, in the middle of a wing's walkway.
pub fn seats(storey: &mut Storey, wing: Wing, s: f64) {
    storey.fixture("vegetation", "fixture.planter", wing_box(wing, s, 0.0, (3.2, 1.2)));
    storey.fixture("furniture", "fixture.bench", wing_box(wing, s, 1.0, (2.4, 0.6)));
    storey.fixture("furniture", "fixture.bench", wing_box(wing, s, -1.0, (2.4, 0.6)));
}

/// Draws round planters on a circle around the middle.
pub fn planters(storey: &mut Storey, radius: f64, angles: &[f64]) {
    for &angle in angles {
        storey.fixture("vegetation", "fixture.planter", disc(Point::polar(radius, angle), 0.9, 8));
    }
}

/// Draws columns around the atrium.
pub fn columns(storey: &mut Storey, angles: &[f64]) {
    for &angle in angles {
        storey.fixture("obstruction", "fixture.column", disc(Point::polar(VOID + 1.1, angle), 0.45, 6));
    }
}

/// Draws the floor of the atrium on L1: a stage, a pool and the information desk.
pub fn court(storey: &mut Storey) {
    storey.fixture("stage", "fixture.stage", disc(at(0.0, 0.0), 4.6, 12));
    storey.fixture("desk", "fixture.information-desk", bow(at(0.0, 14.0), 2.6, 1.1));
    storey.fixture("water", "fixture.pool", bow(at(0.0, -12.5), 3.4, 1.5));
}

/// Draws two rows of planters from the main entrance to the atrium.
pub fn avenue(storey: &mut Storey) {
    for (radius, angle) in [(28.5, 74.5), (33.0, 72.5), (37.5, 71.0)] {
        for side in [-angle, angle - 180.0] {
            storey.fixture("vegetation", "fixture.planter", disc(Point::polar(radius, side), 0.9, 8));
        }
    }
}

/// Draws an information desk on an upper level or in the basement.
pub fn desk(storey: &mut Storey, centre: Point) {
    storey.fixture("desk", "fixture.information-desk", bow(centre, 1.8, 0.8));
}

/// A rounded shape with its long axis from east to west.
fn bow(centre: Point, half_length: f64, half_width: f64) -> Polygon {
    let corner = |i: i32| {
        let (sin, cos) = (f64::from(i) * 30.0 + 15.0).to_radians().sin_cos();
        centre.moved(half_length * cos, half_width * sin)
    };
    Polygon::new((0..12).map(corner).collect())
}
