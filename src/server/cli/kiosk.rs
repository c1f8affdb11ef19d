//! `galleria-server kiosk …`: adding, listing and revoking kiosks, new enrolment codes, retries.

use std::io::{self, Write as _};

use clap::Subcommand;
use domain::Timestamp;
use domain::id::KioskNumber;
use server::admin::Admin;
use server::store::fleet::{KioskState, PROBLEM_SHOWN_FOR};
use server::{Clock, Random};

use super::data::Data;

#[derive(Debug, Subcommand)]
pub enum Kiosk {
    /// Add a kiosk and print the code that lets it in once, within 24 hours
    Add {
        /// What staff call it, such as 'North door'
        name: String,
        #[command(flatten)]
        data: Data,
    },
    /// List the kiosks and how they are
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Print a new code for a kiosk that lost its disk or was revoked. It keeps its number
    Code {
        /// Its number, such as K3
        kiosk: KioskNumber,
        #[command(flatten)]
        data: Data,
    },
    /// Ask a kiosk to send again what it holds back, after the reason was put right
    Retry {
        /// Its number, such as K3
        kiosk: KioskNumber,
        #[command(flatten)]
        data: Data,
    },
    /// Refuse everything from a kiosk, at once
    Revoke {
        /// Its number, such as K3
        kiosk: KioskNumber,
        #[command(flatten)]
        data: Data,
    },
}

pub fn run(command: Kiosk, clock: Clock, random: Random) -> anyhow::Result<()> {
    let now = clock.now();
    let open = |data: &Data| Admin::open(&data.data, clock, random);
    let mut out = io::stdout().lock();
    match command {
        Kiosk::Add { name, data } => {
            let (number, code) = open(&data)?.add_kiosk(&name)?;
            writeln!(out, "{number}  {code}")?;
        }
        Kiosk::Code { kiosk, data } => {
            let code = open(&data)?.renew_code(kiosk)?;
            writeln!(out, "{kiosk}  {code}")?;
        }
        Kiosk::Retry { kiosk, data } => {
            open(&data)?.ask_retry(kiosk)?;
            writeln!(out, "{kiosk} will try again when it calls")?;
        }
        Kiosk::Revoke { kiosk, data } => {
            let new = open(&data)?.revoke_kiosk(kiosk)?;
            writeln!(out, "{kiosk} {}", if new { "is revoked" } else { "was revoked before" })?;
        }
        Kiosk::List { data } => {
            let lately = |at: &Timestamp| now - *at < PROBLEM_SHOWN_FOR;
            for kiosk in open(&data)?.kiosks()? {
                let state = match kiosk.state {
                    KioskState::Expected { until } => {
                        format!("expected until {}", until.format("%Y-%m-%d %H:%M UTC"))
                    }
                    KioskState::Forgotten => "its code ended unused".to_owned(),
                    KioskState::Enrolled => "in service".to_owned(),
                    KioskState::Revoked => "revoked".to_owned(),
                };
                let seen = kiosk.last_seen_at.map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string());
                writeln!(
                    out,
                    "{:<6} {:<24} {state}, last heard {}, {} waiting",
                    kiosk.number.to_string(),
                    kiosk.name,
                    seen.as_deref().unwrap_or("never"),
                    kiosk.waiting
                )?;
                if kiosk.copied_at.as_ref().is_some_and(lately) {
                    writeln!(
                        out,
                        "      its disk was copied or put back: two kiosks count under one number"
                    )?;
                }
                if let Some(at) = kiosk.wrong_signature_at.filter(lately) {
                    let at = at.format("%Y-%m-%d %H:%M UTC");
                    writeln!(
                        out,
                        "      a batch had no valid signature of it, last {at}: something on the way changes it, or \
                         someone else has its token"
                    )?;
                }
                for trouble in kiosk.report.iter().flat_map(|report| &report.alarms) {
                    writeln!(out, "      alarm: {} ({} times)", trouble.code, trouble.times)?;
                }
                for held in kiosk.report.iter().flat_map(|report| &report.first_quarantined) {
                    writeln!(out, "      held back: {} {} ({})", held.kind.key(), held.id, held.reason)?;
                }
            }
        }
    }
    Ok(())
}
