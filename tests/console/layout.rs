//! The console at the widths of a desk, a tablet and a telephone, with the keyboard, and on paper.

use crate::browser::{Browser, Glass};
use crate::testing::{Mall, PASSWORD, a_complaint, a_rating};
use crate::{a_busy_morning, sign_in, tracking};

const TAB: &str = "\u{e004}";
/// Boxes that show a scroll bar: the page, and whatever scrolls by itself and does not hide its bar.
const BARS: &str = "const box = e => e.scrollHeight > e.clientHeight + 1 && e.clientHeight > 0; \
    const style = e => getComputedStyle(e); \
    const inner = [...document.body.querySelectorAll('*')].filter(e => box(e) \
        && ['auto', 'scroll'].includes(style(e).overflowY) && style(e).scrollbarWidth !== 'none' \
        && e.tagName !== 'TEXTAREA'); \
    const page = box(document.documentElement) ? [document.documentElement] : []; \
    return [...page, ...inner].map(e => `${e.tagName} ${e.className}`)";

/// A case beside a list that is longer than the screen.
async fn a_long_list(mall: &Mall) {
    let mut kiosk = mall.kiosk("北门");
    let stories: Vec<_> = (0..40)
        .map(|n| kiosk.seal(a_complaint(&format!("The escalator stopped again, {n}")), mall.now()).0)
        .collect();
    mall.send(&kiosk, &stories);
}

#[tokio::test(flavor = "multi_thread")]
async fn list_and_case_stand_side_by_side() {
    let mall = Mall::open();
    a_long_list(&mall).await;
    let staff = Browser::open(Glass::Desk, "en").await;
    sign_in(&staff, &mall, "admin").await;
    for width in [1440, 1024] {
        staff.widen(width).await;
        for path in ["/inbox", "/cases/7"] {
            staff.go(&mall.url(path)).await;
            staff.picture(&format!("desk-{width}{}", path.replace('/', "-"))).await;
            assert_eq!(staff.run("return document.querySelector('.cases').offsetWidth > 300").await, true);
            let bars = staff.run(BARS).await;
            assert!(bars.as_array().unwrap().len() <= 1, "{width} {path}: {bars}");
            let fits = staff.run("return document.documentElement.scrollWidth <= innerWidth").await;
            assert_eq!(fits, true, "{width} {path} is wider than the screen");
        }
        let beside = "const [list, panel] = ['.cases', '#case'].map(c => document.querySelector(c).getBoundingClientRect()); \
            return list.right <= panel.left && panel.right <= innerWidth";
        assert_eq!(staff.run(beside).await, true, "{width}");
    }
    staff.close().await;
}

/// Three Tabs lead to the list, one key to the answer. What the visitor wrote last stands above it, in sight.
#[tokio::test(flavor = "multi_thread")]
async fn few_keys_lead_to_list_and_answer() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("北门");
    let token = mall.tell(&mut kiosk, a_complaint("The lift is stuck"));
    a_busy_morning(&mall, &mut kiosk);
    let staff = Browser::open(Glass::Desk, "en").await;
    sign_in(&staff, &mall, "admin").await;
    for path in ["/inbox", "/cases/1"] {
        staff.go(&mall.url(path)).await;
        let mut reached = false;
        for _ in 0..3 {
            staff.keys(TAB).await;
            reached |= staff.run("return document.activeElement.matches('tbody .content a')").await == true;
        }
        assert!(reached, "{path}");
    }
    let visitor = Browser::open(Glass::Telephone, "en").await;
    visitor.go(&tracking(&mall, &token)).await;
    visitor.write("#words", "It is dark in here").await;
    visitor.click("form button:not([name])").await;
    visitor.says("Thank you").await;
    visitor.close().await;
    staff.go(&mall.url("/cases/1")).await;
    staff.keys("a").await;
    assert_eq!(staff.run("return document.activeElement.id").await, "answer");
    let seen = "const box = document.querySelector('.last-words .story').getBoundingClientRect(); \
        const field = document.getElementById('answer').getBoundingClientRect(); \
        return box.top >= 0 && field.bottom <= innerHeight && field.top - box.bottom < 120";
    assert_eq!(staff.run(seen).await, true);
    staff.picture("answer-en").await;
    staff.close().await;
}

/// The inbox prints its list. A case prints its story and its answers, and no note among staff.
#[tokio::test(flavor = "multi_thread")]
async fn pages_print_what_matters() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("北门");
    mall.tell(&mut kiosk, a_complaint("The lift is stuck"));
    let staff = Browser::open(Glass::Desk, "en").await;
    sign_in(&staff, &mall, "admin").await;
    staff.click(".content a").await;
    staff.write("#answer", "It moves again.").await;
    staff.click("form.answer button.primary").await;
    staff.says("admin answered").await;
    staff.click("summary").await;
    staff.write("#note", "The engineer was late").await;
    staff.click("button[data-sends=note]").await;
    staff.says("The engineer was late").await;
    staff.print_preview().await;
    staff.picture("print-case-en").await;
    let text = staff.text().await;
    for shown in ["The lift is stuck", "It moves again.", "K1-"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for hidden in ["The engineer was late", "Inbox", "Sign out"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    staff.go(&mall.url("/inbox")).await;
    staff.print_preview().await;
    staff.picture("print-inbox-en").await;
    let text = staff.text().await;
    assert!(text.contains("The lift is stuck") && !text.contains("Sign out"), "{text}");
    staff.close().await;
}

/// Ratings are marked as read with one touch, also on a telephone and without scripts.
#[tokio::test(flavor = "multi_thread")]
async fn a_touch_marks_a_rating_as_read() {
    for glass in [Glass::Telephone, Glass::DeskWithoutScripts] {
        let mall = Mall::open();
        let mut kiosk = mall.kiosk("北门");
        for _ in 0..3 {
            mall.tell(&mut kiosk, a_rating(5, None));
        }
        mall.tell(&mut kiosk, a_complaint("The lift is stuck"));
        let staff = Browser::open(glass, "en").await;
        staff.go(&mall.url("/")).await;
        staff.write("#login", "admin").await;
        staff.write("#password", PASSWORD).await;
        staff.click("button.primary").await;
        staff.says("Mark 3 as read").await;
        if glass == Glass::Telephone {
            staff.picture("phone-ratings-en").await;
        }
        staff.click("button.read").await;
        staff.says("Mark 2 as read").await;
        staff.click("#read button").await;
        staff.says("The lift is stuck").await;
        assert!(!staff.text().await.contains("Rated 5"), "{}", staff.text().await);
        staff.close().await;
    }
}
