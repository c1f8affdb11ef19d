//! The line is cut at every place where it can be: nothing is lost, nothing is doubled.

use std::time::{Duration, Instant};

use crate::stage::kiosk::Kiosk;
use crate::stage::line::{Line, Mishap};
use crate::stage::mall::{Mall, at};

const CUTS: [Mishap; 4] = [Mishap::Refused, Mishap::RequestCut, Mishap::ReplyLost, Mishap::ReplyCut];

#[test]
fn a_reply_that_was_lost_leaves_the_item_in_the_outbox_and_the_second_copy_is_no_second_case() {
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
    mall.has_exactly(number, &kiosk.told);
}

#[test]
fn a_line_that_is_cut_again_and_again_neither_loses_nor_doubles() {
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
        mall.has_exactly(number, &kiosk.told);
    }
}

#[test]
fn an_enrolment_whose_reply_was_lost_is_repeated_with_the_same_code() {
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
        mall.has_exactly(number, &kiosk.told);
    }
}

#[test]
fn a_server_that_does_not_answer_keeps_neither_a_visitor_nor_the_end_waiting() {
    let mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    kiosk.go_offline();
    kiosk.tell();
    let line = Line::to(mall.socket());
    line.expect([Mishap::ReplyHeld]);
    kiosk.go_online(kiosk.settings(at(line.socket()), &mall, None));
    assert_eq!(line.happened(), Mishap::ReplyHeld);

    let asked = Instant::now();
    kiosk.tell();
    assert!(
        asked.elapsed() < Duration::from_secs(1),
        "the visitor got a receipt after {:?}",
        asked.elapsed()
    );
    let asked = Instant::now();
    kiosk.go_offline();
    assert!(asked.elapsed() < Duration::from_millis(1500), "it ended after {:?}", asked.elapsed());
    // What belonged to the request does not hold the folder.
    let mut kiosk = kiosk.restart();
    kiosk.go_online(kiosk.settings(mall.address(), &mall, None));
    kiosk.drained();
    mall.has_exactly(number, &kiosk.told);
}

#[test]
fn a_request_without_an_answer_is_given_up_and_sent_again() {
    let mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    kiosk.go_offline();
    kiosk.tell();
    let line = Line::to(mall.socket());
    line.expect([Mishap::ReplyHeld]);
    let mut settings = kiosk.settings(at(line.socket()), &mall, None);
    settings.timeouts.whole = Duration::from_millis(700);
    kiosk.go_online(settings);
    assert_eq!(line.happened(), Mishap::ReplyHeld);
    kiosk.drained();
    mall.has_exactly(number, &kiosk.told);
}
