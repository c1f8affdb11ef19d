//! The schema of the outbox database. A program reads only the version that it writes.

use rusqlite::Connection;

/// The version of this schema, stored as SQLite's `user_version`.
pub(super) const VERSION: u32 = 1;

const SCHEMA: &str = "
    create table counter (
        only_row integer primary key check (only_row = 1),
        epoch integer not null,
        next_seq integer not null,
        -- The number to which the count belongs: a kiosk that is enrolled under another one begins another count.
        kiosk text not null,
        -- Which run of the program this is.
        run integer not null default 0,
        retries_done integer not null default 0
    ) strict;
    create table waiting (
        id text not null unique,
        kiosk text not null,
        epoch integer not null,
        seq integer not null,
        kind text not null,
        created_at integer not null,
        key_id text not null,
        sha256 text not null,
        sealed blob not null,
        -- When it was queued by a clock that nobody sets: the run, and the time since that run began.
        run integer not null default 0,
        uptime_ms integer not null default 0,
        deferrals integer not null default 0,
        refusals integer not null default 0,
        -- It was refused alone, and never travels with others again.
        suspect integer not null default 0,
        quarantine_count integer not null default 0,
        primary key (epoch, seq)
    ) strict;
    create index waiting_by_order on waiting (suspect, deferrals, epoch, seq);
    create table quarantined (
        id text not null unique,
        kiosk text not null,
        epoch integer not null,
        seq integer not null,
        kind text not null,
        created_at integer not null,
        key_id text not null,
        sha256 text not null,
        sealed blob not null,
        reason text not null,
        since integer not null,
        most_bytes integer,
        quarantine_count integer not null default 0,
        try_after integer,
        primary key (epoch, seq)
    ) strict;
    -- What was delivered stays for a while, sealed, in case the server is restored from a backup.
    create table delivered (
        position integer primary key,
        id text not null unique,
        kiosk text not null,
        epoch integer not null,
        seq integer not null,
        kind text not null,
        created_at integer not null,
        key_id text not null,
        sha256 text not null,
        sealed blob not null,
        stored_at integer not null
    ) strict;
    create index delivered_by_place on delivered (kiosk, epoch, seq);
    create index delivered_by_age on delivered (stored_at);
";

/// Creates the tables of a new database.
pub(super) fn make(db: &Connection) -> Result<(), rusqlite::Error> {
    db.execute_batch(SCHEMA)?;
    db.pragma_update(None, "user_version", VERSION)
}
