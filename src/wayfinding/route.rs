//! Where to walk: shortest ways through a venue.
//!
//! A [`Router`] is made once per venue. From a kiosk it grows one [`Tree`] per [`TravelProfile`], and every
//! answer from there is a look-up; between any other two spots it searches. Cost decides which way is
//! taken, time is what a visitor is told: they are two numbers (see `walker`).
//!
//! The best way is the one that costs least among all lines a taut thread could take: straight stretches that
//! touch each corner at their ends so that they could go round it. As long as nobody waits, no line on the
//! floor whatever is cheaper. Whoever comes to a locked door early waits, so that coming earlier is never
//! worse than coming later; but while one waits, steps cost nothing beside the time. A crooked line to that
//! end of the door which is nearer to what follows would then save, at each door, less than it takes to walk
//! from one side of the door to the other. Such lines are left out on purpose: nobody is led crookedly for
//! that.
//!
//! Geometry is exact: walkable areas are shrunk by the walker's radius (`area`), corners that see each
//! other are joined (`visibility`), doors are gates on those joints (`network`). A way never crosses a
//! wall, never enters what is closed to the public, and a step-free way has no step in it; where there is
//! no way, [`NoRoute`] says why instead of offering a wrong one.

mod anchor;
mod approach;
mod area;
mod bound;
mod chain;
mod conditions;
mod emergency;
mod graph;
mod nearest;
mod network;
mod part;
mod pass;
mod refusal;
mod rides;
mod router;
mod search;
mod shape;
mod shortest_path;
mod state;
mod stored;
mod trace;
mod tree;
mod types;
mod visibility;
mod walker;

pub use chain::{Chain, ChainRules, Doors, Hop, Reached, Spread};
pub use emergency::{EmergencyRoutes, SafePoint};
pub use nearest::{NearestPlace, PlaceFilter};
pub use router::Router;
pub use tree::Tree;
pub use types::{AsFarAs, Cost, Leg, Mode, NoRoute, Reason, Route, RouteWarning, Spot, TravelProfile};

#[cfg(test)]
mod proofs;
#[cfg(test)]
pub(crate) mod tests;
