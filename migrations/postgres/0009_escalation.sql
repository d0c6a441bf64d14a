-- Who is told when nobody takes an alert, as the ward says; null: the default.
alter table ward add column escalation text not null default 'null';

-- Where staff are reached, for one ward each: they entered it themselves, and nobody else is shown it.
create table staff_contact (
    organisation_id uuid not null,
    ward_id uuid not null,
    clinician_id uuid not null,
    contact_id uuid not null,
    channel text not null,
    body text not null,
    added_at bigint not null,
    primary key (organisation_id, ward_id, clinician_id, contact_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, clinician_id) references clinician
);

-- Notices to staff, written with the event that causes them.
create table notice (
    organisation_id uuid not null,
    notice_id uuid not null,
    ward_id uuid not null,
    alert_number bigint,
    due_at bigint,
    state text not null,
    attempts integer not null,
    queued_at bigint not null,
    body text not null,
    primary key (organisation_id, notice_id),
    foreign key (organisation_id, ward_id) references ward
);

create index notice_by_due on notice (organisation_id, due_at) where due_at is not null;
create index notice_by_alert on notice (organisation_id, ward_id, alert_number);

-- When a console of the ward was last seen that is visible with its sound armed, on any node.
create table console_watch (
    organisation_id uuid not null,
    ward_id uuid not null,
    watched_at bigint not null,
    primary key (organisation_id, ward_id),
    foreign key (organisation_id, ward_id) references ward
);
