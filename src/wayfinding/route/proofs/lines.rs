//! From every kiosk to every place, and between random spots: the drawn line against the raw map.

use rand::rngs::ChaCha20Rng;
use rand::{RngExt as _, SeedableRng as _};

use super::raw::Raw;
use crate::malls::{Mall, effort, malls};
use crate::plan::at;
use crate::route::{Profile, Route, Router, Spot};

/// Random pairs on each mall, in each profile.
const PAIRS: usize = 150;

/// Every kiosk, every place, every profile, and 150 random pairs; `GALLERIA_PROOFS` multiplies the pairs.
#[test]
#[expect(clippy::print_stderr, reason = "a proof says what it has seen")]
fn no_drawn_line_crosses_a_wall_enters_a_closed_space_or_takes_a_step_on_wheels() {
    let mut offences = Vec::new();
    for Mall { name, archive, venue } in malls() {
        let raw = Raw::new(&archive, &venue);
        let router = Router::new(venue.clone());
        let (mut ways, mut wrong) = (0, 0);
        let mut check = |what: &dyn Fn() -> String, route: &Route| {
            ways += 1;
            let found = raw.offences(route);
            wrong += usize::from(!found.is_empty());
            if let Some(first) = found.first() {
                let all = found.len();
                offences.push(format!("{name}, {:?}, {}: {first} ({all})", route.profile, what()));
            }
        };
        for profile in Profile::ALL {
            for kiosk in venue.kiosks() {
                let tree = router.tree(kiosk, profile, at(14, 0));
                for place in venue.places() {
                    if let Ok(route) = tree.route_to(&place.id) {
                        check(&|| format!("{} to {}", kiosk.code, place.id), &route);
                    }
                }
            }
            let mut random = ChaCha20Rng::seed_from_u64(5);
            let places = venue.places();
            for _ in 0..PAIRS * effort() {
                let [from, to] = [0, 1].map(|_| places[random.random_range(0..places.len())].id);
                let (a, b) = (Spot::Place(from), Spot::Place(to));
                if let Ok(route) = router.between(a, b, profile, at(14, 0)) {
                    check(&|| format!("{from} to {to}"), &route);
                }
            }
        }
        eprintln!("{name}: {ways} lines, {wrong} wrong");
        assert!(ways > 0, "{name}: no way at all");
    }
    let shown: Vec<_> = offences.iter().take(40).cloned().collect();
    assert!(offences.is_empty(), "{} wrong:\n{}", offences.len(), shown.join("\n"));
}
