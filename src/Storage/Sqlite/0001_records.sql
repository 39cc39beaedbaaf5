CREATE TABLE records (
    service_id      TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    version         INTEGER NOT NULL,
    command_id      TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    organization_id TEXT    NOT NULL,
    owner_id        TEXT,
    parent_id       TEXT,
    member_id       TEXT,
    name            TEXT    NOT NULL,
    name_key        TEXT,
    status          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    expires_at      INTEGER,
    due_at          INTEGER,
    due_tag         TEXT,
    presented_at    INTEGER,
    last_used_at    INTEGER,
    sealed          BLOB,
    PRIMARY KEY (service_id, kind, id)
);

CREATE UNIQUE INDEX records_name ON records (service_id, organization_id, kind, name_key) WHERE name_key IS NOT NULL;
CREATE INDEX records_due ON records (service_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX records_parent ON records (service_id, parent_id, kind) WHERE parent_id IS NOT NULL;
CREATE INDEX records_unfinished ON records (service_id, organization_id, status) WHERE status = 'deleting';

CREATE TABLE audit (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    service_id      TEXT    NOT NULL,
    organization_id TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    event           TEXT    NOT NULL,
    subject_kind    TEXT    NOT NULL,
    subject_id      TEXT    NOT NULL,
    subject_version INTEGER NOT NULL,
    command_id      TEXT    NOT NULL,
    actor_token_id  TEXT,
    actor_member_id TEXT,
    remote_addr     TEXT,
    user_agent      TEXT,
    method          TEXT,
    path            TEXT,
    outcome         TEXT    NOT NULL
);

CREATE INDEX audit_organization ON audit (service_id, organization_id, at, number);
CREATE INDEX audit_subject ON audit (service_id, subject_id, number);

CREATE TABLE peppers (
    service_id  TEXT NOT NULL,
    pepper_id   TEXT NOT NULL,
    check_value TEXT NOT NULL,
    PRIMARY KEY (service_id, pepper_id)
) WITHOUT ROWID;
