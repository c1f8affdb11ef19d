//! Signatures, and compressed batches.

use std::io::Write as _;

use domain::signature::{SignedPurpose, SigningKey};
use domain::wire::{BATCH_SIGNATURE, Bytes, CASE_STATUS, ENROLMENT_SIGNATURE, EnrolmentRequest, Signed};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn key(seed: u8) -> SigningKey {
    crate::Random::from_seed([seed; 32]).with(SigningKey::new)
}

fn public(key: &SigningKey) -> Bytes {
    Bytes(key.verifying_key().to_bytes().to_vec())
}

/// A kiosk, and its signing key.
fn a_kiosk(mall: &Mall) -> (TestKiosk, SigningKey) {
    let kiosk = mall.kiosk("North door");
    let key = kiosk.signing_key.clone();
    (kiosk, key)
}

fn a_batch(mall: &Mall, kiosk: &mut TestKiosk) -> Batch {
    let (item, _) = kiosk.seal(a_complaint("the lift is stuck"), mall.now());
    Batch { sent_at: mall.now(), items: vec![item], ..Batch::default() }
}

fn signed(batch: &Batch, kiosk: &TestKiosk, key: &SigningKey) -> Signed {
    Signed::batch(batch, kiosk.number, &Secret(kiosk.token.clone()), key)
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn post(
    mall: &Mall,
    path: &str,
    token: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (u16, String, Option<String>) {
    let mut request = mall.agent.post(mall.url(path)).header("authorization", format!("Bearer {token}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let reply = fetch(request.header("content-type", "application/json").body(body.to_owned()));
    let codings = reply.headers.get("accept-encoding").map(|value| value.to_str().unwrap().to_owned());
    (reply.status, reply.text, codings)
}

#[test]
fn a_batch_needs_the_signature_of_its_kiosk() {
    let mall = Mall::open();
    let (mut kiosk, key) = a_kiosk(&mall);
    let Signed { body, signature } = signed(&a_batch(&mall, &mut kiosk), &kiosk, &key);
    let mut changed = body.clone();
    let seq = body.windows(5).position(|part| part == b"\"seq\"").unwrap();
    changed[seq + 6] = b'7';
    let others = self::key(6).sign(SignedPurpose::batch(kiosk.number, &kiosk.token), &body);
    for (signature, body) in [(None, &body), (Some(&others), &body), (Some(&signature), &changed)] {
        let headers: Vec<_> = signature.map(|text| (BATCH_SIGNATURE, text.as_str())).into_iter().collect();
        let (status, text, _) = post(&mall, BATCH, &kiosk.token, &headers, body);
        let problem: Problem = serde_json::from_str(&text).unwrap();
        assert_eq!((status, problem.code.as_str()), (403, "wrong-signature"));
    }
    assert_eq!(asked(&mall, "select count(*) from sealed_item"), 0, "a refused batch is not stored");
    assert_eq!(mall.admin().kiosks().unwrap()[0].wrong_signature_at, Some(mall.now()), "but staff see it");

    let (status, text, _) = post(&mall, BATCH, &kiosk.token, &[(BATCH_SIGNATURE, &signature)], &body);
    assert_eq!(status, 200, "{text}");
    assert_eq!(cases(&mall), 1);
}

#[test]
fn a_changed_enrolment_locks_nobody_out() {
    let mall = Mall::open();
    let key = key(5);
    let (_, code) = mall.admin().add_kiosk("North door").unwrap();
    let mut request = mall.enrolment(&code.to_string(), 1);
    request.signing_key = public(&key);
    let Signed { body, signature } = Signed::enrolment(&request, &key);
    let headers = [(ENROLMENT_SIGNATURE, signature.as_str())];
    request.receipt_key.0[7] ^= 1;
    let changed = serde_json::to_vec(&request).unwrap();
    for (headers, body) in [(&headers[..], &changed[..]), (&[], &body[..])] {
        let (status, text, _) = post(&mall, ENROLMENTS, "", headers, body);
        assert_eq!((status, text.contains("wrong-signature")), (403, true), "{text}");
    }
    let nameless = String::from_utf8(body.to_vec()).unwrap().replace("signing_key", "signing_kez");
    assert_eq!(post(&mall, ENROLMENTS, "", &headers, nameless.as_bytes()).0, 400);
    assert_eq!(post(&mall, ENROLMENTS, "", &headers, &body).0, 200, "the code is still good");
    assert_eq!(post(&mall, ENROLMENTS, "", &headers, &body).0, 200, "the reply may have been lost");
    request.receipt_key.0[7] ^= 1;
    let others = EnrolmentRequest { signing_key: public(&self::key(6)), ..request };
    let Signed { body, signature } = Signed::enrolment(&others, &self::key(6));
    let (status, text, _) = post(&mall, ENROLMENTS, "", &[(ENROLMENT_SIGNATURE, &signature)], &body);
    assert_eq!((status, text.contains("used-code")), (409, true), "nobody else can use it: {text}");
}

#[test]
fn a_renewed_token_needs_the_same_signature() {
    let mall = Mall::with(|settings| settings.token_days = 1);
    let (mut kiosk, key) = a_kiosk(&mall);
    mall.pass(3 * 24 * 60);
    let Signed { body, signature } = signed(&a_batch(&mall, &mut kiosk), &kiosk, &key);
    let (_, text, _) = post(&mall, BATCH, &kiosk.token, &[(BATCH_SIGNATURE, &signature)], &body);
    let reply: BatchReply = serde_json::from_str(&text).unwrap();
    let next = reply.token.expect("the old one is too old").0;
    assert_eq!(post(&mall, BATCH, &next, &[], &body).0, 403);
    // A replay of what was signed under the old token cannot make the new token look used.
    assert_eq!(post(&mall, BATCH, &next, &[(BATCH_SIGNATURE, &signature)], &body).0, 403);
    kiosk.token = next;
    let Signed { body, signature } = signed(&a_batch(&mall, &mut kiosk), &kiosk, &key);
    assert_eq!(post(&mall, BATCH, &kiosk.token, &[(BATCH_SIGNATURE, &signature)], &body).0, 200);
}

#[test]
fn a_compressed_batch_is_the_same_batch() {
    let mall = Mall::open();
    let (mut kiosk, key) = a_kiosk(&mall);
    let Signed { body, signature } = signed(&a_batch(&mall, &mut kiosk), &kiosk, &key);
    let plain = [(BATCH_SIGNATURE, signature.as_str())];
    let zipped = [(BATCH_SIGNATURE, signature.as_str()), ("content-encoding", "gzip")];
    let (status, text, codings) = post(&mall, BATCH, &kiosk.token, &zipped, &packed(&body));
    assert_eq!((status, codings.as_deref()), (200, Some("gzip")), "{text}");
    let (_, text, _) = post(&mall, BATCH, &kiosk.token, &plain, &body);
    let again: BatchReply = serde_json::from_str(&text).unwrap();
    assert_eq!(again.results[0].status, ItemStatus::Duplicate);
    assert_eq!(cases(&mall), 1);
}

#[test]
fn wrongly_compressed_bodies_are_refused() {
    let mall = Mall::open();
    let (kiosk, _) = a_kiosk(&mall);
    let bomb = packed(&vec![b' '; 300 * 1024 * 1024]);
    assert!(bomb.len() < 1024 * 1024);
    let mismatch = (403, "wrong-signature");
    for (path, coding, body, expected, taken) in [
        (BATCH, "gzip", &bomb[..], (413, "too-large"), None),
        (BATCH, "gzip", &packed(b"{}")[..12], mismatch, None),
        (BATCH, "X-GZIP", b"{}", mismatch, None),
        (BATCH, "br", b"{}", (415, "wrong-encoding"), Some("gzip")),
        (CASE_STATUS, "gzip", &packed(b"{}"), (415, "wrong-encoding"), Some("identity")),
        (ENROLMENTS, "gzip", &packed(b"{}"), (415, "wrong-encoding"), Some("identity")),
    ] {
        let headers = [("content-encoding", coding), (BATCH_SIGNATURE, &kiosk.sign(b"{}"))];
        let (status, text, accepted) = post(&mall, path, &kiosk.token, &headers, body);
        let problem: Problem = serde_json::from_str(&text).unwrap();
        assert_eq!((status, problem.code.as_str()), expected);
        assert_eq!(accepted.as_deref(), taken);
    }
}
