//! Where a route goes on when it leaves a level, and where it came from: its next walk on another level,
//! faint, where it lies in the plan. A lift's sign says how one gets there; this says which way it then is.

use super::model::{Item, Paint, Path};
use super::trail::Scene;
use crate::geometry::Point;
use crate::route::{Leg, Mode};

/// How much of it shows.
const FAINT: f64 = 0.45;
const WIDTH_MM: f64 = 1.1;

/// The walks before and after this level's own.
pub(crate) fn of(scene: &Scene) -> Vec<Item> {
    let Some(route) = scene.options.route else { return Vec::new() };
    let on_level = |leg: &Leg| leg.level == scene.level || leg.to_level == scene.level;
    let width = WIDTH_MM * scene.options.px_per_mm * scene.boldness();
    let mut items = Vec::new();
    for (index, leg) in route.legs.iter().enumerate() {
        let beside = |other: Option<&Leg>| other.is_some_and(|l| l.mode != Mode::Walk && on_level(l));
        let neighbour =
            beside(index.checked_sub(1).map(|i| &route.legs[i])) || beside(route.legs.get(index + 1));
        if leg.mode != Mode::Walk || leg.level == scene.level || !neighbour {
            continue;
        }
        let line: Vec<Point> = leg.line.iter().map(|p| scene.mapping.px(*p)).collect();
        let paint = Paint::stroke(scene.options.theme.route, width).dashed(width * 1.2, width * 1.6);
        items.push(Item::Path { data: Path::line(&line), paint: paint.see_through(FAINT) });
    }
    items
}
