//! The arguments that the routing commands share: a map, a profile, a moment, a language.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use chrono::DateTime;
use chrono_tz::Tz;
use domain::language::Language;
use wayfinding::cache::{Cache, Cached};
use wayfinding::route::{Router, TravelProfile};
use wayfinding::venue::Venue;

use super::input::{self, Map};

/// Where, how, when, and in which language.
#[derive(Debug, clap::Args)]
pub struct Question {
    #[command(flatten)]
    map: Map,
    /// How one moves: walking, step-free or stroller
    #[arg(long, default_value = "walking", value_parser = input::profile)]
    pub profile: TravelProfile,
    /// When one sets out: 2026-11-21T14:30 in the venue's time, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Language of the words: zh-Hans, zh-Hant, en, ja or ko [default: the venue's]
    #[arg(long, value_parser = input::language)]
    lang: Option<Language>,
    /// Print JSON, for other programs
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    memory: Memory,
}

/// Where networks are kept from one run to the next.
#[derive(Debug, clap::Args)]
pub struct Memory {
    /// Folder that keeps what was measured on a map, so that the next run begins sooner
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
}

impl Memory {
    /// A router for a venue, with its networks from the cache if there is one.
    pub fn router(&self, venue: Venue) -> Router {
        let router = Router::new(Arc::new(venue));
        if let Some(folder) = &self.cache
            && let Cached::NotKept(cause) = Cache::in_folder(folder).prepare(&router)
        {
            complain!("galleria-venue: nothing is kept in {}: {cause}", folder.display());
        }
        router
    }
}

/// A map that was read, and the moment and language of the query.
pub struct Asked {
    pub router: Router,
    pub at: DateTime<Tz>,
    pub language: Language,
}

impl Question {
    pub fn read(&self) -> Result<Asked> {
        let router = self.memory.router(self.map.load()?.venue);
        let at = input::moment(self.at.as_deref(), router.venue().time_zone())?;
        let language = self.lang.unwrap_or(router.venue().default_language());
        Ok(Asked { router, at, language })
    }
}
