//! Keyboard input, from the screen or a real keyboard.
//!
//! Letters in the pinyin layout go through the input method; all other keys go directly into the field. Only
//! one field has the focus, and the application owns its text: the window never holds an editable copy.

use domain::language::Language;

use crate::effect::{Effect, InputCommand};
use crate::input::Composition;
use crate::view::{Direction, Field, FieldView, KeyboardView, Layout};
use crate::visit::Visit;
use crate::words::words;
use crate::world::{Pinyin, World};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Char(char),
    /// Deletes the character before the caret.
    Backspace,
    Caret(Direction),
    /// Starts a new line, or ends typing in a field of one line.
    Enter,
    /// Selects this candidate of the input method.
    Candidate(usize),
    /// Lists more candidates.
    More,
    Layout(Layout),
    /// Closes the keyboard.
    Done,
}

/// What a visitor types must not reach a log.
impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(hidden)")
    }
}

/// Gives the focus to a field.
pub fn focus(visit: &mut Visit, world: &World, field: Field) -> Vec<Effect> {
    let effects = visit.blur();
    visit.focus = Some(field);
    let han = world.pinyin == Pinyin::Available && visit.language == Language::ZhHans;
    visit.layout = match field {
        Field::Phone => Layout::Phone,
        Field::Email => Layout::Email,
        Field::CaseNumber | Field::CaseCode => Layout::Code,
        Field::Answer(_) if is_digits(visit, field) => Layout::Digits,
        Field::Answer(_) | Field::Name if han => Layout::Pinyin,
        _ => Layout::Latin,
    };
    effects
}

/// Handles a key.
pub fn press(visit: &mut Visit, key: Key) -> Vec<Effect> {
    let Some(field) = visit.focus else { return Vec::new() };
    let composing = !visit.composition.preedit.is_empty();
    let command = match key {
        Key::Char(c) => return typed(visit, field, c),
        Key::Backspace if composing => InputCommand::Backspace,
        Key::Candidate(index) => InputCommand::Select(index),
        Key::More => InputCommand::More,
        Key::Enter if composing => {
            keep_letters(visit, field);
            InputCommand::Reset
        }
        Key::Layout(layout) => {
            visit.layout = layout;
            visit.composition = Composition::default();
            InputCommand::Reset
        }
        Key::Done => {
            keep_letters(visit, field);
            return visit.blur();
        }
        Key::Enter if is_multiline(visit, field) => {
            visit.texts.edit(field).insert("\n");
            return Vec::new();
        }
        Key::Enter => return visit.blur(),
        Key::Backspace => {
            visit.texts.edit(field).backspace();
            return Vec::new();
        }
        Key::Caret(direction) => {
            visit.texts.edit(field).step(direction);
            return Vec::new();
        }
    };
    vec![Effect::Input(command)]
}

/// Empties a field with one touch. The focus does not change.
pub fn clear(visit: &mut Visit, field: Field) -> Vec<Effect> {
    visit.texts.clear(field);
    visit.composition = Composition::default();
    vec![Effect::Input(InputCommand::Reset)]
}

/// Inserts letters that are still being composed as they were typed, so that nothing is lost.
fn keep_letters(visit: &mut Visit, field: Field) {
    let letters: String = visit.composition.preedit.chars().filter(|c| !c.is_whitespace()).collect();
    visit.texts.edit(field).insert(&letters);
    visit.composition = Composition::default();
}

fn typed(visit: &mut Visit, field: Field, c: char) -> Vec<Effect> {
    let composing = !visit.composition.preedit.is_empty();
    if visit.layout == Layout::Pinyin {
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
    let written = match (visit.layout, c) {
        (Layout::Pinyin, ',') => '，',
        (Layout::Pinyin, '.') => '。',
        (Layout::Pinyin, '?') => '？',
        (Layout::Pinyin, '!') => '！',
        (_, c) if c.is_control() => return Vec::new(),
        (Layout::Code, c) => c.to_ascii_uppercase(),
        (_, c) => c,
    };
    visit.texts.edit(field).insert(written.encode_utf8(&mut [0; 4]));
    Vec::new()
}

/// Handles the answer of the input method: committed text goes into the field, the rest is displayed.
pub fn composed(visit: &mut Visit, mut composition: Composition) {
    let Some(field) = visit.focus else { return };
    if let Some(commit) = composition.commit.take() {
        visit.texts.edit(field).insert(&commit);
    }
    visit.composition = composition;
}

/// Whether the field has several lines: it has for a story, but not for a remark.
fn is_multiline(visit: &Visit, field: Field) -> bool {
    matches!(field, Field::Answer(_)) && visit.texts.get(field).limit() >= LINES
}

/// A field with at least this limit has several lines, because a text of this length seldom fits on one.
const LINES: usize = 100;
/// A number has at most this many digits.
const DIGITS: usize = 4;

fn is_digits(visit: &Visit, field: Field) -> bool {
    visit.texts.get(field).limit() <= DIGITS
}

/// The screen keyboard, while a field has the focus.
pub fn view(visit: &Visit, world: &World) -> Option<KeyboardView> {
    let field = visit.focus?;
    let mut layouts = vec![Layout::Latin, Layout::Digits];
    if matches!(visit.layout, Layout::Code | Layout::Phone | Layout::Email) {
        layouts = vec![visit.layout];
    } else if world.pinyin == Pinyin::Available {
        layouts.insert(0, Layout::Pinyin);
    }
    Some(KeyboardView {
        layout: visit.layout,
        layouts,
        preedit: visit.composition.preedit.clone(),
        candidates: visit.composition.candidates.clone(),
        done: words().get(visit.language, "keyboard.done"),
        multiline: is_multiline(visit, field),
    })
}

/// The view of a field, with texts of the kiosk.
pub fn field_view(visit: &Visit, field: Field, label: &str, hint: &str, error: String) -> FieldView {
    let word = |key| words().get(visit.language, key);
    field_words(visit, field, word(label), word(hint), error)
}

/// The view of a contact field, with its texts.
pub fn labelled(visit: &Visit, field: Field, error: String) -> FieldView {
    let key = match field {
        Field::Phone => "contact.phone",
        Field::Email => "contact.email",
        _ => "contact.name",
    };
    field_view(visit, field, key, &format!("{key}.placeholder"), error)
}

/// The view of a field, with texts of a form.
pub fn field_words(visit: &Visit, field: Field, label: String, hint: String, error: String) -> FieldView {
    let editor = visit.texts.get(field);
    let focused = visit.focus == Some(field);
    let (before, after) = editor.halves();
    let (length, limit) = (editor.length(), editor.limit());
    let count = match is_multiline(visit, field) {
        true if length >= limit => {
            words().fill(visit.language, "form.limit", &[("limit", &limit.to_string())])
        }
        true => format!("{length} / {limit}"),
        false => String::new(),
    };
    FieldView {
        label,
        hint,
        before: before.to_owned(),
        composing: if focused { visit.composition.preedit.clone() } else { String::new() },
        after: after.to_owned(),
        focused,
        count,
        nearly_full: length * 10 >= limit * 9,
        error,
    }
}
