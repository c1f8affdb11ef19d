//! Keys, whether drawn on the screen or plugged in, and where they go.
//!
//! Letters typed on the pinyin keys go through the input method; everything else goes straight into the
//! field. Only one field has the keys at a time, and the application owns its text: the window never
//! holds an editable copy.

use domain::language::Language;

use crate::event::{Effect, InputCommand, Key};
use crate::input::Composition;
use crate::session::Session;
use crate::view::{Chosen, Field, FieldView, KeyboardView, Layout};
use crate::words::words;
use crate::world::{Pinyin, World};

/// Gives the keys to a field.
pub fn focus(session: &mut Session, world: &World, field: Field) -> Vec<Effect> {
    let reset = session.blur();
    session.focus = Some(field);
    let han = world.pinyin == Pinyin::Available && session.language == Language::ZhHans;
    session.layout = match field {
        Field::Phone => Layout::Digits,
        Field::CaseNumber | Field::CaseCode => Layout::Code,
        Field::Answer(_) if is_digits(session, field) => Layout::Digits,
        Field::Answer(_) | Field::Name if han => Layout::Pinyin,
        _ => Layout::Latin,
    };
    vec![Effect::Input(reset)]
}

/// A key was pressed.
pub fn press(session: &mut Session, key: Key) -> Vec<Effect> {
    let Some(field) = session.focus else { return Vec::new() };
    let composing = !session.composition.preedit.is_empty();
    let command = match key {
        Key::Char(c) => return typed(session, field, c),
        Key::Backspace if composing => InputCommand::Backspace,
        Key::Candidate(index) => InputCommand::Select(index),
        Key::More => InputCommand::More,
        Key::Enter if composing => {
            keep_letters(session, field);
            InputCommand::Reset
        }
        Key::Layout(layout) => {
            session.layout = layout;
            session.composition = Composition::default();
            InputCommand::Reset
        }
        Key::Done => {
            keep_letters(session, field);
            session.blur()
        }
        Key::Enter if is_multiline(session, field) => {
            session.texts.edit(field).insert("\n");
            return Vec::new();
        }
        Key::Enter => session.blur(),
        Key::Backspace => {
            session.texts.edit(field).backspace();
            return Vec::new();
        }
        Key::Caret(turn) => {
            session.texts.edit(field).step(turn);
            return Vec::new();
        }
    };
    vec![Effect::Input(command)]
}

/// Empties a field with one touch. Whoever was writing in it goes on writing.
pub fn clear(session: &mut Session, field: Field) -> Vec<Effect> {
    session.texts.clear(field);
    session.composition = Composition::default();
    vec![Effect::Input(InputCommand::Reset)]
}

/// Letters that became no characters stay as they were typed: nothing that somebody wrote is dropped.
fn keep_letters(session: &mut Session, field: Field) {
    let letters: String = session.composition.preedit.chars().filter(|c| !c.is_whitespace()).collect();
    session.texts.edit(field).insert(&letters);
    session.composition = Composition::default();
}

fn typed(session: &mut Session, field: Field, c: char) -> Vec<Effect> {
    let composing = !session.composition.preedit.is_empty();
    if session.layout == Layout::Pinyin {
        let command = match c {
            'a'..='z' => Some(InputCommand::Feed(c)),
            'A'..='Z' => Some(InputCommand::Feed(c.to_ascii_lowercase())),
            '\'' if composing => Some(InputCommand::Feed(c)),
            ' ' if composing => Some(InputCommand::Select(0)),
            '1'..='9' if composing => Some(InputCommand::Select(c as usize - '1' as usize)),
            _ => None,
        };
        if let Some(command) = command {
            return vec![Effect::Input(command)];
        }
    }
    let written = match (session.layout, c) {
        (Layout::Pinyin, ',') => '，',
        (Layout::Pinyin, '.') => '。',
        (Layout::Pinyin, '?') => '？',
        (Layout::Pinyin, '!') => '！',
        (_, c) if c.is_control() => return Vec::new(),
        (Layout::Code, c) => c.to_ascii_uppercase(),
        (_, c) => c,
    };
    session.texts.edit(field).insert(written.encode_utf8(&mut [0; 4]));
    Vec::new()
}

/// The input method answered: what it is sure of goes into the field, the rest is shown.
pub fn composed(session: &mut Session, mut composition: Composition) {
    let Some(field) = session.focus else { return };
    if let Some(commit) = composition.commit.take() {
        session.texts.edit(field).insert(&commit);
    }
    session.composition = composition;
}

/// Whether there is room for more than a line: for a story, not for a remark.
fn is_multiline(session: &Session, field: Field) -> bool {
    matches!(field, Field::Answer(_)) && session.texts.get(field).limit() >= LINES
}

/// A text of this many characters is seldom one line.
const LINES: usize = 100;
/// A number has at most this many characters.
const DIGITS: usize = 4;

fn is_digits(session: &Session, field: Field) -> bool {
    session.texts.get(field).limit() <= DIGITS
}

/// The keyboard on the screen, while a field has the keys.
pub fn view(session: &Session, world: &World) -> Option<KeyboardView> {
    let field = session.focus?;
    let mut layouts = vec![Layout::Latin, Layout::Digits];
    if session.layout == Layout::Code {
        layouts = vec![Layout::Code];
    } else if world.pinyin == Pinyin::Available {
        layouts.insert(0, Layout::Pinyin);
    }
    Some(KeyboardView {
        layout: session.layout,
        layouts,
        preedit: session.composition.preedit.clone(),
        candidates: session.composition.candidates.clone(),
        done: words().get(session.language, "keyboard.done"),
        multiline: if is_multiline(session, field) { Chosen::Yes } else { Chosen::No },
    })
}

/// A field as it is shown.
pub fn field_view(session: &Session, field: Field, label: &str, hint: &str, error: String) -> FieldView {
    let word = |key| words().get(session.language, key);
    field_words(session, field, word(label), word(hint), error)
}

/// A field for contact details, with the words that belong to it.
pub fn labelled(session: &Session, field: Field, error: String) -> FieldView {
    let key = match field {
        Field::Phone => "contact.phone",
        Field::Email => "contact.email",
        _ => "contact.name",
    };
    field_view(session, field, key, &format!("{key}.placeholder"), error)
}

/// A field as it is shown, with words that a form has for it.
pub fn field_words(session: &Session, field: Field, label: String, hint: String, error: String) -> FieldView {
    let editor = session.texts.get(field);
    let focused = session.focus == Some(field);
    let (before, after) = editor.halves();
    let count = if is_multiline(session, field) {
        format!("{} / {}", editor.length(), editor.limit())
    } else {
        String::new()
    };
    FieldView {
        label,
        hint,
        before: before.to_owned(),
        composing: if focused { session.composition.preedit.clone() } else { String::new() },
        after: after.to_owned(),
        focused: if focused { Chosen::Yes } else { Chosen::No },
        count,
        error,
    }
}
