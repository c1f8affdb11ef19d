//! The attract page: an invitation in every language, while no visitor is there.
//!
//! A touch begins a visit and opens the home page. The page keeps no state: its language and its offset
//! follow from a counter of ticks.

use domain::language::Language;

use crate::calendar;
use crate::effect::Effect;
use crate::pages::rated::FacesView;
use crate::pages::{home, rated};
use crate::view::{MapScene, TextSize};
use crate::visit::cx::Cx;
use crate::visit::page::Page;
use crate::words::{spoken, words};

/// The content of the attract page.
#[derive(Clone, Debug, PartialEq)]
pub struct AttractView {
    /// The mall's name in the language shown now.
    pub mall: String,
    /// One for each language.
    pub invitations: Vec<Invitation>,
    /// What the kiosk offers, in the language shown now.
    pub offers: String,
    /// Until when the mall is open today, in the language shown now.
    pub hours: String,
    /// The faces to rate a visit with, in the language shown now.
    pub faces: FacesView,
    /// An offset that changes once a minute, so that nothing burns into the panel.
    pub shift: u8,
    /// The map of the home page. It is painted in advance, so that the first touch does not show an empty
    /// card.
    pub next_map: Option<MapScene>,
}

/// The ways into a visit in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub language: Language,
    /// `Touch to start`.
    pub start: String,
    /// `Large text`.
    pub large_text: String,
    /// `Call staff`.
    pub call_staff: String,
}

/// A touch on the attract page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttractTouch {
    /// The screen or a language on it was touched.
    Start(Option<Language>),
    /// Begin in this language with the largest text.
    LargeText(Language),
    /// Begin in this language with the page that calls staff.
    CallStaff(Language),
    /// A face, 1 to 5.
    Face(u8),
}

/// A touch begins a visit.
pub fn touch(cx: &mut Cx, touch: AttractTouch) -> Vec<Effect> {
    if *cx.visit.page() != Page::Attract {
        return Vec::new();
    }
    let language = match touch {
        AttractTouch::Start(language) => language,
        AttractTouch::LargeText(language) | AttractTouch::CallStaff(language) => Some(language),
        AttractTouch::Face(_) => Some(shown_now(cx)),
    };
    if let Some(language) = language.filter(|l| spoken().contains(l)) {
        cx.visit.language = language;
    }
    if let AttractTouch::Face(face) = touch {
        return rated::rate(cx, face);
    }
    if let AttractTouch::LargeText(_) = touch {
        cx.visit.text_size = TextSize::ExtraLarge;
    }
    cx.visit.open(Page::Home);
    match touch {
        AttractTouch::CallStaff(_) => cx.go(Page::Help),
        _ => Vec::new(),
    }
}

/// The language of the texts that are not shown in every language.
fn shown_now(cx: &Cx) -> Language {
    let turn = usize::try_from(cx.resting_ticks()).unwrap_or_default();
    spoken()[turn % spoken().len()]
}

/// The languages alternate and the content moves a little, so that nothing burns into the panel.
pub fn view(cx: &Cx) -> AttractView {
    let turn = cx.resting_ticks();
    let language = shown_now(cx);
    let mall = cx.world().venue().map_or_else(String::new, |v| v.name().get(language).to_owned());
    AttractView {
        mall,
        invitations: spoken().iter().map(|language| invitation(*language)).collect(),
        offers: words().get(language, "attract.offers"),
        hours: cx.world().venue().map_or_else(String::new, |venue| {
            calendar::open_state(language, venue.hours(), cx.world().local(cx.now())).words
        }),
        faces: rated::faces(cx, language),
        shift: u8::try_from(turn % 8).unwrap_or_default(),
        next_map: home::map(cx),
    }
}

fn invitation(language: Language) -> Invitation {
    let word = |key: &str| words().get(language, key);
    Invitation {
        language,
        start: word("attract.touch"),
        large_text: word("attract.large-text"),
        call_staff: word("bar.call-staff"),
    }
}
