//! `galleria-server export` writes all cases to a file; `galleria-server check` checks database and audit.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::ValueEnum;
use domain::language::Language;
use server::admin::Admin;
use server::cases::export::{self, Format, Reader, Separator};
use server::data::DataFolder;
use server::publications::forms;
use server::store;
use server::{Clock, Random};

use super::data::Data;
use super::settings;

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// One JSON object a line, with promises and history
    Jsonl,
    /// One row a case, for any spreadsheet
    Csv,
    /// One row a case, for Excel
    Xlsx,
}

impl FormatName {
    /// The format that the name of a file stands for.
    fn of(file: &Path) -> Option<Self> {
        Self::from_str(file.extension()?.to_str()?, true).ok()
    }
}

/// What stands between the cells of a CSV table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SeparatorName {
    #[value(alias = ",")]
    Comma,
    /// For Excel where the comma is the decimal sign
    #[value(alias = ";")]
    Semicolon,
    Tab,
}

#[derive(Debug, clap::Args)]
pub struct Export {
    #[command(flatten)]
    data: Data,
    /// What to write [default: what the name of the file ends with]
    #[arg(long, value_enum, required_unless_present = "output")]
    format: Option<FormatName>,
    /// What stands between the cells of a CSV table [default: comma]
    #[arg(long, value_enum)]
    separator: Option<SeparatorName>,
    /// The time zone of the times in a table [default: that of DIR/server.toml, else Asia/Shanghai]
    #[arg(long, env = "GALLERIA_SERVER_TIME_ZONE", value_name = "ZONE")]
    time_zone: Option<chrono_tz::Tz>,
    /// In which language questions and places are written
    #[arg(long, value_name = "TAG", default_value = "zh-Hans")]
    language: Language,
    /// Where to write it; an existing file is never replaced. Without it, to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    fn format(&self) -> anyhow::Result<Format> {
        let by_name = || self.output.as_deref().and_then(FormatName::of);
        let Some(format) = self.format.or_else(by_name) else {
            anyhow::bail!("name the file with .csv, .xlsx or .jsonl at its end, or add --format");
        };
        match (format, self.separator) {
            (FormatName::Jsonl, None) => Ok(Format::Jsonl),
            (FormatName::Xlsx, None) => Ok(Format::Xlsx),
            (FormatName::Csv, None | Some(SeparatorName::Comma)) => Ok(Format::Csv(Separator::Comma)),
            (FormatName::Csv, Some(SeparatorName::Semicolon)) => Ok(Format::Csv(Separator::Semicolon)),
            (FormatName::Csv, Some(SeparatorName::Tab)) => Ok(Format::Csv(Separator::Tab)),
            (_, Some(_)) => anyhow::bail!("only CSV has a separator: leave --separator out"),
        }
    }
}

pub fn run(wanted: &Export, clock: Clock, random: Random) -> anyhow::Result<()> {
    let format = wanted.format()?;
    let time_zone = wanted.time_zone.map_or_else(|| settings::time_zone(&wanted.data.data), Ok)?;
    let admin = Admin::open(&wanted.data.data, clock, random)?;
    let forms = Arc::new(admin.run(forms::known(admin.store()))?);
    let reader = Reader { forms, language: wanted.language, time_zone };
    let Some(path) = &wanted.output else {
        let out = BufWriter::new(io::stdout());
        let (_, mut out) = admin.run(export::write(admin.store(), format, reader, out))?;
        return Ok(out.flush()?);
    };
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let out = BufWriter::new(file.with_context(|| path.display().to_string())?);
    let written = admin.run(export::write(admin.store(), format, reader, out)).map_err(anyhow::Error::from);
    let written = written.and_then(|(written, out)| {
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(written)
    });
    // Half a file would pass for a whole one, and stand in the way of the next try.
    let written = written.inspect_err(|_| drop(std::fs::remove_file(path)))?;
    writeln!(io::stdout(), "{written} cases in {}", path.display())?;
    Ok(())
}

pub fn check(data: &Data, clock: Clock, random: Random) -> anyhow::Result<()> {
    store::check(&DataFolder::open(&data.data)?.database())?;
    let admin = Admin::open(&data.data, clock, random)?;
    match admin.run(admin.store().audit().first_break())? {
        None => Ok(writeln!(io::stdout(), "the database is whole, and no row of the audit is missing")?),
        Some(row) => anyhow::bail!("the audit was changed: row {row} does not follow from the one before it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser as _;

    fn format(typed: &[&str]) -> anyhow::Result<Format> {
        let typed = ["galleria-server", "export", "--data", "d"].into_iter().chain(typed.iter().copied());
        let Command::Export(export) = Cli::try_parse_from(typed)?.command else { panic!("not export") };
        export.format()
    }

    #[test]
    fn the_name_of_the_file_tells_the_format() {
        assert_eq!(format(&["--output", "cases.xlsx"]).unwrap(), Format::Xlsx);
        assert_eq!(format(&["--output", "a.b/cases.CSV"]).unwrap(), Format::Csv(Separator::Comma));
        assert_eq!(format(&["--output", "cases.csv", "--format", "jsonl"]).unwrap(), Format::Jsonl);
        let unclear = format(&["--output", "cases"]).unwrap_err().to_string();
        assert!(unclear.contains(".xlsx"), "{unclear}");
        assert!(format(&[]).is_err(), "standard output has no name");
    }

    #[test]
    fn only_a_csv_table_has_a_separator() {
        assert_eq!(
            format(&["--format", "csv", "--separator", ";"]).unwrap(),
            Format::Csv(Separator::Semicolon)
        );
        assert_eq!(format(&["--format", "csv", "--separator", "tab"]).unwrap(), Format::Csv(Separator::Tab));
        assert!(format(&["--format", "xlsx", "--separator", "comma"]).is_err());
    }
}
