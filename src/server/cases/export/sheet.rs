//! The table as XLSX: text is text there, so nothing is a formula, and times are dates that can be sorted.
//!
//! The sheet is made in memory and written at its end.

use std::io::Write;

use chrono::{Datelike as _, NaiveDateTime, Timelike as _};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::error::ExportError;
use super::reader::Reader;
use super::table::{Cell, HEAD, row};
use crate::store::cases::{CaseRecord, CaseSink};

/// Rows of a sheet below its head.
const ROWS: u32 = 1_048_575;
/// Characters of a cell, as Excel counts them: in UTF-16.
const CHARACTERS: usize = 32_767;
/// The width of columns with times and of those with texts, in characters.
const WIDTHS: [(u16, u16); 5] = [(6, 16), (7, 16), (15, 16), (8, 60), (19, 60)];

/// Collects the rows of the cases that it takes.
pub(super) struct Sheet {
    reader: Reader,
    sheet: Worksheet,
    moment: Format,
    pub written: u32,
}

impl Sheet {
    pub fn begin(reader: Reader) -> Result<Self, ExportError> {
        let mut sheet = Worksheet::new();
        let head = Format::new().set_bold();
        for (column, name) in (0..).zip(HEAD) {
            sheet.write_string_with_format(0, column, name, &head)?;
        }
        for (column, width) in WIDTHS {
            sheet.set_column_width(column, width)?;
        }
        sheet.set_freeze_panes(1, 1)?;
        Ok(Self { reader, sheet, moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"), written: 0 })
    }

    pub fn end<W: Write + Send>(mut self, mut out: W) -> Result<W, ExportError> {
        let last = u16::try_from(HEAD.len() - 1).unwrap_or_default();
        self.sheet.autofilter(0, 0, self.written, last)?;
        let mut book = Workbook::new();
        book.push_worksheet(self.sheet);
        book.save_to_writer(&mut out)?;
        Ok(out)
    }

    fn put(&mut self, row: u32, column: u16, cell: Cell) -> Result<(), XlsxError> {
        let sheet = &mut self.sheet;
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) => sheet.write_string(row, column, cut(text))?,
            Cell::Number(number) => sheet.write_number(row, column, number)?,
            Cell::Truth(truth) => sheet.write_boolean(row, column, truth)?,
            Cell::Time(at) => match date(at) {
                Some(date) => sheet.write_datetime_with_format(row, column, date, &self.moment)?,
                None => sheet.write_string(row, column, at.format("%Y-%m-%d %H:%M").to_string())?,
            },
        };
        Ok(())
    }
}

impl CaseSink for Sheet {
    type Error = ExportError;

    fn take(&mut self, record: &CaseRecord) -> Result<(), ExportError> {
        if self.written == ROWS {
            return Err(ExportError::TooMany { most: ROWS });
        }
        self.written += 1;
        for (column, cell) in (0..).zip(row(&record.case, &self.reader)) {
            self.put(self.written, column, cell)?;
        }
        Ok(())
    }
}

/// A date of Excel, which begins with the year 1900.
fn date(at: NaiveDateTime) -> Option<ExcelDateTime> {
    let part = |part: u32| u8::try_from(part).ok();
    let day = ExcelDateTime::from_ymd(u16::try_from(at.year()).ok()?, part(at.month())?, part(at.day())?);
    day.ok()?.and_hms(u16::try_from(at.hour()).ok()?, part(at.minute())?, 0).ok()
}

/// A text that fits a cell: a longer one ends with dots.
fn cut(text: String) -> String {
    if text.encode_utf16().count() <= CHARACTERS {
        return text;
    }
    let mut room = CHARACTERS - 1;
    let fits = text.chars().take_while(|c| {
        let taken = room.checked_sub(c.len_utf16());
        room = taken.unwrap_or_default();
        taken.is_some()
    });
    fits.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_as_much_as_excel_reads() {
        assert_eq!(cut("好".repeat(CHARACTERS)).chars().count(), CHARACTERS);
        let long = cut("😀".repeat(CHARACTERS));
        assert!(long.ends_with('…') && long.encode_utf16().count() <= CHARACTERS);
    }
}
