//! `galleria-server export` writes all cases to a file; `galleria-server check` checks database and audit.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::ValueEnum;
use domain::language::Language;
use server::admin::Admin;
use server::cases::export::{self, Format, Reader};
use server::data::DataFolder;
use server::publications::forms;
use server::store;
use server::{Clock, Random};

use super::data::Data;

/// What to write.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    /// One JSON object a line, with promises and history
    Jsonl,
    /// One row a case, for Excel
    Csv,
}

#[derive(Debug, clap::Args)]
pub struct Export {
    #[command(flatten)]
    data: Data,
    /// What to write
    #[arg(long, value_enum)]
    format: FormatName,
    /// In which language questions and places are written
    #[arg(long, value_name = "TAG", default_value = "zh-Hans")]
    language: Language,
    /// Where to write it; an existing file is never replaced. Without it, to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(wanted: &Export, clock: Clock, random: Random) -> anyhow::Result<()> {
    let admin = Admin::open(&wanted.data.data, clock, random)?;
    let format = match wanted.format {
        FormatName::Jsonl => Format::Jsonl,
        FormatName::Csv => Format::Csv,
    };
    let forms = Arc::new(admin.run(forms::known(admin.store()))?);
    let reader = Reader { forms, language: wanted.language };
    let Some(path) = &wanted.output else {
        let out = BufWriter::new(io::stdout());
        let (_, mut out) = admin.run(export::write(admin.store(), format, reader, out))?;
        return Ok(out.flush()?);
    };
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let out = BufWriter::new(file.with_context(|| path.display().to_string())?);
    let (written, out) = admin.run(export::write(admin.store(), format, reader, out))?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
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
