//! The ends of the wings: anchor stores, the cinema, and the fire stairs in the corners.

use super::outline::{Side, WING_END, Wing};
use super::row::opening_in;
use super::storey::{EMERGENCY, MAIN, MOUTH, STAFF, STOREFRONT, SWINGING, Storey};
use crate::demo_mall::geometry::{Point, Polygon, Polyline, Ray, at};

impl Wing {
    /// The part of an id that names the wing.
    pub fn key(self) -> &'static str {
        match self {
            Self::East => "east",
            Self::West => "west",
        }
    }
}

/// A door between the walkway and the end of a wing, `t` metres north of the axis.
fn end_door(wing: Wing, t: f64, width: f64) -> (Point, Point) {
    (wing.at(WING_END, t + width / 2.0), wing.at(WING_END, t - width / 2.0))
}

/// Draws one store that fills the end of a wing.
pub fn anchor(storey: &mut Storey, wing: Wing) {
    let key = storey.shop(Polygon::new(wing.anchor()));
    storey.door(&format!("{key}/front/1"), STOREFRONT, end_door(wing, 3.6, 3.0));
    storey.door(&format!("{key}/front/2"), STOREFRONT, end_door(wing, -3.6, 3.0));
    if storey.ordinal == 0 {
        street_door(storey, wing);
    }
}

/// Adds the store's own door to the street, in the middle of the outer wall or south of it.
fn street_door(storey: &mut Storey, wing: Wing) {
    let ring = wing.anchor();
    let middle = ring.len() / 2;
    let (name, piece) = match wing {
        Wing::East => ("entrance.anchor-east", middle + 3),
        Wing::West => ("entrance.anchor-west", middle - 1),
    };
    let ends = opening_in(&ring[piece..=piece + 1], 0.5, 2.6);
    storey.door(&format!("entrance/{name}"), MAIN, ends).name = Some(name);
}

/// Draws two stores side by side in the end of the west wing.
pub fn two_stores(storey: &mut Storey) {
    let wing = Wing::West;
    let ring = wing.anchor();
    // The outer wall of this wing has a straight segment across the axis; its two ends are in the middle of
    // the ring.
    let half = ring.len() / 2;
    let split = [ring[half - 1].lerp(ring[half], 0.5), wing.at(WING_END, 0.0)];
    let north: Vec<Point> = ring[..half].iter().chain(&split).copied().collect();
    let south: Vec<Point> = split.iter().rev().chain(&ring[half..]).copied().collect();
    for (ring, t) in [(north, 3.6), (south, -3.6)] {
        let key = storey.shop(Polygon::new(ring));
        storey.door(&format!("{key}/front/1"), STOREFRONT, end_door(wing, t, 3.0));
    }
}

/// Draws the fire stairs in both corners of a wing's end.
pub fn fire_stairs(storey: &mut Storey, wing: Wing) {
    for side in [Side::North, Side::South] {
        let stair = wing.fire_stair(side);
        let axis = |p: Point| {
            let (along, across) = wing.directions();
            (p.x * along.x + p.y * along.y, (p.x * across.x + p.y * across.y) * side.sign())
        };
        let outer = stair.outer.iter().map(|&p| axis(p).1).fold(0.0, f64::max) * side.sign();
        let key = format!("stairs/fire-{}-{}", wing.key(), side.key());
        let room = storey.room(&key, "stairs", stair);
        room.restriction = Some("restricted");
        room.name = Some("stairs.fire".to_owned());
        let middle = outer - side.sign() * 1.5;
        let corridor = (wing.at(WING_END, middle - 0.6), wing.at(WING_END, middle + 0.6));
        storey.door(&format!("{key}/door"), EMERGENCY, corridor);
        if storey.ordinal == 0 {
            let exit = (wing.at(WING_END + 0.9, outer), wing.at(WING_END + 2.1, outer));
            storey.door(&format!("{key}/exit"), EMERGENCY, exit).name = Some("exit.emergency");
        }
    }
}

/// The depth of the cinema's foyer from the end of the shops, and half its width, in metres.
const FOYER: (f64, f64) = (9.0, 19.0);

/// Draws the cinema: a foyer, four halls in a fan behind it, and the giant hall beside it.
pub fn cinema(storey: &mut Storey, giant: Polygon) {
    let wing = Wing::East;
    let (deep, half) = FOYER;
    let screen_line = WING_END + deep;
    let corners = [(WING_END, half), (WING_END, -half), (screen_line, -half), (screen_line, half)];
    let foyer = storey.shop(Polygon::new(corners.map(|(s, t)| wing.at(s, t)).to_vec()));
    storey.rooms.last_mut().expect("the foyer was just drawn").category = "lobby";
    storey.door(&format!("{foyer}/front/1"), MOUTH, end_door(wing, 3.6, 3.0));
    storey.door(&format!("{foyer}/front/2"), MOUTH, end_door(wing, -3.6, 3.0));

    let ring = wing.anchor();
    let wall = Polyline(ring[1..ring.len() - 1].to_vec());
    let (along, across) = wing.directions();
    let beyond = |t: f64| wall.cut(Ray { origin: wing.at(WING_END, t), direction: along });
    let beside = |sign: f64| {
        wall.cut(Ray { origin: wing.at(screen_line, 0.0), direction: at(across.x * sign, across.y * sign) })
    };
    let walls = [
        (half, beside(1.0)),
        (9.0, beyond(9.0)),
        (0.0, beyond(0.0)),
        (-9.0, beyond(-9.0)),
        (-half, beside(-1.0)),
    ];
    for (i, pair) in walls.windows(2).enumerate() {
        let [(north, from), (south, to)] = [pair[0], pair[1]];
        let mut hall = vec![wing.at(screen_line, south)];
        if i > 0 {
            hall.push(wing.at(screen_line, north));
        }
        hall.extend(wall.slice(from, to));
        let key = format!("cinema/hall-{}", i + 2);
        storey.room(&key, "movietheater", Polygon::new(hall)).name = Some(format!("cinema.hall-{}", i + 2));
        let t = (north + south) / 2.0;
        let ends = (wing.at(screen_line, t + 0.9), wing.at(screen_line, t - 0.9));
        storey.door(&format!("{key}/door"), SWINGING, ends);
    }

    storey.room("cinema/hall-1", "movietheater", giant).name = Some("cinema.hall-1".to_owned());
    storey.door("cinema/hall-1/door", SWINGING, end_door(wing, -12.0, 2.0));

    let length = wall.length();
    for (side, sign, from, to) in [("north", 1.0, 0.0, beside(1.0)), ("south", -1.0, beside(-1.0), length)] {
        let mut room = wall.slice(from, to);
        room.push(wing.at(screen_line, sign * half));
        let key = format!("cinema/projection-{side}");
        storey.back_room(&key, "cinema.projection", Polygon::new(room));
        let ends = (wing.at(screen_line - 3.5, sign * half), wing.at(screen_line - 2.5, sign * half));
        storey.door(&format!("{key}/door"), STAFF, ends);
    }
}
