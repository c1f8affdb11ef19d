//! Signing in leads back to where one was, and only people keep a session alive.

use crate::browser::Reader;
use crate::testing::{Mall, PASSWORD, fetch};

#[test]
fn signing_in_leads_back_to_the_page() {
    let mall = Mall::open();
    let stranger = Reader::stranger(&mall);
    let asked = stranger.get("/cases/7?due=late&q=%E6%89%B6");
    let login = stranger.get(asked.headers["location"].to_str().unwrap()).text;
    assert!(login.contains("name=\"back\" value=\"/cases/7?due=late&#38;q=%E6%89%B6\""), "{login}");
    let claim = |back| {
        let page = stranger.post("/login", &[("login", "admin"), ("password", PASSWORD), ("back", back)]);
        page.headers["location"].to_str().unwrap().to_owned()
    };
    assert_eq!(claim("/cases/7?due=late&q=%E6%89%B6"), "/cases/7?due=late&q=%E6%89%B6");
    assert_eq!(claim("//evil.example"), "/inbox");
    let wrong = [("login", "admin"), ("password", "wrong password"), ("back", "/cases/7")];
    assert!(stranger.post("/login", &wrong).text.contains("name=\"back\" value=\"/cases/7\""));
}

/// A script that brings the list up to date is no use by a person.
#[test]
fn scripts_do_not_prolong_a_session() {
    let mall = Mall::open();
    let reader = Reader::signed_in(&mall, "admin");
    mall.pass(20);
    let request = mall.agent.get(mall.url("/inbox")).header("cookie", &reader.cookie);
    assert_eq!(fetch(request.header("sec-fetch-dest", "empty")).status, 200);
    mall.pass(11);
    assert_eq!(reader.get("/inbox").status, 303);
}
