CREATE TABLE records (
    service_id      nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
    kind            nvarchar(40)   COLLATE Latin1_General_100_BIN2 NOT NULL,
    id              nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
    version         bigint NOT NULL,
    command_id      nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
    state           nvarchar(max)  COLLATE Latin1_General_100_BIN2 NOT NULL,
    organization_id nvarchar(100)  COLLATE Latin1_General_100_BIN2 NOT NULL,
    owner_id        nvarchar(100)  COLLATE Latin1_General_100_BIN2,
    parent_id       nvarchar(100)  COLLATE Latin1_General_100_BIN2,
    member_id       nvarchar(100)  COLLATE Latin1_General_100_BIN2,
    name            nvarchar(1100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    name_key        nvarchar(450)  COLLATE Latin1_General_100_BIN2,
    status          nvarchar(20)   COLLATE Latin1_General_100_BIN2 NOT NULL,
    created_at      bigint NOT NULL,
    updated_at      bigint NOT NULL,
    expires_at      bigint,
    due_at          bigint,
    due_tag         nvarchar(100)  COLLATE Latin1_General_100_BIN2,
    presented_at    bigint,
    last_used_at    bigint,
    sealed          varbinary(max),
    CONSTRAINT records_key PRIMARY KEY (service_id, kind, id)
);

CREATE UNIQUE INDEX records_name ON records (service_id, organization_id, kind, name_key) WHERE name_key IS NOT NULL;
CREATE INDEX records_due ON records (service_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX records_parent ON records (service_id, parent_id, kind) WHERE parent_id IS NOT NULL;
CREATE INDEX records_unfinished ON records (service_id, organization_id, status) WHERE status = 'deleting';

CREATE TABLE audit (
    number          bigint IDENTITY PRIMARY KEY,
    service_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    organization_id nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    at              bigint NOT NULL,
    event           nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    subject_kind    nvarchar(40)  COLLATE Latin1_General_100_BIN2 NOT NULL,
    subject_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    subject_version bigint NOT NULL,
    command_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    actor_token_id  nvarchar(100) COLLATE Latin1_General_100_BIN2,
    actor_member_id nvarchar(100) COLLATE Latin1_General_100_BIN2,
    remote_addr     nvarchar(100) COLLATE Latin1_General_100_BIN2,
    user_agent      nvarchar(1100) COLLATE Latin1_General_100_BIN2,
    method          nvarchar(100) COLLATE Latin1_General_100_BIN2,
    path            nvarchar(1100) COLLATE Latin1_General_100_BIN2,
    outcome         nvarchar(40)  COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE INDEX audit_organization ON audit (service_id, organization_id, at, number);
CREATE INDEX audit_subject ON audit (service_id, subject_id, number);

CREATE TABLE peppers (
    service_id  nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    pepper_id   nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    check_value nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT peppers_key PRIMARY KEY (service_id, pepper_id)
);
