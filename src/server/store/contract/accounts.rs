//! The contract of accounts and sessions.

use domain::language::Language;

use super::*;
use crate::secret::Digest;
use crate::store::accounts::{AccountError, Login, Role, Staff};
use crate::store::audit::AuditResult;

on_every_store![
    a_login_is_taken_in_any_case,
    a_missing_account_changes_and_notes_nothing,
    a_session_ends_without_use_and_after_half_a_day,
    a_session_ends_with_its_owners_access,
    a_new_password_ends_every_session,
    signing_in_is_noted_and_so_is_failing,
    a_chosen_language_is_remembered,
    a_renewed_hash_ends_no_session_and_undoes_no_change,
];

async fn employ(store: &Store, login: &str, called: &str) -> Result<Staff, AccountError> {
    let accounts = store.accounts();
    let (parsed, called) = (Login::parse(login).unwrap(), name(called));
    accounts.add_staff(parsed, called, Role::Agent, "hash".to_owned(), operator(), at(0)).await?;
    Ok(accounts.credentials(login.to_owned()).await?.unwrap().0)
}

async fn a_login_is_taken_in_any_case(store: &Store) {
    let chen = employ(store, "chen", "陈静").await.unwrap();
    let refused = employ(store, "Chen", "Other").await;
    assert!(matches!(refused, Err(AccountError::LoginTaken(login)) if login == "Chen"));
    let (found, hash) = store.accounts().credentials("CHEN".to_owned()).await.unwrap().unwrap();
    assert_eq!((found, hash.as_str()), (chen, "hash"));
    assert_eq!(noted(store).await, [AuditAction::StaffAdded], "a refused account leaves no audit entry");
}

async fn a_missing_account_changes_and_notes_nothing(store: &Store) {
    let accounts = store.accounts();
    for refused in [
        accounts.set_password("nobody".to_owned(), "hash".to_owned(), operator(), at(0)).await,
        accounts.disable_staff("nobody".to_owned(), operator(), at(0)).await,
    ] {
        assert!(matches!(refused, Err(AccountError::NobodyCalled(_))), "{refused:?}");
    }
    assert!(noted(store).await.is_empty() && accounts.list().await.unwrap().is_empty());
}

async fn a_session_ends_without_use_and_after_half_a_day(store: &Store) {
    let chen = employ(store, "chen", "Chen").await.unwrap();
    let (accounts, token) = (store.accounts(), Digest([1; 32]));
    accounts.begin_session(token, chen, at(0)).await.unwrap();
    assert_eq!(accounts.session(token, at(29)).await.unwrap().unwrap().staff.login, "chen");
    assert!(accounts.session(token, at(30)).await.unwrap().is_none());
    for minute in (20..720).step_by(20) {
        accounts.note_use(token, at(minute));
    }
    // Uses are noted in the background.
    while accounts.session(token, at(719)).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    assert!(accounts.session(token, at(720)).await.unwrap().is_none());
}

async fn a_session_ends_with_its_owners_access(store: &Store) {
    let chen = employ(store, "chen", "Chen").await.unwrap();
    let (accounts, [first, second]) = (store.accounts(), [Digest([1; 32]), Digest([2; 32])]);
    for token in [first, second] {
        accounts.begin_session(token, chen.clone(), at(0)).await.unwrap();
    }
    accounts.end_session(first).await.unwrap();
    assert!(accounts.session(first, at(1)).await.unwrap().is_none());
    assert!(accounts.session(second, at(1)).await.unwrap().is_some());
    accounts.disable_staff("chen".to_owned(), operator(), at(1)).await.unwrap();
    assert!(accounts.session(second, at(1)).await.unwrap().is_none());
    assert!(accounts.credentials("chen".to_owned()).await.unwrap().is_none());
    assert!(accounts.list().await.unwrap()[0].disabled);
}

async fn a_new_password_ends_every_session(store: &Store) {
    let chen = employ(store, "chen", "Chen").await.unwrap();
    let (accounts, token) = (store.accounts(), Digest([1; 32]));
    accounts.begin_session(token, chen, at(0)).await.unwrap();
    accounts.set_password("chen".to_owned(), "new".to_owned(), operator(), at(1)).await.unwrap();
    assert!(accounts.session(token, at(1)).await.unwrap().is_none());
    assert_eq!(accounts.credentials("chen".to_owned()).await.unwrap().unwrap().1, "new");
}

async fn signing_in_is_noted_and_so_is_failing(store: &Store) {
    let chen = employ(store, "chen", "陈静").await.unwrap();
    store.accounts().note_refused_sign_in("mallory".to_owned(), at(1)).await.unwrap();
    store.accounts().begin_session(Digest([1; 32]), chen, at(2)).await.unwrap();
    let entries = entries(store).await;
    let lines: Vec<_> = entries[..2].iter().map(|e| (e.who.as_str(), e.action, e.result)).collect();
    assert_eq!(
        lines,
        [
            ("陈静", AuditAction::SignIn, AuditResult::Done),
            ("mallory", AuditAction::SignIn, AuditResult::Refused)
        ]
    );
}

async fn a_chosen_language_is_remembered(store: &Store) {
    let chen = employ(store, "chen", "Chen").await.unwrap();
    assert_eq!(chen.language, None);
    store.accounts().choose_language(chen.id, Language::En).await.unwrap();
    let (chen, _) = store.accounts().credentials("chen".to_owned()).await.unwrap().unwrap();
    assert_eq!(chen.language, Some(Language::En));
}

async fn a_renewed_hash_ends_no_session_and_undoes_no_change(store: &Store) {
    let chen = employ(store, "chen", "Chen").await.unwrap();
    let (accounts, token) = (store.accounts(), Digest([1; 32]));
    accounts.begin_session(token, chen.clone(), at(0)).await.unwrap();
    accounts.renew_hash(chen.id, "hash".to_owned(), "new hash".to_owned()).await.unwrap();
    assert!(accounts.session(token, at(1)).await.unwrap().is_some());
    accounts.renew_hash(chen.id, "hash".to_owned(), "late".to_owned()).await.unwrap();
    assert_eq!(accounts.credentials("chen".to_owned()).await.unwrap().unwrap().1, "new hash");
}
