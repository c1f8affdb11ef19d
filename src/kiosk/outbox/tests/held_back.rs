//! What is in quarantine comes out when the reason has gone away.

use chrono::TimeDelta;

use super::*;

fn with_two_in_quarantine() -> (Kiosk, Outbox, Vec<SealedItem>) {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    kiosk.queue(&mut outbox);
    let items = everything(&outbox);
    for item in &items {
        outbox.quarantine(item.id, "refused", noon(), noon()).unwrap();
    }
    (kiosk, outbox, items)
}

#[test]
fn those_that_come_alone_take_turns_however_often_each_was_refused_before() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    kiosk.queue(&mut outbox);
    let [new, old] = [0, 1].map(|n| everything(&outbox)[n].id);
    for _ in 0..5 {
        outbox.refused(old, Count::AgainstTheServer).unwrap();
    }
    outbox.refused(new, Count::AgainstIt).unwrap();
    let turns = [(); 4].map(|()| {
        let next = suspect(&outbox).unwrap().id;
        outbox.refused(next, Count::AgainstIt).unwrap();
        next
    });
    assert_eq!(turns, [old, new, old, new]);
}

#[test]
fn staff_can_ask_for_it_once() {
    let (_kiosk, mut outbox, items) = with_two_in_quarantine();
    let asked = News { retries_asked: 1, ..News::at(noon()) };
    assert_eq!(outbox.settle(&[], &asked, noon()).unwrap().released, 2);
    assert_eq!(suspect(&outbox).unwrap().id, items[0].id, "each of them alone");
    outbox.quarantine(items[0].id, "refused", noon(), noon()).unwrap();
    assert_eq!(outbox.settle(&[], &asked, noon()).unwrap().released, 0, "the same wish is obeyed once");
}

#[test]
fn it_is_tried_again_by_itself_less_and_less_often() {
    let (_kiosk, mut outbox, items) = with_two_in_quarantine();
    let mut at = noon();
    for hours in [1, 2, 4, 8, 16, 24, 24] {
        let news = News::at(at + TimeDelta::hours(hours) - TimeDelta::seconds(1));
        assert_eq!(outbox.settle(&[], &news, noon()).unwrap().released, 0, "{hours}");
        at += TimeDelta::hours(hours);
        assert_eq!(outbox.settle(&[], &News::at(at), noon()).unwrap().released, 2, "{hours}");
        for item in &items {
            outbox.quarantine(item.id, "refused", at, noon()).unwrap();
        }
    }
}

#[test]
fn what_is_larger_than_the_server_takes_is_not_sent_until_it_takes_larger_ones() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    let size = everything(&outbox)[0].sealed.0.len();
    let limit = |max_item_bytes| News {
        limits: Some(Limits { max_item_bytes, ..Limits::default() }),
        ..News::at(noon())
    };
    assert_eq!(outbox.settle(&[], &limit(size - 1), noon()).unwrap().quarantined, 1);
    assert!(everything(&outbox).is_empty());
    assert_eq!(outbox.settle(&[], &limit(size - 1), noon()).unwrap().released, 0);
    assert_eq!(outbox.settle(&[], &limit(size), noon()).unwrap().released, 1);
    assert_eq!(everything(&outbox).len(), 1);
}

#[test]
fn what_was_too_large_travels_with_the_others_when_the_server_takes_larger_ones() {
    let mut kiosk = Kiosk::enrolled();
    let (mut outbox, _) = kiosk.open();
    kiosk.queue(&mut outbox);
    kiosk.queue(&mut outbox);
    let items = everything(&outbox);
    let news = |max_item_bytes| News {
        limits: Some(Limits { max_item_bytes, ..Limits::default() }),
        ..News::at(noon())
    };
    outbox.settle(&[answer(&items[0], ItemStatus::Rejected)], &news(64 * 1024), noon()).unwrap();
    let settlement = outbox.settle(&[], &news(10), noon()).unwrap();
    assert_eq!((settlement.quarantined, outbox.waiting().unwrap()), (1, 0));
    outbox.settle(&[], &news(64 * 1024), noon()).unwrap();
    assert_eq!(outbox.waiting_by_turn().unwrap(), Waiting { fresh: 1, suspect: 0 });
    // What was refused for something else may be refused again.
    outbox.settle(&[], &news(65 * 1024), noon()).unwrap();
    assert_eq!(suspect(&outbox).unwrap().id, items[0].id);
}

#[test]
fn a_report_names_what_is_held_back_and_what_went_wrong_and_no_word_of_a_visitor() {
    let (_kiosk, mut outbox, items) = with_two_in_quarantine();
    outbox.raise_alarm(&Error::Damaged("a page".to_owned()), noon());
    outbox.raise_alarm(&Error::Damaged("a page".to_owned()), noon());
    let report = outbox.report("1.0");
    assert_eq!((report.quarantined, report.first_quarantined[1].id), (2, items[1].id));
    assert_eq!((report.alarms[0].code.as_str(), report.alarms[0].times), ("outbox-damaged", 2));
    assert!(!serde_json::to_string(&report).unwrap().contains("escalator"));
}
