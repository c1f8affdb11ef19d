//! An overlay is a wall: only its own controls count.

use super::*;

/// Ticks until the inactivity warning is on the screen.
fn wait_for_warning(app: &mut App) {
    for _ in 0..400 {
        if matches!(app.view().overlay, Some(OverlayView::Inactivity { .. })) {
            return;
        }
        app.handle(Arrival::Tick(noon()));
    }
    panic!("no warning");
}

/// Touches that belong to controls under a dialog, and mere movement.
fn beneath() -> Vec<Event> {
    vec![
        Event::from(Touch::Activity),
        press(Bar::Home),
        press(Bar::Primary),
        press(Bar::Access),
        pick(0, 1),
        Event::from(Touch::FieldTapped(STORY)),
        Event::from(Key::Char('x')),
        Event::from(OverlayTouch::Contrast(crate::view::Contrast::High)),
        Event::from(OverlayTouch::Close),
    ]
}

#[test]
fn nothing_beneath_the_warning_can_be_reached() {
    for event in beneath() {
        let mut app = kiosk();
        complaint(&mut app);
        wait_for_warning(&mut app);
        let before = app.view();
        assert!(app.handle(event.clone()).is_empty(), "{event:?}");
        assert!(app.view() == before, "{event:?} changed something");
    }
}

#[test]
fn movement_does_not_answer_the_warning() {
    let mut app = kiosk();
    complaint(&mut app);
    wait_for_warning(&mut app);
    for _ in 0..19 {
        app.handle(Touch::Activity);
        app.handle(Arrival::Tick(noon()));
        assert!(app.view().overlay.is_some(), "only an answer closes it");
    }
    app.handle(Touch::Activity);
    app.handle(Arrival::Tick(noon()));
    assert!(app.is_resting(), "the count-down went on");
}

#[test]
fn both_answers_of_the_warning_count() {
    let mut app = kiosk();
    complaint(&mut app);
    wait_for_warning(&mut app);
    app.handle(OverlayTouch::StillHere);
    assert!(app.view().overlay.is_none() && matches!(app.view().page, PageView::Review(_)));
    wait_for_warning(&mut app);
    let effects = app.handle(OverlayTouch::Finish);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Forget)));
    assert!(app.is_resting());
}

#[test]
fn a_panel_keeps_touches_from_the_page() {
    for event in [press(Bar::Primary), Event::from(Key::Char('x')), press(Bar::CallStaff)] {
        let mut app = kiosk();
        complaint(&mut app);
        app.handle(press(Bar::Access));
        let before = app.view();
        assert!(app.handle(event.clone()).is_empty(), "{event:?}");
        assert!(app.view() == before, "{event:?} changed something");
        app.handle(OverlayTouch::Contrast(crate::view::Contrast::High));
        assert!(app.view() != before);
    }
}
