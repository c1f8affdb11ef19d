//! Text shaping with harfrust, in the faces that resvg selects; resvg renders with it too. Faces are
//! prepared once and widths are cached, because a map is laid out many times.

use std::collections::HashMap;

use harfrust::{FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use resvg::usvg::fontdb::{Database, Family, ID, Query};

use super::model::Weight;

/// The cached widths of a set of fonts. The cache grows with the words of a venue, to some thousands.
#[derive(Default)]
pub(crate) struct Shaping {
    faces: HashMap<ID, ShaperData>,
    widths: HashMap<(&'static str, Weight, String), f64>,
}

/// A glyph of a shaped word.
struct Glyph {
    /// The position of its first character in the word.
    at: usize,
    is_missing: bool,
    width: f64,
}

impl Shaping {
    /// The width of a word in ems; `None` if there is no font.
    pub fn width(
        &mut self,
        fonts: &Database,
        family: &'static str,
        weight: Weight,
        word: &str,
    ) -> Option<f64> {
        let key = (family, weight, word.to_owned());
        if let Some(width) = self.widths.get(&key) {
            return Some(*width);
        }
        let width = self.shaped(fonts, family, weight, word)?;
        self.widths.insert(key, width);
        Some(width)
    }

    fn shaped(&mut self, fonts: &Database, family: &str, weight: Weight, word: &str) -> Option<f64> {
        let families = [Family::Name(family), Family::Name("Noto Sans"), Family::SansSerif];
        let query = Query { families: &families, weight: weight.in_fonts(), ..Query::default() };
        let face = fonts.query(&query)?;
        let glyphs = self.shape(fonts, face, word)?;
        let mut width = 0.0;
        let mut missing: Vec<usize> = Vec::new();
        for glyph in &glyphs {
            if glyph.is_missing { missing.push(glyph.at) } else { width += glyph.width }
        }
        missing.sort_unstable();
        missing.dedup();
        for at in missing {
            let ends = glyphs.iter().map(|g| g.at).filter(|other| *other > at).min().unwrap_or(word.len());
            width += self.elsewhere(fonts, face, &word[at..ends])?;
        }
        Some(width)
    }

    /// The width of characters that a face lacks: in the first other face that has them, or else the width
    /// of the box that is rendered instead.
    fn elsewhere(&mut self, fonts: &Database, face: ID, text: &str) -> Option<f64> {
        for other in fonts.faces().map(|f| f.id).filter(|other| *other != face) {
            let glyphs = self.shape(fonts, other, text).unwrap_or_default();
            if !glyphs.is_empty() && glyphs.iter().all(|glyph| !glyph.is_missing) {
                return Some(glyphs.iter().map(|glyph| glyph.width).sum());
            }
        }
        Some(self.shape(fonts, face, text)?.iter().map(|glyph| glyph.width).sum())
    }

    fn shape(&mut self, fonts: &Database, face: ID, text: &str) -> Option<Vec<Glyph>> {
        fonts.with_face_data(face, |data, index| {
            let font = FontRef::from_index(data, index).ok()?;
            let shaper =
                self.faces.entry(face).or_insert_with(|| ShaperData::new(&font)).shaper(&font).build();
            let mut buffer = UnicodeBuffer::new();
            buffer.push_str(text);
            buffer.guess_segment_properties();
            let shaped = shaper.shape(buffer, ShapeOptions::new());
            let em = f64::from(shaper.units_per_em());
            let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
            let glyph = |(info, position): (&harfrust::GlyphInfo, &harfrust::GlyphPosition)| Glyph {
                at: info.cluster as usize,
                is_missing: info.glyph_id == 0,
                width: f64::from(position.x_advance) / em,
            };
            Some(glyphs.map(glyph).collect())
        })?
    }
}
