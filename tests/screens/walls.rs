//! An overlay is a wall, and no touch lands twice: shown with a pointer that moves, presses, drifts and
//! releases, as a touch driver that emulates a pointer does.

use std::time::Duration;

use i_slint_backend_testing::ElementHandle;
use rand::rngs::ChaCha20Rng;
use rand::{RngExt as _, SeedableRng as _};
use screen::theme::Panel;
use screen::ui;
use slint::platform::{Key, PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition};

use crate::hands::NORMAL;
use crate::pages::visit;
use crate::stage::{self, PORTRAIT};
use crate::tours::{Setting, lying, upright};
use crate::visit::{Kiosk, middle};

/// Everything that a visitor can perceive: page, overlay, and every label, value and state.
fn perceived(kiosk: &Kiosk) -> Vec<String> {
    let app = kiosk.window.app();
    let overlay = app.global::<ui::OverlayAdapter>().get_overlay();
    let line = |e: &ElementHandle| {
        format!("{:?} {:?} {:?}", e.accessible_label(), e.accessible_value(), e.accessible_checked())
    };
    // A step of a form, and another destination, are changes of the screen too.
    let step = app.global::<ui::FormAdapter>().get_progress().step;
    let name = app.global::<ui::RouteAdapter>().get_name();
    let head = format!("{:?} {overlay:?} {step} {name}", app.get_page());
    std::iter::once(head).chain(kiosk.controls().iter().map(line)).collect()
}

fn warned(app: &ui::App) -> bool {
    app.global::<ui::OverlayAdapter>().get_overlay() == ui::OverlayName::Inactivity
}

fn word(key: &str) -> String {
    kiosk::words::words().get(NORMAL.language, key)
}

/// Passes over the screen, presses, drifts and releases, at places where the page has its controls.
fn poke(kiosk: &Kiosk, at: &[LogicalPosition]) {
    let window = kiosk.window.app().window();
    let button = PointerEventButton::Left;
    for position in at {
        for step in 1..=4 {
            let part = step as f32 / 4.0;
            let position = LogicalPosition::new(position.x * part, position.y * part);
            window.dispatch_event(WindowEvent::PointerMoved { position });
        }
        window.dispatch_event(WindowEvent::PointerPressed { position: *position, button });
        let position = LogicalPosition::new(position.x + 8.0, position.y);
        window.dispatch_event(WindowEvent::PointerMoved { position });
        window.dispatch_event(WindowEvent::PointerScrolled { position, delta_x: 0.0, delta_y: -90.0 });
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
        window.dispatch_event(WindowEvent::PointerExited);
    }
    stage::settle();
}

/// Whether a point lies on a control of the dialog or beside the dialog, where a touch is an answer.
fn answers(kiosk: &Kiosk, at: LogicalPosition) -> bool {
    let inside = |e: &ElementHandle, reach: f32| {
        let (from, size) = (e.absolute_position(), e.size());
        (from.x - reach..from.x + size.width + 1.0).contains(&at.x)
            && (from.y..from.y + size.height).contains(&at.y)
    };
    let on_dialog =
        ElementHandle::find_by_element_type_name(kiosk.window.app(), "Card").any(|e| inside(&e, 0.0));
    !on_dialog || kiosk.controls().iter().any(|e| inside(e, 9.0))
}

/// On every page: the warning keeps every touch, movement and key from the page, and both answers work.
#[test]
fn the_warning_is_a_wall_on_every_page() {
    let (mut faults, mut pokes) = (Vec::new(), 0);
    visit(NORMAL, &mut |kiosk, page| {
        let app = kiosk.window.app();
        // These pages count down themselves, without a warning: nothing is lost with them.
        if matches!(page, "attract" | "farewell" | "rated")
            || app.global::<ui::OverlayAdapter>().get_overlay() != ui::OverlayName::None
        {
            return;
        }
        let before = perceived(kiosk);
        let at: Vec<_> = kiosk.controls().iter().map(middle).collect();
        kiosk.pass_until("the warning", warned);
        let names: Vec<_> = kiosk.controls().iter().filter_map(ElementHandle::accessible_label).collect();
        if names.len() != 2 {
            faults.push(format!("{page}: beside the two answers stand {names:?}"));
        }
        let beneath: Vec<_> = at.into_iter().filter(|at| !answers(kiosk, *at)).collect();
        pokes += beneath.len();
        poke(kiosk, &beneath);
        for key in [Key::Tab, Key::UpArrow, Key::DownArrow, Key::LeftArrow, Key::RightArrow] {
            kiosk.press(key);
        }
        if !warned(app) {
            faults.push(format!("{page}: something closed the warning"));
            return;
        }
        kiosk.touch(&word("idle.stay"));
        if perceived(kiosk) != before {
            faults.push(format!("{page}: it is not as it was"));
        }
    });
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(pokes > 0, "no control lay beneath the dialog");
}

#[test]
fn finish_ends_the_visit_by_pointer_and_key() {
    for by_key in [false, true] {
        let story = move || {
            let kiosk = Kiosk::start(PORTRAIT);
            kiosk.touch(&word("attract.touch"));
            kiosk.pass_until("the warning", warned);
            if by_key {
                // The first Tab goes from the safe answer to the other one.
                kiosk.press(Key::Tab);
                kiosk.press(Key::Return);
            } else {
                kiosk.touch(&word("idle.finish"));
            }
            assert_eq!(kiosk.window.app().get_page(), ui::PageName::Attract, "by key: {by_key}");
        };
        std::thread::spawn(story).join().unwrap();
    }
}

/// A finger that is down when the warning appears does not press what is beneath.
#[test]
fn a_press_from_before_the_warning_is_dropped() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.touch(&word("attract.touch"));
    let tile = middle(&kiosk.find(&word("tile.tell-us")).unwrap());
    for second in 0..400 {
        if warned(kiosk.window.app()) {
            break;
        }
        if second == 44 {
            let window = kiosk.window.app().window();
            window.dispatch_event(WindowEvent::PointerPressed {
                position: tile,
                button: PointerEventButton::Left,
            });
        }
        kiosk.pass(1);
    }
    let window = kiosk.window.app().window();
    window.dispatch_event(WindowEvent::PointerReleased { position: tile, button: PointerEventButton::Left });
    stage::settle();
    assert!(warned(kiosk.window.app()) && kiosk.window.app().get_page() == ui::PageName::Home);
}

/// Touches beside the dialog mean "stay".
#[test]
fn a_touch_beside_the_warning_stays() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.touch(&word("attract.touch"));
    kiosk.pass_until("the warning", warned);
    kiosk.touch_at(LogicalPosition::new(20.0, 20.0));
    assert!(!warned(kiosk.window.app()) && kiosk.window.app().get_page() == ui::PageName::Home);
}

/// A visitor who touches at random, each time twice.
struct Trembling {
    kiosk: Kiosk,
    random: ChaCha20Rng,
    /// The time between the two touches.
    between: Duration,
}

impl Trembling {
    /// Touches one control twice. Returns what the second touch did, if the first one changed the screen.
    fn touch(&mut self) -> Option<Vec<String>> {
        let kiosk = &self.kiosk;
        let controls: Vec<_> =
            kiosk.controls().into_iter().filter(|e| e.accessible_enabled() != Some(false)).collect();
        let at = middle(&controls[self.random.random_range(0..controls.len())]);
        let name = perceived(kiosk)[0].clone();
        kiosk.tap(at);
        i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(20));
        kiosk.window.pump();
        let after = perceived(kiosk);
        if after[0] == name {
            stage::settle();
            return None;
        }
        i_slint_backend_testing::mock_elapsed_time(self.between - Duration::from_millis(20));
        let drift = 8.0 * Panel::default().px_per_mm;
        let angle: f32 = self.random.random_range(0.0..std::f32::consts::TAU);
        kiosk.tap(LogicalPosition::new(at.x + drift * angle.cos(), at.y + drift * angle.sin()));
        i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(20));
        let again = perceived(kiosk);
        stage::settle();
        if again == after { None } else { Some([after[0].clone(), again[0].clone()].to_vec()) }
    }
}

/// The changes that second touches caused, over many touches of a visitor with this seed, who begins with this
/// setting.
fn second_touches(seed: u64, setting: Setting, between: Duration) -> Vec<Vec<String>> {
    let walk = move || {
        let kiosk = setting.begin(&mut |_, _| {});
        let mut visitor = Trembling { kiosk, random: ChaCha20Rng::seed_from_u64(seed), between };
        (0..40).filter_map(|_| visitor.touch()).collect()
    };
    std::thread::spawn(walk).join().unwrap()
}

/// In each language, text size and orientation.
#[test]
fn a_second_touch_never_lands_on_another_page() {
    let mut settings = upright();
    settings.extend(lying());
    for (seed, setting) in (1..).zip(settings) {
        let caused = second_touches(seed, setting, Duration::from_millis(180));
        assert!(caused.is_empty(), "seed {seed}: {caused:#?}");
    }
}

/// The negative control: a touch after the deaf time does land.
#[test]
fn a_later_touch_does_land() {
    assert!(!second_touches(1, NORMAL, Duration::from_millis(1500)).is_empty());
}

/// The buttons that end, send and check never follow each other at one place.
#[test]
fn done_send_and_check_stand_apart() {
    let mut places = Vec::new();
    visit(NORMAL, &mut |kiosk, page| {
        let label = match page {
            "complaint-story" => word("form.to-review"),
            "review" => word("review.send"),
            "thanks" => word("thanks.done"),
            "farewell" => word("farewell.clear"),
            _ => return,
        };
        let button = kiosk.find(&label).unwrap_or_else(|| panic!("no {label} on {page}"));
        let (at, size) = (button.absolute_position(), button.size());
        places.push((page.to_owned(), at.x..at.x + size.width, at.y..at.y + size.height));
    });
    assert_eq!(places.len(), 4);
    for pair in places.windows(2) {
        let [(one, _, a), (other, _, b)] = pair else { unreachable!() };
        assert!(a.end <= b.start || b.end <= a.start, "{one} and {other} stand at one height");
    }
}
