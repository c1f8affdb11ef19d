//! The attract screen: an invitation in every language, before anything else is asked.

use crate::app::App;
use crate::view::AttractView;
use crate::words::{SPOKEN, words};

/// What it shows. The languages take turns, and the whole moves a little, so that nothing burns in.
pub fn view(app: &App) -> AttractView {
    let turn = app.minutes();
    let language = SPOKEN[usize::try_from(turn).unwrap_or_default() % SPOKEN.len()];
    let mall = app.world.venue().map_or_else(String::new, |v| v.name().get(language).to_owned());
    AttractView {
        mall,
        invitations: SPOKEN.map(|l| (l, words().get(l, "attract.touch"))).to_vec(),
        offers: words().get(language, "attract.offers"),
        shift: u8::try_from(turn % 8).unwrap_or_default(),
    }
}
