//! The sides in the instructions match the drawn line: checked on whole malls.

use std::sync::Arc;

use super::super::bends::along;
use super::super::*;
use crate::geometry::{nearest_on, turn};
use crate::route::{Mode, Route, Router, Spot, TravelProfile};
use crate::testing::at;
use crate::testing::malls::{demo_mall, read, real_venues};
use crate::venue::{KioskSpot, Place, Venue};
use crate::words::words;

/// The position along a line that is nearest to a point, and the distance of the point from it.
fn station(line: &[Point], p: Point) -> (f64, f64) {
    let mut best = (0.0, f64::INFINITY);
    let mut walked = 0.0;
    for pair in line.windows(2) {
        let foot = nearest_on(pair[0], pair[1], p);
        if foot.distance(p) < best.1 {
            best = (walked + pair[0].distance(foot), foot.distance(p));
        }
        walked += pair[0].distance(pair[1]);
    }
    best
}

/// The sine of the angle between two directions; positive is left.
fn leftward(a: Point, b: Point, c: Point, d: Point) -> f64 {
    let (ux, uy, vx, vy) = (b.x - a.x, b.y - a.y, d.x - c.x, d.y - c.y);
    (ux * vy - uy * vx) / (ux.hypot(uy) * vx.hypot(vy)).max(1e-9)
}

/// The side of a turn: 1 left, -1 right; `None` for straight on, back, rides and arrivals.
fn turned(kind: StepKind) -> Option<f64> {
    match kind {
        StepKind::Left | StepKind::SlightLeft | StepKind::SharpLeft => Some(1.0),
        StepKind::Right | StepKind::SlightRight | StepKind::SharpRight => Some(-1.0),
        _ => None,
    }
}

/// Fails if a turn in the instructions is not a turn of the drawn line to the same side.
fn assert_turns_are_drawn(route: &Route, steps: &[RouteStep], kiosk: Option<&KioskSpot>, name: &str) {
    let mut counted = 0;
    for (index, step) in steps.iter().enumerate() {
        let Some(side) = turned(step.kind) else { continue };
        let walks = route.legs.iter().filter(|l| l.mode == Mode::Walk && l.level == step.level);
        let Some((leg, here)) =
            walks.map(|l| (l, station(&l.line, step.at))).min_by(|a, b| a.1.1.total_cmp(&b.1.1))
        else {
            panic!("{name}: {:?} is on no leg", step.text)
        };
        assert!(here.1 < 8.0, "{name}: {:?} is {:.1} m off the line", step.text, here.1);
        let whole = leg.line.windows(2).map(|w| w[0].distance(w[1])).sum::<f64>();
        let reach = 9.0_f64.min(step.distance_m * 0.7);
        let (to, after) =
            (along(&leg.line, here.0 + 0.4 * reach), along(&leg.line, (here.0 + reach).min(whole)));
        // At the start of a leg, the heading of the kiosk or of the ride before it counts.
        if here.0 < 0.5 {
            if let (0, Some(kiosk)) = (index, kiosk) {
                let degrees = turn(kiosk.heading_deg, leg.line[0].bearing_to(after));
                assert!(
                    degrees * side < 25.0,
                    "{name}: {:?}, and the line sets out by {degrees:.0}",
                    step.text
                );
                counted += 1;
            }
            continue;
        }
        let (before, from) = (along(&leg.line, here.0 - reach), along(&leg.line, here.0 - 0.4 * reach));
        let left = leftward(before, from, to, after) * side;
        assert!(left > -0.05, "{name}: {:?}, and the line turns by {left:.2} the other way", step.text);
        counted += 1;
    }
    assert!(counted <= steps.len());
}

/// Fails if the instructions put the destination on the wrong side.
fn assert_arrival_is_there(venue: &Venue, route: &Route, place: &Place, steps: &[RouteStep], name: &str) {
    let says = |key: &str| {
        let start = words().fill(Language::En, key, &[("place", place.name.get(Language::En))]);
        steps.last().is_some_and(|s| s.text.starts_with(&start))
    };
    let side = match (says("arrive.left"), says("arrive.right")) {
        (true, false) => 1.0,
        (false, true) => -1.0,
        _ => return,
    };
    let last = &route.legs[route.legs.len() - 1];
    if last.mode != Mode::Walk || last.length_m() < 8.0 {
        return;
    }
    let whole = last.line.windows(2).map(|w| w[0].distance(w[1])).sum::<f64>();
    let (before, end) = (along(&last.line, whole - 8.0), last.line[last.line.len() - 1]);
    let room = venue.unit_of(&place.unit).map(|u| venue.unit(u)).filter(|u| !u.kind.is_thoroughfare());
    let center = room.map_or(place.position, |u| u.center);
    let target = if place.position.distance(end) > 1.0 { place.position } else { center };
    let left = leftward(before, end, end, target) * side;
    assert!(left > -0.1, "{name}: {:?} is {left:.2} on the other hand", steps[steps.len() - 1].text);
}

fn assert_words_are_whole(route: &Route, steps: &[RouteStep], language: Language, name: &str) {
    let changes = route.legs.iter().filter(|l| l.level != l.to_level).count();
    let rides = steps.iter().filter(|s| {
        use StepKind::{EscalatorDown, EscalatorUp, LiftDown, LiftUp, StairsDown, StairsUp};
        matches!(s.kind, LiftUp | LiftDown | EscalatorUp | EscalatorDown | StairsUp | StairsDown)
    });
    assert_eq!(rides.count(), changes, "{name}: every change of level has its step");
    assert_eq!(steps.last().map(|s| s.kind), Some(StepKind::Arrive), "{name}");
    for step in steps {
        let text = &step.text;
        assert!(!text.trim().is_empty() && text.trim() == text, "{name} in {language}: {text:?}");
        assert!(!text.contains(['{', '}']) && !text.contains("  "), "{name} in {language}: {text:?}");
        let zero = text.split(|c: char| !c.is_ascii_digit()).any(|n| n == "0");
        let unit =
            ["0 m", "0 米", "0 公尺", "0メートル", "0미터"].iter().any(|u| text.contains(&format!(" {u}")));
        assert!(!(zero && unit), "{name} in {language}: {text:?}");
        for key in ["first", "from-", "turn", "leave.", "arrive", "past.", "ride."] {
            assert!(!text.starts_with(key), "{name} in {language}: a key instead of words: {text:?}");
        }
    }
}

/// On the demo mall, the sides in the instructions are those of the drawn line.
#[test]
fn sides_match_the_demo_malls_line() {
    let router = Router::new(Arc::new(read(&demo_mall()).venue));
    let venue = router.venue();
    for kiosk in venue.kiosks() {
        // Strollers take the same routes as wheelchairs.
        for profile in [TravelProfile::Walking, TravelProfile::StepFree] {
            let tree = router.tree(kiosk, profile, at(14, 0));
            for (index, place) in venue.places().iter().enumerate() {
                let Ok(route) = tree.route_to(&place.id) else { continue };
                let name = format!("{} to {} by {}", kiosk.code, place.name.get(Language::En), profile.key());
                let english = steps(venue, &route, Some(kiosk), Language::En, words());
                assert_turns_are_drawn(&route, &english, Some(kiosk), &name);
                assert_arrival_is_there(venue, &route, place, &english, &name);
                // Each place is read in English and in one other language. All sentences occur many times
                // in each language.
                let language = Language::ALL[index % Language::ALL.len()];
                let shown = steps(venue, &route, Some(kiosk), language, words());
                assert_words_are_whole(&route, &shown, language, &name);
                let kinds = |s: &[RouteStep]| s.iter().map(|s| s.kind).collect::<Vec<_>>();
                assert_eq!(kinds(&shown), kinds(&english), "{name}: every language has the same steps");
            }
        }
    }
}

/// On real venues, the sides in the instructions are those of the drawn line.
#[test]
fn sides_match_the_line_on_real_venues() {
    for folder in real_venues() {
        let router = Router::new(Arc::new(read(&folder).venue));
        let venue = router.venue();
        let hubs: Vec<&Place> = venue.places().iter().step_by(23).collect();
        for from in &hubs {
            for to in &hubs {
                let spots = (Spot::Place(from.id), Spot::Place(to.id));
                let Ok(route) = router.between(spots.0, spots.1, TravelProfile::Walking, at(14, 0)) else {
                    continue;
                };
                let name = format!("{} to {}", from.name.get(Language::En), to.name.get(Language::En));
                let shown = steps(venue, &route, None, Language::En, words());
                assert_turns_are_drawn(&route, &shown, None, &name);
                assert_arrival_is_there(venue, &route, to, &shown, &name);
                assert_words_are_whole(&route, &shown, Language::En, &name);
            }
        }
    }
}
