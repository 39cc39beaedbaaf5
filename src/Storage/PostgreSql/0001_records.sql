CREATE TABLE records (
    service_id      text COLLATE "C"    NOT NULL,
    kind            text COLLATE "C"    NOT NULL,
    id              text COLLATE "C"    NOT NULL,
    version         bigint NOT NULL,
    command_id      text COLLATE "C"    NOT NULL,
    state           text COLLATE "C"    NOT NULL,
    organization_id text COLLATE "C"    NOT NULL,
    owner_id        text COLLATE "C",
    parent_id       text COLLATE "C",
    member_id       text COLLATE "C",
    name            text COLLATE "C"    NOT NULL,
    name_key        text COLLATE "C",
    status          text COLLATE "C"    NOT NULL,
    created_at      bigint NOT NULL,
    updated_at      bigint NOT NULL,
    expires_at      bigint,
    due_at          bigint,
    due_tag         text COLLATE "C",
    presented_at    bigint,
    last_used_at    bigint,
    sealed          bytea,
    PRIMARY KEY (service_id, kind, id)
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX records_name ON records (service_id, organization_id, kind, name_key) WHERE name_key IS NOT NULL;
CREATE INDEX records_due ON records (service_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX records_parent ON records (service_id, parent_id, kind) WHERE parent_id IS NOT NULL;
CREATE INDEX records_unfinished ON records (service_id, organization_id, status) WHERE status = 'deleting';

CREATE TABLE audit (
    number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service_id      text COLLATE "C"    NOT NULL,
    organization_id text COLLATE "C"    NOT NULL,
    at              bigint NOT NULL,
    event           text COLLATE "C"    NOT NULL,
    subject_kind    text COLLATE "C"    NOT NULL,
    subject_id      text COLLATE "C"    NOT NULL,
    subject_version bigint NOT NULL,
    command_id      text COLLATE "C"    NOT NULL,
    actor_token_id  text COLLATE "C",
    actor_member_id text COLLATE "C",
    remote_addr     text COLLATE "C",
    user_agent      text COLLATE "C",
    method          text COLLATE "C",
    path            text COLLATE "C",
    outcome         text COLLATE "C"    NOT NULL
);

CREATE INDEX audit_organization ON audit (service_id, organization_id, at, number);
CREATE INDEX audit_subject ON audit (service_id, subject_id, number);

CREATE TABLE peppers (
    service_id  text COLLATE "C" NOT NULL,
    pepper_id   text COLLATE "C" NOT NULL,
    check_value text COLLATE "C" NOT NULL,
    PRIMARY KEY (service_id, pepper_id)
);
