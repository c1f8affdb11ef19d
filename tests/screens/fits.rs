//! Checks that every text fits: none is cut off, shortened, or outside its control or the screen.
//!
//! Every text of the window is a `Voice`. While `Ruler.held` is set, it has a hidden twin at the size that
//! its words need. Positions among other elements are checked from here.

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use kiosk::pages::home::{HomeTile, HomeTouch};
use kiosk::pages::menu::MenuTouch;
use kiosk::view::Contrast;
use screen::ui;
use slint::{ComponentHandle, Model, SharedString, VecModel};

use crate::hands::{Box, box_of, scrolled};
use crate::tours::{Setting, lying, upright};
use crate::visit::Kiosk;

/// Tolerance in pixels: fonts round each glyph, layouts round each box.
const ROUNDING: f32 = 1.5;

fn is_in(inner: Box, outer: Box) -> bool {
    inner.0 >= outer.0 - ROUNDING
        && inner.1 >= outer.1 - ROUNDING
        && inner.2 <= outer.2 + ROUNDING
        && inner.3 <= outer.3 + ROUNDING
}

/// Every text except the one in composition, which takes no room while it is empty.
fn texts(root: ElementQuery) -> Vec<ElementHandle> {
    let composing = |e: &ElementHandle| e.type_name().is_some_and(|name| name == "Composing");
    root.match_inherits("Voice").match_predicate(move |e| !composing(e)).find_all()
}

/// A description of a text that identifies it in a fault message.
fn name(kiosk: &Kiosk, text: &ElementHandle) -> String {
    let own = text.accessible_label().filter(|label| !label.is_empty());
    let at = box_of(text);
    let around =
        || kiosk.controls().iter().find(|c| is_in(at, box_of(c))).and_then(ElementHandle::accessible_label);
    let kind = text.type_name().unwrap_or_default();
    format!("{kind} {:?} at {:.0}, {:.0}", own.or_else(around).unwrap_or_default(), at.0, at.1)
}

/// Faults: texts on this page that are not wholly visible.
pub fn cut(kiosk: &Kiosk, page: &str, (width, height): (u32, u32)) -> Vec<String> {
    let app = kiosk.window.app();
    app.global::<ui::Ruler>().set_held(true);
    let mut faults = Vec::new();
    let areas = scrolled(kiosk);
    let screen = (0.0, 0.0, width as f32, height as f32);
    let all = texts(ElementQuery::from_root(app));
    assert!(!all.is_empty(), "{page} has words");
    for text in &all {
        // Measuring one text may remove another, such as a pager that is no longer needed.
        if !text.is_valid() {
            continue;
        }
        let at = box_of(text);
        let scrolls = areas.iter().any(|(_, inside)| inside.contains(&at));
        match text.query_descendants().match_id("Voice::needed").find_first() {
            Some(needed) => {
                let (has, needs) = (text.size(), needed.size());
                let (w, h) = (needs.width - has.width, needs.height - has.height);
                if w > ROUNDING || h > ROUNDING {
                    faults.push(format!("{page}: {w:.0} × {h:.0} px are missing to {}", name(kiosk, text)));
                }
            }
            // Content that is scrolled almost out of sight may lack its twin.
            None => assert!(scrolls, "{page}: {} is measured", name(kiosk, text)),
        }
        if !scrolls && at.2 > at.0 && !is_in(at, screen) {
            faults.push(format!("{page}: {} leaves the screen", name(kiosk, text)));
        }
    }
    for control in kiosk.controls() {
        // Typed text may be longer than its field, which shows its end.
        if control.accessible_role() == Some(AccessibleRole::TextInput) {
            continue;
        }
        let inside = texts(control.query_descendants());
        for text in inside.iter().filter(|text| text.size().width > 0.0) {
            if !is_in(box_of(text), box_of(&control)) {
                let control = control.accessible_label().unwrap_or_default();
                faults.push(format!("{page}: {} leaves {control:?}", name(kiosk, text)));
            }
        }
    }
    app.global::<ui::Ruler>().set_held(false);
    faults
}

/// Checks a page and, where it scrolls, up to three further screens of it.
pub fn leaf_through(kiosk: &Kiosk, setting: Setting, page: &str) -> Vec<String> {
    let more = kiosk::words::words().get(setting.language, "list.next");
    let mut faults = cut(kiosk, page, setting.shape.1);
    // High contrast changes no layout.
    let leaves = if setting.contrast == Contrast::Normal { 3 } else { 0 };
    for _ in 0..leaves {
        let next = |c: &ElementHandle| {
            c.accessible_label().as_deref() == Some(more.as_str()) && c.accessible_enabled() == Some(true)
        };
        let buttons: Vec<_> = kiosk.controls().into_iter().filter(next).collect();
        if buttons.is_empty() {
            break;
        }
        for button in buttons {
            kiosk.touch_at(crate::visit::middle(&button));
        }
        faults.extend(cut(kiosk, page, setting.shape.1));
    }
    faults
}

/// Visitors who choose the largest text need the labels of the bar most.
#[test]
fn the_bar_keeps_its_words_in_every_size() {
    for setting in upright().into_iter().chain(lying()) {
        let story = move || {
            let kiosk = setting.begin(&mut |_, _| {});
            for key in ["bar.back", "bar.home", "bar.access", "bar.call-staff"] {
                let word = kiosk::words::words().get(setting.language, key);
                let button = kiosk.find(&word).unwrap_or_else(|| panic!("no {word} in the bar"));
                let shown = texts(button.query_descendants()).iter().any(|text| text.size().width > 0.0);
                assert!(shown, "{}: {word} is only an icon", setting.name("home"));
            }
            assert_eq!(
                cut(&kiosk, "home", setting.shape.1),
                Vec::<String>::new(),
                "{}",
                setting.name("home")
            );
        };
        std::thread::spawn(story).join().unwrap();
    }
}

/// Proves that the check can fail: it finds words that are too long for a place of a fixed size, and finds
/// nothing once they fit again.
#[test]
fn words_that_do_not_fit_are_found() {
    let setting = upright()[0];
    let kiosk = setting.begin(&mut |_, _| {});
    kiosk.send(HomeTouch::Tile(HomeTile::TellUs));
    kiosk.send(MenuTouch::Card(crate::pages::FEEDBACK));
    let found = || cut(&kiosk, "feedback", setting.shape.1);
    assert_eq!(found(), Vec::<String>::new());
    let faces = kiosk.window.app().global::<ui::FormAdapter>().get_items().row_data(0).unwrap().names;
    let call = |name: &str| {
        faces.as_any().downcast_ref::<VecModel<_>>().unwrap().set_vec(vec![SharedString::from(name); 5]);
        crate::stage::settle();
    };
    let count = |what: &str| found().iter().filter(|fault| fault.contains(what)).count();
    call("Unbeschreiblichunzufriedenstellend");
    assert_eq!(count("are missing"), 5, "a word is wider than its button: {:#?}", found());
    call("not at all what I came here for, and nobody could tell me why");
    assert_eq!(count("leaves \"not at all"), 5, "lines are too many for their button: {:#?}", found());
    call("Good");
    assert_eq!(found(), Vec::<String>::new());
    kiosk
        .window
        .app()
        .global::<ui::FrameAdapter>()
        .set_clock("half past two in the afternoon, ".repeat(4).into());
    assert!(found().iter().any(|f| f.contains("leaves the screen")), "{:#?}", found());
}
