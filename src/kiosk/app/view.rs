//! The view of the whole screen: the page, and what surrounds it on every page.

use std::mem::Discriminant;

use domain::language::Language;

use super::overlay;
use crate::calendar;
use crate::pages::{self, Leaving, PageView};
use crate::view::{BarView, Contrast, HeaderView, KeyboardView, OverlayView, PrimaryView, TextSize};
use crate::visit::cx::Cx;
use crate::visit::idle::IdleState;
use crate::visit::keyboard;
use crate::visit::page::{Page, Part};
use crate::words::spoken;

/// Everything on the screen.
#[derive(Clone, PartialEq)]
pub struct View {
    /// The language of all texts in it.
    pub language: Language,
    /// The languages that a visitor can choose.
    pub languages: Vec<Language>,
    pub text_size: TextSize,
    pub contrast: Contrast,
    /// The header at the top of the page.
    pub header: HeaderView,
    /// The bar at the bottom of the page.
    pub bar: BarView,
    pub page: PageView,
    /// The keyboard, while a field has the focus.
    pub keyboard: Option<KeyboardView>,
    /// The overlay over the page.
    pub overlay: Option<OverlayView>,
    pub scene: Scene,
}

/// Which controls are on the screen, and where. When it changes, other controls lie under the finger than
/// those that the visitor saw there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    page: (Discriminant<Page>, Part),
    /// The number of controls of each item of a form step: a choice may bring more, and move the others.
    items: Vec<usize>,
    overlay: Option<Discriminant<OverlayView>>,
    typing: bool,
}

impl View {
    /// Which page it is, regardless of its content.
    pub fn page_kind(&self) -> Discriminant<PageView> {
        std::mem::discriminant(&self.page)
    }
}

pub(super) fn of(cx: &Cx, idle: IdleState) -> View {
    let overlay = overlay::view(cx, idle);
    let page = pages::view(cx);
    let scene = Scene {
        page: cx.visit.page().scene(),
        items: match &page {
            PageView::Form(form) => form.controls(),
            _ => Vec::new(),
        },
        overlay: overlay.as_ref().map(std::mem::discriminant),
        typing: cx.visit.focus.is_some(),
    };
    View {
        language: cx.language(),
        languages: spoken().to_vec(),
        text_size: cx.visit.text_size,
        contrast: cx.visit.contrast,
        header: header(cx),
        bar: bar(cx),
        page,
        keyboard: keyboard::view(&cx.visit, cx.world()),
        overlay,
        scene,
    }
}

fn header(cx: &Cx) -> HeaderView {
    let language = cx.language();
    let local = cx.world().local(cx.now());
    let clock = calendar::clock(local);
    let Some(s) = &cx.world().map else {
        return HeaderView { clock, ..HeaderView::default() };
    };
    let sign = s.venue.level(s.spot.level).short_name.get(language);
    HeaderView {
        mall: s.venue.name().get(language).to_owned(),
        here: language.side_by_side([sign, s.spot.name.get(language)]),
        clock,
        hours: calendar::open_state(language, s.venue.hours(), local).words,
    }
}

fn bar(cx: &Cx) -> BarView {
    let page = cx.visit.page();
    let properties = pages::properties(page);
    BarView {
        back: cx.visit.can_go_back() && properties.leaving != Leaving::NoWayBack,
        home: !matches!(page, Page::Attract | Page::Home),
        language: cx.language().own_name().to_owned(),
        primary: (properties.primary)(cx).map(|action| PrimaryView {
            label: cx.word(action.word),
            ready: action.ready && cx.visit.saving.is_none(),
            place: action.place,
        }),
    }
}
