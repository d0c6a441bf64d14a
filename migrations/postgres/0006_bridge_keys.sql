-- Public keys of bridges. A key comes after another and is good beside it for a while: ends_at says until when, and is not
-- the day on which it should have been renewed (expires_at), after which it is still accepted.
create table bridge_key (
    organisation_id uuid not null,
    bridge_id uuid not null,
    key_id bytea not null,
    public_key bytea not null,
    made_at bigint not null,
    expires_at bigint not null,
    first_used_at bigint,
    ends_at bigint,
    primary key (organisation_id, bridge_id, key_id),
    foreign key (organisation_id, bridge_id) references bridge
);

-- The key that a code was spent for: sent again with the same key, it is answered alike.
alter table enrolment_code add column key_id bytea;
