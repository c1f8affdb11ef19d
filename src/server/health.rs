//! Whether the server can do its work: read, write, and go on writing.
//!
//! It is looked at when the server starts, then twice a minute, and when a monitor asks `/readyz`. The console shows
//! what is wrong on every page, because a full disk is noticed first by people whose answers are not saved. Reading
//! goes on meanwhile, and signing in too (`console::unsaved_sessions`).

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use domain::Timestamp;

use crate::clock::{Clock, Steady};
use crate::http::certificate::ENDS_SOON;
use crate::store::fleet::DISK_LOW;
use crate::store::{Store, StoreError, WriteFault};

/// How often it is looked at without anybody asking.
pub const LOOKED_AT_EVERY: Duration = Duration::from_secs(30);
/// A younger finding answers the next question too: who asks all the time costs nothing.
const FRESH: Duration = Duration::from_secs(2);

/// Something that keeps the server from its work, or soon will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing can be read.
    NotReading,
    /// Nothing can be saved.
    NotWriting(WriteFault),
    /// The disk is nearly full.
    LittleRoom {
        /// Bytes that are left.
        free: u64,
    },
    /// The certificate ends soon, or has ended.
    CertificateEnds {
        /// Whole days that are left.
        days: u64,
    },
}

impl Trouble {
    /// Its key among the words.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotReading => "not-reading",
            Self::NotWriting(WriteFault::DiskFull) => "disk-full",
            Self::NotWriting(WriteFault::Refused) => "not-writing",
            Self::LittleRoom { .. } => "little-room",
            Self::CertificateEnds { .. } => "certificate-ends",
        }
    }

    /// The answer to a monitor. While there is room, however little, the server is ready.
    pub fn answer(trouble: Option<Self>) -> (StatusCode, &'static str) {
        match trouble {
            None => (StatusCode::OK, "ok\n"),
            Some(Self::LittleRoom { .. }) => (StatusCode::OK, "ok, but the disk is nearly full\n"),
            Some(Self::CertificateEnds { .. }) => (StatusCode::OK, "ok, but the certificate ends soon\n"),
            Some(Self::NotReading) => (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be read\n"),
            Some(Self::NotWriting(WriteFault::DiskFull)) => {
                (StatusCode::SERVICE_UNAVAILABLE, "the disk is full, nothing can be saved\n")
            }
            Some(Self::NotWriting(WriteFault::Refused)) => {
                (StatusCode::SERVICE_UNAVAILABLE, "nothing can be written to the disk\n")
            }
        }
    }
}

/// What was found last.
#[derive(Debug)]
pub struct Health {
    /// The folder with the database.
    data: PathBuf,
    last: Mutex<(Option<Steady>, Option<Trouble>)>,
    /// Held by the one caller who looks: a crowd gets what is known.
    looking: tokio::sync::Mutex<()>,
    certificate_ends: Mutex<Option<Timestamp>>,
}

impl Health {
    pub fn new(data: PathBuf) -> Self {
        Self {
            data,
            last: Mutex::default(),
            looking: tokio::sync::Mutex::default(),
            certificate_ends: Mutex::default(),
        }
    }

    /// Notes when the certificate of the listener ends.
    pub fn note_certificate(&self, ends: Option<Timestamp>) {
        *self.certificate_ends.lock().unwrap_or_else(PoisonError::into_inner) = ends;
    }

    /// What was wrong when it was last looked at.
    pub fn trouble(&self) -> Option<Trouble> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    /// Looks at what is wrong now, unless it was looked at a moment ago.
    pub async fn look(&self, store: &Store, clock: &Clock) -> Option<Trouble> {
        let now = clock.steady();
        let (at, known) = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if at.is_some_and(|at| now.0.saturating_sub(at.0) < FRESH) {
            return known;
        }
        let Ok(_looking) = self.looking.try_lock() else { return known };
        let found = self.find(store, clock).await;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = (Some(now), found);
        match found {
            Some(trouble) if known != found && Trouble::answer(found).0.is_success() => {
                tracing::warn!(?trouble, "the server will be in trouble soon");
            }
            Some(trouble) if known != found => tracing::error!(?trouble, "the server is in trouble"),
            None if known.is_some() => tracing::info!("the server can do its work again"),
            _ => {}
        }
        found
    }

    async fn find(&self, store: &Store, clock: &Clock) -> Option<Trouble> {
        match store.try_reading().await {
            // More work than it can do at once is no trouble: it passes.
            Ok(()) | Err(StoreError::Busy) => {}
            Err(_) => return Some(Trouble::NotReading),
        }
        match store.try_writing(clock.now()).await {
            Ok(()) | Err(StoreError::Busy) => {}
            Err(error) => {
                return Some(Trouble::NotWriting(error.write_fault().unwrap_or(WriteFault::Refused)));
            }
        }
        self.little_room().or_else(|| self.certificate_ends_soon(clock.now()))
    }

    fn little_room(&self) -> Option<Trouble> {
        let room = rustix::fs::statvfs(&self.data).ok()?;
        let free = room.f_bavail.saturating_mul(room.f_frsize);
        (free < DISK_LOW).then_some(Trouble::LittleRoom { free })
    }

    fn certificate_ends_soon(&self, now: Timestamp) -> Option<Trouble> {
        let ends = (*self.certificate_ends.lock().unwrap_or_else(PoisonError::into_inner))?;
        let days = u64::try_from((ends - now).num_days()).unwrap_or_default();
        (ends - now < ENDS_SOON).then_some(Trouble::CertificateEnds { days })
    }
}
