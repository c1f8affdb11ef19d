//! The plan of the mall, in metres: five levels of rooms, doors and furniture.
//!
//! The plan is drawn once, in the order of this file, and then only read. It contains keys, not texts: names
//! of rooms are in words.csv, and shops.csv says which shop rents which number.

pub mod basement;
mod ends;
mod levels;
mod middle;
pub mod outline;
mod row;
mod service;
pub mod storey;
#[cfg(test)]
mod tests;
mod top;
pub mod verticals;

use self::outline::{Cut, Lines, Side, WING_END, Wing};
use self::row::Bay;
use self::storey::Storey;
use super::geometry::{Point, Polygon, at, straightened};

/// The whole mall, from the lowest level to the highest.
pub fn draw() -> Vec<Storey> {
    let north = Lines::along(Side::North);
    let south = Lines::along(Side::South);
    let plans = [
        (-1, "B1", levels::B1),
        (0, "L1", levels::L1),
        (1, "L2", levels::L2),
        (2, "L3", levels::L3),
        (3, "L4", levels::L4),
    ];
    plans
        .into_iter()
        .map(|(ordinal, code, rows)| {
            let mut storey = Storey::new(ordinal, code);
            row::lay(&mut storey, &north, rows.north);
            row::lay(&mut storey, &south, rows.south);
            ends(&mut storey, &north, &south);
            middle(&mut storey);
            verticals::escalators(&mut storey);
            walkway(&mut storey);
            storey
        })
        .collect()
}

/// The ends of both wings.
fn ends(storey: &mut Storey, north: &Lines, south: &Lines) {
    ends::fire_stairs(storey, Wing::East);
    ends::fire_stairs(storey, Wing::West);
    match storey.ordinal {
        -1 => {
            basement::supermarket(storey, south);
            basement::car_park(storey, north, south);
        }
        3 => {
            let walls = [Cut::E(WING_END), Cut::E(67.5)].map(|cut| cut.ray(Side::South));
            ends::cinema(storey, Bay { lines: south, walls, chamfers: [0.0; 2] }.full());
            ends::two_stores(storey);
        }
        _ => {
            ends::anchor(storey, Wing::East);
            ends::anchor(storey, Wing::West);
        }
    }
}

/// Draws the obstacles and voids in the middle of the walkway.
fn middle(storey: &mut Storey) {
    const SLOTS: [(f64, f64); 3] = [(28.0, 41.0), (46.5, 59.5), (65.0, 78.0)];
    const ALL_ROUND: [f64; 8] = [22.5, 67.5, 112.5, 157.5, 202.5, 247.5, 292.5, 337.5];
    let wings = [Wing::East, Wing::West];
    match storey.ordinal {
        -1 => {
            for angle in [35.0, 100.0, 260.0, 325.0] {
                middle::rotunda(storey, Point::polar(14.0, angle));
            }
            middle::desk(storey, at(4.0, 0.0));
            middle::planters(storey, 9.0, &[45.0, 135.0, 225.0, 315.0]);
            for s in [38.0, 47.0, 56.0] {
                middle::seats(storey, Wing::East, s);
            }
        }
        0 => {
            middle::court(storey);
            middle::avenue(storey);
            middle::columns(storey, &ALL_ROUND);
            middle::planters(storey, 19.0, &[45.0, 135.0, 225.0, 315.0]);
            middle::pavilion(storey, Wing::East, 47.0, 1.0);
            middle::pavilion(storey, Wing::East, 55.5, -1.0);
            middle::pavilion(storey, Wing::West, 47.0, -1.0);
            middle::pavilion(storey, Wing::West, 56.0, 1.0);
            middle::pavilion(storey, Wing::West, 71.0, -1.0);
            middle::seats(storey, Wing::West, 63.5);
            middle::seats(storey, Wing::West, 78.5);
        }
        ordinal => {
            if ordinal == 2 {
                middle::bridged_atrium(storey);
            } else {
                middle::atrium(storey);
            }
            middle::columns(storey, &ALL_ROUND);
            middle::planters(storey, 21.0, &[45.0, 135.0]);
            let open: &[usize] = match ordinal {
                1 => &[2],
                2 => &[0],
                _ => &[0, 1],
            };
            for wing in wings {
                for &slot in open {
                    middle::slot(storey, wing, SLOTS[slot]);
                }
            }
        }
    }
}

/// Draws the walkway of a level: the floor between its two edges, without the islands in it.
fn walkway(storey: &mut Storey) {
    let [north, south] = storey.shores.clone();
    let ring = straightened(north.into_iter().chain(south.into_iter().rev()).collect());
    let mut floor = Polygon::new(ring);
    for island in &storey.islands {
        floor = floor.minus(island);
    }
    storey.room("walkway", "walkway", floor).name = Some(format!("walkway.{}", storey.code));
}
