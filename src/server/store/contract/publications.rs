//! The contract of publications.

use domain::content::{ContentVersion, FileHash};
use domain::wire::{Bytes, SignedManifest};

use super::*;
use crate::store::publications::{FormSource, NewPublication, PublicationError};

on_every_store![
    a_version_is_published_once,
    a_withdrawn_version_is_kept_and_not_offered,
    a_file_is_found_by_its_hash,
    a_kept_form_stays_as_it_was,
    a_content_key_is_named_and_named_anew,
];

fn a_publication(version: u64) -> NewPublication {
    NewPublication {
        version: ContentVersion(version),
        signed: SignedManifest { manifest: Bytes(b"{}".to_vec()), signature: format!("signed {version}") },
        files: vec![(FileHash::of(b"map"), b"map".to_vec())],
        forms: vec![a_form("of the publication")],
    }
}

fn a_form(text: &str) -> FormSource {
    FormSource { id: "cinema".to_owned(), version: 1000, text: text.to_owned() }
}

async fn a_version_is_published_once(store: &Store) {
    let publications = store.publications();
    assert_eq!(publications.newest().await.unwrap(), None);
    publications.publish(a_publication(1), operator(), at(0)).await.unwrap();
    let mut other = a_publication(1);
    other.files.push((FileHash::of(b"other"), b"other".to_vec()));
    let refused = publications.publish(other, operator(), at(1)).await;
    assert!(matches!(refused, Err(PublicationError::Taken(version)) if version.0 == 1));
    assert_eq!(publications.file(FileHash::of(b"other")).await.unwrap(), None, "nothing of it is stored");
    assert_eq!(noted(store).await, [AuditAction::ContentPublished]);
    assert_eq!(publications.newest().await.unwrap(), Some(ContentVersion(1)));
    let signed = publications.signed(ContentVersion(1)).await.unwrap().unwrap();
    assert_eq!(signed, a_publication(1).signed);
}

async fn a_withdrawn_version_is_kept_and_not_offered(store: &Store) {
    let publications = store.publications();
    publications.publish(a_publication(1), operator(), at(0)).await.unwrap();
    publications.withdraw(ContentVersion(1), operator(), at(1)).await.unwrap();
    for gone in [1, 2] {
        let refused = publications.withdraw(ContentVersion(gone), operator(), at(2)).await;
        assert!(matches!(refused, Err(PublicationError::NotOffered(version)) if version.0 == gone));
    }
    assert_eq!(noted(store).await, [AuditAction::ContentWithdrawn, AuditAction::ContentPublished]);
    let listed = publications.list().await.unwrap();
    assert_eq!((listed.len(), listed[0].withdrawn_at), (1, Some(at(1))));
    assert!(publications.signed(ContentVersion(1)).await.unwrap().is_some());
}

async fn a_file_is_found_by_its_hash(store: &Store) {
    let (publications, hash) = (store.publications(), FileHash::of(b"map"));
    assert_eq!(publications.file(hash.clone()).await.unwrap(), None);
    for version in [1, 2] {
        publications.publish(a_publication(version), operator(), at(0)).await.unwrap();
    }
    assert_eq!(publications.file(hash).await.unwrap().as_deref(), Some(&b"map"[..]));
}

async fn a_kept_form_stays_as_it_was(store: &Store) {
    let publications = store.publications();
    publications.keep_forms(vec![a_form("first")], at(0)).await.unwrap();
    publications.keep_forms(vec![a_form("changed")], at(1)).await.unwrap();
    publications.publish(a_publication(1), operator(), at(2)).await.unwrap();
    assert_eq!(publications.forms().await.unwrap(), [a_form("first")]);
}

async fn a_content_key_is_named_and_named_anew(store: &Store) {
    let publications = store.publications();
    assert!(publications.key().await.unwrap().is_none());
    for _ in 0..2 {
        let pair = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
        let text = pair.pk.to_base64();
        publications.set_key(text.parse().unwrap(), operator(), at(0)).await.unwrap();
        let key: domain::content::ContentKey = text.parse().unwrap();
        assert_eq!(publications.key().await.unwrap().unwrap().to_string(), key.to_string());
    }
    assert_eq!(noted(store).await, [AuditAction::ContentKey, AuditAction::ContentKey]);
}
