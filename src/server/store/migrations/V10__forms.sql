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

-- What was answered, as the visitor's kiosk sent it, with the name and version of the form in it.
alter table cases add column answers text;
-- Whether somebody may be hurt or in danger.
alter table cases add column urgent integer not null default 0;
