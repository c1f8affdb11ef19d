//! The continuation of a route on another level: its next walk there, drawn faintly at its position in the
//! plan. The lift's sign shows how to change levels; the continuation shows the direction after that.

use super::model::{Item, Paint, Path};
use super::trail::Scene;
use crate::geometry::Point;
use crate::route::Mode;

/// The opacity of the continuation.
const FAINT: f64 = 0.45;
const WIDTH_MM: f64 = 1.1;

/// The walks after the rides that leave this level.
pub(crate) fn items(scene: &Scene) -> Vec<Item> {
    let Some(route) = scene.options.route else { return Vec::new() };
    let width = WIDTH_MM * scene.options.px_per_mm * scene.boldness();
    let mut items = Vec::new();
    for pair in route.legs.windows(2) {
        let (ride, leg) = (&pair[0], &pair[1]);
        let leaves = ride.mode != Mode::Walk && ride.level == scene.level;
        if !leaves || leg.mode != Mode::Walk || leg.level == scene.level {
            continue;
        }
        let line: Vec<Point> = leg.line.iter().map(|p| scene.mapping.px(*p)).collect();
        let paint = Paint::stroke(scene.options.theme.route, width).dashed(width * 1.2, width * 1.6);
        items.push(Item::Path { data: Path::line(&line), paint: paint.see_through(FAINT) });
    }
    items
}
