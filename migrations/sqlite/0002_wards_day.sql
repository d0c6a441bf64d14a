-- The ward's day: the way from a case-finding list to the discharge, plans, diaries, contacts, kit, and messages. What a row
-- says stands in `body` (or in a column of its own name) as JSON; the columns beside it are what is searched or must be unique.

alter table ward add column staffed text not null default 'null';
alter table ward add column default_care text not null default 'null';
alter table ward add column video_link text not null default '';
alter table ward add column safe_range text not null default 'null';

alter table patient add column details text not null default '{}';
alter table patient add column search_name text not null default '';
alter table patient add column phone_digits text not null default '';
update patient set search_name = replace(replace(replace(lower(family_name), '-', ''), '''', ''), ' ', '') || ' '
        || replace(replace(replace(lower(given_name), '-', ''), '''', ''), ' ', ''),
    phone_digits = replace(replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', ''), '+44', '0');
create index patient_by_name on patient (organisation_id, search_name);
create index patient_by_phone on patient (organisation_id, phone_digits);
create index patient_by_birth_date on patient (organisation_id, birth_date);

alter table stay add column phase text not null default '"active"';
alter table stay add column channel text not null default '"bridge"';
alter table stay add column baseline_tenths integer;
alter table stay add column care text not null default 'null';
alter table stay add column contact text not null default '{}';
alter table stay add column next_due_at integer;
create index stay_by_next_due on stay (organisation_id, next_due_at) where next_due_at is not null;
create index stay_by_patient on stay (organisation_id, patient_id, admitted_at);

alter table reading add column source text not null default '"oximeter"';
alter table reading add column timing text not null default '{"kind":"by_age"}';
alter table reading add column struck text;

alter table bridge add column status text not null default 'null';
alter table quarantine add column decided text;

create table ward_patient (
    organisation_id blob not null,
    ward_id blob not null,
    patient_id blob not null,
    primary key (organisation_id, ward_id, patient_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, patient_id) references patient
) strict, without rowid;

create index ward_patient_by_patient on ward_patient (organisation_id, patient_id);
insert into ward_patient (organisation_id, ward_id, patient_id) select distinct organisation_id, ward_id, patient_id from stay;

create table referral (
    organisation_id blob not null,
    referral_id blob not null,
    ward_id blob not null,
    patient_id blob not null,
    stay_id blob,
    state text not null,
    is_open integer not null,
    made_at integer not null,
    body text not null,
    primary key (organisation_id, referral_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, patient_id) references patient
) strict, without rowid;

create index referral_by_ward on referral (organisation_id, ward_id, made_at);
create unique index referral_one_open_per_patient on referral (organisation_id, patient_id) where is_open;

create table stay_papers (
    organisation_id blob not null,
    stay_id blob not null,
    body text not null,
    primary key (organisation_id, stay_id),
    foreign key (organisation_id, stay_id) references stay
) strict, without rowid;

create table case_finding (
    organisation_id blob not null,
    ward_id blob not null,
    case_id blob not null,
    imported_at integer not null,
    nhs_number text not null,
    birth_date text not null,
    family_search text not null,
    result_on text not null,
    state text not null,
    body text not null,
    primary key (organisation_id, ward_id, case_id),
    unique (organisation_id, ward_id, nhs_number, result_on),
    foreign key (organisation_id, ward_id) references ward
) strict, without rowid;

create index case_finding_by_state on case_finding (organisation_id, ward_id, state, imported_at);

create table plan_version (
    organisation_id blob not null,
    stay_id blob not null,
    version integer not null,
    at integer not null,
    author blob,
    body text not null,
    primary key (organisation_id, stay_id, version),
    foreign key (organisation_id, stay_id) references stay
) strict, without rowid;

create table plan_proposal (
    organisation_id blob not null,
    stay_id blob not null,
    number integer not null,
    state text not null,
    body text not null,
    primary key (organisation_id, stay_id, number),
    foreign key (organisation_id, stay_id) references stay
) strict, without rowid;

create unique index plan_proposal_one_waiting on plan_proposal (organisation_id, stay_id) where state = 'waiting';

create table questionnaire (
    organisation_id blob not null,
    name text not null,
    version integer not null,
    created_at integer not null,
    body text not null,
    primary key (organisation_id, name, version)
) strict, without rowid;

create table diary_entry (
    organisation_id blob not null,
    stay_id blob not null,
    at integer not null,
    entry_id blob not null,
    ward_id blob not null,
    entered_at integer not null,
    struck text,
    body text not null,
    primary key (organisation_id, stay_id, at, entry_id),
    foreign key (organisation_id, stay_id) references stay
) strict, without rowid;

create table access_code (
    organisation_id blob not null,
    code_hash blob not null,
    stay_id blob not null,
    carer text,
    issued_by blob not null,
    issued_at integer not null,
    expires_at integer not null,
    tries integer not null,
    used_at integer,
    primary key (organisation_id, code_hash),
    foreign key (organisation_id, stay_id) references stay
) strict, without rowid;

create index access_code_by_stay on access_code (organisation_id, stay_id);

create table access_token (
    organisation_id blob not null,
    token_hash blob not null,
    stay_id blob not null,
    carer text,
    issued_at integer not null,
    ended_at integer,
    primary key (organisation_id, token_hash),
    foreign key (organisation_id, stay_id) references stay
) strict, without rowid;

create index access_token_by_stay on access_token (organisation_id, stay_id);

create table contact (
    organisation_id blob not null,
    stay_id blob not null,
    at integer not null,
    contact_id blob not null,
    ward_id blob not null,
    struck text,
    body text not null,
    primary key (organisation_id, stay_id, at, contact_id),
    foreign key (organisation_id, stay_id) references stay
) strict, without rowid;

create table kit (
    organisation_id blob not null references organisation,
    kit_id blob not null,
    kind text not null,
    state text not null,
    stay_id blob,
    due_back_at integer,
    version integer not null,
    body text not null,
    primary key (organisation_id, kit_id)
) strict, without rowid;

create index kit_by_state on kit (organisation_id, state, due_back_at);
create index kit_by_stay on kit (organisation_id, stay_id) where stay_id is not null;
create index assignment_by_stay on assignment (organisation_id, stay_id) where assigned_until is null;

create table outbox (
    organisation_id blob not null,
    message_id blob not null,
    stay_id blob not null,
    recipient text not null,
    kind text not null,
    not_before integer not null,
    due_at integer,
    state text not null,
    attempts integer not null,
    body text not null,
    primary key (organisation_id, message_id),
    foreign key (organisation_id, stay_id) references stay
) strict, without rowid;

create index outbox_by_due on outbox (organisation_id, due_at) where due_at is not null;
create index outbox_by_stay on outbox (organisation_id, stay_id, not_before);
