//! A row of rooms along one side of the mall, cut from its three lines.
//!
//! A row is a table whose entries mean "from the previous wall to this one there is this cell". Shops get
//! their numbers, storefronts and back doors; passages become bays of the walkway; the service corridor is
//! laid behind every cell that does not reach the façade.

use super::outline::{Cut, Lines, Side, WING_END};
use super::service;
use super::storey::{DoorKind, EMERGENCY, MAIN, REVOLVING, STAFF, STOREFRONT, Storey};
use crate::demo_mall::geometry::{Point, Polygon, Ray};

/// The use of the floor between two walls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    /// A shop of the row's full depth.
    Shop,
    /// A shop of this depth in metres, with a store room behind it.
    Shallow(f64),
    /// An entrance hall: a part of the walkway that reaches the façade, with doors out of the mall.
    Through(&'static str),
    /// A passage: a part of the walkway that ends at the service corridor.
    Passage(&'static str),
    /// A small shop with restrooms behind it, entered from the passage beside them.
    Restrooms(&'static str),
    /// Lifts and small public rooms, entered from the passage beside them.
    Utilities(&'static str),
    /// Two lifts beside the north hall.
    LiftCore,
    /// The public stair and the goods lift beside the north hall.
    StairCore,
    /// The north hall on upper levels: a bay of the walkway with this room at its end.
    Nook(&'static str, &'static str),
    /// A void in the floor that reaches the façade.
    Void(&'static str),
    /// The food court: seats in front, counters behind.
    FoodCourt,
    /// Drawn by another part of the plan.
    Elsewhere,
}

impl Cell {
    /// Whether the walkway reaches into this cell; the corners beside it are then chamfered.
    fn is_bay(self) -> bool {
        matches!(self, Self::Through(_) | Self::Passage(_))
    }

    /// Whether the corner of this cell towards a bay is chamfered.
    fn has_corners(self) -> bool {
        !self.is_bay() && !matches!(self, Self::LiftCore | Self::StairCore)
    }

    /// Whether the service corridor passes behind this cell.
    fn has_corridor(self) -> bool {
        !matches!(self, Self::Through(_) | Self::Void(_))
    }
}

/// The chamfer of a shop's corner beside a passage, in metres.
const CHAMFER: f64 = 1.4;

/// A row: the end and the kind of each cell. The first cell begins at the end of the east wing.
pub type Row = [(Cut, Cell)];

/// The floor between two walls.
#[derive(Clone, Copy, Debug)]
pub struct Bay<'a> {
    pub lines: &'a Lines,
    /// The eastern wall and the western wall.
    pub walls: [Ray; 2],
    /// The chamfer of the front corner at each wall, in metres.
    pub chamfers: [f64; 2],
}

impl Bay<'_> {
    /// The point on a wall (0 is the eastern one) this many metres behind the front.
    pub fn wall(&self, wall: usize, depth: f64) -> Point {
        let front = &self.lines.front;
        let ray = self.walls[wall];
        let start = front.point(front.cut(ray));
        start.moved(ray.direction.x * depth, ray.direction.y * depth)
    }

    /// The front between the walls, from east to west, with its chamfered corners.
    pub fn front(&self) -> Vec<Point> {
        let line = &self.lines.front;
        let [east, west] = self.chamfers;
        let (from, to) = (line.cut(self.walls[0]), line.cut(self.walls[1]));
        let mut points = line.slice(from + east, to - west);
        if east > 0.0 {
            points.insert(0, self.wall(0, east));
        }
        if west > 0.0 {
            points.push(self.wall(1, west));
        }
        points
    }

    /// The back wall between the walls, from east to west.
    pub fn back(&self) -> Vec<Point> {
        let line = &self.lines.back;
        line.slice(line.cut(self.walls[0]), line.cut(self.walls[1]))
    }

    /// The façade between the walls, from east to west.
    pub fn facade(&self) -> Vec<Point> {
        let line = &self.lines.facade;
        line.slice(line.cut(self.walls[0]), line.cut(self.walls[1]))
    }

    /// The whole floor from front to back.
    pub fn full(&self) -> Polygon {
        ring(self.front(), self.back())
    }

    /// The floor from the front to a depth.
    pub fn head(&self, depth: f64) -> Polygon {
        ring(self.front(), vec![self.wall(0, depth), self.wall(1, depth)])
    }

    /// The floor between two depths.
    pub fn slab(&self, near: f64, far: f64) -> Polygon {
        ring(vec![self.wall(0, near), self.wall(1, near)], vec![self.wall(0, far), self.wall(1, far)])
    }

    /// The floor from a depth to the back.
    pub fn tail(&self, depth: f64) -> Polygon {
        ring(vec![self.wall(0, depth), self.wall(1, depth)], self.back())
    }

    /// A door of `width` in a wall; its middle is `depth` metres behind the front.
    pub fn side_door(&self, wall: usize, depth: f64, width: f64) -> (Point, Point) {
        (self.wall(wall, depth - width / 2.0), self.wall(wall, depth + width / 2.0))
    }
}

/// Two chains from east to west as one ring.
fn ring(near: Vec<Point>, far: Vec<Point>) -> Polygon {
    Polygon::new(near.into_iter().chain(far.into_iter().rev()).collect())
}

/// An opening of `width` in the straight segment of `chain` nearest to `part` (0 to 1) of its length.
pub fn opening_in(chain: &[Point], part: f64, width: f64) -> (Point, Point) {
    let pieces: Vec<(Point, Point)> = chain.windows(2).map(|p| (p[0], p[1])).collect();
    let total: f64 = pieces.iter().map(|(a, b)| a.distance(*b)).sum();
    let mut walked = 0.0;
    let mut best = (f64::INFINITY, pieces[0], 0.0);
    for &(a, b) in &pieces {
        let length = a.distance(b);
        let room = (length - width) / 2.0 - 0.15;
        if room > 0.0 {
            let wanted = part * total - walked;
            let middle = wanted.clamp(length / 2.0 - room, length / 2.0 + room);
            if (wanted - middle).abs() < best.0 {
                best = ((wanted - middle).abs(), (a, b), middle);
            }
        }
        walked += length;
    }
    let (missed, (a, b), middle) = best;
    assert!(missed.is_finite(), "no piece of {chain:?} holds an opening of {width} m");
    (a.toward(b, middle - width / 2.0), a.toward(b, middle + width / 2.0))
}

/// Draws a row on a level.
pub fn lay(storey: &mut Storey, lines: &Lines, row: &Row) {
    let side = lines.side;
    let mut shore = Vec::new();
    let mut from = Cut::E(WING_END);
    for (i, &(to, cell)) in row.iter().enumerate() {
        let neighbours = [i.checked_sub(1).map(|j| row[j].1), row.get(i + 1).map(|next| next.1)];
        let corner = |beside: Option<Cell>| if beside.is_some_and(Cell::is_bay) { CHAMFER } else { 0.0 };
        let chamfers = if cell.has_corners() { neighbours.map(corner) } else { [0.0; 2] };
        let bay = Bay { lines, walls: [from.ray(side), to.ray(side)], chamfers };
        shore.extend(inlet(&bay, cell).unwrap_or_else(|| bay.front()));
        draw(storey, &bay, cell, neighbours);
        from = to;
    }
    storey.shores[usize::from(side == Side::South)] = shore;
    corridors(storey, lines, row);
}

/// The part of the walkway's edge that lies inside a cell, from east to west.
fn inlet(bay: &Bay, cell: Cell) -> Option<Vec<Point>> {
    match cell {
        Cell::Through(_) => Some(bay.facade()),
        Cell::Passage(_) => Some(bay.back()),
        Cell::Nook(..) => {
            let [east, west] = service::nook_corners(bay);
            let line = &bay.lines.front;
            let mouth = [0, 1].map(|wall| line.point(line.cut(bay.walls[wall])));
            Some(vec![mouth[0], east, west, mouth[1]])
        }
        _ => None,
    }
}

fn draw(storey: &mut Storey, bay: &Bay, cell: Cell, neighbours: [Option<Cell>; 2]) {
    match cell {
        Cell::Shop => {
            let key = storey.shop(bay.full());
            storefront(storey, &key, &bay.front());
            back_door(storey, &key, bay);
        }
        Cell::Shallow(depth) => {
            let key = storey.shop(bay.head(depth));
            storefront(storey, &key, &bay.front());
            let store = format!("{key}/store").replacen(&format!("{}/", storey.code), "", 1);
            storey.back_room(&store, "store-room", bay.tail(depth)).category = "storage";
            back_door(storey, &store, bay);
            let wall = [bay.wall(0, depth), bay.wall(1, depth)];
            storey.door(&format!("{key}/inner"), STAFF, opening_in(&wall, 0.5, 0.9));
        }
        Cell::Restrooms(wing) => service::restrooms(storey, bay, wing, passage_wall(neighbours)),
        Cell::Utilities(wing) => service::utilities(storey, bay, wing, passage_wall(neighbours)),
        Cell::LiftCore => service::lift_core(storey, bay),
        Cell::StairCore => service::stair_core(storey, bay),
        Cell::Nook(category, name) => service::nook(storey, bay, category, name),
        Cell::Void(name) => {
            let floor = ring(bay.front(), bay.facade());
            storey.room("hall-void", "opentobelow", floor).name = Some(name.to_owned());
        }
        Cell::FoodCourt => super::top::food_court(storey, bay),
        Cell::Passage(wing) => {
            let key = format!("{}-{wing}/passage/staff-door", bay.lines.side.key());
            storey.door(&key, EMERGENCY, opening_in(&bay.back(), 0.5, 1.2));
        }
        Cell::Through(name) => through(storey, bay, name),
        Cell::Elsewhere => {}
    }
}

/// The wall of a cell that borders the passage to which its doors open.
fn passage_wall(neighbours: [Option<Cell>; 2]) -> usize {
    usize::from(!neighbours[0].is_some_and(|cell| matches!(cell, Cell::Passage(_))))
}

/// Adds the storefront: one opening, or two when the front is long.
pub fn storefront(storey: &mut Storey, key: &str, front: &[Point]) {
    let length: f64 = front.windows(2).map(|p| p[0].distance(p[1])).sum();
    let longest = front.windows(2).map(|p| p[0].distance(p[1])).fold(0.0, f64::max);
    let width = (length * 0.3).clamp(0.9, 3.0).min(longest - 0.6);
    // Doors vary a little in position: the last digit of the shop's number moves the door.
    let digit = key.bytes().last().map_or(0, |byte| byte % 5);
    let parts = if length > 14.0 { vec![0.25, 0.75] } else { vec![0.34 + 0.08 * f64::from(digit)] };
    for (i, part) in parts.into_iter().enumerate() {
        storey.door(&format!("{key}/front/{}", i + 1), STOREFRONT, opening_in(front, part, width));
    }
}

fn back_door(storey: &mut Storey, key: &str, bay: &Bay) {
    storey.door(&format!("{key}/back"), STAFF, opening_in(&bay.back(), 0.5, 1.0));
}

/// Adds the doors of an entrance hall: out of the mall, and into the service corridors on both sides.
fn through(storey: &mut Storey, bay: &Bay, name: &'static str) {
    let facade = bay.facade();
    let length: f64 = facade.windows(2).map(|p| p[0].distance(p[1])).sum();
    let doors: &[(f64, f64, DoorKind)] = if length > 20.0 {
        &[(0.3, 2.4, MAIN), (0.5, 2.8, REVOLVING), (0.7, 2.4, MAIN)]
    } else if length > 9.0 {
        &[(0.3, 2.4, MAIN), (0.7, 2.4, MAIN)]
    } else {
        &[(0.5, 2.4, MAIN)]
    };
    for (i, &(part, width, kind)) in doors.iter().enumerate() {
        let ends = opening_in(&facade, part, width);
        storey.door(&format!("entrance/{name}/{}", i + 1), kind, ends).name = Some(name);
    }
    let (back, facade) = (bay.back(), facade);
    for (wall, ends) in
        [(back[0], facade[0]), (back[back.len() - 1], facade[facade.len() - 1])].into_iter().enumerate()
    {
        let key = format!("entrance/{name}/staff-door/{}", wall + 1);
        storey.door(&key, STAFF, opening_in(&[ends.0, ends.1], 0.5, 1.2));
    }
}

/// Draws the service corridor behind each stretch of cells that leave room for it.
fn corridors(storey: &mut Storey, lines: &Lines, row: &Row) {
    let mut from = Cut::E(WING_END);
    let mut start = None;
    let mut stretches = Vec::new();
    for &(to, cell) in row {
        if cell.has_corridor() {
            start.get_or_insert(from);
        } else if let Some(start) = start.take() {
            stretches.push((start, from));
        }
        from = to;
    }
    if let Some(start) = start {
        stretches.push((start, from));
    }
    for (i, (from, to)) in stretches.into_iter().enumerate() {
        let walls = [from.ray(lines.side), to.ray(lines.side)];
        let bay = Bay { lines, walls, chamfers: [0.0; 2] };
        let key = format!("{}/corridor/{}", lines.side.key(), i + 1);
        storey.back_room(&key, "service-corridor", ring(bay.back(), bay.facade()));
    }
}
