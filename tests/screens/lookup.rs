//! Case lookups: the lookup page, the wait, and the case status, in every setting.
//!
//! The replies have the form of the real server's, in the visitor's language, with the content of a long
//! case.

use domain::language::Language;
use domain::wire::{CaseMessage, CasePromise, CaseState, CaseStatus, CaseStep, Side, StepState};
use kiosk::case_lookup::{LookupError, RequestId};
use kiosk::event::{Arrival, Bar, Key, OverlayTouch, Touch};
use kiosk::pages::attract::AttractTouch;
use kiosk::pages::home::{HomeTile, HomeTouch};
use kiosk::pages::menu::MenuTouch;
use kiosk::view::Field;
use screen::ui;
use slint::{ComponentHandle, Model};

use crate::hands::{NORMAL, never_reached};
use crate::pages::type_in;
use crate::stage::{LANDSCAPE, PORTRAIT};
use crate::tours::{Look, Setting, lying, tours, upright};
use crate::visit::{Kiosk, TRACKING};

/// A text of the server in one of the two languages of these tests.
fn words(language: Language, en: &str, zh: &str) -> String {
    if language == Language::En { en.to_owned() } else { zh.to_owned() }
}

/// The status of a complaint that took long and was answered late.
fn status(language: Language) -> Box<CaseStatus> {
    let w = |en, zh| words(language, en, zh);
    let mut status = CaseStatus::default();
    status.state = CaseState::Found;
    status.number = "K3-7QX-41M-D".to_owned();
    status.headline = w("We're finding out what happened", "我们正在了解情况");
    status.about = vec![
        w("Facilities", "设施"),
        w("Escalator E5 at the fountain L2", "喷泉旁自动扶梯 E5 L2"),
        w("Sent on 21 Nov, 10:00", "提交于 11月21日 10:00"),
    ];
    let steps = [
        (w("We've received it", "我们已收到"), StepState::Done),
        (w("We find out what happened", "了解情况"), StepState::Now),
        (w("We put it right", "处理问题"), StepState::Ahead),
        (w("We tell you the result", "告诉您结果"), StepState::Ahead),
        (w("Finished", "完成"), StepState::Ahead),
    ];
    status.steps = steps.into_iter().map(|(label, state)| CaseStep { label, state }).collect();
    let late = w(
        "This is taking longer than we promised. We're sorry. It now has priority.",
        "比我们承诺的时间晚了。很抱歉，我们会优先处理。",
    );
    status.promise = Some(CasePromise { text: late, late: true });
    status.messages = vec![
        CaseMessage {
            who: w("Our answer", "我们的答复"),
            when: w("21 Nov, 15:20", "11月21日 15:20"),
            words: w(
                "Thank you for telling us. A mechanic looked at the escalator this afternoon and has ordered \
                 a part for it. Until it runs again, the lift beside the fountain takes you to every level.",
                "谢谢您告诉我们。维修人员今天下午检查了扶梯，并订购了零件。扶梯恢复之前，请使用喷泉旁的电梯，可到每一层。",
            ),
            side: Side::Us,
        },
        CaseMessage {
            who: w("You added", "您的补充"),
            when: w("21 Nov, 16:05", "11月21日 16:05"),
            words: w("The lift was full three times.", "电梯等了三趟都满员。"),
            side: Side::You,
        },
    ];
    Box::new(status)
}

fn page(kiosk: &Kiosk) -> ui::PageName {
    kiosk.window.app().get_page()
}

/// Goes to the lookup page.
fn open(kiosk: &Kiosk) {
    kiosk.send(HomeTouch::Tile(HomeTile::Services));
    let cards = kiosk.window.app().global::<ui::MenuAdapter>().get_cards().row_count();
    kiosk.send(MenuTouch::Card(cards - 1));
    assert_eq!(page(kiosk), ui::PageName::Lookup);
}

/// Types a valid number and code and starts the lookup, which waits for the test to answer.
fn ask(kiosk: &Kiosk, request: u64) -> RequestId {
    let number = number();
    for (field, text) in [(Field::CaseNumber, number.as_str()), (Field::CaseCode, "7QX4-1MD0")] {
        kiosk.send(Touch::FieldCleared(field));
        kiosk.send(Touch::FieldTapped(field));
        type_in(kiosk, text);
    }
    kiosk.send(Key::Done);
    kiosk.send(Bar::Primary);
    RequestId(request)
}

/// A valid case number.
fn number() -> String {
    use domain::id::{Epoch, KioskNumber, Seq};
    domain::receipt::CaseNumber::new(KioskNumber::new(3).unwrap(), Epoch(1), Seq(7)).to_string()
}

fn token() -> domain::receipt::TrackingToken {
    use rand::SeedableRng as _;
    let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(3);
    let (kiosk, key) = (domain::id::KioskNumber::new(3).unwrap(), domain::receipt::ReceiptKey([3; 32]));
    domain::receipt::TrackingToken::new(kiosk, &key, &mut random)
}

/// Leads a visitor through all pages of a lookup, and calls `look` on each.
fn visit(setting: Setting, look: &mut Look) {
    let kiosk = setting.begin(&mut |_, _| {});
    // The desk is shown once the walking times are computed.
    kiosk.send(HomeTouch::Tile(HomeTile::Places));
    let walked =
        |app: &ui::App| app.global::<ui::FindAdapter>().get_places().iter().any(|p| !p.walk.is_empty());
    kiosk.wait_until("the walking times", walked);
    kiosk.send(Bar::Home);
    open(&kiosk);
    look(&kiosk, "lookup");
    kiosk.send(Touch::FieldTapped(Field::CaseNumber));
    type_in(&kiosk, "K3-7QX");
    look(&kiosk, "lookup-typing");
    kiosk.send(Key::Done);
    look(&kiosk, "lookup-wrong");
    kiosk.send(Bar::Primary);
    look(&kiosk, "lookup-wrong-typing");
    let request = ask(&kiosk, 1);
    assert_eq!(page(&kiosk), ui::PageName::CaseStatus);
    look(&kiosk, "case-status-moment");
    kiosk.send(Arrival::CaseStatusArrived(request, Err(LookupError::NoNetwork)));
    look(&kiosk, "lookup-no-network");
    let request = ask(&kiosk, 2);
    let wait = std::time::Duration::from_secs(12 * 60);
    kiosk.send(Arrival::CaseStatusArrived(request, Err(LookupError::TooMany(wait))));
    look(&kiosk, "lookup-too-many");
    let request = ask(&kiosk, 3);
    kiosk.send(Arrival::CaseStatusArrived(request, Err(LookupError::Unknown)));
    look(&kiosk, "lookup-unknown");
    let request = ask(&kiosk, 4);
    kiosk.send(Arrival::CaseStatusArrived(request, Ok(status(setting.language))));
    look(&kiosk, "case-status");
}

/// Every target is large enough for a finger, and no text is cut.
#[test]
fn lookup_pages_fit_an_upright_panel() {
    tours(upright(), visit);
}

/// Every target is large enough for a finger, and no text is cut.
#[test]
fn lookup_pages_fit_a_lying_panel() {
    tours(lying(), visit);
}

#[test]
fn tab_reaches_every_control_of_lookup() {
    let mut missed = Vec::new();
    visit(NORMAL, &mut |kiosk, page| {
        missed.extend(never_reached(kiosk).into_iter().map(|label| format!("{page}: {label}")));
    });
    assert!(missed.is_empty(), "{missed:#?}");
}

/// A scanner's input starts a lookup without a touch; nothing of it remains afterwards.
#[test]
fn a_scanner_is_heard_without_a_touch() {
    for size in [PORTRAIT, LANDSCAPE] {
        let story = move || {
            let kiosk = Kiosk::start(size);
            kiosk.send(AttractTouch::Start(Some(Language::En)));
            open(&kiosk);
            for c in format!("{TRACKING}{}", token()).chars() {
                kiosk.press(c);
            }
            kiosk.press(slint::platform::Key::Return);
            assert_eq!(page(&kiosk), ui::PageName::CaseStatus);
            kiosk.send(Arrival::CaseStatusArrived(RequestId(1), Ok(status(Language::En))));
            let adapter = kiosk.window.app().global::<ui::CaseStatusAdapter>();
            assert_eq!(adapter.get_number(), "K3-7QX-41M-D");
            assert_eq!(adapter.get_messages().row_count(), 2);
            kiosk.send(OverlayTouch::Finish);
            assert_eq!((adapter.get_number(), adapter.get_title()), Default::default());
            assert_eq!(adapter.get_messages().row_count() + adapter.get_steps().row_count(), 0);
            let fields = kiosk.window.app().global::<ui::LookupAdapter>();
            assert_eq!((fields.get_number().before, fields.get_code().before), Default::default());
        };
        std::thread::spawn(story).join().unwrap();
    }
}

/// A hardware keyboard suffices from the number to the code and to the result.
#[test]
fn a_real_keyboard_completes_a_lookup() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.send(AttractTouch::Start(Some(Language::En)));
    open(&kiosk);
    kiosk.touch("Case number");
    for text in [number().as_str(), "7qx4-1md0"] {
        assert_eq!(page(&kiosk), ui::PageName::Lookup);
        text.chars().for_each(|c| kiosk.press(c));
        kiosk.press(slint::platform::Key::Return);
    }
    assert_eq!(page(&kiosk), ui::PageName::CaseStatus);
}

#[test]
fn the_code_keyboard_has_letters_and_digits() {
    let kiosk = Kiosk::start(PORTRAIT);
    kiosk.send(AttractTouch::Start(Some(Language::En)));
    open(&kiosk);
    kiosk.touch("Case number");
    for c in number().chars() {
        kiosk.touch(&c.to_string());
    }
    let fields = kiosk.window.app().global::<ui::LookupAdapter>();
    assert_eq!(fields.get_number().before, number());
    kiosk.touch("Done");
    assert_eq!(fields.get_number().error, "");
    kiosk.touch("Back");
    assert_eq!(page(&kiosk), ui::PageName::Menu);
}
