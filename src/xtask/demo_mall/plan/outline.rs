//! The building's outline: a round drum with an atrium, and two wings that leave it at an angle.
//!
//! Each wing has its own coordinates: `s` metres outward from the middle, `t` metres to the north of its
//! axis. Three lines run along each long side from the east end to the west end: the shop *front*, the *back*
//! of the shops, and the *façade*. The service corridor is between the last two. Everything on a level is cut
//! from these lines, so rooms that touch share exactly equal edges.

use crate::demo_mall::geometry::{Point, Polygon, Polyline, Ray, at};

/// One arm of the mall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wing {
    /// Leaves the drum a little south of east and ends in a half circle.
    East,
    /// Leaves the drum south of west and ends in chamfered corners.
    West,
}

/// One long side of the mall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The street side.
    North,
    /// The side of the square with the main entrance.
    South,
}

/// Where a wing's shops end and its anchor store begins, in metres outward.
pub const WING_END: f64 = 84.0;
/// The radius of the shop fronts around the atrium, in metres.
pub const RING: f64 = 24.0;
/// The radius of the void in the floors, in metres.
pub const VOID: f64 = 14.5;
/// The radius of the back wall of the shops around the atrium, in metres.
pub const DRUM_BACK: f64 = 38.0;
/// The width of the service corridor, in metres.
pub const CORRIDOR: f64 = 3.0;
/// The corners of the drum are at multiples of this angle, in degrees.
pub const ARC_STEP: f64 = 7.5;

/// The fire stair at the corner of a wing's end: its size along and across the wing, in metres.
const STAIR: (f64, f64) = (3.0, 6.5);

impl Wing {
    /// The point `s` metres outward along the axis and `t` metres to the north of it.
    pub fn at(self, s: f64, t: f64) -> Point {
        let (along, across) = self.directions();
        at(s * along.x + t * across.x, s * along.y + t * across.y)
    }

    /// The unit vectors of `s` and `t`.
    pub fn directions(self) -> (Point, Point) {
        match self {
            Self::East => {
                let (sin, cos) = (-7.0_f64).to_radians().sin_cos();
                (at(cos, sin), at(-sin, cos))
            }
            Self::West => {
                let (sin, cos) = 11.0_f64.to_radians().sin_cos();
                (at(-cos, -sin), at(-sin, cos))
            }
        }
    }

    /// Distance of the shop fronts from the axis.
    pub fn front(self, s: f64) -> f64 {
        let narrowing = match self {
            Self::East => 1.5,
            Self::West => 1.3,
        };
        8.5 - narrowing * s / WING_END
    }

    /// Distance of the back of the shops from the axis.
    fn back(self, side: Side, s: f64) -> f64 {
        let (near, far) = match (self, side) {
            (Self::East, Side::North) => (26.5, 22.5),
            (Self::East, Side::South) => (24.5, 22.5),
            (Self::West, Side::North) => (25.5, 24.0),
            (Self::West, Side::South) => (23.0, 24.0),
        };
        near + (far - near) * s / WING_END
    }

    /// Distance of the façade from the axis at the end of the shops.
    fn end_facade(self) -> f64 {
        self.back(Side::North, WING_END) + CORRIDOR
    }

    /// The outer wall of the anchor store, from the northern fire stair round to the southern one.
    fn end_wall(self) -> Vec<Point> {
        let half = self.end_facade();
        match self {
            Self::East => {
                let corner = |i: i32| {
                    let turn = f64::from(90 - 10 * i).to_radians();
                    self.at(WING_END + STAIR.0 + half * turn.cos(), half * turn.sin())
                };
                (0..=18).map(corner).collect()
            }
            Self::West => {
                let corners = [
                    (STAIR.0, half),
                    (19.0, half),
                    (26.0, 15.0),
                    (26.0, -15.0),
                    (19.0, -half),
                    (STAIR.0, -half),
                ];
                corners.map(|(s, t)| self.at(WING_END + s, t)).to_vec()
            }
        }
    }

    /// The fire stair in the corner of the wing's end on one side.
    pub fn fire_stair(self, side: Side) -> Polygon {
        let (length, depth) = STAIR;
        let outer = side.sign() * self.end_facade();
        let inner = outer - side.sign() * depth;
        let corners = [(0.0, inner), (length, inner), (length, outer), (0.0, outer)];
        Polygon::new(corners.map(|(s, t)| self.at(WING_END + s, t)).to_vec())
    }

    /// The anchor's ring without its first edge: from the wing's end at the northern fire stair,
    /// round the outer wall, to the wing's end at the southern one.
    pub fn anchor(self) -> Vec<Point> {
        let inner = self.end_facade() - STAIR.1;
        let mut ring = vec![self.at(WING_END, inner), self.at(WING_END + STAIR.0, inner)];
        ring.extend(self.end_wall());
        ring.extend([self.at(WING_END + STAIR.0, -inner), self.at(WING_END, -inner)]);
        ring
    }
}

impl Side {
    /// +1 for north, −1 for south.
    pub fn sign(self) -> f64 {
        match self {
            Self::North => 1.0,
            Self::South => -1.0,
        }
    }

    /// The part of an id that names the side.
    pub fn key(self) -> &'static str {
        match self {
            Self::North => "north",
            Self::South => "south",
        }
    }
}

/// The position of a wall between shops, along one side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cut {
    /// Perpendicular to the east wing's axis, at this many metres outward.
    E(f64),
    /// Perpendicular to the west wing's axis, at this many metres outward.
    W(f64),
    /// Radial from the middle, at this angle in degrees counter-clockwise from east.
    Deg(f64),
    /// North or south from the east-west line through the middle, at this many metres east.
    X(f64),
}

impl Cut {
    /// The line of the wall on one side of the mall.
    pub fn ray(self, side: Side) -> Ray {
        let square = |wing: Wing, s: f64| {
            let across = wing.directions().1;
            let sign = side.sign();
            Ray { origin: wing.at(s, 0.0), direction: at(across.x * sign, across.y * sign) }
        };
        match self {
            Self::E(s) => square(Wing::East, s),
            Self::W(s) => square(Wing::West, s),
            Self::Deg(angle) => Ray { origin: at(0.0, 0.0), direction: Point::polar(1.0, angle) },
            Self::X(x) => Ray { origin: at(x, 0.0), direction: at(0.0, side.sign()) },
        }
    }
}

/// The three lines along one side, each from the east end to the west end.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Which side they run along.
    pub side: Side,
    /// Where the walkway meets the shops.
    pub front: Polyline,
    /// Where the shops meet the service corridor.
    pub back: Polyline,
    /// The outer wall.
    pub facade: Polyline,
}

impl Lines {
    /// The lines along `side`.
    pub fn along(side: Side) -> Self {
        let front = chain(side, RING, |wing| (wing.front(0.0), wing.front(WING_END)));
        let back = chain(side, DRUM_BACK, |wing| (wing.back(side, 0.0), wing.back(side, WING_END)));
        let facade = chain(side, DRUM_BACK + CORRIDOR, |wing| {
            (wing.back(side, 0.0) + CORRIDOR, wing.back(side, WING_END) + CORRIDOR)
        });
        Self { side, front, back, facade }
    }
}

/// A chain straight along the east wing, round the drum at `radius`, and straight along the west wing.
fn chain(side: Side, radius: f64, distances: impl Fn(Wing) -> (f64, f64)) -> Polyline {
    let leg = |wing: Wing| {
        let (near, far) = distances(wing);
        let slope = (far - near) / WING_END;
        // Here the straight line t = near + slope * s meets the circle.
        let (a, b, c) = (1.0 + slope * slope, near * slope, near * near - radius * radius);
        let s = (-b + (b * b - a * c).sqrt()) / a;
        let sign = side.sign();
        (wing.at(WING_END, sign * far), wing.at(s, sign * (near + slope * s)))
    };
    let (east_end, east_bend) = leg(Wing::East);
    let (west_end, west_bend) = leg(Wing::West);
    let angle = |p: Point| {
        let degrees = p.y.atan2(p.x).to_degrees();
        if side == Side::North && degrees < -90.0 { degrees + 360.0 } else { degrees }
    };
    let (from, to) = (angle(east_bend), angle(west_bend));
    let steps = (1..48).map(|i| side.sign() * ARC_STEP * f64::from(i) - side.sign() * 45.0);
    let inside = steps.filter(|a| {
        let (low, high) = (from.min(to) + 1.0, from.max(to) - 1.0);
        (low..high).contains(a)
    });
    let mut points = vec![east_end, east_bend];
    points.extend(inside.map(|a| Point::polar(radius, a)));
    points.extend([west_bend, west_end]);
    Polyline(points)
}

/// The outline of a whole level.
pub fn outline() -> Polygon {
    let mut ring = Lines::along(Side::North).facade.0;
    ring.extend(Wing::West.end_wall());
    ring.extend(Lines::along(Side::South).facade.0.into_iter().rev());
    ring.extend(Wing::East.end_wall().into_iter().rev());
    Polygon::new(ring)
}
