//! The attract page: an invitation in every language, while no visitor is there.
//!
//! A touch begins a visit and opens the home page. The page keeps no state: its language and its offset
//! follow from a counter of ticks.

use domain::language::Language;

use crate::effect::Effect;
use crate::pages::home;
use crate::view::MapScene;
use crate::visit::cx::Cx;
use crate::visit::page::Page;
use crate::words::{spoken, words};

/// The content of the attract page.
#[derive(Clone, Debug, PartialEq)]
pub struct AttractView {
    /// The mall's name in the language shown now.
    pub mall: String,
    /// `Touch to start` in each language.
    pub invitations: Vec<(Language, String)>,
    /// What the kiosk offers, in the language shown now.
    pub offers: String,
    /// An offset that changes once a minute, so that nothing burns into the panel.
    pub shift: u8,
    /// The map of the home page. It is painted in advance, so that the first touch does not show an empty
    /// card.
    pub next_map: Option<MapScene>,
}

/// A touch on the attract page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttractTouch {
    /// The screen or a language on it was touched.
    Start(Option<Language>),
}

/// A touch begins a visit.
pub fn touch(cx: &mut Cx, touch: AttractTouch) -> Vec<Effect> {
    let AttractTouch::Start(language) = touch;
    if *cx.visit.page() == Page::Attract {
        if let Some(language) = language.filter(|l| spoken().contains(l)) {
            cx.visit.language = language;
        }
        cx.visit.open(Page::Home);
    }
    Vec::new()
}

/// The languages alternate and the content moves a little, so that nothing burns into the panel.
pub fn view(cx: &Cx) -> AttractView {
    let turn = cx.resting_ticks();
    let language = spoken()[usize::try_from(turn).unwrap_or_default() % spoken().len()];
    let mall = cx.world().venue().map_or_else(String::new, |v| v.name().get(language).to_owned());
    AttractView {
        mall,
        invitations: spoken().iter().map(|l| (*l, words().get(*l, "attract.touch"))).collect(),
        offers: words().get(language, "attract.offers"),
        shift: u8::try_from(turn % 8).unwrap_or_default(),
        next_map: home::map(cx),
    }
}
