//! Every step of every built-in form, empty and answered, in each language, text size and orientation.

use domain::form::{Form, FormCatalog};
use domain::kind::Kind;
use domain::language::Language;
use kiosk::event::{Bar, Touch};
use kiosk::pages::form::FormTouch;
use kiosk::pages::home::{HomeTile, HomeTouch};
use kiosk::pages::menu::MenuTouch;
use kiosk::pages::review::ReviewTouch;
use kiosk::view::Contrast;
use screen::ui;
use slint::{ComponentHandle, Model};

use crate::pages::{pick, type_in};
use crate::tours::{Look, Setting, lying, tours, upright};
use crate::visit::Kiosk;

fn is_form(kiosk: &Kiosk) -> bool {
    kiosk.window.app().get_page() == ui::PageName::Form
}

fn parts(kiosk: &Kiosk) -> Vec<ui::FormItem> {
    kiosk.window.app().global::<ui::FormAdapter>().get_items().iter().collect()
}

/// Touches the last answer of each part, because it leads to the most questions.
fn answer(kiosk: &Kiosk) {
    let page = kiosk.window.app().global::<ui::FormAdapter>();
    if page.get_asks_place() {
        kiosk.send(FormTouch::PlaceUnknown);
        return;
    }
    let mut at = 0;
    while let Some(part) = parts(kiosk).get(at) {
        let chosen = part.chips.iter().any(|c| c.chosen) || part.cards.iter().any(|c| c.chosen);
        let many = part.chips.row_count().max(part.cards.row_count());
        match part.kind {
            ui::FormItemKind::Faces if part.value == 0 => kiosk.send(pick(at, 2)),
            ui::FormItemKind::Scale if part.value < 0 => kiosk.send(pick(at, 3)),
            ui::FormItemKind::Cards | ui::FormItemKind::Chips if !chosen => kiosk.send(pick(at, many - 1)),
            ui::FormItemKind::Contact if part.value == 0 => kiosk.send(pick(at, 0)),
            _ => {}
        }
        at += 1;
    }
}

/// Types into the fields of a step, one after the other.
fn write(kiosk: &Kiosk, look: &mut Look, step: &str) {
    let empty = |part: &ui::FormItem| part.kind == ui::FormItemKind::Text && part.field.before.is_empty();
    while let Some(at) = parts(kiosk).iter().position(empty) {
        kiosk.window.app().global::<ui::FormAdapter>().invoke_tapped(i32::try_from(at).unwrap(), 0);
        type_in(kiosk, "黑色，有一个红色的挂件 black with a red tag");
        look(kiosk, &format!("{step}-typing-{at}"));
        kiosk.send(kiosk::event::Key::Done);
    }
    if parts(kiosk).iter().any(|part| part.fields.row_count() > 0) {
        kiosk.send(Touch::FieldTapped(kiosk::view::Field::Phone));
        type_in(kiosk, "13800001234");
        kiosk.send(kiosk::event::Key::Done);
    }
}

/// Answers the step on the screen, and goes on if the answer did not.
fn fill_step(kiosk: &Kiosk, look: &mut Look, step: &str) {
    let words = || kiosk.window.app().global::<ui::FormAdapter>().get_title();
    look(kiosk, step);
    let asked = words();
    answer(kiosk);
    if !is_form(kiosk) || words() != asked {
        return;
    }
    write(kiosk, look, step);
    look(kiosk, &format!("{step}-answered"));
    kiosk.send(Bar::Primary);
}

/// Fills in one form, from its card in the menu to its review, and all that the review offers to add.
fn fill(kiosk: &Kiosk, language: Language, form: &Form, look: &mut Look) {
    let services = [Kind::ServiceRequest, Kind::LostItem, Kind::FoundItem].contains(&form.kind);
    let tile = if services { HomeTile::Services } else { HomeTile::TellUs };
    kiosk.send(HomeTouch::Tile(tile));
    let title = form.title.text(language);
    let cards = kiosk.window.app().global::<ui::MenuAdapter>().get_cards();
    kiosk.send(MenuTouch::Card(cards.iter().position(|card| card.title == title.as_str()).unwrap()));
    // The form before was begun and not sent; without it there is no dialog to answer.
    kiosk.send(kiosk::event::OverlayTouch::Discard);
    assert!(is_form(kiosk), "{} does not open", form.id);
    let additions = || kiosk.window.app().global::<ui::ReviewAdapter>().get_additions().row_count();
    let mut n = 0;
    while is_form(kiosk) || additions() > 0 {
        n += 1;
        assert!(n <= 2 * form.steps.len(), "{} was filled in and does not come to its end", form.id);
        if !is_form(kiosk) {
            kiosk.send(ReviewTouch::Add(0));
        }
        fill_step(kiosk, look, &format!("form-{}-{n}", form.id));
    }
    look(kiosk, &format!("form-{}-review", form.id));
    kiosk.send(Bar::Home);
}

/// Fills in every built-in form.
fn visit(setting: Setting, look: &mut Look) {
    let kiosk = setting.begin(&mut |_, _| {});
    for form in FormCatalog::shipped().offered() {
        fill(&kiosk, setting.language, form, look);
    }
}

/// The settings without high contrast: the visit to all pages covers colours.
fn plain(mut settings: Vec<Setting>) -> Vec<Setting> {
    settings.retain(|setting| setting.contrast == Contrast::Normal);
    settings
}

/// Every target is large enough for a finger, and no text is cut.
#[test]
fn every_form_step_fits_an_upright_panel() {
    tours(plain(upright()), visit);
}

/// Every target is large enough for a finger, and no text is cut.
#[test]
fn every_form_step_fits_a_lying_panel() {
    tours(plain(lying()), visit);
}
