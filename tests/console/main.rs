//! Tests the console and the tracking page in a real browser: headless Chromium, over real TLS.
//!
//! The tests start the real server; its submissions are sealed and sent as kiosks do it. Pictures of the
//! pages are kept in the build folder, under tmp/console.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

mod browser;
mod cable;
mod drafts;
mod layout;
mod live;
#[path = "../../src/server/testing.rs"]
#[allow(dead_code, reason = "shared with the tests of the library, which use more of it")]
mod testing;

use browser::{Browser, Glass};
use domain::contact::{Contact, Phone};
use domain::form::Answer;
use domain::language::Language;
use domain::testing::Answering;
use testing::{Mall, PASSWORD, Sample, TestKiosk, a_call, a_complaint, a_place, a_rating};

async fn sign_in(browser: &Browser, mall: &Mall, login: &str) {
    browser.go(&mall.url("/")).await;
    browser.write("#login", login).await;
    browser.write("#password", PASSWORD).await;
    browser.click("button.primary").await;
    browser.find("nav.navigation").await;
}

fn tracking(mall: &Mall, token: &domain::receipt::TrackingToken) -> String {
    mall.url(&format!("/t/{token}"))
}

/// Cases of a busy morning: some late, some due soon, some in time, some only praise.
fn a_busy_morning(mall: &Mall, kiosk: &mut TestKiosk) {
    let chinese = |story: &str, category| {
        Answering::new("complaint")
            .choose("category", [category])
            .answer("place", Answer::Unsure)
            .answer("when", Answer::Unsure)
            .write("story", story)
            .choose("remedy", ["fix"])
            .contact(Contact { name: None, phone: Phone::parse("13800001234").ok(), email: None })
            .send(Language::ZhHans, domain::testing::a_day())
    };
    let at = |mut draft: Sample, zh: &str, en: &str, number: &str| {
        let mut place = a_place();
        place.name = domain::language::Labels::new([("zh-Hans", zh), ("en", en)]);
        place.level = number.split('-').next().unwrap_or(number).to_owned();
        place.number = number.contains('-').then(|| number.to_owned());
        draft.place = Some(place);
        draft
    };
    mall.tell(kiosk, at(chinese("洗手间地面积水，差点滑倒", "environment"), "洗手间 3", "Restroom 3", "L1"));
    mall.pass(22 * 60);
    mall.tell(kiosk, at(chinese("店员拒绝开发票", "service-quality"), "云裳", "Cloud Silk", "L2-07"));
    mall.tell(
        kiosk,
        at(a_rating(5, Some("服务台小张帮忙找到孩子，非常感谢！")), "服务台", "Service desk", "L1"),
    );
    mall.pass(60);
    let long = "买的电饭煲第二天不加热，店里说要等厂家，让我自己打电话，来回跑了三次，希望能直接退换，发票和包装都在";
    mall.tell(kiosk, at(chinese(long, "merchandise-quality"), "拾光家居", "Lumen Home", "L2-19"));
    mall.tell(kiosk, at(chinese("停车场指示看不懂英文", "information"), "停车场", "Parking", "B1"));
    mall.tell(kiosk, a_rating(3, None));
    mall.pass(90);
    mall.tell(kiosk, a_call());
    mall.pass(12);
}

/// Staff read and answer a complaint, and the visitor sees the answer.
#[tokio::test(flavor = "multi_thread")]
async fn an_answered_complaint_reaches_the_visitor() {
    let mall = Mall::open();
    mall.employ("chen", "陈静");
    let mut kiosk = mall.kiosk("北门");
    a_busy_morning(&mall, &mut kiosk);
    let token = mall.tell(
        &mut kiosk,
        a_complaint("The escalator makes a grinding noise and stopped twice. My son nearly fell."),
    );
    mall.pass(3);

    let staff = Browser::open(Glass::Desk, "zh-CN").await;
    staff.go(&mall.url("/inbox")).await;
    staff.says("员工登录").await;
    staff.picture("login-zh").await;
    sign_in(&staff, &mall, "chen").await;
    staff.says("grinding noise").await;
    staff.picture("inbox-zh").await;

    staff.click("tbody tr:last-child .content a").await;
    staff.find("#case").await;
    staff.run("document.querySelectorAll('.content a').forEach(a => { if (a.textContent.includes('grinding')) a.click() })").await;
    staff.says("答复顾客（英语）").await;
    staff.says("自动扶梯 E5").await;
    staff.picture("case-zh").await;
    assert!(!staff.text().await.contains("13800001234"), "contact is not shown unasked");
    staff.click(".inline button").await;
    staff.says("138 0000 1234").await;

    staff
        .write(
            "#answer",
            "Thank you for telling us. Our engineer is on the way.\nThe escalator is closed until then.",
        )
        .await;
    staff.click("form.answer button.primary").await;
    staff.says("陈静 答复顾客").await;
    staff.says("陈静 转到“调查”").await;
    staff.click("form.move button[value=resolution]").await;
    staff.says("陈静 转到“解决”").await;
    staff.picture("answered-zh").await;

    let visitor = Browser::open(Glass::Telephone, "en").await;
    visitor.go(&tracking(&mall, &token)).await;
    visitor.says("We're putting it right").await;
    visitor.says("Our engineer is on the way.").await;
    assert!(!visitor.has("button[name=verdict]").await, "no result was told yet");
    visitor.picture("tracking-en").await;

    staff.click("form.move button[value=response]").await;
    staff.says("陈静 转到“反馈”").await;
    visitor.click(".again").await;
    visitor.says("We've told you the result").await;
    visitor.write("#words", "It squeaks again since noon.").await;
    let again = visitor.run("return getComputedStyle(document.querySelector('.again')).visibility").await;
    assert_eq!(again, "hidden", "a reload would lose what is typed");
    visitor.click("button[value=not-satisfied]").await;
    visitor.says("Thank you. We've received it.").await;
    visitor.says("It squeaks again since noon.").await;
    visitor.picture("tracking-reply-en").await;
    visitor.go(&format!("{}?lang=ja", tracking(&mall, &token))).await;
    visitor.picture("tracking-ja").await;
    visitor.close().await;

    staff.click("#changed a").await;
    staff.says("顾客表示没有解决").await;
    staff.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_with_scripts_switched_off() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("北门");
    let token = mall.tell(&mut kiosk, a_complaint("The lift is stuck"));
    let staff = Browser::open(Glass::DeskWithoutScripts, "en").await;
    sign_in(&staff, &mall, "admin").await;
    assert_eq!(staff.run("return typeof timeLeft").await, "undefined", "scripts are off");
    staff.says("The lift is stuck").await;
    staff.write("#search", "lift").await;
    staff.find("#search").await.send_keys("\u{e007}").await.unwrap();
    staff.says("Found for “lift”").await;
    staff.click(".content a").await;
    staff.write("#answer", "It runs again.").await;
    staff.click("form.answer button.primary").await;
    staff.says("admin answered the visitor").await;
    staff.click("form.move button[value=response]").await;
    staff.says("admin moved it to “Reply”").await;

    staff.go(&tracking(&mall, &token)).await;
    staff.says("We've told you the result").await;
    staff.click("button.yes").await;
    staff.says("Thank you. We're glad that it's solved").await;
    staff.go(&mall.url("/inbox")).await;
    staff.says("Nothing to do here.").await;
    staff.picture("empty-en").await;
    staff.close().await;
}

/// New cases are announced, but the list changes only when staff ask for it.
#[tokio::test(flavor = "multi_thread")]
async fn news_moves_nothing_until_asked_for() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    mall.tell(&mut kiosk, a_complaint("The first"));
    let staff = Browser::open(Glass::Desk, "en").await;
    sign_in(&staff, &mall, "admin").await;
    staff.says("The first").await;
    let token = mall.tell(&mut kiosk, a_complaint("The second"));
    staff.says("1 new").await;
    assert!(!staff.text().await.contains("The second"), "the list stays as it was");
    staff.picture("news-en").await;
    staff.click("#news a").await;
    staff.says("The second").await;

    staff.click("tbody tr:first-child .content a").await;
    staff.find("#case").await;
    staff.write("#answer", "half a sente").await;
    let visitor = Browser::open(Glass::Telephone, "en").await;
    visitor.go(&tracking(&mall, &token)).await;
    visitor.says("We've received it").await;
    visitor.picture("tracking-received-en").await;
    visitor.close().await;
    assert!(staff.has("textarea#answer").await);
    staff.close().await;
}

/// An administrator adds a kiosk and reads the audit entries in both languages.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_adds_a_kiosk() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    a_busy_morning(&mall, &mut kiosk);
    let staff = Browser::open(Glass::Desk, "en").await;
    sign_in(&staff, &mall, "admin").await;
    staff.picture("inbox-en").await;
    staff.click("tbody tr:first-child .content a").await;
    staff.find("#case").await;
    staff.picture("case-en").await;
    staff.click("a[href='/kiosks']").await;
    staff.write("#name", "South door").await;
    staff.click("form.add button").await;
    staff.says("It is shown only now").await;
    staff.picture("kiosk-code-en").await;
    staff.click(".languages button[value=zh-Hans]").await;
    staff.says("等待注册").await;
    assert!(!staff.has(".letters").await, "the code is shown once");
    staff.picture("kiosks-zh").await;
    staff.click("a[href='/audit']").await;
    staff.says("添加终端").await;
    staff.picture("audit-zh").await;
    assert!(staff.url().await.ends_with("/audit"));
    staff.click("a[href='/quarantine']").await;
    staff.says("已收到但无法立案的内容").await;
    staff.picture("quarantine-zh").await;
    staff.close().await;
}

/// The console and the tracking page fit a telephone.
#[tokio::test(flavor = "multi_thread")]
async fn the_pages_fit_a_telephone() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("北门");
    a_busy_morning(&mall, &mut kiosk);
    let (_, waiting) = kiosk.seal(a_complaint("not sent yet"), mall.now());
    let token = mall.tell(&mut kiosk, a_rating(4, Some("很干净")));
    let phone = Browser::open(Glass::Telephone, "zh-CN").await;
    sign_in(&phone, &mall, "admin").await;
    let pages = [
        ("phone-inbox-zh", "/inbox".to_owned()),
        ("phone-case-zh", "/cases/2".to_owned()),
        ("phone-kiosks-zh", "/kiosks".to_owned()),
        ("phone-tracking-zh", format!("/t/{token}")),
        ("phone-on-its-way-zh", format!("/t/{waiting}")),
        ("phone-unknown-zh", "/t/x".to_owned()),
    ];
    for (name, path) in pages {
        phone.go(&mall.url(&path)).await;
        phone.picture(name).await;
        let fits = phone.run("return document.documentElement.scrollWidth <= innerWidth").await;
        assert_eq!(fits, true, "{name} is wider than the screen");
    }
    phone.close().await;
}
