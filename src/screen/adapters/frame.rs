//! The parts that every page has: the header, the bottom bar, and the keys of a hardware keyboard.

use kiosk::app::View;
use kiosk::event::{Bar, Event, Key, OverlayTouch};
use kiosk::pages::PageView;
use kiosk::pages::attract::AttractTouch;
use kiosk::view::{Direction, OverlayView, PrimaryPlace};
use slint::{ComponentHandle, SharedString};

use crate::events::Events;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events) {
    let frame = app.global::<ui::FrameAdapter>();
    frame.on_back(events.sender(Bar::Back));
    frame.on_home(events.sender(Bar::Home));
    frame.on_choose_language(events.sender(Bar::Language));
    frame.on_choose_access(events.sender(Bar::Access));
    frame.on_call_staff(events.sender(Bar::CallStaff));
    frame.on_primary_activated(events.sender(Bar::Primary));
    let keys = events.clone();
    frame.on_key(move |text, on_control| {
        let focus = if on_control { Focus::Control } else { Focus::Text };
        let mut meant = None;
        keys.choose(|view| {
            meant = key(view, &text, focus);
            None::<Event>
        });
        let taken = meant.is_some();
        for event in meant.into_iter().flatten() {
            keys.send(event);
        }
        taken
    });
    let noticed = events.clone();
    app.global::<ui::Visit>().on_noticed(move || noticed.notice());
}

/// What has the keyboard focus, and therefore receives Return and Space.
#[derive(Clone, Copy, PartialEq)]
enum Focus {
    Text,
    Control,
}

/// The events for a key of a hardware keyboard, or of a scanner that acts as one. None for a key that is left
/// to the window, for example to move the focus.
fn key(view: &View, text: &str, focus: Focus) -> Option<Vec<Event>> {
    let named = |key: slint::platform::Key| SharedString::from(key).as_str() == text;
    if matches!(view.page, PageView::Attract(_)) {
        return if is_for_moving(text, focus) {
            None
        } else {
            Some(vec![Event::from(AttractTouch::Start(None))])
        };
    }
    if named(slint::platform::Key::Escape) {
        return back(view).map(|event| vec![event]);
    }
    if view.overlay.is_some() {
        return None;
    }
    // The lookup page accepts a scanner's characters even while no field is open.
    if view.keyboard.is_none() {
        let scans = matches!(view.page, PageView::Lookup(_)) && !is_for_moving(text, Focus::Control);
        return if scans { characters(text) } else { None };
    }
    let press = |key| Some(vec![Event::from(key)]);
    if named(slint::platform::Key::Return) || named(slint::platform::Key::Space) {
        let key = if named(slint::platform::Key::Return) { Key::Enter } else { Key::Char(' ') };
        return if focus == Focus::Text { press(key) } else { None };
    }
    if named(slint::platform::Key::Backspace) {
        return press(Key::Backspace);
    }
    if named(slint::platform::Key::LeftArrow) {
        return press(Key::Caret(Direction::Previous));
    }
    if named(slint::platform::Key::RightArrow) {
        return press(Key::Caret(Direction::Next));
    }
    characters(text)
}

/// The characters of a key. Slint encodes keys without a character in the private use area.
fn characters(text: &str) -> Option<Vec<Event>> {
    let written = |c: &char| !c.is_control() && !('\u{e000}'..='\u{f8ff}').contains(c);
    let typed: Vec<_> = text.chars().filter(written).map(|c| Event::from(Key::Char(c))).collect();
    if typed.is_empty() { None } else { Some(typed) }
}

/// Whether a key moves the focus between languages or activates the focused one. On the attract screen any
/// other key begins a visit.
fn is_for_moving(text: &str, focus: Focus) -> bool {
    use slint::platform::Key::{Backtab, Return, Shift, ShiftR, Space, Tab};
    let is = |keys: &[slint::platform::Key]| keys.iter().any(|key| SharedString::from(*key).as_str() == text);
    is(&[Tab, Backtab, Shift, ShiftR]) || (focus == Focus::Control && is(&[Return, Space]))
}

/// The event for one step back: it closes the overlay, or without one returns to the previous page.
fn back(view: &View) -> Option<Event> {
    match &view.overlay {
        Some(OverlayView::Inactivity { .. }) => Some(Event::from(OverlayTouch::StillHere)),
        Some(_) => Some(Event::from(OverlayTouch::Close)),
        None => view.bar.back.then_some(Event::from(Bar::Back)),
    }
}

pub fn show(app: &ui::App, view: &View) {
    let frame = app.global::<ui::FrameAdapter>();
    frame.set_at_home(matches!(view.page, PageView::Home(_)));
    frame.set_mall(view.header.mall.as_str().into());
    frame.set_here(view.header.here.as_str().into());
    frame.set_clock(view.header.clock.as_str().into());
    frame.set_hours(view.header.hours.as_str().into());
    frame.set_can_go_back(view.bar.back);
    frame.set_can_go_home(view.bar.home);
    frame.set_language(view.bar.language.as_str().into());
    let label = |place| view.bar.primary.as_ref().filter(|p| p.place == place).map_or("", |p| &p.label);
    frame.set_primary(label(PrimaryPlace::Bar).into());
    frame.set_page_primary(label(PrimaryPlace::Page).into());
    frame.set_primary_ready(view.bar.primary.as_ref().is_some_and(|p| p.ready));
}
