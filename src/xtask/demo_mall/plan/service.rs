//! Rooms that have the same place on every level: restrooms, lifts, stairs and small public rooms.
//!
//! All of them are in bays of the rows. Lifts and stairs are exactly above one another, because their depths
//! are fixed here and their walls are the same cuts on every level.

use super::row::{Bay, opening_in, storefront};
use super::storey::{LIFT_DOOR, MOUTH, STAFF, SWINGING, Storey, WIDE_DOOR};
use super::verticals;
use crate::demo_mall::geometry::{Point, Polygon, at};

/// The depth of the small shop in front of the restrooms, in metres.
const RESTROOM_FRONT: f64 = 7.0;
/// The depth of a lift shaft along its passage, in metres.
const SHAFT: f64 = 2.6;

/// Draws a small shop and, behind it, the restrooms, which are entered from the passage.
pub fn restrooms(storey: &mut Storey, bay: &Bay, wing: &str, passage: usize) {
    let shop = storey.shop(bay.head(RESTROOM_FRONT));
    storefront(storey, &shop, &bay.front());
    let female = RESTROOM_FRONT + 4.4;
    let male = female + 3.9;
    let rooms = [("restroom.female", RESTROOM_FRONT, female), ("restroom.male", female, male)];
    for (category, near, far) in rooms {
        let key = format!("{wing}/{category}");
        storey.room(&key, category, bay.slab(near, far)).name = Some(category.to_owned());
        let ends = bay.side_door(passage, (near + far) / 2.0, 1.2);
        storey.door(&format!("{key}/door"), MOUTH, ends);
    }
    let key = format!("{wing}/cleaning");
    storey.back_room(&key, "cleaning-room", bay.tail(male)).category = "storage";
    storey.door(&format!("{key}/back"), STAFF, opening_in(&bay.back(), 0.5, 0.9));
}

/// Draws a self-service room, the lifts, and small rooms along the other wall of the passage.
pub fn utilities(storey: &mut Storey, bay: &Bay, wing: &str, passage: usize) {
    let mut depth = SHAFT;
    let niche = format!("{wing}/self-service");
    storey.room(&niche, "room", bay.head(depth)).name = Some("self-service".to_owned());
    storey.door(&format!("{niche}/door"), MOUTH, opening_in(&bay.front(), 0.5, 1.2));
    let lifts: &[&str] = if wing == "west" { &["west", "express"] } else { &["east"] };
    for lift in lifts {
        let door = bay.side_door(passage, depth + SHAFT / 2.0, 1.1);
        shaft(storey, lift, bay.slab(depth, depth + SHAFT), door);
        depth += SHAFT;
    }
    for (category, length) in [("restroom.wheelchair", 2.4), ("restroom.family", 2.6)] {
        let key = format!("{wing}/{category}");
        storey.room(&key, category, bay.slab(depth, depth + length)).name = Some(category.to_owned());
        let ends = bay.side_door(passage, depth + length / 2.0, 1.0);
        storey.door(&format!("{key}/door"), WIDE_DOOR, ends);
        depth += length;
    }
    let key = format!("{wing}/mothersroom");
    let nursery = if wing == "west" { bay.tail(depth) } else { bay.slab(depth, depth + 3.4) };
    storey.room(&key, "mothersroom", nursery).name = Some("mothersroom".to_owned());
    storey.door(&format!("{key}/door"), WIDE_DOOR, bay.side_door(passage, depth + 1.7, 1.0));
    if wing != "west" {
        let key = format!("{wing}/electrical");
        storey.back_room(&key, "plant-room", bay.tail(depth + 3.4));
        storey.door(&format!("{key}/back"), STAFF, opening_in(&bay.back(), 0.5, 0.9));
    }
}

/// Draws a lift shaft: a car and its door where the lift stops, a bare shaft where it passes.
pub fn shaft(storey: &mut Storey, lift: &str, area: Polygon, door: (Point, Point)) {
    let shaft = verticals::shaft(lift);
    let stops_here = shaft.stops.contains(&storey.ordinal);
    let key = format!("lift/{lift}");
    let room = storey.room(&key, if stops_here { "elevator" } else { "structure" }, area);
    room.name = Some(format!("lift.{lift}"));
    room.restriction = shaft.staff_only.then_some("employeesonly");
    if stops_here {
        let kind = if shaft.staff_only { STAFF } else { LIFT_DOOR };
        storey.door(&format!("{key}/door"), kind, door);
    }
}

/// The walls across the two cores, in metres north of the middle.
const CORE_WALLS: [f64; 3] = [25.4, 28.0, 30.6];
/// The walls of the public stair and the goods lift, in metres north of the middle.
const STAIR_WALLS: [f64; 3] = [25.4, 32.0, 35.4];

/// A rectangle across a core between two depths.
fn core_box(bay: &Bay, south: f64, north: f64) -> Polygon {
    let [east, west] = [bay.walls[0].origin.x, bay.walls[1].origin.x];
    Polygon::new(vec![at(east, south), at(east, north), at(west, north), at(west, south)])
}

/// The part of a core before its first wall or behind its last one.
fn core_end(bay: &Bay, line: Vec<Point>, depth: f64) -> Polygon {
    let mut ring = line;
    ring.extend([at(bay.walls[1].origin.x, depth), at(bay.walls[0].origin.x, depth)]);
    Polygon::new(ring)
}

/// Draws two glass lifts beside the north hall.
pub fn lift_core(storey: &mut Storey, bay: &Bay) {
    let hall = bay.walls[1].origin.x;
    let [first, second, last] = CORE_WALLS;
    let key = "hall/self-service-east";
    storey.room(key, "room", core_end(bay, bay.front(), first)).name = Some("self-service".to_owned());
    storey.door(&format!("{key}/door"), MOUTH, (at(hall, first - 1.8), at(hall, first - 0.4)));
    for (lift, south, north) in [("atrium-1", first, second), ("atrium-2", second, last)] {
        let middle = (south + north) / 2.0;
        let door = (at(hall, middle - 0.55), at(hall, middle + 0.55));
        shaft(storey, lift, core_box(bay, south, north), door);
    }
    let key = "hall/electrical";
    storey.back_room(key, "plant-room", core_end(bay, bay.back(), last));
    storey.door(&format!("{key}/back"), STAFF, opening_in(&bay.back(), 0.5, 0.9));
}

/// Draws the public stair beside the north hall, and the goods lift behind it.
pub fn stair_core(storey: &mut Storey, bay: &Bay) {
    let hall = bay.walls[0].origin.x;
    let [first, second, last] = STAIR_WALLS;
    let key = "hall/self-service-west";
    storey.room(key, "room", core_end(bay, bay.front(), first)).name = Some("self-service".to_owned());
    storey.door(&format!("{key}/door"), MOUTH, (at(hall, first - 1.8), at(hall, first - 0.4)));
    storey.room("stairs/main", "stairs", core_box(bay, first, second)).name = Some("stairs.main".to_owned());
    storey.door("stairs/main/door", SWINGING, (at(hall, first + 0.5), at(hall, first + 2.3)));
    let middle = (bay.walls[0].origin.x + bay.walls[1].origin.x) / 2.0;
    let door = (at(middle - 0.8, last), at(middle + 0.8, last));
    shaft(storey, "goods", core_box(bay, second, last), door);
    let key = "hall/goods-lobby";
    storey.back_room(key, "goods-lobby", core_end(bay, bay.back(), last));
    storey.door(&format!("{key}/back"), STAFF, opening_in(&bay.back(), 0.5, 1.4));
}

/// Where the hall ends on the upper levels, in metres north of the middle.
const HALL_END: f64 = 32.0;

/// The inner corners of the hall: the eastern one, then the western one.
pub fn nook_corners(bay: &Bay) -> [Point; 2] {
    [0, 1].map(|wall| at(bay.walls[wall].origin.x, HALL_END))
}

/// Draws the room at the end of the north hall.
pub fn nook(storey: &mut Storey, bay: &Bay, category: &'static str, name: &str) {
    let [east, west] = nook_corners(bay);
    let key = format!("hall/{category}");
    storey.room(&key, category, core_end(bay, bay.back(), HALL_END)).name = Some(name.to_owned());
    storey.door(&format!("{key}/door"), WIDE_DOOR, opening_in(&[east, west], 0.5, 1.4));
    storey.door(&format!("{key}/back"), STAFF, opening_in(&bay.back(), 0.5, 1.0));
}
