//! A text that a visitor is typing: bounded, with a caret, overwritten when it is dropped.

use zeroize::Zeroizing;

use crate::view::Direction;

/// One field's text.
///
/// Invariant: the text has at most `limit` characters; the caret stands between characters. Room for the
/// longest text is reserved at once, so that growing leaves no copy behind in freed memory.
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

    /// What is typed so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands before and after the caret.
    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.caret)
    }

    pub fn length(&self) -> usize {
        self.text.chars().count()
    }

    /// Characters that fit.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Whether nothing but spaces is typed.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Puts a text in at the caret, as far as it fits.
    pub fn insert(&mut self, typed: &str) {
        for c in typed.chars().take(self.limit.saturating_sub(self.length())) {
            self.text.insert(self.caret, c);
            self.caret += c.len_utf8();
        }
    }

    /// Takes back the character before the caret.
    pub fn backspace(&mut self) {
        if let Some(c) = self.text[..self.caret].chars().next_back() {
            self.caret -= c.len_utf8();
            self.text.remove(self.caret);
        }
    }

    /// Moves the caret by a character.
    pub fn step(&mut self, direction: Direction) {
        let (before, after) = self.halves();
        match direction {
            Direction::Next => self.caret += after.chars().next().map_or(0, char::len_utf8),
            Direction::Previous => self.caret -= before.chars().next_back().map_or(0, char::len_utf8),
        }
    }

    /// Puts a ready sentence at the end, on a line of its own.
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

    /// So that no copy of it is left behind.
    #[test]
    fn a_growing_text_stays_in_its_memory() {
        let mut editor = Editor::new(500);
        editor.insert("一");
        let first = editor.text().as_ptr();
        editor.insert(&"中".repeat(499));
        assert_eq!(editor.text().as_ptr(), first);
    }
}
