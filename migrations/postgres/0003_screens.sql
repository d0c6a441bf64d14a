-- The screens: who is on duty and what they hand over, who looks at whom, what somebody has set for themselves.

alter table ward add column teams text not null default '[]';
alter table ward add column audio_pause text not null default 'null';
alter table ward add column call_script text not null default '';
alter table stay add column team text not null default '';

-- A password that somebody else knows is good until then, and for nothing but to choose another.
alter table clinician add column password_until bigint;

create table duty (
    organisation_id uuid not null,
    ward_id uuid not null,
    accepted_at bigint not null,
    clinician_id uuid not null,
    post text not null,
    left_at bigint,
    primary key (organisation_id, ward_id, accepted_at, clinician_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, clinician_id) references clinician
);

create unique index duty_one_open_per_person on duty (organisation_id, ward_id, clinician_id) where left_at is null;

create table handover_note (
    organisation_id uuid not null,
    ward_id uuid not null,
    at bigint not null,
    note_id uuid not null,
    author uuid not null,
    stay_id uuid,
    body text not null,
    done_at bigint,
    done_by uuid,
    primary key (organisation_id, ward_id, at, note_id),
    foreign key (organisation_id, ward_id) references ward
);

create index handover_note_open on handover_note (organisation_id, ward_id, at) where done_at is null;

create table rota (
    organisation_id uuid not null,
    ward_id uuid not null,
    starts_at bigint not null,
    rota_id uuid not null,
    ends_at bigint not null,
    clinician_id uuid not null,
    post text not null,
    entered_by uuid not null,
    entered_at bigint not null,
    cancelled_at bigint,
    primary key (organisation_id, ward_id, starts_at, rota_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, clinician_id) references clinician
);

create table presence (
    organisation_id uuid not null,
    ward_id uuid not null,
    clinician_id uuid not null,
    stay_id uuid not null,
    since bigint not null,
    seen_at bigint not null,
    primary key (organisation_id, ward_id, clinician_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, clinician_id) references clinician
);

create table clinician_setting (
    organisation_id uuid not null,
    clinician_id uuid not null,
    ward_id uuid not null,
    name text not null,
    body text not null,
    primary key (organisation_id, clinician_id, ward_id, name),
    foreign key (organisation_id, clinician_id) references clinician,
    foreign key (organisation_id, ward_id) references ward
);

create table record_view (
    organisation_id uuid not null,
    ward_id uuid not null,
    at bigint not null,
    view_id uuid not null,
    clinician_id uuid not null,
    stay_id uuid not null,
    what text not null,
    primary key (organisation_id, ward_id, at, view_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, stay_id) references stay
);

create index record_view_by_stay on record_view (organisation_id, stay_id, at);

-- What the log says of a patient is found by the stay; of alerts it did not say whose they are.
create index ward_event_by_stay on ward_event (organisation_id, stay_id, ward_id, seq) where stay_id is not null;
create index alert_by_stay on alert (organisation_id, stay_id, raised_at) where stay_id is not null;
update ward_event set stay_id = (select alert.stay_id from alert where alert.organisation_id = ward_event.organisation_id
        and alert.ward_id = ward_event.ward_id and alert.number = cast(cast(ward_event.body as json) -> 'alert' ->> 'number' as bigint))
    where ward_event.stay_id is null and ward_event.kind in ('alert_raised', 'alert_worsened', 'alert_confirmed', 'alert_continued',
        'alert_acknowledged', 'alert_resolved', 'alert_shown', 'alert_not_shown');
