//! Generated malls of any size, always the same for the same seed: a grid of streets, with blocks of shops
//! between them.
//!
//! Streets are as irregular as real ones: planters, pillars and benches at random angles. Some blocks are
//! halls full of tables, others are voids. Lifts and stairs are in the blocks, escalators in the streets;
//! each escalator runs in one direction.

use rand::rngs::ChaCha20Rng;
use rand::{RngExt as _, SeedableRng as _};

use super::VenueBuilder;
use crate::venue::FeatureId;

/// The width of a street, in metres.
const STREET: f64 = 8.0;
/// The width and depth of a block, in metres.
const BLOCK: (f64, f64) = (40.0, 26.0);
/// The width of a shop, in metres.
const SHOP: f64 = 10.0;

#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub levels: i32,
    /// Blocks from west to east.
    pub columns: u32,
    /// Blocks from south to north.
    pub rows: u32,
}

/// A generated mall, with the parts that tests close or route to.
pub struct Grown {
    /// The builder, for further features.
    pub plan: VenueBuilder,
    pub shops: Vec<FeatureId>,
    /// The openings between streets.
    pub joints: Vec<String>,
    /// The doors of shops.
    pub doors: Vec<String>,
    /// One unit of each lift.
    pub lifts: Vec<String>,
    random: ChaCha20Rng,
    size: Size,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Shops,
    Hall,
    Void,
}

/// The mall of this size and seed.
pub fn grown(seed: u64, size: Size) -> Grown {
    let ordinals: Vec<i32> = (0..size.levels).collect();
    let (right, top) = (line(size.columns, BLOCK.0) + STREET, line(size.rows, BLOCK.1) + STREET);
    let mut grown = Grown {
        plan: VenueBuilder::sized(&ordinals, (-10.0, -10.0, right + 10.0, top + 10.0)),
        shops: Vec::new(),
        joints: Vec::new(),
        doors: Vec::new(),
        lifts: Vec::new(),
        random: ChaCha20Rng::seed_from_u64(seed),
        size,
    };
    for ordinal in ordinals {
        grown.level(ordinal, right);
    }
    for (number, heading) in [(1, 0.0), (2, 90.0), (3, 200.0)] {
        let ordinal = (number - 1) % size.levels;
        let y = line(size.rows * (number as u32 - 1) / 2, BLOCK.1);
        // At street crossings there are no obstacles.
        grown.plan.kiosk(&format!("K{number}"), ordinal, (3.0, y + 4.0), heading);
    }
    grown
}

/// The start of the street before a block.
fn line(block: u32, extent: f64) -> f64 {
    f64::from(block) * (extent + STREET)
}

impl Grown {
    fn level(&mut self, ordinal: i32, right: f64) {
        for row in 0..=self.size.rows {
            let y = line(row, BLOCK.1);
            self.plan.unit(ordinal, "walkway", (0.0, y, right, y + STREET));
            for column in 0..self.size.columns {
                self.furnish(ordinal, (line(column, BLOCK.0) + STREET, y), row.is_multiple_of(2));
                if row.is_multiple_of(2) && column.is_multiple_of(2) {
                    self.escalators(ordinal, line(column, BLOCK.0) + STREET, y);
                }
            }
        }
        for row in 0..self.size.rows {
            let (low, high) = (line(row, BLOCK.1) + STREET, line(row + 1, BLOCK.1));
            for column in 0..=self.size.columns {
                let x = line(column, BLOCK.0);
                self.plan.unit(ordinal, "walkway", (x, low, x + STREET, high));
                for y in [low, high] {
                    let width = self.random.random_range(1.0..7.5);
                    let from = x + 0.2 + self.random.random_range(0.0..7.6 - width);
                    let id = self.plan.opening(ordinal, (from, y), (from + width, y));
                    self.joints.push(id);
                }
                let at = (x + self.random.random_range(2.0..6.0), low + self.random.random_range(3.0..23.0));
                self.stand(ordinal, at, 1.2);
            }
            for column in 0..self.size.columns {
                self.block(ordinal, column, row);
            }
        }
    }

    /// Adds planters and pillars to the street in front of a block, away from the escalators.
    fn furnish(&mut self, ordinal: i32, (x, y): (f64, f64), escalators: bool) {
        for i in 0..5 {
            let x = x + 4.0 + 8.0 * f64::from(i) + self.random.random_range(-2.0..2.0);
            let largest = if escalators { 0.35 } else { 1.6 };
            let off = if escalators { 0.1 } else { 1.6 };
            let y = y + 4.0 + self.random.random_range(-off..off);
            self.stand(ordinal, (x, y), largest);
        }
    }

    /// Adds an obstacle with three to eight corners.
    fn stand(&mut self, ordinal: i32, (x, y): (f64, f64), largest: f64) {
        let corners = self.random.random_range(3..=8u32);
        let radius = largest * self.random.random_range(0.4..1.0);
        let turn = self.random.random_range(0.0..std::f64::consts::TAU);
        let at = |i: u32| {
            let angle = turn + std::f64::consts::TAU * f64::from(i) / f64::from(corners);
            (x + radius * angle.cos(), y + radius * angle.sin())
        };
        let outline: Vec<_> = (0..corners).map(at).collect();
        self.plan.fixture_of(ordinal, &outline);
    }

    /// Adds an escalator up and one down to the level above, beside those from the level below.
    fn escalators(&mut self, ordinal: i32, x: f64, y: f64) {
        for (lower, is_top) in [(ordinal, false), (ordinal - 1, true)] {
            if lower < 0 || lower + 1 >= self.size.levels {
                continue;
            }
            // Units on top of each other on three levels would count as one shaft. Three lanes keep them
            // apart.
            let x = x + 1.5 + 12.5 * f64::from(lower % 3);
            for (low, direction) in [(1.0, "up"), (5.5, "down")] {
                let unit = self.plan.unit(ordinal, "escalator", (x, y + low, x + 11.0, y + low + 1.5));
                let end = if is_top { x + 11.0 } else { x };
                self.plan.opening(ordinal, (end, y + low + 0.1), (end, y + low + 1.4));
                if !is_top {
                    let entry = format!("[[escalator]]\nunit = \"{unit}\"\ndirection = \"{direction}\"");
                    self.plan.overlay(&entry);
                }
            }
        }
    }

    fn block(&mut self, ordinal: i32, column: u32, row: u32) {
        let corner = (line(column, BLOCK.0) + STREET, line(row, BLOCK.1) + STREET);
        let is_shaft = (column + row).is_multiple_of(2);
        let kind = match self.random.random_range(0..10) {
            _ if is_shaft => Kind::Shops,
            0 | 1 => Kind::Hall,
            2 => Kind::Void,
            _ => Kind::Shops,
        };
        match kind {
            Kind::Shops => self.shops(ordinal, corner, is_shaft),
            Kind::Hall => self.hall(ordinal, corner),
            Kind::Void => {
                self.plan.unit(ordinal, "opentobelow", around(corner));
            }
        }
    }

    /// Adds two rows of shops, back to back, with a lift and stairs in place of one shop.
    fn shops(&mut self, ordinal: i32, (x, y): (f64, f64), is_shaft: bool) {
        let (half, depth) = (BLOCK.1 / 2.0, BLOCK.1);
        for i in 0..4 {
            let left = x + SHOP * f64::from(i);
            for (low, door) in [(y, y), (y + half, y + depth)] {
                if is_shaft && i == 3 && low == y {
                    self.shaft(ordinal, left, y);
                    continue;
                }
                if self.random.random_bool(0.1) {
                    self.plan.unit(ordinal, "nonpublic", (left, low, left + SHOP, low + half));
                    continue;
                }
                let unit = self.plan.unit(ordinal, "room", (left, low, left + SHOP, low + half));
                let name = format!("Shop {}", self.shops.len() + 1);
                let shop = self.plan.shop(&name, "clothing", &unit, (left + 5.0, low + half / 2.0));
                self.shops.push(shop);
                for n in 0..self.random.random_range(1..=2) {
                    // One door in each half: doors do not overlap.
                    let width = self.random.random_range(0.75..2.5);
                    let from = left + 0.3 + 4.9 * f64::from(n) + self.random.random_range(0.0..4.5 - width);
                    let kind = ["swinging", "sliding", "revolving", "open"][self.random.random_range(0..4)];
                    let properties = serde_json::json!({"category": "pedestrian",
                        "door": {"type": kind, "automatic": kind == "sliding"}});
                    let id = self.plan.opening_with(ordinal, (from, door), (from + width, door), properties);
                    self.doors.push(id);
                }
            }
        }
    }

    fn shaft(&mut self, ordinal: i32, x: f64, y: f64) {
        let lift = self.plan.unit(ordinal, "elevator", (x + 0.5, y, x + 3.5, y + 3.0));
        self.plan.opening(ordinal, (x + 1.4, y), (x + 2.6, y));
        self.plan.unit(ordinal, "stairs", (x + 5.0, y, x + 8.0, y + 9.0));
        self.plan.opening(ordinal, (x + 5.5, y), (x + 7.5, y));
        if ordinal == 0 {
            self.lifts.push(lift);
        }
    }

    /// Adds a hall full of tables, open to the streets on two sides.
    fn hall(&mut self, ordinal: i32, corner: (f64, f64)) {
        let (x, y) = corner;
        self.plan.unit(ordinal, "foodservice", around(corner));
        for y in [y, y + BLOCK.1] {
            let from = x + self.random.random_range(1.0..30.0);
            let id = self.plan.opening(ordinal, (from, y), (from + 6.0, y));
            self.joints.push(id);
        }
        for column in 0..10 {
            for row in 0..6 {
                let at = |n: i32, random: &mut ChaCha20Rng| {
                    3.0 + 3.8 * f64::from(n) + random.random_range(-0.7..0.7)
                };
                let table = (x + at(column, &mut self.random), y + at(row, &mut self.random));
                self.stand(ordinal, table, 1.1);
            }
        }
    }
}

fn around((x, y): (f64, f64)) -> super::Bounds4 {
    (x, y, x + BLOCK.0, y + BLOCK.1)
}
