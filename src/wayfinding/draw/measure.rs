//! How much room a text needs, without opening a font, and where it may be broken into lines.
//!
//! Labels are placed before any font is loaded, and the same on every machine. Widths are those of Noto
//! Sans or Noto Sans CJK, whichever is wider; what is neither Latin nor Han is taken to be wide.

/// Widths of the characters from space to tilde, in hundredths of the em.
const ASCII: [u8; 95] = [
    26, 32, 47, 65, 57, 92, 73, 28, 34, 34, 55, 57, 28, 35, 28, 39, 57, 57, 57, 57, 57, 57, 57, 57, 57, 57,
    28, 28, 57, 57, 57, 47, 95, 64, 66, 64, 73, 59, 55, 73, 74, 34, 54, 65, 54, 91, 76, 78, 63, 78, 64, 60,
    60, 73, 60, 93, 59, 57, 60, 34, 39, 34, 57, 56, 61, 56, 62, 51, 62, 56, 34, 62, 62, 28, 28, 55, 28, 94,
    62, 61, 62, 62, 41, 48, 38, 62, 52, 80, 53, 52, 48, 38, 55, 38, 57,
];

/// Whether a character stands for itself in a line: it may be followed by a break.
pub(crate) fn is_ideographic(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

/// The width of a text in ems.
pub(crate) fn width(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

fn advance(c: char) -> f64 {
    match u32::from(c) {
        code @ 0x20..=0x7E => f64::from(ASCII[code as usize - 0x20]) / 100.0,
        0..=0x1F | 0x7F..=0x9F | 0x300..=0x36F | 0x200B..=0x200F => 0.0,
        0xA0..=0x24F => 0.66,
        0x370..=0x52F => 0.72,
        _ => 1.0,
    }
}

/// What a character forms with those of its kind: a word that stays together, or nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// Latin, Cyrillic, Hangul: a word ends at a space.
    Spaced,
    /// A word that is spelled in katakana ends where katakana end.
    Katakana,
    /// A character after which a line may break.
    Alone,
}

/// Whether words that are spelled in katakana stay together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Katakana {
    Whole,
    Broken,
}

impl Word {
    fn of(c: char, katakana: Katakana) -> Self {
        match u32::from(c) {
            0x30A1..=0x30FA | 0x30FC if katakana == Katakana::Whole => Self::Katakana,
            0xAC00..=0xD7AF => Self::Spaced,
            _ if is_ideographic(c) => Self::Alone,
            _ => Self::Spaced,
        }
    }
}

/// The pieces of a text between which a line may break, and whether a space goes before each.
fn pieces(text: &str, katakana: Katakana) -> Vec<(String, bool)> {
    let mut pieces: Vec<(String, bool)> = Vec::new();
    let mut spaced = false;
    let mut before = Word::Alone;
    let mut open = false;
    for c in text.chars() {
        if c.is_whitespace() {
            (spaced, before, open) = (true, Word::Alone, false);
            continue;
        }
        let word = Word::of(c, katakana);
        let clings = matches!(c, '、' | '。' | '，' | '）' | '」' | '』' | '】' | '》' | '・' | '·' | 'ー')
            || matches!(c, '！' | '？' | '：' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ん' | ')' | ']' | ',' | '.')
            || matches!(c, 'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'ン' | 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ')
            || matches!(c, 'ッ' | 'ャ' | 'ュ' | 'ョ');
        let goes_on = open || (word != Word::Alone && word == before);
        match pieces.last_mut() {
            Some((piece, _)) if !spaced && (clings || goes_on) => piece.push(c),
            _ => pieces.push((c.to_string(), spaced && !pieces.is_empty())),
        }
        open = matches!(c, '（' | '「' | '『' | '【' | '《' | '(' | '[');
        (before, spaced) = (word, false);
    }
    pieces
}

/// A text in at most `lines` lines, the widest of them as narrow as it can be.
pub(crate) fn wrap(text: &str, lines: usize) -> Vec<String> {
    balanced(text, &pieces(text, Katakana::Whole), lines)
}

/// The same, with words that are spelled in katakana broken too. Hangul and Latin words stay whole.
pub(crate) fn wrap_anywhere(text: &str, lines: usize) -> Vec<String> {
    balanced(text, &pieces(text, Katakana::Broken), lines)
}

fn balanced(text: &str, pieces: &[(String, bool)], lines: usize) -> Vec<String> {
    if lines <= 1 || pieces.len() <= 1 {
        return vec![text.split_whitespace().collect::<Vec<_>>().join(" ")];
    }
    // No line is narrower than the widest piece.
    let widest = pieces.iter().map(|(piece, _)| width(piece)).fold(0.0, f64::max) + 1e-9;
    let (mut low, mut high) = (widest, width(text) + 1.0);
    if fill(pieces, low).len() <= lines {
        high = low;
    }
    for _ in 0..24 {
        let limit = f64::midpoint(low, high);
        if fill(pieces, limit).len() <= lines { high = limit } else { low = limit }
    }
    fill(pieces, high)
}

fn fill(pieces: &[(String, bool)], limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0.0;
    for (piece, spaced) in pieces {
        let own = width(piece);
        let gap = if *spaced { advance(' ') } else { 0.0 };
        match lines.last_mut() {
            Some(line) if used + gap + own <= limit => {
                if *spaced {
                    line.push(' ');
                }
                line.push_str(piece);
                used += gap + own;
            }
            _ => {
                lines.push(piece.clone());
                used = own;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_han_characters_break_into_two_and_two() {
        assert_eq!(wrap("知行书店", 2), ["知行", "书店"]);
        assert_eq!(wrap("知行书店", 4), ["知", "行", "书", "店"]);
    }

    #[test]
    fn words_stay_whole() {
        assert_eq!(wrap("Lighthouse Mini Market", 2), ["Lighthouse", "Mini Market"]);
        assert_eq!(wrap("Lighthouse", 3), ["Lighthouse"]);
        assert_eq!(wrap("라이트하우스 미니", 2), ["라이트하우스", "미니"]);
    }

    /// Mixed names break between scripts and never before a small kana.
    #[test]
    fn mixed_names_break_between_scripts() {
        assert_eq!(wrap("Kite 户外", 2), ["Kite", "户外"]);
        assert_eq!(wrap_anywhere("パラレルラインズ", 2), ["パラレル", "ラインズ"]);
        assert_eq!(wrap("パラレルラインズ", 2), ["パラレルラインズ"]);
        assert_eq!(wrap("スターヘイブン百貨店", 2), ["スターヘイブン", "百貨店"]);
        assert_eq!(wrap("ライトハウス・ミニマーケット", 4), ["ライトハウス・", "ミニマーケット"]);
        assert!(wrap("ライトハウス・ミニマーケット", 4).iter().all(|l| !l.starts_with(['・', 'ー', 'ッ'])));
    }

    #[test]
    fn han_characters_are_an_em_wide() {
        assert_eq!(width("书店"), 2.0);
        assert!(width("Mini") < 2.2);
    }
}
