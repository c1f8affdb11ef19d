//! The page after the receipt: it counts down to the end of the visit, and calls the receipt back if it was
//! cleared by mistake.
//!
//! It opens when the visitor clears the receipt. It ends the visit together with the time of the receipt.

use crate::effect::Effect;
use crate::pages::properties::PrimaryAction;
use crate::pages::thanks;
use crate::visit::cx::Cx;
use crate::words::words;

/// The content of the farewell page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FarewellView {
    /// `All done. Thank you.`
    pub title: String,
    /// How long until the screen clears itself.
    pub text: String,
    /// The question before the button: `Cleared too early?`
    pub hint: String,
    /// The label of the button that shows the receipt again.
    pub again: String,
}

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FarewellTouch {
    /// Show the receipt again.
    Receipt,
}

pub fn touch(cx: &mut Cx, touch: FarewellTouch) -> Vec<Effect> {
    let FarewellTouch::Receipt = touch;
    thanks::call_back(cx)
}

/// The primary action: end the visit now. Its button stands on the page, away from the one that cleared the
/// receipt.
pub fn primary(_: &Cx) -> Option<PrimaryAction> {
    Some(PrimaryAction::end_visit("farewell.clear").on_page())
}

pub fn view(cx: &Cx) -> FarewellView {
    let seconds = cx.visit.left_receipt.as_ref().map_or(0, |left| left.seconds);
    FarewellView {
        title: cx.word("farewell.title"),
        text: words().count(cx.language(), "farewell.text", u64::from(seconds), &[]),
        hint: cx.word("farewell.hint"),
        again: cx.word("receipt.again"),
    }
}
