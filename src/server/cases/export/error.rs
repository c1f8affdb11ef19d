//! Why an export can end early.

use std::io;

use crate::store::StoreError;

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the export could not be written")]
    Io(#[from] io::Error),
    #[error("the export could not be written")]
    Csv(#[from] csv::Error),
    #[error("the export could not be written")]
    Json(#[from] serde_json::Error),
    #[error("the export could not be written")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// A sheet has a last row.
    #[error("a sheet holds {most} cases and there are more; use --format csv")]
    TooMany {
        /// The most cases of a sheet.
        most: u32,
    },
}
