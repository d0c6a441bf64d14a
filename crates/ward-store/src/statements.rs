//! Every SQL text of the store, named. The ones that insert several rows at once are built where they are used.

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: &str = $text;)*

        /// Every SQL text by name, so that a test can prepare each one on both databases.
        pub const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $text)),*];
    };
}

/// Whom a ward reaches: whoever has or had a stay on it, is referred to it, or stands on its list to be reviewed. `$1` is the
/// organisation, `$2` the ward. A line of the list is a person only with the same day of birth and family name: a mistyped
/// number would open somebody else's record.
macro_rules! reached_by_ward {
    () => {
        " and (exists (select 1 from ward_patient where ward_patient.organisation_id = patient.organisation_id
                and ward_patient.ward_id = $2 and ward_patient.patient_id = patient.patient_id)
            or exists (select 1 from referral where referral.organisation_id = patient.organisation_id
                and referral.patient_id = patient.patient_id and referral.is_open and referral.ward_id = $2)
            or exists (select 1 from case_finding where case_finding.organisation_id = patient.organisation_id
                and case_finding.ward_id = $2 and case_finding.nhs_number = patient.nhs_number
                and case_finding.birth_date = patient.birth_date and case_finding.state in ('new', 'deferred')
                and patient.search_name like case_finding.family_search || ' %'))"
    };
}

/// Where a page of sixteen stays goes on is said with `not`: SQLite would go through the whole table from there on, instead of
/// looking up sixteen stays.
///
/// Sixteen stays, or what belongs to them, at a time, `$3` to `$18`: who asks for fewer names one of them again.
macro_rules! sixteen_stays {
    () => {
        "($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    };
}

/// What a report needs to know of a stay. `$1` is the organisation, `$4` the end of the period. Whoever is back is back on
/// whichever ward: one that is not to be reported on is left out in `again`.
macro_rules! reported_stays {
    ($of_ward:literal) => {
        concat!("select stay.stay_id, stay.ward_id, stay.patient_id, stay.admitted_at, stay.plan, stay.phase, stay.channel, stay.baseline_tenths,
            stay.care, patient.birth_date, patient.details,
            (select stay_papers.body from stay_papers where stay_papers.organisation_id = stay.organisation_id
                and stay_papers.stay_id = stay.stay_id) as papers,
            (select device.model from assignment
                join device on device.organisation_id = assignment.organisation_id and device.device_id = assignment.device_id
                where assignment.organisation_id = stay.organisation_id and assignment.stay_id = stay.stay_id
                    and assignment.assigned_from < $4 order by assignment.assigned_from desc limit 1) as device,
            (select min(again.admitted_at) from stay as again where again.organisation_id = stay.organisation_id
                and again.patient_id = stay.patient_id and again.stay_id <> stay.stay_id
                and again.admitted_at >= stay.ended_at) as back_at
            from stay join patient on patient.organisation_id = stay.organisation_id and patient.patient_id = stay.patient_id
            where stay.organisation_id = $1 and ", $of_ward, " and stay.admitted_at < $4
                and (stay.admitted_at > $5 or (stay.admitted_at = $5 and stay.stay_id > $6))
            order by stay.admitted_at, stay.stay_id limit $7")
    };
}

/// Leaves out what belongs to a ward on which a node tries the way of an alert: `$of` is the table with the ward's id. Nobody is
/// to see such a ward, and nothing is to leave it.
macro_rules! not_of_a_canary {
    ($of:literal) => {
        concat!(
            " and not exists (select 1 from ward as hidden where hidden.organisation_id = ",
            $of,
            ".organisation_id
            and hidden.ward_id = ",
            $of,
            ".ward_id and hidden.canary_of is not null)"
        )
    };
}

/// Leaves out whoever stands for a person on such a ward.
macro_rules! no_canary_console {
    () => {
        " and not exists (select 1 from membership as its join ward as hidden on hidden.organisation_id = its.organisation_id
            and hidden.ward_id = its.ward_id where its.organisation_id = clinician.organisation_id
            and its.clinician_id = clinician.clinician_id and hidden.canary_of is not null)"
    };
}

/// Leaves out the oximeters of such a ward.
macro_rules! no_canary_oximeter {
    () => {
        " and not exists (select 1 from assignment as its
            join stay on stay.organisation_id = its.organisation_id and stay.stay_id = its.stay_id
            join ward as hidden on hidden.organisation_id = stay.organisation_id and hidden.ward_id = stay.ward_id
            where its.organisation_id = device.organisation_id and its.device_id = device.device_id and hidden.canary_of is not null)"
    };
}

/// Leaves out its patient.
macro_rules! no_canary_patient {
    () => {
        " and not exists (select 1 from stay join ward as hidden on hidden.organisation_id = stay.organisation_id
            and hidden.ward_id = stay.ward_id where stay.organisation_id = patient.organisation_id
            and stay.patient_id = patient.patient_id and hidden.canary_of is not null)"
    };
}

statements! {
    PING = "select 1 from organisation where organisation_id = $1";
    PROBE_WRITING = "update organisation set ods_code = ods_code where organisation_id = $1";
    NEWEST_MIGRATION = "select version from _sqlx_migrations order by version desc limit 1";

    // --- organisation and wards
    PUT_ORGANISATION = "insert into organisation (organisation_id, ods_code, name, epoch, created_at) values ($1, $2, $3, $4, $5)
        on conflict (organisation_id) do update set name = excluded.name";
    EPOCH = "select epoch from organisation where organisation_id = $1";
    SET_EPOCH = "update organisation set epoch = $2 where organisation_id = $1";
    REPLACE_EPOCH = "update organisation set epoch = $3 where organisation_id = $1 and epoch = $2";
    INSERT_WARD = "insert into ward (organisation_id, ward_id, code, name, phone, time_zone, default_plan, last_seq, created_at, staffed, default_care, safe_range, canary_of)
        values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11, $12)";
    WARDS = "select ward_id, code, name, phone, time_zone, default_plan, staffed, default_care, safe_range from ward
        where organisation_id = $1 and canary_of is null order by code";
    WARD = "select ward_id, code, name, phone, time_zone, default_plan, staffed, default_care, safe_range from ward where organisation_id = $1 and ward_id = $2";

    // --- the ward of a node that tries the way of an alert, and what is trimmed of it: of no other ward, whatever is asked for
    CANARY_WARD = "select ward_id from ward where organisation_id = $1 and canary_of = $2";
    CANARY_STAY = "select stay_id from stay where organisation_id = $1 and ward_id = $2 and ended_at is null order by stay_id limit 1";
    CANARY_BRIDGE = "select bridge_id from bridge where organisation_id = $1 and ward_id = $2 order by bridge_id limit 1";
    CANARY_CONSOLE = "select clinician_id from membership where organisation_id = $1 and ward_id = $2 order by clinician_id limit 1";
    CANARY_OXIMETER = "select device.address from assignment
        join device on device.organisation_id = assignment.organisation_id and device.device_id = assignment.device_id
        where assignment.organisation_id = $1 and assignment.stay_id = $2 and assignment.assigned_until is null order by device.address limit 1";
    TRIM_CANARY_EVENTS = "delete from ward_event where organisation_id = $1 and ward_id = $2 and seq in (
            select oldest.seq from (select seq, at from ward_event where organisation_id = $1 and ward_id = $2
                order by seq limit $4) as oldest where oldest.at < $3)
        and exists (select 1 from ward where ward.organisation_id = $1 and ward.ward_id = $2 and ward.canary_of is not null)";
    TRIM_CANARY_ALERTS = "delete from alert where organisation_id = $1 and ward_id = $2 and number in (
            select oldest.number from alert as oldest where oldest.organisation_id = $1 and oldest.ward_id = $2 and not oldest.is_open
                and oldest.raised_at < $3 order by oldest.raised_at limit $4)
        and exists (select 1 from ward where ward.organisation_id = $1 and ward.ward_id = $2 and ward.canary_of is not null)";
    TRIM_CANARY_READINGS = "delete from reading where organisation_id = $1 and stay_id = $2 and effective_at < $3 and effective_at <= (
            select max(oldest.effective_at) from (select effective_at from reading where organisation_id = $1 and stay_id = $2
                order by effective_at limit $4) as oldest)
        and exists (select 1 from stay join ward on ward.organisation_id = stay.organisation_id and ward.ward_id = stay.ward_id
            where stay.organisation_id = $1 and stay.stay_id = $2 and ward.canary_of is not null)";

    // --- the ledger: a write first, it takes the ward's lock on both databases
    LOCK_WARD = "update ward set last_seq = last_seq where organisation_id = $1 and ward_id = $2
        returning last_seq, escalation, ward_id, code, name, phone, time_zone, default_plan, staffed, default_care, safe_range,
        (select epoch from organisation where organisation.organisation_id = $1) as epoch";
    SET_LAST_SEQ = "update ward set last_seq = $3 where organisation_id = $1 and ward_id = $2";

    // --- the log
    HEAD = "select last_seq from ward where organisation_id = $1 and ward_id = $2";
    EVENTS_AFTER = "select seq, at, body from ward_event
        where organisation_id = $1 and ward_id = $2 and seq > $3 order by seq limit $4";
    NEWEST_EVENT_AT = "select at from (select seq, at from ward_event where organisation_id = $1 and ward_id = $2
        order by seq desc limit 100) as newest order by at desc limit 1";

    // --- patients and stays
    INSERT_PATIENT = "insert into patient (organisation_id, patient_id, nhs_number, family_name, given_name, birth_date, phone, address,
        door_access, others_at_home, oxygen_at_home, escalation_plan, created_at, details, search_name, phone_digits)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    PATIENT_BY_NHS_NUMBER = "select patient_id, nhs_number, family_name, given_name, birth_date, phone, address, door_access, others_at_home,
        oxygen_at_home, escalation_plan, details from patient where organisation_id = $1 and nhs_number = $2";
    INSERT_STAY = "insert into stay (organisation_id, stay_id, ward_id, patient_id, admitted_at, plan, state, phase, channel, baseline_tenths, care,
        next_due_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)";
    STAY = "select stay_id, ward_id, patient_id, admitted_at, plan, state, phase, channel, baseline_tenths from stay
        where organisation_id = $1 and stay_id = $2";
    PUT_STAY = "update stay set ward_id = $3, plan = $4, phase = $5, channel = $6, baseline_tenths = $7, ended_at = $8,
        next_due_at = 0 where organisation_id = $1 and stay_id = $2";
    CARE = "select care from stay where organisation_id = $1 and stay_id = $2";
    SET_CARE = "update stay set care = $3, next_due_at = 0 where organisation_id = $1 and stay_id = $2";
    SET_NEXT_DUE = "update stay set next_due_at = $3 where organisation_id = $1 and stay_id = $2";
    STAYS_OF_WARD_SINCE = "select stay_id from stay where organisation_id = $1 and ward_id = $2 and (ended_at is null or ended_at >= $3)
        order by stay_id";
    STAY_OF_PATIENT = "select stay.stay_id, stay.ward_id, stay.patient_id, stay.admitted_at, stay.plan, stay.state, stay.phase, stay.channel, stay.baseline_tenths
        from stay join patient on patient.organisation_id = stay.organisation_id and patient.patient_id = stay.patient_id
        where stay.organisation_id = $1 and patient.nhs_number = $2 and stay.ended_at is null";
    CASELOAD = "select stay.stay_id, stay.ward_id, stay.patient_id, stay.admitted_at, stay.plan, stay.state, stay.phase, stay.channel, stay.baseline_tenths, stay.care, stay.team,
        patient.nhs_number, patient.family_name, patient.given_name, patient.birth_date, patient.phone, patient.address,
        patient.door_access, patient.others_at_home, patient.oxygen_at_home, patient.escalation_plan, patient.details
        from stay join patient on patient.organisation_id = stay.organisation_id and patient.patient_id = stay.patient_id
        where stay.organisation_id = $1 and stay.ward_id = $2 and (stay.ended_at is null or exists (
            select 1 from alert where alert.organisation_id = stay.organisation_id and alert.ward_id = stay.ward_id
                and alert.stay_id = stay.stay_id and alert.is_open))
        order by stay.stay_id";

    // --- pathway: people, referrals, cases, papers, what goes along or stops
    PATIENT = "select patient_id, nhs_number, family_name, given_name, birth_date, phone, address, door_access, others_at_home,
        oxygen_at_home, escalation_plan, details
        from patient where organisation_id = $1 and patient_id = $2";
    PATIENT_OF_WARD = concat!("select patient_id, nhs_number, family_name, given_name, birth_date, phone, address, door_access, others_at_home,
        oxygen_at_home, escalation_plan, details
        from patient where organisation_id = $1 and patient_id = $3", reached_by_ward!());
    PUT_PATIENT = "update patient set nhs_number = $3, family_name = $4, given_name = $5, birth_date = $6, phone = $7, address = $8,
        door_access = $9, others_at_home = $10, oxygen_at_home = $11, escalation_plan = $12, details = $13, search_name = $14,
        phone_digits = $15 where organisation_id = $1 and patient_id = $2";
    PATIENTS_BY_NHS_NUMBER = concat!("select patient_id, nhs_number, family_name, given_name, birth_date, phone, address, door_access, others_at_home,
        oxygen_at_home, escalation_plan, details
        from patient where organisation_id = $1 and nhs_number = $3", reached_by_ward!(),
        " order by search_name, patient_id limit $4");
    PATIENTS_BY_PHONE = concat!("select patient_id, nhs_number, family_name, given_name, birth_date, phone, address, door_access, others_at_home,
        oxygen_at_home, escalation_plan, details
        from patient where organisation_id = $1 and phone_digits like '%' || cast($3 as text)", reached_by_ward!(),
        " order by search_name, patient_id limit $4");
    PATIENTS_BY_NAME = concat!("select patient_id, nhs_number, family_name, given_name, birth_date, phone, address, door_access, others_at_home,
        oxygen_at_home, escalation_plan, details
        from patient where organisation_id = $1 and search_name like '%' || cast($3 as text) || '%'
            and search_name like '%' || cast($4 as text) || '%'", reached_by_ward!(),
        " order by search_name, patient_id limit $5");
    PATIENTS_LIKE = concat!("select patient_id, nhs_number, family_name, given_name, birth_date, phone, address, door_access, others_at_home,
        oxygen_at_home, escalation_plan, details
        from patient where organisation_id = $1 and (nhs_number = $2 or birth_date = $3 or (phone_digits = $4 and phone_digits <> ''))", no_canary_patient!(), "
        order by case when nhs_number = $2 then 0 else 1 end, search_name, patient_id limit $5");
    WHERE_PATIENT_IS = "select stay.patient_id, stay.stay_id, stay.ward_id, ward.name as ward_name, stay.phase
        from stay join ward on ward.organisation_id = stay.organisation_id and ward.ward_id = stay.ward_id
        where stay.organisation_id = $1 and stay.patient_id = $2 order by stay.admitted_at desc, stay.stay_id";
    PUT_WARD_PATIENT = "insert into ward_patient (organisation_id, ward_id, patient_id) values ($1, $2, $3)
        on conflict (organisation_id, ward_id, patient_id) do nothing";
    WARDS_THAT_KNOW = "select ward.name from ward where ward.organisation_id = $1
        and (exists (select 1 from ward_patient where ward_patient.organisation_id = ward.organisation_id
                and ward_patient.ward_id = ward.ward_id and ward_patient.patient_id = $2)
            or exists (select 1 from referral where referral.organisation_id = ward.organisation_id
                and referral.ward_id = ward.ward_id and referral.patient_id = $2))
        order by case when exists (select 1 from stay where stay.organisation_id = ward.organisation_id
            and stay.ward_id = ward.ward_id and stay.patient_id = $2 and stay.ended_at is null) then 0 else 1 end, ward.name";
    STAYS_OF_PATIENT = "select stay_id, ward_id, patient_id, admitted_at, plan, state, phase, channel, baseline_tenths from stay
        where organisation_id = $1 and patient_id = $2 order by admitted_at, stay_id";
    PAPERS = "select body from stay_papers where organisation_id = $1 and stay_id = $2";
    PUT_PAPERS = "insert into stay_papers (organisation_id, stay_id, body) values ($1, $2, $3)
        on conflict (organisation_id, stay_id) do update set body = excluded.body";
    ASSIGNMENTS_OF_STAY = "select device_id, assigned_from, bridge_id from assignment
        where organisation_id = $1 and stay_id = $2 and assigned_until is null order by device_id";
    BRIDGES_ONLY_FOR_STAY = "select distinct mine.bridge_id from assignment as mine
        join bridge on bridge.organisation_id = mine.organisation_id and bridge.bridge_id = mine.bridge_id
        where mine.organisation_id = $1 and mine.stay_id = $2 and mine.assigned_until is null and bridge.ward_id = $3
            and not exists (select 1 from assignment as other
                join stay on stay.organisation_id = other.organisation_id and stay.stay_id = other.stay_id
                where other.organisation_id = mine.organisation_id and other.bridge_id = mine.bridge_id
                    and other.stay_id <> mine.stay_id and other.assigned_until is null and stay.ended_at is null)
        order by mine.bridge_id";
    MOVE_BRIDGE = "update bridge set ward_id = $3 where organisation_id = $1 and bridge_id = $2";
    INSERT_REFERRAL = "insert into referral (organisation_id, referral_id, ward_id, patient_id, state, is_open, made_at, body)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    PUT_REFERRAL = "update referral set stay_id = $3, state = $4, is_open = $5, body = $6 where organisation_id = $1 and referral_id = $2";
    REFERRAL = "select body from referral where organisation_id = $1 and referral_id = $2";
    OPEN_REFERRAL_OF_PATIENT = "select body from referral where organisation_id = $1 and patient_id = $2 and is_open";
    REFERRALS_OF_PATIENT = "select referral_id from referral where organisation_id = $1 and patient_id = $2";
    REFERRALS = "select body from referral where organisation_id = $1 and ward_id = $2 and made_at < $3 and (is_open or not $4)
        order by made_at desc, referral_id limit $5";
    INSERT_CASE = "insert into case_finding (organisation_id, ward_id, case_id, imported_at, nhs_number, birth_date, family_search, result_on, state, body)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (organisation_id, ward_id, nhs_number, result_on) do nothing";
    PUT_CASE = "update case_finding set state = $4, body = $5 where organisation_id = $1 and ward_id = $2 and case_id = $3";
    CASE = "select body from case_finding where organisation_id = $1 and ward_id = $2 and case_id = $3";
    CASES_OF_NUMBER = "select case_id from case_finding where organisation_id = $1 and ward_id = $2 and nhs_number = $3";
    CASES = "select body from case_finding where organisation_id = $1 and ward_id = $2 and state = $3 order by imported_at, case_id limit $4";

    // --- devices and who wore them
    INSERT_DEVICE = "insert into device (organisation_id, device_id, address, model, created_at) values ($1, $2, $3, $4, $5)";
    DEVICE_BY_ADDRESS = "select device_id, address, model from device where organisation_id = $1 and address = $2";
    END_ASSIGNMENT = "update assignment set assigned_until = $3 where organisation_id = $1 and device_id = $2 and assigned_until is null";
    INSERT_ASSIGNMENT = "insert into assignment (organisation_id, device_id, assigned_from, assigned_until, stay_id, bridge_id)
        values ($1, $2, $3, null, $4, $5)";
    WEARERS = "select device.address, device.device_id, assignment.assigned_from, assignment.assigned_until, assignment.stay_id,
            assignment.bridge_id, stay.ward_id
        from device
        left join assignment on assignment.organisation_id = device.organisation_id and assignment.device_id = device.device_id
        left join stay on stay.organisation_id = assignment.organisation_id and stay.stay_id = assignment.stay_id
        where device.organisation_id = $1 and device.address = $2 order by assignment.assigned_from";
    STAYS_READ_BY_BRIDGE = "select distinct stay_id from assignment where organisation_id = $1 and bridge_id = $2 and assigned_until is null order by stay_id";
    DEVICES_OF_BRIDGE = "select device.address, device.device_id, assignment.stay_id, assignment.assigned_from, stay.plan, stay.care, ward.default_care
        from assignment
        join device on device.organisation_id = assignment.organisation_id and device.device_id = assignment.device_id
        join stay on stay.organisation_id = assignment.organisation_id and stay.stay_id = assignment.stay_id
        join ward on ward.organisation_id = stay.organisation_id and ward.ward_id = stay.ward_id
        where assignment.organisation_id = $1 and assignment.bridge_id = $2 and assignment.assigned_until is null order by device.address";

    // --- bridges
    INSERT_BRIDGE = "insert into bridge (organisation_id, bridge_id, ward_id, name, version, created_at) values ($1, $2, $3, $4, '', $5)";
    BRIDGES = concat!("select bridge_id, ward_id, name, version, enrolled_at, revoked_at, last_seen_at from bridge
        where organisation_id = $1", not_of_a_canary!("bridge"), " order by name, bridge_id");
    BRIDGE_BY_TOKEN = "select bridge_id, ward_id, name, version, enrolled_at, revoked_at, last_seen_at from bridge
        where organisation_id = $1 and bridge_id = $2 and token_hash = $3";
    SEE_BRIDGE = "update bridge set last_seen_at = $3 where organisation_id = $1 and bridge_id = $2";
    REVOKE_BRIDGE = "update bridge set revoked_at = $3 where organisation_id = $1 and bridge_id = $2 and revoked_at is null";
    INSERT_ENROLMENT_CODE = "insert into enrolment_code (organisation_id, code_hash, bridge_id, expires_at) values ($1, $2, $3, $4)";
    USE_ENROLMENT_CODE = "update enrolment_code set used_at = $3
        where organisation_id = $1 and code_hash = $2 and used_at is null and expires_at > $3 returning bridge_id";
    SPEND_ENROLMENT_CODES = "update enrolment_code set used_at = $3 where organisation_id = $1 and bridge_id = $2 and used_at is null";
    ENROL_BRIDGE = "update bridge set token_hash = $3, version = $4, enrolled_at = $5, revoked_at = null where organisation_id = $1 and bridge_id = $2";

    // --- keys of bridges
    LOCK_BRIDGE = "update bridge set version = version where organisation_id = $1 and bridge_id = $2 and revoked_at is null";
    CODE_IS_FOR_KEY = "update enrolment_code set key_id = $3 where organisation_id = $1 and code_hash = $2";
    ENROLLED_BY_CODE = "select enrolment_code.bridge_id, bridge_key.expires_at from enrolment_code
        join bridge on bridge.organisation_id = enrolment_code.organisation_id and bridge.bridge_id = enrolment_code.bridge_id
        join bridge_key on bridge_key.organisation_id = enrolment_code.organisation_id and bridge_key.bridge_id = enrolment_code.bridge_id
            and bridge_key.key_id = enrolment_code.key_id
        where enrolment_code.organisation_id = $1 and enrolment_code.code_hash = $2 and enrolment_code.key_id = $3
            and enrolment_code.expires_at > $4 and bridge.revoked_at is null";
    INSERT_BRIDGE_KEY = "insert into bridge_key (organisation_id, bridge_id, key_id, public_key, made_at, expires_at) values ($1, $2, $3, $4, $5, $6)";
    DELETE_BRIDGE_KEYS = "delete from bridge_key where organisation_id = $1 and bridge_id = $2";
    DELETE_BRIDGE_KEY = "delete from bridge_key where organisation_id = $1 and bridge_id = $2 and key_id = $3";
    BRIDGE_BY_KEY = "select bridge.bridge_id, bridge.ward_id, bridge.name, bridge.version, bridge.enrolled_at, bridge.revoked_at, bridge.last_seen_at,
            bridge_key.key_id, bridge_key.public_key, bridge_key.made_at, bridge_key.expires_at, bridge_key.first_used_at, bridge_key.ends_at
        from bridge_key join bridge on bridge.organisation_id = bridge_key.organisation_id and bridge.bridge_id = bridge_key.bridge_id
        where bridge_key.organisation_id = $1 and bridge_key.bridge_id = $2 and bridge_key.key_id = $3";
    KEYS_OF_BRIDGE = "select bridge_id, key_id, public_key, made_at, expires_at, first_used_at, ends_at from bridge_key
        where organisation_id = $1 and bridge_id = $2 order by made_at, key_id";
    ALL_BRIDGE_KEYS = "select bridge_id, key_id, public_key, made_at, expires_at, first_used_at, ends_at from bridge_key
        where organisation_id = $1 order by bridge_id, made_at, key_id";
    BEGIN_BRIDGE_KEY = "update bridge_key set first_used_at = $4 where organisation_id = $1 and bridge_id = $2 and key_id = $3 and first_used_at is null";
    END_EARLIER_BRIDGE_KEYS = "update bridge_key set ends_at = $4 where organisation_id = $1 and bridge_id = $2 and ends_at is null
        and made_at < (select begun.made_at from bridge_key as begun where begun.organisation_id = $1 and begun.bridge_id = $2 and begun.key_id = $3)";
    EXPIRED_BRIDGE_KEYS = "select bridge_id, max(expires_at) as expires_at from bridge_key
        where organisation_id = $1 and first_used_at is not null and ends_at is null group by bridge_id having max(expires_at) <= $2 order by bridge_id";
    EXPIRED_KEY_OF_BRIDGE = "select max(expires_at) as expires_at from bridge_key
        where organisation_id = $1 and bridge_id = $2 and first_used_at is not null and ends_at is null having max(expires_at) <= $3";
    OPEN_ALERTS_OF_BRIDGE_KEYS = "select ward_id, subject from alert where organisation_id = $1 and problem = 'bridge_key_expired' and is_open
        order by ward_id, subject";

    // --- readings
    SAME_KEY = "select spo2_tenths, pulse_tenths, perfusion_hundredths, kind from reading
        where organisation_id = $1 and device_id = $2 and measured_at = $3 and reading_id = $4";
    COUNT_READINGS = "select count(*) from reading where organisation_id = $1 and stay_id = $2";
    READINGS_OF_STAY = "select reading_id, measured_at, effective_at, spo2_tenths, pulse_tenths, attempt_reason, copy_of from reading
        where organisation_id = $1 and stay_id = $2 order by effective_at, reading_id limit $3";
    KEEP = "insert into quarantine (organisation_id, ward_id, received_at, item_id, bridge_id, device_address, reason, spo2_tenths, raw)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (organisation_id, ward_id, item_id) do nothing";
    COUNT_QUARANTINED = "select count(*) from quarantine where organisation_id = $1 and ward_id = $2";

    // --- plans
    PUT_WARD_DEFAULTS = "update ward set default_plan = $3, default_care = $4, safe_range = $5 where organisation_id = $1 and ward_id = $2";
    PUT_PLAN_VERSION = "insert into plan_version (organisation_id, stay_id, version, at, author, body) values ($1, $2, $3, $4, $5, $6)
        on conflict (organisation_id, stay_id, version) do nothing";
    PLAN_VERSIONS = "select version, body from plan_version where organisation_id = $1 and stay_id = $2 and version < $3
        order by version desc limit $4";
    PUT_PROPOSAL = "insert into plan_proposal (organisation_id, stay_id, number, state, body) values ($1, $2, $3, $4, $5)
        on conflict (organisation_id, stay_id, number) do update set state = excluded.state, body = excluded.body";
    PROPOSALS = "select number, body from plan_proposal where organisation_id = $1 and stay_id = $2 order by number desc limit $3";
    PROPOSAL = "select number, body from plan_proposal where organisation_id = $1 and stay_id = $2 and number = $3";
    BIRTH_DATE = "select birth_date from patient where organisation_id = $1 and patient_id = $2";

    // --- the kit ledger: what has no row of its own is where its open assignment says, or in stock
    OXIMETERS = concat!("select device.device_id as kit_id, device.address, device.model as name, device.created_at, kit.body,
            assignment.stay_id, assignment.bridge_id, assignment.assigned_from,
            (select max(old.assigned_until) from assignment as old where old.organisation_id = device.organisation_id
                and old.device_id = device.device_id) as worn_until
        from device
        left join kit on kit.organisation_id = device.organisation_id and kit.kit_id = device.device_id
        left join assignment on assignment.organisation_id = device.organisation_id and assignment.device_id = device.device_id
            and assignment.assigned_until is null
        where device.organisation_id = $1 and device.device_id > $2", no_canary_oximeter!(), " order by device.device_id limit $3");
    OXIMETER = concat!("select device.device_id as kit_id, device.address, device.model as name, device.created_at, kit.body,
            assignment.stay_id, assignment.bridge_id, assignment.assigned_from,
            (select max(old.assigned_until) from assignment as old where old.organisation_id = device.organisation_id
                and old.device_id = device.device_id) as worn_until
        from device
        left join kit on kit.organisation_id = device.organisation_id and kit.kit_id = device.device_id
        left join assignment on assignment.organisation_id = device.organisation_id and assignment.device_id = device.device_id
            and assignment.assigned_until is null
        where device.organisation_id = $1 and device.device_id = $2", no_canary_oximeter!());
    ISSUED_BRIDGES = concat!("select bridge.bridge_id as kit_id, bridge.name, bridge.created_at, bridge.enrolled_at, kit.body from bridge
        left join kit on kit.organisation_id = bridge.organisation_id and kit.kit_id = bridge.bridge_id
        where bridge.organisation_id = $1 and bridge.bridge_id > $2", not_of_a_canary!("bridge"), " order by bridge.bridge_id limit $3");
    ISSUED_BRIDGE = concat!("select bridge.bridge_id as kit_id, bridge.name, bridge.created_at, bridge.enrolled_at, kit.body from bridge
        left join kit on kit.organisation_id = bridge.organisation_id and kit.kit_id = bridge.bridge_id
        where bridge.organisation_id = $1 and bridge.bridge_id = $2", not_of_a_canary!("bridge"));
    KIT_OF_STAY = "select kit_id from kit where organisation_id = $1 and stay_id = $2
        union select device_id as kit_id from assignment where organisation_id = $1 and stay_id = $2 and assigned_until is null
        order by kit_id";
    PUT_KIT = "insert into kit (organisation_id, kit_id, kind, state, stay_id, due_back_at, version, body) values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (organisation_id, kit_id) do update set state = excluded.state, stay_id = excluded.stay_id,
        due_back_at = excluded.due_back_at, version = excluded.version, body = excluded.body where kit.version = excluded.version - 1";
    WEARERS_OF_DEVICE = "select stay_id, bridge_id, assigned_from, assigned_until from assignment
        where organisation_id = $1 and device_id = $2 order by assigned_from desc limit $3";

    // --- what is kept apart, until a person says whose it is
    QUARANTINED = "select received_at, item_id, bridge_id, device_address, reason, spo2_tenths, raw, decided from quarantine
        where organisation_id = $1 and ward_id = $2 and (decided is null or $3) and received_at < $4
        order by received_at desc, item_id limit $5";
    QUARANTINED_ITEM = "select received_at, item_id, bridge_id, device_address, reason, spo2_tenths, raw, decided from quarantine
        where organisation_id = $1 and ward_id = $2 and item_id = $3";
    DECIDE_QUARANTINED = "update quarantine set decided = $4 where organisation_id = $1 and ward_id = $2 and item_id = $3 and decided is null";

    // --- alerts
    OPEN_ALERTS = "select number, subject, problem, stay_id, severity, body from alert
        where organisation_id = $1 and ward_id = $2 and is_open order by number";
    ALERT = "select number, subject, problem, stay_id, severity, body from alert
        where organisation_id = $1 and ward_id = $2 and number = $3";
    SET_ALERT_ASIDE = "update alert set is_open = false, next_deadline_at = null where organisation_id = $1 and ward_id = $2 and number = $3";
    PUT_ALERT = "insert into alert (organisation_id, ward_id, number, subject, problem, stay_id, is_open, severity, raised_at, shown_at,
        acknowledged_at, resolved_at, next_deadline_at, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        on conflict (organisation_id, ward_id, number) do update set is_open = excluded.is_open, severity = excluded.severity,
        shown_at = excluded.shown_at, acknowledged_at = excluded.acknowledged_at, resolved_at = excluded.resolved_at,
        next_deadline_at = excluded.next_deadline_at, body = excluded.body";
    WARDS_WITH_DEADLINE = "select ward_id from (
            select ward_id, next_deadline_at as due_at from alert where organisation_id = $1 and next_deadline_at <= $2
            union all select ward_id, next_due_at as due_at from stay where organisation_id = $1 and next_due_at <= $2) as due
        where not exists (select 1 from ward where ward.organisation_id = $1 and ward.ward_id = due.ward_id and ward.canary_of is not null)
        group by ward_id order by min(due_at), ward_id limit 1000";

    // --- contacts and the call list
    CONTACT_STATE = "select contact from stay where organisation_id = $1 and stay_id = $2";
    SET_CONTACT_STATE = "update stay set contact = $3 where organisation_id = $1 and stay_id = $2";
    INSERT_CONTACT = "insert into contact (organisation_id, stay_id, at, contact_id, ward_id, struck, body) values ($1, $2, $3, $4, $5, null, $6)";
    CONTACT = "select contact_id, struck, body from contact where organisation_id = $1 and stay_id = $2 and contact_id = $3";
    CONTACTS_THAT_COUNT = "select contact_id, struck, body from contact
        where organisation_id = $1 and stay_id = $2 and struck is null order by at desc, contact_id desc limit $3";
    CONTACTS_OF_STAY = "select contact_id, struck, body from contact
        where organisation_id = $1 and stay_id = $2 order by at desc, contact_id desc limit $3";
    CALLS_OF_WARD = "select stay_id, care, contact from stay where organisation_id = $1 and ward_id = $2 and ended_at is null order by stay_id";
    NAMES_OF_STAFF = concat!("select clinician_id, name from clinician where organisation_id = $1", no_canary_console!(), " order by clinician_id");
    VIDEO_LINK = "select video_link from ward where organisation_id = $1 and ward_id = $2";
    SET_VIDEO_LINK = "update ward set video_link = $3 where organisation_id = $1 and ward_id = $2";
    CALL_SCRIPT = "select call_script from ward where organisation_id = $1 and ward_id = $2";
    SET_CALL_SCRIPT = "update ward set call_script = $3 where organisation_id = $1 and ward_id = $2";
    // --- messages
    QUEUE_MESSAGE = "insert into outbox (organisation_id, message_id, stay_id, recipient, kind, not_before, due_at, state, attempts, body)
        values ($1, $2, $3, $4, $5, $6, $6, $7, 0, $8) on conflict (organisation_id, message_id) do nothing";
    PUT_MESSAGE = "update outbox set due_at = $3, state = $4, attempts = $5, body = $6 where organisation_id = $1 and message_id = $2";
    SET_MESSAGE_ASIDE = "update outbox set due_at = null, state = 'unreadable' where organisation_id = $1 and message_id = $2";
    MESSAGE = "select message_id, body from outbox where organisation_id = $1 and message_id = $2";
    UNSENT_MESSAGES = "select message_id, body from outbox
        where organisation_id = $1 and stay_id = $2 and due_at is not null order by message_id";
    MESSAGES_DUE = "select outbox.message_id, outbox.body from outbox
        join stay on stay.organisation_id = outbox.organisation_id and stay.stay_id = outbox.stay_id
        where outbox.organisation_id = $1 and stay.ward_id = $2 and outbox.due_at <= $3
        order by outbox.due_at, outbox.message_id limit $4";
    WARDS_WITH_MESSAGES_DUE = concat!("select stay.ward_id from outbox
        join stay on stay.organisation_id = outbox.organisation_id and stay.stay_id = outbox.stay_id
        where outbox.organisation_id = $1 and outbox.due_at <= $2", not_of_a_canary!("stay"), "
        group by stay.ward_id order by min(outbox.due_at), stay.ward_id limit 1000");
    MESSAGES_OF_STAY = "select message_id, body from outbox
        where organisation_id = $1 and stay_id = $2 order by not_before desc, message_id limit $3";
    PHONE_OF_STAY = "select patient.phone, patient.details from stay
        join patient on patient.organisation_id = stay.organisation_id and patient.patient_id = stay.patient_id
        where stay.organisation_id = $1 and stay.stay_id = $2";
    NEWEST_DIARY_AT = "select at from diary_entry where organisation_id = $1 and stay_id = $2 and struck is null order by at desc limit 1";
    STAYS_WITHOUT_REMINDER = concat!("select stay_id, ward_id from stay
        where organisation_id = $1 and stay_id > $2 and ended_at is null and phase = '\"active\"' and channel in ('\"bridge\"', '\"page\"')
            and not exists (select 1 from outbox where outbox.organisation_id = stay.organisation_id and outbox.stay_id = stay.stay_id
                and outbox.kind = 'slot_reminder' and outbox.due_at is not null)", not_of_a_canary!("stay"), "
        order by stay_id limit $3");
    // --- diaries, and readings by hand
    DIARY_ENTRY = "select body, struck from diary_entry where organisation_id = $1 and stay_id = $2 and entry_id = $3";
    INSERT_DIARY_ENTRY = "insert into diary_entry (organisation_id, stay_id, at, entry_id, ward_id, entered_at, body)
        values ($1, $2, $3, $4, $5, $6, $7)";
    DIARY_OF_STAY = "select body, struck from diary_entry where organisation_id = $1 and stay_id = $2 and at < $3
        order by at desc, entry_id desc limit $4";
    QUESTIONNAIRE = "select body from questionnaire where organisation_id = $1 and name = $2 and version = $3";
    INSERT_QUESTIONNAIRE = "insert into questionnaire (organisation_id, name, version, created_at, body) values ($1, $2, $3, $4, $5)";
    QUESTIONNAIRES = "select name, body from questionnaire where organisation_id = $1 order by name, version limit 1000";
    HAND_READING = "select stay_id, device_id, measured_at, reading_id, bridge_id, received_at, effective_at, clock_off_by_ms, kind, spo2_tenths,
        pulse_tenths, perfusion_hundredths, doubts, attempt_reason, context, copy_of, raw, timing, source, struck, window_summary, observations from reading
        where organisation_id = $1 and device_id = $2 and reading_id = $3 order by measured_at limit 1";
    HAND_READINGS_AT = "select stay_id, device_id, measured_at, reading_id, bridge_id, received_at, effective_at, clock_off_by_ms, kind, spo2_tenths,
        pulse_tenths, perfusion_hundredths, doubts, attempt_reason, context, copy_of, raw, timing, source, struck, window_summary, observations from reading
        where organisation_id = $1 and device_id = $2 and measured_at = $3 and struck is null order by reading_id";
    CHART_OF_STAY = "select stay_id, device_id, measured_at, reading_id, bridge_id, received_at, effective_at, clock_off_by_ms, kind, spo2_tenths,
        pulse_tenths, perfusion_hundredths, doubts, attempt_reason, context, copy_of, raw, timing, source, struck, window_summary, observations from reading
        where organisation_id = $1 and stay_id = $2 and effective_at < $3 order by effective_at desc, reading_id desc limit $4";
    READINGS_THAT_COUNT = "select stay_id, device_id, measured_at, reading_id, bridge_id, received_at, effective_at, clock_off_by_ms, kind, spo2_tenths,
        pulse_tenths, perfusion_hundredths, doubts, attempt_reason, context, copy_of, raw, timing, source, struck, window_summary, observations from reading
        where organisation_id = $1 and stay_id = $2 and effective_at >= $3 and (effective_at > $3 or reading_id > $4) and effective_at <= $5
        and copy_of is null and struck is null order by effective_at, reading_id limit $6";
    READINGS_TO_REJUDGE = "select stay_id, device_id, measured_at, reading_id, bridge_id, received_at, effective_at, clock_off_by_ms, kind, spo2_tenths,
        pulse_tenths, perfusion_hundredths, doubts, attempt_reason, context, copy_of, raw, timing, source, struck, window_summary, observations from reading
        where organisation_id = $1 and stay_id = $2 order by received_at, effective_at, reading_id";
    STRIKE_ENTRY = "update diary_entry set struck = $4 where organisation_id = $1 and stay_id = $2 and entry_id = $3";
    ENTRIES_THAT_COUNT = "select body, struck from diary_entry where organisation_id = $1 and stay_id = $2 and struck is null order by at, entry_id";
    STRIKE_CONTACT = "update contact set struck = $4 where organisation_id = $1 and stay_id = $2 and contact_id = $3";
    STRIKE_READING = "update reading set struck = $5 where organisation_id = $1 and device_id = $2 and measured_at = $3 and reading_id = $4";

    // --- exertion tests
    INSERT_EXERTION = "insert into exertion_test (organisation_id, stay_id, at, test_id, struck, body) values ($1, $2, $3, $4, null, $5)";
    EXERTION = "select test_id, struck, body from exertion_test where organisation_id = $1 and stay_id = $2 and test_id = $3";
    EXERTIONS_OF_STAY = "select test_id, struck, body from exertion_test
        where organisation_id = $1 and stay_id = $2 order by at desc, test_id desc limit $3";
    STRIKE_EXERTION = "update exertion_test set struck = $4 where organisation_id = $1 and stay_id = $2 and test_id = $3";
    HAND_READINGS_BETWEEN = "select stay_id, device_id, measured_at, reading_id, bridge_id, received_at, effective_at, clock_off_by_ms, kind, spo2_tenths,
        pulse_tenths, perfusion_hundredths, doubts, attempt_reason, context, copy_of, raw, timing, source, struck, window_summary, observations from reading
        where organisation_id = $1 and device_id = $2 and measured_at >= $3 and measured_at <= $4 order by measured_at, reading_id";

    // --- what lies behind a stay
    CHART_BETWEEN = "select stay_id, device_id, measured_at, reading_id, bridge_id, received_at, effective_at, clock_off_by_ms, kind, spo2_tenths,
        pulse_tenths, perfusion_hundredths, doubts, attempt_reason, context, copy_of, raw, timing, source, struck, window_summary, observations from reading
        where organisation_id = $1 and stay_id = $2 and effective_at >= $3 and effective_at <= $4
        order by effective_at desc, reading_id desc limit $5";
    ALERTS_OF_STAY = "select alert.ward_id, ward.code, alert.number, alert.body from alert
        join ward on ward.organisation_id = alert.organisation_id and ward.ward_id = alert.ward_id
        where alert.organisation_id = $1 and alert.stay_id = $2 and alert.raised_at < $3
        order by alert.raised_at desc, alert.number desc limit $4";
    EVENTS_OF_STAY = "select seq, at, body from ward_event
        where organisation_id = $1 and stay_id = $2 and ward_id = $3 and seq >= $4 order by seq limit $5";
    CONTACTS_BEFORE = "select contact_id, struck, body from contact
        where organisation_id = $1 and stay_id = $2 and at < $3 order by at desc, contact_id desc limit $4";

    // --- patients' own access
    INSERT_ACCESS_CODE = "insert into access_code (organisation_id, code_hash, stay_id, carer, issued_by, issued_at, expires_at, tries)
        values ($1, $2, $3, $4, $5, $6, $7, 0)";
    ACCESS_CODE = "select access_code.stay_id, access_code.carer, access_code.expires_at, access_code.tries, patient.birth_date
        from access_code join stay on stay.organisation_id = access_code.organisation_id and stay.stay_id = access_code.stay_id
        join patient on patient.organisation_id = stay.organisation_id and patient.patient_id = stay.patient_id
        where access_code.organisation_id = $1 and access_code.code_hash = $2 and access_code.used_at is null and stay.ended_at is null";
    COUNT_ACCESS_TRY = "update access_code set tries = tries + 1 where organisation_id = $1 and code_hash = $2";
    USE_ACCESS_CODE = "update access_code set used_at = $3 where organisation_id = $1 and code_hash = $2 and used_at is null and expires_at > $3
        returning stay_id, carer";
    INSERT_ACCESS_TOKEN = "insert into access_token (organisation_id, token_hash, stay_id, carer, issued_at) values ($1, $2, $3, $4, $5)";
    ACCESS_OF_TOKEN = "select stay_id, carer from access_token where organisation_id = $1 and token_hash = $2 and ended_at is null";
    END_ACCESS_CODES = "update access_code set used_at = $3 where organisation_id = $1 and stay_id = $2 and used_at is null";
    END_ACCESS_TOKEN = "update access_token set ended_at = $3, unfinished = null, unfinished_at = null, unfinished_until = null
        where organisation_id = $1 and token_hash = $2 and ended_at is null";
    END_ACCESS_TOKENS = "update access_token set ended_at = $3, unfinished = null, unfinished_at = null, unfinished_until = null
        where organisation_id = $1 and stay_id = $2 and ended_at is null";
    KEEP_UNFINISHED = "update access_token set unfinished = $3, unfinished_at = $4, unfinished_until = $5
        where organisation_id = $1 and token_hash = $2 and ended_at is null and (unfinished_at is null or unfinished_at <= $4)
            and not exists (select 1 from diary_entry where diary_entry.organisation_id = access_token.organisation_id
                and diary_entry.stay_id = access_token.stay_id and diary_entry.entry_id = $6)";
    UNFINISHED = "select unfinished from access_token where organisation_id = $1 and token_hash = $2 and ended_at is null
        and unfinished is not null and unfinished_until > $3";
    DROP_UNFINISHED = "update access_token set unfinished = null, unfinished_at = null, unfinished_until = null
        where organisation_id = $1 and token_hash = $2";
    DROP_OLD_UNFINISHED = "update access_token set unfinished = null, unfinished_at = null, unfinished_until = null
        where organisation_id = $1 and unfinished is not null and unfinished_until <= $2";

    // --- staff
    INSERT_CLINICIAN = "insert into clinician (organisation_id, clinician_id, username, name, password_hash, created_at) values ($1, $2, $3, $4, $5, $6)";
    CREDENTIALS = concat!("select clinician_id, username, name, password_hash, password_until from clinician
        where organisation_id = $1 and username = $2 and disabled_at is null", no_canary_console!());
    SET_PASSWORD = "update clinician set password_hash = $3, password_until = null where organisation_id = $1 and clinician_id = $2";
    DISABLE_CLINICIAN = "update clinician set disabled_at = $3 where organisation_id = $1 and clinician_id = $2 and disabled_at is null";
    CLINICIANS = concat!("select clinician_id, username, name, disabled_at from clinician where organisation_id = $1", no_canary_console!(), " order by username");
    CLINICIAN = "select clinician_id, username, name, disabled_at from clinician where organisation_id = $1 and clinician_id = $2";
    PUT_MEMBERSHIP = "insert into membership (organisation_id, clinician_id, ward_id, role) values ($1, $2, $3, $4)
        on conflict (organisation_id, clinician_id, ward_id) do update set role = excluded.role";
    DELETE_MEMBERSHIP = "delete from membership where organisation_id = $1 and clinician_id = $2 and ward_id = $3";
    ROLE = "select role from membership where organisation_id = $1 and clinician_id = $2 and ward_id = $3";
    MEMBERSHIPS = "select ward.ward_id, ward.code, ward.name, membership.role from membership
        join ward on ward.organisation_id = membership.organisation_id and ward.ward_id = membership.ward_id
        where membership.organisation_id = $1 and membership.clinician_id = $2 order by ward.code";
    INSERT_SESSION = "insert into staff_session (organisation_id, token_hash, clinician_id, csrf_token, created_at, last_seen_at, expires_at)
        values ($1, $2, $3, $4, $5, $5, $6)";
    SESSION = "select staff_session.clinician_id, clinician.name, staff_session.csrf_token, staff_session.last_seen_at, clinician.password_until
        from staff_session join clinician on clinician.organisation_id = staff_session.organisation_id
            and clinician.clinician_id = staff_session.clinician_id
        where staff_session.organisation_id = $1 and staff_session.token_hash = $2 and staff_session.expires_at > $3
            and staff_session.last_seen_at > $4 and clinician.disabled_at is null";
    SEE_SESSION = "update staff_session set last_seen_at = $3 where organisation_id = $1 and token_hash = $2";
    DELETE_SESSION = "delete from staff_session where organisation_id = $1 and token_hash = $2";
    DELETE_SESSIONS_OF = "delete from staff_session where organisation_id = $1 and clinician_id = $2";
    END_SESSIONS_OF_ANOTHER_ROLE = "delete from staff_session where organisation_id = $1 and clinician_id = $2 and exists (
        select 1 from membership where membership.organisation_id = $1 and membership.clinician_id = $2
            and ((membership.ward_id = $3 and membership.role <> $4) or (membership.role = $5 and $4 <> $5)))";
    END_SESSIONS_OF_ROLE = "delete from staff_session where organisation_id = $1 and clinician_id = $2 and exists (
        select 1 from membership where membership.organisation_id = $1 and membership.clinician_id = $2
            and membership.ward_id = $3 and membership.role = $4)";
    DELETE_OLD_SESSIONS = "delete from staff_session where organisation_id = $1 and expires_at < $2";

    // --- staffed hours
    SET_STAFFED = "update ward set staffed = $3 where organisation_id = $1 and ward_id = $2";

    // --- what is on record about one stay, for whoever holds readings against alerts
    READINGS_SINCE = "select stay_id, device_id, measured_at, reading_id, bridge_id, received_at, effective_at, clock_off_by_ms, kind, spo2_tenths,
        pulse_tenths, perfusion_hundredths, doubts, attempt_reason, context, copy_of, nullif(raw, raw) as raw, timing, source, struck, window_summary, observations
        from reading where organisation_id = $1 and stay_id = $2 and effective_at >= $3 order by effective_at desc, reading_id limit $4";
    ALERTS_IN_EVIDENCE = "select number, subject, problem, stay_id, severity, body from alert
        where organisation_id = $1 and stay_id = $2 order by raised_at desc, number limit $3";
    HISTORY_OF_STAY = "select seq, at, body from ward_event where organisation_id = $1 and stay_id = $2 and at >= $3
        and kind <> 'readings_recorded' and kind not like 'alert%' order by at desc, seq desc limit $4";
    ENTRIES_SINCE = "select body, struck from diary_entry where organisation_id = $1 and stay_id = $2 and at >= $3 and struck is null
        order by at desc, entry_id limit $4";
    CLOCK_WAS_WRONG = "select 1 from alert where organisation_id = $1 and ward_id = $2 and subject = 'ward' and problem = 'clock_wrong'
        and (is_open or raised_at >= $3) limit 1";

    // --- silence: stays that are due (0: at once; below: never looked at), what came from them, and their kit
    DUE_STAYS = "select stay_id, next_due_at from stay where organisation_id = $1 and ward_id = $2 and next_due_at <= $3
        order by next_due_at, stay_id limit $4";
    MAKE_STAYS_DUE = "update stay set next_due_at = case when next_due_at is null then -1 else 0 end
        where organisation_id = $1 and ward_id = $2 and ended_at is null";
    READINGS_BETWEEN = "select effective_at, spo2_tenths from reading where organisation_id = $1 and stay_id = $2
        and effective_at >= $3 and effective_at <= $4 and copy_of is null and struck is null order by effective_at limit $5";
    ENTRIES_BETWEEN = "select at, cast(null as integer) as spo2_tenths from diary_entry where organisation_id = $1 and stay_id = $2
        and at >= $3 and at <= $4 and struck is null order by at limit $5";
    KIT_THAT_READS = "select bridge.last_seen_at, bridge.status, device.address from assignment
        join bridge on bridge.organisation_id = assignment.organisation_id and bridge.bridge_id = assignment.bridge_id
        join device on device.organisation_id = assignment.organisation_id and device.device_id = assignment.device_id
        where assignment.organisation_id = $1 and assignment.stay_id = $2 and assignment.assigned_until is null
        order by assignment.assigned_from desc, assignment.device_id limit 1";
    BRIDGES_AT_WORK = concat!("select bridge.bridge_id, stay.ward_id, bridge.last_seen_at, bridge.enrolled_at, min(assignment.assigned_from) as assigned_from
        from bridge
        join assignment on assignment.organisation_id = bridge.organisation_id and assignment.bridge_id = bridge.bridge_id
            and assignment.assigned_until is null
        join stay on stay.organisation_id = assignment.organisation_id and stay.stay_id = assignment.stay_id
        where bridge.organisation_id = $1 and bridge.enrolled_at is not null and bridge.revoked_at is null and stay.ended_at is null",
            not_of_a_canary!("stay"), "
        group by bridge.bridge_id, stay.ward_id, bridge.last_seen_at, bridge.enrolled_at order by bridge.bridge_id, stay.ward_id");
    OPEN_ALERTS_OF_BRIDGES = "select ward_id, subject from alert where organisation_id = $1 and problem = 'bridge_silent' and is_open
        order by ward_id, subject";
    BRIDGE_AT_WORK = "select bridge.bridge_id, stay.ward_id, bridge.last_seen_at, bridge.enrolled_at, min(assignment.assigned_from) as assigned_from
        from bridge
        join assignment on assignment.organisation_id = bridge.organisation_id and assignment.bridge_id = bridge.bridge_id
            and assignment.assigned_until is null
        join stay on stay.organisation_id = assignment.organisation_id and stay.stay_id = assignment.stay_id
        where bridge.organisation_id = $1 and bridge.bridge_id = $2 and bridge.enrolled_at is not null and bridge.revoked_at is null
            and stay.ward_id = $3 and stay.ended_at is null
        group by bridge.bridge_id, stay.ward_id, bridge.last_seen_at, bridge.enrolled_at";
    BRIDGE_STATUS = "select status from bridge where organisation_id = $1 and bridge_id = $2";
    SET_BRIDGE_STATUS = "update bridge set status = $3, last_seen_at = $4 where organisation_id = $1 and bridge_id = $2";
    WARDS_OF_BRIDGE = "select distinct stay.ward_id from assignment
        join stay on stay.organisation_id = assignment.organisation_id and stay.stay_id = assignment.stay_id
        where assignment.organisation_id = $1 and assignment.bridge_id = $2 and assignment.assigned_until is null
            and stay.ended_at is null order by stay.ward_id";
    WORN_BY_BRIDGE = "select stay.stay_id, device.address, assignment.assigned_from from assignment
        join stay on stay.organisation_id = assignment.organisation_id and stay.stay_id = assignment.stay_id
        join device on device.organisation_id = assignment.organisation_id and device.device_id = assignment.device_id
        where assignment.organisation_id = $1 and assignment.bridge_id = $2 and assignment.assigned_until is null
            and stay.ward_id = $3 and stay.ended_at is null order by stay.stay_id, device.address";

    // --- who belongs to a ward
    MEMBERS = "select clinician.clinician_id, clinician.username, clinician.name, membership.role, clinician.disabled_at, clinician.password_until,
        (select max(staff_session.last_seen_at) from staff_session where staff_session.organisation_id = clinician.organisation_id
            and staff_session.clinician_id = clinician.clinician_id) as last_seen_at
        from membership join clinician on clinician.organisation_id = membership.organisation_id
            and clinician.clinician_id = membership.clinician_id
        where membership.organisation_id = $1 and membership.ward_id = $2 order by clinician.name, clinician.username";
    ROLES_OF_WARD = "select clinician.clinician_id, membership.role from membership
        join clinician on clinician.organisation_id = membership.organisation_id and clinician.clinician_id = membership.clinician_id
        where membership.organisation_id = $1 and membership.ward_id = $2 and clinician.disabled_at is null order by clinician.clinician_id";
    WARDS_OF_CLINICIAN = "select ward_id, role from membership where organisation_id = $1 and clinician_id = $2 order by ward_id";
    CLINICIAN_BY_USERNAME = concat!("select clinician_id, name from clinician where organisation_id = $1 and username = $2 and disabled_at is null", no_canary_console!());
    CREDENTIALS_OF = "select password_hash from clinician where organisation_id = $1 and clinician_id = $2 and disabled_at is null";
    SET_ONE_TIME_PASSWORD = "update clinician set password_hash = $3, password_until = $4 where organisation_id = $1 and clinician_id = $2";
    DELETE_OTHER_SESSIONS = "delete from staff_session where organisation_id = $1 and clinician_id = $2 and token_hash <> $3";

    // --- rota
    INSERT_TURN = "insert into rota (organisation_id, ward_id, starts_at, rota_id, ends_at, clinician_id, post, entered_by, entered_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    TURN = "select rota_id, clinician_id, post, starts_at, ends_at from rota
        where organisation_id = $1 and ward_id = $2 and rota_id = $3 and cancelled_at is null";
    TURNS = "select rota_id, clinician_id, post, starts_at, ends_at from rota
        where organisation_id = $1 and ward_id = $2 and ends_at > $3 and starts_at < $4 and cancelled_at is null order by starts_at, rota_id";
    CANCEL_TURN = "update rota set cancelled_at = $4 where organisation_id = $1 and ward_id = $2 and rota_id = $3 and cancelled_at is null";

    // --- audit
    EVENTS_BEFORE = "select seq, at, body from ward_event
        where organisation_id = $1 and ward_id = $2 and seq < $3 and at < $4 order by seq desc limit $5";
    VIEWS_BEFORE = "select at, view_id, clinician_id, stay_id, patient_id, what from record_view
        where organisation_id = $1 and ward_id = $2 and at >= $3 and (at < $4 or (at = $4 and view_id < $5))
            and (clinician_id = $6 or $6 is null)
            and (patient_id = $7 or stay_id in (select stay_id from stay where organisation_id = $1 and patient_id = $7) or $7 is null)
        order by at desc, view_id desc limit $8";
    PATIENT_OF_STAY = "select patient.patient_id, patient.nhs_number, patient.family_name, patient.given_name, patient.birth_date, patient.phone,
        patient.address, patient.door_access, patient.others_at_home, patient.oxygen_at_home, patient.escalation_plan, patient.details
        from stay join patient on patient.organisation_id = stay.organisation_id and patient.patient_id = stay.patient_id
        where stay.organisation_id = $1 and stay.stay_id = $2";

    // --- teams
    TEAMS = "select teams from ward where organisation_id = $1 and ward_id = $2";
    TEAM_OF_STAY = "select team from stay where organisation_id = $1 and stay_id = $2";
    SET_TEAM_OF_STAY = "update stay set team = $3 where organisation_id = $1 and stay_id = $2";
    SET_TEAMS = "update ward set teams = $3 where organisation_id = $1 and ward_id = $2";

    CAPACITY = "select capacity from ward where organisation_id = $1 and ward_id = $2";
    SET_CAPACITY = "update ward set capacity = $3 where organisation_id = $1 and ward_id = $2";

    // --- reports
    REPORTED_STAYS = reported_stays!("stay.ward_id = $2 and (stay.ended_at is null or stay.ended_at >= $3)");
    REPORTED_STAYS_GONE = reported_stays!("stay.ward_id <> $2 and stay.stay_id in (select ward_event.stay_id from ward_event
        where ward_event.organisation_id = $1 and ward_event.ward_id = $2 and ward_event.kind = 'transferred_out' and ward_event.at >= $3)");
    REFERRALS_BY_ID = concat!("select referral_id, body from referral where organisation_id = $1
            and exists (select 1 from ward where ward.organisation_id = $1 and ward.ward_id = $2) and referral_id in ", sixteen_stays!());
    TRANSFERS_IN_AFTER = "select seq, at, stay_id from ward_event where organisation_id = $1 and ward_id = $2 and kind = 'transferred_in'
        and at >= $3 and not (at = $3 and seq <= $4) order by at, seq limit $5";
    TRANSFERS_OUT_AFTER = "select seq, at, stay_id from ward_event where organisation_id = $1 and ward_id = $2 and kind = 'transferred_out'
        and at >= $3 and not (at = $3 and seq <= $4) order by at, seq limit $5";
    PLANS_OF_STAYS = concat!("select stay_id, version, body from plan_version where organisation_id = $1
            and exists (select 1 from ward where ward.organisation_id = $1 and ward.ward_id = $2) and stay_id in ", sixteen_stays!(), "
            and not (stay_id < $19 or (stay_id = $19 and version <= $20)) order by stay_id, version limit $21");
    CONTACTS_OF_STAYS = concat!("select stay_id, at, contact_id, body from contact where organisation_id = $1 and ward_id = $2 and stay_id in ", sixteen_stays!(), "
            and struck is null and at >= $19 and at < $20
            and not (stay_id < $21 or (stay_id = $21 and (at < $22 or (at = $22 and contact_id <= $23))))
        order by stay_id, at, contact_id limit $24");
    NAMES_OF_STAYS = concat!("select stay.stay_id, patient.family_name, patient.given_name from stay
        join patient on patient.organisation_id = stay.organisation_id and patient.patient_id = stay.patient_id
        join ward_patient on ward_patient.organisation_id = patient.organisation_id and ward_patient.patient_id = patient.patient_id
        where stay.organisation_id = $1 and ward_patient.ward_id = $2 and stay.stay_id in ", sixteen_stays!());
    REPORTED_ALERTS = "select number, raised_at, body from alert where organisation_id = $1 and ward_id = $2 and raised_at >= $3 and raised_at < $4
        and (raised_at > $5 or (raised_at = $5 and number > $6)) order by raised_at, number limit $7";
    ALERTS_SHOWN_AFTER = "select seq, at, body from ward_event where organisation_id = $1 and ward_id = $2 and kind = 'alert_shown'
        and at >= $3 and not (at = $3 and seq <= $4) order by at, seq limit $5";
    ALERTS_ACKNOWLEDGED_AFTER = "select seq, at, body from ward_event where organisation_id = $1 and ward_id = $2 and kind = 'alert_acknowledged'
        and at >= $3 and not (at = $3 and seq <= $4) order by at, seq limit $5";
    ALERTS_ASSIGNED_AFTER = "select seq, at, body from ward_event where organisation_id = $1 and ward_id = $2 and kind = 'alert_assigned'
        and at >= $3 and not (at = $3 and seq <= $4) order by at, seq limit $5";

    // --- who looked at whom
    INSERT_RECORD_VIEW = "insert into record_view (organisation_id, ward_id, at, view_id, clinician_id, stay_id, patient_id, what)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    FIRST_VIEW_SINCE = "select at from record_view where organisation_id = $1 and stay_id = $2 and at >= $3 order by at limit 1";

    // --- duty, what is handed over, quiet
    ON_DUTY = "select duty.clinician_id, duty.post, duty.accepted_at from duty
        join membership on membership.organisation_id = duty.organisation_id and membership.ward_id = duty.ward_id
            and membership.clinician_id = duty.clinician_id
        where duty.organisation_id = $1 and duty.ward_id = $2 and duty.left_at is null
        order by duty.accepted_at, duty.clinician_id";
    ACCEPT_DUTY = "insert into duty (organisation_id, ward_id, accepted_at, clinician_id, post) values ($1, $2, $3, $4, $5)
        on conflict (organisation_id, ward_id, accepted_at, clinician_id) do update set post = excluded.post, left_at = null";
    LEAVE_DUTY = "update duty set left_at = $4 where organisation_id = $1 and ward_id = $2 and clinician_id = $3 and left_at is null";
    INSERT_HANDOVER_NOTE = "insert into handover_note (organisation_id, ward_id, at, note_id, author, stay_id, body)
        values ($1, $2, $3, $4, $5, $6, $7)";
    OPEN_HANDOVER_NOTES = "select at, note_id, author, stay_id, body, done_at, done_by from handover_note
        where organisation_id = $1 and ward_id = $2 and done_at is null order by at, note_id limit $3";
    COUNT_HANDOVER_NOTES = "select count(*) from handover_note where organisation_id = $1 and ward_id = $2 and done_at is null";
    DONE_HANDOVER_NOTES = "select at, note_id, author, stay_id, body, done_at, done_by from handover_note
        where organisation_id = $1 and ward_id = $2 and at >= $3 and done_at is not null order by done_at desc, note_id limit $4";
    DO_HANDOVER_NOTE = "update handover_note set done_at = $4, done_by = $5
        where organisation_id = $1 and ward_id = $2 and note_id = $3 and done_at is null";
    HANDOVER_NOTE_IS_THERE = "select 1 from handover_note where organisation_id = $1 and ward_id = $2 and note_id = $3";
    AUDIO_PAUSE = "select audio_pause from ward where organisation_id = $1 and ward_id = $2";
    SET_AUDIO_PAUSE = "update ward set audio_pause = $3 where organisation_id = $1 and ward_id = $2";
    MEMBERS_OF_WARD = "select clinician.clinician_id, clinician.name, membership.role from membership
        join clinician on clinician.organisation_id = membership.organisation_id and clinician.clinician_id = membership.clinician_id
        where membership.organisation_id = $1 and membership.ward_id = $2 and clinician.disabled_at is null
        order by clinician.name, clinician.clinician_id";

    // --- who is looking at whom just now; what somebody has set for themselves
    PUT_PRESENCE = "insert into presence (organisation_id, ward_id, clinician_id, stay_id, since, seen_at) values ($1, $2, $3, $4, $5, $5)
        on conflict (organisation_id, ward_id, clinician_id) do update set
            since = case when presence.stay_id = excluded.stay_id and presence.seen_at >= $6 then presence.since else excluded.since end,
            stay_id = excluded.stay_id, seen_at = excluded.seen_at";
    PRESENT = "select clinician_id, stay_id, since from presence
        where organisation_id = $1 and ward_id = $2 and seen_at >= $3 order by since, clinician_id";
    SETTING = "select body from clinician_setting where organisation_id = $1 and clinician_id = $2 and ward_id = $3 and name = $4";
    PUT_SETTING = "insert into clinician_setting (organisation_id, clinician_id, ward_id, name, body) values ($1, $2, $3, $4, $5)
        on conflict (organisation_id, clinician_id, ward_id, name) do update set body = excluded.body";

    // --- who is told when nobody takes an alert
    ESCALATION = "select escalation from ward where organisation_id = $1 and ward_id = $2";
    SET_ESCALATION = "update ward set escalation = $3 where organisation_id = $1 and ward_id = $2";
    STAFF_REACH = "select staff_contact.clinician_id, staff_contact.channel, staff_contact.contact_id from staff_contact
        join membership on membership.organisation_id = staff_contact.organisation_id and membership.ward_id = staff_contact.ward_id
            and membership.clinician_id = staff_contact.clinician_id
        join clinician on clinician.organisation_id = staff_contact.organisation_id and clinician.clinician_id = staff_contact.clinician_id
        where staff_contact.organisation_id = $1 and staff_contact.ward_id = $2 and clinician.disabled_at is null
        order by staff_contact.clinician_id, staff_contact.added_at, staff_contact.contact_id limit 5000";
    STAFF_CONTACTS = "select contact_id, channel, body, added_at from staff_contact
        where organisation_id = $1 and ward_id = $2 and clinician_id = $3 order by added_at, contact_id";
    STAFF_CONTACT = "select contact_id, channel, body, added_at from staff_contact
        where organisation_id = $1 and ward_id = $2 and clinician_id = $3 and contact_id = $4";
    PUT_STAFF_CONTACT = "insert into staff_contact (organisation_id, ward_id, clinician_id, contact_id, channel, body, added_at)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (organisation_id, ward_id, clinician_id, contact_id) do update set body = excluded.body";
    REMOVE_STAFF_CONTACT = "delete from staff_contact where organisation_id = $1 and ward_id = $2 and clinician_id = $3 and contact_id = $4";

    // --- notices to staff
    QUEUE_NOTICE = "insert into notice (organisation_id, notice_id, ward_id, alert_number, due_at, state, attempts, queued_at, body)
        values ($1, $2, $3, $4, $5, $6, 0, $7, $8) on conflict (organisation_id, notice_id) do nothing";
    PUT_NOTICE = "update notice set due_at = $3, state = $4, attempts = $5, body = $6 where organisation_id = $1 and notice_id = $2";
    NOTICE = "select notice_id, body from notice where organisation_id = $1 and notice_id = $2 and ward_id = $3";
    NOTICES_DUE = "select notice_id, body from notice
        where organisation_id = $1 and ward_id = $2 and due_at <= $3 order by due_at, notice_id limit $4";
    WARDS_WITH_NOTICES_DUE = concat!("select ward_id from notice where organisation_id = $1 and due_at <= $2", not_of_a_canary!("notice"), "
        group by ward_id order by min(due_at), ward_id limit 1000");
    NOTICES_OF_ALERT = "select notice_id, body from notice
        where organisation_id = $1 and ward_id = $2 and alert_number = $3 order by queued_at desc, notice_id limit $4";
    SET_NOTICE_ASIDE = "update notice set due_at = null, state = 'unreadable' where organisation_id = $1 and notice_id = $2";
    FORGET_NOTICES = "delete from notice where organisation_id = $1 and due_at is null and queued_at < $2";

    // --- whether somebody watches
    PUT_WATCH = "insert into console_watch (organisation_id, ward_id, watched_at) values ($1, $2, $3)
        on conflict (organisation_id, ward_id) do update set watched_at = excluded.watched_at where console_watch.watched_at < excluded.watched_at";
    WATCHES = "select ward_id, watched_at from console_watch where organisation_id = $1";
    WATCHED_AT = "select watched_at from console_watch where organisation_id = $1 and ward_id = $2";
    WARDS_SAID_UNWATCHED = "select ward_id from alert where organisation_id = $1 and problem = 'nobody_watching' and is_open order by ward_id";
    WARDS_SAID_PATH_BROKEN = "select ward_id from alert where organisation_id = $1 and problem = 'alert_path_broken' and is_open order by ward_id";
}
