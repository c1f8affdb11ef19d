//! The contract of the audit.

use super::*;
use crate::store::audit::AuditResult;

on_every_store![entries_are_read_newest_first, an_untouched_chain_is_whole];

async fn entries_are_read_newest_first(store: &Store) {
    let random = Random::from_seed([1; 32]);
    for called in ["North door", "West door", "Fountain"] {
        add(store, &random, called).await;
    }
    let about = |entries: &[AuditEntry]| entries.iter().map(|e| e.about.clone()).collect::<Vec<_>>();
    let (_, newest) = store.audit().page(None, 2, at(0)).await.unwrap();
    assert_eq!(about(&newest), ["Fountain", "West door"]);
    let (_, older) = store.audit().page(Some(newest[1].id), 2, at(0)).await.unwrap();
    assert_eq!(about(&older), ["North door"]);
    let first = &older[0];
    assert_eq!((first.who.as_str(), first.at, first.result), ("command line", at(0), AuditResult::Done));
}

async fn an_untouched_chain_is_whole(store: &Store) {
    assert_eq!(store.audit().first_break().await.unwrap(), None);
    let random = Random::from_seed([2; 32]);
    for called in ["North door", "West door"] {
        add(store, &random, called).await;
    }
    assert_eq!(store.audit().first_break().await.unwrap(), None);
}
