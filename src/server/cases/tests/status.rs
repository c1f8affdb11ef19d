//! Case lookups with a receipt, at a kiosk.

use domain::id::{Epoch, KioskNumber, Seq};
use domain::receipt::{CaseNumber, ReceiptKey, TrackingToken};
use domain::wire::{CASE_STATUS, CaseState, CaseStatus, Problem, Side, StepState};
use serde_json::{Value, json};

use crate::random::Random;
use crate::testing::{Mall, TestKiosk, a_complaint, fetch};

struct Reply {
    status: u16,
    body: String,
    retry_after_s: Option<u32>,
}

impl Reply {
    fn case_status(&self) -> CaseStatus {
        assert_eq!(self.status, 200, "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }

    fn refused(&self) -> (u16, String) {
        (self.status, serde_json::from_str::<Problem>(&self.body).unwrap().code)
    }
}

fn ask_as(mall: &Mall, bearer: &str, body: &Value) -> Reply {
    let request = mall.agent.post(mall.url(CASE_STATUS)).header("authorization", format!("Bearer {bearer}"));
    let reply = fetch(request.json(body));
    let wait = reply.headers.get("retry-after").map(|wait| wait.to_str().unwrap().parse().unwrap());
    Reply { status: reply.status, body: reply.text, retry_after_s: wait }
}

fn ask(mall: &Mall, kiosk: &TestKiosk, number: &str, code: &str) -> Reply {
    ask_as(mall, &kiosk.token, &json!({"number": number, "code": code, "language": "en"}))
}

/// A complaint of one kiosk, and another kiosk to ask at.
fn a_receipt(mall: &Mall) -> (TestKiosk, CaseNumber, TrackingToken) {
    let mut here = mall.kiosk("North door");
    let token = mall.tell(&mut here, a_complaint("The lift is stuck"));
    (mall.kiosk("South door"), CaseNumber::new(here.number, Epoch(1), Seq(1)), token)
}

/// At any kiosk, number and code, or the token, give what the tracking page shows, in every language.
#[test]
fn any_kiosk_says_what_the_tracking_page_says() {
    let mall = Mall::open();
    let (there, number, token) = a_receipt(&mall);
    let typed = ask(&mall, &there, &number.to_string(), &token.code().to_string()).case_status();
    assert_eq!((typed.state, typed.number.clone()), (CaseState::Found, number.to_string()));
    assert_eq!(typed.headline, "We've received it");
    let states: Vec<_> = typed.steps.iter().map(|step| step.state).collect();
    let ahead = StepState::Ahead;
    assert_eq!(states, [StepState::Now, ahead, ahead, ahead, ahead]);
    let promise = typed.promise.as_ref().unwrap();
    assert_eq!((promise.text.as_str(), promise.late), ("We'll reply by 22 Nov, 10:00", false));
    let sloppy = number.to_string().to_lowercase().replace('-', " ");
    assert!(ask(&mall, &there, &sloppy, &token.code().to_string().to_lowercase()).case_status() == typed);

    for (language, says) in [("zh-Hans", "我们已收到"), ("ja", "受け付けました"), ("ko", "잘 받았습니다")]
    {
        let scanned = json!({"token": token.to_string(), "language": language});
        let shown = ask_as(&mall, &there.token, &scanned).case_status();
        let page = fetch(mall.agent.get(mall.url(&format!("/t/{token}?lang={language}")))).text;
        assert!(shown.headline.contains(says), "{language}");
        let lines = shown.about.iter().chain(shown.steps.iter().map(|step| &step.label));
        for line in lines.chain([&shown.headline, &shown.promise.as_ref().unwrap().text]) {
            assert!(page.contains(line.as_str()), "{language}: {line} is not on the tracking page");
        }
    }
    let unknown = json!({"token": token.to_string(), "language": "tlh"});
    assert_eq!(ask_as(&mall, &there.token, &unknown).case_status().headline, "We've received it");
}

/// The status holds the answers of staff, and no data of the visitor.
#[test]
fn case_status_holds_answers_but_no_visitor_data() {
    let mall = Mall::open();
    let (there, number, token) = a_receipt(&mall);
    let db = crate::store::rows(&mall.place.path().join("data/galleria.db"));
    db.execute(
        "insert into case_event (case_id, at, actor, what, words) values (1, ?1, 'staff', 'answer', 'It moves again.'),
         (1, ?1, 'staff', 'note', 'among us')",
        [mall.now().timestamp_millis()],
    )
    .unwrap();
    let reply = ask(&mall, &there, &number.to_string(), &token.code().to_string());
    let shown = reply.case_status();
    let [message] = shown.messages.as_slice() else { panic!("{} messages", shown.messages.len()) };
    assert_eq!((message.words.as_str(), message.side), ("It moves again.", Side::Us));
    for private in ["13800001234", "The lift is stuck", "among us", &token.to_string()] {
        assert!(!reply.body.contains(private), "{private}");
    }
}

/// Five wrong codes are answered like a wrong number. Then the rate limit applies.
#[test]
fn five_wrong_codes_cause_a_wait() {
    let mall = Mall::open();
    let (there, number, token) = a_receipt(&mall);
    let (number, code) = (number.to_string(), token.code().to_string());
    let nobody = CaseNumber::new(there.number, Epoch(9), Seq(9)).to_string();
    let unknown = ask(&mall, &there, &nobody, &code);
    assert_eq!(unknown.refused(), (404, "unknown-case".to_owned()));
    for shapeless in [(number.as_str(), "short"), ("nonsense", code.as_str()), ("", "")] {
        assert_eq!(ask(&mall, &there, shapeless.0, shapeless.1).body, unknown.body);
    }
    let other = mall.kiosk("West door");
    for (n, kiosk) in [&there, &other, &there, &other, &there].into_iter().enumerate() {
        let wrong = ask(&mall, kiosk, &number, "0000-0000");
        assert_eq!((wrong.status, &wrong.body), (404, &unknown.body), "try {n}");
        assert_eq!(ask(&mall, kiosk, &number, "0000").body, unknown.body, "a malformed code takes no try");
    }
    for code in ["0000-0000", code.as_str()] {
        let refused = ask(&mall, &other, &number, code);
        assert_eq!(refused.refused(), (429, "too-many".to_owned()));
        assert_eq!(refused.retry_after_s, Some(12 * 60));
    }
    let scanned = json!({"token": token.to_string(), "language": "en"});
    assert_eq!(ask_as(&mall, &there.token, &scanned).status, 200, "the tracking token still works");
    mall.pass(12);
    for _ in 0..7 {
        assert_eq!(ask(&mall, &there, &number, &code).status, 200, "a right code takes no try");
    }
    assert_eq!(ask(&mall, &there, &number, "0000-0000").status, 404);
    assert_eq!(ask(&mall, &there, &number, &code).status, 429);
}

/// A case number that was never issued is rate limited like any other.
#[test]
fn an_unused_case_number_is_rate_limited_too() {
    let mall = Mall::open();
    let there = mall.kiosk("South door");
    let nobody = CaseNumber::new(there.number, Epoch(9), Seq(9)).to_string();
    let statuses: Vec<u16> = (0..6).map(|_| ask(&mall, &there, &nobody, "0000-0000").status).collect();
    assert_eq!(statuses, [404, 404, 404, 404, 404, 429]);
}

/// A receipt whose case has not arrived is on its way; a made-up one is unknown.
#[test]
fn a_receipt_of_an_offline_kiosk_is_recognised() {
    let mall = Mall::open();
    let mut here = mall.kiosk("North door");
    let (_, token) = here.seal(a_complaint("not sent yet"), mall.now());
    let ask = |token: &str| ask_as(&mall, &here.token, &json!({"token": token, "language": "en"}));
    let waiting = ask(&token.to_string()).case_status();
    assert_eq!((waiting.state, waiting.headline.as_str()), (CaseState::OnItsWay, "It's on its way"));
    assert!(waiting.text.contains("safe in the kiosk") && waiting.number.is_empty());

    let random = Random::from_seed([5; 32]);
    let made_up = random.with(|r| TrackingToken::new(KioskNumber::new(1).unwrap(), &ReceiptKey([99; 32]), r));
    for nothing in [made_up.to_string(), "x".to_owned(), String::new()] {
        assert_eq!(ask(&nothing).refused(), (404, "unknown-case".to_owned()), "{nothing}");
    }
}

#[test]
fn only_kiosks_may_ask_and_none_without_end() {
    let mall = Mall::open();
    let (there, number, token) = a_receipt(&mall);
    let right = json!({"number": number.to_string(), "code": token.code().to_string(), "language": "en"});
    assert_eq!(ask_as(&mall, "nobody", &right).refused(), (401, "wrong-token".to_owned()));
    for wrong in
        [json!([]), json!({}), json!({"number": 7, "code": "x", "language": "en"}), json!(["a", "b", "c"])]
    {
        assert_eq!(ask_as(&mall, &there.token, &wrong).refused(), (400, "malformed".to_owned()), "{wrong}");
    }
    let long = json!({"token": "x".repeat(5000), "language": "en"});
    assert_eq!(ask_as(&mall, &there.token, &long).refused(), (413, "too-large".to_owned()));
    let statuses: Vec<u16> = (0..31).map(|_| ask_as(&mall, &there.token, &right).status).collect();
    assert_eq!((statuses[0], statuses[29], statuses[30]), (200, 200, 429));
    let other = mall.kiosk("West door");
    assert_eq!(ask_as(&mall, &other.token, &right).status, 200, "another kiosk is not limited");
}
