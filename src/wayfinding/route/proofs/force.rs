//! Brute force on one level: every corner against every other, each pair against every edge.
//!
//! It has no grid, no selection of corners, and no precomputed network. It shares nothing with `visibility`
//! except the exact sign of a triangle's area. It is slow, and simple enough to be checked by reading.

use geo::{MultiPolygon, Orient};

use crate::geometry::{Point, side};

/// The boundary of an area, with the floor to the left of every edge.
pub struct Ground {
    /// Each corner with its predecessor and its successor.
    corners: Vec<[Point; 3]>,
}

impl Ground {
    pub fn new(area: &MultiPolygon<f64>) -> Self {
        let area = area.orient(geo::orient::Direction::Default);
        let mut corners = Vec::new();
        for ring in area.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
            let points: Vec<Point> = ring.points().skip(1).map(|p| Point::new(p.x(), p.y())).collect();
            for (i, point) in points.iter().enumerate() {
                let before = points[(i + points.len() - 1) % points.len()];
                corners.push([before, *point, points[(i + 1) % points.len()]]);
            }
        }
        Self { corners }
    }

    /// All corners, convex ones included, each between its predecessor and its successor.
    pub fn corners(&self) -> impl Iterator<Item = [Point; 3]> {
        self.corners.iter().copied()
    }

    /// Whether the straight line between two points of the floor stays on it, its boundary included.
    pub fn is_free(&self, p: Point, q: Point) -> bool {
        let (left, right) = (p.x.min(q.x), p.x.max(q.x));
        let (low, high) = (p.y.min(q.y), p.y.max(q.y));
        self.corners.iter().all(|[before, a, b]| {
            let near =
                a.x.max(b.x) >= left && a.x.min(b.x) <= right && a.y.max(b.y) >= low && a.y.min(b.y) <= high;
            !near || p == q || (edge_lets_pass(*a, *b, p, q) && corner_lets_pass([*before, *a, *b], p, q))
        })
    }

    /// The length of the shortest path from `p` to `q` among all that are no longer than `limit`.
    ///
    /// Dijkstra's algorithm over all corners. A corner whose distances to `p` and `q` add up to more than
    /// the limit cannot be on such a path and is left out.
    pub fn shortest(&self, p: Point, q: Point, limit: f64) -> Option<f64> {
        let mut points = vec![p, q];
        points.extend(self.corners.iter().map(|c| c[1]).filter(|c| p.distance(*c) + c.distance(q) <= limit));
        let mut far = vec![f64::INFINITY; points.len()];
        let mut done = vec![false; points.len()];
        far[0] = 0.0;
        loop {
            let open = (0..points.len()).filter(|i| !done[*i] && far[*i].is_finite());
            let here = open.min_by(|a, b| far[*a].total_cmp(&far[*b]))?;
            if here == 1 {
                return Some(far[1]);
            }
            done[here] = true;
            for next in 0..points.len() {
                let length = far[here] + points[here].distance(points[next]);
                let hopeless = length + points[next].distance(q) > limit;
                if !done[next] && !hopeless && length < far[next] && self.is_free(points[here], points[next])
                {
                    far[next] = length;
                }
            }
        }
    }
}

/// Whether `m`, on the line through `a` and `b`, lies on the closed segment between them.
fn within(a: Point, b: Point, m: Point) -> bool {
    a.x.min(b.x) <= m.x && m.x <= a.x.max(b.x) && a.y.min(b.y) <= m.y && m.y <= a.y.max(b.y)
}

/// An edge blocks a segment that crosses it, and one that starts or ends at it on the wrong side.
fn edge_lets_pass(a: Point, b: Point, p: Point, q: Point) -> bool {
    let sign = |v: f64| if v > 0.0 { 1 } else { -i32::from(v < 0.0) };
    let (at_p, at_q) = (sign(side(a, b, p)), sign(side(a, b, q)));
    let (at_a, at_b) = (sign(side(p, q, a)), sign(side(p, q, b)));
    let crossed = at_p * at_q < 0 && at_a * at_b < 0;
    let wrong = |on: Point, at_on: i32, at_other: i32| {
        at_on == 0 && on != a && on != b && within(a, b, on) && at_other < 0
    };
    !crossed && !wrong(p, at_p, at_q) && !wrong(q, at_q, at_p)
}

/// A corner on the segment lets it pass if it comes from between the two edges and leaves between them.
fn corner_lets_pass([before, at, after]: [Point; 3], p: Point, q: Point) -> bool {
    if side(p, q, at) != 0.0 || !within(p, q, at) {
        return true;
    }
    let bulges = side(before, at, after) >= 0.0;
    [p, q].into_iter().filter(|end| *end != at).all(|end| {
        let inside_first = side(before, at, end) >= 0.0;
        let inside_second = side(at, after, end) >= 0.0;
        if bulges { inside_first && inside_second } else { inside_first || inside_second }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    fn room_with_pillar() -> Ground {
        Ground::new(&MultiPolygon::from(polygon!(
            exterior: [(x: 0.0, y: 0.0), (x: 10.0, y: 0.0), (x: 10.0, y: 10.0), (x: 0.0, y: 10.0)],
            interiors: [[(x: 4.0, y: 4.0), (x: 6.0, y: 4.0), (x: 6.0, y: 6.0), (x: 4.0, y: 6.0)]],
        )))
    }

    /// Brute force goes round a pillar on the shorter side.
    #[test]
    fn brute_force_rounds_the_shorter_side() {
        let ground = room_with_pillar();
        let (p, q) = (Point::new(1.0, 4.5), Point::new(9.0, 4.5));
        let expected = 2.0 * 3f64.hypot(0.5) + 2.0;
        assert!((ground.shortest(p, q, 100.0).unwrap() - expected).abs() < 1e-12);
        assert_eq!(ground.shortest(p, q, expected - 0.01), None);
    }

    /// Brute force walks along walls but not into them.
    #[test]
    fn brute_force_walks_along_walls() {
        let ground = room_with_pillar();
        let p = Point::new;
        assert!(ground.is_free(p(0.0, 4.0), p(10.0, 4.0)));
        assert!(ground.is_free(p(4.0, 4.0), p(6.0, 4.0)));
        assert!(!ground.is_free(p(4.0, 4.0), p(6.0, 6.0)));
        assert!(!ground.is_free(p(0.0, 0.0), p(10.0, 10.0)));
        assert!(!ground.is_free(p(5.0, 4.0), p(5.0, 6.0)), "from edge to edge through the pillar");
    }
}
