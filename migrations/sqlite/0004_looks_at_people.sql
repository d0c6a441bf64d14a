-- Who is referred is looked at before there is a stay: a look is at a stay, or at a person.
create table record_view_of_people (
    organisation_id blob not null,
    ward_id blob not null,
    at integer not null,
    view_id blob not null,
    clinician_id blob not null,
    stay_id blob,
    patient_id blob,
    what text not null,
    primary key (organisation_id, ward_id, at, view_id),
    foreign key (organisation_id, ward_id) references ward,
    foreign key (organisation_id, stay_id) references stay,
    foreign key (organisation_id, patient_id) references patient,
    check ((stay_id is null) <> (patient_id is null))
) strict, without rowid;

insert into record_view_of_people (organisation_id, ward_id, at, view_id, clinician_id, stay_id, what)
    select organisation_id, ward_id, at, view_id, clinician_id, stay_id, what from record_view;
drop table record_view;
alter table record_view_of_people rename to record_view;

create index record_view_by_stay on record_view (organisation_id, stay_id, at);
create index referral_by_patient on referral (organisation_id, patient_id);
