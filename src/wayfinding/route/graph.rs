//! The elements of a network: nodes and ends, the walks and rides between them, and the openings on a walk.

use serde::{Deserialize, Serialize};

use super::types::Mode;
use crate::geometry::Point;
use crate::venue::LevelIndex;

/// An opening that a walk passes, and its distance from the start of the walk, in metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Crossing {
    pub opening: u32,
    pub at: f64,
    /// Whether the walk passes to the left side of the opening's line.
    pub to_left: bool,
    /// An end of the walk lies in this opening. The crossing is free, and listed only because the opening
    /// is one-way.
    pub standing: bool,
}

/// The same crossings for a walk in the opposite direction.
pub(crate) fn mirrored(length: f64, crossings: &[Crossing]) -> Vec<Crossing> {
    let back = |c: &Crossing| Crossing { at: length - c.at, to_left: !c.to_left, ..*c };
    crossings.iter().rev().map(back).collect()
}

/// A straight walk to another node or end.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Walk {
    pub to: u32,
    pub length: f64,
    /// The start of its gates in the network's list of gates, and their number.
    pub gates: (u32, u32),
}

/// A ride or climb to another node.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Ride {
    pub to: u32,
    pub shaft: u32,
    pub mode: Mode,
    /// The length in the plan, in metres.
    pub length: f64,
    /// The number of levels up; negative is down.
    pub climb: i32,
    /// The doors at both landings.
    pub doors: [Option<u32>; 2],
}

/// A core node: a point where routes bend or change level.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Node {
    pub level: LevelIndex,
    pub point: Point,
}

/// An end: a point where routes start and stop.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct End {
    pub level: LevelIndex,
    pub point: Point,
    /// The opening in which it lies. A route that starts or ends here does not have to pass that opening.
    pub inside: Option<u32>,
    /// The walks to it from the core nodes that it sees. Their crossings are in the direction from the node
    /// to this end.
    pub walks: Vec<Walk>,
}

/// Many lists in one vector: list `i` begins at `starts[i]`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Lists<T> {
    pub starts: Vec<u32>,
    pub items: Vec<T>,
}

impl<T> Lists<T> {
    pub fn new(lists: Vec<Vec<T>>) -> Self {
        let mut starts = vec![0];
        let mut items = Vec::with_capacity(lists.iter().map(Vec::len).sum());
        for list in lists {
            items.extend(list);
            starts.push(count(items.len()));
        }
        Self { starts, items }
    }

    pub fn of(&self, index: u32) -> &[T] {
        &self.items[self.starts[index as usize] as usize..self.starts[index as usize + 1] as usize]
    }
}

/// Nodes, ends and openings have 32-bit numbers, to keep the lists small.
pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).expect("a venue has fewer than 2^32 of anything")
}
