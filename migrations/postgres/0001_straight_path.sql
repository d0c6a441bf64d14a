-- The straight path: who, where, what was measured, what was raised, and the ward's log.
-- Times are UTC milliseconds. Every primary key starts with the organisation. No index is led by random bytes but for
-- nouns that are looked up by their id alone.

create table organisation (
    organisation_id uuid not null primary key,
    ods_code text not null unique,
    name text not null,
    epoch uuid not null,
    created_at bigint not null
);

create table ward (
    organisation_id uuid not null references organisation,
    ward_id uuid not null,
    code text not null,
    name text not null,
    phone text not null,
    time_zone text not null,
    default_plan text not null,
    last_seq bigint not null,
    created_at bigint not null,
    primary key (organisation_id, ward_id),
    unique (organisation_id, code)
);

create table ward_event (
    organisation_id uuid not null,
    ward_id uuid not null,
    seq bigint not null,
    at bigint not null,
    kind text not null,
    stay_id uuid,
    body text not null,
    primary key (organisation_id, ward_id, seq)
);

create table patient (
    organisation_id uuid not null references organisation,
    patient_id uuid not null,
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
    created_at bigint not null,
    primary key (organisation_id, patient_id),
    unique (organisation_id, nhs_number)
);

create table stay (
    organisation_id uuid not null,
    stay_id uuid not null,
    ward_id uuid not null,
    patient_id uuid not null,
    admitted_at bigint not null,
    ended_at bigint,
    plan text not null,
    state text not null,
    primary key (organisation_id, stay_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, patient_id) references patient
);

create index stay_by_ward on stay (organisation_id, ward_id) where ended_at is null;
create unique index stay_one_open_per_patient on stay (organisation_id, patient_id) where ended_at is null;

create table bridge (
    organisation_id uuid not null,
    bridge_id uuid not null,
    ward_id uuid not null,
    name text not null,
    token_hash bytea,
    version text not null,
    enrolled_at bigint,
    revoked_at bigint,
    last_seen_at bigint,
    created_at bigint not null,
    primary key (organisation_id, bridge_id),
    foreign key (organisation_id, ward_id) references ward
);

create table enrolment_code (
    organisation_id uuid not null,
    code_hash bytea not null,
    bridge_id uuid not null,
    expires_at bigint not null,
    used_at bigint,
    primary key (organisation_id, code_hash),
    foreign key (organisation_id, bridge_id) references bridge
);

create table device (
    organisation_id uuid not null references organisation,
    device_id uuid not null,
    address text not null,
    model text not null,
    created_at bigint not null,
    primary key (organisation_id, device_id),
    unique (organisation_id, address)
);

create table assignment (
    organisation_id uuid not null,
    device_id uuid not null,
    assigned_from bigint not null,
    assigned_until bigint,
    stay_id uuid not null,
    bridge_id uuid not null,
    primary key (organisation_id, device_id, assigned_from),
    foreign key (organisation_id, device_id) references device,
    foreign key (organisation_id, stay_id) references stay,
    foreign key (organisation_id, bridge_id) references bridge
);

create unique index assignment_one_open_per_device on assignment (organisation_id, device_id) where assigned_until is null;
create index assignment_by_bridge on assignment (organisation_id, bridge_id) where assigned_until is null;

create table reading (
    organisation_id uuid not null,
    device_id uuid not null,
    measured_at bigint not null,
    reading_id uuid not null,
    stay_id uuid not null,
    bridge_id uuid not null,
    received_at bigint not null,
    effective_at bigint not null,
    clock_off_by_ms bigint,
    kind text not null,
    spo2_tenths integer,
    pulse_tenths integer,
    perfusion_hundredths integer,
    doubts text,
    attempt_reason text,
    context text not null,
    copy_of uuid,
    raw bytea,
    primary key (organisation_id, device_id, measured_at, reading_id)
);

create index reading_by_stay on reading (organisation_id, stay_id, effective_at);

create table quarantine (
    organisation_id uuid not null,
    ward_id uuid not null,
    received_at bigint not null,
    item_id uuid not null,
    bridge_id uuid not null,
    device_address text,
    reason text not null,
    spo2_tenths integer,
    raw bytea not null,
    primary key (organisation_id, ward_id, item_id),
    foreign key (organisation_id, ward_id) references ward
);

create table alert (
    organisation_id uuid not null,
    ward_id uuid not null,
    number bigint not null,
    subject text not null,
    problem text not null,
    stay_id uuid,
    is_open boolean not null,
    severity text not null,
    raised_at bigint not null,
    shown_at bigint,
    acknowledged_at bigint,
    resolved_at bigint,
    next_deadline_at bigint,
    body text not null,
    primary key (organisation_id, ward_id, number),
    foreign key (organisation_id, ward_id) references ward
);

create unique index alert_one_open_per_problem on alert (organisation_id, ward_id, subject, problem) where is_open;
create index alert_by_deadline on alert (organisation_id, next_deadline_at) where next_deadline_at is not null;

create table clinician (
    organisation_id uuid not null references organisation,
    clinician_id uuid not null,
    username text not null,
    name text not null,
    password_hash text not null,
    disabled_at bigint,
    created_at bigint not null,
    primary key (organisation_id, clinician_id),
    unique (organisation_id, username)
);

create table membership (
    organisation_id uuid not null,
    clinician_id uuid not null,
    ward_id uuid not null,
    role text not null,
    primary key (organisation_id, clinician_id, ward_id),
    foreign key (organisation_id, clinician_id) references clinician,
    foreign key (organisation_id, ward_id) references ward
);

create table staff_session (
    organisation_id uuid not null,
    token_hash bytea not null,
    clinician_id uuid not null,
    csrf_token text not null,
    created_at bigint not null,
    last_seen_at bigint not null,
    expires_at bigint not null,
    primary key (organisation_id, token_hash),
    foreign key (organisation_id, clinician_id) references clinician
);

create index staff_session_by_clinician on staff_session (organisation_id, clinician_id);
