//! The corners, landings and doors of a venue, and which of them see each other.
//!
//! Made once per venue and walker, by one thread a level. Core nodes are the corners that ways bend
//! round and the landings of lifts, escalators and stairs; ends are the doors and spots where ways begin
//! and stop, and no way passes through an end. Whether a door is open at some hour is not known here:
//! a walk lists the gates it passes, a ride names its shaft.

use serde::{Deserialize, Serialize};

use super::Mode;
use super::part::{Gate, Part, crossed};
use super::rides::{Landings, rides};
use super::visibility::Sight;
use super::walker::Walker;
use crate::geometry::Point;
use crate::venue::{LevelIndex, Venue};

/// An opening that a walk passes, and how far from its beginning, in metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Crossing {
    pub opening: u32,
    pub at: f64,
    /// Whether one passes it to the left of its line.
    pub to_left: bool,
    /// Whether one end of the walk stands in it, for whom it takes nothing to pass it. It is listed only
    /// because it may be passed one way and not the other.
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

/// Everything about walking in a venue that does not depend on the hour.
#[derive(Serialize, Deserialize)]
pub(crate) struct Network {
    pub sights: Vec<Sight>,
    pub nodes: Vec<Node>,
    pub walks: Lists<Walk>,
    pub rides: Lists<Ride>,
    pub ends: Vec<End>,
    /// For each place of the venue, the ends at which one has reached it.
    pub place_ends: Vec<Vec<u32>>,
    /// For each kiosk, its end, and the ends it sees directly.
    pub kiosks: Vec<Option<(u32, Vec<Walk>)>>,
    /// The openings that lead out of the building, each with its end.
    pub exits: Vec<(u32, u32)>,
    /// The units of staircases, each with an end at one of its landings.
    pub staircases: Vec<(u32, u32)>,
    pub gate_lists: Vec<Crossing>,
    pub gates: Vec<Vec<Gate>>,
}

impl Network {
    pub fn new(venue: &Venue, walker: Walker) -> Self {
        let levels: Vec<LevelIndex> = (0..venue.levels().len()).map(LevelIndex).collect();
        let parts: Vec<Part> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                levels.iter().map(|level| scope.spawn(move || Part::new(venue, *level, walker))).collect();
            threads.into_iter().map(|t| t.join().expect("reading a level does not panic")).collect()
        });
        Self::join(venue, walker, parts)
    }

    /// The same network, one level after the other: to see that threads change nothing.
    #[cfg(test)]
    pub fn by_one_thread(venue: &Venue, walker: Walker) -> Self {
        let levels = (0..venue.levels().len()).map(LevelIndex);
        Self::join(venue, walker, levels.map(|level| Part::new(venue, level, walker)).collect())
    }

    fn join(venue: &Venue, walker: Walker, parts: Vec<Part>) -> Self {
        let mut network = Self {
            sights: Vec::new(),
            nodes: Vec::new(),
            walks: Lists::new(Vec::new()),
            rides: Lists::new(Vec::new()),
            ends: Vec::new(),
            place_ends: vec![Vec::new(); venue.places().len()],
            kiosks: vec![None; venue.kiosks().len()],
            exits: Vec::new(),
            staircases: Vec::new(),
            gate_lists: Vec::new(),
            gates: Vec::new(),
        };
        let mut walks: Vec<Vec<Walk>> = Vec::new();
        let mut landings = Landings::new();
        for (index, part) in parts.into_iter().enumerate() {
            let level = LevelIndex(index);
            let (node, end) = (count(network.nodes.len()), count(network.ends.len()));
            let gate = count(network.gate_lists.len());
            let shift = |list: Vec<Walk>, by: u32| -> Vec<Walk> {
                let moved = |w: Walk| Walk { to: w.to + by, gates: (w.gates.0 + gate, w.gates.1), ..w };
                list.into_iter().map(moved).collect()
            };
            network.nodes.extend(part.points.into_iter().map(|point| Node { level, point }));
            walks.extend(part.walks.into_iter().map(|list| shift(list, node)));
            for (unit, list) in part.landings {
                let list = list.into_iter().map(|(n, door)| (n + node, door)).collect();
                landings.insert((unit, level), list);
            }
            network.ends.extend(part.ends.into_iter().map(|e| End { walks: shift(e.walks, node), ..e }));
            for (place, at) in part.place_ends {
                network.place_ends[place].push(at + end);
            }
            for (kiosk, at, seen) in part.kiosks {
                network.kiosks[kiosk] = Some((at + end, shift(seen, end)));
            }
            network.exits.extend(part.exits.into_iter().map(|(opening, at)| (opening, at + end)));
            network.staircases.extend(part.staircases.into_iter().map(|(unit, at)| (unit, at + end)));
            network.gate_lists.extend(part.gate_lists);
            network.sights.push(part.sight);
            network.gates.push(part.gates);
        }
        network.rides = rides(venue, walker, &network.nodes, &landings);
        network.walks = Lists::new(walks);
        network
    }

    /// A network without geometry: of each node, its walks (node, metres, doors) and its rides.
    #[cfg(test)]
    pub fn by_hand(walks: Vec<Vec<(u32, f64, Vec<Crossing>)>>, rides: Vec<Vec<Ride>>) -> Self {
        let mut gate_lists = Vec::new();
        let mut list = |(to, length, doors): (u32, f64, Vec<Crossing>)| {
            let gates = (count(gate_lists.len()), count(doors.len()));
            gate_lists.extend(doors);
            Walk { to, length, gates }
        };
        let lists: Vec<Vec<Walk>> =
            walks.into_iter().map(|walks| walks.into_iter().map(&mut list).collect()).collect();
        let node = Node { level: LevelIndex(0), point: Point::new(0.0, 0.0) };
        Self {
            sights: Vec::new(),
            nodes: vec![node; lists.len()],
            walks: Lists::new(lists),
            rides: Lists::new(rides),
            ends: Vec::new(),
            place_ends: Vec::new(),
            kiosks: Vec::new(),
            exits: Vec::new(),
            staircases: Vec::new(),
            gate_lists,
            gates: Vec::new(),
        }
    }

    /// The openings that a walk passes, in order.
    pub fn gates(&self, walk: &Walk) -> &[Crossing] {
        let start = walk.gates.0 as usize;
        &self.gate_lists[start..start + walk.gates.1 as usize]
    }

    /// The openings that a straight line on a level passes, without those that its ends stand in.
    pub fn gates_between(
        &self,
        level: LevelIndex,
        p: Point,
        q: Point,
        inside: [Option<u32>; 2],
    ) -> Vec<Crossing> {
        crossed(&self.gates[level.0], p, q, inside)
    }

    /// The door in whose middle a point is.
    pub fn door_around(&self, level: LevelIndex, point: Point) -> Option<u32> {
        self.gates[level.0].iter().find(|g| g.is_around(point)).map(|g| g.opening)
    }

    /// The part of the floor that each core node is on; where parts touch in it, each of them.
    pub fn parts(&self) -> impl Iterator<Item = (u32, LevelIndex, u32)> {
        let levels = (0..self.sights.len()).map(LevelIndex);
        levels.flat_map(move |level| {
            let sight = &self.sights[level.0];
            let first = self.nodes.partition_point(|n| n.level < level);
            let last = self.nodes.partition_point(|n| n.level <= level);
            (first..last).flat_map(move |n| {
                let parts = match sight.corners().get(n - first) {
                    Some(corner) => vec![sight.part(*corner)],
                    None => sight.parts_at(self.nodes[n].point),
                };
                parts.into_iter().map(move |part| (count(n), level, part))
            })
        })
    }

    /// The core nodes that a spot on the floor sees: the landings, and those corners round which a way from
    /// there can bend.
    pub fn seen_from(&self, level: LevelIndex, point: Point) -> impl Iterator<Item = u32> {
        let sight = &self.sights[level.0];
        let from = self.nodes.partition_point(|n| n.level < level);
        let to = self.nodes.partition_point(|n| n.level <= level);
        // The corners come first on each level, in the order of its sight.
        let bends = move |n: usize| sight.corners().get(n - from).is_none_or(|c| sight.is_taut(point, *c));
        (from..to).filter(move |n| bends(*n) && sight.sees(point, self.nodes[*n].point)).map(count)
    }
}
