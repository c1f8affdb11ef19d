//! The command line of `galleria-server`: its commands, their options and their output.

pub mod backup;
pub mod content;
pub mod data;
pub mod export;
pub mod init;
pub mod kiosk;
pub mod restore;
pub mod run;
pub mod settings;
pub mod staff;

use clap::{Parser, Subcommand};

use data::Data;

/// Receives what visitors say at the kiosks, and lets staff answer it.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  galleria-server init --data /var/lib/galleria --host mall.example
  galleria-server run --data /var/lib/galleria --listen 0.0.0.0:8443 --public-url https://mall.example
  galleria-server kiosk add 'North door' --data /var/lib/galleria
  galleria-server export --data /var/lib/galleria --output cases.xlsx
  galleria-server backup --data /var/lib/galleria --output /mnt/backup/galleria-monday.db
  galleria-server restore /mnt/backup/galleria-monday.db --data /var/lib/galleria

Settings can also be given by the environment, as GALLERIA_SERVER_ and their name
(GALLERIA_SERVER_LISTEN; --help shows which), and those of `run` by a file (see
`galleria-server run --help`). A flag wins over the environment, the environment over the file.

Exit codes:
  0  done          2  the command line or the settings file is wrong
  1  failed        3  the data folder is not initialised or damaged")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a data folder: database, keys, certificate, first administrator. Running it again destroys nothing
    Init(init::Init),
    /// Serve kiosks, staff and visitors until told to stop
    Run(Box<run::Run>),
    /// Kiosks: add, list, code, revoke. Works while the server runs
    #[command(subcommand)]
    Kiosk(kiosk::Kiosk),
    /// What kiosks show: key, pack, publish, list, withdraw. Works while the server runs
    #[command(subcommand)]
    Content(content::Content),
    /// People who sign in to the console: add, list, password, disable. Works while the server runs
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Write all cases to a file, without telephone numbers and addresses
    Export(export::Export),
    /// Copy the database into a new file, whole and of one moment. Works while the server runs
    ///
    /// Do so every day, and after each enrolment: what opens the first submissions of a kiosk is in the
    /// database alone from then on. The folder keys/ is not in the copy; keep one of it in a safe, once
    Backup(backup::Backup),
    /// Put a backup in the place of the database, and say what is missing since. Not while the server runs
    Restore(restore::Restore),
    /// Check the pages of the database and that no row of the audit is missing
    Check(Data),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
