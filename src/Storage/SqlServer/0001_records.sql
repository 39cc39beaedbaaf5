CREATE TABLE records (
    service_id      varchar(100)  COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    kind            varchar(40)   COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    id              varchar(100)  COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    version         bigint NOT NULL,
    command_id      varchar(100)  COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    state           varchar(max)  COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    organization_id varchar(100)  COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    owner_id        varchar(100)  COLLATE Latin1_General_100_BIN2_UTF8,
    parent_id       varchar(100)  COLLATE Latin1_General_100_BIN2_UTF8,
    member_id       varchar(100)  COLLATE Latin1_General_100_BIN2_UTF8,
    name            varchar(1000) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    name_key        varchar(1000) COLLATE Latin1_General_100_BIN2_UTF8,
    status          varchar(20)   COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    created_at      bigint NOT NULL,
    updated_at      bigint NOT NULL,
    expires_at      bigint,
    due_at          bigint,
    due_tag         varchar(100)  COLLATE Latin1_General_100_BIN2_UTF8,
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
    service_id      varchar(100) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    organization_id varchar(100) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    at              bigint NOT NULL,
    event           varchar(100) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    subject_kind    varchar(40)  COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    subject_id      varchar(100) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    subject_version bigint NOT NULL,
    command_id      varchar(100) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    actor_token_id  varchar(100) COLLATE Latin1_General_100_BIN2_UTF8,
    actor_member_id varchar(100) COLLATE Latin1_General_100_BIN2_UTF8,
    remote_addr     varchar(100) COLLATE Latin1_General_100_BIN2_UTF8,
    user_agent      varchar(1100) COLLATE Latin1_General_100_BIN2_UTF8,
    method          varchar(100) COLLATE Latin1_General_100_BIN2_UTF8,
    path            varchar(1100) COLLATE Latin1_General_100_BIN2_UTF8,
    outcome         varchar(40)  COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL
);

CREATE INDEX audit_organization ON audit (service_id, organization_id, at, number);
CREATE INDEX audit_subject ON audit (service_id, subject_id, number);

CREATE TABLE peppers (
    service_id  varchar(100) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    pepper_id   varchar(100) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    check_value varchar(100) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL,
    CONSTRAINT peppers_key PRIMARY KEY (service_id, pepper_id)
);
