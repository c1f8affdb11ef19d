//! An impostor answers in the server's place with replies that make no sense. The visitor notices nothing,
//! nothing is lost, and everything arrives when the real server answers again.

use std::time::Duration;

use crate::stage::impostor::{Answer, Impostor, response};
use crate::stage::kiosk::Kiosk;
use crate::stage::mall::{Mall, at};

use domain::id::KioskNumber;
use domain::kind::Kind;
use domain::wire::{Batch, BatchReply, ItemResult, ItemStatus, Limits, Secret};
use kiosk::net::Roots;
use kiosk::sync::LinkState;

/// The kiosk that sent a batch, by what it contains.
fn sender(batch: &Batch) -> KioskNumber {
    let of_items = batch.items.iter().map(|item| item.kiosk);
    of_items.chain(batch.watermarks.iter().map(|of| of.kiosk)).next().unwrap_or(KioskNumber::NOT_ENROLLED)
}

/// A reply with `result` for each item.
fn reply(batch: &Batch, limits: Limits, result: impl Fn(usize) -> Option<ItemResult>) -> Vec<u8> {
    let reply = BatchReply {
        results: (0..batch.items.len()).filter_map(result).collect(),
        limits,
        next_poll_s: 1,
        ..BatchReply::new(sender(batch), batch.sent_at)
    };
    response("200 OK", "", &serde_json::to_vec(&reply).unwrap())
}

fn says(batch: &Batch, at: usize, status: ItemStatus) -> ItemResult {
    let item = &batch.items[at];
    ItemResult { id: item.id, status, sha256: item.sha256.clone(), reason: None }
}

const NONSENSE: [(&str, Answer); 19] = [
    ("a reply that names no kiosk", |batch| {
        let results = (0..batch.items.len()).map(|i| says(batch, i, ItemStatus::Stored)).collect();
        let reply = BatchReply { results, ..BatchReply::new(sender(batch), batch.sent_at) };
        let mut reply = serde_json::to_value(reply).unwrap();
        reply.as_object_mut().unwrap().remove("kiosk").unwrap();
        Some(response("200 OK", "", reply.to_string().as_bytes()))
    }),
    ("what is meant for another kiosk", |batch| {
        let reply = BatchReply {
            results: (0..batch.items.len()).map(|i| says(batch, i, ItemStatus::Stored)).collect(),
            token: Some(Secret("another kiosk's".to_owned())),
            next_poll_s: 1,
            ..BatchReply::new(KioskNumber::new(999).unwrap(), batch.sent_at)
        };
        Some(response("200 OK", "", &serde_json::to_vec(&reply).unwrap()))
    }),
    ("a page", |_| Some(response("200 OK", "content-type: text/html\r\n", b"<h1>Welcome to Mall WiFi</h1>"))),
    ("nothing", |_| Some(response("200 OK", "", b""))),
    ("half a reply", |batch| {
        let whole = reply(batch, Limits::default(), |i| Some(says(batch, i, ItemStatus::Stored)));
        let (head, body) = whole.split_at(whole.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4);
        assert!(!head.is_empty());
        Some(response("200 OK", "", &body[..body.len() - 20]))
    }),
    ("no results", |batch| Some(reply(batch, Limits::default(), |_| None))),
    ("results for others", |batch| {
        Some(reply(batch, Limits::default(), |i| {
            let id = "01900000-0000-7000-8000-000000000000".parse().unwrap();
            Some(ItemResult { id, ..says(batch, i, ItemStatus::Stored) })
        }))
    }),
    ("other hashes", |batch| {
        Some(reply(batch, Limits::default(), |i| {
            Some(ItemResult { sha256: "00".repeat(32), ..says(batch, i, ItemStatus::Stored) })
        }))
    }),
    ("put off", |batch| Some(reply(batch, Limits::default(), |i| Some(says(batch, i, ItemStatus::Retry))))),
    ("endless", |_| Some(response("200 OK", "", &vec![b' '; 3 * 1024 * 1024]))),
    ("elsewhere", |_| Some(response("302 Found", "location: https://127.0.0.1:1/\r\n", b""))),
    ("no content", |_| Some(response("204 No Content", "", b""))),
    ("a gate's 401", |_| Some(response("401 Unauthorized", "", b"<h1>Log in</h1>"))),
    ("a gate's 403", |_| Some(response("403 Forbidden", "", b"<h1>Blocked</h1>"))),
    ("not found", |_| Some(response("404 Not Found", "", b"{\"code\":\"x\",\"message\":\"y\"}"))),
    ("broken", |_| Some(response("500 Internal Server Error", "", b"panic"))),
    ("busy", |_| Some(response("503 Service Unavailable", "retry-after: 0\r\n", b""))),
    ("another language", |_| Some(b"220 mail.example ESMTP\r\n".to_vec())),
    ("silence", |_| None),
];

#[test]
fn nonsense_is_survived_whatever_it_is() {
    let mall = Mall::open();
    for (what, answer) in NONSENSE {
        let impostor = Impostor::open(&mall.data(), answer);
        let (mut kiosk, number) = Kiosk::at_home(&mall);
        kiosk.go_offline();
        kiosk.tell();
        let mut settings = kiosk.settings(at(impostor.socket()), &mall, None);
        settings.timeouts.total = Duration::from_millis(400);
        kiosk.go_online(settings);
        assert_eq!(impostor.asked(), 1, "{what}");
        kiosk.tell();
        assert!((1..=2).contains(&impostor.asked()), "{what}: it sends again");
        // An empty batch may come first: the kiosk checks whether the server answers at all.
        let again = (0..4).any(|_| impostor.asked() >= 1);
        assert!(again, "{what}: and once more");
        assert_eq!(kiosk.outbox().waiting().unwrap(), 2, "{what}");
        assert_eq!(kiosk.outbox().quarantined().unwrap(), [], "{what}");
        kiosk.go_offline();
        kiosk.go_online(kiosk.settings(mall.address(), &mall, None));
        kiosk.drained();
        mall.has_exactly(number, &kiosk.sent);
    }
}

/// A server that refuses everything causes no loss.
#[test]
fn a_server_refusing_everything_costs_nothing() {
    let mall = Mall::open();
    for answer in [(|_| Some(response("413 Content Too Large", "", b"<h1>413</h1>"))) as Answer, |_| {
        Some(response("400 Bad Request", "", b""))
    }] {
        let impostor = Impostor::open(&mall.data(), answer);
        let (mut kiosk, number) = Kiosk::at_home(&mall);
        kiosk.go_offline();
        for _ in 0..5 {
            kiosk.tell();
        }
        kiosk.go_online(kiosk.settings(at(impostor.socket()), &mall, None));
        let sizes: Vec<usize> = (0..12).map(|_| impostor.asked()).collect();
        assert!(sizes.starts_with(&[5, 2, 1]), "the batch is halved: {sizes:?}");
        assert_eq!(kiosk.outbox().waiting().unwrap(), 5);
        assert_eq!(kiosk.outbox().quarantined().unwrap(), []);
        kiosk.go_offline();
        kiosk.go_online(kiosk.settings(mall.address(), &mall, None));
        kiosk.drained();
        mall.has_exactly(number, &kiosk.sent);
    }
}

/// Of every nine submissions three are of these kinds.
const REFUSED: [Kind; 2] = [Kind::ServiceRequest, Kind::LostItem];

#[test]
fn refused_items_are_quarantined_and_the_others_pass() {
    let mall = Mall::open();
    let choosy: Answer = |batch| {
        if batch.items.iter().any(|item| REFUSED.contains(&item.kind)) {
            return Some(response("400 Bad Request", "", b"{\"code\":\"malformed\",\"message\":\"?\"}"));
        }
        Some(reply(batch, Limits::default(), |i| Some(says(batch, i, ItemStatus::Stored))))
    };
    let impostor = Impostor::open(&mall.data(), choosy);
    let (mut kiosk, _) = Kiosk::at_home(&mall);
    kiosk.go_offline();
    for _ in 0..9 {
        kiosk.tell();
    }
    kiosk.go_online(kiosk.settings(at(impostor.socket()), &mall, None));
    // A refusal counts only after the server has stored something else since. Therefore visitors keep coming,
    // but not between every two requests: new submissions are sent first.
    for request in 0..500 {
        if kiosk.outbox().quarantined().unwrap().len() == 3 {
            break;
        }
        impostor.asked();
        if request % 5 == 0 && kiosk.outbox().waiting().unwrap() < 4 {
            kiosk.tell_as(0);
        }
    }
    let kinds: Vec<Kind> = kiosk.outbox().quarantined().unwrap().iter().map(|q| q.kind).collect();
    assert!(kinds.len() == 3 && kinds.iter().all(|kind| REFUSED.contains(kind)), "{kinds:?}");
}

#[test]
fn a_server_that_takes_little_is_given_little() {
    let mall = Mall::open();
    let small: Answer = |batch| {
        let limits = Limits { max_items: 2, ..Limits::default() };
        Some(reply(batch, limits, |i| {
            Some(says(batch, i, if batch.items.len() > 2 { ItemStatus::Retry } else { ItemStatus::Stored }))
        }))
    };
    let impostor = Impostor::open(&mall.data(), small);
    let (mut kiosk, _) = Kiosk::at_home(&mall);
    kiosk.go_offline();
    for _ in 0..7 {
        kiosk.tell();
    }
    kiosk.go_online(kiosk.settings(at(impostor.socket()), &mall, None));
    let sizes: Vec<usize> = (0..5).map(|_| impostor.asked()).collect();
    assert_eq!(sizes, [7, 2, 2, 2, 1]);
    kiosk.drained();
}

/// A server whose certificate has another authority gets no token.
#[test]
fn a_foreign_certificate_gets_no_token() {
    let (mall, other) = (Mall::open(), Mall::closed());
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    kiosk.go_offline();
    kiosk.tell();
    let impostor = Impostor::open(&other.data(), |_| None);
    let wrong = kiosk.settings(at(impostor.socket()), &mall, None);
    kiosk.go_online(wrong);
    kiosk.until(LinkState::Offline);
    kiosk.go_offline();
    // With that authority's certificate the kiosk sends to it.
    let mut settings = kiosk.settings(at(impostor.socket()), &mall, None);
    settings.roots = Roots::from_file(&other.ca()).unwrap();
    kiosk.go_online(settings);
    assert_eq!(impostor.asked(), 1);
    kiosk.go_offline();
    kiosk.go_online(kiosk.settings(mall.address(), &mall, None));
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
}

/// Batches are compressed for a server that accepts it, and never again after a compressed batch was refused.
#[test]
fn refused_compression_is_not_tried_again() {
    let mall = Mall::open();
    for gate in REFUSALS {
        let impostor = Impostor::open(&mall.data(), gate);
        let (mut kiosk, _) = Kiosk::at_home(&mall);
        kiosk.go_offline();
        kiosk.go_online(kiosk.settings(at(impostor.socket()), &mall, None));
        assert!(!impostor.request().is_packed, "the server has not offered compression yet");
        let is_refused = (0..60).any(|n| {
            kiosk.tell_as(2 * (n % 2));
            let asked = impostor.request();
            asked.is_packed && asked.kinds.contains(&Kind::Feedback)
        });
        assert!(is_refused, "compressed after the server offered it");
        for _ in 0..6 {
            kiosk.tell_as(0);
            assert!(!impostor.request().is_packed, "although the server keeps offering it");
        }
    }
}

/// Gateways that refuse compressed batches with a rating, in front of a server that accepts gzip.
const REFUSALS: [Answer; 3] = [
    |batch| takes_gzip(batch, "415 Unsupported Media Type"),
    |batch| takes_gzip(batch, "400 Bad Request"),
    |batch| takes_gzip(batch, "413 Content Too Large"),
];

fn takes_gzip(batch: &Batch, refusal: &str) -> Option<Vec<u8>> {
    if batch.items.iter().any(|item| item.kind == Kind::Feedback) {
        return Some(response(refusal, "", b"<h1>gzip?</h1>"));
    }
    let results = (0..batch.items.len()).map(|i| says(batch, i, ItemStatus::Stored)).collect();
    let reply = BatchReply { results, next_poll_s: 3600, ..BatchReply::new(sender(batch), batch.sent_at) };
    Some(response("200 OK", "accept-encoding: br, gzip\r\n", &serde_json::to_vec(&reply).unwrap()))
}
