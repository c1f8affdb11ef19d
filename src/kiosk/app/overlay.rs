//! The overlay: a dialog or panel over the page, the same on every page.
//!
//! The inactivity warning has precedence over every other overlay. The visit does not store it, because it
//! follows from the idle time.

use crate::view::{Contrast, OverlayView, TextSize};
use crate::visit::cx::Cx;
use crate::visit::idle::IdleState;
use crate::visit::{Overlay, Saving};

/// The overlay that is shown now.
pub(super) fn view(cx: &Cx, idle: IdleState) -> Option<OverlayView> {
    if let IdleState::Warn { seconds, of } = idle {
        return Some(OverlayView::Inactivity {
            title: cx.word("idle.title"),
            text: cx.word("idle.text"),
            seconds,
            of,
            stay: cx.word("idle.stay"),
            finish: cx.word("idle.finish"),
        });
    }
    let size_name = |size| {
        cx.word(match size {
            TextSize::Normal => "access.normal",
            TextSize::Large => "access.large",
            TextSize::ExtraLarge => "access.extra-large",
        })
    };
    let draft = || {
        let filling = cx.visit.filling.as_ref();
        filling.map(|filling| filling.form.title.text(cx.language())).unwrap_or_default()
    };
    let chosen = |size| size == cx.visit.text_size;
    Some(match cx.visit.overlay? {
        Overlay::Language => OverlayView::Language { title: cx.word("language.title") },
        Overlay::Access => OverlayView::Access {
            title: cx.word("access.title"),
            sizes: TextSize::ALL.map(|s| (s, size_name(s), chosen(s))).to_vec(),
            contrast: (cx.word("access.contrast"), cx.visit.contrast == Contrast::High),
            close: cx.word("access.close"),
        },
        Overlay::Discard => OverlayView::Discard {
            title: cx.word("discard.title"),
            text: cx.fill("discard.text", &[("form", &draft())]),
            keep: cx.word("discard.keep"),
            discard: cx.word("discard.discard"),
        },
        Overlay::NotSaved(Saving::HelpCall(_)) => OverlayView::NotSaved {
            title: cx.word("not-saved.title"),
            text: cx.word("help.no-server.text"),
            retry: cx.word("not-saved.retry"),
            close: cx.word("bar.back"),
        },
        Overlay::NotSaved(Saving::Rating(_)) => OverlayView::NotSaved {
            title: cx.word("not-saved.title"),
            text: cx.word("rated.not-saved"),
            retry: cx.word("not-saved.retry"),
            close: cx.word("discard.discard"),
        },
        Overlay::NotSaved(Saving::CallTakenBack) => OverlayView::NotSaved {
            title: cx.word("not-saved.title"),
            text: cx.word("help.take-back.not-saved"),
            retry: cx.word("not-saved.retry"),
            close: cx.word("bar.back"),
        },
        Overlay::NotSaved(Saving::Form) => OverlayView::NotSaved {
            title: cx.word("not-saved.title"),
            text: cx.word("not-saved.text"),
            retry: cx.word("not-saved.retry"),
            close: cx.word("not-saved.close"),
        },
    })
}
