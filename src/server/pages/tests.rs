//! Stories of people with a browser, told without one: pages, forms, cookies and headers over TLS.

use std::io::{BufRead as _, BufReader};

use domain::receipt::{ReceiptKey, TrackingToken};
use domain::{id::KioskNumber, language::Language};

use crate::random::Random;
use crate::testing::{Mall, PASSWORD, TestKiosk, a_call, a_complaint, a_rating};

/// Somebody's browser: it keeps one cookie and follows nothing by itself.
struct Reader<'a> {
    mall: &'a Mall,
    cookie: String,
    language: &'static str,
}

struct Page {
    status: u16,
    text: String,
    headers: ureq::http::HeaderMap,
}

impl<'a> Reader<'a> {
    fn stranger(mall: &'a Mall) -> Self {
        Self { mall, cookie: String::new(), language: "en" }
    }

    fn signed_in(mall: &'a Mall, login: &str) -> Self {
        let mut reader = Self::stranger(mall);
        let page = reader.post("/login", &[("login", login), ("password", PASSWORD)]);
        assert_eq!(page.status, 303, "{}", page.text);
        let cookie = page.headers["set-cookie"].to_str().unwrap();
        reader.cookie = cookie.split(';').next().unwrap().to_owned();
        reader
    }

    fn get(&self, path: &str) -> Page {
        let request = self.mall.agent.get(self.mall.url(path)).header("cookie", &self.cookie);
        page(request.header("accept-language", self.language).call().unwrap())
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let request = self.mall.agent.post(self.mall.url(path)).header("cookie", &self.cookie);
        let request = request.header("accept-language", self.language);
        page(request.send_form(form.iter().copied()).unwrap())
    }

    /// The hidden fields that every form on a case page sends.
    fn fields(&self, path: &str) -> (String, String) {
        let text = self.get(path).text;
        let field = |name: &str| {
            let mark = format!("name=\"{name}\" value=\"");
            text.split(&mark).nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        (field("version"), field("seen"))
    }
}

fn page(mut response: ureq::http::Response<ureq::Body>) -> Page {
    Page {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.body_mut().read_to_string().unwrap(),
    }
}

fn with_a_case(mall: &Mall, story: &str) -> (TestKiosk, TrackingToken) {
    let mut kiosk = mall.kiosk("North door");
    let token = mall.tell(&mut kiosk, a_complaint(story));
    (kiosk, token)
}

#[test]
fn who_is_not_signed_in_is_asked_to_and_a_wrong_password_says_nothing_of_the_account() {
    let mall = Mall::open();
    let stranger = Reader::stranger(&mall);
    for path in ["/inbox", "/cases/1", "/kiosks", "/audit", "/set-aside", "/live"] {
        let page = stranger.get(path);
        assert_eq!((page.status, page.headers["location"].as_bytes()), (303, &b"/login"[..]), "{path}");
    }
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
    assert_eq!(guess(PASSWORD), 429, "also the right one waits");
    mall.pass(5);
    assert_eq!(guess(PASSWORD), 303);
}

#[test]
fn a_session_is_a_cookie_that_scripts_cannot_read_and_ends_when_it_is_ended() {
    let mall = Mall::open();
    let page = Reader::stranger(&mall).post("/login", &[("login", "Admin"), ("password", PASSWORD)]);
    let cookie = page.headers["set-cookie"].to_str().unwrap();
    for part in ["__Host-galleria=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let reader = Reader::signed_in(&mall, "admin");
    assert_eq!(reader.get("/inbox").status, 200);
    assert_eq!(reader.post("/logout", &[]).status, 303);
    assert_eq!(reader.get("/inbox").status, 303);
}

#[test]
fn a_session_ends_by_itself() {
    let mall = Mall::open();
    let reader = Reader::signed_in(&mall, "admin");
    for _ in 0..3 {
        mall.pass(20);
        assert_eq!(reader.get("/inbox").status, 200);
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
        assert_eq!(request.send_form([("name", "Evil")]).unwrap().status().as_u16(), 403, "{name}");
    }
    assert_eq!(mall.admin().kiosks().unwrap().len(), 1);
}

#[test]
fn every_page_forbids_scripts_from_elsewhere_and_is_not_kept() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let tracking = format!("/t/{token}");
    for path in ["/login", "/inbox", "/cases/1", "/kiosks", "/audit", "/nothing", &tracking] {
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
fn an_agent_sees_cases_and_neither_kiosks_nor_audit() {
    let mall = Mall::open();
    mall.employ("chen", "陈静");
    let chen = Reader::signed_in(&mall, "chen");
    assert_eq!(chen.get("/inbox").status, 200);
    for path in ["/kiosks", "/set-aside", "/audit"] {
        assert_eq!(chen.get(path).status, 403, "{path}");
    }
    assert_eq!(chen.post("/kiosks", &[("name", "Mine")]).status, 403);
    assert!(!chen.get("/inbox").text.contains("href=\"/audit\""));
}

#[test]
fn two_people_who_answer_at_once_are_both_shown_both_texts() {
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

#[test]
fn what_is_wrong_with_a_form_is_said_beside_what_was_typed() {
    let mall = Mall::open();
    let _ = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let (version, seen) = reader.fields("/cases/1");
    let post =
        |path: &str, more: (&str, &str)| reader.post(path, &[("version", &version), ("seen", &seen), more]);
    let long = "x".repeat(2001);
    let refused = post("/cases/1/answer", ("words", &long));
    assert_eq!((refused.status, refused.text.contains(&long)), (422, true));
    assert_eq!(post("/cases/1/note", ("words", " \r\n ")).status, 422);
    let early = post("/cases/1/stage", ("stage", "closed"));
    assert_eq!((early.status, early.text.contains("only after the visitor has been answered")), (422, true));
    assert_eq!(post("/cases/1/stage", ("stage", "heaven")).status, 422);
    assert_eq!(post("/cases/99/note", ("words", "who?")).status, 404);
    assert_eq!(reader.get("/cases/99").status, 404);
    assert_eq!(reader.get("/cases/x").status, 400);
}

#[test]
fn how_to_reach_a_visitor_is_shown_on_request_and_the_request_is_remembered() {
    let mall = Mall::open();
    let _ = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    assert!(!reader.get("/cases/1").text.contains("13800001234"));
    assert!(!reader.get("/audit").text.contains("Saw how to reach"));
    let shown = reader.post("/cases/1/contact", &[]);
    assert!(shown.text.contains("13800001234"));
    assert_eq!(shown.headers["cache-control"], "no-store");
    let audit = reader.get("/audit").text;
    assert!(audit.contains("Saw how to reach the visitor") && audit.contains("K1-"));
}

#[test]
fn what_a_visitor_wrote_is_text_and_nothing_else() {
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
        for path in
            ["/login", "/inbox", "/cases/1", "/cases/2", "/cases/3", "/kiosks", "/set-aside", "/audit"]
        {
            let page = reader.get(path);
            assert_eq!(page.status, 200, "{path}");
            let odd = keys_shown(&page.text);
            assert!(odd.is_empty(), "{language} {path}: {odd:?}");
        }
    }
}

/// Keys that stand on a page because nobody translated them.
fn keys_shown(html: &str) -> Vec<&str> {
    let families =
        ["nav.", "inbox.", "case.", "clock.", "stage.", "event.", "track.", "kiosk.", "audit.", "month."];
    let texts = html.split('>').filter_map(|part| part.split('<').next());
    texts.filter(|text| families.iter().any(|family| text.trim().starts_with(family))).collect()
}

#[test]
fn a_visitor_follows_a_complaint_in_their_own_language_without_a_word_about_themselves() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let mut visitor = Reader::stranger(&mall);
    visitor.language = "ja";
    let page = visitor.get(&format!("/t/{token}"));
    assert!(page.text.contains("We have received it"), "the language in which it was sent");
    assert!(page.text.contains("You will have a first answer by 22 Nov 10:00"), "{}", page.text);
    assert!(!page.text.contains("13800001234") && !page.text.contains("The lift is stuck"));
    for (language, says) in [
        ("zh-Hans", "我们已收到"),
        ("zh-Hant", "我們已收到"),
        ("ja", "受け付けました"),
        ("ko", "잘 받았습니다"),
    ] {
        let text = visitor.get(&format!("/t/{token}?lang={language}")).text;
        assert!(text.contains(says), "{language}");
        assert!(keys_shown(&text).is_empty());
    }
    let small = token.to_string().to_lowercase();
    assert_eq!(visitor.get(&format!("/t/{small}")).status, 200);
}

#[test]
fn before_it_has_arrived_a_real_receipt_is_on_its_way_and_a_made_up_one_is_nothing() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let (_, token) = kiosk.seal(a_complaint("not sent yet"), mall.now());
    let mut visitor = Reader::stranger(&mall);
    visitor.language = "ko";
    let waiting = visitor.get(&format!("/t/{token}"));
    assert_eq!((waiting.status, waiting.text.contains("전달되는 중입니다")), (200, true));

    let random = Random::from_seed([5; 32]);
    let number = KioskNumber::new(1).unwrap();
    let made_up = random.with(|r| TrackingToken::new(number, &ReceiptKey([99; 32]), r));
    let before_enrolment =
        random.with(|r| TrackingToken::new(KioskNumber::NOT_ENROLLED, &kiosk.receipt_key, r));
    assert_eq!(visitor.get(&format!("/t/{before_enrolment}")).status, 200);
    let nothing = visitor.get(&format!("/t/{made_up}"));
    for other in ["/t/x", "/t/00000000000000000000000000000", "/t/%22%3E%3Cb%3E"] {
        let page = visitor.get(other);
        assert_eq!((page.status, &page.text), (404, &nothing.text), "{other}");
    }
    assert_eq!(nothing.headers["referrer-policy"], "no-referrer");
}

#[test]
fn a_visitor_who_is_not_satisfied_brings_the_case_back_and_cannot_flood_it() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let (version, seen) = reader.fields("/cases/1");
    let close = [("version", version.as_str()), ("seen", &seen), ("words", "Repaired."), ("stage", "closed")];
    assert_eq!(reader.post("/cases/1/answer", &close).status, 303);
    let (visitor, path) = (Reader::stranger(&mall), format!("/t/{token}"));
    assert!(visitor.get(&path).text.contains("Is it solved?"));
    let sent = visitor.post(&path, &[("verdict", "not-satisfied"), ("words", "Stuck again")]);
    assert_eq!(sent.headers["location"].to_str().unwrap(), format!("{path}?thanks=1"));
    assert!(!visitor.get(&path).text.contains("Is it solved?"), "they have just said so");
    let page = reader.get("/cases/1").text;
    assert!(page.contains("Stuck again") && page.contains("from being reopened"));
    let more: Vec<u16> = (0..12).map(|_| visitor.post(&path, &[("words", "more")]).status).collect();
    assert_eq!((more[0], more[11]), (303, 429));
    assert_eq!(visitor.post("/t/x", &[("words", "more")]).status, 404);
}

#[test]
fn tracking_pages_are_not_asked_for_without_end() {
    let mall = Mall::open();
    let visitor = Reader::stranger(&mall);
    let statuses: Vec<u16> = (0..121).map(|_| visitor.get("/t/x").status).collect();
    assert_eq!((statuses[0], statuses[119], statuses[120]), (404, 404, 429));
}

#[test]
fn news_comes_from_where_the_browser_stopped() {
    let mall = Mall::open();
    let (mut kiosk, _) = with_a_case(&mall, "The first");
    mall.tell(&mut kiosk, a_rating(4, None));
    let reader = Reader::signed_in(&mall, "admin");
    let heard = |path: &str, last: &str, n: usize| -> Vec<String> {
        let request = mall.agent.get(mall.url(path)).header("cookie", &reader.cookie);
        let response = request.header("last-event-id", last).call().unwrap();
        let lines = BufReader::new(response.into_body().into_reader()).lines().map(Result::unwrap);
        lines.filter_map(|line| line.strip_prefix("data: ").map(str::to_owned)).take(n).collect()
    };
    assert_eq!(
        heard("/live?after=0", "", 2),
        [r#"{"id":1,"case":1,"new":true}"#, r#"{"id":2,"case":2,"new":true}"#]
    );
    assert_eq!(heard("/live?after=0", "1", 1), [r#"{"id":2,"case":2,"new":true}"#]);
    let later = std::thread::scope(|scope| {
        let listening = scope.spawn(|| heard("/live?after=2", "", 1));
        mall.tell(&mut kiosk, a_call());
        listening.join().unwrap()
    });
    assert_eq!(later, [r#"{"id":3,"case":3,"new":true}"#]);
}

#[test]
fn a_console_that_is_open_does_not_hold_up_the_end_of_the_server() {
    let mall = Mall::open();
    let reader = Reader::signed_in(&mall, "admin");
    let request = mall.agent.get(mall.url("/live?after=0")).header("cookie", &reader.cookie);
    let response = request.call().unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let (started, Mall { running, place, .. }) = (std::time::Instant::now(), mall);
    running.stop();
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
    drop((response, place));
}

mod words {
    use std::collections::BTreeSet;
    use std::path::Path;

    use domain::case::Stage;
    use domain::submission::{Category, Kind, Remedy, Tag};

    use super::Language;
    use crate::words;

    fn keys(language: Language) -> BTreeSet<String> {
        words::read().keys(language).into_iter().map(str::to_owned).collect()
    }

    /// Keys that are written out in the sources, as arguments of the functions that look words up.
    fn used(folder: &str, fits: impl Fn(&str) -> bool) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let named = files.filter(|path| path.is_file() && fits(path.file_name().unwrap().to_str().unwrap()));
        let mut keys = BTreeSet::new();
        for path in named {
            let text = std::fs::read_to_string(path).unwrap();
            for call in [".t(\"", ".fill(\"", ".n(\""] {
                let found = text.split(call).skip(1).filter_map(|rest| rest.split('"').next());
                keys.extend(found.filter(|key| key.contains('.')).map(str::to_owned));
            }
        }
        keys
    }

    /// Families whose last part is the key of something.
    fn families() -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        keys.extend(Stage::ALL.iter().map(|stage| format!("stage.{}", stage.key())));
        keys.extend(Category::ALL.iter().map(|category| format!("category.{}", category.key())));
        keys.extend(Remedy::ALL.iter().map(|remedy| format!("remedy.{}", remedy.key())));
        keys.extend(Tag::ALL.iter().map(|tag| format!("tag.{}", tag.key())));
        keys.extend(
            Kind::ALL.iter().flat_map(|kind| [format!("kind.{}", kind.key()), format!("nav.{}", kind.key())]),
        );
        keys.extend(Language::ALL.iter().map(|language| format!("language.{}", language.tag())));
        keys.extend((1..=12).map(|month| format!("month.{month}")));
        keys
    }

    #[test]
    fn the_console_has_every_word_in_both_languages() {
        let (zh, en) = (keys(Language::ZhHans), keys(Language::En));
        assert_eq!(zh, en);
        let console = used("pages", |_| true).into_iter().chain(used("../../ui/console", |_| true));
        for key in console.chain(families()) {
            assert!(en.contains(&key), "{key}");
        }
    }

    #[test]
    fn the_tracking_page_has_every_word_in_five_languages() {
        let everywhere = keys(Language::ZhHant);
        assert_eq!(everywhere, keys(Language::Ja));
        assert_eq!(everywhere, keys(Language::Ko));
        let page = |name: &str| name.starts_with("tracking") || name == "speech.rs";
        let mut needed = used("pages", page);
        needed.extend(used("../../ui/console", page));
        needed.extend(
            families()
                .into_iter()
                .filter(|key| ["category", "month"].contains(&key.split('.').next().unwrap())),
        );
        let own = keys(Language::En).into_iter().filter(|key| key.starts_with("track."));
        for key in needed.into_iter().chain(own) {
            assert!(everywhere.contains(&key), "{key}");
        }
    }
}
