-- How many cases are open, by kind and stage, and of how many the visitor wrote last. Every page of the
-- console says so, and counting a hundred thousand rows for each of them would keep everybody waiting.
create table open_cases (
  kind text not null,
  stage text not null,
  many integer not null,
  wrote integer not null,
  primary key (kind, stage)
) strict, without rowid;
insert into open_cases
  select kind, stage, count(*), count(visitor_wrote_at) from cases where stage <> 'closed' group by kind, stage;

-- A row that may be there already is put there first and counted up then: within a trigger that is the same
-- whatever the statement that fired it does about conflicts.
create trigger case_is_counted after insert on cases when new.stage <> 'closed' begin
  insert or ignore into open_cases values (new.kind, new.stage, 0, 0);
  update open_cases set many = many + 1, wrote = wrote + (new.visitor_wrote_at is not null)
    where kind = new.kind and stage = new.stage;
end;
create trigger case_is_counted_anew after update of kind, stage, visitor_wrote_at on cases begin
  update open_cases set many = many - 1, wrote = wrote - (old.visitor_wrote_at is not null)
    where kind = old.kind and stage = old.stage and old.stage <> 'closed';
  insert or ignore into open_cases select new.kind, new.stage, 0, 0 where new.stage <> 'closed';
  update open_cases set many = many + 1, wrote = wrote + (new.visitor_wrote_at is not null)
    where kind = new.kind and stage = new.stage and new.stage <> 'closed';
end;
create trigger case_is_counted_no_more after delete on cases when old.stage <> 'closed' begin
  update open_cases set many = many - 1, wrote = wrote - (old.visitor_wrote_at is not null)
    where kind = old.kind and stage = old.stage;
end;

-- What the old index counted is added up now. In its place each list that can be chosen is an index that is
-- read from its beginning, as the whole inbox is.
drop index cases_open_kind;
create index cases_open_kind on cases (kind, next_due_at is null, next_due_at, id) where stage <> 'closed';
create index cases_open_stage on cases (stage, next_due_at is null, next_due_at, id) where stage <> 'closed';
create index cases_wrote on cases (next_due_at is null, next_due_at, id)
  where stage <> 'closed' and visitor_wrote_at is not null;
