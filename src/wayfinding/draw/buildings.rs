//! The outlines that a picture is fitted to.
//!
//! A campus has buildings far from each other, and one picture of all of them shows none of them well. If
//! the visitor's building is known, only that one counts.

use geo::MultiPolygon;

use super::DrawOptions;
use crate::geometry::Point;
use crate::venue::{LevelIndex, Venue};

/// A level with less than this share of the extent of all levels is drawn at its own scale.
const OWN_SCALE: f64 = 0.45;
/// Buildings with a larger gap between them are separate, in metres.
const NEIGHBOURS_M: f64 = 60.0;

/// If the building fills less than this share of the outlines, only the building counts.
const OUTGROWN: f64 = 0.6;
/// The floor around the building that is shown with it, in metres.
const AROUND_M: f64 = 6.0;

/// The outlines that determine the scale: those of all levels together, which keeps a lift at the same
/// position on every level; a much smaller level alone. Of buildings far from each other, only those with a
/// wanted point count.
pub(crate) fn outlines(venue: &Venue, level: LevelIndex, options: &DrawOptions) -> Vec<Point> {
    let near = near(venue, options);
    let own = kept(rings(&venue.level(level).outline), &near);
    let own = fitted(venue, options, &near, own);
    let all = all(venue, options);
    let extent = |points: &[Point]| Bounds::around(points).area();
    if !own.is_empty() && extent(&own) < OWN_SCALE * extent(&all) { own } else { all }
}

pub(crate) fn all(venue: &Venue, options: &DrawOptions) -> Vec<Point> {
    let near = near(venue, options);
    let points = venue.levels().iter().flat_map(|l| kept(rings(&l.outline), &near)).collect();
    fitted(venue, options, &near, points)
}

/// The outlines, cut down to the building if a car park or the street is much larger and no wanted point is
/// there.
fn fitted(venue: &Venue, options: &DrawOptions, near: &[Bounds], points: Vec<Point>) -> Vec<Point> {
    let outside = ["parking", "road", "vegetation"];
    let counts = |u: &&crate::venue::Unit| !outside.contains(&u.category.as_str());
    let units = venue.units().iter().filter(counts).flat_map(|u| rings(&u.shape));
    let core: Vec<Point> = kept(units.collect(), near);
    let core = Bounds::around(&core).grown(AROUND_M);
    let is_outgrown = core.area() < OUTGROWN * Bounds::around(&points).area();
    if is_outgrown && wanted(venue, options).iter().all(|p| core.holds(*p)) {
        return points.into_iter().map(|p| core.clamp(p)).collect();
    }
    points
}

fn rings(shape: &MultiPolygon<f64>) -> Vec<Vec<Point>> {
    shape.0.iter().map(|p| p.exterior().0.iter().map(|c| Point::from(*c)).collect()).collect()
}

fn near(venue: &Venue, options: &DrawOptions) -> Vec<Bounds> {
    let all: Vec<Vec<Point>> = venue.levels().iter().flat_map(|l| rings(&l.outline)).collect();
    buildings(&all, &wanted(venue, options))
}

/// The outlines that lie in one of these buildings.
fn kept(outlines: Vec<Vec<Point>>, near: &[Bounds]) -> Vec<Point> {
    outlines.into_iter().filter(|ring| near.iter().any(|b| b.holds_any(ring))).flatten().collect()
}

/// The wanted points: the visitor's position, the destination, and the route.
fn wanted(venue: &Venue, options: &DrawOptions) -> Vec<Point> {
    let place = options.highlight.and_then(|id| venue.place(&id)).map(|p| p.position);
    let route = options.route.into_iter().flat_map(|r| r.legs.iter().flat_map(|l| l.points.iter().copied()));
    options.kiosk.map(|k| k.position).into_iter().chain(place).chain(route).collect()
}

/// An upright rectangle, in metres.
#[derive(Clone, Copy)]
struct Bounds {
    low: Point,
    high: Point,
}

impl Bounds {
    fn around(points: &[Point]) -> Self {
        let none =
            (Point::new(f64::INFINITY, f64::INFINITY), Point::new(f64::NEG_INFINITY, f64::NEG_INFINITY));
        let (low, high) = points.iter().fold(none, |(low, high), p| {
            (Point::new(low.x.min(p.x), low.y.min(p.y)), Point::new(high.x.max(p.x), high.y.max(p.y)))
        });
        Self { low, high }
    }

    fn area(self) -> f64 {
        (self.high.x - self.low.x) * (self.high.y - self.low.y)
    }

    fn holds(self, p: Point) -> bool {
        (self.low.x..=self.high.x).contains(&p.x) && (self.low.y..=self.high.y).contains(&p.y)
    }

    fn grown(self, by: f64) -> Self {
        Self { low: self.low.moved(-by, -by), high: self.high.moved(by, by) }
    }

    /// The point inside the rectangle that is nearest to another point.
    fn clamp(self, p: Point) -> Point {
        let within = |v: f64, low: f64, high: f64| v.max(low).min(high);
        Point::new(within(p.x, self.low.x, self.high.x), within(p.y, self.low.y, self.high.y))
    }

    fn holds_any(self, points: &[Point]) -> bool {
        points.iter().any(|p| self.holds(*p))
    }

    /// Both rectangles together, if they are at most `gap` metres apart.
    fn joined(self, other: Self, gap: f64) -> Option<Self> {
        let apart = |low: f64, high: f64, from: f64, to: f64| low - gap > to || from - gap > high;
        let far = apart(self.low.x, self.high.x, other.low.x, other.high.x)
            || apart(self.low.y, self.high.y, other.low.y, other.high.y);
        (!far).then(|| Self::around(&[self.low, self.high, other.low, other.high]))
    }
}

/// The buildings of these outlines with a wanted point; all of them, if there is none.
fn buildings(outlines: &[Vec<Point>], wanted: &[Point]) -> Vec<Bounds> {
    let mut found: Vec<Bounds> = Vec::new();
    for ring in outlines {
        let mut grown = Bounds::around(ring);
        while let Some((index, both)) =
            found.iter().enumerate().find_map(|(i, b)| Some((i, b.joined(grown, NEIGHBOURS_M)?)))
        {
            found.swap_remove(index);
            grown = both;
        }
        found.push(grown);
    }
    let with: Vec<Bounds> = found.iter().copied().filter(|b| wanted.iter().any(|p| b.holds(*p))).collect();
    if with.is_empty() { found } else { with }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64) -> Vec<Point> {
        [(0.0, 0.0), (50.0, 0.0), (50.0, 50.0), (0.0, 50.0)].map(|(a, b)| Point::new(a + x, b)).to_vec()
    }

    /// A car park larger than the building does not make the building small unless it is the destination.
    #[test]
    fn large_car_parks_do_not_shrink_the_building() {
        let mut plan = crate::testing::VenueBuilder::sized(&[0], (0.0, 0.0, 400.0, 200.0));
        plan.unit(0, "parking", (100.0, 0.0, 400.0, 200.0));
        plan.unit(0, "walkway", (0.0, 0.0, 100.0, 40.0));
        plan.kiosk("K1", 0, (20.0, 20.0), 0.0);
        plan.kiosk("K2", 0, (300.0, 100.0), 0.0);
        let venue = plan.venue();
        let wide = |kiosk: usize| {
            let kiosk = Some(&venue.kiosks()[kiosk]);
            let seen = Bounds::around(&outlines(
                &venue,
                LevelIndex(0),
                &DrawOptions { kiosk, ..Default::default() },
            ));
            seen.high.x - seen.low.x
        };
        assert!(wide(0) < 115.0, "{}", wide(0));
        assert!(wide(1) > 395.0, "{}", wide(1));
    }

    /// Of two buildings far apart, the one with the visitor counts.
    #[test]
    fn the_visitors_building_fills_the_picture() {
        let outlines = [square(0.0), square(70.0), square(600.0)];
        let all = buildings(&outlines, &[]);
        assert_eq!(all.len(), 2, "the first two are neighbours");
        let here = buildings(&outlines, &[Point::new(80.0, 10.0)]);
        assert_eq!(here.len(), 1);
        assert!(here[0].holds(Point::new(1.0, 1.0)) && !here[0].holds(Point::new(601.0, 1.0)));
    }
}
