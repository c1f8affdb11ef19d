//! The export of all cases for other programs: JSON lines with the history, or a table as CSV or XLSX.
//!
//! The contact of a visitor is never exported.

mod error;
mod lines;
mod reader;
mod separated;
mod sheet;
mod table;

use std::io::Write;

use crate::store::Store;
use crate::store::cases::ExportDepth;

pub use error::ExportError;
use lines::Lines;
pub use reader::Reader;
use separated::Separated;
pub use separated::Separator;
use sheet::Sheet;

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line, with promises and history.
    Jsonl,
    /// One row per case, for any spreadsheet.
    Csv(Separator),
    /// One row per case, for Excel.
    Xlsx,
}

/// Writes every case to `out`, oldest first. Returns how many cases there were, and `out`.
///
/// # Errors
/// [`ExportError`].
pub async fn write<W: Write + Send + 'static>(
    store: &Store,
    format: Format,
    reader: Reader,
    out: W,
) -> Result<(u64, W), ExportError> {
    match format {
        Format::Jsonl => {
            let lines = Lines { reader, out, written: 0 };
            let lines = store.cases().export(ExportDepth::Record, lines).await?;
            Ok((lines.written, lines.out))
        }
        Format::Csv(separator) => {
            let table = Separated::begin(reader, separator, out)?;
            let table = store.cases().export(ExportDepth::Case, table).await?;
            Ok((table.written, table.end()?))
        }
        Format::Xlsx => {
            let sheet = store.cases().export(ExportDepth::Case, Sheet::begin(reader)?).await?;
            Ok((sheet.written.into(), sheet.end(out)?))
        }
    }
}

#[cfg(test)]
mod tests;
