-- What most changes of a row change, in a binary form of its own; null where the state holds all of it, as in every row that programs before this one
-- write. Written from when on no program before this one starts on the database (decision 55).
ALTER TABLE records ADD COLUMN hot bytea;

-- The log of an update runs from the first byte that changed to the last: what changes stands behind what stays. Only a database that is made in this very
-- transaction is laid out so: another may have rows, rights or views on the table.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM schema_versions WHERE number = 1 AND xmin = pg_current_xact_id()::xid) OR EXISTS (SELECT 1 FROM records) THEN
        RETURN;
    END IF;
    DROP TABLE records;
    CREATE TABLE records (
        service_id      text COLLATE "C" NOT NULL,
        kind            text COLLATE "C" NOT NULL,
        id              text COLLATE "C" NOT NULL,
        organization_id text COLLATE "C" NOT NULL,
        owner_id        text COLLATE "C",
        parent_id       text COLLATE "C",
        member_id       text COLLATE "C",
        belongs_to      text COLLATE "C",
        name_scope      text COLLATE "C" NOT NULL DEFAULT '',
        created_at      bigint NOT NULL,
        name            text COLLATE "C" NOT NULL,
        name_key        text COLLATE "C",
        status          text COLLATE "C" NOT NULL,
        state           text COLLATE "C" NOT NULL,
        version         bigint NOT NULL,
        updated_at      bigint NOT NULL,
        expires_at      bigint,
        due_at          bigint,
        presented_at    bigint,
        last_used_at    bigint,
        command_id      text COLLATE "C" NOT NULL,
        due_tag         text COLLATE "C",
        sealed          bytea,
        hot             bytea,
        PRIMARY KEY (service_id, kind, id)
    ) WITH (toast_tuple_target = 4080, fillfactor = 70);
    CREATE UNIQUE INDEX records_name ON records (service_id, organization_id, kind, name_key, name_scope) WHERE name_key IS NOT NULL;
    CREATE INDEX records_due ON records (service_id, due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX records_parent ON records (service_id, parent_id, kind) WHERE parent_id IS NOT NULL;
    CREATE INDEX records_unfinished ON records (service_id, organization_id, status) WHERE status = 'deleting';
    CREATE INDEX records_shelf ON records (service_id, organization_id, owner_id, created_at, id) WHERE name_key IS NULL AND status = 'live';
    CREATE INDEX records_owner ON records (service_id, owner_id, kind, id) WHERE owner_id <> organization_id AND status = 'live';
    CREATE INDEX records_gone ON records (service_id, organization_id, kind, created_at, id) WHERE status <> 'live';
    CREATE INDEX records_tokens ON records (service_id, organization_id, id) WHERE kind = 'token' AND status = 'live';
    CREATE INDEX records_tokens_made ON records (service_id, organization_id, created_at, id) WHERE kind = 'token' AND status = 'live';
END $$;
