use super::*;

/// A status from the future is kept and sent again.
#[test]
fn an_unknown_item_status_means_retry() {
    let result: ItemResult = serde_json::from_str(
        r#"{"id":"01900000-0000-7000-8000-000000000000","status":"need-blobs","new":1}"#,
    )
    .unwrap();
    assert_eq!(result.status, ItemStatus::Unknown);
}

/// A code and a token do not show in a debug print.
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

/// Fields may be added to a reply, so one without them still reads.
#[test]
fn missing_reply_fields_take_their_defaults() {
    let reply: BatchReply =
        serde_json::from_str(r#"{"kiosk":"K3","server_time":"2026-11-21T00:00:00Z","results":[]}"#).unwrap();
    assert_eq!((reply.limits, reply.next_poll_s), (Limits::default(), 60));
}
