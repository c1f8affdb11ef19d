//! `galleria-server backup`: copies the database into a new file, beside a running server or without one.

use std::io::{self, Write as _};
use std::path::PathBuf;

use server::data::DataFolder;
use server::store;

use super::data::Data;

#[derive(Debug, clap::Args)]
pub struct Backup {
    #[command(flatten)]
    data: Data,
    /// Where to write it; an existing file is never replaced
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

pub fn run(wanted: &Backup) -> anyhow::Result<()> {
    let folder = DataFolder::open(&wanted.data.data)?;
    let bytes = store::back_up(&folder.database(), &wanted.output)?;
    writeln!(io::stdout(), "{bytes} bytes in {}, checked and synced", wanted.output.display())?;
    Ok(())
}
