//! The on-screen keyboard.

use kiosk::event::Key;
use kiosk::view::{Direction, KeyboardView, Layout};
use slint::{ComponentHandle, ModelRc, SharedString};

use super::rows;
use crate::events::Events;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events) {
    let keyboard = app.global::<ui::KeyboardAdapter>();
    let typed = events.clone();
    keyboard.on_key(move |text| {
        for c in text.chars() {
            typed.send(Key::Char(c));
        }
    });
    keyboard.on_backspace(events.sender(Key::Backspace));
    keyboard.on_enter(events.sender(Key::Enter));
    keyboard.on_caret_left(events.sender(Key::Caret(Direction::Previous)));
    keyboard.on_caret_right(events.sender(Key::Caret(Direction::Next)));
    keyboard.on_more_candidates(events.sender(Key::More));
    keyboard.on_done(events.sender(Key::Done));
    keyboard.on_candidate(events.chooser(|_, index| Some(Key::Candidate(index))));
    let layouts = events.clone();
    keyboard.on_choose_layout(move |layout| {
        layouts.send(Key::Layout(match layout {
            ui::KeyLayout::Latin => Layout::Latin,
            ui::KeyLayout::Pinyin => Layout::Pinyin,
            ui::KeyLayout::Digits => Layout::Digits,
            ui::KeyLayout::Code => Layout::Code,
            ui::KeyLayout::Phone => Layout::Phone,
            ui::KeyLayout::Email => Layout::Email,
        }));
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
        Layout::Phone => ui::KeyLayout::Phone,
        Layout::Email => ui::KeyLayout::Email,
    });
    keyboard.set_can_pinyin(view.layouts.contains(&Layout::Pinyin));
    keyboard.set_multiline(view.multiline);
    keyboard.set_done_text(view.done.as_str().into());
    keyboard.set_preedit(view.preedit.as_str().into());
    let candidates = view.candidates.iter().map(SharedString::from).collect();
    rows::refresh(&keyboard.get_candidates(), candidates, |model| keyboard.set_candidates(model));
}
