-- What integrations are used for: since the last reset, and by hour (its first microsecond) for 35 days. Written once a minute for all of a silo.
CREATE TABLE integration_status (
    service_id      text COLLATE "C" NOT NULL,
    integration_id  text COLLATE "C" NOT NULL,
    organization_id text COLLATE "C" NOT NULL,
    updated_at      bigint NOT NULL,
    requests        bigint NOT NULL,
    failed          bigint NOT NULL,
    cpu_time        bigint NOT NULL,
    db_ops          bigint NOT NULL,
    api_ops         bigint NOT NULL,
    in_bytes        bigint NOT NULL,
    out_bytes       bigint NOT NULL,
    PRIMARY KEY (service_id, integration_id)
);

CREATE TABLE integration_hours (
    service_id      text COLLATE "C" NOT NULL,
    organization_id text COLLATE "C" NOT NULL,
    hour            bigint NOT NULL,
    integration_id  text COLLATE "C" NOT NULL,
    requests        bigint NOT NULL,
    failed          bigint NOT NULL,
    cpu_time        bigint NOT NULL,
    db_ops          bigint NOT NULL,
    api_ops         bigint NOT NULL,
    in_bytes        bigint NOT NULL,
    out_bytes       bigint NOT NULL,
    PRIMARY KEY (service_id, organization_id, hour, integration_id)
);
CREATE INDEX integration_hours_of ON integration_hours (service_id, integration_id, hour);
CREATE INDEX integration_hours_age ON integration_hours (service_id, hour);

-- Refusals and errors of integrations, so many an hour at most.
CREATE TABLE integration_events (
    service_id      text COLLATE "C" NOT NULL,
    integration_id  text COLLATE "C" NOT NULL,
    at              bigint NOT NULL,
    status          text COLLATE "C" NOT NULL,
    error           text COLLATE "C",
    request         bigint NOT NULL,
    PRIMARY KEY (service_id, integration_id, at)
);
CREATE INDEX integration_events_age ON integration_events (service_id, at);
