//! Rectangles, upright or rotated: whether they fit into a shape, and whether they overlap.

use crate::geometry::{Point, touch};

/// A rectangle by its corners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Quad {
    pub corners: [Point; 4],
}

impl Quad {
    /// A rectangle around a point, rotated clockwise by `turn` degrees.
    pub fn around(center: Point, width: f64, height: f64, turn: f64) -> Self {
        let (sin, cos) = turn.to_radians().sin_cos();
        let at = |x: f64, y: f64| center.moved(x * cos - y * sin, x * sin + y * cos);
        let (w, h) = (width / 2.0, height / 2.0);
        Self { corners: [at(-w, -h), at(w, -h), at(w, h), at(-w, h)] }
    }

    fn edges(&self) -> impl Iterator<Item = (Point, Point)> {
        (0..4).map(|i| (self.corners[i], self.corners[(i + 1) % 4]))
    }

    /// Whether two rectangles overlap or touch.
    pub fn meets(&self, other: &Self) -> bool {
        let apart = |one: &Self, two: &Self| {
            one.edges().any(|(a, b)| {
                let (nx, ny) = (b.y - a.y, a.x - b.x);
                let shadow = |q: &Self| {
                    let all = q.corners.map(|p| p.x * nx + p.y * ny);
                    (
                        all.iter().copied().fold(f64::INFINITY, f64::min),
                        all.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                    )
                };
                let ((low, high), (from, to)) = (shadow(one), shadow(two));
                high < from || to < low
            })
        };
        !apart(self, other) && !apart(other, self)
    }

    /// Whether it lies completely inside a shape and touches none of its edges.
    pub fn fits(&self, shape: &Rings) -> bool {
        self.corners.iter().all(|c| shape.contains(*c))
            && shape.edges().all(|(a, b)| {
                let (left, right) = (a.x.min(b.x), a.x.max(b.x));
                let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
                let beside = self.corners.iter().all(|c| c.x < left)
                    || self.corners.iter().all(|c| c.x > right)
                    || self.corners.iter().all(|c| c.y < top)
                    || self.corners.iter().all(|c| c.y > bottom);
                beside || !(self.edges().any(|(c, d)| touch(a, b, c, d)) || self.holds(a))
            })
    }

    /// Whether it has any point in common with a shape.
    pub fn touches(&self, shape: &Rings) -> bool {
        let (left, top, right, bottom) = shape.bounds();
        let middle = Point::new((left + right) / 2.0, (top + bottom) / 2.0);
        if !self.meets(&Self::around(middle, right - left, bottom - top, 0.0)) {
            return false;
        }
        shape.contains(self.corners[0])
            || shape.edges().any(|(a, b)| self.holds(a) || self.edges().any(|(c, d)| touch(a, b, c, d)))
    }

    /// Whether a point is inside it.
    pub fn holds(&self, p: Point) -> bool {
        let sides = self.edges().map(|(a, b)| (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x));
        let (mut left, mut right) = (false, false);
        for side in sides {
            left |= side > 0.0;
            right |= side < 0.0;
        }
        !(left && right)
    }
}

/// A shape in pixels: rings with the even-odd rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rings(pub Vec<Vec<Point>>);

impl Rings {
    pub fn edges(&self) -> impl Iterator<Item = (Point, Point)> {
        self.0.iter().flat_map(|ring| (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()])))
    }

    pub fn contains(&self, p: Point) -> bool {
        let mut inside = false;
        for (a, b) in self.edges() {
            if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) {
                inside = !inside;
            }
        }
        inside
    }

    /// Left, top, right and bottom.
    pub fn bounds(&self) -> (f64, f64, f64, f64) {
        let none = (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
        self.0.iter().flatten().fold(none, |(left, top, right, bottom), p| {
            (left.min(p.x), top.min(p.y), right.max(p.x), bottom.max(p.y))
        })
    }

    /// The centroid of the outer ring.
    pub fn centroid(&self) -> Option<Point> {
        let ring = self.0.first()?;
        let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
        let origin = *ring.first()?;
        for i in 0..ring.len() {
            let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
            let (ax, ay, bx, by) = (a.x - origin.x, a.y - origin.y, b.x - origin.x, b.y - origin.y);
            let cross = ax * by - bx * ay;
            area += cross;
            x += (ax + bx) * cross;
            y += (ay + by) * cross;
        }
        (area.abs() > 1e-9).then(|| origin.moved(x / (3.0 * area), y / (3.0 * area)))
    }

    /// The direction of the longest edge, in degrees clockwise from the right, between -90 and 90.
    pub fn direction(&self) -> f64 {
        let longest = self.edges().max_by(|(a, b), (c, d)| a.distance(*b).total_cmp(&c.distance(*d)));
        let Some((a, b)) = longest else { return 0.0 };
        let angle = (b.y - a.y).atan2(b.x - a.x).to_degrees();
        (angle + 90.0).rem_euclid(180.0) - 90.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(size: f64) -> Rings {
        let p = Point::new;
        Rings(vec![vec![p(0.0, 0.0), p(size, 0.0), p(size, size), p(0.0, size)]])
    }

    /// A rectangle fits if it touches no edge of the shape.
    #[test]
    fn rectangles_fit_when_no_edge_touches_them() {
        let middle = Point::new(5.0, 5.0);
        assert!(Quad::around(middle, 9.0, 9.0, 0.0).fits(&square(10.0)));
        assert!(!Quad::around(middle, 10.5, 2.0, 0.0).fits(&square(10.0)));
        assert!(!Quad::around(middle, 9.0, 9.0, 45.0).fits(&square(10.0)));
        let mut holed = square(10.0);
        holed.0.push(vec![Point::new(4.9, 4.9), Point::new(5.1, 4.9), Point::new(5.0, 5.1)]);
        assert!(!Quad::around(middle, 9.0, 9.0, 0.0).fits(&holed));
    }

    #[test]
    fn rectangles_meet_when_they_overlap_also_when_turned() {
        let one = Quad::around(Point::new(0.0, 0.0), 10.0, 2.0, 0.0);
        assert!(one.meets(&Quad::around(Point::new(0.0, 0.0), 10.0, 2.0, 90.0)));
        assert!(!one.meets(&Quad::around(Point::new(0.0, 5.0), 10.0, 2.0, 0.0)));
        assert!(!one.meets(&Quad::around(Point::new(8.5, 4.5), 8.0, 2.0, 45.0)));
    }

    #[test]
    fn the_centroid_of_a_square_is_its_middle() {
        assert_eq!(square(10.0).centroid(), Some(Point::new(5.0, 5.0)));
    }
}
