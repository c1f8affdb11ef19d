//! Errands lead to the right kind of place, nearest first.

use super::*;
use crate::view::MenuCard;

fn begin() -> App {
    let mut app = kiosk();
    app.handle(AttractTouch::Start(Some(Language::En)));
    app
}

fn cards(app: &App) -> Vec<MenuCard> {
    match app.view().page {
        PageView::Menu(menu) => menu.cards,
        _ => panic!("not a menu"),
    }
}

fn titles(app: &App) -> Vec<String> {
    cards(app).into_iter().map(|card| card.title).collect()
}

/// The name of the place to which a route leads.
fn destination(app: &App) -> String {
    match app.view().page {
        PageView::Route(route) => route.name,
        _ => panic!("not a route"),
    }
}

/// The rows of the list of places.
fn rows(app: &App) -> Vec<crate::view::PlaceRow> {
    match app.view().page {
        PageView::Find(find) => find.rows,
        _ => panic!("not the list"),
    }
}

#[test]
fn restrooms_are_offered_by_kind() {
    let mut app = begin();
    app.handle(HomeTouch::Facility(Facility::Restroom));
    let shown = titles(&app);
    for kind in ["Women", "Men", "Accessible", "Family"] {
        assert!(shown.iter().any(|title| title.starts_with(kind)), "{kind}: {shown:?}");
    }
    assert!(cards(&app).iter().all(|card| card.hint.contains("min")), "{:?}", cards(&app));
    let men = shown.iter().position(|title| title.starts_with("Men")).unwrap();
    app.handle(MenuTouch::Card(men));
    assert_eq!(destination(&app), shown[men]);
}

#[test]
fn a_wheelchair_user_is_offered_accessible_restrooms_first() {
    let mut app = begin();
    let shop = demo_mall().places()[0].id;
    play(
        &mut app,
        [
            Touch::PlaceChosen(shop).into(),
            RouteTouch::Profile(TravelProfile::StepFree).into(),
            press(Bar::Home),
        ],
    );
    app.handle(HomeTouch::Facility(Facility::Restroom));
    assert!(titles(&app)[0].starts_with("Accessible"), "{:?}", titles(&app));
}

/// Another language keeps the step; another way begins at its first one, also when it has as many.
#[test]
fn the_reached_step_belongs_to_its_way() {
    let mut app = begin();
    let step = |app: &App| match app.view().page {
        PageView::Route(route) => (route.step, route.steps.len()),
        _ => panic!("not a route"),
    };
    let mut as_long = 0;
    for place in demo_mall().places().iter().map(|place| place.id) {
        app.handle(Touch::PlaceChosen(place));
        app.handle(RouteTouch::Profile(TravelProfile::Walking));
        let (_, walking) = step(&app);
        if walking < 4 {
            continue;
        }
        app.handle(RouteTouch::Step(2));
        play(&mut app, [press(Bar::Language), Event::from(OverlayTouch::Language(Language::ZhHans))]);
        assert_eq!(step(&app).0, 2, "the visitor is still there");
        app.handle(RouteTouch::Profile(TravelProfile::StepFree));
        let (reached, step_free) = step(&app);
        assert_eq!(reached, 0);
        as_long += usize::from(step_free == walking);
    }
    assert!(as_long > 0, "no two ways are as long");
    app.handle(RouteTouch::Step(99));
    assert_eq!(step(&app).0, 0, "there is no such step");
}

#[test]
fn parking_leads_to_its_zones() {
    let mut app = begin();
    app.handle(HomeTouch::Facility(Facility::Parking));
    let shown = titles(&app);
    for zone in ["A", "B", "C", "D"] {
        assert!(shown.contains(&format!("Parking Zone {zone}")), "{shown:?}");
    }
    let zone = shown.iter().position(|title| title == "Parking Zone C").unwrap();
    app.handle(MenuTouch::Card(zone));
    let PageView::Route(route) = app.view().page else { panic!("not a route") };
    assert!(route.no_route.is_empty() && !route.steps.is_empty(), "{}", route.no_route);
}

#[test]
fn baby_care_is_a_nursing_room() {
    let mut app = begin();
    app.handle(HomeTouch::Facility(Facility::FamilyRoom));
    let shown = titles(&app);
    assert!(shown.last().unwrap().contains("restroom"), "a restroom is the last resort: {shown:?}");
    app.handle(MenuTouch::Card(0));
    assert!(!destination(&app).contains("restroom"), "{}", destination(&app));
    play(&mut app, [RouteTouch::Profile(TravelProfile::Stroller).into(), press(Bar::Home)]);
    app.handle(HomeTouch::Facility(Facility::FamilyRoom));
    assert!(titles(&app).last().unwrap().contains("restroom"), "also with a stroller");
}

#[test]
fn exits_are_those_that_a_visitor_may_use() {
    let mut app = begin();
    app.handle(HomeTouch::Facility(Facility::Exit));
    let shown = titles(&app);
    assert!(shown.len() >= 3 && !shown.iter().any(|title| title.contains("mergency")), "{shown:?}");
    assert!(shown.iter().any(|title| title.contains("Taxi")), "{shown:?}");
}

/// In the evening a closed place says so before anything else, and leads to one that is open.
#[test]
fn a_closed_place_names_a_similar_open_one() {
    let mut app = begin();
    let late = noon() + TimeDelta::hours(9);
    let venue = demo_mall();
    let local = late.with_timezone(&venue.time_zone());
    let is_closed = |hours: &wayfinding::venue::Hours| {
        matches!(hours.state_at(local), wayfinding::venue::HoursState::Closed { .. })
    };
    let shut: Vec<_> = venue
        .places()
        .iter()
        .filter(|p| {
            p.kind == wayfinding::venue::PlaceKind::Occupant && p.hours.as_ref().is_some_and(is_closed)
        })
        .collect();
    app.handle(Arrival::Tick(late));
    let routes = KioskRoutes::grow(&venue, &Router::new(Arc::clone(&venue)), &venue.kiosks()[0], late);
    app.handle(Arrival::RoutesReady(routes));
    let mut led_elsewhere = 0;
    for place in shut {
        play(&mut app, [press(Bar::Home), Touch::PlaceChosen(place.id).into()]);
        let PageView::Route(route) = app.view().page else { panic!("not a route") };
        let closed = route.closed.expect("it says so");
        assert!(closed.title.starts_with("Closed"), "{closed:?}");
        if !closed.action.is_empty() {
            app.handle(RouteTouch::Similar);
            let PageView::Route(other) = app.view().page else { panic!("not a route") };
            assert!(
                other.closed.is_none() && closed.similar.contains(&other.name),
                "{closed:?}: {}",
                other.name
            );
            led_elsewhere += 1;
        }
    }
    assert!(led_elsewhere > 0);
}

#[test]
fn a_place_may_close_before_the_visitor_arrives() {
    let mut app = begin();
    let venue = demo_mall();
    let closes = |place: &wayfinding::venue::Place| {
        let local = noon().with_timezone(&venue.time_zone());
        match place.hours.as_ref()?.state_at(local) {
            wayfinding::venue::HoursState::Open { until } => until,
            _ => None,
        }
    };
    let far = venue.places().iter().filter(|p| closes(p).is_some()).max_by_key(|p| p.level).unwrap();
    let just_before = closes(far).unwrap().with_timezone(&chrono::Utc) - TimeDelta::seconds(20);
    app.handle(Arrival::Tick(just_before));
    app.handle(Touch::PlaceChosen(far.id));
    let PageView::Route(route) = app.view().page else { panic!("not a route") };
    assert_eq!(route.closed.unwrap().title, "Closes before you arrive");
}

/// A facility of one kind needs no choice.
#[test]
fn a_lift_opens_its_route_at_once() {
    let mut app = begin();
    app.handle(HomeTouch::Facility(Facility::Lift));
    assert!(!destination(&app).is_empty());
}

#[test]
fn many_restrooms_are_one_row_that_opens() {
    let mut app = begin();
    app.handle(HomeTouch::Search);
    "toilet".chars().for_each(|c| drop(app.handle(Key::Char(c))));
    let found = rows(&app);
    assert_eq!((found.len(), found[0].name.as_str()), (1, "Restroom"));
    assert!(found[0].detail.contains("places"), "{}", found[0].detail);
    app.handle(FindTouch::Facility(found[0].facility.unwrap()));
    assert_eq!(titles(&app).len(), 4);
}

/// The facilities of the mall fit on a few pages.
#[test]
fn facilities_are_listed_by_kind() {
    let mut app = begin();
    app.handle(HomeTouch::Tile(HomeTile::Places));
    let PageView::Find(find) = app.view().page else { panic!() };
    let index = find.groups.iter().position(|group| group.label == "Facilities").unwrap();
    app.handle(FindTouch::Group(index));
    let shown = rows(&app);
    assert!(shown.len() < 40, "{} rows", shown.len());
    let mut names: Vec<_> = shown.iter().map(|row| (&row.name, row.icon)).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), shown.len(), "no row twice");
}

/// Of equal results the nearer one comes first.
#[test]
fn equal_results_are_sorted_by_distance() {
    let mut app = begin();
    app.handle(HomeTouch::Tile(HomeTile::Places));
    app.handle(FindTouch::Group(0));
    let minutes = |row: &crate::view::PlaceRow| {
        row.minutes.split(' ').next().and_then(|n| n.parse::<u32>().ok()).unwrap_or(u32::MAX)
    };
    let shown: Vec<_> = rows(&app).iter().map(minutes).collect();
    assert!(shown.len() > 5 && shown.is_sorted(), "{shown:?}");
}
