//! Laws that hold for all routes, tested on generated malls.

use std::sync::Arc;

use chrono::Duration;
use proptest::prelude::*;

use super::whole::cost;
use crate::route::{Route, Router, Spot, TravelProfile};
use crate::testing::at;
use crate::testing::generated::{Grown, Size, grown};
use crate::venue::{FeatureId, Venue};

const SAME: f64 = 1e-6;

fn small(seed: u64, levels: i32) -> Grown {
    grown(seed, Size { levels, columns: 2, rows: 1 })
}

fn ask(router: &Router, from: FeatureId, to: FeatureId, profile: TravelProfile) -> Option<Route> {
    router.between(Spot::Place(from), Spot::Place(to), profile, at(14, 0)).ok()
}

/// Every answer of a router, as text.
fn everything(venue: &Arc<Venue>) -> String {
    let router = Router::new(venue.clone());
    let mut text = String::new();
    for profile in TravelProfile::ALL {
        for kiosk in venue.kiosks() {
            let tree = router.tree(kiosk, profile, at(14, 0));
            for place in venue.places() {
                text += &format!("{:?}\n", tree.route_to(&place.id));
            }
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(u32::try_from(8 * crate::testing::malls::effort()).unwrap()))]

    /// The third spot is a kiosk: on open floor, starting or stopping there costs nothing.
    #[test]
    fn detours_are_never_cheaper(
        seed in 0u64..1_000_000,
        levels in 1i32..=2,
        picks in proptest::collection::vec(any::<[prop::sample::Index; 3]>(), 4),
    ) {
        let mall = small(seed, levels);
        let router = Router::new(Arc::new(mall.plan.venue()));
        let over: Vec<_> = router.venue().kiosks().iter().map(|k| Spot::Kiosk(k.code.clone())).collect();
        for pick in picks {
            for profile in [TravelProfile::StepFree, TravelProfile::Walking] {
                let [a, b] = [pick[0], pick[1]].map(|i| Spot::Place(*i.get(&mall.shops)));
                let over = pick[2].get(&over);
                if let (Some(first), Some(second)) =
                    (cost(&router, &a, over, profile), cost(&router, over, &b, profile))
                {
                    let whole = cost(&router, &a, &b, profile);
                    prop_assert!(whole.is_some_and(|w| w <= first + second + SAME), "{whole:?} > {first} + {second}");
                }
            }
        }
    }

    /// Without escalators, the route back is as long as the route there.
    #[test]
    fn without_escalators_the_way_back_is_equal(
        seed in 0u64..1_000_000,
        pairs in proptest::collection::vec(any::<[prop::sample::Index; 2]>(), 12),
    ) {
        let mall = small(seed, 2);
        let router = Router::new(Arc::new(mall.plan.venue()));
        for pair in pairs {
            let [a, b] = pair.map(|i| *i.get(&mall.shops));
            for profile in [TravelProfile::StepFree, TravelProfile::Stroller] {
                let (there, back) = (ask(&router, a, b, profile), ask(&router, b, a, profile));
                prop_assert_eq!(there.is_some(), back.is_some());
                if let (Some(there), Some(back)) = (there, back) {
                    prop_assert!((there.time_s - back.time_s).abs() < SAME, "{there:?} {back:?}");
                    prop_assert!((there.length_m - back.length_m).abs() < SAME, "{there:?} {back:?}");
                }
            }
        }
    }

    /// A closure never adds a route and never makes one cheaper.
    #[test]
    fn closures_never_make_routes_cheaper(
        seed in 0u64..1_000_000,
        closed in proptest::collection::vec(any::<prop::sample::Index>(), 1..8),
        pairs in proptest::collection::vec(any::<[prop::sample::Index; 2]>(), 10),
    ) {
        let mall = small(seed, 2);
        let before = Router::new(Arc::new(mall.plan.venue()));
        let mut after = small(seed, 2);
        let until = (at(14, 0) + Duration::days(1)).to_rfc3339();
        let joints: Vec<_> = mall.joints.iter().chain(&mall.doors).chain(&mall.lifts).collect();
        for index in closed {
            let id = index.get(&joints);
            after.plan.overlay(&format!("[[closure]]\nfeature = \"{id}\"\nuntil = \"{until}\""));
        }
        let after = Router::new(Arc::new(after.plan.venue()));
        for pair in pairs {
            let [a, b] = pair.map(|i| *i.get(&mall.shops));
            let (a, b) = (Spot::Place(a), Spot::Place(b));
            let open = cost(&before, &a, &b, TravelProfile::Walking);
            let shut = cost(&after, &a, &b, TravelProfile::Walking);
            match (open, shut) {
                (Some(open), Some(shut)) => prop_assert!(shut >= open - SAME, "{shut} < {open}"),
                (None, Some(shut)) => prop_assert!(false, "a closure opens a way of {shut}"),
                _ => {}
            }
        }
    }

    /// The tree of a kiosk and a search give the same answer.
    #[test]
    fn kiosk_trees_agree_with_searches(seed in 0u64..1_000_000, levels in 1i32..=3) {
        let mall = small(seed, levels);
        let router = Router::new(Arc::new(mall.plan.venue()));
        for profile in TravelProfile::ALL {
            for kiosk in router.venue().kiosks() {
                let tree = router.tree(kiosk, profile, at(14, 0));
                for place in router.venue().places() {
                    let from = Spot::Kiosk(kiosk.code.clone());
                    let searched = router.between(from, Spot::Place(place.id), profile, at(14, 0));
                    let by_tree = tree.route_to(&place.id);
                    match (&by_tree, &searched) {
                        (Ok(by_tree), Ok(searched)) => {
                            prop_assert!((by_tree.time_s - searched.time_s).abs() < SAME);
                            prop_assert!((by_tree.length_m - searched.length_m).abs() < SAME);
                            prop_assert_eq!(tree.time_s(&place.id), Some(by_tree.time_s));
                        }
                        _ => prop_assert!(by_tree.is_err() && searched.is_err(), "{by_tree:?} {searched:?}"),
                    }
                }
            }
        }
    }
}

/// The same mall gives the same bytes, however busy the machine is.
#[test]
fn the_same_mall_gives_the_same_bytes() {
    let venue = Arc::new(small(3, 3).plan.venue());
    let alone = everything(&venue);
    let together: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| everything(&venue))).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(alone.len() > 10_000);
    assert!(together.iter().all(|t| *t == alone));
}
