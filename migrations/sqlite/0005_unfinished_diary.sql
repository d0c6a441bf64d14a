-- A diary that was begun at home and not sent: it belongs to the token it was begun with, and goes when that does.

alter table access_token add column unfinished text;
alter table access_token add column unfinished_at integer;
alter table access_token add column unfinished_until integer;

create index access_token_unfinished on access_token (organisation_id, unfinished_until) where unfinished is not null;
