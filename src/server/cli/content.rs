//! `galleria-server content …`: the signing key of content, packing, publishing, listing and withdrawing it.
//!
//! The operator signs between `pack` and `publish`; the server never has the private key.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use domain::content::{ContentKey, ContentVersion};
use server::admin::Admin;
use server::publications::publish;
use server::{Clock, Random};

use super::data::Data;

/// Who looks at a map before it goes out.
#[derive(Debug, clap::Args)]
pub struct Checker {
    /// The program galleria-venue, which refuses maps with errors [default: the one beside this program]
    #[arg(long, env = "GALLERIA_SERVER_CHECKER", value_name = "FILE")]
    checker: Option<PathBuf>,
}

impl Checker {
    /// The program to start: the one that was named, the one beside `own`, or the one in `PATH`.
    fn program(self, own: Option<&Path>) -> PathBuf {
        const NAME: &str = "galleria-venue";
        let beside =
            || own.and_then(Path::parent).map(|folder| folder.join(NAME)).filter(|path| path.exists());
        self.checker.or_else(beside).unwrap_or_else(|| PathBuf::from(NAME))
    }
}

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
    ///
    /// The map in venue/ is checked first, as by galleria-venue check; one with errors is refused
    Pack {
        /// The folder with venue/, forms/ and manifest.json
        folder: PathBuf,
        #[command(flatten)]
        checker: Checker,
        /// Let kiosks go back to it from a higher number
        #[arg(long)]
        rollback: bool,
        #[command(flatten)]
        data: Data,
    },
    /// Offer a packed and signed folder to the kiosks. Its map is checked once more
    Publish {
        /// The folder with venue/, forms/ and manifest.json
        folder: PathBuf,
        #[command(flatten)]
        checker: Checker,
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
        /// Number of the publication
        number: u64,
        #[command(flatten)]
        data: Data,
    },
}

/// Runs the command. `own` is the file of this program, beside which the checker is looked for.
pub fn run(command: Content, own: Option<&Path>, clock: Clock, random: Random) -> anyhow::Result<()> {
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
        Content::Pack { folder, checker, rollback, data } => {
            publish::check_map(&checker.program(own), &folder)?;
            let version = open(&data)?.next_content()?;
            let manifest = publish::pack(&folder, version, rollback, now)?;
            let (files, path) = (manifest.files.len(), folder.join(publish::MANIFEST));
            writeln!(out, "content {version}: {files} files, {} bytes. Sign it with", manifest.bytes())?;
            writeln!(out, "  minisign -Sm {}", path.display())?;
        }
        Content::Publish { folder, checker, data } => {
            publish::check_map(&checker.program(own), &folder)?;
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
