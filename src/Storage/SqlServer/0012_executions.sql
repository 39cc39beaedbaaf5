-- What came of the operations that integrations run on a schedule: one row an execution, kept four weeks.
CREATE TABLE executions (
    service_id           nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    execution_id         nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    organization_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    operation_id         nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    account_id           nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    integration_id       nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    integration_point_id nvarchar(100) COLLATE Latin1_General_100_BIN2,
    operation            nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    trigger_type         nvarchar(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
    trigger_source       nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    status               nvarchar(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
    started_at           bigint NOT NULL,
    completed_at         bigint NOT NULL,
    records_processed    bigint NOT NULL,
    cpu_time             bigint NOT NULL,
    in_bytes             bigint NOT NULL,
    initial_cursor       nvarchar(1100) COLLATE Latin1_General_100_BIN2,
    final_cursor         nvarchar(1100) COLLATE Latin1_General_100_BIN2,
    error                nvarchar(1100) COLLATE Latin1_General_100_BIN2,
    CONSTRAINT executions_key PRIMARY KEY (service_id, execution_id)
);
CREATE INDEX executions_started ON executions (service_id, organization_id, started_at, execution_id);
CREATE INDEX executions_age ON executions (service_id, started_at);
