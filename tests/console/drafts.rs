//! What staff type is not lost, and is not stored twice.

use crate::browser::{Browser, Glass};
use crate::sign_in;
use crate::testing::{Mall, PASSWORD, a_complaint};

async fn with_two_cases(glass: Glass) -> (Mall, Browser) {
    let mall = Mall::open();
    mall.employ("chen", "陈静");
    let mut kiosk = mall.kiosk("North door");
    for story in ["The lift is stuck", "The floor is wet"] {
        mall.tell(&mut kiosk, a_complaint(story));
    }
    let staff = Browser::open(glass, "en").await;
    sign_in(&staff, &mall, "admin").await;
    (mall, staff)
}

fn holds(field: &str, text: &str) -> String {
    format!("return document.getElementById('{field}')?.value === '{text}'")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_stays_until_it_is_stored() {
    let (mall, staff) = with_two_cases(Glass::Desk).await;
    staff.go(&mall.url("/cases/1")).await;
    staff.write("#answer", "Half a sente").await;
    staff.click("summary").await;
    staff.write("#note", "Half a no").await;
    staff.go(&mall.url("/cases/2")).await;
    staff.until(&holds("answer", "")).await;
    staff.go(&mall.url("/cases/1")).await;
    staff.until(&holds("answer", "Half a sente")).await;
    staff.until(&holds("note", "Half a no")).await;
    staff.says("did not send it").await;
    staff.picture("draft-en").await;
    staff.click(".inline button").await;
    staff.says("138 0000 1234").await;
    staff.until(&holds("answer", "Half a sente")).await;
    staff.click("form.move button[value=investigation]").await;
    staff.says("admin moved it").await;
    staff.until(&holds("answer", "Half a sente")).await;
    assert!(staff.url().await.ends_with("/cases/1"));
    staff.click("form.answer button.primary").await;
    staff.says("admin answered").await;
    for _ in 0..2 {
        staff.until(&holds("answer", "")).await;
        staff.until(&holds("note", "Half a no")).await;
        staff.back().await;
        staff.says("admin answered").await;
    }
    staff.close().await;
}

/// The button Back shows nothing of the console after signing out, with scripts and without.
#[tokio::test(flavor = "multi_thread")]
async fn signing_out_leaves_nothing_to_go_back_to() {
    for glass in [Glass::Desk, Glass::DeskWithoutScripts] {
        let (mall, staff) = with_two_cases(glass).await;
        staff.go(&mall.url("/cases/1")).await;
        staff.click(".who button").await;
        staff.find("#login").await;
        for _ in 0..3 {
            staff.back().await;
            staff.find("#login").await;
            assert!(!staff.text().await.contains("The lift is stuck"));
        }
        staff.close().await;
    }
}

/// Drafts go when their reader signs out.
#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_drafts() {
    let (mall, staff) = with_two_cases(Glass::Desk).await;
    staff.go(&mall.url("/cases/1")).await;
    staff.write("#answer", "Half a sente").await;
    staff.click(".who button").await;
    staff.find("#login").await;
    assert_eq!(
        staff.run("return Object.keys(localStorage).filter(k => k.startsWith('draft')).length").await,
        0
    );
    sign_in(&staff, &mall, "admin").await;
    staff.go(&mall.url("/cases/1")).await;
    staff.until(&holds("answer", "")).await;
    staff.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_reader_does_not_see_a_draft() {
    let (mall, staff) = with_two_cases(Glass::Desk).await;
    staff.go(&mall.url("/cases/1")).await;
    staff.write("#answer", "Half a sente").await;
    mall.pass(31);
    staff.go(&mall.url("/cases/1")).await;
    staff.write("#login", "chen").await;
    staff.write("#password", PASSWORD).await;
    staff.click("button.primary").await;
    staff.find("#case").await;
    staff.until(&holds("answer", "")).await;
    staff.close().await;
}

/// An answer that was sent after its session had ended is back after signing in, with scripts and without.
#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_loses_no_answer() {
    for glass in [Glass::Desk, Glass::DeskWithoutScripts] {
        let (mall, staff) = with_two_cases(glass).await;
        staff.go(&mall.url("/cases/1?kind=complaint")).await;
        staff.write("#answer", "It moves again.").await;
        mall.pass(31);
        staff.click("form.answer button.primary").await;
        staff.says("You were signed out").await;
        staff.picture("signed-out-en").await;
        staff.write("#login", "admin").await;
        staff.write("#password", PASSWORD).await;
        staff.click("button.primary").await;
        staff.says("has not been sent yet").await;
        assert!(!staff.text().await.contains("admin answered"));
        staff.click("form.answer button.primary").await;
        staff.says("admin answered the visitor").await;
        assert!(staff.url().await.ends_with("/cases/1?kind=complaint"));
        staff.close().await;
    }
}

/// A second click on a slow line tells nobody of a colleague, and stores nothing twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_click_sends_nothing_twice() {
    let (mall, staff) = with_two_cases(Glass::Desk).await;
    staff.go(&mall.url("/cases/1")).await;
    staff.write("#answer", "It moves again.").await;
    staff.run("const send = document.querySelector('button.primary'); send.click(); send.click();").await;
    staff.says("admin answered the visitor").await;
    let text = staff.text().await;
    assert!(!text.contains("a colleague") && text.matches("It moves again.").count() == 1, "{text}");
    staff.close().await;
}

/// What a visitor types survives a reload, and two touches on a slow line store it once.
#[tokio::test(flavor = "multi_thread")]
async fn a_visitors_words_are_kept_until_they_are_sent() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let page = crate::tracking(&mall, &mall.tell(&mut kiosk, a_complaint("The lift is stuck")));
    let visitor = Browser::open(Glass::Telephone, "en").await;
    visitor.go(&page).await;
    visitor.write("#words", "It is dark in here").await;
    for place in [format!("{page}?lang=en"), page.clone()] {
        visitor.go(&place).await;
        visitor.until(&holds("words", "It is dark in here")).await;
    }
    visitor
        .run("const send = document.querySelector('form button:not([name])'); send.click(); send.click()")
        .await;
    visitor.says("Thank you").await;
    visitor.go(&page).await;
    visitor.until(&holds("words", "")).await;
    assert_eq!(visitor.text().await.matches("It is dark in here").count(), 1);
    visitor.close().await;
}
