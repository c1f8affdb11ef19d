//! The theme's settings: how large a millimetre is on this panel, and what the visitor chose.

use domain::language::Language;
use kiosk::view::TextSize;

use crate::ui;

/// The panel this window is on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Panel {
    /// Pixels a millimetre has.
    pub px_per_mm: f32,
    /// How far from it people stand.
    pub viewing_distance_mm: f32,
}

impl Panel {
    /// A 21.5-inch panel of 1080×1920 pixels, seen from 60 cm.
    pub const DESK: Self = Self { px_per_mm: 4.03, viewing_distance_mm: 600.0 };

    /// Sizes everything for this panel.
    pub fn apply(self, theme: &ui::Theme<'_>) {
        theme.set_px_per_mm(self.px_per_mm);
        theme.set_viewing_distance_mm(self.viewing_distance_mm);
    }
}

/// Sizes text as the visitor chose.
pub fn show_text_size(theme: &ui::Theme<'_>, size: TextSize) {
    theme.set_text_size(match size {
        TextSize::Normal => ui::TextSize::Normal,
        TextSize::Large => ui::TextSize::Large,
        TextSize::ExtraLarge => ui::TextSize::ExtraLarge,
    });
}

/// Draws Han characters in the shapes that readers of this language expect.
pub fn show_language(theme: &ui::Theme<'_>, language: Language) {
    theme.set_font_family(language.font_family().into());
}
