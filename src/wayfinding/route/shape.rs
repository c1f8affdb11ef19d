//! The line that is drawn for a walk: the exact line, moved slightly off the corners and rounded.
//!
//! The shortest path touches every corner where it bends, and would seem to scrape along the shops. Each
//! bend is therefore moved away from its corner, as far as there is room. It is then rounded without coming
//! back to the corner. If the new line would meet a wall, the exact line is drawn.

use super::visibility::Sight;
use crate::geometry::Point;

/// The greatest distance by which a bend moves away from its corner, in metres.
const FARTHEST: f64 = 1.8;
/// The share of the free space beside a corner that a bend may use.
const SHARE: f64 = 0.45;
/// The share of a straight stretch that a bend at its end may use.
const STRETCH: f64 = 0.3;
/// The number of points in the rounding of one bend.
const ROUND: u32 = 6;

/// The line to draw for an exact walk on the floor of `sight`. `passes` returns whether a walker may go
/// straight from one point to another as far as doors are concerned, because a door beside a corner may not
/// be on the route.
pub(crate) fn shaped(points: &[Point], sight: &Sight, passes: &dyn Fn(Point, Point) -> bool) -> Vec<Point> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let is_free = |p: Point, q: Point| sight.sees(p, q) && passes(p, q);
    let mut offsets: Vec<f64> = (0..points.len()).map(|i| offset(points, i, sight)).collect();
    for _ in 0..5 {
        let moved = moved(points, &offsets);
        let blocked: Vec<usize> = (1..moved.len()).filter(|i| !is_free(moved[*i - 1], moved[*i])).collect();
        if blocked.is_empty() {
            return rounded(&moved, &offsets);
        }
        for i in blocked {
            offsets[i - 1] /= 2.0;
            offsets[i] /= 2.0;
        }
    }
    points.to_vec()
}

/// The unit vector at a bend that points away from its corner, and the cosine of half its angle.
fn outward(points: &[Point], bend: usize) -> Option<((f64, f64), f64)> {
    let toward = |other: Point| {
        let length = points[bend].distance(other);
        ((other.x - points[bend].x) / length, (other.y - points[bend].y) / length)
    };
    let (a, b) = (toward(points[bend - 1]), toward(points[bend + 1]));
    let inside = (a.0 + b.0, a.1 + b.1);
    let length = inside.0.hypot(inside.1);
    (length > 1e-3).then(|| ((-inside.0 / length, -inside.1 / length), length / 2.0))
}

fn offset(points: &[Point], bend: usize, sight: &Sight) -> f64 {
    if bend == 0 || bend + 1 == points.len() {
        return 0.0;
    }
    let Some((direction, _)) = outward(points, bend) else { return 0.0 };
    let stretch = points[bend].distance(points[bend - 1]).min(points[bend].distance(points[bend + 1]));
    let room = sight.room(points[bend], direction, FARTHEST / SHARE);
    (room * SHARE).min(stretch * STRETCH).min(FARTHEST)
}

fn moved(points: &[Point], offsets: &[f64]) -> Vec<Point> {
    let shift = |i: usize| match (offsets[i] > 0.0).then(|| outward(points, i)).flatten() {
        Some(((dx, dy), _)) => points[i].moved(dx * offsets[i], dy * offsets[i]),
        None => points[i],
    };
    (0..points.len()).map(shift).collect()
}

/// Rounds each bend with a curve that keeps at least half of the bend's distance from the corner.
fn rounded(points: &[Point], offsets: &[f64]) -> Vec<Point> {
    let mut line = vec![points[0]];
    for i in 1..points.len() - 1 {
        let (before, bend, after) = (points[i - 1], points[i], points[i + 1]);
        let reach = match outward(points, i) {
            Some((_, half_cosine)) => {
                let stretch = bend.distance(before).min(bend.distance(after));
                (offsets[i] / half_cosine).min(stretch * 0.45)
            }
            None => 0.0,
        };
        if reach < 0.05 {
            line.push(bend);
            continue;
        }
        let from = bend.toward(before, reach / bend.distance(before));
        let to = bend.toward(after, reach / bend.distance(after));
        for step in 0..=ROUND {
            let t = f64::from(step) / f64::from(ROUND);
            line.push(from.toward(bend, t).toward(bend.toward(to, t), t));
        }
    }
    line.push(points[points.len() - 1]);
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{LineString, MultiPolygon, Orient, Polygon};

    fn angle(width: f64) -> Sight {
        let ring: LineString<f64> = vec![
            (0.0, 0.0),
            (30.0, 0.0),
            (30.0, width),
            (width, width),
            (width, 30.0),
            (0.0, 30.0),
            (0.0, 0.0),
        ]
        .into();
        let area = MultiPolygon::from(Polygon::new(ring, Vec::new()));
        Sight::new(&area.orient(geo::orient::Direction::Default))
    }

    /// A bend in a wide corridor keeps its distance from the corner and stays on the floor.
    #[test]
    fn wide_bends_keep_off_the_corner() {
        let sight = angle(8.0);
        let exact = [Point::new(29.0, 7.0), Point::new(8.0, 8.0), Point::new(7.0, 29.0)];
        let line = shaped(&exact, &sight, &|_, _| true);
        assert!(line.len() > 5);
        assert!(line.windows(2).all(|w| sight.sees(w[0], w[1])));
        let corner = Point::new(8.0, 8.0);
        assert!(line.iter().all(|p| p.distance(corner) > 0.8), "{line:?}");
        assert_eq!((line[0], line[line.len() - 1]), (exact[0], exact[2]));
    }

    /// A bend in a narrow corridor stays between the walls.
    #[test]
    fn narrow_bends_stay_between_walls() {
        let sight = angle(0.5);
        let exact = [Point::new(29.0, 0.25), Point::new(0.5, 0.5), Point::new(0.25, 29.0)];
        let line = shaped(&exact, &sight, &|_, _| true);
        assert!(line.windows(2).all(|w| sight.sees(w[0], w[1])));
    }

    /// A bend does not reach through a door that is not on the route.
    #[test]
    fn bends_reach_through_no_other_door() {
        let exact = [Point::new(29.0, 7.0), Point::new(8.0, 8.0), Point::new(7.0, 29.0)];
        let before = |p: Point| p.x + p.y > 15.5;
        let line = shaped(&exact, &angle(8.0), &|p, q| before(p) && before(q));
        assert!(line.len() > 5 && line.iter().all(|p| before(*p)), "{line:?}");
    }

    #[test]
    fn a_straight_walk_stays_as_it_is() {
        let exact = [Point::new(1.0, 1.0), Point::new(20.0, 1.0)];
        assert_eq!(shaped(&exact, &angle(8.0), &|_, _| true), exact);
    }
}
