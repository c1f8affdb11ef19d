//! The form of the case panel: nothing that was typed is lost, and nothing is stored twice.

use crate::browser::{Reader, with_a_case};
use crate::testing::{Mall, PASSWORD};

/// The form as the page shows it, with this text typed.
fn form<'a>(page: &str, typed: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
    let shown = |name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        page.split(&mark).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let hidden = ["version", "seen", "token"].map(|name| (name, shown(name)));
    let typed = typed.iter().map(|(name, value)| (*name, (*value).to_owned()));
    hidden.into_iter().chain(typed).collect()
}

fn post(reader: &Reader<'_>, path: &str, form: &[(&str, String)]) -> crate::testing::Reply {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    reader.post(path, &form)
}

/// Makes every change of a case fail, as a full disk does.
fn refuse_changes(mall: &Mall) -> impl FnOnce() {
    let path = mall.place.path().join("data/galleria.db");
    let db = crate::store::rows(&path);
    let refuse = "create trigger full before insert on case_event begin select raise(abort, 'full'); end";
    db.execute_batch(refuse).unwrap();
    move || db.execute_batch("drop trigger full").unwrap()
}

#[test]
fn a_form_sent_twice_is_answered_as_before() {
    let mall = Mall::open();
    let _ = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let page = reader.get("/cases/1?due=late").text;
    for (button, typed) in [
        ("answer", [("words", "It moves again."), ("stage", "investigation")]),
        ("note", [("note", "Ask the engineer"), ("stage", "")]),
    ] {
        let page = if button == "answer" { page.clone() } else { reader.get("/cases/1").text };
        let sent = form(&page, &typed);
        for n in 0..2 {
            let reply = post(&reader, &format!("/cases/1/{button}?due=late"), &sent);
            assert_eq!(
                (reply.status, reply.headers["location"].as_bytes()),
                (303, &b"/cases/1?due=late"[..]),
                "{n}"
            );
        }
    }
    let page = reader.get("/cases/1").text;
    for words in ["It moves again.", "Ask the engineer"] {
        assert_eq!(page.matches(words).count(), 1, "{page}");
    }
}

#[test]
fn a_visitors_words_sent_twice_are_stored_once() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let (visitor, path) = (Reader::stranger(&mall), format!("/t/{token}"));
    let page = visitor.get(&path).text;
    let token = page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let places: Vec<_> = (0..2)
        .map(|_| visitor.post(&path, &[("words", "It hums"), ("token", token)]).headers["location"].clone())
        .collect();
    assert_eq!(places[0], places[1]);
    assert_eq!(visitor.get(&path).text.matches("It hums").count(), 1);
}

/// A button stores what it is for. What was typed beside it stays.
#[test]
fn no_button_loses_what_was_typed() {
    let mall = Mall::open();
    let _ = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let typed = [("words", "Half a sente"), ("note", "half a no")];
    for (button, stage, left) in [
        ("contact", "", ["Half a sente", "half a no"].as_slice()),
        ("stage", "investigation", &["Half a sente", "half a no"]),
        ("note", "", &["Half a sente"]),
        ("answer", "", &["half a no"]),
    ] {
        let mut sent = form(&reader.get("/cases/1").text, &typed);
        sent.push(("stage", stage.to_owned()));
        let page = post(&reader, &format!("/cases/1/{button}"), &sent);
        assert_eq!(page.status, 200, "{button}");
        for text in left {
            assert!(page.text.contains(&format!(">{text}</textarea>")), "{button}: {}", page.text);
        }
    }
    let alone = reader.get("/cases/1/stage?kind=complaint");
    assert_eq!((alone.status, alone.headers["location"].as_bytes()), (303, &b"/cases/1?kind=complaint"[..]));
}

#[test]
fn a_full_disk_gives_the_text_back() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let sent = form(&reader.get("/cases/1").text, &[("words", "It moves again."), ("note", "half a no")]);
    let mend = refuse_changes(&mall);
    let page = post(&reader, "/cases/1/answer", &sent);
    assert_eq!(page.status, 500);
    assert!(page.text.contains(">It moves again.</textarea>") && page.text.contains(">half a no</textarea>"));
    assert!(page.text.contains("could not store it"), "{}", page.text);
    let visitor = Reader::stranger(&mall).post(&format!("/t/{token}"), &[("words", "It hums")]);
    assert_eq!(visitor.status, 500);
    assert!(
        visitor.text.contains(">It hums</textarea>") && !visitor.text.contains("/t/"),
        "{}",
        visitor.text
    );
    assert!(!visitor.text.contains("/inbox"), "a visitor has no way there");
    mend();
    assert_eq!(
        post(&reader, "/cases/1/answer", &form(&page.text, &[("words", "It moves again.")])).status,
        303
    );
}

/// Without a store that reads there is no case page: the error page gives the form back.
#[test]
fn a_broken_store_gives_the_form_back() {
    let mall = Mall::open();
    let _ = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let sent = form(&reader.get("/cases/1").text, &[("words", "It moves again.")]);
    let db = crate::store::rows(&mall.place.path().join("data/galleria.db"));
    db.execute_batch("alter table promise rename to gone").unwrap();
    let page = post(&reader, "/cases/1/answer", &sent);
    assert_eq!(page.status, 500);
    assert!(page.text.contains(">It moves again.</textarea>"), "{}", page.text);
    assert!(page.text.contains("action=\"/cases/1/answer\"") && page.text.contains("name=\"token\""));
}

/// The form of a reader whose session has ended comes back after signing in, at its case.
#[test]
fn signing_in_brings_an_unsent_answer_back() {
    let mall = Mall::open();
    let _ = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let sent = form(&reader.get("/cases/1?due=late").text, &[("words", "It moves again.")]);
    mall.pass(31);
    let refused = post(&reader, "/cases/1/answer?due=late", &sent);
    assert_eq!(refused.status, 307, "the browser sends the form on");
    let login = refused.headers["location"].to_str().unwrap();
    let page = post(&reader, login, &sent);
    assert_eq!(page.status, 401);
    assert!(
        page.text.contains("comes back") && page.text.contains("value=\"It moves again.\""),
        "{}",
        page.text
    );
    let mut again = sent.clone();
    let back = "/cases/1/draft?due=late";
    again
        .extend([("login", "admin"), ("password", PASSWORD), ("back", back)].map(|(n, v)| (n, v.to_owned())));
    let signed_in = post(&reader, "/login", &again);
    assert_eq!((signed_in.status, signed_in.headers["location"].as_bytes()), (307, back.as_bytes()));
    let mut reader = Reader::stranger(&mall);
    reader.cookie = signed_in.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = post(&reader, back, &again);
    assert!(page.text.contains(">It moves again.</textarea>") && page.text.contains("has not been sent yet"));
    assert!(!page.text.contains(PASSWORD));
}

/// A reply that was one too many comes back to the visitor.
#[test]
fn a_visitors_eleventh_reply_is_given_back() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let (visitor, path) = (Reader::stranger(&mall), format!("/t/{token}"));
    let replies: Vec<_> = (0..11).map(|n| visitor.post(&path, &[("words", &format!("word {n}"))])).collect();
    assert_eq!((replies[9].status, replies[10].status), (303, 429));
    assert!(replies[10].text.contains(">word 10</textarea>"), "{}", replies[10].text);
}
