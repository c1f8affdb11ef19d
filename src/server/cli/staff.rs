//! `galleria-server staff …`: adding, listing and disabling accounts, new passwords.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use server::admin::Admin;
use server::secret::Password;
use server::store::accounts::Role;
use server::{Clock, Random};

use super::data::Data;
use super::init::password_in;

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::key))
        .try_map(|key| Role::from_key(&key).ok_or("no such role"))
}

#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Add somebody who may sign in
    Add {
        /// What they type to sign in
        login: String,
        /// What colleagues call them; without it, the login
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// What they may do: an agent reads and answers cases, an administrator also sees kiosks and the audit
        #[arg(long, value_parser = role(), default_value = Role::Agent.key())]
        role: Role,
        /// File whose first line is the password; without it one is made and printed once
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        data: Data,
    },
    /// List everybody
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Set a new password and end every session of that person
    Password {
        /// What they type to sign in
        login: String,
        /// File whose first line is the password; without it one is made and printed once
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        data: Data,
    },
    /// End somebody's access and every session
    Disable {
        /// What they type to sign in
        login: String,
        #[command(flatten)]
        data: Data,
    },
}

pub fn run(command: Staff, clock: Clock, random: Random) -> anyhow::Result<()> {
    let open = |data: &Data| Admin::open(&data.data, clock, random.clone());
    let mut out = io::stdout().lock();
    let password = |login: &str, file: Option<PathBuf>| match file {
        Some(file) => password_in(&file, login).map(|p| (p, None)),
        None => {
            let made = Password::generated(&random);
            Ok((made.clone(), Some(made)))
        }
    };
    match command {
        Staff::Add { login, name, role, password_file, data } => {
            let (password, shown) = password(&login, password_file)?;
            open(&data)?.add_staff(&login, name.as_deref().unwrap_or(&login), role, &password)?;
            writeln!(out, "{login} may sign in{}", once(shown.as_ref()))?;
        }
        Staff::Password { login, password_file, data } => {
            let (password, shown) = password(&login, password_file)?;
            open(&data)?.set_password(&login, &password)?;
            writeln!(out, "{login} has a new password{}", once(shown.as_ref()))?;
        }
        Staff::Disable { login, data } => {
            open(&data)?.disable_staff(&login)?;
            writeln!(out, "{login} can no longer sign in")?;
        }
        Staff::List { data } => {
            for account in open(&data)?.staff()? {
                let (staff, disabled) = (account.staff, account.disabled);
                let ended = if disabled { ", access ended" } else { "" };
                writeln!(out, "{:<20} {}, {}{ended}", staff.login, staff.name, staff.role.key())?;
            }
        }
    }
    Ok(())
}

fn once(password: Option<&Password>) -> String {
    password.map(|p| format!(" with the password {}  (shown once)", p.reveal())).unwrap_or_default()
}
