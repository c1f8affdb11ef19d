//! What a visitor reads.

mod golden;
mod sides;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::route::{Profile, Router, Spot};
use crate::testing::{VenueBuilder, at, small};
use crate::words::words;

fn texts(plan: &VenueBuilder, to: &FeatureId, profile: Profile, language: Language) -> Vec<String> {
    let router = Router::new(Arc::new(plan.venue()));
    let venue = router.venue();
    let kiosk = &venue.kiosks()[0];
    let route = router.tree(kiosk, profile, at(12, 0)).route_to(to).unwrap();
    steps(venue, &route, Some(kiosk), language, words()).into_iter().map(|s| s.text).collect()
}

#[test]
fn every_language_has_the_same_words_with_the_same_placeholders() {
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

#[test]
fn there_is_a_word_for_every_group_facility_and_profile() {
    use crate::venue::{Facility, Group};
    let keys: BTreeSet<_> = words().keys(Language::En).into_iter().collect();
    let wanted = Group::ALL.iter().map(|g| format!("group.{}", g.key()));
    let wanted = wanted.chain(Facility::ALL.iter().map(|f| format!("facility.{}", f.key())));
    for key in wanted.chain(Profile::ALL.iter().map(|p| format!("profile.{}", p.key()))) {
        assert!(keys.contains(key.as_str()), "{key}");
    }
}

#[test]
fn the_first_step_starts_from_the_way_the_visitor_faces() {
    // The kiosk at (30, 4) looks north; S0 has its door at (6, 0), far to the left.
    let small = small();
    let told = texts(&small.plan, &small.shops[0], Profile::Walking, Language::En);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("Facing the screen, go to your left"), "{}", told[0]);
    assert_eq!(told[1], "S0 on 0 is on your left, next to S1 on 0");
}

#[test]
fn a_change_of_level_is_named_by_its_sign() {
    let mut small = small();
    small.plan.overlay(&format!(
        "[[lift]]\nunits = [\"{}\"]\nname = {{ en = \"Lift 3\", zh-Hans = \"3号电梯\" }}",
        small.lift[0]
    ));
    let rolled = texts(&small.plan, &small.restroom, Profile::StepFree, Language::En);
    assert!(rolled.contains(&"Take Lift 3 up to Level 1 (L1)".to_owned()), "{rolled:?}");
    let walked = texts(&small.plan, &small.restroom, Profile::Walking, Language::En);
    assert!(walked.contains(&"Take the escalator up to Level 1 (L1)".to_owned()), "{walked:?}");
    let chinese = texts(&small.plan, &small.restroom, Profile::StepFree, Language::ZhHans);
    assert!(chinese.contains(&"乘3号电梯上到Level 1（L1）".to_owned()), "{chinese:?}");
}

#[test]
fn a_lift_with_a_name_has_an_article_in_english_and_one_with_a_number_has_none() {
    let told = |name: &str, language| {
        let mut small = small();
        let names = format!("name = {{ en = \"{name}\", ja = \"西館エレベーター\" }}");
        small.plan.overlay(&format!("[[lift]]\nunits = [\"{}\"]\n{names}", small.lift[0]));
        let told = texts(&small.plan, &small.restroom, Profile::StepFree, language);
        told.into_iter().find(|t| t.contains("Level 1")).unwrap()
    };
    assert_eq!(told("West Wing Lift", Language::En), "Take the West Wing Lift up to Level 1 (L1)");
    assert_eq!(told("The Panorama", Language::En), "Take The Panorama up to Level 1 (L1)");
    assert_eq!(told("Lift B", Language::En), "Take Lift B up to Level 1 (L1)");
    assert_eq!(told("Lift 3", Language::En), "Take Lift 3 up to Level 1 (L1)");
    assert_eq!(told("東エレベーター", Language::En), "Take 東エレベーター up to Level 1 (L1)");
    assert_eq!(told("Lift", Language::Ja), "西館エレベーターでLevel 1（L1）へ上がります");
}

#[test]
fn no_step_shows_an_empty_placeholder_in_any_language() {
    let small = small();
    for language in Language::ALL {
        for profile in Profile::ALL {
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
        let route = router.between(spots.0, spots.1, Profile::Walking, at(12, 0)).unwrap();
        let told = steps(venue, &route, None, Language::En, words());
        let sum: f64 = told.iter().map(|s| s.distance_m).sum();
        assert!((sum - route.length_m).abs() < 0.15 * route.length_m + 8.0, "{sum} of {}", route.length_m);
        assert_eq!(told.last().map(|s| s.kind), Some(StepKind::Arrive));
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

#[test]
fn what_is_closed_is_named_and_something_else_is_offered() {
    let mut small = small();
    small.plan.overlay(&format!(
        "[[lift]]\nunits = [\"{}\"]\nstate = \"out-of-service\"\nname = {{ en = \"Lift 3\" }}",
        small.lift[0]
    ));
    let router = Router::new(Arc::new(small.plan.venue()));
    let kiosk = router.venue().kiosks()[0].clone();
    let refused = router.tree(&kiosk, Profile::Stroller, at(12, 0)).route_to(&small.restroom).unwrap_err();
    let told = no_route(router.venue(), &refused, Language::En, words());
    assert_eq!(told[0], "There is no way at the moment. Closed or out of service: Lift 3");
    assert!(told[1].contains("on 0 (Level 0)"), "{}", told[1]);
}

#[test]
fn no_korean_particle_depends_on_how_a_name_ends() {
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

#[test]
fn out_of_a_shop_the_first_turn_starts_from_its_door() {
    // N0 has its door at (6, 8) and opens to the south: the east is to the left of who comes out.
    let small = small();
    let router = Router::new(Arc::new(small.plan.venue()));
    let venue = router.venue();
    let (from, to) = (small.shops[1], small.shops[7]);
    let route = router.between(Spot::Place(from), Spot::Place(to), Profile::Walking, at(12, 0)).unwrap();
    let told = steps(venue, &route, None, Language::En, words());
    assert!(told[0].text.starts_with("Coming out of N0 on 0, turn left"), "{:?}", told[0].text);
}

#[test]
fn a_trip_tells_one_way_after_the_other() {
    let small = small();
    let router = Router::new(Arc::new(small.plan.venue()));
    let venue = router.venue();
    let stops = [Spot::Kiosk("K1".to_owned()), Spot::Place(small.shops[0]), Spot::Place(small.restroom)];
    let leg = |i: usize| {
        router.between(stops[i].clone(), stops[i + 1].clone(), Profile::Walking, at(12, 0)).unwrap()
    };
    let told = trip(venue, &[leg(0), leg(1)], venue.kiosks().first(), Language::En, words());
    assert!(told[0].text.starts_with("Facing the screen"), "{told:?}");
    assert_eq!(told.iter().filter(|s| s.kind == StepKind::Arrive).count(), 2);
    assert!(told.iter().any(|s| s.text.starts_with("Coming out of S0 on 0")), "{told:?}");
    assert_eq!(told.iter().filter(|s| s.text.starts_with("Facing the screen")).count(), 1);
}
