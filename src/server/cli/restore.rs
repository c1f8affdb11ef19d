//! `galleria-server restore`: puts a backup in the place of the database, while no server runs.

use std::io::{self, Write as _};
use std::path::PathBuf;

use domain::Timestamp;
use server::Clock;
use server::data::DataFolder;
use server::store::{self, Contents};

use super::data::Data;

#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The backup. It is read, and stays as it is
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data: Data,
}

pub fn run(wanted: &Restore, clock: &Clock) -> anyhow::Result<()> {
    let folder = DataFolder::open_without_database(&wanted.data.data)?;
    let _alone = folder.lock()?;
    let restored = store::put_back(&folder.database(), &wanted.file, clock.now())?;
    let mut out = io::stdout().lock();
    writeln!(out, "restored       {}, {}", wanted.file.display(), as_of(restored.contents.newest))?;
    let Some((old, before)) = restored.before else { return Ok(()) };
    writeln!(out, "moved aside    {}", old.display())?;
    let Some(before) = before else {
        writeln!(out, "missing since  unknown: what was moved aside cannot be read")?;
        return Ok(());
    };
    writeln!(out, "before         {}", as_of(before.newest))?;
    let missing = missing(&restored.contents, &before);
    for line in &missing {
        writeln!(out, "missing since  {line}")?;
    }
    if missing.is_empty() {
        writeln!(out, "missing since  nothing")?;
    }
    Ok(())
}

fn as_of(newest: Option<Timestamp>) -> String {
    newest.map_or_else(|| "empty".to_owned(), |at| format!("as of {} UTC", at.format("%Y-%m-%d %H:%M:%S")))
}

/// What the database had before and does not have now, and what to do about it.
fn missing(now: &Contents, before: &Contents) -> Vec<String> {
    let lines = [
        (now.cases, before.cases, "cases", "kiosks send again what they took within the last week"),
        (now.events, before.events, "entries in the history of cases", "such as answers and notes"),
        (now.kiosks, before.kiosks, "kiosks", "add them and enrol them again"),
        (now.staff, before.staff, "accounts", "add them again"),
    ];
    let fewer = lines.into_iter().filter(|(now, before, ..)| now < before);
    fewer.map(|(now, before, what, hint)| format!("{what}: {} ({hint})", before - now)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_counted_and_explained() {
        let before = Contents { cases: 12, events: 40, kiosks: 3, staff: 2, newest: None };
        let now = Contents { cases: 10, events: 31, ..before };
        let lines = missing(&now, &before);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with("cases: 2") && lines[1].contains("history of cases: 9"), "{lines:?}");
    }
}
