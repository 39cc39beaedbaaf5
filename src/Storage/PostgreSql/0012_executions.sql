-- What came of the operations that integrations run on a schedule: one row an execution, kept four weeks.
CREATE TABLE executions (
    service_id           text COLLATE "C" NOT NULL,
    execution_id         text COLLATE "C" NOT NULL,
    organization_id      text COLLATE "C" NOT NULL,
    operation_id         text COLLATE "C" NOT NULL,
    account_id           text COLLATE "C" NOT NULL,
    integration_id       text COLLATE "C" NOT NULL,
    integration_point_id text COLLATE "C",
    operation            text COLLATE "C" NOT NULL,
    trigger_type         text COLLATE "C" NOT NULL,
    trigger_source       text COLLATE "C" NOT NULL,
    status               text COLLATE "C" NOT NULL,
    started_at           bigint NOT NULL,
    completed_at         bigint NOT NULL,
    records_processed    bigint NOT NULL,
    cpu_time             bigint NOT NULL,
    in_bytes             bigint NOT NULL,
    initial_cursor       text COLLATE "C",
    final_cursor         text COLLATE "C",
    error                text COLLATE "C",
    PRIMARY KEY (service_id, execution_id)
);
CREATE INDEX executions_started ON executions (service_id, organization_id, started_at, execution_id);
CREATE INDEX executions_age ON executions (service_id, started_at);
