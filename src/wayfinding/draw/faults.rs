//! Fault marks: they show a map's author where its faults are.
//!
//! Each marked feature has a rim and a number: the position of the fault in the caller's list. A feature
//! that was left out of the venue is marked where the caller says. [`place_of`] returns `None` for such a
//! feature.

use geo::MultiPolygon;

use super::ground;
use super::labels::{Block, Board};
use super::model::{Item, Paint, Path, Weight};
use super::quad::Quad;
use super::trail::Scene;
use crate::geometry::Point;
use crate::venue::{FeatureId, LevelIndex, Venue};

/// The rim of a marked feature, and the badge with its number, in millimetres.
const RIM_MM: f64 = 0.9;
const BADGE_MM: f64 = 5.0;

/// The shape of a marked feature.
enum Shape<'a> {
    Area(&'a MultiPolygon<f64>, Point),
    Line(Point, Point),
    Spot(Point),
}

impl Shape<'_> {
    fn middle(&self) -> Point {
        match self {
            Self::Area(_, middle) | Self::Spot(middle) => *middle,
            Self::Line(from, to) => from.toward(*to, 0.5),
        }
    }
}

/// Every shape of a feature, with its level: a shaft has one on each of its levels.
fn shapes<'a>(venue: &'a Venue, id: &FeatureId) -> Vec<(LevelIndex, Shape<'a>)> {
    let mut found = Vec::new();
    if let Some(unit) = venue.unit_of(id).map(|u| venue.unit(u)) {
        found.push((unit.level, Shape::Area(&unit.shape, unit.center)));
    }
    for stop in venue.shafts().iter().filter(|s| s.id == *id).flat_map(|s| &s.stops) {
        let unit = venue.unit(stop.unit);
        if unit.id != *id {
            found.push((stop.level, Shape::Area(&unit.shape, unit.center)));
        }
    }
    if let Some(place) = venue.place(id) {
        found.push((place.level, Shape::Spot(place.position)));
    }
    let doors = venue.openings().iter().filter(|o| o.id == *id);
    found.extend(doors.map(|d| (d.level, Shape::Line(d.from, d.to))));
    let centre = |shape: &MultiPolygon<f64>| geo::Centroid::centroid(shape).map(|c| Point::new(c.x(), c.y()));
    let things = venue.obstacles().iter().filter(|o| o.id == *id);
    found.extend(things.filter_map(|o| Some((o.level, Shape::Area(&o.shape, centre(&o.shape)?)))));
    let zones = venue.sections().iter().filter(|s| s.id == *id);
    found.extend(zones.filter_map(|s| Some((s.level, Shape::Area(&s.shape, centre(&s.shape)?)))));
    let kiosks = venue.kiosks().iter().filter(|k| k.feature == Some(*id));
    found.extend(kiosks.map(|k| (k.level, Shape::Spot(k.position))));
    let levels = venue.levels().iter().enumerate().filter(|(_, l)| l.id == *id);
    found.extend(
        levels.filter_map(|(i, l)| Some((LevelIndex(i), Shape::Area(&l.outline, centre(&l.outline)?)))),
    );
    found
}

/// The level and the point where a feature is marked; `None` if the map gives it no position.
pub(super) fn place_of(venue: &Venue, id: &FeatureId) -> Option<(LevelIndex, Point)> {
    shapes(venue, id).first().map(|(level, shape)| (*level, shape.middle()))
}

/// The marks on a level. They take the space of their numbers before any label.
pub(crate) fn marks(scene: &Scene, board: &mut Board) -> Vec<Item> {
    let mm = scene.options.px_per_mm * scene.boldness();
    let theme = &scene.options.theme;
    let rim = Paint::stroke(theme.fault, RIM_MM * mm);
    let mut rims = Vec::new();
    let mut badges = Vec::new();
    for (index, fault) in scene.options.faults.iter().enumerate() {
        let mut shapes = shapes(scene.venue, &fault.feature);
        let elsewhere = fault.elsewhere.filter(|_| shapes.is_empty());
        shapes.extend(elsewhere.map(|(level, point)| (level, Shape::Spot(point))));
        for (_, shape) in shapes.iter().filter(|(level, _)| *level == scene.level) {
            let middle = scene.mapping.px(shape.middle());
            let data = match shape {
                Shape::Area(area, _) => ground::path(&ground::rings(area, scene.mapping)),
                Shape::Line(from, to) => Path::line(&[scene.mapping.px(*from), scene.mapping.px(*to)]),
                Shape::Spot(_) => Path::circle(middle, BADGE_MM * 0.35 * mm),
            };
            rims.push(Item::Path { data, paint: rim });
            let block =
                Block::new(scene.options.measure(), vec![(index + 1).to_string()], 3.2 * mm, Weight::Bold);
            let (width, height) = ((block.width() + 2.0 * mm).max(BADGE_MM * mm), BADGE_MM * mm);
            // A feature outside the picture is marked at the edge, in its direction.
            let within = |at: f64, size: u32, room: f64| at.clamp(room, (f64::from(size) - room).max(room));
            let middle = Point::new(
                within(middle.x, scene.options.width_px, width),
                within(middle.y, scene.options.height_px, height),
            );
            // The badge stands beside the feature, which stays visible, and as near as there is space.
            let around = (0..12).map(|i| f64::from(i) * 30.0).flat_map(|bearing| {
                let (sin, cos) = f64::to_radians(bearing).sin_cos();
                [1.1, 1.9, 3.0].map(|far| middle.moved(sin * far * width, -cos * far * height))
            });
            let free = around.into_iter().find(|p| board.is_free(&Quad::around(*p, width, height, 0.0)));
            let at = free.unwrap_or(middle);
            board.take(Quad::around(at, width, height, 0.0));
            let thread = Paint::stroke(theme.fault, 0.4 * mm);
            rims.push(Item::Path { data: Path::line(&[middle, at]), paint: thread });
            let data = Path::rounded(at.x - width / 2.0, at.y - height / 2.0, width, height, height / 2.0);
            badges
                .push(Item::Path { data, paint: Paint::fill(theme.fault).outlined(theme.on_icon, 0.4 * mm) });
            badges.extend(block.items(at, theme.on_icon, None));
        }
    }
    rims.extend(badges);
    rims
}
