//! Text measurement: the space that a text needs, and where it may be broken into lines.
//!
//! Words are shaped with the fonts of the picture ([`super::shaping`]): an Arabic word is as wide as its
//! joined letters, and a Thai vowel has no width of its own. Lines break by Unicode's line breaking
//! algorithm (UAX #14); icu_segmenter finds the words of Thai.
//!
//! Without fonts no text is rendered, and widths are estimates: one em for each ideographic character, six
//! tenths of an em for each other.

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::{LineBreakOptions, LineBreakWordOption};

use super::model::Weight;
use super::{DrawOptions, Fonts};

/// Measures texts in the font family of a picture's language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure<'a> {
    fonts: Option<&'a Fonts>,
    family: &'static str,
}

impl<'a> DrawOptions<'a> {
    pub(crate) fn measure(&self) -> Measure<'a> {
        Measure { fonts: self.fonts, family: self.language.font_family() }
    }
}

/// Whether a character is as wide as it is high and may stand alone in a column of characters.
pub(crate) fn is_ideographic(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30A1}'..='\u{30FA}' | 'ー')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7AF}')
}

impl Measure<'_> {
    /// The width of a line in ems.
    pub fn width(self, text: &str, weight: Weight) -> f64 {
        let words = text.split_whitespace().map(|word| (1.0, self.word(word, weight)));
        let (words, width) = words.fold((0.0, 0.0), |(n, all), (one, width)| (n + one, all + width));
        let spaces = f64::max(words - 1.0, 0.0);
        if spaces > 0.0 { width + spaces * self.word(" ", weight) } else { width }
    }

    /// The width of a word, or of the space between two words.
    fn word(self, word: &str, weight: Weight) -> f64 {
        self.fonts.and_then(|fonts| fonts.width(self.family, weight, word)).unwrap_or_else(|| estimate(word))
    }

    /// The text in at most `lines` lines, with the widest line as narrow as possible.
    pub fn wrap(self, text: &str, lines: usize) -> Vec<String> {
        self.balanced(text, &pieces(text, Katakana::Whole), lines)
    }

    /// Like [`Self::wrap`], but katakana words may be broken too. Hangul and Latin words stay whole.
    pub fn wrap_anywhere(self, text: &str, lines: usize) -> Vec<String> {
        self.balanced(text, &pieces(text, Katakana::Broken), lines)
    }

    fn balanced(self, text: &str, pieces: &[Piece], lines: usize) -> Vec<String> {
        if lines <= 1 || pieces.len() <= 1 {
            return vec![text.split_whitespace().collect::<Vec<_>>().join(" ")];
        }
        let widths: Vec<f64> = pieces.iter().map(|p| self.width(p.text, Weight::Regular)).collect();
        let space = self.word(" ", Weight::Regular);
        let fill = |limit: f64| fill(pieces, &widths, space, limit);
        // No line is narrower than the widest piece.
        let widest = widths.iter().copied().fold(0.0, f64::max) + 1e-9;
        let (mut low, mut high) = (widest, widths.iter().map(|w| w + space).sum::<f64>());
        if fill(low).len() <= lines {
            high = low;
        }
        for _ in 0..24 {
            let limit = f64::midpoint(low, high);
            if fill(limit).len() <= lines { high = limit } else { low = limit }
        }
        fill(high)
    }
}

fn estimate(text: &str) -> f64 {
    text.chars().map(|c| if is_ideographic(c) { 1.0 } else { 0.6 }).sum()
}

/// Whether katakana words stay whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Katakana {
    Whole,
    Broken,
}

/// The text between two possible line breaks.
struct Piece<'a> {
    text: &'a str,
    /// Whether a space stands before it.
    spaced: bool,
}

fn pieces(text: &str, katakana: Katakana) -> Vec<Piece<'_>> {
    let mut options = LineBreakOptions::default();
    // Korean breaks between words, Chinese and Japanese between characters.
    if text.contains(is_hangul) {
        options.word_option = Some(LineBreakWordOption::KeepAll);
    }
    let within_word = |at: &usize| {
        let (before, after) = text.split_at(*at);
        before.ends_with(is_katakana) && after.starts_with(is_katakana)
    };
    let ends = LineSegmenter::new_auto(options).segment_str(text);
    let ends = ends.filter(|at| katakana == Katakana::Broken || !within_word(at));
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut from, mut spaced) = (0, false);
    for end in ends {
        let whole = &text[from..end];
        let piece = whole.trim();
        if !piece.is_empty() {
            pieces.push(Piece { text: piece, spaced: spaced || whole.starts_with(char::is_whitespace) });
            spaced = false;
        }
        spaced |= whole.ends_with(char::is_whitespace);
        from = end;
    }
    pieces
}

fn fill(pieces: &[Piece], widths: &[f64], space: f64, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0.0;
    for (piece, own) in pieces.iter().zip(widths) {
        let gap = if piece.spaced { space } else { 0.0 };
        match lines.last_mut() {
            Some(line) if used + gap + own <= limit => {
                if piece.spaced {
                    line.push(' ');
                }
                line.push_str(piece.text);
                used += gap + own;
            }
            _ => {
                lines.push(piece.text.to_owned());
                used = *own;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::model::{Item, Text};
    use crate::draw::{Colour, svg};
    use crate::geometry::Point;
    use resvg::usvg::Node;

    const ESTIMATED: Measure = Measure { fonts: None, family: "Noto Sans" };

    fn wrap(text: &str, lines: usize) -> Vec<String> {
        ESTIMATED.wrap(text, lines)
    }

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
        assert_eq!(wrap("Книжный магазин", 2), ["Книжный", "магазин"]);
    }

    /// Mixed names break between scripts, and never before a small kana.
    #[test]
    fn mixed_names_break_between_scripts() {
        assert_eq!(wrap("Kite 户外", 2), ["Kite", "户外"]);
        assert_eq!(wrap("スターヘイブン百貨店", 2), ["スターヘイブン", "百貨店"]);
    }

    #[test]
    fn no_line_begins_with_a_small_kana() {
        assert_eq!(ESTIMATED.wrap_anywhere("パラレルラインズ", 2), ["パラレル", "ラインズ"]);
        assert_eq!(wrap("パラレルラインズ", 2), ["パラレルラインズ"]);
        assert_eq!(wrap("ライトハウス・ミニマーケット", 4), ["ライトハウス・", "ミニマーケット"]);
        let broken = ESTIMATED.wrap_anywhere("ライトハウス・ミニマーケット", 4);
        assert!(broken.iter().all(|l| !l.starts_with(['・', 'ー', 'ッ'])), "{broken:?}");
    }

    /// Thai has no spaces between words. Here the words are river, side, bookshop.
    #[test]
    fn thai_breaks_between_words() {
        let lines = wrap("ร้านหนังสือริมแม่น้ำ", 2);
        assert_eq!(lines, ["ร้านหนังสือ", "ริมแม่น้ำ"]);
    }

    fn system() -> Fonts {
        Fonts::system().expect("fonts-noto-core and fonts-noto-cjk are installed")
    }

    #[test]
    fn letters_are_as_wide_as_their_font_says() {
        let fonts = system();
        let measure = Measure { fonts: Some(&fonts), family: "Noto Sans" };
        let width = |text| measure.width(text, Weight::Regular);
        assert!(width("iiii") < 0.4 * width("mmmm"));
        assert!(measure.width("Market", Weight::Bold) > width("Market"));
        assert!((width("书店") - 2.0).abs() < 1e-3);
        assert!((width("e\u{301}") - width("e")).abs() < 1e-3, "an accent takes no room of its own");
    }

    /// Measured widths match the layout that resvg renders, in every face, and for scripts that a face
    /// lacks.
    #[test]
    fn texts_are_as_wide_as_they_are_painted() {
        let fonts = system();
        for (family, weight, text) in [
            ("Noto Sans", Weight::Regular, "Lighthouse Mini Market"),
            ("Noto Sans", Weight::Bold, "Книжный магазин"),
            ("Noto Sans", Weight::Regular, "知行书店 Café"),
            ("Noto Sans CJK SC", Weight::Bold, "知行书店"),
            ("Noto Sans CJK JP", Weight::Regular, "ライトハウス・ミニマーケット"),
            ("Noto Sans CJK KR", Weight::Regular, "라이트하우스 미니"),
        ] {
            let line = Item::Text(Text {
                center: Point::new(0.0, 0.0),
                text: text.to_owned(),
                em: 100.0,
                weight,
                colour: Colour(0, 0, 0),
                halo: None,
                turn: 0.0,
            });
            let tree = svg::parse(&svg::write(&[line], 1, 1, family), &fonts).unwrap();
            let Some(Node::Text(painted)) = tree.root().children().first() else { panic!("{text}") };
            let painted = f64::from(painted.bounding_box().width()) / 100.0;
            let measured = Measure { fonts: Some(&fonts), family }.width(text, weight);
            assert!((painted / measured - 1.0).abs() < 0.01, "{text}: {painted} and {measured}");
        }
    }
}
