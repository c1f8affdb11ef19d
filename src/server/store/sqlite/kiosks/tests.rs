//! Kiosks, their codes, tokens and keys, in a database in memory.

use domain::signature::SigningKey;

use super::*;
use crate::random::Random;
use crate::secret::{EnrolmentCode, KioskToken};
use crate::store::model::fleet::{KioskFilter, KioskState};
use crate::store::sqlite::open::in_memory;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + hour * 3600, 0).unwrap()
}

fn a_signing_key() -> VerifyingKey {
    Random::from_seed([5; 32]).with(SigningKey::new).verifying_key()
}

fn every(db: &Connection, now: Timestamp) -> Vec<crate::store::model::fleet::Kiosk> {
    page(db, KioskFilter::All, 0, usize::MAX, now).unwrap()
}

fn a_kiosk(db: &Connection, random: &Random) -> (KioskNumber, EnrolmentCode) {
    let code = EnrolmentCode::new(random);
    (add(db, "North door", code.digest(), at(0)).unwrap().unwrap(), code)
}

fn enrolment(code: &EnrolmentCode, receipt_key: u8, random: &Random) -> Redemption {
    Redemption {
        code: code.digest(),
        token: KioskToken::new(random).digest(),
        receipt_key: ReceiptKey([receipt_key; 32]),
        signing_key: a_signing_key(),
        provisional_keys: vec![random.with(PrivateKey::new)],
        software: "0.1.0".to_owned(),
    }
}

/// A lost reply does not lock the kiosk out, and another kiosk cannot use the code.
#[test]
fn only_its_own_kiosk_repeats_a_code() {
    let (db, random) = (in_memory(), Random::from_seed([1; 32]));
    let (number, code) = a_kiosk(&db, &random);
    let (lost, second) = (enrolment(&code, 1, &random), enrolment(&code, 1, &random));
    for with in [&lost, &second] {
        let redeemed = redeem(&db, with, at(1)).unwrap();
        assert!(
            matches!(redeemed, Redeemed::Enrolled { kiosk, name, .. } if kiosk == number && name == "North door")
        );
    }
    assert!(matches!(redeem(&db, &enrolment(&code, 2, &random), at(3)).unwrap(), Redeemed::Taken));
    assert!(matches!(redeem(&db, &second, at(25)).unwrap(), Redeemed::Expired));

    assert_eq!(
        caller(&db, second.token).unwrap(),
        Some(Caller::Kiosk(number, TokenUse::First, a_signing_key()))
    );
    begin_token(&db, second.token, at(3)).unwrap();
    assert_eq!(
        caller(&db, second.token).unwrap(),
        Some(Caller::Kiosk(number, TokenUse::Again, a_signing_key()))
    );
    assert_eq!(caller(&db, lost.token).unwrap(), None, "the lost token ends");
}

/// A token that was issued later and lost does not end the one in use.
#[test]
fn a_lost_new_token_leaves_the_old_valid() {
    let (db, random) = (in_memory(), Random::from_seed([2; 32]));
    let (number, code) = a_kiosk(&db, &random);
    let (used, lost) = (enrolment(&code, 1, &random), enrolment(&code, 1, &random));
    redeem(&db, &used, at(1)).unwrap();
    redeem(&db, &lost, at(2)).unwrap();
    begin_token(&db, used.token, at(2)).unwrap();
    assert_eq!(
        caller(&db, used.token).unwrap(),
        Some(Caller::Kiosk(number, TokenUse::Again, a_signing_key()))
    );
}

/// A revoked kiosk is recognised as revoked, and enrols under its old number with a new code.
#[test]
fn a_revoked_kiosk_returns_with_a_new_code() {
    let (db, random) = (in_memory(), Random::from_seed([3; 32]));
    let (number, code) = a_kiosk(&db, &random);
    let first = enrolment(&code, 1, &random);
    redeem(&db, &first, at(1)).unwrap();
    assert!(revoke(&db, number, at(2)).unwrap());
    assert_eq!(caller(&db, first.token).unwrap(), Some(Caller::Revoked));
    assert!(matches!(redeem(&db, &first, at(2)).unwrap(), Redeemed::Unknown), "its code ended too");
    assert_eq!(every(&db, at(2))[0].state, KioskState::Revoked);

    let code = EnrolmentCode::new(&random);
    assert!(renew_code(&db, number, code.digest(), at(3)).unwrap());
    let again = enrolment(&code, 9, &random);
    assert!(
        matches!(redeem(&db, &again, at(3)).unwrap(), Redeemed::Enrolled { kiosk, .. } if kiosk == number)
    );
    assert_eq!(caller(&db, first.token).unwrap(), None);
    assert_eq!(receipt_keys(&db, number).unwrap().len(), 2, "old receipts are still recognised");
}

/// The private keys from before enrolment are stored.
#[test]
fn keys_from_before_enrolment_are_kept() {
    let (db, random) = (in_memory(), Random::from_seed([4; 32]));
    let (_, code) = a_kiosk(&db, &random);
    let with = enrolment(&code, 1, &random);
    redeem(&db, &with, at(1)).unwrap();
    let id = with.provisional_keys[0].public().id();
    assert!(opening_key(&db, &id.0).unwrap().unwrap() == with.provisional_keys[0]);
    assert!(opening_key(&db, "none").unwrap().is_none());
}

#[test]
fn an_unused_code_expires_after_a_day() {
    let (db, random) = (in_memory(), Random::from_seed([5; 32]));
    let _ = a_kiosk(&db, &random);
    assert_eq!(every(&db, at(1))[0].state, KioskState::Expected { until: at(24) });
    assert_eq!(every(&db, at(24))[0].state, KioskState::Forgotten);
}

/// The clock was eight hours ahead when the code was made.
#[test]
fn a_code_from_the_future_has_expired() {
    let (db, random) = (in_memory(), Random::from_seed([7; 32]));
    let (_, code) = a_kiosk(&db, &random);
    assert_eq!(every(&db, at(-8))[0].state, KioskState::Forgotten);
    assert!(matches!(redeem(&db, &enrolment(&code, 1, &random), at(-8)).unwrap(), Redeemed::Expired));
}

/// A token that was issued while the clock was ahead is replaced, and ends like any other.
#[test]
fn a_token_from_the_future_is_replaced_and_ends() {
    let (db, random) = (in_memory(), Random::from_seed([8; 32]));
    let (_, code) = a_kiosk(&db, &random);
    let ahead = enrolment(&code, 1, &random);
    redeem(&db, &ahead, at(8)).unwrap();
    begin_token(&db, ahead.token, at(8)).unwrap();
    let next = KioskToken::new(&random).digest();
    assert!(renew_token(&db, ahead.token, at(-720), next, at(0)).unwrap());
    begin_token(&db, next, at(0)).unwrap();
    assert_eq!(caller(&db, ahead.token).unwrap(), None);
}

/// A kiosk that was last heard of in the future is not up for hours without a word.
#[test]
fn a_contact_from_the_future_is_none() {
    let (db, random) = (in_memory(), Random::from_seed([9; 32]));
    let (_, code) = a_kiosk(&db, &random);
    redeem(&db, &enrolment(&code, 1, &random), at(8)).unwrap();
    assert_eq!(in_service(&db, at(8)).unwrap(), (1, 1));
    assert_eq!(in_service(&db, at(0)).unwrap(), (1, 0));
    assert_eq!(how_many(&db, KioskFilter::Troubled, at(0)).unwrap(), 1);
}

#[test]
fn the_last_number_is_given_and_then_none() {
    let (mut db, random) = (in_memory(), Random::from_seed([6; 32]));
    let filling = db.transaction().unwrap();
    let sql = "insert into kiosk (number, name, added_at) values (?1, 'K', 0)";
    for n in 1..KioskNumber::HIGHEST {
        filling.prepare_cached(sql).unwrap().execute([n]).unwrap();
    }
    filling.commit().unwrap();
    let next = || add(&db, "North door", EnrolmentCode::new(&random).digest(), at(0)).unwrap();
    assert_eq!(next(), KioskNumber::new(KioskNumber::HIGHEST));
    assert_eq!((next(), next()), (None, None));
    let last = page(&db, KioskFilter::All, 99_950, 50, at(0)).unwrap();
    assert_eq!((last.len(), last[48].number.get()), (49, KioskNumber::HIGHEST));
}
