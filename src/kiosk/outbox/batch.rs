//! Batches: which items go into the next request.
//!
//! This module only reads. An item leaves the queue when a reply is settled, not when it is sent.

use std::time::Duration;

use domain::id::{Epoch, Seq};
use domain::wire::{Limits, SealedItem, SeqWatermark};
use rusqlite::params;

use super::{Error, Outbox, rows};

/// Which items a batch holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchKind {
    /// Items that were never refused alone; as many as fit.
    Fresh,
    /// One suspect: an item that was refused when it was sent alone. From then on it is sent without others,
    /// so that it does not delay them and a refusal concerns only itself.
    Suspect,
}

/// How many submissions are waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Items that were never refused alone.
    pub fresh: u64,
    pub suspect: u64,
}

impl Waiting {
    /// The sum of both kinds.
    pub fn all(self) -> u64 {
        self.fresh + self.suspect
    }
}

/// The most sequence watermarks that a batch contains.
const MAX_WATERMARKS: i64 = 6;

impl Outbox {
    /// How many submissions have not reached the server.
    ///
    /// # Errors
    /// [`Error`].
    pub fn waiting(&self) -> Result<u64, Error> {
        Ok(self.waiting_by_kind()?.all())
    }

    /// The number of waiting submissions by kind.
    ///
    /// # Errors
    /// [`Error`].
    pub fn waiting_by_kind(&self) -> Result<Waiting, Error> {
        let count = |sql| -> Result<u64, rusqlite::Error> {
            self.db.prepare_cached(sql)?.query_row((), |row| row.get(0))
        };
        let suspect = count("select count(*) from waiting where suspect = 1")?;
        let all = count("select count(*) from waiting")?;
        Ok(Waiting { fresh: all.saturating_sub(suspect), suspect })
    }

    /// The items to send next, oldest first, within `limits`; at least one if any of this kind is waiting.
    ///
    /// Items that the server deferred come last, and suspects are sent alone, so no item blocks another.
    ///
    /// # Errors
    /// [`Error`].
    pub fn next_batch(&self, kind: BatchKind, limits: &Limits) -> Result<Vec<SealedItem>, Error> {
        let mut query = self.db.prepare_cached(
            "select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, run, uptime_ms
             from waiting where suspect = ?1 order by deferrals, epoch, seq limit ?2",
        )?;
        let (suspect, most) = match kind {
            BatchKind::Fresh => (0, i64::try_from(limits.max_items.max(1)).unwrap_or(i64::MAX)),
            BatchKind::Suspect => (1, 1),
        };
        let uptime = self.uptime();
        let mut found = query.query(params![suspect, most])?;
        let (mut batch, mut bytes) = (Vec::new(), BATCH_FRAME_BYTES);
        while let Some(row) = found.next()? {
            let mut item = rows::item(row)?;
            let (run, queued): (u32, u64) = (row.get(9)?, row.get(10)?);
            item.age_ms = (run == self.run).then(|| rows::whole_millis(uptime).saturating_sub(queued));
            bytes += wire_length(&item);
            if bytes > limits.max_bytes && !batch.is_empty() {
                break;
            }
            batch.push(item);
        }
        batch.sort_by_key(|item| (item.epoch, item.seq));
        Ok(batch)
    }

    /// The sequence watermarks: the last seq of each epoch with stored items, the current epoch first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn watermarks(&self) -> Result<Vec<SeqWatermark>, Error> {
        let mut query = self.db.prepare_cached(
            "select kiosk, epoch, next_seq - 1 from counter where kiosk is not null
             union all select * from (select kiosk, epoch, max(last) from (
               select kiosk, epoch, max(seq) as last from waiting group by kiosk, epoch
               union all select kiosk, epoch, max(seq) from quarantined group by kiosk, epoch
               union all select kiosk, epoch, max(seq) from delivered group by kiosk, epoch)
             where epoch <> ?1 group by kiosk, epoch order by epoch desc limit ?2)",
        )?;
        let found = query.query_map(params![self.epoch.0, MAX_WATERMARKS], |row| {
            Ok(SeqWatermark {
                kiosk: rows::parsed(row, 0, |text| text.parse().ok())?,
                epoch: Epoch(row.get(1)?),
                last: Seq(row.get(2)?),
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// How long this run of the program has lasted.
    pub(super) fn uptime(&self) -> Duration {
        (self.uptime)()
    }
}

/// An upper bound of `{"sent_at":…,"items":[…],"waiting":…}` without its items.
const BATCH_FRAME_BYTES: usize = 128;
/// An upper bound of the clear fields of an item, with their names and the comma after it.
const ITEM_FRAME_BYTES: usize = 384;

/// An upper bound of the bytes that the item takes in the body of a request.
fn wire_length(item: &SealedItem) -> usize {
    ITEM_FRAME_BYTES + item.sealed.0.len().div_ceil(3) * 4
}
