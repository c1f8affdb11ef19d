//! What goes into the next request.

use std::time::Duration;

use domain::id::{Epoch, Seq};
use domain::wire::{Limits, SealedItem, SeqWatermark};
use rusqlite::params;

use super::{Error, Outbox, queue};

/// Which of the waiting submissions are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Those against which nothing speaks, as many as fit.
    Fresh,
    /// One that was refused when it was sent alone. It never travels with others again, so that it holds
    /// nobody up, and what becomes of it is due to it alone.
    Suspect,
}

/// How many submissions wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Against which nothing speaks.
    pub fresh: u64,
    /// That were refused alone.
    pub suspect: u64,
}

impl Waiting {
    /// All of them.
    pub fn all(self) -> u64 {
        self.fresh + self.suspect
    }
}

/// Counts named to the server at a time.
const COUNTS: i64 = 6;

impl Outbox {
    /// How many submissions have not reached the server.
    ///
    /// # Errors
    /// [`Error`].
    pub fn waiting(&self) -> Result<u64, Error> {
        Ok(self.waiting_by_turn()?.all())
    }

    /// The same, told apart.
    ///
    /// # Errors
    /// [`Error`].
    pub fn waiting_by_turn(&self) -> Result<Waiting, Error> {
        let count = |sql| -> Result<u64, rusqlite::Error> {
            self.db.prepare_cached(sql)?.query_row((), |row| row.get(0))
        };
        let suspect = count("select count(*) from waiting where suspect = 1")?;
        let all = count("select count(*) from waiting")?;
        Ok(Waiting { fresh: all.saturating_sub(suspect), suspect })
    }

    /// What to send next, oldest first, within `limits`; at least one fresh item if any is waiting.
    ///
    /// Items that the server has put off come after all others, and suspects come alone: no item blocks
    /// another.
    ///
    /// # Errors
    /// [`Error`].
    pub fn next_batch(&self, turn: Turn, limits: &Limits) -> Result<Vec<SealedItem>, Error> {
        let mut query = self.db.prepare_cached(
            "select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, run, uptime_ms
             from waiting where suspect = ?1 order by setbacks, epoch, seq limit ?2",
        )?;
        let (suspect, most) = match turn {
            Turn::Fresh => (0, i64::try_from(limits.max_items.max(1)).unwrap_or(i64::MAX)),
            Turn::Suspect => (1, 1),
        };
        let uptime = self.uptime();
        let mut rows = query.query(params![suspect, most])?;
        let (mut batch, mut bytes) = (Vec::new(), BATCH_FRAME_BYTES);
        while let Some(row) = rows.next()? {
            let mut item = queue::item(row)?;
            let (run, queued): (u32, u64) = (row.get(9)?, row.get(10)?);
            item.age_ms = (run == self.run).then(|| millis(uptime).saturating_sub(queued));
            bytes += wire_length(&item);
            if bytes > limits.max_bytes && !batch.is_empty() {
                break;
            }
            batch.push(item);
        }
        batch.sort_by_key(|item| (item.epoch, item.seq));
        Ok(batch)
    }

    /// The counts of which anything is kept here, the present one first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn counts(&self) -> Result<Vec<SeqWatermark>, Error> {
        let mut query = self.db.prepare_cached(
            "select kiosk, epoch, next_seq - 1 from counter where kiosk is not null
             union all select * from (select kiosk, epoch, max(last) from (
               select kiosk, epoch, max(seq) as last from waiting group by kiosk, epoch
               union all select kiosk, epoch, max(seq) from quarantined group by kiosk, epoch
               union all select kiosk, epoch, max(seq) from delivered group by kiosk, epoch)
             where epoch <> ?1 group by kiosk, epoch order by epoch desc limit ?2)",
        )?;
        let rows = query.query_map(params![self.epoch.0, COUNTS], |row| {
            Ok(SeqWatermark {
                kiosk: queue::parsed(row, 0, |text| text.parse().ok())?,
                epoch: Epoch(row.get(1)?),
                last: Seq(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How long this run of the program has lasted.
    pub(super) fn uptime(&self) -> Duration {
        (self.clock)()
    }
}

/// Whole milliseconds.
pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// More than `{"sent_at":…,"items":[…],"waiting":…}` takes without its items.
const BATCH_FRAME_BYTES: usize = 128;
/// More than the clear fields of an item take, with their names and the comma after it.
const ITEM_FRAME_BYTES: usize = 384;

/// No fewer bytes than the item takes in the body of a request.
fn wire_length(item: &SealedItem) -> usize {
    ITEM_FRAME_BYTES + item.sealed.0.len().div_ceil(3) * 4
}
