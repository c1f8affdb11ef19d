//! Pictograms on the map, by rank. Of several equal ones at one spot, only one is shown.

use super::icons::Pictogram;
use super::labels::Board;
use super::model::Item;
use super::quad::{Quad, Rings};
use super::trail::Scene;
use crate::geometry::Point;
use crate::venue::{Facility, FeatureId, Place, PlaceKind, Service, TravelDirection, UnitKind};

/// The square of a pictogram, in ems of the labels.
const ICON_EMS: f64 = 1.5;
/// The lowest rank: all pictograms.
pub(crate) const ALL: u8 = u8::MAX;

/// The pictograms of a level up to a rank, and their hit-test shapes.
pub(crate) fn icons(
    scene: &Scene,
    board: &mut Board,
    least_rank: u8,
    targets: &mut Vec<(Rings, FeatureId)>,
) -> Vec<Item> {
    let options = scene.options;
    let size = (options.text_mm * ICON_EMS).clamp(4.6, 8.0) * scene.boldness() * options.px_per_mm;
    let mut wanted: Vec<(Pictogram, Point, FeatureId)> = Vec::new();
    for place in scene.venue.places().iter().filter(|p| p.level == scene.level) {
        let at = scene.mapping.px(place.position);
        for pictogram in pictograms(scene, place).into_iter().filter(|p| p.rank() <= least_rank) {
            wanted.push((pictogram, at, place.id));
        }
    }
    wanted.sort_by(|a, b| {
        a.0.rank().cmp(&b.0.rank()).then(a.1.x.total_cmp(&b.1.x)).then(a.1.y.total_cmp(&b.1.y))
    });
    let mut items = Vec::new();
    let mut drawn: Vec<(Pictogram, Point)> = Vec::new();
    for (pictogram, at, id) in wanted {
        if drawn.iter().any(|(p, there)| *p == pictogram && there.distance(at) < size * 2.2) {
            continue;
        }
        let gap = options.px_per_mm * 0.3;
        let near = [
            (0.0, 0.0),
            (0.6, 0.0),
            (-0.6, 0.0),
            (0.0, 0.6),
            (0.0, -0.6),
            (1.05, 0.0),
            (-1.05, 0.0),
            (0.0, 1.05),
            (0.0, -1.05),
        ];
        let spot = near.map(|(x, y)| at.moved(x * size, y * size));
        let quad = |c: Point| Quad::around(c, size + gap, size + gap, 0.0);
        let Some(center) = spot.into_iter().find(|c| board.is_free(&quad(*c))) else { continue };
        board.take(quad(center));
        drawn.push((pictogram, at));
        targets.push((Rings(vec![quad(center).corners.to_vec()]), id));
        items.extend(pictogram.tile(center, size, &options.theme));
    }
    items
}

/// The pictograms of a place. An escalator has one only where it can be entered, with its direction.
fn pictograms(scene: &Scene, place: &Place) -> Vec<Pictogram> {
    if place.kind == PlaceKind::Occupant {
        return Vec::new();
    }
    let Some(facility) = place.facilities.first().copied() else { return Vec::new() };
    let unit = scene.venue.unit_of(&place.unit);
    let of_unit = |s: &&crate::venue::Shaft| s.stops.iter().any(|stop| Some(stop.unit) == unit);
    match facility {
        Facility::Escalator => {
            let mut arrows = Vec::new();
            for shaft in scene.venue.shafts().iter().filter(of_unit).filter(|s| s.kind == UnitKind::Escalator)
            {
                let lowest = shaft.stops.first().map(|s| s.level) == Some(scene.level);
                arrows.extend(match (shaft.direction, lowest) {
                    (TravelDirection::Backward, true) | (TravelDirection::Forward, false) => None,
                    (_, true) => Some(Pictogram::EscalatorUp),
                    (_, false) => Some(Pictogram::EscalatorDown),
                });
            }
            arrows
        }
        Facility::Lift | Facility::Stairs => {
            let mut shafts = scene.venue.shafts().iter().filter(of_unit).peekable();
            let staff = shafts.peek().is_some() && shafts.all(|s| s.service == Service::Staff);
            if staff { Vec::new() } else { vec![Pictogram::Of(facility)] }
        }
        other => Some(Pictogram::Of(other)).filter(|p| p.exists()).into_iter().collect(),
    }
}
