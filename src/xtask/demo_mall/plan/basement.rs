//! Level B1: the supermarket at the east end, the market street, and the car park under the west wing.

use super::outline::{Cut, Lines, Side, WING_END, Wing};
use super::row::{Bay, opening_in};
use super::service::shaft;
use super::storey::{CAR_GATE, MOUTH, SLIDING, STAFF, STOREFRONT, Storey};
use crate::demo_mall::geometry::Polygon;

/// Where the market street ends and the car park begins, in metres outward along the west wing.
pub const STREET_END: f64 = 30.0;
/// Where the supermarket begins on the south side of the east wing, in metres outward.
pub const SUPERMARKET_FROM: f64 = 40.0;
/// The glazed lobby between the street and the cars: its length and half its width, in metres.
const LOBBY: (f64, f64) = (6.0, 5.0);
/// The size of a parking bay across and along the car, in metres.
const BAY: (f64, f64) = (2.6, 5.3);
/// The width of a lane, in metres.
const LANE: f64 = 6.2;

/// Draws the supermarket, which fills the end of the east wing and continues round the corner into its
/// southern row.
pub fn supermarket(storey: &mut Storey, lines: &Lines) {
    let wing = Wing::East;
    let ray = Cut::E(SUPERMARKET_FROM).ray(Side::South);
    let front = lines.front.slice(0.0, lines.front.cut(ray));
    let back = lines.back.slice(0.0, lines.back.cut(ray));
    let mut ring = wing.anchor();
    ring.extend(back);
    ring.extend(front.iter().rev());
    let key = storey.shop(Polygon::new(ring));
    let door = |t: f64| (wing.at(WING_END, t + 1.5), wing.at(WING_END, t - 1.5));
    storey.door(&format!("{key}/front/1"), STOREFRONT, door(3.4));
    storey.door(&format!("{key}/front/2"), STOREFRONT, door(-3.4));
    storey.door(&format!("{key}/front/3"), STOREFRONT, opening_in(&front, 0.75, 3.0));
    let bay = Bay { lines, walls: [Cut::E(WING_END).ray(Side::South), ray], chamfers: [0.0; 2] };
    storey.door(&format!("{key}/back"), STAFF, opening_in(&bay.back(), 0.5, 2.0));
}

/// Draws the car park with its lobbies, gates, painted bays and columns.
pub fn car_park(storey: &mut Storey, north: &Lines, south: &Lines) {
    let wing = Wing::West;
    let (length, half) = LOBBY;
    let inner = STREET_END + length;
    let lobby_corners = [(STREET_END, half), (STREET_END, -half), (inner, -half), (inner, half)];
    let lobby = lobby_corners.map(|(s, t)| wing.at(s, t));

    let wall = |lines: &Lines| {
        let from = lines.facade.cut(Cut::W(STREET_END).ray(lines.side));
        lines.facade.slice(from, lines.facade.length())
    };
    let mut ring = wall(north);
    ring.extend(wing.anchor());
    ring.extend(wall(south).into_iter().rev());
    ring.extend([lobby[1], lobby[2], lobby[3], lobby[0]]);
    let mut floor = Polygon::new(ring);
    let lift_lobby = lift_lobby(storey, north);
    floor = floor.minus(&lift_lobby);
    let room = storey.room("car-park", "parking", floor);
    room.name = Some("car-park".to_owned());

    storey.room("car-park/lobby", "lobby", Polygon::new(lobby.to_vec())).name =
        Some("car-park.lobby".to_owned());
    for (key, s) in [("street", STREET_END), ("cars", inner)] {
        let ends = (wing.at(s, 1.6), wing.at(s, -1.6));
        storey.door(&format!("car-park/lobby/{key}"), SLIDING, ends).name =
            (key == "cars").then_some("entrance.car-park");
    }
    let end = WING_END + 26.0;
    for (key, t) in [("in", -2.4), ("out", 2.4)] {
        let ends = (wing.at(end, t - 1.8), wing.at(end, t + 1.8));
        storey.door(&format!("car-park/gate-{key}"), CAR_GATE, ends).name = Some(match key {
            "in" => "car-park.gate-in",
            _ => "car-park.gate-out",
        });
    }
    for lines in [north, south] {
        let ray = Cut::W(STREET_END).ray(lines.side);
        let ends = [lines.back.point(lines.back.cut(ray)), lines.facade.point(lines.facade.cut(ray))];
        let key = format!("car-park/staff-door-{}", lines.side.key());
        storey.door(&key, STAFF, opening_in(&ends, 0.5, 1.4));
    }
    bays(storey);
}

/// Draws the lobby of the west lift and the express lift, where both pass on every level.
fn lift_lobby(storey: &mut Storey, lines: &Lines) -> Polygon {
    let walls = |from: f64, to: f64| [Cut::W(from).ray(lines.side), Cut::W(to).ray(lines.side)];
    let passage = Bay { lines, walls: walls(58.0, 62.0), chamfers: [0.0; 2] };
    let lifts = Bay { lines, walls: walls(62.0, 65.4), chamfers: [0.0; 2] };
    let (near, middle, far) = (2.6, 5.2, 7.8);
    shaft(storey, "west", lifts.slab(near, middle), lifts.side_door(0, (near + middle) / 2.0, 1.1));
    shaft(storey, "express", lifts.slab(middle, far), lifts.side_door(0, (middle + far) / 2.0, 1.1));
    let key = "car-park/lift-lobby";
    storey.room(key, "lobby", passage.slab(near, far)).name = Some("car-park.lift-lobby".to_owned());
    let front = [passage.wall(0, near), passage.wall(1, near)];
    storey.door(&format!("{key}/door"), SLIDING, opening_in(&front, 0.5, 2.0)).name =
        Some("entrance.lift-lobby");
    storey.door(&format!("{key}/side"), MOUTH, passage.side_door(0, (near + far) / 2.0, 1.6));
    Polygon::new(vec![passage.wall(0, near), passage.wall(0, far), lifts.wall(1, far), lifts.wall(1, near)])
}

/// A parking zone: its letter and its floor area in the west wing's coordinates.
#[derive(Clone, Copy, Debug)]
pub struct Zone {
    pub code: &'static str,
    /// From and to, in metres outward along the wing.
    pub s: (f64, f64),
    /// +1 north of the axis, −1 south of it.
    pub side: f64,
    pub colour: &'static str,
}

pub const ZONES: [Zone; 4] = [
    Zone { code: "A", s: (36.0, 70.0), side: 1.0, colour: "#2f7d4f" },
    Zone { code: "B", s: (70.0, 110.0), side: 1.0, colour: "#2b6cb0" },
    Zone { code: "C", s: (70.0, 110.0), side: -1.0, colour: "#c2571a" },
    Zone { code: "D", s: (36.0, 70.0), side: -1.0, colour: "#7b4397" },
];

impl Zone {
    /// Its floor area. The outer zones follow the chamfered corners of the wing.
    pub fn area(&self) -> Polygon {
        let wing = Wing::West;
        let (from, to) = self.s;
        let wall = self.side * 26.2;
        let mut corners = vec![wing.at(from, 0.0), wing.at(to, 0.0)];
        if to > 100.0 {
            corners.extend([wing.at(to, self.side * 15.0), wing.at(103.0, wall)]);
        } else {
            corners.push(wing.at(to, wall));
        }
        corners.push(wing.at(from, wall));
        Polygon::new(corners)
    }
}

/// The rows of bays on each side of the axis: from and to, in metres from it. A lane runs along the axis.
/// Then come two rows of bays nose to nose, another lane, and one row along the wall.
fn rows() -> [(f64, f64); 3] {
    let first = LANE / 2.0;
    let second = first + BAY.1;
    let wall = second + BAY.1 + LANE;
    [(first, second), (second, second + BAY.1), (wall, wall + BAY.1)]
}

/// The crossing from the lanes to the lift lobby, in metres outward along the wing.
const CROSSING: (f64, f64) = (57.5, 66.0);

/// Paints the bays, and places columns between the noses of the two rows.
fn bays(storey: &mut Storey) {
    let wing = Wing::West;
    let floor = storey.find("car-park").expect("the car park is drawn before its bays").area.clone();
    for zone in ZONES {
        let mut painted = Vec::new();
        let mut count = 0;
        let north = zone.side > 0.0;
        for (i, (near, far)) in rows().into_iter().enumerate() {
            let (near, far) = if north { (near, far) } else { (-near, -far) };
            let mut last_edge = f64::NEG_INFINITY;
            for slot in 0.. {
                let from = zone.s.0 + 3.2 + f64::from(slot) * BAY.0;
                let to = from + BAY.0;
                if to > zone.s.1 - 3.2 {
                    break;
                }
                let corners = [(from, near), (to, near), (to, far), (from, far)].map(|(s, t)| wing.at(s, t));
                let crossing = north && i < 2 && to > CROSSING.0 && from < CROSSING.1;
                if crossing || !corners.iter().all(|&corner| floor.clearance(corner) > 0.2) {
                    continue;
                }
                if last_edge != from {
                    painted.push((corners[0], corners[3]));
                }
                painted.push((corners[1], corners[2]));
                last_edge = to;
                count += 1;
                if i == 0 && slot % 3 == 0 {
                    let column = [(-0.3, -0.3), (0.3, -0.3), (0.3, 0.3), (-0.3, 0.3)];
                    let corners = column.map(|(s, t)| wing.at(from + s, far + t));
                    storey.fixture("obstruction", "fixture.column", Polygon::new(corners.to_vec()));
                }
            }
        }
        storey.details.push((format!("bays/{}/{count}", zone.code), painted));
    }
}
