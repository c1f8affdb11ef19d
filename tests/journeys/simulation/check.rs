//! The checks after everything has arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::submission::Submission;
use domain::wire::SealedItem;
use rusqlite::Connection;

use super::fleet::Fleet;
use super::network::CANARY;
use crate::stage::mall::keys;

/// Returns how many submissions with a receipt are lost and how many are stored twice. Panics for any other
/// error.
pub fn everything(fleet: &Fleet) -> (u64, u64) {
    let network = fleet.network.borrow();
    let data = network.server.data();
    let db = Connection::open(data.join("galleria.db")).unwrap();
    let count = |sql| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("select count(*) from conflict"), 0, "the server has a conflict");
    let mut reasons = db
        .prepare("select uuid || ': ' || quarantine_reason from sealed_item where quarantine_reason <> ''")
        .unwrap();
    let reasons: Vec<String> =
        reasons.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(reasons, [""; 0], "something was quarantined");
    assert_eq!(count("select count(*) from cases where started_at > received_at"), 0, "starts in the future");

    let keys = keys(&data, &db);
    let thanked: BTreeMap<_, _> = fleet.sent.iter().map(|(digest, draft)| (digest.as_str(), draft)).collect();
    let (mut arrived, mut places) = (BTreeSet::new(), BTreeMap::<_, BTreeSet<u64>>::new());
    let mut doubled = Vec::new();
    let mut query = db
        .prepare("select uuid, queued_as, epoch, seq, key_id, sealed, quarantine_reason from sealed_item order by id")
        .unwrap();
    let mut rows = query.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let id: SubmissionId = row.get::<_, String>(0).unwrap().parse().unwrap();
        let (queued_as, epoch): (u32, u32) = (row.get(1).unwrap(), row.get(2).unwrap());
        let seq = u64::try_from(row.get::<_, i64>(3).unwrap()).unwrap();
        let sealed: Vec<u8> = row.get(5).unwrap();
        assert_eq!(row.get::<_, Option<String>>(6).unwrap(), None, "{id} was quarantined");
        assert_eq!(network.seen[&id].sha256, SealedItem::hash(&sealed), "{id} is not what was sent");
        let context = SealedItem::context(KioskNumber::new(queued_as).unwrap(), Epoch(epoch), Seq(seq), id);
        let plain = keys[&row.get::<_, String>(4).unwrap()].open(&sealed, &context).unwrap();
        let submission: Submission = serde_json::from_slice(&plain).unwrap();
        let draft = thanked.get(submission.token_digest.as_str()).expect("a visitor sent it");
        assert_eq!((&submission.body, &submission.place), (&draft.body, &draft.place));
        if !arrived.insert(submission.token_digest.clone()) {
            doubled.push(id);
        }
        places.entry((queued_as, epoch)).or_default().insert(seq);
    }
    let lost: Vec<_> = thanked.keys().filter(|digest| !arrived.contains(**digest)).collect();
    let cases = u64::try_from(count("select count(*) from cases")).unwrap();
    let twice = number(doubled.len()).max(cases.saturating_sub(number(arrived.len())));
    let counted = (number(lost.len()), twice);
    if counted != (0, 0) {
        println!("of {} lost: {lost:?}; came twice: {doubled:?}; cases: {cases}", thanked.len());
        return counted;
    }
    assert_eq!(cases, number(thanked.len()), "not every submission is a case");
    for (count, seqs) in &places {
        let all: BTreeSet<u64> = (1..=*seqs.last().unwrap()).collect();
        assert_eq!(seqs, &all, "a gap in the count {count:?}");
    }
    for kiosk in &fleet.kiosks {
        no_word_in(kiosk.folder());
    }
    counted
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap()
}

fn no_word_in(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            no_word_in(&path);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
            assert!(!found, "a visitor's text is in {}", path.display());
        }
    }
}
