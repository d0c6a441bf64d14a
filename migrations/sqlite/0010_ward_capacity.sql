-- How many patients a ward can look after at once, where that is set; and what a report is read by: the stays of a ward by
-- when they began, alerts by when they were raised, and those events of its log that reports need, without all the others.

alter table ward add column capacity integer;

create index stay_of_ward on stay (organisation_id, ward_id, admitted_at, stay_id);
create index assignment_of_stay on assignment (organisation_id, stay_id, assigned_from);
create index alert_by_time on alert (organisation_id, ward_id, raised_at, number);
create index ward_event_shown on ward_event (organisation_id, ward_id, at, seq) where kind = 'alert_shown';
create index ward_event_acknowledged on ward_event (organisation_id, ward_id, at, seq) where kind = 'alert_acknowledged';
create index ward_event_assigned on ward_event (organisation_id, ward_id, at, seq) where kind = 'alert_assigned';
create index ward_event_transferred_in on ward_event (organisation_id, ward_id, at, seq) where kind = 'transferred_in';
create index ward_event_transferred_out on ward_event (organisation_id, ward_id, at, seq) where kind = 'transferred_out';
