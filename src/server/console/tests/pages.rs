//! The pages of the console, as a signed-in user gets them.

use std::io::{BufRead as _, BufReader};

use domain::wire::{Alarm, Batch, KioskReport};

use crate::browser::{Reader, keys_shown, with_a_case};
use crate::testing::{Mall, PASSWORD, TestKiosk, a_call, a_rating, fetch};

/// A request without a session goes to the sign-in page. A wrong password does not reveal whether the account
/// exists.
#[test]
fn signing_in_reveals_nothing_about_accounts() {
    let mall = Mall::open();
    let stranger = Reader::stranger(&mall);
    let pages = Reader::signed_in(&mall, "admin").navigation();
    for path in pages.iter().map(String::as_str).chain(["/cases/1"]) {
        let page = stranger.get(path);
        let to = page.headers["location"].to_str().unwrap();
        assert!(page.status == 303 && to.starts_with("/login?back=%2F"), "{path}: {to}");
    }
    assert_eq!(stranger.get("/live").status, 401, "a script cannot follow to a page");
    let known = stranger.post("/login", &[("login", "admin"), ("password", "wrong password")]);
    let unknown = stranger.post("/login", &[("login", "nobody"), ("password", "wrong password")]);
    assert_eq!((known.status, unknown.status), (401, 401));
    assert_eq!(known.text.replace("admin", ""), unknown.text.replace("nobody", ""));
}

#[test]
fn guessing_passwords_is_stopped_and_waiting_helps() {
    let mall = Mall::open();
    let stranger = Reader::stranger(&mall);
    let guess = |password| stranger.post("/login", &[("login", "admin"), ("password", password)]).status;
    let tried: Vec<u16> = (0..7).map(|_| guess("wrong password")).collect();
    assert_eq!(tried, [401, 401, 401, 401, 401, 429, 429]);
    assert_eq!(guess(PASSWORD), 429, "the right password has to wait too");
    mall.pass(5);
    assert_eq!(guess(PASSWORD), 303);
}

/// Many at once are no more than one after the other, and the right password is not among those that are checked.
#[test]
fn guesses_that_come_together_are_counted() {
    let mall = Mall::open();
    let stranger = Reader::stranger(&mall);
    let guess = |password| stranger.post("/login", &[("login", "admin"), ("password", password)]).status;
    let mut tried: Vec<u16> = std::thread::scope(|scope| {
        let guesses: Vec<_> = (0..60).map(|_| scope.spawn(|| guess("wrong password"))).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    tried.sort_unstable();
    assert_eq!(tried[..5], [401; 5], "{tried:?}");
    assert!(tried[5..].iter().all(|status| *status == 429), "{tried:?}");
    assert_eq!(guess(PASSWORD), 429);
}

/// Scripts cannot read the session cookie, and signing out ends the session.
#[test]
fn a_session_cookie_is_http_only_and_ends() {
    let mall = Mall::open();
    let page = Reader::stranger(&mall).post("/login", &[("login", "Admin"), ("password", PASSWORD)]);
    let cookie = page.headers["set-cookie"].to_str().unwrap();
    for part in ["__Host-galleria=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let reader = Reader::signed_in(&mall, "admin");
    assert_eq!(reader.get("/inbox").status, 200);
    let out = reader.post("/logout", &[]);
    assert_eq!((out.status, out.headers["clear-site-data"].as_bytes()), (303, &b"\"cache\""[..]));
    assert_eq!(reader.get("/inbox").status, 303);
}

#[test]
fn a_language_can_be_chosen_on_any_page() {
    let mall = Mall::open();
    let mut reader = Reader::stranger(&mall);
    assert!(reader.get("/login").text.contains("Staff sign-in"));
    let chosen = reader.post("/language", &[("language", "zh-Hans"), ("back", "//evil.example")]);
    assert_eq!((chosen.status, chosen.headers["location"].as_bytes()), (303, &b"/inbox"[..]));
    reader.cookie = chosen.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert!(reader.get("/login").text.contains("员工登录"));
    assert_eq!(reader.post("/language", &[("language", "xx")]).status, 422);

    let reader = Reader::signed_in(&mall, "admin");
    assert_eq!(reader.post("/language", &[("language", "zh-Hans"), ("back", "/audit")]).status, 303);
    assert!(reader.get("/inbox").text.contains("收件箱"), "the account remembers it");
}

/// Waits for the write of the last use, which happens in the background.
fn until_it_is_noted(mall: &Mall) {
    let db = crate::store::rows(&mall.place.path().join("data/galleria.db"));
    let seen = || db.query_row("select max(seen_at) from session", [], |row| row.get::<_, i64>(0)).unwrap();
    while seen() != mall.now().timestamp_millis() {
        std::thread::yield_now();
    }
}

#[test]
fn a_session_ends_by_itself() {
    let mall = Mall::open();
    let reader = Reader::signed_in(&mall, "admin");
    for _ in 0..3 {
        mall.pass(20);
        assert_eq!(reader.get("/inbox").status, 200);
        until_it_is_noted(&mall);
    }
    mall.pass(31);
    assert_eq!(reader.get("/inbox").status, 303);
}

#[test]
fn another_site_cannot_make_a_browser_do_anything() {
    let mall = Mall::open();
    let _ = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let request =
            mall.agent.post(mall.url("/kiosks")).header("cookie", &reader.cookie).header(name, value);
        assert_eq!(fetch(request.form(&[("name", "Evil")])).status, 403, "{name}");
    }
    assert_eq!(mall.admin().kiosks().unwrap().len(), 1);
}

/// Every page forbids foreign scripts and caching.
#[test]
fn every_page_has_csp_and_no_store() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let tracking = format!("/t/{token}");
    let pages = reader.navigation();
    for path in pages.iter().map(String::as_str).chain(["/login", "/cases/1", "/nothing", &tracking]) {
        let headers = reader.get(path).headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
    }
    let headers = reader.get(&tracking).headers;
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["x-robots-tag"], "noindex, nofollow");
    let text = reader.get("/inbox").text;
    assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains(" onclick="));
    let css = text.split("href=\"").find(|part| part.starts_with("/static/console.")).unwrap();
    let css = reader.get(css.split('"').next().unwrap());
    assert_eq!((css.status, css.headers["content-type"].as_bytes()), (200, &b"text/css; charset=utf-8"[..]));
}

#[test]
fn an_agent_sees_cases_only() {
    let mall = Mall::open();
    mall.employ("chen", "陈静");
    let chen = Reader::signed_in(&mall, "chen");
    assert_eq!(chen.get("/inbox").status, 200);
    let own = chen.navigation();
    assert!(own.iter().all(|path| path.starts_with("/inbox")), "{own:?}");
    let others: Vec<_> = Reader::signed_in(&mall, "admin").navigation();
    let others: Vec<_> = others.into_iter().filter(|path| !own.contains(path)).collect();
    assert!(others.len() > 2, "{others:?}");
    for path in others {
        assert_eq!(chen.get(&path).status, 403, "{path}");
    }
    let refused = chen.post("/kiosks", &[("name", "Mine")]);
    assert_eq!((refused.status, refused.headers["connection"].as_bytes()), (403, &b"close"[..]));
}

/// The second of two simultaneous answers is refused, and its author sees both texts.
#[test]
fn simultaneous_answers_lose_no_text() {
    let mall = Mall::open();
    let _ = with_a_case(&mall, "The lift is stuck");
    mall.employ("chen", "陈静");
    mall.employ("wang", "王磊");
    let (chen, wang) = (Reader::signed_in(&mall, "chen"), Reader::signed_in(&mall, "wang"));
    let (version, seen) = chen.fields("/cases/1");
    let form = |words| [("version", version.as_str()), ("seen", seen.as_str()), ("words", words)];
    assert_eq!(chen.post("/cases/1/answer", &form("Repaired at noon.")).status, 303);
    let late = wang.post("/cases/1/answer", &form("We look into it."));
    assert_eq!(late.status, 409);
    assert!(late.text.contains("Repaired at noon.") && late.text.contains("We look into it."));
    assert!(late.text.contains("a colleague changed this case"));
    let (version, seen) = wang.fields("/cases/1");
    let again = [("version", version.as_str()), ("seen", seen.as_str()), ("words", "And it stays so.")];
    assert_eq!(wang.post("/cases/1/answer", &again).status, 303);
}

/// A refused form returns with the error and with what was typed.
#[test]
fn a_refused_form_keeps_what_was_typed() {
    let mall = Mall::open();
    let _ = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let (version, seen) = reader.fields("/cases/1");
    let post =
        |path: &str, more: (&str, &str)| reader.post(path, &[("version", &version), ("seen", &seen), more]);
    let long = "x".repeat(2001);
    let refused = post("/cases/1/answer", ("words", &long));
    assert_eq!((refused.status, refused.text.contains(&long)), (422, true));
    assert_eq!(post("/cases/1/note", ("note", " \r\n ")).status, 422);
    let early = post("/cases/1/stage", ("stage", "closed"));
    assert_eq!((early.status, early.text.contains("only after the visitor has been answered")), (422, true));
    assert_eq!(post("/cases/1/stage", ("stage", "heaven")).status, 422);
    assert_eq!(post("/cases/99/note", ("note", "who?")).status, 404);
    assert_eq!(reader.get("/cases/99").status, 404);
    assert_eq!(reader.get("/cases/x").status, 400);
}

/// The contact is shown on request, and the request is in the audit.
#[test]
fn revealing_a_contact_is_audited() {
    let mall = Mall::open();
    let _ = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    assert!(!reader.get("/cases/1").text.contains("13800001234"));
    assert!(!reader.get("/audit").text.contains("Saw how to reach"));
    let shown = reader.post("/cases/1/contact", &[]);
    assert!(shown.text.contains("138 0000 1234"));
    assert_eq!(shown.headers["cache-control"], "no-store");
    let audit = reader.get("/audit").text;
    assert!(audit.contains("Saw how to reach the visitor") && audit.contains("K1-"));
}

/// A call for help has no receipt page, only a code beside the call. Staff are told so.
#[test]
fn console_says_that_a_call_has_no_receipt() {
    let mall = Mall::open();
    let (mut kiosk, _) = with_a_case(&mall, "The lift is stuck");
    mall.tell(&mut kiosk, a_call());
    let reader = Reader::signed_in(&mall, "admin");
    let (complaint, call) = (reader.get("/cases/1").text, reader.get("/cases/2").text);
    assert!(
        complaint.contains("code on the receipt") && !complaint.contains("kiosk showed after the call"),
        "{complaint}"
    );
    assert!(call.contains("kiosk showed after the call") && !call.contains("code on the receipt"), "{call}");
}

#[test]
fn visitor_text_is_escaped() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "<script>alert(1)</script>\n\"><img src=x onerror=alert(2)>");
    let reader = Reader::signed_in(&mall, "admin");
    let words = "<b>bold</b>";
    let (version, seen) = reader.fields("/cases/1");
    reader.post("/cases/1/answer", &[("version", &version), ("seen", &seen), ("words", words)]);
    for path in ["/inbox", "/cases/1", "/inbox?q=%3Cscript%3E", &format!("/t/{token}")] {
        let text = reader.get(path).text;
        assert!(!text.contains("<script>alert") && !text.contains("<img src=x") && !text.contains(words));
    }
}

#[test]
fn search_and_filters_find_what_is_meant() {
    let mall = Mall::open();
    let (mut kiosk, _) = with_a_case(&mall, "自动扶梯有异响");
    mall.tell(&mut kiosk, a_call());
    mall.tell(&mut kiosk, a_rating(5, Some("很好")));
    let reader = Reader::signed_in(&mall, "admin");
    let rows = |path: &str| reader.get(path).text.matches("class=\"content\"").count();
    assert_eq!(rows("/inbox"), 3);
    assert_eq!(rows("/inbox?q=%E6%89%B6%E6%A2%AF"), 1);
    assert_eq!(rows("/inbox?kind=service-request"), 1);
    assert_eq!(rows("/inbox?stage=closed"), 0);
    assert_eq!(rows("/inbox?due=soon"), 1);
    assert_eq!(rows("/inbox?kind=nonsense&page=minus"), 3);
}

#[test]
fn every_page_reads_in_both_languages() {
    let mall = Mall::open();
    let (mut kiosk, _) = with_a_case(&mall, "The lift is stuck");
    mall.tell(&mut kiosk, a_rating(2, None));
    mall.tell(&mut kiosk, a_call());
    let mut reader = Reader::signed_in(&mall, "admin");
    for language in ["zh-CN", "en"] {
        reader.language = language;
        let pages = reader.navigation();
        for path in pages.iter().map(String::as_str).chain(["/login", "/cases/1", "/cases/2", "/cases/3"]) {
            let page = reader.get(path);
            assert_eq!(page.status, 200, "{path}");
            let current = format!("href=\"{path}\" aria-current=\"page\"");
            assert!(page.text.contains(&current) || !pages.iter().any(|p| p == path), "{path} is not marked");
            let keys = keys_shown(&page.text);
            assert!(keys.is_empty(), "{language} {path}: {keys:?}");
        }
    }
}

#[test]
fn news_comes_from_where_the_browser_stopped() {
    let mall = Mall::open();
    let (mut kiosk, _) = with_a_case(&mall, "The first");
    mall.tell(&mut kiosk, a_rating(4, None));
    let reader = Reader::signed_in(&mall, "admin");
    let heard = |path: &str, last: &str, n: usize| -> Vec<String> {
        let request = mall.agent.get(mall.url(path)).header("cookie", &reader.cookie);
        let response = request.header("last-event-id", last).send().unwrap();
        let lines = BufReader::new(response).lines().map(Result::unwrap);
        lines.filter_map(|line| line.strip_prefix("data: ").map(str::to_owned)).take(n).collect()
    };
    assert_eq!(
        heard("/live?after=0", "", 2),
        [
            r#"{"id":1,"case":1,"new":true,"call":false,"urgent":false}"#,
            r#"{"id":2,"case":2,"new":true,"call":false,"urgent":false}"#
        ]
    );
    assert_eq!(
        heard("/live?after=0", "1", 1),
        [r#"{"id":2,"case":2,"new":true,"call":false,"urgent":false}"#]
    );
    let later = std::thread::scope(|scope| {
        let listening = scope.spawn(|| heard("/live?after=2", "", 1));
        mall.tell(&mut kiosk, a_call());
        listening.join().unwrap()
    });
    assert_eq!(later, [r#"{"id":3,"case":3,"new":true,"call":true,"urgent":false}"#]);
}

#[test]
fn live_updates_end_with_the_server() {
    let mall = Mall::open();
    let reader = Reader::signed_in(&mall, "admin");
    let request = mall.agent.get(mall.url("/live?after=0")).header("cookie", &reader.cookie);
    let response = request.send().unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let Mall { running, place, .. } = mall;
    running.stop();
    // A connection that does not end by itself is cut, and reading it fails.
    response.text().unwrap();
    drop(place);
}

/// Staff see the gaps of each count, and that a disk was copied.
#[test]
fn fleet_page_shows_gaps_and_copied_disks() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    mall.tell(&mut kiosk, a_call());
    let admin = Reader::signed_in(&mall, "admin");
    let page = admin.get("/kiosks").text;
    assert!(page.contains("1–1, none missing") && !page.contains("copied"), "{page}");
    kiosk.next = 1;
    mall.tell(&mut kiosk, a_call());
    kiosk.next = 4;
    mall.tell(&mut kiosk, a_call());
    let page = admin.get("/kiosks").text;
    assert!(page.contains("1–4, 2 missing: 2–3"), "{page}");
    assert!(page.contains("the disk was copied or put back"), "{page}");
}

/// Staff see for a week that a batch did not have the signature of its kiosk.
#[test]
fn a_wrong_signature_is_shown_for_a_week() {
    let mall = Mall::open();
    let kiosk = mall.kiosk("Fountain");
    let admin = Reader::signed_in(&mall, "admin");
    assert!(!admin.get("/kiosks?which=troubled").text.contains("Fountain"));
    let staff = mall.admin();
    staff.run(staff.store().fleet().note_wrong_signature(kiosk.number, mall.now())).unwrap();
    let page = admin.get("/kiosks?which=troubled").text;
    assert!(page.contains("Fountain") && page.contains("someone else has its token"), "{page}");
    mall.pass(8 * 24 * 60);
    mall.send(&kiosk, &[]);
    let admin = Reader::signed_in(&mall, "admin");
    assert!(!admin.get("/kiosks?which=troubled").text.contains("Fountain"));
}

/// Staff see the state of each kiosk, and can filter those in trouble.
#[test]
fn fleet_page_filters_kiosks_in_trouble() {
    let mall = Mall::open();
    let (sound, mut ill) = (mall.kiosk("West door"), mall.kiosk("South door"));
    let report = |alarms, quarantined, disk_free| KioskReport {
        software: "galleria-kiosk/9.9".to_owned(),
        alarms,
        quarantined,
        disk_free: Some(disk_free),
        ..KioskReport::default()
    };
    let say = |kiosk: &TestKiosk, sent_at, report| {
        let batch = Batch { sent_at, report: Some(report), waiting: 7, ..Batch::default() };
        assert_eq!(mall.post(kiosk, &serde_json::to_vec(&batch).unwrap()).0, 200);
    };
    say(&sound, mall.now(), report(Vec::new(), 0, 12_300_000_000));
    let alarm = |code: &str| Alarm { code: code.to_owned(), last: mall.now(), times: 3 };
    let ahead = mall.now() + chrono::TimeDelta::minutes(42);
    let oldest = ahead - chrono::TimeDelta::minutes(90);
    let alarms = vec![alarm("disk-full"), alarm("from-the-future")];
    let ill_report = KioskReport { oldest_waiting: Some(oldest), ..report(alarms, 2, 5_000_000) };
    say(&ill, ahead, ill_report);
    let admin = Reader::signed_in(&mall, "admin");
    let all = admin.get("/kiosks").text;
    for expected in [
        ">9.9<",
        "12.3 GB free",
        "Its disk is full.",
        "(3 times)",
        "It reports: from-the-future",
        "almost full: 5 MB free",
        "It holds 2 submissions back",
        "Clock 42 minutes ahead",
        "since today",
        "To look after 1",
        "/kiosks/K2/retry",
    ] {
        assert!(all.contains(expected), "{expected} in {all}");
    }
    assert!(!all.contains("/kiosks/K1/retry"), "it holds nothing back");
    let troubled = admin.get("/kiosks?which=troubled").text;
    assert!(troubled.contains("South door") && !troubled.contains("West door"), "{troubled}");
    assert_eq!(admin.post("/kiosks/K2/retry", &[]).status, 303);
    assert_eq!(mall.send(&ill, &[]).retries_requested, 1);
    assert_eq!(admin.post("/kiosks/K9/retry", &[]).status, 404);
    mall.pass(11);
    mall.tell(&mut ill, a_call());
    let troubled = admin.get("/kiosks?which=troubled").text;
    assert!(troubled.contains("West door"), "one that is silent is in trouble: {troubled}");
}

/// A page shows fifty kiosks, and links to the next page.
#[test]
fn fleet_page_shows_fifty_kiosks_and_links() {
    let mall = Mall::open();
    for n in 1..=51 {
        mall.admin().add_kiosk(&format!("Door {n}.")).unwrap();
    }
    let admin = Reader::signed_in(&mall, "admin");
    let first = admin.get("/kiosks").text;
    assert!(first.contains("Door 50.") && !first.contains("Door 51."));
    assert!(first.contains("/kiosks?page=1"));
    let second = admin.get("/kiosks?page=1").text;
    assert!(!second.contains("Door 50.") && second.contains("Door 51.") && !second.contains("page=2"));
    assert_eq!(admin.get("/kiosks?page=99999999999999999999&which=x").status, 200);
}
