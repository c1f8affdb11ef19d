//! Selects the font for Han characters where the font of the visitor's language has none.
//!
//! A visitor who reads English may still type 遍, and a shop's name may contain it. The font engine is not
//! told the language of a text and would take the first font that it finds, which is a Japanese one.

use std::iter::once;

use domain::language::Language;
use slint::fontique_011::fontique::{FallbackKey, GenericFamily, Script};
use slint::fontique_011::shared_collection;

/// Makes every text whose own font lacks Han characters use the shapes that readers of `language` expect. For
/// a language that is not written with them, these are the shapes of simplified Chinese. Needs a Slint
/// platform. Changes nothing if the font family is not installed.
pub(crate) fn prefer_han_of(language: Language) {
    let mut fonts = shared_collection();
    let Some(family) = fonts.family_id(language.of_its_han_characters().font_family()) else { return };
    // Slint tries these two generic families before it looks for a font by script.
    for generic in [GenericFamily::SansSerif, GenericFamily::SystemUi] {
        let others: Vec<_> = fonts.generic_families(generic).filter(|other| *other != family).collect();
        fonts.set_generic_families(generic, once(family).chain(others));
    }
    fonts.set_fallbacks(FallbackKey::new(Script::from_bytes(*b"Hani"), None), once(family));
}
