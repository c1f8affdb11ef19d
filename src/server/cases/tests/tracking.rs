//! The tracking page behind the QR code of a receipt.

use domain::id::KioskNumber;
use domain::receipt::{ReceiptKey, TrackingToken};

use crate::browser::{Reader, keys_shown, with_a_case};
use crate::random::Random;
use crate::testing::{Mall, a_complaint};

/// The page shows the progress in the visitor's language, and no data of the visitor.
#[test]
fn tracking_page_shows_progress_but_no_visitor_data() {
    let mall = Mall::open();
    let (_, token) = with_a_case(&mall, "The lift is stuck");
    let mut visitor = Reader::stranger(&mall);
    visitor.language = "ja";
    let page = visitor.get(&format!("/t/{token}"));
    assert!(page.text.contains("received it</h1>"), "the language in which it was sent");
    assert!(page.text.contains("reply by 22 Nov, 10:00"), "{}", page.text);
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

#[test]
fn tracking_pages_are_not_asked_for_without_end() {
    let mall = Mall::open();
    let visitor = Reader::stranger(&mall);
    let statuses: Vec<u16> = (0..121).map(|_| visitor.get("/t/x").status).collect();
    assert_eq!((statuses[0], statuses[119], statuses[120]), (404, 404, 429));
}
