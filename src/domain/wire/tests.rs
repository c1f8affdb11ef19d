use super::*;

#[test]
fn a_status_from_the_future_is_kept_and_sent_again() {
    let result: ItemResult = serde_json::from_str(
        r#"{"id":"01900000-0000-7000-8000-000000000000","status":"need-blobs","new":1}"#,
    )
    .unwrap();
    assert_eq!(result.status, ItemStatus::Unknown);
}

#[test]
fn a_code_and_a_token_do_not_show_in_a_debug_print() {
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

#[test]
fn a_reply_of_an_older_server_still_reads() {
    let reply: BatchReply =
        serde_json::from_str(r#"{"server_time":"2026-11-21T00:00:00Z","results":[]}"#).unwrap();
    assert_eq!((reply.limits, reply.next_poll_s), (Limits::default(), 60));
}
