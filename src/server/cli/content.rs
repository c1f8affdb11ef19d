//! `galleria-server content …`

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use domain::content::{ContentKey, ContentVersion};
use server::admin::Admin;
use server::{Clock, Random, content};

use super::Data;

#[derive(Debug, Subcommand)]
pub enum Content {
    /// Name the minisign key that content is signed with. Kiosks learn it when they enrol
    Key {
        /// File minisign.pub, or the key itself
        key: String,
        #[command(flatten)]
        data: Data,
    },
    /// Write manifest.json into a folder with venue/ and forms/. Sign it then: minisign -Sm manifest.json
    Pack {
        /// The folder
        folder: PathBuf,
        /// Let kiosks go back to it from a higher number
        #[arg(long)]
        rollback: bool,
        #[command(flatten)]
        data: Data,
    },
    /// Offer a packed and signed folder to the kiosks
    Publish {
        /// The folder
        folder: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// List what was published and how many kiosks show it
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Offer a publication to no kiosk any more
    Withdraw {
        /// Which
        number: u64,
        #[command(flatten)]
        data: Data,
    },
}

pub fn run(command: Content, clock: Clock, random: Random) -> anyhow::Result<()> {
    let now = clock.now();
    let open = |data: &Data| Admin::open(&data.data, clock, random);
    let mut out = io::stdout().lock();
    match command {
        Content::Key { key, data } => {
            let text = if fs::exists(&key)? { fs::read_to_string(&key)? } else { key.clone() };
            let parsed: ContentKey = text.parse().with_context(|| key)?;
            open(&data)?.set_content_key(&parsed)?;
            writeln!(out, "content is signed with {parsed}")?;
        }
        Content::Pack { folder, rollback, data } => {
            let version = open(&data)?.next_content()?;
            let manifest = content::pack(&folder, version, rollback, now)?;
            let (files, path) = (manifest.files.len(), folder.join(content::MANIFEST));
            writeln!(out, "content {version}: {files} files, {} bytes. Sign it with", manifest.bytes())?;
            writeln!(out, "  minisign -Sm {}", path.display())?;
        }
        Content::Publish { folder, data } => {
            let manifest = open(&data)?.publish_content(&folder)?;
            writeln!(out, "content {} is offered to the kiosks", manifest.version)?;
        }
        Content::List { data } => {
            for one in open(&data)?.content()? {
                let state = match one.withdrawn_at {
                    Some(at) => format!("withdrawn {}", at.format("%Y-%m-%d %H:%M UTC")),
                    None => format!("shown by {} kiosks", one.shown_by),
                };
                let at = one.published_at.format("%Y-%m-%d %H:%M UTC");
                writeln!(out, "{}  published {at}  {state}", one.version)?;
            }
        }
        Content::Withdraw { number, data } => {
            open(&data)?.withdraw_content(ContentVersion(number))?;
            writeln!(out, "content {number} is withdrawn")?;
        }
    }
    Ok(())
}
