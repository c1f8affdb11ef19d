//! `galleria-server init`: creates a data folder, or completes an existing one.

use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use server::data::Made;
use server::secret::Password;
use server::setup::{self, FirstAdministrator, InitOptions};
use server::{Clock, Random};

use super::data::Data;

#[derive(Debug, clap::Args)]
pub struct Init {
    #[command(flatten)]
    data: Data,
    /// Login of the first administrator
    #[arg(long, env = "GALLERIA_SERVER_ADMIN", value_name = "NAME", default_value = "admin")]
    admin: String,
    /// File whose first line is the administrator's password. Without it, GALLERIA_ADMIN_PASSWORD is used,
    /// or a password is made and printed once
    #[arg(long, env = "GALLERIA_SERVER_PASSWORD_FILE", value_name = "FILE")]
    password_file: Option<PathBuf>,
    #[arg(long, env = "GALLERIA_ADMIN_PASSWORD", hide = true, hide_env_values = true)]
    password_from_environment: Option<String>,
    /// Another name or address by which kiosks and browsers call this machine; can be repeated. It goes
    /// into the certificate beside localhost, 127.0.0.1 and ::1
    #[arg(long = "host", env = "GALLERIA_SERVER_HOST", value_name = "NAME", value_delimiter = ',')]
    hosts: Vec<String>,
}

pub fn run(init: Init, clock: &Clock, random: &Random) -> anyhow::Result<()> {
    let password = match &init.password_file {
        Some(file) => Some(password_in(file, &init.admin)?),
        None => {
            let given = init.password_from_environment.as_deref();
            given.map(|typed| Password::chosen_by(&init.admin, typed)).transpose()?
        }
    };
    let data = init.data.data.clone();
    let options =
        InitOptions { data: data.clone(), hosts: init.hosts, administrator: init.admin.clone(), password };
    let report = setup::init(options, clock, random)?;
    let mut out = io::stdout().lock();
    let state = |made: Made| if made == Made::New { "made" } else { "was there, left as it is" };
    writeln!(out, "data folder     {}: {}", data.display(), state(report.folder))?;
    writeln!(out, "database        galleria.db: {}", state(report.database))?;
    writeln!(
        out,
        "sealing key     keys/sealing.key: {} (keep a copy apart from the database)",
        state(report.key)
    )?;
    writeln!(out, "certificate     tls/cert.pem, for kiosks tls/ca.pem: {}", state(report.certificate))?;
    match report.administrator {
        FirstAdministrator::Existing => writeln!(out, "administrator   there is one, left as it is")?,
        FirstAdministrator::Made => writeln!(out, "administrator   {}: made", init.admin)?,
        FirstAdministrator::MadeWith(password) => {
            writeln!(out, "administrator   {}: made", init.admin)?;
            writeln!(out, "password        {}  (shown once)", password.reveal())?;
        }
    }
    // The next step goes to standard error, because it is not part of the report: a program that starts the
    // server itself does not pass it on.
    writeln!(io::stderr(), "\nStart it with\n  galleria-server run --data {}", data.display())?;
    Ok(())
}

/// The first line of a file, as the password of the person with this login.
pub fn password_in(file: &std::path::Path, login: &str) -> anyhow::Result<Password> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let line = text.lines().next().unwrap_or_default();
    Password::chosen_by(login, line).with_context(|| file.display().to_string())
}
