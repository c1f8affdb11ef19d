//! Checks the topology that routing depends on: floors without gaps, doors on edges, a route to every shop.

use std::collections::BTreeSet;

use super::draw;
use super::outline::outline;
use super::storey::{Door, Room, Storey};
use super::verticals::{Direction, FLIGHTS, SHAFTS};
use crate::demo_mall::geometry::{Point, Polygon};

/// The points at this distance from both sides of a door's middle.
fn sides(door: &Door, distance: f64) -> [Point; 2] {
    let (a, b) = door.ends;
    let length = a.distance(b);
    let (x, y) = ((a.y - b.y) / length * distance, (b.x - a.x) / length * distance);
    let middle = a.lerp(b, 0.5);
    [middle.moved(x, y), middle.moved(-x, -y)]
}

fn rooms_beside<'a>(storey: &'a Storey, door: &Door) -> [Option<&'a Room>; 2] {
    sides(door, 0.3).map(|point| storey.room_at(point))
}

fn box_holds((low, high): (Point, Point), point: Point) -> bool {
    (low.x..=high.x).contains(&point.x) && (low.y..=high.y).contains(&point.y)
}

/// Every point of a level is in exactly one room.
#[test]
fn every_point_is_in_one_room() {
    let whole = outline();
    let (low, high) = whole.bounds();
    for storey in draw() {
        let rooms: Vec<(&Room, (Point, Point))> =
            storey.rooms.iter().map(|room| (room, room.area.bounds())).collect();
        // These steps are not multiples of any size in the plan.
        for column in 0..((high.x - low.x) / 0.737) as i32 {
            for row in 0..((high.y - low.y) / 0.737) as i32 {
                let point = low.moved(f64::from(column) * 0.737 + 0.011, f64::from(row) * 0.737 + 0.013);
                let here: Vec<&str> = rooms
                    .iter()
                    .filter(|(room, bounds)| box_holds(*bounds, point) && room.area.contains(point))
                    .map(|(room, _)| room.key.as_str())
                    .collect();
                let on_an_edge = || storey.rooms.iter().any(|room| room.area.clearance(point).abs() < 1e-6);
                let wanted = usize::from(whole.contains(point));
                assert!(here.len() == wanted || on_an_edge(), "{} {point:?}: {here:?}", storey.code);
            }
        }
    }
}

/// Every door is on the edges of the rooms that it connects.
#[test]
fn doors_lie_on_the_edges_they_join() {
    for storey in draw() {
        for door in &storey.doors {
            let beside = rooms_beside(&storey, door);
            for distance in [0.05, 0.8] {
                let there = sides(door, distance).map(|point| storey.room_at(point));
                let keys = |rooms: [Option<&Room>; 2]| rooms.map(|room| room.map(|room| room.key.clone()));
                assert_eq!(keys(there), keys(beside), "{}", door.key);
            }
            let [one, other] = beside.map(|room| room.map(|room| room.key.as_str()));
            assert_ne!(one, other, "{} leads from a room into itself", door.key);
            for room in beside.into_iter().flatten() {
                for end in [door.ends.0, door.ends.1] {
                    assert!(room.area.clearance(end).abs() < 0.001, "{} is off the edge", door.key);
                }
            }
            let width = door.ends.0.distance(door.ends.1);
            assert!((0.89..=4.0).contains(&width), "{} is {width} m wide", door.key);
        }
    }
}

#[test]
fn every_public_room_is_reachable_both_ways() {
    let storeys = draw();
    let mut links: Vec<(String, String)> = Vec::new();
    for storey in &storeys {
        for door in &storey.doors {
            let public = !matches!(door.kind.category, "service" | "emergencyexit" | "automobile");
            if let ([Some(one), Some(other)], true) = (rooms_beside(storey, door), public) {
                links.push((one.key.clone(), other.key.clone()));
                links.push((other.key.clone(), one.key.clone()));
            }
        }
    }
    let code = |ordinal: i32| storeys.iter().find(|storey| storey.ordinal == ordinal).unwrap().code;
    for flight in FLIGHTS {
        for direction in Direction::BOTH {
            let unit = flight.unit(direction);
            let lower = format!("{}/{unit}", code(flight.lower));
            let upper = format!("{}/{unit}", code(flight.lower + 1));
            links.push(if direction == Direction::Up { (lower, upper) } else { (upper, lower) });
        }
    }
    for shaft in SHAFTS {
        for pair in shaft.stops.windows(2) {
            let [low, high] = [pair[0], pair[1]].map(|stop| format!("{}/lift/{}", code(stop), shaft.key));
            links.push((low.clone(), high.clone()));
            links.push((high, low));
        }
    }
    let out = reached("L1/walkway", &links);
    let back: Vec<(String, String)> = links.into_iter().map(|(a, b)| (b, a)).collect();
    let home = reached("L1/walkway", &back);
    for room in storeys.iter().flat_map(|storey| &storey.rooms) {
        let closed = ["nonpublic", "storage", "opentobelow", "structure"].contains(&room.category);
        if room.restriction.is_none() && !closed {
            assert!(out.contains(&room.key), "nobody gets to {}", room.key);
            assert!(home.contains(&room.key), "nobody gets back from {}", room.key);
        }
    }
}

fn reached(start: &str, links: &[(String, String)]) -> BTreeSet<String> {
    let mut seen = BTreeSet::from([start.to_owned()]);
    let mut waiting = vec![start.to_owned()];
    while let Some(here) = waiting.pop() {
        for (_, there) in links.iter().filter(|(from, _)| *from == here) {
            if seen.insert(there.clone()) {
                waiting.push(there.clone());
            }
        }
    }
    seen
}

#[test]
fn lifts_and_stairs_stand_exactly_above_one_another() {
    let storeys = draw();
    for room in storeys[0].rooms.iter().filter(|room| matches!(room.category, "elevator" | "stairs")) {
        let key = room.key.strip_prefix("B1/").unwrap();
        for storey in &storeys[1..] {
            let above = storey.find(key).unwrap();
            let middle = room.area.roomiest();
            assert!(above.area.roomiest().distance(middle) < 0.01, "{key} leans on {}", storey.code);
        }
    }
}

/// No two escalators of neighbouring levels can be mistaken for one.
#[test]
fn escalators_of_neighbouring_levels_are_apart() {
    let storeys = draw();
    let escalators = |storey: &Storey| -> Vec<Room> {
        storey.rooms.iter().filter(|room| room.category == "escalator").cloned().collect()
    };
    for pair in storeys.windows(2) {
        for lower in escalators(&pair[0]) {
            let middle = lower.area.roomiest();
            let above: Vec<Room> =
                escalators(&pair[1]).into_iter().filter(|room| room.area.contains(middle)).collect();
            let own = lower.key.replacen(pair[0].code, pair[1].code, 1);
            assert!(above.iter().all(|room| room.key == own), "{} lies under {:?}", lower.key, above[0].key);
        }
    }
}

#[test]
fn furniture_keeps_clear_of_doors() {
    for storey in draw() {
        for fixture in &storey.fixtures {
            let holder = storey.room_at(fixture.area.outer[0]).unwrap();
            for &corner in &fixture.area.outer {
                assert!(holder.area.clearance(corner) > 0.25, "{} touches a wall", fixture.key);
            }
            for door in &storey.doors {
                let (a, b) = door.ends;
                let near = [a, a.lerp(b, 0.5), b].into_iter().map(|point| fixture.area.clearance(point));
                assert!(
                    near.fold(f64::NEG_INFINITY, f64::max) < -0.9,
                    "{} stands before {}",
                    fixture.key,
                    door.key
                );
            }
        }
    }
}

#[test]
fn shops_are_small_and_large() {
    let area = |polygon: &Polygon| {
        let ring = &polygon.outer;
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
    };
    let storeys = draw();
    let shops = storeys.iter().flat_map(|storey| &storey.rooms).filter(|room| room.number.is_some());
    let areas: Vec<f64> = shops.map(|room| area(&room.area)).collect();
    assert!(areas.iter().copied().fold(f64::INFINITY, f64::min) > 15.0);
    assert!(areas.iter().copied().fold(0.0, f64::max) > 1500.0);
    assert!(areas.iter().filter(|area| **area < 60.0).count() > 20);
}
