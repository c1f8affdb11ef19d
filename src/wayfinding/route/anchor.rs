//! Anchors: the points of the floor where a route may start or end, and the core nodes that they see.
//!
//! Anchors of places and kiosks come from the network. The anchor of any other spot is computed for each
//! query.

use super::graph::{Crossing, Walk, count, mirrored};
use super::network::Network;
use super::search::First;
use super::types::{Reason, Spot};
use super::walker::Toll;
use crate::geometry::Point;
use crate::venue::{LevelIndex, Venue};

/// The greatest distance in metres from the floor at which a spot still counts as on it.
const NEAR: f64 = 2.5;

/// A straight walk between an anchor and a core node.
pub(crate) struct Seen {
    pub node: u32,
    pub length: f64,
    pub crossings: Vec<Crossing>,
}

/// A point where a route may start or end, and the core nodes it sees.
pub(crate) struct Anchor {
    pub level: LevelIndex,
    pub point: Point,
    /// The opening in which it lies. A route that starts or ends here does not have to pass that opening.
    pub inside: Option<u32>,
    /// The straight walks from it to the nodes that it sees.
    pub sees: Vec<Seen>,
}

impl Anchor {
    pub fn of_end(network: &Network, end: u32) -> Self {
        let end = &network.ends[end as usize];
        let seen =
            |w: &Walk| Seen { node: w.to, length: w.length, crossings: mirrored(w.length, network.gates(w)) };
        let sees = end.walks.iter().map(seen).collect();
        Self { level: end.level, point: end.point, inside: end.inside, sees }
    }

    /// An anchor on the floor at a point, or near it and not behind a wall.
    pub fn at(venue: &Venue, network: &Network, level: LevelIndex, point: Point) -> Option<Self> {
        let sight = network.sights.get(level.0)?;
        let (found, distance) = sight.nearest(point)?;
        let same = || venue.unit_at(level, point) == venue.unit_at(level, found);
        if distance > 0.0 && (distance > NEAR || !same()) {
            return None;
        }
        let sees = network.seen_from(level, found).map(|node| {
            let there = network.nodes[node as usize].point;
            let crossings = network.gates_between(level, found, there, [None, None]);
            Seen { node, length: found.distance(there), crossings }
        });
        Some(Self { level, point: found, inside: None, sees: sees.collect() })
    }

    /// All anchors of a spot; empty if it is off the floor.
    pub fn of(venue: &Venue, network: &Network, spot: &Spot) -> Result<Vec<Self>, Reason> {
        match spot {
            Spot::Place(id) => {
                let index = venue.place_position(id).ok_or(Reason::UnknownPlace(*id))?;
                Ok(network.place_ends[index].iter().map(|e| Self::of_end(network, *e)).collect())
            }
            Spot::Kiosk(code) => {
                let index = venue.kiosks().iter().position(|k| k.code == *code);
                let index = index.ok_or_else(|| Reason::UnknownKiosk(code.clone()))?;
                Ok(network.kiosks[index].iter().map(|(end, _)| Self::of_end(network, *end)).collect())
            }
            Spot::At { level, point } => Ok(Self::at(venue, network, *level, *point).into_iter().collect()),
        }
    }
}

/// The first walks of all routes from these starts, each with the toll spent before.
pub(crate) fn firsts<'a>(starts: impl IntoIterator<Item = (&'a Anchor, Toll)>) -> Vec<First<'a>> {
    let mut firsts = Vec::new();
    for (index, (anchor, spent)) in starts.into_iter().enumerate() {
        let start = count(index);
        firsts.extend(anchor.sees.iter().map(|seen| First {
            start,
            spent,
            to: seen.node,
            length: seen.length,
            crossings: &seen.crossings,
        }));
    }
    firsts
}

/// Starts with no toll: the moment of departure is the moment of the query.
pub(crate) fn at_once(starts: &[Anchor]) -> impl Iterator<Item = (&Anchor, Toll)> {
    starts.iter().map(|anchor| (anchor, Toll::default()))
}
