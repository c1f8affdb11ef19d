//! Random pairs on every level of every available mall, answered by three engines.

use std::collections::BinaryHeap;

use geo::{BoundingRect, Contains, MultiPolygon};
use rand::rngs::ChaCha20Rng;
use rand::{RngExt as _, SeedableRng as _};

use super::force::Ground;
use super::peer::{Answer, Pair, Peer};
use crate::geometry::Point;
use crate::route::graph::count;
use crate::route::network::Network;
use crate::route::walker::Walker;
use crate::route::{Router, TravelProfile, area};
use crate::testing::malls::{Mall, effort, malls};
use crate::venue::LevelIndex;

/// Lengths that differ by less count as equal: the peer computes in 32 bits.
const SAME: f64 = 0.01;
/// The number of pairs with the same start.
const TARGETS: usize = 8;

/// One level for one walker, with all three engines on it.
pub(super) struct LevelProof<'a> {
    name: String,
    network: &'a Network,
    level: LevelIndex,
    area: MultiPolygon<f64>,
    ground: Ground,
    peers: Vec<Option<Peer>>,
}

/// The results of the pairs.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pairs: usize,
    joined: usize,
    peer_wrong: usize,
    peer_none: usize,
    peer_lost: usize,
    pub wrong: Vec<String>,
}

impl<'a> LevelProof<'a> {
    pub fn new(name: &str, router: &'a Router, profile: TravelProfile, level: LevelIndex) -> Self {
        let area = area::floor(router.venue(), level, Walker::of(profile)).area;
        Self {
            name: format!("{name}, {profile:?}, ordinal {}", router.venue().level(level).ordinal),
            network: router.state.network(profile),
            level,
            ground: Ground::new(&area),
            peers: area.iter().map(Peer::new).collect(),
            area,
        }
    }

    /// A random point of the floor.
    pub fn point(&self, random: &mut ChaCha20Rng) -> Option<Point> {
        let around = self.area.bounding_rect()?;
        (0..10_000).find_map(|_| {
            let x = random.random_range(around.min().x..around.max().x);
            let y = random.random_range(around.min().y..around.max().y);
            self.area.contains(&geo::Point::new(x, y)).then_some(Point::new(x, y))
        })
    }

    /// The part of the floor that contains a point.
    fn part(&self, p: Point) -> Option<usize> {
        self.area.iter().position(|part| part.contains(&geo::Point::from(p)))
    }

    /// Tries this many pairs. `seed` is the seed of the first start; each further start adds one.
    fn check(&self, seed: u64, pairs: usize, tally: &mut Tally) {
        for start in 0..pairs.div_ceil(TARGETS) as u64 {
            let mut random = ChaCha20Rng::seed_from_u64(seed + start);
            let Some(from) = self.point(&mut random) else { return };
            let targets: Vec<Point> = (0..TARGETS).filter_map(|_| self.point(&mut random)).collect();
            let spread = self.spread(from);
            let part = self.part(from);
            let asked: Vec<Point> = targets.iter().copied().filter(|t| self.part(*t) == part).collect();
            let questions: Vec<Pair> = asked.iter().map(|to| [(from.x, from.y), (to.x, to.y)]).collect();
            let answers = match part.and_then(|p| self.peers[p].as_ref()) {
                Some(peer) => peer.ask(&questions),
                None => vec![Answer::Lost; questions.len()],
            };
            let mut answers = answers.into_iter();
            for to in targets {
                let peer = if self.part(to) == part { answers.next().unwrap() } else { Answer::None };
                let ours = self.way(&spread, from, to);
                let name = || format!("{}, seed {}: {from:?} → {to:?}", self.name, seed + start);
                self.judge(from, to, ours, peer, tally, &name);
            }
        }
    }

    pub fn judge(
        &self,
        from: Point,
        to: Point,
        ours: Option<Vec<Point>>,
        peer: Answer,
        tally: &mut Tally,
        name: &dyn Fn() -> String,
    ) {
        tally.pairs += 1;
        let theirs = match peer {
            Answer::Way(length, _) => Some(length),
            Answer::None => None,
            Answer::Lost => {
                tally.peer_lost += 1;
                None
            }
        };
        let length = ours.as_ref().map(|path| path.windows(2).map(|w| w[0].distance(w[1])).sum::<f64>());
        if let Some(path) = &ours {
            tally.joined += 1;
            if let Some(leg) = path.windows(2).find(|w| !self.ground.is_free(w[0], w[1])) {
                tally.wrong.push(format!("{}: leaves the floor at {leg:?}", name()));
                return;
            }
        }
        match (length, theirs) {
            (None, None) => {}
            (Some(ours), Some(theirs)) if (ours - theirs).abs() <= SAME => {}
            (ours, theirs) => {
                // Our path is on the floor. It is wrong only if brute force finds a shorter one.
                let limit = ours.map_or_else(|| theirs.unwrap_or(f64::INFINITY) + 1.0, |o| o - SAME);
                if let Some(shorter) = self.ground.shortest(from, to, limit) {
                    let message = format!("{ours:?} is wrong, {shorter} is right, the peer says {theirs:?}");
                    tally.wrong.push(format!("{}: {message}", name()));
                } else if theirs.is_none() && self.part(from) == self.part(to) {
                    tally.peer_none += 1;
                } else if theirs.is_some() {
                    tally.peer_wrong += 1;
                }
            }
        }
    }

    /// For each core node of the level: its distance from a point, and the node before it.
    pub fn spread(&self, from: Point) -> Vec<(f64, u32)> {
        let nodes = &self.network.nodes;
        let mut found = vec![(f64::INFINITY, u32::MAX); nodes.len()];
        let mut heap = BinaryHeap::new();
        let key = |length: f64, node: u32| (std::cmp::Reverse(length.to_bits()), node);
        for node in self.network.seen_from(self.level, from) {
            let length = from.distance(nodes[node as usize].point);
            found[node as usize] = (length, u32::MAX);
            heap.push(key(length, node));
        }
        while let Some((std::cmp::Reverse(bits), node)) = heap.pop() {
            let length = f64::from_bits(bits);
            if length > found[node as usize].0 {
                continue;
            }
            for walk in self.network.walks.of(node) {
                let there = length + walk.length;
                if there < found[walk.to as usize].0 {
                    found[walk.to as usize] = (there, node);
                    heap.push(key(there, walk.to));
                }
            }
        }
        found
    }

    /// The shortest path on the level, whatever doors are on it.
    pub fn way(&self, spread: &[(f64, u32)], from: Point, to: Point) -> Option<Vec<Point>> {
        if self.network.sights[self.level.0].sees(from, to) {
            return Some(vec![from, to]);
        }
        let point = |node: u32| self.network.nodes[node as usize].point;
        let far = |node: &u32| spread[*node as usize].0 + point(*node).distance(to);
        let seen = self.network.seen_from(self.level, to).filter(|n| spread[*n as usize].0.is_finite());
        let mut node = seen.min_by(|a, b| far(a).total_cmp(&far(b)))?;
        let mut path = vec![to];
        while node != u32::MAX {
            path.push(point(node));
            node = spread[node as usize].1;
        }
        path.push(from);
        path.reverse();
        Some(path)
    }
}

/// 20,000 pairs; a million with `GALLERIA_PROOFS=50`.
#[test]
#[expect(clippy::print_stderr, reason = "a proof says what it has seen")]
fn no_way_on_a_level_is_wrong() {
    let mut total = Tally::default();
    let malls = malls();
    let pairs = 20_000 * effort() / malls.len();
    for Mall { name, venue, .. } in malls {
        let router = Router::new(venue);
        let levels = router.venue().levels().len();
        let mut tally = Tally::default();
        for profile in [TravelProfile::Walking, TravelProfile::StepFree] {
            router.state.network(profile);
            for level in (0..levels).map(LevelIndex) {
                let engines = LevelProof::new(&name, &router, profile, level);
                let seed = 1_000_000 * u64::from(count(level.0));
                engines.check(seed, pairs / levels / 2, &mut tally);
            }
        }
        eprintln!("{name}: {tally:?}");
        total.pairs += tally.pairs;
        total.wrong.extend(tally.wrong);
    }
    assert!(total.pairs > 15_000 * effort(), "only {} pairs", total.pairs);
    assert!(total.wrong.is_empty(), "{} wrong:\n{}", total.wrong.len(), total.wrong.join("\n"));
}
