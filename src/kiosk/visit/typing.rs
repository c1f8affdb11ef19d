//! A text that a visitor is typing: bounded, with a caret, overwritten when it is dropped.

use zeroize::Zeroizing;

use crate::view::Direction;

/// The text of one field.
///
/// Invariant: the text has at most `limit` characters, and the caret is between two characters. The buffer is
/// allocated for the longest text, so growing never leaves a copy in freed memory.
pub struct Editor {
    text: Zeroizing<String>,
    caret: usize,
    limit: usize,
}

impl Editor {
    /// An empty field for at most `limit` characters.
    pub fn new(limit: usize) -> Self {
        Self { text: Zeroizing::new(String::with_capacity(limit * 4)), caret: 0, limit }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before and after the caret.
    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.caret)
    }

    pub fn length(&self) -> usize {
        self.text.chars().count()
    }

    /// The most characters that fit.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Whether the text is empty or has only spaces.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Inserts a text at the caret, as far as it fits.
    pub fn insert(&mut self, typed: &str) {
        for c in typed.chars().take(self.limit.saturating_sub(self.length())) {
            self.text.insert(self.caret, c);
            self.caret += c.len_utf8();
        }
    }

    /// Deletes the character before the caret.
    pub fn backspace(&mut self) {
        if let Some(c) = self.text[..self.caret].chars().next_back() {
            self.caret -= c.len_utf8();
            self.text.remove(self.caret);
        }
    }

    /// Moves the caret by one character.
    pub fn step(&mut self, direction: Direction) {
        let (before, after) = self.halves();
        match direction {
            Direction::Next => self.caret += after.chars().next().map_or(0, char::len_utf8),
            Direction::Previous => self.caret -= before.chars().next_back().map_or(0, char::len_utf8),
        }
    }

    /// Appends a ready-made sentence on its own line.
    pub fn append_sentence(&mut self, sentence: &str) {
        self.caret = self.text.len();
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.insert("\n");
        }
        self.insert(sentence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_stops_at_the_limit_and_loses_nothing() {
        let mut editor = Editor::new(3);
        editor.insert("扶梯异响");
        assert_eq!(editor.text(), "扶梯异");
        editor.backspace();
        editor.insert("x");
        assert_eq!(editor.text(), "扶梯x");
    }

    #[test]
    fn characters_are_edited_at_the_caret() {
        let mut editor = Editor::new(9);
        editor.insert("ac");
        editor.step(Direction::Previous);
        editor.insert("b");
        assert_eq!(editor.halves(), ("ab", "c"));
        editor.backspace();
        editor.step(Direction::Next);
        editor.step(Direction::Next);
        assert_eq!(editor.halves(), ("ac", ""));
    }

    /// The buffer is never reallocated, so no copy of the text is left behind.
    #[test]
    fn a_growing_text_stays_in_its_memory() {
        let mut editor = Editor::new(500);
        editor.insert("一");
        let first = editor.text().as_ptr();
        editor.insert(&"中".repeat(499));
        assert_eq!(editor.text().as_ptr(), first);
    }
}
