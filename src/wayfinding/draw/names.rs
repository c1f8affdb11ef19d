//! The names on a map: shops inside their outline, stands beside theirs, rooms, halls and wings.
//!
//! A name without space is replaced by the pictogram of the shop's kind, and a pictogram without space by the
//! shop's number. A touch on the shop still shows its name.

use super::DrawOptions;
use super::ground;
use super::icons::Pictogram;
use super::labels::{Board, Name, Sizes};
use super::layout::unit_of;
use super::model::{Item, Paint, Path, Weight};
use super::quad::{Quad, Rings};
use super::trail::{Scene, Sheet};
use crate::geometry::Point;
use crate::venue::{Place, PlaceKind, Unit, UnitKind};

/// The size of the pictogram of a shop without a name, in millimetres.
const SYMBOL_MM: f64 = 4.2;
/// The distance between a label and the edge of its shop, and between two labels, in millimetres.
const EDGE_MM: f64 = 0.55;
const GAP_MM: f64 = 0.6;
/// A larger shop has a larger label, in square metres.
const LARGE_M2: f64 = 350.0;
/// The size of small text, in millimetres.
const SMALL_TEXT_MM: f64 = 3.6;
/// Below this scale (millimetres per metre), names may cover the walls of their own shops.
pub(super) const SMALL_MAP: f64 = 1.05;
/// Below this scale, they may also cover the walls of other shops.
pub(super) const TINY_MAP: f64 = 0.6;
/// A place at least this well known gets its name before pictograms are placed.
const KNOWN: f64 = 0.6;

/// The scale of a map with small text that has as much room for names, in millimetres per metre: large text makes
/// a map small.
pub(super) fn relative_scale(px_per_metre: f64, options: &DrawOptions) -> f64 {
    px_per_metre / options.px_per_mm * (SMALL_TEXT_MM / options.text_mm.max(SMALL_TEXT_MM))
}

fn sizes(scene: &Scene, boost: f64) -> Sizes {
    let mm = scene.options.px_per_mm;
    let text = scene.options.text_mm;
    let smallest = scene.options.least_text_mm.max(text * 0.7).min(text);
    Sizes { em: text * boost * mm, smallest: smallest * mm, edge: EDGE_MM * mm, gap: GAP_MM * mm }
}

impl Scene<'_> {
    /// A text, ready for layout on this map.
    fn name<'a>(&'a self, text: &'a str, weight: Weight) -> Name<'a> {
        Name { measure: self.options.measure(), text, weight }
    }
}

/// The shops that are named in this round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The destination and the place that has to be found.
    Highlighted,
    /// Well-known shops, which help visitors to find the others.
    Known,
    Others,
}

/// The names of shops: inside the shop, or beside a stand.
pub(crate) fn shops(scene: &Scene, board: &mut Board, wanted: Wanted) -> Vec<Item> {
    let options = scene.options;
    let round = |p: &Place| {
        if [options.highlight, options.named].contains(&Some(p.id)) {
            Wanted::Highlighted
        } else if p.landmark >= KNOWN {
            Wanted::Known
        } else {
            Wanted::Others
        }
    };
    let mut shops: Vec<(&Place, &Unit, f64)> = scene
        .venue
        .places()
        .iter()
        .filter(|p| p.level == scene.level && round(p) == wanted)
        .filter(|p| p.kind == PlaceKind::Occupant || wanted == Wanted::Highlighted)
        .filter_map(|p| unit_of(scene.venue, p).map(|u| (p, u, geo::Area::unsigned_area(&u.shape))))
        .collect();
    shops.sort_by(|a, b| {
        let is_other = |p: &Place| options.highlight != Some(p.id);
        (is_other(a.0).cmp(&is_other(b.0)))
            .then(b.0.landmark.total_cmp(&a.0.landmark))
            .then(b.2.total_cmp(&a.2))
            .then(a.0.id.cmp(&b.0.id))
    });
    let floor = floor(scene);
    let mut items = Vec::new();
    for (place, unit, area) in shops {
        items.extend(shop(scene, board, place, unit, area, &floor));
    }
    items
}

fn shop(
    scene: &Scene,
    board: &mut Board,
    place: &Place,
    unit: &Unit,
    area: f64,
    floor: &FloorShape,
) -> Vec<Item> {
    let options = scene.options;
    let bold = options.highlight == Some(place.id);
    let weight = if bold { Weight::Bold } else { Weight::Regular };
    let boost = if area > LARGE_M2 || place.landmark >= 0.7 { 1.3 } else { 1.0 };
    let sizes = sizes(scene, boost);
    let name = place.name.get(options.language);
    let shape = ground::rings(&unit.shape, scene.mapping);
    let alone =
        || ground::tenants(scene.venue, unit.id).filter(|p| p.kind == PlaceKind::Occupant).count() == 1;
    if (unit.kind == UnitKind::Room || (unit.category == "lobby" && alone()))
        && let Some((block, at)) = board.try_inside(&shape, scene.name(name, weight), sizes, Some(place.id))
    {
        return block.items(at, options.theme.ink, None);
    }
    if bold || options.named == Some(place.id) {
        return on_card(scene, board, place, scene.name(name, weight));
    }
    if let Some(items) = floor.beside(scene, board, place, unit, &shape) {
        return items;
    }
    if unit.kind != UnitKind::Room || scene.sheet == Sheet::Stacked {
        return Vec::new();
    }
    if let Some(items) = over(scene, board, place, unit, name, floor) {
        return items;
    }
    // The kind of a shop says more than a bare number.
    let symbol = symbol(scene, board, &shape, place);
    if symbol.is_empty() { number(scene, board, &shape, place, sizes) } else { symbol }
}

/// The name of a shop across its walls, on a map as small as on a phone. Hardly any name fits inside there,
/// and a readable name says more than a number on every shop.
fn over(
    scene: &Scene,
    board: &mut Board,
    place: &Place,
    unit: &Unit,
    name: &str,
    floor: &FloorShape,
) -> Option<Vec<Item>> {
    let metre_mm = relative_scale(scene.mapping.scale, scene.options);
    if metre_mm >= SMALL_MAP {
        return None;
    }
    let others = || floor.rooms.iter().filter(|(id, _)| *id != unit.id);
    let is_clear = |quad: &Quad| metre_mm < TINY_MAP || others().all(|(_, room)| !quad.touches(room));
    let sizes = sizes(scene, 1.0);
    let theme = &scene.options.theme;
    let at = scene.mapping.px(unit.center);
    (1..=3).find_map(|lines| {
        let block = scene.name(name, Weight::Regular).in_lines(lines, sizes.smallest);
        let step = block.height() / 2.0;
        let aside = block.width() / 4.0;
        let shifts = [(0.0, 0.0), (0.0, -step), (0.0, step), (aside, 0.0), (-aside, 0.0)];
        let spots = shifts.map(|(x, y)| at.moved(x, y));
        let spots: Vec<Point> = spots.into_iter().filter(|p| is_clear(&block.quad(*p, 0.0))).collect();
        let center = board.try_at(&block, spots, sizes.gap, Some(place.id))?;
        Some(block.items(center, theme.ink, Some(theme.paper)))
    })
}

/// A name that has to be found, on a card beside its place, if it does not fit inside.
fn on_card(scene: &Scene, board: &mut Board, place: &Place, name: Name) -> Vec<Item> {
    let sizes = sizes(scene, 1.0);
    let theme = &scene.options.theme;
    let at = scene.mapping.px(place.position);
    let pad = sizes.em * 0.4;
    for lines in 1..=3 {
        let block = name.in_lines(lines, sizes.em);
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

/// The number of a shop without space for name and pictogram: "L2-07" gives "07".
fn number(scene: &Scene, board: &mut Board, shape: &Rings, place: &Place, sizes: Sizes) -> Vec<Item> {
    let Some(number) = &place.number else { return Vec::new() };
    let short = number.rsplit('-').next().unwrap_or(number);
    let sizes = Sizes { em: sizes.smallest, ..sizes };
    match board.try_inside(shape, scene.name(short, Weight::Regular), sizes, Some(place.id)) {
        Some((block, at)) => block.items(at, scene.options.theme.quiet_ink, None),
        None => Vec::new(),
    }
}

/// The pictogram of a shop's kind, if its name does not fit.
fn symbol(scene: &Scene, board: &mut Board, shape: &Rings, place: &Place) -> Vec<Item> {
    let pictogram = Pictogram::Kind(place.group);
    let sizes = sizes(scene, 1.0);
    let size = SYMBOL_MM * scene.options.px_per_mm;
    let Some(at) = board.try_symbol(shape, size, sizes.edge) else { return Vec::new() };
    pictogram.glyph(at, size, scene.options.theme.quiet_ink, scene.options.theme.paper)
}

/// The names of rooms without a business: "Classroom 104", or only "104" if there is no space for more.
pub(crate) fn rooms(scene: &Scene, board: &mut Board) -> Vec<Item> {
    let here = scene.venue.units().iter().filter(|u| u.level == scene.level && u.kind == UnitKind::Room);
    let unnamed = here.filter(|u| ground::tenants(scene.venue, u.id).next().is_none());
    let sizes = sizes(scene, 1.0);
    let sizes = Sizes { em: (sizes.em * 0.9).max(sizes.smallest), ..sizes };
    let mut items = Vec::new();
    for unit in unnamed {
        let name = unit.name.get(scene.options.language);
        let number = name.split_whitespace().rfind(|w| w.chars().any(|c| c.is_ascii_digit()));
        let shape = ground::rings(&unit.shape, scene.mapping);
        for text in [Some(name), number].into_iter().flatten().filter(|t| !t.is_empty()) {
            let text = scene.name(text, Weight::Regular);
            if let Some((block, at)) = board.try_inside(&shape, text, sizes, None) {
                items.extend(block.items(at, scene.options.theme.quiet_ink, None));
                break;
            }
        }
    }
    items
}

/// The open floor of a level, and the features on it.
struct FloorShape {
    halls: Vec<Rings>,
    /// The units and obstacles on it that are not floor.
    others: Vec<(crate::venue::FeatureId, Rings)>,
    /// The rooms among `others`.
    rooms: Vec<(crate::venue::FeatureId, Rings)>,
}

fn floor(scene: &Scene) -> FloorShape {
    let here = || scene.venue.units().iter().filter(|u| u.level == scene.level);
    let rings = |u: &Unit| ground::rings(&u.shape, scene.mapping);
    let rooms = here().filter(|u| !u.kind.is_thoroughfare()).map(|u| (u.id, rings(u)));
    let furniture = scene.venue.obstacles().iter().filter(|o| o.level == scene.level);
    let furniture = furniture.map(|o| (o.id, ground::rings(&o.shape, scene.mapping)));
    FloorShape {
        halls: here().filter(|u| u.kind.is_thoroughfare()).map(rings).collect(),
        others: rooms.chain(furniture).collect(),
        rooms: here().filter(|u| u.kind == UnitKind::Room).map(|u| (u.id, rings(u))).collect(),
    }
}

impl FloorShape {
    /// The name of a stand, on the floor beside it. `None` for a shop with walls, or without space.
    fn beside(
        &self,
        scene: &Scene,
        board: &mut Board,
        place: &Place,
        unit: &Unit,
        shape: &Rings,
    ) -> Option<Vec<Item>> {
        let (left, top, right, bottom) = shape.bounds();
        // There is floor on all sides of it.
        let middle = Point::new((left + right) / 2.0, (top + bottom) / 2.0);
        let sizes = sizes(scene, 1.0);
        let (w, h) = ((right - left) / 2.0 + sizes.gap, (bottom - top) / 2.0 + sizes.gap);
        let around = [(w, 0.0), (-w, 0.0), (0.0, h), (0.0, -h)].map(|(x, y)| middle.moved(x, y));
        let hall = self.halls.iter().find(|hall| around.iter().all(|p| hall.contains(*p)));
        let stands_free = unit.kind == UnitKind::Room && hall.is_some();
        let (at, width, height, hall) = if stands_free {
            (middle, right - left, bottom - top, hall?)
        } else if unit.kind.is_thoroughfare() {
            let at = scene.mapping.px(place.position);
            (at, 0.0, 0.0, self.halls.iter().find(|h| h.contains(at))?)
        } else {
            return None;
        };
        let name = place.name.get(scene.options.language);
        for lines in 1..=2 {
            let block = scene.name(name, Weight::Regular).in_lines(lines, sizes.smallest);
            let (w, h) =
                ((width + block.width()) / 2.0 + sizes.gap, (height + block.height()) / 2.0 + sizes.gap);
            let around = [(0.0, h), (0.0, -h), (w, 0.0), (-w, 0.0)].map(|(x, y)| at.moved(x, y));
            let spots = std::iter::once(at).filter(|_| !stands_free).chain(around);
            let fits = |p: &Point| {
                let quad = block.quad(*p, sizes.gap);
                quad.fits(hall)
                    && self.others.iter().filter(|(id, _)| *id != unit.id).all(|(_, r)| !quad.touches(r))
            };
            let spots: Vec<Point> = spots.filter(fits).collect();
            if let Some(center) = board.try_at(&block, spots, sizes.gap, Some(place.id)) {
                return Some(block.items(center, scene.options.theme.quiet_ink, None));
            }
        }
        None
    }
}

/// The names of wings and halls, in quiet ink, if the floor leaves space for them.
pub(crate) fn zones(scene: &Scene, board: &mut Board) -> Vec<Item> {
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
        let name = scene.name(name, Weight::Regular);
        if let Some((block, at)) = board.try_zone(&shape, floor.unwrap_or(&shape), name, sizes) {
            items.extend(block.items(at, options.theme.quiet_ink, None));
        }
    }
    items
}
