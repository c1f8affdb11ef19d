//! Plane geometry in metres: points, polylines and polygons.
//!
//! The plan follows one rule: two rooms that touch are cut from the same polylines at the same points, so
//! that their edges are bit for bit equal before anything is rounded. Therefore polylines are *sliced*, never
//! intersected with one another, and there is no Boolean algebra of polygons here.

/// A point on a level, in metres east (`x`) and north (`y`) of the middle of the mall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

pub const fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    /// The point `radius` metres from the middle, `degrees` counter-clockwise from east.
    pub fn polar(radius: f64, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        at(radius * cos, radius * sin)
    }

    /// This point moved by `dx`, `dy`.
    pub fn moved(self, dx: f64, dy: f64) -> Self {
        at(self.x + dx, self.y + dy)
    }

    pub fn distance(self, other: Self) -> f64 {
        (other.x - self.x).hypot(other.y - self.y)
    }

    /// The point between this one (`part` 0) and `other` (`part` 1).
    pub fn lerp(self, other: Self, part: f64) -> Self {
        at(self.x + (other.x - self.x) * part, self.y + (other.y - self.y) * part)
    }

    /// The point `metres` from here in the direction of `other`.
    pub fn toward(self, other: Self, metres: f64) -> Self {
        self.lerp(other, metres / self.distance(other))
    }

    /// Twice the signed area of the triangle `self`, `a`, `b`: positive when it turns left.
    pub fn turn(self, a: Self, b: Self) -> f64 {
        (a.x - self.x) * (b.y - self.y) - (a.y - self.y) * (b.x - self.x)
    }
}

/// A half line that cuts a polyline.
#[derive(Clone, Copy, Debug)]
pub struct Ray {
    pub origin: Point,
    /// A unit vector.
    pub direction: Point,
}

/// An open chain of straight segments.
#[derive(Clone, Debug)]
pub struct Polyline(pub Vec<Point>);

impl Polyline {
    /// The distance along the chain at which `ray` first meets it.
    pub fn cut(&self, ray: Ray) -> f64 {
        let mut walked = 0.0;
        for pair in self.0.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let (dx, dy) = (b.x - a.x, b.y - a.y);
            let across = ray.direction.x * dy - ray.direction.y * dx;
            let (ox, oy) = (a.x - ray.origin.x, a.y - ray.origin.y);
            let along_ray = (ox * dy - oy * dx) / across;
            let along_piece = (ox * ray.direction.y - oy * ray.direction.x) / across;
            if across.abs() > 1e-12 && along_ray > 0.0 && (-1e-9..=1.0 + 1e-9).contains(&along_piece) {
                return walked + along_piece.clamp(0.0, 1.0) * dx.hypot(dy);
            }
            walked += dx.hypot(dy);
        }
        panic!("the plan cuts a line where there is none: {ray:?}")
    }

    /// The point `distance` metres along the chain.
    pub fn point(&self, distance: f64) -> Point {
        let mut left = distance;
        for pair in self.0.windows(2) {
            let length = pair[0].distance(pair[1]);
            if left <= length {
                return pair[0].lerp(pair[1], left / length);
            }
            left -= length;
        }
        self.0[self.0.len() - 1]
    }

    /// The part of the chain between two distances, with its corners.
    pub fn slice(&self, from: f64, to: f64) -> Vec<Point> {
        let mut piece = vec![self.point(from)];
        let mut walked = 0.0;
        for pair in self.0.windows(2) {
            walked += pair[0].distance(pair[1]);
            if walked > from + 1e-6 && walked < to - 1e-6 {
                piece.push(pair[1]);
            }
        }
        piece.push(self.point(to));
        piece
    }

    pub fn length(&self) -> f64 {
        self.0.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
    }
}

/// A polygon with holes. The rings are not closed: the first corner is not repeated at the end.
#[derive(Clone, Debug)]
pub struct Polygon {
    /// The outer ring, counter-clockwise.
    pub outer: Vec<Point>,
    /// The holes, clockwise.
    pub holes: Vec<Vec<Point>>,
}

impl Polygon {
    /// A polygon without holes, from a ring in either direction.
    pub fn new(mut ring: Vec<Point>) -> Self {
        ring.dedup_by(|b, a| a.distance(*b) < 1e-6);
        if ring.len() > 1 && ring[0].distance(ring[ring.len() - 1]) < 1e-6 {
            ring.pop();
        }
        if signed_area(&ring) < 0.0 {
            ring.reverse();
        }
        Self { outer: ring, holes: Vec::new() }
    }

    /// The same polygon with `hole` cut out.
    pub fn minus(mut self, hole: &Self) -> Self {
        self.holes.push(hole.outer.iter().rev().copied().collect());
        self
    }

    /// Whether `point` is inside the outer ring and in no hole.
    pub fn contains(&self, point: Point) -> bool {
        self.rings().filter(|ring| ring_contains(ring, point)).count() % 2 == 1
    }

    /// The distance from `point` to the nearest edge: negative when the point is outside.
    pub fn clearance(&self, point: Point) -> f64 {
        let nearest = self.edges().map(|(a, b)| distance_to_piece(point, a, b)).fold(f64::INFINITY, f64::min);
        if self.contains(point) { nearest } else { -nearest }
    }

    /// Every edge of every ring.
    pub fn edges(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        self.rings().flat_map(|ring| ring.iter().copied().zip(ring.iter().copied().cycle().skip(1)))
    }

    /// The outer ring, then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &Vec<Point>> {
        std::iter::once(&self.outer).chain(&self.holes)
    }

    /// The axis-aligned bounding box: its south-western and north-eastern corners.
    pub fn bounds(&self) -> (Point, Point) {
        let first = self.outer[0];
        self.outer.iter().fold((first, first), |(low, high), p| {
            (at(low.x.min(p.x), low.y.min(p.y)), at(high.x.max(p.x), high.y.max(p.y)))
        })
    }

    /// The point for a label: inside, far from every edge, and rather in the middle than at an end.
    pub fn roomiest(&self) -> Point {
        let (low, high) = self.bounds();
        let middle = self.centroid();
        // In a long room all points on the axis are equally far from the edges, so the distance to the middle
        // costs a little.
        let score = |point: Point| match self.clearance(point) {
            clearance if clearance > 0.0 => clearance - OFF_MIDDLE * point.distance(middle),
            outside => outside - high.distance(low),
        };
        let mut cell = (high.x - low.x).min(high.y - low.y) / 4.0;
        let (columns, rows) =
            (((high.x - low.x) / cell).ceil() as i32, ((high.y - low.y) / cell).ceil() as i32);
        let grid =
            (0..rows).flat_map(|row| (0..columns).map(move |column| (f64::from(column), f64::from(row))));
        let mut centres: Vec<Point> =
            grid.map(|(column, row)| low.moved((column + 0.5) * cell, (row + 0.5) * cell)).collect();
        let (mut best, mut record) = (middle, score(middle));
        while cell > 0.05 {
            for &centre in &centres {
                let found = score(centre);
                if found > record + 1e-9 {
                    (best, record) = (centre, found);
                }
            }
            // No point of a square is farther from the edges than its centre is, plus half its diagonal.
            let reach = cell * std::f64::consts::FRAC_1_SQRT_2;
            let quarter = cell / 4.0;
            let hopeful = centres.iter().filter(|&&c| {
                let at_best = self.clearance(c) + reach - OFF_MIDDLE * (c.distance(middle) - reach).max(0.0);
                at_best > record + 0.01
            });
            centres = hopeful
                .flat_map(|c| {
                    [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)]
                        .map(|(x, y)| c.moved(x * quarter, y * quarter))
                })
                .collect();
            cell /= 2.0;
        }
        best
    }

    /// The centroid of the outer ring.
    fn centroid(&self) -> Point {
        let next = self.outer.iter().cycle().skip(1);
        let (mut x, mut y, mut twice) = (0.0, 0.0, 0.0);
        for (a, b) in self.outer.iter().zip(next) {
            let cross = a.x * b.y - b.x * a.y;
            x += (a.x + b.x) * cross;
            y += (a.y + b.y) * cross;
            twice += cross;
        }
        at(x / (3.0 * twice), y / (3.0 * twice))
    }
}

/// The clearance, in metres, that a label gives up to be one metre nearer to the middle.
const OFF_MIDDLE: f64 = 0.08;

/// The ring without corners on a straight line between their neighbours.
pub fn straightened(ring: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(ring.len());
    for point in ring {
        if kept.last().is_some_and(|last| last.distance(point) < 1e-6) {
            continue;
        }
        while let [.., a, b] = kept[..]
            && a.turn(b, point).abs() < 1e-7 * a.distance(point)
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}

/// A regular polygon with `sides` corners on a circle.
pub fn disc(centre: Point, radius: f64, sides: u32) -> Polygon {
    let step = 360.0 / f64::from(sides);
    let corner = |i: u32| Point::polar(radius, (f64::from(i) + 0.5) * step);
    Polygon::new((0..sides).map(|i| corner(i).moved(centre.x, centre.y)).collect())
}

/// The area of a ring: positive when it runs counter-clockwise.
fn signed_area(ring: &[Point]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
}

fn ring_contains(ring: &[Point], point: Point) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crossed = ring.iter().zip(next).filter(|(a, b)| {
        (a.y > point.y) != (b.y > point.y) && point.x < a.x + (b.x - a.x) * (point.y - a.y) / (b.y - a.y)
    });
    crossed.count() % 2 == 1
}

fn distance_to_piece(point: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let part = ((point.x - a.x) * dx + (point.y - a.y) * dy) / (dx * dx + dy * dy);
    point.distance(a.lerp(b, part.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corner() -> Polyline {
        Polyline(vec![at(0.0, 0.0), at(10.0, 0.0), at(10.0, 10.0)])
    }

    #[test]
    fn a_slice_keeps_the_corner_between_its_ends() {
        assert_eq!(corner().slice(8.0, 13.0), [at(8.0, 0.0), at(10.0, 0.0), at(10.0, 3.0)]);
    }

    /// A ray cuts a chain where it first meets it.
    #[test]
    fn a_ray_cuts_a_chain_once() {
        let ray = Ray { origin: at(4.0, -5.0), direction: at(0.0, 1.0) };
        assert!((corner().cut(ray) - 4.0).abs() < 1e-12);
    }

    #[test]
    fn ring_area_ignores_direction() {
        let mut ring = vec![at(0.0, 0.0), at(4.0, 0.0), at(4.0, 3.0), at(0.0, 3.0)];
        assert!((signed_area(&Polygon::new(ring.clone()).outer) - 12.0).abs() < 1e-12);
        ring.reverse();
        assert!((signed_area(&Polygon::new(ring).outer) - 12.0).abs() < 1e-12);
    }

    /// The label of a long room is in its middle.
    #[test]
    fn a_long_room_is_labelled_in_the_middle() {
        let room = Polygon::new(vec![at(0.0, 0.0), at(30.0, 0.0), at(30.0, 6.0), at(0.0, 6.0)]);
        assert!(room.roomiest().distance(at(15.0, 3.0)) < 0.5);
    }

    /// A label goes to the wide part and not into the hole.
    #[test]
    fn a_label_avoids_holes() {
        let room = Polygon::new(vec![at(0.0, 0.0), at(20.0, 0.0), at(20.0, 10.0), at(0.0, 10.0)])
            .minus(&disc(at(5.0, 5.0), 4.0, 12));
        let label = room.roomiest();
        assert!(room.clearance(label) > 4.8, "{label:?}");
    }
}
