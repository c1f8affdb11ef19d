//! Properties of every picture: it is readable, it supports hit tests, and it is deterministic.

use std::sync::Arc;

use domain::language::Language;

use super::quad::{Quad, Rings};
use super::*;
use crate::load::load;
use crate::route::{Router, TravelProfile};
use crate::testing::{at, small};
use crate::venue::{Unit, Venue};

fn demo_mall() -> Venue {
    load(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall")).unwrap().venue
}

fn quad(label: &Label) -> Quad {
    Quad { corners: label.corners.map(|(x, y)| Point::new(x, y)) }
}

/// Labels do not touch each other and stay inside the picture.
fn assert_apart(picture: &Picture, options: &DrawOptions) {
    for (index, label) in picture.labels().iter().enumerate() {
        for other in &picture.labels()[..index] {
            assert!(!quad(label).meets(&quad(other)), "{:?} touches {:?}", label.text, other.text);
        }
        for (x, y) in label.corners {
            let inside = (0.0..=f64::from(options.width_px)).contains(&x)
                && (0.0..=f64::from(options.height_px)).contains(&y);
            assert!(inside, "{:?} sticks out of the picture", label.text);
        }
    }
}

/// The labels of shops do not touch the walls of their shops either.
fn assert_labels_are_clear(venue: &Venue, picture: &Picture, options: &DrawOptions) {
    assert_apart(picture, options);
    // On a small map, names cover the walls of their own shops; on a tiny one, those of any shop.
    let metre_mm = names::relative_scale(picture.px_per_metre(), options);
    if metre_mm < names::TINY_MAP {
        return;
    }
    for label in picture.labels() {
        let place = label.place.filter(|id| options.highlight != Some(*id)).and_then(|id| venue.place(&id));
        let Some(place) = place else { continue };
        let unit = venue.unit(venue.unit_of(&place.unit).unwrap());
        let shape = Rings(
            unit.shape
                .0
                .iter()
                .flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()))
                .map(|r| r.0.iter().map(|c| picture.sheets[0].1.px(Point::from(*c))).collect())
                .collect(),
        );
        let others = venue.units().iter().filter(|u| u.level == unit.level && !u.kind.is_thoroughfare());
        let inside = quad(label).fits(&shape);
        // The name of a stand may be too large for it. It is then on the floor beside the stand.
        let beside =
            || others.clone().all(|u| !quad(label).touches(&ground::rings(&u.shape, &picture.sheets[0].1)));
        let rooms = others.clone().filter(|u| u.kind == crate::venue::UnitKind::Room && u.id != unit.id);
        let over = || {
            let clear = |u: &Unit| !quad(label).touches(&ground::rings(&u.shape, &picture.sheets[0].1));
            metre_mm < names::SMALL_MAP && rooms.clone().all(clear)
        };
        assert!(inside || beside() || over(), "{:?} touches the edge of its shop", label.text);
    }
}

/// Labels of the demo mall never touch, in any language, size or direction.
#[test]
fn demo_mall_labels_never_touch() {
    let venue = demo_mall();
    let kiosk = venue.kiosks()[0].clone();
    let looks = [(3.6, Rotation::BestFit), (5.2, Rotation::HeadingUp(37.0))];
    for (turn, language) in Language::ALL.into_iter().enumerate() {
        for index in 0..venue.levels().len() {
            let (text_mm, rotation) = looks[(turn + index) % 2];
            {
                let options = DrawOptions {
                    language,
                    text_mm,
                    rotation,
                    kiosk: Some(&kiosk),
                    highlight: venue.places().iter().find(|p| p.level.0 == index).map(|p| p.id),
                    ..DrawOptions::default()
                };
                let picture = level(&venue, LevelIndex(index), &options);
                assert!(picture.labels().len() > 8, "{} labels", picture.labels().len());
                assert_labels_are_clear(&venue, &picture, &options);
            }
        }
    }
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let small = small();
    let (one, two) = (small.plan.venue(), small.plan.venue());
    let draw = |v: &Venue| level(v, LevelIndex(0), &DrawOptions::default()).svg();
    assert_eq!(draw(&one), draw(&two));
}

/// A touch on a shop finds the shop; a touch on the corridor finds nothing.
#[test]
fn touches_find_shops_and_no_corridors() {
    let small = small();
    let venue = small.plan.venue();
    for rotation in [Rotation::NorthUp, Rotation::HeadingUp(90.0), Rotation::HeadingUp(211.0)] {
        let options = DrawOptions { rotation, ..DrawOptions::default() };
        let picture = level(&venue, LevelIndex(0), &options);
        let shop = venue.place(&small.shops[3]).unwrap();
        let (x, y) = picture.pixel_of(shop.position);
        assert_eq!(picture.place_at(x, y), Some(shop.id));
        let (x, y) = picture.pixel_of(Point::new(45.0, 4.0));
        assert_eq!(picture.place_at(x, y), None);
        assert!(picture.point_at(x, y).distance(Point::new(45.0, 4.0)) < 1e-9);
    }
}

#[test]
fn heading_up_puts_what_is_ahead_above() {
    let venue = small().plan.venue();
    let options = DrawOptions { rotation: Rotation::HeadingUp(90.0), ..DrawOptions::default() };
    let picture = level(&venue, LevelIndex(0), &options);
    let (here, east) = (picture.pixel_of(Point::new(0.0, 0.0)), picture.pixel_of(Point::new(10.0, 0.0)));
    assert!((here.0 - east.0).abs() < 1e-6 && east.1 < here.1);
}

/// A route shows the visitor where it leaves the level, and the pin where it ends.
#[test]
fn routes_show_level_changes_and_the_pin() {
    let small = small();
    let router = Router::new(Arc::new(small.plan.venue()));
    let venue = router.venue();
    let kiosk = &venue.kiosks()[0];
    let route = router.tree(kiosk, TravelProfile::Walking, at(12, 0)).route_to(&small.restroom).unwrap();
    let theme = MapTheme::default();
    let draw = |index| {
        let options = DrawOptions {
            language: Language::En,
            kiosk: Some(kiosk),
            route: Some(&route),
            highlight: Some(small.restroom),
            view: View::Route,
            ..DrawOptions::default()
        };
        level(venue, LevelIndex(index), &options)
    };
    let (ground, upper) = (draw(0), draw(1));
    assert!(ground.labels().iter().any(|l| l.text == "You are here"));
    assert!(ground.svg().contains(">L1</text>"), "the sign at the escalator");
    assert!(!upper.labels().iter().any(|l| l.text == "You are here"));
    for picture in [&ground, &upper] {
        assert!(picture.svg().contains(&theme.route.to_string()));
        assert!(picture.svg().contains(&theme.alert.to_string()));
    }
}

/// Only the visitor and the destination are red.
#[test]
fn red_marks_only_visitor_and_destination() {
    let venue = demo_mall();
    let svg = level(&venue, LevelIndex(1), &DrawOptions::default()).svg();
    assert!(!svg.contains(&MapTheme::default().alert.to_string()));
}

#[test]
fn without_fonts_a_picture_is_drawn_without_labels() {
    let venue = small().plan.venue();
    let options = DrawOptions { width_px: 200, height_px: 100, ..DrawOptions::default() };
    let raster = level(&venue, LevelIndex(0), &options).raster(&Fonts::none());
    assert_eq!(raster.rgba.len(), 200 * 100 * 4);
    let colours: std::collections::HashSet<_> = raster.rgba.chunks(4).collect();
    assert!(colours.len() > 3, "something was painted");
}

/// Labels of an overview never touch, and the route goes through its levels.
#[test]
fn overview_labels_never_touch() {
    let venue = Arc::new(demo_mall());
    let router = Router::new(Arc::clone(&venue));
    let kiosk = &venue.kiosks()[0];
    let tree = router.tree(kiosk, TravelProfile::Walking, at(14, 0));
    let highest = LevelIndex(venue.levels().len() - 1);
    let place = venue.places().iter().find(|p| p.level == highest).unwrap();
    let route = tree.route_to(&place.id).unwrap();
    for (index, language) in Language::ALL.into_iter().enumerate() {
        let (width_px, height_px) = [(984, 1200), (984, 682), (540, 900)][index % 3];
        let options = DrawOptions {
            language,
            width_px,
            height_px,
            kiosk: Some(kiosk),
            route: Some(&route),
            highlight: Some(place.id),
            ..DrawOptions::default()
        };
        let picture = overview(&venue, &options);
        assert_apart(&picture, &options);
        let named = |text: &str| picture.labels().iter().any(|l| l.text == text);
        for level in venue.levels() {
            assert!(named(level.short_name.get(language)), "{language}: {:?}", level.short_name);
        }
        assert!(named(place.name.get(language)), "{language}");
        let on = |l: LevelIndex, p: Point| picture.pixel_on(l, p).unwrap();
        let (here, there) = (on(kiosk.level, kiosk.position), on(place.level, place.position));
        assert!(there.1 < here.1, "a higher level is drawn above a lower one");
        for leg in route.legs.iter().filter(|l| l.level == l.to_level) {
            let inside =
                |(x, y): (f64, f64)| x > 0.0 && y > 0.0 && x < width_px.into() && y < height_px.into();
            assert!(leg.line.iter().all(|p| inside(on(leg.level, *p))));
        }
    }
}

/// "Turn left at Greyscale" helps only those who find Greyscale on the map.
#[test]
fn the_landmark_of_a_step_is_named() {
    let venue = Arc::new(demo_mall());
    let kiosk = &venue.kiosks()[0];
    let router = Router::new(Arc::clone(&venue));
    let tree = router.tree(kiosk, TravelProfile::Walking, at(14, 0));
    let mut landmarks = 0;
    for place in venue.places().iter().step_by(7) {
        let Ok(route) = tree.route_to(&place.id) else { continue };
        for language in [Language::En, Language::ZhHans] {
            let steps =
                crate::instructions::steps(&venue, &route, Some(kiosk), language, crate::words::words());
            for (on, id) in steps.iter().filter_map(|step| Some((step.level, step.landmark?))) {
                let options = DrawOptions {
                    language,
                    width_px: 984,
                    height_px: 620,
                    text_mm: 6.0,
                    view: View::Route,
                    kiosk: Some(kiosk),
                    route: Some(&route),
                    highlight: Some(place.id),
                    named: Some(id),
                    ..DrawOptions::default()
                };
                let picture = level(&venue, on, &options);
                assert_apart(&picture, &options);
                let is_named = picture.labels().iter().any(|label| label.place == Some(id));
                let name = |id| venue.place(&id).unwrap().name.get(language).to_owned();
                assert!(is_named, "{language}: no {} on the way to {}", name(id), name(place.id));
                landmarks += 1;
            }
        }
    }
    assert!(landmarks > 20, "{landmarks}");
}

/// A lift is a vertical line in an overview.
#[test]
fn lifts_are_vertical_in_an_overview() {
    let venue = demo_mall();
    let picture = overview(&venue, &DrawOptions::default());
    let at = Point::new(12.0, -7.0);
    let x = |index| picture.pixel_on(LevelIndex(index), at).unwrap().0;
    assert!((0..venue.levels().len()).all(|index| (x(index) - x(0)).abs() < 1e-9));
}

/// Whatever is in front of the visitor is not at the bottom of the map.
#[test]
fn what_lies_ahead_is_not_at_the_bottom() {
    let mut kiosk = demo_mall().kiosks()[0].clone();
    let venue = demo_mall();
    for heading in [0.0, 60.0, 130.0, 180.0, 215.0, 300.0] {
        kiosk.heading_deg = heading;
        let options = DrawOptions { kiosk: Some(&kiosk), ..DrawOptions::default() };
        let picture = level(&venue, kiosk.level, &options);
        let (sin, cos) = heading.to_radians().sin_cos();
        let ahead = picture.pixel_of(kiosk.position.moved(10.0 * sin, 10.0 * cos));
        let down = ahead.1 - picture.pixel_of(kiosk.position).1;
        assert!(down < 5.0 * picture.px_per_metre(), "{heading}: {down}");
    }
}

/// Labels of real venues never touch in any language.
#[test]
fn labels_of_real_venues_never_touch() {
    for folder in crate::testing::malls::real_venues() {
        let venue = crate::testing::malls::read(&folder).venue;
        for index in 0..venue.levels().len() {
            let sizes = [(984, 682), (1080, 1500), (540, 960)];
            let (width_px, height_px) = sizes[index % sizes.len()];
            for language in Language::ALL {
                let options = DrawOptions { language, width_px, height_px, ..DrawOptions::default() };
                let picture = level(&venue, LevelIndex(index), &options);
                assert_labels_are_clear(&venue, &picture, &options);
            }
        }
        let options = DrawOptions::default();
        assert_apart(&overview(&venue, &options), &options);
    }
}

/// The SVG of a picture is well formed, and its labels are real text.
#[test]
fn svg_is_well_formed_with_real_text() {
    let venue = demo_mall();
    for language in Language::ALL {
        let options = DrawOptions { language, kiosk: venue.kiosks().first(), ..DrawOptions::default() };
        for picture in [level(&venue, LevelIndex(1), &options), overview(&venue, &options)] {
            let svg = picture.svg();
            let document = resvg::usvg::roxmltree::Document::parse(&svg).unwrap();
            let texts: Vec<&str> =
                document.descendants().filter(|n| n.has_tag_name("text")).filter_map(|n| n.text()).collect();
            for label in picture.labels() {
                let lines = label.text.split(' ').all(|word| texts.iter().any(|t| t.contains(word)));
                assert!(lines, "{language}: {:?} is not in the text of the picture", label.text);
            }
            assert_eq!(svg, picture.svg());
        }
    }
}

/// Faults are marked with their number, at their position.
#[test]
fn faults_are_marked_with_their_number() {
    let small = small();
    let venue = small.plan.venue();
    let shop = venue.place(&small.shops[2]).unwrap();
    let lost = Point::new(80.0, 4.0);
    let faults = [
        Fault { feature: small.entrance, elsewhere: None },
        Fault { feature: shop.unit, elsewhere: None },
        Fault {
            feature: "00000000-0000-4000-8000-0000000fffff".parse().unwrap(),
            elsewhere: Some((shop.level, lost)),
        },
    ];
    let options = DrawOptions { faults: &faults, ..DrawOptions::default() };
    let picture = level(&venue, shop.level, &options);
    for number in ["1", "2", "3"] {
        assert!(picture.svg().contains(&format!(">{number}</text>")), "{number}");
    }
    assert_eq!(place_of(&venue, &shop.unit).map(|(l, _)| l), Some(shop.level));
    assert_eq!(place_of(&venue, &faults[2].feature), None);
    assert_apart(&picture, &options);
    let other = level(&venue, LevelIndex(1), &options);
    assert!(!other.svg().contains(&options.theme.fault.to_string()));
}

/// The route continues faintly where it leaves the level.
#[test]
fn routes_continue_faintly_on_the_next_level() {
    let small = small();
    let router = Router::new(Arc::new(small.plan.venue()));
    let venue = router.venue();
    let kiosk = &venue.kiosks()[0];
    let route = router.tree(kiosk, TravelProfile::Walking, at(12, 0)).route_to(&small.restroom).unwrap();
    let options = DrawOptions { kiosk: Some(kiosk), route: Some(&route), ..DrawOptions::default() };
    let dashes = |index| {
        let svg = level(venue, LevelIndex(index), &options).svg();
        svg.lines().filter(|l| l.contains("stroke-dasharray") && l.contains("opacity=\"0.45\"")).count()
    };
    assert_eq!((dashes(0), dashes(1)), (1, 0), "what lies ahead, not what lies behind");
}

/// The demo mall with a credit line, as a map from OpenStreetMap has it.
fn with_credit(credit: &str) -> Venue {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall");
    let archive = crate::load::Archive::read(&folder).unwrap();
    let files = archive.files().map(|(name, bytes)| {
        let line = format!("credit = \"{credit}\"\n").into_bytes();
        let bytes = if name == "venue.toml" { [line, bytes.to_vec()].concat() } else { bytes.to_vec() };
        (name.to_owned(), bytes)
    });
    crate::load::parse(&crate::load::Archive::new(files)).unwrap().venue
}

/// The credit line that OpenStreetMap's licence requires.
const CREDIT: &str = "© OpenStreetMap contributors, ODbL 1.0";

/// Every picture has the credit line in a bottom corner, and nothing covers it.
#[test]
fn credits_are_on_every_picture() {
    let venue = with_credit(CREDIT);
    let router = Router::new(Arc::new(venue.clone()));
    let kiosk = &venue.kiosks()[0];
    let route =
        router.tree(kiosk, TravelProfile::Walking, at(12, 0)).route_to(&venue.places()[40].id).unwrap();
    for (width_px, height_px) in [(1000, 600), (390, 844), (200, 150), (3000, 900)] {
        for language in [Language::En, Language::Ja] {
            let options = DrawOptions { width_px, height_px, language, ..DrawOptions::default() };
            let with_route = DrawOptions {
                kiosk: Some(kiosk),
                route: Some(&route),
                highlight: route.to,
                ..options.clone()
            };
            let near = DrawOptions { view: View::Route, ..with_route.clone() };
            let pictures = [
                level(&venue, LevelIndex(0), &options),
                level(&venue, kiosk.level, &with_route),
                level(&venue, kiosk.level, &near),
                overview(&venue, &with_route),
            ];
            for picture in pictures {
                assert_apart(&picture, &options);
                let credit = &picture.labels()[0];
                assert_eq!(credit.text, CREDIT);
                let low = credit.corners.iter().map(|(_, y)| *y).fold(f64::INFINITY, f64::min);
                assert!(low > 0.75 * f64::from(height_px), "{credit:?}");
                let words = CREDIT.split(' ');
                assert!(words.into_iter().all(|w| picture.svg().contains(w)), "{width_px}x{height_px}");
            }
        }
    }
    let plain = level(&demo_mall(), LevelIndex(0), &DrawOptions::default());
    assert!(plain.labels().iter().all(|l| !l.text.contains('©')));
}

/// On a map as wide as a phone, shops have names rather than numbers.
#[test]
fn small_maps_show_names_before_numbers() {
    let venue = demo_mall();
    let options =
        DrawOptions { width_px: 390, height_px: 844, language: Language::En, ..DrawOptions::default() };
    let at = venue.level_of_ordinal(0).unwrap();
    let picture = level(&venue, at, &options);
    let shops = || picture.labels().iter().filter_map(|l| Some((l, venue.place(&l.place?)?)));
    let named = shops().filter(|(l, p)| l.text == p.name.get(Language::En)).count();
    let numbered = shops().filter(|(l, _)| l.text.chars().all(|c| c.is_ascii_digit())).count();
    assert!(named > numbered && named >= 8, "{named} names, {numbered} numbers");
}
