//! The built-in words of the forms, from `assets/lang/form.<language>.po`.

use std::sync::OnceLock;

use crate::words::Words;

/// The words of the forms, in every language of the product.
///
/// # Panics
/// Never in a program that passed its tests: the files are compiled in.
pub fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        Words::parse(words!("form")).expect("the words that are built in are in the .po format")
    })
}
