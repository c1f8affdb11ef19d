//! Reads the values of a `venue.toml` one by one, and reports the line of each that cannot be read.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::At;
use crate::venue::Finding;

/// The line of a byte in a text, counted from one.
pub fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|b| *b == b'\n').count()
}

pub struct Reader<'a, 'i> {
    pub text: &'i str,
    pub table: &'a mut DeTable<'i>,
    pub findings: &'a mut Vec<Finding>,
}

impl<'i> Reader<'_, 'i> {
    pub fn fault(&mut self, message: String) {
        self.findings.push(Finding::error("OverlayEntryMustBeReadable", None, message));
    }

    pub fn take(&mut self, key: &str) -> Option<Spanned<DeValue<'i>>> {
        self.table.remove(key)
    }

    /// One value. If it cannot be read, a finding names the line of the error.
    pub fn read<T: DeserializeOwned>(&mut self, what: &str, value: Spanned<DeValue<'i>>) -> Option<T> {
        let start = value.span().start;
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(read) => Some(read),
            Err(cause) => {
                let at = cause.span().map_or(start, |span| span.start);
                let (line, reason) = (line_of(self.text, at), cause.message().replace('\n', " "));
                let message = format!("venue.toml line {line}: {what} is left out: {reason}");
                if reason.starts_with("unknown field") {
                    self.findings.push(Finding::error("OverlayKeyMustBeKnown", None, message));
                } else {
                    self.fault(message);
                }
                None
            }
        }
    }

    pub fn one<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let value = self.take(key)?;
        self.read(key, value)
    }

    pub fn list<T: DeserializeOwned>(&mut self, key: &str) -> Vec<At<T>> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let line = line_of(self.text, value.span().start);
        let DeValue::Array(entries) = value.into_inner() else {
            self.fault(format!("venue.toml line {line}: {key} is left out: write each one as [[{key}]]"));
            return Vec::new();
        };
        let named = |(index, entry)| (format!("[[{key}]] number {}", index + 1), entry);
        let entries = entries.into_iter().enumerate().map(named);
        let read = |(what, entry): (String, Spanned<DeValue<'i>>)| {
            let line = line_of(self.text, entry.span().start);
            Some(At { line, entry: self.read(&what, entry)? })
        };
        entries.filter_map(read).collect()
    }
}
