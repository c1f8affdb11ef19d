//! The table as CSV: UTF-8 with a byte order mark, which Excel needs to read Chinese. No cell can be taken for a
//! formula.

use std::io::Write;

use super::error::ExportError;
use super::reader::Reader;
use super::table::{Cell, HEAD, row};
use crate::store::cases::{CaseRecord, CaseSink};

/// What stands between the cells of a CSV table. Excel expects the one of the country it runs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Separator {
    #[default]
    Comma,
    /// Where the comma is the decimal sign.
    Semicolon,
    Tab,
}

impl Separator {
    fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// Writes a row for each case that it takes.
pub(super) struct Separated<W: Write> {
    reader: Reader,
    out: csv::Writer<W>,
    pub written: u64,
}

impl<W: Write> Separated<W> {
    /// Begins with the mark and the heads of the columns.
    pub fn begin(reader: Reader, separator: Separator, mut out: W) -> Result<Self, ExportError> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut rows = csv::WriterBuilder::new();
        rows.terminator(csv::Terminator::CRLF).delimiter(separator.byte());
        let mut out = rows.from_writer(out);
        out.write_record(HEAD)?;
        Ok(Self { reader, out, written: 0 })
    }

    pub fn end(self) -> Result<W, ExportError> {
        Ok(self.out.into_inner().map_err(csv::IntoInnerError::into_error)?)
    }
}

impl<W: Write + Send + 'static> CaseSink for Separated<W> {
    type Error = ExportError;

    fn take(&mut self, record: &CaseRecord) -> Result<(), ExportError> {
        self.written += 1;
        Ok(self.out.write_record(row(&record.case, &self.reader).map(written))?)
    }
}

fn written(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => plain(text),
        Cell::Number(number) => number.to_string(),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Time(at) => at.format("%Y-%m-%d %H:%M").to_string(),
    }
}

/// Prevents CSV injection: a spreadsheet evaluates a cell that begins like a formula, in East Asia also with the
/// full-width signs. The apostrophe makes it text.
fn plain(text: String) -> String {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    // What some programs leave out before they look is looked through here, too.
    let first = text.chars().find(|c| !(*c == ' ' || *c == '\u{3000}' || *c == '\u{a0}' || *c == '\u{feff}'));
    let breaks = text.starts_with(['\t', '\r', '\n']);
    if breaks || first.is_some_and(|first| SIGNS.contains(&first)) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "＝1+1",
            "＋1",
            "－1",
            "＠SUM",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "\u{3000}＝1",
        ] {
            assert_eq!(plain(formula.to_owned()), format!("'{formula}"));
        }
        for text in ["扶梯 = 坏了", "1-2", "a@b.c", ""] {
            assert_eq!(plain(text.to_owned()), text);
        }
    }
}
