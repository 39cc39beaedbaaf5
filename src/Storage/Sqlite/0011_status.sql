-- What integrations are used for: since the last reset, and by hour (its first microsecond) for 35 days. Written once a minute for all of a silo.
CREATE TABLE integration_status (
    service_id      text NOT NULL,
    integration_id  text NOT NULL,
    organization_id text NOT NULL,
    updated_at      integer NOT NULL,
    requests        integer NOT NULL,
    failed          integer NOT NULL,
    cpu_time        integer NOT NULL,
    db_ops          integer NOT NULL,
    api_ops         integer NOT NULL,
    in_bytes        integer NOT NULL,
    out_bytes       integer NOT NULL,
    PRIMARY KEY (service_id, integration_id)
);

CREATE TABLE integration_hours (
    service_id      text NOT NULL,
    organization_id text NOT NULL,
    hour            integer NOT NULL,
    integration_id  text NOT NULL,
    requests        integer NOT NULL,
    failed          integer NOT NULL,
    cpu_time        integer NOT NULL,
    db_ops          integer NOT NULL,
    api_ops         integer NOT NULL,
    in_bytes        integer NOT NULL,
    out_bytes       integer NOT NULL,
    PRIMARY KEY (service_id, organization_id, hour, integration_id)
);
CREATE INDEX integration_hours_of ON integration_hours (service_id, integration_id, hour);
CREATE INDEX integration_hours_age ON integration_hours (service_id, hour);

-- Refusals and errors of integrations, so many an hour at most.
CREATE TABLE integration_events (
    service_id      text NOT NULL,
    integration_id  text NOT NULL,
    at              integer NOT NULL,
    status          text NOT NULL,
    error           text,
    request         integer NOT NULL,
    PRIMARY KEY (service_id, integration_id, at)
);
CREATE INDEX integration_events_age ON integration_events (service_id, at);
