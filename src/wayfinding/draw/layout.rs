//! Puts a picture together: ground, route, marks, pictograms, labels, in that order.
//!
//! Room is given out by importance: the visitor and the destination first, then the route, pictograms by
//! rank, then shops by size and by how well they are known.

use super::icons::Pictogram;
use super::labels::{Block, Board, Sizes};
use super::model::{Item, Paint, Path, Weight};
use super::quad::{Quad, Rings};
use super::trail::Scene;
use super::view::Mapping;
use super::{DrawOptions, Label, Picture, ground};
use crate::geometry::Point;
use crate::venue::{
    Direction, Facility, FeatureId, LevelIndex, Place, PlaceKind, Service, Unit, UnitKind, Venue,
};

/// Labels are not made smaller than this, unless less was asked for, in millimetres.
const SMALLEST_MM: f64 = 3.2;
/// Between a label and the edge of its shop, and between two labels.
const EDGE_MM: f64 = 0.55;
const GAP_MM: f64 = 0.6;
/// The square of a pictogram, in ems of the labels.
const ICON_EMS: f64 = 1.5;
/// A shop larger than this, in square metres, has a larger label.
const LARGE_M2: f64 = 350.0;

pub(super) fn level(venue: &Venue, level: LevelIndex, options: &DrawOptions) -> Picture {
    let mapping = Mapping::new(venue, level, options);
    let scene = Scene { venue, level, mapping: &mapping, options };
    let (width, height) = (f64::from(options.width_px), f64::from(options.height_px));
    let mut board = Board::new(width, height);
    let theme = &options.theme;

    let all = Rings(vec![vec![
        Point::new(0.0, 0.0),
        Point::new(width, 0.0),
        Point::new(width, height),
        Point::new(0.0, height),
    ]]);
    let mut items = vec![Item::Path { data: ground::path(&all), paint: Paint::fill(theme.outside) }];
    items.extend(ground::draw(venue, level, &mapping, options));
    items.extend(highlight(&scene));

    let route = scene.route(&mut board);
    let pin = scene.pin(&mut board);
    let visitor = scene.visitor(&mut board);
    let changes = scene.changes(&mut board);
    let mut targets = Vec::new();
    let mut labels = shop_labels(&scene, &mut board, Wanted::Highlighted);
    let icons = icons(&scene, &mut board, &mut targets);
    labels.extend(shop_labels(&scene, &mut board, Wanted::Others));
    labels.extend(zone_labels(&scene, &mut board));

    items.extend(icons);
    items.extend(labels);
    items.extend(route);
    items.extend(changes);
    items.extend(visitor);
    items.extend(pin);
    targets.extend(shop_targets(&scene));
    let labels = board.placed.into_iter().map(|p| Label {
        place: p.place,
        text: p.text,
        corners: p.quad.corners.map(|c| (c.x, c.y)),
    });
    Picture {
        items,
        size: (options.width_px, options.height_px),
        font_family: options.language.font_family(),
        mapping,
        targets,
        labels: labels.collect(),
    }
}

fn unit_of<'a>(venue: &'a Venue, place: &Place) -> Option<&'a Unit> {
    venue.unit_of(&place.unit).map(|u| venue.unit(u))
}

/// The outline of the place that is looked for.
fn highlight(scene: &Scene) -> Option<Item> {
    let place = scene.venue.place(&scene.options.highlight?)?;
    let unit = unit_of(scene.venue, place).filter(|u| u.level == scene.level && u.kind == UnitKind::Room)?;
    let theme = &scene.options.theme;
    let data = ground::path(&ground::rings(&unit.shape, scene.mapping));
    let fill = theme.paper.mixed(theme.route, 0.16);
    Some(Item::Path { data, paint: Paint::fill(fill).outlined(theme.route, 0.6 * scene.options.px_per_mm) })
}

fn sizes(scene: &Scene, boost: f64) -> Sizes {
    let mm = scene.options.px_per_mm;
    let text = scene.options.text_mm;
    let smallest = SMALLEST_MM.max(text * 0.7).min(text);
    Sizes { em: text * boost * mm, smallest: smallest * mm, edge: EDGE_MM * mm, gap: GAP_MM * mm }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Highlighted,
    Others,
}

/// The names of shops, inside of their shops.
fn shop_labels(scene: &Scene, board: &mut Board, wanted: Wanted) -> Vec<Item> {
    let options = scene.options;
    let is_highlight = |p: &Place| options.highlight == Some(p.id);
    let mut shops: Vec<(&Place, &Unit, f64)> = scene
        .venue
        .places()
        .iter()
        .filter(|p| p.level == scene.level && (p.kind == PlaceKind::Occupant || is_highlight(p)))
        .filter(|p| is_highlight(p) == (wanted == Wanted::Highlighted))
        .filter_map(|p| unit_of(scene.venue, p).map(|u| (p, u, geo::Area::unsigned_area(&u.shape))))
        .collect();
    shops.sort_by(|a, b| {
        b.0.landmark.total_cmp(&a.0.landmark).then(b.2.total_cmp(&a.2)).then(a.0.id.cmp(&b.0.id))
    });
    let mut items = Vec::new();
    for (place, unit, area) in shops {
        let bold = is_highlight(place);
        let weight = if bold { Weight::Bold } else { Weight::Regular };
        let boost = if area > LARGE_M2 || place.landmark >= 0.7 { 1.3 } else { 1.0 };
        let sizes = sizes(scene, boost);
        let name = place.name.get(options.language);
        let shape = ground::rings(&unit.shape, scene.mapping);
        let alone =
            || ground::tenants(scene.venue, unit.id).filter(|p| p.kind == PlaceKind::Occupant).count() == 1;
        if unit.kind == UnitKind::Room || (unit.category == "lobby" && alone()) {
            if let Some((block, at)) = board.try_inside(&shape, name, weight, sizes, Some(place.id)) {
                items.extend(block.items(at, options.theme.ink, None));
            } else if bold {
                items.extend(beside(scene, board, place, name));
            } else {
                items.extend(number(scene, board, &shape, place, sizes));
            }
        } else if bold {
            items.extend(beside(scene, board, place, name));
        } else {
            // A stand on open floor: its name on it, when there is room.
            let block = Block::new(vec![name.to_owned()], sizes.smallest, weight);
            let at = scene.mapping.px(place.position);
            let on_floor = Some(at).filter(|at| block.quad(*at, sizes.edge).fits(&shape));
            if let Some(at) = board.try_at(&block, on_floor, sizes.gap, Some(place.id)) {
                items.extend(block.items(at, options.theme.quiet_ink, None));
            }
        }
    }
    items
}

/// The name of the destination on a card beside it, where it does not fit inside.
fn beside(scene: &Scene, board: &mut Board, place: &Place, name: &str) -> Vec<Item> {
    let sizes = sizes(scene, 1.0);
    let theme = &scene.options.theme;
    let at = scene.mapping.px(place.position);
    let pad = sizes.em * 0.4;
    for lines in 1..=3 {
        let block = Block::new(super::measure::wrap(name, lines), sizes.em, Weight::Bold);
        let (width, height) = (block.width() + 2.0 * pad, block.height() + 2.0 * pad);
        let (w, h) = (width / 2.0 + sizes.em, height / 2.0 + sizes.em);
        let ring = [
            (0.0, 1.0),
            (0.0, -1.0),
            (1.0, 0.0),
            (-1.0, 0.0),
            (1.0, 1.0),
            (-1.0, 1.0),
            (1.0, -1.0),
            (-1.0, -1.0),
        ];
        let spots =
            [1.0, 1.8, 2.6].into_iter().flat_map(|n| ring.map(|(x, y)| at.moved(x * w * n, y * h * n)));
        if let Some(center) = board.try_at(&block, spots, pad + sizes.gap, Some(place.id)) {
            board.take(Quad::around(center, width, height, 0.0));
            let (left, top) = (center.x - width / 2.0, center.y - height / 2.0);
            let card = Path::rounded(left, top, width, height, pad);
            let paint = Paint::fill(theme.on_icon).outlined(theme.route, 0.4 * scene.options.px_per_mm);
            let mut items = vec![Item::Path { data: card, paint }];
            items.extend(block.items(center, theme.ink, None));
            return items;
        }
    }
    Vec::new()
}

/// The number of a shop whose name finds no room: "L2-07" gives "07".
fn number(scene: &Scene, board: &mut Board, shape: &Rings, place: &Place, sizes: Sizes) -> Vec<Item> {
    let Some(number) = &place.number else { return Vec::new() };
    let short = number.rsplit('-').next().unwrap_or(number);
    let sizes = Sizes { em: sizes.smallest, ..sizes };
    match board.try_inside(shape, short, Weight::Regular, sizes, Some(place.id)) {
        Some((block, at)) => block.items(at, scene.options.theme.quiet_ink, None),
        None => Vec::new(),
    }
}

/// The names of wings and halls, quietly, where the floor leaves room for them.
fn zone_labels(scene: &Scene, board: &mut Board) -> Vec<Item> {
    let options = scene.options;
    for obstacle in scene.venue.obstacles().iter().filter(|o| o.level == scene.level) {
        let (left, top, right, bottom) = ground::rings(&obstacle.shape, scene.mapping).bounds();
        let middle = Point::new((left + right) / 2.0, (top + bottom) / 2.0);
        board.take(Quad::around(middle, right - left, bottom - top, 0.0));
    }
    let here = |u: &&Unit| u.level == scene.level;
    let voids = scene.venue.units().iter().filter(here).filter(|u| u.kind == UnitKind::Void);
    let voids = voids.map(|u| (&u.name, ground::rings(&u.shape, scene.mapping), None));
    let floors: Vec<Rings> = scene
        .venue
        .units()
        .iter()
        .filter(here)
        .filter(|u| u.kind.is_thoroughfare())
        .map(|u| ground::rings(&u.shape, scene.mapping))
        .collect();
    let sections =
        scene.venue.sections().iter().filter(|s| s.level == scene.level && s.category != "walkway");
    let zones = sections.flat_map(|s| {
        let shape = ground::rings(&s.shape, scene.mapping);
        floors.iter().map(move |floor| (&s.name, shape.clone(), Some(floor)))
    });
    let mut items = Vec::new();
    for (name, shape, floor) in voids.chain(zones).filter(|(name, _, _)| !name.is_empty()) {
        let name = name.get(options.language);
        if board.placed.iter().any(|p| p.text == name) {
            continue;
        }
        let sizes = sizes(scene, 1.0);
        if let Some((block, at)) = board.try_zone(&shape, floor.unwrap_or(&shape), name, sizes) {
            items.extend(block.items(at, options.theme.quiet_ink, None));
        }
    }
    items
}

/// The pictograms of a level, the important ones first; of several alike in one spot one is enough.
fn icons(scene: &Scene, board: &mut Board, targets: &mut Vec<(Rings, FeatureId)>) -> Vec<Item> {
    let options = scene.options;
    let size = (options.text_mm * ICON_EMS).clamp(4.6, 8.0) * options.px_per_mm;
    let mut wanted: Vec<(Pictogram, Point, FeatureId)> = Vec::new();
    for place in scene.venue.places().iter().filter(|p| p.level == scene.level) {
        let at = scene.mapping.px(place.position);
        for pictogram in pictograms(scene, place) {
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

/// What is shown for a place. An escalator only where it can be entered, with the way it runs.
fn pictograms(scene: &Scene, place: &Place) -> Vec<Pictogram> {
    if place.kind == PlaceKind::Occupant {
        return Vec::new();
    }
    let Some(facility) = place.facilities.first().copied() else { return Vec::new() };
    let unit = scene.venue.unit_of(&place.unit);
    let of_unit = |s: &&crate::venue::Shaft| s.stops.iter().any(|stop| Some(stop.unit) == unit);
    match facility {
        Facility::Escalator => {
            let mut ways = Vec::new();
            for shaft in scene.venue.shafts().iter().filter(of_unit).filter(|s| s.kind == UnitKind::Escalator)
            {
                let lowest = shaft.stops.first().map(|s| s.level) == Some(scene.level);
                ways.extend(match (shaft.direction, lowest) {
                    (Direction::Down, true) | (Direction::Up, false) => None,
                    (_, true) => Some(Pictogram::EscalatorUp),
                    (_, false) => Some(Pictogram::EscalatorDown),
                });
            }
            ways
        }
        Facility::Lift | Facility::Stairs => {
            let mut shafts = scene.venue.shafts().iter().filter(of_unit).peekable();
            let staff = shafts.peek().is_some() && shafts.all(|s| s.service == Service::Staff);
            if staff { Vec::new() } else { vec![Pictogram::Of(facility)] }
        }
        other => Some(Pictogram::Of(other)).filter(|p| p.exists()).into_iter().collect(),
    }
}

/// What a touch on the ground finds: shops by their outline, the nearest one where several share it.
fn shop_targets(scene: &Scene) -> Vec<(Rings, FeatureId)> {
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
