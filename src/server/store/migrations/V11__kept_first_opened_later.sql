-- What arrives is written down before anybody looks into it, and two submissions may claim one place in a
-- kiosk's count: the second comes from a cloned disk and is as good as the first.
create table submission_kept (
  id integer primary key,
  kiosk integer not null references kiosk (number),
  uuid text not null,
  queued_as integer not null,
  epoch integer not null,
  seq integer not null,
  kind text not null,
  created_at integer not null,
  started_at integer not null, -- when its clocks start: when the visitor sent it, by the server's time
  received_at integer not null,
  key_id text not null,
  sha256 blob not null,
  sealed blob not null,
  set_aside text, -- why no case could be made of it
  unique (uuid, kiosk)
) strict;
insert into submission_kept
  select s.id, s.kiosk, s.uuid, s.queued_as, s.epoch, s.seq, s.kind, s.created_at,
    coalesce(c.started_at, s.received_at), s.received_at, s.key_id, s.sha256, s.sealed, s.set_aside
  from submission s left join cases c on c.submission = s.id;
drop table submission;
alter table submission_kept rename to submission;
create index submission_by_place on submission (kiosk, queued_as, epoch, seq);
create index submission_set_aside on submission (id) where set_aside is not null;

-- Which of them nobody has looked into yet. A row of its own, so that the bytes are never written twice.
create table unopened (
  submission integer primary key references submission (id)
) strict;

-- What was kept beside another one for its place in the count alone becomes a submission like any other.
insert or ignore into submission
  select id + (select coalesce(max(id), 0) from submission), kiosk, uuid, queued_as, epoch, seq, kind,
    created_at, received_at, received_at, key_id, sha256, sealed, null
  from conflict
  where not exists (select 1 from submission s where s.uuid = conflict.uuid and s.kiosk = conflict.kiosk);
delete from conflict where exists (
  select 1 from submission s
  where s.uuid = conflict.uuid and s.kiosk = conflict.kiosk and s.sha256 = conflict.sha256);
insert into unopened
  select id from submission s
  where set_aside is null and not exists (select 1 from cases c where c.submission = s.id);

-- Each count of each kiosk, added up as it arrives, so that nobody has to count rows to see a gap.
create table tally (
  kiosk integer not null references kiosk (number),
  queued_as integer not null,
  epoch integer not null,
  highest integer not null,
  places integer not null, -- how many different places arrived
  twins integer not null, -- how many came to a place that was taken
  twin_at integer,
  primary key (kiosk, queued_as, epoch)
) strict, without rowid;
insert into tally
  select kiosk, queued_as, epoch, max(seq), count(distinct seq), count(*) - count(distinct seq), null
  from submission group by kiosk, queued_as, epoch;

-- Items of which not even the envelope's fields could be read, whole, as they came.
create table odd (
  id integer primary key,
  kiosk integer not null references kiosk (number),
  uuid text not null,
  received_at integer not null,
  sha256 blob not null,
  raw blob not null,
  unique (uuid, kiosk, sha256)
) strict;

-- The counts beside the inbox are read from this alone.
drop index cases_open_kind;
create index cases_open_kind on cases (kind, stage, next_due_at, visitor_wrote_at) where stage <> 'closed';
