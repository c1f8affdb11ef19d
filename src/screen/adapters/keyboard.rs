//! The keyboard on the glass.

use kiosk::event::{Event, Key, Turn};
use kiosk::view::{KeyboardView, Layout};
use slint::{ComponentHandle, ModelRc, SharedString};

use super::rows::{self, on};
use crate::ui;
use crate::window::Events;

pub fn connect(app: &ui::App, events: &Events) {
    let keyboard = app.global::<ui::KeyboardAdapter>();
    let typed = events.clone();
    keyboard.on_key(move |text| {
        for c in text.chars() {
            typed.send(Event::Keyboard(Key::Char(c)));
        }
    });
    keyboard.on_backspace(events.sender(|| Event::Keyboard(Key::Backspace)));
    keyboard.on_enter(events.sender(|| Event::Keyboard(Key::Enter)));
    keyboard.on_caret_left(events.sender(|| Event::Keyboard(Key::Caret(Turn::Previous))));
    keyboard.on_caret_right(events.sender(|| Event::Keyboard(Key::Caret(Turn::Next))));
    keyboard.on_more_candidates(events.sender(|| Event::Keyboard(Key::More)));
    keyboard.on_done(events.sender(|| Event::Keyboard(Key::Done)));
    keyboard.on_candidate(events.chooser(|_, index| Some(Event::Keyboard(Key::Candidate(index)))));
    let layouts = events.clone();
    keyboard.on_choose_layout(move |layout| {
        layouts.send(Event::Keyboard(Key::Layout(match layout {
            ui::KeyLayout::Latin => Layout::Latin,
            ui::KeyLayout::Pinyin => Layout::Pinyin,
            ui::KeyLayout::Digits => Layout::Digits,
            ui::KeyLayout::Code => Layout::Code,
        })));
    });
}

pub fn show(app: &ui::App, view: Option<&KeyboardView>) {
    let keyboard = app.global::<ui::KeyboardAdapter>();
    keyboard.set_open(view.is_some());
    let Some(view) = view else {
        keyboard.set_preedit(SharedString::default());
        keyboard.set_candidates(ModelRc::default());
        return;
    };
    keyboard.set_layout(match view.layout {
        Layout::Latin => ui::KeyLayout::Latin,
        Layout::Pinyin => ui::KeyLayout::Pinyin,
        Layout::Digits => ui::KeyLayout::Digits,
        Layout::Code => ui::KeyLayout::Code,
    });
    keyboard.set_can_pinyin(view.layouts.contains(&Layout::Pinyin));
    keyboard.set_multiline(on(view.multiline));
    keyboard.set_done_text(view.done.as_str().into());
    keyboard.set_preedit(view.preedit.as_str().into());
    let candidates = view.candidates.iter().map(SharedString::from).collect();
    rows::refresh(&keyboard.get_candidates(), candidates, |model| keyboard.set_candidates(model));
}
