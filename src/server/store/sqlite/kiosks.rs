//! Kiosks: names, enrolment codes, tokens and keys, and the last contact.
//!
//! Staff add a kiosk with a one-time code. It enrols with the code, and is identified by a token from then
//! on. Revoking stops the token at once; with a new code the same kiosk enrols again under its old number.

use domain::Timestamp;
use domain::id::KioskNumber;
use domain::receipt::ReceiptKey;
use domain::seal::PrivateKey;
use domain::signature::VerifyingKey;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{content, count, ingest_queue, millis, moment};
use crate::secret::Digest;
use crate::store::error::StoreError;
use crate::store::model::fleet::{CODE_VALID, Caller, Redeemed, Redemption, TokenUse, code_is_valid};
use crate::store::model::intake::KioskCall;
use crate::store::model::moment::BELIEVED_AHEAD;

mod list;

pub use list::{how_many, in_service, page};

/// The most new tokens of one kiosk that were issued and not used yet.
const OFFERS: u32 = 8;

/// Adds a kiosk under the next number; none if the highest is taken.
pub fn add(
    db: &Connection,
    name: &str,
    code: Digest,
    now: Timestamp,
) -> Result<Option<KioskNumber>, StoreError> {
    let next: u32 = db.query_row("select coalesce(max(number), 0) + 1 from kiosk", [], |row| row.get(0))?;
    let Some(number) = KioskNumber::new(next) else { return Ok(None) };
    db.execute(
        "insert into kiosk (number, name, added_at, code_hash, code_expires_at) values (?1, ?2, ?3, ?4, ?5)",
        params![next, name, millis(now), code.0, millis(now + CODE_VALID)],
    )?;
    Ok(Some(number))
}

/// Gives a kiosk a new code, for a new disk or after a revocation. False when there is no such kiosk.
pub fn renew_code(
    db: &Connection,
    kiosk: KioskNumber,
    code: Digest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = db.execute(
        "update kiosk set code_hash = ?2, code_expires_at = ?3, code_receipt_key = null,
         code_signing_key = null where number = ?1",
        params![kiosk.get(), code.0, millis(now + CODE_VALID)],
    )?;
    Ok(changed == 1)
}

/// Exchanges an enrolment code for number and token.
///
/// The first use binds the code to the kiosk's keys; the same kiosk may repeat it while the code is valid,
/// because the answer may have been lost on the way.
pub fn redeem(db: &Connection, with: &Redemption, now: Timestamp) -> Result<Redeemed, StoreError> {
    let found = db
        .prepare_cached(
            "select number, name, code_expires_at, code_receipt_key, code_signing_key, revoked_at is not null
             from kiosk where code_hash = ?1",
        )?
        .query_row([with.code.0], |row| {
            let number: u32 = row.get(0)?;
            let name: String = row.get(1)?;
            let until: i64 = row.get(2)?;
            let bound: (Option<[u8; 32]>, Option<[u8; 32]>) = (row.get(3)?, row.get(4)?);
            let revoked: bool = row.get(5)?;
            Ok((number, name, until, bound, revoked))
        })
        .optional()?;
    let Some((number, name, until, bound, revoked)) = found else { return Ok(Redeemed::Unknown) };
    if !code_is_valid(moment(until), now) {
        return Ok(Redeemed::Expired);
    }
    let own = (with.receipt_key.0, with.signing_key.to_bytes());
    if bound.0.is_some_and(|key| key != own.0) || bound.1.is_some_and(|key| key != own.1) {
        return Ok(Redeemed::Taken);
    }
    if revoked {
        db.execute("delete from kiosk_token where kiosk = ?1", [number])?;
    }
    enrol(db, number, with, now)?;
    let number = KioskNumber::new(number).ok_or(StoreError::Unreadable { what: "kiosk number" })?;
    Ok(Redeemed::Enrolled { kiosk: number, name, content_key: content::key(db)? })
}

fn enrol(db: &Connection, number: u32, with: &Redemption, now: Timestamp) -> Result<(), StoreError> {
    let (now, signing_key) = (millis(now), with.signing_key.to_bytes());
    db.execute(
        "update kiosk set code_receipt_key = ?2, code_signing_key = ?3, revoked_at = null,
         enrolled_at = coalesce(enrolled_at, ?4), last_seen_at = ?4, software = ?5 where number = ?1",
        params![number, with.receipt_key.0, signing_key, now, with.software],
    )?;
    db.execute(
        "insert into kiosk_token (hash, kiosk, issued_at, signing_key) values (?1, ?2, ?3, ?4)",
        params![with.token.0, number, now, signing_key],
    )?;
    db.execute(
        "insert into receipt_key (key, kiosk, since) values (?1, ?2, ?3) on conflict do nothing",
        params![with.receipt_key.0, number, now],
    )?;
    for key in &with.provisional_keys {
        db.execute(
            "insert into opening_key (key_id, private, kiosk, since) values (?1, ?2, ?3, ?4)
             on conflict do nothing",
            params![key.public().id().0, key.to_base64(), number, now],
        )?;
        ingest_queue::try_again_with(db, &key.public().id().0)?;
    }
    Ok(())
}

/// The number of kiosks that were ever added: numbers are given in order and never reused.
pub fn fleet(db: &Connection) -> Result<u32, StoreError> {
    let mut query = db.prepare_cached("select coalesce(max(number), 0) from kiosk")?;
    Ok(query.query_row([], |row| row.get(0))?)
}

/// The kiosk that a token belongs to; none if the token is unknown.
pub fn caller(db: &Connection, token: Digest) -> Result<Option<Caller>, StoreError> {
    let found = db
        .prepare_cached(
            "select k.number, k.revoked_at is not null, t.first_used_at is not null, t.signing_key
             from kiosk_token t join kiosk k on k.number = t.kiosk where t.hash = ?1",
        )?
        .query_row([token.0], |row| {
            let key: [u8; 32] = row.get(3)?;
            Ok((row.get::<_, u32>(0)?, row.get::<_, bool>(1)?, row.get::<_, bool>(2)?, key))
        })
        .optional()?;
    let Some((number, revoked, used, key)) = found else { return Ok(None) };
    let Some(number) = KioskNumber::new(number) else { return Ok(None) };
    let used = if used { TokenUse::Again } else { TokenUse::First };
    let key = VerifyingKey::kept(key);
    Ok(Some(if revoked { Caller::Revoked } else { Caller::Kiosk(number, used, key) }))
}

/// Notes the first use of a token, and deletes the tokens before it.
pub fn begin_token(db: &Connection, token: Digest, now: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "update kiosk_token set first_used_at = ?2 where hash = ?1 and first_used_at is null",
        params![token.0, millis(now)],
    )?;
    db.execute(
        "delete from kiosk_token where hash <> ?1
         and kiosk = (select kiosk from kiosk_token where hash = ?1)
         and (issued_at <= (select issued_at from kiosk_token where hash = ?1) or issued_at > ?2)",
        params![token.0, millis(now + BELIEVED_AHEAD)],
    )?;
    Ok(())
}

/// Replaces a token that was issued before `oldest`, or in the future: `next` is valid from now on, and the old one
/// ends when `next` is first used. Returns whether `next` was issued.
pub fn renew_token(
    db: &Connection,
    token: Digest,
    oldest: Timestamp,
    next: Digest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let issued = db
        .prepare_cached(
            "insert into kiosk_token (hash, kiosk, issued_at, signing_key)
             select ?1, kiosk, ?2, signing_key from kiosk_token
             where hash = ?3 and (issued_at < ?4 or issued_at > ?5)",
        )?
        .execute(params![next.0, millis(now), token.0, millis(oldest), millis(now + BELIEVED_AHEAD)])?;
    if issued == 0 {
        return Ok(false);
    }
    // Old new tokens were lost with their replies. A late reply may still carry one of the last; a kiosk
    // falls back to its old token when a new one turns out to be invalid.
    db.execute(
        "delete from kiosk_token where first_used_at is null and hash <> ?1 and hash not in (
           select hash from kiosk_token where first_used_at is null
           and kiosk = (select kiosk from kiosk_token where hash = ?1) order by issued_at desc limit ?2)
         and kiosk = (select kiosk from kiosk_token where hash = ?1)",
        params![next.0, OFFERS],
    )?;
    Ok(true)
}

/// Notes a contact of a kiosk, and its report.
pub fn heard(
    db: &Connection,
    kiosk: KioskNumber,
    call: &KioskCall,
    now: Timestamp,
) -> Result<(), StoreError> {
    let report = call.report.as_ref().and_then(|report| serde_json::to_string(report).ok());
    db.prepare_cached(
        "update kiosk set last_seen_at = ?2, waiting = ?3, clock_skew_ms = ?4, report = coalesce(?5, report),
         software = coalesce(?6, software), public_url = coalesce(?7, public_url) where number = ?1",
    )?
    .execute(params![
        kiosk.get(),
        millis(now),
        i64::try_from(call.waiting).unwrap_or(i64::MAX),
        (call.sent_at - now).num_milliseconds(),
        report,
        call.report.as_ref().map(|report| &report.software),
        call.public_url,
    ])?;
    Ok(())
}

/// Notes that a batch with a kiosk's token did not have that kiosk's signature.
pub fn note_wrong_signature(db: &Connection, kiosk: KioskNumber, now: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "update kiosk set wrong_signature_at = ?2 where number = ?1",
        params![kiosk.get(), millis(now)],
    )?;
    Ok(())
}

/// How often staff asked a kiosk to retry its quarantine.
pub fn retries_requested(db: &Connection, kiosk: KioskNumber) -> Result<u64, StoreError> {
    let mut query = db.prepare_cached("select retries_requested from kiosk where number = ?1")?;
    Ok(query.query_row([kiosk.get()], |row| row.get(0)).optional()?.map_or(0, count))
}

/// Asks a kiosk to retry its quarantine. False if there is no such kiosk.
pub fn ask_retry(db: &Connection, kiosk: KioskNumber) -> Result<bool, StoreError> {
    let changed = db.execute(
        "update kiosk set retries_requested = retries_requested + 1 where number = ?1",
        [kiosk.get()],
    )?;
    Ok(changed == 1)
}

/// Revokes a kiosk and deletes its code. False if there is no such kiosk, or if it was revoked before.
pub fn revoke(db: &Connection, kiosk: KioskNumber, now: Timestamp) -> Result<bool, StoreError> {
    let changed = db.execute(
        "update kiosk set revoked_at = ?2, code_hash = null, code_expires_at = null, code_receipt_key = null,
         code_signing_key = null
         where number = ?1 and revoked_at is null",
        params![kiosk.get(), millis(now)],
    )?;
    Ok(changed == 1)
}

/// Whether there is such a kiosk.
pub fn exists(db: &Connection, kiosk: KioskNumber) -> Result<bool, StoreError> {
    Ok(db.prepare_cached("select 1 from kiosk where number = ?1")?.exists([kiosk.get()])?)
}

/// The receipt keys for a token of this kiosk: its own, past ones too. For a kiosk that was not enrolled, all
/// receipt keys.
pub fn receipt_keys(db: &Connection, kiosk: KioskNumber) -> Result<Vec<ReceiptKey>, StoreError> {
    let mut query = db.prepare_cached("select key from receipt_key where kiosk = ?1 or ?1 = 0")?;
    let rows = query.query_map([kiosk.get()], |row| row.get(0).map(ReceiptKey))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The private key with this id, if a kiosk sent it when it enrolled.
pub fn opening_key(db: &Connection, key_id: &str) -> Result<Option<PrivateKey>, StoreError> {
    let text: Option<String> = db
        .prepare_cached("select private from opening_key where key_id = ?1")?
        .query_row([key_id], |row| row.get(0))
        .optional()?;
    text.map(|t| PrivateKey::from_base64(&t).map_err(|_| StoreError::Unreadable { what: "private key" }))
        .transpose()
}

#[cfg(test)]
mod tests;
