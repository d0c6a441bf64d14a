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
alter table stay add column next_due_at bigint;
create index stay_by_next_due on stay (organisation_id, next_due_at) where next_due_at is not null;
create index stay_by_patient on stay (organisation_id, patient_id, admitted_at);

alter table reading add column source text not null default '"oximeter"';
alter table reading add column timing text not null default '{"kind":"by_age"}';
alter table reading add column struck text;

alter table bridge add column status text not null default 'null';
alter table quarantine add column decided text;

create table ward_patient (
    organisation_id uuid not null,
    ward_id uuid not null,
    patient_id uuid not null,
    primary key (organisation_id, ward_id, patient_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, patient_id) references patient
);

create index ward_patient_by_patient on ward_patient (organisation_id, patient_id);
insert into ward_patient (organisation_id, ward_id, patient_id) select distinct organisation_id, ward_id, patient_id from stay;

create table referral (
    organisation_id uuid not null,
    referral_id uuid not null,
    ward_id uuid not null,
    patient_id uuid not null,
    stay_id uuid,
    state text not null,
    is_open boolean not null,
    made_at bigint not null,
    body text not null,
    primary key (organisation_id, referral_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, patient_id) references patient
);

create index referral_by_ward on referral (organisation_id, ward_id, made_at);
create unique index referral_one_open_per_patient on referral (organisation_id, patient_id) where is_open;

create table stay_papers (
    organisation_id uuid not null,
    stay_id uuid not null,
    body text not null,
    primary key (organisation_id, stay_id),
    foreign key (organisation_id, stay_id) references stay
);

create table case_finding (
    organisation_id uuid not null,
    ward_id uuid not null,
    case_id uuid not null,
    imported_at bigint not null,
    nhs_number text not null,
    birth_date text not null,
    family_search text not null,
    result_on text not null,
    state text not null,
    body text not null,
    primary key (organisation_id, ward_id, case_id),
    unique (organisation_id, ward_id, nhs_number, result_on),
    foreign key (organisation_id, ward_id) references ward
);

create index case_finding_by_state on case_finding (organisation_id, ward_id, state, imported_at);

create table plan_version (
    organisation_id uuid not null,
    stay_id uuid not null,
    version integer not null,
    at bigint not null,
    author uuid,
    body text not null,
    primary key (organisation_id, stay_id, version),
    foreign key (organisation_id, stay_id) references stay
);

create table plan_proposal (
    organisation_id uuid not null,
    stay_id uuid not null,
    number integer not null,
    state text not null,
    body text not null,
    primary key (organisation_id, stay_id, number),
    foreign key (organisation_id, stay_id) references stay
);

create unique index plan_proposal_one_waiting on plan_proposal (organisation_id, stay_id) where state = 'waiting';

create table questionnaire (
    organisation_id uuid not null,
    name text not null,
    version integer not null,
    created_at bigint not null,
    body text not null,
    primary key (organisation_id, name, version)
);

create table diary_entry (
    organisation_id uuid not null,
    stay_id uuid not null,
    at bigint not null,
    entry_id uuid not null,
    ward_id uuid not null,
    entered_at bigint not null,
    struck text,
    body text not null,
    primary key (organisation_id, stay_id, at, entry_id),
    foreign key (organisation_id, stay_id) references stay
);

create table access_code (
    organisation_id uuid not null,
    code_hash bytea not null,
    stay_id uuid not null,
    carer text,
    issued_by uuid not null,
    issued_at bigint not null,
    expires_at bigint not null,
    tries bigint not null,
    used_at bigint,
    primary key (organisation_id, code_hash),
    foreign key (organisation_id, stay_id) references stay
);

create index access_code_by_stay on access_code (organisation_id, stay_id);

create table access_token (
    organisation_id uuid not null,
    token_hash bytea not null,
    stay_id uuid not null,
    carer text,
    issued_at bigint not null,
    ended_at bigint,
    primary key (organisation_id, token_hash),
    foreign key (organisation_id, stay_id) references stay
);

create index access_token_by_stay on access_token (organisation_id, stay_id);

create table contact (
    organisation_id uuid not null,
    stay_id uuid not null,
    at bigint not null,
    contact_id uuid not null,
    ward_id uuid not null,
    struck text,
    body text not null,
    primary key (organisation_id, stay_id, at, contact_id),
    foreign key (organisation_id, stay_id) references stay
);

create table kit (
    organisation_id uuid not null references organisation,
    kit_id uuid not null,
    kind text not null,
    state text not null,
    stay_id uuid,
    due_back_at bigint,
    version integer not null,
    body text not null,
    primary key (organisation_id, kit_id)
);

create index kit_by_state on kit (organisation_id, state, due_back_at);
create index kit_by_stay on kit (organisation_id, stay_id) where stay_id is not null;
create index assignment_by_stay on assignment (organisation_id, stay_id) where assigned_until is null;

create table outbox (
    organisation_id uuid not null,
    message_id uuid not null,
    stay_id uuid not null,
    recipient text not null,
    kind text not null,
    not_before bigint not null,
    due_at bigint,
    state text not null,
    attempts integer not null,
    body text not null,
    primary key (organisation_id, message_id),
    foreign key (organisation_id, stay_id) references stay
);

create index outbox_by_due on outbox (organisation_id, due_at) where due_at is not null;
create index outbox_by_stay on outbox (organisation_id, stay_id, not_before);
