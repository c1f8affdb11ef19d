//! What lies over the page: the choices that are the same everywhere, and the questions that come first.
//!
//! Whether somebody is still here is asked before anything else; it needs no overlay in the session,
//! because it follows from the time alone.

use super::App;
use crate::idle::Standing;
use crate::session::Overlay;
use crate::view::{Chosen, Contrast, OverlayView, TextSize};

impl App {
    /// What lies over the page now.
    pub(super) fn overlay_view(&self) -> Option<OverlayView> {
        if let Standing::Warn { seconds, of } = self.standing() {
            return Some(OverlayView::Inactivity {
                title: self.word("idle.title"),
                text: self.word("idle.text"),
                seconds,
                of,
                stay: self.word("idle.stay"),
                finish: self.word("idle.finish"),
            });
        }
        let size_name = |size| {
            self.word(match size {
                TextSize::Normal => "access.normal",
                TextSize::Large => "access.large",
                TextSize::ExtraLarge => "access.extra-large",
            })
        };
        let chosen = |size| if size == self.session.text_size { Chosen::Yes } else { Chosen::No };
        Some(match self.session.overlay? {
            Overlay::Language => OverlayView::Language { title: self.word("language.title") },
            Overlay::Access => OverlayView::Access {
                title: self.word("access.title"),
                sizes: TextSize::ALL.map(|s| (s, size_name(s), chosen(s))).to_vec(),
                contrast: (
                    self.word("access.contrast"),
                    if self.session.contrast == Contrast::High { Chosen::Yes } else { Chosen::No },
                ),
                close: self.word("access.close"),
            },
            Overlay::Discard => OverlayView::Discard {
                title: self.word("discard.title"),
                text: self.word("discard.text"),
                keep: self.word("discard.keep"),
                discard: self.word("discard.discard"),
            },
            Overlay::NotSaved => OverlayView::NotSaved {
                title: self.word("not-saved.title"),
                text: self.word("not-saved.text"),
                retry: self.word("not-saved.retry"),
                close: self.word("not-saved.close"),
            },
        })
    }
}
