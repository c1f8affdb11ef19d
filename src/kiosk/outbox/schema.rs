//! The shape of the database, one step a version. Steps are only added.

use rusqlite::Connection;

const STEPS: &[&str] = &[
    "
    create table counter (
        only_row integer primary key check (only_row = 1),
        epoch integer not null,
        next_seq integer not null
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
        setbacks integer not null default 0,
        refusals integer not null default 0,
        primary key (epoch, seq)
    ) strict;
    create index waiting_by_turn on waiting (setbacks, epoch, seq);
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
        primary key (epoch, seq)
    ) strict;
",
    // To which number the count belongs: a kiosk that is enrolled under another one begins another count.
    // Which run of the program this is, and when in it something was queued: a clock that nobody sets.
    // What was refused alone is a suspect and never travels with others again. What was delivered stays
    // for a while, sealed, in case the server is restored from a backup.
    "
    alter table counter add column run integer not null default 0;
    alter table counter add column kiosk text;
    alter table counter add column retries_obeyed integer not null default 0;
    alter table waiting add column run integer not null default 0;
    alter table waiting add column uptime_ms integer not null default 0;
    alter table waiting add column suspect integer not null default 0;
    alter table waiting add column rounds integer not null default 0;
    drop index waiting_by_turn;
    create index waiting_by_turn on waiting (suspect, setbacks, epoch, seq);
    alter table quarantined add column most_bytes integer;
    alter table quarantined add column rounds integer not null default 0;
    alter table quarantined add column try_after integer;
    create table delivered (
        turn integer primary key,
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
",
];

/// The newest version.
pub(super) const VERSION: usize = STEPS.len();

/// Takes the steps that are missing since version `from`.
pub(super) fn migrate(db: &Connection, from: usize) -> Result<(), rusqlite::Error> {
    for (version, step) in STEPS.iter().enumerate().skip(from) {
        db.execute_batch(step)?;
        db.pragma_update(None, "user_version", version + 1)?;
    }
    Ok(())
}
