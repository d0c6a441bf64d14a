-- The straight path: who, where, what was measured, what was raised, and the ward's log.
-- Times are UTC milliseconds. Every primary key starts with the organisation. No index is led by random bytes but for
-- nouns that are looked up by their id alone.

create table organisation (
    organisation_id blob not null primary key,
    ods_code text not null unique,
    name text not null,
    epoch blob not null,
    created_at integer not null
) strict, without rowid;

create table ward (
    organisation_id blob not null references organisation,
    ward_id blob not null,
    code text not null,
    name text not null,
    phone text not null,
    time_zone text not null,
    default_plan text not null,
    last_seq integer not null,
    created_at integer not null,
    primary key (organisation_id, ward_id),
    unique (organisation_id, code)
) strict, without rowid;

create table ward_event (
    organisation_id blob not null,
    ward_id blob not null,
    seq integer not null,
    at integer not null,
    kind text not null,
    stay_id blob,
    body text not null,
    primary key (organisation_id, ward_id, seq)
) strict, without rowid;

create table patient (
    organisation_id blob not null references organisation,
    patient_id blob not null,
    nhs_number text not null,
    family_name text not null,
    given_name text not null,
    birth_date text not null,
    phone text not null,
    address text not null,
    door_access text not null,
    others_at_home text not null,
    oxygen_at_home text not null,
    escalation_plan text not null,
    created_at integer not null,
    primary key (organisation_id, patient_id),
    unique (organisation_id, nhs_number)
) strict, without rowid;

create table stay (
    organisation_id blob not null,
    stay_id blob not null,
    ward_id blob not null,
    patient_id blob not null,
    admitted_at integer not null,
    ended_at integer,
    plan text not null,
    state text not null,
    primary key (organisation_id, stay_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, patient_id) references patient
) strict, without rowid;

create index stay_by_ward on stay (organisation_id, ward_id) where ended_at is null;
create unique index stay_one_open_per_patient on stay (organisation_id, patient_id) where ended_at is null;

create table bridge (
    organisation_id blob not null,
    bridge_id blob not null,
    ward_id blob not null,
    name text not null,
    token_hash blob,
    version text not null,
    enrolled_at integer,
    revoked_at integer,
    last_seen_at integer,
    created_at integer not null,
    primary key (organisation_id, bridge_id),
    foreign key (organisation_id, ward_id) references ward
) strict, without rowid;

create table enrolment_code (
    organisation_id blob not null,
    code_hash blob not null,
    bridge_id blob not null,
    expires_at integer not null,
    used_at integer,
    primary key (organisation_id, code_hash),
    foreign key (organisation_id, bridge_id) references bridge
) strict, without rowid;

create table device (
    organisation_id blob not null references organisation,
    device_id blob not null,
    address text not null,
    model text not null,
    created_at integer not null,
    primary key (organisation_id, device_id),
    unique (organisation_id, address)
) strict, without rowid;

create table assignment (
    organisation_id blob not null,
    device_id blob not null,
    assigned_from integer not null,
    assigned_until integer,
    stay_id blob not null,
    bridge_id blob not null,
    primary key (organisation_id, device_id, assigned_from),
    foreign key (organisation_id, device_id) references device,
    foreign key (organisation_id, stay_id) references stay,
    foreign key (organisation_id, bridge_id) references bridge
) strict, without rowid;

create unique index assignment_one_open_per_device on assignment (organisation_id, device_id) where assigned_until is null;
create index assignment_by_bridge on assignment (organisation_id, bridge_id) where assigned_until is null;

create table reading (
    organisation_id blob not null,
    device_id blob not null,
    measured_at integer not null,
    reading_id blob not null,
    stay_id blob not null,
    bridge_id blob not null,
    received_at integer not null,
    effective_at integer not null,
    clock_off_by_ms integer,
    kind text not null,
    spo2_tenths integer,
    pulse_tenths integer,
    perfusion_hundredths integer,
    doubts text,
    attempt_reason text,
    context text not null,
    copy_of blob,
    raw blob,
    primary key (organisation_id, device_id, measured_at, reading_id)
) strict, without rowid;

create index reading_by_stay on reading (organisation_id, stay_id, effective_at);

create table quarantine (
    organisation_id blob not null,
    ward_id blob not null,
    received_at integer not null,
    item_id blob not null,
    bridge_id blob not null,
    device_address text,
    reason text not null,
    spo2_tenths integer,
    raw blob not null,
    primary key (organisation_id, ward_id, item_id),
    foreign key (organisation_id, ward_id) references ward
) strict, without rowid;

create table alert (
    organisation_id blob not null,
    ward_id blob not null,
    number integer not null,
    subject text not null,
    problem text not null,
    stay_id blob,
    is_open integer not null,
    severity text not null,
    raised_at integer not null,
    shown_at integer,
    acknowledged_at integer,
    resolved_at integer,
    next_deadline_at integer,
    body text not null,
    primary key (organisation_id, ward_id, number),
    foreign key (organisation_id, ward_id) references ward
) strict, without rowid;

create unique index alert_one_open_per_problem on alert (organisation_id, ward_id, subject, problem) where is_open;
create index alert_by_deadline on alert (organisation_id, next_deadline_at) where next_deadline_at is not null;

create table clinician (
    organisation_id blob not null references organisation,
    clinician_id blob not null,
    username text not null,
    name text not null,
    password_hash text not null,
    disabled_at integer,
    created_at integer not null,
    primary key (organisation_id, clinician_id),
    unique (organisation_id, username)
) strict, without rowid;

create table membership (
    organisation_id blob not null,
    clinician_id blob not null,
    ward_id blob not null,
    role text not null,
    primary key (organisation_id, clinician_id, ward_id),
    foreign key (organisation_id, clinician_id) references clinician,
    foreign key (organisation_id, ward_id) references ward
) strict, without rowid;

create table staff_session (
    organisation_id blob not null,
    token_hash blob not null,
    clinician_id blob not null,
    csrf_token text not null,
    created_at integer not null,
    last_seen_at integer not null,
    expires_at integer not null,
    primary key (organisation_id, token_hash),
    foreign key (organisation_id, clinician_id) references clinician
) strict, without rowid;

create index staff_session_by_clinician on staff_session (organisation_id, clinician_id);
