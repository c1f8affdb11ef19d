//! The credit line of a map: one small line in a bottom corner of every picture, never covered by a label.
//!
//! The licence of OpenStreetMap data (ODbL 1.0, section 4.3) requires a credit to its contributors wherever
//! the data is shown. The space for the line is taken before that of any label.

use super::DrawOptions;
use super::labels::{Block, Board, Name};
use super::model::{Item, Weight};
use crate::geometry::Point;
use crate::venue::Venue;

/// The size of its letters, and the smallest size that is readable from close up, in millimetres.
const TEXT_MM: f64 = 2.2;
const SMALLEST_MM: f64 = 1.4;
/// The distance from the edges of the picture, in millimetres.
const EDGE_MM: f64 = 0.8;

/// The credit line of a venue, if it has one; takes the space for it.
pub(super) fn items(venue: &Venue, options: &DrawOptions, board: &mut Board) -> Vec<Item> {
    let Some(credit) = venue.credit() else { return Vec::new() };
    let mm = options.px_per_mm;
    let (width, height) = (f64::from(options.width_px), f64::from(options.height_px));
    let room = width - 2.0 * EDGE_MM * mm;
    let sizes = [1.0, 0.85, 0.7].map(|share| (TEXT_MM * share).max(SMALLEST_MM) * mm);
    let credit = Name { measure: options.measure(), text: credit, weight: Weight::Regular };
    let lines = |n: usize| sizes.map(|em| credit.in_lines(n, em));
    let blocks: Vec<Block> = (1..=4).flat_map(lines).collect();
    // A picture that is too small for the line has it all the same, in a smaller size.
    let block = blocks.iter().find(|b| b.width() <= room).cloned().unwrap_or_else(|| {
        let block = &blocks[blocks.len() - 1];
        block.sized(block.em * (room / block.width()).max(0.05))
    });
    let far = |size: f64, edge: f64| edge - EDGE_MM * mm - size / 2.0;
    let at = Point::new(far(block.width(), width), far(block.height(), height));
    board.take(block.quad(at, EDGE_MM * mm / 2.0));
    board.placed.push(block.placed(at));
    block.items(at, options.theme.quiet_ink, Some(options.theme.outside))
}
