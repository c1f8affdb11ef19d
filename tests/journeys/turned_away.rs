//! The server refuses the kiosk: it does not know it, or has revoked it. The kiosk keeps queuing submissions,
//! and after a new enrolment everything arrives.

use crate::stage::kiosk::Kiosk;
use crate::stage::mall::Mall;

use kiosk::sync::LinkState;

/// A wrong token loses nothing, and a new enrolment code repairs it.
#[test]
fn a_new_code_mends_a_wrong_token() {
    let mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    let right = kiosk.identity().token().unwrap().0.clone();
    kiosk.go_offline();
    let file = kiosk.folder.path().join("identity.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace(&right, &"A".repeat(right.len()))).unwrap();
    let mut kiosk = kiosk.restart();

    kiosk.tell();
    kiosk.go_online(kiosk.settings(mall.address(), &mall, None));
    kiosk.until(LinkState::Refused);
    kiosk.tell();
    assert_eq!((mall.count(number), kiosk.outbox().waiting().unwrap()), (0, 2));

    let mut kiosk = kiosk.restart();
    let code = mall.renew_code(number);
    kiosk.go_online(kiosk.settings(mall.address(), &mall, Some(&code)));
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
}

/// A revoked kiosk keeps queuing submissions and sends nothing until it is enrolled again.
#[test]
fn a_revoked_kiosk_collects_until_enrolled_again() {
    let mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    kiosk.tell();
    kiosk.drained();
    assert!(mall.admin().revoke_kiosk(number).unwrap());
    for _ in 0..3 {
        kiosk.tell();
    }
    kiosk.until(LinkState::Refused);
    assert_eq!((mall.count(number), kiosk.outbox().waiting().unwrap()), (1, 3));

    let mut kiosk = kiosk.restart();
    let code = mall.renew_code(number);
    kiosk.go_online(kiosk.settings(mall.address(), &mall, Some(&code)));
    kiosk.drained();
    assert_eq!(kiosk.identity().kiosk(), number);
    mall.has_exactly(number, &kiosk.sent);
}

/// The server gets another name in the town, and no kiosk has to be enrolled again.
#[test]
fn receipts_lead_to_where_the_server_moved() {
    let mut mall = Mall::open();
    let (mut kiosk, _) = Kiosk::at_home(&mall);
    let before = kiosk.tell().tracking_url.unwrap();
    mall.moves_to("https://feedback.mall.example");
    kiosk.drained();
    let moved = kiosk.tell().tracking_url.unwrap();
    assert!(!before.starts_with("https://feedback"), "{before}");
    assert!(moved.starts_with("https://feedback.mall.example/t/"), "{moved}");
    kiosk.drained();
    let mut kiosk = kiosk.restart();
    assert_eq!(kiosk.identity().public_url(), Some("https://feedback.mall.example"));
    let later = kiosk.tell().tracking_url.unwrap();
    assert!(later.starts_with("https://feedback.mall.example/t/"), "{later}");
}

/// An enrolment code that is wrong or used up changes nothing.
#[test]
fn a_useless_code_changes_nothing() {
    let mall = Mall::open();
    let (number, code) = mall.expect_kiosk();
    let mut first = Kiosk::new();
    first.go_online(first.settings(mall.address(), &mall, Some(&code)));
    first.drained();
    for wrong in [code.as_str(), "0000-0000-0000-0000", "no code at all"] {
        let mut second = Kiosk::new();
        second.tell();
        second.go_online(second.settings(mall.address(), &mall, Some(wrong)));
        second.until(LinkState::Refused);
        assert_eq!(second.outbox().waiting().unwrap(), 1);
        assert!(second.identity().token().is_none());
    }
    assert_eq!(mall.count(number), 0);
}

/// A kiosk with a new disk keeps its number.
#[test]
fn a_new_disk_keeps_the_kiosk_number() {
    let mall = Mall::open();
    let (mut old, number) = Kiosk::at_home(&mall);
    old.tell();
    old.tell();
    old.drained();
    let mut submissions = std::mem::take(&mut old.sent);
    drop(old);

    let mut new = Kiosk::new();
    new.tell();
    let code = mall.renew_code(number);
    new.go_online(new.settings(mall.address(), &mall, Some(&code)));
    new.drained();
    assert_eq!(new.identity().kiosk(), number);
    new.tell();
    new.tell();
    new.drained();
    submissions.append(&mut new.sent);
    mall.has_exactly(number, &submissions);
}
