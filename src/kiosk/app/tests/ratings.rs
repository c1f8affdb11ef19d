//! A rating by one touch on a face.

use super::*;
use domain::form::Answers;

fn rating(effects: &[Effect]) -> Option<u8> {
    let Body::Answers(Answers { answers, .. }) = &saved(effects)?.body else { return None };
    match answers.get("face") {
        Some(Answer::Faces(face)) => Some(face.get()),
        _ => None,
    }
}

fn tick(app: &mut App, seconds: i64) -> Vec<Effect> {
    (0..seconds).flat_map(|_| app.handle(Arrival::Tick(noon()))).collect()
}

/// From the attract screen, and the visitor walks away.
#[test]
fn one_touch_on_a_face_is_a_rating() {
    let mut app = kiosk();
    assert!(rating(&app.handle(AttractTouch::Face(2))).is_none(), "it can still be changed");
    assert!(matches!(app.view().page, PageView::Rated(_)));
    assert_eq!(rating(&tick(&mut app, 15)), Some(2));
    assert!(app.is_resting());
    app.handle(Arrival::Saved(Err(SaveFailed::Disk)));
    assert!(app.view() == kiosk().view(), "the answer of the disk reaches nobody else");
}

#[test]
fn two_touches_rate_from_home() {
    let mut app = kiosk();
    play(&mut app, [Event::from(AttractTouch::Start(None)), Event::from(HomeTouch::Tile(HomeTile::TellUs))]);
    app.handle(MenuTouch::Face(5));
    let effects = app.handle(press(Bar::Primary));
    assert_eq!(rating(&effects), Some(5));
    assert!(matches!(app.view().page, PageView::Home(_)), "the visit goes on");
    app.handle(Arrival::Saved(Ok(receipt(saved(&effects).unwrap()))));
    assert!(matches!(app.view().page, PageView::Home(_)), "no receipt for a face");
    app.handle(HomeTouch::Tile(HomeTile::TellUs));
    let PageView::Menu(menu) = app.view().page else { panic!("not the menu") };
    assert_eq!(menu.faces.question, "", "once a visit");
}

#[test]
fn a_rating_can_be_changed_and_taken_back() {
    let mut app = kiosk();
    play(&mut app, [Event::from(AttractTouch::Face(1)), Event::from(RatedTouch::Face(4))]);
    assert_eq!(rating(&app.handle(press(Bar::Primary))), Some(4), "only the last face counts");
    app.handle(Arrival::Saved(Err(SaveFailed::Disk)));

    play(&mut app, [Event::from(AttractTouch::Face(1)), Event::from(RatedTouch::TakeBack)]);
    assert!(rating(&tick(&mut app, 300)).is_none());
}

/// The form takes the face over, and there is one submission.
#[test]
fn who_says_more_sends_one_feedback() {
    let mut app = kiosk();
    play(&mut app, [Event::from(AttractTouch::Face(2)), Event::from(RatedTouch::More)]);
    let ItemAsk::Faces { value, .. } = parts(&app)[0].ask else { panic!("no faces") };
    assert_eq!(value, 2);
    let effects = play(&mut app, [press(Bar::Primary), press(Bar::Primary)]);
    assert_eq!(rating(&effects), Some(2));
    app.handle(Arrival::Saved(Ok(receipt(saved(&effects).unwrap()))));
    assert!(rating(&tick(&mut app, 300)).is_none(), "not once more");
}

#[test]
fn a_rating_is_sent_wherever_the_visitor_goes() {
    for bar in [Bar::Home, Bar::CallStaff] {
        let mut app = kiosk();
        app.handle(AttractTouch::Face(3));
        assert_eq!(rating(&app.handle(press(bar))), Some(3), "{bar:?}");
    }
}

/// A panel that was left open must not keep the visit.
#[test]
fn a_page_that_counts_down_ends_under_a_panel() {
    for rates in [true, false] {
        let mut app = kiosk();
        if rates {
            app.handle(AttractTouch::Face(3));
        } else {
            complaint(&mut app);
            let effects = app.handle(press(Bar::Primary));
            app.handle(Arrival::Saved(Ok(receipt(saved(&effects).unwrap()))));
            app.handle(press(Bar::Primary));
            assert!(matches!(app.view().page, PageView::Farewell(_)));
        }
        app.handle(press(Bar::Access));
        let effects = tick(&mut app, 200);
        assert!(app.is_resting());
        assert_eq!(rating(&effects), if rates { Some(3) } else { None });
    }
}

/// The visitor is told, and can try again.
#[test]
fn a_rating_that_is_not_saved_is_named() {
    let mut app = kiosk();
    play(&mut app, [Event::from(AttractTouch::Face(4)), press(Bar::Home)]);
    app.handle(Arrival::Saved(Err(SaveFailed::Disk)));
    assert!(matches!(app.view().overlay, Some(OverlayView::NotSaved { .. })));
    assert_eq!(rating(&app.handle(OverlayTouch::Retry)), Some(4));
    app.handle(Arrival::Saved(Err(SaveFailed::Disk)));
    app.handle(OverlayTouch::Close);
    assert!(rating(&tick(&mut app, 300)).is_none());
}

/// Who begins to say more and walks away has rated all the same, with the last face.
#[test]
fn a_rating_outlasts_a_form_that_is_not_sent() {
    let mut app = kiosk();
    play(&mut app, [Event::from(AttractTouch::Face(2)), Event::from(RatedTouch::More), pick(0, 1)]);
    assert_eq!(rating(&tick(&mut app, 300)), Some(1));

    let mut app = kiosk();
    play(&mut app, [Event::from(AttractTouch::Face(2)), Event::from(RatedTouch::More), press(Bar::Home)]);
    app.handle(HomeTouch::Tile(HomeTile::TellUs));
    let PageView::Menu(menu) = app.view().page else { panic!("not the menu") };
    assert_eq!(menu.faces.question, "", "no second rating beside the form");
}

/// Back does not lead to a rating that is on its way.
#[test]
fn nothing_leads_back_to_a_rating() {
    let mut app = kiosk();
    app.handle(Arrival::Link(crate::event::Link::Online));
    let effects = play(&mut app, [Event::from(AttractTouch::Face(3)), press(Bar::CallStaff)]);
    app.handle(Arrival::Saved(Ok(receipt(saved(&effects).unwrap()))));
    let effects = app.handle(press(Bar::Primary));
    app.handle(Arrival::Saved(Ok(receipt(saved(&effects).expect("staff are called")))));
    app.handle(press(Bar::Back));
    assert!(matches!(app.view().page, PageView::Help(_)), "there is no page before");
    tick(&mut app, 1);
    assert!(!app.is_resting(), "the call keeps its page");
}

#[test]
fn a_visitor_rates_once() {
    let mut app = kiosk();
    open(&mut app, HomeTile::TellUs, "Feedback");
    let effects = play(&mut app, [pick(0, 4), press(Bar::Primary), press(Bar::Primary)]);
    assert_eq!(rating(&effects), Some(4));
    app.handle(Arrival::Saved(Ok(receipt(saved(&effects).unwrap()))));
    play(&mut app, [press(Bar::Home), Event::from(HomeTouch::Tile(HomeTile::TellUs))]);
    let PageView::Menu(menu) = app.view().page else { panic!("not the menu") };
    assert_eq!(menu.faces.question, "");
    assert!(menu.cards.iter().all(|card| card.title != "Feedback"));
    assert!(app.handle(MenuTouch::Face(1)).is_empty() && matches!(app.view().page, PageView::Menu(_)));
}

#[test]
fn larger_text_gives_more_time_to_change_a_rating() {
    let mut app = kiosk();
    app.handle(AttractTouch::Face(3));
    tick(&mut app, 10);
    app.handle(OverlayTouch::TextSize(TextSize::ExtraLarge));
    assert!(rating(&tick(&mut app, 29)).is_none());
    assert_eq!(rating(&tick(&mut app, 1)), Some(3));
}
