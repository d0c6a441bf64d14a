-- Who is told when nobody takes an alert, as the ward says; null: the default.
alter table ward add column escalation text not null default 'null';

-- Where staff are reached, for one ward each: they entered it themselves, and nobody else is shown it.
create table staff_contact (
    organisation_id blob not null,
    ward_id blob not null,
    clinician_id blob not null,
    contact_id blob not null,
    channel text not null,
    body text not null,
    added_at integer not null,
    primary key (organisation_id, ward_id, clinician_id, contact_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, clinician_id) references clinician
) strict, without rowid;

-- Notices to staff, written with the event that causes them.
create table notice (
    organisation_id blob not null,
    notice_id blob not null,
    ward_id blob not null,
    alert_number integer,
    due_at integer,
    state text not null,
    attempts integer not null,
    queued_at integer not null,
    body text not null,
    primary key (organisation_id, notice_id),
    foreign key (organisation_id, ward_id) references ward
) strict, without rowid;

create index notice_by_due on notice (organisation_id, due_at) where due_at is not null;
create index notice_by_alert on notice (organisation_id, ward_id, alert_number);

-- When a console of the ward was last seen that is visible with its sound armed, on any node.
create table console_watch (
    organisation_id blob not null,
    ward_id blob not null,
    watched_at integer not null,
    primary key (organisation_id, ward_id),
    foreign key (organisation_id, ward_id) references ward
) strict, without rowid;
