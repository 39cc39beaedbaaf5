-- Events that somebody listens to, with what is sent of them. Audit rows of what nobody listens to have none.
CREATE TABLE events (
    number          bigint IDENTITY CONSTRAINT events_key PRIMARY KEY,
    service_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    id              nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    organization_id nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    at              bigint NOT NULL,
    type            nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    subject_kind    nvarchar(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
    subject_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    subject_version bigint NOT NULL,
    account_id      nvarchar(100) COLLATE Latin1_General_100_BIN2,
    data            nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    resource        nvarchar(max) COLLATE Latin1_General_100_BIN2
);
CREATE UNIQUE INDEX events_id ON events (service_id, id);
CREATE INDEX events_organization ON events (service_id, organization_id, at);
CREATE INDEX events_age ON events (service_id, at);

-- One row for each endpoint that is sent an event. It waits while due_at is set.
CREATE TABLE deliveries (
    service_id   nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    endpoint_id  nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    event_number bigint NOT NULL,
    subject_id   nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    attempts     bigint NOT NULL,
    due_at       bigint,
    created_at   bigint NOT NULL,
    outcome      nvarchar(40) COLLATE Latin1_General_100_BIN2,
    log          nvarchar(max) COLLATE Latin1_General_100_BIN2,
    CONSTRAINT deliveries_key PRIMARY KEY (service_id, endpoint_id, event_number)
);
CREATE INDEX deliveries_waiting ON deliveries (service_id, endpoint_id, event_number) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_due ON deliveries (service_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_event ON deliveries (service_id, event_number);

-- Since when an endpoint has failed without a success between.
CREATE TABLE endpoints (
    service_id    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    endpoint_id   nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    failing_since bigint,
    CONSTRAINT endpoints_key PRIMARY KEY (service_id, endpoint_id)
);
