//! Layout: assembles the picture of a level. From bottom to top it has the ground, pictograms, labels, the
//! route, the visitor, the pin, fault marks and the credit line.
//!
//! Space is allocated in another order, by importance: first the credit line, then the route, the pin, the
//! visitor and fault marks. They are followed by the highlighted name, well-known shops, pictograms by
//! rank, the other shops, rooms and zones. Shops are ordered by landmark value, then by size.

use super::labels::Board;
use super::model::{Item, Paint};
use super::names::{self, Wanted};
use super::quad::{Quad, Rings};
use super::trail::{Scene, Sheet};
use super::view::Mapping;
use super::{DrawOptions, Picture, continuation, credit, faults, ground, marks};
use crate::geometry::Point;
use crate::venue::{FeatureId, LevelIndex, Place, PlaceKind, Unit, UnitKind, Venue};

pub(super) fn level(venue: &Venue, level: LevelIndex, options: &DrawOptions) -> Picture {
    let mapping = Mapping::new(venue, level, options);
    let scene = Scene { venue, level, mapping: &mapping, options, sheet: Sheet::Alone };
    let mut board = Board::new(f64::from(options.width_px), f64::from(options.height_px));
    let mut items = vec![outside(options)];
    items.extend(ground::draw(venue, level, &mapping, options));
    items.extend(highlight(&scene));

    let credit = credit::items(venue, options, &mut board);
    let route = scene.route(&mut board);
    let pin = scene.pin(&mut board);
    let visitor = scene.visitor(&mut board);
    let changes = scene.changes(&mut board);
    let faults = faults::marks(&scene, &mut board);
    let mut targets = Vec::new();
    let mut labels = names::shops(&scene, &mut board, Wanted::Highlighted);
    labels.extend(names::shops(&scene, &mut board, Wanted::Known));
    let icons = marks::icons(&scene, &mut board, marks::ALL, &mut targets);
    labels.extend(names::shops(&scene, &mut board, Wanted::Others));
    labels.extend(names::rooms(&scene, &mut board));
    labels.extend(names::zones(&scene, &mut board));

    items.extend(continuation::items(&scene));
    items.extend(icons);
    items.extend(labels);
    items.extend(route);
    items.extend(changes);
    items.extend(visitor);
    items.extend(pin);
    items.extend(faults);
    items.extend(credit);
    targets.extend(shop_targets(&scene));
    Picture::new(items, options, vec![(level, mapping)], targets, board)
}

/// The ground around the building.
pub(super) fn outside(options: &DrawOptions) -> Item {
    let (width, height) = (f64::from(options.width_px), f64::from(options.height_px));
    let middle = Point::new(width / 2.0, height / 2.0);
    let all = Rings(vec![Quad::around(middle, width, height, 0.0).corners.to_vec()]);
    Item::Path { data: ground::path(&all), paint: Paint::fill(options.theme.outside) }
}

pub(super) fn unit_of<'a>(venue: &'a Venue, place: &Place) -> Option<&'a Unit> {
    venue.unit_of(&place.unit).map(|u| venue.unit(u))
}

/// The outline of the highlighted place.
pub(super) fn highlight(scene: &Scene) -> Option<Item> {
    let place = scene.venue.place(&scene.options.highlight?)?;
    let unit = unit_of(scene.venue, place).filter(|u| u.level == scene.level && u.kind == UnitKind::Room)?;
    let theme = &scene.options.theme;
    let data = ground::path(&ground::rings(&unit.shape, scene.mapping));
    let fill = theme.paper.mixed(theme.route, 0.16);
    Some(Item::Path { data, paint: Paint::fill(fill).outlined(theme.route, 0.6 * scene.options.px_per_mm) })
}

/// The hit-test targets of places: the outlines of rooms, and before them a square around each stand and
/// around each shop that shares its unit.
pub(super) fn shop_targets(scene: &Scene) -> Vec<(Rings, FeatureId)> {
    let reach = 4.0 * scene.options.px_per_mm;
    let mut stands = Vec::new();
    let mut rooms = Vec::new();
    for place in scene.venue.places().iter().filter(|p| p.level == scene.level) {
        let Some(unit) = unit_of(scene.venue, place) else { continue };
        let shared = ground::tenants(scene.venue, place.unit).filter(|p| p.kind == place.kind).count() > 1;
        if unit.kind == UnitKind::Room {
            rooms.push((ground::rings(&unit.shape, scene.mapping), place.id));
        }
        if place.kind == PlaceKind::Occupant && (shared || unit.kind != UnitKind::Room) {
            let around = Quad::around(scene.mapping.px(place.position), reach, reach, 0.0);
            stands.push((Rings(vec![around.corners.to_vec()]), place.id));
        }
    }
    stands.extend(rooms);
    stands
}
