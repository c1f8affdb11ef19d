//! Routing: shortest paths through a venue.
//!
//! A [`Router`] is made once per venue. From a kiosk it grows one [`Tree`] per [`TravelProfile`], and every
//! answer from there is a look-up; between any other two spots it searches. Cost decides which route is
//! taken; time is what a visitor is shown. They are two numbers (see `walker`).
//!
//! The best route costs least among all taut lines: straight stretches that bend only round corners. Unless
//! somebody waits, no line on the floor is cheaper. Early arrivals wait at a locked door, therefore an
//! earlier arrival is never worse than a later one. While somebody waits, extra steps cost nothing, and a
//! crooked line to the better end of the door could save at most the width of the door. Such lines are left
//! out on purpose: a route should not be crooked for that.
//!
//! Geometry is exact: walkable areas are shrunk by the walker's radius (`area`), mutually visible corners
//! are joined (`visibility`), doors are gates on those edges (`network`). A route never crosses a wall,
//! never enters what is closed to the public, and a step-free route has no step in it. Where there is no
//! route, [`NoRoute`] says why.

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
