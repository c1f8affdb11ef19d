//! Case lookup: by tracking token, or by case number and receipt code.

use domain::receipt::{CaseNumber, ReceiptCode, TokenDigest, TrackingToken};
use rusqlite::Connection;

use super::read;
use crate::secret::Digest;
use crate::store::error::StoreError;
use crate::store::model::cases::Lookup;
use crate::store::sqlite::kiosks;

/// Looks the token up, and always checks its MAC with the keys of its kiosk too. So a made-up token takes as
/// long as one that a kiosk issued.
pub fn by_token(db: &Connection, token: Option<&TrackingToken>) -> Result<Lookup, StoreError> {
    let Some(token) = token else { return Ok(Lookup::Nothing) };
    let case = read::by_token(db, Digest(token.digest().0))?;
    let keys = token.kiosk().map_or(Ok(Vec::new()), |kiosk| kiosks::receipt_keys(db, kiosk))?;
    let marked = keys.iter().fold(false, |found, key| token.is_marked_by(key) | found);
    match case {
        Some(case) => Ok(Lookup::Case(Box::new(read::record(db, case)?))),
        None if marked => Ok(Lookup::OnItsWay),
        None => Ok(Lookup::Nothing),
    }
}

/// Looks for a case with this number whose receipt has this code. For an unknown number a digest is computed
/// too, so it takes as long as a wrong code.
pub fn by_code(db: &Connection, number: CaseNumber, code: &ReceiptCode) -> Result<Lookup, StoreError> {
    let numbered = read::by_number(db, number)?;
    if numbered.is_empty() {
        std::hint::black_box(code.digest(number, &TokenDigest([0; 32])));
    }
    let mut opened = None;
    for one in numbered {
        if one.code.is(&code.digest(number, &one.token)) {
            opened = Some(one.id);
        }
    }
    match opened.map(|id| read::by_id(db, id)).transpose()?.flatten() {
        Some(case) => Ok(Lookup::Case(Box::new(read::record(db, case)?))),
        None => Ok(Lookup::Nothing),
    }
}
