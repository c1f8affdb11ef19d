//! Bends: reduces the exact line of a walk to the few bends that a person would mention.
//!
//! Deviations around columns are dropped, small bends that add up to a turn become one turn, and a short
//! piece between two bends belongs to the sharper bend.

use crate::geometry::{Point, nearest_on, turn};

/// Nobody notices a smaller deviation, in metres.
const WIGGLE_M: f64 = 1.5;
/// A smaller bend is not mentioned, in degrees.
const SLIGHT_DEG: f64 = 25.0;
/// A shorter piece has no step of its own, in metres.
const SHORT_M: f64 = 4.0;

/// The points of a walk that a person would mention; the walk is straight between them.
pub(crate) fn bend_points(points: &[Point]) -> Vec<Point> {
    let mut kept = simplified(points, WIGGLE_M);
    loop {
        let before = kept.len();
        drop_slight(&mut kept);
        join_short(&mut kept);
        if kept.len() == before {
            return kept;
        }
    }
}

/// The simplification of Douglas and Peucker.
fn simplified(points: &[Point], tolerance: f64) -> Vec<Point> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let off = |p: &Point| nearest_on(*first, *last, *p).distance(*p);
    let farthest =
        (1..points.len().saturating_sub(1)).max_by(|a, b| off(&points[*a]).total_cmp(&off(&points[*b])));
    match farthest.filter(|i| off(&points[*i]) > tolerance) {
        Some(index) => {
            let mut all = simplified(&points[..=index], tolerance);
            all.pop();
            all.extend(simplified(&points[index..], tolerance));
            all
        }
        None => vec![*first, *last],
    }
}

/// The turn at a point of a line, in degrees, positive to the right.
pub(crate) fn turn_at(points: &[Point], index: usize) -> f64 {
    let (before, here, after) = (points[index - 1], points[index], points[index + 1]);
    turn(before.bearing_to(here), here.bearing_to(after))
}

/// The point at this distance from the start of a line; its end if the line is shorter.
pub(crate) fn along(line: &[Point], metres: f64) -> Point {
    let mut left = metres.max(0.0);
    for pair in line.windows(2) {
        let length = pair[0].distance(pair[1]);
        if left <= length && length > 0.0 {
            return pair[0].toward(pair[1], left / length);
        }
        left -= length;
    }
    line[line.len() - 1]
}

fn drop_slight(points: &mut Vec<Point>) {
    let bends = 1..points.len().saturating_sub(1);
    let least = bends.min_by(|a, b| turn_at(points, *a).abs().total_cmp(&turn_at(points, *b).abs()));
    if let Some(index) = least.filter(|i| turn_at(points, *i).abs() < SLIGHT_DEG) {
        points.remove(index);
    }
}

fn join_short(points: &mut Vec<Point>) {
    if points.len() < 3 {
        return;
    }
    let short = (1..points.len()).find(|i| points[*i - 1].distance(points[*i]) < SHORT_M);
    let Some(end) = short else { return };
    // The ends of a walk are kept; of two bends, the sharper one is kept.
    let gone = if end == 1 {
        1
    } else if end == points.len() - 1 || turn_at(points, end).abs() > turn_at(points, end - 1).abs() {
        end - 1
    } else {
        end
    };
    points.remove(gone);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    #[test]
    fn a_wiggle_round_a_column_is_not_told() {
        let line = [p(0.0, 0.0), p(10.0, 0.6), p(11.0, 0.8), p(30.0, 0.0)];
        assert_eq!(bend_points(&line), [p(0.0, 0.0), p(30.0, 0.0)]);
    }

    #[test]
    fn two_bends_close_together_are_one_turn() {
        let line = [p(0.0, 0.0), p(20.0, 0.0), p(22.0, 1.5), p(22.0, 30.0)];
        let bends = bend_points(&line);
        assert_eq!(bends.len(), 3);
        assert!((turn_at(&bends, 1) + 90.0).abs() < 12.0, "a left turn: {}", turn_at(&bends, 1));
    }

    #[test]
    fn a_right_angle_stays() {
        let line = [p(0.0, 0.0), p(20.0, 0.0), p(20.0, -15.0)];
        assert_eq!(bend_points(&line), line);
        assert_eq!(turn_at(&line, 1), 90.0);
    }
}
