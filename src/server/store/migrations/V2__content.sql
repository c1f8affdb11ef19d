-- What kiosks show: manifests as they were signed, and the files that they name, each once.
create table content (
  version integer primary key,
  manifest blob not null,
  signature text not null,
  published_at integer not null,
  withdrawn_at integer -- kiosks are not offered it any more
) strict;

create table content_file (
  sha256 text primary key,
  bytes blob not null
) strict;

-- What a kiosk says that it shows, and why it did not take what it was offered.
alter table kiosk add column content_shown integer;
alter table kiosk add column content_trouble text;
