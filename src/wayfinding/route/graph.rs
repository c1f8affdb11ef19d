//! What a network is made of: nodes and ends, walks and rides between them, the openings on a walk.

use serde::{Deserialize, Serialize};

use super::types::Mode;
use crate::geometry::Point;
use crate::venue::LevelIndex;

/// An opening that a walk passes, and how far from its beginning, in metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Crossing {
    pub opening: u32,
    pub at: f64,
    /// Whether one passes it to the left of its line.
    pub to_left: bool,
    /// An end of the walk lies in this opening: crossing is free; listed only because it is one-way.
    pub standing: bool,
}

/// The same crossings for somebody who walks the other way.
pub(crate) fn mirrored(length: f64, crossings: &[Crossing]) -> Vec<Crossing> {
    let back = |c: &Crossing| Crossing { at: length - c.at, to_left: !c.to_left, ..*c };
    crossings.iter().rev().map(back).collect()
}

/// A straight walk to another node or end.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Walk {
    pub to: u32,
    pub length: f64,
    /// Where in the network's list of gates its own begin, and how many they are.
    pub gates: (u32, u32),
}

/// A ride or climb to another node.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Ride {
    pub to: u32,
    pub shaft: u32,
    pub mode: Mode,
    /// The length in the plan.
    pub length: f64,
    /// Levels up; negative is down.
    pub climb: i32,
    /// The doors at both landings.
    pub doors: [Option<u32>; 2],
}

/// A place where ways bend.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Node {
    pub level: LevelIndex,
    pub point: Point,
}

/// A place where ways begin and stop.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct End {
    pub level: LevelIndex,
    pub point: Point,
    /// The opening it stands in, which it does not have to pass.
    pub inside: Option<u32>,
    /// The core nodes it sees. The crossings are those of the walk from the node to this end.
    pub walks: Vec<Walk>,
}

/// Lists of one kind, one after the other.
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

/// Nodes, ends and openings are counted in 32 bits to keep the lists small.
pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).expect("a venue has fewer than 2^32 of anything")
}
