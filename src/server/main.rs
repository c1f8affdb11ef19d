//! The program `galleria-server`: reads the command line, and gives the library a clock and randomness.

mod cli;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser as _;
use server::{Clock, Random};
use tracing_subscriber::EnvFilter;

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            EnvFilter::try_from_env("GALLERIA_SERVER_LOG")
                .unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn")),
        )
        .init();
    match obey(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "galleria-server: {error:#}");
            ExitCode::from(exit_code(&error))
        }
    }
}

fn obey(command: Command) -> anyhow::Result<()> {
    let began = Instant::now();
    let clock = Clock::new(chrono::Utc::now).with_steady(move || began.elapsed());
    let random = Random::from_seed(rand::random());
    match command {
        Command::Init(init) => cli::init::run(init, &clock, &random),
        Command::Run(run) => cli::run::run(*run, clock, random),
        Command::Kiosk(kiosk) => cli::kiosk::run(kiosk, clock, random),
        Command::Content(content) => {
            cli::content::run(content, std::env::current_exe().ok().as_deref(), clock, random)
        }
        Command::Staff(staff) => cli::staff::run(staff, clock, random),
        Command::Export(export) => cli::export::run(&export, clock, random),
        Command::Check(data) => cli::export::check(&data, clock, random),
        Command::Backup(backup) => cli::backup::run(&backup),
        Command::Restore(restore) => cli::restore::run(&restore, &clock),
    }
}

fn exit_code(error: &anyhow::Error) -> u8 {
    use server::admin::AdminError;
    use server::data::DataError;
    use server::store::OpenError;
    if error.is::<cli::run::WrongSettings>() {
        return 2;
    }
    if error.chain().any(is_in_use) {
        return 1;
    }
    let damaged = error.chain().any(|cause| {
        cause.is::<DataError>()
            || cause.is::<OpenError>()
            || matches!(
                cause.downcast_ref::<server::StartError>(),
                Some(
                    server::StartError::Data(_)
                        | server::StartError::Open(_)
                        | server::StartError::Key(_)
                        | server::StartError::Tls(_)
                )
            )
            || matches!(cause.downcast_ref::<AdminError>(), Some(AdminError::Data(_) | AdminError::Open(_)))
    });
    if damaged { 3 } else { 1 }
}

/// Whether another server runs on the data folder, with which nothing is wrong.
fn is_in_use(cause: &(dyn std::error::Error + 'static)) -> bool {
    use server::data::DataError;
    let direct = cause.downcast_ref::<DataError>();
    let of_start = cause.downcast_ref::<server::StartError>();
    matches!(direct, Some(DataError::InUse(_)))
        || matches!(of_start, Some(server::StartError::Data(DataError::InUse(_))))
}
