//! The tracking page behind the QR code of a receipt.

use domain::id::KioskNumber;
use domain::language::Language;
use domain::receipt::{ReceiptKey, TrackingToken};

use crate::browser::{Reader, keys_shown, with_a_case};
use crate::random::Random;
use crate::testing::{Mall, a_complaint};

/// The page shows the progress in the visitor's language, and what they said line by line, but no contact.
#[test]
fn tracking_page_shows_words_but_no_contact() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck\nbetween two floors");
    let mut visitor = Reader::stranger(&mall);
    visitor.language = "ja";
    let page = visitor.get(&format!("/t/{token}"));
    assert!(page.text.contains("received it</h1>"), "the language in which it was sent");
    assert!(page.text.contains("reply by 22 Nov, 10:00"), "{}", page.text);
    assert!(page.text.contains("The lift is stuck\nbetween two floors"), "{}", page.text);
    assert!(!page.text.contains("13800001234"));
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

/// A receipt whose case has not arrived is on its way; a made-up one is unknown.
#[test]
fn a_late_case_is_on_its_way() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let (_, token) = kiosk.seal(a_complaint("not sent yet"), mall.now());
    let mut visitor = Reader::stranger(&mall);
    visitor.language = "ko";
    let waiting = visitor.get(&format!("/t/{token}"));
    assert_eq!((waiting.status, waiting.text.contains("전달되는 중입니다")), (200, true));
    assert_eq!(waiting.headers["refresh"], "20");

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
    assert!(!nothing.headers.contains_key("refresh"), "nothing is going to arrive");
}

/// The page of an unknown link offers every language and names the desk. It does not repeat the token.
#[test]
fn an_unknown_link_offers_languages_and_the_desk() {
    let mall = Mall::open();
    let visitor = Reader::stranger(&mall);
    let page = visitor.get("/t/x").text;
    for language in Language::ALL {
        assert!(page.contains(&format!("href=\"?lang={}\"", language.tag())), "{page}");
    }
    assert!(page.contains("ask at the information desk") && !page.contains("/t/"), "{page}");
    assert!(visitor.get("/t/x?lang=ja").text.contains("見つかりません"));
}

/// The page of a case has a link to reload it, and never reloads by itself: a reload could lose typed text.
#[test]
fn a_case_page_never_reloads_by_itself() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let page = Reader::stranger(&mall).get(&format!("/t/{token}"));
    assert!(!page.headers.contains_key("refresh") && !page.text.contains("http-equiv"));
    assert!(page.text.contains("<a class=\"again\" href=\"?lang=en\">Refresh</a>"), "{}", page.text);
}

/// A visitor may add words at any time. The page asks whether it is solved after staff have told a result.
#[test]
fn verdict_is_asked_only_after_a_result() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let reader = Reader::signed_in(&mall, "admin");
    let staff = |change: &str, words: &str, stage: &str| {
        let (version, seen) = reader.fields("/cases/1");
        let form = [("version", version.as_str()), ("seen", &seen), ("words", words), ("stage", stage)];
        assert_eq!(reader.post(&format!("/cases/1/{change}"), &form).status, 303, "{change} {stage}");
    };
    let (visitor, path) = (Reader::stranger(&mall), format!("/t/{token}"));
    let is_asked = || {
        let page = visitor.get(&path).text;
        assert!(page.contains("<textarea") && page.contains("Send</button>"), "{page}");
        page.contains("Is it solved?")
    };
    assert!(!is_asked());
    staff("answer", "An engineer is on the way.", "investigation");
    assert!(!is_asked(), "this answer is no result");
    staff("stage", "", "resolution");
    assert!(!is_asked());
    staff("stage", "", "response");
    assert!(is_asked());
    assert_eq!(visitor.post(&path, &[("words", "It hums now")]).status, 303);
    assert!(is_asked(), "words are no verdict");
    assert!(visitor.get(&path).text.contains("It hums now"));
    assert_eq!(visitor.post(&path, &[("verdict", "satisfied")]).status, 303);
    assert!(!is_asked(), "the verdict was given");
}

/// A visitor who is not satisfied reopens the case; a rate limit bounds further replies.
#[test]
fn an_unsatisfied_visitor_reopens_the_case_once() {
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
    assert!(!visitor.get(&path).text.contains("Is it solved?"), "the verdict was just given");
    let page = reader.get("/cases/1").text;
    assert!(page.contains("Stuck again") && page.contains("from being reopened"));
    let more: Vec<u16> = (0..12).map(|_| visitor.post(&path, &[("words", "more")]).status).collect();
    assert_eq!((more[0], more[11]), (303, 429));
    assert_eq!(visitor.post("/t/x", &[("words", "more")]).status, 404);
}

/// A text that cannot be seen is not stored, and the visitor is asked for words.
#[test]
fn what_cannot_be_seen_is_not_thanked_for() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let (mut visitor, path) = (Reader::stranger(&mall), format!("/t/{token}"));
    for (language, asks) in [("en", "Please write a few words"), ("zh-Hans", "请写几个字")] {
        visitor.language = language;
        for nothing in ["\u{200b}\u{feff}", "\u{2800}", "\u{3164}", " \r\n ", ""] {
            let page = visitor.post(&format!("{path}?lang={language}"), &[("words", nothing)]);
            assert_eq!((page.status, page.text.contains(asks)), (422, true), "{nothing:?}: {}", page.text);
        }
    }
    let history = Reader::signed_in(&mall, "admin").get("/cases/1").text;
    assert!(!history.contains("added something"), "{history}");
    assert_eq!(visitor.post("/t/x", &[("words", "\u{200b}")]).status, 404);
}

#[test]
fn tracking_pages_are_not_asked_for_without_end() {
    let mall = Mall::open();
    let visitor = Reader::stranger(&mall);
    let statuses: Vec<u16> = (0..121).map(|_| visitor.get("/t/x").status).collect();
    assert_eq!((statuses[0], statuses[119], statuses[120]), (404, 404, 429));
}

/// Whoever tries links by sending words to them has no more tries than with the page.
#[test]
fn words_to_unknown_links_are_counted_too() {
    let mall = Mall::open();
    let visitor = Reader::stranger(&mall);
    let statuses: Vec<u16> = (0..121).map(|_| visitor.post("/t/x", &[("words", "more")]).status).collect();
    assert_eq!((statuses[0], statuses[119], statuses[120]), (404, 404, 429));
}
