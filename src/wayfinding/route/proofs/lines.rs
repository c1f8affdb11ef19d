//! From every kiosk to every place, and between random spots: no line crosses a wall.

use rand::rngs::ChaCha20Rng;
use rand::{RngExt as _, SeedableRng as _};

use crate::route::tests::Walls;
use crate::route::{Router, Spot, TravelProfile};
use crate::testing::at;
use crate::testing::malls::{Mall, effort, malls};

/// The number of random pairs on each mall, in each profile.
const PAIRS: usize = 150;

/// Exact and drawn lines: every kiosk, every place, every profile, and 150 random pairs on each mall.
#[test]
fn no_drawn_line_crosses_a_wall() {
    for Mall { name, venue, .. } in malls() {
        let router = Router::new(venue.clone());
        let walls = Walls::of(&venue);
        let mut random = ChaCha20Rng::seed_from_u64(5);
        let mut looked_at = 0;
        for profile in TravelProfile::ALL {
            for kiosk in venue.kiosks() {
                let tree = router.tree(kiosk, profile, at(14, 0));
                for route in venue.places().iter().filter_map(|p| tree.route_to(&p.id).ok()) {
                    assert_eq!(walls.crossed(&route), None, "{name}, {profile:?} from {}", kiosk.code);
                    looked_at += 1;
                }
            }
            for _ in 0..PAIRS * effort() {
                let places = venue.places();
                let [from, to] = [0, 1].map(|_| places[random.random_range(0..places.len())].id);
                let (a, b) = (Spot::Place(from), Spot::Place(to));
                if let Ok(route) = router.between(a, b, profile, at(14, 0)) {
                    assert_eq!(walls.crossed(&route), None, "{name}, {profile:?} from {from} to {to}");
                    looked_at += 1;
                }
            }
        }
        assert!(looked_at > 0, "{name}: no way at all");
    }
}
