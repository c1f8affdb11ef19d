//! The points of the floor at which a spot is left or reached, and what one sees from there.

use super::graph::{Crossing, Walk, count, mirrored};
use super::network::Network;
use super::search::First;
use super::types::{Reason, Spot};
use super::walker::Toll;
use crate::geometry::Point;
use crate::venue::{LevelIndex, Venue};

/// How far from the floor a spot may be and still be taken to be on it.
const NEAR: f64 = 2.5;

/// A straight walk between an anchor and a core node.
pub(crate) struct Seen {
    pub node: u32,
    pub length: f64,
    pub crossings: Vec<Crossing>,
}

/// One point where a way may begin or stop, and the core nodes it sees.
pub(crate) struct Anchor {
    pub level: LevelIndex,
    pub point: Point,
    /// The opening it stands in, which it does not have to pass.
    pub inside: Option<u32>,
    /// Walks away from it.
    pub sees: Vec<Seen>,
}

impl Anchor {
    /// The anchor of one end of the network.
    pub fn of_end(network: &Network, end: u32) -> Self {
        let end = &network.ends[end as usize];
        let seen =
            |w: &Walk| Seen { node: w.to, length: w.length, crossings: mirrored(w.length, network.gates(w)) };
        let sees = end.walks.iter().map(seen).collect();
        Self { level: end.level, point: end.point, inside: end.inside, sees }
    }

    /// The floor at a point, or near it and not behind a wall.
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

    /// All anchors of a spot. None, if it is off the floor.
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

/// The first walks of all ways from these starts, each with what was spent before.
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

/// Starts from which one sets out at the moment of the question.
pub(crate) fn at_once(starts: &[Anchor]) -> impl Iterator<Item = (&Anchor, Toll)> {
    starts.iter().map(|anchor| (anchor, Toll::default()))
}
