//! Telephone numbers, from the kiosk to the page on which staff read and seek them.

use domain::contact::{Contact, Phone};

use crate::browser::Reader;
use crate::testing::{Mall, Sample, a_complaint};

fn a_caller(typed: &str) -> Sample {
    let contact = Contact { name: None, phone: Phone::parse(typed).ok(), email: None };
    Sample { contact: Some(contact), ..a_complaint("Please call me") }
}

/// One person who writes the number in two ways is found by a third.
#[test]
fn a_number_is_found_in_any_of_its_forms() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    for typed in ["138 0000 0000", "+86 138-0000-0000", "+44 (0)20 7946 0958", "555-1234 5"] {
        mall.tell(&mut kiosk, a_caller(typed));
    }
    let reader = Reader::signed_in(&mall, "admin");
    let found = |typed: &str| {
        let page = reader.get(&format!("/inbox?q={}", typed.replace('+', "%2B").replace(' ', "+"))).text;
        [1, 2, 3, 4].into_iter().filter(|n| page.contains(&format!("/cases/{n}?"))).collect::<Vec<_>>()
    };
    for typed in ["13800000000", "0086 138 0000 0000", "+86 (138) 0000.0000", "１３８ ００００ ００００"]
    {
        assert_eq!(found(typed), [1, 2], "{typed}");
    }
    assert_eq!(found("+442079460958"), [3]);
    assert_eq!(found("55512345"), [4], "a number of no country is found by its digits");
    assert_eq!(found("13800000001"), [0; 0]);
}

/// Own numbers are shown as they are dialled here, foreign ones with their country code.
#[test]
fn staff_read_numbers_as_they_dial_them() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let reader = Reader::signed_in(&mall, "admin");
    for (n, (typed, shown)) in [
        ("+8613800000000", "138 0000 0000"),
        ("+44 (0)20 7946-0958", "+44 20 7946 0958"),
        ("555-1234 5", "555-1234 5"),
    ]
    .into_iter()
    .enumerate()
    {
        mall.tell(&mut kiosk, a_caller(typed));
        let page = reader.post(&format!("/cases/{}/contact", n + 1), &[]).text;
        assert!(page.contains(&format!(">{shown}<")), "{typed}: {page}");
    }
}

/// The mall's region decides what a number without a country code means.
#[test]
fn the_region_follows_the_time_zone_or_its_setting() {
    let shown = |mall: &Mall| {
        mall.tell(&mut mall.kiosk("North door"), a_caller("+442079460958"));
        Reader::signed_in(mall, "admin").post("/cases/1/contact", &[]).text
    };
    let in_london = Mall::with(|settings| settings.time_zone = chrono_tz::Europe::London);
    assert!(shown(&in_london).contains(">020 7946 0958<"));
    let set = Mall::with(|settings| settings.region = Some("GB".parse().unwrap()));
    assert!(shown(&set).contains(">020 7946 0958<"));
}
