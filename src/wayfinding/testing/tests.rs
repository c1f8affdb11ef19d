//! Properties of whole malls: the demo mall of this project, and venues named by an environment variable.

use std::sync::Arc;

use super::at;
use super::generated::{Size, grown};
use super::malls::{read, real_venues};
use super::on_disk::demo_mall;
use crate::route::tests::Walls;
use crate::route::{Mode, NoRoute, Route, Router, Spot, TravelProfile};
use crate::venue::{FeatureId, PlaceKind, Severity, UnitKind, Venue};

/// Checks the properties that every route has to have.
fn assert_is_sound(venue: &Venue, walls: &Walls, route: &Route, name: &str) {
    walls.assert_not_crossed(route);
    assert!(route.length_m.is_finite() && route.time_s.is_finite(), "{name}");
    for pair in route.legs.windows(2) {
        assert_eq!(pair[0].to_level, pair[1].level, "{name}: the legs do not follow each other");
        let (last, first) = (pair[0].points.last().unwrap(), pair[1].points.first().unwrap());
        assert!(last.distance(*first) < 1e-9, "{name}: a leg begins where none ended");
    }
    for leg in &route.legs {
        if route.profile.is_rolling() {
            let rolls = matches!(leg.mode, Mode::Walk | Mode::Lift | Mode::Ramp);
            assert!(rolls, "{name}: {:?} for wheels", leg.mode);
        }
        if leg.mode == Mode::Walk {
            for pair in leg.points.windows(2) {
                let steps = (pair[0].distance(pair[1]) / 1.5).ceil().max(1.0);
                for i in 1..steps as u32 {
                    let point = pair[0].toward(pair[1], f64::from(i) / steps);
                    let unit = venue.unit_at(leg.level, point).map(|u| venue.unit(u));
                    let Some(unit) = unit else { continue };
                    assert!(unit.kind.is_walkable(), "{name}: {point:?} is in {} {}", unit.category, unit.id);
                    let steps =
                        matches!(unit.kind, UnitKind::Steps | UnitKind::MovingWalkway { direction: None });
                    assert!(!(steps && route.profile.is_rolling()), "{name}: wheels on steps");
                }
            }
        }
    }
}

fn label(venue: &Venue, id: &FeatureId) -> String {
    let place = venue.place(id).unwrap();
    format!("{:?} {} on {}", place.name.get(domain::language::Language::En), place.category, place.level.0)
}

/// Every shop of the demo mall is reached from every kiosk in every profile.
#[test]
fn every_demo_mall_shop_is_reached() {
    let loaded = read(&demo_mall());
    let errors: Vec<_> = loaded.findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let router = Router::new(Arc::new(loaded.venue));
    let venue = router.venue().clone();
    let walls = Walls::of(&venue);
    assert_eq!(venue.kiosks().len(), 3);
    let mut lost: Vec<String> = Vec::new();
    for kiosk in venue.kiosks() {
        for profile in TravelProfile::ALL {
            let tree = router.tree(kiosk, profile, at(14, 0));
            for place in venue.places() {
                match tree.route_to(&place.id) {
                    // Strollers take the same routes as wheelchairs.
                    Ok(_) if profile == TravelProfile::Stroller => {}
                    Ok(route) => assert_is_sound(&venue, &walls, &route, &label(&venue, &place.id)),
                    Err(NoRoute { reason, .. }) if place.kind == PlaceKind::Occupant => {
                        lost.push(format!(
                            "{} {profile:?} {}: {reason}",
                            kiosk.code,
                            label(&venue, &place.id)
                        ));
                    }
                    Err(_) => {}
                }
            }
        }
    }
    assert!(lost.is_empty(), "{} ways missing:\n{}", lost.len(), lost.join("\n"));
}

/// A real venue loads and its routes are sound.
#[test]
fn routes_of_real_venues_are_sound() {
    for folder in real_venues() {
        let loaded = read(&folder);
        let router = Router::new(Arc::new(loaded.venue));
        let venue = router.venue().clone();
        let walls = Walls::of(&venue);
        let hubs: Vec<_> = venue.places().iter().step_by(29).map(|p| p.id).collect();
        let mut found = 0;
        for from in &hubs {
            for to in &hubs {
                for profile in [TravelProfile::Walking, TravelProfile::StepFree] {
                    let (a, b) = (Spot::Place(*from), Spot::Place(*to));
                    if let Ok(route) = router.between(a, b, profile, at(14, 0)) {
                        assert_is_sound(&venue, &walls, &route, &label(&venue, to));
                        found += 1;
                    }
                }
            }
        }
        assert!(found > 0, "{}: no route at all", folder.display());
    }
}

#[test]
fn the_same_seed_grows_the_same_mall() {
    let size = Size { levels: 2, columns: 2, rows: 1 };
    assert_eq!(grown(7, size).plan.venue().digest, grown(7, size).plan.venue().digest);
    assert_ne!(grown(7, size).plan.venue().digest, grown(8, size).plan.venue().digest);
}

/// A generated mall has lifts through all levels and escalators between two levels.
#[test]
fn generated_malls_have_lifts_and_escalators() {
    let venue = grown(1, Size { levels: 4, columns: 3, rows: 2 }).plan.venue();
    let stops = |kind: UnitKind| {
        let of_kind = venue.shafts().iter().filter(move |s| s.kind == kind);
        of_kind.map(|s| s.stops.len()).collect::<Vec<_>>()
    };
    assert_eq!(stops(UnitKind::Lift), [4, 4, 4]);
    let escalators = stops(UnitKind::Escalator);
    assert_eq!(escalators.len(), 2 * 3 * 4, "two streets with two pairs each, three flights");
    assert!(escalators.iter().all(|n| *n == 2));
    assert_eq!(venue.kiosks().len(), 3);
}
