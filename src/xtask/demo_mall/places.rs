//! Amenities (restrooms, lifts, cash machines, desks …) and the three kiosks.
//!
//! Amenities that are rooms (a restroom, a lift, a first-aid room) are derived from the plan. The others are
//! in the table below.

use super::geometry::{Point, Polygon, at};
use super::plan::outline::Wing;
use super::plan::storey::{Door, Room, Storey};

#[derive(Clone, Debug)]
pub struct Amenity {
    /// Unique in the mall.
    pub key: String,
    /// IMDF amenity category.
    pub category: String,
    /// The key of its name in words.csv.
    pub name: String,
    /// Whether it serves people in wheelchairs.
    pub accessible: bool,
    /// The keys of the rooms that it covers; its point is in the first one.
    pub rooms: Vec<String>,
    pub spot: Point,
    /// The IMDF correlation id, which the same amenity has on every level.
    pub correlation: Option<String>,
    /// OSM opening hours, where they differ from those of the mall.
    pub hours: Option<&'static str>,
}

/// Room categories that are amenities themselves.
const BY_ROOM: [&str; 6] = ["elevator", "escalator", "firstaid", "mothersroom", "stairs", "restroom"];

/// Where an amenity of the table stands.
#[derive(Clone, Copy, Debug)]
enum Spot {
    /// In the middle of the room with this key.
    Room(&'static str),
    /// Metres east and north of the middle of the mall.
    Free(f64, f64),
    /// Metres outward along a wing and north of its axis.
    Along(Wing, f64, f64),
    /// Radius in metres and angle in degrees around the middle.
    Polar(f64, f64),
}
use Spot::{Along, Free, Polar};

const HALL_EAST: Spot = Spot::Room("hall/self-service-east");
const HALL_WEST: Spot = Spot::Room("hall/self-service-west");
const WING_EAST: Spot = Spot::Room("east/self-service");
const WING_WEST: Spot = Spot::Room("west/self-service");

/// The amenities that are not rooms: level, category, position.
const STANDING: &[(i32, &str, Spot)] = &[
    (-1, "information", Free(4.0, -2.0)),
    (-1, "atm", HALL_EAST),
    (-1, "coinlocker", HALL_WEST),
    (-1, "drinkingfountain", WING_EAST),
    (-1, "cashier", Spot::Room("car-park/lobby")),
    (-1, "cashier", Spot::Room("car-park/lift-lobby")),
    (-1, "parking.ev", Along(Wing::West, 78.0, 16.8)),
    (-1, "security", Free(-4.0, 36.0)),
    (0, "information", Free(0.0, 11.8)),
    (0, "strollerrental", Free(-2.6, 12.2)),
    (0, "wheelchairassist", Free(2.6, 12.2)),
    (0, "lostandfound", Free(0.0, 16.2)),
    (0, "meetingpoint", Free(0.0, -8.0)),
    (0, "landmark", Free(0.0, 5.6)),
    (0, "landmark", Free(0.0, -10.2)),
    (0, "atm", HALL_EAST),
    (0, "atm", WING_WEST),
    (0, "coinlocker", HALL_WEST),
    (0, "drinkingfountain", WING_EAST),
    (0, "taxi", Along(Wing::East, 61.75, -21.0)),
    (0, "security", Free(-4.0, 36.0)),
    (0, "seating", Along(Wing::West, 63.5, 2.2)),
    (1, "powerchargingstation", HALL_EAST),
    (1, "coinlocker", HALL_WEST),
    (1, "drinkingfountain", WING_EAST),
    (1, "powerchargingstation", WING_WEST),
    (1, "photobooth", Along(Wing::West, 81.5, 3.5)),
    (1, "productreturn", Along(Wing::East, 81.5, -3.5)),
    (2, "atm", HALL_EAST),
    (2, "vendingmachine", HALL_WEST),
    (2, "drinkingfountain", WING_EAST),
    (2, "drinkingfountain", WING_WEST),
    (2, "childplayarea", Polar(20.0, 205.0)),
    (3, "powerchargingstation", HALL_EAST),
    (3, "vendingmachine", HALL_WEST),
    (3, "drinkingfountain", WING_EAST),
    (3, "drinkingfountain", WING_WEST),
    (3, "photobooth", Along(Wing::East, 81.0, 4.5)),
    (3, "seating", Spot::Room("food-court")),
];

/// Every amenity of a level.
pub fn amenities(storey: &Storey) -> Vec<Amenity> {
    let mut found: Vec<Amenity> = storey.rooms.iter().filter_map(from_room).collect();
    found.extend(storey.rooms.iter().filter(|room| room.category == "restroom.family").map(|room| {
        let beside = room.area.roomiest().moved(0.5, 0.5);
        amenity(room, format!("{}/babychanging", room.key), "babychanging", beside)
    }));
    found.extend(storey.doors.iter().filter_map(|door| entrance(storey, door)));
    for &(ordinal, category, spot) in STANDING {
        if ordinal == storey.ordinal {
            let count = found.iter().filter(|known| known.category == category).count();
            found.push(standing(storey, category, spot, count + 1));
        }
    }
    let defibrillator = Free(4.5, 31.3);
    found.push(standing(storey, "defibrillator", defibrillator, 1));
    found
}

fn amenity(room: &Room, key: String, category: &str, spot: Point) -> Amenity {
    Amenity {
        key: format!("{key}/amenity"),
        category: category.to_owned(),
        name: format!("amenity.{category}"),
        accessible: false,
        rooms: vec![room.key.clone()],
        spot,
        correlation: None,
        hours: None,
    }
}

fn from_room(room: &Room) -> Option<Amenity> {
    let family = room.category.split('.').next()?;
    if !BY_ROOM.contains(&family) || room.restriction.is_some() {
        return None;
    }
    // Without the level's code, `L2/lift/east` is `lift/east` on every level.
    let (_, everywhere) = room.key.split_once('/')?;
    let spans = matches!(family, "elevator" | "escalator" | "stairs");
    let own = Amenity {
        name: room.name.clone()?,
        accessible: matches!(
            room.category,
            "elevator" | "restroom.wheelchair" | "restroom.family" | "mothersroom"
        ),
        correlation: spans.then(|| format!("correlation/{everywhere}")),
        hours: (room.category == "firstaid").then_some("Mo-Su 10:00-22:00"),
        ..amenity(room, room.key.clone(), room.category, room.area.roomiest())
    };
    if family != "escalator" {
        return Some(own);
    }
    // The two escalators of a pair are one amenity.
    let pair = room.key.strip_suffix("/up")?;
    let rooms = vec![room.key.clone(), format!("{pair}/down")];
    Some(Amenity { rooms, name: "amenity.escalator".to_owned(), ..own })
}

/// A named entrance of the mall as one amenity, just inside its first door.
fn entrance(storey: &Storey, door: &Door) -> Option<Amenity> {
    let name = door.name.filter(|name| name.starts_with("entrance."))?;
    let first = door.key.ends_with("/1");
    let (a, b) = door.ends;
    let middle = a.lerp(b, 0.5);
    let length = a.distance(b);
    let (nx, ny) = (-(b.y - a.y) / length, (b.x - a.x) / length);
    let inside = [1.4, -1.4].map(|d| middle.moved(nx * d, ny * d)).into_iter().find_map(|spot| {
        storey.room_at(spot).filter(|room| room.category == "walkway").map(|room| (room, spot))
    });
    let (room, spot) = inside.filter(|_| first)?;
    let accessible = door.kind.accessible.is_some();
    let (_, key) = door.key.split_once('/')?;
    let key = format!("{}/{key}", storey.code);
    Some(Amenity { name: name.to_owned(), accessible, ..amenity(room, key, "entry", spot) })
}

fn standing(storey: &Storey, category: &str, spot: Spot, count: usize) -> Amenity {
    let point = match spot {
        Spot::Room(key) => {
            let room = storey.find(key).unwrap_or_else(|| panic!("{} has no room {key}", storey.code));
            room.area.roomiest()
        }
        Free(x, y) => at(x, y),
        Along(wing, s, t) => wing.at(s, t),
        Polar(radius, angle) => Point::polar(radius, angle),
    };
    let room = storey.room_at(point).unwrap_or_else(|| panic!("{category} stands outside {}", storey.code));
    let found = amenity(room, format!("{}/{category}/{count}", storey.code), category, point);
    // A landmark has the name of the fixture beside it.
    let sight =
        storey.fixtures.iter().max_by(|a, b| a.area.clearance(point).total_cmp(&b.area.clearance(point)));
    match sight.filter(|_| category == "landmark") {
        Some(fixture) => Amenity { name: fixture.name.to_owned(), ..found },
        None => found,
    }
}

/// One of the mall's kiosks.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    pub code: &'static str,
    /// The ordinal of its level; 0 is the ground floor.
    pub ordinal: i32,
    /// Where its visitor stands.
    pub stand: Point,
    /// The direction in which its visitor looks, in degrees clockwise from north.
    pub heading: f64,
}

impl Terminal {
    /// The floor area of the kiosk itself: 90 cm wide, 40 cm deep, 60 cm in front of the visitor.
    pub fn body(&self) -> Polygon {
        let (sin, cos) = self.heading.to_radians().sin_cos();
        let corner =
            |right: f64, ahead: f64| self.stand.moved(right * cos + ahead * sin, ahead * cos - right * sin);
        Polygon::new(vec![corner(-0.45, 0.6), corner(0.45, 0.6), corner(0.45, 1.0), corner(-0.45, 1.0)])
    }

    pub fn key(&self) -> String {
        format!("kiosk/{}", self.code)
    }
}

pub fn terminals() -> [Terminal; 3] {
    [
        Terminal { code: "K1", ordinal: 0, stand: at(4.0, -27.5), heading: 0.0 },
        Terminal { code: "K2", ordinal: 1, stand: Wing::West.at(26.4, 0.0), heading: 259.0 },
        Terminal { code: "K3", ordinal: 3, stand: Point::polar(21.6, -50.0), heading: 140.0 },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo_mall::plan;

    /// Every visitor at a kiosk stands in the walkway and clear of every obstacle.
    #[test]
    fn every_kiosk_visitor_stands_in_the_walkway() {
        let storeys = plan::draw();
        for terminal in terminals() {
            let storey = storeys.iter().find(|storey| storey.ordinal == terminal.ordinal).unwrap();
            let room = storey.room_at(terminal.stand).unwrap();
            assert_eq!(room.category, "walkway");
            assert!(room.area.clearance(terminal.stand) > 0.5, "{}", terminal.code);
            assert!(terminal.body().outer.iter().all(|&corner| room.area.contains(corner)));
            assert!(storey.fixtures.iter().all(|fixture| fixture.area.clearance(terminal.stand) < -0.8));
        }
    }
}
