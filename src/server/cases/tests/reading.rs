//! What wants no answer, what a visitor wrote last, and what the panel says of it.

use crate::browser::{Reader, with_a_case};
use crate::testing::{Mall, a_rating};

fn rows(reader: &Reader<'_>, path: &str) -> usize {
    reader.get(path).text.matches("class=\"content\"").count()
}

#[test]
fn ratings_are_marked_read_with_one_touch() {
    let mall = Mall::open();
    let (mut kiosk, _) = with_a_case(&mall, "The lift is stuck");
    let tokens: Vec<_> = (0..4).map(|_| mall.tell(&mut kiosk, a_rating(5, None))).collect();
    let token = &tokens[0];
    let reader = Reader::signed_in(&mall, "admin");
    let page = reader.get("/inbox?kind=feedback").text;
    assert!(page.contains("Mark 4 as read"), "{page}");
    let value = |name: &str, n: usize| {
        let mark = format!("name=\"{name}\" value=\"");
        page.split(&mark).nth(n).unwrap().split('"').next().unwrap().to_owned()
    };
    let listed: Vec<String> = (1..=4).map(|n| value("listed", n)).collect();
    let all: Vec<(&str, &str)> = listed.iter().map(|value| ("listed", value.as_str())).collect();
    let one = [all.as_slice(), &[("one", listed[1].as_str())]].concat();
    let read = reader.post("/inbox/read?kind=feedback", &one);
    assert_eq!((read.status, read.headers["location"].as_bytes()), (303, &b"/inbox?kind=feedback"[..]));
    assert_eq!(rows(&reader, "/inbox"), 4);
    assert_eq!(reader.post("/inbox/read", &all).status, 303);
    assert_eq!(rows(&reader, "/inbox"), 1, "the complaint wants an answer");
    assert_eq!(reader.post("/inbox/read", &[("one", "1:1"), ("listed", "x")]).status, 303);
    assert_eq!(rows(&reader, "/inbox"), 1);
    assert!(reader.get("/cases/2").text.contains("admin read it"));
    assert!(Reader::stranger(&mall).get(&format!("/t/{token}?lang=en")).text.contains("read it. Thank you"));
}

/// A visitor who writes to a closed case is heard: the case is open again, and promised an answer.
#[test]
fn words_to_a_closed_case_reach_staff() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let (version, seen) = reader.fields("/cases/1");
    let close = [("version", version.as_str()), ("seen", &seen), ("words", "Repaired."), ("stage", "closed")];
    assert_eq!(reader.post("/cases/1/answer", &close).status, 303);
    assert_eq!(rows(&reader, "/inbox"), 0);
    let (visitor, path) = (Reader::stranger(&mall), format!("/t/{token}"));
    assert_eq!(visitor.post(&path, &[("words", "Stuck again")]).status, 303);
    assert_eq!((rows(&reader, "/inbox"), rows(&reader, "/inbox?wrote=1")), (1, 1));
    assert!(visitor.get(&path).text.contains("class=\"promise open\""));
    let page = reader.get("/cases/1").text;
    let (words, field) = (page.find("Stuck again").unwrap(), page.find("<textarea").unwrap());
    assert!(words < field && !page[words..field].contains("<blockquote"), "beside the field: {page}");
}

/// An answer that crossed the visitor's words is not sent unread, and no colleague is blamed.
#[test]
fn words_that_cross_an_answer_are_shown_first() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let (version, seen) = reader.fields("/cases/1");
    assert_eq!(
        Reader::stranger(&mall).post(&format!("/t/{token}"), &[("words", "It moves again")]).status,
        303
    );
    let answer = [("version", version.as_str()), ("seen", &seen), ("words", "Somebody comes at noon.")];
    let late = reader.post("/cases/1/answer", &answer);
    assert_eq!(late.status, 409);
    let notice = late.text.split("id=\"notice\"").nth(1).unwrap().split("<form").next().unwrap();
    assert!(notice.contains("the visitor wrote too") && notice.contains("It moves again"), "{notice}");
    assert!(late.text.contains(">Somebody comes at noon.</textarea>"));
}

/// The story of a case stands on its page once, and its row ends with a whole word.
#[test]
fn a_story_is_not_cut_and_repeated() {
    let mall = Mall::open();
    let story =
        "The escalator next to the fountain makes a terrible grinding noise whenever somebody steps on it";
    let _ = with_a_case(&mall, story);
    let reader = Reader::signed_in(&mall, "admin");
    assert!(reader.get("/inbox").text.contains("makes a terrible grinding noise whenever…</a>"));
    let page = reader.get("/cases/1").text;
    let panel = page.split("<article").nth(1).unwrap().split("</article>").next().unwrap();
    assert_eq!(panel.matches("The escalator next").count(), 1, "{panel}");
}
