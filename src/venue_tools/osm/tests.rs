//! Conversion tests: a small building in OpenStreetMap's tagging, converted and routed on.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use wayfinding::load::parse;
use wayfinding::route::{Mode, Router, TravelProfile};
use wayfinding::testing::at;
use wayfinding::venue::{Loaded, Severity};

/// One metre, approximately, in degrees at the equator.
const M: f64 = 9e-6;

fn feature(id: &str, kind: &str, coordinates: Value, tags: Value) -> Value {
    json!({"type": "Feature", "id": id, "geometry": {"type": kind, "coordinates": coordinates}, "properties": tags})
}

fn area(id: &str, (left, bottom, right, top): (f64, f64, f64, f64), tags: Value) -> Value {
    let corners = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)];
    feature(id, "Polygon", json!([corners.map(|(x, y)| [x * M, y * M])]), tags)
}

fn line(id: &str, points: &[(f64, f64)], tags: Value) -> Value {
    let points: Vec<_> = points.iter().map(|(x, y)| [x * M, y * M]).collect();
    feature(id, "LineString", json!(points), tags)
}

fn dot(id: &str, (x, y): (f64, f64), tags: Value) -> Value {
    feature(id, "Point", json!([x * M, y * M]), tags)
}

/// Two levels, each with a corridor; a shop above, a café below, a lift, stairs and three escalators.
fn building() -> Vec<Value> {
    let room = |level: &str, more: Value| {
        let mut tags = json!({"indoor": "room", "level": level});
        tags.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        tags
    };
    vec![
        area(
            "way/1",
            (-2.0, -12.0, 62.0, 22.0),
            json!({"building": "retail", "shop": "mall", "name": "Centre", "level": "0;1"}),
        ),
        area("way/2", (0.0, 0.0, 60.0, 10.0), json!({"indoor": "corridor", "level": "0", "repeat_on": "1"})),
        area(
            "way/3",
            (0.0, 10.0, 10.0, 20.0),
            room(
                "1",
                json!({"shop": "clothes", "name": "Robe", "name:zh-Hans": "裙", "opening_hours": "Mo-Sa 10:00-20:00"}),
            ),
        ),
        area(
            "way/4",
            (0.0, -10.0, 10.0, 0.0),
            room("0", json!({"amenity": "cafe", "name": "Café", "opening_hours": "when I like"})),
        ),
        area(
            "way/5",
            (10.0, -10.0, 20.0, 0.0),
            room("0-1", json!({"amenity": "toilets", "wheelchair": "yes"})),
        ),
        dot(
            "node/1",
            (60.0, 3.0),
            json!({"entrance": "main", "level": "0", "automatic_door": "yes", "door": "sliding"}),
        ),
        dot("node/2", (5.0, 0.0), json!({"door": "hinged", "level": "0"})),
        dot("node/3", (50.0, 9.0), json!({"highway": "elevator", "level": "0;1"})),
        dot("node/4", (26.5, 8.0), json!({"amenity": "atm", "level": "1"})),
        line(
            "way/6",
            &[(30.0, 1.0), (40.0, 1.0)],
            json!({"highway": "steps", "incline": "up", "level": "0;1"}),
        ),
        line(
            "way/7",
            &[(30.0, 3.0), (40.0, 3.0)],
            json!({"highway": "steps", "conveying": "forward", "incline": "up", "level": "0-1"}),
        ),
        line(
            "way/8",
            &[(30.0, 4.5), (40.0, 4.5)],
            json!({"highway": "steps", "conveying": "backward", "incline": "up", "level": "0-1"}),
        ),
        line(
            "way/9",
            &[(20.0, 3.0), (24.0, 3.0)],
            json!({"highway": "steps", "conveying": "yes", "incline": "up", "level": "0;1"}),
        ),
        area(
            "way/10",
            (60.0, -2.0, 70.0, 8.0),
            json!({"highway": "pedestrian", "area": "yes", "level": "0"}),
        ),
    ]
}

fn bytes(features: &[Value]) -> Vec<u8> {
    json!({"type": "FeatureCollection", "features": features}).to_string().into_bytes()
}

fn options() -> Options {
    Options {
        language: Some("fr".to_owned()),
        time_zone: Some(chrono_tz::Asia::Shanghai),
        touching: Touching::Open,
    }
}

fn converted(features: &[Value]) -> (Converted, Loaded) {
    let converted = convert(&bytes(features), &options()).unwrap();
    let loaded = parse(&Archive::new(converted.files.clone())).unwrap();
    (converted, loaded)
}

/// A converted building has no errors, and every shop is reached.
#[test]
fn converted_buildings_are_sound() {
    let (converted, loaded) = converted(&building());
    let errors: Vec<_> = loaded.findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(converted.findings.iter().any(|f| f.rule == "OsmDoorMustBeKnown" && f.message.contains("way/3")));
    assert!(!converted.findings.iter().any(|f| f.message.contains("way/4: no door")), "its door is tagged");
    let router = Router::new(Arc::new(loaded.venue));
    let venue = router.venue();
    assert_eq!(venue.credit(), Some(CREDIT));
    let kiosk = &venue.kiosks()[0];
    assert!((kiosk.heading_deg - 270.0).abs() < 2.0, "it faces those who come in: {}", kiosk.heading_deg);
    for profile in [TravelProfile::Walking, TravelProfile::StepFree] {
        let tree = router.tree(kiosk, profile, at(12, 0));
        for name in ["Robe", "Café"] {
            let place = venue.places().iter().find(|p| p.name.iter().any(|(_, n)| n == name)).unwrap();
            let route = tree.route_to(&place.id).unwrap();
            assert!(
                route
                    .legs
                    .iter()
                    .all(|l| profile == TravelProfile::Walking || matches!(l.mode, Mode::Walk | Mode::Lift))
            );
        }
    }
}

/// Escalators run in their tagged direction, and are out of service without one.
#[test]
fn escalators_without_direction_stand_still() {
    use wayfinding::venue::{Service, TravelDirection, UnitKind};
    let (converted, loaded) = converted(&building());
    let shafts: Vec<_> = loaded.venue.shafts().iter().filter(|s| s.kind == UnitKind::Escalator).collect();
    let running: Vec<_> =
        shafts.iter().filter(|s| s.service == Service::Public).map(|s| s.direction).collect();
    assert_eq!(shafts.len(), 3);
    assert!(
        running.len() == 2
            && running.contains(&TravelDirection::Forward)
            && running.contains(&TravelDirection::Backward)
    );
    assert!(
        converted
            .findings
            .iter()
            .any(|f| f.rule == "EscalatorMustHaveDirection" && f.message.contains("way/9"))
    );
}

/// A moving walkway along the corridor of level 0, drawn from west to east.
fn with_belt(conveying: &str, points: &[(f64, f64)]) -> (Converted, Loaded) {
    let mut features = building();
    let tags = json!({"highway": "footway", "conveying": conveying, "level": "0", "indoor": "yes"});
    features.push(line("way/20", points, tags));
    converted(&features)
}

/// A footway with `conveying` carries people in the direction of its line, but not wheels.
#[test]
fn conveying_footways_carry_people_along_their_line() {
    use wayfinding::route::Spot;
    let straight = [(8.0, 7.0), (46.0, 7.0)];
    let bent = [(8.0, 7.0), (44.0, 7.0), (46.0, 9.0)];
    for (conveying, east, points) in
        [("forward", true, &straight[..]), ("backward", false, &straight), ("forward", true, &bent)]
    {
        let (_, loaded) = with_belt(conveying, points);
        let errors: Vec<_> = loaded.findings.iter().filter(|f| f.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let venue = Arc::new(loaded.venue);
        let belts: Vec<_> = venue.shafts().iter().filter(|s| s.kind.is_ridden_walkway()).collect();
        assert_eq!(belts.len(), 1, "{conveying}");
        let [on, off] = [0, 1].map(|stop| belts[0].stops[stop].end.unwrap());
        assert_eq!(on.x < off.x, east, "{conveying} {points:?}");
        let cafe = Spot::Place(venue.places().iter().find(|p| p.category == "cafe").unwrap().id);
        let kiosk = Spot::Kiosk(venue.kiosks()[0].code.clone());
        let router = Router::new(venue.clone());
        for profile in [TravelProfile::Walking, TravelProfile::StepFree] {
            for (from, to, goes_east) in [(&cafe, &kiosk, true), (&kiosk, &cafe, false)] {
                let route = router.between(from.clone(), to.clone(), profile, at(12, 0)).unwrap();
                let rides = route.legs.iter().any(|l| l.mode == Mode::MovingWalkway);
                assert_eq!(
                    rides,
                    goes_east == east && profile == TravelProfile::Walking,
                    "{conveying} {profile:?}"
                );
            }
        }
    }
}

/// A footway with `conveying` between floors of one level is a moving walkway, whatever its other tags are.
#[test]
fn conveying_footways_on_one_level_are_walkways() {
    let mut features = building();
    let tags = json!({"highway": "footway", "conveying": "forward", "incline": "up", "level": "1;2"});
    features.push(line("way/20", &[(8.0, 7.0), (46.0, 7.0)], tags));
    for (id, x) in [("way/21", [2.0, 8.0]), ("way/22", [46.0, 58.0])] {
        let points = x.map(|x| (x, 7.0));
        features.push(line(id, &points, json!({"highway": "footway", "level": "1", "indoor": "yes"})));
    }
    let (converted, loaded) = converted(&features);
    let belts: Vec<_> = loaded.venue.shafts().iter().filter(|s| s.kind.is_ridden_walkway()).collect();
    assert_eq!(belts.len(), 1);
    assert_eq!(loaded.venue.level(belts[0].stops[0].level).ordinal, 1);
    assert!(
        converted.findings.iter().any(|f| f.rule == "OsmLevelsMustAgree" && f.message.contains("way/20"))
    );
}

/// A footway with `conveying` but without a direction is floor, with a finding.
#[test]
fn conveying_without_direction_is_floor() {
    for conveying in ["yes", "reversible"] {
        let (converted, loaded) = with_belt(conveying, &[(8.0, 7.0), (46.0, 7.0)]);
        assert!(loaded.venue.shafts().iter().all(|s| !s.kind.is_ridden_walkway()));
        assert!(
            loaded
                .venue
                .units()
                .iter()
                .any(|u| u.kind == wayfinding::venue::UnitKind::MovingWalkway { direction: None })
        );
        let fault = converted.findings.iter().find(|f| f.rule == "MovingWalkwayMustHaveDirection").unwrap();
        assert!(fault.message.contains("way/20") && fault.message.contains("floor"), "{}", fault.message);
    }
}

#[test]
fn names_hours_and_facilities_come_along() {
    let (_, loaded) = converted(&building());
    let venue = &loaded.venue;
    let shop = venue.places().iter().find(|p| p.category == "clothing").unwrap();
    assert_eq!(shop.name.iter().collect::<Vec<_>>(), [("fr", "Robe"), ("zh-Hans", "裙")]);
    assert_eq!(shop.hours.as_ref().unwrap().as_str(), "Mo-Sa 10:00-20:00");
    let cafe = venue.places().iter().find(|p| p.category == "cafe").unwrap();
    assert!(cafe.hours.is_none());
    let kinds: Vec<&str> = venue.places().iter().map(|p| p.category.as_str()).collect();
    assert!(kinds.contains(&"atm") && kinds.contains(&"restroom"), "{kinds:?}");
    assert_eq!(kinds.iter().filter(|k| **k == "restroom").count(), 2, "one on each of its levels");
}

#[test]
fn the_same_extract_gives_the_same_bytes() {
    let (one, two) = (converted(&building()).0, converted(&building()).0);
    assert_eq!(one.files, two.files);
}

/// An extract without rooms is refused; the error says what is needed.
#[test]
fn extracts_without_rooms_are_refused() {
    let street = [line("way/1", &[(0.0, 0.0), (9.0, 0.0)], json!({"highway": "residential"}))];
    let error = convert(&bytes(&street), &options()).unwrap_err().to_string();
    assert!(error.contains("indoor=room"), "{error}");
    for nothing in [b"".as_slice(), b"{}", b"<html/>", b"\xff\xff", b"[1,2"] {
        assert!(matches!(convert(nothing, &options()), Err(OsmError::Unreadable(_))));
    }
}

/// Tests the venues that `GALLERIA_VENUES` names.
#[test]
fn real_buildings_are_converted_and_reachable() {
    for file in wayfinding::testing::on_disk::real().1 {
        let bytes = std::fs::read(&file).unwrap();
        let (one, two) = (convert(&bytes, &options()).unwrap(), convert(&bytes, &options()).unwrap());
        assert_eq!(one.files, two.files, "{}: not the same bytes", file.display());
        let loaded = parse(&Archive::new(one.files)).unwrap();
        let errors: Vec<_> = loaded.findings.iter().filter(|f| f.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
        let router = Router::new(Arc::new(loaded.venue));
        let venue = router.venue();
        let tree = router.tree(&venue.kiosks()[0], TravelProfile::Walking, at(12, 0));
        let shops: Vec<_> =
            venue.places().iter().filter(|p| p.kind == wayfinding::venue::PlaceKind::Occupant).collect();
        let lost: Vec<_> = shops.iter().filter(|p| tree.route_to(&p.id).is_err()).map(|p| &p.name).collect();
        // The lost shops are in separate buildings, with nothing drawn between.
        assert!(
            lost.len() * 20 <= shops.len(),
            "{}: {} of {} lost: {lost:?}",
            file.display(),
            lost.len(),
            shops.len()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(wayfinding::testing::on_disk::cases(48)))]

    #[test]
    fn no_damage_to_an_extract_makes_it_panic(
        cuts in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        tags in proptest::collection::vec(
            (any::<proptest::sample::Index>(), "[a-z_:]{1,12}|level|width|incline|conveying|highway|indoor|repeat_on",
             prop_oneof![Just("-200-200"), Just("1e308"), Just("NaN"), Just("0;0;1"), Just("elevator"), Just("steps"),
                         Just("wall"), Just("forward"), Just("footway"), Just("column"), Just("room"), Just(""), Just("-")]), 0..6),
        moved in proptest::collection::vec((any::<proptest::sample::Index>(), -80.0..80.0f64, -80.0..80.0f64), 0..4),
        flip in any::<bool>(),
    ) {
        let mut features = building();
        let many = features.len();
        for (at, key, value) in tags {
            features[at.index(many)]["properties"][key] = json!(value);
        }
        for (at, x, y) in moved {
            let coordinates = &mut features[at.index(many)]["geometry"]["coordinates"];
            let first = if coordinates[0].is_array() { &mut coordinates[0] } else { coordinates };
            let first = if first[0].is_array() { &mut first[1] } else { first };
            *first = json!([x * M, y * M]);
        }
        let mut bytes = bytes(&features);
        if flip {
            for (at, value) in cuts {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
        }
        if let Ok(converted) = convert(&bytes, &options()) {
            let _ = parse(&Archive::new(converted.files));
        }
    }
}
