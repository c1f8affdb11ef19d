//! Overlays: the choice of languages, of text size and contrast, and dialogs that must be answered first.

use domain::language::Language;
use kiosk::app::View;
use kiosk::event::{Event, OverlayTouch};
use kiosk::view::{Contrast, OverlayView};
use kiosk::words::words;
use slint::ComponentHandle;

use super::rows;
use crate::events::Events;
use crate::theme;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events) {
    let overlay = app.global::<ui::OverlayAdapter>();
    let closed = events.clone();
    overlay.on_close(move || {
        closed.choose(|view| {
            Some(match view.overlay.as_ref()? {
                OverlayView::Inactivity { .. } => OverlayTouch::StillHere,
                _ => OverlayTouch::Close,
            })
        });
    });
    let primary = events.clone();
    overlay.on_primary_activated(move || {
        primary.choose(|view| {
            Some(match view.overlay.as_ref()? {
                OverlayView::Inactivity { .. } => OverlayTouch::StillHere,
                OverlayView::NotSaved { .. } => OverlayTouch::Retry,
                OverlayView::Discard { .. } => OverlayTouch::KeepDraft,
                _ => OverlayTouch::Close,
            })
        });
    });
    let secondary = events.clone();
    overlay.on_secondary_activated(move || {
        secondary.choose(|view| {
            Some(Event::from(match view.overlay.as_ref()? {
                OverlayView::Inactivity { .. } => OverlayTouch::Finish,
                OverlayView::Discard { .. } => OverlayTouch::Discard,
                _ => OverlayTouch::Close,
            }))
        });
    });
    overlay.on_language(events.chooser(|view, index| {
        let language = *languages(view).get(index)?;
        let event =
            if language == view.language { OverlayTouch::Close } else { OverlayTouch::Language(language) };
        Some(Event::from(event))
    }));
    overlay.on_size(events.chooser(|view, index| match &view.overlay {
        Some(OverlayView::Access { sizes, .. }) => {
            sizes.get(index).map(|(size, ..)| Event::from(OverlayTouch::TextSize(*size)))
        }
        _ => None,
    }));
    let contrast = events.clone();
    overlay.on_contrast_tapped(move || {
        contrast.choose(|view| {
            let other = match view.contrast {
                Contrast::Normal => Contrast::High,
                Contrast::High => Contrast::Normal,
            };
            Some(Event::from(OverlayTouch::Contrast(other)))
        });
    });
}

/// The languages on offer, including the current one, in the order of [`Language::ALL`].
fn languages(view: &View) -> Vec<Language> {
    let offered = |l: &Language| *l == view.language || view.languages.contains(l);
    Language::ALL.into_iter().filter(offered).collect()
}

/// A language by its own name.
fn language_row(language: Language, chosen: bool) -> ui::LanguageRow {
    ui::LanguageRow { name: language.own_name().into(), family: language.font_family().into(), chosen }
}

pub fn show(app: &ui::App, view: &View) {
    let overlay = app.global::<ui::OverlayAdapter>();
    let set = |name, title: &str, text: &str, primary: &str, secondary: &str| {
        overlay.set_title(title.into());
        overlay.set_text(text.into());
        overlay.set_primary(primary.into());
        overlay.set_secondary(secondary.into());
        overlay.set_left_text("".into());
        overlay.set_overlay(name);
    };
    match &view.overlay {
        None => set(ui::OverlayName::None, "", "", "", ""),
        Some(OverlayView::Language { title }) => {
            let row = |l: &Language| language_row(*l, *l == view.language);
            let languages = languages(view).iter().map(row).collect();
            rows::refresh(&overlay.get_languages(), languages, |model| overlay.set_languages(model));
            overlay.set_close_text(words().get(view.language, "access.close").into());
            set(ui::OverlayName::Language, title, "", "", "");
        }
        Some(OverlayView::Access { title, sizes, contrast: (contrast, high), close }) => {
            let sizes = sizes
                .iter()
                .map(|(size, name, chosen)| ui::SizeRow {
                    name: name.as_str().into(),
                    size: theme::text_size(*size),
                    chosen: *chosen,
                })
                .collect();
            rows::refresh(&overlay.get_sizes(), sizes, |model| overlay.set_sizes(model));
            overlay.set_contrast_text(contrast.as_str().into());
            overlay.set_contrast(*high);
            overlay.set_close_text(close.as_str().into());
            set(ui::OverlayName::Access, title, "", "", "");
        }
        Some(OverlayView::Inactivity { title, text, seconds, of, stay, finish }) => {
            set(ui::OverlayName::Inactivity, title, text, stay, finish);
            overlay.set_left(f32::from(*seconds) / f32::from((*of).max(1)));
            overlay
                .set_left_text(words().count(view.language, "idle.seconds", u64::from(*seconds), &[]).into());
        }
        Some(OverlayView::Discard { title, text, keep, discard }) => {
            set(ui::OverlayName::Discard, title, text, keep, discard);
        }
        Some(OverlayView::NotSaved { title, text, retry, close }) => {
            set(ui::OverlayName::NotSaved, title, text, retry, close);
        }
    }
}
