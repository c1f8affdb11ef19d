//! Line breaks in what visitors type: a long word without spaces must not leave its line.
//!
//! Only a text that is shown is changed, never one that is sent.

/// The longest word that certainly fits on a line, in characters.
const LONGEST: usize = 12;
/// The zero width space: a place where a line may break.
const BREAK: char = '\u{200b}';

/// The text with a possible break after every twelve characters of a word. Han characters break anyway.
pub fn breakable(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars() {
        run = if c.is_whitespace() || !c.is_alphabetic() && !c.is_ascii() { 0 } else { run + 1 };
        if run > LONGEST {
            broken.push(BREAK);
            run = 1;
        }
        broken.push(c);
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_words_get_breaks() {
        assert_eq!(breakable("the escalator has stopped"), "the escalator has stopped");
        assert_eq!(breakable(&"a".repeat(26)), format!("{0}\u{200b}{0}\u{200b}aa", "a".repeat(12)));
    }

    #[test]
    fn the_text_itself_is_unchanged() {
        let typed = "https://example.com/a/very/long/address 三楼的扶梯停了两天";
        assert_eq!(breakable(typed).replace('\u{200b}', ""), typed);
    }
}
