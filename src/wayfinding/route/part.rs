//! One level of the network: its corners, landings and ends, and the walks between those that see each
//! other.
//!
//! Each level is computed in its own thread. `network` joins the levels and adds the rides between them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::approach::{self, Stand};
use super::area::{self, DOORSTEP};
use super::graph::{Crossing, End, Walk, count, mirrored};
use super::visibility::Sight;
use super::walker::Walker;
use crate::geometry::{Point, side};
use crate::venue::{LevelIndex, TravelDirection, UnitIndex, UnitKind, Venue};

/// An opening with floor on both sides.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Gate {
    pub opening: u32,
    from: Point,
    to: Point,
    one_way: bool,
}

/// The result of one thread for one level. All indices start at the beginning of the level.
pub(crate) struct LevelPart {
    pub sight: Sight,
    /// Corners first, then landings.
    pub points: Vec<Point>,
    /// The landings of each unit of a shaft, each with the opening in which it lies.
    pub landings: HashMap<UnitIndex, Vec<(u32, Option<u32>)>>,
    pub walks: Vec<Vec<Walk>>,
    pub ends: Vec<End>,
    pub place_ends: Vec<(usize, u32)>,
    pub kiosks: Vec<(usize, u32, Vec<Walk>)>,
    /// Openings that lead out, and units of staircases, each with its end.
    pub exits: Vec<(u32, u32)>,
    pub staircases: Vec<(u32, u32)>,
    pub gates: Vec<Gate>,
    pub gate_lists: Vec<Crossing>,
}

/// The openings that a straight line passes, in order. Openings in which its ends lie are left out, unless
/// they are for one direction.
pub(crate) fn crossed(gates: &[Gate], p: Point, q: Point, inside: [Option<u32>; 2]) -> Vec<Crossing> {
    let (left, right) = (p.x.min(q.x), p.x.max(q.x));
    let (low, high) = (p.y.min(q.y), p.y.max(q.y));
    // A point on the line of a door counts as on its right. A bend on that line can therefore not hide the
    // door.
    let parts = |a: Point, b: Point, c: Point, d: Point| (side(a, b, c) > 0.0) != (side(a, b, d) > 0.0);
    let meets = |g: &&Gate| {
        g.from.x.max(g.to.x) >= left
            && g.from.x.min(g.to.x) <= right
            && g.from.y.max(g.to.y) >= low
            && g.from.y.min(g.to.y) <= high
            && (g.one_way || !inside.contains(&Some(g.opening)))
            && parts(g.from, g.to, p, q)
            && parts(p, q, g.from, g.to)
    };
    let length = p.distance(q);
    let crossing = |g: &Gate| {
        let (before, after) = (side(g.from, g.to, p), side(g.from, g.to, q));
        let at = length * before / (before - after);
        let standing = inside.contains(&Some(g.opening));
        Crossing { opening: g.opening, at, to_left: after > 0.0, standing }
    };
    let mut found: Vec<Crossing> = gates.iter().filter(meets).map(crossing).collect();
    found.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.opening.cmp(&b.opening)));
    found
}

impl Gate {
    /// Whether a stand at this point lies in the gate: in its middle or, if it is one-way, just inside.
    pub fn is_around(&self, point: Point) -> bool {
        let middle = self.from.toward(self.to, 0.5);
        middle == point || (self.one_way && middle.distance(point) < 1.01 * DOORSTEP)
    }
}

impl LevelPart {
    pub fn new(venue: &Venue, level: LevelIndex, walker: Walker) -> Self {
        let floor = area::floor(venue, level, walker);
        let sight = Sight::new(&floor.area);
        let corners = sight.corners().to_vec();
        let gates = gates(venue, &floor.openings, walker);
        let mut part = Self {
            points: corners.iter().map(|c| sight.point(*c)).collect(),
            sight,
            landings: HashMap::new(),
            walks: Vec::new(),
            ends: Vec::new(),
            place_ends: Vec::new(),
            kiosks: Vec::new(),
            exits: Vec::new(),
            staircases: Vec::new(),
            gates,
            gate_lists: Vec::new(),
        };
        let standing = approach::LevelStands::new(venue, level, walker, &part.sight, &floor.openings);
        let landings = landings(venue, level, walker, &standing);
        let places = place_stands(venue, level, &standing);
        let kiosks = kiosk_stands(venue, level, &standing);
        let exits = standing.exits();
        let staircases = staircases(venue, level, &standing);
        let mut insides = vec![None; part.points.len()];
        for (unit, stands) in landings {
            for stand in stands {
                part.landings.entry(unit).or_default().push((count(part.points.len()), stand.inside));
                part.points.push(stand.point);
                insides.push(stand.inside);
            }
        }
        part.join_points(&corners, &insides);
        for (place, stand) in places {
            let end = part.add_end(level, stand, &corners, &insides);
            part.place_ends.push((place, end));
        }
        let last_place = part.ends.len();
        for (kiosk, stand) in kiosks {
            let end = part.add_end(level, stand, &corners, &insides);
            let seen = part.ends_seen(stand, last_place);
            part.kiosks.push((kiosk, end, seen));
        }
        for (opening, stand) in exits {
            let end = part.add_end(level, stand, &corners, &insides);
            part.exits.push((count(opening), end));
        }
        for (unit, stand) in staircases {
            let end = part.add_end(level, stand, &corners, &insides);
            part.staircases.push((count(unit.0), end));
        }
        part
    }

    /// Joins corners and landings that see each other and at which a route can bend.
    fn join_points(&mut self, corners: &[usize], insides: &[Option<u32>]) {
        let mut walks = vec![Vec::new(); self.points.len()];
        for i in 0..self.points.len() {
            for j in i + 1..self.points.len() {
                let (p, q) = (self.points[i], self.points[j]);
                let bends_at =
                    |n: usize, from: Point| corners.get(n).is_none_or(|c| self.sight.is_taut(from, *c));
                if bends_at(i, q) && bends_at(j, p) && self.sight.sees(p, q) {
                    let gates = crossed(&self.gates, p, q, [insides[i], insides[j]]);
                    let back = mirrored(p.distance(q), &gates);
                    walks[i].push(self.walk(j, p.distance(q), gates));
                    walks[j].push(self.walk(i, p.distance(q), back));
                }
            }
        }
        self.walks = walks;
    }

    fn walk(&mut self, to: usize, length: f64, gates: Vec<Crossing>) -> Walk {
        let start = self.gate_lists.len();
        self.gate_lists.extend(gates);
        let gates = (count(start), count(self.gate_lists.len() - start));
        Walk { to: count(to), length, gates }
    }

    fn add_end(
        &mut self,
        level: LevelIndex,
        stand: Stand,
        corners: &[usize],
        insides: &[Option<u32>],
    ) -> u32 {
        let mut walks = Vec::new();
        for (index, inside) in insides.iter().enumerate() {
            let q = self.points[index];
            let bends = corners.get(index).is_none_or(|c| self.sight.is_taut(stand.point, *c));
            if bends && self.sight.sees(stand.point, q) {
                let gates = crossed(&self.gates, q, stand.point, [stand.inside, *inside]);
                walks.push(self.walk(index, q.distance(stand.point), gates));
            }
        }
        self.ends.push(End { level, point: stand.point, inside: stand.inside, walks });
        count(self.ends.len() - 1)
    }

    /// Walks to the first `until` ends of this level.
    fn ends_seen(&mut self, from: Stand, until: usize) -> Vec<Walk> {
        let mut seen = Vec::new();
        for index in 0..until {
            let (q, inside) = (self.ends[index].point, self.ends[index].inside);
            if self.sight.sees(from.point, q) {
                let gates = crossed(&self.gates, from.point, q, [from.inside, inside]);
                seen.push(self.walk(index, from.point.distance(q), gates));
            }
        }
        seen
    }
}

/// The openings of a level with floor on both sides.
fn gates(venue: &Venue, openings: &[usize], walker: Walker) -> Vec<Gate> {
    let mut gates = Vec::new();
    for &index in openings {
        let opening = &venue.openings()[index];
        let joins = opening.twin_of.is_none()
            && opening.sides.iter().all(|s| s.is_some_and(|u| walker.enters(venue.unit(u).kind)));
        if joins {
            let one_way = opening.direction != TravelDirection::Both;
            gates.push(Gate { opening: count(index), from: opening.from, to: opening.to, one_way });
        }
    }
    gates
}

/// The landings of each shaft unit. Whether the public may use the shaft is not known here.
fn landings(
    venue: &Venue,
    level: LevelIndex,
    walker: Walker,
    standing: &approach::LevelStands,
) -> Vec<(UnitIndex, Vec<Stand>)> {
    let mut units: Vec<UnitIndex> = Vec::new();
    for shaft in venue.shafts().iter().filter(|s| walker.rides(s.kind)) {
        units.extend(shaft.stops.iter().filter(|s| s.level == level).map(|s| s.unit));
    }
    units.sort_unstable();
    units.dedup();
    units.into_iter().map(|u| (u, standing.landings(u))).filter(|(_, stands)| !stands.is_empty()).collect()
}

/// The stands in front of each staircase, even if this walker cannot take it.
fn staircases(venue: &Venue, level: LevelIndex, standing: &approach::LevelStands) -> Vec<(UnitIndex, Stand)> {
    let units = (0..venue.units().len()).map(UnitIndex);
    let here = units.filter(|u| venue.unit(*u).level == level && venue.unit(*u).kind == UnitKind::Stairs);
    here.flat_map(|u| standing.landings(u).into_iter().map(move |s| (u, s))).collect()
}

fn place_stands(venue: &Venue, level: LevelIndex, standing: &approach::LevelStands) -> Vec<(usize, Stand)> {
    let here = venue.places().iter().enumerate().filter(|(_, p)| p.level == level);
    here.flat_map(|(index, place)| standing.place(place).into_iter().map(move |s| (index, s))).collect()
}

fn kiosk_stands(venue: &Venue, level: LevelIndex, standing: &approach::LevelStands) -> Vec<(usize, Stand)> {
    let here = venue.kiosks().iter().enumerate().filter(|(_, k)| k.level == level);
    here.filter_map(|(index, kiosk)| Some((index, standing.spot(kiosk.position)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bend on the line of a door does not hide the door.
    #[test]
    fn bends_on_a_door_line_hide_no_door() {
        let (from, to) = (Point::new(2.0, 0.0), Point::new(2.0, 4.0));
        let gate = Gate { opening: 7, from, to, one_way: false };
        let (west, on, east) = (Point::new(0.0, 1.0), Point::new(2.0, 2.0), Point::new(4.0, 3.0));
        let passed = |p, q| crossed(&[gate], p, q, [None, None]).len();
        assert_eq!(passed(west, east), 1);
        for (from, to) in [(west, east), (east, west)] {
            assert_eq!(passed(from, on) + passed(on, to), 1, "once, and not twice");
            assert_eq!(passed(from, on) + passed(on, from), passed(from, on) * 2, "and back as there");
        }
        let stand = gate.from.toward(gate.to, 0.5);
        assert!(gate.is_around(stand));
        assert!(crossed(&[gate], stand, west, [Some(7), None]).is_empty());
        assert!(crossed(&[gate], stand, east, [Some(7), None]).is_empty());
    }
}
