//! The option that nearly every command has.

use std::path::PathBuf;

/// Where everything is kept.
#[derive(Debug, clap::Args)]
pub struct Data {
    /// Folder with the database and the keys
    #[arg(long, env = "GALLERIA_SERVER_DATA", value_name = "DIR")]
    pub data: PathBuf,
}
