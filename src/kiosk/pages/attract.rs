//! The attract screen: an invitation in every language, before anything else is asked.

use domain::language::Language;

use crate::effect::Effect;
use crate::pages::home;
use crate::view::MapScene;
use crate::visit::cx::Cx;
use crate::visit::page::Page;
use crate::words::{spoken, words};

/// Nobody is here.
#[derive(Clone, Debug, PartialEq)]
pub struct AttractView {
    /// The mall's name in the language shown now.
    pub mall: String,
    /// `Touch to start`, in each language, with the language it is in.
    pub invitations: Vec<(Language, String)>,
    /// What can be done here, in a few words, in the language shown now.
    pub offers: String,
    /// Moves by one a minute, so that nothing burns into the panel.
    pub shift: u8,
    /// The map of the home page, to be painted while nobody is here: a touch should not show an empty card.
    pub next_map: Option<MapScene>,
}

/// What can be touched on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttractTouch {
    /// The screen, or a language on it: somebody is here.
    Start(Option<Language>),
}

/// A touch on it begins a visit.
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

/// What it shows. The languages take turns, and the whole moves a little, so that nothing burns in.
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
