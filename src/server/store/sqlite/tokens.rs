//! Splits text into tokens, so that Chinese, Japanese and Korean can be searched.
//!
//! A search index that splits at spaces finds nothing in scripts without spaces between words. So each of
//! their characters becomes a token, and a query of two characters asks for two tokens in a row.

/// Whether a character is a token of its own.
fn stands_alone(c: char) -> bool {
    matches!(u32::from(c),
        0x3040..=0x30FF        // Hiragana, Katakana
        | 0x3400..=0x4DBF      // Han, extension A
        | 0x4E00..=0x9FFF      // Han
        | 0xAC00..=0xD7AF      // Hangul
        | 0xF900..=0xFAFF      // Han, compatibility
        | 0x20000..=0x323AF    // Han, extensions B to H
    )
}

/// Where the last word ends that fits into the first `most` bytes of a text. A word that takes more than half of
/// them is cut.
pub fn last_word_end(text: &str, most: usize) -> usize {
    let (kept, rest) = text.split_at(most);
    let goes_on = |c: char| c.is_alphanumeric() && !is_han_or_kana(c);
    if !rest.starts_with(goes_on) {
        return kept.trim_end().len();
    }
    let end = kept.trim_end_matches(goes_on).trim_end().len();
    if end * 2 > most { end } else { most }
}

/// Whether a character is written without spaces between words. Korean has them.
fn is_han_or_kana(c: char) -> bool {
    stands_alone(c) && !matches!(u32::from(c), 0xAC00..=0xD7AF)
}

/// The text for the index, with every such character between spaces. Full-width digits and letters become
/// plain.
pub fn for_index(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars().map(narrow) {
        if stands_alone(c) {
            out.push(' ');
            out.push(c);
            out.push(' ');
        } else {
            out.push(c);
        }
    }
    out
}

/// The full-text queries for a typed text, one for each word of it: it must occur, as a prefix, with its characters
/// in a row. None if the text has no letter or digit.
pub fn for_query(typed: &str) -> Vec<String> {
    let narrow: String = typed.chars().map(narrow).collect();
    let words = narrow.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(12);
    // Only letters and digits are left, so nothing in a word can be read as an operator.
    words.map(|w| format!("\"{}\"*", for_index(w).trim())).collect()
}

fn narrow(c: char) -> char {
    match u32::from(c) {
        full @ 0xFF01..=0xFF5E => char::from_u32(full - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::open::in_memory;

    #[test]
    fn a_heading_is_not_cut_in_a_word() {
        let cut = |text: &'static str, most| &text[..last_word_end(text, most)];
        assert_eq!(cut("the escalator is loud", 15), "the escalator");
        assert_eq!(cut("the escalator is loud", 13), "the escalator");
        assert_eq!(cut("自动扶梯有异响", 9), "自动扶");
        assert_eq!(cut("에스컬레이터 소리가 큽니다", 25), "에스컬레이터");
        assert_eq!(cut("a Donaudampfschifffahrt", 9), "a Donauda");
    }

    fn found(text: &str, query: &str) -> bool {
        let db = in_memory();
        db.execute("insert into case_words (rowid, words) values (1, ?1)", [for_index(text)]).unwrap();
        let query = for_query(query).join(" ");
        db.query_row("select count(*) from case_words where case_words match ?1", [query], |row| {
            row.get::<_, i64>(0)
        })
        .unwrap()
            == 1
    }

    /// Two characters in a row are found; the same two apart are not.
    #[test]
    fn adjacent_han_characters_are_found() {
        assert!(found("自动扶梯有异响", "扶梯"));
        assert!(found("自动扶梯有异响", "扶"));
        assert!(!found("扶手旁的电梯", "扶梯"));
        assert!(found("トイレが汚い", "トイレ"));
        assert!(found("화장실이 더러워요", "화장실"));
    }

    /// Words are found by their beginning in any case and width.
    #[test]
    fn words_are_found_by_prefix() {
        assert!(found("The Escalator makes a noise", "escal noise"));
        assert!(found("餐厅 ＡＢＣ 很吵", "abc 很吵"));
        assert!(!found("The escalator", "lift"));
    }

    #[test]
    fn what_looks_like_an_operator_is_only_text() {
        for query in ["\"", "a AND b", "NEAR(a", "a*b", "^a", "扶梯\" OR \"1", "-x", "col:x"] {
            if !for_query(query).is_empty() {
                let _ = found("anything at all", query);
            }
        }
        assert!(for_query(" \" * ").is_empty());
    }
}
