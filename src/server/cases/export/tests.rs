//! Exports of a real server's cases.

use std::io::{Cursor, Read as _};
use std::sync::Arc;

use domain::form::FormCatalog;
use domain::language::Language;

use super::*;
use crate::testing::{Mall, a_complaint};

fn exported(format: Format, story: &str) -> Vec<u8> {
    let mall = Mall::open();
    mall.tell(&mut mall.kiosk("North door"), a_complaint(story));
    let admin = mall.admin();
    let time_zone = chrono_tz::Asia::Shanghai;
    let reader = Reader { forms: Arc::new(FormCatalog::shipped()), language: Language::ZhHans, time_zone };
    let (written, out) = admin.run(write(admin.store(), format, reader, Vec::new())).unwrap();
    assert_eq!(written, 1);
    out
}

fn text(format: Format, story: &str) -> String {
    String::from_utf8(exported(format, story)).unwrap()
}

#[test]
fn a_table_opens_in_excel_and_runs_nothing() {
    let table = text(Format::Csv(Separator::Comma), "=HYPERLINK(\"http://evil\",\"click\")");
    assert!(table.starts_with('\u{feff}'));
    assert!(table.contains("\"'=HYPERLINK("), "{table}");
    assert!(!table.contains("13800001234"), "how to reach the visitor is not exported");
}

#[test]
fn a_table_is_separated_as_the_country_expects() {
    for (separator, sign) in [(Separator::Semicolon, ';'), (Separator::Tab, '\t')] {
        let table = text(Format::Csv(separator), "a;b\tc,d");
        assert!(table.contains(&format!("number{sign}kiosk{sign}")), "{table}");
        assert!(table.contains(&format!("{sign}\"a;b")) || table.contains(&format!("{sign}a;b")), "{table}");
    }
}

/// The sample comes at 10:00 in Shanghai, which is 02:00 UTC.
#[test]
fn times_of_a_table_are_local() {
    let table = text(Format::Csv(Separator::Comma), "扶梯有异响");
    assert!(table.contains(",2026-11-21 10:00,2026-11-21 10:00,"), "{table}");
}

#[test]
fn a_sheet_has_dates_numbers_and_plain_text() {
    let mut book = zip::ZipArchive::new(Cursor::new(exported(Format::Xlsx, "=1+1"))).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let (sheet, styles) = (part("xl/worksheets/sheet1.xml"), part("xl/styles.xml"));
    let strings = part("xl/sharedStrings.xml");
    assert!(strings.contains("=1+1") && strings.contains("自动扶梯 E5"), "{strings}");
    assert!(!sheet.contains("<f>") && !strings.contains("13800001234"), "{sheet}");
    // 21 November 2026, 10:00: the days since 1900 as Excel counts them.
    assert!(sheet.contains("<v>46347.41666666") && styles.contains("yyyy-mm-dd hh:mm"), "{sheet}");
}

#[test]
fn a_line_holds_the_promises_and_the_history() {
    let line = text(Format::Jsonl, "扶梯有异响");
    let value: serde_json::Value = serde_json::from_str(line.trim_end()).unwrap();
    assert_eq!(value["story"], "扶梯有异响");
    assert_eq!(value["promises"].as_array().unwrap().len(), 3);
    assert_eq!(value["history"][0]["what"], "received");
}
