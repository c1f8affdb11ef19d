//! News of cases reaches an open console, and it says so when none can.

use domain::testing::an_urgent_call;

use crate::browser::{Browser, Glass};
use crate::cable::Cable;
use crate::sign_in;
use crate::testing::{Mall, PASSWORD, a_complaint};

/// Somebody is unwell while sixty complaints are late: the console sounds, counts, and shows the call first.
#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_call_is_heard_and_comes_first() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let late: Vec<_> = (0..60).map(|n| kiosk.seal(a_complaint(&format!("Late {n}")), mall.now()).0).collect();
    mall.send(&kiosk, &late);
    mall.pass(25 * 60);
    let staff = Browser::open(Glass::Desk, "en").await;
    sign_in(&staff, &mall, "admin").await;
    staff.says("Sound for calls: off").await;
    staff.click("#sound").await;
    staff.says("Sound for calls: on").await;
    staff
        .run(
            "window.notes = 0; const start = OscillatorNode.prototype.start; \
             OscillatorNode.prototype.start = function (at) { window.notes += 1; return start.call(this, at); }",
        )
        .await;
    mall.tell(&mut kiosk, a_complaint("Not urgent"));
    staff.until("return document.title.startsWith('(1) ')").await;
    mall.tell(&mut kiosk, an_urgent_call());
    staff.until("return document.querySelector('tbody tr').classList.contains('urgent')").await;
    staff.until("return window.notes === 6").await;
    staff.until("return document.title.startsWith('❗(2) ')").await;
    staff.says("1 urgent · 1 new").await;
    staff.until("return document.querySelector('.navigation .count.urgent')?.textContent === '1'").await;
    staff.picture("urgent-en").await;
    staff.click("#news a").await;
    staff.find("#case").await;
    staff.find("tr.urgent.current").await;
    staff.says("Urgent").await;
    assert_eq!(staff.run("return document.querySelectorAll('tr.urgent').length").await, 1);
    staff.says("Sound for calls: on").await;
    staff.picture("urgent-case-en").await;
    staff.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_new_cases_are_shown_as_a_list() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    mall.tell(&mut kiosk, a_complaint("The first"));
    let staff = Browser::open(Glass::Desk, "en").await;
    sign_in(&staff, &mall, "admin").await;
    for story in ["The second", "The third"] {
        mall.tell(&mut kiosk, a_complaint(story));
    }
    staff.says("2 new").await;
    staff.click("#news a").await;
    staff.says("The third").await;
    let text = staff.text().await;
    assert!(text.contains("The second") && !text.contains("The first"), "{text}");
    staff.close().await;
}

/// A page that the browser kept for its button Back hears, and may still sound.
#[tokio::test(flavor = "multi_thread")]
async fn news_comes_after_going_back() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    mall.tell(&mut kiosk, a_complaint("The first"));
    let staff = Browser::open(Glass::Desk, "en").await;
    sign_in(&staff, &mall, "admin").await;
    staff.click("#sound").await;
    for n in 0..3 {
        staff.click(".content a").await;
        staff.find("#case").await;
        staff.back().await;
        staff.until("return !document.getElementById('case') && !document.documentElement.hidden").await;
        staff.until("return performance.getEntriesByType('navigation')[0].type !== 'back_forward'").await;
        mall.tell(&mut kiosk, a_complaint(&format!("After going back {n}")));
        staff.says("1 new").await;
        staff.says("Sound for calls: on").await;
    }
    staff.close().await;
}

/// A broken connection is said where the news stand, and news comes when it is mended.
#[tokio::test(flavor = "multi_thread")]
async fn a_deaf_console_says_so_and_recovers() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let cable = Cable::to(mall.running.address()).await;
    let staff = Browser::open(Glass::Desk, "en").await;
    staff.go(&cable.url("/")).await;
    staff.write("#login", "admin").await;
    staff.write("#password", PASSWORD).await;
    staff.click("button.primary").await;
    staff.find("nav.navigation").await;
    cable.cut();
    staff.says("Not live").await;
    staff.picture("not-live-en").await;
    mall.tell(&mut kiosk, a_complaint("While it was deaf"));
    cable.mend();
    staff.until("return !document.getElementById('news').classList.contains('deaf')").await;
    staff.says("1 new").await;
    staff.close().await;
}

/// A session that ended is said too. Signing in leads back to the case and to what was typed.
#[tokio::test(flavor = "multi_thread")]
async fn a_console_says_that_its_session_ended() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    mall.tell(&mut kiosk, a_complaint("The first"));
    let cable = Cable::to(mall.running.address()).await;
    let staff = Browser::open(Glass::Desk, "en").await;
    staff.go(&cable.url("/cases/1?due=soon")).await;
    staff.write("#login", "admin").await;
    staff.write("#password", PASSWORD).await;
    staff.click("button.primary").await;
    staff.write("#answer", "Half a sente").await;
    mall.pass(31);
    cable.cut();
    staff.says("Not live").await;
    cable.mend();
    staff.says("you are signed out").await;
    staff.click("#news a").await;
    staff.write("#login", "admin").await;
    staff.write("#password", PASSWORD).await;
    staff.click("button.primary").await;
    staff.find("#case").await;
    assert!(staff.url().await.ends_with("/cases/1?due=soon"));
    staff.until("return document.getElementById('answer').value === 'Half a sente'").await;
    staff.close().await;
}

/// A browser has six connections to a server. Tabs that are not shown leave them to the others.
#[tokio::test(flavor = "multi_thread")]
async fn eight_tabs_all_load_and_hear() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let staff = Browser::open(Glass::DeskOverHttp1, "en").await;
    sign_in(&staff, &mall, "admin").await;
    for _ in 0..7 {
        staff.tab(&mall.url("/inbox")).await;
        staff.find("nav.navigation").await;
    }
    mall.tell(&mut kiosk, a_complaint("To all of them"));
    staff.says("1 new").await;
    staff.show_tab(0).await;
    staff.says("1 new").await;
    staff.close().await;
}
