use super::*;

/// A status from a newer server means retry.
#[test]
fn an_unknown_item_status_means_retry() {
    let result: ItemResult = serde_json::from_str(
        r#"{"id":"01900000-0000-7000-8000-000000000000","status":"need-blobs","new":1}"#,
    )
    .unwrap();
    assert_eq!(result.status, ItemStatus::Unknown);
}

/// A code and a token are hidden from debug output.
#[test]
fn enrolment_secrets_hide_from_debug_prints() {
    let request = EnrolmentRequest {
        code: Secret("ABCD".to_owned()),
        receipt_key: Bytes(vec![1; 32]),
        signing_key: Bytes(vec![2; 32]),
        provisional_keys: vec![Secret("key".to_owned())],
        software: "1".to_owned(),
    };
    let shown = format!("{request:?}");
    assert!(!shown.contains("ABCD") && !shown.contains("key\""), "{shown}");
}

/// Fields that an older server does not send take their defaults.
#[test]
fn missing_reply_fields_take_their_defaults() {
    let reply: BatchReply =
        serde_json::from_str(r#"{"kiosk":"K3","server_time":"2026-11-21T00:00:00Z","results":[]}"#).unwrap();
    assert_eq!((reply.limits, reply.next_poll_s), (Limits::default(), 60));
    let new = BatchReply::new(reply.kiosk, reply.server_time);
    assert_eq!(serde_json::to_value(reply).unwrap(), serde_json::to_value(new).unwrap());
}
