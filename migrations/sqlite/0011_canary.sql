-- A ward that tries the way of an alert: the name of the node that it belongs to, null for the wards of people. Nobody is
-- shown such a ward, and no two nodes share one.
alter table ward add column canary_of text;

create unique index ward_one_canary_per_node on ward (organisation_id, canary_of) where canary_of is not null;
