//! Reading rows of the outbox tables.

use std::time::Duration;

use domain::Timestamp;
use domain::id::{Epoch, Seq};
use domain::kind::Kind;
use domain::seal::KeyId;
use domain::wire::{Bytes, SealedItem};
use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};

/// An item from the first nine columns of `waiting`, `quarantined` or `delivered`.
pub(super) fn item(row: &Row<'_>) -> Result<SealedItem, rusqlite::Error> {
    Ok(SealedItem {
        id: parsed(row, 0, |text| text.parse().ok())?,
        kiosk: parsed(row, 1, |text| text.parse().ok())?,
        epoch: Epoch(row.get(2)?),
        seq: Seq(row.get(3)?),
        kind: parsed(row, 4, |text| Kind::ALL.into_iter().find(|kind| kind.key() == text))?,
        created_at: millis(row, 5)?,
        key_id: KeyId(row.get(6)?),
        sha256: row.get(7)?,
        sealed: Bytes(row.get(8)?),
        age_ms: None,
    })
}

pub(super) fn parsed<T>(
    row: &Row<'_>,
    column: usize,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, rusqlite::Error> {
    let text = row.get_ref(column)?.as_str().map_err(|cause| conversion(column, Type::Text, cause))?;
    parse(text).ok_or_else(|| conversion(column, Type::Text, FromSqlError::InvalidType))
}

pub(super) fn millis(row: &Row<'_>, column: usize) -> Result<Timestamp, rusqlite::Error> {
    let millis = row.get(column)?;
    Timestamp::from_timestamp_millis(millis)
        .ok_or_else(|| conversion(column, Type::Integer, FromSqlError::OutOfRange(millis)))
}

fn conversion(column: usize, kind: Type, cause: FromSqlError) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(cause))
}

pub(super) fn whole_millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
