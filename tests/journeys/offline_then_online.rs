//! Offline first, then online: everything arrives once and unchanged.

use crate::stage::PATIENCE;
use crate::stage::kiosk::Kiosk;
use crate::stage::line::Line;
use crate::stage::mall::{Mall, Sent, at};

use domain::id::KioskNumber;
use domain::language::Language;
use domain::testing::{self, Sample};
use kiosk::outbox::Draft;
use kiosk::sync::LinkState;

/// Submissions from before the enrolment arrive after it.
#[test]
fn submissions_before_enrolment_arrive_after_it() {
    let mall = Mall::open();
    let mut kiosk = Kiosk::new();
    for _ in 0..5 {
        assert_eq!(kiosk.tell().case_number.kiosk(), KioskNumber::NOT_ENROLLED);
    }
    let mut kiosk = kiosk.restart();
    kiosk.tell();
    let (number, code) = mall.expect_kiosk();
    kiosk.go_online(kiosk.settings(mall.address(), &mall, Some(&code)));
    kiosk.drained();
    assert_eq!(kiosk.tell().case_number.kiosk(), number);
    assert!(kiosk.tell().tracking_url.unwrap().starts_with(&format!("https://{}/t/", mall.socket())));
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
}

/// A kiosk that was offline for long sends its backlog in several batches.
#[test]
fn a_long_backlog_goes_in_several_batches() {
    let mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    kiosk.go_offline();
    for _ in 0..450 {
        kiosk.tell();
    }
    let mut kiosk = kiosk.restart();
    kiosk.go_online(kiosk.settings(mall.address(), &mall, None));
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
}

/// A kiosk finds a returning server without any action at the kiosk.
#[test]
fn a_returning_server_is_found() {
    let mut mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    for _ in 0..3 {
        mall.stop();
        kiosk.tell();
        kiosk.until(LinkState::Offline);
        mall.start();
        kiosk.drained();
    }
    mall.has_exactly(number, &kiosk.sent);
}

/// An unstable connection delays submissions, but neither loses nor duplicates them.
#[test]
fn a_flapping_line_only_delays() {
    let mall = Mall::open();
    let line = Line::to(mall.socket());
    let (number, code) = mall.expect_kiosk();
    let mut kiosk = Kiosk::new();
    line.unplug();
    kiosk.go_online(kiosk.settings(at(line.socket()), &mall, Some(&code)));
    kiosk.tell();
    for _ in 0..5 {
        line.plug_in();
        kiosk.tell();
        kiosk.drained();
        line.unplug();
        kiosk.tell();
        kiosk.until(LinkState::Offline);
    }
    line.plug_in();
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
}

/// A kiosk without a server queues submissions and reports that it has none.
#[test]
fn a_kiosk_without_a_server_collects() {
    let mall = Mall::closed();
    let mut kiosk = Kiosk::new();
    let mut settings = kiosk.settings(mall.address(), &mall, None);
    settings.server = None;
    kiosk.go_online(settings);
    assert_eq!(kiosk.sync().status().link, LinkState::NotConfigured);
    kiosk.tell();
    assert!(kiosk.sync().wait(PATIENCE, |status| status.waiting == 1).is_some());
}

/// The check that these tests use detects a missing and a surplus submission.
#[test]
fn these_checks_notice_loss_and_surplus() {
    let mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    kiosk.tell();
    kiosk.tell();
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
    let notices = |sent: &Sent| {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| mall.has_exactly(number, sent))).is_err()
    };
    assert!(notices(&kiosk.sent[..1].to_vec()), "one submission too many");
    let mut other = kiosk.sent.clone();
    other[0].1.language = Language::Ko;
    assert!(notices(&other), "different content");
    kiosk.go_offline();
    kiosk.tell();
    assert!(notices(&kiosk.sent), "one submission is missing");
}

/// No file in the kiosk's folder contains what a visitor typed.
#[test]
fn the_outbox_holds_no_typed_word() {
    let mall = Mall::open();
    let (number, code) = mall.expect_kiosk();
    let mut kiosk = Kiosk::new();
    let canary = "canary-7731 彰莉枋";
    let Sample { language, place, body, contact } = testing::a_complaint(canary);
    let draft = Draft { language, place, body, contact };
    let is_on_the_disk = |kiosk: &Kiosk| {
        let bytes = kiosk.everything_on_its_disk();
        [canary, "canary-7731", "彰莉枋"].iter().any(|words| contains(&bytes, words.as_bytes()))
    };
    let tell = |kiosk: &mut Kiosk| {
        let mut random = rand::rng();
        let identity = kiosk.identity();
        let receipt = kiosk.outbox().queue(&draft, &identity, chrono::Utc::now(), &mut random).unwrap();
        drop(identity);
        kiosk.sent.push((receipt, draft.clone()));
    };
    tell(&mut kiosk);
    assert!(!is_on_the_disk(&kiosk), "in the write-ahead log");
    let mut kiosk = kiosk.restart();
    assert!(!is_on_the_disk(&kiosk), "after a restart");
    kiosk.go_online(kiosk.settings(mall.address(), &mall, Some(&code)));
    kiosk.drained();
    tell(&mut kiosk);
    kiosk.sync().wake();
    kiosk.drained();
    assert!(!is_on_the_disk(&kiosk), "after it was sent");
    mall.has_exactly(number, &kiosk.sent);
    // The same search finds a plain copy.
    std::fs::write(kiosk.folder.path().join("notes"), canary).unwrap();
    assert!(is_on_the_disk(&kiosk));
}

fn contains(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}
