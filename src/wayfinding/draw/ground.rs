//! The ground of a picture: the floor, shops in quiet tints, walls with their doors, and obstacles.
//!
//! It depends only on the map and the options, and takes no space from labels.

use geo::MultiPolygon;

use super::model::{Item, Paint, Path};
use super::quad::Rings;
use super::view::Mapping;
use super::{Colour, DrawOptions, MapTheme};
use crate::geometry::Point;
use crate::venue::{
    FeatureId, Group, LevelIndex, Passage, Place, PlaceKind, Unit, UnitIndex, UnitKind, Venue,
};

/// Thickness of walls and lines, in millimetres.
const OUTER_WALL_MM: f64 = 0.7;
const WALL_MM: f64 = 0.35;
const FINE_MM: f64 = 0.2;
/// The smallest gap in a wall that is drawn for a door, in pixels.
const SMALLEST_GAP: f64 = 1.5;

/// A shape of the level, in pixels.
pub(crate) fn rings(shape: &MultiPolygon<f64>, mapping: &Mapping) -> Rings {
    let ring = |r: &geo::LineString<f64>| -> Vec<Point> {
        let open = &r.0[..r.0.len().saturating_sub(1)];
        open.iter().map(|c| mapping.px(Point::from(*c))).collect()
    };
    Rings(shape.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())).map(ring).collect())
}

pub(crate) fn path(rings: &Rings) -> Path {
    let mut path = Path::default();
    for ring in &rings.0 {
        path.add_ring(ring);
    }
    path
}

/// The places in a unit.
pub(crate) fn tenants(venue: &Venue, unit: FeatureId) -> impl Iterator<Item = &Place> {
    venue.places().iter().filter(move |p| p.unit == unit)
}

/// The tint of a group of shops.
fn tint(group: Group, theme: &MapTheme) -> Colour {
    match group {
        Group::Fashion | Group::Beauty | Group::Sport => theme.fashion,
        Group::Food | Group::Grocery => theme.food,
        Group::Home | Group::Electronics | Group::DepartmentStore => theme.living,
        Group::Entertainment | Group::BooksAndGifts => theme.children,
        Group::Services | Group::Health | Group::Facility => theme.service,
        Group::Other => theme.void,
    }
}

/// Draws everything that lies under the route and the labels.
pub(crate) fn draw(venue: &Venue, level: LevelIndex, mapping: &Mapping, options: &DrawOptions) -> Vec<Item> {
    let theme = &options.theme;
    let mm = options.px_per_mm;
    let mut items = Vec::new();
    let outline = path(&rings(&venue.level(level).outline, mapping));
    items.push(Item::Path { data: outline.clone(), paint: Paint::fill(theme.closed) });
    let units: Vec<(UnitIndex, &Unit)> = venue
        .units()
        .iter()
        .enumerate()
        .map(|(i, u)| (UnitIndex(i), u))
        .filter(|(_, u)| u.level == level)
        .collect();
    // Large spaces first, so that a kiosk drawn inside a hall is on top of it.
    for wanted in [true, false] {
        for (_, unit) in units.iter().filter(|(_, u)| u.kind.is_thoroughfare() == wanted) {
            items.extend(unit_items(venue, unit, mapping, options));
        }
    }
    for detail in venue.details().iter().filter(|d| d.level == level) {
        let points: Vec<Point> = detail.points.iter().map(|p| mapping.px(*p)).collect();
        let paint = Paint::stroke(theme.wall, FINE_MM * mm).see_through(0.8);
        items.push(Item::Path { data: Path::line(&points), paint });
    }
    items.extend(walls(venue, level, &units, mapping, options));
    items.push(Item::Path { data: outline, paint: Paint::stroke(theme.wall, OUTER_WALL_MM * mm) });
    items.extend(entrances(venue, level, mapping, options));
    items.extend(furniture(venue, level, mapping, options));
    items
}

fn unit_items(venue: &Venue, unit: &Unit, mapping: &Mapping, options: &DrawOptions) -> Vec<Item> {
    let theme = &options.theme;
    let shape = rings(&unit.shape, mapping);
    let data = path(&shape);
    let fine = FINE_MM * options.px_per_mm;
    let fill = match unit.kind {
        UnitKind::Floor | UnitKind::Ramp | UnitKind::Steps | UnitKind::MovingWalkway { .. } => {
            if unit.category == "parking" { theme.paper.mixed(theme.closed, 0.5) } else { theme.paper }
        }
        UnitKind::Closed => theme.closed,
        UnitKind::Void => {
            let paint =
                Paint::fill(theme.void).outlined(theme.wall, 2.0 * fine).dashed(8.0 * fine, 5.0 * fine);
            return vec![Item::Path { data, paint }];
        }
        UnitKind::Solid => theme.closed.mixed(theme.wall, 0.4),
        UnitKind::Lift | UnitKind::Stairs | UnitKind::Escalator => theme.closed.mixed(theme.wall, 0.25),
        UnitKind::Room => {
            let shop = tenants(venue, unit.id).find(|p| p.kind == PlaceKind::Occupant);
            let group = shop.or_else(|| tenants(venue, unit.id).next()).map(|p| p.group);
            let by_use = match unit.category.as_str() {
                "movietheater" | "theater" | "auditorium" => Group::Entertainment,
                "fitnessroom" => Group::Sport,
                "foodservice" => Group::Food,
                _ => Group::Other,
            };
            tint(group.unwrap_or(by_use), theme)
        }
    };
    let mut items = vec![Item::Path { data, paint: Paint::fill(fill) }];
    if matches!(unit.kind, UnitKind::Escalator | UnitKind::Stairs) {
        items.extend(treads(&shape, theme.wall, options.px_per_mm));
    }
    items
}

/// The tread lines across stairs and escalators.
fn treads(shape: &Rings, colour: Colour, mm: f64) -> Option<Item> {
    let ring = shape.0.first().filter(|r| r.len() == 4)?;
    let long = usize::from(ring[0].distance(ring[1]) < ring[1].distance(ring[2]));
    let (a, b) = (ring[long], ring[(long + 1) % 4]);
    let (d, c) = (ring[(long + 3) % 4], ring[(long + 2) % 4]);
    let mut data = Path::default();
    // A plain cast: a few dozen.
    let count = ((a.distance(b) / (0.9 * mm)).round() as u32).clamp(1, 60);
    for i in 1..count {
        let t = f64::from(i) / f64::from(count);
        data.add_line(&[a.toward(b, t), d.toward(c, t)]);
    }
    Some(Item::Path { data, paint: Paint::stroke(colour, FINE_MM * mm) })
}

/// Walls around rooms and shafts, with gaps for their doors.
fn walls(
    venue: &Venue,
    level: LevelIndex,
    units: &[(UnitIndex, &Unit)],
    mapping: &Mapping,
    options: &DrawOptions,
) -> Vec<Item> {
    let (theme, mm) = (&options.theme, options.px_per_mm);
    let mut data = Path::default();
    let walled = |kind| {
        !matches!(
            kind,
            UnitKind::Floor | UnitKind::Void | UnitKind::Ramp | UnitKind::MovingWalkway { direction: None }
        )
    };
    for (_, unit) in units.iter().filter(|(_, u)| walled(u.kind)) {
        for ring in rings(&unit.shape, mapping).0 {
            data.add_ring(&ring);
        }
    }
    let mut items = vec![Item::Path { data, paint: Paint::stroke(theme.wall, WALL_MM * mm) }];
    let mut gaps = Path::default();
    for opening in venue.openings().iter().filter(|o| o.level == level) {
        let public = opening.passage == Passage::Public
            && opening.sides.iter().flatten().all(|u| venue.unit(*u).kind != UnitKind::Closed);
        if public && !opening.is_exterior() && opening.width() * mapping.scale > SMALLEST_GAP {
            gaps.add_line(&[mapping.px(opening.from), mapping.px(opening.to)]);
        }
    }
    items.push(Item::Path { data: gaps, paint: Paint::stroke(theme.paper, WALL_MM * mm * 1.6) });
    items
}

/// The exterior openings, as gaps in the outer wall.
fn entrances(venue: &Venue, level: LevelIndex, mapping: &Mapping, options: &DrawOptions) -> Option<Item> {
    let mut gaps = Path::default();
    for opening in venue.openings().iter().filter(|o| o.level == level && o.is_exterior()) {
        if opening.passage == Passage::Public {
            gaps.add_line(&[mapping.px(opening.from), mapping.px(opening.to)]);
        }
    }
    let paint = Paint::stroke(options.theme.paper, OUTER_WALL_MM * options.px_per_mm * 1.3);
    (!gaps.is_empty()).then_some(Item::Path { data: gaps, paint })
}

fn furniture(venue: &Venue, level: LevelIndex, mapping: &Mapping, options: &DrawOptions) -> Vec<Item> {
    let theme = &options.theme;
    let own_kiosk = |o: &crate::venue::Obstacle| {
        // The kiosk of the visitor is drawn as the visitor, not as furniture.
        o.category == "kiosk" && options.kiosk.is_some()
    };
    let standing = venue.obstacles().iter().filter(|o| o.level == level && !own_kiosk(o));
    standing
        .map(|obstacle| {
            let fill = match obstacle.category.as_str() {
                "vegetation" => theme.green,
                "water" => theme.water,
                "wall" | "obstruction" => theme.closed.mixed(theme.wall, 0.6),
                _ => theme.closed,
            };
            let data = path(&rings(&obstacle.shape, mapping));
            Item::Path { data, paint: Paint::fill(fill) }
        })
        .collect()
}
