-- Times are milliseconds since 1970 in UTC. Hashes are SHA-256, 32 bytes.

-- Who may send. The number is printed on receipts, so a row is never deleted.
create table kiosk (
  number integer primary key check (number between 1 and 999),
  name text not null,
  added_at integer not null,
  code_hash blob,
  code_expires_at integer,
  code_receipt_key blob, -- set by the first use of the code: only the same kiosk may use it again
  enrolled_at integer,
  revoked_at integer,
  software text,
  last_seen_at integer,
  waiting integer not null default 0,
  clock_skew_ms integer
) strict;
create unique index kiosk_by_code on kiosk (code_hash) where code_hash is not null;

-- A newer token replaces the older ones when it is first used, not when it is handed out: a reply that
-- got lost must not lock anybody out.
create table kiosk_token (
  hash blob primary key,
  kiosk integer not null references kiosk (number),
  issued_at integer not null,
  first_used_at integer
) strict, without rowid;
create index kiosk_token_by_kiosk on kiosk_token (kiosk);

-- Keys that mark tracking tokens. A kiosk that lost its disk brings a second one; receipts in people's
-- pockets still carry marks of the first.
create table receipt_key (
  key blob primary key,
  kiosk integer not null references kiosk (number),
  since integer not null
) strict, without rowid;

-- Private keys to which a kiosk sealed before it knew this server.
create table opening_key (
  key_id text primary key,
  private text not null,
  kiosk integer not null references kiosk (number),
  since integer not null
) strict, without rowid;

-- What arrived, exactly as it arrived. Written before anything is made of it.
create table submission (
  id integer primary key,
  kiosk integer not null references kiosk (number),
  uuid text not null,
  queued_as integer not null,
  epoch integer not null,
  seq integer not null,
  kind text not null,
  created_at integer not null,
  received_at integer not null,
  key_id text not null,
  sha256 blob not null,
  sealed blob not null,
  set_aside text, -- why no case could be made of it; null when there is one
  unique (kiosk, uuid),
  unique (kiosk, queued_as, epoch, seq)
) strict;
create index submission_by_uuid on submission (uuid);
create index submission_set_aside on submission (id) where set_aside is not null;

-- A different submission under an id or a place in the count that is taken: a cloned disk. Kept for staff.
create table conflict (
  id integer primary key,
  kiosk integer not null references kiosk (number),
  uuid text not null,
  queued_as integer not null,
  epoch integer not null,
  seq integer not null,
  kind text not null,
  created_at integer not null,
  received_at integer not null,
  key_id text not null,
  sha256 blob not null,
  sealed blob not null,
  stored integer not null references submission (id),
  unique (kiosk, uuid, sha256)
) strict;

create table staff (
  id integer primary key,
  login text not null unique collate nocase,
  name text not null,
  password text not null,
  role text not null check (role in ('agent', 'administrator')),
  language text,
  added_at integer not null,
  disabled_at integer
) strict;

create table session (
  hash blob primary key,
  staff integer not null references staff (id),
  begun_at integer not null,
  seen_at integer not null
) strict, without rowid;
create index session_by_staff on session (staff);

-- What became of a submission that could be opened. How to reach the visitor is not here: it stays in
-- the sealed bytes and is opened when somebody asks for it, which the audit records.
create table cases (
  id integer primary key,
  submission integer not null unique references submission (id),
  number text not null,
  token_digest blob not null unique,
  kiosk integer not null references kiosk (number),
  kind text not null,
  category text,
  language text not null,
  created_at integer not null,
  started_at integer not null,
  received_at integer not null,
  title text not null,
  story text not null,
  remedy text,
  csat integer,
  nps integer,
  tags text not null,
  place text, -- the visitor's PlaceRef as JSON
  reachable text not null, -- which ways of reaching the visitor the envelope holds
  stage text not null,
  version integer not null default 1,
  answered_at integer,
  visitor_wrote_at integer,
  satisfied integer,
  next_due_at integer
) strict;
create index cases_by_number on cases (number);
-- The inbox is this index, read from its beginning.
create index cases_open on cases (next_due_at is null, next_due_at, id) where stage <> 'closed';
create index cases_open_kind on cases (kind, stage) where stage <> 'closed';
create index cases_newest on cases (received_at desc, id desc);

-- One promise each. A case that is reopened starts a new round.
create table promise (
  case_id integer not null references cases (id),
  round integer not null,
  clock text not null,
  started_at integer not null,
  due_at integer not null,
  kept_at integer,
  primary key (case_id, round, clock)
) strict, without rowid;

-- The history of a case. Only ever added to.
create table event (
  id integer primary key,
  case_id integer not null references cases (id),
  at integer not null,
  actor text not null check (actor in ('visitor', 'staff', 'server')),
  staff integer references staff (id),
  what text not null,
  stage text,
  words text
) strict;
create index event_by_case on event (case_id, id);
create trigger event_is_not_changed before update on event begin
  select raise(abort, 'the history of a case is only added to');
end;
create trigger event_is_not_deleted before delete on event begin
  select raise(abort, 'the history of a case is only added to');
end;

-- Who did or saw what. Each row's hash covers the row before it, so that a gap shows.
create table audit (
  id integer primary key,
  at integer not null,
  staff integer references staff (id),
  who text not null,
  what text not null,
  about text not null,
  result text not null,
  hash blob not null
) strict;
create trigger audit_is_not_changed before update on audit begin
  select raise(abort, 'the audit is only added to');
end;
create trigger audit_is_not_deleted before delete on audit begin
  select raise(abort, 'the audit is only added to');
end;

-- Words of cases, one Han or Kana character a token, so that two characters in a row can be found.
create virtual table case_words using fts5 (words, content = '', tokenize = "unicode61 remove_diacritics 2");

-- What the server remembers about itself.
create table fact (
  name text primary key,
  value text not null
) strict, without rowid;
