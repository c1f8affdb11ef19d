//! The connection is cut at every point where it can be: nothing is lost, nothing is duplicated.

use std::time::Duration;

use kiosk::net::Timeouts;

use crate::stage::kiosk::Kiosk;
use crate::stage::line::{Line, Mishap};
use crate::stage::mall::{Mall, at};

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

const CUTS: [Mishap; 4] = [Mishap::Refused, Mishap::RequestCut, Mishap::ReplyLost, Mishap::ReplyCut];

/// A lost reply leaves the item in the outbox; the second copy does not become a second case.
#[test]
fn a_lost_reply_makes_no_second_case() {
    let mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    kiosk.go_offline();
    for _ in 0..3 {
        kiosk.tell();
    }
    let line = Line::to(mall.socket());
    line.expect_the_last(Mishap::ReplyLost);
    kiosk.go_online(kiosk.settings(at(line.socket()), &mall, None));
    assert_eq!(line.happened(), Mishap::ReplyLost);
    assert_eq!(mall.count(number), 3, "the server has them");
    assert_eq!(kiosk.outbox().waiting().unwrap(), 3, "and the kiosk does not know");
    line.plug_in();
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
}

/// A connection that is cut repeatedly neither loses nor duplicates submissions.
#[test]
fn a_cut_line_loses_and_doubles_nothing() {
    let mall = Mall::open();
    for cut in CUTS {
        let (mut kiosk, number) = Kiosk::at_home(&mall);
        kiosk.go_offline();
        kiosk.tell();
        kiosk.tell();
        let line = Line::to(mall.socket());
        line.expect([cut; 4]);
        kiosk.go_online(kiosk.settings(at(line.socket()), &mall, None));
        for _ in 0..4 {
            assert_eq!(line.happened(), cut);
            kiosk.tell();
        }
        kiosk.drained();
        mall.has_exactly(number, &kiosk.sent);
    }
}

/// An enrolment whose reply is lost is repeated with the same enrolment code.
#[test]
fn a_lost_enrolment_reply_is_repeated() {
    let mall = Mall::open();
    for cut in CUTS {
        let line = Line::to(mall.socket());
        let (number, code) = mall.expect_kiosk();
        let mut kiosk = Kiosk::new();
        kiosk.tell();
        line.expect([cut; 2]);
        kiosk.go_online(kiosk.settings(at(line.socket()), &mall, Some(&code)));
        assert_eq!([line.happened(), line.happened()], [cut; 2]);
        kiosk.drained();
        assert_eq!(kiosk.identity().kiosk(), number);
        kiosk.tell();
        kiosk.drained();
        mall.has_exactly(number, &kiosk.sent);
    }
}

/// A server that does not answer delays neither a visitor nor the shutdown of the kiosk.
#[test]
fn a_silent_server_keeps_nobody_waiting() {
    let mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    kiosk.go_offline();
    kiosk.tell();
    let line = Line::to(mall.socket());
    line.expect([Mishap::ReplyHeld]);
    let mut settings = kiosk.settings(at(line.socket()), &mall, None);
    settings.timeouts = Timeouts { connect: A_DAY, total: A_DAY };
    kiosk.go_online(settings);
    assert_eq!(line.happened(), Mishap::ReplyHeld);

    kiosk.tell();
    assert!(!line.is_released(), "the visitor got a receipt without waiting for the server");
    // Waits for the thread, which is still sending.
    kiosk.go_offline();
    line.until_released();
    let mut kiosk = kiosk.restart();
    kiosk.go_online(kiosk.settings(mall.address(), &mall, None));
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
}

/// A request without a reply times out and is sent again.
#[test]
fn an_unanswered_request_is_sent_again() {
    let mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    kiosk.go_offline();
    kiosk.tell();
    let line = Line::to(mall.socket());
    line.expect([Mishap::ReplyHeld]);
    let mut settings = kiosk.settings(at(line.socket()), &mall, None);
    settings.timeouts.total = Duration::from_millis(700);
    kiosk.go_online(settings);
    assert_eq!(line.happened(), Mishap::ReplyHeld);
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
}
