//! The theme's settings: the size of a millimetre on this panel, and what the visitor chose.

use domain::language::Language;
use kiosk::view::{Contrast, TextSize};

use crate::ui;

/// The panel that the window is on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Panel {
    /// Pixels per millimetre.
    pub px_per_mm: f32,
    /// How far from the panel visitors stand, in millimetres.
    pub viewing_distance_mm: f32,
}

impl Default for Panel {
    /// A 21.5-inch panel of 1080×1920 pixels, seen from 60 cm.
    fn default() -> Self {
        Self { px_per_mm: 4.03, viewing_distance_mm: 600.0 }
    }
}

impl Panel {
    /// Sizes everything for this panel. `scale` is the number of panel pixels per logical pixel of the
    /// window.
    pub(crate) fn apply(self, theme: &ui::Theme<'_>, scale: f32) {
        theme.set_px_per_mm(self.px_per_mm / scale);
        theme.set_viewing_distance_mm(self.viewing_distance_mm);
    }
}

pub(crate) fn text_size(size: TextSize) -> ui::TextSize {
    match size {
        TextSize::Normal => ui::TextSize::Normal,
        TextSize::Large => ui::TextSize::Large,
        TextSize::ExtraLarge => ui::TextSize::ExtraLarge,
    }
}

pub(crate) fn show_text_size(theme: &ui::Theme<'_>, size: TextSize) {
    theme.set_text_size(text_size(size));
}

pub(crate) fn show_contrast(theme: &ui::Theme<'_>, contrast: Contrast) {
    theme.set_high_contrast(contrast == Contrast::High);
}

/// Selects the font whose Han shapes readers of this language expect.
pub(crate) fn show_language(theme: &ui::Theme<'_>, language: Language) {
    theme.set_font_family(language.font_family().into());
}
