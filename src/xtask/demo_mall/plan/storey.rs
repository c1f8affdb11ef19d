//! One level while it is drawn: its rooms, its doors, and the obstacles in its walkway.
//!
//! Nothing here knows GeoJSON or languages. Keys are paths such as `L2/07`. Feature ids are derived from
//! them, so a key never changes while the feature exists.

use crate::demo_mall::geometry::{Point, Polygon};

/// A room or any other floor area.
#[derive(Clone, Debug)]
pub struct Room {
    /// Unique in the mall.
    pub key: String,
    /// IMDF unit category.
    pub category: &'static str,
    /// IMDF restriction; none means that visitors may enter.
    pub restriction: Option<&'static str>,
    /// The key of its name in words.csv.
    pub name: Option<String>,
    pub area: Polygon,
    /// The number on its sign, for a room that is let to a shop.
    pub number: Option<u32>,
}

/// The kind of a door or opening.
#[derive(Clone, Copy, Debug)]
pub struct DoorKind {
    /// IMDF opening category.
    pub category: &'static str,
    /// IMDF door: type, automatic, material.
    pub leaf: Option<(&'static str, bool, &'static str)>,
    /// IMDF access control.
    pub access: Option<&'static str>,
    /// IMDF accessibility: who can use it, for example `wheelchair`.
    pub accessible: Option<&'static str>,
}

const fn kind(category: &'static str, leaf: (&'static str, bool, &'static str)) -> DoorKind {
    DoorKind { category, leaf: Some(leaf), access: None, accessible: None }
}

/// A storefront that stands open all day.
pub const STOREFRONT: DoorKind = kind("pedestrian", ("open", false, "glass"));
/// A wide opening without a door.
pub const MOUTH: DoorKind = DoorKind { category: "pedestrian", leaf: None, access: None, accessible: None };
/// A door that is pushed.
pub const SWINGING: DoorKind = kind("pedestrian", ("swinging", false, "wood"));
/// An automatic sliding glass door.
pub const SLIDING: DoorKind =
    DoorKind { accessible: Some("wheelchair"), ..kind("pedestrian", ("sliding", true, "glass")) };
/// A main entrance with an automatic sliding door.
pub const MAIN: DoorKind =
    DoorKind { accessible: Some("wheelchair"), ..kind("pedestrian.principal", ("sliding", true, "glass")) };
/// A main entrance with a revolving door.
pub const REVOLVING: DoorKind = kind("pedestrian.principal", ("revolving", true, "glass"));
/// The door of a lift car.
pub const LIFT_DOOR: DoorKind =
    DoorKind { accessible: Some("wheelchair"), ..kind("pedestrian", ("sliding", true, "metal")) };
/// A wide door for wheelchairs.
pub const WIDE_DOOR: DoorKind =
    DoorKind { accessible: Some("wheelchair"), ..kind("pedestrian", ("sliding", false, "wood")) };
/// A staff door.
pub const STAFF: DoorKind =
    DoorKind { access: Some("badgereader"), ..kind("service", ("swinging", false, "metal")) };
/// A door for emergencies only.
pub const EMERGENCY: DoorKind = kind("emergencyexit", ("swinging", false, "metal"));
/// A gate for cars.
pub const CAR_GATE: DoorKind = kind("automobile", ("shutter", true, "metal"));

/// A door or other opening in an edge between two rooms.
#[derive(Clone, Debug)]
pub struct Door {
    /// Unique in the mall.
    pub key: String,
    pub kind: DoorKind,
    /// Its two ends, on an edge of the rooms that it connects.
    pub ends: (Point, Point),
    /// The key of its name in words.csv.
    pub name: Option<&'static str>,
}

/// An obstacle: furniture, a plant, a column.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// Unique in the mall.
    pub key: String,
    /// IMDF fixture category.
    pub category: &'static str,
    /// The key of its name in words.csv.
    pub name: &'static str,
    pub area: Polygon,
}

#[derive(Clone, Debug)]
pub struct Storey {
    /// 0 is the ground floor.
    pub ordinal: i32,
    /// The code on signs: `B1`, `L1` …
    pub code: &'static str,
    /// Every floor area, in the order of drawing.
    pub rooms: Vec<Room>,
    pub doors: Vec<Door>,
    pub fixtures: Vec<Fixture>,
    /// Lines that appear only in the picture.
    pub details: Vec<(String, Vec<(Point, Point)>)>,
    /// Areas that are cut out of the walkway because another room fills them.
    pub islands: Vec<Polygon>,
    /// The walkway's edge along the north and the south, each from the east end to the west end.
    pub shores: [Vec<Point>; 2],
    last_number: u32,
}

impl Storey {
    /// An empty level.
    pub fn new(ordinal: i32, code: &'static str) -> Self {
        Self {
            ordinal,
            code,
            rooms: Vec::new(),
            doors: Vec::new(),
            fixtures: Vec::new(),
            details: Vec::new(),
            islands: Vec::new(),
            shores: [Vec::new(), Vec::new()],
            last_number: 0,
        }
    }

    /// Draws a room. The level's code is prefixed to the key.
    pub fn room(&mut self, key: &str, category: &'static str, area: Polygon) -> &mut Room {
        let key = format!("{}/{key}", self.code);
        self.rooms.push(Room { key, category, restriction: None, name: None, area, number: None });
        self.rooms.last_mut().expect("a room was just pushed")
    }

    /// Draws a room to let, with the next number of this level; returns its key.
    pub fn shop(&mut self, area: Polygon) -> String {
        self.last_number += 1;
        let number = self.last_number;
        let room = self.room(&format!("{number:02}"), "room", area);
        room.number = Some(number);
        room.key.clone()
    }

    /// Draws a room for staff only.
    pub fn back_room(&mut self, key: &str, name: &str, area: Polygon) -> &mut Room {
        let room = self.room(key, "nonpublic", area);
        room.restriction = Some("employeesonly");
        room.name = Some(name.to_owned());
        room
    }

    /// Adds a door. The level's code is prefixed to the key unless it already begins with it.
    pub fn door(&mut self, key: &str, kind: DoorKind, ends: (Point, Point)) -> &mut Door {
        let own = key.starts_with(self.code) && key[self.code.len()..].starts_with('/');
        let key = if own { key.to_owned() } else { format!("{}/{key}", self.code) };
        self.doors.push(Door { key, kind, ends, name: None });
        self.doors.last_mut().expect("a door was just pushed")
    }

    /// Adds an obstacle.
    pub fn fixture(&mut self, category: &'static str, name: &'static str, area: Polygon) {
        let key = format!("{}/fixture/{:03}", self.code, self.fixtures.len() + 1);
        self.fixtures.push(Fixture { key, category, name, area });
    }

    /// The room with this key (without the level's code).
    pub fn find(&self, key: &str) -> Option<&Room> {
        let key = format!("{}/{key}", self.code);
        self.rooms.iter().find(|room| room.key == key)
    }

    /// The room at `point`, if any.
    pub fn room_at(&self, point: Point) -> Option<&Room> {
        self.rooms.iter().find(|room| room.area.contains(point))
    }
}
