//! Contacts of areas that lie side by side: the stretches of one outline where the other area begins.

use geo::{Intersects, MultiPolygon, Orient};

use crate::geometry::Point;

/// Shorter edges are treated as corners, in metres.
const SHORTEST_EDGE: f64 = 0.05;
/// Pieces whose directions differ by less than this (as a sine) form one straight stretch.
const STRAIGHT: f64 = 0.02;

/// The straight stretches of the outline of `a` with `b` at `reach` metres outside them, in the order of
/// the outline. Stretches shorter than `shortest` metres are left out.
pub fn contacts(
    a: &MultiPolygon<f64>,
    b: &MultiPolygon<f64>,
    reach: f64,
    shortest: f64,
) -> Vec<(Point, Point)> {
    let mut found: Vec<(Point, Point)> = Vec::new();
    for polygon in a.orient(geo::orient::Direction::Default) {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let points: Vec<Point> = ring.0.iter().map(|c| Point::from(*c)).collect();
            let begins = found.len();
            for pair in points.windows(2) {
                let (p, q) = (pair[0], pair[1]);
                let length = p.distance(q);
                if length >= SHORTEST_EDGE {
                    // The outside is to the right: outlines are counter-clockwise, holes clockwise.
                    let (dx, dy) = ((q.y - p.y) / length * reach, (p.x - q.x) / length * reach);
                    for (from, to) in within(p.moved(dx, dy), q.moved(dx, dy), b) {
                        add(&mut found, begins, p.toward(q, from), p.toward(q, to));
                    }
                }
            }
        }
    }
    found.retain(|(p, q)| p.distance(*q) >= shortest);
    found
}

/// Adds a stretch, or extends the previous one if it continues straight.
fn add(found: &mut Vec<(Point, Point)>, begins: usize, p: Point, q: Point) {
    if let Some(last) = found[begins..].last_mut()
        && last.1.distance(p) < SHORTEST_EDGE
    {
        let (u, v) = ((last.1.x - last.0.x, last.1.y - last.0.y), (q.x - p.x, q.y - p.y));
        let scale = u.0.hypot(u.1) * v.0.hypot(v.1);
        if (u.0 * v.1 - u.1 * v.0).abs() <= STRAIGHT * scale && u.0 * v.0 + u.1 * v.1 > 0.0 {
            last.1 = q;
            return;
        }
    }
    found.push((p, q));
}

/// The parts of a segment that lie in an area, as fractions of its length.
fn within(p: Point, q: Point, area: &MultiPolygon<f64>) -> Vec<(f64, f64)> {
    let mut cuts = vec![0.0, 1.0];
    for polygon in area {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            cuts.extend(ring.0.windows(2).filter_map(|w| crossing(p, q, w[0].into(), w[1].into())));
        }
    }
    cuts.sort_by(f64::total_cmp);
    let inside = |from: f64, to: f64| area.intersects(&geo::Point::from(p.toward(q, (from + to) / 2.0)));
    let mut parts: Vec<(f64, f64)> = Vec::new();
    for pair in cuts.windows(2).filter(|w| w[1] - w[0] > 1e-9) {
        if inside(pair[0], pair[1]) {
            match parts.last_mut() {
                Some(last) if pair[0] - last.1 <= 1e-9 => last.1 = pair[1],
                _ => parts.push((pair[0], pair[1])),
            }
        }
    }
    parts
}

/// The point where the segment from `p` to `q` meets the segment from `a` to `b`, as a fraction of the
/// first.
pub fn crossing(p: Point, q: Point, a: Point, b: Point) -> Option<f64> {
    let (r, s) = ((q.x - p.x, q.y - p.y), (b.x - a.x, b.y - a.y));
    let cross = r.0 * s.1 - r.1 * s.0;
    let t = ((a.x - p.x) * s.1 - (a.y - p.y) * s.0) / cross;
    let u = ((a.x - p.x) * r.1 - (a.y - p.y) * r.0) / cross;
    // Parallel segments give no finite number and fail both comparisons.
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u)).then_some(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(left: f64, bottom: f64, right: f64, top: f64) -> MultiPolygon<f64> {
        geo::Rect::new((left, bottom), (right, top)).to_polygon().into()
    }

    /// Two rooms touch along the shorter of their walls.
    #[test]
    fn rooms_touch_along_their_shorter_wall() {
        let found = contacts(&rectangle(0.0, 0.0, 10.0, 5.0), &rectangle(10.0, 1.0, 14.0, 3.5), 0.05, 0.5);
        assert_eq!(found.len(), 1);
        let (p, q) = found[0];
        assert!((p.distance(q) - 2.5).abs() < 1e-9 && p.x == 10.0, "{p:?} {q:?}");
    }

    /// A wall drawn with many points is one stretch.
    #[test]
    fn many_collinear_points_are_one_wall() {
        let ring = vec![(0.0, 0.0), (3.0, 0.0), (6.0, 0.0), (9.0, 0.0), (9.0, 4.0), (0.0, 4.0)];
        let a = geo::Polygon::new(ring.into(), Vec::new()).into();
        let found = contacts(&a, &rectangle(1.0, -3.0, 8.0, -0.2), 0.3, 0.5);
        assert_eq!(found.len(), 1);
        assert!((found[0].0.distance(found[0].1) - 7.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_a_wall_apart_does_not_touch() {
        let found = contacts(&rectangle(0.0, 0.0, 10.0, 5.0), &rectangle(10.3, 0.0, 14.0, 5.0), 0.05, 0.5);
        assert!(found.is_empty());
    }

    /// A stand in a hole of the floor touches the floor all around.
    #[test]
    fn stands_in_holes_touch_the_floor_all_around() {
        let hole = geo::Rect::new((4.0, 4.0), (6.0, 6.0)).to_polygon();
        let floor = geo::BooleanOps::difference(&rectangle(0.0, 0.0, 10.0, 10.0), &hole);
        assert_eq!(contacts(&hole.clone().into(), &floor, 0.05, 0.5).len(), 4);
        assert_eq!(contacts(&floor, &hole.into(), 0.05, 0.5).len(), 4);
    }
}
