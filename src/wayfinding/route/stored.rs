//! Networks as bytes: the content of a cache file.
//!
//! A network is a pure function of some parts of the venue and of the source files that compute it.
//! [`fingerprint`] is a hash of both: a network is never used for another map, nor for a program with other
//! source files. Networks that are read back are checked against the venue before they are used, because
//! the bytes on a disk may be anything.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::graph::{Crossing, Lists, Walk};
use super::network::Network;
use crate::geometry::Point;
use crate::venue::{LevelIndex, Venue};

/// The source files that determine a network.
const SOURCES: [&[u8]; 13] = [
    include_bytes!("../geometry.rs"),
    include_bytes!("approach.rs"),
    include_bytes!("area.rs"),
    include_bytes!("graph.rs"),
    include_bytes!("network.rs"),
    include_bytes!("part.rs"),
    include_bytes!("rides.rs"),
    include_bytes!("stored.rs"),
    include_bytes!("visibility.rs"),
    include_bytes!("visibility/grid.rs"),
    include_bytes!("walker.rs"),
    include_bytes!("../venue/space.rs"),
    // The versions of the crates that unite, shrink and orient polygons.
    include_bytes!("../../../Cargo.lock"),
];

/// A writer that hashes its text.
struct Hashed(Sha256);

impl Write for Hashed {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// A hash of everything that the networks of a venue depend on, in hexadecimal.
pub(crate) fn fingerprint(venue: &Venue) -> String {
    let mut hashed = Hashed(Sha256::new());
    for source in SOURCES {
        hashed.0.update((source.len() as u64).to_be_bytes());
        hashed.0.update(source);
    }
    let mut write = |part: std::fmt::Arguments| {
        let _ = hashed.write_fmt(part);
    };
    for level in venue.levels() {
        write(format_args!("level {}\n", level.ordinal));
    }
    for unit in venue.units() {
        write(format_args!("unit {} {:?} {:?} {:?}\n", unit.id, unit.kind, unit.level, unit.shape));
    }
    for o in venue.openings() {
        let (line, sides) = ((o.level, o.from, o.to), o.sides);
        let passing = (o.passage, o.direction, o.twin_of);
        write(format_args!("opening {} {line:?} {sides:?} {:?} {passing:?}\n", o.id, o.door));
    }
    for obstacle in venue.obstacles() {
        write(format_args!("obstacle {:?} {:?}\n", obstacle.level, obstacle.shape));
    }
    for shaft in venue.shafts() {
        write(format_args!(
            "shaft {:?} {:?} {:?} {}\n",
            shaft.kind, shaft.stops, shaft.direction, shaft.speed
        ));
    }
    for place in venue.places() {
        write(format_args!("place {} {} {:?} {:?}\n", place.id, place.unit, place.level, place.position));
    }
    for kiosk in venue.kiosks() {
        write(format_args!("kiosk {:?} {:?}\n", kiosk.level, kiosk.position));
    }
    hashed.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The networks of one venue, with the fingerprint of their input.
#[derive(Serialize)]
struct Written<'a> {
    fingerprint: &'a str,
    networks: [&'a Network; 2],
}

#[derive(Deserialize)]
struct Read {
    fingerprint: String,
    networks: [Network; 2],
}

/// The networks as bytes, preceded by their hash.
pub(crate) fn to_bytes(fingerprint: &str, networks: [&Network; 2]) -> Result<Vec<u8>, postcard::Error> {
    let body = postcard::to_stdvec(&Written { fingerprint, networks })?;
    let mut bytes = Sha256::digest(&body).to_vec();
    bytes.extend(body);
    Ok(bytes)
}

/// The networks, if these bytes are complete, belong to exactly this venue, and pass the checks.
pub(crate) fn from_bytes(bytes: &[u8], venue: &Venue, fingerprint: &str) -> Option<[Network; 2]> {
    let (hash, body) = bytes.split_at_checked(32)?;
    if Sha256::digest(body).as_slice() != hash {
        return None;
    }
    let read: Read = postcard::from_bytes(body).ok()?;
    let fit = read.fingerprint == fingerprint && read.networks.iter().all(|n| n.fits(venue));
    fit.then_some(read.networks)
}

impl<T> Lists<T> {
    /// Whether it consists of this many lists.
    fn is_whole(&self, lists: usize) -> bool {
        self.starts.len() == lists + 1
            && self.starts[0] == 0
            && self.starts.windows(2).all(|w| w[0] <= w[1])
            && self.starts[lists] as usize == self.items.len()
    }
}

impl Network {
    /// Whether every index in it exists.
    fn fits(&self, venue: &Venue) -> bool {
        let (nodes, ends) = (self.nodes.len(), self.ends.len());
        let (openings, levels) = (venue.openings().len(), venue.levels().len());
        let below = |number: u32, count: usize| (number as usize) < count;
        let on_level =
            |level: LevelIndex, point: Point| level.0 < levels && point.x.is_finite() && point.y.is_finite();
        let walks = |walks: &[Walk], count: usize| {
            walks.iter().all(|w| {
                let last = w.gates.0 as usize + w.gates.1 as usize;
                below(w.to, count) && w.length >= 0.0 && last <= self.gate_lists.len()
            })
        };
        let crossing = |c: &Crossing| below(c.opening, openings) && c.at.is_finite();
        self.walks.is_whole(nodes)
            && self.rides.is_whole(nodes)
            && self.sights.len() == levels
            && self.gates.len() == levels
            && self.place_ends.len() == venue.places().len()
            && self.kiosks.len() == venue.kiosks().len()
            && self.nodes.is_sorted_by_key(|n| n.level)
            && self.nodes.iter().all(|n| on_level(n.level, n.point))
            && self.ends.iter().all(|e| on_level(e.level, e.point) && walks(&e.walks, nodes))
            && walks(&self.walks.items, nodes)
            && self.rides.items.iter().all(|r| {
                let doors = r.doors.iter().flatten().all(|d| below(*d, openings));
                below(r.to, nodes) && below(r.shaft, venue.shafts().len()) && r.length >= 0.0 && doors
            })
            && self.place_ends.iter().flatten().all(|e| below(*e, ends))
            && self.kiosks.iter().flatten().all(|(end, seen)| below(*end, ends) && walks(seen, ends))
            && self.exits.iter().all(|(o, e)| below(*o, openings) && below(*e, ends))
            && self.staircases.iter().all(|(u, e)| below(*u, venue.units().len()) && below(*e, ends))
            && self.gate_lists.iter().all(crossing)
            && self.gates.iter().flatten().all(|g| below(g.opening, openings))
    }
}
