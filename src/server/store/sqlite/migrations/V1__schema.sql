-- Times are milliseconds since 1970 in UTC. Hashes are SHA-256, 32 bytes.

-- Who may send. The number is printed on receipts, so a row is never deleted.
create table kiosk (
  number integer primary key check (number between 1 and 99999),
  name text not null,
  added_at integer not null,
  code_hash blob,
  code_expires_at integer,
  -- Set by the first use of the code: only the same kiosk may use it again.
  code_receipt_key blob,
  code_signing_key blob,
  enrolled_at integer,
  revoked_at integer,
  software text,
  last_seen_at integer,
  waiting integer not null default 0,
  clock_skew_ms integer,
  report text, -- its last report of itself, as JSON
  copied_at integer, -- when its disk was last seen to have been copied
  wrong_signature_at integer, -- when something last came under its token that it had not signed so
  retries_requested integer not null default 0, -- how often staff asked it to try its quarantine again
  content_shown integer, -- the publication that it shows
  public_url text, -- the public URL that it prints on receipts
  content_trouble text -- why it did not take the one that it was offered
) strict;
-- Every page of the console says how many kiosks are in service and how many of them were heard of lately.
create index kiosk_in_service on kiosk (last_seen_at) where enrolled_at is not null and revoked_at is null;
create unique index kiosk_by_code on kiosk (code_hash) where code_hash is not null;

-- A newer token replaces the older ones when it is first used, not when it is handed out: a reply that
-- got lost must not lock anybody out. A batch under a token is taken only with a signature under its key.
create table kiosk_token (
  hash blob primary key,
  kiosk integer not null references kiosk (number),
  issued_at integer not null,
  first_used_at integer,
  signing_key blob not null -- Ed25519, 32 bytes
) strict, without rowid;
create index kiosk_token_by_kiosk on kiosk_token (kiosk);

-- Keys that mark tracking tokens. A kiosk that lost its disk brings a second one; receipts in people's
-- pockets still carry marks of the first.
create table receipt_key (
  key blob primary key,
  kiosk integer not null references kiosk (number),
  since integer not null
) strict, without rowid;
create index receipt_key_by_kiosk on receipt_key (kiosk);

-- Private keys to which a kiosk sealed before it knew this server.
create table opening_key (
  key_id text primary key,
  private text not null,
  kiosk integer not null references kiosk (number),
  since integer not null
) strict, without rowid;

-- What arrived, exactly as it arrived. Written before anything is made of it. Two items may claim one
-- seq of a kiosk: the second comes from a cloned disk and is as good as the first.
create table sealed_item (
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
  quarantine_reason text, -- why no case could be made of it
  unique (uuid, kiosk)
) strict;
create index sealed_item_by_seq on sealed_item (kiosk, queued_as, epoch, seq);
create index sealed_item_quarantined on sealed_item (id) where quarantine_reason is not null;

-- Sealed items that are stored and not opened yet. A row of its own, so that the bytes are never written twice.
create table ingest_queue (
  sealed_item integer primary key references sealed_item (id)
) strict;

-- Different bytes under an id that is taken. Kept for staff.
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
  stored integer not null references sealed_item (id),
  unique (kiosk, uuid, sha256)
) strict;

-- Items of which not even the fields in the clear could be read, whole, as they came.
create table unparsed_item (
  id integer primary key,
  kiosk integer not null references kiosk (number),
  uuid text not null,
  received_at integer not null,
  sha256 blob not null,
  raw blob not null,
  unique (uuid, kiosk, sha256)
) strict;

-- Each count of each kiosk, added up as it arrives, so that nobody has to count rows to see a gap.
create table tally (
  kiosk integer not null references kiosk (number),
  queued_as integer not null,
  epoch integer not null,
  highest integer not null,
  contiguous integer not null default 0, -- up to where it is here without a gap, as far as anybody has asked
  distinct_seqs integer not null, -- how many different seqs arrived
  collisions integer not null, -- how many came to a seq that was taken
  collision_at integer,
  primary key (kiosk, queued_as, epoch)
) strict, without rowid;

-- A seq of a kiosk whose item had arrived under another number of the same kiosk.
create table seq_alias (
  kiosk integer not null references kiosk (number),
  queued_as integer not null,
  epoch integer not null,
  seq integer not null,
  primary key (kiosk, queued_as, epoch, seq)
) strict, without rowid;

create table staff (
  id integer primary key,
  login text not null unique collate nocase,
  name text not null,
  password text not null,
  role text not null,
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
  sealed_item integer not null unique references sealed_item (id),
  number text not null,
  token_digest blob not null unique,
  code_digest blob not null, -- salted, of the short code on the receipt
  kiosk integer not null references kiosk (number),
  kind text not null,
  category text,
  urgent integer not null, -- whether somebody may be hurt or in danger
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
  answers text, -- what was answered, as JSON, with the form and its version in it; null for a call for help
  place text, -- the visitor's PlaceRef as JSON
  reachable text not null, -- which ways of reaching the visitor the envelope holds
  telephone blob, -- keyed digest of the visitor's number: it is found, and not read
  stage text not null,
  version integer not null default 1,
  answered_at integer,
  visitor_wrote_at integer,
  satisfied integer,
  next_due_at integer
) strict;
create index cases_by_number on cases (number);
create index cases_by_telephone on cases (telephone) where telephone is not null;

-- Calls for help that were taken back before they arrived.
create table call_taken_back (
  kiosk integer not null references kiosk (number),
  number text not null,
  primary key (kiosk, number)
) strict, without rowid;

-- The inbox is this index, read from its beginning; each list that can be chosen is one, too.
create index cases_open on cases (urgent desc, next_due_at is null, next_due_at, id) where stage <> 'closed';
create index cases_open_kind on cases (kind, urgent desc, next_due_at is null, next_due_at, id)
  where stage <> 'closed';
create index cases_open_stage on cases (stage, urgent desc, next_due_at is null, next_due_at, id)
  where stage <> 'closed';
-- A visitor who wrote last is listed until somebody has read it, closed cases too.
create index cases_wrote on cases (urgent desc, next_due_at is null, next_due_at, id)
  where visitor_wrote_at is not null;
create index cases_newest on cases (received_at desc, id desc);

-- How many cases are open, by kind and stage, and of how many the visitor wrote last, closed ones too. Every page
-- of the console says so, and counting a hundred thousand rows for each of them would keep everybody waiting.
create table open_cases (
  kind text not null,
  stage text not null,
  open_count integer not null,
  awaiting_reply_count integer not null,
  primary key (kind, stage)
) strict, without rowid;

-- A row that may be there already is put there first and counted up then: within a trigger that is the same
-- whatever the statement that fired it does about conflicts.
create trigger case_is_counted after insert on cases begin
  insert or ignore into open_cases values (new.kind, new.stage, 0, 0);
  update open_cases set open_count = open_count + (new.stage <> 'closed'),
    awaiting_reply_count = awaiting_reply_count + (new.visitor_wrote_at is not null)
    where kind = new.kind and stage = new.stage;
end;
create trigger case_is_counted_anew after update of kind, stage, visitor_wrote_at on cases begin
  update open_cases set open_count = open_count - (old.stage <> 'closed'),
    awaiting_reply_count = awaiting_reply_count - (old.visitor_wrote_at is not null)
    where kind = old.kind and stage = old.stage;
  insert or ignore into open_cases values (new.kind, new.stage, 0, 0);
  update open_cases set open_count = open_count + (new.stage <> 'closed'),
    awaiting_reply_count = awaiting_reply_count + (new.visitor_wrote_at is not null)
    where kind = new.kind and stage = new.stage;
end;
create trigger case_is_counted_no_more after delete on cases begin
  update open_cases set open_count = open_count - (old.stage <> 'closed'),
    awaiting_reply_count = awaiting_reply_count - (old.visitor_wrote_at is not null)
    where kind = old.kind and stage = old.stage;
end;

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
create table case_event (
  id integer primary key,
  case_id integer not null references cases (id),
  at integer not null,
  actor text not null,
  staff integer references staff (id),
  what text not null,
  stage text,
  words text
) strict;
create index case_event_by_case on case_event (case_id, id);
create trigger case_event_is_not_changed before update on case_event begin
  select raise(abort, 'the history of a case is only added to');
end;
create trigger case_event_is_not_deleted before delete on case_event begin
  select raise(abort, 'the history of a case is only added to');
end;

-- Forms that have changed a case, for a week: a form that is sent twice changes it once.
create table form_token (
  token text not null,
  content blob not null, -- the hash of what was sent
  case_id integer not null references cases (id),
  version integer not null, -- of the case, after the change
  at integer not null,
  primary key (token, content)
) strict, without rowid;
create index form_token_by_case on form_token (case_id, version);
create index form_token_by_age on form_token (at);

-- Who did or saw what. Each row's hash covers the row before it, so that a gap shows.
create table audit_entry (
  id integer primary key,
  at integer not null,
  staff integer references staff (id),
  who text not null,
  what text not null,
  about text not null,
  result text not null,
  hash blob not null
) strict;
create trigger audit_entry_is_not_changed before update on audit_entry begin
  select raise(abort, 'the audit is only added to');
end;
create trigger audit_entry_is_not_deleted before delete on audit_entry begin
  select raise(abort, 'the audit is only added to');
end;

-- Words of cases, one Han or Kana character a token, so that two characters in a row can be found. A row has the id of
-- the event that brought the words: the arrival, an answer, a note, an addition.
create virtual table case_words using fts5 (words, content = '', tokenize = "unicode61 remove_diacritics 2");

-- Every version of every form that this server was given, as TOML: answers to it may arrive years later.
create table form (
  id text not null,
  version integer not null,
  given_at integer not null,
  source text not null,
  primary key (id, version)
) strict, without rowid;
create trigger form_is_not_changed before update on form begin
  select raise(abort, 'a form that was published is never changed');
end;
create trigger form_is_not_deleted before delete on form begin
  select raise(abort, 'a form that was published is never forgotten');
end;

-- What kiosks show: manifests as they were signed, and the files that they name, each once.
create table publication (
  version integer primary key,
  manifest blob not null,
  signature text not null,
  published_at integer not null,
  withdrawn_at integer -- kiosks are not offered it any more
) strict;
create table publication_file (
  sha256 text primary key,
  bytes blob not null
) strict;

-- What the server remembers about itself.
create table server_meta (
  name text primary key,
  value text not null
) strict, without rowid;
