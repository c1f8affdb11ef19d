//! Refusals of pages by the framework: each is a page in the reader's language that says what to do.

use crate::browser::{Reader, keys_shown};
use crate::testing::{Mall, Reply, fetch};

/// What a reader is shown: status, language, heading.
fn shown(page: &Reply) -> (u16, String) {
    let heading = page.text.split("<h1>").nth(1).unwrap_or(&page.text).split("</h1>").next().unwrap();
    assert!(page.text.starts_with("<!doctype html>") && keys_shown(&page.text).is_empty(), "{}", page.text);
    (page.status, heading.to_owned())
}

/// Old bookmarks, half an address, a button's address in the address bar.
#[test]
fn odd_addresses_get_a_page_in_the_readers_language() {
    let mall = Mall::open();
    let mut reader = Reader::signed_in(&mall, "admin");
    for (language, unreadable, by_button) in [
        ("en", "This address cannot be read", "This page opens another way"),
        ("zh-Hans", "无法识别这个网址", "这个页面要用别的方式打开"),
    ] {
        reader.language = language;
        for odd in
            ["/inbox?kind=a&kind=b", "/audit?before=x", "/cases/x", "/live?after=x", "/kiosks?page=1&page=2"]
        {
            assert_eq!(shown(&reader.get(odd)), (400, unreadable.to_owned()), "{odd}");
        }
        for button in ["/logout", "/kiosks/K1/revoke"] {
            assert_eq!(shown(&reader.get(button)), (405, by_button.to_owned()), "{button}");
        }
    }
    let allowed = reader.get("/logout");
    assert_eq!(allowed.headers["allow"], "POST", "what a program reads stays");
}

/// Forms that are too long, incomplete, or not sent as a form.
#[test]
fn broken_forms_get_a_page_that_says_what_to_do() {
    let mall = Mall::open();
    let reader = Reader::signed_in(&mall, "admin");
    let long = "x".repeat(70_000);
    for path in ["/login", "/cases/1/answer", "/language"] {
        assert_eq!(shown(&reader.post(path, &[("words", &long)])), (413, "That is too much text".to_owned()));
    }
    for path in ["/login", "/language"] {
        assert_eq!(shown(&reader.post(path, &[("x", "y")])), (422, "That did not work".to_owned()), "{path}");
    }
    assert_eq!(
        shown(&reader.post("/language", &[("language", "xx")])),
        (422, "That did not work".to_owned())
    );
    let plain = mall.agent.post(mall.url("/login")).header("content-type", "text/plain").body("login=admin");
    assert_eq!(shown(&fetch(plain)), (415, "That did not work".to_owned()));
    let page = reader.post("/cases/1/note", &[("words", &long)]).text;
    assert!(page.contains("Nothing was stored. Go back, shorten it and send it again."), "{page}");
}

/// Visitors read the same in their five languages, without a way to an inbox.
#[test]
fn visitors_are_told_in_their_language() {
    let mall = Mall::open();
    let mut visitor = Reader::stranger(&mall);
    for (language, said) in
        [("ja", "文字が多すぎます"), ("ko", "내용이 너무 깁니다"), ("zh-Hant", "內容太長")]
    {
        visitor.language = language;
        let page = visitor.post("/t/x", &[("words", &"x".repeat(70_000))]);
        assert_eq!(shown(&page), (413, said.to_owned()));
        assert!(!page.text.contains("/inbox"), "{}", page.text);
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
    }
    assert_eq!(shown(&visitor.get("/t/x?lang=ko&lang=ja")).0, 400);
}

/// A balancer reads a status, not a page.
#[test]
fn what_programs_ask_for_stays_bare() {
    let mall = Mall::open();
    let refused = Reader::stranger(&mall).post("/healthz", &[("a", "b")]);
    assert_eq!((refused.status, refused.text.as_str()), (405, ""));
}

/// Kiosks get problem documents, never pages.
#[test]
fn the_api_answers_with_problem_documents() {
    let mall = Mall::open();
    let reader = Reader::stranger(&mall);
    for path in ["/api/v1/kiosk/enrolments", "/api/v1/kiosk/submissions:batch", "/api/nothing"] {
        for page in [reader.get(path), reader.post(path, &[("a", "b")])] {
            assert_eq!(page.headers["content-type"], "application/problem+json", "{path}");
        }
    }
}
