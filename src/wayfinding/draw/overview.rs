//! The overview: all levels of a venue in one picture, one above the other.
//!
//! All levels have the same scale, and each stands exactly above the one below it, which makes a lift a
//! vertical line. Levels without a part of the route are faint. Only a few names are shown: those of the
//! levels, the visitor's position, the destination and well-known shops.

use super::labels::{Block, Board};
use super::model::{Item, Paint, Path, Weight};
use super::names::{self, Wanted};
use super::quad::Quad;
use super::trail::{Scene, Sheet};
use super::view::{Mapping, Room};
use super::{DrawOptions, MapTheme, Picture, buildings, credit, faults, ground, layout, marks, view};
use crate::geometry::Point;
use crate::venue::{LevelIndex, Venue};

/// The distance from the edge of the picture to the levels, and between two levels, in millimetres.
const EDGE_MM: f64 = 3.0;
const GAP_MM: f64 = 3.0;
/// The thickness of a floor, in millimetres.
const SLAB_MM: f64 = 1.3;
/// The limits of a level's flatness: seen from the side, and seen nearly from above.
const FLATTEST: f64 = 0.4;
const STEEPEST: f64 = 0.85;
/// Pictograms up to this rank: lifts, restrooms and escalators.
const LEAST_RANK: u8 = 3;
/// How far levels without a part of the route fade.
const FADED: f64 = 0.55;

pub(super) fn overview(venue: &Venue, options: &DrawOptions) -> Picture {
    let mut board = Board::new(f64::from(options.width_px), f64::from(options.height_px));
    let credit = credit::items(venue, options, &mut board);
    let (signs, column) = signs(venue, options);
    let sheets = sheets(venue, options, column);
    let mut items = vec![layout::outside(options)];
    let mut marks_and_labels = Vec::new();
    let mut over = Vec::new();
    let mut targets = Vec::new();
    let faint = DrawOptions { theme: faded(&options.theme), ..options.clone() };
    for ((level, mapping), sign) in sheets.iter().zip(&signs) {
        let concerned = concerned(venue, options, *level);
        let options = if concerned { options } else { &faint };
        let scene = Scene { venue, level: *level, mapping, options, sheet: Sheet::Stacked };
        items.push(slab(&scene));
        items.extend(ground::draw(venue, *level, mapping, options));
        items.extend(layout::highlight(&scene));
        marks_and_labels.extend(sign_items(&scene, &mut board, sign, column, concerned));
    }
    let scenes = || {
        sheets.iter().map(|(level, mapping)| Scene {
            venue,
            level: *level,
            mapping,
            options,
            sheet: Sheet::Stacked,
        })
    };
    for scene in scenes() {
        over.extend(scene.casings(&mut board));
    }
    over.extend(rides(venue, options, &sheets, &mut board));
    for scene in scenes() {
        over.extend(scene.lines());
        over.extend(scene.pin(&mut board));
    }
    for scene in scenes() {
        over.extend(scene.landings());
        over.extend(scene.visitor(&mut board));
    }
    for scene in scenes() {
        over.extend(faults::marks(&scene, &mut board));
    }
    for scene in scenes() {
        marks_and_labels.extend(names::shops(&scene, &mut board, Wanted::Highlighted));
    }
    for scene in scenes().filter(|s| concerned(venue, options, s.level)) {
        marks_and_labels.extend(names::shops(&scene, &mut board, Wanted::Known));
        marks_and_labels.extend(marks::icons(&scene, &mut board, LEAST_RANK, &mut targets));
    }
    for scene in scenes() {
        targets.extend(layout::shop_targets(&scene));
    }
    items.extend(marks_and_labels);
    items.extend(over);
    items.extend(credit);
    let mut sheets = sheets;
    if let Some(here) = options.kiosk.and_then(|k| sheets.iter().position(|(l, _)| *l == k.level)) {
        sheets.swap(0, here);
    }
    Picture::new(items, options, sheets, targets, board)
}

/// The names of the levels, and the width of their column.
fn signs(venue: &Venue, options: &DrawOptions) -> (Vec<Block>, f64) {
    let em = options.text_mm * options.px_per_mm * 1.15;
    let block = |short: bool| {
        let name = move |l: &crate::venue::Level| {
            let name = if short { &l.short_name } else { &l.name };
            Block::new(options.measure(), vec![name.get(options.language).to_owned()], em, Weight::Bold)
        };
        venue.levels().iter().map(name).collect::<Vec<Block>>()
    };
    let blocks = block(true);
    let width = blocks.iter().map(Block::width).fold(0.0, f64::max);
    (blocks, width + 2.2 * em)
}

/// The mapping of each level, the lowest first.
fn sheets(venue: &Venue, options: &DrawOptions, column: f64) -> Vec<(LevelIndex, Mapping)> {
    let (edge, gap) = (EDGE_MM * options.px_per_mm, GAP_MM * options.px_per_mm);
    let points = buildings::all(venue, options);
    // A plain cast: a few levels.
    let count = venue.levels().len() as f64;
    let width = (f64::from(options.width_px) - 2.0 * edge - column).max(1.0);
    let height = (f64::from(options.height_px) - 2.0 * edge - (count - 1.0) * gap).max(count) / count;
    let slab = SLAB_MM * options.px_per_mm;
    let room = Room { left: edge + column, top: edge, width, height: (height - slab).max(1.0) };
    let steep = Room { height: room.height / STEEPEST, ..room };
    let turn = view::turn_of(options, &points, steep);
    let flat = view::flatness(&points, turn, room).clamp(FLATTEST, STEEPEST);
    let lowest = Mapping::of(&points, turn, flat, room);
    // If the levels are too wide to fill the height, they stand closer together, in the middle.
    let (_, top, _, bottom) = lowest.bounds(&points);
    let step = (bottom - top + slab + gap).min(height + gap).max((bottom - top) * 0.8);
    let all = step * (count - 1.0) + (bottom - top) + slab;
    let first = (f64::from(options.height_px) - all) / 2.0 - top;
    let rows = (0..venue.levels().len()).map(|index| {
        // A plain cast: a few levels.
        let above = step * (count - 1.0 - index as f64);
        (LevelIndex(index), lowest.moved(0.0, first + above))
    });
    rows.collect()
}

/// Whether a level is part of the route. Without a route: whether it has the highlighted place or the
/// visitor; without a highlighted place, every level counts.
fn concerned(venue: &Venue, options: &DrawOptions, level: LevelIndex) -> bool {
    let place = options.highlight.and_then(|id| venue.place(&id)).map(|p| p.level);
    match options.route {
        Some(route) => route.legs.iter().any(|l| l.level == level || l.to_level == level),
        None => place.is_none_or(|l| l == level || options.kiosk.is_some_and(|k| k.level == level)),
    }
}

/// The colours of levels without a part of the route: closer to the ground around the building.
fn faded(theme: &MapTheme) -> MapTheme {
    let fade = |c: super::Colour| c.mixed(theme.outside, FADED);
    MapTheme {
        paper: fade(theme.paper),
        wall: fade(theme.wall),
        fashion: fade(theme.fashion),
        food: fade(theme.food),
        living: fade(theme.living),
        children: fade(theme.children),
        service: fade(theme.service),
        closed: fade(theme.closed),
        void: fade(theme.void),
        green: fade(theme.green),
        water: fade(theme.water),
        ..theme.clone()
    }
}

/// The edge of a floor, drawn below it.
fn slab(scene: &Scene) -> Item {
    let thick = SLAB_MM * scene.options.px_per_mm;
    let under = scene.mapping.moved(0.0, thick);
    let mut data = Path::default();
    for ring in ground::rings(&scene.venue.level(scene.level).outline, &under).0 {
        data.add_ring(&ring);
    }
    let theme = &scene.options.theme;
    Item::Path { data, paint: Paint::fill(theme.wall).outlined(theme.wall, 0.7 * scene.options.px_per_mm) }
}

/// The name of a level, to its left; on a sign if the level has a part of the route.
fn sign_items(scene: &Scene, board: &mut Board, block: &Block, column: f64, concerned: bool) -> Vec<Item> {
    let theme = &scene.options.theme;
    let outline = ground::rings(&scene.venue.level(scene.level).outline, scene.mapping);
    let (_, top, _, bottom) = outline.bounds();
    let edge = EDGE_MM * scene.options.px_per_mm;
    let (width, height) = (column - 0.8 * block.em, 1.9 * block.em);
    let at = Point::new(edge + width / 2.0, f64::midpoint(top, bottom));
    board.take(Quad::around(at, width, height, 0.0));
    board.placed.push(block.placed(at));
    let data = Path::rounded(at.x - width / 2.0, at.y - height / 2.0, width, height, height * 0.25);
    let here = scene.options.route.is_some() && concerned;
    let (ground, ink) = if here { (theme.route, theme.on_icon) } else { (theme.closed, theme.ink) };
    let mut items = vec![Item::Path { data, paint: Paint::fill(ground) }];
    items.extend(block.items(at, ink, None));
    items
}

/// The changes of level: a line between the two landings, with its pictogram.
fn rides(
    venue: &Venue,
    options: &DrawOptions,
    sheets: &[(LevelIndex, Mapping)],
    board: &mut Board,
) -> Vec<Item> {
    let mut items = Vec::new();
    let mut tiles = Vec::new();
    let legs = options.route.into_iter().flat_map(|r| &r.legs);
    for leg in legs.filter(|l| l.level != l.to_level) {
        let ends = (leg.line.first().or(leg.points.first()), leg.line.last().or(leg.points.last()));
        let (Some(on), Some(off)) = ends else { continue };
        let mapping = |level: LevelIndex| &sheets[level.0].1;
        let points = [mapping(leg.level).px(*on), mapping(leg.to_level).px(*off)];
        let scene =
            Scene { venue, level: leg.level, mapping: mapping(leg.level), options, sheet: Sheet::Stacked };
        items.extend(scene.flight(board, &points));
        let middle = points[0].toward(points[1], 0.5);
        let size = 6.0 * scene.boldness() * options.px_per_mm;
        board.take(Quad::around(middle, size, size, 0.0));
        let theme = MapTheme { icon: options.theme.route, ..options.theme.clone() };
        tiles.extend(scene.pictogram_of(leg).tile(middle, size, &theme));
    }
    items.extend(tiles);
    items
}
