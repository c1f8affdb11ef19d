//! Tests of the texts that a visitor reads.

mod golden;
mod sides;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::route::{Router, Spot, TravelProfile};
use crate::testing::{VenueBuilder, at, small};
use crate::words::words;

fn texts(plan: &VenueBuilder, to: &FeatureId, profile: TravelProfile, language: Language) -> Vec<String> {
    let router = Router::new(Arc::new(plan.venue()));
    let venue = router.venue();
    let kiosk = &venue.kiosks()[0];
    let route = router.tree(kiosk, profile, at(12, 0)).route_to(to).unwrap();
    steps(venue, &route, Some(kiosk), language, words()).into_iter().map(|s| s.text).collect()
}

/// Every language has the same keys with the same placeholders.
#[test]
fn languages_share_keys_and_placeholders() {
    let english: BTreeSet<_> = words().keys(Language::En).into_iter().collect();
    assert!(english.len() > 100);
    for language in Language::ALL {
        let own: BTreeSet<_> = words().keys(language).into_iter().collect();
        assert_eq!(own, english, "{language}");
        for key in &english {
            let holes = |l: Language| -> BTreeSet<String> {
                let text = words().get(l, key);
                text.split('{').skip(1).filter_map(|p| Some(p.split_once('}')?.0.to_owned())).collect()
            };
            assert_eq!(holes(language), holes(Language::En), "{key} in {language}");
        }
    }
}

/// Every group, facility and profile has a text.
#[test]
fn every_group_facility_and_profile_has_words() {
    use crate::venue::{Facility, Group};
    let keys: BTreeSet<_> = words().keys(Language::En).into_iter().collect();
    let wanted = Group::ALL.iter().map(|g| format!("group.{}", g.key()));
    let wanted = wanted.chain(Facility::ALL.iter().map(|f| format!("facility.{}", f.key())));
    for key in wanted.chain(TravelProfile::ALL.iter().map(|p| format!("profile.{}", p.key()))) {
        assert!(keys.contains(key.as_str()), "{key}");
    }
}

/// The first step starts from the direction in which the visitor faces.
#[test]
fn the_first_step_starts_from_the_visitors_heading() {
    // The kiosk at (30, 4) looks north; S0 has its door at (6, 0), far to the left.
    let small = small();
    let shown = texts(&small.plan, &small.shops[0], TravelProfile::Walking, Language::En);
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(shown[0].starts_with("Facing the screen, walk to your left"), "{}", shown[0]);
    assert_eq!(shown[1], "S0 on 0 is on your left, next to S1 on 0");
}

/// A change of level uses the names on the signs.
#[test]
fn level_changes_are_named_by_their_sign() {
    let mut small = small();
    small.plan.overlay(&format!(
        "[[lift]]\nunits = [\"{}\"]\nname = {{ en = \"Lift 3\", zh-Hans = \"3号电梯\" }}",
        small.lift[0]
    ));
    let rolled = texts(&small.plan, &small.restroom, TravelProfile::StepFree, Language::En);
    assert!(rolled.contains(&"Take Lift 3 up to L1".to_owned()), "{rolled:?}");
    let walked = texts(&small.plan, &small.restroom, TravelProfile::Walking, Language::En);
    assert!(walked.contains(&"Take the escalator up to L1".to_owned()), "{walked:?}");
    let chinese = texts(&small.plan, &small.restroom, TravelProfile::StepFree, Language::ZhHans);
    assert!(chinese.contains(&"乘3号电梯上到 L1".to_owned()), "{chinese:?}");
}

/// In English, a lift with a name has an article, and a lift with a number has none.
#[test]
fn only_named_lifts_have_an_english_article() {
    let shown = |name: &str, language| {
        let mut small = small();
        let names = format!("name = {{ en = \"{name}\", ja = \"西館エレベーター\" }}");
        small.plan.overlay(&format!("[[lift]]\nunits = [\"{}\"]\n{names}", small.lift[0]));
        let shown = texts(&small.plan, &small.restroom, TravelProfile::StepFree, language);
        shown.into_iter().find(|t| t.contains("L1")).unwrap()
    };
    assert_eq!(shown("West Wing Lift", Language::En), "Take the West Wing Lift up to L1");
    assert_eq!(shown("The Panorama", Language::En), "Take The Panorama up to L1");
    assert_eq!(shown("Lift B", Language::En), "Take Lift B up to L1");
    assert_eq!(shown("Lift 3", Language::En), "Take Lift 3 up to L1");
    assert_eq!(shown("東エレベーター", Language::En), "Take 東エレベーター up to L1");
    assert_eq!(shown("Lift", Language::Ja), "西館エレベーターでL1へ上がります");
}

/// No step shows an empty placeholder in any language.
#[test]
fn no_step_shows_an_empty_placeholder() {
    let small = small();
    for language in Language::ALL {
        for profile in TravelProfile::ALL {
            for shop in small.shops.iter().chain([&small.restroom, &small.entrance]) {
                for text in texts(&small.plan, shop, profile, language) {
                    assert!(!text.contains(['{', '}']) && !text.contains("  "), "{language}: {text}");
                    assert!(!text.starts_with(' ') && !text.contains("turn."), "{language}: {text}");
                }
            }
        }
    }
}

#[test]
fn steps_add_up_to_the_way_walked() {
    let small = small();
    let router = Router::new(Arc::new(small.plan.venue()));
    let venue = router.venue();
    for place in venue.places() {
        let spots = (Spot::Kiosk("K1".to_owned()), Spot::Place(place.id));
        let route = router.between(spots.0, spots.1, TravelProfile::Walking, at(12, 0)).unwrap();
        let shown = steps(venue, &route, None, Language::En, words());
        let sum: f64 = shown.iter().map(|s| s.distance_m).sum();
        assert!((sum - route.length_m).abs() < 0.15 * route.length_m + 8.0, "{sum} of {}", route.length_m);
        assert_eq!(shown.last().map(|s| s.kind), Some(StepKind::Arrive));
    }
}

#[test]
fn distances_and_times_are_rounded_for_people() {
    assert_eq!([2.0, 7.4, 48.0, 52.0, 118.0].map(rounded_metres), [5, 5, 50, 50, 120]);
    assert_eq!([10.0, 60.0, 61.0, 200.0].map(minutes), [1, 1, 2, 4]);
}

#[test]
fn turns_have_the_names_that_people_give_them() {
    use StepKind::*;
    let named = [0.0, 30.0, -45.0, 90.0, -100.0, 140.0, 175.0, -180.0].map(StepKind::of_turn);
    assert_eq!(named, [Straight, SlightRight, SlightLeft, Right, Left, SharpRight, Back, Back]);
}

/// A refusal names the closed part and offers an alternative.
#[test]
fn closed_parts_are_named_with_an_alternative() {
    let mut small = small();
    small.plan.overlay(&format!(
        "[[lift]]\nunits = [\"{}\"]\nstate = \"out-of-service\"\nname = {{ en = \"Lift 3\" }}",
        small.lift[0]
    ));
    let router = Router::new(Arc::new(small.plan.venue()));
    let kiosk = router.venue().kiosks()[0].clone();
    let refused =
        router.tree(&kiosk, TravelProfile::Stroller, at(12, 0)).route_to(&small.restroom).unwrap_err();
    let shown = no_route(router.venue(), &refused, Language::En, words());
    assert_eq!(shown[0], "There is no route at the moment. Closed or out of service: Lift 3");
    assert!(shown[1].contains("on 0 (Level 0)"), "{}", shown[1]);
}

/// No Korean particle depends on the ending of a name.
#[test]
fn korean_particles_fit_any_name() {
    for key in words().keys(Language::Ko) {
        let text = words().get(Language::Ko, key);
        assert!(
            !["(를)", "(을)", "(가)", "(이)", "(는)", "(은)", "(으)"].iter().any(|p| text.contains(p)),
            "{text}"
        );
        for rest in text.split('}').skip(1) {
            let particle = rest.split([' ', ',', '.']).next().unwrap_or_default();
            let changing = ["을", "를", "이", "가", "은", "는", "과", "와", "로", "으로"].contains(&particle);
            assert!(!changing, "{key}: {text}");
        }
    }
}

/// A route out of a shop starts with a turn at its door.
#[test]
fn leaving_a_shop_starts_from_its_door() {
    // N0 has its door at (6, 8), which opens to the south. For a visitor who comes out, east is on the
    // left.
    let small = small();
    let router = Router::new(Arc::new(small.plan.venue()));
    let venue = router.venue();
    let (from, to) = (small.shops[1], small.shops[7]);
    let route =
        router.between(Spot::Place(from), Spot::Place(to), TravelProfile::Walking, at(12, 0)).unwrap();
    let shown = steps(venue, &route, None, Language::En, words());
    assert!(shown[0].text.starts_with("Leaving N0 on 0, turn left"), "{:?}", shown[0].text);
}

#[test]
fn a_trip_tells_one_way_after_the_other() {
    let small = small();
    let router = Router::new(Arc::new(small.plan.venue()));
    let venue = router.venue();
    let stops = [Spot::Kiosk("K1".to_owned()), Spot::Place(small.shops[0]), Spot::Place(small.restroom)];
    let leg = |i: usize| {
        router.between(stops[i].clone(), stops[i + 1].clone(), TravelProfile::Walking, at(12, 0)).unwrap()
    };
    let shown = trip(venue, &[leg(0), leg(1)], venue.kiosks().first(), Language::En, words());
    assert!(shown[0].text.starts_with("Facing the screen"), "{shown:?}");
    assert_eq!(shown.iter().filter(|s| s.kind == StepKind::Arrive).count(), 2);
    assert!(shown.iter().any(|s| s.text.starts_with("Leaving S0 on 0")), "{shown:?}");
    assert_eq!(shown.iter().filter(|s| s.text.starts_with("Facing the screen")).count(), 1);
}
