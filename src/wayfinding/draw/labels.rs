//! Label placement: labels and pictograms never overlap, and never touch the edge of their shop.
//!
//! The most important labels are placed first. A later one that does not fit becomes smaller, breaks into
//! lines, is rotated along its shop, is reduced to a number, or is left out. A label is never clipped: an
//! unreadable name is worse than none, and a touch on the shop still shows it.

use super::Colour;
use super::measure::{Measure, is_ideographic};
use super::model::{Item, Text, Weight};
use super::quad::{Quad, Rings};
use crate::geometry::{Point, nearest_on};
use crate::venue::FeatureId;

/// The height of a line, in ems; less in a column of single Han characters.
const LEADING: f64 = 1.16;
const STACKED: f64 = 1.03;
/// The height of the letters of one line, in ems.
const LETTERS: f64 = 0.92;

/// A text laid out in lines.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub lines: Vec<String>,
    pub em: f64,
    pub weight: Weight,
    pub turn: f64,
    /// The width of the widest line, in ems.
    widest: f64,
}

impl Block {
    pub fn new(measure: Measure, lines: Vec<String>, em: f64, weight: Weight) -> Self {
        let widest = lines.iter().map(|line| measure.width(line, weight)).fold(0.0, f64::max);
        Self { lines, em, weight, turn: 0.0, widest }
    }

    /// The same lines in another font size.
    pub fn sized(&self, em: f64) -> Self {
        Self { em, ..self.clone() }
    }

    pub fn width(&self) -> f64 {
        self.widest * self.em
    }

    fn leading(&self) -> f64 {
        let stacked = self.lines.len() > 2 && self.lines.iter().all(|l| l.chars().count() == 1);
        if stacked { STACKED } else { LEADING }
    }

    // A plain cast: a few lines.
    pub fn height(&self) -> f64 {
        ((self.lines.len() - 1) as f64 * self.leading() + LETTERS) * self.em
    }

    /// Its rectangle around a point, with a margin.
    pub fn quad(&self, center: Point, margin: f64) -> Quad {
        Quad::around(center, self.width() + 2.0 * margin, self.height() + 2.0 * margin, self.turn)
    }

    /// The label of the block, centred on a point.
    pub fn placed(&self, center: Point) -> Placed {
        Placed { place: None, quad: self.quad(center, 0.0), text: self.lines.join(" ") }
    }

    // A plain cast: a few lines.
    pub fn items(&self, center: Point, colour: Colour, halo: Option<Colour>) -> Vec<Item> {
        let middle = (self.lines.len() - 1) as f64 / 2.0;
        let (sin, cos) = self.turn.to_radians().sin_cos();
        let line = |(index, text): (usize, &String)| {
            let down = (index as f64 - middle) * self.leading() * self.em;
            Item::Text(Text {
                center: center.moved(-down * sin, down * cos),
                text: text.clone(),
                em: self.em,
                weight: self.weight,
                colour,
                halo,
                turn: self.turn,
            })
        };
        self.lines.iter().enumerate().map(line).collect()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub place: Option<FeatureId>,
    pub quad: Quad,
    pub text: String,
}

/// A text, ready for layout.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a> {
    pub measure: Measure<'a>,
    pub text: &'a str,
    pub weight: Weight,
}

impl Name<'_> {
    /// The text in at most `lines` lines.
    pub fn in_lines(self, lines: usize, em: f64) -> Block {
        Block::new(self.measure, self.measure.wrap(self.text, lines), em, self.weight)
    }
}

/// The labels and rectangles that have been placed so far.
#[derive(Clone, Debug)]
pub(crate) struct Board {
    /// The size of the picture; nothing may extend beyond it.
    frame: (f64, f64),
    taken: Vec<Quad>,
    pub placed: Vec<Placed>,
}

/// The font size of a label and its distances from other things.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub em: f64,
    pub smallest: f64,
    /// The distance between a label and the edge of its shop.
    pub edge: f64,
    /// The distance between two labels.
    pub gap: f64,
}

impl Board {
    pub fn new(width: f64, height: f64) -> Self {
        Self { frame: (width, height), taken: Vec::new(), placed: Vec::new() }
    }

    /// Whether a rectangle is inside the picture and overlaps nothing.
    pub fn is_free(&self, quad: &Quad) -> bool {
        let (w, h) = self.frame;
        quad.corners.iter().all(|c| (0.0..=w).contains(&c.x) && (0.0..=h).contains(&c.y))
            && !self.taken.iter().any(|t| t.meets(quad))
    }

    /// Takes the space of something that is not a label.
    pub fn take(&mut self, quad: Quad) {
        self.taken.push(quad);
    }

    /// Takes the space along a line, in pieces.
    pub fn take_line(&mut self, points: &[Point], width: f64) {
        for pair in points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let turn = (b.y - a.y).atan2(b.x - a.x).to_degrees();
            self.take(Quad::around(a.toward(b, 0.5), a.distance(b) + width, width, turn));
        }
    }

    /// Places a block at the first of these points that has space for it.
    pub fn try_at(
        &mut self,
        block: &Block,
        points: impl IntoIterator<Item = Point>,
        gap: f64,
        place: Option<FeatureId>,
    ) -> Option<Point> {
        let found = points.into_iter().find(|p| self.is_free(&block.quad(*p, gap)))?;
        self.put(block, found, place);
        Some(found)
    }

    fn put(&mut self, block: &Block, at: Point, place: Option<FeatureId>) {
        let quad = block.quad(at, 0.0);
        self.taken.push(quad);
        self.placed.push(Placed { place, quad, text: block.lines.join(" ") });
    }

    /// Places a name inside a shape, as large as possible. `None` if it does not fit.
    pub fn try_inside(
        &mut self,
        shape: &Rings,
        name: Name,
        sizes: Sizes,
        place: Option<FeatureId>,
    ) -> Option<(Block, Point)> {
        let (block, at) = self.fitting(shape, shape, name, sizes)?;
        self.put(&block, at, place);
        Some((block, at))
    }

    /// Takes the space of a square symbol inside a shape, if it fits.
    pub fn try_symbol(&mut self, shape: &Rings, size: f64, edge: f64) -> Option<Point> {
        let quad = |at: Point| Quad::around(at, size + 2.0 * edge, size + 2.0 * edge, 0.0);
        let at = spots(shape).into_iter().find(|p| quad(*p).fits(shape) && self.is_free(&quad(*p)))?;
        self.take(quad(at));
        Some(at)
    }

    /// Places the name of a zone, upright, on free floor.
    pub fn try_zone(
        &mut self,
        zone: &Rings,
        floor: &Rings,
        name: Name,
        sizes: Sizes,
    ) -> Option<(Block, Point)> {
        let (block, at) = self.fitting(zone, floor, name, sizes).filter(|(b, _)| b.turn == 0.0)?;
        self.put(&block, at, None);
        Some((block, at))
    }

    /// The best layout of a name, centred on a point of `zone` and inside `shape`.
    fn fitting(&self, zone: &Rings, shape: &Rings, name: Name, sizes: Sizes) -> Option<(Block, Point)> {
        let spots = spots(zone);
        let direction = shape.direction();
        let turns = if direction.abs() < 4.0 { vec![0.0] } else { vec![0.0, direction] };
        let whole = turns
            .into_iter()
            .flat_map(|turn| layouts(name, sizes).into_iter().map(move |block| Block { turn, ..block }));
        whole
            .chain(broken(name, sizes))
            .find_map(|block| self.spot_for(&block, zone, shape, &spots, sizes).map(|at| (block, at)))
    }

    /// The first of these spots where a block fits into a shape and overlaps nothing.
    fn spot_for(
        &self,
        block: &Block,
        zone: &Rings,
        shape: &Rings,
        spots: &[Point],
        sizes: Sizes,
    ) -> Option<Point> {
        let (left, top, right, bottom) = zone.bounds();
        let room = (right - left, bottom - top);
        let hopeless = if block.turn == 0.0 {
            block.width() > room.0 || block.height() > room.1
        } else {
            block.width() > room.0.hypot(room.1)
        };
        let fits =
            |p: &&Point| block.quad(**p, sizes.edge).fits(shape) && self.is_free(&block.quad(**p, sizes.gap));
        if hopeless { None } else { spots.iter().find(fits).copied() }
    }
}

/// The layouts of a name, the best first: large before small, few lines before many.
fn layouts(name: Name, sizes: Sizes) -> Vec<Block> {
    let Name { measure, text, weight } = name;
    let block = |lines: Vec<String>| Block::new(measure, lines, sizes.em, weight);
    let mut wrapped: Vec<Vec<String>> = (1..=4).map(|lines| measure.wrap(text, lines)).collect();
    wrapped.dedup();
    wrapped.retain(|lines| lines.iter().all(|line| !line.is_empty()));
    let mut blocks: Vec<Block> = wrapped.into_iter().map(block).collect();
    // Some characters have another form in a column. A name with one of them is not stacked.
    let upright = |c: char| is_ideographic(c) && !"ー～・、。「」『』（）【】《》…：".contains(c);
    if (3..=7).contains(&text.chars().count()) && text.chars().all(upright) {
        blocks.push(block(text.chars().map(String::from).collect()));
    }
    let smaller = |em: &f64| Some(em * 0.92).filter(|em| *em >= sizes.smallest - 1e-9);
    std::iter::successors(Some(sizes.em), smaller)
        .flat_map(|em| blocks.iter().map(move |block| block.sized(em)))
        .collect()
}

/// The layouts of a name without spaces whose words are too long: broken wherever a line break is
/// permitted. This is better than no name; Latin words stay whole.
fn broken(name: Name, sizes: Sizes) -> Vec<Block> {
    let Name { measure, text, weight } = name;
    let wrapped = [2, 3].map(|lines| measure.wrap_anywhere(text, lines));
    let blocks: Vec<Block> = wrapped
        .into_iter()
        .filter(|lines| lines.len() > 1)
        .map(|lines| Block::new(measure, lines, sizes.em, weight))
        .collect();
    [sizes.em, f64::midpoint(sizes.em, sizes.smallest), sizes.smallest]
        .into_iter()
        .flat_map(|em| blocks.iter().map(move |block| block.sized(em)))
        .collect()
}

/// Points inside a shape for the centre of a label, the most natural first.
fn spots(shape: &Rings) -> Vec<Point> {
    let (left, top, right, bottom) = shape.bounds();
    let middle = shape.centroid().unwrap_or(Point::new((left + right) / 2.0, (top + bottom) / 2.0));
    let mut spots = vec![middle];
    let steps = 9;
    for i in 1..steps {
        for j in 1..steps {
            let (u, v) = (f64::from(i) / f64::from(steps), f64::from(j) / f64::from(steps));
            spots.push(Point::new(left + (right - left) * u, top + (bottom - top) * v));
        }
    }
    spots.retain(|p| shape.contains(*p));
    // The centroid of an angled shape may be near its edge. The point with the most space around it is then
    // more natural.
    let room = |p: &Point| {
        shape.edges().map(|(a, b)| nearest_on(a, b, *p).distance(*p)).fold(f64::INFINITY, f64::min)
    };
    let most = spots.iter().max_by(|a, b| room(a).total_cmp(&room(b))).copied();
    let middle = match most {
        Some(most) if !shape.contains(middle) || room(&middle) < 0.5 * room(&most) => most,
        _ => middle,
    };
    spots.sort_by(|a, b| a.distance(middle).total_cmp(&b.distance(middle)));
    spots
}
