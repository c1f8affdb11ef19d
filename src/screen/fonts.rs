//! Which face draws Han characters where the face of the language has none.
//!
//! A visitor who reads English may still type 遍, and a shop may be called so. The font engine is not told
//! what language a text is in and would take the face it finds first, which is a Japanese one.

use std::iter::once;

use domain::language::Language;
use slint::fontique_011::fontique::{FallbackKey, GenericFamily, Script};
use slint::fontique_011::shared_collection;

/// Has Han characters drawn as readers of `language` expect, in every text whose own face has none. A
/// language that is not written with them leaves it to simplified Chinese. It needs a platform; without
/// the family on this machine nothing changes.
pub(crate) fn prefer_han_of(language: Language) {
    let mut fonts = shared_collection();
    let Some(family) = fonts.family_id(language.of_its_han_characters().font_family()) else { return };
    // Slint looks in these two before it asks for a face by script.
    for generic in [GenericFamily::SansSerif, GenericFamily::SystemUi] {
        let others: Vec<_> = fonts.generic_families(generic).filter(|other| *other != family).collect();
        fonts.set_generic_families(generic, once(family).chain(others));
    }
    fonts.set_fallbacks(FallbackKey::new(Script::from_bytes(*b"Hani"), None), once(family));
}
