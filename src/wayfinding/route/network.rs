//! The walking network: the corners, landings and doors of a venue, and the visibility graph over them.
//!
//! It is computed once per venue and walker, with one thread per level. Core nodes are the corners at which
//! routes bend, and the landings of lifts, escalators and stairs. Ends are the doors and spots where routes
//! start and stop; no route passes through an end. The network does not depend on opening hours: a walk
//! lists the gates that it passes, a ride names its shaft.

use serde::{Deserialize, Serialize};

use super::graph::{Crossing, End, Lists, Node, Ride, Walk, count};
use super::part::{Gate, LevelPart, crossed};
use super::rides::{Landings, rides};
use super::visibility::Sight;
use super::walker::Walker;
use crate::geometry::Point;
use crate::venue::{LevelIndex, Venue};

/// All data about walking in a venue that does not depend on opening hours.
#[derive(Serialize, Deserialize)]
pub(crate) struct Network {
    pub sights: Vec<Sight>,
    pub nodes: Vec<Node>,
    pub walks: Lists<Walk>,
    pub rides: Lists<Ride>,
    pub ends: Vec<End>,
    /// For each place of the venue, the ends at which it is reached.
    pub place_ends: Vec<Vec<u32>>,
    /// For each kiosk, its end and the ends that it sees directly.
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
        let parts: Vec<LevelPart> = std::thread::scope(|scope| {
            let threads: Vec<_> = levels
                .iter()
                .map(|level| scope.spawn(move || LevelPart::new(venue, *level, walker)))
                .collect();
            threads.into_iter().map(|t| t.join().expect("reading a level does not panic")).collect()
        });
        Self::join(venue, walker, parts)
    }

    /// The same network, computed level by level in one thread. Tests compare it with the threaded one.
    #[cfg(test)]
    pub fn by_one_thread(venue: &Venue, walker: Walker) -> Self {
        let levels = (0..venue.levels().len()).map(LevelIndex);
        Self::join(venue, walker, levels.map(|level| LevelPart::new(venue, level, walker)).collect())
    }

    fn join(venue: &Venue, walker: Walker, parts: Vec<LevelPart>) -> Self {
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

    /// A network without geometry: for each node, its walks (node, metres, doors) and its rides.
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

    /// The openings that a straight line on a level passes, except those in which its two ends lie.
    pub fn gates_between(
        &self,
        level: LevelIndex,
        p: Point,
        q: Point,
        inside: [Option<u32>; 2],
    ) -> Vec<Crossing> {
        crossed(&self.gates[level.0], p, q, inside)
    }

    /// The door in which a stand at this point lies.
    pub fn door_around(&self, level: LevelIndex, point: Point) -> Option<u32> {
        self.gates[level.0].iter().find(|g| g.is_around(point)).map(|g| g.opening)
    }

    /// The parts of the floor of each core node. Where several parts touch at the node, it is listed with
    /// each of them.
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

    /// The core nodes that a point on the floor sees: the landings, and the corners at which a route from
    /// there can bend.
    pub fn seen_from(&self, level: LevelIndex, point: Point) -> impl Iterator<Item = u32> {
        let sight = &self.sights[level.0];
        let from = self.nodes.partition_point(|n| n.level < level);
        let to = self.nodes.partition_point(|n| n.level <= level);
        // On each level, the corners come before the landings, in the order of its `Sight`.
        let bends = move |n: usize| sight.corners().get(n - from).is_none_or(|c| sight.is_taut(point, *c));
        (from..to).filter(move |n| bends(*n) && sight.sees(point, self.nodes[*n].point)).map(count)
    }
}
