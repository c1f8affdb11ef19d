-- Up to where a count is here without a gap, as far as anybody has asked.
alter table tally add column contiguous integer not null default 0;

-- A place in a kiosk's count whose submission had arrived under another number of the same kiosk.
create table elsewhere (
  kiosk integer not null references kiosk (number),
  queued_as integer not null,
  epoch integer not null,
  seq integer not null,
  primary key (kiosk, queued_as, epoch, seq)
) strict, without rowid;

-- What a kiosk said of itself the last time, as JSON; when its disk was last seen to have been copied;
-- how often staff asked it to try again what it holds back.
alter table kiosk add column report text;
alter table kiosk add column copied_at integer;
alter table kiosk add column retries_asked integer not null default 0;
