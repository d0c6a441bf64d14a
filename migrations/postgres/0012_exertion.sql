-- Exertion tests: each the pair of a value at rest and a lowest on effort, whose readings stand among the others.

create table exertion_test (
    organisation_id uuid not null,
    stay_id uuid not null,
    at bigint not null,
    test_id uuid not null,
    struck text,
    body text not null,
    primary key (organisation_id, stay_id, at, test_id),
    foreign key (organisation_id, stay_id) references stay
);
