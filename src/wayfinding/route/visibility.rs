//! Visibility: which points of an area see each other.
//!
//! Every decision is the sign of `robust::orient2d`. No tolerance has to be chosen, and no two answers
//! contradict each other. A segment is admitted when it crosses no edge and, wherever it touches the
//! boundary, continues into the area and not into a wall. A grid of edges limits each test to the cells
//! under the segment.

mod grid;

use std::collections::BTreeMap;

use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

use crate::geometry::{Point, nearest_on, side};
use grid::Grid;

/// A vertex of the boundary. The floor lies to the left of the path previous → point → next.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Vertex {
    point: Point,
    previous: Point,
    next: Point,
}

impl Vertex {
    /// Whether it is a reflex vertex: a corner at which routes bend.
    fn is_corner(&self) -> bool {
        side(self.previous, self.point, self.next) < 0.0
    }

    /// Whether a segment from here towards `to` begins on the floor.
    fn leads_to(&self, to: Point) -> bool {
        let along = side(self.previous, self.point, to);
        let ahead = side(self.point, self.next, to);
        if self.is_corner() { along >= 0.0 || ahead >= 0.0 } else { along >= 0.0 && ahead >= 0.0 }
    }
}

/// An area prepared for visibility tests. Only its vertices are serialised; the rest is computed from them.
#[derive(Serialize, Deserialize)]
#[serde(try_from = "Vertices")]
pub(crate) struct Sight {
    vertices: Vec<Vertex>,
    #[serde(skip)]
    corners: Vec<usize>,
    /// For each vertex, the part of the floor that it bounds.
    #[serde(skip)]
    parts: Vec<u32>,
    #[serde(skip)]
    grid: Grid,
}

/// The vertices of an area as deserialised, not checked yet.
#[derive(Deserialize)]
struct Vertices {
    vertices: Vec<Vertex>,
}

impl TryFrom<Vertices> for Sight {
    type Error = &'static str;

    fn try_from(Vertices { vertices }: Vertices) -> Result<Self, Self::Error> {
        // The plausible size of a mall: within a hundred kilometres of its origin.
        let near = |p: Point| p.x.abs() < 1e5 && p.y.abs() < 1e5;
        let all = |v: &Vertex| near(v.point) && near(v.previous) && near(v.next);
        if !vertices.iter().all(all) {
            return Err("a vertex is not on this planet");
        }
        Ok(Self::of(vertices))
    }
}

impl Sight {
    fn of(vertices: Vec<Vertex>) -> Self {
        let corners = (0..vertices.len()).filter(|i| vertices[*i].is_corner()).collect();
        let (grid, parts) = (grid_of(&vertices), parts_of(&vertices));
        Self { vertices, corners, parts, grid }
    }

    /// Prepares an area whose rings are wound with the floor to the left.
    pub fn new(area: &MultiPolygon<f64>) -> Self {
        let mut vertices = Vec::new();
        for ring in area.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
            let points: Vec<Point> =
                ring.0[..ring.0.len().saturating_sub(1)].iter().map(|c| Point::from(*c)).collect();
            let count = points.len();
            vertices.extend((0..count).map(|i| Vertex {
                point: points[i],
                previous: points[(i + count - 1) % count],
                next: points[(i + 1) % count],
            }));
        }
        Self::of(vertices)
    }

    /// The corners at which routes bend, in the order of the boundary.
    pub fn corners(&self) -> &[usize] {
        &self.corners
    }

    pub fn point(&self, corner: usize) -> Point {
        self.vertices[corner].point
    }

    /// Whether a route from `from` can bend tautly at a corner: the segment does not run into the wall
    /// behind it.
    pub fn is_taut(&self, from: Point, corner: usize) -> bool {
        let vertex = &self.vertices[corner];
        let before = side(from, vertex.point, vertex.previous);
        let after = side(from, vertex.point, vertex.next);
        !((before > 0.0 && after < 0.0) || (before < 0.0 && after > 0.0))
    }

    /// Whether the straight segment from `p` to `q` stays on the floor. Both points have to be on the floor
    /// or its boundary.
    pub fn sees(&self, p: Point, q: Point) -> bool {
        p == q || self.grid.along(p, q, |edge| self.admits(edge as usize, p, q))
    }

    /// Whether an edge, and the vertex at its beginning, do not block the segment from `p` to `q`.
    fn admits(&self, edge: usize, p: Point, q: Point) -> bool {
        let vertex = &self.vertices[edge];
        let (a, b) = (vertex.point, vertex.next);
        let (oa, ob) = (side(p, q, a), side(p, q, b));
        if (oa > 0.0 && ob > 0.0) || (oa < 0.0 && ob < 0.0) {
            return true;
        }
        if oa == 0.0 {
            let passes = if a == p {
                vertex.leads_to(q)
            } else if a == q {
                vertex.leads_to(p)
            } else {
                !between(p, q, a) || (vertex.leads_to(p) && vertex.leads_to(q))
            };
            if !passes {
                return false;
            }
        }
        if oa == 0.0 || ob == 0.0 {
            // The vertex at the end of this edge is tested with the next edge.
            return self.starts_inside(a, b, p, q);
        }
        let (op, oq) = (side(a, b, p), side(a, b, q));
        if (op > 0.0 && oq < 0.0) || (op < 0.0 && oq > 0.0) {
            return false;
        }
        self.starts_inside(a, b, p, q)
    }

    /// If an end of the segment lies in the interior of an edge, the other end has to be on its floor side.
    fn starts_inside(&self, a: Point, b: Point, p: Point, q: Point) -> bool {
        let on = |end: Point| side(a, b, end) == 0.0 && between(a, b, end);
        (!on(p) || side(a, b, q) >= 0.0) && (!on(q) || side(a, b, p) >= 0.0)
    }

    /// Whether a point is on the floor, its boundary included.
    pub fn contains(&self, p: Point) -> bool {
        let mut inside = false;
        for vertex in self.grid.row(p).map(|edge| &self.vertices[edge as usize]) {
            let (a, b) = (vertex.point, vertex.next);
            if (a.y > p.y) != (b.y > p.y) {
                let left = side(a, b, p);
                if left == 0.0 {
                    return true;
                }
                // An upward edge counts when the point is left of it, a downward one when right.
                if (left > 0.0) == (b.y > a.y) {
                    inside = !inside;
                }
            } else if side(a, b, p) == 0.0 && (p == a || p == b || between(a, b, p)) {
                return true;
            }
        }
        inside
    }

    /// The part of the floor that a corner bounds. No walk leads from one part to another.
    pub fn part(&self, corner: usize) -> u32 {
        self.parts[corner]
    }

    /// The parts of the floor that contain a point: none, one, or several that touch there.
    pub fn parts_at(&self, p: Point) -> Vec<u32> {
        let mut crossed: BTreeMap<u32, u32> = BTreeMap::new();
        let mut found = Vec::new();
        for edge in self.grid.row(p).map(|edge| edge as usize) {
            let (a, b, part) = (self.vertices[edge].point, self.vertices[edge].next, self.parts[edge]);
            let left = side(a, b, p);
            if left == 0.0 && (p == a || p == b || between(a, b, p)) {
                found.push(part);
            } else if (a.y > p.y) != (b.y > p.y) && (left > 0.0) == (b.y > a.y) {
                *crossed.entry(part).or_default() += 1;
            }
        }
        found.extend(crossed.into_iter().filter(|(_, times)| times % 2 == 1).map(|(part, _)| part));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The point of the floor nearest to `p`, and its distance in metres.
    pub fn nearest(&self, p: Point) -> Option<(Point, f64)> {
        if self.contains(p) {
            return Some((p, 0.0));
        }
        let mut best: Option<(f64, usize, Point)> = None;
        for (index, vertex) in self.vertices.iter().enumerate() {
            let candidate = nearest_on(vertex.point, vertex.next, p);
            let distance = candidate.distance(p);
            if best.is_none_or(|(d, _, _)| distance < d) {
                best = Some((distance, index, candidate));
            }
        }
        let (distance, edge, on) = best?;
        self.settle(edge, on).map(|settled| (settled, distance))
    }

    /// Rounding may put a point of an edge slightly outside. This moves it inwards until it is on the
    /// floor.
    fn settle(&self, edge: usize, on: Point) -> Option<Point> {
        let Vertex { point: a, next: b, previous } = self.vertices[edge];
        if self.contains(on) {
            return Some(on);
        }
        let length = a.distance(b);
        let (nx, ny) = ((a.y - b.y) / length, (b.x - a.x) / length);
        let inward = [(nx, ny), {
            let before = previous.distance(a);
            let (mx, my) = ((previous.y - a.y) / before, (a.x - previous.x) / before);
            (nx + mx, ny + my)
        }];
        [1e-9, 1e-7, 1e-5, 1e-3]
            .into_iter()
            .flat_map(|step| inward.map(|(dx, dy)| on.moved(dx * step, dy * step)))
            .find(|moved| self.contains(*moved))
    }

    /// The free distance from `p` in a direction before a wall, at most `limit`.
    pub fn room(&self, p: Point, (dx, dy): (f64, f64), limit: f64) -> f64 {
        if self.sees(p, p.moved(dx * limit, dy * limit)) {
            return limit;
        }
        let (mut free, mut blocked) = (0.0, limit);
        for _ in 0..20 {
            let half = (free + blocked) / 2.0;
            if self.sees(p, p.moved(dx * half, dy * half)) { free = half } else { blocked = half }
        }
        free
    }
}

fn grid_of(vertices: &[Vertex]) -> Grid {
    let edges: Vec<_> = vertices.iter().map(|vertex| (vertex.point, vertex.next)).collect();
    Grid::new(&edges)
}

/// The part that each vertex bounds. The rings are in order: each outline, then its holes.
fn parts_of(vertices: &[Vertex]) -> Vec<u32> {
    let mut parts = Vec::with_capacity(vertices.len());
    let mut outlines = 0;
    while let Some(first) = vertices.get(parts.len()) {
        let rest = &vertices[parts.len()..];
        let last = rest.iter().position(|v| v.next == first.point).unwrap_or(rest.len() - 1);
        let ring = &rest[..=last];
        let twice_area: f64 = ring.iter().map(|v| v.point.x * v.next.y - v.next.x * v.point.y).sum();
        outlines += u32::from(twice_area > 0.0);
        parts.resize(parts.len() + ring.len(), outlines);
    }
    parts
}

/// Whether a point that is on the line through `a` and `b` lies strictly between them.
fn between(a: Point, b: Point, on: Point) -> bool {
    let strictly = |u: f64, v: f64, w: f64| (u < w && w < v) || (v < w && w < u);
    if a.x == b.x { strictly(a.y, b.y, on.y) } else { strictly(a.x, b.x, on.x) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{LineString, Orient, Polygon};
    use proptest::prelude::*;

    fn ring(points: &[(f64, f64)]) -> LineString<f64> {
        let mut ring: LineString<f64> = points.to_vec().into();
        ring.close();
        ring
    }

    fn sight(outer: &[(f64, f64)], holes: &[&[(f64, f64)]]) -> Sight {
        let polygon = Polygon::new(ring(outer), holes.iter().map(|h| ring(h)).collect());
        Sight::new(&MultiPolygon::from(polygon.orient(geo::orient::Direction::Default)))
    }

    fn room_with_pillar() -> Sight {
        sight(
            &[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)],
            &[&[(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0)]],
        )
    }

    fn p(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    #[test]
    fn a_pillar_hides_what_is_behind_it() {
        let sight = room_with_pillar();
        assert!(!sight.sees(p(1.0, 5.0), p(9.0, 5.0)));
        assert!(sight.sees(p(1.0, 5.0), p(9.0, 9.9)));
        assert_eq!(sight.corners().len(), 4);
    }

    /// Sight passes along a wall and past a corner, but not through a wall.
    #[test]
    fn sight_passes_walls_but_not_through() {
        let sight = room_with_pillar();
        assert!(sight.sees(p(0.0, 0.0), p(10.0, 0.0)));
        assert!(sight.sees(p(0.0, 4.0), p(10.0, 4.0)), "along the pillar's lower edge");
        assert!(sight.sees(p(4.0, 4.0), p(6.0, 4.0)), "one edge of the pillar");
        assert!(!sight.sees(p(4.0, 4.0), p(6.0, 6.0)), "through the pillar, from corner to corner");
        assert!(sight.sees(p(2.0, 6.0), p(6.0, 2.0)), "past the corner at (4, 4)");
        assert!(!sight.sees(p(0.0, 0.0), p(10.0, 10.0)), "through two corners of the pillar");
    }

    /// A point on the boundary is on the floor.
    #[test]
    fn boundary_points_are_on_the_floor() {
        let sight = room_with_pillar();
        for on in [p(0.0, 0.0), p(10.0, 5.0), p(4.0, 5.0), p(6.0, 6.0), p(5.0, 4.0), p(3.0, 3.0)] {
            assert!(sight.contains(on), "{on:?}");
        }
        for off in [p(5.0, 5.0), p(-0.1, 5.0), p(10.1, 4.0), p(5.0, 11.0), p(5.0, -3.0)] {
            assert!(!sight.contains(off), "{off:?}");
        }
    }

    /// The parts of a floor stay separate even where they touch.
    #[test]
    fn touching_floor_parts_stay_distinct() {
        let square = |x: f64, y: f64| {
            let outer = ring(&[(x, y), (x + 9.0, y), (x + 9.0, y + 9.0), (x, y + 9.0)]);
            Polygon::new(outer, vec![ring(&[(x + 3.0, y + 3.0), (x + 6.0, y + 3.0), (x + 6.0, y + 6.0)])])
        };
        let area = MultiPolygon::new(vec![square(0.0, 0.0), square(9.0, 9.0), square(20.0, 0.0)]);
        let sight = Sight::new(&area.orient(geo::orient::Direction::Default));
        let parts = |x, y| sight.parts_at(p(x, y));
        assert_eq!(parts(1.0, 1.0), parts(3.0, 3.0), "a hole belongs to the part that it is in");
        assert_ne!(parts(1.0, 1.0), parts(10.0, 10.0));
        assert_ne!(parts(1.0, 1.0), parts(21.0, 1.0));
        assert_eq!(parts(9.0, 9.0), [parts(1.0, 1.0), parts(10.0, 10.0)].concat());
        assert!(parts(5.0, 4.0).is_empty() && parts(15.0, 5.0).is_empty());
        for corner in sight.corners() {
            assert!(sight.parts_at(sight.point(*corner)).contains(&sight.part(*corner)));
        }
    }

    /// A point in the pillar moves to its nearest edge.
    #[test]
    fn points_in_pillars_move_to_the_edge() {
        let (moved, distance) = room_with_pillar().nearest(p(5.0, 4.2)).unwrap();
        assert!((distance - 0.2).abs() < 1e-9);
        assert!(room_with_pillar().contains(moved) && moved.distance(p(5.0, 4.0)) < 1e-4);
    }

    /// A brute-force test: no edge is crossed, and the midpoint is on the floor. It is slow, and
    /// independent of the grid and the vertex rules.
    fn sees_by_force(sight: &Sight, a: Point, b: Point) -> bool {
        sight.vertices.iter().all(|v| !crate::geometry::cross(a, b, v.point, v.next))
    }

    proptest! {
        /// A segment of sight never leaves the floor, and sight is mutual.
        #[test]
        fn sight_is_mutual_and_stays_on_floor(
            ax in 0.0..10.0f64, ay in 0.0..10.0f64, bx in 0.0..10.0f64, by in 0.0..10.0f64,
            holes in proptest::collection::vec((0u8..8, 0u8..8, 1u8..3), 0..6),
        ) {
            let mut area = MultiPolygon::from(Polygon::new(ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]), vec![]));
            for (x, y, size) in holes {
                let (x, y, s) = (f64::from(x), f64::from(y), f64::from(size));
                let hole = Polygon::new(ring(&[(x, y), (x + s, y), (x + s, y + s), (x, y + s)]), vec![]);
                area = geo::BooleanOps::difference(&area, &MultiPolygon::from(hole));
            }
            let sight = Sight::new(&area.orient(geo::orient::Direction::Default));
            let (a, b) = (p(ax, ay), p(bx, by));
            if sight.contains(a) && sight.contains(b) {
                prop_assert_eq!(sight.sees(a, b), sight.sees(b, a));
                prop_assert_eq!(sight.sees(a, b), sees_by_force(&sight, a, b));
                prop_assert!(!sight.sees(a, b) || (0..=50).all(|i| sight.contains(a.toward(b, f64::from(i) / 50.0))));
            }
        }
    }
}
