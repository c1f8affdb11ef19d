//! The contract of the fleet.

use super::*;
use crate::store::fleet::{Caller, FleetError, KioskFilter, KioskState, Redeemed, TokenUse};

on_every_store![
    a_missing_kiosk_changes_and_notes_nothing,
    what_is_done_with_a_kiosk_is_noted,
    a_code_belongs_to_its_first_kiosk,
    a_revoked_kiosk_returns_with_a_new_code,
    an_unused_code_ends_after_a_day,
    the_list_is_read_page_by_page,
];

/// The audit cannot be corrected, so a false entry must never get into it.
async fn a_missing_kiosk_changes_and_notes_nothing(store: &Store) {
    let (fleet, code) = (store.fleet(), EnrolmentCode::new(&Random::from_seed([1; 32])).digest());
    let missing = number(77);
    for refused in [
        fleet.renew_code(missing, code, operator(), at(0)).await,
        fleet.revoke_kiosk(missing, operator(), at(0)).await.map(|_| ()),
        fleet.ask_retry(missing, operator(), at(0)).await,
    ] {
        assert!(matches!(refused, Err(FleetError::NoKiosk(kiosk)) if kiosk == missing), "{refused:?}");
    }
    assert!(noted(store).await.is_empty());
    assert!(fleet.kiosks(at(0)).await.unwrap().is_empty());
}

async fn what_is_done_with_a_kiosk_is_noted(store: &Store) {
    let random = Random::from_seed([2; 32]);
    let (kiosk, _) = add(store, &random, "North door").await;
    let (fleet, code) = (store.fleet(), EnrolmentCode::new(&random));
    fleet.renew_code(kiosk, code.digest(), operator(), at(1)).await.unwrap();
    fleet.enrol(enrolment(&code, 1, &random), at(2)).await.unwrap();
    fleet.ask_retry(kiosk, operator(), at(3)).await.unwrap();
    assert!(fleet.revoke_kiosk(kiosk, operator(), at(4)).await.unwrap());
    assert!(!fleet.revoke_kiosk(kiosk, operator(), at(5)).await.unwrap(), "it was revoked before");
    use AuditAction::{KioskAdded, KioskCode, KioskEnrolled, KioskRetry, KioskRevoked};
    assert_eq!(
        noted(store).await,
        [KioskRevoked, KioskRevoked, KioskRetry, KioskEnrolled, KioskCode, KioskAdded]
    );
    let enrolled = entries(store).await.into_iter().find(|entry| entry.action == KioskEnrolled).unwrap();
    assert_eq!((enrolled.who.as_str(), enrolled.about.as_str()), ("North door", "K1"));
}

/// The same kiosk may repeat its enrolment, because the reply may have been lost.
async fn a_code_belongs_to_its_first_kiosk(store: &Store) {
    let random = Random::from_seed([3; 32]);
    let (kiosk, code) = add(store, &random, "North door").await;
    let (first, again) = (enrolment(&code, 1, &random), enrolment(&code, 1, &random));
    let token = again.token;
    let fleet = store.fleet();
    for with in [first, again] {
        let redeemed = fleet.enrol(with, at(1)).await.unwrap();
        assert!(matches!(redeemed, Redeemed::Enrolled { kiosk: number, .. } if number == kiosk));
    }
    assert!(matches!(fleet.enrol(enrolment(&code, 2, &random), at(2)).await.unwrap(), Redeemed::Taken));
    assert!(matches!(
        fleet.enrol(enrolment(&code, 1, &random), at(25 * 60)).await.unwrap(),
        Redeemed::Expired
    ));
    let unknown = EnrolmentCode::new(&random);
    assert!(matches!(fleet.enrol(enrolment(&unknown, 1, &random), at(1)).await.unwrap(), Redeemed::Unknown));
    assert_eq!(
        fleet.caller(token).await.unwrap(),
        Some(Caller::Kiosk(kiosk, TokenUse::First, a_signing_key()))
    );
}

async fn a_revoked_kiosk_returns_with_a_new_code(store: &Store) {
    let random = Random::from_seed([4; 32]);
    let (kiosk, code) = add(store, &random, "North door").await;
    let (fleet, first) = (store.fleet(), enrolment(&code, 1, &random));
    let token = first.token;
    fleet.enrol(first, at(1)).await.unwrap();
    fleet.revoke_kiosk(kiosk, operator(), at(2)).await.unwrap();
    assert_eq!(fleet.caller(token).await.unwrap(), Some(Caller::Revoked));
    assert!(matches!(fleet.enrol(enrolment(&code, 1, &random), at(2)).await.unwrap(), Redeemed::Unknown));

    let code = EnrolmentCode::new(&random);
    fleet.renew_code(kiosk, code.digest(), operator(), at(3)).await.unwrap();
    let redeemed = fleet.enrol(enrolment(&code, 9, &random), at(4)).await.unwrap();
    assert!(matches!(redeemed, Redeemed::Enrolled { kiosk: number, .. } if number == kiosk));
    assert_eq!(fleet.caller(token).await.unwrap(), None, "the old token has ended");
}

async fn an_unused_code_ends_after_a_day(store: &Store) {
    add(store, &Random::from_seed([5; 32]), "North door").await;
    let day = 24 * 60;
    let state = async |now| store.fleet().kiosks(now).await.unwrap().remove(0).state;
    assert_eq!(state(at(day - 1)).await, KioskState::Expected { until: at(day) });
    assert_eq!(state(at(day)).await, KioskState::Forgotten);
}

async fn the_list_is_read_page_by_page(store: &Store) {
    let random = Random::from_seed([6; 32]);
    for n in 1..=5 {
        let (_, code) = add(store, &random, &format!("Door {n}")).await;
        if n == 2 {
            store.fleet().enrol(enrolment(&code, n, &random), at(0)).await.unwrap();
        }
    }
    let (_, first) = store.fleet().page(KioskFilter::All, 0, 3, at(1)).await.unwrap();
    assert_eq!((first.kiosks.len(), first.more, first.all, first.troubled), (3, true, 5, 0));
    let (_, last) = store.fleet().page(KioskFilter::All, 3, 3, at(1)).await.unwrap();
    assert_eq!((last.kiosks.len(), last.more), (2, false));
    // A kiosk that made contact once and is silent now.
    let (desk, troubled) = store.fleet().page(KioskFilter::Troubled, 0, 3, at(60)).await.unwrap();
    assert_eq!(troubled.kiosks.iter().map(|kiosk| kiosk.number).collect::<Vec<_>>(), [number(2)]);
    assert_eq!((desk.kiosks, desk.kiosks_up), (1, 0));
}
