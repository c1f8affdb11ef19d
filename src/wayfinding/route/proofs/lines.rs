//! From every kiosk to every place, and between random spots: the drawn line against the raw map.

use std::collections::BTreeSet;

use rand::rngs::ChaCha20Rng;
use rand::{RngExt as _, SeedableRng as _};

use super::raw::{Raw, features, text};
use crate::malls::{Mall, effort, malls};
use crate::plan::at;
use crate::route::{Profile, Route, Router, Spot};
use crate::venue::{Opening, Passage};

/// Random pairs on each mall, in each profile.
const PAIRS: usize = 150;
/// One door in so many is made one for one direction.
const TURNED: usize = 3;

/// What is wrong with lines, of many that were looked at.
#[derive(Default)]
struct Seen {
    ways: usize,
    wrong: Vec<String>,
}

impl Seen {
    fn look(&mut self, raw: &Raw, route: &Route, what: impl FnOnce() -> String) {
        self.ways += 1;
        let found = raw.offences(route);
        if let Some(first) = found.first() {
            self.wrong.push(format!("{:?}, {}: {first} ({})", route.profile, what(), found.len()));
        }
    }

    fn random_pairs(&mut self, raw: &Raw, router: &Router, pairs: usize) {
        let mut random = ChaCha20Rng::seed_from_u64(5);
        let places = router.venue().places();
        for profile in Profile::ALL {
            for _ in 0..pairs {
                let [from, to] = [0, 1].map(|_| places[random.random_range(0..places.len())].id);
                let (a, b) = (Spot::Place(from), Spot::Place(to));
                if let Ok(route) = router.between(a, b, profile, at(14, 0)) {
                    self.look(raw, &route, || format!("{from} to {to}"));
                }
            }
        }
    }

    fn places_from_kiosks(&mut self, raw: &Raw, router: &Router) {
        for profile in Profile::ALL {
            for kiosk in router.venue().kiosks() {
                let tree = router.tree(kiosk, profile, at(14, 0));
                for place in router.venue().places() {
                    if let Ok(route) = tree.route_to(&place.id) {
                        self.look(raw, &route, || format!("{} to {}", kiosk.code, place.id));
                    }
                }
            }
        }
    }
}

/// The same mall with every third door for one direction, by turns to its left and to its right.
fn turned(mall: &Mall) -> Mall {
    let venue = &mall.venue;
    // Where floors that touch are open, there are openings that no file has.
    let drawn: BTreeSet<String> = features(&mall.archive, "opening").iter().map(|o| text(&o["id"])).collect();
    let public = |o: &&Opening| {
        o.passage == Passage::Public && o.twin_of.is_none() && drawn.contains(&o.id.to_string())
    };
    let units =
        venue.openings().iter().filter(public).filter_map(|o| Some((o.id, [o.sides[0]?, o.sides[1]?])));
    let mut overlay = mall.archive.get("venue.toml").unwrap_or(b"format = 1\n").to_vec();
    for (n, (id, sides)) in units.step_by(TURNED).enumerate() {
        let to = venue.unit(sides[n % 2]).id;
        overlay.extend(format!("\n[[door]]\nopening = \"{id}\"\none_way_to = \"{to}\"\n").into_bytes());
    }
    let with = mall.archive.with("venue.toml", overlay);
    Mall::new(format!("{} with doors for one direction", mall.name), with)
}

/// Every kiosk, every place, every profile, and 150 random pairs on each of these malls.
#[expect(clippy::print_stderr, reason = "a proof says what it has seen")]
fn assert_no_line_offends(malls: impl IntoIterator<Item = Mall>) {
    let mut offences = Vec::new();
    for mall in malls {
        let raw = Raw::new(&mall.archive, &mall.venue);
        let router = Router::new(mall.venue.clone());
        let mut seen = Seen::default();
        seen.places_from_kiosks(&raw, &router);
        seen.random_pairs(&raw, &router, PAIRS * effort());
        let ([doors, escalators, belts], wrong) = (raw.one_way(), seen.wrong.len());
        eprintln!(
            "{}: {} lines, {wrong} wrong; one way: {doors} doors, {escalators} landings, {belts} belts",
            mall.name, seen.ways
        );
        assert!(seen.ways > 0, "{}: no way at all", mall.name);
        offences.extend(seen.wrong.into_iter().map(|w| format!("{}, {w}", mall.name)));
    }
    let shown: Vec<_> = offences.iter().take(40).cloned().collect();
    assert!(offences.is_empty(), "{} wrong:\n{}", offences.len(), shown.join("\n"));
}

/// `GALLERIA_PROOFS` multiplies the pairs.
#[test]
fn no_drawn_line_crosses_a_wall_enters_a_closed_space_goes_against_a_direction_or_takes_a_step_on_wheels() {
    assert_no_line_offends(malls());
}

/// The same with doors for one direction on every mall; `GALLERIA_PROOFS` multiplies the pairs.
#[test]
fn no_drawn_line_passes_a_door_for_one_direction_the_other_way() {
    assert_no_line_offends(malls().iter().map(turned));
}
