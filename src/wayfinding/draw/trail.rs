//! The trail: the route, the visitor and the destination in a picture.
//!
//! The functions take their space on the [`Board`] before labels are placed. A picture without a route, a
//! kiosk or a destination has only the parts that it can draw.

use domain::language::Language;

use super::icons::Pictogram;
use super::labels::{Block, Board};
use super::model::{Item, Paint, Path, Weight};
use super::quad::Quad;
use super::view::Mapping;
use super::{DrawOptions, ground};
use crate::geometry::Point;
use crate::route::{Leg, Mode};
use crate::venue::{Facility, LevelIndex, Venue};

/// Sizes in millimetres: the line and its white rim, the visitor's dot, the cone of sight, the pin.
const LINE_MM: f64 = 1.9;
const CASING_MM: f64 = 3.1;
const DOT_MM: f64 = 2.0;
const CONE_MM: f64 = 9.0;
const PIN_MM: f64 = 9.0;
const CHEVRON_EVERY_MM: f64 = 13.0;
/// Half the angle of the cone.
const CONE_DEG: f64 = 38.0;

/// The context of one level in a picture.
pub(crate) struct Scene<'a> {
    pub venue: &'a Venue,
    pub level: LevelIndex,
    pub mapping: &'a Mapping,
    pub options: &'a DrawOptions<'a>,
    /// Whether the level is alone in the picture.
    pub sheet: Sheet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// The only level of the picture.
    Alone,
    /// One of several levels, one above the other.
    Stacked,
}

impl Scene<'_> {
    /// The factor for the thickness of lines and signs.
    pub fn boldness(&self) -> f64 {
        match self.sheet {
            Sheet::Alone => 1.0,
            Sheet::Stacked => 0.8,
        }
    }

    fn mm(&self, millimetres: f64) -> f64 {
        millimetres * self.options.px_per_mm * self.boldness()
    }

    fn em(&self) -> f64 {
        self.options.text_mm * self.options.px_per_mm
    }

    fn language(&self) -> Language {
        self.options.language
    }

    /// The walks of the route on this level, moving walkways included, in pixels.
    fn walks(&self) -> Vec<Vec<Point>> {
        let legs = self.options.route.into_iter().flat_map(|r| &r.legs);
        let on_floor = |l: &&Leg| matches!(l.mode, Mode::Walk | Mode::MovingWalkway);
        let here = legs.filter(on_floor).filter(|l| l.level == self.level);
        here.map(|l| l.line.iter().map(|p| self.mapping.px(*p)).collect()).collect()
    }

    /// The lines of the route; takes the space for them.
    pub fn route(&self, board: &mut Board) -> Vec<Item> {
        let flights: Vec<Vec<Point>> = self
            .rides()
            .filter(|l| l.mode != Mode::Lift)
            .map(|l| l.line.iter().map(|p| self.mapping.px(*p)).collect())
            .collect();
        let mut items = self.casings(board);
        items.extend(flights.iter().flat_map(|points| self.flight(board, points)));
        items.extend(self.lines());
        items
    }

    /// The white rims of the walks.
    pub fn casings(&self, board: &mut Board) -> Vec<Item> {
        let rim = |walk: Vec<Point>| {
            board.take_line(&walk, self.mm(CASING_MM));
            let paint = Paint::stroke(self.options.theme.on_icon, self.mm(CASING_MM));
            Item::Path { data: Path::line(&walk), paint }
        };
        self.walks().into_iter().map(rim).collect()
    }

    /// A ride from one point to another, dashed.
    pub fn flight(&self, board: &mut Board, points: &[Point]) -> [Item; 2] {
        let theme = &self.options.theme;
        board.take_line(points, self.mm(CASING_MM));
        let dash = self.mm(LINE_MM);
        let casing = Paint::stroke(theme.on_icon, self.mm(CASING_MM));
        let paint = Paint::stroke(theme.route, dash).dashed(dash, dash);
        [casing, paint].map(|paint| Item::Path { data: Path::line(points), paint })
    }

    /// The walks themselves, with arrow heads along them.
    pub fn lines(&self) -> Vec<Item> {
        let theme = &self.options.theme;
        let mut items = Vec::new();
        let mut chevrons = Path::default();
        for walk in self.walks() {
            let paint = Paint::stroke(theme.route, self.mm(LINE_MM));
            items.push(Item::Path { data: Path::line(&walk), paint });
            add_chevrons(&mut chevrons, &walk, self.mm(CHEVRON_EVERY_MM), self.mm(LINE_MM) * 0.36);
        }
        let paint = Paint::stroke(theme.on_icon, self.mm(LINE_MM) * 0.24);
        items.push(Item::Path { data: chevrons, paint });
        items
    }

    /// The changes of level that begin or end on this level.
    fn rides(&self) -> impl Iterator<Item = &Leg> {
        let legs = self.options.route.into_iter().flat_map(|r| &r.legs);
        let climbs = |l: &&Leg| !matches!(l.mode, Mode::Walk | Mode::MovingWalkway);
        legs.filter(climbs).filter(|l| l.level == self.level || l.to_level == self.level)
    }

    /// The signs where the route leaves this level, and the marks where it arrives.
    pub fn changes(&self, board: &mut Board) -> Vec<Item> {
        let mut items = self.beginning();
        for leg in self.rides() {
            let leaves = leg.level == self.level;
            let (at, other) =
                if leaves { (leg.line.first(), leg.to_level) } else { (leg.line.last(), leg.level) };
            let Some(at) = at.map(|p| self.mapping.px(*p)) else { continue };
            items.push(self.landing(at));
            if leaves {
                items.extend(self.sign(board, at, leg, other));
            }
        }
        items
    }

    /// The dot at the start of a route that does not start at a kiosk.
    fn beginning(&self) -> Vec<Item> {
        let start =
            self.options.route.filter(|_| self.options.kiosk.is_none()).map(crate::route::Route::start);
        let here = start.filter(|(level, _)| *level == self.level);
        here.map(|(_, point)| self.landing(self.mapping.px(point))).into_iter().collect()
    }

    /// The dots where the route leaves this level, and where it arrives.
    pub fn landings(&self) -> Vec<Item> {
        let ends = |leg: &Leg| {
            let leaves = (leg.level == self.level).then(|| leg.line.first().copied()).flatten();
            let comes = (leg.to_level == self.level).then(|| leg.line.last().copied()).flatten();
            leaves.into_iter().chain(comes).collect::<Vec<Point>>()
        };
        let dots = self.rides().flat_map(ends).map(|p| self.landing(self.mapping.px(p)));
        self.beginning().into_iter().chain(dots).collect()
    }

    fn landing(&self, at: Point) -> Item {
        let dot = self.mm(LINE_MM) * 0.9;
        let paint = Paint::fill(self.options.theme.on_icon).outlined(self.options.theme.route, dot * 0.7);
        Item::Path { data: Path::circle(at, dot), paint }
    }

    /// The pictogram of a change of level.
    pub fn pictogram_of(&self, leg: &Leg) -> Pictogram {
        match (leg.mode, leg.to_level > leg.level) {
            (Mode::Escalator, true) => Pictogram::EscalatorUp,
            (Mode::Escalator, false) => Pictogram::EscalatorDown,
            (Mode::Stairs, _) => Pictogram::Of(Facility::Stairs),
            (Mode::Ramp, _) => Pictogram::Ramp,
            _ => Pictogram::Of(Facility::Lift),
        }
    }

    /// The sign at a change of level: the means of travel, its direction, and the next level.
    fn sign(&self, board: &mut Board, at: Point, leg: &Leg, to: LevelIndex) -> Vec<Item> {
        let theme = &self.options.theme;
        let em = self.em() * 1.15;
        let name = self.venue.level(to).short_name.get(self.language());
        let block = Block::new(self.options.measure(), vec![name.to_owned()], em, Weight::Bold);
        let (height, icon, pad) = (em * 1.7, em * 1.25, em * 0.35);
        let width = pad + 2.0 * icon + pad * 0.6 + block.width() + pad;
        let far = self.mm(CASING_MM) + height * 0.6;
        let spots = [
            (0.0, -1.0),
            (0.0, 1.0),
            (1.0, 0.0),
            (-1.0, 0.0),
            (1.0, -1.0),
            (-1.0, -1.0),
            (1.0, 1.0),
            (-1.0, 1.0),
        ];
        let center = spots
            .into_iter()
            .flat_map(|(dx, dy)| [1.0, 1.6].map(|n| at.moved(dx * (far + width / 2.0) * n, dy * far * n)))
            .find(|c| board.is_free(&Quad::around(*c, width, height, 0.0)))
            .unwrap_or(at.moved(0.0, -far));
        board.take(Quad::around(center, width, height, 0.0));
        let (left, top) = (center.x - width / 2.0, center.y - height / 2.0);
        let data = Path::rounded(left, top, width, height, height * 0.3);
        let mut items =
            vec![Item::Path { data, paint: Paint::fill(theme.route).outlined(theme.on_icon, self.mm(0.4)) }];
        let up = to > leg.level;
        let pictogram = self.pictogram_of(leg);
        let arrow = if up { Pictogram::Up } else { Pictogram::Down };
        let first = Point::new(left + pad + icon / 2.0, center.y);
        items.extend(pictogram.glyph(first, icon * 0.9, theme.on_icon, theme.route));
        items.extend(arrow.glyph(first.moved(icon, 0.0), icon * 0.8, theme.on_icon, theme.route));
        let text = Point::new(left + width - pad - block.width() / 2.0, center.y);
        items.extend(block.items(text, theme.on_icon, None));
        items
    }

    /// Whether a rectangle is at the height of this level: in an overview it must not seem to be on
    /// another.
    fn holds(&self, quad: &Quad) -> bool {
        let (_, top, _, bottom) = ground::rings(&self.venue.level(self.level).outline, self.mapping).bounds();
        self.sheet == Sheet::Alone || quad.corners.iter().all(|c| (top..=bottom).contains(&c.y))
    }

    /// The visitor: a dot, a cone in the direction of sight, and a text. Its space is taken before any
    /// label.
    pub fn visitor(&self, board: &mut Board) -> Vec<Item> {
        let Some(kiosk) = self.options.kiosk.filter(|k| k.level == self.level) else { return Vec::new() };
        let theme = &self.options.theme;
        let at = self.mapping.px(kiosk.position);
        let looking = kiosk.heading_deg + self.mapping.turn;
        let cone = Path::sector(at, self.mm(CONE_MM), looking - CONE_DEG, looking + CONE_DEG);
        let mut items = vec![Item::Path { data: cone, paint: Paint::fill(theme.alert).see_through(0.22) }];
        let radius = self.mm(DOT_MM);
        let dot = Paint::fill(theme.alert).outlined(theme.on_icon, self.mm(0.7));
        items.push(Item::Path { data: Path::circle(at, radius), paint: dot });
        board.take(Quad::around(at, 2.4 * radius, 2.4 * radius, 0.0));
        let text = crate::words::words().get(self.language(), "draw.you-are-here");
        let block = Block::new(self.options.measure(), vec![text], self.em() * 1.1, Weight::Bold);
        let (w, h) = (block.width() / 2.0 + radius, block.height() / 2.0 + radius);
        let gap = self.mm(0.8);
        // Positions behind the visitor come first, because the cone is not there.
        let (sin, cos) = looking.to_radians().sin_cos();
        let behind = at.moved(-sin * (w + gap), cos * (h + gap));
        let spots = [
            behind,
            at.moved(0.0, h + gap),
            at.moved(0.0, -h - gap),
            at.moved(w + gap, 0.0),
            at.moved(-w - gap, 0.0),
            at.moved(w + gap, h + gap),
            at.moved(-w - gap, h + gap),
            at.moved(0.0, 2.0 * (h + gap)),
            at.moved(0.0, -2.0 * (h + gap)),
        ];
        let spots = spots.into_iter().filter(|p| self.holds(&block.quad(*p, 0.0)));
        if let Some(center) = board.try_at(&block, spots, self.mm(0.4), None) {
            items.extend(block.items(center, theme.alert_ink, Some(theme.on_icon)));
        }
        items
    }

    /// The destination on this level, if there is one: the end of the route, or the place itself.
    fn destination(&self) -> Option<Point> {
        let place = self.venue.place(&self.options.highlight?)?;
        if place.level != self.level {
            return None;
        }
        let ends_there = |r: &&crate::route::Route| r.to == Some(place.id);
        let end = self.options.route.filter(ends_there).map(crate::route::Route::end);
        let end = end.filter(|(level, _)| *level == self.level);
        Some(end.map_or(place.position, |(_, point)| point))
    }

    /// The pin: at the pointed-at position, or at the destination.
    pub fn pin(&self, board: &mut Board) -> Vec<Item> {
        let theme = &self.options.theme;
        let Some(at) = self.options.pointed.or_else(|| self.destination()) else { return Vec::new() };
        let tip = self.mapping.px(at);
        let (height, radius) = (self.mm(PIN_MM), self.mm(PIN_MM) * 0.36);
        let head = tip.moved(0.0, -(height - radius));
        let mut data = Path::default();
        data.move_to(tip);
        let shoulder = |side: f64, down: f64| head.moved(side * radius * 0.86, radius * down);
        data.curve_to(tip.moved(-radius * 0.25, -height * 0.25), shoulder(-1.0, 0.5));
        let arc = (0..=20).map(|i| {
            let bearing: f64 = 240.0 + 240.0 * f64::from(i) / 20.0;
            let (sin, cos) = bearing.to_radians().sin_cos();
            head.moved(radius * sin, -radius * cos)
        });
        arc.for_each(|p| data.line_to(p));
        data.curve_to(tip.moved(radius * 0.25, -height * 0.25), tip);
        data.close();
        board.take(Quad::around(tip.moved(0.0, -height / 2.0), 2.2 * radius, height, 0.0));
        vec![
            Item::Path { data, paint: Paint::fill(theme.alert).outlined(theme.on_icon, self.mm(0.5)) },
            Item::Path { data: Path::circle(head, radius * 0.4), paint: Paint::fill(theme.on_icon) },
        ]
    }
}

/// Adds arrow heads along a line, with space before and after each.
fn add_chevrons(path: &mut Path, line: &[Point], every: f64, size: f64) {
    let total: f64 = line.windows(2).map(|w| w[0].distance(w[1])).sum();
    if total < every * 0.6 {
        return;
    }
    // A plain cast: a few dozen.
    let count = ((total / every).round() as u32).max(1);
    let step = total / f64::from(count);
    let mut next = step / 2.0;
    let mut walked = 0.0;
    for pair in line.windows(2) {
        let length = pair[0].distance(pair[1]);
        while length > 0.0 && next <= walked + length {
            let at = pair[0].toward(pair[1], (next - walked) / length);
            let (ux, uy) = ((pair[1].x - pair[0].x) / length, (pair[1].y - pair[0].y) / length);
            let back = |side: f64| at.moved(-ux * size - uy * size * side, -uy * size + ux * size * side);
            path.add_line(&[back(1.0), at.moved(ux * size * 0.4, uy * size * 0.4), back(-1.0)]);
            next += step;
        }
        walked += length;
    }
}
