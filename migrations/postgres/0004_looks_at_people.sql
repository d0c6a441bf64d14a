-- Who is referred is looked at before there is a stay: a look is at a stay, or at a person.
alter table record_view alter column stay_id drop not null;
alter table record_view add column patient_id uuid;
alter table record_view add foreign key (organisation_id, patient_id) references patient;
alter table record_view add check ((stay_id is null) <> (patient_id is null));

create index referral_by_patient on referral (organisation_id, patient_id);
