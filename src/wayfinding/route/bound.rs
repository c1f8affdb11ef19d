//! The lower bound of the remaining cost: the heuristic of the A* search between two spots.
//!
//! In the plan, nothing is faster than the fastest means of travel. For each change of level, the bound
//! adds the cheapest ride, less the cost of its length in the plan. The sum is admissible (never too high)
//! and consistent (it shrinks by at most the cost of a step): the first label that reaches the goal is the
//! best one.

use super::conditions::Conditions;
use super::graph::count;
use super::network::Network;
use crate::geometry::Point;
use crate::venue::LevelIndex;

/// Lower bounds of a venue for one profile.
pub(crate) struct Bound {
    /// The lowest cost of a metre of plan.
    per_metre: f64,
    /// The lowest additional cost from one level to another.
    levels: Vec<Vec<f64>>,
}

impl Bound {
    pub fn new(network: &Network, conditions: &Conditions) -> Self {
        let rides = || {
            (0..count(network.nodes.len())).flat_map(|node| {
                let from = network.nodes[node as usize];
                network.rides.of(node).iter().map(move |edge| {
                    let to = network.nodes[edge.to as usize];
                    let length = from.point.distance(to.point);
                    (from.level.0, to.level.0, length, conditions.ride(edge).cost)
                })
            })
        };
        let per_metre = rides()
            .filter(|(_, _, length, _)| *length > 0.0)
            .map(|(_, _, length, cost)| cost / length)
            .fold(1.0 / conditions.speed, f64::min);
        let count = network.sights.len();
        let mut levels = vec![vec![f64::INFINITY; count]; count];
        for (index, row) in levels.iter_mut().enumerate() {
            row[index] = 0.0;
        }
        for (from, to, length, cost) in rides() {
            let beside = (cost - length * per_metre).max(0.0);
            levels[from][to] = levels[from][to].min(beside);
        }
        for over in 0..count {
            for from in 0..count {
                for to in 0..count {
                    let by = levels[from][over] + levels[over][to];
                    levels[from][to] = levels[from][to].min(by);
                }
            }
        }
        Self { per_metre, levels }
    }

    /// The lowest cost from one point to another. Infinite if no ride joins their levels.
    pub fn between(&self, from: (LevelIndex, Point), to: (LevelIndex, Point)) -> f64 {
        from.1.distance(to.1) * self.per_metre + self.levels[from.0.0][to.0.0]
    }
}
