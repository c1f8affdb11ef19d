//! Published content: manifests with their signatures, and files by their hash. Rows are never deleted; a
//! version that is withdrawn is kept, and offered to no kiosk.

use domain::Timestamp;
use domain::content::{ContentKey, ContentVersion, FileHash};
use domain::id::KioskNumber;
use domain::wire::{Bytes, ContentOffer, ContentReport, SignedManifest};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{count, millis, moment};
use crate::store::error::StoreError;
use crate::store::model::publications::Publication;

/// The name of the public key in `server_meta`.
const KEY: &str = "content-key";
/// The reason for which a kiosk refused content is cut to this many characters.
const TROUBLE: usize = 200;

/// The key that content is signed with, once the operator has named it.
pub fn key(db: &Connection) -> Result<Option<ContentKey>, StoreError> {
    let mut query = db.prepare_cached("select value from server_meta where name = ?1")?;
    let text: Option<String> = query.query_row([KEY], |row| row.get(0)).optional()?;
    text.map(|t| t.parse().map_err(|_| StoreError::Unreadable { what: "content key" })).transpose()
}

/// Names the key that content is signed with.
pub fn set_key(db: &Connection, key: &ContentKey) -> Result<(), StoreError> {
    db.execute(
        "insert into server_meta (name, value) values (?1, ?2) on conflict (name) do update set value = ?2",
        params![KEY, key.to_string()],
    )?;
    Ok(())
}

/// The highest version that was ever published.
pub fn newest(db: &Connection) -> Result<Option<ContentVersion>, StoreError> {
    let newest: Option<i64> = db.query_row("select max(version) from publication", [], |row| row.get(0))?;
    Ok(newest.map(|v| ContentVersion(count(v))))
}

/// Stores a publication. False if its version is taken. It is the last one, even if an earlier one was published
/// when the clock was ahead.
pub fn publish(
    db: &Connection,
    version: ContentVersion,
    signed: &SignedManifest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let added = db.execute(
        "insert into publication (version, manifest, signature, published_at)
         values (?1, ?2, ?3, max(?4, (select coalesce(max(published_at) + 1, 0) from publication)))
         on conflict (version) do nothing",
        params![number(version), signed.manifest.0, signed.signature, millis(now)],
    )?;
    Ok(added == 1)
}

/// Stores a file, unless it is stored already.
pub fn keep_file(db: &Connection, hash: &FileHash, bytes: &[u8]) -> Result<(), StoreError> {
    db.prepare_cached("insert into publication_file (sha256, bytes) values (?1, ?2) on conflict do nothing")?
        .execute(params![hash.as_str(), bytes])?;
    Ok(())
}

pub fn file(db: &Connection, hash: &FileHash) -> Result<Option<Vec<u8>>, StoreError> {
    let mut query = db.prepare_cached("select bytes from publication_file where sha256 = ?1")?;
    Ok(query.query_row([hash.as_str()], |row| row.get(0)).optional()?)
}

/// A publication as it was signed.
pub fn signed(db: &Connection, version: ContentVersion) -> Result<Option<SignedManifest>, StoreError> {
    let mut query = db.prepare_cached("select manifest, signature from publication where version = ?1")?;
    let read =
        |row: &rusqlite::Row<'_>| Ok(SignedManifest { manifest: Bytes(row.get(0)?), signature: row.get(1)? });
    Ok(query.query_row([number(version)], read).optional()?)
}

/// The publication that kiosks are offered: the last one published that is not withdrawn.
pub fn offer(db: &Connection) -> Result<Option<ContentOffer>, StoreError> {
    let mut query = db.prepare_cached(
        "select version from publication where withdrawn_at is null
         order by published_at desc, version desc limit 1",
    )?;
    let version: Option<i64> = query.query_row([], |row| row.get(0)).optional()?;
    Ok(version.map(|v| ContentOffer { version: ContentVersion(count(v)) }))
}

/// Withdraws a publication. False if there is no such publication, or if it was withdrawn before.
pub fn withdraw(db: &Connection, version: ContentVersion, now: Timestamp) -> Result<bool, StoreError> {
    let changed = db.execute(
        "update publication set withdrawn_at = ?2 where version = ?1 and withdrawn_at is null",
        params![number(version), millis(now)],
    )?;
    Ok(changed == 1)
}

/// Every publication, the newest first.
pub fn list(db: &Connection) -> Result<Vec<Publication>, StoreError> {
    let mut query = db.prepare_cached(
        "select version, published_at, withdrawn_at,
           (select count(*) from kiosk where content_shown = version and revoked_at is null)
         from publication order by version desc",
    )?;
    let rows = query.query_map([], |row| {
        Ok(Publication {
            version: ContentVersion(count(row.get(0)?)),
            published_at: moment(row.get(1)?),
            withdrawn_at: row.get::<_, Option<i64>>(2)?.map(moment),
            shown_by: count(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Stores the content report of a kiosk.
pub fn reported(db: &Connection, kiosk: KioskNumber, report: &ContentReport) -> Result<(), StoreError> {
    let trouble = report.refused.as_ref().map(|refused| {
        let reason: String = refused.reason.chars().filter(|c| !c.is_control()).take(TROUBLE).collect();
        format!("{}: {reason}", refused.version)
    });
    db.prepare_cached("update kiosk set content_shown = ?2, content_trouble = ?3 where number = ?1")?
        .execute(params![kiosk.get(), report.shown.map(number), trouble])?;
    Ok(())
}

fn number(version: ContentVersion) -> i64 {
    i64::try_from(version.0).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::open::in_memory;
    use domain::wire::ContentRefused;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
    }

    fn a_manifest() -> SignedManifest {
        SignedManifest { manifest: Bytes(b"{}".to_vec()), signature: "signed".to_owned() }
    }

    #[test]
    fn the_newest_publication_not_withdrawn_is_offered() {
        let db = in_memory();
        assert_eq!(offer(&db).unwrap(), None);
        for (version, minute) in [(1, 0), (2, 1)] {
            assert!(publish(&db, ContentVersion(version), &a_manifest(), at(minute)).unwrap());
        }
        assert!(!publish(&db, ContentVersion(2), &a_manifest(), at(2)).unwrap(), "a number is used once");
        let offered = |db: &Connection| offer(db).unwrap().map(|o| o.version.0);
        assert_eq!(offered(&db), Some(2));
        assert!(withdraw(&db, ContentVersion(2), at(3)).unwrap());
        assert!(!withdraw(&db, ContentVersion(2), at(4)).unwrap());
        assert_eq!(offered(&db), Some(1));
        publish(&db, ContentVersion(3), &a_manifest(), at(-8 * 60)).unwrap();
        assert_eq!(offered(&db), Some(3), "the clock was put right in between");
        assert_eq!(newest(&db).unwrap(), Some(ContentVersion(3)));
        assert_eq!(signed(&db, ContentVersion(1)).unwrap(), Some(a_manifest()));
    }

    #[test]
    fn a_file_is_kept_once_under_its_hash() {
        let db = in_memory();
        let hash = FileHash::of(b"map");
        assert_eq!(file(&db, &hash).unwrap(), None);
        keep_file(&db, &hash, b"map").unwrap();
        keep_file(&db, &hash, b"map").unwrap();
        assert_eq!(file(&db, &hash).unwrap().as_deref(), Some(&b"map"[..]));
    }

    /// Staff see which content a kiosk shows, and which it refused.
    #[test]
    fn content_reports_reach_the_fleet_list() {
        let db = in_memory();
        let digest = crate::secret::EnrolmentCode::new(&crate::random::Random::from_seed([1; 32])).digest();
        let kiosk = crate::store::sqlite::kiosks::add(&db, "North door", digest, at(0)).unwrap().unwrap();
        publish(&db, ContentVersion(1), &a_manifest(), at(0)).unwrap();
        let refused = ContentRefused { version: ContentVersion(2), reason: "no kiosk\u{7} K1".to_owned() };
        let report = ContentReport { shown: Some(ContentVersion(1)), refused: Some(refused) };
        reported(&db, kiosk, &report).unwrap();
        assert_eq!(list(&db).unwrap()[0].shown_by, 1);
        let trouble: String =
            db.query_row("select content_trouble from kiosk", [], |row| row.get(0)).unwrap();
        assert_eq!(trouble, "2: no kiosk K1");
    }
}
