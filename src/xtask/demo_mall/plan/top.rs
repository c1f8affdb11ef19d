//! The food court on L4: seats along the atrium, counters in a bow behind them.

use super::outline::ARC_STEP;
use super::row::{Bay, opening_in, storefront};
use super::storey::{MOUTH, STAFF, Storey};
use crate::demo_mall::geometry::{Point, Polygon, Polyline, Ray, at, disc};

/// The radius of the counters, in metres.
const COUNTERS: f64 = 31.0;
const STALLS: u32 = 9;

/// Draws the food court between two walls that point to the middle of the drum.
pub fn food_court(storey: &mut Storey, bay: &Bay) {
    let angles = bay.walls.map(|wall| wall.direction.y.atan2(wall.direction.x).to_degrees());
    let [east, west] = angles;
    let corners =
        (-24..0).rev().map(|i| f64::from(i) * ARC_STEP).filter(|a| (west - 8.0..east + 8.0).contains(a));
    let counters = Polyline(corners.map(|a| Point::polar(COUNTERS, a)).collect());
    let mouth = counters.slice(counters.cut(bay.walls[0]), counters.cut(bay.walls[1]));

    let front = bay.front();
    let seats: Vec<Point> = front.iter().copied().chain(mouth.into_iter().rev()).collect();
    storey.room("food-court", "foodservice", Polygon::new(seats)).name = Some("food-court".to_owned());
    for (i, pair) in front.windows(2).enumerate() {
        let gap = pair[0].distance(pair[1]) - 0.3;
        if gap > 0.9 {
            storey.door(&format!("food-court/mouth/{}", i + 1), MOUTH, opening_in(pair, 0.5, gap - 0.1));
        }
    }

    let wall = |i: u32| {
        let angle = east + (west - east) * f64::from(i) / f64::from(STALLS);
        Ray { origin: at(0.0, 0.0), direction: Point::polar(1.0, angle) }
    };
    for i in 0..STALLS {
        let walls = if i == 0 { [bay.walls[0], wall(1)] } else { [wall(i), wall(i + 1)] };
        let walls = if i + 1 == STALLS { [walls[0], bay.walls[1]] } else { walls };
        let line = &bay.lines.back;
        let back = line.slice(line.cut(walls[0]), line.cut(walls[1]));
        let counter = counters.slice(counters.cut(walls[0]), counters.cut(walls[1]));
        let floor = counter.iter().copied().chain(back.iter().rev().copied()).collect();
        let key = storey.shop(Polygon::new(floor));
        storefront(storey, &key, &counter);
        storey.door(&format!("{key}/back"), STAFF, opening_in(&back, 0.5, 0.9));
    }
    tables(storey, west, east);
}

/// Draws round tables in two arcs, with room to walk between them and a clear aisle in the middle.
fn tables(storey: &mut Storey, west: f64, east: f64) {
    for (radius, step) in [(26.2, 6.0), (28.7, 6.0)] {
        let mut angle = west + 4.0;
        while angle < east - 3.0 {
            if (angle + 90.0).abs() > 3.5 {
                let table = disc(Point::polar(radius, angle), 0.65, 6);
                storey.fixture("furniture", "fixture.table", table);
            }
            angle += step;
        }
    }
}
